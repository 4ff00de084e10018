"""Whether `meer`, `minder`, `steeg` and `daalde` say what the figures say."""

import re
from collections.abc import Sequence
from itertools import pairwise

from answer.derive import later
from answer.figures import Number
from answer.verify_labels import Label
from answer.verify_marks import Mark
from answer.verify_records import Fault
from answer.verify_source import Fact

_UP = re.compile(
    r"\b(?:meer|hoger|stijgt|steeg|gestegen|stijging|toename|toegenomen|overschreden|overschrijding)\b", re.I
)
_DOWN = re.compile(
    r"\b(?:minder|lager|daalt|daalde|gedaald|daling|afname|afgenomen|onderschrijding|onderbenutting|onderbenut)\b",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:dan|tegenover|ten opzichte van|t\.o\.v\.?|in vergelijking met|vergeleken met)\b", re.I
)
_CHANGE = re.compile(
    r"\b(?:steeg|stijgt|gestegen|daalde|daalt|gedaald|ging|stijging|daling)\b.{0,40}?\bvan\s+(?:€\s?)?$", re.I
)
_TO = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:VAK|VEK|AO|TO|LO)?\s*(?:\([^()]*\)\s*)?naar\s+(?:€\s?)?$")


def wrong_direction(
    text: str, told: Sequence[Label], found: Sequence[Mark], facts: Sequence[Fact]
) -> list[Fault]:
    """The faults of a claim that says more where the figures say less, or the other way round."""
    up, down = _UP.search(text), _DOWN.search(text)
    if bool(up) == bool(down):
        return []
    rises = bool(up)
    word = text[slice(*(up or down).span())]  # type: ignore[union-attr]
    compared = _between_numbers(text, found)
    if compared is None:
        compared = _between_phases(text, told, facts)
    if compared is None or not compared or (compared > 0) == rises:
        return []
    return [Fault("sign", f"‘{word}’ is omgekeerd aan wat de cijfers zeggen.")]


def _between_numbers(text: str, found: Sequence[Mark]) -> int | None:
    """1 when a claim says that something went from less to more, -1 the other way; None when it says no such thing."""
    for first, second in pairwise(found):
        a, b = first.number, second.number
        if (
            a
            and b
            and (a.unit == "%") == (b.unit == "%")
            and _CHANGE.search(text[: first.start])
            and _TO.fullmatch(text[first.end : second.start])
        ):
            return _sign(_worth(b) - _worth(a))
    return None


def _worth(number: Number) -> float:
    return float(number.value) * (number.scale or 1)


def _between_phases(text: str, told: Sequence[Label], facts: Sequence[Fact]) -> int | None:
    """How the phase that the claim speaks of stands to the one it compares with, where all its figures agree."""
    phases = [x for x in told if x.dimension == "phase"]
    groups = {label.values for label in phases if label.values}
    if len(groups) != 2:
        return None
    after = _COMPARED.search(text)
    subject = next((x.values for x in phases if not after or x.start < after.start()), None)
    other = next(iter(groups - {subject}), None)
    if after is not None:
        other = next((x.values for x in phases if x.start > after.start()), None)
    if subject is None or other is None or subject == other:
        return None
    pairs = [
        (a, b)
        for a in facts
        for b in facts
        if a.phase in subject
        and b.phase in other
        and (a.codes, a.name, a.credit, a.year) == (b.codes, b.name, b.credit, b.year)
    ]
    if after is None:
        pairs = [(a, b) if later(a, b) else (b, a) for a, b in pairs]
    named = frozenset().union(*(x.values for x in told if x.dimension == "credit"))
    signs = {_sign(float(a.value - b.value)) for a, b in pairs if not named or a.credit in named}
    return signs.pop() if len(signs) == 1 else None


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
