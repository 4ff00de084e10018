"""From a section of the coalition agreement to the decisions that an earlier memo cited: what each way finds.

`python -m evals.matching_bench --store DIR --sections FILE --labels FILE`. The labels are silver: good for
comparing rankings, no absolute truth. Of the sections, half was used to choose weights (`afstellen`), the
other half was not looked at before (`rapporteren`); a hash of the section's id says which.
"""

import csv
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Literal

import numpy as np
import typer

from evals import EvalError, GoldInvalid
from evals.bootstrap import Interval, paired
from ingest import IngestError
from ingest.embed import load_embedder
from ingest.lexical import Lexical, LexicalRow, question_terms, write_lexical
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus
from retrieval.matching import DECISIONS, decisions_for
from retrieval.search import search

K = 100
MEASURES = ("nDCG@10", "R@50")
GRAMS = "n-grammen, BM25"  # what the others are compared with
Half = Literal["afstellen", "rapporteren"]
Way = Callable[[str], Iterable[str]]  # from a section's text to ids of documents, best first
Values = Mapping[str, Sequence[float]]  # by measure, one for each section


@dataclass(frozen=True, slots=True)
class Section:
    """A section with the ids of the decisions that its memo cited."""

    id: str
    text: str
    cited: frozenset[str]

    @property
    def half(self) -> Half:
        """Which half it is of, the same in every run."""
        even = int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 0
        return "afstellen" if even else "rapporteren"


@dataclass(frozen=True, slots=True)
class Line:
    """One way over one part of the sections: means, and how far each differs from n-gram BM25."""

    way: str
    part: str
    sections: int
    means: Mapping[str, float]
    differences: Mapping[str, Interval]
    seconds: float


