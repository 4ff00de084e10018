"""The questions that a threshold is calibrated on, each answered without one.

Three groups: gold questions; made pairs, of which one is unanswerable; and written questions of the snapshot with
their own document (and the rest of its file) withheld, so that nothing that is left answers them. A written question
with its document would find itself.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from answer.ask import ask
from answer.asked_before import asked_before
from answer.records import Answer
from answer.support import features
from evals.answers import Asked, right
from evals.gold import GoldQuestion, resolved
from evals.systematic import made_questions
from ingest.records import Question
from retrieval.corpus import Corpus
from retrieval.query import understand
from retrieval.records import Filters, Turn

Group = Literal["gold", "made", "withheld"]
GROUPS: tuple[Group, ...] = ("gold", "made", "withheld")
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question as it was answered without a threshold.

    `right` is 0 or 1. `features` is None where nothing is weighed: refused by a rule, or answered from the ledger
    (`trusted`). `odds` are those of `AskedBefore`, None where no question was written for what was found.
    """

    question: str
    group: Group
    answerable: bool
    right: float
    features: npt.NDArray[np.float64] | None
    trusted: bool = False
    odds: float | None = None

    @property
    def refused(self) -> bool:
        """Whether a rule refused it."""
        return self.features is None and not self.trusted


def samples(
    corpus: Corpus,
    gold: Sequence[GoldQuestion],
    *,
    pairs: int = 100,
    withheld: int = 150,
    seed: int = 7,
    report: Report = lambda *_: None,
) -> list[Sample]:
    """Every group's samples, in the same order for one corpus, gold and seed; each question takes one answer."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    listed = [question for question in corpus.catalog.questions() if question.kind == "answered"]
    drawn = chance.sample(listed, len(listed))
    apart = [q for q in drawn if _is_decision(corpus, q)][:withheld]
    asked: list[Callable[[], Sample]] = [
        *(lambda q=q: _of_gold(corpus, q) for q in gold),
        *(lambda m=m: _sample(corpus, m.question, "made", m.answerable, lambda _: m.answerable) for m in made_questions(corpus, pairs)),
        *(lambda q=q: _sample(corpus, q.text, "withheld", False, lambda _: False, _without(corpus, q)) for q in apart),
    ]  # fmt: skip
    made = []
    for number, ask_one in enumerate(asked, 1):
        made.append(ask_one())
        report("vragen", number, len(asked))
    return made


def _of_gold(corpus: Corpus, question: GoldQuestion) -> Sample:
    question = resolved(question, corpus)
    return _sample(
        corpus,
        question.question,
        "gold",
        question.answerable,
        lambda answer: bool(right(Asked(question, answer.as_json()))),
        history=question.history,
    )


def _sample(
    corpus: Corpus,
    question: str,
    group: Group,
    answerable: bool,
    is_right: Callable[[Answer], bool],
    filters: Filters = Filters(),  # noqa: B008 - frozen
    history: Sequence[Turn] = (),
) -> Sample:
    answer = ask(corpus, question, history=history, filters=filters, least_support=0.0)
    if answer.status == "refused":
        return Sample(question, group, answerable, 0.0, None)
    hit = float(answerable and is_right(answer))
    if any(figure.source == "cell" for claim in answer.claims for figure in claim.figures):
        return Sample(question, group, answerable, hit, None, trusted=True)
    query = understand(question, history, corpus.terms)
    weighed = features(corpus, query, answer.citations, answer.evidence)
    before = asked_before(corpus, query, answer.evidence)
    return Sample(question, group, answerable, hit, weighed, odds=before.odds if before.known else None)


def _is_decision(corpus: Corpus, question: Question) -> bool:
    return corpus.metadata(question.document_id).kind == "beslissing"


def _without(corpus: Corpus, question: Question) -> Filters:
    """Every document but those of the file that a question is about."""
    file = {m.id for m in corpus.families.of(corpus.metadata(question.document_id))}
    return Filters(document=tuple(m.id for m in corpus.documents() if m.id not in file))
