"""The weights by which a sentence is judged to answer a question, fitted on questions whose place is known.

    python -m evals.kept_out ../shared/corpus OUT; cd OUT/project
    python -m evals.run_weights ../store ../kept_out.jsonl

A softmax over the pieces of the passages read, by their measures, rewarded for the pieces where the answer stands;
convex, so the same every time. How often the likeliest piece is one of the place is measured on the places of a
fifth of the questions, by weights fitted on the others, and on the gold questions of the tuning parts, on which none are.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from answer.decisions import decision_quotes
from answer.extract import PASSAGES_READ, sources
from answer.extract_measures import NAMES, Floats
from answer.extract_runs import WEIGHTS, Place, measured, place
from evals import GoldInvalid
from evals.calibrate_cli import GOLD
from evals.gold import read_gold, resolved
from ingest.embed import load_embedder
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.records import Turn
from retrieval.search import find

RIDGE = 1.0  # of the weights of standardised measures
PARTS = 5
_LEAST_SHARED = 0.3  # of a piece that lies in a place, for the piece to be of it
_STEPS = 30
_INSIDE = NAMES.index("inside")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the places that answer it."""

    question: str
    places: tuple[Place, ...]
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces read for a question: measures (n, NAMES), and the share of the answer in each, (n,) of sum 1."""

    asked: Asked
    measures: Floats
    target: Floats


def read_kept_out(path: Path) -> list[Asked]:
    """The questions of `evals.kept_out`. Raises: GoldInvalid."""
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        return [
            Asked(r["question"], tuple((p["document_id"], p["start"], p["end"]) for p in r["places"]))
            for r in records
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldInvalid(f"{path} bevat geen vragen met hun plaatsen ({error!r}).") from error


def of_gold(corpus: Corpus) -> Iterator[Asked]:
    """The answerable gold questions of the tuning parts."""
    for gold in read_gold(GOLD, "tune"):
        if gold.answerable:
            found = resolved(gold, corpus)
            told = (*found.evidence, *found.alt_evidence)
            places = tuple((piece.doc, *piece.span) for piece in told if piece.span)
            yield Asked(found.question, places, found.history)


def pieces(corpus: Corpus, asked: Iterable[Asked]) -> Iterator[Pieces]:
    """What is read for each question, as far as a place of its answer is among it; lists of decisions are not chosen so."""
    for one in asked:
        query = understand(one.question, one.history, corpus.terms, corpus.uses)
        evidence = sources(query, find(corpus, query))
        if decision_quotes(corpus, query, evidence):
            continue
        rows: dict[Place, Floats] = {}
        for group, found in measured(corpus, query, evidence[:PASSAGES_READ]):
            for piece, row in zip(group, found, strict=True):
                at = place(piece)
                if at not in rows or rows[at][_INSIDE] < row[_INSIDE]:
                    rows[at] = row
        target = shared(list(rows), one.places)
        if target.any():
            yield Pieces(one, np.array(list(rows.values())), target)


def shared(read: Sequence[Place], places: Sequence[Place]) -> Floats:
    """The answer over the pieces read: each place that is reached alike, within a place by characters."""
    total = np.zeros(len(read))
    for document, start, end in places:
        held = np.array(
            [max(0, min(e, end) - max(s, start)) if d == document else 0 for d, s, e in read], dtype=float
        )
        held[held < _LEAST_SHARED * np.array([e - s for _, s, e in read])] = 0
        total += held / (held.sum() or 1.0)
    return total / (total.sum() or 1.0)


def fit(found: Sequence[Pieces]) -> Floats:
    """The weights, (NAMES,), by Newton's method. Source: McFadden, Conditional logit analysis, 1974."""
    rows = np.concatenate([f.measures for f in found])
    spread = rows.std(axis=0) + 1e-9
    design = (rows - rows.mean(axis=0)) / spread
    target = np.concatenate([f.target for f in found])
    sizes = [len(f.target) for f in found]
    first = np.r_[0, np.cumsum(sizes)[:-1]]
    w = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        odds = design @ w
        odds = np.exp(odds - np.repeat(np.maximum.reduceat(odds, first), sizes))
        p = odds / np.repeat(np.add.reduceat(odds, first), sizes)
        mean = np.add.reduceat(design * p[:, None], first)
        hessian = (design * p[:, None]).T @ design - mean.T @ mean
        gradient = design.T @ (p - target) + RIDGE * w
        w -= np.linalg.solve(hessian + RIDGE * np.eye(len(w)), gradient)
    return np.asarray(w / spread)


def first_right(found: Sequence[Pieces], weights: Floats) -> float:
    """How often the likeliest piece is one of the place that answers."""
    return float(np.mean([f.target[np.argmax(f.measures @ weights)] > 0 for f in found]))


def main(
    store: Annotated[Path, typer.Argument(help="Opslag met het corpus.")],
    questions: Annotated[Path, typer.Argument(help="JSONL met vragen en hun plaatsen, uit evals.kept_out.")],
    most: Annotated[int, typer.Option(help="Hoogstens zoveel vragen.")] = 15_000,
) -> None:
    """Bepaal de gewichten waarmee een zin als antwoord telt, en hoe vaak de beste zin juist is."""
    try:
        asked = sorted(read_kept_out(questions), key=lambda one: _digest(one.question))[:most]
    except GoldInvalid as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    with open_corpus(store, load_embedder(None)) as corpus:
        gold = list(pieces(corpus, of_gold(corpus)))
        found = list(pieces(corpus, asked))
    parts = [_digest("{} {}".format(*f.asked.places[0])) % PARTS for f in found]
    here = [f for f, part in zip(found, parts, strict=True) if part == 0]
    rest = [f for f, part in zip(found, parts, strict=True) if part]
    now, weights = np.array([WEIGHTS[name] for name in NAMES]), fit(found)
    for name, some, fitted in (("andere", here, fit(rest)), ("gouden", gold, weights)):
        told = (
            f"{len(some)} {name} vragen: beste zin juist met de gewichten van nu {first_right(some, now):.3f}"
        )
        sys.stdout.write(f"{told}, met nieuwe {first_right(some, fitted):.3f}\n")
    sys.stdout.write(f"gewichten, uit {len(found)} vragen\n")
    for name, weight in zip(NAMES, weights, strict=True):
        sys.stdout.write(f'    "{name}": {weight:.2f},\n')


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


if __name__ == "__main__":
    typer.run(main)
