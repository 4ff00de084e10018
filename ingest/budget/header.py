"""What the head of a budget table says: unit, years, phases and credits, and which column holds which.

Four heads are understood: phases under credits (`VAK VEK` over `BA BU BA BU`), credits under phases,
credits alone (the rows are phases), phases alone (the rows are credits); and credits repeated without
phases, which need names of measures above them. Any other order is no head.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from ingest.budget.records import CREDITS, Credit, Phase

_YEAR = r"(?:19|20)\d\d"
_PHASE = re.compile(
    r"(?:(?P<nth>[123])\s?(?:e|ste|de)\s+)?"
    r"(?:(?:begrotings)?aanpassing\s+(?=BA\b))?"
    r"(?P<kind>\bBO\b|\bBA\b|\bBU\b|\b(?i:begrotingsopmaak|opmaak|begrotingsaanpassing|aanpassing"
    r"|begrotingsuitvoering|uitvoering|realisatie)\b)"
    rf"(?P<jr>\s?[-\u2010\u2011\u2013\u0002]?\s*JR\b)?(?:[^\S\n]*(?P<year>{_YEAR})\b)?"
)
_CREDIT_WORDS: dict[str, Credit] = {
    **{credit: credit for credit in CREDITS},
    "vastleggingskrediet": "VAK", "vastleggingskredieten": "VAK",
    "vereffeningskrediet": "VEK", "vereffeningskredieten": "VEK", "betaalkrediet": "VEK",
}  # fmt: skip
_CREDIT = re.compile(
    r"\b(?:VAK|VEK|AO|TO|LO|(?i:vastleggingskrediet(?:en)?|vereffeningskrediet(?:en)?|betaalkrediet))\b"
)
_FREE_YEAR = re.compile(rf"\b{_YEAR}\b")
_UNITS = {"duizend": Decimal(1), "k": Decimal(1), "miljoen": Decimal(1000), "": Decimal("0.001")}
_UNIT = re.compile(
    r"(?:alle\s+)?(?:bedragen\s+)?(?:in\s+|x\s*)?"
    r"(?:(?P<scale>duizend|k|miljoen|)\s*(?:euro|eur|€)|1\.?000\s*(?:euro|eur|€)|€\s*1\.?000)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\(([^()]{2,40})\)\s*$")
_WORDS: dict[str, str] = {
    "begrotingsopmaak": "BO", "opmaak": "BO", "begrotingsaanpassing": "BA", "aanpassing": "BA",
    "begrotingsuitvoering": "BU", "uitvoering": "BU", "realisatie": "BU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is about; what the head leaves open is said by the row."""

    phase: Phase | None = None
    year: int | None = None
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a table; `year` is the year in its corner; `grouped` when credits repeat unnamed."""

    columns: tuple[Column, ...]
    year: int | None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["year", "phase", "credit"]
    column: Column


def unit(line: str) -> Decimal | None:
    """How many keuro one printed unit is, or None when the line states no unit.

    `unit("(duizend euro)")` -> 1, `unit("Tabel 3: kredieten (in euro)")` -> 0.001
    """
    line = line.strip()
    bracketed = _IN_BRACKETS.search(line)
    stated = _UNIT.fullmatch((bracketed[1] if bracketed else line).strip(" .:"))
    if stated is None:
        return None
    return _UNITS[(stated["scale"] or "").lower()] if stated["scale"] is not None else Decimal(1)


def phase(label: str) -> tuple[Phase, int | None] | None:
    """The phase that a label is, with its year when it says one, or None.

    `phase("2e \\naanpassing \\nBA-JR")` -> `("2e BA-JR", None)`; `phase("BO 2022")` -> `("BO", 2022)`
    """
    label = " ".join(label.split())
    before = re.match(rf"({_YEAR})\s+(?=\S)", label)
    match = _PHASE.fullmatch(label[before.end() :] if before else label)
    found = _phase(match) if match else None
    if match is None or found is None or (before and match["year"]):
        return None
    year = before[1] if before else match["year"]
    return found, int(year) if year else None


def credit(label: str) -> Credit | None:
    """The credit that a label is, or None."""
    label = label.strip()
    return _CREDIT_WORDS.get(label) or _CREDIT_WORDS.get(label.lower())


def only_head(text: str) -> bool:
    """Whether a text holds nothing but years, phases and credits, at least two of one kind."""
    tokens = _tokens(text)
    kinds = [token.kind for token in tokens or ()]
    return kinds.count("phase") > 1 or kinds.count("credit") > 1


def head(text: str) -> Head | None:
    """The columns that a head states, or None when its tokens follow no known order.

    `head("VAK VEK\\n2021 BA BU BA BU")` -> year 2021, columns (BA, VAK), (BU, VAK), (BA, VEK), (BU, VEK)
    """
    tokens = _tokens(text)
    if not tokens:
        return None
    years = [token for token in tokens if token.kind == "year"]
    dated = {token.column.year is not None for token in tokens if token.kind == "phase"}
    if len(years) > 1 or len(dated) > 1:
        return None
    named = [token for token in tokens if token.kind != "year"]
    columns, grouped = _columns([t.column for t in named], "".join(t.kind[0] for t in named))
    if not columns or (not grouped and len(set(columns)) != len(columns)):
        return None
    return Head(tuple(columns), years[0].column.year if years else None, grouped)


def _columns(named: list[Column], kinds: str) -> tuple[list[Column], bool]:
    phases = [c for c in named if c.phase]
    moneys = [c for c in named if c.credit]
    if kinds == "c" * len(named):
        distinct = len(set(moneys))
        repeated = distinct < len(moneys)
        if repeated and moneys != moneys[:distinct] * (len(moneys) // distinct):
            return [], False
        return moneys, repeated
    if kinds == "p" * len(named):
        return phases, False
    if kinds in ("cp" * (len(named) // 2), "pc" * (len(named) // 2)) and len(moneys) > 1:
        return [replace(p, credit=c.credit) for p, c in zip(phases, moneys, strict=True)], False
    upper, lower = (moneys, phases) if kinds[0] == "c" else (phases, moneys)
    each, rest = divmod(len(lower), len(upper))
    if kinds != kinds[0] * len(upper) + kinds[-1] * len(lower) or rest or lower != lower[:each] * len(upper):
        return [], False
    return [
        Column(over.phase or under.phase, over.year or under.year, over.credit or under.credit)
        for over, under in zip((u for u in upper for _ in range(each)), lower, strict=True)
    ], False


def _tokens(text: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] in "|/":
            at += 1
        elif match := _PHASE.match(text, at):
            found = _phase(match)
            if found is None:
                return None
            year = int(match["year"]) if match["year"] else None
            tokens.append(_Token("phase", Column(phase=found, year=year)))
            at = match.end()
        elif match := _CREDIT.match(text, at):
            tokens.append(_Token("credit", Column(credit=credit(match.group()))))
            at = match.end()
        elif match := _FREE_YEAR.match(text, at):
            tokens.append(_Token("year", Column(year=int(match.group()))))
            at = match.end()
        else:
            return None
    return tokens


def _phase(match: re.Match[str]) -> Phase | None:
    kind = _WORDS.get(match["kind"].lower(), match["kind"])
    if (match["nth"] or match["jr"]) and kind != "BA":
        return None
    nth = f"{match['nth']}e " if match["nth"] else ""
    return cast(Phase, f"{nth}{kind}{'-JR' if match['jr'] else ''}")
