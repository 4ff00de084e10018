"""French and English statements made false, one fault each: shares no code with what verifies answers."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from evals.corrupt import Corruption, another_article, same_outcome
from evals.statements import Key, Statement
from ingest.budget.records import Cell

_AMOUNT = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?=\s(?:keuro|euro|milli))|(?<![\w.,/-])\d+(?:[.,]\d+)?(?=\s?(?:keuro|euro|milli|%|pour cent|per cent))"
)
_YEAR = re.compile(r"(?<![\w.,/-])20[012]\d(?![\w/-]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language that say another thing when they change places; patterns are regular expressions."""

    credits: tuple[tuple[str, str, str], ...]
    phases: tuple[tuple[str, str, str], ...]
    scaled: tuple[tuple[str, str], ...]
    turned: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...]
    negated: tuple[tuple[str, str], ...]


WORDINGS = {
    "fr": Wording(
        (
            (r"crédits? d'engagement(?: \(VAK\))?", "crédit de liquidation", "VEK"),
            (r"crédits? de (?:liquidation|paiement)(?: \(VEK\))?", "crédit d'engagement", "VAK"),
            (r"crédits? d'ordonnancement", "crédit d'engagement", "VAK"),
            ("VAK", "VEK", "VEK"),
            ("VEK", "VAK", "VAK"),
            ("recettes générales", "recettes affectées", "TO"),
            ("recettes affectées", "recettes générales", "AO"),
        ),
        (
            (r"le crédit disponible(?: après redistribution)?|le budget après redistributions \([^)]*\)|le \de BA-JR", "l'exécution", "BU"),
            (r"l'exécution(?: budgétaire| \(BU\))?|le montant exécuté", "le crédit disponible", "2e BA-JR"),
            (r"le deuxième ajustement budgétaire|l'ajustement budgétaire \([^)]*\)|le budget ajusté|le \de BA(?!-)", "l'exécution", "BU"),
        ),
        ((r" keuro", " millions d'euros"), (r" millions d'euros", " milliards d'euros"), (r" euros?\b", " milliers d'euros")),
        (("de plus que", "de moins que"), ("supérieure à", "inférieure à"), ("a augmenté", "a diminué")),
        (("approbation de principe", "approbation définitive"), ("approuvé en principe", "approuvé définitivement"),
         ("approbation définitive", "approbation de principe"), ("approuvé définitivement", "approuvé en principe"),
         ("sanctionné", "approuvé en principe"), ("sanction ", "approbation de principe ")),
        ((r"était", "n'était pas"), (r"est(?= de)", "n'est pas"), (r"s'élève", "ne s'élève pas"), (r"atteint", "n'atteint pas"),
         (r"donne son", "ne donne pas son"), (r"a été", "n'a pas été"), ("ont été", "n'ont pas été"), ("représente", "ne représente pas")),
    ),
    "en": Wording(
        (
            (r"commitment credits?(?: \(VAK\))?", "payment credit", "VEK"),
            (r"payment credits?(?: \(VEK\))?", "commitment credit", "VAK"),
            ("VAK", "VEK", "VEK"),
            ("VEK", "VAK", "VAK"),
            ("general receipts", "assigned receipts", "TO"),
            ("assigned receipts", "general receipts", "AO"),
        ),
        (
            (r"the available credit(?: after reallocation)?|the budget after reallocations \([^)]*\)|the \de BA-JR", "the execution", "BU"),
            (r"the (?:budget )?execution(?: \(BU\))?|the amount spent", "the available credit", "2e BA-JR"),
            (r"the second budget adjustment|the budget adjustment \([^)]*\)|the adjusted budget|the \de BA(?!-)", "the execution", "BU"),
        ),
        ((r" keuro", " million euros"), (r" million(?: euros?)?", " billion euros"), (r" euros?\b", " thousand euros")),
        (("more than", "less than"), ("higher than", "lower than"), ("increased", "decreased")),
        (("approval in principle", "final approval"), ("approved in principle", "definitively approved"),
         ("final approval", "approval in principle"), ("definitively approved", "approved in principle"),
         ("ratified", "approved in principle"), ("ratification", "approval in principle")),
        ((r"was", "was not"), (r"is", "is not"), (r"amounts to", "does not amount to"), (r"comes to", "does not come to"),
         (r"gives its", "does not give its")),
    ),
}  # fmt: skip


def foreign_corruptions(
    statement: Statement, cells: Mapping[Key, Cell], rng: random.Random
) -> list[Corruption]:
    """One corruption of each kind that a French or English statement allows."""
    found = []
    for kind, change in _KINDS.items():
        changed = change(statement, WORDINGS[statement.language], rng, cells)
        if changed is not None and changed[0] != statement.text:
            found.append(Corruption(f"{statement.language}: {kind}", statement, *changed))
    return found


