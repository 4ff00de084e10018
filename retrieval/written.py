"""How close a question comes to the questions that were written for places in the documents.

People ask in words that documents avoid; whoever wrote a question beside a place used such words too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.embed import Embedder, Vectors, question_embedder
from ingest.records import Passage, Question

if TYPE_CHECKING:
    from retrieval.corpus import Corpus

_COMPARED = 20  # the closest by their vectors are compared word by word
_KEPT = 4_096  # questions whose words are kept, about 5 KB each
_ANYWHERE = (0, np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Near:
    """Written questions around a place, in the order of their document, beside what is asked.

    `places` is int64 (n, 2), from where to where their answers stand; `closeness` is float64 (n,), their cosines.
    """

    questions: Sequence[Question]
    places: npt.NDArray[np.int64]
    closeness: npt.NDArray[np.float64]

    @classmethod
    def of(cls, likenesses: Sequence[tuple[float, Question]]) -> "Near":
        """Questions with how alike each is, in the place of its closeness."""
        return cls(
            [question for _, question in likenesses],
            _places([question for _, question in likenesses]),
            np.array([alike for alike, _ in likenesses], dtype=np.float64),
        )

    def closest(self, start: int, end: int) -> float:
        """The closeness of the closest question, as far as the span holds the place that answers it; 0 without one."""
        return self._highest(self._held(start, end))

    def closest_reached(self, start: int, end: int) -> float:
        """The same, however little of that place the span holds."""
        return self._highest(np.sign(self._held(start, end)))

    def _highest(self, counts: npt.NDArray[np.float64]) -> float:
        return float((self.closeness * counts).max(initial=0.0))

    def _held(self, start: int, end: int) -> npt.NDArray[np.float64]:
        """How much of each place a span holds, 0..1."""
        first, last = self.places.T
        shared = np.maximum(0, np.minimum(last, end) - np.maximum(first, start))
        held: npt.NDArray[np.float64] = np.where(last == _ANYWHERE[1], 1.0, shared / (last - first))
        return held


class WrittenQuestions:
    """The questions written for one document.

    A document may have thousands and an answer looks at a few hundred, some of them several times: a vector is made
    when it is first needed, and kept. Safe to share between threads, since a vector made twice is the same.
    """

    def __init__(self, questions: Sequence[Question], embedder: Embedder) -> None:
        self._questions = questions
        self._embedder = embedder
        self._places = _places(questions)
        self._vectors = np.zeros((len(questions), embedder.dimension), dtype=np.float32)
        self._made = np.zeros(len(questions), dtype=bool)

    def __len__(self) -> int:
        return len(self._questions)

    def near(self, spans: Sequence[tuple[int, int]], asked: Vectors) -> Near:
        """Those written for one of the spans, for what reaches into it or for all of the document, each once.

        `asked` is the vector of what is asked.
        """
        reached = np.zeros(len(self), dtype=bool)
        for start, end in spans:
            reached |= (self._places[:, 0] < end) & (start < self._places[:, 1])
        rows = np.flatnonzero(reached)
        new = rows[~self._made[rows]]
        if len(new):
            self._vectors[new] = self._embedder.encode([self._questions[row].text for row in new])
            self._made[new] = True
        closeness = (self._vectors[rows] @ asked).astype(np.float64)
        return Near([self._questions[row] for row in rows.tolist()], self._places[rows], closeness)

    def closeness(self, start: int, end: int, asked: Vectors) -> float:
        """How close the closest of them comes, as far as the span holds the place that answers it; 0 without one."""
        return self.near([(start, end)], asked).closest(start, end)


def _places(questions: Sequence[Question]) -> npt.NDArray[np.int64]:
    return np.array([question.span or _ANYWHERE for question in questions], dtype=np.int64).reshape(-1, 2)


def likenesses(sentence: str, near: Sequence[Near]) -> list[tuple[float, Question]]:
    """How alike the closest written questions are to a sentence: half as a whole, half word by word.

    The closeness of `near` is that of the model that compares questions. Word by word a question that asks further
    (`in het tweede kwartaal`) is not the one that is asked.
    """
    pairs = [pair for one in near for pair in zip(one.closeness.tolist(), one.questions, strict=True)]
    words = _words(sentence)
    return [
        ((closeness + _shared(words, _words(question.text))) / 2, question)
        for closeness, question in sorted(pairs, key=lambda pair: -pair[0])[:_COMPARED]
    ]


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> tuple[Vectors, Vectors]:
    """The words of a question; an answer compares some written ones several times."""
    return question_embedder().words(text)


def _shared(a: tuple[Vectors, Vectors], b: tuple[Vectors, Vectors]) -> float:
    """How much of either question the other one asks too, by the nearest word to each word; the lesser of the two.

    Source: Khattab and Zaharia 2020 (late interaction).
    """
    if not a[1].any() or not b[1].any():
        return 0.0
    nearest = a[0] @ b[0].T
    return float(
        min(
            np.average(nearest.max(axis=1), weights=a[1]),
            np.average(nearest.max(axis=0), weights=b[1]),
        )
    )


def passage_closeness(corpus: "Corpus", passage: Passage, asked: Vectors) -> float:
    """How close the closest question comes that was written for a passage; 0 without one."""
    return corpus.questions(passage.document_id).closeness(passage.start, passage.end, asked)
