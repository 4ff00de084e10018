"""The decision on each of two sides, on the bundled corpus."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer.decisions_beside import beside
from answer.extract import compose
from answer.records import Citation, Claim
from answer.verify import check
from ingest.embed import load_embedder
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.search import search


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def composed(corpus: Corpus, question: str) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    return compose(corpus, understand(question), search(corpus, question))


def test_each_side_has_its_decision_with_its_day_and_its_amount(corpus: Corpus):
    claims, citations = composed(corpus, "Wie kreeg meer middelen en steun: de oproep Lokaal Activeringspact of de uitrol van het e-inclusiebeleid?")  # fmt: skip
    assert [c.date for c in citations] == ["2023-07-14", "2022-07-15"]
    assert claims[0].text.startswith("Op 14 juli 2023") and "10 miljoen euro" in claims[0].text
    assert claims[1].text.startswith("Op 15 juli 2022") and "25 miljoen euro" in claims[1].text
    assert all(check(corpus, "", c.text, [citations[n]]).holds for n, c in enumerate(claims))


def test_two_years_have_the_decision_of_each(corpus: Corpus):
    _, citations = composed(corpus, "Kreeg de digitalisering van integratie en inburgering meer in 2022 of in 2021?")  # fmt: skip
    assert [c.date and c.date[:4] for c in citations] == ["2022", "2021"]


@pytest.mark.parametrize(
    "question",
    [
        "Wie kreeg meer subsidie: de oproep Lokaal Activeringspact of de gemeente Oostkamp?",
        "Kreeg de digitalisering van integratie en inburgering meer in 2021 of in 2017?",
    ],
)
def test_a_side_without_a_decision_leaves_the_question_as_it_was(corpus: Corpus, question: str):
    assert beside(corpus, understand(question), search(corpus, question)) == []


def test_nothing_is_compared_where_no_decision_was_found_first(corpus: Corpus):
    question = "Kreeg de digitalisering van integratie en inburgering meer in 2022 of in 2021?"
    found = search(corpus, question)
    assert beside(corpus, understand(question), found)
    assert beside(corpus, understand(question), [e for e in found if e.meta.kind != "beslissing"]) == []
