"""Measures how building and asking grow with the corpus: `python -m evals.bench_growth [SIZE...] [--json]`.

Each size has a process of its own, which builds a snapshot as `wijzer ingest` does, opens it and asks. Times
are of this machine and of what else it does: compare them with each other, and processor time before the clock.
"""

import json
import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated

import numpy as np
import typer

from evals import EvalError
from evals.bench_corpus import grown
from evals.bench_scan import RECALL_AT, Scan, percentiles, scans
from evals.bench_watch import Part, Watch, memory_mb
from ingest import IngestError, snapshot
from ingest.analysis import ANALYSER
from ingest.build import embedded, lexical_rows
from ingest.cache import open_cache
from ingest.catalog import Catalog, Contents
from ingest.dense import Dense
from ingest.embed import Embedder, Vectors, load_embedder
from ingest.lexical import write_lexical
from ingest.proof import prove_in_child
from ingest.records import Metadata, Question
from ingest.sources import read_questions
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Filters
from retrieval.search import search

SIZES = (4_000, 100_000)
ASKED = 200
WHOLE_PROOF = 200_000  # passages; above, the proof is estimated from a sample: it would take longest
SAMPLE = 5_000
_STAGES = ("catalogus en vectoren", "woordindex", "Chroma")  # what `snapshot.build` reports, in its order


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions asked one after the other in one process; `admitted` is the share of the passages.

    `processor_ms` is the mean of a question over all threads.
    """

    name: str
    questions: int
    p50_ms: float
    p95_ms: float
    processor_ms: float
    admitted: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured at one size; `real` passages are those of the store, the others are recombined.

    Disk in MB by part. `proof_mb` is the memory of the process that proves, 0 where that is estimated. `lost`
    vectors are not found again by Chroma.
    """

    passages: int
    real: int
    documents: int
    parts: tuple[Part, ...]
    proof_mb: float
    lost: int
    disk_mb: dict[str, float]
    asked: tuple[Asked, ...]
    scans: tuple[Scan, ...]
    load: float

    @property
    def memory_mb(self) -> float:
        """The largest memory of the process that built and asked."""
        return max(part.memory_mb for part in self.parts)


def measure(
    size: int, store: Path, questions: Path | None, say: Callable[[str], None] = lambda line: None
) -> Growth:
    """Build a snapshot of at least `size` passages after the published corpus of `store`, and ask it questions."""
    embedder = load_embedder(None)
    with Catalog(snapshot.published(store) / "catalog.sqlite") as catalog:
        real = catalog.contents()
    asked = sampled(real.questions, [document.meta for document in real.documents], questions)
    with tempfile.TemporaryDirectory(prefix="wijzer-bench-") as folder:
        work = Path(folder)
        watch = Watch(say)
        contents = grown(real, size)
        watch.done("zinnen herschikken")
        _build(work, contents, embedder, watch)
        proof_mb = memory_mb(resource.RUSAGE_CHILDREN)
        passages, documents = len(contents.passages), len(contents.documents)
        del contents
        with open_corpus(work, embedder) as corpus:
            watch.done("openen")
            lost = 0
            if passages > WHOLE_PROOF:
                lost = _sampled_proof(corpus.dense, corpus.vectors)
                watch.done("bewijs", passages / SAMPLE)
            times = tuple(_ask(corpus, asked))
            ways = scans(
                corpus.vectors, corpus.dense, np.stack([embedder.encode_query(q.text) for q in asked])
            )
            watch.done("vragen")
        return Growth(
            passages,
            len(real.passages),
            documents,
            tuple(watch.parts),
            proof_mb if passages <= WHOLE_PROOF else 0.0,
            lost,
            _disk(snapshot.published(work), work / "cache"),
            times,
            tuple(ways),
            round(os.getloadavg()[0], 1),
        )


def _build(work: Path, contents: Contents, embedder: Embedder, watch: Watch) -> None:
    """Build and publish as `wijzer ingest` does after reading. Raises: StoreDamaged when a vector is lost."""
    with open_cache(work / "cache" / "embed.sqlite") as cache:
        vectors = embedded(contents, embedder, cache, lambda stage, done, total: None)
    watch.done("vectoren berekenen")

    def report(stage: str, done: int, total: int) -> None:
        if 0 < done < total:
            watch.done(_STAGES[done - 1])

    built = snapshot.build(
        work,
        contents,
        vectors,
        analyser=ANALYSER,
        embedder=embedder.identity,
        write_lexical=lambda folder: write_lexical(folder, lexical_rows(contents)),
        report=report,
        prove=prove_in_child if len(contents.passages) <= WHOLE_PROOF else lambda folder: [],
    )
    watch.done("bewijs" if len(contents.passages) <= WHOLE_PROOF else "hashen")
    snapshot.publish(work, built.id)


def _sampled_proof(dense: Dense, vectors: Vectors) -> int:
    """How many of a sample of the vectors Chroma does not find again."""
    rows = np.random.default_rng(0).choice(len(vectors), SAMPLE, replace=False)
    sample = vectors[rows]
    found = [row for at in range(0, SAMPLE, 500) for row in dense.nearest(sample[at : at + 500])]
    pairs = zip(sample, found, strict=True)
    return sum(row is None or bool(np.sum((vector - vectors[row]) ** 2) > 1e-5) for vector, row in pairs)


