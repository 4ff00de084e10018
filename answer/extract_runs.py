"""Runs of whole sentences that may be quoted as one, each with how likely it answers.

    pieces of the passages -> their measures -> weights -> log-odds of each piece; of a run those of all its pieces

The weights were fitted by `python -m evals.run_weights` on questions that were kept out of files and models
(docs/decisions/0012): a softmax over the pieces of the passages read, rewarded for those where the answer stands.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from answer.extract_asked import asks_reason
from answer.extract_measures import NAMES, Floats, asked_of, measures
from answer.quotes import Quote, joined, quotes
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

LONGEST, MOST_SENTENCES = 700, 5
LONGEST_REASON, MOST_OF_REASON = 850, 6  # a reason is told over more sentences than a fact
WEIGHTS: Mapping[str, float] = {
    "passage": 1.75,
    "inside": 0.83,
    "time": 0.53,
    "before": 2.21,
    "after": 0.69,
    "close": 1.74,
    "written": 5.43,
    "alike": 5.96,
    "words": 5.46,
    "fits": 0.50,
    "length": -0.16,
}
# How much likelier than the other pieces of its run a piece is that a reader is pointed to.
_CLEARLY = 1.0
# How much less likely a piece beside a run may be, how many pieces away, and how many characters that may make.
_NEARLY, _REACH, _LONGEST_GROWN = 1.5, 2, 1_000
_LEANS_BACK = re.compile(
    r"(?:Daar(?!naast|enboven|entegen|om\b)\w+|Hier\w+|Dit|Deze|Dat|Die|Dergelijke|Zulke|Zo)\b"
)

Place = tuple[str, int, int]  # document, start, end


@dataclass(frozen=True, slots=True)
class Run:
    """`group[first]` to `group[last]`, with how likely they answer, as log-odds that compare within one question.

    `alone[i]` are those of `group[i]` by itself; `score` is of the run, the logarithm of the sum of its pieces' odds.
    """

    group: tuple[Quote, ...]
    alone: tuple[float, ...]
    first: int
    last: int

    @property
    def score(self) -> float:
        """`alone=(log 1, log 3)`, both in the run -> log 4."""
        return float(np.logaddexp.reduce(self.alone[self.first : self.last + 1]))

    @property
    def key(self) -> str:
        """The text of the piece that most likely tells what was asked; empty where none clearly does."""
        best, *others = sorted(range(self.first, self.last + 1), key=lambda piece: -self.alone[piece])
        clear = others and self.alone[best] - self.alone[others[0]] >= _CLEARLY
        return self.group[best].text if clear else ""

    @property
    def quote(self) -> Quote:
        """The run as one quote."""
        return joined(self.group[self.first], self.group[self.last])


def runs(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> list[Run]:
    """Every run in and beside the passages read, likeliest first, each span once."""
    longest, most = (LONGEST_REASON, MOST_OF_REASON) if asks_reason(query.text) else (LONGEST, MOST_SENTENCES)
    groups = measured(corpus, query, read)
    odds = _odds(groups)
    found: dict[Place, Run] = {}
    for group, _ in groups:
        alone = tuple(odds[place(piece)] for piece in group)
        for first, last in _spans(group, longest, most):
            span = (group[first].evidence.meta.id, group[first].start, group[last].end)
            found.setdefault(span, Run(group, alone, first, last))
    return sorted(found.values(), key=lambda run: -run.score)


def _odds(groups: Sequence[tuple[Sequence[Quote], Floats]]) -> dict[Place, float]:
    """The log-odds of each piece, the highest where it was reached from several passages."""
    weights = np.array([WEIGHTS[name] for name in NAMES])
    odds: dict[Place, float] = {}
    for group, found in groups:
        for piece, of in zip(group, (found @ weights).tolist(), strict=True):
            odds[place(piece)] = max(odds.get(place(piece), -math.inf), of)
    return odds


def measured(
    corpus: Corpus, query: Query, read: Sequence[Evidence]
) -> list[tuple[tuple[Quote, ...], Floats]]:
    """The pieces in and beside each passage with their measures, float64 (pieces, measures)."""
    asked = asked_of(corpus, query)
    top = max((item.score for item in read), default=0.0) or 1.0
    made = []
    for item in read:
        group = tuple(quotes(corpus, replace(item, passage=corpus.with_neighbours(item.passage))))
        if group:
            made.append((group, measures(corpus, asked, item, group, item.score / top)))
    return made


def place(piece: Quote) -> Place:
    """What a piece is known by, whichever passage it was reached from."""
    return piece.evidence.meta.id, piece.start, piece.end


def grown(run: Run, others: Sequence[Quote]) -> Run:
    """A run with the pieces beside it that answer nearly as well as the best in it, as far as `others` do not hold them.

    A question that asks two things is often answered in two sentences of which one run holds only the first.
    """
    group, first, last = run.group, run.first, run.last
    least = max(run.alone[first : last + 1]) - _NEARLY
    for piece in range(last + 1, min(last + _REACH, len(group) - 1) + 1):
        if not (_reads_on(group, piece) and _may_take_in(group, first, piece, piece, others)):
            break
        last = piece if run.alone[piece] >= least else last
    for piece in range(first - 1, max(first - _REACH, 0) - 1, -1):
        if not (_reads_on(group, piece + 1) and _may_take_in(group, piece, last, piece, others)):
            break
        first = piece if run.alone[piece] >= least else first
    return replace(run, first=first, last=last)


def with_antecedent(run: Run, others: Sequence[Quote]) -> Run:
    """A run that opens with a word for what was said just before (`Daarmee`, `Deze`), from the sentence that said it."""
    group, at = run.group, run.first
    if at == 0 or group[at].kind == "list_item" or not _LEANS_BACK.match(group[at].text):
        return run
    same_block = group[at - 1].block == group[at].block
    taken_in = same_block and _may_take_in(group, at - 1, run.last, at - 1, others)
    return replace(run, first=at - 1) if taken_in else run


def _may_take_in(group: Sequence[Quote], first: int, last: int, piece: int, others: Sequence[Quote]) -> bool:
    """Whether a run may grow to `first` and `last` by a piece that no other quote holds."""
    told = any(overlap(group[piece], other) for other in others)
    return not told and group[last].end - group[first].start <= _LONGEST_GROWN


def overlap(a: Quote, b: Quote) -> bool:
    """Whether two quotes share characters of one document."""
    return a.evidence.meta.id == b.evidence.meta.id and a.start < b.end and b.start < a.end


def _spans(group: Sequence[Quote], longest: int, most: int) -> Iterator[tuple[int, int]]:
    """First and last piece of each run: at most `most` neighbours that read on, of at most `longest` characters."""
    for first in range(len(group)):
        yield first, first
        for last in range(first + 1, min(first + most, len(group))):
            if not _reads_on(group, last) or group[last].end - group[first].start > longest:
                break
            yield first, last


def _reads_on(group: Sequence[Quote], at: int) -> bool:
    """Whether a piece follows the one before it in its block, its list or as the next paragraph."""
    step = group[at].block - group[at - 1].block
    paragraphs = step == 1 and group[at].kind == "paragraph" and group[at - 1].kind == "paragraph"
    return step == 0 or paragraphs or group[at].kind == "list_item"
