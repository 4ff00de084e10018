"""What a page carries besides its text: running headers and footers, page numbers, tables of contents.

A header is known by its place: the same spot in the margin on many pages, with words that come back.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_page import Page

_MARGIN = 0.12  # of the page height, above and below
_NUMBER = re.compile(r"\W*(?:pagina|page|blz\.?|p\.)?\s*(\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|van|of|-)\s*\d{1,4})?\W*", re.IGNORECASE)
_ENTRY_END = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_LEADERS = re.compile(r"[.…·_]{3,}|(?:\.\s){3,}")
_FEWEST_ENTRIES = 4


def without_furniture(found: Sequence[Sequence[Line]], pages: Sequence[Page]) -> list[list[Line]]:
    """The pieces of each page less its running headers, footers and page number."""
    slots: dict[tuple[int, float], list[tuple[int, str]]] = defaultdict(list)
    for pieces, page in zip(found, pages, strict=True):
        for piece in pieces:
            if _in_margin(piece, page):
                slots[_slot(piece)].append((page.number, re.sub(r"\d+", "#", piece.text.casefold())))
    running = {slot for slot, uses in slots.items() if _runs(uses, len(pages))}
    return [
        [p for p in pieces if not (_in_margin(p, page) and (_near(_slot(p), running) or _is_number(p, page, len(pages))))]
        for pieces, page in zip(found, pages, strict=True)
    ]


def contents_lines(lines: Sequence[Line], pages: int) -> set[Line]:
    """The lines of one page that are entries of a table of contents: titles with page numbers that go up at one edge."""
    entries = [line for line in lines if _entry_number(line, pages) is not None]
    numbers = [_entry_number(line, pages) or 0 for line in entries]
    rising = sum(a <= b for a, b in zip(numbers, numbers[1:], strict=False))
    edges = [round(line.x1 / 4) for line in entries]
    aligned = max((sum(abs(e - f) <= 1 for f in edges) for e in edges), default=0)
    if len(entries) < _FEWEST_ENTRIES or rising < 0.8 * (len(entries) - 1) or aligned < 0.8 * len(entries):
        return set()
    first, last = lines.index(entries[0]), lines.index(entries[-1])
    while first > 0 and lines[first - 1].style == lines[first].style and not _entry_number(lines[first - 1], pages):
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


def _runs(uses: Sequence[tuple[int, str]], pages: int) -> bool:
    """Whether what stands in one spot comes back: on three pages or more, or on both of two."""
    used = {number for number, _ in uses}
    distinct = len({text for _, text in uses})
    return len(used) >= max(2, min(3, pages), pages // 10) and distinct <= max(1, len(used) // 2)


def _is_number(piece: Line, page: Page, pages: int) -> bool:
    """Whether a piece in the margin is a page number: it names its own page, or one within the document."""
    found = _NUMBER.fullmatch(piece.text)
    return bool(found) and (not found.group(1).isdigit() or abs(int(found.group(1)) - page.number) <= pages + 20)
