"""Tables of a PDF: consecutive lines whose words stand in cells, as rows.

Rows follow the ruled lines where a table has them (a cell may then hold several lines), else each line is a
row. Does not read figures: the ledger does that from the rows and their boxes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.pdf_lines import CELL_GAP, Line
from ingest.parse.pdf_page import Page, Word

Cell = tuple[tuple[Word, ...], ...]  # its lines
_EDGE = 4.0  # points between edges that belong together
_NUMERIC_GAP = 0.45  # in font sizes: two figures this far apart are two cells
_MARKER = re.compile(r"[•●○▪■□◦–—\-*➢►✓o]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d+(?:\.\d+)*\.?", re.IGNORECASE)
_FIGURE = re.compile(r"[-−+(]?[€\d][\d.,]*[%)]?|[-−–]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, from `lines[first]` up to `lines[last]`, which is not in it."""

    first: int
    last: int
    rows: tuple[tuple[Cell, ...], ...]


def tables(lines: Sequence[Line], page: Page) -> list[Table]:
    """The tables among the lines of one page, in order; at least two rows that share an edge."""
    found: list[Table] = []
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        if end - at >= 2:
            found.append(Table(at, end, _rows(lines[at:end], page)))
        at = max(end, at + 1)
    return found


def cells(line: Line) -> list[tuple[Word, ...]]:
    """The cells of a row: words divided by wide spaces, figures by any space that is more than a word's."""
    result: list[list[Word]] = [[line.words[0]]]
    for before, word in zip(line.words, line.words[1:], strict=False):
        gap = (word.x0 - before.x1) / min(before.style.size, word.style.size)
        figures = _FIGURE.fullmatch(before.text) and _FIGURE.fullmatch(word.text)
        if gap > CELL_GAP or (gap > _NUMERIC_GAP and figures):
            result.append([])
        result[-1].append(word)
    return [tuple(cell) for cell in result]


def _end(lines: Sequence[Line], start: int) -> int:
    """One past the last line of the table that starts at `start`; `start` when there is none."""
    if not _is_row(lines[start]):
        return start
    end, rows, loose = start + 1, 1, 0
    for at in range(start + 1, len(lines)):
        before, line = lines[at - 1], lines[at]
        if line.column != before.column or line.y0 - before.y1 > 2.5 * line.style.size:
            break
        if _is_row(line) and _aligned(line, lines[start:at]):
            end, rows, loose = at + 1, rows + 1, 0
        else:
            loose += 1
            if loose > 2 or len(line.text) > 60:
                break
    return end if rows >= 2 else start


def _is_row(line: Line) -> bool:
    found = cells(line)
    marked = _MARKER.fullmatch(" ".join(w.text for w in found[0])) and not _FIGURE.fullmatch(found[-1][-1].text)
    return len(found) >= 2 and not (len(found) == 2 and marked)


def _aligned(line: Line, above: Sequence[Line]) -> bool:
    """Whether a cell behind the first begins or ends where one above it does."""
    edges = [(c[0].x0, c[-1].x1) for row in above[-6:] for c in cells(row)[1:]]
    return any(abs(c[0].x0 - x0) < _EDGE or abs(c[-1].x1 - x1) < _EDGE for c in cells(line)[1:] for x0, x1 in edges)


def _rows(lines: Sequence[Line], page: Page) -> tuple[tuple[Cell, ...], ...]:
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    levels = [r[1] for r in page.rules if r[0] < left + 10 and r[2] > right - 10]
    rows: list[list[Line]] = []
    for line in lines:
        ruled = rows and not any(rows[-1][-1].middle < level < line.middle for level in levels)
        between = any(level > line.middle for level in levels) and any(rows and level < rows[-1][0].middle for level in levels)
        if ruled and between and not any(_FIGURE.fullmatch(" ".join(w.text for w in cell)) for cell in cells(line)):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(_row(row) for row in rows)


def _row(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """The cells of one row, left to right; what stands below a cell within the row belongs to it."""
    columns: list[list[tuple[Word, ...]]] = []
    for line in lines:
        for cell in cells(line):
            below = [c for c in columns if any(_beside(part, cell) for part in c) and not any(_level(part, cell) for part in c)]
            if below:
                below[0].append(cell)
            else:
                columns.append([cell])
    columns.sort(key=lambda column: min(part[0].x0 for part in column))
    return tuple(tuple(column) for column in columns)


def _beside(above: Sequence[Word], cell: Sequence[Word]) -> bool:
    """Whether two runs of words overlap in width."""
    return min(above[-1].x1, cell[-1].x1) - max(above[0].x0, cell[0].x0) > 0


def _level(a: Sequence[Word], b: Sequence[Word]) -> bool:
    return min(a[0].y1, b[0].y1) - max(a[0].y0, b[0].y0) > 0
