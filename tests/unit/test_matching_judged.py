"""The judged sample of sections and decisions: its measures on a small example, its gold against the real corpus."""

import json
from pathlib import Path

import pytest

from evals import GoldInvalid
from evals.matching_judged import GOLD, Judgement, measured, read_judgements, section_means
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus


def judged(commitment: str, document_id: str, grade: int, *, searched: bool = True) -> Judgement:
    promise = (0, 10) if grade == 2 else None
    return Judgement(commitment, document_id, grade, promise, "first", searched, "omdat")


def test_precision_takes_what_nobody_judged_as_wrong():
    judgements = [judged("s", "a", 2), judged("s", "b", 1), judged("s", "c", 0)]
    means = section_means({"s": ["a", "b", "c", "vreemd"]}, judgements)
    assert means["P@10 voert uit"] == pytest.approx(0.1)
    assert means["P@10 onderwerp"] == pytest.approx(0.2)
    assert means["onbeoordeeld@10"] == pytest.approx(0.1)


def test_ndcg_leaves_out_what_nobody_judged():
    judgements = [judged("s", "a", 2), judged("s", "b", 1)]
    assert section_means({"s": ["vreemd", "a", "ook vreemd", "b"]}, judgements)["nDCG@10"] == pytest.approx(1)
    # Gains 1 and 2 in the wrong order: (1 + 2 / log2(3)) / (2 + 1 / log2(3)).
    assert section_means({"s": ["b", "a"]}, judgements)["nDCG@10"] == pytest.approx(0.8597, abs=1e-4)


def test_recall_is_of_what_carries_out_in_sections_that_were_searched():
    judgements = [
        *(judged("s", f"d{n}", 2) for n in range(20)),
        judged("niet doorzocht", "x", 2, searched=False),
        judged("zonder uitvoering", "y", 1),
    ]
    ranked = {
        "s": [f"d{n}" for n in range(15)],
        "niet doorzocht": [],
        "zonder uitvoering": [],
    }
    means = section_means(ranked, judgements)
    assert (means["R@10"], means["R@50"]) == (pytest.approx(0.5), pytest.approx(0.75))


def test_a_section_for_which_nothing_is_found_counts_as_nothing():
    judgements = [judged("s", "a", 2), judged("t", "b", 2)]
    means = section_means({"s": ["a"], "t": []}, judgements)
    assert means["P@10 voert uit"] == pytest.approx(0.05)
    assert means["R@10"] == pytest.approx(0.5)


def test_a_decision_takes_its_first_rank():
    (line,) = measured({"zo": lambda _: ["a", "a", "b"]}, {"s": "tekst"}, [judged("s", "a", 2)])
    assert (line.way, line.sections) == ("zo", 1)
    assert line.means["P@10 voert uit"] == pytest.approx(0.1)
    assert line.means["onbeoordeeld@10"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "change",
    [{"grade": 3}, {"grade": 1}, {"promise": None}, {"promise": [1]}, {"found": "elders"}, {"meer": 1}],
)
def test_a_judgement_that_is_not_one_names_its_line(tmp_path: Path, change: dict[str, object]):
    good = {
        "commitment": "s",
        "document_id": "a",
        "grade": 2,
        "promise": [0, 10],
        "found": "first",
        "searched": True,
        "why": "omdat",
    }
    path = tmp_path / "oordelen.jsonl"
    path.write_text(f"{json.dumps({**good, 'document_id': 'b'})}\n{json.dumps({**good, **change})}\n")
    with pytest.raises(GoldInvalid, match="regel 2"):
        read_judgements(path)


def test_a_pair_is_judged_once(tmp_path: Path):
    line = GOLD.read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "oordelen.jsonl"
    path.write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(GoldInvalid, match="al beoordeeld"):
        read_judgements(path)


def test_the_sample_is_of_twenty_sections_with_their_first_ten():
    judgements = read_judgements()
    first = [j for j in judgements if j.found == "first"]
    counts = {name: sum(j.commitment == name for j in first) for name in {j.commitment for j in first}}
    assert set(counts.values()) == {10}
    assert len(counts) == 20
    assert {j.grade for j in judgements if j.found == "search"} == {2}


def test_ids_and_promises_of_the_gold_are_in_the_corpus(real_store: Path):
    with open_corpus(real_store, load_embedder(None)) as corpus:
        commitments = {c.id: c for c in corpus.commitments()}
        for judgement in read_judgements():
            commitment = commitments[judgement.commitment]
            assert corpus.metadata(judgement.document_id).kind == "beslissing"
            if judgement.promise:
                start, end = judgement.promise
                assert commitment.start <= start < end <= commitment.end


def test_ids_and_promises_of_the_judged_rows_are_in_the_corpus(real_store: Path):
    lines = GOLD.with_name("promise_rows.jsonl").read_text(encoding="utf-8").splitlines()
    with open_corpus(real_store, load_embedder(None)) as corpus:
        commitments = {c.id: c for c in corpus.commitments()}
        for row in map(json.loads, lines):
            commitment = commitments[row["commitment"]]
            start, end = row["promise"]
            assert commitment.start <= start < end <= commitment.end
            for decision in (*row["links"], *row["missed"]):
                assert corpus.metadata(decision).kind == "beslissing"
