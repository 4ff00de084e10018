"""The weights of a promise's decisions: how they are fitted, and on which pairs."""

import json
from pathlib import Path

import numpy as np
import pytest

from evals import GoldInvalid
from evals.promise_weights import PAIRS, Pair, area, fit, held_out, read_pairs, strengths
from retrieval.promise_measures import NAMES
from retrieval.promises import WEIGHTS

JUDGED = PAIRS.parent


def pairs_and_measures(many: int = 60) -> tuple[list[Pair], np.ndarray]:
    """Pairs whose first measure tells right from wrong, with a little doubt, and whose others are noise."""
    noise = np.random.default_rng(7).random((many, len(NAMES)))
    pairs = [Pair(f"sectie-{n % 12}", (n, n + 1), f"b{n}", n % 2 == 0) for n in range(many)]
    noise[:, 0] += [1.0 if pair.right else 0.4 for pair in pairs]
    return pairs, noise


def test_the_measure_that_tells_right_from_wrong_gets_the_weight():
    pairs, measures = pairs_and_measures()
    right = np.array([float(pair.right) for pair in pairs])
    fitted = fit(measures, right)
    assert max(fitted.weights, key=lambda name: abs(fitted.weights[name])) == NAMES[0]
    found = strengths(fitted, measures)
    assert area(right, found) > 0.8
    assert found.mean() == pytest.approx(right.mean(), abs=0.01)  # an intercept without ridge
    assert area(right, held_out(measures, pairs)) > 0.75


def test_the_area_counts_a_tie_as_half():
    assert area(np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.5, 0.1])) == 0.75


def test_the_pairs_are_of_other_sections_than_the_reports_are_made_of():
    reported = {
        json.loads(line)["commitment"]
        for name in ("section_decisions", "promise_rows")
        for line in (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    }
    pairs = read_pairs()
    assert len(pairs) > 500
    assert not reported & {pair.commitment for pair in pairs}
    assert len({(p.commitment, p.promise, p.document_id) for p in pairs}) == len(pairs)


def test_the_weights_in_use_are_in_the_order_of_the_measures():
    assert tuple(WEIGHTS) == NAMES


@pytest.mark.parametrize(
    "line", ["", "{}", "geen json", '{"commitment": "a", "promise": [], "document_id": "b", "right": true}']
)
def test_a_file_without_valid_pairs_is_told(tmp_path: Path, line: str):
    path = tmp_path / "pairs.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(GoldInvalid, match=r"pairs\.jsonl"):
        read_pairs(path)
