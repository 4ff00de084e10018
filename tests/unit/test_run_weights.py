"""Weights of a sentence as the answer: what is fitted to, and that fitting finds it."""

import json
from pathlib import Path

import numpy as np
import pytest

from answer.extract_measures import NAMES
from answer.extract_runs import WEIGHTS
from evals import GoldInvalid
from evals.run_weights import Asked, Pieces, first_right, fit, read_kept_out, shared

READ = [("nota", 0, 10), ("nota", 11, 31), ("nota", 32, 42), ("pact", 0, 10)]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([("nota", 0, 10)], [1, 0, 0, 0]),
        ([("nota", 0, 31)], [1 / 3, 2 / 3, 0, 0]),
        ([("nota", 0, 10), ("pact", 0, 10)], [0.5, 0, 0, 0.5]),
        ([("nota", 0, 10), ("elders", 0, 10)], [1, 0, 0, 0]),
        ([("nota", 0, 13)], [1, 0, 0, 0]),
        ([("elders", 0, 10)], [0, 0, 0, 0]),
    ],
    ids=[
        "one",
        "by characters",
        "each place alike",
        "as far as it is read",
        "a piece hardly touched",
        "none",
    ],
)
def test_the_answer_is_shared_over_the_pieces_that_hold_it(places, expected):
    assert shared(READ, places).tolist() == pytest.approx(expected)


def made(seed: int, count: int) -> list[Pieces]:
    """Questions that are answered by the piece of the highest third measure less the first."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(count):
        measures = chance.random((6, len(NAMES)))
        target = np.zeros(6)
        target[np.argmax(measures[:, 2] - measures[:, 0])] = 1
        found.append(Pieces(Asked(str(number), (("nota", 0, 1),)), measures, target))
    return found


def test_fitting_finds_the_measures_that_decide_and_the_same_every_time():
    found = made(1, 300)
    weights = fit(found)
    assert weights[2] > 2 and weights[0] < -2
    assert np.abs(np.delete(weights, [0, 2])).max() < 1
    assert (fit(found) == weights).all()
    others = made(2, 100)
    assert first_right(others, weights) > 0.9 > first_right(others, np.zeros(len(NAMES)))


def test_every_measure_has_its_weight_and_no_weight_is_left_over():
    assert tuple(WEIGHTS) == NAMES


@pytest.mark.parametrize("text", ["geen json", '{"question": "Wat?"}', "[]"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "vragen.jsonl"
    path.write_text(text)
    with pytest.raises(GoldInvalid, match=r"vragen\.jsonl"):
        read_kept_out(path)


def test_questions_are_read_with_all_their_places(tmp_path: Path):
    path = tmp_path / "vragen.jsonl"
    places = [{"document_id": "nota", "start": 0, "end": 9}, {"document_id": "pact", "start": 3, "end": 5}]
    path.write_text(json.dumps({"question": "Wat?", "places": places}) + "\n")
    assert read_kept_out(path) == [Asked("Wat?", (("nota", 0, 9), ("pact", 3, 5)))]
