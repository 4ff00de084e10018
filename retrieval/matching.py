"""From a text of many promises, such as a section of the coalition agreement, to the documents that carry it out.

A question names one thing, a section names many, each in its own sentence. So every sentence is compared with
every document, words count by how rare they are, titles count apart, and the first documents found say what
the others should be like. The weights were chosen on half of the sections of `evals.matching_bench`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, log, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.analysis import content_words, grams, tokens
from ingest.embed import Vectors
from ingest.lexical import question_terms
from ingest.reading import sentences
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus
from retrieval.records import Filters

LONG = 30  # words with meaning: a question has fewer, a text to be matched has more
WEIGHTS: Mapping[str, float] = {"words": 1.2, "promises": 1.0, "title": 0.5}
FEEDBACK = 0.6  # what closeness to the first documents may add
FIRST = 5  # how many documents the feedback is taken from
DEPTH = 1000  # passages that share words with the text; their documents are the candidates
SPEAKING = 3  # passages that stand for a document: all of a decision, the best of a longer document
DECISIONS = Filters(kind=("beslissing",))
_RARITY = 0.5  # the power of the inverse document frequency that a word's weight has beyond BM25's own
_TITLE_GRAMS = 235  # of a middling decision; keeps a title of one word from being the best match
_AFTER = 0.999  # of the lowest score of the first passages: where the further ones begin

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """A document that a text leads to.

    `score` is at least 0, higher is better, comparable within one text only. `rows` are the passages that speak
    for it, best first, at most `SPEAKING`. `promise` is the sentence of the text that the document
    is closest to, `closeness` their cosine, -1..1.
    """

    meta: Metadata
    score: float
    rows: tuple[int, ...]
    promise: str
    closeness: float

    def passages(self, corpus: Corpus) -> tuple[Passage, ...]:
        """The passages that matched, best first."""
        return tuple(corpus.passages[row] for row in self.rows)


@dataclass(frozen=True, slots=True)
class File:
    """One file as the text leads to it: its best match, and all its decisions in the corpus, oldest first."""

    best: Match
    decisions: tuple[Metadata, ...]


def decisions_for(corpus: Corpus, text: str, *, k: int = 100, filters: Filters = DECISIONS) -> list[Match]:
    """The `k` decisions that carry out what a text promises, best first."""
    return matches(corpus, text, corpus.admitted(filters))[:k]


def files(corpus: Corpus, found: Sequence[Match]) -> list[File]:
    """Matched decisions by file, best first: successive stages stand in one line of history.

    A stage that was not matched itself comes along with one that was.
    """
    grouped: list[File] = []
    taken: set[str] = set()
    for match in found:
        if match.meta.id not in taken:
            family = [m for m in corpus.families.of(match.meta) if m.id not in taken]
            taken.update(m.id for m in family)
            grouped.append(File(match, tuple(family)))
    return grouped


def is_long(text: str) -> bool:
    """Whether a question is a text to be matched rather than something asked."""
    return len(content_words(text)) > LONG


def passage_scores(corpus: Corpus, text: str, admitted: Mask | None = None) -> dict[int, float]:
    """Scores by row that put the best passage of each document first, in the order of the documents."""
    found = matches(corpus, text, admitted)
    scores = {match.rows[0]: match.score for match in found}
    further = [row for match in found for row in match.rows[1:]]
    lowest = min(scores.values(), default=0.0) * _AFTER
    return scores | {row: lowest * (1 - n / len(further)) for n, row in enumerate(further)}


def matches(corpus: Corpus, text: str, admitted: Mask | None = None) -> list[Match]:
    """The documents that a text leads to, best first; `admitted` is a mask over the passages.

    Scores are scaled and the feedback is taken among decisions, where there are any: the agreement that holds the
    text itself would else leave no difference between all others.
    """
    asked = _Asked.of(corpus, text)
    speaking = _speaking(corpus, asked, corpus.embedder.encode_query(text), admitted)
    promises = [text[start:end] for start, end in sentences(text)]
    if not speaking or not promises:
        return []
    metas = [corpus.metadata(name) for name in speaking]
    decisions = np.array([meta.kind == "beslissing" for meta in metas])
    decisions |= not decisions.any()
    documents = _unit(np.array([corpus.vectors[list(spoken)].mean(axis=0) for spoken in speaking.values()]))
    closeness = documents @ corpus.embedder.encode(promises).T
    channels = {
        "words": np.array([max(spoken.values()) for spoken in speaking.values()]),
        "promises": np.square(np.maximum(closeness, 0)).sum(axis=1),
        "title": np.array([asked.title(meta) for meta in metas]),
    }
    scores = np.zeros(len(metas))
    for name, channel in channels.items():
        scores += WEIGHTS[name] * _scaled(channel, decisions)
    scores = _scaled(scores, decisions)
    centre = _centre(documents, np.where(decisions, scores, 0.0))
    scores += FEEDBACK * _scaled(documents @ centre, decisions)
    best = closeness.argmax(axis=1)
    return [
        Match(metas[i], float(scores[i]), tuple(spoken), promises[best[i]], float(closeness[i, best[i]]))
        for i, spoken in ((i, speaking[metas[i].id]) for i in np.argsort(-scores, kind="stable"))
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The character n-grams of a text: `weights` for BM25, and `rarity`, the inverse document frequency."""

    weights: Mapping[str, float]
    rarity: Mapping[str, float]

    @classmethod
    def of(cls, corpus: Corpus, text: str) -> "_Asked":
        counts = dict(question_terms(text, "grams"))
        rarity = {
            gram: _rarity(corpus.lexical.frequency("grams", gram), len(corpus.passages)) for gram in counts
        }
        return cls({gram: n * rarity[gram] ** _RARITY for gram, n in counts.items()}, rarity)

    def title(self, meta: Metadata) -> float:
        """How much of the text a title speaks of, by the square root of its length."""
        names = _named(f"{meta.title} {meta.official_title or ''}")
        shared = fsum(self.weights[gram] * self.rarity[gram] for gram in names & self.weights.keys())
        return shared / sqrt(len(names) + _TITLE_GRAMS)


