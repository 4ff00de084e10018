"""The routes for memos: asked for as a job, followed, cancelled, and fetched file by file."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.bodies import Name
from api.download import download
from api.memos import MemosError
from api.memos.batch import source_of
from api.memos.batch_choose import choose
from api.memos.batch_composer import composer
from api.memos.jobs import BROKEN, Job, Jobs, TooMany
from api.memos.render import FORMATS
from api.memos.state import explained, read_state
from api.problem import Problem
from api.service import In, Service, T

MOST_SECTIONS = 500
SECONDS_TO_WAIT = "30"
_log = logging.getLogger(__name__)
Format = Literal["md", "html", "docx", "json"]


class MemosBody(BaseModel):
    """Which memos are wanted: sections and domains as on the command line, or all; what else the object holds is ignored."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sections": ["samenleven-1.2"], "formats": ["docx", "md"]}]}
    )
    sections: Annotated[list[Name], Field(max_length=MOST_SECTIONS)] = []
    domain: Annotated[list[Name], Field(max_length=MOST_SECTIONS)] = []
    all: bool = False
    formats: Annotated[list[Format], Field(min_length=1, max_length=4)] = ["md", "html", "docx", "json"]


class FailureBody(BaseModel):
    """A memo that could not be made, and why."""

    name: str
    reason: str


class JobBody(BaseModel):
    """A job: how many memos it asks for, how many are there, how many are still to come, and which failed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5f0c2d9a1b3e4c77",
                    "status": "running",
                    "created": "2024-06-03T08:15:00.000000+00:00",
                    "total": 12,
                    "ready": 7,
                    "remaining": 4,
                    "failures": [{"name": "wonen-2.1", "reason": "de sectie staat niet meer in het corpus"}],
                    "memos": ["/v1/memos/samenleven-1.2.docx"],
                    "corpus_version": "0f9d3c5b7a1e2468",
                    "message": None,
                }
            ]
        }
    )
    id: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created: str
    total: int
    ready: int
    remaining: int
    failures: list[FailureBody]
    memos: list[str]
    corpus_version: str | None
    message: str | None


@asynccontextmanager
async def _jobs_of_the_store(app: FastAPI) -> AsyncIterator[None]:
    """The jobs run as long as the server does."""
    service: Service = app.state.service
    jobs = Jobs(service.store, service.live.corpus, lambda: composer(None, date.today().isoformat()))
    await to_thread.run_sync(jobs.__enter__)
    app.state.memo_jobs = jobs
    try:
        yield
    finally:
        await to_thread.run_sync(jobs.__exit__, None, None, None)


async def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.memo_jobs
    return found


Queue = Annotated[Jobs, Depends(_jobs)]
routes = APIRouter(tags=["Memo's"], lifespan=_jobs_of_the_store)
JobId = Annotated[str, Path(max_length=100, description="Het id van een opdracht.")]


@routes.post(
    "/v1/memos",
    status_code=202,
    summary="Memo's vragen",
    description="Zet een opdracht in de rij; de kop Location zegt waar ze te volgen is. 429 als er te veel wachten.",
)
async def memos_v1(body: MemosBody, response: Response, service: In, jobs: Queue) -> JobBody:
    """Ask for memos; the answer says where to follow the job. Refused (429) when too many jobs wait."""
    if body.all == bool(body.sections or body.domain):
        raise Problem(422, "Geef sections of domain, of all: true.")
    known = await service.run(lambda corpus: source_of(corpus).commitments)
    if not known:
        raise Problem(422, "Dit corpus bevat geen regeerakkoord met genummerde secties.")
    chosen, unclear = choose(known, body.sections, body.domain)
    if unclear:
        raise Problem(422, " ".join(one.message for one in unclear))
    try:
        job = await _kept(lambda: jobs.submit([*chosen], body.formats))
    except TooMany as error:
        raise Problem(
            429,
            "Er wachten te veel opdrachten voor memo's; probeer het later opnieuw.",
            {"Retry-After": SECONDS_TO_WAIT},
        ) from error
    response.headers["Location"] = f"/v1/memos/jobs/{job.id}"
    return _body(job)


@routes.get(
    "/v1/memos/jobs/{job_id}",
    summary="Een opdracht volgen",
    description="Hoeveel memo's er zijn, hoeveel er nog komen en welke mislukten.",
)
async def memo_job_v1(job_id: JobId, jobs: Queue) -> JobBody:
    """How far a job is."""
    return _body(_found(await to_thread.run_sync(jobs.find, job_id), job_id))


@routes.delete(
    "/v1/memos/jobs/{job_id}",
    summary="Een opdracht stoppen",
    description="Stopt na de memo die gemaakt wordt; wat geschreven is, blijft.",
)
async def cancel_memo_job_v1(job_id: JobId, jobs: Queue) -> JobBody:
    """Stop a job after the memo that is being made; what is written stays."""
    return _body(_found(await _kept(lambda: jobs.cancel(job_id)), job_id))


@routes.get(
    "/v1/memos/{name}.{suffix}",
    response_class=Response,
    summary="Een memo ophalen",
    description="Een memo die een opdracht maakte, als md, html, docx of json.",
)
async def memo_file_v1(name: str, suffix: str, jobs: Queue) -> Response:
    """A memo that a job made, in one of its formats."""

    def read() -> bytes | None:
        known = read_state(jobs.files).memos.get(name)
        path = jobs.files / f"{name}.{suffix}"
        with explained(jobs.files):
            return path.read_bytes() if known and suffix in FORMATS and path.is_file() else None

    data = await _kept(read)
    if data is None:
        raise Problem(
            404, f"Er is geen memo ‘{name[:200]}’ in de vorm {suffix[:20]}; vraag hem aan met POST /v1/memos."
        )
    return download(data, f"{name}.{suffix}")


async def _kept(work: Callable[[], T]) -> T:
    """Do work on the folder of memos, in a thread. Raises: Problem (503) when the folder is of no use."""
    try:
        return await to_thread.run_sync(work)
    except MemosError as error:
        _log.error("map met memo's onbruikbaar: %s", error)
        raise Problem(503, BROKEN) from error


def _found(job: Job | None, job_id: str) -> Job:
    if job is None:
        raise Problem(404, f"Er is geen opdracht ‘{job_id[:100]}’ voor memo's.")
    return job


def _body(job: Job) -> JobBody:
    failed = {one.name for one in job.failures}
    made = [name for name in job.names if name not in failed] if job.step == "done" else []
    return JobBody(
        id=job.id,
        status=job.step,
        created=job.created,
        total=len(job.names),
        ready=job.ready,
        remaining=job.remaining,
        failures=[FailureBody(name=one.name, reason=one.reason) for one in job.failures],
        memos=[f"/v1/memos/{name}.{suffix}" for name in made for suffix in job.formats],
        corpus_version=job.snapshot,
        message=job.message,
    )
