"""Which credit, phase, year and article a sentence gives each of its numbers.

A label right behind a number is its own (`25.351 keuro VAK`), else the last one before it, else the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from answer.verify_marks import Mark

Dimension = Literal["credit", "phase", "year", "article"]
DIMENSIONS: tuple[Dimension, ...] = ("credit", "phase", "year", "article")

_I = re.IGNORECASE
ADJUSTED = frozenset({"BA", "1e BA", "2e BA", "3e BA"})
AVAILABLE = frozenset({"BA-JR", "1e BA-JR", "2e BA-JR", "3e BA-JR"})
_CREDITS: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = (
    (
        frozenset({"VAK"}),
        re.compile(r"\bVAK\b|\bvastlegging(?:s\w*|en)?\b|\bvastgelegde?\b|\bbeleidskrediet(?:en)?\b", _I),
    ),
    (
        frozenset({"VEK"}),
        re.compile(
            r"\bVEK\b|\bvereffening(?:s\w*|en)?\b|\bbetaalkrediet(?:en)?\b|\bbetalingskrediet(?:en)?\b", _I
        ),
    ),
    (frozenset({"AO"}), re.compile(r"\bAO\b|\balgemene\s+ontvangst(?:en)?\b")),
    (frozenset({"TO"}), re.compile(r"\bTO\b|\btoegewezen\s+ontvangst(?:en)?\b")),
    (frozenset({"LO"}), re.compile(r"\bLO\b|\blenings?ontvangst(?:en)?\b")),
)
_ORDINALS = {"eerste": "1", "tweede": "2", "derde": "3"}
_ORDINAL = r"(?:(?P<n>[123])\s?(?:[ea]|ste|de)\s?|(?P<word>eerste|tweede|derde)\s+)?"
_ADJUSTED_BUDGET = r"(?:BA|begrotingsaanpassing|begrotingscontrole)"
_AVAILABLE = re.compile(
    rf"\b{_ORDINAL}BA[-\s]?JR\b|\bJR\b|\bna\s+(?:\w+\s+){{0,2}}herverdeling(?:en)?\b"
    r"|\bbeschikba(?:ar|re)\b(?:\s+(?:\w+krediet|krediet)(?:en)?)?|\beindkrediet(?:en)?\b",
    _I,
)
_ADJUSTED = re.compile(
    rf"\b{_ORDINAL}{_ADJUSTED_BUDGET}\b|\baangepaste\s+(?:begroting|krediet(?:en)?)\b|\bv[oó][oó]r\s+(?:\w+\s+)?herverdeling(?:en)?\b",
    _I,
)
_PHASES: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = (
    (
        frozenset({"BO"}),
        re.compile(r"\bBO\b|\b(?:begrotings)?opmaak\b|\binitiële\s+(?:begroting|krediet(?:en)?)\b"),
    ),
    (ADJUSTED | {"BO"}, re.compile(r"\bbegrote?\b", _I)),
    (ADJUSTED | AVAILABLE | {"BO"}, re.compile(r"\bgeraamde?\b|\braming\b", _I)),
    (
        frozenset({"BU"}),
        re.compile(
            r"\bBU\b|\b(?:begrotings)?uitvoering\b|\buitgevoerde?\b|\buitgegeven\b|\bbesteed\b|\b(?:uit)?betaald\b"
            r"|\bgerealiseerde?\b|\brealisaties?\b|\bontvangen\b|\bgeïnd\b|\bopgebruikt\b|\bbenut\b",
            _I,
        ),
    ),
)
# What may stand between a number and the label that is its own.
_BEHIND = re.compile(
    r"(?:[\s()]|,\s*(?=zowel\b)|\b(?:keuro|euro|miljoen|miljard|duizend|aan|in|als|bij|na|het|de|een|werd|werden|is|was|zijn|die|dat|er|ook|zowel|telkens|effectief)\b)*",
    _I,
)
_BEHIND_CODE = re.compile(
    r"(?:[\s(]|\b(?:keuro|euro|miljoen|op|voor|bij|VAK|VEK|artikel|begrotingsartikel)\b)*", _I
)
_JOINED = re.compile(r"\s*(?:/|-|\+|&|\ben\b|\bals\b)\s*(?:in\s+)?", _I)
_SENTENCE = re.compile(r"[.!?;]\s+[A-ZÀ-Þ\d]")
_CLOSED = re.compile(r"\s*(?:(?:19|20)\d\d\s*)?\)")
_LISTED = re.compile(r"\s*(?:,|/|\+|&|\ben\b|\bof\b)\s*", _I)
_SAME = re.compile(r"[\s),:–]*(?:\(\s*(?:de\s+|het\s+)?)?", _I)


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that a sentence says of its numbers, at `text[start:end]`.

    Any of `values` is meant; `each` has more than one group when all are meant (`VAK en VEK`). An empty
    group is a contradiction (`vastleggingskrediet (VEK)`).
    """

    dimension: Dimension
    start: int
    end: int
    each: tuple[frozenset[str], ...]

    @property
    def values(self) -> frozenset[str]:
        """Everything that the label allows."""
        return frozenset().union(*self.each)


