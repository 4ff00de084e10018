"""Questions for the day, the stage, the minister or a list of decisions, on the bundled corpus."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answer.decisions_asked import form_of, wanted
from answer.decisions_meant import of_moment
from answer.extract import compose
from answer.records import Citation, Claim
from answer.verify import check
from ingest.embed import load_embedder
from retrieval.corpus import Corpus, open_corpus
from retrieval.families import Families
from retrieval.naming import enumerated, opening, spoken_day
from retrieval.query import understand
from retrieval.search import search


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def composed(corpus: Corpus, question: str) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    return compose(corpus, understand(question), search(corpus, question))


def kind_of(corpus: Corpus, question: str) -> str:
    found = wanted(corpus, understand(question))
    kinds = {"moment": found.moment, "ministers": found.ministers, "listing": found.listing}
    return " ".join(name for name, is_it in kinds.items() if is_it)


def retold(corpus: Corpus, citation: Citation) -> Citation:
    """The citation of the first characters of another document."""
    document = corpus.document(citation.document_id)
    assert document is not None
    return replace(citation, start=0, end=20, text=document.text[:20])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wanneer keurde de Vlaamse Regering het verdiepingsdecreet VDAB definitief goed?", "moment"),
        ("Datum bekrachtiging Mensenrechteninstituut?", "moment"),
        ("In welke fase zit het decreet maatwerk?", "moment"),
        ("uitvoeringsbesluit maatwerk definitief?", "moment"),
        ("Welke minister diende het verdiepingsdecreet VDAB in?", "ministers"),
        ("Wie is verantwoordelijk voor het decreet maatwerk?", "ministers"),
        ("Welke ministers dienden beslissingen over inburgering in?", "ministers listing"),
        ("Wat besliste de VR op 17/07/2020?", "listing"),
        ("Welke beslissingen nam Hilde Crevits in juli 2020?", "listing"),
        ("Data van alle beslissingen over inburgering", "listing"),
        ("Wat besliste de VR op 17/07/2020 over de VDAB?", ""),
        ("Wat houdt het definitieve decreet maatwerk in?", ""),
        ("Wanneer treedt het goedgekeurde decreet maatwerk in werking?", ""),
        ("Wanneer start de goedgekeurde opleiding?", ""),
        ("Wie is verantwoordelijk voor de begeleiding?", ""),
        ("Welke beslissing nam de regering over inburgering?", ""),
    ],
)
def test_what_is_wanted_of_decisions(corpus: Corpus, question: str, expected: str):
    assert kind_of(corpus, question) == expected


def test_the_subject_is_what_was_decided_on(corpus: Corpus):
    asked = understand("Wanneer keurde de Vlaamse Regering op voorstel van Hilde Crevits in 2020 het verdiepingsdecreet VDAB goed?")  # fmt: skip
    found = wanted(corpus, asked)
    assert found.subject == ("verdiepingsdecreet", "vdab")
    assert found.period == ("2020-01-01", "2020-12-31")


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("principieel", "principieel goedgekeurd"),
        ("definitief", "definitief goedgekeurd"),
        ("bekrachtigd", "bekrachtigd"),
    ],
)
def test_the_day_of_the_stage_that_is_asked_comes_first(corpus: Corpus, stage: str, told: str):
    asked = f"Wanneer werd het oprichtingsdecreet VDAB activerings-, loopbaan- en dataregie {told}?"
    claims, citations = composed(corpus, asked)
    assert {corpus.metadata(c.document_id).stage for c in citations} == {stage}
    for claim, citation in zip(claims, citations, strict=True):
        assert claim.text.startswith(f"Op {spoken_day(citation.date)} {told}: ")


def test_a_stage_that_is_not_there_is_said_to_be_missing(corpus: Corpus):
    claims, (citation,) = composed(corpus, "Wanneer werd het uitvoeringsbesluit aanpak van discriminatie binnen de sectoren bekrachtigd?")  # fmt: skip
    assert corpus.metadata(citation.document_id).stage != "bekrachtigd"
    assert "(een bekrachtiging met deze titel staat niet in de documenten):" in claims[0].text
    assert check(corpus, "", claims[0].text, [citation]).holds


def test_the_ministers_are_named_only_where_they_are_asked_for(corpus: Corpus):
    claims, citations = composed(corpus, "Welke minister diende het verdiepingsdecreet VDAB in?")
    for minister in corpus.metadata(citations[0].document_id).ministers:
        assert minister in claims[0].text
    asked = composed(corpus, "Wanneer werd het verdiepingsdecreet VDAB principieel goedgekeurd?")[0]
    assert "op voorstel van" not in asked[0].text


def test_a_list_counts_all_and_shows_some(corpus: Corpus):
    claims, citations = composed(corpus, "Alle beslissingen over Vlaamse Veerkracht")
    every = [m for m in corpus.documents() if "Vlaamse Veerkracht" in f"{m.title} {m.official_title}"]
    assert claims[0].text.startswith(f"{len(every)} beslissingen, met ‘vlaamse veerkracht’ in de titel")
    assert len(citations) == min(10, len(every))
    assert all(citation.text not in citation.title for citation in citations), "says what was decided"
    assert all(check(corpus, "", c.text, [citations[n]]).holds for n, c in enumerate(claims))


def test_a_list_that_is_asked_for_its_ministers_names_those_of_each(corpus: Corpus):
    claims, citations = composed(corpus, "Welke ministers dienden beslissingen over inburgering in?")
    assert len(claims) > 1 and "beslissingen, met ‘inburgering’ in de titel. " in claims[0].text
    for claim, citation in zip(claims, citations, strict=True):
        assert enumerated(corpus.metadata(citation.document_id).ministers) in claim.text
        assert check(corpus, "", claim.text, [citation]).holds
    assert "op voorstel van" not in composed(corpus, "Alle beslissingen over inburgering")[0][0].text


@pytest.mark.parametrize("asked", ["goedgekeurd", "goedgekeurd en bekrachtigd"])
def test_an_approval_without_a_stage_is_the_whole_file_in_order_of_date(corpus: Corpus, asked: str):
    claims, citations = composed(corpus, f"Wanneer werd het verdiepingsdecreet VDAB {asked}?")
    held = [m for m in corpus.documents() if m.title.startswith("Verdiepingsdecreet")]
    assert [c.date for c in citations] == sorted(m.date or "" for m in held)
    assert {corpus.metadata(c.document_id).stage for c in citations} == {"principieel", "definitief"}
    assert ("een bekrachtiging met deze titel staat niet" in claims[-1].text) == ("bekrachtigd" in asked)
    assert all(check(corpus, "", c.text, [citations[n]]).holds for n, c in enumerate(claims))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Uitvoeringsbesluit bij het decreet over maatwerk", "besluit"),
        ("Ontwerpdecreet tot wijziging van het besluit", "decreet"),
        ("Bekrachtiging van twee decreten", "decreet"),
        ("Conceptnota maatwerk", None),
    ],
)
def test_the_form_is_the_first_one_named(text: str, form: str | None):
    assert form_of(text) == form


def test_a_decree_that_is_asked_for_is_none_of_the_decisions_that_carry_it_out(corpus: Corpus, monkeypatch):
    """The implementing decision holds more of the question; in its official title it names the decree."""
    decree = next(m for m in corpus.documents() if m.stage == "definitief" and "Maatwerk" in m.title)
    act = replace(
        decree,
        id="uitvoering",
        title="Uitvoeringsbesluit individueel maatwerk",
        official_title="Voorontwerp van besluit tot uitvoering van het decreet over maatwerk bij individuele inschakeling",
        stage="principieel",
        date="2022-05-20",
    )
    documents = [*corpus.documents(), act]
    monkeypatch.setattr(corpus, "documents", lambda: documents)
    monkeypatch.setattr(corpus, "families", Families(documents))

    def days(question: str) -> list[str]:
        query = understand(question)
        return [m.id for m, _ in of_moment(corpus, query, wanted(corpus, query), search(corpus, question))]

    assert days("Wanneer is het decreet individueel maatwerk definitief goedgekeurd?") == [decree.id]
    assert days("Wanneer is het uitvoeringsbesluit individueel maatwerk goedgekeurd?") == [act.id]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Op ", "Op 1"), ("goedgekeurd, op", "bekrachtigd, op"), ("voorstel van ", "voorstel van Piet Janssens en ")],
)  # fmt: skip
def test_what_is_known_of_a_decision_may_not_be_said_wrong(corpus: Corpus, old: str, new: str):
    claims, citations = composed(corpus, "Welke minister diende het verdiepingsdecreet VDAB in?")
    assert check(corpus, "", claims[0].text, citations[:1]).holds
    assert not check(corpus, "", claims[0].text.replace(old, new, 1), citations[:1]).holds


def test_a_wrong_count_and_a_stage_wrongly_missing_are_faults(corpus: Corpus):
    (claim, *_), (citation, *_) = composed(corpus, "Alle beslissingen over inburgering")
    count = claim.text.split()[0]
    assert check(corpus, "", claim.text, [citation]).holds
    assert not check(corpus, "", claim.text.replace(count, f"{count}1", 1), [citation]).holds
    held = next(m for m in corpus.documents() if m.stage == "definitief")
    wrong = replace(citation, document_id=held.id, title=held.title, uri=held.uri, date=held.date)
    assert check(corpus, "", opening(held), [retold(corpus, wrong)]).holds
    assert not check(corpus, "", opening(held, missing="definitief"), [retold(corpus, wrong)]).holds
