"""The pages of extracted text: where each starts, the number printed on it, and what on it is furniture.

A page starts after a form feed; or, in text from which the page numbers were taken, at a line that begins with
a space while the line before it was not blank; or at a page number that stayed. None of these is trusted alone:
the spaces only when the text itself begins with one, the numbers only when they count up as the pages do.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.parse.text_lines import Line, ends_sentence, opens_lower

_PRINTED = re.compile(
    r"(?:pagina|page|blz\.?|p\.) {0,3}(\d{1,4})(?: {0,3}(?:van|of|/) {0,3}\d{1,4})?"
    r"|[-–—] {0,3}(\d{1,4}) {0,3}[-–—]|(\d{1,4}) {0,3}/ {0,3}\d{1,4}|(\d{1,4})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+")
_DIGITS = re.compile(r"\d+")
_SHORTEST_PAGE = 15  # lines; a mean below it means that the spaces mark something else
_UNCOUNTED = 4  # pages in a row that the text may leave out: blank pages, covers
_COVER = 60  # pages that may come before the first one of the text
_RUNNING_SHARE = 0.4  # of the pages must begin or end with a line before it is a running one


@dataclass(frozen=True, slots=True)
class Paged:
    """Lines without furniture, and for a page that ends in a lone number which is not its own: that number.

    `closing` is keyed by the start of the page's first line.
    """

    lines: list[Line]
    closing: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Printed:
    """A line that may be a page number: its index, the number, whether its words say so, whether it stands at the
    head of its page, and whether it alone shows that a page starts there (or after it, at the foot).
    """

    at: int
    number: int
    worded: bool
    heads: bool
    divides: bool


def paged(lines: Sequence[Line]) -> Paged:
    """The lines with their page, less page numbers, running headers and footers, link targets and specks.

    A page has the number printed on it where the text has page numbers, else its place in the text.
    """
    specks = {i for i in range(len(lines)) if _is_speck(lines, i)}
    starts = _marked_starts(lines)
    printed = _believed(lines, starts)
    starts = sorted({*starts, *(p.at + (not p.heads) for p in printed if p.divides)} - {len(lines)})
    if len(starts) < 2:
        return Paged([line for i, line in enumerate(lines) if i not in specks], {})
    furniture = specks | {p.at for p in printed}
    pages = [
        [i for i in range(first, end) if i not in furniture]
        for first, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    kept: list[Line] = []
    closing: dict[int, int] = {}
    running = _running(lines, pages)
    for number, page in zip(_page_numbers(starts, printed), pages, strict=True):
        body, lone = _without_tail(lines, _without_running(lines, page, running))
        if body and lone is not None:
            closing[lines[body[0]].start] = lone
        kept += [replace(lines[i], page=number, turn=i == body[0] and bool(kept)) for i in body]
    return Paged(kept, closing)


def _marked_starts(lines: Sequence[Line]) -> list[int]:
    """Where form feeds, or else single leading spaces, start pages; the first line included."""
    feeds = [i for i, line in enumerate(lines) if i == 0 or line.feed]
    if len(feeds) > 1 or not lines or lines[0].start != 1:
        return feeds
    marked = [i for i in range(1, len(lines)) if lines[i].indent and lines[i].gap == 0]
    around = zip([-1, *marked], marked, [*marked[1:], len(lines) + 1], strict=False)
    alone = [
        i for before, i, after in around if before + 1 < i < after - 1
    ]  # indented lines in a row are a table
    return [0, *alone] if len(lines) >= _SHORTEST_PAGE * len(alone) else [0]


def _believed(lines: Sequence[Line], starts: list[int]) -> list[_Printed]:
    """The page numbers that count up as the pages do; a few pages may be left out of the text."""
    candidates = list(_candidates(lines, set(starts)))
    if len(starts) == 1:
        counted = _in_count(candidates)
        candidates = [c for k, c in enumerate(candidates) if c.worded or k in counted]
    believed: list[_Printed] = []
    divided = 0
    lowest, highest = 0, _COVER
    for c in candidates:
        page = bisect_right(starts, c.at) + divided + (c.heads and c.divides)
        if lowest <= c.number - page <= highest:
            lowest, highest = c.number - page, c.number - page + _UNCOUNTED
            divided += c.divides
            believed.append(c)
    return believed


def _candidates(lines: Sequence[Line], starts: set[int]) -> Iterator[_Printed]:
    """A number stands nearer to its own page than to the other: the wider gap is the page break."""
    for i, line in enumerate(lines):
        match = _PRINTED.fullmatch(line.text) if len(line.text) < 30 else None
        if match is None:
            continue
        number, worded = int(next(filter(None, match.groups()))), match.group(4) is None
        before, after = line.gap, lines[i + 1].gap if i + 1 < len(lines) else 0
        if i in starts or i + 1 in starts or i + 1 == len(lines):
            if worded or before or after:
                yield _Printed(i, number, worded, heads=i in starts and i + 1 not in starts, divides=False)
        elif before and after and (worded or len(starts) == 1 or max(before, after) >= 3):
            yield _Printed(i, number, worded, heads=before >= after, divides=True)


def _in_count(candidates: Sequence[_Printed]) -> set[int]:
    """Which of the candidates are one of three in a row that count up by one, with text between them."""
    follows = [b.number == a.number + 1 and b.at - a.at > 5 for a, b in pairwise(candidates)]
    rows = [k for k, (a, b) in enumerate(pairwise(follows)) if a and b]
    return {k + step for k in rows for step in range(3)}


def _page_numbers(starts: Sequence[int], printed: Sequence[_Printed]) -> list[int]:
    """The number of each page, counted from the nearest page whose number is printed."""
    places = [(bisect_right(starts, p.at), p.number) for p in printed] or [(1, 1)]
    numbers, near = [], 0
    for page in range(1, len(starts) + 1):
        while near + 1 < len(places) and abs(places[near + 1][0] - page) < abs(places[near][0] - page):
            near += 1
        numbers.append(places[near][1] + page - places[near][0])
    return numbers


def _running(lines: Sequence[Line], pages: Sequence[Sequence[int]]) -> frozenset[str]:
    """What stands at the top or the bottom of many pages, digits aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        edges = [lines[i] for i in (*page[:2], *page[-2:])]
        counts.update(
            {_shape(line) for line in edges if not opens_lower(line.text) and not ends_sentence(line.text)}
        )
    enough = max(3, _RUNNING_SHARE * len(pages))
    return frozenset(shape for shape, count in counts.items() if count >= enough and len(shape) < 150)


