"""Measures our retriever beside LangChain's own, in one run: `python -m evals.bench_langchain [--json]`.

The same passages, questions and machine. LangChain's Chroma store embeds each passage as ours is embedded,
with the same model; its ensemble adds BM25 over the same texts, once split at spaces, which is its default,
and once in our stems. Every system gets the bare question; each question is asked of all before the next, so
that what else the machine does weighs on all alike. Only ours has the questions that were indexed at ingest.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated, Any

import typer
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from evals import EvalError
from evals.bench_growth import sampled
from evals.bench_scan import percentiles
from evals.gold import GoldQuestion, read_gold, resolved
from evals.ranking import ranking_values
from ingest import IngestError
from ingest.analysis import stems, tokens
from ingest.chunk import indexed_text
from ingest.embed import Embedder, load_embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus
from retrieval.langchain import WijzerRetriever

K = 20
MEASURES = ("recall@1", "recall@10", "recall@4k chars", "recall@8k chars", "mrr")
OURS = "WijzerRetriever"
_BATCH = 5_000  # below the most that Chroma takes at once


@dataclass(frozen=True, slots=True)
class Beside:
    """One retriever: milliseconds a question, `ratio` of its p50 to ours (above 1 is slower), and its measures, 0..1."""

    name: str
    p50_ms: float
    p95_ms: float
    processor_ms: float
    ratio: float
    measures: Mapping[str, float]


class OurEmbeddings(Embeddings):
    """An embedder of ours as LangChain knows them."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector for each text."""
        vectors: list[list[float]] = self._embedder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        vector: list[float] = self._embedder.encode_query(text).tolist()
        return vector


def side_by_side(
    retrievers: Mapping[str, BaseRetriever],
    corpus: Corpus,
    gold: Sequence[GoldQuestion],
    questions: Sequence[str],
) -> list[Beside]:
    """Ask every retriever the same, `questions` for the time and `gold` for what is found; the first is ours."""
    times = _timed(retrievers, questions)
    answerable = [resolved(question, corpus) for question in gold if question.answerable]
    first = percentiles([wall for wall, _ in next(iter(times.values()))])[0]
    measured = []
    for name, retriever in retrievers.items():
        p50, p95 = percentiles([wall for wall, _ in times[name]])
        processor = sum(worked for _, worked in times[name]) / len(questions) * 1e3
        found = _measured(retriever, corpus, answerable)
        measured.append(Beside(name, p50, p95, round(processor, 2), round(p50 / first, 2), found))
    return measured


@contextmanager
def beside(corpus: Corpus) -> Iterator[dict[str, BaseRetriever]]:
    """Our retriever, and LangChain's over the same passages. Raises: EvalError when its packages are not there."""
    chroma_class, ensemble_class, bm25_class = _langchain()
    documents = _documents(corpus)
    with tempfile.TemporaryDirectory(prefix="wijzer-bench-", ignore_cleanup_errors=True) as folder:
        store = chroma_class(
            collection_name="passages",
            embedding_function=OurEmbeddings(corpus.embedder),
            client_settings=_local(folder),
        )
        for at in range(0, len(documents), _BATCH):
            store.add_documents(documents[at : at + _BATCH])
        chroma = store.as_retriever(search_kwargs={"k": K})
        split = bm25_class.from_documents(documents, k=K)
        stemmed = bm25_class.from_documents(documents, k=K, preprocess_func=lambda text: stems(tokens(text)))
        yield {
            OURS: WijzerRetriever(corpus=corpus, k=K),
            "LangChain Chroma": chroma,
            "LangChain Ensemble": ensemble_class(retrievers=[split, chroma], weights=[0.5, 0.5]),
            "LangChain Ensemble, onze stammen": ensemble_class(
                retrievers=[stemmed, chroma], weights=[0.5, 0.5]
            ),
        }


