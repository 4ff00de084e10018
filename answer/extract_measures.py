"""What a piece of a passage is measured by, as the answer to a question: numbers that a reader can check.

`answer.extract_runs` weighs them; `evals.run_weights` fits the weights.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from answer.extract_asked import answers_asked, fits
from answer.quotes import Quote
from answer.weighing import rarity, share
from ingest.analysis import grams, tokens
from ingest.embed import Vectors, question_embedder
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import Near, likenesses

Floats = npt.NDArray[np.float64]

NAMES = (
    "passage",  # the score of the passage beside the best one's, 0..1
    "inside",  # share of the piece that lies in the passage, the rest being beside it, 0..1
    "time",  # how a decision suits the time and the stage that are named: 1 for each that is meant, -1 for another
    "before",  # share of the question, by rare character grams, that headings, the piece before and the piece hold, 0..1
    "after",  # the same with the piece after it
    "close",  # cosine with the question, headings and piece together, at least 0
    "written",  # closeness of the closest question that was written for a place the piece reaches into, 0..1
    "alike",  # likeness of the question most alike that was written for what the piece holds, as far as it holds that
    "words",  # mean over the words of the question of the best cosine with one of the piece, its headings and its title
    "fits",  # share of the kinds of answer asked for that the piece has, 0..1
    "length",  # natural logarithm of its characters
)
# Where none was written for a document: halfway between the pieces that answer and all pieces.
_NONE_WRITTEN, _NONE_ALIKE = 0.5, 0.35
_SHORTEST = 20  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what every piece is held against."""

    query: Query
    answers: Sequence[re.Pattern[str]]
    grams: Mapping[str, float]
    vector: Vectors
    compared: Vectors
    words: tuple[Vectors, Vectors]


def asked_of(corpus: Corpus, query: Query) -> Asked:
    """What the pieces of a passage are held against."""
    sentence = query.sentence()
    return Asked(
        query,
        answers_asked(query.text),
        rarity(corpus, query.terms("grams")),
        corpus.embedder.encode_query(sentence),
        question_embedder().encode_query(sentence),
        question_embedder().words(sentence),
    )


def measures(corpus: Corpus, asked: Asked, item: Evidence, group: Sequence[Quote], relative: float) -> Floats:
    """The measures of the pieces in and beside a passage of a `relative` score, float64 (pieces, NAMES)."""
    count = len(group)
    section = item.passage.section
    above = set(grams(tokens(" ".join(section[-3:])))) & asked.grams.keys()
    held = [above | set(grams(tokens(piece.text))) & asked.grams.keys() for piece in group]
    beside = [held[0], *held, held[-1]]
    heading = " > ".join(section[-2:])
    close = corpus.embedder.encode([f"{heading}\n{piece.text}" for piece in group]) @ asked.vector
    written, alike = _written(corpus, asked, item.meta, group)
    columns = (
        np.full(count, relative),
        [_inside(item, piece) for piece in group],
        np.full(count, _in_time(asked.query.text, item.meta)),
        [share(asked.grams, terms | before) for before, terms in zip(beside, held, strict=False)],
        [share(asked.grams, terms | after) for terms, after in zip(held, beside[2:], strict=True)],
        np.maximum(0.0, close),
        written,
        alike,
        _words(asked, " ".join((item.meta.title, heading)), group),
        [fits(asked.answers, piece.text) for piece in group],
        [math.log(max(piece.end - piece.start, _SHORTEST)) for piece in group],
    )
    return np.column_stack(columns).astype(np.float64)


def _written(
    corpus: Corpus, asked: Asked, meta: Metadata, group: Sequence[Quote]
) -> tuple[list[float], list[float]]:
    """`written` and `alike` of each piece."""
    if not corpus.questions(meta.id):
        return [_NONE_WRITTEN] * len(group), [_NONE_ALIKE] * len(group)
    around = [(group[0].start, group[-1].end)]
    near = corpus.questions(meta.id).near(around, asked.vector)
    compared = corpus.answered_questions(meta.id).near(around, asked.compared)
    most_alike = Near.of(likenesses(asked.query.sentence(), [compared]))
    return (
        [near.closest_reached(piece.start, piece.end) for piece in group],
        [most_alike.closest(piece.start, piece.end) for piece in group],
    )


def _words(asked: Asked, above: str, group: Sequence[Quote]) -> Floats:
    """`words` of each piece, by the model that compares questions. Source: Khattab and Zaharia 2020 (late interaction)."""
    vectors, weights = asked.words
    if not weights.any():
        return np.zeros(len(group))
    told = [
        vectors @ question_embedder().words(text)[0].T for text in (above, *(piece.text for piece in group))
    ]
    best = np.array([cosines.max(axis=1, initial=0.0) for cosines in told])
    return np.asarray(np.average(np.maximum(best[0], best[1:]), axis=1, weights=weights))


def _inside(item: Evidence, piece: Quote) -> float:
    within = min(piece.end, item.passage.end) - max(piece.start, item.passage.start)
    return max(0, within) / (piece.end - piece.start)


def _in_time(question: str, meta: Metadata) -> int:
    asked = cues(question)
    if meta.kind != "beslissing":
        return 0
    suits = 0
    if asked.period and meta.date:
        suits += 1 if asked.period[0] <= meta.date <= asked.period[1] else -1
    if asked.stage and meta.stage:
        suits += 1 if asked.stage == meta.stage else -1
    return suits
