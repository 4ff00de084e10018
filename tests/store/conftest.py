"""Small corpora, and snapshots of them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest import snapshot
from ingest.catalog import Contents
from ingest.lexical import LexicalRow, write_lexical
from ingest.proof import prove
from ingest.records import Block, Box, Document, Metadata, Passage, Question, Rejected
from ingest.snapshot import Manifest
from ingest.snapshot_manifest import Vectors, check_files

SENTENCES = 3


def made_document(name: str, word: str) -> Document:
    """Three sentences under one heading, with a box a line; the text has an accent, a hyphen mark and an emoji."""
    lines = [
        f"{word.capitalize()} van {name}",
        *(f"De {word} nr. {i} kost één mil\u0002joen 🙂." for i in range(SENTENCES)),
    ]
    text = "\n\n".join(lines)
    starts = [text.index(line) for line in lines]
    heading = Block(0, len(lines[0]), "heading", level=1, page=1)
    body = (
        Block(at, at + len(line), "paragraph", page=2, section=(lines[0],))
        for at, line in zip(starts[1:], lines[1:], strict=True)
    )
    boxes = tuple(
        Box(at, at + len(line), 1, 10.5, 20.25, 300.0, 32.1) for at, line in zip(starts, lines, strict=True)
    )
    meta = Metadata(
        name, "memo", f"Titel van {name}", "map", date="2024-05", year=2024, themes=("Zorg", "Werk")
    )
    return Document(meta, hashlib.sha256(text.encode()).hexdigest(), text, (heading, *body), boxes)


def made_passages(document: Document) -> list[Passage]:
    return [
        Passage(document.id, b.start, b.end, document.text[b.start : b.end], b.section, b.page)
        for b in document.blocks
        if b.kind == "paragraph"
    ]


def made_vectors(passages: list[Passage], dimension: int = 16) -> Vectors:
    """A unit vector for each passage that depends on its id alone."""
    seeds = (int(passage.id, 16) for passage in passages)
    rows = [np.random.default_rng(seed).standard_normal(dimension) for seed in seeds]
    return np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32).reshape(-1, dimension)


def made_corpus(word: str = "zorg", documents: int = 2) -> tuple[Contents, Vectors]:
    made = [made_document(f"doc-{i:03}", word) for i in range(documents)]
    passages = [passage for document in made for passage in made_passages(document)]
    questions = [Question(d.id, f"Wat kost de {word}?", None if i else (0, 10)) for i, d in enumerate(made)]
    rejected = [Rejected("leeg.pdf", "empty", "leeg.pdf is leeg; haal het bestand opnieuw op.")]
    return Contents(made, passages, questions, rejected), made_vectors(passages)


@pytest.fixture(scope="session")
def corpus() -> Callable[..., tuple[Contents, Vectors]]:
    """`corpus(word, documents)`: contents and vectors, in the order of a snapshot."""
    return made_corpus


@pytest.fixture(scope="session")
def lexical_of() -> Callable[[Contents], Callable[[Path], None]]:
    """`lexical_of(contents)`: what writes their lexical index."""

    def writer(contents: Contents) -> Callable[[Path], None]:
        return lambda folder: write_lexical(folder, [LexicalRow("", p.text) for p in contents.passages])

    return writer


@pytest.fixture(scope="session")
def build(lexical_of: Callable[[Contents], Callable[[Path], None]]) -> Callable[..., Manifest]:
    """`build(store, contents, vectors)`: a snapshot with all its parts, proved in this process for speed."""

    def built(store: Path, contents: Contents, vectors: Vectors, **changes: object) -> Manifest:
        arguments = {
            "analyser": "analyse 1",
            "embedder": "model 1",
            "write_lexical": lexical_of(contents),
            "prove": prove,
        }
        return snapshot.build(store, contents, vectors, **arguments | changes)

    return built


@pytest.fixture
def build_light(build: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Manifest]:
    """`build` with a file in place of each index, for what does not look into them."""

    def write_index(folder: Path, vectors: Vectors | None = None) -> None:
        folder.mkdir()
        (folder / "index").write_bytes(b"index" if vectors is None else vectors.tobytes())

    def built(store: Path, contents: Contents, vectors: Vectors) -> Manifest:
        with monkeypatch.context() as patched:
            patched.setattr(snapshot, "write_chroma", write_index)
            return build(store, contents, vectors, write_lexical=write_index, prove=check_files)

    return built


@pytest.fixture
def store(tmp_path):
    return tmp_path / "var" / "store"


@pytest.fixture
def publish(store, corpus, build_light):
    """`publish(word)`: build and publish a corpus; gives its id."""

    def published(word):
        made = build_light(store, *corpus(word))
        snapshot.publish(store, made.id)
        return made.id

    return published


@pytest.fixture
def publish_whole(store, corpus, build):
    """`publish`, with real indexes."""

    def published(word):
        made = build(store, *corpus(word))
        snapshot.publish(store, made.id)
        return made.id

    return published
