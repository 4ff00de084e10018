"""Twins: how often the right passage comes first where another looks just like it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.ablation import SEARCHES, Compared, Searching, as_it_is, compared, found, with_ranking
from evals.gold import GoldQuestion, Piece
from evals.matching import Found, holds
from evals.measures import Row, measure
from retrieval.corpus import Corpus
from retrieval.search import RANKING

BEFORE = "voor de tweeling"
TWIN_MEASURES = ("success@1", BEFORE, "mrr")
_WITHOUT = with_ranking(replace(RANKING, twins=0))


def twin_ranking(corpus: Corpus, gold: Sequence[GoldQuestion]) -> Iterator[Compared]:
    """The questions that have a twin, with twins told apart and without: all, and by the kind of their document."""
    mine = [question for question in gold if question.twin]
    if not mine:
        return
    whole, without = _rows(corpus, mine, as_it_is), _rows(corpus, mine, _WITHOUT)
    kinds = {question.id: _kind(corpus, question) for question in mine}
    yield compared("alle", "", whole, without, measures=TWIN_MEASURES)
    for kind in sorted(set(kinds.values())):
        ids = frozenset(name for name, of in kinds.items() if of == kind)
        yield compared(kind, "", whole, without, ids, TWIN_MEASURES)


def before_twin(question: GoldQuestion, passages: Sequence[Found]) -> float:
    """1 when a passage with the evidence comes before any passage with the twin, else 0.

    A passage that holds both is right. Evidence that was not found is not before anything.
    """
    right = _rank(passages, (*question.evidence, *question.alt_evidence))
    wrong = _rank(passages, question.twin)
    return float(right < len(passages) and right <= wrong)


def _rank(passages: Sequence[Found], pieces: Sequence[Piece]) -> int:
    """The place, from 0, of the first passage that holds one of the pieces; their number when none does."""
    held = (n for n, p in enumerate(passages) if any(holds(p, piece) for piece in pieces))
    return next(held, len(passages))


def _rows(corpus: Corpus, gold: Sequence[GoldQuestion], searching: Searching) -> list[Row]:
    results: Mapping[str, Any] = found(corpus, gold, searching)
    rows = measure(gold, results, of=SEARCHES)
    return [
        replace(row, values={**row.values, BEFORE: before_twin(q, results[q.id]["passages"])})
        for row, q in zip(rows, gold, strict=True)
    ]


def _kind(corpus: Corpus, question: GoldQuestion) -> str:
    """The kinds of the documents that hold the evidence, with a plus between."""
    documents = (corpus.document(piece.doc) for piece in question.evidence)
    return "+".join(sorted({document.meta.kind for document in documents if document}))