def _shape(line: Line) -> str:
    return _DIGITS.sub("#", line.text[:150]).casefold()


def _without_running(lines: Sequence[Line], page: list[int], running: frozenset[str]) -> list[int]:
    first, end = 0, len(page)
    while first < min(2, end) and _shape(lines[page[first]]) in running:
        first += 1
    while end > max(first, len(page) - 2) and _shape(lines[page[end - 1]]) in running:
        end -= 1
    return page[first:end]


def _without_tail(lines: Sequence[Line], page: list[int]) -> tuple[list[int], int | None]:
    """A page less the targets of its links and less a number that closes it; that number."""
    end = len(page)
    while end and _ADDRESS.fullmatch(lines[page[end - 1]].text):
        end -= 1
    if 0 < end < len(page) and lines[page[end]].gap:
        page = page[:end]
    if (
        len(page) > 1
        and lines[page[-1]].gap
        and lines[page[-1]].text.isdecimal()
        and len(lines[page[-1]].text) <= 2
    ):
        return page[:-1], int(lines[page[-1]].text)
    return page, None


def _is_speck(lines: Sequence[Line], i: int) -> bool:
    """A single small letter between blank lines: what character recognition makes of a stain."""
    return (
        len(lines[i].text) == 1
        and lines[i].text.islower()
        and lines[i].gap > 0
        and i + 1 < len(lines)
        and lines[i + 1].gap > 0
    )
