"""Questions for what changed between two versions of one file, on the bundled corpus."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer.decisions_compared import Version, compared, versions_named
from answer.decisions_differ import differences, likeness, sentences_of
from answer.extract import compose
from answer.records import Citation, Claim
from answer.verify import check
from ingest.embed import load_embedder
from ingest.records import Metadata
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.search import search

W2 = "Decreet met verbeteringen uitvoering werk- en zorgtrajecten"


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def composed(corpus: Corpus, question: str) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    return compose(corpus, understand(question), search(corpus, question))


def titled(corpus: Corpus, title: str) -> list[Metadata]:
    return sorted((m for m in corpus.documents() if m.title == title), key=lambda m: m.date or "")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Wat veranderde er tussen de principiële en de definitieve goedkeuring van het decreet maatwerk?",
            (Version("principieel"), Version("definitief")),
        ),
        (
            "wat is er anders in de definitieve versie van juni 2022 t.o.v. de eerste van oktober 2021 van het besluit?",
            (Version("definitief", "2022-06"), Version(None, "2021-10", 0)),
        ),
        (
            "Hoe verschilt de tweede principiële goedkeuring van het decreet van de eerste?",
            (Version("principieel", None, 1), Version(None, None, 0)),
        ),
        (
            "Wat paste de regering aan in het besluit tussen mei en september 2023?",
            (Version(None, "2023-05"), Version(None, "2023-09")),
        ),
        (
            "Waarin verschillen de beslissing van 3 juli 2020 en die van 2021?",
            (Version(None, "2020-07-03"), Version(None, "2021")),
        ),
        (
            "Wat is het verschil tussen beide principiële goedkeuringen van het besluit?",
            (Version("principieel", None, 0), Version("principieel", None, -1)),
        ),
        (
            "Wat veranderde er in de definitieve versie van het decreet?",
            (Version(None, None, 0), Version("definitief")),
        ),
        ("Wanneer werd het gewijzigde decreet principieel en definitief goedgekeurd?", None),
        ("Wat wijzigde het decreet van 17 juli 2020?", None),
        ("Wat veranderde er tussen 2020 en 2021 aan de werkloosheid?", None),
        ("Wat is het verschil tussen individueel en collectief maatwerk?", None),
        ("Is het decreet principieel en definitief goedgekeurd?", None),
    ],
)
def test_the_versions_that_a_question_sets_side_by_side(
    question: str, expected: tuple[Version, Version] | None
):
    assert versions_named(question) == expected


def test_two_stages_of_a_file_come_in_order_of_date_each_with_its_day_and_stage(corpus: Corpus):
    claims, citations = composed(
        corpus,
        "Wat veranderde er tussen de definitieve en de principiële goedkeuring van het decreet met verbeteringen uitvoering werk- en zorgtrajecten?",
    )
    first, *_, last = titled(corpus, W2)
    assert list(dict.fromkeys(c.document_id for c in citations)) == [first.id, last.id]
    opened = [c.text for c in claims if c.text.startswith("Op ")]
    assert opened[0].startswith("Op 21 januari 2022 principieel goedgekeurd: ")
    assert opened[1].startswith("Op 13 mei 2022 definitief goedgekeurd: ")
    assert len(opened) == 2
    assert all(check(corpus, "", c.text, [citations[n]]).holds for n, c in enumerate(claims))


def test_two_versions_of_one_stage_are_told_apart_by_their_place(corpus: Corpus):
    _, citations = composed(corpus, "Hoe verschilt de tweede principiële goedkeuring van de werk- en zorgtrajecten van de eerste?")  # fmt: skip
    assert list(dict.fromkeys(c.document_id for c in citations)) == [m.id for m in titled(corpus, W2)[:2]]


def test_what_both_versions_say_is_left_out(corpus: Corpus):
    first, second, *_ = titled(corpus, W2)
    one, other = differences(corpus, first, second)
    said_in = {m.id: [s.text for s in sentences_of(corpus, m)] for m in (first, second)}
    same = set(said_in[first.id]) & set(said_in[second.id])
    assert same and one and other
    assert not any(sentence in quote.text for sentence in same for quote in (*one, *other))


def test_a_stage_that_the_file_lacks_is_said_to_be_missing(corpus: Corpus):
    claims, (citation,) = composed(
        corpus,
        "Wat veranderde er tussen de principiële en de definitieve goedkeuring van het decreet over activering leefloongerechtigden via verplichte inschrijving?",
    )
    assert "(een definitieve goedkeuring met deze titel staat niet in de documenten):" in claims[0].text
    assert check(corpus, "", claims[0].text, [citation]).holds


def test_a_question_without_a_file_compares_nothing(corpus: Corpus):
    assert not compared(
        corpus, understand("Wat is het verschil tussen de principiële en de definitieve goedkeuring?")
    )
    assert not compared(corpus, understand("Wat veranderde er tussen de eerste en tweede versie van het visserijbesluit?"))  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("Er komen 40 plaatsen bij.", "Er komen 50 plaatsen bij.", 0.0, 0.0),
        ("Er komen 40 plaatsen bij.", "Er komen 40 plaatsen bij.", 1.0, 1.0),
        ("Het advies van de SERV is gevraagd.", "Het decreet treedt later in werking.", 0.01, 0.6),
    ],
)
def test_how_alike_two_sentences_are(a: str, b: str, least: float, most: float):
    assert least <= likeness(a, b) <= most
