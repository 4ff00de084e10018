"""The whole path on the real corpus: six documents, 3,101 decisions, the example questions."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from answer.ask import ask
from answer.records import Answer
from ingest.embed import load_embedder
from ingest.pages import page_at
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Turn
from retrieval.search import search


@pytest.fixture(scope="module")
def corpus(real_store: Path) -> Iterator[Corpus]:
    with open_corpus(real_store, load_embedder(None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[dict]:
    lines = (shared / "gold" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def answers(corpus: Corpus, gold: list[dict]) -> dict[str, Answer]:
    return {g["id"]: ask(corpus, g["question"], history=history(g)) for g in gold}


def history(question: dict) -> tuple[Turn, ...]:
    return tuple(Turn(t["role"], t["content"]) for t in question["history"])


def test_every_document_and_decision_is_there(corpus: Corpus, shared: Path):
    kinds = [m.kind for m in corpus.documents()]
    assert kinds.count("beslissing") == 3101
    assert len(kinds) == 3107
    assert corpus.catalog.rejected() == []


def test_a_text_source_is_its_own_canonical_text(corpus: Corpus, shared: Path):
    document = corpus.document("bbt-wse-2021-uitvoering")
    assert document is not None
    source = shared / "corpus" / "documents" / "bbt-wse-2021-uitvoering.txt"
    assert document.text == source.read_bytes().decode("utf-8")


def test_every_passage_is_its_exact_span(corpus: Corpus):
    texts: dict[str, str] = {}
    for passage in corpus.passages:
        if passage.document_id not in texts:
            document = corpus.document(passage.document_id)
            assert document is not None
            texts = {passage.document_id: document.text}
        assert texts[passage.document_id][passage.start : passage.end] == passage.text


def test_every_citation_of_the_batch_is_its_exact_span_and_names_its_page(
    corpus: Corpus, answers: dict[str, Answer]
):
    citations = [
        c for a in answers.values() for c in (*a.citations, *(a.refusal.nearest if a.refusal else ()))
    ]
    assert len(citations) > 40
    for c in citations:
        document = corpus.document(c.document_id)
        assert document is not None
        assert document.text[c.start : c.end] == c.text
        assert c.page == page_at(document, c.start)


def test_every_claim_has_a_citation_and_a_refusal_has_none(answers: dict[str, Answer]):
    for answer in answers.values():
        assert all(claim.citations for claim in answer.claims)
        assert (answer.status == "refused") == (not answer.claims) == (answer.refusal is not None)


def test_search_finds_the_evidence(corpus: Corpus, gold: list[dict], score: ModuleType):
    found = {
        g["id"]: {"passages": [e.as_json() for e in search(corpus, g["question"], history=history(g))]}
        for g in gold
    }
    rows, _ = score.score_search(gold, found)
    assert score.mean(row["recall@8k chars"] for row in rows) >= 0.85


def test_what_has_no_answer_is_refused_more_often_than_what_has(answers: dict[str, Answer], gold: list[dict]):
    refused = {True: [], False: []}
    for g in gold:
        refused[g["answerable"]].append(answers[g["id"]].status == "refused")
    assert sum(refused[False]) / len(refused[False]) >= 0.75
    assert sum(refused[True]) / len(refused[True]) <= 0.1
