"""The HTTP door: the application over one store, and the process that serves it on this machine."""

import errno
import ipaddress
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import uvicorn
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from answer.ask import ask
from answer.log import append
from answer.log_record import entry_of
from answer.records import Answer
from api import health
from api.access.guard import LARGEST_BODY, LOOPBACK, BodyLimit, Failures, KnownHosts, SecurityHeaders
from api.live import Live, Opener
from api.pages import chat, source
from api.pages.environment import STATIC
from api.problem import tell_problems
from api.service import AT_ONCE, MOST_WAITING, Asking, Searching, Service
from api.settings import Settings
from api.v1 import questions
from ingest.embed import Embedder, load_embedder
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Filters, Turn
from retrieval.rerank import load_reranker
from retrieval.search import search

SECONDS_TO_FINISH = 10
ROUTES = (questions.routes, health.routes, chat.routes, source.routes)


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
) -> FastAPI:
    """The application over one store; `load` gives the embedding model, once, when the corpus is opened."""
    service = Service(Live(store, load, opener), asking, searching, CapacityLimiter(at_once), most_waiting)

    @asynccontextmanager
    async def corpus_open(_: FastAPI) -> AsyncIterator[None]:
        await to_thread.run_sync(service.live.__enter__)
        try:
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
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Failures),
            Middleware(KnownHosts, names=hosts),
            Middleware(BodyLimit, most=LARGEST_BODY),
        ],
    )
    app.state.service = service
    for routes in ROUTES:
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_problems(app)
    return app


def serve(settings: Settings) -> None:
    """Serve the chat and the API until interrupted; exits with one line that says why when it cannot."""
    if not _is_loopback(settings.host):
        _refuse(
            f"{settings.host} is ook van buiten deze machine te bereiken; deze versie kent nog geen toegangssleutels en "
            f"luistert alleen op 127.0.0.1, ::1 of localhost. Pas --host of WIJZER_HOST aan."
        )
    listening = _listening(settings.host, settings.port)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    with settings.chat_model() as model:
        app = create_app(
            settings.store,
            lambda: load_embedder(settings.embedder),
            opener=partial(open_corpus, reranker=load_reranker(settings.reranker)),
            asking=_keeping(partial(ask, model=model), settings.answers),
            hosts=tuple({*LOOPBACK, name}),
        )
        _run(app, listening, f"http://{name}:{listening.getsockname()[1]}")


def _keeping(asking: Asking, log: Path | None) -> Asking:
    """Asking that keeps each answer in a log before it is given; without a log the same asking."""
    if log is None:
        return asking

    def kept(corpus: Corpus, question: str, *, history: Sequence[Turn], filters: Filters) -> Answer:
        answer = asking(corpus, question, history=history, filters=filters)
        append(log, entry_of(answer, question, at=datetime.now(UTC), history=history, filters=filters))
        return answer

    return kept


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


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
