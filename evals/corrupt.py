"""True statements made false, one fault each, by rules of its own: shares no code with what verifies answers.

A change that happens to leave the statement true (another cell has the same figure, the changed sentence
stands in the source too) is told apart by recomputing from the ledger and by looking the sentence up.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from evals.statements import Key, Statement
from ingest.budget.records import Cell

_PLAIN = re.compile(
    r"(?<![\w.,/:-])[-−]?\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\w/-]|[.,]\d)|(?<![\w.,/:-])[-−]?\d+(?:,\d+)?(?![\w/-]|[.,]\d)"
)
_MONTH = re.compile(r"\s+(?:jan|feb|maart|april|mei|jun|jul|aug|sep|okt|nov|dec)", re.I)
_YEAR = re.compile(r"(?<![\w.,/-])20[012]\d(?![\w/-]|[.,]\d)")
_CODE = re.compile(r"\b(?:JB0-)?[19]J[A-Z]{2}[\dA-Z][A-Z]{2}(?:-[A-Z]{2})?\b")
_PERCENT = re.compile(r"(?<![\d,.])(\d+(?:,\d+)?)(?=\s?(?:%|procent))")
_SCALED = ((" keuro", " miljoen euro"), (" miljoen euro", " miljard euro"), (" euro", " keuro"))
_TURNED = (("meer dan", "minder dan"), ("hoger dan", "lager dan"), ("steeg", "daalde"))
_CREDITS = (
    ("VAK", "VEK"),
    ("vastleggingskrediet", "vereffeningskrediet"),
    ("AO", "TO"),
    ("algemene ontvangsten", "toegewezen ontvangsten"),
)
_BOTH = re.compile(r"VAK\s*(?:/|en|als)\s*(?:in\s)?VEK|VEK\s*(?:/|en|als)\s*(?:in\s)?VAK")
_PHASES = (
    (
        r"\b(?:[123]e )?BA-JR\b|\bhet beschikbare krediet na herverdelingen\b|\bhet beschikbaar krediet\b",
        "de uitvoering",
        "BU",
    ),
    (r"\bde (?:begrotings)?uitvoering(?: \(BU\))?|\bde BU\b", "de tweede begrotingsaanpassing", "2e BA"),
    (r"\bDe (?:begrotings)?uitvoering(?: \(BU\))?|\bDe BU\b", "De tweede begrotingsaanpassing", "2e BA"),
    (r"\b2e BA\b(?!-)", "BU", "BU"),
    (r"\b(?:tweede )?begrotingsaanpassing\b(?! \()", "uitvoering", "BU"),
)
_STAGES = (
    ("principieel", "definitief"),
    ("principiële", "definitieve"),
    ("definitief", "principieel"),
    ("definitieve", "principiële"),
    ("bekrachtiging", "principiële goedkeuring"),
)
_VERBS = re.compile(
    r"\b(?:is|was|wordt|werd|werden|worden|bedraagt|bedroeg|kan|kunnen|krijgt|heeft|geeft|keurt|steeg|zal|moet)\b"
)


@dataclass(frozen=True, slots=True)
class Corruption:
    """A statement with one thing changed; `still_true` when the change happens to change nothing."""

    kind: str
    statement: Statement
    text: str
    still_true: bool


Change = Callable[[Statement, random.Random, Mapping[Key, Cell]], tuple[str, bool] | None]


def corruptions(statement: Statement, cells: Mapping[Key, Cell], rng: random.Random) -> list[Corruption]:
    """One corruption of each kind that a statement allows; the reference at its end stays as it is."""
    found = []
    for kind, change in KINDS.items():
        changed = change(statement, rng, cells)
        if changed is None or changed[0] == statement.text:
            continue
        text, still_true = changed
        found.append(Corruption(kind, statement, text, still_true or _stands(text, statement)))
    return found


def _stands(text: str, statement: Statement) -> bool:
    """Whether the changed sentence stands in what is cited, apart from its frame and its blanks."""
    body = _squeezed(_body(text))
    return any(body in _squeezed(c.text) for c in statement.citations)


def _squeezed(text: str) -> str:
    """Letters, digits, percents and signs of numbers, apart from everything else."""
    text = re.sub(r"[-−](?!\d)", " ", text.lower().replace("−", "-"))
    return re.sub(r"[^0-9a-zà-ÿ%-]+", " ", text).strip()


def _body(text: str) -> str:
    return text.split(" (‘")[0]


def _numbers(text: str) -> list[re.Match[str]]:
    """Amounts, percents and counts of a text: no year, no day of a month, nothing of a reference."""
    return [
        m
        for m in _PLAIN.finditer(_body(text))
        if not _YEAR.fullmatch(m.group())
        and not _MONTH.match(text, m.end())
        and len(re.sub(r"\D", "", m.group())) > 1
    ]


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _digit(statement: Statement, rng: random.Random, _: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    found = _numbers(statement.text)
    if not found:
        return None
    match = rng.choice(found)
    at = rng.choice([i for i, c in enumerate(match.group()) if c.isdigit()])
    old = match.group()
    new = rng.choice([d for d in "123456789" if d != old[at]])
    changed = old[:at] + new + old[at + 1 :]
    return _put(statement.text, match, changed), _beside(statement, match, changed)


def _beside(statement: Statement, match: re.Match[str], changed: str) -> bool:
    """Whether a sentence's source has the changed number before the same words, so that it may be true as well."""
    if statement.how != "sentence":
        return False
    after = _squeezed(statement.text[match.end() :])[:12]
    return any(f"{_squeezed(changed)} {after}" in _squeezed(c.text) for c in statement.citations)


