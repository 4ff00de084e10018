"""Whether something stands in a claim where its source has it, or where the source has something else.

A word, number or label is compared by what stands left and right of it: where the source says `20 % VDAB en
80 % WVG`, a claim that says `80 % VDAB` has the context of the other number.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.analysis import STOPWORDS

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*|%|(?P<end>[.!?;:](?=\s+[\"'‘“(•–-]*\s*(?:\d{1,2}\s+)?[A-ZÀ-Þ]))"
)
SENTENCE_END = "¶"
_ASIDE = re.compile(r"\([^()]{1,200}\)")
_WIDTH = 8
_SLIP = 2  # how many places a word may have moved
_FUNCTION_WORD, _NUMBER = 0.4, 0.6
_LIKE, _MARGIN, _LEAST = 0.55, 0.2, 1.2


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in lower case with their places; the end of a sentence is `¶`.

    `asides` are the places in brackets: who stands outside them does not see what is in them.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    asides: tuple[tuple[int, int], ...]


Context = tuple[tuple[str, ...], tuple[str, ...]]


def words_of(text: str) -> Words:
    """A text as words."""
    found = list(_TOKEN.finditer(text))
    return Words(
        tuple(SENTENCE_END if m["end"] else m.group().lower() for m in found),
        tuple(m.start() for m in found),
        tuple(m.end() for m in found),
        tuple(m.span() for m in _ASIDE.finditer(text)),
    )


def context(words: Words, start: int, end: int) -> Context:
    """The nearest words left and right of a place in its sentence, nearest first."""
    hidden = () if any(a <= start < b for a, b in words.asides) else words.asides
    before = range(bisect_right(words.ends, start) - 1, -1, -1)
    after = range(bisect_left(words.starts, end), len(words.tokens))
    return _side(words, before, hidden), _side(words, after, hidden)


def _side(words: Words, places: range, hidden: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The words of one side up to the end of the sentence, at most `_WIDTH`."""
    side: list[str] = []
    for i in places:
        if words.tokens[i] == SENTENCE_END or len(side) == _WIDTH:
            break
        if not any(a <= words.starts[i] < b for a, b in hidden):
            side.append(words.tokens[i])
    return tuple(side)


def likeness(mine: Context, theirs: Context) -> float:
    """Share of the weight of my context that stands in theirs on the same side about as far away, 0..1.

    Nearer words weigh more, function words and numbers less: `(("van", "daalde"), ())` against itself is 1.
    """
    total = matched = 0.0
    for side, other in zip(mine, theirs, strict=True):
        for at, token in enumerate(side):
            weight = _weight(token) / (1 + at / 4)
            total += weight
            if token in other[max(0, at - _SLIP) : at + _SLIP + 1]:
                matched += weight
    return matched / total if total else 0.0


def contradicted(mine: Context, same: Sequence[Context], others: Sequence[Context]) -> bool:
    """Whether a place of my context in the source holds something else, clearly sooner than what I say."""
    if sum(_weight(t) for side in mine for t in side) < _LEAST:
        return False
    best = max((likeness(mine, c) for c in others), default=0.0)
    return best >= _LIKE and best - max((likeness(mine, c) for c in same), default=0.0) >= _MARGIN


def _weight(word: str) -> float:
    if word[0].isdigit() or word == "%":
        return _NUMBER
    return _FUNCTION_WORD if word in STOPWORDS else 1.0