def _langchain() -> tuple[Any, Any, Any]:
    """The three classes of LangChain that are measured, from packages that nothing else needs."""
    try:
        from langchain_chroma import Chroma
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
    except ImportError as error:
        raise EvalError(
            f"LangChain's eigen retrievers staan er niet ({error}); installeer ze met `pip install -e '.[bench]'`."
        ) from error
    return Chroma, EnsembleRetriever, BM25Retriever


def _local(folder: str) -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=folder)


def _documents(corpus: Corpus) -> list[Document]:
    """The passages as ours are embedded: the heading path, then the text; `row` leads back to the passage."""
    documents = {meta.id: corpus.catalog.document(meta.id) for meta in corpus.documents()}
    made = []
    for row, passage in enumerate(corpus.passages):
        document = documents[passage.document_id]
        assert document is not None, "a passage of the corpus is of a document of the corpus"
        made.append(Document(page_content=indexed_text(document, passage), metadata={"row": row}))
    return made


def _timed(
    retrievers: Mapping[str, BaseRetriever], questions: Sequence[str]
) -> dict[str, list[tuple[float, float]]]:
    """Wall and processor seconds of each question, by retriever, after one question that is not counted."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in retrievers}
    for retriever in retrievers.values():
        retriever.invoke(questions[0])
    for question in questions:
        for name, retriever in retrievers.items():
            begun, worked = perf_counter(), process_time()
            retriever.invoke(question)
            times[name].append((perf_counter() - begun, process_time() - worked))
    return times


def _measured(retriever: BaseRetriever, corpus: Corpus, gold: Sequence[GoldQuestion]) -> dict[str, float]:
    """The means over the questions, each passage read as it stands in its document, whoever found it."""
    asked = [(q, [_found(document, corpus) for document in retriever.invoke(q.question)[:K]]) for q in gold]
    values = ranking_values(asked)
    return {name: round(sum(row[name] for row in values) / len(values), 4) for name in MEASURES}


def _found(document: Document, corpus: Corpus) -> dict[str, str]:
    if "row" not in document.metadata:
        return {"document_id": document.metadata["document_id"], "text": document.page_content}
    passage = corpus.passages[document.metadata["row"]]
    return {"document_id": passage.document_id, "text": passage.text}


def main(
    store: Annotated[Path, typer.Option(help="Opslag met het corpus.")] = Path("var/store"),
    gold: Annotated[Path, typer.Option(help="JSONL met goudvragen.")] = Path("../shared/gold/examples.jsonl"),
    questions: Annotated[
        Path | None, typer.Option(help="JSONL met vragen voor de tijden; anders die van de opslag.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document.")] = False,
) -> None:
    """Meet onze retriever naast die van LangChain."""
    try:
        asked = [question for question in read_gold([gold]) if question.answerable]
        with open_corpus(store, load_embedder(None)) as corpus, beside(corpus) as retrievers:
            texts = [q.text for q in sampled(corpus.catalog.questions(), corpus.documents(), questions)]
            measured = side_by_side(retrievers, corpus, asked, texts)
            passages = len(corpus.passages)
    except (EvalError, IngestError, RetrievalError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(json.dumps([asdict(row) for row in measured], ensure_ascii=False, indent=1) + "\n")
    else:
        show(measured, passages, len(asked), len(texts))


def show(measured: Sequence[Beside], passages: int, gold: int, questions: int) -> None:
    """Print a row for each retriever."""
    from rich.console import Console
    from rich.table import Table

    caption = f"{passages} passages; {questions} vragen voor de tijden, {gold} goudvragen met een antwoord, zonder gespreksverloop, k = {K}."
    table = Table(title="Naast LangChain", caption=caption)
    table.add_column("")
    for column in ("p50 ms", "p95 ms", "processor ms", "x p50", *MEASURES):
        table.add_column(column, justify="right")
    for row in measured:
        times = (row.p50_ms, row.p95_ms, row.processor_ms, row.ratio)
        table.add_row(row.name, *(f"{t:.2f}" for t in times), *(f"{row.measures[m]:.3f}" for m in MEASURES))
    Console(width=max(140, Console().width)).print(table)


if __name__ == "__main__":
    typer.run(main)
