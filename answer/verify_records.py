"""What verification finds: the figures that it could trace, and every fault with a Dutch reason."""

from dataclasses import dataclass
from typing import Literal

from answer.records import Figure

FaultKind = Literal[
    "quote",
    "figure",
    "unit",
    "credit",
    "phase",
    "year",
    "article",
    "sign",
    "derivation",
    "entity",
    "negation",
    "stage",
    "unsupported",
    "too_many",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a claim says and its sources do not; `detail` is Dutch, for a reader."""

    kind: FaultKind
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The amounts, percentages and counts of a claim with their places, and what is wrong with it."""

    figures: tuple[Figure, ...]
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults
