"""Decisions of one file: the same matter at successive stages or in successive years."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from ingest.analysis import tokens
from ingest.records import Metadata
from retrieval.cues import Cues

_FEWEST_WORDS = 4  # a shorter title (`Begroting 2022`) holds too little to be a part of another


class Families:
    """Which decisions share a title, word for word or one within the other."""

    def __init__(self, documents: Iterable[Metadata]) -> None:
        self._decisions = [m for m in documents if m.kind == "beslissing"]

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {m.id: frozenset(tokens(m.title)) for m in self._decisions}

    def of(self, meta: Metadata) -> list[Metadata]:
        """The decisions of the file that `meta` is of, oldest first; itself among them."""
        words = self._words[meta.id]
        same = [m for m in self._decisions if _same_file(words, self._words[m.id])]
        return sorted(same, key=lambda m: (m.date or "", m.id))


def meant(family: Sequence[Metadata], cues: Cues) -> list[Metadata]:
    """The members that a question's cues point at, oldest first; all of them when the cues do not tell them apart.

    Time goes before stage, stage before order; a cue that no member meets says nothing.
    """
    left = list(family)
    if cues.period:
        first, last = cues.period
        left = [m for m in left if first <= (m.date or "") <= last] or left
    if cues.stage:
        left = [m for m in left if m.stage == cues.stage] or left
    if cues.order:
        left = left[:1] if cues.order == "first" else left[-1:]
    return left


def _same_file(a: frozenset[str], b: frozenset[str]) -> bool:
    return a == b or (min(len(a), len(b)) >= _FEWEST_WORDS and (a <= b or b <= a))
