"""Runs on a built store: resumed, repeated, refused, measured as the outside scorer does; and the commands."""

import importlib.util
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from api.commands.eval import eval_app
from evals import RunInvalid
from evals.gold import parsed, read_gold, resolved
from evals.measures import measure, summary
from evals.run import Header, code_hash, read_run, run
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus
from retrieval.search import search


@pytest.fixture(scope="module")
def gold_path(root):
    return root / "evals" / "gold" / "sample.jsonl"


@pytest.fixture(scope="module")
def gold(gold_path):
    return read_gold([gold_path])


@pytest.fixture(scope="module")
def corpus(sample_store):
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(corpus, gold, tmp_path_factory):
    """A run that nothing interrupted."""
    return run(corpus, gold, tmp_path_factory.mktemp("runs") / "heel")


def timeless(found):
    return [
        replace(row, values={n: v for n, v in row.values.items() if n != "elapsed_ms"}) for row in found.rows
    ]


def untimed(found):
    return {n: {**r, "answer": {**r["answer"], "elapsed_ms": 0}} for n, r in found.results.items()}


def test_a_run_finds_and_answers(whole, gold):
    means = summary(whole.rows)["all"]
    assert means["n"] == len(gold)
    assert means["recall@20"] > 0.8
    assert means["right"] > 0.4
    assert means["span_recall"] > 0.3
    assert set(whole.results) == {question.id for question in gold}


def test_a_second_run_gives_the_same(corpus, gold, whole, tmp_path):
    again = run(corpus, gold, tmp_path / "opnieuw")
    assert timeless(again) == timeless(whole)
    assert untimed(again) == untimed(whole)


def test_an_interrupted_run_goes_on_where_it_stopped(corpus, gold, whole, tmp_path):
    asked = []

    def asking_until(limit):
        def counted(corpus, question, *, history, k):
            if len(asked) == limit:
                raise KeyboardInterrupt
            asked.append(question)
            return search(corpus, question, history=history, k=k)

        return counted

    with pytest.raises(KeyboardInterrupt):
        run(corpus, gold, tmp_path, searching=asking_until(5))
    with (tmp_path / "results.jsonl").open("a", encoding="utf-8") as torn:
        torn.write('{"id": "half')
    finished = run(corpus, gold, tmp_path, searching=asking_until(len(gold)))
    assert asked == [question.question for question in gold]
    assert timeless(finished) == timeless(whole)


def test_a_reworded_question_is_asked_again_and_a_finished_one_is_not(corpus, gold, tmp_path):
    run(corpus, gold[:3], tmp_path)
    asked = []

    def counted(corpus, question, *, history, k):
        asked.append(question)
        return search(corpus, question, history=history, k=k)

    reworded = [gold[0], replace(gold[1], question="Wat is de transitiepremie?"), gold[2]]
    found = run(corpus, reworded, tmp_path, searching=counted)
    assert asked == ["Wat is de transitiepremie?"]
    assert found.questions[gold[1].id]["question"] == "Wat is de transitiepremie?"


def test_a_run_of_other_code_is_not_mixed_in(corpus, gold, tmp_path):
    run(corpus, gold[:1], tmp_path, code="oud")
    with pytest.raises(RunInvalid, match="met code oud"):
        run(corpus, gold[:1], tmp_path, code="nieuw")


def test_a_run_keeps_when_it_began(corpus, gold, tmp_path):
    began = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    found = run(corpus, gold[:1], tmp_path, code="c", now=lambda: began)
    assert found.header == Header(corpus.version, "c", 20, "2026-01-02T03:04:05+00:00")
    assert run(corpus, gold[:2], tmp_path, code="c").header == found.header


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunInvalid, match="geen volledige run"):
        read_run(tmp_path)
    (tmp_path / "measured.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunInvalid, match="beschadigd"):
        read_run(tmp_path)


def test_the_code_has_one_hash():
    assert code_hash() == code_hash()
    assert len(code_hash()) == 16


# The commands


def called(*arguments, status=0):
    done = CliRunner().invoke(eval_app, [str(a) for a in arguments])
    assert done.exit_code == status, done.output
    return done.output


def test_from_quotes_to_a_report(sample_store, gold_path, tmp_path):
    pointed, a, b, page = (tmp_path / name for name in ("goud.jsonl", "a", "b", "rapport.html"))
    at = ("--store", sample_store)
    assert "24 vragen" in called("convert", gold_path, "--out", pointed, *at)
    assert "quote" not in pointed.read_text(encoding="utf-8")
    assert "vanished 0" in called("lint", pointed, *at)
    printed = json.loads(called("run", pointed, "--out", a, "--by", "type", "--json", *at))
    assert printed["summary"]["all"]["n"] == 24
    assert "type=unanswerable" in printed["summary"]
    assert "alle vragen (24)" in called("run", gold_path, "--out", b, *at)
    assert [asdict(r)["values"]["right"] for r in read_run(a).rows if r.answerable] == [
        asdict(r)["values"]["right"] for r in read_run(b).rows if r.answerable
    ]
    assert "Slechter: 0" in called("compare", a, b)
    called("report", a, "--against", b, "--history", b, "--out", page)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["baseline"]["name"] == "b"


def test_a_lost_place_ends_with_status_one(sample_store, gold_path, tmp_path):
    gold = tmp_path / "goud.jsonl"
    item = json.loads(gold_path.read_text(encoding="utf-8").splitlines()[0])
    gold.write_text(
        json.dumps(item | {"evidence": [{"doc": "weg", "quote": "Verdwenen zin."}]}), encoding="utf-8"
    )
    assert "vanished 1" in called("lint", gold, "--store", sample_store, status=1)
    assert "niet gevonden" in called(
        "convert", gold, "--out", tmp_path / "uit", "--store", sample_store, status=1
    )


def test_wrong_usage_is_said(sample_store, gold_path, tmp_path):
    at = ("--store", sample_store)
    called("run", gold_path, "--out", tmp_path / "a", "--split", "test", *at, status=2)
    called("run", gold_path, "--out", tmp_path / "a", "--by", "kleur", *at, status=2)
    assert "bestaat niet" in called("lint", tmp_path / "weg.jsonl", *at, status=1)
    assert "geen volledige run" in called("compare", tmp_path, tmp_path, status=1)


# The real corpus


def test_the_outside_scorer_gives_the_same_on_the_real_corpus(real_store, shared, tmp_path):
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    items = [
        json.loads(x) for x in (shared / "gold" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    gold = [parsed(json.dumps(item)) for item in items]
    with open_corpus(real_store, load_embedder(None)) as corpus:
        results = run(corpus, gold, tmp_path).results
        placed = [resolved(question, corpus) for question in gold]
    assert all(piece.span for question in placed for piece in question.pieces())
    answers = {name: result["answer"] for name, result in results.items()}
    for rows, keys in (score.score_search(items, results), score.score_answers(items, answers)):
        for ours in (measure(gold, results), measure(placed, results)):
            by_id = {row.id: row.values for row in ours}
            for row in rows:
                for key in keys:
                    assert by_id[row["g"]["id"]].get(key) == pytest.approx(row.get(key), abs=1e-12), key
            means = summary(ours)["all"]
            assert {key: means[key] for key in keys} == {
                k: score.mean(r[k] for r in rows if k in r) for k in keys
            }
