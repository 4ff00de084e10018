"""The chat page: a question, its answer with the sources, and the conversation that it is part of."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.bodies import LONGEST_TEXT, MOST_FILTERS, AskBody, FiltersBody, Name, Year, harmless
from api.pages.environment import render
from api.pages.exchange import exchange, restricted
from api.pages.forms import Form, answers
from api.pages.holdings import Holdings, holdings
from api.pages.sealed import Sealing
from api.pages.stream import sealed_exchange
from api.pages.suggestions import examples
from api.service import In
from api.streaming import whole
from retrieval.corpus import Corpus
from retrieval.records import Filters

MOST_FOUND = 12
Several = Annotated[list[Name], Query(max_length=MOST_FILTERS)]
Years = Annotated[list[Year], Query(max_length=MOST_FILTERS)]
Asked = Annotated[str, Query(max_length=LONGEST_TEXT), AfterValidator(harmless)]
Wanted = Annotated[str, Query(max_length=500), AfterValidator(harmless)]
routes = APIRouter()


@routes.get("/")
async def chat_page(
    request: Request,
    service: In,
    seal: Sealing,
    vraag: Asked = "",
    soort: Several = [],  # noqa: B006 - FastAPI copies defaults
    jaar: Years = [],  # noqa: B006
    document: Several = [],  # noqa: B006
    minister: Several = [],  # noqa: B006
    thema: Several = [],  # noqa: B006
) -> Response:
    """The page where questions are asked; `vraag` is answered on it, also without JavaScript."""
    filters = FiltersBody(kind=soort, year=jaar, document=document, minister=minister, theme=thema)
    held = await service.run(holdings)
    question = vraag.strip()
    if not question:
        return HTMLResponse(chat(held, Filters(**{name: tuple(values) for name, values in filters})))
    body = AskBody(question=question, filters=filters)
    done = await whole(request, service, body)
    return HTMLResponse(
        chat(held, body.restrictions(), question, sealed_exchange(held, done.answer, body, seal))
    )


@routes.post("/antwoord")
async def answer_fragment(body: AskBody, request: Request, service: In, seal: Sealing) -> Response:
    """One exchange as HTML, complete."""
    done = await whole(request, service, body)
    held = await service.run(holdings)
    return HTMLResponse(sealed_exchange(held, done.answer, body, seal))


@routes.post("/gesprek")
async def conversation(form: Form, seal: Sealing, service: In) -> Response:
    """The exchanges of a conversation that the browser kept, as they were."""

    def job(corpus: Corpus) -> str:
        held, kept = holdings(corpus), answers(form, seal)
        lost = len(form.all("eerder")) - len(kept)
        shown = "".join(exchange(held, entry, seal.closed(entry)) for entry in kept)
        return shown + (render("lost.html", lost=lost) if lost else "")

    return HTMLResponse(await service.run(job))


@routes.get("/gesprek/documenten")
async def documents_named(service: In, zoek: Wanted = "") -> Response:
    """The documents whose title holds these words, to choose from."""
    held = await service.run(holdings)
    return HTMLResponse(render("documents.html", wanted=zoek.strip(), found=held.titled(zoek, MOST_FOUND)))


def chat(held: Holdings, chosen: Filters, question: str = "", answered: str = "") -> str:
    """The page where questions are asked, with the exchange of the question when there is one."""
    return render(
        "chat.html",
        question=question,
        answered=answered,
        held=held,
        chosen=chosen,
        chosen_documents=[meta for meta in held.documents if meta.id in chosen.document],
        restricted=restricted(held, chosen),
        examples=examples(held),
    )
