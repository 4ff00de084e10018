"""Questions for programs: an answer whole or as it comes, and the passages for a question."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.bodies import AskStreamBody, SearchBody
from api.service import In
from api.streaming import streamed, whole
from api.v1.models import AnswerObject, FoundPassages
from api.v1.sse import EXAMPLE, answer_json, sse
from retrieval.corpus import Corpus

routes = APIRouter(tags=["Vragen"])


@routes.post(
    "/v1/ask",
    response_model=AnswerObject,
    summary="Een vraag beantwoorden",
    description=(
        "Het antwoord met zijn verwijzingen, of een weigering die zegt waarom. Met `Accept: text/event-stream` of "
        '`"stream": true` komt het als een stroom: `status`, `claim` (elke zin zodra zij nagekeken is), `withdrawn` '
        "(wat tot nu kwam, geldt niet meer), `citations`, en als laatste `done` (het hele antwoord) of `problem`."
    ),
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def ask_v1(body: AskStreamBody, request: Request, service: In) -> Response:
    """Answer a question, or refuse and say why."""
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        return await streamed(service, body, sse)
    return JSONResponse(answer_json(await whole(request, service, body)))


@routes.post(
    "/v1/search",
    response_model=FoundPassages,
    summary="Passages bij een vraag zoeken",
    description="De passages die bij een vraag horen, de beste eerst, zonder antwoord.",
)
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

    return await service.compose(job)
