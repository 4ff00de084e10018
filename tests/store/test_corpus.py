"""A corpus that is open for a long time keeps what it holds, and nothing of what it does not."""

from ingest.embed import load_embedder
from retrieval.corpus import open_corpus


def test_asking_for_documents_that_are_not_there_costs_nothing(sample_store, monkeypatch):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        asked = []
        monkeypatch.setattr(type(corpus.catalog), "document", lambda _, name: asked.append(name))
        assert [corpus.document(f"verzonnen-{n}") for n in range(3)] == [None] * 3
        assert asked == []
        corpus.document(corpus.documents()[0].id)
        assert len(asked) == 1
