"""Which decisions carry out a promise: a pair is judged by how much of each the other speaks of.

A section leads to hundreds of decisions, a promise in it often to none. So what is asked here is not which one comes
first but whether it may count at all. The weights turn five measures into the share of such pairs that a reader
called right; they were fitted on 113 of 334 pairs judged by reading. Of the other 221, 65 reach `ENOUGH`: 78 % of
those are right, and they are half of all right ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ingest.analysis import STOPWORDS, content_words, grams, stems, tokens
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.matching import Match

ENOUGH = 0.55  # of the strength, from where a decision counts for a promise
_POWER = 1.5  # of a gram's inverse document frequency
_RAREST = 4  # words that say how much of its own a promise has

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Support:
    """A decision beside a promise; `strength` 0..1 is the share of such pairs that a reader calls right."""

    meta: Metadata
    strength: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What each measure adds to the log-odds.

    `title` is the cosine of promise and title; `covered` the share of the promise's grams, by rarity, that the
    decision has; `told` the share of the title's that the promise has; `section` the score of the decision for
    the whole section; `own` how rare the promise's rarest words are.
    """

    title: float
    covered: float
    told: float
    section: float
    own: float
    constant: float


WEIGHTS = Weights(title=1.72, covered=3.03, told=3.15, section=1.26, own=1.12, constant=-6.0)


def supports(
    corpus: Corpus, promises: Sequence[str], matched: Sequence[Match], *, domain: str = "", most: int = 20
) -> list[tuple[Support, ...]]:
    """For each promise the `most` decisions with the strongest support, best first; `matched` are the section's.

    Only decisions among `matched` are weighed, so that filters and time hold here too. The words of the `domain`
    tell nothing apart: under Dierenwelzijn every promise and every decision is about that.
    """
    if not matched:
        return [() for _ in promises]
    read = _read(corpus)
    rows = np.array([read.row[match.meta.id] for match in matched])
    section = np.array([match.score for match in matched])
    vectors = corpus.embedder.encode(list(promises))
    common = frozenset(stems(content_words(domain))) if domain else frozenset()
    found = []
    for promise, vector in zip(promises, vectors, strict=True):
        strengths = _strengths(read, rows, section, _without(promise, common), vector)
        best = nlargest(most, range(len(rows)), key=lambda i: (strengths[i], matched[i].meta.id))
        found.append(tuple(Support(matched[i].meta, float(strengths[i])) for i in best))
    return found


def measures(read: "_Read", rows: Rows, section: Floats, promise: str, vector: npt.NDArray[Any]) -> Floats:
    """The five measures of `Weights` in its order, one row for each decision."""
    named = set(grams(content_words(promise)))
    covered, told = np.zeros(len(read.titles)), np.zeros(len(read.titles))
    for gram in named & read.holding.keys():
        covered[read.holding[gram]] += read.rarity[gram] ** _POWER
    for gram in named & read.titled.keys():
        told[read.titled[gram]] += read.rarity[gram]
    whole = sum(read.rarity.get(gram, read.rarest) ** _POWER for gram in named)
    own = sum(nlargest(_RAREST, (read.word_rarity.get(s, 0.0) for s in set(stems(content_words(promise))))))
    return np.stack(
        [
            read.titles[rows] @ vector,
            covered[rows] / max(whole, 1.0),
            told[rows] / read.title_mass[rows],
            section,
            np.full(len(rows), own / (_RAREST * 5)),
        ],
        axis=1,
    )


def _without(promise: str, common: frozenset[str]) -> str:
    """A promise without the words that are common; all of it when nothing would be left."""
    kept = [word for word in promise.split() if common.isdisjoint(stems(content_words(word)))]
    return " ".join(kept) or promise


def _strengths(read: "_Read", rows: Rows, section: Floats, promise: str, vector: npt.NDArray[Any]) -> Floats:
    w = WEIGHTS
    weights = np.array([w.title, w.covered, w.told, w.section, w.own])
    strengths: Floats = 1 / (
        1 + np.exp(-(measures(read, rows, section, promise, vector) @ weights + w.constant))
    )
    return strengths


@dataclass(frozen=True, slots=True)
class _Read:
    """The decisions as the measures need them; `row` numbers them, `titles` are vectors, one row each.

    `holding` and `titled` are the decisions whose text, or title, has a gram.
    """

    row: dict[str, int]
    titles: npt.NDArray[Any]
    holding: dict[str, Rows]
    titled: dict[str, Rows]
    title_mass: Floats
    rarity: dict[str, float]
    rarest: float
    word_rarity: dict[str, float]


_READ: WeakKeyDictionary[Corpus, _Read] = WeakKeyDictionary()


def _read(corpus: Corpus) -> _Read:
    """Read once for each corpus: it takes seconds and every section needs it."""
    if corpus not in _READ:
        _READ[corpus] = _read_decisions(corpus)
    return _READ[corpus]


def _read_decisions(corpus: Corpus) -> _Read:
    metas = [meta for meta in corpus.documents() if meta.kind == "beslissing"]
    texts = [document.text if (document := corpus.document(meta.id)) else meta.title for meta in metas]
    holding = _postings([_grams(text) for text in texts])
    titled = _postings([_grams(meta.title) for meta in metas])
    words = _postings([set(stems(content_words(text))) for text in texts])
    rarity = {gram: _rarity(len(rows), len(metas)) for gram, rows in holding.items()}
    mass = np.ones(len(metas))
    for gram, rows in titled.items():
        mass[rows] += rarity[gram]
    return _Read(
        {meta.id: row for row, meta in enumerate(metas)},
        corpus.embedder.encode([meta.title for meta in metas]),
        holding,
        titled,
        mass,
        rarity,
        _rarity(0, len(metas)),
        {word: _rarity(len(rows), len(metas)) for word, rows in words.items()},
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
