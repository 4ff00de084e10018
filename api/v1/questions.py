"""The routes for programs: questions, passages and documents as JSON."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.bodies import AskBody, SearchBody
from api.problem import Problem
from api.service import In, Place, Span, document_of, span_of
from ingest.records import Document
from retrieval.corpus import Corpus

routes = APIRouter()


@routes.post("/v1/ask")
async def ask_v1(body: AskBody, service: In) -> Response:
    """Answer a question, or refuse and say why."""
    return await service.run(lambda corpus: JSONResponse(service.answer(corpus, body).as_json()))


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
        document = document_of(corpus, document_id)
        length = len(document.text)
        span = (0, length) if start is None and end is None else span_of(document, start, end)
        if span is None:
            raise Problem(
                422,
                f"Het bereik van start {start} tot end {end} ligt niet in dit document; geef beide, "
                f"met 0 <= start < end <= {length}.",
            )
        return JSONResponse({**_document_json(document, span), "corpus_version": corpus.version})

    return await service.run(job)


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
