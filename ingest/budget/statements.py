"""The statements of an article's section: its sentences and list items, each list with what leads it in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.reading import sentences

_BULLET = re.compile(r"^[^\S\n]*[-−–•▪][^\S\n]+(?=\S)", re.MULTILINE)
_GAP = re.compile(r"\s*\n[^\S\n]*\n\s*(?=[A-ZÀ-Þ‘“'\"]|[-−–•▪][^\S\n])")
_CLOSED = ".;:,!?)’”"


@dataclass(frozen=True, slots=True)
class Statement:
    """`text[start:end]`: a sentence, or the first sentence of a list item.

    `lead` is the span of the sentence above the list of an item, None for a sentence in running text.
    """

    start: int
    end: int
    lead: tuple[int, int] | None = None


def statements(text: str, start: int, end: int) -> list[Statement]:
    """What `text[start:end]` says, in order."""
    found: list[Statement] = []
    lead: tuple[int, int] | None = None
    for begin, stop, item in _pieces(text, start, end):
        spans = list(sentences(text, begin, stop))
        if item and spans:
            found.append(Statement(*spans[0], lead or spans[0]))
        elif spans:
            found += [Statement(*span) for span in spans]
            lead = spans[-1]
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Paragraphs and list items without their bullets: begin, end, and whether it is an item.

    A blank line before a capital parts two pieces; inside an item only when the item is closed by a mark,
    since extraction puts blank lines inside items too.
    """
    bullets = {match.start(): match.end() for match in _BULLET.finditer(text, start, end)}
    gaps = {match.end(): match.start() for match in _GAP.finditer(text, start, end)}
    at, item = start, False
    for place in sorted({*bullets, *gaps}):
        if place in bullets:
            yield at, place, item
            at, item = bullets[place], True
        elif place >= at and (not item or text[gaps[place] - 1] in _CLOSED):
            yield at, place, item
            at, item = place, False
    yield at, end, item
