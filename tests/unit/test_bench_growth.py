"""The benchmarks at small sizes: what they measure is true, whatever the times."""

import builtins
import json
from pathlib import Path

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from evals import EvalError, bench_growth, bench_langchain
from evals.bench_corpus import ORIGIN, grown
from evals.bench_growth import measure, sampled, show
from evals.bench_langchain import OURS, OurEmbeddings, beside, side_by_side
from evals.bench_scan import scans
from evals.gold import GoldQuestion, Piece
from ingest import snapshot
from ingest.catalog import Catalog, Contents
from ingest.embed import load_embedder
from ingest.reading import sentences
from ingest.records import Question
from retrieval.corpus import open_corpus


@pytest.fixture
def contents(sample_store: Path) -> Contents:
    """The bundled corpus as it was published."""
    with Catalog(snapshot.published(sample_store) / "catalog.sqlite") as catalog:
        return catalog.contents()


@pytest.fixture
def questions(contents: Contents, tmp_path: Path) -> Path:
    """A file with a question about each of three documents."""
    path = tmp_path / "questions.jsonl"
    lines = [{"document_id": d.id, "question": f"Wat zegt {d.meta.title}?"} for d in contents.documents[:3]]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_grown_corpus_has_the_size_that_was_asked_and_the_real_one_within(contents):
    size = 3 * len(contents.passages) + 1
    after = grown(contents, size)
    assert len(after.passages) == size
    assert set(contents.passages) < set(after.passages)
    assert set(contents.documents) < set(after.documents)
    assert after == grown(contents, size)
    assert after.passages != grown(contents, size, seed=1).passages


def test_a_corpus_that_is_large_enough_stays_as_it_is(contents):
    assert grown(contents, 1).passages == list(contents.passages)


def test_recombined_passages_are_spans_of_their_documents_and_sentences_of_real_ones(contents):
    after = grown(contents, 2 * len(contents.passages))
    texts = {document.id: document.text for document in after.documents}
    new = [p for p in after.passages if p.document_id.startswith(ORIGIN)]
    assert all(texts[p.document_id][p.start : p.end] == p.text for p in new)
    real = {p.text[a:b] for p in contents.passages for a, b in sentences(p.text)}
    assert all(any(p.text.startswith(sentence) for sentence in real) for p in new)
    assert len({p.id for p in after.passages}) == len(after.passages)


def test_recombined_passages_are_about_as_long_as_real_ones(contents):
    new = [
        p for p in grown(contents, 20 * len(contents.passages)).passages if p.document_id.startswith(ORIGIN)
    ]
    ratio = np.mean([len(p.text) for p in new]) / np.mean([len(p.text) for p in contents.passages])
    assert 0.8 < ratio < 1.25


def test_a_measure_says_what_was_built_and_asked(contents, sample_store, questions):
    size = len(contents.passages) + 40
    growth = measure(size, sample_store, questions)
    assert (growth.passages, growth.real, growth.lost) == (size, len(contents.passages), 0)
    assert [part.name for part in growth.parts] == [
        "zinnen herschikken",
        "vectoren berekenen",
        *bench_growth._STAGES,
        "bewijs",
        "openen",
        "vragen",
    ]
    assert not any(part.estimated for part in growth.parts)
    assert growth.disk_mb.keys() >= {"catalog.sqlite", "vectors.npy", "lexical", "chroma", "cache"}
    assert growth.disk_mb["vectors.npy"] == pytest.approx(size * 256 * 4 / 1e6, abs=0.1)
    everything, within = growth.asked
    assert (everything.questions, everything.admitted) == (3, 1.0)
    assert 0 < within.admitted < 1
    assert growth.memory_mb > 1


def test_above_a_size_the_proof_is_of_a_sample_and_says_so(sample_store, questions, monkeypatch, capsys):
    monkeypatch.setattr(bench_growth, "WHOLE_PROOF", 10)
    monkeypatch.setattr(bench_growth, "SAMPLE", 20)
    growth = measure(10, sample_store, questions)
    assert [part.name for part in growth.parts if part.estimated] == ["bewijs"]
    assert (growth.lost, growth.proof_mb) == (0, 0.0)
    show([growth])
    assert "~" in capsys.readouterr().out


