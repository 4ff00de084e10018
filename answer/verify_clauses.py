"""Negation in a claim of another language: compared clause by clause, since the order of words is not that of its sources."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answer.verify_records import Fault
from answer.verify_source import Source
from answer.verify_statement import Statement
from ingest.analysis import STOPWORDS, stems, tokens

NEGATIONS = frozenset("niet geen nooit noch niemand nergens niets evenmin".split())
SOFT_NEGATION = re.compile(
    r"\b(?:zonder|weiger\w*|ontbre\w+|onvoldoende|stopgezet\w*|geschrapt\w*|afge(?:schaft|wezen|keurd)\w*|verbod\w*|verboden|uitgesloten|behalve|tenzij|on\w{5,})\b",
    re.I,
)
# What a claim says of its source: that a reallocation is told without its amount.
SILENT_SOURCE = re.compile(r"\bbedrag niet apart vermeld\b", re.I)
# The same for single clauses, where `ontwerp` and `onderwijs` deny nothing.
_DENIED = re.compile(SOFT_NEGATION.pattern.replace(r"on\w{5,}", r"on(?!der|t|ze|line)\w{5,}"), re.I)
_QUOTED = re.compile(r"‘[^’\n]{1,300}’|“[^”]{1,600}”|«[^»]{1,600}»")
_BREAK = re.compile(r"[;:()•\n]|,(?!\d)|[.!?](?=\s|$)|\b(?:en|maar|terwijl)\b", re.I)
_DROPPED = 0.6  # share of the words of a negated clause that a claim repeats without the negation
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Clause:
    """The stems with meaning of a clause, and whether it is negated: by a word for it, or softly (`onvoldoende`)."""

    stems: frozenset[str]
    negated: bool
    softly: bool


def wrong_negation(claim: Statement, sources: Sequence[Source]) -> list[Fault]:
    """A negation that the nearest clauses of the sources do not have, or that the claim has left out."""
    spoken = _QUOTED.sub(lambda m: _BREAK.sub(" ", m.group()), SILENT_SOURCE.sub(" ", claim.text))
    mine = list(_clauses(spoken))
    theirs = [c for source in sources for c in _clauses(source.text)]
    everything = frozenset().union(*(c.stems for c in mine))
    for clause in mine:
        if clause.negated:
            said = clause.stems if len(clause.stems) >= _FEWEST else everything
            against = max((len(said & c.stems) for c in theirs if c.negated or c.softly), default=0)
            without = max((len(said & c.stems) for c in theirs if not (c.negated or c.softly)), default=0)
            if not against or without > against:
                return [Fault("negation", "De bewering ontkent iets dat de aangehaalde bron niet ontkent.")]
    for clause in theirs:
        if not clause.negated or len(clause.stems) < _FEWEST:
            continue
        near = max(mine, key=lambda c: len(c.stems & clause.stems), default=None)
        if near is None or near.negated or near.softly:
            continue
        shared = len(near.stems & clause.stems)
        other = max((len(near.stems & c.stems) for c in theirs if not c.negated), default=0)
        if shared >= _DROPPED * len(clause.stems) and shared > other:
            return [Fault("negation", "De bron ontkent hier iets; dat ontbreekt in de bewering.")]
    return []


def _clauses(text: str) -> Iterator[_Clause]:
    for part in _BREAK.split(text):
        words = tokens(part)
        told = frozenset(stems(w for w in words if w not in STOPWORDS and w not in NEGATIONS and len(w) > 1))
        negated = any(w in NEGATIONS for w in words)
        if told or negated:
            yield _Clause(told, negated, bool(_DENIED.search(part)))
