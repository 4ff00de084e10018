"""A corpus written by hand and the application over it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import pytest
import themis_server
import uvicorn
from starlette.testclient import TestClient

from answer.records import Answer, Citation, Claim, Refusal
from api.http import create_app
from ingest import StoreDamaged
from ingest.embed import load_embedder
from ingest.records import Block, Document, Metadata, Passage
from retrieval import NoCorpus
from retrieval.records import Evidence


def document(doc_id="nota", *lines, title="Nota", kind="conceptnota", year=2023, uri=None) -> Document:
    """A document of one block a line; a line that starts with # is a heading."""
    text, blocks, section = "\n\n".join(lines), [], ()
    at = 0
    for line in lines:
        is_heading = line.startswith("#")
        block_kind = "heading" if is_heading else "paragraph"
        blocks.append(
            Block(at, at + len(line), block_kind, int(is_heading), 1, () if is_heading else section)
        )
        section = (line[1:].strip(),) if is_heading else section
        at += len(line) + 2
    meta = Metadata(
        doc_id,
        kind,
        title,
        "/geheim/pad",
        date=f"{year}-05-04",
        year=year,
        uri=uri,
        ministers=("Ann Peeters",),
    )
    return Document(meta, "0" * 64, text, tuple(blocks))


@dataclass
class FakeCorpus:
    version: str
    held: dict[str, Document]
    closed: bool = False

    def documents(self):
        return tuple(d.meta for d in self.held.values())

    def document(self, document_id):
        assert not self.closed, "a request reads a corpus that was closed under it"
        return self.held.get(document_id)


@dataclass
class World:
    """A store whose snapshots are lists of documents, and what was asked of it."""

    store: Path
    snapshots: dict[str, list[Document]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    opened: list[FakeCorpus] = field(default_factory=list)
    asked: list[tuple[str, tuple, object]] = field(default_factory=list)
    loads: int = 0

    def publish(self, version, *documents):
        self.snapshots[version] = list(documents)
        aside = self.store / "CURRENT.new"
        aside.write_text(version)
        os.replace(aside, self.store / "CURRENT")

    def load(self):
        self.loads += 1
        return object()

    @contextmanager
    def opener(self, store, embedder):
        current = store / "CURRENT"
        if not current.exists():
            raise NoCorpus("Er is nog geen corpus gepubliceerd; voer `wijzer ingest` uit.")
        version = current.read_text()
        if version in self.broken:
            raise StoreDamaged(f"De publicatie {version} is beschadigd.")
        corpus = FakeCorpus(version, {d.id: d for d in self.snapshots[version]})
        self.opened.append(corpus)
        try:
            yield corpus
        finally:
            corpus.closed = True

    def search(self, corpus, question, *, history, filters, k, per_document):
        """Every block that holds the last word of the question."""
        self.asked.append((question, history, filters))
        word = question.split()[-1].strip("?")
        found = [
            Evidence(Passage(d.id, b.start, b.end, d.text[b.start : b.end], b.section, b.page), d.meta, 1.0)
            for d in corpus.held.values()
            for b in d.blocks
            if filters.admit(d.meta) and b.kind != "heading" and word in d.text[b.start : b.end]
        ]
        return found[:k]

    def ask(self, corpus, question, *, history, filters, on_claim=None, checkpoint=lambda stage: None):
        """One claim for each block found; nothing found is refused."""
        checkpoint("search")
        found = self.search(corpus, question, history=history, filters=filters, k=20, per_document=None)
        citations = tuple(_citation(n, e) for n, e in enumerate(found, 1))
        refusal = None
        if not found:
            nearest = self.search(corpus, "de", history=(), filters=filters, k=1, per_document=None)
            refusal = Refusal(
                "not_in_corpus", "Hierover is niets gevonden.", tuple(_citation(1, e) for e in nearest)
            )
        claims = tuple(Claim(c.text, (c.n,)) for c in citations)
        return Answer(
            status="refused" if refusal else "answered",
            text=refusal.message if refusal else " ".join(f"{c.text} [{c.citations[0]}]" for c in claims),
            claims=claims,
            citations=citations,
            evidence=tuple(found),
            corpus_version=corpus.version,
            mode="extractive",
            elapsed_ms=3,
            refusal=refusal,
        )


def _citation(n, e):
    m, p = e.meta, e.passage
    return Citation(n, m.id, m.title, m.kind, m.uri, m.date, p.page, p.section, p.start, p.end, p.text)


NOTA = document(
    "nota",
    "# Activering",
    "De premie bedraagt 500 euro per maand.",
    "# Begeleiding",
    "Het OCMW begeleidt de leefloongerechtigde.",
    title="Conceptnota activering",
)
BESLISSING = document(
    "b1",
    "De Vlaamse Regering keurt de jobbonus goed.",
    title="Jobbonus",
    kind="beslissing",
    year=2021,
    uri="http://themis.vlaanderen.be/id/resource/b1",
)


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path)


@pytest.fixture
def written() -> Callable[..., Document]:
    return document


@pytest.fixture
def client_for(world) -> Iterator[Callable[..., TestClient]]:
    """A factory of clients: `client_for()` over a small corpus, `client_for(doc, ...)` over these, `client_for(None)` over none."""
    with ExitStack() as stack:

        def make(*documents, **changes):
            if documents != (None,):
                world.publish("v1", *(documents or (NOTA, BESLISSING)))
            doors = {"opener": world.opener, "asking": world.ask, "searching": world.search} | changes
            app = create_app(world.store, world.load, **doors)
            client = TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=True)
            return stack.enter_context(client)

        yield make


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[httpx2.Client]]:
    """A client of a real server: `with serving(store) as client`, the other arguments are those of `create_app`."""
    return _serving


@contextmanager
def _serving(store, **changes):
    app = create_app(store, partial(load_embedder, None), **changes)
    server = uvicorn.Server(uvicorn.Config(app, port=0, http="h11", ws="none", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        end = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def open_door(tmp_path):
    """A factory of doors: `open_door("api", items)`."""
    opened = []

    def make(door, items):
        made = themis_server.Fetching(door, tmp_path / f"themis-{len(opened)}", items)
        opened.append(made.server.__enter__())
        return made

    yield make
    for one in opened:
        one.__exit__()
