"""Memos from the real corpus: every twentieth of them counted, and the two sections whose known memos are at hand."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from answer.memo import evidence_of, memo
from answer.memo_claims import history
from answer.memo_files import file_of, status_of
from evals.memos import count
from evals.memos_beside import beside
from ingest.embed import load_embedder
from retrieval.corpus import Corpus, open_corpus


@pytest.fixture(scope="module")
def corpus(real_store: Path) -> Iterator[Corpus]:
    with open_corpus(real_store, load_embedder(None)) as opened:
        yield opened


def test_every_twentieth_memo_holds_what_all_must(corpus: Corpus):
    made = [memo(corpus, one, made_on="2024-06-30") for one in corpus.commitments()[::20]]
    counts = count(corpus, made)
    assert len(made) >= 10
    assert counts.failures == []
    assert counts.without_citation == counts.long_runs == counts.unresolved == counts.unverified == []
    assert median(counts.citations_a_claim) <= 2
    assert max(counts.citations_a_claim) <= 3
    assert counts.amounts_reached >= 0.9 * counts.amounts
    assert counts.statuses["definitief"]
    assert counts.statuses["niet_gevonden"]


def test_the_known_memos_are_put_beside_ours(corpus: Corpus):
    sections = {c.path[-1][:3]: c for c in corpus.commitments() if c.domain == "Samenleven"}
    pairs = [beside(corpus, memo(corpus, sections[n], made_on="2024-06-30")) for n in ("1.2", "1.3")]
    assert all(pairs)
    assert pairs[0] is not None
    shared = {entry.title for entry in pairs[0].both}
    assert "Erkenning participatieorganisatie" in shared


def test_the_agreement_of_the_participation_organisation_is_found_final(corpus: Corpus):
    section = next(c for c in corpus.commitments() if c.id == "samenleven-1.2")
    made = memo(corpus, section, made_on="2024-06-30")
    row = next(r for r in made.promises if "samenwerkingsovereenkomst" in r.text)
    assert row.status == "definitief"
    assert made.evidence == evidence_of(corpus, section)


def test_a_voorontwerp_and_an_ontwerpdecreet_of_one_matter_are_one_file(corpus: Corpus):
    meta = next(m for m in corpus.documents() if m.title == "Ontwerpdecreet regeling toekenning jobbonus")
    file = file_of(corpus, meta, None)
    assert [m.stage for m in file.decisions] == ["principieel", "principieel", "definitief"]
    assert status_of(corpus, file) == "definitief"


def test_a_mededeling_without_text_was_dealt_with_and_no_more(corpus: Corpus):
    meta = next(m for m in corpus.documents() if m.title == "Aanpak van discriminatie binnen de sectoren")
    file = file_of(corpus, meta, None)
    assert status_of(corpus, file) == "in_voorbereiding"
    assert "behandelde op 18 december 2020" in history(corpus, file).text


@pytest.mark.parametrize(
    ("title", "asked", "status"),
    [
        ("Vlaams beleidsplan bio-economie", "Er komt een beleidsplan voor de bio-economie.", "definitief"),
        ("Vlaams beleidsplan bio-economie", "We stimuleren de bio-economie.", "in_voorbereiding"),
        ("Opstart geïntegreerd planningsproces", "Er komt een plan voor het gebied.", "in_voorbereiding"),
    ],
)
def test_a_plan_that_a_promise_asks_for_is_settled_by_its_approval(
    corpus: Corpus, title: str, asked: str, status: str
):
    meta = next(m for m in corpus.documents() if m.title.startswith(title) and not m.stage)
    assert status_of(corpus, file_of(corpus, meta, None), asked) == status
