"""From a text of many promises to the decisions that carry it out, on the bundled corpus."""

from collections.abc import Iterator
from math import log2
from pathlib import Path

import pytest

from evals.matching_bench import Section, measured, section_values
from ingest.embed import load_embedder
from ingest.records import Metadata
from retrieval.corpus import Corpus, open_corpus
from retrieval.families import Families
from retrieval.matching import SPEAKING, Match, decisions_for, files, is_long, matches, passage_scores
from retrieval.records import Filters


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def decisions(corpus: Corpus) -> list[Metadata]:
    return [meta for meta in corpus.documents() if meta.kind == "beslissing"]


def body(corpus: Corpus, meta: Metadata) -> str:
    document = corpus.document(meta.id)
    assert document is not None
    return document.text


def test_every_promise_finds_its_decision(corpus: Corpus, decisions: list[Metadata]):
    titles = {meta.title: meta for meta in decisions}
    first, second = list(titles.values())[:2]
    text = f"{body(corpus, first)}\n\n{body(corpus, second)}"
    found = [match.meta.title for match in decisions_for(corpus, text, k=8)]
    assert {first.title, second.title} <= set(found)


def test_a_match_names_the_sentence_that_it_is_closest_to(corpus: Corpus, decisions: list[Metadata]):
    wanted = decisions[0]
    about = f"Wij nemen maatregelen rond {wanted.title}."
    text = f"De overheid werkt zuinig. {about} Iedereen telt mee."
    match = next(m for m in decisions_for(corpus, text) if m.meta.id == wanted.id)
    assert match.promise == about
    assert -1 <= match.closeness <= 1


def test_matches_come_best_first_one_a_decision_with_their_own_passages(
    corpus: Corpus, decisions: list[Metadata]
):
    found = decisions_for(corpus, body(corpus, decisions[0]), k=5)
    assert found[0].meta.title == decisions[0].title
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert len({m.meta.id for m in found}) == len(found) == 5
    for match in found:
        passages = match.passages(corpus)
        assert 1 <= len(passages) <= SPEAKING
        assert {p.document_id for p in passages} == {match.meta.id}


def test_filters_restrict_the_decisions(corpus: Corpus, decisions: list[Metadata]):
    year = decisions[0].year
    assert year is not None
    found = decisions_for(
        corpus, body(corpus, decisions[0]), filters=Filters(kind=("beslissing",), year=(year,))
    )
    assert found
    assert {(m.meta.kind, m.meta.year) for m in found} == {("beslissing", year)}
    assert (
        decisions_for(corpus, body(corpus, decisions[0]), filters=Filters(document=("bestaat-niet",))) == []
    )


@pytest.mark.parametrize("text", ["", "  \n ", "?!"])
def test_a_text_without_words_leads_nowhere_in_particular(corpus: Corpus, text: str):
    assert all(match.score >= 0 for match in decisions_for(corpus, text))
    assert decisions_for(corpus, text.strip("?! \n")) == []


def test_a_document_that_holds_the_text_leaves_the_order_of_the_decisions(corpus: Corpus):
    agreement = next(meta for meta in corpus.documents() if meta.kind != "beslissing")
    text = "\n".join(corpus.passages[row].text for row in corpus.rows_of(agreement.id)[:3])
    among_all = [m.meta.id for m in matches(corpus, text) if m.meta.kind == "beslissing"]
    assert among_all == [m.meta.id for m in decisions_for(corpus, text, k=len(corpus.passages))]


def test_the_best_passage_of_each_document_goes_before_its_others(corpus: Corpus, decisions: list[Metadata]):
    text = body(corpus, decisions[0])
    scores = passage_scores(corpus, text)
    ranked = sorted(scores, key=lambda row: (-scores[row], row))
    documents = [corpus.passages[row].document_id for row in ranked]
    distinct = len(set(documents))
    assert len(set(documents[:distinct])) == distinct < len(documents)
    assert documents[:distinct] == [m.meta.id for m in matches(corpus, text)]
    assert min(scores.values()) >= 0


def test_the_stages_of_a_file_stand_together_oldest_first():
    first = Metadata(
        "a", "beslissing", "Besluit over de premie voor starters", "x", "2021-03-05", stage="principieel"
    )
    second = Metadata(
        "b", "beslissing", "Besluit over de premie voor starters", "x", "2021-06-18", stage="definitief"
    )
    other = Metadata("c", "beslissing", "Subsidie voor musea", "x", "2021-05-07")

    class Kept:
        families = Families((second, other, first))

    found = [
        Match(meta, score, (0,), "Wij steunen starters.", 0.5)
        for meta, score in ((second, 2.0), (other, 1.0))
    ]
    grouped = files(Kept(), [*found, Match(first, 0.5, (1,), "", 0.0)])  # type: ignore[arg-type]
    assert [(file.best.meta.id, [m.id for m in file.decisions]) for file in grouped] == [
        ("b", ["a", "b"]),
        ("c", ["c"]),
    ]


@pytest.mark.parametrize(("words", "expected"), [(5, False), (30, False), (31, True), (400, True)])
def test_a_text_of_many_words_is_no_question(words: int, expected: bool):
    assert is_long("werk " * words) is expected


def test_the_measures_of_sections_and_their_halves():
    sections = [Section("a", "", frozenset({"x", "y"})), Section("b", "", frozenset({"z"}))]
    values = section_values(sections, [["x", "q", "y"], []])
    assert values["R@50"] == [1.0, 0.0]
    assert values["nDCG@10"] == [pytest.approx((1 + 0.5) / (1 + 1 / log2(3))), 0.0]
    assert {Section(f"ra{n:03}", "", frozenset()).half for n in range(20)} == {"afstellen", "rapporteren"}


def test_each_way_is_measured_on_the_decisions_that_it_ranks():
    sections = [Section(f"ra{n:03}", "tekst", frozenset({"x"})) for n in range(8)]
    ways = {"ene": lambda text: ["agreement", "q", "x", "x"], "andere": lambda text: ["x"]}
    lines = measured(ways, sections, frozenset({"q", "x"}))
    whole = {line.way: line for line in lines if line.part == "alle"}
    assert whole["ene"].means["nDCG@10"] == pytest.approx(1 / log2(3))
    assert whole["andere"].differences["nDCG@10"].difference == pytest.approx(1 - 1 / log2(3))
    assert whole["andere"].differences["nDCG@10"].is_certain
