"""The extractive composer on the bundled corpus: what is quoted, how much of it, and in which order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answer import extract_runs
from answer.ask import ask
from answer.decisions import decision_quotes
from answer.extract import MOST_FURTHER, compose, nearest, sources
from answer.extract_asked import answers_asked, asks_list, asks_reason, asks_several, fits
from answer.extract_runs import LONGEST, MOST_SENTENCES, runs
from answer.records import Citation, Claim
from ingest.embed import load_embedder
from ingest.reading import cleaned
from retrieval.corpus import Corpus, open_corpus
from retrieval.kinds import named_kinds
from retrieval.query import understand
from retrieval.records import Evidence, Filters
from retrieval.search import search

PREMIUM = "Wie krijgt de transitiepremie?"
ARTICLE = "JB0-1JDB2CJ-WT – TRANSITIEPREMIE"
STAGES = "Welke beslissingen zijn er genomen over de wijziging van het oprichtingsdecreet VDAB wat betreft activering?"


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def composed(corpus: Corpus, question: str) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    return compose(corpus, understand(question), search(corpus, question))


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        ("Hoeveel bedraagt de premie?", "Ze bedraagt 500 euro.", "Ze is hoger dan vroeger."),
        ("Welk percentage werd uitgevoerd?", "Dat was 97 %.", "Dat was 97 keuro."),
        ("Vanaf wanneer geldt dat?", "Het geldt vanaf 1 september 2022.", "Het geldt al een tijd."),
        ("Hoelang krijgt men de premie?", "Ten hoogste twee jaar.", "Ten hoogste 500 euro."),
        ("Hoe vaak is er overleg?", "Het overleg is er jaarlijks.", "Het overleg is nuttig."),
        ("Waarom bleef geld over?", "Dat is te wijten aan de crisis.", "Er bleef geld over."),
        (
            "Welke partners doen mee?",
            "Het gaat om VDAB, de gemeenten, de sectoren en SERV.",
            "Er zijn partners.",
        ),
    ],
)
def test_an_answer_has_what_is_asked_for(question: str, answers: str, does_not: str):
    asked = answers_asked(question)
    assert (fits(asked, answers), fits(asked, does_not)) == (1.0, 0.0)


def test_a_text_may_answer_half_of_a_question():
    assert fits(answers_asked("Hoeveel was het, en waarom?"), "Het was 5 keuro.") == 0.5
    assert fits(answers_asked("Wie doet dat?"), "Het was 5 keuro.") == 0.0


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Hoeveel was er voorzien en hoeveel is er uitgegeven?", True),
        ("Wie keurde het goed, en wanneer?", True),
        ("Vergelijk de twee premies.", True),
        ("En hoeveel is dat?", False),
        ("Hoeveel VAK en VEK kreeg het artikel?", False),
        ("Wie krijgt de premie?", False),
    ],
)
def test_parts_of_a_question(question: str, several: bool):
    assert asks_several(question) is several


def test_lists_and_reasons_are_told_from_facts():
    assert asks_list("Op welke vijf pijlers rust het plan?") and asks_list("Welke organisaties werken mee?")
    assert not asks_list("Hoeveel is de premie?")
    assert asks_reason("vanwaar dat verschil?") and not asks_reason("Hoeveel is het verschil?")


def test_kinds_of_document_are_named_by_what_people_call_them():
    assert named_kinds("Wat zegt de leefloonnota, en wat zegt de oproep?") == ["conceptnota", "beslissing"]
    assert named_kinds("Wat beloofde de coalitie en wat staat in het pact?") == ["regeerakkoord", "pact"]
    assert named_kinds("Hoeveel is de premie?") == []


def test_every_citation_is_its_span_and_every_claim_has_one(corpus: Corpus):
    for question in (PREMIUM, STAGES, "Waarom bleef er geld over van de transitiepremie?"):
        claims, citations = composed(corpus, question)
        assert claims
        assert {n for c in claims for n in c.citations} == {c.n for c in citations}
        for citation in citations:
            document = corpus.document(citation.document_id)
            assert document is not None
            assert document.text[citation.start : citation.end] == citation.text


def test_a_plain_question_is_answered_by_few_runs_that_stay_short_the_best_first(corpus: Corpus):
    claims, citations = composed(corpus, PREMIUM)
    assert "prestarterstraject" in claims[0].text
    assert len(claims) <= 1 + MOST_FURTHER
    assert all(len(citation.text) <= 1_000 for citation in citations)


def test_the_example_of_the_readme_is_answered(corpus: Corpus):
    answer = ask(corpus, "Hoeveel bedraagt de transitiepremie?")
    assert answer.status == "answered"
    assert "1.000 euro per maand" in answer.text


def test_runs_are_whole_sentences_best_first_each_once(corpus: Corpus):
    found = runs(corpus, understand(PREMIUM), search(corpus, PREMIUM)[:4])
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    spans = [(r.quote.evidence.meta.id, r.group[r.first].start, r.group[r.last].end) for r in found]
    assert len(spans) == len(set(spans))
    for run in found:
        assert run.last - run.first < MOST_SENTENCES
        assert run.first == run.last or len(run.quote.source) <= LONGEST
    assert runs(corpus, understand(PREMIUM), []) == []


def test_the_sentence_that_tells_it_is_pointed_at_in_the_first_claim_alone(corpus: Corpus):
    questions = (PREMIUM, "Hoeveel bedraagt de transitiepremie?", "Waarom bleef er geld over?", "Wie betaalt de opleiding?",
                 "Welke doelgroepen zijn er?", "Wanneer startte de maatregel?")  # fmt: skip
    pointed = 0
    for claims, _ in (composed(corpus, question) for question in questions):
        assert all(claim.key is None for claim in claims[1:])
        if claims and claims[0].key:
            start, end = claims[0].key
            assert 0 <= start < end <= len(claims[0].text)
            assert end - start < len(claims[0].text)
            pointed += 1
    assert pointed


def test_a_reason_may_take_more_room(corpus: Corpus, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extract_runs, "LONGEST", 150)
    monkeypatch.setattr(extract_runs, "LONGEST_REASON", 400)
    evidence = search(corpus, PREMIUM)[:6]

    def longest(question: str) -> int:
        found = runs(corpus, understand(question), evidence)
        return max(len(run.quote.source) for run in found if run.first < run.last)

    assert longest(PREMIUM) <= 150 < longest("Waarom bestaat de transitiepremie?") <= 400


def test_two_parts_may_be_answered_by_two_runs_that_do_not_overlap(corpus: Corpus):
    _, citations = composed(corpus, "Hoeveel bedraagt de transitiepremie en hoe lang wordt ze betaald?")
    assert 1 <= len(citations) <= 2
    if len(citations) == 2:
        a, b = citations
        assert a.document_id != b.document_id or a.end <= b.start or b.end <= a.start


def test_documents_set_side_by_side_are_quoted_one_each(corpus: Corpus):
    _, citations = composed(corpus, "Vergelijk wat de conceptnota en het pact zeggen over leefloners.")
    assert [c.kind for c in citations] == ["conceptnota", "pact"]


def test_an_article_that_is_asked_for_is_named_by_its_heading(corpus: Corpus):
    (claim, *_), (quoted, heading, *_) = composed(
        corpus, "Uit welk begrotingsartikel wordt de transitiepremie betaald?"
    )
    assert claim.text.startswith(f"{ARTICLE}: ")
    assert claim.citations == (quoted.n, heading.n)
    assert cleaned(heading.text) == ARTICLE
    assert ARTICLE not in composed(corpus, PREMIUM)[0][0].text


def test_all_decisions_of_a_file_come_in_order_each_with_its_reference(corpus: Corpus):
    claims, citations = composed(corpus, STAGES)
    told = [corpus.metadata(c.document_id) for c in citations]
    assert [m.stage for m in told] == ["principieel", "definitief", "bekrachtigd"]
    assert [m.date for m in told] == sorted(m.date or "" for m in told)
    for claim, meta in zip(claims, told, strict=True):
        assert f"(‘{meta.title}’, {meta.date}, {meta.stage}, {meta.uri})" in claim.text


def test_a_stage_that_is_named_leaves_its_decision_alone(corpus: Corpus):
    asked = STAGES.replace("beslissingen", "definitieve beslissingen")
    found = decision_quotes(corpus, understand(asked), search(corpus, asked))
    assert [q.evidence.meta.stage for q in found] == ["definitief"]


def test_decisions_that_the_filters_leave_out_are_not_told(corpus: Corpus):
    query, evidence = understand(STAGES), search(corpus, STAGES)
    told = {citation.document_id for citation in compose(corpus, query, evidence)[1]}
    kept = sorted(told)[0]
    _, citations = compose(corpus, query, evidence, Filters(document=(kept,)))
    assert len(told) > 1
    assert {citation.document_id for citation in citations} == {kept}


def test_one_decision_is_no_list_of_decisions(corpus: Corpus):
    asked = "Wanneer werd het oprichtingsdecreet VDAB definitief gewijzigd?"
    assert decision_quotes(corpus, understand(asked), search(corpus, asked)) == []
    (claim,), (citation,) = composed(corpus, asked)
    assert citation.date is not None and citation.date in claim.text


def test_a_list_is_told_whole_each_item_on_its_line(corpus: Corpus):
    claims, citations = composed(corpus, "Welke drie groepen kiest het pact, en wie heeft de leiding?")
    listed = next(c for c in claims if "\n" in c.text)
    opening, *items = listed.text.split("\n")
    assert opening.endswith(":") and len(items) == 3
    assert all(item and item in cleaned(citations[listed.citations[0] - 1].text) for item in items)


def test_memos_answer_only_when_one_is_asked_for(corpus: Corpus):
    evidence = search(corpus, PREMIUM)
    memo = replace(evidence[0], meta=replace(evidence[0].meta, kind="memo"))
    assert memo not in sources(understand(PREMIUM), [memo, *evidence])
    assert memo in sources(understand("Wat zegt de memo over de transitiepremie?"), [memo])
    assert compose(corpus, understand(PREMIUM), [memo]) == ((), ())


def test_nothing_found_gives_no_claims(corpus: Corpus):
    assert compose(corpus, understand(PREMIUM), []) == ((), ())


def test_what_comes_nearest_is_cut_to_whole_sentences(corpus: Corpus):
    evidence: list[Evidence] = search(corpus, PREMIUM)
    shown = nearest(evidence)
    assert [c.n for c in shown] == [1, 2, 3]
    for citation, item in zip(shown, evidence, strict=False):
        assert item.passage.text.startswith(citation.text)
