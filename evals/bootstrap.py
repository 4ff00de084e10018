"""How sure the difference between two runs is: paired bootstrap intervals over the questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], Floats]  # over the last axis

RESAMPLES = 10_000
SEED = 20_260_101
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference b - a with the interval that holds it at `LEVEL`; `n` is the number of questions."""

    difference: float
    low: float
    high: float
    n: int

    @property
    def is_certain(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0


def mean(values: Floats) -> Floats:
    """The mean over the last axis of what is there; NaN where nothing is."""
    there = ~np.isnan(values)
    count = there.sum(axis=-1)
    total = np.where(there, values, 0.0).sum(axis=-1)
    means: Floats = np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)
    return means


def percentile(q: float) -> Statistic:
    """The percentile q (0..100) over the last axis, of values that are all there."""
    return lambda values: np.asarray(np.percentile(values, q, axis=-1), dtype=np.float64)


def paired(
    a: Sequence[float] | Floats,
    b: Sequence[float] | Floats,
    statistic: Statistic = mean,
    resamples: int = RESAMPLES,
) -> Interval:
    """The percentile interval of statistic(b) - statistic(a), where a[i] and b[i] are of one question.

    NaN is a measure that does not apply to a question. Questions are drawn with replacement, the same for
    both runs and from a fixed seed, so that the interval comes out the same each time. [0, 0, 1, 1] against
    [0, 1, 1, 1] gives 0.25 with the interval 0 .. 0.75.

    Raises: ValueError when the two are not of the same questions, or of none.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; for measures of
    retrieval Sakai, Evaluating Evaluation Metrics based on the Bootstrap (2006).
    """
    if len(a) != len(b) or not len(a):
        raise ValueError(f"paired values of the same questions are needed, found {len(a)} and {len(b)}")
    both = np.array([a, b], dtype=np.float64)
    drawn = _drawn(len(a), resamples)
    if statistic is mean and not np.isnan(both).any():
        differences = (both[1] - both[0])[drawn].mean(axis=-1)  # the same, in a fifth of the time
    else:
        differences = statistic(both[1][drawn]) - statistic(both[0][drawn])
    tail = 50 * (1 - LEVEL)
    low, high = np.nanpercentile(differences, [tail, 100 - tail])
    observed: Any = statistic(both[1]) - statistic(both[0])
    return Interval(float(observed), float(low), float(high), len(a))


@lru_cache(maxsize=2)
def _drawn(n: int, resamples: int) -> npt.NDArray[np.int64]:
    """Which questions each resample holds, shape (resamples, n)."""
    return np.random.default_rng(SEED).integers(0, n, size=(resamples, n))