_Changed = tuple[str, bool] | None
_Change = Callable[[Statement, Wording, random.Random, Mapping[Key, Cell]], _Changed]


def _put(text: str, match: re.Match[str], new: str) -> str:
    cased = new[0].upper() + new[1:] if match.group()[:1].isupper() and new[:1].islower() else new
    return text[: match.start()] + cased + text[match.end() :]


def _digit(statement: Statement, _: Wording, rng: random.Random, __: Mapping[Key, Cell]) -> _Changed:
    found = list(_AMOUNT.finditer(statement.text))
    if not found:
        return None
    match = rng.choice(found)
    old = match.group()
    at = rng.choice([i for i, c in enumerate(old) if c.isdigit()])
    new = rng.choice([d for d in "123456789" if d != old[at]])
    return _put(statement.text, match, old[:at] + new + old[at + 1 :]), False


def _thousand(statement: Statement, words: Wording, rng: random.Random, __: Mapping[Key, Cell]) -> _Changed:
    """Another unit, or in English the point for the comma: `27.718 keuro` is a thousandth of `27,718 keuro`."""
    grouped = re.search(r"(?<![\w.,])(\d{1,3}),(\d{3})(?= keuro)", statement.text)
    if statement.language == "en" and grouped and rng.random() < 0.5:
        return _put(statement.text, grouped, f"{grouped[1]}.{grouped[2]}"), False
    for old, new in words.scaled:
        match = re.search(rf"(?<=\d){old}", statement.text)
        if match:
            return _put(statement.text, match, new), False
    return None


def _year(statement: Statement, _: Wording, rng: random.Random, cells: Mapping[Key, Cell]) -> _Changed:
    match = _YEAR.search(statement.text) if statement.keys else None
    if match is None:
        return None
    new = str(int(match.group()) + rng.choice((-3, -2, -1, 1, 2)))
    keys = tuple(replace(k, year=int(new)) for k in statement.keys)
    return _put(statement.text, match, new), same_outcome(statement, keys, cells)


def _article(statement: Statement, _: Wording, rng: random.Random, cells: Mapping[Key, Cell]) -> _Changed:
    return another_article(statement, rng, cells) if statement.keys else None


def _sign(statement: Statement, words: Wording, rng: random.Random, __: Mapping[Key, Cell]) -> _Changed:
    for pair in words.turned:
        for old, new in (pair, pair[::-1]):
            if statement.how == "difference" and old in statement.text and rng.random() < 0.7:
                return statement.text.replace(old, new, 1), False
    match = _AMOUNT.search(statement.text)
    if match is None:
        return None
    return _put(statement.text, match, f"-{match.group()}"), not re.search("[1-9]", match.group())


def _credit(statement: Statement, words: Wording, _: random.Random, cells: Mapping[Key, Cell]) -> _Changed:
    for old, new, credit in words.credits:
        match = re.search(rf"\b{old}", statement.text)
        if match:
            keys = tuple(replace(k, credit=credit) for k in statement.keys)
            return _put(statement.text, match, new), same_outcome(statement, keys, cells)
    return None


def _phase(statement: Statement, words: Wording, _: random.Random, cells: Mapping[Key, Cell]) -> _Changed:
    for old, new, phase in words.phases:
        match = re.search(rf"(?i:\b(?:{old}))", statement.text)
        if match:
            said = (
                "BU"
                if phase != "BU"
                else "JR"
                if re.search(r"dispon|avail|JR|après|after", match.group())
                else "BA"
            )
            keys = tuple(replace(k, phase=phase) if k.phase.endswith(said) else k for k in statement.keys)
            return _put(statement.text, match, new), same_outcome(statement, keys, cells)
    return None


def _stage(statement: Statement, words: Wording, _: random.Random, __: Mapping[Key, Cell]) -> _Changed:
    if statement.keys:
        return None
    for old, new in words.stages:
        if old in statement.text:
            return statement.text.replace(old, new, 1), False
    return None


def _negation(statement: Statement, words: Wording, _: random.Random, __: Mapping[Key, Cell]) -> _Changed:
    body = re.sub(r"‘.*’", lambda m: "#" * len(m.group()), statement.text)
    for old, new in words.negated:
        match = re.search(rf"\b{old}\b", body)
        if match:
            return _put(statement.text, match, new), False
    return None


_KINDS: dict[str, _Change] = {
    "cijfer": _digit,
    "maal duizend": _thousand,
    "jaar": _year,
    "artikel": _article,
    "teken": _sign,
    "VAK voor VEK": _credit,
    "BA voor BU": _phase,
    "stadium": _stage,
    "ontkenning": _negation,
}
