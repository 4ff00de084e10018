"""Two runs over the same questions: what differs and how sure that is, which questions got better or worse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np

from evals import RunInvalid
from evals.answers import ELAPSED
from evals.bootstrap import Interval, Statistic, mean, paired, percentile
from evals.measures import PERCENTILES, Row

Verdict = Literal["better", "worse", "unsure", "other"]

LOWER_IS_BETTER = frozenset({"wrong", "false_refusal", *PERCENTILES})
NEITHER_IS_BETTER = frozenset({"answer_length", "citations_per_answer", "citations_per_claim"})
# What decides whether one question got better: the first of these that differs.
DECIDING = ("right", "refusal_recall", "facts", "fact_share", "citation_recall", "recall@8k chars", "mrr")


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs, over the questions of one group; the interval is of b - a."""

    group: str
    measure: str
    a: float
    b: float
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        """`better` or `worse` when zero lies outside the interval, `other` where neither direction is good."""
        if not self.interval.is_certain:
            return "unsure"
        if self.measure in NEITHER_IS_BETTER:
            return "other"
        rose = self.interval.low > 0
        return "better" if rose != (self.measure in LOWER_IS_BETTER) else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question that got better or worse, by the measure that decided it."""

    id: str
    measure: str
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, of all questions first, and the questions that changed, most changed first."""

    differences: tuple[Difference, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


def compare(rows_a: Sequence[Row], rows_b: Sequence[Row], by: Sequence[str] = ()) -> Comparison:
    """What run B does otherwise than run A; `by` names fields of the questions to group by as well.

    Raises: RunInvalid when the runs are not of the same questions.
    """
    of_b = {row.id: row for row in rows_b}
    if [row.id for row in rows_a if row.id not in of_b] or len(rows_a) != len(rows_b):
        raise RunInvalid(
            f"De runs hebben niet dezelfde vragen ({len(rows_a)} en {len(rows_b)}, waarvan "
            f"{len({row.id for row in rows_a} & set(of_b))} gemeen); voer beide uit met dezelfde goudbestanden."
        )
    pairs = [(row, of_b[row.id]) for row in rows_a]
    changes = [change for a, b in pairs for change in _change(a, b)]
    changes.sort(key=lambda c: (DECIDING.index(c.measure), -abs(c.b - c.a), c.id))
    return Comparison(
        tuple(d for group, members in _groups(pairs, by) for d in _differences(group, members)),
        tuple(c for c in changes if c.b > c.a),
        tuple(c for c in changes if c.b < c.a),
    )


def _groups(
    pairs: Sequence[tuple[Row, Row]], by: Sequence[str]
) -> Iterator[tuple[str, Sequence[tuple[Row, Row]]]]:
    if pairs:
        yield "all", pairs
    for field in by:
        for value in dict.fromkeys(getattr(a, field) for a, _ in pairs):
            yield f"{field}={value}", [pair for pair in pairs if getattr(pair[0], field) == value]


def _differences(group: str, pairs: Sequence[tuple[Row, Row]]) -> Iterator[Difference]:
    for name in dict.fromkeys(name for pair in pairs for row in pair for name in row.values):
        if name == ELAPSED:
            timed = [pair for pair in pairs if all(ELAPSED in row.values for row in pair)]
            for label, q in PERCENTILES.items():
                yield from _difference(group, label, name, timed, percentile(q))
        else:
            yield from _difference(group, name, name, pairs, mean)


def _difference(
    group: str, label: str, name: str, pairs: Sequence[tuple[Row, Row]], statistic: Statistic
) -> Iterator[Difference]:
    """The difference of one measure; nothing where one of the runs has no value at all."""
    if not pairs:
        return
    a, b = (np.array([pair[side].values.get(name, nan) for pair in pairs]) for side in (0, 1))
    if not (np.isnan(a).all() or np.isnan(b).all()):
        yield Difference(group, label, float(statistic(a)), float(statistic(b)), paired(a, b, statistic))


def _change(a: Row, b: Row) -> Iterator[Change]:
    for name in DECIDING:
        before, after = a.values.get(name), b.values.get(name)
        if before is not None and after is not None and before != after:
            yield Change(a.id, name, before, after)
            return