def _ask(corpus: Corpus, questions: Sequence[Question]) -> Iterable[Asked]:
    """Each question over everything, then within the kind and the year of the document that answers it."""
    metas = [corpus.metadata(question.document_id) for question in questions]
    within = [Filters(kind=(m.kind,), year=() if m.year is None else (m.year,)) for m in metas]
    shares: dict[Filters, float] = {}
    for filters in set(within):
        admitted = {m.id for m in corpus.documents() if filters.admit(m)}
        shares[filters] = float(np.mean([p.document_id in admitted for p in corpus.passages]))
    everything = [Filters()] * len(questions)
    for name, chosen in (("zonder filter", everything), ("soort en jaar", within)):
        search(corpus, questions[0].text, filters=chosen[0])
        seconds, worked = [], process_time()
        for question, filters in zip(questions, chosen, strict=True):
            begun = perf_counter()
            search(corpus, question.text, filters=filters)
            seconds.append(perf_counter() - begun)
        processor = round((process_time() - worked) * 1e3 / len(questions), 2)
        share = float(np.mean([shares.get(filters, 1.0) for filters in chosen]))
        yield Asked(name, len(questions), *percentiles(seconds), processor, round(share, 3))


def sampled(held: Sequence[Question], documents: Sequence[Metadata], path: Path | None) -> list[Question]:
    """Up to `ASKED` questions about these documents, spread evenly over the file at `path`, else over those held.

    Raises: EvalError when there are none.
    """
    ids = {meta.id for meta in documents}
    read = held if path is None else [q for q in read_questions(path) if isinstance(q, Question)]
    about = [question for question in read if question.document_id in ids]
    if not about:
        where = "in de opslag" if path is None else f"in {path}"
        raise EvalError(f"Er zijn {where} geen vragen over dit corpus; geef een JSONL met `--questions`.")
    return about[:: max(1, len(about) // ASKED)][:ASKED]


def _disk(folder: Path, cache: Path) -> dict[str, float]:
    """MB of each part of a snapshot, and of the cache beside it."""
    return {part.name: _megabytes(part) for part in (*sorted(folder.iterdir()), cache)}


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6, 1)


def _apart(size: int, store: Path, questions: Path | None) -> Growth:
    """`measure` in a process of its own, so that its memory is of this size alone."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as process:
        return process.submit(measure, size, store, questions, _progress).result()


def _progress(line: str) -> None:
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()


def main(
    sizes: Annotated[list[int] | None, typer.Argument(help="Aantallen passages; 1000000 duurt lang.")] = None,
    store: Annotated[Path, typer.Option(help="Opslag met het echte corpus.")] = Path("var/store"),
    questions: Annotated[
        Path | None, typer.Option(help="JSONL met vragen; anders die van de opslag.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document.")] = False,
) -> None:
    """Meet bouwen en vragen bij elk van deze aantallen passages."""
    try:
        measured = [_apart(size, store, questions) for size in sizes or SIZES]
    except (EvalError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(
            json.dumps([asdict(growth) for growth in measured], ensure_ascii=False, indent=1) + "\n"
        )
    else:
        show(measured)


def show(measured: Sequence[Growth]) -> None:
    """Print one column for each size."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Groei", caption=_caption(measured))
    table.add_column("")
    for growth in measured:
        table.add_column(f"{growth.passages:,}".replace(",", "."), justify="right")
    for name, cells in _rows(measured):
        table.add_row(name, *cells)
    Console(width=max(100, Console().width)).print(table)


def _rows(measured: Sequence[Growth]) -> Iterable[tuple[str, list[str]]]:
    for name in dict.fromkeys(part.name for growth in measured for part in growth.parts):
        parts = [{part.name: part for part in growth.parts}.get(name) for growth in measured]
        yield f"{name}, s (processor)", [_seconds(part) for part in parts]
    yield "grootste geheugen, MB", [f"{g.memory_mb:.0f}" for g in measured]
    yield "bewijs in eigen proces, MB", [f"{g.proof_mb:.0f}" if g.proof_mb else "-" for g in measured]
    yield "niet teruggevonden vectoren", [str(g.lost) for g in measured]
    for name in dict.fromkeys(name for growth in measured for name in growth.disk_mb):
        yield f"schijf {name}, MB", [f"{g.disk_mb.get(name, 0.0):.1f}" for g in measured]
    for n, asked in enumerate(measured[0].asked):
        times = [
            f"{g.asked[n].p50_ms:.1f} / {g.asked[n].p95_ms:.1f} ({g.asked[n].processor_ms:.1f})"
            for g in measured
        ]
        yield f"vraag {asked.name}, p50 / p95 (processor) ms", times
    for n, way in enumerate(measured[0].scans):
        yield (
            f"{way.name}, p50 / p95 ms",
            [f"{g.scans[n].p50_ms:.2f} / {g.scans[n].p95_ms:.2f}" for g in measured],
        )
        recalls = ["  ".join(f"{g.scans[n].recall[k]:.3f}" for k in RECALL_AT) for g in measured]
        yield f"  recall@{', @'.join(map(str, RECALL_AT))}", recalls


def _seconds(part: Part | None) -> str:
    if part is None:
        return "-"
    return f"{'~' if part.estimated else ''}{part.seconds:.1f} ({part.processor:.1f})"


def _caption(measured: Sequence[Growth]) -> str:
    real = measured[0].real
    loads = ", ".join(f"{growth.load}" for growth in measured)
    return (
        f"{real} passages zijn echt; daarboven zijn het echte zinnen, herschikt tot nieuwe passages van dezelfde lengte. "
        f"{os.cpu_count()} kernen, belasting na afloop {loads}. ~ is geschat uit een steekproef van {SAMPLE}."
    )


if __name__ == "__main__":
    typer.run(main)
