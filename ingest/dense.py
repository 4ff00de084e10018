"""The dense index: Chroma behind two functions, derived from the vectors and never changed once written.

Each distinct vector is stored once: among hundreds of equal ones Chroma's graph links them to each other
only, and nothing else finds them. `twins.json` says which rows share the vector of another row.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ingest import StoreDamaged
from ingest.files import copy_tree, explained, write_bytes

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

Vectors = npt.NDArray[np.float32]

# Measured on 8,000 random unit vectors of 256 dimensions, the hardest case: recall@50 0.998 (Chroma's own 16, 100
# and 100 give 0.60). The inner product of unit vectors is their cosine. What is not yet synced is indexed again at
# every opening, 0.7 s for 540 rows, so everything is synced at once.
_HNSW: "CreateHNSWConfiguration" = {
    "space": "ip",
    "max_neighbors": 48,
    "ef_construction": 200,
    "ef_search": 300,
    "batch_size": 2,
    "sync_threshold": 2,
}
_BATCH = 5_461  # the most that Chroma takes at once
_NAME = "passages"
_TWINS = "twins.json"


class Dense:
    """An opened index, safe to share between threads. Scores are cosines, from -1 to 1."""

    def __init__(self, collection: "Collection", twins: dict[int, list[int]]) -> None:
        self._collection = collection
        self._twins = twins
        self._distinct = collection.count()

    def query(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The rows nearest to a unit vector of shape (d,), at most `k`, best first, with their scores."""
        return self._nearest(vector[np.newaxis], k)[0] if k > 0 else []

    def nearest(self, vectors: Vectors) -> list[int | None]:
        """For each of the vectors, shape (m, d), the row nearest to it; None where nothing is found."""
        return [found[0][0] if found else None for found in self._nearest(vectors, 1)]

    def rows(self) -> list[int]:
        """Every row that the index holds, in order."""
        stored = [int(name) for name in self._collection.get(include=[])["ids"]]
        return sorted(stored + [twin for row in stored for twin in self._twins.get(row, ())])

    def _nearest(self, vectors: Vectors, k: int) -> list[list[tuple[int, float]]]:
        if not self._distinct:
            return [[] for _ in vectors]
        found = self._collection.query(
            query_embeddings=np.asarray(vectors, dtype=np.float32),
            n_results=min(k, self._distinct),
            include=["distances"],
        )
        distances = found["distances"] or []
        return [
            self._with_twins(ids, scores)[:k] for ids, scores in zip(found["ids"], distances, strict=True)
        ]

    def _with_twins(self, ids: Sequence[str], distances: Sequence[float]) -> list[tuple[int, float]]:
        hits = [(int(name), 1.0 - float(distance)) for name, distance in zip(ids, distances, strict=True)]
        return [(row, score) for first, score in hits for row in (first, *self._twins.get(first, ()))]


def write_chroma(folder: Path, vectors: Vectors) -> None:
    """Index unit vectors, shape (n, d), in a new folder; row numbers are their names. Raises: StoreDamaged."""
    same: dict[bytes, list[int]] = {}
    for row, vector in enumerate(
        vectors
    ):  # by digest: a million vectors as keys would be a second copy of them
        same.setdefault(hashlib.blake2b(vector.tobytes(), digest_size=16).digest(), []).append(row)
    firsts = [rows[0] for rows in same.values()]
    folder.mkdir(parents=True)
    advice = "Maak plaats op de schijf en voer de opdracht opnieuw uit. Wat gepubliceerd was, is gebleven."
    with _client(folder, f"kan niet worden geschreven: {{}}. {advice}") as client:
        collection = client.create_collection(_NAME, embedding_function=None, configuration={"hnsw": _HNSW})
        for at in range(0, len(firsts), _BATCH):
            batch = firsts[at : at + _BATCH]
            collection.add(ids=[str(row) for row in batch], embeddings=vectors[batch])
    twins = {str(rows[0]): rows[1:] for rows in same.values() if len(rows) > 1}
    write_bytes(folder / _TWINS, json.dumps(twins).encode())


@contextmanager
def open_chroma(folder: Path) -> Iterator[Dense]:
    """The index in a folder, from a private copy: Chroma rewrites its files even to read them.

    Raises: StoreDamaged, also where Chroma fails later on.
    """
    with tempfile.TemporaryDirectory(prefix="wijzer-", ignore_cleanup_errors=True) as temporary:
        copy = Path(temporary) / "chroma"
        with explained(folder):
            copy_tree(folder, copy)
            twins = (copy / _TWINS).read_bytes()
        with _client(
            copy, f"van {folder} is niet leesbaar: {{}}. Voer `wijzer corpus verify --repair` uit."
        ) as client:
            collection = client.get_collection(_NAME, embedding_function=None)
            yield Dense(collection, {int(row): rows for row, rows in json.loads(twins).items()})


@contextmanager
def _client(folder: Path, failing: str) -> "Iterator[ClientAPI]":
    from chromadb.api.client import Client
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    # What would reach the network is named, so that neither the environment nor a .env file decides.
    settings: dict[str, Any] = {
        "_env_file": None,
        "chroma_api_impl": "chromadb.api.rust.RustBindingsAPI",
        "anonymized_telemetry": False,
        "chroma_otel_collection_endpoint": "",
        "is_persistent": True,
        "persist_directory": str(folder),
    }
    try:
        with Client(settings=Settings(**settings)) as client:
            yield client
    except (ChromaError, ValueError) as error:  # ValueError is how the client says that it could not start
        raise StoreDamaged(f"De vectorindex {failing.format(error)}") from error
