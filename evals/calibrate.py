"""How sure an answer must be to be shown: weights of `answer.support`, fitted, and its thresholds from a curve.

    python -m evals.calibrate --store DIR [--gold FILE ...] [--svg FILE] [--out FILE]

Every question is answered without a threshold. Where questions were written for what was found, the least odds that a
question is an answered one are the highest that refuse at most `LOST` of the right answers to gold questions. A
logistic score of the answer's features is fitted to whether it was right, and its threshold chosen alike among what
these odds let pass, by scores that were not fitted on them. The result is written beside the snapshot, or to `--out`.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from answer.support import FEATURES, Calibration
from evals.calibrate_sets import GROUPS, Group, Sample

Values = npt.NDArray[np.float64]

LOST = 0.02
# What each group counts in the fit, whatever its size: gold questions are asked as people ask them.
SHARES: Mapping[Group, float] = {"gold": 0.65, "made": 0.05, "withheld": 0.3}
FOLDS = 8
_RIDGE = 0.02
_STEPS, _RATE = 4_000, 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """At a threshold: the share of the questions that are answered, and the share of wrong ones among these."""

    threshold: float
    answered: float
    error: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration with what it was chosen by: `scores[i]` is of the i-th weighed sample, fitted without it.

    `curve` goes by the score; what the odds refuse has a score below 0 there.
    """

    calibration: Calibration
    scores: Values
    weighed: tuple[Sample, ...]
    curve: tuple[Point, ...]


def fitted(samples: Sequence[Sample], made_with: str, lost: float = LOST) -> Fitted:
    """Fit weights on the weighed samples that the odds let pass, and choose the threshold by cross-validated scores of the gold questions.

    Raises: ValueError when no gold question was answered rightly.
    """
    weighed = tuple(s for s in samples if s.features is not None)
    held = np.array([s.features for s in weighed])
    rights = np.array([s.right for s in weighed])
    is_gold = np.array([s.group == "gold" for s in weighed])
    good = is_gold & (rights > 0)
    if not good.any():
        raise ValueError(
            "geen enkele goudvraag werd juist beantwoord; geef met --gold vragen over dit corpus"
        )
    odds = np.array([math.inf if s.odds is None else s.odds for s in weighed])
    known = odds[good & np.isfinite(odds)]
    least_odds = _highest(known, lost) if len(known) else 0.0
    passed = odds >= least_odds
    counts = _counts(weighed) * passed
    folds = np.array([_fold(s.question) for s in weighed])
    scores = np.zeros(len(weighed))
    for fold in range(FOLDS):
        rest, here = folds != fold, folds == fold
        if here.any():
            scores[here] = _score(held[here], *logistic(held[rest], rights[rest], counts[rest]))
    weights, bias = logistic(held, rights, counts)
    share = f"{lost * 100:g}".replace(".", ",")
    aim = f"hoogstens {share} % van de juiste antwoorden op goudvragen geweigerd (kruisgevalideerd)"
    return Fitted(
        Calibration(
            tuple(round(float(w), 6) for w in weights),
            round(bias, 6),
            _highest(scores[good & passed], lost),
            aim,
            made_with,
            least_odds,
        ),
        scores,
        weighed,
        risk_coverage(
            [s for s in samples if s.group == "gold"], np.where(passed, scores, scores - 1)[is_gold]
        ),
    )


