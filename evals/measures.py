"""The measures of every question as one row, and their means.

`measure` gives a row for each gold question; `summary` the means, of all or by a field of the question. A
question without a result counts as nothing found, nothing right. The measures that the project's outside
scorer has too come out the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from evals.answers import ANSWER_MEASURES, ELAPSED, Asked
from evals.gold import GoldQuestion
from evals.ranking import ranking_values

Part = Literal["search", "answers"]
Results = Mapping[str, Mapping[str, Any]]
PARTS: tuple[Part, ...] = ("search", "answers")
FIELDS = ("type", "document", "overlap", "language", "difficulty", "split")
PERCENTILES = {"p50_ms": 50.0, "p95_ms": 95.0}


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of one question; one that does not apply to it is absent from `values`."""

    id: str
    type: str
    document: str | None
    overlap: str | None
    language: str
    difficulty: str | None
    split: str | None
    answerable: bool
    values: Mapping[str, float]


def measure(gold: Sequence[GoldQuestion], results: Results, of: Collection[Part] = PARTS) -> list[Row]:
    """The measures of each question, in the order of `gold`, whose pieces have their quotes (`gold.resolved`).

    `results[id]` holds `passages` (of `search`) and `answer` (of `ask`), as the contract gives them; `of`
    restricts what is measured, so that a run of searches alone is not counted as unanswered.
    """
    searched = [q for q in gold if q.answerable]
    ranked = [(q, results.get(q.id, {}).get("passages") or []) for q in searched] if "search" in of else []
    rankings = {q.id: values for (q, _), values in zip(ranked, ranking_values(ranked), strict=True)}
    rows = []
    for question in gold:
        values = dict(rankings.get(question.id, {}))
        if "answers" in of:
            asked = Asked(question, results.get(question.id, {}).get("answer"))
            found = {name: of_one(asked) for name, of_one in ANSWER_MEASURES.items()}
            values |= {name: value for name, value in found.items() if value is not None}
        rows.append(_row(question, values))
    return rows


def summary(rows: Sequence[Row], by: str | None = None) -> dict[str, dict[str, float]]:
    """For each group, `n` and the mean of each measure over the questions that it applies to, to four decimals.

    Without `by` the one group is `all`; else a group is a value of one of `FIELDS`, named `type=list`. Times
    are given as percentiles.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault("all" if by is None else f"{by}={getattr(row, by)}", []).append(row)
    return {name: _means(members) for name, members in groups.items()}


def _row(question: GoldQuestion, values: Mapping[str, float]) -> Row:
    return Row(
        question.id,
        question.type,
        question.doc,
        question.lexical_overlap,
        question.lang,
        question.difficulty,
        question.split,
        question.answerable,
        values,
    )


def _means(rows: Sequence[Row]) -> dict[str, float]:
    means: dict[str, float] = {"n": len(rows)}
    for name in dict.fromkeys(name for row in rows for name in row.values):
        values = [row.values[name] for row in rows if name in row.values]
        if name == ELAPSED:
            means |= {label: round(float(np.percentile(values, q)), 1) for label, q in PERCENTILES.items()}
        else:
            means[name] = round(sum(values) / len(values), 4)
    return means
