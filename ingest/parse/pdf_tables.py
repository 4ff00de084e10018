"""Tables of a PDF as rows of cells: by their ruled lines where they have them, else by the edges of their cells.

Between two ruled lines a cell may hold several lines; without them each line is a row, and what stands under a
later cell belongs to it. Does not read figures: the ledger does that from the rows and their boxes.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.parse.pdf_lines import CELL_GAP, Line
from ingest.parse.pdf_page import Page, Word

Cell = tuple[tuple[Word, ...], ...]  # its lines
_EDGE = 4.0  # points between edges that belong together
_NUMERIC_GAP = 0.45  # in font sizes: two figures this far apart are two cells
_LONGEST_LABEL = 60  # characters of a line that stands alone between rows
_MARKER = re.compile(
    r"[•●○▪■□◦–—\-*➢►✓o]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d+(?:\.\d+)*\.?", re.IGNORECASE
)
_FIGURE = re.compile(r"[-−+(]?[€\d][\d.,]*[%)]?|[-−–]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, made of `lines[first]` up to `lines[last]`, which is not in it."""

    first: int
    last: int
    rows: tuple[tuple[Cell, ...], ...]


def tables(lines: Sequence[Line], page: Page) -> list[Table]:
    """The tables among the lines of one page, in order; each has at least two rows and two columns."""
    found = _ruled(lines, page)
    taken = {at for table in found for at in range(table.first, table.last)}
    at = 0
    while at < len(lines):
        end = at if at in taken else _end(lines, at, taken)
        if end > at:
            found.append(Table(at, end, _rows(lines[at:end])))
        at = max(end, at + 1)
    return sorted(found, key=lambda table: table.first)


def cells(line: Line) -> list[tuple[Word, ...]]:
    """The cells of a row: words divided by wide spaces, figures by any space that is more than a word's."""
    result: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        gap = (word.x0 - before.x1) / min(before.style.size, word.style.size)
        figures = _FIGURE.fullmatch(before.text) and _FIGURE.fullmatch(word.text)
        if gap > CELL_GAP or (gap > _NUMERIC_GAP and figures):
            result.append([])
        result[-1].append(word)
    return [tuple(cell) for cell in result]


def _ruled(lines: Sequence[Line], page: Page) -> list[Table]:
    """Tables whose rows lie between horizontal lines of one width."""
    found: list[Table] = []
    for (left, right), levels in _grids(page).items():
        run: list[list[int]] = []
        for top, bottom in pairwise([*levels, levels[-1]]):
            band = [
                at
                for at, line in enumerate(lines)
                if top < line.middle < bottom and line.x0 > left - 5 and line.x1 < right + 5
            ]
            tabular = any(len(cells(lines[at])) > 1 for at in band)
            if band and (tabular or (run and len(band) == 1 and len(lines[band[0]].text) <= _LONGEST_LABEL)):
                run.append(band)
            else:
                found += _of_bands(run, lines)
                run = []
    return found


def _grids(page: Page) -> dict[tuple[float, float], list[float]]:
    """The heights of the horizontal lines of a page by their left and right ends, three or more to a grid."""
    segments: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for x0, y0, x1, y1 in page.rules:
        segments[round(y0 / 2)].append((x0, x1, (y0 + y1) / 2))
    grids: dict[tuple[float, float], list[float]] = defaultdict(list)
    for row in segments.values():
        left, right, level = sorted(row)[0]
        for x0, x1, _ in sorted(row)[1:]:
            if x0 > right + 5:
                grids[round(left / 5) * 5, round(right / 5) * 5].append(level)
                left = x0
            right = max(right, x1)
        grids[round(left / 5) * 5, round(right / 5) * 5].append(level)
    return {ends: sorted(levels) for ends, levels in grids.items() if len(levels) >= 3}


def _of_bands(bands: Sequence[Sequence[int]], lines: Sequence[Line]) -> list[Table]:
    at = sorted(index for band in bands for index in band)
    if len(bands) < 2 or at != list(range(at[0], at[-1] + 1)):
        return []
    rows: list[list[Line]] = []
    for band in bands:
        inside = [lines[index] for index in band]
        figures = sum(any(_is_figure(cell) for cell in cells(line)) for line in inside)
        rows += [[line] for line in inside] if figures > 1 else [inside]
    return [Table(at[0], at[-1] + 1, tuple(_row(row) for row in rows))]


def _end(lines: Sequence[Line], start: int, taken: set[int]) -> int:
    """One past the last line of the table that starts at `start`; `start` when there is none."""
    if not _is_row(lines[start]):
        return start
    end, rows, loose = start + 1, 1, 0
    for at in range(start + 1, len(lines)):
        before, line = lines[at - 1], lines[at]
        larger = line.style.size > lines[start].style.size + 0.9
        if (
            at in taken
            or larger
            or line.column != before.column
            or line.y0 - before.y1 > 2.5 * line.style.size
        ):
            break
        if _is_row(line) and _aligned(line, lines[start:at]):
            end, rows, loose = at + 1, rows + 1, 0
        elif _wraps(line, lines[start:at]):
            end, loose = at + 1, 0
        else:
            loose += 1
            if loose > 2 or len(line.text) > _LONGEST_LABEL:
                break
    return end if rows >= 2 else start


def _is_row(line: Line) -> bool:
    found = cells(line)
    marked = _MARKER.fullmatch(_text(found[0])) and not _is_figure(found[-1])
    return len(found) >= 2 and not (len(found) == 2 and marked)


def _aligned(line: Line, above: Sequence[Line]) -> bool:
    """Whether a cell behind the first begins or ends where one above it does."""
    edges = [(c[0].x0, c[-1].x1) for row in above[-6:] for c in cells(row)[1:]]
    return any(
        abs(c[0].x0 - x0) < _EDGE or abs(c[-1].x1 - x1) < _EDGE for c in cells(line)[1:] for x0, x1 in edges
    )


def _wraps(line: Line, above: Sequence[Line]) -> bool:
    """Whether a line of words goes on under later cells of the row above it."""
    row = next((row for row in reversed(above) if len(cells(row)) > 1), above[0])
    starts = [c[0].x0 for c in cells(row)[1:]]
    return all(any(abs(c[0].x0 - x) < _EDGE for x in starts) and not _is_figure(c) for c in cells(line))


def _rows(lines: Sequence[Line]) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Line]] = []
    for at, line in enumerate(lines):
        if rows and _wraps(line, lines[:at]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(_row(row) for row in rows)


def _row(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """The cells of one row, left to right; what stands below a cell within the row belongs to it."""
    columns: list[list[tuple[Word, ...]]] = []
    for line in lines:
        for cell in cells(line):
            above = [
                c
                for c in columns
                if any(_beside(part, cell) for part in c) and not any(_level(part, cell) for part in c)
            ]
            if above:
                above[0].append(cell)
            else:
                columns.append([cell])
    columns.sort(key=lambda column: min(part[0].x0 for part in column))
    return tuple(tuple(column) for column in columns)


def _beside(above: Sequence[Word], cell: Sequence[Word]) -> bool:
    """Whether two runs of words overlap in width."""
    return min(above[-1].x1, cell[-1].x1) - max(above[0].x0, cell[0].x0) > 0


def _level(a: Sequence[Word], b: Sequence[Word]) -> bool:
    return min(a[0].y1, b[0].y1) - max(a[0].y0, b[0].y0) > 0


def _is_figure(cell: Sequence[Word]) -> bool:
    return _FIGURE.fullmatch(_text(cell)) is not None


def _text(cell: Sequence[Word]) -> str:
    return " ".join(word.text for word in cell)
