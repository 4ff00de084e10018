"""`python -m evals.ablation`: measure retrieval, each of its means, what it never learned from, and twins."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals import EvalError, GoldInvalid
from evals.ablation import BY, MEASURES, Compared, ablation, measured, searchable
from evals.compare import Difference
from evals.generalisation import generalisation
from evals.gold import SPLITS, Split, read_gold
from evals.labels import FIELD_LABELS, group_label, label, number
from evals.measures import summary
from evals.run import code_hash
from evals.twin_ranking import TWIN_MEASURES, twin_ranking
from evals.variants import Report
from ingest import IngestError
from ingest.embed import load_embedder
from retrieval import RetrievalError
from retrieval.corpus import open_corpus

GOLD = Path(__file__).resolve().parent / "gold" / "real.jsonl"
WORK = Path("var/ablation")
SHOWN = ("recall@4k chars", "recall@8k chars", "nDCG@10", "mrr")
PARTS: Mapping[str, tuple[str, str, str]] = {
    "ablation": ("Elk middel uitgezet", "alles aan", "zonder dit middel"),
    "generalisation": ("Weggelaten bij opname en uit het leren", "volledig systeem", "weggelaten"),
    "twins": ("Tweelingen", "uit elkaar gehouden", "niet uit elkaar gehouden"),
}
TABLES = ("retrieval", *PARTS)


@dataclass(frozen=True, slots=True)
class Tables:
    """What was measured: `made` says of what, `retrieval[group]` holds means, `parts` those of `PARTS`."""

    made: Mapping[str, Any]
    retrieval: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, Sequence[Compared]]


def main() -> None:
    """Read the arguments, measure, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m evals.ablation", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="map met het gepubliceerde corpus")
    parser.add_argument(
        "--gold", type=Path, action="append", help="goudvragen (JSONL); standaard die van het project"
    )
    parser.add_argument("--split", choices=SPLITS, help="deel van de goudvragen; standaard alle")
    parser.add_argument(
        "--table", choices=TABLES, action="append", help="tabel die gemaakt wordt; standaard alle"
    )
    parser.add_argument(
        "--work", type=Path, default=WORK, help="map voor de afgeleide modellen en publicaties"
    )
    parser.add_argument("--embedder", help="naam of map van het embeddingmodel van het corpus")
    parser.add_argument("--json", action="store_true", help="één JSON-document in plaats van tabellen")
    chosen = parser.parse_args()
    try:
        tables = measured_tables(
            chosen.store,
            chosen.gold or [GOLD],
            chosen.split,
            chosen.table or TABLES,
            chosen.work,
            chosen.embedder,
            _progress,
        )
    except (EvalError, IngestError, RetrievalError) as error:
        sys.exit(str(error))
    if chosen.json:
        sys.stdout.write(json.dumps(as_json(tables), ensure_ascii=False, indent=1) + "\n")
    else:
        show(tables)


def measured_tables(
    store: Path,
    gold_files: Sequence[Path],
    split: Split | None,
    names: Sequence[str],
    work: Path,
    embedder: str | None,
    report: Report,
) -> Tables:
    """Measure the tables of these names (`TABLES`) on the published snapshot of a store.

    Raises: GoldInvalid, and what `open_corpus` and `variant` raise.
    """
    with open_corpus(store, load_embedder(embedder)) as corpus:
        gold = searchable(read_gold(gold_files, split), corpus)
        if not gold:
            raise GoldInvalid(
                f"Geen vraag met een antwoord in {', '.join(map(str, gold_files))} (deel: {split or 'alle'}); "
                f"geef met --gold andere goudvragen of laat --split weg."
            )
        whole, contents = measured(corpus, gold), corpus.catalog.contents()
        makers: Mapping[str, Callable[[], Sequence[Compared]]] = {
            "ablation": lambda: list(ablation(corpus, contents, gold, whole, work, report)),
            "generalisation": lambda: list(generalisation(corpus, contents, gold, whole, work, report)),
            "twins": lambda: list(twin_ranking(corpus, gold)),
        }
        groups = {name: means for by in (None, *BY) for name, means in summary(whole, by).items()}
        made = {
            "snapshot": corpus.version,
            "embedder": corpus.embedder.identity,
            "code": code_hash(),
            "split": split or "all",
            "questions": len(gold),
            "training_questions": len(contents.questions),
        }
        return Tables(
            made,
            groups if "retrieval" in names else {},
            {name: make() for name, make in makers.items() if name in names},
        )


def as_json(tables: Tables) -> dict[str, Any]:
    """Everything that was measured, values to four decimals; a is the whole system, b the other one."""
    return {
        "made": dict(tables.made),
        "retrieval": {
            group: {"n": means["n"], **{name: means[name] for name in MEASURES}}
            for group, means in tables.retrieval.items()
        },
        **{name: [_compared_json(line) for line in lines] for name, lines in tables.parts.items()},
    }


def _compared_json(line: Compared) -> dict[str, Any]:
    measures = {
        d.measure: {
            "a": round(d.a, 4),
            "b": round(d.b, 4),
            "difference": round(d.interval.difference, 4),
            "low": round(d.interval.low, 4),
            "high": round(d.interval.high, 4),
        }
        for d in line.differences
    }
    return {"name": line.name, "group": line.group, "n": line.n, "measures": measures}


def show(tables: Tables) -> None:
    """Print a table for each part, the whole system's value and the other's, and their difference with its interval."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=max(190, Console().width))
    made = tables.made
    console.print(
        f"Publicatie {made['snapshot']}, code {made['code']}, deel {group_label(str(made['split']))}: "
        f"{made['questions']} vragen met een antwoord; {made['training_questions']} trainingsvragen."
    )
    if tables.retrieval:
        table = Table(title="Retrieval")
        for column in ("", "", "n", *map(label, MEASURES)):
            table.add_column(column, justify="right" if column else "left")
        for group, means in tables.retrieval.items():
            field = group.partition("=")[0]
            values = (number(means[name], name) for name in MEASURES)
            table.add_row(FIELD_LABELS.get(field, ""), group_label(group), str(means["n"]), *values)
        console.print(table)
    for part, lines in tables.parts.items():
        title, a, b = PARTS[part]
        shown = TWIN_MEASURES if part == "twins" else SHOWN
        table = Table(
            title=title,
            caption=f"{a} → {b}; daaronder het verschil met zijn interval van 95 % (bootstrap over vragen)",
            show_lines=True,
        )
        for column in ("", "", "n", *map(label, shown)):
            table.add_column(column, justify="right" if column else "left", no_wrap=True)
        for line in lines:
            of = {d.measure: d for d in line.differences}
            table.add_row(line.name, line.group, str(line.n), *(_cell(of[name]) for name in shown))
        console.print(table)


def _cell(found: Difference) -> str:
    a, b, difference, low, high = (
        number(value, found.measure)
        for value in (found.a, found.b, found.interval.difference, found.interval.low, found.interval.high)
    )
    mark = " *" if found.interval.is_certain else ""
    return f"{a} → {b}\n{difference} ({low}; {high}){mark}"


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{stage} {done}/{total}")
