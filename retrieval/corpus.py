"""One published snapshot, opened read-only."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from ingest import StoreDamaged, snapshot
from ingest.analysis import stems, tokens
from ingest.budget.records import Ledger
from ingest.catalog import Catalog
from ingest.dense import Dense, open_chroma
from ingest.embed import Embedder, question_embedder
from ingest.lexical import Lexical
from ingest.pages import page_of, page_starts
from ingest.records import Block, Commitment, Document, Metadata, Passage, Question
from ingest.snapshot_publish import kept
from ingest.thesaurus_terms import NO_TERMS, Terms, loaded
from retrieval import NoCorpus, WrongEmbedder
from retrieval.families import Families
from retrieval.records import Filters
from retrieval.rerank import Reranker
from retrieval.written import WrittenQuestions

_SEVERAL = 5


class Corpus:
    """Everything a question needs of one snapshot; safe to share between threads.

    `passages[i]`, `vectors[i]` and row `i` of both indexes are the same passage; `sections[i]` numbers the
    section it is of, a decision being one section.
    """

    def __init__(
        self,
        version: str,
        catalog: Catalog,
        vectors: np.ndarray,
        lexical: Lexical,
        dense: Dense,
        embedder: Embedder,
        reranker: Reranker | None = None,
        folder: Path | None = None,
    ) -> None:
        self.version = version
        self.catalog = catalog
        self.vectors = vectors
        self.lexical = lexical
        self.dense = dense
        self.embedder = embedder
        self.reranker = reranker
        self.folder = folder
        self.passages: Sequence[Passage] = catalog.passages()
        self._opened: dict[str, Document | None] = {}
        self._rows_of = _spans(self.passages)
        self._rows = {passage.id: row for row, passage in enumerate(self.passages)}
        self._ledgers: tuple[Ledger, ...] | None = None
        self._page_starts: dict[str, list[tuple[int, int]]] = {}
        self._questions: dict[tuple[str, str], WrittenQuestions] = {}
        self._together: dict[str, list[Question]] | None = None
        self._commitments: tuple[Commitment, ...] | None = None
        self._metadata = {meta.id: meta for meta in catalog.documents()}
        self.sections = _numbered(self.passages)
        numbers = {name: number for number, name in enumerate(self._metadata)}
        self._document_of = np.fromiter((numbers[p.document_id] for p in self.passages), dtype=np.int32)
        terms = catalog.terms()
        self.terms: Terms = loaded(terms) if terms else NO_TERMS
        self.ministers = frozenset(name for meta in self._metadata.values() for name in meta.ministers)
        self.section_sizes = np.bincount(self.sections)
        self.families = Families(self._metadata.values())

    def documents(self) -> tuple[Metadata, ...]:
        """What is known of each document, in the order of the catalog."""
        return tuple(self._metadata.values())

    def metadata(self, document_id: str) -> Metadata:
        """What is known of one document. Raises: KeyError."""
        return self._metadata[document_id]

    def document(self, document_id: str) -> Document | None:
        """One document with its text and blocks; None when the corpus does not hold it."""
        if document_id not in self._metadata:
            return None
        if document_id not in self._opened:
            self._opened[document_id] = self.catalog.document(document_id)
        return self._opened[document_id]

    def admitted(self, filters: Filters) -> np.ndarray:
        """A mask over the passages, True for those whose document passes the filters."""
        of_documents = np.fromiter((filters.admit(m) for m in self._metadata.values()), dtype=bool)
        return np.asarray(of_documents[self._document_of])

    def uses(self, name: str) -> bool:
        """Whether the corpus itself speaks of this name: each of its words stands in several passages."""
        return all(self.lexical.frequency("stems", stem) >= _SEVERAL for stem in stems(tokens(name)))

    def ministers_named(self, question: str) -> set[str]:
        """The ministers of the corpus whose surname a question holds."""
        words = set(tokens(question))
        return {name for name in self.ministers if set(tokens(name.split(" ", 1)[-1])) <= words}

    def rows_of(self, document_id: str) -> range:
        """The rows of the passages of one document, in order. Raises: KeyError."""
        return self._rows_of[document_id]

    def ledgers(self) -> tuple[Ledger, ...]:
        """The budget figures of each document that has them; read once, when first asked for."""
        if self._ledgers is None:
            self._ledgers = self.catalog.ledgers()
        return self._ledgers

    def commitments(self) -> tuple[Commitment, ...]:
        """The sections of the coalition agreements with their promises; read once, when first asked for."""
        if self._commitments is None:
            self._commitments = self.catalog.commitments()
        return self._commitments

    def page_at(self, document_id: str, at: int) -> int | None:
        """The page on which a character of a document stands; None where it has none. Raises: KeyError."""
        if document_id not in self._page_starts:
            document = self.document(document_id)
            if document is None:
                raise KeyError(document_id)
            self._page_starts[document_id] = page_starts(document)
        return page_of(self._page_starts[document_id], at)

    def blocks(self, document_id: str, start: int, end: int) -> list[Block]:
        """The blocks of a document that overlap a span, in order. Raises: KeyError."""
        document = self.document(document_id)
        if document is None:
            raise KeyError(document_id)
        return [b for b in document.blocks if b.start < end and start < b.end]

    def questions(self, document_id: str) -> WrittenQuestions:
        """The questions that were written for a document and are indexed with it; read once, when first asked for."""
        return self._written("passages", document_id, self.embedder, answered=True)

    def answered_questions(self, document_id: str) -> WrittenQuestions:
        """Those of `questions`, to be compared with a question."""
        return self._written("answered", document_id, question_embedder(), answered=True)

    def open_questions(self, document_id: str) -> WrittenQuestions:
        """What a document makes people ask and nothing answers, to be compared with a question."""
        return self._written("open", document_id, question_embedder(), answered=False)

    def answered_together(self, text: str) -> Sequence[Question]:
        """A written question at each of the places that answer it together; empty where one place does."""
        if self._together is None:
            self._together = self.catalog.questions_of_several_places()
        return self._together.get(text, ())

    def _written(self, use: str, document_id: str, embedder: Embedder, *, answered: bool) -> WrittenQuestions:
        if (use, document_id) not in self._questions:
            of_document = self.catalog.questions_of(document_id)
            chosen = [question for question in of_document if (question.kind == "answered") == answered]
            self._questions[use, document_id] = WrittenQuestions(chosen, embedder)
        return self._questions[use, document_id]

    def with_neighbours(self, passage: Passage) -> Passage:
        """A passage with those beside it that stand under the same headings, as one span."""
        row = self._rows[passage.id]
        around = [p for p in self.passages[max(0, row - 1) : row + 2] if _same_section(p, passage)]
        document = self.document(passage.document_id)
        assert document is not None, "a passage of the corpus is of a document of the corpus"
        start, end = around[0].start, around[-1].end
        text = document.text[start:end]
        return Passage(passage.document_id, start, end, text, passage.section, around[0].page)


def _same_section(a: Passage, b: Passage) -> bool:
    return (a.document_id, a.section) == (b.document_id, b.section)


def _spans(passages: Sequence[Passage]) -> dict[str, range]:
    """The rows of each document; its passages stand together."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for row, passage in enumerate(passages):
        first.setdefault(passage.document_id, row)
        last[passage.document_id] = row
    return {name: range(first[name], last[name] + 1) for name in first}


def _numbered(passages: Sequence[Passage]) -> np.ndarray:
    numbers: dict[tuple[str, tuple[str, ...]], int] = {}
    keys = ((p.document_id, p.section) for p in passages)
    return np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), dtype=np.int32)


@contextmanager
def open_corpus(
    store: Path, embedder: Embedder, version: str | None = None, reranker: Reranker | None = None
) -> Iterator[Corpus]:
    """The published snapshot of a store, or the kept one of this id.

    Raises: NoCorpus, WrongEmbedder, StoreDamaged.
    """
    version = version or snapshot.current(store)
    if version is None:
        raise NoCorpus(f"In {store} is nog geen corpus gepubliceerd; voer eerst `wijzer ingest BRON` uit.")
    faults = snapshot.verify(store, version)
    if faults:
        raise StoreDamaged(
            f"Publicatie {version} is beschadigd: {faults[0].file} ({faults[0].problem}). Voer `wijzer corpus verify "
            f"--repair` uit, of ga terug met `wijzer corpus rollback`."
        )
    folder = kept(store, version)
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
            reranker,
            folder,
        )
