"""What was asked before about the passages that were found: what they answer, and what they leave open.

Questions are written beside the documents (`ingest.records.Question`). Whether a question is rather like those that are
answered or like those that are left open says better than anything else whether there is an answer.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from answer.records import Citation, Refusal
from ingest.embed import question_embedder
from ingest.records import Question
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import likenesses

_TEMPERATURE = 0.05  # of the cosines, that of the model's training
_LEAST = 1e-6  # about the weight of a question that has nothing in common with the one asked


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """How much speaks for a question being one that is answered or one that is left open; `closest` is of the latter."""

    answered: float
    left_open: float
    closest: Question | None

    @property
    def known(self) -> bool:
        """Whether any question was written for the passages."""
        return self.answered + self.left_open > 0

    @property
    def odds(self) -> float:
        """The natural logarithm of how much likelier it is an answered one; 0 where nothing was written."""
        return math.log((self.answered + _LEAST) / (self.left_open + _LEAST))


def asked_before(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> AskedBefore:
    """The question beside those that were written for the passages found: a softmax of likenesses, before it is divided."""
    sentence = query.sentence()
    asked = question_embedder().encode_query(sentence)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for e in evidence:
        spans[e.meta.id].append((e.passage.start, e.passage.end))
    told = [corpus.answered_questions(of).near(found, asked).closeness for of, found in spans.items()]
    left = likenesses(sentence, [corpus.open_questions(of).near(found, asked) for of, found in spans.items()])
    closest = max(left, key=lambda pair: pair[0], default=None)
    return AskedBefore(
        _weight(np.concatenate(told)) if told else 0.0,
        _weight(np.array([alike for alike, _ in left])),
        closest[1] if closest else None,
    )


def left_open(corpus: Corpus, query: Query, before: AskedBefore) -> Refusal:
    """How to refuse a question that is likely left open: with the place that made people ask it."""
    place = _place(corpus, before.closest) if before.closest else ()
    if before.closest and before.closest.kind == "premise":
        return Refusal("false_premise", message("told_otherwise", query.reply_in), place)
    return Refusal("not_in_corpus", message("left_open", query.reply_in), place)


def _weight(alike: npt.NDArray[np.float64]) -> float:
    return float(np.exp((alike - 1) / _TEMPERATURE).sum())


def _place(corpus: Corpus, question: Question) -> tuple[Citation, ...]:
    """What stands where a question was asked; none where that is all of a document."""
    document = corpus.document(question.document_id)
    if question.span is None or document is None:
        return ()
    start, end = question.span
    block = next(iter(corpus.blocks(document.id, start, end)), None)
    section, page = block.section if block else (), corpus.page_at(document.id, start)
    return (Citation.of(1, document.meta, page, section, start, document.text[start:end]),)
