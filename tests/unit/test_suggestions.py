"""What is proposed where there is no answer."""

from urllib.parse import parse_qs, urlsplit

from answer.log_record import Entry
from api.pages.holdings import Holdings
from api.pages.suggestions import examples, help_of, inventory
from ingest.records import Metadata
from retrieval.records import Filters

BBT = Metadata("bbt-21", "bbt", "Toelichting 2021", "x", year=2021)
DECISIONS = [Metadata(f"b{n}", "beslissing", f"Besluit {n}", "x", year=2019 + n) for n in range(3)]
HELD = Holdings("v1", (BBT, *DECISIONS))


def refused(question, reason="not_in_corpus", nearest=(), message="Niets.", filters=Filters(), full=""):  # noqa: B008
    answer = {"question": full, "refusal": {"reason": reason, "message": message, "nearest": list(nearest)}}
    return Entry("2026-11-21T10:00:00+00:00", question, (), filters, "v1", "c", None, (), answer)


def near(meta, *section):
    return {"document_id": meta.id, "title": meta.title, "kind": meta.kind, "section": section}


def proposed(entry):
    return [suggestion.text for suggestion in help_of(HELD, entry).suggestions]


def test_a_year_that_is_not_held_becomes_one_that_is():
    entry = refused("Wat was het krediet in 2025?", nearest=[near(BBT, "Kredieten"), near(BBT, "Kredieten")])
    assert proposed(entry) == [
        "Wat was het krediet in 2021?",
        "Wat staat er in Toelichting 2021 over Kredieten?",
    ]
    both = refused("Wat was het krediet in 2024 en in 2025?", nearest=[near(BBT)])
    assert proposed(both) == ["Waarover gaat Toelichting 2021?"]


def test_a_passage_is_named_by_its_article_rather_than_by_the_heading_that_each_article_has():
    article = "JB0-1JDB2EA-WT – DIENSTENCHEQUES"
    entry = refused("Waarom?", nearest=[near(BBT, article, "Inhoudelijke toelichting"), near(BBT, "Acties:")])
    assert proposed(entry) == [
        f"Wat staat er in Toelichting 2021 over {article}?",
        "Wat staat er in Toelichting 2021 over Acties?",
    ]


def test_an_ambiguous_question_gets_the_codes_that_may_be_meant():
    message = "Bedoelt u JB0-1JDB2EA-PA (X); JB0-1JDB2EA-WT (X)?"
    entry = refused("Wat was het krediet?", "ambiguous", [near(DECISIONS[0])], message)
    assert proposed(entry) == [
        "Wat was het krediet, artikel JB0-1JDB2EA-PA?",
        "Wat was het krediet, artikel JB0-1JDB2EA-WT?",
        "Wat besliste de Vlaamse Regering over Besluit 0?",
    ]


def test_the_full_question_is_asked_without_its_restriction():
    entry = refused(
        "En in 2021?", filters=Filters(kind=("memo",), year=(2021,)), full="Welk krediet in 2021?"
    )
    [again] = help_of(HELD, entry).suggestions
    assert (again.text, again.why) == ("Welk krediet in 2021?", "zonder de beperking")
    assert parse_qs(urlsplit(again.href).query) == {"vraag": ["Welk krediet in 2021?"]}


def test_what_is_no_question_about_the_documents_gets_examples():
    for reason in ("out_of_scope", "instruction"):
        assert proposed(refused("Wie ben je?", reason, [near(BBT)])) == [s.text for s in examples(HELD)]
    assert len(examples(HELD)) == 2


def test_the_inventory_names_kinds_and_years():
    assert inventory(HELD) == (
        "3 × Beslissing Vlaamse Regering (2019–2021), 1 × Beleids- en begrotingstoelichting (2021)"
    )
