"""The corpus made otherwise: with other questions, or with a model that learned from less.

All variants lie in one work folder and are used again as long as what they are made of is the same: a snapshot
by its own id, a model by the hash of what it learned from and of the code that teaches it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from ingest import snapshot
from ingest.analysis import ANALYSER
from ingest.build import embedded, lexical_rows
from ingest.cache import open_cache
from ingest.catalog import Contents
from ingest.embed import Embedder, load_embedder
from ingest.lexical import write_lexical
from ingest.records import Document, Question
from ingest.train import train
from retrieval.corpus import Corpus, open_corpus

Report = Callable[[str, int, int], None]
_TEACHING = (
    "chunk.py",
    "reading.py",
    "train.py",
    "train_matrix.py",
    "train_pairs.py",
    "train_tokenizer.py",
)


def learned(
    documents: Sequence[Document], questions: Sequence[Question], work: Path, report: Report
) -> Embedder:
    """A model that learned from these documents and questions alone. Raises: NoSource without any text."""
    folder = work / f"model-{_made_of(documents, questions)}"
    if not (folder / "modules.json").is_file():  # written last: without it the model is not whole
        train(documents, questions, folder, report=report)
    return load_embedder(str(folder))


@contextmanager
def variant(
    contents: Contents, questions: Sequence[Question], embedder: Embedder, work: Path, report: Report
) -> Iterator[Corpus]:
    """The corpus of `contents` with these questions indexed and the vectors of this model.

    Raises: StoreBusy when another run builds in the same work folder.
    """
    made = replace(contents, questions=questions)
    with open_cache(work / "cache" / "embed.sqlite") as cache:
        vectors = embedded(made, embedder, cache, report)
    manifest = snapshot.build(
        work,
        made,
        vectors,
        analyser=ANALYSER,
        embedder=embedder.identity,
        write_lexical=lambda folder: write_lexical(folder, lexical_rows(made)),
        report=report,
    )
    with open_corpus(work, embedder, manifest.id) as corpus:
        yield corpus


def _made_of(documents: Sequence[Document], questions: Sequence[Question]) -> str:
    """Sixteen hexadecimal digits that change with the texts, their structure, the questions and the code."""
    digest = hashlib.sha256()
    for name in _TEACHING:
        digest.update(files("ingest").joinpath(name).read_bytes())
    for document in documents:
        digest.update(repr((document.id, document.text, document.blocks)).encode(errors="replace"))
    for question in questions:
        digest.update(repr(question).encode(errors="replace"))
    return digest.hexdigest()[:16]
