"""What a page carries besides its text: running headers and footers, page numbers, tables of contents.

A header is known by its place: the same spot in the margin on many pages, with words that come back.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_page import Page

_MARGIN = 0.12  # of the page height, above and below
_NUMBER = re.compile(
    r"\W*(?:pagina|page|blz\.?|p\.)?\s*(\d{1,4})(?:\s*(?:/|van|of)\s*\d{1,4})?\W*", re.IGNORECASE
)
_ENTRY_END = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_LEADERS = re.compile(r"[.…·_]{3,}|(?:\.\s){3,}")
_FEWEST_ENTRIES = 4
_LARGEST_NUMBER = 16.0  # points; what is larger is an emblem


def without_furniture(found: Sequence[Sequence[Line]], pages: Sequence[Page]) -> list[list[Line]]:
    """The pieces of each page less its running headers, footers and page number."""
    margins = [[p for p in pieces if _in_margin(p, page)] for pieces, page in zip(found, pages, strict=True)]
    slots: dict[tuple[int, float], list[tuple[int, str]]] = defaultdict(list)
    for piece in (p for margin in margins for p in margin):
        if any(c.isalpha() for c in piece.text):  # a figure alone does not come back, unless as a page number
            slots[_slot(piece)].append((piece.page, re.sub(r"\d+", "#", piece.text.casefold())))
    running = {slot for slot, lines in slots.items() if _runs(lines, len(pages))}
    offset = _numbering(margins)
    gone = [
        {p for p in margin if _near(_slot(p), running) or (offset is not None and _offset(p) == offset)}
        for margin in margins
    ]
    return [[p for p in pieces if p not in out] for pieces, out in zip(found, gone, strict=True)]


def contents_lines(lines: Sequence[Line], pages: int) -> set[Line]:
    """The lines of one page that are entries of a table of contents: titles with page numbers that go up at one edge."""
    entries = [line for line in lines if _entry_number(line, pages) is not None]
    numbers = [_entry_number(line, pages) or 0 for line in entries]
    rising = sum(a <= b for a, b in pairwise(numbers))
    edges = [round(line.x1 / 4) for line in entries]
    aligned = max((sum(abs(e - f) <= 1 for f in edges) for e in edges), default=0)
    if len(entries) < _FEWEST_ENTRIES or rising < 0.8 * (len(entries) - 1) or aligned < 0.8 * len(entries):
        return set()
    first, last = lines.index(entries[0]), lines.index(entries[-1])
    while (
        first > 0
        and lines[first - 1].style == lines[first].style
        and not _entry_number(lines[first - 1], pages)
    ):
        first -= 1  # the title of the first entry over several lines
    return set(lines[first : last + 1])


def _entry_number(line: Line, pages: int) -> int | None:
    """The page number at the end of an entry, set off by a wide space or leaders; None when there is none."""
    last = line.words[-1]
    if len(line.words) < 2 or not _ENTRY_END.fullmatch(last.text):
        return None
    before = line.words[-2]
    if last.x0 - before.x1 < 1.5 * last.style.size and not _LEADERS.search(line.text):
        return None
    if not any(c.isalpha() for word in line.words[:-1] for c in word.text) or len(line.cells(2.0)) > 3:
        return None
    number = int(last.text) if last.text.isdigit() else 0
    return number if number <= pages + 50 else None


def _in_margin(piece: Line, page: Page) -> bool:
    return piece.y1 < _MARGIN * page.height or piece.y0 > (1 - _MARGIN) * page.height


def _slot(piece: Line) -> tuple[int, float]:
    return round(piece.y1 / 3), piece.style.size


def _near(slot: tuple[int, float], running: set[tuple[int, float]]) -> bool:
    return any((slot[0] + shift, slot[1]) in running for shift in (-1, 0, 1))


def _runs(lines: Sequence[tuple[int, str]], pages: int) -> bool:
    """Whether what stands in one spot, as (page, text), comes back page after page, or on every other page.

    A label of the body that happens to open several pages (`(duizend euro)`) does not.
    """
    fewest = max(2, min(3, pages))
    if len(lines) < max(fewest, pages // 10):
        return False
    on_pages: dict[str, list[int]] = defaultdict(list)
    for page, text in lines:
        on_pages[text].append(page)
    steady = sum(len(found) for found in on_pages.values() if _longest_series(sorted(found)) >= fewest)
    return steady >= 0.6 * len(lines)


def _longest_series(pages: Sequence[int]) -> int:
    """The most pages in a row that are at most two apart: `[1, 2, 4, 9, 10]` -> 3."""
    longest = current = 1
    for page, after in pairwise(pages):
        current = current + 1 if after - page <= 2 else 1
        longest = max(longest, current)
    return longest


def _numbering(margins: Sequence[Sequence[Line]]) -> int | None:
    """How far the printed page numbers run ahead of the pages, None when there are none."""
    offsets = Counter(o for margin in margins for o in {_offset(p) for p in margin} if o is not None)
    offset = max(offsets, key=lambda o: (offsets[o], -abs(o)), default=None)
    enough = max(min(2, len(margins)), len(margins) // 3)
    return offset if offset is not None and offsets[offset] >= enough else None


def _offset(piece: Line) -> int | None:
    found = _NUMBER.fullmatch(piece.text) if piece.style.size <= _LARGEST_NUMBER else None
    return int(found.group(1)) - piece.page if found else None
