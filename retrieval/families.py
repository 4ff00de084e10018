"""Decisions of one file: the same matter at successive stages or in successive years."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from ingest.analysis import tokens
from ingest.records import Metadata
from retrieval.cues import Cues

_FEWEST_WORDS = 4  # a shorter title (`Begroting 2022`) holds too little to be a part of another


class Families:
    """Which decisions share a title, word for word or one within the other.

    A decision whose title holds another's has the other's rarest word; one that is held has its own rarest word
    in the other. So two maps by word give the candidates, however many decisions there are.
    """

    def __init__(self, documents: Iterable[Metadata]) -> None:
        self._decisions = {m.id: m for m in documents if m.kind == "beslissing"}

    def of(self, meta: Metadata) -> list[Metadata]:
        """The decisions of the file that `meta` is of, oldest first; itself among them."""
        words = self._words[meta.id]
        if not words:
            return [meta]
        near = set(self._holding[self._rarest(words)])
        near.update(*(self._under.get(word, ()) for word in words))
        same = [self._decisions[name] for name in near if _same_file(words, self._words[name])]
        return sorted(same, key=lambda m: (m.date or "", m.id))

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(tokens(m.title)) for name, m in self._decisions.items()}

    @cached_property
    def _holding(self) -> dict[str, list[str]]:
        """The decisions whose title has a word."""
        holding: dict[str, list[str]] = {}
        for name, words in self._words.items():
            for word in words:
                holding.setdefault(word, []).append(name)
        return holding

    @cached_property
    def _under(self) -> dict[str, list[str]]:
        """The decisions of which a word is the rarest in their title."""
        under: dict[str, list[str]] = {}
        for name, words in self._words.items():
            if words:
                under.setdefault(self._rarest(words), []).append(name)
        return under

    def _rarest(self, words: frozenset[str]) -> str:
        return min(words, key=lambda word: (len(self._holding[word]), word))


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
