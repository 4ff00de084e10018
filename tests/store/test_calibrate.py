"""Calibrating on the bundled corpus, from the command to a refusal that follows from it."""

import json
import shutil
import subprocess
import sys

import pytest

from answer.ask import ask
from answer.support import FEATURES, FILE, Calibration, as_json, calibration_of
from evals.systematic import made_questions
from ingest import snapshot
from ingest.build import ingest
from ingest.embed import load_embedder
from ingest.snapshot_publish import kept
from retrieval.corpus import open_corpus

QUESTION = "Wat is het lokaal activeringspact?"


@pytest.fixture
def store(sample_store, tmp_path):
    """A copy of the bundled corpus's store, which a test may write into."""
    copy = tmp_path / "store"
    shutil.copytree(sample_store, copy)
    return copy


def folder_of(store):
    return kept(store, snapshot.current(store))


@pytest.fixture
def bare_store(root, tmp_path):
    """The bundled corpus without its questions."""
    ingest(
        [root / "corpus"], tmp_path / "bare", load_embedder(None), use_questions=False, report=lambda *_: None
    )
    return tmp_path / "bare"


def keep(store, threshold, least_odds=0.0):
    """A calibration in which every answer scores one half."""
    made = Calibration(tuple(0.0 for _ in FEATURES), 0.0, threshold, "doel", "model", least_odds)
    (folder_of(store) / FILE).write_text(as_json(made), encoding="utf-8")


def test_the_command_writes_a_calibration_and_a_picture_beside_the_snapshot(store, root):
    arguments = ["--store", str(store), "--gold", str(root / "evals/gold/sample.jsonl")]
    sizes = ["--pairs", "4", "--withheld", "5"]
    done = subprocess.run(
        [sys.executable, "-m", "evals.calibrate", *arguments, *sizes],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    made = json.loads((folder_of(store) / FILE).read_text(encoding="utf-8"))
    assert tuple(made["weights"]) == FEATURES
    assert 0 < made["threshold"] < 1
    assert "drempel" in done.stdout and "gold, juist" in done.stdout
    assert (folder_of(store) / FILE).with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
    assert snapshot.verify(store, snapshot.current(store)) == []


def test_the_snapshots_own_calibration_goes_before_the_packages(store):
    keep(store, 0.25)
    with open_corpus(store, load_embedder(None)) as corpus:
        assert calibration_of(corpus).threshold == 0.25


def test_without_questions_an_answer_below_the_threshold_is_refused_with_what_it_would_have_cited(bare_store):
    keep(bare_store, 0.4, least_odds=99.0)
    with open_corpus(bare_store, load_embedder(None)) as corpus:
        shown = ask(corpus, QUESTION)
    keep(bare_store, 0.6, least_odds=99.0)
    with open_corpus(bare_store, load_embedder(None)) as corpus:
        refused = ask(corpus, QUESTION)
        anyway = ask(corpus, QUESTION, least_support=0.0)
    assert shown.status == anyway.status == "answered"
    assert refused.refusal and refused.refusal.reason == "not_in_corpus"
    assert [c.text for c in refused.refusal.nearest] == [c.text for c in shown.citations]


def test_with_questions_the_odds_have_to_be_high_enough_too(store):
    keep(store, 0.4, least_odds=-99.0)
    with open_corpus(store, load_embedder(None)) as corpus:
        shown = ask(corpus, QUESTION)
    keep(store, 0.4, least_odds=99.0)
    with open_corpus(store, load_embedder(None)) as corpus:
        refused = ask(corpus, QUESTION)
        anyway = ask(corpus, QUESTION, least_support=0.0)
    assert shown.status == anyway.status == "answered"
    assert refused.refusal and len(refused.refusal.nearest) == 1


def test_made_pairs_differ_in_one_thing_and_are_the_same_each_time(sample_store):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        made, again = made_questions(corpus, 20), made_questions(corpus, 20)
    assert made == again
    assert len(made) >= 10
    for original, changed in zip(made[::2], made[1::2], strict=True):
        assert original.pair == changed.pair
        assert original.answerable and not changed.answerable
        assert original.question != changed.question
