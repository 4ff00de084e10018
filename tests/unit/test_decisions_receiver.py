"""What one receiver gets, where a decision tells what several get together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from answer import decisions_receiver
from answer.decisions_receiver import alone
from answer.extract_runs import Run
from answer.quotes import Quote
from ingest.embed import load_embedder
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus, open_corpus
from retrieval.query import understand
from retrieval.records import Evidence


@pytest.fixture(scope="module")
def corpus(sample_store: Path) -> Iterator[Corpus]:
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


def run_of(title: str, text: str, score: float) -> Run:
    meta = Metadata(title, "beslissing", title, "x", "2021-07-09", 2021)
    passage = Passage(meta.id, 0, len(text), text, (), None)
    return Run((Quote(Evidence(passage, meta, 1.0), 0, len(text), text, "paragraph", 0),), (score,), 0, 0)


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
