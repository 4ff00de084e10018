"""What a statement moves: amounts by credit, up to the word that begins its result.

An amount without credit gets one only where the statement names a single credit or the article's table shows
the same change for both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.budget.amounts import Amount, amounts
from ingest.budget.records import Cell, Credit

CREDIT_WORD = re.compile(r"\b(VAK|VEK)\b")
_RESULT = re.compile(r"\b(?:waardoor|zodat|zodoende|hierdoor|bijgevolg)\b", re.IGNORECASE)

Steps = Mapping[Credit, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Amounts that moved together, positive and in keuro.

    `negative` when printed with a minus, `signed` when printed with any sign.
    """

    vak: Decimal | None
    vek: Decimal | None
    negative: bool
    signed: bool
    start: int
    end: int


def steps(own: Sequence[Cell]) -> Steps:
    """For each credit the level after reallocations (a -JR phase) and how far it is from the phase before."""
    amounts_of = {(cell.year, str(cell.phase), cell.credit): cell.value for cell in own}
    return {
        credit: (value, value - amounts_of[year, phase[:-3], credit])
        for (year, phase, credit), value in amounts_of.items()
        if phase.endswith("-JR") and (year, phase[:-3], credit) in amounts_of
    }


def moves(text: str, changes: Steps, start: int, end: int) -> list[Moved]:
    """The amounts that a statement moves, up to the word that begins its result; one group for each move."""
    result = _RESULT.search(text, start, end)
    groups: list[Moved] = []
    for amount in amounts(text, start, result.start() if result else end):
        if amount.level:
            continue
        of = _credits(text, changes, amount, start, end)
        vak = abs(amount.keuro) if "VAK" in of else None
        vek = abs(amount.keuro) if "VEK" in of else None
        last = groups[-1] if groups else None
        if (
            last
            and of
            and not ((vak is not None and last.vak is not None) or (vek is not None and last.vek is not None))
        ):
            groups[-1] = Moved(
                last.vak if vak is None else vak, last.vek if vek is None else vek,
                last.negative, last.signed, last.start, amount.end,
            )  # fmt: skip
        else:
            groups.append(Moved(vak, vek, amount.keuro < 0, amount.signed, amount.start, amount.end))
    return _without_sum(groups)


def _without_sum(groups: list[Moved]) -> list[Moved]:
    """The moves without the one that is the sum of all others: 234 beside 131 and 103."""
    for total in groups if len(groups) > 2 else ():
        others = [group for group in groups if group is not total]
        if all(
            sum((getattr(other, credit) or Decimal() for other in others), Decimal())
            == (getattr(total, credit) or 0)
            for credit in ("vak", "vek")
        ):
            return others
    return groups


def _credits(text: str, changes: Steps, amount: Amount, start: int, end: int) -> tuple[Credit, ...]:
    """The credits of an amount: those named with it, the only one the statement names, else by the table.

    Where the table shows one and the same change for VAK and VEK, an amount without credit is of both.
    """
    if amount.credits:
        return amount.credits
    words = set(CREDIT_WORD.findall(text[start:end]))
    if len(words) == 1:
        return ("VAK",) if words == {"VAK"} else ("VEK",)
    changed = {credit: step for credit, (_, step) in changes.items() if step}
    return tuple(changed) if len(set(changed.values())) == 1 else ()


def to_level(text: str, changes: Steps, start: int, end: int) -> Moved | None:
    """What a sentence moves that tells only the level reached, when that level is the table's."""
    result = _RESULT.search(text, start, end)
    levels = amounts(text, start, result.start() if result else end)
    moved: dict[Credit, Decimal] = {}
    for amount in levels:
        for credit in _credits(text, changes, amount, start, end):
            reached, step = changes.get(credit, (None, Decimal()))
            if reached != amount.keuro or credit in moved:
                return None
            moved[credit] = step
    if not moved:
        return None
    negative = any(step < 0 for step in moved.values())
    vak, vek = moved.get("VAK"), moved.get("VEK")
    return Moved(
        None if vak is None else abs(vak), None if vek is None else abs(vek), negative, negative,
        levels[0].start, levels[-1].end,
    )  # fmt: skip
