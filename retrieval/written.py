"""How close a question comes to the questions that were written for places in the documents.

People ask in words that documents avoid; whoever wrote a question beside a place used such words too.
"""

from dataclasses import dataclass

from ingest.embed import Vectors
from ingest.records import Passage
from retrieval.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Written:
    """A written question: where its answer stands, None for anywhere in its document, and its cosine with what is asked."""

    span: tuple[int, int] | None
    closeness: float


def written_near(corpus: Corpus, document_id: str, start: int, end: int, asked: Vectors) -> list[Written]:
    """The questions written for a span of a document, or for what reaches into it."""
    near = corpus.questions_at(document_id, start, end)
    closeness = corpus.embedder.encode([q.text for q in near]) @ asked
    return [Written(q.span, float(close)) for q, close in zip(near, closeness, strict=True)]


def passage_closeness(corpus: Corpus, passage: Passage, asked: Vectors) -> float:
    """The closeness of the closest question that was written for a passage; 0 without one."""
    near = written_near(corpus, passage.document_id, passage.start, passage.end, asked)
    return closest(near, passage.start, passage.end)


def closest(written: list[Written], start: int, end: int) -> float:
    """The closeness of the closest question, as far as the span holds the place that answers it; 0 without one."""
    return max((0.0, *(w.closeness * _held(w.span, start, end) for w in written)))


def _held(span: tuple[int, int] | None, start: int, end: int) -> float:
    """The share of a place that lies in a span, 0..1."""
    return 1.0 if span is None else _shared(span, start, end) / (span[1] - span[0])


def _shared(span: tuple[int, int], start: int, end: int) -> int:
    """How many characters two spans share."""
    return max(0, min(span[1], end) - max(span[0], start))
