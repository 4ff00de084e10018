"""How many promises stand where, as the bars of a small picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answer.memo_records import Status
from api.memos.render_words import STATUSES

WIDTH = 360
_ROW, _TOP = 40, 4
# Each has at least 4.5:1 on white; the words beside a bar say what it is.
COLOURS: Mapping[Status, str] = {
    "definitief": "#047857",
    "principieel": "#1d4ed8",
    "in_voorbereiding": "#92400e",
    "niet_gevonden": "#6b7280",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One status: `y` of its line of text, `width` of the bar below it, in units of a picture `WIDTH` wide."""

    label: str
    count: int
    colour: str
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The bars of a picture, its height, and the same in words for who cannot see it."""

    title: str
    described: str
    bars: Sequence[Bar]
    height: int
    width: int = WIDTH


def picture(counts: Mapping[Status, int], title: str = "Stand van de beloften") -> Picture | None:
    """A bar for each status, as long as its share of all promises; None when there are no promises.

    `picture({"definitief": 1, "niet_gevonden": 3}).bars[0].width` -> 90.0
    """
    total = sum(counts.values())
    if not total:
        return None
    bars = [
        Bar(
            name,
            counts.get(status, 0),
            COLOURS[status],
            _TOP + row * _ROW,
            WIDTH * counts.get(status, 0) / total,
        )
        for row, (status, name) in enumerate(STATUSES.items())
    ]
    described = "; ".join(f"{bar.label}: {bar.count}" for bar in bars)
    return Picture(title, f"Van {total} beloften: {described}.", bars, _TOP + len(bars) * _ROW)
