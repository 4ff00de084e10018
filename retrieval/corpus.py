"""One published snapshot, opened read-only."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from ingest import StoreDamaged, snapshot
from ingest.catalog import Catalog
from ingest.dense import Dense, open_chroma
from ingest.embed import Embedder
from ingest.lexical import Lexical
from ingest.records import Block, Document, Metadata, Passage
from retrieval import NoCorpus, WrongEmbedder


class Corpus:
    """Everything a question needs of one snapshot; safe to share between threads.

    `passages[i]`, `vectors[i]` and row `i` of both indexes are the same passage.
    """

    def __init__(
        self,
        version: str,
        catalog: Catalog,
        vectors: np.ndarray,
        lexical: Lexical,
        dense: Dense,
        embedder: Embedder,
    ) -> None:
        self.version = version
        self.catalog = catalog
        self.vectors = vectors
        self.lexical = lexical
        self.dense = dense
        self.embedder = embedder
        self.passages: Sequence[Passage] = catalog.passages()
        self._blocks: dict[str, tuple[Block, ...]] = {}
        self._metadata = {meta.id: meta for meta in catalog.documents()}

    def documents(self) -> tuple[Metadata, ...]:
        """What is known of each document, in the order of the catalog."""
        return tuple(self._metadata.values())

    def metadata(self, document_id: str) -> Metadata:
        """What is known of one document. Raises: KeyError."""
        return self._metadata[document_id]

    def document(self, document_id: str) -> Document | None:
        """One document with its text and blocks; None when the corpus does not hold it."""
        return self.catalog.document(document_id)

    def blocks(self, document_id: str, start: int, end: int) -> list[Block]:
        """The blocks of a document that overlap a span, in order. Raises: KeyError."""
        if document_id not in self._blocks:
            document = self.document(document_id)
            if document is None:
                raise KeyError(document_id)
            self._blocks[document_id] = document.blocks
        return [b for b in self._blocks[document_id] if b.start < end and start < b.end]


@contextmanager
def open_corpus(store: Path, embedder: Embedder) -> Iterator[Corpus]:
    """The published snapshot of a store.

    Raises: NoCorpus, WrongEmbedder, StoreDamaged.
    """
    version = snapshot.current(store)
    if version is None:
        raise NoCorpus(f"In {store} is nog geen corpus gepubliceerd; voer eerst `wijzer ingest BRON` uit.")
    faults = snapshot.verify(store, version)
    if faults:
        raise StoreDamaged(
            f"Publicatie {version} is beschadigd: {faults[0].file} ({faults[0].problem}). Voer `wijzer corpus verify "
            f"--repair` uit, of ga terug met `wijzer corpus rollback`."
        )
    folder = snapshot.published(store)
    made_with = snapshot.read_manifest(folder).embedder
    if made_with != embedder.identity:
        raise WrongEmbedder(
            f"Het corpus is gemaakt met het vectormodel {made_with}, ingesteld is {embedder.identity}; "
            f"zet WIJZER_EMBEDDER terug of voer `wijzer ingest` opnieuw uit."
        )
    with ExitStack() as stack:
        yield Corpus(
            version,
            stack.enter_context(Catalog(folder / "catalog.sqlite")),
            np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False),
            Lexical(folder / "lexical"),
            stack.enter_context(open_chroma(folder / "chroma")),
            embedder,
        )
