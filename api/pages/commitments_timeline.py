"""The decisions of a memo along time, a lane for each stage: where each stands in the picture, and as rows of a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from answer.memo_records import Reference
from api.memos.render_words import NO_STAGE, STAGES, dated, readable
from ingest.records import Stage

WIDTH = 720
_LEFT, _RIGHT, _TOP = 172, 14, 26
_POINT, _ROW, _GAP = 24, 26, 12  # width of a point, height of a row of points, space between two lanes

Shape = Literal["circle", "square", "diamond", "ring"]
# The shape says what the colour says; white numbers on them have at least 4.5:1.
LOOKS: Mapping[Stage | None, tuple[Shape, str]] = {
    "principieel": ("circle", "#1d4ed8"),
    "definitief": ("square", "#047857"),
    "bekrachtigd": ("diamond", "#6b21a8"),
    None: ("ring", "#505c6b"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One decision: the centre of its shape, in units of a picture `WIDTH` wide."""

    reference: Reference
    x: float
    y: float
    told: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The decisions in one stage, between `top` and `bottom`."""

    name: str
    shape: Shape
    colour: str
    top: float
    bottom: float
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: lanes from top to bottom, the years with the place where each begins, and all of it in words."""

    lanes: Sequence[Lane]
    years: Sequence[tuple[int, float]]
    rows: Sequence[Reference]
    undated: Sequence[Reference]
    described: str
    height: float
    width: int = WIDTH
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def timeline(references: Sequence[Reference]) -> Timeline | None:
    """The decisions among the references along time; None when no decision bears a whole date.

    `rows` holds every decision that stands in the picture, oldest first; `undated` those that cannot.
    """
    decisions = [r for r in references if r.kind == "beslissing"]
    dated = sorted(((day, r) for r in decisions if (day := _day(r))), key=lambda found: found[0])
    if not dated:
        return None
    first, last = dated[0][0].year, dated[-1][0].year + 1
    lanes = list(_lanes(dated, first, last))
    return Timeline(
        lanes,
        [(year, _x(date(year, 1, 1), first, last)) for year in range(first, last)],
        [reference for _, reference in dated],
        [r for r in decisions if _day(r) is None],
        "; ".join(f"{lane.name}: {len(lane.points)}" for lane in lanes),
        lanes[-1].bottom + _GAP,
    )


def _day(reference: Reference) -> date | None:
    try:
        return date.fromisoformat(reference.date or "")
    except ValueError:
        return None


def _x(day: date, first: int, last: int) -> float:
    """`(date(2020, 1, 1), 2020, 2021)` -> the left edge; a year further the right edge."""
    whole = (date(last, 1, 1) - date(first, 1, 1)).days
    inside = WIDTH - _LEFT - _RIGHT - _POINT
    return _LEFT + _POINT / 2 + inside * (day - date(first, 1, 1)).days / whole


def _lanes(dated: Sequence[tuple[date, Reference]], first: int, last: int) -> Iterator[Lane]:
    top = float(_TOP)
    for stage, (shape, colour) in LOOKS.items():
        found = [(_x(day, first, last), reference) for day, reference in dated if reference.stage == stage]
        if found:
            points = list(_points(found, top))
            bottom = max(point.y for point in points) + _ROW / 2
            yield Lane(STAGES[stage] if stage else NO_STAGE, shape, colour, top, bottom, points)
            top = bottom + _GAP


def _points(found: Sequence[tuple[float, Reference]], top: float) -> Iterator[Point]:
    """Points from left to right, each in the first row where it covers no other."""
    taken: list[float] = []
    for x, reference in found:
        row = next((i for i, right in enumerate(taken) if right + _POINT <= x), len(taken))
        taken[row : row + 1] = [x]
        told = f"[{reference.n}] {dated(reference.date)}: {readable(reference.title)}"
        yield Point(reference, x, top + _ROW / 2 + row * _ROW, told)
