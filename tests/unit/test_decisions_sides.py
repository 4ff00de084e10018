"""Questions that set two receivers, editions or years side by side, on the bundled corpus."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer import decisions_receiver
from answer.decisions_beside import beside
from answer.decisions_receiver import alone
from answer.decisions_sides import Sides, sides_of
from answer.extract import compose
from answer.extract_runs import Run
from answer.quotes import Quote
from answer.records import Citation, Claim
from answer.verify import check
from ingest.embed import load_embedder
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.records import Evidence
from retrieval.search import search


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def composed(corpus: Corpus, question: str) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    return compose(corpus, understand(question), search(corpus, question))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie kreeg meer subsidie, Gent of Brugge?", Sides("Gent", "Brugge", "kreeg subsidie")),
        ("Gent of Brugge, wie kreeg het meest voor bos?", Sides("Gent", "Brugge", "kreeg voor bos")),
        (
            "Kreeg Gent meer of minder steun dan Brugge voor bos?",
            Sides("Gent", "Brugge", "Kreeg of steun voor bos"),
        ),
        ("Kreeg Gent meer in 2021 of in 2022?", Sides("in 2021", "in 2022", "Kreeg Gent")),
        ("Kreeg Gent in 2023 meer dan in 2020?", Sides("in 2023", "in 2020", "Kreeg Gent")),
        ("Hoeveel kreeg Gent in 2020 en hoeveel in 2022?", Sides("in 2020", "in 2022", "kreeg Gent")),
        (
            "Hoeveel kreeg Gent voor de eerste en hoeveel voor de tweede editie?",
            Sides("voor de eerste editie", "voor de tweede editie", "kreeg Gent"),
        ),
        ("Wat kreeg Gent en wat kreeg Brugge voor bos?", Sides("kreeg Gent", "kreeg Brugge", "voor bos")),
        ("Hoeveel subsidie kregen Gent en Brugge?", Sides("Gent", "Brugge", "subsidie kregen")),
        (
            "Welke projectsubsidie was hoger, die aan de stad Gent of die aan de stad Brugge?",
            Sides("aan de stad Gent", "aan de stad Brugge", "projectsubsidie"),
        ),
        (
            "Is de toelage van Gent voor bos groter dan die voor water?",
            Sides("van Gent voor bos", "van Gent voor water", "de toelage"),
        ),
        ("Wat is het verschil in steun tussen Gent en Brugge?", Sides("Gent", "Brugge", "in steun")),
        ("Hoeveel kregen Gent en Brugge samen?", None),
        ("Hoeveel subsidie kreeg Gent?", None),
        ("Hoeveel subsidie krijgen gemeenten en provincies?", None),
        ("Wat is het verschil tussen Gent en Brugge?", None),
        ("Is de subsidie gestegen of gedaald?", None),
    ],
)
def test_the_sides_of_a_question(question: str, expected: Sides | None):
    assert sides_of(question) == expected


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


def run_of(title: str, text: str, score: float) -> Run:
    meta = Metadata(title, "beslissing", title, "x", "2021-07-09", 2021)
    passage = Passage(meta.id, 0, len(text), text, (), None)
    return Run(
        (Quote(Evidence(passage, meta, 1.0), 0, len(text), text, "paragraph", 0),), (0.0,), 0, 0, score
    )


SUM = "Tien projecten, waaronder Musea Damme, krijgen in totaal 61 miljoen euro."
SHARE = "De bijdrage aan het museum is maximaal 27 miljoen euro."
FOR_HALL = "De bijdrage aan de nieuwe inkomhal is maximaal 27 miljoen euro."


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("Hoeveel kreeg Musea Damme?", (SUM, SHARE, 1.0), [SHARE, SUM]),
        ("Hoeveel kreeg Musea Damme voor de inkomhal?", (SUM, FOR_HALL, 1.0), [FOR_HALL]),
        ("Hoeveel kreeg Musea Damme?", (SUM, SHARE, 9.0), []),
        ("Hoeveel kreeg Musea Damme?", ("Er gaat 61 miljoen euro naar tien projecten.", SHARE, 1.0), []),
        ("Hoeveel kreeg Musea Damme?", (SUM, "Het museum wordt verbouwd.", 1.0), []),
        ("Hoeveel kreeg Musea Knokke?", (SUM, SHARE, 1.0), []),
        ("Hoeveel kreeg de regering?", (SUM, SHARE, 1.0), []),
    ],
)
def test_a_receiver_has_its_own_amount_before_the_sum_for_several(
    corpus: Corpus,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    told: tuple[str, str, float],
    expected: list[str],
):
    best, own, behind = told
    ranked = [run_of("Tien projecten", best, 10.0), run_of("Uitbreiding Musea Damme", own, 10.0 - behind)]
    monkeypatch.setattr(decisions_receiver, "runs", lambda *_: ranked)
    quotes = alone(corpus, understand(question), [run.quote.evidence for run in ranked])
    assert [quote.text.removeprefix("Op 9 juli 2021: ") for quote in quotes] == expected
