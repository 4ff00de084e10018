"""What a place makes people ask and no document tells, as far as somebody has written it down.

Questions are written beside the documents: those that a place answers and those that it leaves open (`ingest.records`).
A question that is likelier one of the latter is refused.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from answer.records import Citation, Refusal
from ingest.embed import question_embedder
from ingest.records import Question
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import Written

_TEMPERATURE = 0.05  # of the cosines, that of the model's training
_LIKELY = 0.6  # that a question is left open, from where on it is refused (docs/decisions/0010)


def left_open(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """The refusal of a question that is likely one that its surroundings leave open, with the place that made people ask it."""
    answered, unanswered = _asked_before(corpus, query, evidence)
    told, left = _weight(answered), _weight(unanswered)
    if not unanswered or left < _LIKELY * (told + left):
        return None
    question = max(unanswered, key=lambda written: written.closeness).question
    place = _place(corpus, question)
    if question.kind == "premise":
        return Refusal("false_premise", message("told_otherwise", query.reply_in), place)
    return Refusal("not_in_corpus", message("left_open", query.reply_in), place)


def _asked_before(
    corpus: Corpus, query: Query, evidence: Sequence[Evidence]
) -> tuple[list[Written], list[Written]]:
    """What was asked about the passages found before: what they answer, and what they leave open."""
    asked = question_embedder().encode_query(query.sentence())
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for e in evidence:
        spans[e.meta.id].append((e.passage.start, e.passage.end))
    answered: list[Written] = []
    unanswered: list[Written] = []
    for document_id, found in spans.items():
        before = corpus.asked_before(document_id)
        answered += before.answered.around(found, asked)
        unanswered += before.unanswered.around(found, asked)
    return answered, unanswered


def _weight(written: Iterable[Written]) -> float:
    """How much these questions speak for being one of them: the sum of a softmax before it is divided."""
    return sum(math.exp((one.closeness - 1) / _TEMPERATURE) for one in written)


def _place(corpus: Corpus, question: Question) -> tuple[Citation, ...]:
    """What stands where an open question was asked; none where that is all of a document."""
    document = corpus.document(question.document_id)
    if question.span is None or document is None:
        return ()
    start, end = question.span
    block = next(iter(corpus.blocks(document.id, start, end)), None)
    section, page = block.section if block else (), corpus.page_at(document.id, start)
    return (Citation.of(1, document.meta, page, section, start, document.text[start:end]),)
