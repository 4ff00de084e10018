"""The HTTP door: the application over one store, and the process that serves it on this machine."""

import errno
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

import uvicorn
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from answer.ask import ask
from api import health
from api.access import exposure, metrics
from api.access.facts import noted
from api.access.guard import LOOPBACK
from api.access.logs import log_to_stderr
from api.access.stack import AccessRules, before_routes
from api.live import Live, Opener
from api.pages import accessibility, budget, chat, corpus, export, feedback, share, signin, source, stream
from api.pages import commitments as section_pages
from api.pages.environment import STATIC
from api.problem import tell_problems
from api.programs import completions
from api.programs.mcp_server import mcp_routes, mcp_server
from api.service import AT_ONCE, DEADLINE, MOST_WAITING, Asking, Searching, Service
from api.settings import Settings
from api.v1 import budget as budget_v1
from api.v1 import commitments, documents, memos, openapi, questions, snapshots
from api.v1 import feedback as feedback_v1
from ingest.embed import Embedder, load_embedder
from retrieval.corpus import open_corpus
from retrieval.rerank import load_reranker
from retrieval.search import search

SECONDS_TO_FINISH = 10
ROUTES = (
    questions.routes,
    documents.routes,
    budget_v1.routes,
    commitments.routes,
    memos.routes,
    snapshots.routes,
    feedback_v1.routes,
    completions.routes,
    openapi.routes,
    health.routes,
    chat.routes,
    stream.routes,
    export.routes,
    share.routes,
    feedback.routes,
    accessibility.routes,
    source.routes,
    budget.routes,
    section_pages.routes,
    corpus.routes,
    signin.routes,
    metrics.routes,
)


def create_app(
    store: Path,
    load: Callable[[], Embedder],
    *,
    opener: Opener = open_corpus,
    asking: Asking = ask,
    searching: Searching = search,
    hosts: Sequence[str] = LOOPBACK,
    at_once: int = AT_ONCE,
    most_waiting: int = MOST_WAITING,
    answers: Path | None = None,
    keeps_all: bool = False,
    deadline: float = DEADLINE,
    access: AccessRules = AccessRules(),  # noqa: B008 - frozen
    site: str | None = None,
) -> FastAPI:
    """The application over one store; `load` gives the embedding model, once, when the corpus is opened.

    `answers` is the log of kept answers, one in the store when None; `keeps_all` when every answer goes there.
    `deadline` is the seconds that an answer may take. `access` says who may use the application.
    `site` is the address of its pages, where that is not the one that requests are sent to.
    """
    counted, callers = metrics.Metrics(), access.callers()
    service = Service(
        Live(store, load, opener),
        noted(asking, counted.answered),
        searching,
        CapacityLimiter(at_once),
        most_waiting,
        store,
        answers or store / "answers.jsonl",
        keeps_all,
        deadline,
        site,
    )

    tools = mcp_server(lambda: service)

    @asynccontextmanager
    async def corpus_open(_: FastAPI) -> AsyncIterator[None]:
        await to_thread.run_sync(service.live.__enter__)
        try:
            async with tools.session_manager.run():
                yield
        finally:
            service.live.__exit__(None, None, None)

    app = FastAPI(
        title="Beleidswijzer",
        openapi_url=None,
        redirect_slashes=False,
        lifespan=corpus_open,
        # FastAPI can report each request to a collector; a question is nobody else's business.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
        middleware=before_routes(access, callers, counted, hosts, deadline),
    )
    app.state.service, app.state.callers, app.state.metrics = service, callers, counted
    for routes in ROUTES:
        app.include_router(routes)
    app.router.routes.extend(mcp_routes(tools))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_problems(app)
    return app


def serve(settings: Settings) -> None:
    """Serve the chat and the API until interrupted; exits with one line that says why when it cannot."""
    if obstacle := exposure.obstacle(settings):
        _refuse(obstacle)
    listening = _listening(settings.host, settings.port)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{name}:{listening.getsockname()[1]}"
    with settings.chat_model() as model:
        app = create_app(
            settings.store,
            lambda: load_embedder(settings.embedder),
            opener=partial(open_corpus, reranker=load_reranker(settings.reranker)),
            asking=partial(ask, model=model),
            hosts=exposure.host_names(settings),
            access=exposure.rules_of(settings),
            answers=settings.answers,
            keeps_all=settings.answers is not None,
            deadline=settings.deadline,
            site=settings.site and settings.site.rstrip("/"),
        )
        log_to_stderr(settings.log)
        _run(app, listening, address)


def _run(app: FastAPI, listening: socket.socket, address: str) -> None:
    # No access log: the address of a page holds the question.
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    server = _Announcing(config, address)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


class _Announcing(uvicorn.Server):
    """A server that prints its address when it is ready for the first request."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"Beleidswijzer staat klaar op {self._address} (stoppen met Ctrl-C)\n")
            sys.stdout.flush()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        found = (
            "is al in gebruik"
            if error.errno == errno.EADDRINUSE
            else f"kan niet gebruikt worden ({error.strerror})"
        )
        _refuse(
            f"Poort {port} op {host} {found}; kies een andere met --port of WIJZER_PORT (0 neemt een vrije)."
        )


def _refuse(message: str) -> NoReturn:
    sys.stderr.write(message + "\n")
    raise SystemExit(1)
