"""A document laid out for reading: pieces that, joined, are its canonical text again.

Nothing is left out or added, so that what a page marks as quoted is exactly what was cited.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ingest.reading import LINE_END_HYPHEN
from ingest.records import BlockKind, Document

SegmentKind = Literal[BlockKind, "between"]
Span = tuple[int, int]

# Where a line ended inside a word: what cut the word is kept in the text but not shown; after a hyphen that
# belongs to the word only the line end is not shown; a bare mark of the PDF reader is shown as a hyphen.
_LINE_END = re.compile(
    LINE_END_HYPHEN + r"|(?<=[\w/][-\u2010])\s*\n\s*(?=\w)"
    r"|(?P<hyphen>(?<=[\w/])[\u0002\ufffe]\s*(?=\w))"
)
# Empty lines between the rows of a table.
_EMPTY_LINES = re.compile(r"(?<=\n)\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that looks the same: `marked` when it is quoted; not shown, or shown as a hyphen."""

    text: str
    marked: bool = False
    look: Literal["plain", "unseen", "hyphen"] = "plain"


@dataclass(frozen=True, slots=True)
class Segment:
    """A block, or what lies between two blocks (white space, running headers).

    `level` is that of a heading, else 0. `page` is set on the first block of each page.
    """

    kind: SegmentKind
    start: int
    level: int
    page: int | None
    pieces: tuple[Piece, ...]

    @property
    def has_columns(self) -> bool:
        """Whether its text keeps columns apart with tabs."""
        return any("\t" in piece.text for piece in self.pieces)


def segments(document: Document, marked: Span | None = None, shown: Span | None = None) -> Iterator[Segment]:
    """The segments of `document.text[shown]`, the whole text when None, in reading order."""
    at, stop = shown or (0, len(document.text))
    page = None
    for block in document.blocks:
        if block.end <= at or block.start >= stop:
            continue
        if block.start > at:
            yield _segment(document.text, "between", at, block.start, marked)
            at = block.start
        new_page = block.page if block.page != page else None
        page = block.page
        end = min(block.end, stop)
        yield _segment(document.text, block.kind, at, end, marked, block.level, new_page)
        at = end
    if at < stop:
        yield _segment(document.text, "between", at, stop, marked)


def around(document: Document, span: Span, margin: int) -> Span:
    """The span of the whole blocks that lie within `margin` characters of `span`, itself included."""
    start, end = span
    near = [b for b in document.blocks if b.start >= start - margin and b.end <= end + margin]
    return min([start, *(b.start for b in near)]), max([end, *(b.end for b in near)])


def nested(found: Iterable[Segment]) -> list[Segment]:
    """The same segments with the levels that their headings have within them: from 1, none skipped on the way down.

    Headings of levels 2, 4, 4, 3 -> 1, 2, 2, 2: what a screen reader walks through has no gaps.
    """
    above: list[int] = []
    levelled = []
    for segment in found:
        if segment.kind == "heading":
            while above and above[-1] >= segment.level:
                above.pop()
            above.append(segment.level)
            levelled.append(replace(segment, level=len(above)))
        else:
            levelled.append(segment)
    return levelled


def _segment(
    text: str,
    kind: SegmentKind,
    start: int,
    end: int,
    marked: Span | None,
    level: int = 0,
    page: int | None = None,
) -> Segment:
    return Segment(
        kind,
        start,
        level,
        page,
        tuple(_pieces(text, start, end, marked, _EMPTY_LINES if kind == "table" else _LINE_END)),
    )


def _pieces(text: str, start: int, end: int, marked: Span | None, hidden: re.Pattern[str]) -> Iterator[Piece]:
    """`text[start:end]` cut where the mark begins and ends, and around what is hidden."""
    first, last = marked or (start, start)
    found = list(hidden.finditer(text, start, end))
    cuts = {start, end, min(max(first, start), end), min(max(last, start), end)}
    places = sorted(cuts.union(*(match.span() for match in found)))
    for here, there in pairwise(places):
        at = bisect_right(found, here, key=re.Match.start) - 1
        look = _look(found[at], here) if at >= 0 and here < found[at].end() else "plain"
        yield Piece(text[here:there], first <= here and there <= last, look)


def _look(match: re.Match[str], here: int) -> Literal["unseen", "hyphen"]:
    return "hyphen" if match.lastgroup == "hyphen" and here == match.start() else "unseen"
