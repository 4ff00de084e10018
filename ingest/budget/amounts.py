"""Amounts of credit in running text: `-1.500 keuro VAK`, `1.362.203,27 euro VAK/VEK`, `350 VAK-krediet`.

An amount counts only with a unit or a credit behind it. Tables are read by `grid`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.budget.records import Credit
from ingest.budget.values import keuro

_AMOUNT = re.compile(
    r"(?<![\w.,])(?P<sign>[-−–+]\s?)?(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)\s*"
    r"(?P<unit>keuro|k\s?€|K\s?euro|duizend\s+euro|miljoen\s+euro|mio\s+euro|euro|€)?"
    r"(?:\s*(?P<credit>VAK\s*/\s*VEK|VAK[-\s]*(?:en|als)\s+VEK|VAK|VEK)\b(?:-?\s?krediet(?:en)?)?)?"
)
_UNITS = {"miljoen": Decimal(1000), "mio": Decimal(1000), "euro": Decimal("0.001"), "€": Decimal("0.001")}
# What stands before an amount that is a level ("tot 8.881 keuro"), no movement.
_LEVEL = re.compile(
    r"(?:\btot|\bop|\bbedraagt|\bbedroeg(?:en)?|\bbedragen|\beindwaarde van|\bvan het totale?|\bbegroot op"
    r"|\b(?:budget|krediet|uitgave|ontvangst)(?:en)?(?:\s+\w+)?\s+van|\bvoorzien van|\bbeschikbaar)\s*$"
)
_AND = re.compile(r"\s*(?:en|,)\s*(?:respectievelijk\s*)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at `text[start:end]` in keuro, sign included; `credits` is empty when none is named.

    `level` when it says where a credit came to stand, not how far it moved.
    """

    keuro: Decimal
    signed: bool
    credits: tuple[Credit, ...]
    level: bool
    start: int
    end: int


def amounts(text: str, start: int, end: int) -> list[Amount]:
    """The amounts of `text[start:end]`, in order.

    `amounts("van -1.500 keuro VAK en 3 keuro VEK", 0, 35)` -> -1500 for VAK, 3 for VEK
    """
    found: list[Amount] = []
    for match in _AMOUNT.finditer(text, start, end):
        if not match["unit"] and not match["credit"]:
            continue
        sign = (match["sign"] or "").strip()
        printed = Decimal(match["number"].replace(".", "").replace(",", "."))
        value = keuro(-printed if sign and sign != "+" else printed, _unit(match["unit"]))
        joined = found and _AND.fullmatch(text, found[-1].end, match.start())
        level = (
            found[-1].level
            if joined
            else bool(_LEVEL.search(text[max(start, match.start() - 40) : match.start()]))
        )
        found.append(Amount(value, bool(sign), _credits(match["credit"]), level, match.start(), match.end()))
    return found


def _unit(printed: str | None) -> Decimal:
    return _UNITS.get(printed.split()[0].lower(), Decimal(1)) if printed else Decimal(1)


def _credits(printed: str | None) -> tuple[Credit, ...]:
    if printed is None:
        return ()
    named: tuple[Credit, ...] = ("VAK", "VEK")
    return tuple(credit for credit in named if credit in printed)
