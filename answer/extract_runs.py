"""Runs of whole sentences that may be quoted as one, each scored for how well it answers.

The weights were learned on the tuning part of the gold questions, cross-validated (docs/decisions/0006):
a softmax over the runs of a question, rewarded for the facts that the chosen run holds.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from answer.extract_asked import answers_asked, asks_reason, fits
from answer.quotes import Quote, joined, quotes
from answer.weighing import rarity, share
from ingest.analysis import grams, stems, tokens
from ingest.embed import Vectors
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.kinds import named_kinds
from retrieval.query import Query
from retrieval.records import Evidence

LONGEST, MOST_SENTENCES = 700, 5
LONGEST_REASON, MOST_OF_REASON = 850, 6  # a reason is told over more sentences than a fact
_SHORTEST = 40
_SCORE, _FIRST, _INSIDE = (
    2.0,
    1.2,
    1.1,
)  # the passage: its score beside the best one's, the best itself, share inside it
_BESIDE = 0.7  # what a passage's score is worth to the passages beside it
_GRAMS, _STEMS = 3.4, 3.3  # share of the question that run and headings hold
_CLOSE, _CLOSEST = 1.9, 1.0  # closeness of the run, and of its closest sentence under its headings
_WRITTEN = 6.0  # closeness to the nearest question that was written for what the run says
_FITS = 2.9  # the kinds of answer asked for that the run has
_TIME, _KIND_NAMED = 1.9, 1.6
# How much better by itself than the other pieces of its run: an answer begins there; a reader is pointed to it.
_STANDS_OUT, _CLEARLY = 3.0, 1.0
# How much worse by itself a piece beside a run may be, how many pieces away, and how many characters that may make.
_NEARLY, _REACH, _LONGEST_GROWN = 3.0, 2, 1_000
_LENGTH = 1.5  # for each factor e in length, as far as the longest goes
_LEANS_BACK = re.compile(
    r"(?:Daar(?!naast|enboven|entegen|om\b)\w+|Hier\w+|Dit|Deze|Dat|Die|Dergelijke|Zulke|Zo)\b"
)


@dataclass(frozen=True, slots=True)
class Run:
    """`group[first]` to `group[last]`, with how well they answer: comparable within one question.

    `alone[i]` is how well `group[i]` answers by itself, whatever its length.
    """

    group: tuple[Quote, ...]
    alone: tuple[float, ...]
    first: int
    last: int
    score: float

    def best_by(self, margin: float) -> int | None:
        """The piece that answers by itself better than each of the others by that much; None where none does."""
        best, *others = sorted(range(self.first, self.last + 1), key=lambda piece: -self.alone[piece])
        return best if others and self.alone[best] - self.alone[others[0]] >= margin else None

    @property
    def opening(self) -> int:
        """Where a reader is told first what was asked for: at a piece that stands out, in a list at its beginning."""
        best = self.best_by(_STANDS_OUT)
        return self.first if best is None or self.group[best].kind == "list_item" else best

    @property
    def key(self) -> str:
        """The text of the piece that most likely tells what was asked; empty where none clearly does."""
        best = self.best_by(_CLEARLY)
        return "" if best is None else self.group[best].text

    @property
    def quote(self) -> Quote:
        """The run as one quote, from its opening."""
        return joined(self.group[self.opening], self.group[self.last])


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what every run is held against; `longest` (characters) and `most` (sentences) bound a run."""

    named: frozenset[str]
    kinds: Sequence[re.Pattern[str]]
    longest: int
    most: int
    grams: Mapping[str, float]
    stems: Mapping[str, float]
    vector: Vectors


