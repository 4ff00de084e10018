"""Everything in a text that is hard: numbers with their units, years, dates, codes, and what else has a digit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from answer.figures import Number, numbers
from ingest.analysis import MONTHS
from ingest.budget.codes import find_codes

MarkKind = Literal["number", "year", "date", "code", "other"]
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_DATES = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(r"\b(?P<day>\d{1,2})[/-](?P<number>\d{1,2})[/-](?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?:(?P<day>\d{{1,2}})\s+)?{_MONTH}\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})\s+{_MONTH}\b", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<![\w.,/-])(?:19|20)\d\d(?![\w/-]|[.,]\d)")
_OTHER = re.compile(r"\S+")
_EDGES = "()[]{}.,;:!?‘’“”\"'«»–—-…&"
_UNIT_AHEAD = re.compile(
    r"\s*(?:en|tot(?: en met)?|à|of|[-–])\s*(?:van\s+)?\d[\d.,]*\s?(?P<unit>%|procent\b|keuro\b|miljoen\b|miljard\b|euro\b|€)",
    re.IGNORECASE,
)
_SCALES = {"keuro": 1_000, "miljoen": 10**6, "miljard": 10**9, "euro": 1, "€": 1}


@dataclass(frozen=True, slots=True)
class Mark:
    """One hard thing at `text[start:end]`; `value` is its one spelling, `number` what a number is worth."""

    kind: MarkKind
    start: int
    end: int
    value: str
    number: Number | None = None


def marks(text: str) -> list[Mark]:
    """The hard things of a text in order, none overlapping.

    `marks("op 1 mei 2021 is 1.258 keuro")` -> the date `2021-05-01` and the number 1258 in keuro
    """
    found = [Mark("code", m.start, m.end, m.code) for m in find_codes(text)]
    for group in (_dates(text), _years(text), _numbers(text)):
        found += [m for m in group if not _taken(found, m)]
    found += [m for m in _others(text) if not _taken(found, m)]
    return sorted(found, key=lambda m: m.start)


def _taken(found: list[Mark], mark: Mark) -> bool:
    return any(f.start < mark.end and mark.start < f.end for f in found)


def _dates(text: str) -> Iterator[Mark]:
    """Dates as `2021-05-01`, `2021-05` or `05-01`."""
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            taken.append(match.span())
            said = match.groupdict()
            month = (
                int(said["number"]) if said.get("number") else MONTHS.index(str(said["month"]).lower()) + 1
            )
            parts = [said.get("year"), f"{month:02}", f"{int(said['day']):02}" if said.get("day") else None]
            yield Mark("date", match.start(), match.end(), "-".join(p for p in parts if p))


def _years(text: str) -> Iterator[Mark]:
    for match in _YEAR.finditer(text):
        if not re.match(r"\s?(?:%|procent|keuro|k€|euro|miljoen|mio|duizend)", text[match.end() :]):
            yield Mark("year", match.start(), match.end(), match.group())


def _numbers(text: str) -> Iterator[Mark]:
    """Numbers with their unit; `€` may stand before, and `5 tot 10 %` gives both the percent."""
    for number in numbers(text):
        unit, scale, start = number.unit, number.scale, number.start
        before = re.search(r"€\s?$", text[:start])
        ahead = _UNIT_AHEAD.match(text, number.end)
        if unit in ("euro", "eur", "€") or (unit is None and before):
            unit, scale = "euro", 1
        elif unit in ("keur", "k€"):
            unit = "keuro"
        elif unit is None and ahead:
            told = ahead["unit"].lower()
            unit = "%" if told in ("%", "procent") else "euro" if told == "€" else told
            scale = _SCALES.get(told)
        unit = "miljoen" if unit == "mio" else unit
        yield Mark("number", start, number.end, str(number.value), replace(number, unit=unit, scale=scale))


def _others(text: str) -> Iterator[Mark]:
    """Whatever else holds a digit (`COVID-19`, `2014-2020`, `3e`), as printed."""
    for match in _OTHER.finditer(text):
        value = match.group().strip(_EDGES)
        if any(c.isdigit() for c in value):
            start = match.start() + match.group().index(value)
            yield Mark("other", start, start + len(value), value.lower())
