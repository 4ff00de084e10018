"""How close a question comes to the questions that were written for places in the documents.

People ask in words that documents avoid; whoever wrote a question beside a place used such words too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.embed import Embedder, Vectors
from ingest.records import Passage, Question

if TYPE_CHECKING:
    from retrieval.corpus import Corpus

_ANYWHERE = (0, np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Written:
    """A written question and its cosine with what is asked."""

    question: Question
    closeness: float


class WrittenQuestions:
    """The questions written for one document.

    A document may have thousands and an answer looks at a few hundred, some of them several times: a vector is made
    when it is first needed, and kept. Safe to share between threads, since a vector made twice is the same.
    """

    def __init__(self, questions: Sequence[Question], embedder: Embedder) -> None:
        self._questions = questions
        self._embedder = embedder
        self._places = np.array([q.span or _ANYWHERE for q in questions], dtype=np.int64).reshape(-1, 2)
        self._vectors = np.zeros((len(questions), embedder.dimension), dtype=np.float32)
        self._made = np.zeros(len(questions), dtype=bool)

    def __len__(self) -> int:
        return len(self._questions)

    def near(self, start: int, end: int, asked: Vectors) -> list[Written]:
        """Those written for a span, for what reaches into it or for all of the document, beside the vector of what is asked."""
        return self.around([(start, end)], asked)

    def around(self, spans: Sequence[tuple[int, int]], asked: Vectors) -> list[Written]:
        """See `near`: those of any of the spans, each once."""
        reached = np.zeros(len(self), dtype=bool)
        for start, end in spans:
            reached |= (self._places[:, 0] < end) & (start < self._places[:, 1])
        rows = np.flatnonzero(reached)
        new = rows[~self._made[rows]]
        if len(new):
            self._vectors[new] = self._embedder.encode([self._questions[row].text for row in new])
            self._made[new] = True
        closeness = self._vectors[rows] @ asked
        return [
            Written(self._questions[row], float(close))
            for row, close in zip(rows.tolist(), closeness, strict=True)
        ]

    def closeness(self, start: int, end: int, asked: Vectors) -> float:
        """How close the closest of them comes, as far as the span holds the place that answers it; 0 without one."""
        return closest(self.near(start, end, asked), start, end)


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """What was asked of one document before, for comparison with what is asked now: answered in it, or by nothing."""

    answered: WrittenQuestions
    unanswered: WrittenQuestions

    @classmethod
    def of(cls, questions: Sequence[Question], embedder: Embedder) -> "AskedBefore":
        """These questions, apart."""
        told = [question for question in questions if question.kind == "answered"]
        left = [question for question in questions if question.kind != "answered"]
        return cls(WrittenQuestions(told, embedder), WrittenQuestions(left, embedder))


def passage_closeness(corpus: "Corpus", passage: Passage, asked: Vectors) -> float:
    """How close the closest question comes that was written for a passage; 0 without one."""
    return corpus.questions(passage.document_id).closeness(passage.start, passage.end, asked)


def closest(written: Sequence[Written], start: int, end: int) -> float:
    """The closeness of the closest question, as far as the span holds the place that answers it; 0 without one."""
    return max((0.0, *(w.closeness * _held(w.question.span, start, end) for w in written)))


def _held(span: tuple[int, int] | None, start: int, end: int) -> float:
    """The share of a place that lies in a span, 0..1."""
    return 1.0 if span is None else _shared(span, start, end) / (span[1] - span[0])


def _shared(span: tuple[int, int], start: int, end: int) -> int:
    """How many characters two spans share."""
    return max(0, min(span[1], end) - max(span[0], start))
