"""Numbers that follow from others: a difference, a sum, a share or a growth, recomputed from cells and stated parts.

What is computed comes with its formula in Dutch notation: `15.629 − 15.134 = 495`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from answer.figures import Number, dutch, numbers
from answer.verify_numbers import Hedge, agrees
from answer.verify_source import Fact

_AMOUNT = r"[-\u2212]?\d[\d.]*(?:,\d+)?(?:\s?(?:keuro|miljoen(?:\s+euro)?|euro|%))?"
_FORMULA = re.compile(
    rf"(?P<left>{_AMOUNT}(?:(?:\s+[-\u2212\u2013]\s+|\s*[+/:×*]\s*|\s+x\s+){_AMOUNT})+)(?:\s*[=≈]\s*(?P<result>{_AMOUNT}))?"
)
_OPERATOR = re.compile(r"\s+([-\u2212\u2013])\s+|\s*([+/:×*])\s*|\s+(x)\s+")
_DIFFERENCE = re.compile(
    r"\b(?:verschil|meer|minder|hoger|lager|(?:boven|onder)\s+(?:het|de)|stijg\w*|steeg|gestegen|daling|daal\w*|gedaald"
    r"|toename|toegenomen|afname|afgenomen|nam(?:en)?\b.{0,60}\b(?:toe|af)|overschot|tekort|\w*schrijding|\w*benutting|onbenut"
    r"|resteert|resteerde|vermindering|vermeerdering|groei\w*|restant|bleef|blijft|wijziging)\b",
    re.I,
)
_SUM = re.compile(
    r"\b(?:samen|totaal|totale|tezamen|opgeteld|som|gezamenlijke?|bij elkaar|alles bijeen)\b", re.I
)
_GROWTH = re.compile(
    r"\b(?:stijg\w*|steeg|gestegen|daling|daal\w*|gedaald|toename|afname|groei\w*|meer|minder|hoger|lager|toe|af)\b",
    re.I,
)
_PART = re.compile(r"\b(?:aandeel|deel|goed voor|van het totaal|vormt|maakt)\b", re.I)
_ORDER = ("BO", "BA", "1e BA", "2e BA", "3e BA", "BA-JR", "1e BA-JR", "2e BA-JR", "3e BA-JR", "BU")
_MOST = 40


@dataclass(frozen=True, slots=True)
class Stated:
    """Arithmetic that a text writes out at `text[start:end]`; `outcome` is what it gives, in base units.

    `result` is the number behind the equals sign, if there is one. `share` says that a division is meant.
    """

    start: int
    end: int
    operands: tuple[Number, ...]
    outcome: Decimal | None
    share: bool
    result: Number | None


@dataclass(frozen=True, slots=True)
class Derived:
    """A number that was recomputed: from which figures of the ledger, and how."""

    formula: str
    facts: tuple[Fact, ...]
    value: Decimal


def stated(text: str) -> list[Stated]:
    """The sums that a text writes out: `(458.323 / 410.974)`, `15.629 − 15.134 = 495`.

    Without an equals sign only in brackets, so that no range or date is taken for one.
    """
    found = []
    for match in _FORMULA.finditer(text):
        bracketed = text[: match.start()].endswith("(") and text[match.end() :].startswith(")")
        if not (match["result"] or bracketed):
            continue
        operands = _numbers(match["left"], match.start())
        operators = [next(filter(None, m.groups())) for m in _OPERATOR.finditer(match["left"])]
        result = _numbers(match["result"], match.start("result"))[:1] if match["result"] else []
        if len(operands) == len(operators) + 1:
            outcome = _computed(operands, operators)
            share = operators[0] in "/:"
            found.append(
                Stated(match.start(), match.end(), tuple(operands), outcome, share, next(iter(result), None))
            )
    return found


def recomputes(asked: Number, sum_: Stated, scale: int) -> bool:
    """Whether a number is what the arithmetic gives, rounded as it is written: 112% is 458.323 / 410.974.

    `scale` is what an operand without a unit counts, 1,000 for keuro.
    """
    if sum_.outcome is None:
        return False
    outcome = abs(sum_.outcome)
    if sum_.share:
        outcome = outcome * 100 if asked.unit == "%" else outcome
        return _rounds(asked, outcome)
    unit = 1 if any(n.scale for n in sum_.operands) else scale
    step = (asked.scale or scale) * Decimal(10) ** -asked.places
    return abs(abs(asked.value) * (asked.scale or scale) - outcome * unit) <= step / 2


def from_facts(asked: Number, text: str, facts: Sequence[Fact], hedged: Hedge | None) -> Derived | None:
    """The derivation of a number from figures that the claim is about; None when the claim says none or none fits.

    Only what the words announce is tried: a difference, a sum, a share, a growth.
    """
    facts = facts[:_MOST]
    if asked.unit == "%":
        return _first(asked, hedged, _shares(asked, text, facts))
    ways: list[Iterable[tuple[Decimal, str, tuple[Fact, ...]]]] = []
    if _SUM.search(text):
        ways.append(_sums(facts))
    if _DIFFERENCE.search(text):
        ways.append(_differences(facts))
    return next((d for way in ways if (d := _first(asked, hedged, way))), None)


def from_numbers(asked: Number, text: str, others: Sequence[Number]) -> str | None:
    """The formula of a number that follows from two others of the same claim, if the words announce it."""
    for a, b in permutations(others, 2):
        if (a.unit == "%") != (b.unit == "%") or a.scale != b.scale:
            continue
        x, y = abs(a.value), abs(b.value)
        if asked.unit == "%" and a.unit != "%":
            if y and _GROWTH.search(text) and _rounds(asked, abs(x - y) / y * 100):
                return f"({dutch(x)} − {dutch(y)}) / {dutch(y)}"
            if y and x <= y and _rounds(asked, x / y * 100):
                return f"{dutch(x)} / {dutch(y)}"
        elif asked.scale in (None, a.scale):
            if x > y and _DIFFERENCE.search(text) and abs(asked.value) == x - y:
                return f"{dutch(x)} − {dutch(y)} = {dutch(x - y)}"
            if _SUM.search(text) and abs(asked.value) == x + y:
                return f"{dutch(x)} + {dutch(y)} = {dutch(x + y)}"
    return None


def later(a: Fact, b: Fact) -> bool:
    """Whether the phase of `a` comes after that of `b`."""
    return _rank(a) > _rank(b)


def _rank(fact: Fact) -> int:
    return _ORDER.index(fact.phase) if fact.phase in _ORDER else 0


def _first(
    asked: Number, hedged: Hedge | None, ways: Iterable[tuple[Decimal, str, tuple[Fact, ...]]]
) -> Derived | None:
    for value, formula, facts in ways:
        right = _rounds(asked, value) if asked.unit == "%" else agrees(asked, value, 1_000, hedged=hedged)
        if right:
            return Derived(formula, facts, value)
    return None


def _differences(facts: Sequence[Fact]) -> Iterator[tuple[Decimal, str, tuple[Fact, ...]]]:
    """Of one article between two phases, or of two articles in one phase; always of one credit."""
    for a, b in permutations(facts, 2):
        if a.value <= b.value or a.credit != b.credit:
            continue
        one_article = (a.codes, a.name) == (b.codes, b.name) and a.phase != b.phase
        one_phase = (a.codes, a.name) != (b.codes, b.name) and a.phase == b.phase
        if one_article or one_phase:
            yield (
                a.value - b.value,
                f"{dutch(a.value)} − {_signed(b.value)} = {dutch(a.value - b.value)}",
                (a, b),
            )


def _sums(facts: Sequence[Fact]) -> Iterator[tuple[Decimal, str, tuple[Fact, ...]]]:
    """Of all figures of one phase and one credit, each article or each measure once."""
    groups: dict[tuple[str | None, str | None, int], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.phase, fact.credit, fact.year), []).append(fact)
    for group in groups.values():
        articles = {f.codes: f for f in reversed(group)}
        for parts in (group, list(articles.values())):
            if len(parts) > 1:
                total = sum((f.value for f in parts), Decimal(0))
                terms = " + ".join(_signed(f.value) for f in parts)
                yield total, f"{terms} = {dutch(total)}", tuple(parts)


def _shares(
    asked: Number, text: str, facts: Sequence[Fact]
) -> Iterator[tuple[Decimal, str, tuple[Fact, ...]]]:
    """A later phase of an earlier one, its growth, or one article of another, in percents."""
    for a, b in permutations(facts, 2):
        if b.value <= 0 or a.credit != b.credit:
            continue
        one_article = (a.codes, a.name) == (b.codes, b.name) and later(a, b)
        if one_article and _GROWTH.search(text):
            yield (
                abs(a.value - b.value) / b.value * 100,
                f"({dutch(a.value)} − {dutch(b.value)}) / {dutch(b.value)}",
                (a, b),
            )
        if one_article or (a.phase == b.phase and a.value <= b.value and _PART.search(text)):
            yield a.value / b.value * 100, f"{_signed(a.value)} / {dutch(b.value)}", (a, b)


def _rounds(asked: Number, value: Decimal) -> bool:
    return abs(abs(asked.value) - abs(value)) <= Decimal(10) ** -asked.places / 2


def _signed(value: Decimal) -> str:
    return f"({dutch(value)})" if value < 0 else dutch(value)


def _numbers(text: str, at: int) -> list[Number]:
    """The operands of a formula; a minus between two of them is no sign."""
    found = []
    for piece in re.finditer(_AMOUNT, text):
        number = next(numbers(piece.group()), None)
        if number is not None:
            start = at + piece.start()
            found.append(
                Number(
                    start, start + len(piece.group()), number.value, number.places, number.unit, number.scale
                )
            )
    return found


def _computed(operands: Sequence[Number], operators: Sequence[str]) -> Decimal | None:
    """From left to right, products first: `[2, 3, 4]`, `["+", "×"]` -> 14."""
    scaled = any(n.scale for n in operands)
    terms = [n.value * (n.scale or 1) if scaled else n.value for n in operands]
    sums = [terms[0]]
    for operator, value in zip(operators, terms[1:], strict=True):
        if operator in "/:":
            if not value:
                return None
            sums[-1] /= value
        elif operator in "×*x":
            sums[-1] *= value
        else:
            sums.append(value if operator == "+" else -value)
    return sum(sums, Decimal(0))
