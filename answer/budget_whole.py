"""What a printed total is of, as a question names it: a programme, a structure element, or a whole policy field."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.analysis import tokens
from ingest.budget.records import Flow, Ledger, Level, Total

_I = re.IGNORECASE
_FIELD = r"(?:programma(?:['’]?s)?|programmes?|beleidsvelden|beleidsveld|beleidsdomein)"
_LEVELS: dict[Level, str] = {
    "programma": _FIELD,
    "totaal": _FIELD,
    "ISE": r"(?:(?:inhoudelijke? )?structuurelement(?:en)?|ISE)",
}
_LEVEL = re.compile(rf"\b(?:{_FIELD}|{_LEVELS['ISE']})\b", _I)
_ROW = "Totaal"
# `JA - JB0 – DEPARTEMENT WSE`: the letters of the programme, the entity, and the name that people say.
_CAPTION = re.compile(r"(?:(?P<letters>[A-Z]{2})\s*[-–]\s*)?(?:[A-Z]{2}\d\s*[-–]\s*)?(?P<name>[^,]+)")


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything of one flow that a printed total adds up; `name` is the caption's (`JE – SOCIALE ECONOMIE`)."""

    ledger: Ledger
    level: Level
    name: str
    flow: Flow

    @property
    def totals(self) -> list[Total]:
        """Its figures over all kinds of expenditure or receipts, in reading order."""
        of = (self.level, self.name, self.flow, _ROW)
        return [t for t in self.ledger.totals if (t.level, t.name, t.flow, t.row) == of]


def named_wholes(ledgers: Sequence[Ledger], text: str, *, by_name: bool) -> tuple[tuple[Whole, ...], str]:
    """The wholes that a question names, in its order, as expenditure, and its text without their names.

    The first ledger that has one counts. `by_name` says that a name will do without a level or letters, since
    the question is about money: `werk` is a common word. `"Programma JE: BU?"` -> the whole `JE – SOCIALE ECONOMIE`, `" : BU?"`
    """
    found: dict[int, Whole] = {}
    for pattern, whole in _names(_wholes(ledgers), by_name):
        if match := pattern.search(text):
            found[match.start()] = whole
            text = f"{text[: match.start()]}{' ' * len(match.group())}{text[match.end() :]}"
    if found:  # `Welk programma, JD of JE?`
        text = _LEVEL.sub(" ", text)
    return tuple(found[start] for start in sorted(found)), text


def _wholes(ledgers: Sequence[Ledger]) -> list[Whole]:
    """Each whole once; the longest name first, and a programme before a structure element of its name."""
    distinct: dict[tuple[Level, str], Whole] = {}
    for ledger in ledgers:
        for t in ledger.totals:
            if t.row == _ROW:
                distinct.setdefault((t.level, t.name), Whole(ledger, t.level, t.name, "uitgave"))
    return sorted(distinct.values(), key=lambda w: (-len(_said(w)), w.level == "ISE"))


def _names(wholes: Sequence[Whole], by_name: bool) -> Iterator[tuple[re.Pattern[str], Whole]]:
    """How each is named, the surest first: with its level, by its letters, by its name alone.

    A name that two of one level have is none.
    """
    held = Counter((w.level, _said(w)) for w in wholes)
    names = [(w, _said(w) if held[w.level, _said(w)] == 1 else None) for w in wholes]
    for whole, name in names:
        spoken = "|".join(filter(None, (name, _letters(whole))))
        yield re.compile(rf"\b{_LEVELS[whole.level]}\W+(?:{spoken})\b\)?", _I), whole
    for whole, _ in names:
        if letters := _letters(whole):
            yield re.compile(rf"\b{letters}\b(?:-programma\b)?"), whole
    for whole, name in names:
        if name and by_name:
            yield re.compile(rf"\b{name}\b\)?", _I), whole


def _letters(whole: Whole) -> str | None:
    match = _CAPTION.match(whole.name)
    return match["letters"] if match else None


def _said(whole: Whole) -> str:
    """The name as a pattern: its words, whatever stands between them."""
    match = _CAPTION.match(whole.name)
    return r"\W+".join(tokens(match["name"])) if match else ""
