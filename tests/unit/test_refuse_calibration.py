"""The logistic score, the curve and the choice of a threshold, on made-up samples."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from answer.support import FEATURES, Calibration, as_json, read_calibration
from evals.calibrate import Point, auc, fitted, logistic, risk_coverage, table
from evals.calibrate_plot import operating_point, risk_coverage_svg
from evals.calibrate_sets import Sample


def sample(n, right, strength, group="gold", answerable=True):
    features = np.full(len(FEATURES), 0.5)
    features[0] = strength
    return Sample(f"{group} {n}", group, answerable, float(right), features)


@pytest.fixture
def made():
    chance = np.random.default_rng(1)
    strong = [sample(n, True, 0.8 + 0.1 * chance.standard_normal()) for n in range(60)]
    weak = [sample(n + 60, False, 0.3 + 0.1 * chance.standard_normal()) for n in range(40)]
    other = [sample(n, False, 0.2, "withheld", answerable=False) for n in range(20)]
    return [*strong, *weak, *other, Sample("regel", "gold", False, 0.0, None)]


def test_weights_follow_what_tells_right_from_wrong_and_are_never_negative():
    features = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.9], [0.1, 0.8]])
    weights, bias = logistic(features, np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4))
    assert weights[0] > 0
    assert weights[1] == 0
    assert weights[0] * 0.9 + bias > 0 > weights[0] * 0.1 + bias


def test_the_curve_of_the_worked_example():
    samples = [
        Sample("a", "gold", True, 1.0, np.zeros(1)),
        Sample("b", "gold", True, 0.0, np.zeros(1)),
        Sample("c", "gold", True, 0.0, None),
    ]
    first, last = risk_coverage(samples, np.array([0.9, 0.4]))
    assert first == Point(0.9, 1 / 3, 0.0)
    assert last == Point(0.4, 2 / 3, 0.5)


def test_the_ledger_is_there_at_every_threshold():
    samples = [
        Sample("a", "gold", True, 1.0, None, trusted=True),
        Sample("b", "gold", True, 0.0, np.zeros(1)),
    ]
    assert risk_coverage(samples, np.array([0.4])) == (Point(0.4, 1.0, 0.5),)


def test_auc_counts_ties_half():
    assert auc(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == 0.5
    assert auc(np.array([1.0, 0.0, 0.0]), np.array([0.9, 0.1, 0.2])) == 1.0


def test_the_threshold_keeps_the_right_and_refuses_the_weak(made):
    found = fitted(made, "model", lost=0.03)
    scores = dict(zip((s.question for s in found.weighed), found.scores, strict=True))
    right = [scores[s.question] for s in made if s.right]
    weak = [scores[s.question] for s in made if s.features is not None and not s.right]
    assert np.mean(np.array(right) < found.calibration.threshold) <= 0.03
    assert np.mean(np.array(weak) < found.calibration.threshold) > 0.9
    assert "gold, juist" in table(made, found)


def test_where_questions_were_written_their_odds_decide(made):
    told = [replace(s, odds=1.0 + n / 10) for n, s in enumerate(s for s in made if s.right)]
    left = [replace(s, odds=-2.0, answerable=False) for s in made if s.features is not None and not s.right]
    found = fitted([*told, *left], "model", lost=0.03)
    assert found.calibration.least_odds == pytest.approx(1.1)
    assert sum(s.odds < found.calibration.least_odds for s in told) == 1
    [row] = [line for line in table([*told, *left], found).splitlines() if "gold, onbeantwoordbaar" in line]
    assert row.split()[3:6] == ["0.000", "1.000", "1.000"]
    assert fitted(made, "model").calibration.least_odds == 0.0, "nothing was written"


def test_the_same_samples_give_the_same_file(made, tmp_path):
    first, second = (as_json(fitted(made, "model").calibration) for _ in range(2))
    assert first == second
    path = tmp_path / "calibration.json"
    path.write_text(first, encoding="utf-8")
    assert as_json(read_calibration(path)) == first


def test_without_a_right_answer_there_is_no_threshold(made):
    with pytest.raises(ValueError, match="goudvra"):
        fitted([s for s in made if not s.right], "model")


def test_a_calibration_of_an_earlier_version_takes_even_odds(tmp_path):
    path = tmp_path / "calibration.json"
    item = json.loads(as_json(Calibration(tuple([1.0] * len(FEATURES)), 0.0, 0.5, "doel", "model", -1.0)))
    del item["least_odds"]
    path.write_text(json.dumps(item), encoding="utf-8")
    assert read_calibration(path).least_odds == 0.0


def test_a_calibration_of_other_features_is_refused(tmp_path):
    path = tmp_path / "calibration.json"
    item = json.loads(as_json(Calibration(tuple([1.0] * len(FEATURES)), 0.0, 0.5, "doel", "model")))
    item["weights"] = {"iets": 1.0}
    path.write_text(json.dumps(item), encoding="utf-8")
    with pytest.raises(ValueError, match="andere kenmerken"):
        read_calibration(path)


def test_the_picture_marks_the_operating_point():
    curve = (Point(0.9, 0.2, 0.0), Point(0.5, 0.6, 0.1), Point(0.1, 1.0, 0.4))
    assert operating_point(curve, 0.4) == curve[1]
    root = ET.fromstring(risk_coverage_svg(curve, 0.4, "Titel & meer"))
    words = " ".join(root.itertext())
    assert "0,60 beantwoord" in words and "0,10 fout" in words
    assert len(root.findall("{*}circle")) == 1
