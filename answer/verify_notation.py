"""Amounts, percentages and dates as French and English write them, in Dutch notation.

In English the comma groups and the point is decimal: `27,718 keuro` is 27.718 in Dutch, `27.7 million` is 27,7.
In French the point or a blank groups and the comma is decimal, as in Dutch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.analysis import MONTHS
from retrieval.language import Language, dutch_words

_I = re.IGNORECASE
_BLANK = "[ \u00a0\u202f\u2009]"
_DIGITS: dict[Language, str] = {
    "fr": rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+(?:,\d+)?|\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?|\d+(?:[,.]\d+)?",
    "en": rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:{_BLANK}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?",
}
# The units of both languages, by the Dutch name that each has.
_UNITS = (
    ("%", r"%|per\s?cents?\b|pour\s?cents?\b|p\.c\."),
    (
        "keuro",
        r"keuros?\b|keur\b|k€|k\s?euros?\b|(?:thousand|milliers?|mille)(?:\s+(?:of\s+|d['’]\s?)?euros?)?\b",
    ),
    ("miljard euro", r"(?:milliards?|billions?|bn)(?:\s+(?:of\s+|d['’]\s?)?euros?)?\b"),
    ("miljoen euro", r"(?:millions?|mio|mln)(?:\s+(?:of\s+|d['’]\s?)?(?:euros?|€))?\b|M€"),
    ("euro", r"euros?\b|eur\b|€"),
)
_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, (_, pattern) in enumerate(_UNITS))
_NUMBER = {
    tongue: re.compile(
        rf"(?P<before>(?:\bEUR\s?|€\s?))?(?<![\w.,/])(?P<sign>[-+\u2212])?(?P<digits>{digits})(?:{_BLANK}?(?:{_UNIT}))?(?![\w/]|[.,]\d)",
        _I,
    )
    for tongue, digits in _DIGITS.items()
}
_MONTH = r"(?P<month>[^\W\d_]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?"
_DATES = (
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?\b", _I),
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?:,\s*(?P<year>(?:19|20)\d\d))\b", _I),
    re.compile(rf"\b{_MONTH}\s+(?P<year>(?:19|20)\d\d)\b", _I),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in Dutch for `text[start:end]` of a claim."""

    start: int
    end: int
    dutch: str


def dates(text: str, language: Language) -> Iterator[Piece]:
    """The dates that name a month: `March 1, 2021` -> `1 maart 2021`."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            said = match.groupdict()
            month = dutch_words(said["month"], language)
            if month in MONTHS:
                parts = (said.get("day"), month, said.get("year"))
                yield Piece(match.start(), match.end(), " ".join(p for p in parts if p))


def amounts(text: str, language: Language) -> Iterator[Piece]:
    """The numbers with their units: `€1.4 million` -> `1,4 miljoen euro`, `27 718 keuro` -> `27.718 keuro`."""
    for match in _NUMBER[language].finditer(text):
        unit = next((name for n, (name, _) in enumerate(_UNITS) if match[f"u{n}"]), None)
        if match["before"] and unit is None:
            unit = "euro"
        sign = (match["sign"] or "").replace("\u2212", "-")
        digits = _in_dutch(match["digits"], language)
        glued = "" if unit == "%" else " "
        yield Piece(match.start(), match.end(), f"{sign}{digits}{glued}{unit}" if unit else f"{sign}{digits}")


def in_dutch_notation(text: str, language: Language) -> str:
    """A text with its amounts written the Dutch way: `"was it 1,353 keuro?"`, en -> `"was it 1.353 keuro?"`."""
    if language == "nl":
        return text
    for piece in reversed(list(amounts(text, language))):
        text = text[: piece.start] + piece.dutch + text[piece.end :]
    return text


def _in_dutch(digits: str, language: Language) -> str:
    """`_in_dutch("1,353.5", "en")` -> `"1.353,5"`; what has one reading only keeps it: `1,5` is one and a half."""
    grouped = re.sub(_BLANK, "", digits)
    if language == "en":
        grouped = re.sub(r",(?=\d{3}(?!\d))", "", grouped)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", grouped):
        grouped = grouped.replace(".", "")
    whole, _, part = grouped.replace(",", ".").partition(".")
    spaced = f"{int(whole):,}".replace(",", ".") if len(whole) > 3 and len(grouped) != len(digits) else whole
    return f"{spaced},{part}" if part else spaced