def _thousand(statement: Statement, rng: random.Random, _: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    body = _body(statement.text)
    if rng.random() < 0.5:
        amounts = [
            m for m in _numbers(statement.text) if re.match(r"\s?(?:keuro|euro|%)", statement.text[m.end() :])
        ]
        if amounts and "," not in amounts[0].group():
            return _put(statement.text, amounts[0], f"{amounts[0].group()}.000"), False
    for old, new in _SCALED:
        match = re.search(rf"(?<=\d){old}\b", body)
        if match:
            return _put(statement.text, match, new), False
    return None


def _year(statement: Statement, rng: random.Random, cells: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    found = list(_YEAR.finditer(_body(statement.text)))
    if not found:
        return None
    match = rng.choice(found)
    new = str(int(match.group()) + rng.choice((-3, -2, -1, 1, 2)))
    keys = tuple(replace(k, year=int(new)) for k in statement.keys)
    return _put(statement.text, match, new), same_outcome(statement, keys, cells)


def another_article(
    statement: Statement, rng: random.Random, cells: Mapping[Key, Cell]
) -> tuple[str, bool] | None:
    """Another article that exists, the one that looks most like it among a few."""
    match = _CODE.search(_body(statement.text))
    if match is None:
        return None
    old = match.group()
    whole = sorted({k.code for k in cells} | {re.sub("^JB0-", "", k.code) for k in cells})
    like = [c for c in whole if c != old and len(c) == len(old)]
    if not like:
        return None
    nearest = sorted(like, key=lambda c: -sum(a == b for a, b in zip(c, old, strict=True)))[:4]
    new = rng.choice(nearest)
    keys = tuple(
        replace(k, code=f"JB0-{new[-10:]}") if k.code.endswith(old[-10:]) else k for k in statement.keys
    )
    return _put(statement.text, match, new), same_outcome(statement, keys, cells)


def _sign(statement: Statement, rng: random.Random, _: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    turns = [
        (a, b) for pair in _TURNED for a, b in (pair, pair[::-1]) if re.search(rf"\b{a}\b", statement.text)
    ]
    if statement.how in ("difference", "share") and turns and rng.random() < 0.7:
        old, new = turns[0]
        return re.sub(rf"\b{old}\b", new, statement.text, count=1), False
    found = [
        m
        for m in _numbers(statement.text)
        if re.match(r"\s?(?:keuro|miljoen|euro|%|procent)", statement.text[m.end() :])
    ]
    if not found:
        return None
    old = found[0].group()
    return _put(statement.text, found[0], old[1:] if old[0] in "-−" else f"-{old}"), False


def _credit(statement: Statement, _: random.Random, cells: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    """VAK for VEK, every time that it is said; a statement on both says of the other no more than it did."""
    for a in (word for pair in _CREDITS for word in pair):
        pattern = re.compile(rf"\b{a}\b")
        if not pattern.search(_body(statement.text)):
            continue
        swapped = {"VAK": "VEK", "VEK": "VAK", "AO": "TO", "TO": "AO"}
        text = statement.text
        for x, y in _CREDITS:
            text = re.sub(rf"\b(?:{x}|{y})\b", lambda m, x=x, y=y: y if m.group() == x else x, text)  # type: ignore[misc]
        keys = tuple(replace(k, credit=swapped.get(k.credit, k.credit)) for k in statement.keys)
        both = statement.how == "sentence" and bool(_BOTH.search(statement.text))
        return text, both or same_outcome(statement, keys, cells)
    return None


def _phase(statement: Statement, _: random.Random, cells: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    """BA for BU and the like, the first time that a phase is said."""
    if statement.how == "sentence" and not re.search(r"\b(?:BU|BA|JR|VAK|VEK)\b|keuro", statement.text):
        return None
    for pattern, new, phase in _PHASES:
        match = re.search(pattern, _body(statement.text))
        if match is None:
            continue
        said = (
            "BU"
            if "uitvoering" in match.group() or "BU" in match.group()
            else "JR"
            if "JR" in match.group() or "beschik" in match.group()
            else "BA"
        )
        keys = tuple(replace(k, phase=phase) if k.phase.endswith(said) else k for k in statement.keys)
        return _put(statement.text, match, new), same_outcome(statement, keys, cells)
    return None


def _percents(statement: Statement, _: random.Random, __: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    found = list(_PERCENT.finditer(_body(statement.text)))
    pairs = [(a, b) for a, b in pairwise(found) if a.group() != b.group()]
    if not pairs:
        return None
    a, b = pairs[0]
    text = statement.text
    return text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :], False


def _stage(statement: Statement, _: random.Random, __: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    for old, new in _STAGES:
        match = re.search(rf"\b{old}\b", _body(statement.text))
        if match:
            return _put(statement.text, match, new), False
    return None


def _negation(statement: Statement, rng: random.Random, _: Mapping[Key, Cell]) -> tuple[str, bool] | None:
    """A negation left out, or put in behind a verb."""
    body = _body(statement.text)
    gone = re.search(r"\bniet (?!alleen|enkel|meer dan)", body)
    if gone:
        return _put(statement.text, gone, ""), False
    none = re.search(r"\bgeen\b", body)
    if none:
        return _put(statement.text, none, "een"), False
    verb = next(iter(_VERBS.finditer(body)), None)
    return (_put(statement.text, verb, f"{verb.group()} niet"), False) if verb else None


KINDS: dict[str, Change] = {
    "cijfer": _digit,
    "maal duizend": _thousand,
    "jaar": _year,
    "artikel": another_article,
    "teken": _sign,
    "VAK voor VEK": _credit,
    "BA voor BU": _phase,
    "percentages verwisseld": _percents,
    "stadium": _stage,
    "ontkenning": _negation,
}


def same_outcome(statement: Statement, keys: tuple[Key, ...], cells: Mapping[Key, Cell]) -> bool:
    """Whether the statement, said of other cells, gives the same number."""
    values = [cells[k].value for k in keys if k in cells]
    if not keys or len(values) != len(keys):
        return False
    if statement.form.endswith("miljoen, afgerond"):
        places = Decimal("0.1") if re.search(r"[,.]\d mil", statement.text) else Decimal(1)
        return _million(values[0], places) == _million(statement.value, places)
    if statement.how == "cell":
        return values[0] == statement.value
    if statement.how == "sum":
        return sum(values) == statement.value
    if statement.how == "difference":
        return abs(values[0] - values[1]) == statement.value
    return (
        bool(values[1])
        and (values[0] / values[1] * 100).quantize(Decimal(1), ROUND_HALF_UP) == statement.value
    )


def _million(keuro: Decimal, places: Decimal) -> Decimal:
    return (keuro / 1_000).quantize(places, ROUND_HALF_UP)
