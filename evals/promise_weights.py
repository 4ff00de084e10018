"""The weights by which a decision is judged to carry out a promise, fitted on pairs judged by reading.

`python -m evals.promise_weights --store DIR`. The pairs are of sections that no report is made of: those of
`evals/judged/section_decisions.jsonl` and `promise_rows.jsonl` were left out. A logistic regression with a small ridge,
in closed steps and so the same every time; whether it tells right from wrong is measured on sections it was not fitted on.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from answer.memo_evidence import matches_of, promises_of
from evals import EvalError, GoldInvalid
from ingest import IngestError
from ingest.analysis import content_words, stems
from ingest.embed import load_embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus
from retrieval.promise_measures import NAMES, Floats, measures, read_once

PAIRS = Path(__file__).resolve().parent / "judged" / "promise_pairs.jsonl"
RIDGE = 3.0  # of the weights of standardised measures
FOLDS = 5
THRESHOLDS = (0.4, 0.5, 0.55, 0.6, 0.7)
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """A promise, by its section and span, beside a decision, and whether the decision carries it out."""

    commitment: str
    promise: tuple[int, int]
    document_id: str
    right: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by `NAMES` and the constant of the log-odds."""

    weights: Mapping[str, float]
    constant: float


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """The judged pairs of a file, one a line. Raises: GoldInvalid."""
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        pairs = [
            Pair(r["commitment"], (r["promise"][0], r["promise"][1]), r["document_id"], bool(r["right"]))
            for r in records
        ]
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise GoldInvalid(f"{path} bevat geen geldige paren ({error!r}).") from error
    if not pairs:
        raise GoldInvalid(f"{path} bevat geen paren.")
    return pairs


def measured(corpus: Corpus, pairs: Sequence[Pair]) -> tuple[Floats, list[Pair]]:
    """The measures of the pairs, one row each, and those pairs: of promises and decisions that still stand there."""
    commitments = {c.id: c for c in corpus.commitments()}
    rows_of: dict[str, list[Pair]] = {}
    for pair in pairs:
        rows_of.setdefault(pair.commitment, []).append(pair)
    found: list[Floats] = []
    kept: list[Pair] = []
    read = read_once(corpus)
    for name in sorted(rows_of.keys() & commitments.keys()):
        commitment = commitments[name]
        document = corpus.document(commitment.document_id)
        if document is None:
            continue
        matched = matches_of(corpus, document, commitment)
        place = {match.meta.id: n for n, match in enumerate(matched)}
        rows = np.array([read.row[match.meta.id] for match in matched], dtype=np.int32)
        section = np.array([match.score for match in matched])
        common = frozenset(stems(content_words(commitment.domain)))
        each = measures(corpus, promises_of(document, commitment), rows, section, common)
        spans = list(commitment.promises)
        for pair in rows_of[name]:
            if pair.promise in spans and pair.document_id in place:
                found.append(each[spans.index(pair.promise)][place[pair.document_id]])
                kept.append(pair)
    return np.array(found), kept


def fit(measures: Floats, right: Floats) -> Fitted:
    """Logistic regression by Newton's method: measures (n, m), right (n,) of 0 and 1.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, section 4.4.
    """
    mean, spread = measures.mean(axis=0), measures.std(axis=0) + 1e-9
    design = np.c_[(measures - mean) / spread, np.ones(len(measures))]
    penalty = np.r_[np.full(measures.shape[1], RIDGE), 0.0]
    w = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-design @ w))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-9)
        w -= np.linalg.solve(hessian, design.T @ (p - right) + penalty * w)
    weights = w[:-1] / spread
    return Fitted(dict(zip(NAMES, map(float, weights), strict=True)), float(w[-1] - weights @ mean))


def strengths(fitted: Fitted, measures: Floats) -> Floats:
    """The chance that a pair is right."""
    odds = measures @ np.array(list(fitted.weights.values())) + fitted.constant
    return np.asarray(1 / (1 + np.exp(-odds)))


def held_out(measures: Floats, pairs: Sequence[Pair]) -> Floats:
    """The strength of each pair by weights fitted on other sections."""
    right = np.array([float(pair.right) for pair in pairs])
    fold = np.array([int(hashlib.sha256(p.commitment.encode()).hexdigest(), 16) % FOLDS for p in pairs])
    found = np.zeros(len(pairs))
    for n in range(FOLDS):
        found[fold == n] = strengths(fit(measures[fold != n], right[fold != n]), measures[fold == n])
    return found


def area(right: Floats, found: Floats) -> float:
    """How often a right pair is stronger than a wrong one: `right=[1, 0], found=[0.9, 0.1]` -> 1.0."""
    yes, no = found[right == 1], found[right == 0]
    return float(np.mean([(one > no).mean() + 0.5 * (one == no).mean() for one in yes]))


def main(
    store: Annotated[Path, typer.Option(help="Opslag met het corpus.")] = Path("var/store"),
    pairs: Annotated[Path, typer.Option(help="JSONL met beoordeelde paren.")] = PAIRS,
) -> None:
    """Bepaal de gewichten waarmee een beslissing bij een belofte telt, en hoe goed ze onderscheiden."""
    try:
        judged = read_pairs(pairs)
        with open_corpus(store, load_embedder(None)) as corpus:
            found, kept = measured(corpus, judged)
    except (EvalError, IngestError, RetrievalError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    right = np.array([float(pair.right) for pair in kept])
    out = held_out(found, kept)
    fitted = fit(found, right)
    sys.stdout.write(f"{len(kept)} paren van {len(judged)}, {int(right.sum())} juist\n")
    sys.stdout.write(f"gewichten {json.dumps({n: round(w, 2) for n, w in fitted.weights.items()})}\n")
    sys.stdout.write(
        f"constante {fitted.constant:.2f}; oppervlakte op andere secties {area(right, out):.3f}\n"
    )
    for threshold in THRESHOLDS:
        over = out >= threshold
        precision = float(right[over].mean()) if over.any() else 0.0
        recall = float(right[over].sum() / right.sum())
        sys.stdout.write(
            f"vanaf {threshold}: {int(over.sum())} paren, precisie {precision:.2f}, bereik {recall:.2f}\n"
        )


if __name__ == "__main__":
    typer.run(main)