@lru_cache(maxsize=4096)
def _named(title: str) -> frozenset[str]:
    """The n-grams of a title, kept: every section asks for those of nearly every decision."""
    return frozenset(grams(tokens(title)))


def _rarity(frequency: int, passages: int) -> float:
    """Robertson's inverse document frequency: 1 of 10 passages -> 1.99."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _speaking(
    corpus: Corpus, asked: _Asked, vector: Vectors, admitted: Mask | None
) -> dict[str, dict[int, float]]:
    """For each candidate the passages that speak for it, with their BM25 scores, best first.

    Candidates are the documents of the `DEPTH` passages with most words in common and of the `DEPTH` nearest ones. What
    BM25 has not ranked counts as the last that it has.
    """
    worded = corpus.lexical.search("grams", list(asked.weights.items()), DEPTH, admitted)
    lowest = worded[-1][1] if worded else 0.0
    closeness = corpus.vectors @ vector
    if admitted is not None:
        closeness = np.where(admitted, closeness, -np.inf)
    near = np.argsort(-closeness, kind="stable")[:DEPTH]
    nearest = [int(row) for row in near if closeness[row] > -np.inf]
    speaking: dict[str, dict[int, float]] = {}
    for row, score in (*worded, *((row, lowest) for row in nearest)):
        spoken = speaking.setdefault(corpus.passages[row].document_id, {})
        if len(spoken) < SPEAKING:
            spoken.setdefault(row, score)
    for name, spoken in speaking.items():
        for row in corpus.rows_of(name)[:SPEAKING]:
            if len(spoken) < len(corpus.rows_of(name)) <= SPEAKING:
                spoken.setdefault(row, lowest)
    return speaking


def _centre(documents: Floats, scores: Floats) -> Floats:
    """The unit vector of what the first documents are about, each counted by its score."""
    first = np.argsort(-scores, kind="stable")[:FIRST]
    return _unit(scores[first] @ documents[first])


def _scaled(channel: Floats, decisions: Mask) -> Floats:
    """A channel with its best decision at 1 and nothing below 0: `[2, 1, -1]` -> `[1, 0.5, 0]`."""
    positive: Floats = np.maximum(channel, 0.0)
    top = float(positive[decisions].max())
    return positive / top if top > 0 else positive


def _unit(vectors: npt.NDArray[Any]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)
    return unit
