"""`wijzer mcp`: the tools of the Model Context Protocol over standard input and output."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.settings import settings_with


def mcp_command(
    store: Annotated[Path | None, typer.Option(help="Map van het corpus; standaard WIJZER_STORE.")] = None,
) -> None:
    """Bied de gereedschappen ask, search, budget_article, decision en document_span aan over stdin en stdout (MCP)."""
    from anyio import CapacityLimiter

    from answer.ask import ask
    from api.access.logs import log_to_stderr
    from api.live import Live
    from api.programs.mcp_server import mcp_server
    from api.service import AT_ONCE, DEADLINE, MOST_WAITING, Service
    from ingest.embed import load_embedder
    from retrieval.corpus import open_corpus
    from retrieval.rerank import load_reranker
    from retrieval.search import search

    settings = settings_with(store)
    log_to_stderr(settings.log)  # standard output is the protocol's
    opener = partial(open_corpus, reranker=load_reranker(settings.reranker))
    with (
        settings.chat_model() as model,
        Live(settings.store, lambda: load_embedder(settings.embedder), opener) as live,
    ):
        service = Service(
            live,
            partial(ask, model=model),
            search,
            CapacityLimiter(AT_ONCE),
            MOST_WAITING,
            settings.store,
            settings.answers or settings.store / "answers.jsonl",
            settings.answers is not None,
            DEADLINE,
            settings.site,
        )
        mcp_server(lambda: service).run("stdio")
