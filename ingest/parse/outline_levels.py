"""How headings nest: the level of each from its kind, its number and what is open above it.

Numbers decide where there are any. The headings of a budget explanation have a fixed order (chapter, numbers,
programme, group, article, part). What has no number lies under the last heading that has one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["chapter", "number", "programme", "group", "article", "part", "label", "capitals", "free"]

DEEPEST = 12
_FIXED = {"chapter": 0, "number": 1, "programme": 2, "group": 3, "article": 4, "part": 5}
_LOOSE = frozenset({"label", "capitals", "free"})
_RECURS = 3  # a heading without number that stands so often has one level everywhere


@dataclass(frozen=True, slots=True)
class Mark:
    """What a heading shows of its place: `number` as it counts (`1.2.1` is (1, 2, 1), chapter `IV` is (4,)).

    `series` tells apart what counts by itself: `.` for `1.`, `)` for `1)`, `spoor` for `Spoor 1`. `bare` says that
    it directly follows another heading, with no text between them. `title` is its text.
    """

    kind: Kind
    title: str
    number: tuple[int, ...] = ()
    series: str = ""
    bare: bool = False


Open = tuple[Mark, ...]


def levels(marks: Sequence[Mark]) -> list[int]:
    """The level of each heading, 1 the highest, at most `DEEPEST`.

    A title that opens the text and has no text of its own holds all the others.

    Chapter `I`, number `1.`, number `1.1`, free, number `2.`, chapter `II` -> `[1, 2, 3, 4, 2, 1]`
    """
    if len(marks) > 1 and marks[0].series == "title" and marks[1].bare:
        below = levels([replace(marks[1], bare=False), *marks[2:]])
        return [1, *(min(DEEPEST, depth + 1) for depth in below)]
    first = _depths(marks, {})
    often = Counter(mark.title for mark in marks if mark.kind == "free")
    recurring: dict[str, int] = {}
    for mark, depth in zip(marks, first, strict=True):
        if mark.kind == "free" and often[mark.title] >= _RECURS:
            recurring[mark.title] = min(depth, recurring.get(mark.title, depth))
    return _depths(marks, recurring)


def _depths(marks: Sequence[Mark], recurring: dict[str, int]) -> list[int]:
    above: Open = ()
    depths = []
    for mark in marks:
        above = under(above, mark, recurring)
        depths.append(len(above))
    return depths


def under(above: Open, mark: Mark, recurring: dict[str, int] | None = None) -> Open:
    """The headings that are open once `mark` stands below `above`: itself, and those that hold it."""
    recurring = recurring or {}
    depth = recurring.get(mark.title) if mark.kind == "free" else None
    holders = above[: depth - 1] if depth is not None else _holders(above, mark, recurring)
    return (*holders[: DEEPEST - 1], mark)


def _holders(above: Open, mark: Mark, recurring: dict[str, int]) -> Open:
    match mark.kind:
        case "chapter":
            return ()
        case "number" if len(mark.number) > 1:
            return _numbered_holders(above, mark)
        case "number" | "label":
            return _counted_holders(above, mark)
        case "programme" | "group" | "article" | "part":
            rank = _FIXED[mark.kind]
            end = next((i for i, m in enumerate(above) if _FIXED.get(m.kind, -1) >= max(rank, 2)), len(above))
            return _without_loose(above[:end], _LOOSE)
        case "capitals":
            return _without_loose(above, _LOOSE)
        case _:
            if mark.bare:
                return above
            end = len(above)
            while end and above[end - 1].kind == "free" and above[end - 1].title not in recurring:
                end -= 1
            return above[:end]


def _numbered_holders(above: Open, mark: Mark) -> Open:
    """`1.2.1` stands under the nearest `1.2` or `1`, else beside what it follows in the count."""
    for i in range(len(above) - 1, -1, -1):
        number = above[i].number
        if above[i].kind == "number" and above[i].series != ")" and mark.number[:-1][: len(number)] == number:
            return above[: i + 1]
    beside = (i for i, m in enumerate(above) if m.kind == "number")
    first = next(beside, None)
    return above[:first] if first is not None else _without_loose(above, _LOOSE)


def _counted_holders(above: Open, mark: Mark) -> Open:
    """`2.` stands beside the nearest open `1.`; a first number opens a count under what is open."""
    before = predecessor(above, mark)
    if before is not None:
        return above[:before]
    if mark.bare:
        return above
    return _without_loose(above, frozenset({"free"})) if mark.kind == "number" else above


def predecessor(above: Open, mark: Mark) -> int | None:
    """Where in `above` the heading stands that `mark` follows in its count: one less, or two where one is missing."""
    for step in (1, 2):
        for i in range(len(above) - 1, -1, -1):
            m = above[i]
            if m.kind == mark.kind and m.series == mark.series and m.number == (mark.number[0] - step,):
                return i
    return None


def credible(above: Open, mark: Mark) -> bool:
    """Whether a number goes on where the open headings stopped, so that it is a heading's and not an amount or an item."""
    if mark.kind == "chapter":
        last = next((m.number[0] for m in above if m.kind == "chapter"), None)
        return last is None or 0 < mark.number[0] - last <= 3
    if mark.kind == "number" and len(mark.number) > 1:
        return _goes_on(above, mark)
    if mark.kind == "number":
        return not above or mark.number == (1,) or predecessor(above, mark) is not None
    return True


def _goes_on(above: Open, mark: Mark) -> bool:
    holders = _numbered_holders(above, mark)
    beside = above[len(holders)] if len(holders) < len(above) else None
    if not all(1 <= part <= 99 for part in mark.number):
        return False
    if beside is None or beside.kind != "number":
        return mark.number[-1] <= 5
    if len(beside.number) == len(mark.number) and beside.number[:-1] == mark.number[:-1]:
        return 0 < mark.number[-1] - beside.number[-1] <= 5
    return beside.number < mark.number and mark.number[0] - beside.number[0] <= 2


def _without_loose(above: Open, kinds: frozenset[str]) -> Open:
    end = len(above)
    while end and above[end - 1].kind in kinds:
        end -= 1
    return above[:end]
