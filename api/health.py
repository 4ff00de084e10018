"""Whether the process is alive and a corpus is open, for who watches over the server."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.service import In

routes = APIRouter()


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