def test_questions_come_from_the_file_or_else_from_the_store(contents, questions):
    metas = [document.meta for document in contents.documents]
    held = [Question(metas[0].id, "Van de opslag?", None), Question("elders", "Van een ander?", None)]
    assert [q.text for q in sampled(held, metas, None)] == ["Van de opslag?"]
    assert [q.document_id for q in sampled(held, metas, questions)] == [meta.id for meta in metas[:3]]
    assert len(sampled(held[:1] * 1_000, metas, None)) == bench_growth.ASKED
    with pytest.raises(EvalError, match="--questions"):
        sampled(held[1:], metas, None)


def test_scans_are_measured_against_the_exact_one(contents, sample_store):
    embedder = load_embedder(None)
    with open_corpus(sample_store, embedder) as corpus:
        asked = np.stack([embedder.encode_query(p.text[:60]) for p in corpus.passages[:5]])
        exact, chroma, int8, reduced = scans(corpus.vectors, corpus.dense, asked)
        assert exact.recall == {10: 1.0, 300: 1.0}
        assert chroma.recall[10] == pytest.approx(1.0, abs=0.05)  # equal scores may change places
        assert int8.recall[10] > 0.8
        assert reduced.recall[300] > 0.8

        class Lost:
            def query(self, vector, k):
                return [(len(corpus.passages) + n, 0.0) for n in range(k)]

        assert scans(corpus.vectors, Lost(), asked)[1].recall == {10: 0.0, 300: 0.0}


class Fixed(BaseRetriever):
    """Gives the same rows whatever is asked."""

    rows: list[int]

    def _get_relevant_documents(self, query, *, run_manager):
        return [Document(page_content="anders", metadata={"row": row}) for row in self.rows]


def test_retrievers_are_scored_on_the_passages_that_they_point_to(sample_store):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        wanted = corpus.passages[3]
        piece = Piece(wanted.document_id, quote=wanted.text)
        gold = [
            GoldQuestion("q", "figure", "Hoeveel?", True, (piece,), ()),
            GoldQuestion("n", "none", "Wat niet?", False, (), ()),
        ]
        found, missed = side_by_side(
            {OURS: Fixed(rows=[7, 3]), "other": Fixed(rows=[5])}, corpus, gold, ["Wat?"]
        )
        assert (found.name, found.ratio) == (OURS, 1.0)
        assert (found.measures["recall@1"], found.measures["recall@10"], found.measures["mrr"]) == (
            0.0,
            1.0,
            0.5,
        )
        assert set(missed.measures.values()) == {0.0}


def test_our_embedder_gives_langchain_the_same_vectors():
    embedder = load_embedder(None)
    ours = OurEmbeddings(embedder)
    assert ours.embed_query("premie") == embedder.encode_query("premie").tolist()
    assert ours.embed_documents(["premie", "krediet"]) == embedder.encode(["premie", "krediet"]).tolist()


def test_without_the_packages_the_message_says_what_to_install(sample_store, monkeypatch):
    real_import = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("langchain_chroma"):
            raise ImportError("No module named 'langchain_chroma'")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with (
        open_corpus(sample_store, load_embedder(None)) as corpus,
        pytest.raises(EvalError, match=r"\[bench\]"),
        beside(corpus),
    ):
        pass


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # langchain-community says that it is no longer kept
def test_langchain_answers_over_the_same_passages(sample_store):
    for package in ("langchain_chroma", "langchain_classic", "langchain_community", "rank_bm25"):
        pytest.importorskip(package, reason="de extra bench is niet geïnstalleerd")
    with open_corpus(sample_store, load_embedder(None)) as corpus, beside(corpus) as retrievers:
        wanted = corpus.passages[4]
        for retriever in retrievers.values():
            found = [bench_langchain._found(document, corpus) for document in retriever.invoke(wanted.text)]
            assert {"document_id": wanted.document_id, "text": wanted.text} in found