def runs(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> list[Run]:
    """Every run in and beside the passages read, best first, each span once."""
    asked = _Asked(
        frozenset(named_kinds(query.text)),
        answers_asked(query.text),
        *((LONGEST_REASON, MOST_OF_REASON) if asks_reason(query.text) else (LONGEST, MOST_SENTENCES)),
        rarity(corpus, query.terms("grams")),
        rarity(corpus, query.terms("stems"), "stems"),
        corpus.embedder.encode_query(query.sentence()),
    )
    top = max((item.score for item in read), default=0.0) or 1.0
    best: dict[tuple[str, int, int], Run] = {}
    for rank, item in enumerate(read):
        gain = (
            _FIRST * (rank == 0)
            + _KIND_NAMED * (item.meta.kind in asked.named)
            + _TIME * _in_time(query.text, item.meta)
        )
        for run in _runs_of(corpus, asked, item, item.score / top, gain):
            key = (item.meta.id, run.group[run.first].start, run.group[run.last].end)
            if key not in best or best[key].score < run.score:
                best[key] = run
    return sorted(best.values(), key=lambda run: -run.score)


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
    group, at = run.group, run.opening
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


def _runs_of(corpus: Corpus, asked: _Asked, item: Evidence, relative: float, gain: float) -> Iterator[Run]:
    """The runs in and beside a passage of a `relative` score, 0..1, each with the same `gain`."""
    group = tuple(quotes(corpus, replace(item, passage=corpus.with_neighbours(item.passage))))
    if not group:
        return
    section = item.passage.section
    heading = " > ".join(section[-2:])
    above = tokens(" ".join(section[-3:]))
    held = [tokens(piece.text) for piece in group]
    in_grams = [set(grams(words)) & asked.grams.keys() for words in (above, *held)]
    in_stems = [set(stems(words)) & asked.stems.keys() for words in (above, *held)]
    vectors = corpus.embedder.encode([p.text for p in group])
    closest = corpus.embedder.encode([f"{heading}\n{p.text}" for p in group]) @ asked.vector
    written = corpus.questions(item.meta.id).near([(group[0].start, group[-1].end)], asked.vector)
    alone: list[float] = []  # by piece: the spans of one piece come in order
    found: list[tuple[int, int, float]] = []
    for first, last in _spans(group, asked.longest, asked.most):
        pieces = slice(first, last + 1)
        inside = _inside(item, group[pieces])
        score = (
            gain
            + _SCORE * relative * (1.0 if inside else _BESIDE)
            + _INSIDE * inside
            + _GRAMS * share(asked.grams, in_grams[0].union(*in_grams[first + 1 : last + 2]))
            + _STEMS * share(asked.stems, in_stems[0].union(*in_stems[first + 1 : last + 2]))
            + _CLOSE * _closeness(group[pieces], vectors[pieces], asked.vector)
            + _CLOSEST * max(0.0, float(closest[pieces].max()))
            + _WRITTEN * written.closest(group[first].start, group[last].end)
            + _FITS * fits(asked.kinds, " ".join(p.text for p in group[pieces]))
        )
        if first == last:
            alone.append(score)
        length = max(group[last].end - group[first].start, _SHORTEST)
        found.append((first, last, score + _LENGTH * math.log(length / LONGEST)))
    for first, last, score in found:
        yield Run(group, tuple(alone), first, last, score)


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


def _closeness(pieces: Sequence[Quote], vectors: Vectors, question: Vectors) -> float:
    """Cosine of a question with a run, whose vector is the mean of its sentences' by their length, 0..1."""
    mean = np.array([p.end - p.start for p in pieces], dtype=np.float32) @ vectors
    return max(0.0, float(mean @ question / (np.linalg.norm(mean) or 1.0)))


def _inside(item: Evidence, pieces: Sequence[Quote]) -> float:
    """Share of the pieces' characters that lie in the passage that was found, 0..1."""
    start, end = item.passage.start, item.passage.end
    within = sum(max(0, min(p.end, end) - max(p.start, start)) for p in pieces)
    return within / sum(p.end - p.start for p in pieces)


def _in_time(question: str, meta: Metadata) -> int:
    """How a decision suits the time and the stage that the question names: 1 for each that is meant, -1 for another."""
    asked = cues(question)
    if meta.kind != "beslissing":
        return 0
    suits = 0
    if asked.period and meta.date:
        suits += 1 if asked.period[0] <= meta.date <= asked.period[1] else -1
    if asked.stage and meta.stage:
        suits += 1 if asked.stage == meta.stage else -1
    return suits
