"""Documents and decisions for programs: lists, text, spans, headings, and the file that a decision belongs to."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse, Response

from api.commands.show import outline_json
from api.problem import Problem
from api.service import In, Place, Span, document_of, span_of
from api.v1.models import Documents, Outline, Reference, WholeDocument
from api.v1.parameters import Limit, ManyNames, ManyYears, Offset, Words, page
from ingest.records import Document, Metadata, Stage
from retrieval.corpus import Corpus
from retrieval.records import Filters

routes = APIRouter(tags=["Documenten"])
DocumentId = Annotated[
    str, Path(max_length=500, description="Het id van een document.", examples=["inburgering"])
]
ReferenceId = Annotated[
    str,
    Path(
        max_length=500,
        description="Het laatste deel van de URI van een beslissing, of de hele URI (met %2F voor elke /).",
        examples=["5f5f5f5f-beslissing"],
    ),
]


@routes.get(
    "/v1/documents",
    response_model=Documents,
    summary="Lijst van documenten",
    description="De documenten van het corpus, met filters; een filter met meer waarden laat elk daarvan toe.",
)
async def documents_v1(
    service: In,
    kind: ManyNames = [],  # noqa: B006 - FastAPI copies defaults
    year: ManyYears = [],  # noqa: B006
    minister: ManyNames = [],  # noqa: B006
    theme: ManyNames = [],  # noqa: B006
    stage: Stage | None = None,
    title: Words = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """The documents that pass the filters, in the order of the catalog."""
    filters = Filters(tuple(kind), tuple(year), (), tuple(minister), tuple(theme))
    words = (title or "").casefold().split()

    def job(corpus: Corpus) -> Response:
        found = [
            meta
            for meta in corpus.documents()
            if filters.admit(meta)
            and (stage is None or meta.stage == stage)
            and all(word in meta.title.casefold() for word in words)
        ]
        shown = page("documents", found, limit, offset)
        shown["documents"] = [meta.public() for meta in shown["documents"]]
        return JSONResponse({**shown, "corpus_version": corpus.version})

    return await service.run(job)


@routes.get(
    "/v1/documents/{document_id:path}/outline",
    response_model=Outline,
    summary="De koppen van een document",
    description="Elke kop met zijn niveau, zijn bladzijde en zijn plaats in de tekst.",
)
async def outline_v1(document_id: DocumentId, service: In) -> Response:
    """The headings of a document, in order."""

    def job(corpus: Corpus) -> Response:
        found = document_of(corpus, document_id)
        return JSONResponse({**outline_json(found), "corpus_version": corpus.version})

    return await service.run(job)


@routes.get(
    "/v1/documents/{document_id:path}",
    response_model=WholeDocument,
    summary="Een document, of een deel ervan",
    description="Metadata, canonieke tekst en blokken; met `start` en `end` alleen wat daartussen staat.",
)
async def document_v1(
    document_id: DocumentId, service: In, start: Place = None, end: Place = None
) -> Response:
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


@routes.get(
    "/v1/references/{reference:path}",
    response_model=Reference,
    summary="Een beslissing van de Vlaamse Regering",
    description="De beslissing met haar stadium, en de andere beslissingen over hetzelfde dossier.",
)
async def reference_v1(reference: ReferenceId, service: In) -> Response:
    """A decision by its URI or id, with its file."""

    def job(corpus: Corpus) -> Response:
        decision = _decision(corpus, reference)
        if decision is None:
            raise Problem(
                404,
                f"Het corpus bevat geen beslissing ‘{reference[:200]}’; geef haar URI of het laatste deel ervan.",
            )
        file = corpus.families.of(decision)
        return JSONResponse(
            {
                "reference": decision.public(),
                "file": [meta.public() for meta in file],
                "corpus_version": corpus.version,
            }
        )

    return await service.run(job)


def _decision(corpus: Corpus, reference: str) -> Metadata | None:
    """A decision by its id, its URI, or the last segment of it."""
    named = (reference, reference.rpartition("/")[2])
    return next(
        (m for m in corpus.documents() if m.kind == "beslissing" and (m.id in named or m.uri == reference)),
        None,
    )


def _document_json(document: Document, span: Span) -> dict[str, Any]:
    start, end = span
    blocks = [asdict(b) for b in document.blocks if b.start < end and start < b.end]
    return {
        **document.meta.public(),
        "sha256": document.sha256,
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "blocks": blocks,
    }
