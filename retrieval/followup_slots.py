"""What a question names that a follow-up may replace: article code, credit, phase, year, stage of a decision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.budget.codes import mentions
from retrieval.language import Language, language

SlotName = Literal["code", "credit", "phase", "year", "stage"]
SLOTS: tuple[SlotName, ...] = ("code", "credit", "phase", "year", "stage")

_I = re.IGNORECASE
_CREDIT = re.compile(
    r"\b(?:(?-i:VAK)(?:[- ]krediet(?:en)?)?|VEK(?:[- ]krediet(?:en)?)?|(?<=\bin )vak|(?<=\bhoeveel )vak|(?:vastleggings|vereffenings|betaal|betalings|beleids)krediet(?:en)?|crédits? d['’]engagement"
    r"|crédits? de (?:liquidation|paiement)|(?:commitment|payment) (?:credit|appropriation)s?)(?!\w)",
    _I,
)
_PHASE = re.compile(r"\b(?:[123]e\s?)?BA[- ]?JR\b|\b[123]e\s?BA\b|\b(?:BA|BU|BO)\b")
_YEAR = re.compile(r"(?<![\w./-])(?:19|20)\d\d(?![\w/-]|\.\d)")
_STAGE = re.compile(r"\b(?:principieel|in principe|definitief|finaal)\b(?! (?:kader|plan|statuut))", _I)
_DATED = re.compile(
    r"\b(?:jan|feb|fév|maart|mars|march|apr|avr|mei|mai|may|jun|jui|jul|aug|aoû|sep|o[ck]t|nov|d[eé]c)\w*\.?\s+$",
    _I,
)
_BEFORE = re.compile(
    r"\b(?:(?:het|een) jaar (?:er|daar)?voor(?:dien|af)?|(?:het )?(?:vorige?|voorgaande?|voorafgaande?) (?:begrotings)?jaar|voordien"
    r"|l['’]année (?:précédente|d['’]avant|antérieure)|the (?:year before|previous year|year earlier))\b",
    _I,
)
_AFTER = re.compile(
    r"\b(?:(?:het|een) jaar (?:er|daar)(?:na|op)|(?:het )?(?:volgende?|daaropvolgende?) (?:begrotings)?jaar"
    r"|l['’]année (?:suivante|d['’]après)|the (?:year after|next year|following year))\b",
    _I,
)
_WITH_PREPOSITION = (
    r"(?:\b(?:in|voor|van|over|uit|tijdens|sinds|en|pour|in het (?:begrotings)?jaar|het jaar|for|of)\s+)?"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One value at `text[start:end]`."""

    name: SlotName
    value: str
    start: int
    end: int


def slots(text: str) -> list[Slot]:
    """The slots of a text in reading order; a year of a date or a span of years (`2014-2020`) is none.

    `slots("VAK van 1JDB2CA in 2021")` -> credit `VAK`, code `1JDB2CA`, year `2021`
    """
    found = [Slot("code", text[m.start : m.end], m.start, m.end) for m in mentions(text)]
    taken = [(s.start, s.end) for s in found]
    patterns: tuple[tuple[SlotName, re.Pattern[str]], ...] = (
        ("credit", _CREDIT),
        ("phase", _PHASE),
        ("year", _YEAR),
        ("stage", _STAGE),
    )
    for name, pattern in patterns:
        for m in pattern.finditer(text):
            dated = name == "year" and _DATED.search(text[: m.start()])
            if not dated and not any(start < m.end() and m.start() < end for start, end in taken):
                found.append(Slot(name, m.group(), m.start(), m.end()))
    return sorted(found, key=lambda s: s.start)


def values(text: str, name: SlotName) -> tuple[str, ...]:
    """The different values of one slot, in reading order."""
    return tuple(dict.fromkeys(s.value for s in slots(text) if s.name == name))


def without_slots(text: str) -> str:
    """The text without credits, phases and years, nor the prepositions before years; codes stay."""
    for slot in reversed(slots(text)):
        if slot.name == "year":
            before = re.search(rf"{_WITH_PREPOSITION}$", text[: slot.start], _I)
            start = before.start() if before else slot.start
        elif slot.name == "code":
            continue
        else:
            before = re.search(r"(?:\b(?:in|aan|het|en)\s+)?$", text[: slot.start], _I)
            start = before.start() if before else slot.start
        text = f"{text[:start]}{text[slot.end :]}"
    return " ".join(text.split())


def years_spelled_out(text: str, years: Sequence[str]) -> str:
    """`het jaar ervoor` and the like as the year itself, counted from the years spoken of before.

    `years_spelled_out("en het jaar ervoor?", ["2021"])` -> `"en 2020?"`; with `"was het minder het jaar ervoor?"` -> `"was het minder in 2020?"`
    """
    if not years:
        return text
    first, last = min(map(int, years)), max(map(int, years))
    for pattern, year in ((_BEFORE, first - 1), (_AFTER, last + 1)):
        while match := pattern.search(text):
            told = re.search(
                r"\b(?:in|van|voor|over|uit|dan|en|tot|pour|for|of)\s+$", text[: match.start()], _I
            )
            text = f"{text[: match.start()]}{'' if told else 'in '}{year}{text[match.end() :]}"
    return text


def names_relative_year(text: str) -> bool:
    """Whether a year is counted from one spoken of before."""
    return bool(_BEFORE.search(text) or _AFTER.search(text))


def replaced(question: str, new: Sequence[Slot]) -> str:
    """The question with the new values in place of its own; what it does not have is put at its end.

    Several old values give way to the first new one: `"VAK van X in 2021"` with `2020` -> `"VAK van X in 2020"`.
    """
    for name in SLOTS:
        wanted = tuple(dict.fromkeys(s.value for s in new if s.name == name))
        if not wanted:
            continue
        old = [s for s in slots(question) if s.name == name]
        if old:
            for slot in reversed(old[1:]):
                question = _dropped(question, old[0], slot)
            question = f"{question[: old[0].start]}{_joined(wanted)}{question[old[0].end :]}"
        else:
            question = with_ending(question, _ending(name, wanted, language(question)))
    return question


def with_ending(question: str, ending: str) -> str:
    """`with_ending("Wat kost de premie?", "in 2020")` -> `"Wat kost de premie in 2020?"`."""
    return f"{question.rstrip(' ?!.')} {ending}?".replace(" ,", ",")


def _dropped(question: str, first: Slot, slot: Slot) -> str:
    """Without a further value of a slot; the word that joined it (`VAK en VEK`) goes with it."""
    before = question[: slot.start]
    joining = re.search(r"(?:\s*,)?\s*\b(?:en|of|et|ou|and|or|tot|naar|tot en met|t\.e\.m\.)\s*$", before, _I)
    start = joining.start() if joining and joining.start() >= first.end else slot.start
    return f"{question[:start]}{question[slot.end :]}"


def _joined(wanted: Sequence[str]) -> str:
    return " en ".join(wanted)


def _ending(name: SlotName, wanted: Sequence[str], tongue: Language) -> str:
    of, within = {"nl": ("voor", "in"), "fr": ("pour", "en"), "en": ("for", "in")}[tongue]
    preposition = {"code": f"{of} ", "stage": ""}.get(name, f"{within} ")
    return f"{preposition}{_joined(wanted)}"
