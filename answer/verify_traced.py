"""A number of a claim once it is traced: its figure, or the fault that it has, its sign among them."""

import re
from dataclasses import dataclass
from typing import Literal

from answer.figures import Number
from answer.records import Figure
from answer.verify_marks import Mark
from answer.verify_numbers import DECREASE
from answer.verify_records import Fault
from answer.verify_statement import Statement

NEAR = 60
_TAKEN_OFF = re.compile(
    r"\b(?:min|minus|(?:daling|vermindering|afname|tekort|daalde|verminderde?)\s+(?:van|met))\s+(?:€\s?)?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Traced:
    """A number with its figure, or with what is wrong."""

    figure: Figure | None
    faults: tuple[Fault, ...] = ()


def figure(
    claim: Statement,
    mark: Mark,
    number: Number,
    source: Literal["cell", "span", "derived"],
    place: tuple[int, int],
    formula: str | None = None,
) -> Figure:
    """The record of a traced number: `place` is its span in the cited document."""
    return Figure(quoted(claim, mark), str(number.value), number.unit, source, *place, formula)


def quoted(claim: Statement, mark: Mark) -> str:
    """A number as the claim prints it."""
    return claim.text[mark.start : mark.end]


def wrong_sign(claim: Statement, mark: Mark, number: Number, negative: bool, told: str) -> Fault | None:
    """A sign that neither the source nor a word of decrease gives; `told` is what stands before it in the source."""
    if (number.value < 0) == negative:
        return None
    near = claim.text[max(0, mark.start - NEAR) : mark.end + NEAR]
    if negative and (DECREASE.search(near) or claim.text[: mark.start].rstrip("€ ").endswith("(")):
        return None
    if not negative and _TAKEN_OFF.search(told) and not DECREASE.search(near):
        return None
    return Fault("sign", f"Het teken van {quoted(claim, mark)} is in de bron omgekeerd.")
