"""Tables in running text: a head of years, phases and credits, and the rows under it.

Text extraction flattens a table, so the head is taken to be as many lines as still leave rows that fit it.
What cannot be told apart from the table is `trouble`, and then nothing of it may be used. Does not know what
a row means: `cells`, `totals`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.budget.boxed import Edges, head_rows
from ingest.budget.header import Column, Head, head, only_head, unit
from ingest.budget.rows import UNIT_INSIDE, Line, Row, head_text, lines, read_rows
from ingest.reading import cleaned
from ingest.records import Box

_MOST_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as read: `unit` is keuro for one printed unit, None when the table states none.

    `caption` is the line or lines right above the unit or the head, `heading` the first line or lines of the
    text that was searched. `grouped` when the credits repeat under `names` of measures. `trouble` says in
    Dutch why the table cannot be used.
    """

    start: int
    end: int
    columns: tuple[Column, ...]
    year: int | None
    unit: Decimal | None
    rows: tuple[Row, ...]
    caption: str = ""
    heading: str = ""
    grouped: bool = False
    names: tuple[str, ...] = ()
    trouble: str | None = None


def grids(text: str, start: int, end: int, boxes: Sequence[Box] = ()) -> Iterator[Grid]:
    """The tables with a budget head in `text[start:end]`, in order; `boxes` are those of a PDF."""
    found = lines(text, start, end)
    opening = next((at for at in range(1, len(found)) if found[at].blank_before), len(found))
    heading = _caption(text, found, opening)
    at = 0
    while at < len(found):
        grid, after = _grid_at(text, found, at, boxes)
        if grid is not None:
            yield replace(grid, heading=heading)
        at = after


def _grid_at(text: str, found: list[Line], at: int, boxes: Sequence[Box]) -> tuple[Grid | None, int]:
    """The grid whose head starts at a line, and the line to go on from."""
    most = at
    while most < len(found) and most - at < _MOST_HEAD_LINES and head_text(text, found[most]) is not None:
        most += 1
    failure: tuple[Grid, int] | None = None
    for stop in range(most, at, -1):
        stated, leaves = _head(text, found[at:stop], boxes)
        if stated is None or not (len(stated.columns) > 1 or stated.columns[0].credit):
            continue
        grid, after = _filled(text, found, at, stop, stated, boxes, leaves)
        if grid.rows and grid.trouble is None:
            return grid, after
        if failure is None or (grid.rows and not failure[0].rows):
            failure = grid, after
    if failure is None and only_head(head_text(text, found[at]) or ""):
        line = found[at]
        return Grid(
            line.start, line.end, (), None, None, (), trouble="de kop heeft een onbekende volgorde"
        ), most
    if failure is None or not (failure[0].rows or only_head(head_text(text, found[at]) or "")):
        return None, at + 1
    return failure


def _filled(
    text: str,
    found: list[Line],
    at: int,
    stop: int,
    stated: Head,
    boxes: Sequence[Box],
    leaves: Sequence[Edges],
) -> tuple[Grid, int]:
    body = read_rows(text, found, stop, len(stated.columns), boxes, leaves)
    rows, after, trouble = body.rows, body.after, body.trouble
    if not rows and trouble is None:
        trouble = "onder de kop staan geen rijen met evenveel cijfers als kolommen"
    scale, caption_at = _unit_above(text, found, at, stop)
    names = tuple(text[found[at - 1].start : found[at - 1].end].split()) if stated.grouped and at else ()
    first = found[at - 1] if names else found[at]
    start = len(text[: first.end]) - len(text[first.start : first.end].lstrip())
    end = rows[-1].end if rows else found[stop - 1].end
    caption = _caption(text, found, caption_at)
    grid = Grid(
        start,
        end,
        stated.columns,
        stated.year,
        scale,
        tuple(rows),
        caption,
        grouped=stated.grouped,
        names=names,
        trouble=trouble,
    )
    return grid, after


def _head(text: str, found: Sequence[Line], boxes: Sequence[Box]) -> tuple[Head | None, list[Edges]]:
    """What some lines state as a head, and where its columns stand when the lines are in cells."""
    written = head("\n".join(head_text(text, line) or "" for line in found))
    shown, leaves = head_rows(text, boxes, [(line.start, line.end) for line in found]) if boxes else ("", [])
    seen = head(UNIT_INSIDE.sub(" ", shown))
    if written and seen and written != seen:
        return None, []
    return seen or written, leaves if seen else []


def _unit_above(text: str, found: list[Line], at: int, stop: int) -> tuple[Decimal | None, int]:
    """The unit stated inside the head or within three lines above it, and the line where the caption ends."""
    for line in found[at:stop]:
        inside = UNIT_INSIDE.search(text, line.start, line.end)
        if inside:
            return unit(inside.group()), at
    for index in range(at - 1, max(at - 4, -1), -1):
        stated = unit(text[found[index].start : found[index].end])
        if stated is not None:
            return stated, index
    return None, at


def _caption(text: str, found: list[Line], at: int) -> str:
    """The lines above a line, up to a blank one."""
    first = at
    while first > 0 and at - first < 4:
        first -= 1
        if found[first].blank_before:
            break
    return cleaned(text[found[first].start : found[at - 1].end]) if at else ""
