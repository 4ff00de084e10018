"""When a found text holds a gold piece, and when a text states a fact.

By words and not by offsets, so that systems with other passages, or other texts of the same source, are
measured alike; the rules are those of the scorer by which the project is compared.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from evals.gold import GoldQuestion, Piece

Found = Mapping[str, Any]  # a passage or a citation of the contract: `document_id`, `text`, `start`, `end`

HELD = 0.6  # the share of a quote's words that a passage must hold in one run
CITED = 6  # words in one run that make a citation overlap a quote
AGREEMENT = "regeerakkoord-2019-2024"  # what a memo quotes
_PUNCTUATION = ".,;:()[]\"'“”„«»"
_MARKS = str.maketrans(
    {**dict.fromkeys("’‘`´", "'"), **dict.fromkeys("*_\\|", " "), **dict.fromkeys("\u0002\ufffe", "-")}
)
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011]\s*(?=\w)")

_MINUS = re.compile(r"[\u2212\u2013](?=\d)")
_SPACE = re.compile(r"\s+")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_SPACED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_AMOUNT = re.compile(r"([-+]?\d+(?:,\d+)?%?)(?: ?(keuro|keur|k€|euro|eur|€))?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<!\d)", r"(?!\d)(?![.,]\d)"
_NOT_INSIDE_NUMBER = r"(?<!\d[.,])"
_NOT_NEGATIVE = r"(?<!\s-)(?<!^-)(?<!\(-)"
_SHORT = 4  # a variant of so few characters counts at the start of a word only


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case, without hyphens, marks and surrounding punctuation.

    `words("De (competentie-\\nmismatch),")` -> `("de", "competentiemismatch")`
    """
    plain_marks = unicodedata.normalize("NFKC", text).lower().translate(_MARKS)
    return tuple(word.strip(_PUNCTUATION) or word for word in _HYPHEN.sub("", plain_marks).split())


def longest_run(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """How many words in one unbroken run two texts share: `("x", "y", "z")` and `("q", "y", "z")` -> 2."""
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


def holds(passage: Found, piece: Piece) -> bool:
    """Whether a passage holds a piece: 60 % of its words in one run, or the decision that it speaks of."""
    if _is_decision_of(passage, piece):
        return True
    wanted = words(piece.quote or "")
    if not wanted or not _of_same_source(passage, piece):
        return False
    return longest_run(wanted, words(passage.get("text") or "")) >= max(1, round(HELD * len(wanted)))


def overlaps(citation: Found, piece: Piece) -> bool:
    """Whether a citation overlaps a piece: six words in one run, or half of the piece, or all of a short citation.

    All of a citation counts when it has four words or a number of three digits.
    """
    if _is_decision_of(citation, piece):
        return True
    wanted, cited = words(piece.quote or ""), words(citation.get("text") or "")
    if not wanted or not cited or not _of_same_source(citation, piece):
        return False
    run = longest_run(wanted, cited)
    whole = run == len(cited) and (len(cited) >= 4 or any(_digits(word) >= 3 for word in cited))
    return whole or run >= min(CITED, (len(wanted) + 1) // 2)


def needs(question: GoldQuestion) -> list[list[Piece]]:
    """For each needed piece, that piece and the alternatives that may stand in for it.

    An alternative stands in when the question needs one piece only, when it says so, or when both hold one
    fact of the answer.
    """
    if len(question.evidence) == 1:
        return [[question.evidence[0], *question.alt_evidence]]
    return [
        [piece, *(a for a in question.alt_evidence if a.stands_for == n or _share_fact(question, piece, a))]
        for n, piece in enumerate(question.evidence)
    ]


def states(text: str, fact: str) -> bool:
    """Whether a text states one of the variants of a fact, numbers on their own boundaries, sign and unit.

    `states("Er was 1 258 keuro.", "1.258|1,26 miljoen")` is true, `states("11.258", "1.258")` is not.
    """
    return any(re.search(_pattern(variant), form) for variant in _variants(fact) for form in _forms(text))


def telling(fact: str) -> bool:
    """Whether finding a fact proves something: a number of three digits that is no year, or eight characters."""
    return any(
        len(variant.strip()) >= 8 or (_digits(variant) >= 3 and not _YEAR.fullmatch(variant.strip()))
        for variant in fact.split("|")
    )


def is_figure(fact: str) -> bool:
    """Whether a fact is a number, its first variant read: an amount or a share, not a bare year."""
    first = next(iter(_variants(fact)), "")
    return bool(_AMOUNT.fullmatch(first)) and not _YEAR.fullmatch(first)


def _is_decision_of(found: Found, piece: Piece) -> bool:
    return bool(found.get("text")) and found.get("document_id") in piece.decisions


def _of_same_source(found: Found, piece: Piece) -> bool:
    source = found.get("document_id")
    return source == piece.doc or (piece.doc.startswith("memo-") and source == AGREEMENT)


def _share_fact(question: GoldQuestion, a: Piece, b: Piece) -> bool:
    return any(states(a.quote or "", f) and states(b.quote or "", f) for f in question.answer_facts)


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _plain(text: str) -> str:
    """Lower case, one space, ASCII minus, no points between thousands, `%` for `procent`."""
    text = _MINUS.sub("-", unicodedata.normalize("NFKC", text).lower())
    text = _THOUSANDS.sub("", _SPACE.sub(" ", text))
    return text.replace("procent", "%").replace(" %", "%")


@lru_cache(maxsize=4096)
def _forms(text: str) -> frozenset[str]:
    """A text as it stands and with `1 258` read as one number."""
    plain = _plain(text)
    return frozenset({plain, _SPACED.sub(lambda m: m.group().replace(" ", ""), plain)})


@lru_cache(maxsize=4096)
def _variants(fact: str) -> tuple[str, ...]:
    return tuple(v for v in (_plain(part).strip() for part in fact.split("|")) if v)


@lru_cache(maxsize=4096)
def _pattern(variant: str) -> str:
    amount = _AMOUNT.fullmatch(variant)
    if amount:
        return _amount_pattern(*amount.groups())
    before = after = ""
    if variant[0].isdigit():
        before = _NO_DIGIT_BEFORE + _NOT_INSIDE_NUMBER
    elif len(variant) <= _SHORT:
        before = r"(?<![^\W\d_])"
    if variant[-1].isdigit():
        after = _NO_DIGIT_AFTER
    elif len(variant) <= _SHORT:
        after = r"(?![^\W\d_]{3})"
    return before + re.escape(variant) + after


def _amount_pattern(number: str, unit: str | None) -> str:
    """A number on its own boundaries; one that names its unit must not stand before a unit of another size."""
    before = _NO_DIGIT_BEFORE + ("" if _YEAR.fullmatch(number) else _NOT_INSIDE_NUMBER)
    if number[0] not in "+-":
        before += _NOT_NEGATIVE
    after = "" if number.endswith("%") else _NO_DIGIT_AFTER + "(?!%)"
    if unit in ("keuro", "keur", "k€"):
        after += r"(?! ?(?:euro|eur|€)(?!\w))"
    elif unit:
        after += r"(?! ?(?:keuro|k€|keur|duizend|miljoen))"
    return before + re.escape(number) + after
