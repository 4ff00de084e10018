"""What a promise and a decision have in common, as numbers that a reader can check by hand.

A word tells a promise's decision from another's by being rare: among all decisions, and among the promises of the
section, where the section's own subject stands in nearly every one. Words of what a promise points back to count half.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ingest.analysis import STOPWORDS, content_words, grams, stems, tokens
from retrieval.corpus import Corpus
from retrieval.expansion import expand

NAMES = ("body", "specific", "told", "section", "own", "concept")
_POWER = 1.5  # of a gram's inverse document frequency
_RAREST = 4  # words that say how much of its own a promise has
_OWN = 5.0  # inverse document frequency of a word that is a promise's own
_HALF = 0.5  # what a word of the context counts beside one of the promise
_POINTS_BACK = re.compile(
    r"\b(?:hier|daar)(?:toe|voor|mee|bij|door|om|in|aan|van|op|over|uit)\b|^(?:\w+ ){0,2}(?:dit|deze|dat|die|zij|ze|zo|ook)\b",
    re.IGNORECASE,
)

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise with the sentences before it, in the section's own words; `context` may be empty."""

    text: str
    context: str = ""

    @property
    def leans(self) -> bool:
        """Whether it points back, so that what it is about stands in the context."""
        return bool(self.context and _POINTS_BACK.search(self.text))


@dataclass(frozen=True, slots=True)
class Read:
    """The decisions as the measures need them; `row` numbers them, vectors are of length 1, one row each.

    `holding` and `titled` are the decisions whose text, or title, has a gram; `worded` and `headed` a stem.
    """

    row: dict[str, int]
    bodies: npt.NDArray[Any]
    holding: dict[str, Rows]
    titled: dict[str, Rows]
    worded: dict[str, Rows]
    headed: dict[str, Rows]
    title_mass: Floats
    rarity: dict[str, float]
    rarest: float
    word_rarity: dict[str, float]


_READ: WeakKeyDictionary[Corpus, Read] = WeakKeyDictionary()


def read_once(corpus: Corpus) -> Read:
    """The decisions of a corpus, read once for each: it takes seconds and every section needs it."""
    if corpus not in _READ:
        _READ[corpus] = _read(corpus)
    return _READ[corpus]


def measures(
    corpus: Corpus, promises: Sequence[Promise], rows: Rows, section: Floats, common: frozenset[str]
) -> list[Floats]:
    """For each promise a matrix, one row for each decision of `rows`, one column for each of `NAMES`.

    `section` are the decisions' scores for the whole section; stems in `common` count for nothing.
    """
    read = read_once(corpus)
    vectors = _vectors(corpus, promises)
    named = [_weighed(promise, common) for promise in promises]
    shared = _shared(named)
    best = max(float(section.max(initial=0.0)), 1e-9)
    return [
        _measured(corpus, read, promise, weights, shared, vector, rows, section / best, common)
        for promise, weights, vector in zip(promises, named, vectors, strict=True)
    ]


def _measured(
    corpus: Corpus,
    read: Read,
    promise: Promise,
    weights: Mapping[str, float],
    shared: Mapping[str, float],
    vector: npt.NDArray[Any],
    rows: Rows,
    section: Floats,
    common: frozenset[str],
) -> Floats:
    specific, told = np.zeros(len(read.row)), np.zeros(len(read.row))
    whole = 0.0
    for gram, weight in weights.items():
        rare = read.rarity.get(gram, read.rarest)
        mass = weight * shared[gram] * rare**_POWER
        whole += mass
        if gram in read.holding:
            specific[read.holding[gram]] += mass
        if gram in read.titled:
            told[read.titled[gram]] += weight * rare
    words = _words(promise, common)
    own = sum(nlargest(_RAREST, (read.word_rarity.get(word, 0.0) for word in words))) / (_RAREST * _OWN)
    columns = (
        read.bodies[rows] @ vector,
        np.sqrt(specific[rows] / max(whole, 1.0)),
        told[rows] / read.title_mass[rows],
        section,
        np.full(len(rows), own),
        _concepts(corpus, read, promise)[rows],
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _vectors(corpus: Corpus, promises: Sequence[Promise]) -> npt.NDArray[Any]:
    """Unit vectors of the promises, those that lean on their context drawn half towards it."""
    own = corpus.embedder.encode([p.text for p in promises])
    around = corpus.embedder.encode([p.context or p.text for p in promises])
    leans = np.array([[_HALF if p.leans else 0.0] for p in promises])
    drawn = own + leans * around
    return np.asarray(drawn / np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), 1e-9))


