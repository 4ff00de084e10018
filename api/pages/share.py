"""A link to one answer: the record that is kept when a person asks for it, and what became of its sources since."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from answer.log import append, find
from answer.log_record import Record
from answer.replay import citations_of
from answer.replay_span import where_now
from api.pages.environment import render
from api.pages.exchange import shown
from api.pages.forms import Form, answer
from api.pages.holdings import holdings
from api.pages.sealed import Seal, Sealing
from api.pages.suggestions import repeated
from api.problem import Problem
from api.service import In
from retrieval.corpus import Corpus

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class Since:
    """What became of the places that an answer cites: how many there are, and the marks of those that changed."""

    cited: int
    changed: Sequence[int]


@routes.post("/antwoord/delen")
async def shared(form: Form, seal: Sealing, service: In, request: Request) -> Response:
    """Keep an answer that this server gave and give the link to it."""
    entry = answer(form, seal)
    record = await service.work(lambda: append(service.answers, entry))
    return HTMLResponse(render("shared.html", path=f"/antwoord/{record.id}", site=service.address(request)))


@routes.get("/antwoord/{record_id}")
async def kept_answer(record_id: str, service: In, seal: Sealing) -> Response:
    """A kept answer as it was given, with a warning when the corpus changed since."""
    record = await service.work(lambda: find(service.answers, record_id))
    if record is None:
        raise Problem(404, f"Onder ‘{record_id[:40]}’ is geen antwoord bewaard.")
    return HTMLResponse(await service.run(lambda corpus: kept_page(corpus, record, seal)))


def kept_page(corpus: Corpus, record: Record, seal: Seal) -> str:
    """The page of a kept answer."""
    entry = record.entry
    return render(
        "kept.html",
        exchange=shown(holdings(corpus), entry, seal.closed(entry)),
        since=since(corpus, record) if entry.snapshot != corpus.version else None,
        again=repeated(entry.answer.get("question") or entry.question, entry.filters),
        version=corpus.version,
    )


def since(corpus: Corpus, record: Record) -> Since:
    """Which of the cited places no longer hold the words that were cited, wherever in their document."""
    cited = citations_of(record.entry)
    states = {c.n: where_now(corpus.document(c.document_id), c).state for c in cited}
    return Since(len(cited), [n for n, state in states.items() if state in ("changed", "gone")])
