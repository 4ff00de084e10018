"""When a number in a claim says what a number in a source says: same amount, or what it rounds to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from answer.figures import Number
from answer.verify_context import Words, words_of
from answer.verify_labels import Label, labels
from answer.verify_marks import Mark, marks
from answer.verify_source import Source

Agreement = Literal["exact", "rounded"]
Hedge = Literal["about", "below", "above"]
_HEDGES: tuple[tuple[Hedge, re.Pattern[str]], ...] = (
    (
        "about",
        re.compile(
            r"(?:ongeveer|zowat|circa|ca\.?|rond(?: de)?|om en bij(?: de)?|afgerond|±|~|≈)\s*(?:€\s?)?$", re.I
        ),
    ),
    ("below", re.compile(r"(?:bijna|minder dan|nog geen|een kleine|net geen)\s*(?:€\s?)?$", re.I)),
    ("above", re.compile(r"(?:ruim|meer dan|een goeie|een dikke)\s*(?:€\s?)?$", re.I)),
)
# A step in the other direction than the sign shows: a cell of -105 may be called a decrease of 105.
DECREASE = re.compile(
    r"\b(?:min|minus|negatie\w*|dal(?:ing|en|de|t)|gedaald|afname|afgenomen|nam \w* ?af|verminder\w*|vermindering|minder|lager|tekort|terug\w*"
    r"|onder|af|weg\w*|compens\w*|herverdeel\w*|herverdeling\w*|naar|besparing|correctie\w*)\b",
    re.I,
)
_WORDS_FOR = {
    word: Decimal(n)
    for n, word in enumerate("nul - twee drie vier vijf zes zeven acht negen tien elf twaalf".split())
    if word != "-"
}
_BLANKS = re.compile(r"\d \d{3}")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS_FOR)})\b", re.I)


_COARSEST = 10  # rounding may hide a tenth of an amount, no more


_ABOUT = 33  # `ongeveer` leaves 3 % open


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a source prints, outside the cells of the ledger."""

    number: Number
    source: Source

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the document."""
        return self.source.place(self.number.start, self.number.end)


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[tuple[Mark, ...], Words]:
    return tuple(marks(text)), words_of(text)


def source_marks(source: Source) -> tuple[Mark, ...]:
    """The hard things of a source's text."""
    return _read(source.text)[0]


def source_words(source: Source) -> Words:
    """The words of a source's text."""
    return _read(source.text)[1]


def source_labels(source: Source) -> tuple[Label, ...]:
    """What a source's text says of its numbers."""
    return _labels(source.text, source.titles)


@lru_cache(maxsize=256)
def _labels(text: str, titles: tuple[str, ...]) -> tuple[Label, ...]:
    return tuple(labels(text, _read(text)[0], titles))


def told_numbers(sources: Sequence[Source]) -> list[Told]:
    """The numbers of the sources that no cell of the ledger explains, written as digits or as words."""
    told = []
    for source in sources:
        cells = {f.start for f in source.facts if f.phase or f.credit}
        told += [
            Told(m.number, source)
            for m in source_marks(source)
            if m.number and source.place(m.start, m.end)[0] not in cells
        ]
        pieces = [piece for m in source_marks(source) for piece in _pieces(source, m)]
        told += [p for p in pieces if p.place[0] not in cells]
        told += [
            Told(Number(m.start(), m.end(), _WORDS_FOR[m.group().lower()], 0, None, None), source)
            for m in _NUMBER_WORD.finditer(source.text)
        ]
    return told


def _pieces(source: Source, mark: Mark) -> list[Told]:
    """The parts of a number with blanks, which may be the figures of a table row: `400 318 561`."""
    printed = source.text[mark.start : mark.end]
    if mark.number is None or not _BLANKS.search(printed):
        return []
    return [
        Told(Number(mark.start + m.start(), mark.start + m.end(), Decimal(m.group()), 0, None, None), source)
        for m in re.finditer(r"\d+", printed.split(",")[0])
    ]


def number_words(text: str) -> list[Number]:
    """The numbers from two to twelve that a text writes as words."""
    return [
        Number(m.start(), m.end(), _WORDS_FOR[m.group().lower()], 0, None, None)
        for m in _NUMBER_WORD.finditer(text)
    ]


def hedge(text: str, start: int) -> Hedge | None:
    """How a number is said to be approximate, if it is: `ruim 27 miljoen` -> `above`."""
    before = text[:start]
    return next((name for name, pattern in _HEDGES if pattern.search(before)), None)


def agrees(
    asked: Number, value: Decimal, scale: int, places: int = 0, hedged: Hedge | None = None
) -> Agreement | None:
    """Whether an amount is what was asked, its sign aside, in the places and with the hedge of what was asked.

    27,7 miljoen is 27.718 keuro rounded; `bijna 28 miljoen` is so too, `28 miljoen` as well, 27,8 miljoen is not.
    """
    mine = asked.scale or scale
    said, found = abs(asked.value) * mine, abs(value) * scale
    if said == found:
        return "exact"
    step = mine * Decimal(10) ** -asked.places
    if abs(said - found) > said / _COARSEST:
        return None
    if step > scale * Decimal(10) ** -places and abs(said - found) <= step / 2:
        return "rounded"
    if hedged is None:
        return None
    coarse = step * 10 ** _idle_zeros(asked)
    gap = found - said
    near = {
        "about": abs(gap) <= min(coarse / 2, said / _ABOUT),
        "below": -coarse < gap <= 0,
        "above": 0 <= gap < coarse,
    }
    return "rounded" if near[hedged] else None


def in_span(asked: Number, told: Told, hedged: Hedge | None = None) -> Agreement | None:
    """Whether a number of a source's text is what was asked; where it has no unit its table or list may give it."""
    found = told.number
    if asked.unit == found.unit == "%" or (asked.scale and found.scale):
        return agrees(asked, found.value, found.scale or 1, found.places, hedged)
    if abs(asked.value) != abs(found.value):
        return None
    if asked.unit and found.unit is None:
        text = f"{told.source.text} {told.source.around}".lower()
        by_table = asked.scale == 1_000 and told.source.citation.kind == "bbt"
        unit = {"%": ("%", "procent", "aandeel"), "euro": ("euro", "€")}.get(asked.unit, (asked.unit,))
        return "exact" if by_table or any(u in text for u in unit) else None
    return "exact" if asked.unit is None else None


def _idle_zeros(number: Number) -> int:
    """How many of the last digits only fill up: 27.700 has 2, 30 has 1, 1.049 has none."""
    if number.places or not number.value:
        return 0
    digits = str(abs(int(number.value)))
    return len(digits) - len(digits.rstrip("0"))
