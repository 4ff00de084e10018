"""An answer that appears while it is made: the form gets an exchange that opens a stream, which fills and replaces it."""

from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.sse import format_sse_event
from starlette.responses import HTMLResponse, Response

from answer.log_record import entry_of
from answer.records import Answer, Citation
from api.bodies import AskBody
from api.live import NotReady
from api.pages.environment import render, source_href
from api.pages.exchange import exchange, shown_claim
from api.pages.forms import Form, answers, asked
from api.pages.holdings import Holdings, holdings
from api.pages.pending import Waiting
from api.pages.sealed import Seal, Sealing
from api.pages.suggestions import repeated
from api.problem import Problem
from api.service import In
from api.streaming import Cited, Claimed, Done, Event, Failed, Status, Withdrawn, streamed

_PING = b": ping\n\n"
routes = APIRouter()


@routes.post("/gesprek/vraag")
async def question_asked(form: Form, seal: Sealing, waiting: Waiting) -> Response:
    """The exchange of a question that was just asked; it opens the stream of its answer."""
    body = asked(form, answers(form, seal))
    again = repeated(body.question, body.restrictions())
    return HTMLResponse(render("coming.html", question=body.question, name=waiting.put(body), again=again))


@routes.get("/gesprek/stroom/{name}")
async def answer_stream(name: str, service: In, seal: Sealing, waiting: Waiting) -> Response:
    """What comes of an answer, as server-sent events of HTML; the last one replaces the exchange."""
    body = waiting.take(name)
    if body is None:
        return _at_once(_failed("Deze vraag is niet meer bekend bij de server; stel ze opnieuw."))
    try:
        held = await service.run(holdings)
        return await streamed(service, body, _Writer(held, body, seal))
    except Problem as problem:
        return _at_once(_failed(problem.detail, body))
    except NotReady as reason:
        return _at_once(_failed(str(reason), body))


def sealed_exchange(held: Holdings, answer: Answer, body: AskBody, seal: Seal) -> str:
    """The exchange of an answer that was just made, sealed for the browser to keep."""
    entry = entry_of(
        answer,
        body.question,
        at=datetime.now(UTC),
        history=body.turns(),
        filters=body.restrictions(),
    )
    return exchange(held, entry, seal.closed(entry))


class _Writer:
    """Writes the events of one answer; remembers the citations that came, to link the marks of later claims."""

    def __init__(self, held: Holdings, body: AskBody, seal: Seal) -> None:
        self._held, self._body, self._seal = held, body, seal
        self._citations: list[Citation] = []
        self._told = ""

    def __call__(self, event: Event) -> bytes:
        """The event as HTML."""
        match event:
            case Status(text):
                is_new, self._told = text != self._told, text
                return _written(event.event, render("status.html", text=text)) if is_new else _PING
            case Claimed(claim, citations):
                self._citations += citations
                cited = shown_claim(claim, self._citations)
                hrefs = {c.n: source_href(c.document_id, c.start, c.end) for c in self._citations}
                return _written(event.event, render("claim.html", claim=cited, hrefs=hrefs))
            case Withdrawn():
                self._citations.clear()
                return _written(event.event, " ")
            case Cited():
                return _PING
            case Done(answer):
                made = sealed_exchange(self._held, answer, self._body, self._seal)
                return _written("done", made + render("said.html", said=f"Antwoord: {answer.text}"))
            case Failed(_, detail):
                return _failed(detail, self._body)


def _failed(detail: str, body: AskBody | None = None) -> bytes:
    again = repeated(body.question, body.restrictions()) if body else None
    made = render("no_answer.html", question=body and body.question, detail=detail, again=again)
    return _written("done", made + render("said.html", said=detail))


def _written(event: str, html: str) -> bytes:
    """An event of HTML; a carriage return would end the line, so it goes as a character reference."""
    return format_sse_event(event=event, data_str=html.replace("\r", "&#13;"))


def _at_once(event: bytes) -> Response:
    return Response(event, media_type="text/event-stream")