def labels(text: str, found: Sequence[Mark], titles: Iterable[str] = ()) -> list[Label]:
    """The labels of a text by dimension; `found` are its marks, which give years and codes.

    A word inside a code or a title labels nothing (`BETAALD EDUCATIEF VERLOF` is no execution).

    `"25 keuro VAK en 20 keuro VEK"` has two, `"25 keuro, zowel VAK als VEK"` has one of two groups.
    """
    hidden = [(m.start, m.end) for m in found if m.kind == "code"]
    hidden += [m.span() for t in titles for m in re.finditer(re.escape(t), text, _I)]
    plain = _blanked(text, hidden)
    years = [Label("year", m.start, m.end, (frozenset({m.value}),)) for m in found if m.kind == "year"]
    codes = [Label("article", m.start, m.end, (frozenset({m.value}),)) for m in found if m.kind == "code"]
    return [
        *_merged(text, _matched(plain, "credit", _CREDITS)),
        *_merged(text, [*_phases(plain), *_matched(plain, "phase", _PHASES)]),
        *_merged(text, years),
        *_merged(text, codes),
    ]


def bound(
    text: str, mark: Mark, dimension: Dimension, told: Sequence[Label], between: Sequence[Mark]
) -> Label | None:
    """The label of one dimension that a number has; `between` are the numbers of the text."""
    own = [label for label in told if label.dimension == dimension]
    behind = [x for x in own if x.start >= mark.end]
    before = [x for x in own if x.end <= mark.start]
    if behind and not any(mark.end <= n.start < behind[0].start for n in between):
        gap = _without(text, mark.end, behind[0].start, told)
        if (_BEHIND_CODE if dimension == "article" else _BEHIND).fullmatch(gap):
            return behind[0]
    near = [x for x in before if not _SENTENCE.search(text, x.end, mark.start + 1)]
    ahead = [x for x in behind if not _SENTENCE.search(text, mark.end, x.start + 1)]
    if dimension == "phase":  # the phase of another number says nothing of this one
        behind = ahead = [x for x in ahead if not any(mark.end <= n.start < x.start for n in between)]
    if dimension in ("year", "article"):
        near = before
    return next(iter([*near[-1:], *ahead[:1], *before[-1:], *behind[:1]]), None)


def _without(text: str, start: int, end: int, told: Iterable[Label]) -> str:
    """`text[start:end]` with every label in it blanked."""
    return _blanked(text, [(label.start, label.end) for label in told])[start:end]


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _matched(
    text: str, dimension: Dimension, patterns: Iterable[tuple[frozenset[str], re.Pattern[str]]]
) -> Iterator[Label]:
    for values, pattern in patterns:
        for match in pattern.finditer(text):
            yield Label(dimension, match.start(), match.end(), (values,))


def _phases(text: str) -> Iterator[Label]:
    """Adjusted and available credit, with the number of the adjustment where it is said."""
    for pattern, family, tail in ((_AVAILABLE, AVAILABLE, " BA-JR"), (_ADJUSTED, ADJUSTED, " BA")):
        for match in pattern.finditer(text):
            if family is ADJUSTED and re.match(r"[-\s]?JR\b", text[match.end() :]):
                continue
            number = match["n"] or _ORDINALS.get((match["word"] or "").lower())
            values = frozenset({f"{number}e{tail}", tail.strip()}) if number else family
            yield Label("phase", match.start(), match.end(), (values,))


def _merged(text: str, found: Iterable[Label]) -> list[Label]:
    """Neighbouring labels as one: joined by `en` all are meant, side by side or in brackets they say the same."""
    kept: list[Label] = []
    for label in sorted(found, key=lambda x: (x.start, -x.end)):
        last = kept[-1] if kept else None
        if last is None:
            kept.append(label)
        elif label.start < last.end:
            continue
        elif (_JOINED if label.dimension in ("credit", "phase") else _LISTED).fullmatch(
            gap := text[last.end : label.start]
        ):
            kept[-1] = Label(label.dimension, last.start, label.end, (*last.each, *label.each))
        elif (
            label.dimension in ("credit", "phase")
            and len(last.each) == 1
            and _SAME.fullmatch(gap)
            and ((both := last.each[0] & label.each[0]) or ("(" in gap and _CLOSED.match(text, label.end)))
        ):
            kept[-1] = Label(label.dimension, last.start, label.end, (both,))
        else:
            kept.append(label)
    return kept
