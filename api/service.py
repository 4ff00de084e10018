"""What the routes work with: the newest corpus, lent to a bounded number of threads.

Work runs in threads, so that the event loop stays free; when too many requests wait, the next is refused at
once (503 with Retry-After). What answers or composes, for seconds or with a model, has threads of its own, so
that a page is read meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query
from starlette.requests import Request

from answer.ask import Checkpoint, go_on
from answer.log import append
from answer.log_record import entry_of
from answer.model_compose import OnClaim
from answer.records import Answer
from api.access.facts import current
from api.bodies import AskBody
from api.live import Live
from api.problem import RETRY_AFTER, Problem
from ingest.records import Document
from retrieval.corpus import Corpus
from retrieval.records import Evidence, Filters, Turn

AT_ONCE = 8
MOST_WAITING = 64
DEADLINE = 60.0

T = TypeVar("T")
Span = tuple[int, int]


class Asking(Protocol):
    """What `answer.ask.ask` does."""

    def __call__(
        self,
        corpus: Corpus,
        question: str,
        *,
        history: Sequence[Turn],
        filters: Filters,
        on_claim: OnClaim | None = None,
        checkpoint: Checkpoint = go_on,
    ) -> Answer:
        """Answer a question."""


class Searching(Protocol):
    """What `retrieval.search.search` does."""

    def __call__(
        self,
        corpus: Corpus,
        question: str,
        *,
        history: Sequence[Turn],
        filters: Filters,
        k: int,
        per_document: int | None,
    ) -> list[Evidence]:
        """The best passages for a question."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with.

    `threads` are those that answer and compose, `reading` those that look up.
    `answers` is the log of the answers that are kept, before they are given: those that the asker wants kept, or
    every one when `keeps_all`. `deadline` is the seconds that an answer may take.
    `site` is the address at which people reach the pages, where that is not the one a request was sent to.
    """

    live: Live
    ask: Asking
    search: Searching
    threads: CapacityLimiter
    most_waiting: int
    store: Path
    answers: Path
    keeps_all: bool = False
    deadline: float = DEADLINE
    site: str | None = None
    reading: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    @property
    def is_busy(self) -> bool:
        """Whether a question that comes now has to wait for its turn."""
        return _is_full(self.threads)

    def address(self, request: Request | None) -> str | None:
        """The address of the pages, without a slash at the end; None when neither setting nor request tells it."""
        return self.site or (str(request.base_url).rstrip("/") if request else None)

    async def compose(self, job: Callable[[Corpus], T]) -> T:
        """Answer or compose with the newest corpus, in a thread. Raises: NotReady; Problem (503) when too many wait."""
        return await self._in_turn(self.threads, partial(self._with_corpus, job))

    async def run(self, job: Callable[[Corpus], T]) -> T:
        """Read the newest corpus, in a thread. Raises: NotReady; Problem (503) when too many wait."""
        return await self._in_turn(self.reading, partial(self._with_corpus, job))

    async def work(self, job: Callable[[], T]) -> T:
        """Do a job that needs no corpus, in a thread. Raises: Problem (503) when too many wait."""
        return await self._in_turn(self.reading, job)

    def answered(
        self,
        corpus: Corpus,
        body: AskBody,
        *,
        on_claim: OnClaim | None = None,
        checkpoint: Checkpoint = go_on,
    ) -> tuple[Answer, str | None]:
        """The answer to what a request asks, and its id in the log; None when it is not kept."""
        answer = self.ask(
            corpus,
            body.question,
            history=body.turns(),
            filters=body.restrictions(),
            on_claim=on_claim,
            checkpoint=checkpoint,
        )
        return answer, self.keep(answer, body) if self.keeps_all or body.keep else None

    def keep(self, answer: Answer, body: AskBody) -> str:
        """Put an answer in the log and give its id there. Raises: StoreDamaged."""
        entry = entry_of(
            answer,
            body.question,
            at=datetime.now(UTC),
            history=body.turns(),
            filters=body.restrictions(),
        )
        return append(self.answers, entry).id

    async def _in_turn(self, threads: CapacityLimiter, job: Callable[[], T]) -> T:
        if _is_full(threads) and threads.statistics().tasks_waiting >= self.most_waiting:
            raise Problem(
                503, "Er wachten te veel vragen; probeer het over enkele seconden opnieuw.", RETRY_AFTER
            )
        return await to_thread.run_sync(job, limiter=threads)

    def _with_corpus(self, job: Callable[[Corpus], T]) -> T:
        with self.live.corpus() as corpus:
            current().snapshot = corpus.version
            return job(corpus)


def _is_full(threads: CapacityLimiter) -> bool:
    now = threads.statistics()
    return now.borrowed_tokens >= now.total_tokens


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


In = Annotated[Service, Depends(_service)]
Place = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


def document_of(corpus: Corpus, document_id: str) -> Document:
    """A document of the corpus. Raises: Problem (404)."""
    found = corpus.document(document_id)
    if found is None:
        raise Problem(404, f"Het corpus bevat geen document ‘{document_id[:200]}’.")
    return found


def span_of(document: Document, start: int | None, end: int | None) -> Span | None:
    """The span from `start` to `end`, None when it does not lie in the document."""
    if start is None or end is None or not start < end <= len(document.text):
        return None
    return start, end