def read_sections(sections: Path, labels: Path, corpus: Corpus) -> list[Section]:
    """The labelled sections, in the order of the file. Raises: GoldInvalid."""
    names = {meta.uri: meta.id for meta in corpus.documents() if meta.uri}
    cited: dict[str, set[str]] = {}
    try:
        with labels.open(encoding="utf-8", newline="") as lines:
            for line in csv.DictReader(lines, delimiter="\t"):
                if line["decision"] in names:
                    cited.setdefault(line["section_id"], set()).add(names[line["decision"]])
        texts = [
            json.loads(line) for line in sections.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        found = [Section(s["id"], s["text"], frozenset(cited[s["id"]])) for s in texts if s["id"] in cited]
    except (OSError, KeyError, ValueError) as error:
        raise GoldInvalid(f"De secties of de labels zijn niet te lezen ({error!r}).") from error
    if not found:
        raise GoldInvalid(
            f"Geen label van {labels} hoort bij een sectie van {sections} en een beslissing van het corpus."
        )
    return found


@contextmanager
def ways(corpus: Corpus) -> Iterator[dict[str, Way]]:
    """Every way that is measured; n-gram BM25 over whole decisions first."""
    with tempfile.TemporaryDirectory(prefix="wijzer-bench-") as folder:
        decisions = [meta for meta in corpus.documents() if meta.kind == "beslissing"]
        texts = (document.text if (document := corpus.document(m.id)) else "" for m in decisions)
        write_lexical(Path(folder) / "grams", (LexicalRow("", text) for text in texts))
        grams = Lexical(Path(folder) / "grams")

        def by_grams(text: str) -> list[str]:
            return [decisions[row].id for row, _ in grams.search("grams", question_terms(text, "grams"), K)]

        yield {
            GRAMS: by_grams,
            "search": lambda text: (e.meta.id for e in search(corpus, text, k=K)),
            "search, alleen beslissingen": lambda text: (
                e.meta.id for e in search(corpus, text, filters=DECISIONS, k=K)
            ),
            "decisions_for": lambda text: (match.meta.id for match in decisions_for(corpus, text, k=K)),
        }


def measured(ways: Mapping[str, Way], sections: Sequence[Section], admitted: frozenset[str]) -> list[Line]:
    """A line for each way and part; only ids that are `admitted` take a rank, each the first that it has."""
    halves = {
        half: [n for n, s in enumerate(sections) if s.half == half] for half in ("afstellen", "rapporteren")
    }
    parts = {"alle": list(range(len(sections))), **{name: rows for name, rows in halves.items() if rows}}
    values: dict[str, Values] = {}
    lines = []
    for name, way in ways.items():
        started = perf_counter()
        ranked = [[d for d in dict.fromkeys(way(section.text)) if d in admitted] for section in sections]
        seconds = (perf_counter() - started) / len(sections)
        values[name] = section_values(sections, ranked)
        lines += [
            _line(name, part, rows, values[name], values[next(iter(ways))], seconds)
            for part, rows in parts.items()
        ]
    return lines


def section_values(sections: Sequence[Section], ranked: Sequence[Sequence[str]]) -> Values:
    """`MEASURES` of each section as ir_measures defines them; nothing found is 0."""
    import ir_measures
    from ir_measures import R, nDCG

    judged = {s.id: dict.fromkeys(s.cited, 1) for s in sections}
    run = {
        s.id: {name: float(K - rank) for rank, name in enumerate(found)}
        for s, found in zip(sections, ranked, strict=True)
    }
    found: dict[str, dict[str, float]] = {measure: {} for measure in MEASURES}
    for metric in ir_measures.iter_calc([nDCG @ 10, R @ 50], judged, run):
        found[str(metric.measure)][metric.query_id] = metric.value
    return {measure: [of.get(s.id, 0.0) for s in sections] for measure, of in found.items()}


def _line(way: str, part: str, rows: list[int], of: Values, base: Values, seconds: float) -> Line:
    kept = {measure: np.array(of[measure])[rows] for measure in MEASURES}
    differences = {measure: paired(np.array(base[measure])[rows], kept[measure]) for measure in MEASURES}
    return Line(way, part, len(rows), {m: float(kept[m].mean()) for m in MEASURES}, differences, seconds)


def main(
    store: Annotated[Path, typer.Option(help="Opslag met het corpus.")] = Path("var/store"),
    sections: Annotated[Path, typer.Option(help="JSONL met secties: id, text.")] = Path(
        "../shared/corpus/regeerakkoord-sections.jsonl"
    ),
    labels: Annotated[Path, typer.Option(help="TSV met section_id en decision.")] = Path(
        "../shared/gold/section2cited.tsv"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document.")] = False,
) -> None:
    """Meet hoe goed een sectie van het regeerakkoord haar beslissingen vindt."""
    try:
        with open_corpus(store, load_embedder(None)) as corpus, ways(corpus) as measurable:
            decisions = frozenset(meta.id for meta in corpus.documents() if meta.kind == "beslissing")
            lines = measured(measurable, read_sections(sections, labels, corpus), decisions)
    except (EvalError, IngestError, RetrievalError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n")
    else:
        show(lines)


def show(lines: Sequence[Line]) -> None:
    """Print a row for each way and part; between brackets the 95 % interval of the difference with n-gram BM25."""
    from rich.console import Console
    from rich.table import Table

    caption = (
        f"k = {K}, één rang per beslissing; tussen haken het verschil met {GRAMS}, 95 %-interval (bootstrap)."
    )
    table = Table(title="Van sectie naar beslissingen", caption=caption)
    for column in ("", "deel", "secties", *MEASURES, "s per sectie"):
        table.add_column(column, justify="left" if column in ("", "deel") else "right")
    for line in lines:
        cells = (f"{line.means[m]:.3f} {_bracketed(line.differences[m])}" for m in MEASURES)
        table.add_row(line.way, line.part, str(line.sections), *cells, f"{line.seconds:.2f}")
    Console(width=max(140, Console().width)).print(table)


def _bracketed(interval: Interval) -> str:
    return f"({interval.difference:+.3f}: {interval.low:+.3f} .. {interval.high:+.3f})"


if __name__ == "__main__":
    typer.run(main)