def logistic(features: Values, rights: Values, counts: Values) -> tuple[Values, float]:
    """Weights and bias of a logistic regression with L2 on the scaled weights, none of them below 0.

    `features` is (n, f), `rights` and `counts` are (n,); projected gradient descent, a fixed number of steps. A
    feature that speaks for an answer never counts against it, so the score stays sensible where a composer changes.

    Source: Platt, Probabilistic outputs for support vector machines (1999), for a score as a probability.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = (features - mean) / spread
    counts = counts / counts.sum()
    weights, bias = np.zeros(features.shape[1]), 0.0
    for _ in range(_STEPS):
        gap = (_sigmoid(scaled @ weights + bias) - rights) * counts
        weights = np.maximum(0.0, weights - _RATE * (scaled.T @ gap + _RIDGE * weights))
        bias -= _RATE * float(gap.sum())
    plain = weights / spread
    return plain, bias - float(plain @ mean)


def risk_coverage(samples: Sequence[Sample], scores: Values) -> tuple[Point, ...]:
    """Error against coverage as the threshold goes down; `scores` are those of the weighed samples, in order.

    Answers of the ledger are there at every threshold, refusals of a rule at none. With scores `[0.9, 0.4]` of a
    right and a wrong answer and one refusal by a rule: `(0.9, 1/3, 0)`, `(0.4, 2/3, 1/2)`.

    Source: El-Yaniv and Wiener, On the foundations of noise-free selective classification (2010).
    """
    trusted = [s.right for s in samples if s.trusted]
    ranked = sorted(
        zip(scores, (s.right for s in samples if s.features is not None), strict=True), reverse=True
    )
    points, rights = [], list(trusted)
    for score, hit in ranked:
        rights.append(hit)
        points.append(Point(float(score), len(rights) / len(samples), 1 - sum(rights) / len(rights)))
    return tuple(points)


def auc(rights: Values, scores: Values) -> float:
    """The chance that a right answer scores above a wrong one, ties counting half; NaN without one of each."""
    good, bad = scores[rights > 0], scores[rights == 0]
    if not len(good) or not len(bad):
        return float("nan")
    above = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    return float(above)


def _highest(values: Values, lost: float) -> float:
    """The highest threshold that at most this share of the values lies below, rounded down."""
    return math.floor(float(np.quantile(values, lost, method="lower")) * 1e6) / 1e6


def table(samples: Sequence[Sample], found: Fitted) -> str:
    """What was found, for people: the weights, each group at the threshold, and the curve in ten steps."""
    made = found.calibration
    doubted = {
        id(s)
        for s, score in zip(found.weighed, found.scores, strict=True)
        if score < made.threshold or (s.odds is not None and s.odds < made.least_odds)
    }
    lines = [f"doel: {made.aim}", f"drempels: odds {made.least_odds:.3f}, score {made.threshold:.3f}", ""]
    lines += [f"{name:<10} {w:>8.3f}" for name, w in zip(FEATURES, made.weights, strict=True)]
    lines += ["", f"{'groep':<24} {'vragen':>6} {'regel':>6} {'drempel':>7} {'geweigerd':>9} {'AUC':>6}"]
    for group in GROUPS:
        for name, answerable, hit in (
            ("juist", True, True),
            ("fout", True, False),
            ("onbeantwoordbaar", False, False),
        ):
            mine = [
                s for s in samples if (s.group, s.answerable) == (group, answerable) and (s.right > 0) == hit
            ]
            if not mine:
                continue
            ruled = sum(s.refused for s in mine) / len(mine)
            low = sum(id(s) in doubted for s in mine) / len(mine)
            lines.append(
                f"{group + ', ' + name:<24} {len(mine):>6} {ruled:>6.3f} {low:>7.3f} {ruled + low:>9.3f}"
            )
        here = np.array([s.group == group for s in found.weighed])
        rights = np.array([s.right for s in found.weighed])
        order = auc(rights[here], found.scores[here])
        lines[-1] += "" if np.isnan(order) else f" {order:>6.3f}"
    lines += ["", f"{'beantwoord':>10} {'fout':>6} {'drempel':>8}"]
    steps = max(1, len(found.curve) // 10)
    lines += [
        f"{p.answered:>10.3f} {p.error:>6.3f} {p.threshold:>8.3f}" for p in found.curve[steps - 1 :: steps]
    ]
    return "\n".join(lines)


def _counts(weighed: Sequence[Sample]) -> Values:
    """What each sample counts, so that the groups present stand to each other as their shares."""
    sizes = {group: sum(s.group == group for s in weighed) for group in GROUPS}
    return np.array([SHARES[s.group] / sizes[s.group] for s in weighed])


def _fold(question: str) -> int:
    """The same question is always in the same fold, whatever else is asked."""
    return int(hashlib.sha256(question.encode()).hexdigest()[:8], 16) % FOLDS


def _score(features: Values, weights: Values, bias: float) -> Values:
    return _sigmoid(features @ weights + bias)


def _sigmoid(at: Values) -> Values:
    result: Values = 1 / (1 + np.exp(-np.clip(at, -30, 30)))
    return result


if __name__ == "__main__":
    from evals.calibrate_cli import main

    main()
