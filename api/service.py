"""What the routes work with: the newest corpus, lent to a bounded number of threads.

Work runs in threads, so that the event loop stays free; when too many requests wait, the next is refused at
once (503 with Retry-After).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query
from starlette.requests import Request

from answer.records import Answer
from api.bodies import AskBody
from api.live import Live
from api.problem import RETRY_AFTER, Problem
from ingest.records import Document
from retrieval.corpus import Corpus
from retrieval.records import Evidence, Filters, Turn

AT_ONCE = 8
MOST_WAITING = 64

T = TypeVar("T")
Span = tuple[int, int]


class Asking(Protocol):
    """What `answer.ask.ask` does."""

    def __call__(self, corpus: Corpus, question: str, *, history: Sequence[Turn], filters: Filters) -> Answer:
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
    """What the routes work with."""

    live: Live
    ask: Asking
    search: Searching
    threads: CapacityLimiter
    most_waiting: int

    async def run(self, job: Callable[[Corpus], T]) -> T:
        """Do a job on the newest corpus, in a thread. Raises: NotReady; Problem (503) when too many wait."""
        now = self.threads.statistics()
        if now.borrowed_tokens >= now.total_tokens and now.tasks_waiting >= self.most_waiting:
            raise Problem(
                503, "Er wachten te veel vragen; probeer het over enkele seconden opnieuw.", RETRY_AFTER
            )
        return await to_thread.run_sync(self._with_corpus, job, limiter=self.threads)

    def answer(self, corpus: Corpus, body: AskBody) -> Answer:
        """The answer to what a request asks."""
        return self.ask(corpus, body.question, history=body.turns(), filters=body.restrictions())

    def _with_corpus(self, job: Callable[[Corpus], T]) -> T:
        with self.live.corpus() as corpus:
            return job(corpus)


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