def _weighed(promise: Promise, common: frozenset[str]) -> dict[str, float]:
    """The grams of a promise with 1, those of what it points back to with a half."""
    weights = dict.fromkeys(grams(_kept(promise.context, common)), _HALF) if promise.leans else {}
    return weights | dict.fromkeys(grams(_kept(promise.text, common)), 1.0)


def _kept(text: str, common: frozenset[str]) -> list[str]:
    words = [word for word in tokens(text) if word not in STOPWORDS]
    return [word for word in words if common.isdisjoint(stems([word]))] or words


def _words(promise: Promise, common: frozenset[str]) -> set[str]:
    text = f"{promise.context} {promise.text}" if promise.leans else promise.text
    return set(stems(content_words(text))) - common


def _shared(named: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much a gram is one promise's own, 0..1: in one of 9 promises 1, in all of them 0.05."""
    counts: dict[str, int] = {}
    for weights in named:
        for gram in weights:
            counts[gram] = counts.get(gram, 0) + 1
    most = log(len(named) + 1)
    return {gram: log((len(named) + 1) / n) / most for gram, n in counts.items()}


def _concepts(corpus: Corpus, read: Read, promise: Promise) -> Floats:
    """For each decision how surely it names, in other words, a concept that the promise names: in its title 1, else a half."""
    found = np.zeros(len(read.row))
    for expansion in expand(corpus.terms, promise.text):
        for label in expansion.added:
            keys = stems(content_words(label))
            for postings, weight in ((read.worded, _HALF), (read.headed, 1.0)):
                rows = _holding_all(postings, keys)
                found[rows] = np.maximum(found[rows], weight * expansion.weight)
    return found


def _holding_all(postings: Mapping[str, Rows], keys: Sequence[str]) -> Rows:
    """The decisions that have every stem."""
    none = np.array([], dtype=np.int32)
    rows: Rows = postings.get(keys[0], none) if keys else none
    for key in keys[1:]:
        rows = np.intersect1d(rows, postings.get(key, none))
    return rows


def _read(corpus: Corpus) -> Read:
    metas = [meta for meta in corpus.documents() if meta.kind == "beslissing"]
    texts = [document.text if (document := corpus.document(meta.id)) else meta.title for meta in metas]
    holding = _postings([_grams(text) for text in texts])
    titled = _postings([_grams(meta.title) for meta in metas])
    worded = _postings([set(stems(content_words(text))) for text in texts])
    headed = _postings([set(stems(content_words(meta.title))) for meta in metas])
    rarity = {gram: _rarity(len(rows), len(metas)) for gram, rows in holding.items()}
    mass = np.ones(len(metas))
    for gram, rows in titled.items():
        mass[rows] += rarity[gram]
    bodies = np.array([corpus.vectors[list(corpus.rows_of(meta.id))].mean(axis=0) for meta in metas])
    bodies /= np.maximum(np.linalg.norm(bodies, axis=1, keepdims=True), 1e-9)
    return Read(
        {meta.id: row for row, meta in enumerate(metas)},
        bodies,
        holding,
        titled,
        worded,
        headed,
        mass,
        rarity,
        _rarity(0, len(metas)),
        {word: _rarity(len(rows), len(metas)) for word, rows in worded.items()},
    )


def _grams(text: str) -> set[str]:
    return set(grams(word for word in tokens(text) if word not in STOPWORDS))


def _postings(terms: Sequence[set[str]]) -> dict[str, Rows]:
    """For each term the rows that have it."""
    rows: dict[str, list[int]] = {}
    for row, held in enumerate(terms):
        for term in held:
            rows.setdefault(term, []).append(row)
    return {term: np.array(held, dtype=np.int32) for term, held in rows.items()}


def _rarity(frequency: int, documents: int) -> float:
    """Robertson's inverse document frequency: 1 of 10 documents -> 1.99."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
