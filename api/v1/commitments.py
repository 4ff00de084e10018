"""The commitments of the coalition agreement for programs: the list, and one with its text and promises."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse, Response

from api.problem import Problem
from api.service import In, document_of
from api.v1.models import Commitments, WholeCommitment
from api.v1.parameters import Limit, Offset, Words, page
from ingest.records import Commitment
from retrieval.corpus import Corpus

routes = APIRouter(tags=["Regeerakkoord"])
CommitmentId = Annotated[
    str,
    Path(max_length=200, description="Het domein en het nummer van een sectie.", examples=["samenleven-1.2"]),
]


@routes.get(
    "/v1/commitments",
    response_model=Commitments,
    summary="De secties van het regeerakkoord",
    description="Elke sectie met haar domein en haar plaats in het regeerakkoord.",
)
async def commitments_v1(
    service: In, domain: Words = None, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """The commitments of a domain, or all, in the order of the agreement."""

    def job(corpus: Corpus) -> Response:
        wanted = (domain or "").casefold()
        found = [one for one in corpus.commitments() if wanted in one.domain.casefold()]
        shown = page("commitments", found, limit, offset)
        shown["commitments"] = [_summary(one) for one in shown["commitments"]]
        return JSONResponse({**shown, "corpus_version": corpus.version})

    return await service.run(job)


@routes.get(
    "/v1/commitments/{commitment_id}",
    response_model=WholeCommitment,
    summary="Een sectie van het regeerakkoord",
    description="De tekst van de sectie en de afzonderlijke beloften erin.",
)
async def commitment_v1(commitment_id: CommitmentId, service: In) -> Response:
    """One commitment with its text and promises."""

    def job(corpus: Corpus) -> Response:
        found = next((one for one in corpus.commitments() if one.id == commitment_id), None)
        if found is None:
            raise Problem(
                404, f"Het regeerakkoord heeft geen sectie ‘{commitment_id}’; /v1/commitments noemt ze."
            )
        text = document_of(corpus, found.document_id).text
        promises = [{"start": start, "end": end, "text": text[start:end]} for start, end in found.promises]
        return JSONResponse(
            {
                **_summary(found),
                "text": text[found.start : found.end],
                "promises": promises,
                "corpus_version": corpus.version,
            }
        )

    return await service.run(job)


def _summary(one: Commitment) -> dict[str, Any]:
    known = asdict(one)
    del known["promises"]
    return known
