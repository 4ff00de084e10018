"""Rows of a PDF table by the places of their cells: what is one cell, and in which column it stands.

The PDF parser writes a table row as one line and gives each cell its box. So an empty cell shows as a place
where nothing stands, a sign or a grouping space belongs to its figure, and a row with fewer figures than
columns can still be certain. Lines of other sources have no boxes; for them nothing here applies.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.budget.figures import Figure, Tail, figure
from ingest.budget.header import credit, phase
from ingest.records import Box

_GROUPING = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_SIGN = re.compile(r"^([-\u2212\u2013(])\s+|\s+(?=\)$)")
_DASH = re.compile(r"[-\u2212\u2013\u2014.]{1,3}")
_EURO = re.compile(r"€\s*|\s*€$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEVEL = 2.0  # points: cells that overlap more than this in height stand in one row
_NEAR = 6.0  # points: edges that belong together; brackets and percent signs stand out this far
_CLEARLY = 3  # times nearer than any other column

Edges = tuple[float, float]  # left and right, in points


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns of one table stand: for each the edges seen in its head and in its full rows."""

    columns: tuple[tuple[Edges, ...], ...]


def cells(boxes: Sequence[Box], start: int, end: int) -> list[Box]:
    """The boxes within a span of text, in order."""
    first = bisect_left(boxes, start, key=lambda box: box.start)
    last = bisect_left(boxes, end, key=lambda box: box.start)
    return [box for box in boxes[first:last] if box.end <= end]


def head_rows(text: str, boxes: Sequence[Box], spans: Sequence[tuple[int, int]]) -> tuple[str, list[Edges]]:
    """The head of a table as it stands on the page: its rows as lines, and the edges of its lowest columns.

    A parser may write two head rows as one, or a wrapped cell as two; a cell that is no phase, credit or year
    by itself goes on in the one below it. The corner, a lone year, is no column.
    """
    found: list[_HeadCell] = []
    for box in sorted(
        (b for start, end in spans for b in cells(boxes, start, end)), key=lambda b: (b.y0, b.x0)
    ):
        word = text[box.start : box.end].strip()
        above = [c for c in found if c.x0 < box.x1 and box.x0 < c.x1 and not _whole(c.text)]
        if above:
            above[-1].extend(word, box)
        else:
            found.append(_HeadCell(word, box.x0, box.x1, box.y0, box.y1))
    rows: list[list[_HeadCell]] = []
    for cell in sorted(found, key=lambda cell: cell.y1):
        if rows and cell.y0 < rows[-1][0].y1 - _LEVEL:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    for row in rows:
        row.sort(key=lambda cell: cell.x0)
    leaves = [(cell.x0, cell.x1) for cell in rows[-1] if not _YEAR.fullmatch(cell.text)] if rows else []
    return "\n".join(" ".join(cell.text for cell in row) for row in rows), leaves


def cell_tail(text: str, boxes: Sequence[Box], start: int, end: int) -> Tail | None:
    """The figures of the last cells of a line, or None when the line is not in cells.

    A cell with a lone dash is an empty cell.
    """
    found = cells(boxes, start, end)
    if len(found) < 2:
        return None
    marks: list[Figure | None] = []
    while found:
        box = found[-1]
        word = text[box.start : box.end].strip()
        read = cell_figure(word, box.start)
        if read is None and not _DASH.fullmatch(word):
            break
        found.pop()
        marks.append(read)
    return Tail(found[-1].end if found else start, tuple(reversed(marks)))


def cell_figure(word: str, at: int) -> Figure | None:
    """The figure that a whole cell is: `- 1 234,5` and `( 12 )` too, since nothing else shares the cell."""
    plain = _EURO.sub("", _SIGN.sub(r"\1", _GROUPING.sub("", word)))
    read = figure(plain, at)
    if read is None:
        return None
    return replace(read, end=at + len(word), grouping="marked" if _GROUPING.search(word) else read.grouping)


def places(
    boxes: Sequence[Box], columns: int, leaves: Sequence[Edges], full: Sequence[Sequence[Figure | None]]
) -> Places:
    """Where the columns stand, from the cells of the lowest head row and from rows with a figure in each."""
    edges: list[list[Edges]] = [[] for _ in range(columns)]
    for column, leaf in enumerate(leaves):
        edges[column].append(leaf)
    for row in full:
        for column, mark in enumerate(row):
            found = cells(boxes, mark.start, mark.end) if mark else []
            edges[column] += [(box.x0, box.x1) for box in found]
    return Places(tuple(tuple(column) for column in edges))


def placed(boxes: Sequence[Box], known: Places, read: Tail) -> tuple[Figure | None, ...] | None:
    """The figures of a row by column, or None when their places do not settle it.

    Figures stand under right, middle or left edges; whichever of these settles every figure must not
    contradict another that does.
    """
    figures = [mark for mark in read.marks if mark is not None]
    at = [found[0] for mark in figures if (found := cells(boxes, mark.start, mark.end))]
    if not figures or len(at) != len(figures):
        return None
    settled = set()
    for edge in (_right, _middle, _left):
        seen = [{edge(edges) for edges in column} for column in known.columns]
        columns = [column for box in at if (column := _column(edge((box.x0, box.x1)), seen)) is not None]
        if len(columns) == len(at) and columns == sorted(set(columns)):
            settled.add(tuple(columns))
    if len(settled) != 1:
        return None
    by_column = dict(zip(settled.pop(), figures, strict=True))
    return tuple(by_column.get(column) for column in range(len(known.columns)))


@dataclass(slots=True)
class _HeadCell:
    """A cell of a head while its lines are put together."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float

    def extend(self, word: str, box: Box) -> None:
        """Takes the line of the cell that stands below."""
        self.text = f"{self.text}{'' if self.text.endswith('-') else ' '}{word}"
        self.x0, self.x1, self.y1 = min(self.x0, box.x0), max(self.x1, box.x1), box.y1


def _whole(word: str) -> bool:
    return phase(word) is not None or credit(word) is not None or _YEAR.fullmatch(word) is not None


def _column(at: float, columns: Sequence[set[float]]) -> int | None:
    """The one column with an edge near a place, clearly nearer than any other."""
    distances = sorted(
        (min(abs(at - edge) for edge in edges), column) for column, edges in enumerate(columns)
    )
    nearest, column = distances[0]
    if nearest > _NEAR or (len(distances) > 1 and distances[1][0] < max(_NEAR, _CLEARLY * nearest)):
        return None
    return column


def _right(edges: Edges) -> float:
    return edges[1]


def _middle(edges: Edges) -> float:
    return (edges[0] + edges[1]) / 2


def _left(edges: Edges) -> float:
    return edges[0]
