"""The routes: /v1 for programs, pages for people, readiness for who watches over the server.

Work runs in threads, so that the event loop stays free; when too many requests wait, the next is refused at
once (503 with Retry-After).
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from answer.records import Answer
from api import pages
from api.bodies import LONGEST_TEXT, MOST_FILTERS, AskBody, Name, SearchBody, Year, harmless
from api.layout import Span
from api.live import Live
from api.problem import RETRY_AFTER, Problem
from ingest.records import Document
from retrieval.corpus import Corpus
from retrieval.records import Evidence, Filters, Turn

AT_ONCE = 8
MOST_WAITING = 64

T = TypeVar("T")


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

    def _with_corpus(self, job: Callable[[Corpus], T]) -> T:
        with self.live.corpus() as corpus:
            return job(corpus)


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


In = Annotated[Service, Depends(_service)]
Place = Annotated[int | None, Query(ge=0, le=2**31 - 1)]
routes = APIRouter()


@routes.post("/v1/ask")
async def ask_v1(body: AskBody, service: In) -> Response:
    """Answer a question, or refuse and say why."""
    return await service.run(lambda corpus: JSONResponse(_answer(service, corpus, body).as_json()))


@routes.post("/v1/search")
async def search_v1(body: SearchBody, service: In) -> Response:
    """The passages for a question, best first."""

    def job(corpus: Corpus) -> Response:
        found = service.search(
            corpus,
            body.question,
            history=body.turns(),
            filters=body.restrictions(),
            k=body.k,
            per_document=body.per_document,
        )
        return JSONResponse({"passages": [e.as_json() for e in found], "corpus_version": corpus.version})

    return await service.run(job)


@routes.get("/v1/documents/{document_id:path}")
async def document_v1(document_id: str, service: In, start: Place = None, end: Place = None) -> Response:
    """A document's metadata, canonical text and blocks; of a span alone when one is given."""

    def job(corpus: Corpus) -> Response:
        document = _document(corpus, document_id)
        length = len(document.text)
        span = (0, length) if start is None and end is None else _span(document, start, end)
        if span is None:
            raise Problem(
                422,
                f"Het bereik van start {start} tot end {end} ligt niet in dit document; geef beide, "
                f"met 0 <= start < end <= {length}.",
            )
        return JSONResponse({**_document_json(document, span), "corpus_version": corpus.version})

    return await service.run(job)


@routes.get("/health")
async def health() -> Response:
    """Whether the process is alive."""
    return JSONResponse({"status": "ok"})


@routes.get("/ready")
async def ready(service: In) -> Response:
    """Whether a corpus is open; never waits behind questions."""

    def version() -> str:
        with service.live.corpus() as corpus:
            return corpus.version

    return JSONResponse({"status": "ready", "corpus_version": await to_thread.run_sync(version)})


@routes.get("/")
async def chat_page(
    service: In,
    vraag: Annotated[str, Query(max_length=LONGEST_TEXT), AfterValidator(harmless)] = "",
    soort: Annotated[list[Name], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006 - FastAPI copies defaults
    jaar: Annotated[list[Year], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006
) -> Response:
    """The page where questions are asked; `vraag` is answered on it, also without JavaScript."""
    filters = Filters(tuple(soort), tuple(jaar))
    question = vraag.strip()

    def job(corpus: Corpus) -> Response:
        answer = service.ask(corpus, question, history=(), filters=filters) if question else None
        return HTMLResponse(pages.chat(corpus, filters, question, answer))

    return await service.run(job)


@routes.post("/antwoord")
async def answer_fragment(body: AskBody, service: In) -> Response:
    """One exchange as HTML, which the page adds to the conversation."""
    return await service.run(
        lambda corpus: HTMLResponse(pages.exchange(body.question, _answer(service, corpus, body)))
    )


@routes.get("/bron/{document_id:path}")
async def source_page(
    document_id: str, service: In, start: Place = None, end: Place = None, naast: bool = False
) -> Response:
    """A source with the quoted words marked; with `naast` only the part around them, for the panel."""

    def job(corpus: Corpus) -> Response:
        document = _document(corpus, document_id)
        quoted = _span(document, start, end)
        if naast and quoted:
            return HTMLResponse(pages.source_beside_answer(document, corpus.version, quoted))
        lost = quoted is None and (start is not None or end is not None)
        return HTMLResponse(pages.source(document, corpus.version, quoted, lost=lost))

    return await service.run(job)


def _answer(service: Service, corpus: Corpus, body: AskBody) -> Answer:
    return service.ask(corpus, body.question, history=body.turns(), filters=body.restrictions())


def _document(corpus: Corpus, document_id: str) -> Document:
    found = corpus.document(document_id)
    if found is None:
        raise Problem(404, f"Het corpus bevat geen document ‘{document_id[:200]}’.")
    return found


def _span(document: Document, start: int | None, end: int | None) -> Span | None:
    """The span from `start` to `end`, None when it does not lie in the document."""
    if start is None or end is None or not start < end <= len(document.text):
        return None
    return start, end


def _document_json(document: Document, span: Span) -> dict[str, Any]:
    """A document between two places; where the file lies on this machine is left out."""
    start, end = span
    known = asdict(document.meta)
    del known["origin"]
    blocks = [asdict(b) for b in document.blocks if b.start < end and start < b.end]
    return {
        **known,
        "sha256": document.sha256,
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "blocks": blocks,
    }
