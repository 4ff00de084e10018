"""Rows of a PDF table by the places of their cells: what is one cell, and in which column it stands.

The PDF parser writes a table row as one line and gives each cell its box. So an empty cell shows as a place
where nothing stands, a sign or a grouping space belongs to its figure, and a row with fewer figures than
columns can still be certain. Lines of other sources have no boxes; for them nothing here applies.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.budget.figures import Figure, Tail, figure
from ingest.records import Box

_GROUPING = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_SIGN = re.compile(r"^([-\u2212\u2013(])\s+|\s+(?=\)$)")
_DASH = re.compile(r"[-\u2212\u2013\u2014.]{1,3}")
_EURO = re.compile(r"€\s*|\s*€$")
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
    return Figure(read.value, at, at + len(word), read.percent) if read else None


def places(
    boxes: Sequence[Box], columns: int, leaves: Sequence[Box], full: Sequence[Sequence[Figure | None]]
) -> Places:
    """Where the columns stand, from the cells of the lowest head row and from rows with a figure in each."""
    edges: list[list[Edges]] = [[] for _ in range(columns)]
    for column, leaf in enumerate(leaves):
        edges[column].append((leaf.x0, leaf.x1))
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
