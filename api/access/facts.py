"""What is known of one request while it is served, for its row in the audit log and in the metrics."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from answer.records import Answer
from api.access.scopes import Scope
from retrieval.corpus import Corpus


@dataclass(slots=True)
class Facts:
    """Filled in by whoever comes to know it: `key` and `scopes` by the gate, the rest while the answer is made.

    `scopes` is None where no key is needed. `outcome` is the status of the answer, with the reason when it was refused; `evidence` counts its passages.
    """

    request_id: str = "-"
    key: str | None = None
    scopes: Sequence[Scope] | None = None
    snapshot: str | None = None
    mode: str | None = None
    outcome: str | None = None
    evidence: int | None = None
    questions: list[str] = field(default_factory=list)


_facts: ContextVar[Facts | None] = ContextVar("_facts", default=None)


def begin(facts: Facts) -> None:
    """Make these the facts of all that runs from here on in this context."""
    _facts.set(facts)


def current() -> Facts:
    """The facts of the request that is being served; outside a request, facts that nobody reads."""
    return _facts.get() or Facts()


def noted(
    asking: Callable[..., Answer], answered: Callable[[Answer], None] = lambda _: None
) -> Callable[..., Answer]:
    """Asking that notes what became of the question; the answer is also told to `answered`."""

    def asked(corpus: Corpus, question: str, **how: Any) -> Answer:
        answer = asking(corpus, question, **how)
        facts = current()
        facts.snapshot, facts.mode = answer.corpus_version, answer.mode
        facts.outcome = f"{answer.status}: {answer.refusal.reason}" if answer.refusal else answer.status
        facts.evidence = len(answer.evidence)
        facts.questions.append(question)
        answered(answer)
        return answer

    return asked
