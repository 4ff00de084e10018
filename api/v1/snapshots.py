"""The versions of the corpus for programs: which are kept, what changed, and how each update was measured."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse, Response

from api.problem import Problem
from api.service import In
from api.v1.models import Evaluations, Snapshots, WholeSnapshot
from api.v1.parameters import Limit, Offset, page
from evals.history import Update, read_updates
from ingest.catalog import Catalog
from ingest.snapshot_manifest import CATALOG, ID, read_manifest
from ingest.snapshot_publish import folder_of, snapshots

routes = APIRouter(tags=["Beheer"])
SnapshotId = Annotated[
    str, Path(pattern=f"^{ID.pattern}$", description="Het id van een publicatie.", examples=["0" * 32])
]


@routes.get(
    "/v1/snapshots",
    response_model=Snapshots,
    summary="De bewaarde publicaties van het corpus",
    description="De nieuwste eerst; `is_current` is de publicatie waaruit nu geantwoord wordt.",
)
async def snapshots_v1(service: In, limit: Limit = 100, offset: Offset = 0) -> Response:
    """The snapshots that the store keeps, newest first."""

    def job() -> Response:
        kept = [asdict(one) for one in reversed(snapshots(service.store))]
        return JSONResponse(page("snapshots", kept, limit, offset))

    return await service.work(job)


@routes.get(
    "/v1/snapshots/{snapshot_id}",
    response_model=WholeSnapshot,
    summary="Een publicatie, en wat erin veranderde",
    description="Hoe ze gemaakt is, en welke documenten anders zijn dan in de bewaarde publicatie ervoor.",
)
async def snapshot_v1(snapshot_id: SnapshotId, service: In) -> Response:
    """One snapshot, compared with the one that was made before it."""

    def job() -> Response:
        kept = snapshots(service.store)
        place = next((n for n, one in enumerate(kept) if one.id == snapshot_id), None)
        if place is None:
            raise Problem(
                404, f"De publicatie {snapshot_id} is niet bewaard; /v1/snapshots noemt de bewaarde."
            )
        manifest = read_manifest(folder_of(service.store, snapshot_id))
        before = kept[place - 1].id if place else None
        made = {name: getattr(manifest, name) for name in ("code", "analyser", "embedder")}
        return JSONResponse(
            {**asdict(kept[place]), **made, "changes": _changes(service, snapshot_id, before)}
        )

    return await service.work(job)


@routes.get(
    "/v1/evaluations",
    response_model=Evaluations,
    summary="De updates met hun metingen",
    description="Elke update van het corpus, de nieuwste eerst: wat beslist werd, waarom, en de maten.",
)
async def evaluations_v1(service: In, limit: Limit = 100, offset: Offset = 0) -> Response:
    """The updates of the store, newest first."""

    def job() -> Response:
        done = [_update_json(one) for one in reversed(read_updates(service.store))]
        return JSONResponse(page("evaluations", done, limit, offset))

    return await service.work(job)


def _changes(service: In, snapshot_id: str, before: str | None) -> dict[str, Any]:
    """The documents, by id, that one snapshot has, lacks, or has with other bytes than the one before."""
    now = _hashes(service, snapshot_id)
    then = _hashes(service, before) if before else {}
    return {
        "since": before,
        "added": sorted(now.keys() - then.keys()),
        "changed": sorted(name for name in now.keys() & then.keys() if now[name] != then[name]),
        "withdrawn": sorted(then.keys() - now.keys()),
    }


def _hashes(service: In, snapshot_id: str) -> dict[str, str]:
    with Catalog(folder_of(service.store, snapshot_id) / CATALOG) as catalog:
        return catalog.hashes()


def _update_json(update: Update) -> dict[str, Any]:
    """An update; the paths of its sources on this machine are left out."""
    known = asdict(update)
    del known["sources"]
    return known
