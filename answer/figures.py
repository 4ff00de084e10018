"""Numbers as people write them in Dutch policy texts, and when two of them say the same.

`1.258 keuro`, `1,258 miljoen euro` and `1.258.000 euro` are one amount; a rounded amount matches what it
rounds. Does not read tables (the ledger does).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-+\u2212])?(?P<digits>\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
    r"(?:\s?(?P<unit>%|procent\b|keuro\b|keur\b|k€|duizend(?:\s+euro)?\b|miljoen(?:\s+euro)?\b|mio\b|miljard(?:\s+euro)?\b|euro\b|eur\b|€))?"
    r"(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
_SCALE = {
    "keuro": 1_000,
    "keur": 1_000,
    "k€": 1_000,
    "duizend": 1_000,
    "miljoen": 10**6,
    "mio": 10**6,
    "miljard": 10**9,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: `text[start:end]`. `value` as printed; `scale` is 1,000 for keuro, None without a unit."""

    start: int
    end: int
    value: Decimal
    places: int
    unit: str | None
    scale: int | None

    @property
    def is_year(self) -> bool:
        """A bare whole number that reads as a year."""
        return self.unit is None and self.places == 0 and 1990 <= self.value <= 2050


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a text in order; `"5,3 miljoen"` -> value 5.3, one place, scale 1,000,000."""
    for match in _NUMBER.finditer(text):
        digits = match["digits"].replace(".", "").replace(" ", "")
        value = Decimal(digits.replace(",", "."))
        if match["sign"] in ("-", "\u2212"):
            value = -value
        unit = match["unit"].lower().split()[0] if match["unit"] else None
        unit = "%" if unit == "procent" else unit
        scale = None if unit in (None, "%") else _SCALE.get(unit, 1)
        yield Number(match.start(), match.end(), value, len(digits.partition(",")[2]), unit, scale)


def same_amount(asked: Number, found: Number, *, roughly: bool = False) -> bool:
    """Whether `found` is the amount that was asked, or rounds to it in the places that were asked.

    5,3 miljoen matches 5.300 keuro and 5.299 (a bare number in a document of keuro), not 5.400. `roughly`
    ("bijna 500 %") leaves 2 % open.
    """
    slack = abs(asked.value) / 50 if roughly else Decimal(0)
    if (asked.unit == "%") != (found.unit == "%"):
        return found.unit is None and abs(asked.value - found.value) <= slack
    scales = {found.scale} if found.scale else {1, 1_000, 10**6}
    asked_scales = {asked.scale} if asked.scale else {1, 1_000, 10**6}
    for mine in asked_scales:
        half = Decimal(mine) * Decimal(10) ** -asked.places / 2
        for theirs in scales:
            if asked.scale is None and found.scale is None and mine != theirs:
                continue
            gap = abs(abs(asked.value) * mine - abs(found.value) * theirs)
            if gap == 0 or (mine > theirs and gap <= half) or gap <= slack * mine:
                return True
    return False


def dutch(value: Decimal) -> str:
    """A number with Dutch separators and no idle zeros: `dutch(Decimal("-1362.50"))` -> `"-1.362,5"`."""
    return f"{value.normalize():,f}".translate(str.maketrans(",.", ".,"))
