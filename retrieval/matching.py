"""From a text of many promises, such as a section of the coalition agreement, to the documents that carry it out.

A question names one thing, a section names many, each in its own sentence. So every sentence is compared with
every document, words count by how rare they are, titles count apart, and the first documents found say what
the others should be like. The weights were chosen on half of the sections of `evals.matching_bench`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from ingest.analysis import content_words, grams, tokens
from ingest.lexical import question_terms
from ingest.reading import sentences
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus
from retrieval.records import Filters

LONG = 40  # words with meaning; a question has fewer, a text to be matched has more
WEIGHTS: Mapping[str, float] = {"words": 1.0, "promises": 1.0, "title": 0.5}
FEEDBACK = 0.6  # what closeness to the first documents may add
FIRST = 5  # how many documents the feedback is taken from
DEPTH = 1000  # passages that share words with the text; their documents are the candidates
TOP = 10  # the place of the document whose score is the unit of a channel
SPEAKING = 3  # passages that stand for a document: all of a decision, the best of a longer document
DECISIONS = Filters(kind=("beslissing",))
_RARITY = 0.5  # the power of the inverse document frequency that a word's weight has beyond BM25's own
_TITLE_GRAMS = 235  # of a middling decision; keeps a title of one word from being the best match
CLIP=1e9
_AFTER = 0.999  # of the lowest score of the first passages: where the further ones begin

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """A document that a text leads to.

    `score` is at least 0, higher is better, comparable within one text only. `rows` are the passages that share
    words with the text, best first, at most `SPEAKING`. `promise` is the sentence of the text that the document
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
    """The `k` decisions that carry out what a text promises, best first; fewer when fewer share a word with it."""
    admitted = {meta.id for meta in corpus.documents() if filters.admit(meta)}
    mask = np.fromiter((p.document_id in admitted for p in corpus.passages), bool, len(corpus.passages))
    return matches(corpus, text, mask)[:k]


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
    """The documents that share words with a text, best first; `admitted` is a mask over the passages."""
    asked = _Asked.of(corpus, text)
    speaking = _speaking(corpus, asked, admitted)
    if not speaking:
        return []
    metas = [corpus.metadata(name) for name in speaking]
    promises = [text[start:end] for start, end in sentences(text)]
    documents = np.array([corpus.vectors[list(hits)].mean(axis=0) for hits in speaking.values()], np.float64)
    documents = _unit(documents)
    closeness = documents @ corpus.embedder.encode(promises).T.astype(np.float64)
    channels = {
        "words": np.array([max(hits.values()) for hits in speaking.values()]),
        "promises": np.square(np.maximum(closeness, 0)).sum(axis=1),
        "title": np.array([asked.title(meta) for meta in metas]),
    }
    scores = _scaled(sum((WEIGHTS[name] * _scaled(channel) for name, channel in channels.items())))
    scores = scores + FEEDBACK * _scaled(documents @ _centre(documents, scores))
    best = closeness.argmax(axis=1)
    return [
        Match(
            metas[i],
            float(scores[i]),
            tuple(speaking[metas[i].id]),
            promises[best[i]],
            float(closeness[i, best[i]]),
        )
        for i in np.argsort(-scores, kind="stable")
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
        names = set(grams(tokens(f"{meta.title} {meta.official_title or ''}")))
        shared = sum(self.weights[gram] * self.rarity[gram] for gram in names & self.weights.keys())
        return shared / sqrt(len(names) + _TITLE_GRAMS)


def _rarity(frequency: int, passages: int) -> float:
    """Robertson's inverse document frequency: 1 of 10 passages -> 1.99."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _speaking(corpus: Corpus, asked: _Asked, admitted: Mask | None) -> dict[str, dict[int, float]]:
    """For each candidate its best rows with their BM25 scores, best first."""
    depth = DEPTH if admitted is None else max(1, len(corpus.passages))
    speaking: dict[str, dict[int, float]] = {}
    for row, score in corpus.lexical.search("grams", list(asked.weights.items()), depth):
        if admitted is None or admitted[row]:
            rows = speaking.setdefault(corpus.passages[row].document_id, {})
            if len(rows) < SPEAKING:
                rows[row] = score
    return speaking


def _centre(documents: Floats, scores: Floats) -> Floats:
    """The unit vector of what the first documents are about, each counted by its score."""
    first = np.argsort(-scores, kind="stable")[:FIRST]
    return _unit(np.minimum(scores[first], CLIP) @ documents[first])


def _scaled(channel: Floats) -> Floats:
    """A channel with nothing below 0 and its `TOP`-th best at 1, or its last: `[4, 2, -1]` -> `[2, 1, 0]`.

    Not its best, since a document that holds the text itself would leave no difference between all others.
    """
    positive = np.maximum(channel, 0.0)
    top = float(np.sort(positive[positive > 0])[-TOP:][0]) if positive.any() else 1.0
    return positive / top


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
