"""`python -m evals.calibrate`: answer the questions, fit, choose, and keep the calibration beside the snapshot."""

import argparse
import sys
from pathlib import Path

from answer.support import FILE, as_json
from evals.calibrate import LOST, fitted, table
from evals.calibrate_plot import risk_coverage_svg
from evals.calibrate_sets import samples
from evals.gold import read_gold
from ingest.embed import load_embedder
from ingest.files import write_bytes
from ingest.snapshot_publish import kept
from retrieval.corpus import open_corpus

GOLD = tuple(
    Path(__file__).resolve().parent / "gold" / name
    for name in ("real.jsonl", "second.jsonl", "third.jsonl", "refusal.jsonl", "left_open.jsonl")
)


def main() -> None:
    """Read the arguments, do the work, print the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.calibrate", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="map met het gepubliceerde corpus")
    parser.add_argument(
        "--gold", type=Path, action="append", help="goudvragen (JSONL); standaard die van het project"
    )
    parser.add_argument("--embedder", help="naam of map van het embeddingmodel van het corpus")
    parser.add_argument(
        "--lost", type=float, default=LOST, help="hoogste aandeel juiste antwoorden dat geweigerd wordt"
    )
    parser.add_argument("--pairs", type=int, default=100, help="aantal gemaakte paren")
    parser.add_argument(
        "--withheld", type=int, default=150, help="aantal geschreven vragen met hun document achtergehouden"
    )
    parser.add_argument(
        "--out", type=Path, help="bestand voor de calibratie; standaard in de map van de publicatie"
    )
    parser.add_argument("--svg", type=Path, help="bestand voor de curve; standaard naast de calibratie")
    chosen = parser.parse_args()
    gold = read_gold(chosen.gold or GOLD, "tune" if chosen.gold is None else None)
    with open_corpus(chosen.store, load_embedder(chosen.embedder)) as corpus:
        made = samples(
            corpus,
            gold,
            pairs=chosen.pairs,
            withheld=chosen.withheld,
            report=_progress,
        )
        found = fitted(made, corpus.embedder.identity, chosen.lost)
        out = chosen.out or kept(chosen.store, corpus.version) / FILE
    svg = chosen.svg or out.with_suffix(".svg")
    write_bytes(out, as_json(found.calibration).encode())
    title = "Fout tegen dekking op goudvragen, kruisgevalideerd"
    write_bytes(svg, risk_coverage_svg(found.curve, found.calibration.threshold, title).encode())
    sys.stdout.write(f"{table(made, found)}\n\n{out}\n{svg}\n")


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{stage} {done}/{total}")
