"""The catalog gives back what was written, to several threads, and says when it cannot."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ingest import StoreDamaged
from ingest.catalog import FORMAT, Catalog, Contents, rows, write_catalog
from ingest.records import UNANSWERED, Block, Document, Metadata, Passage, Question


@pytest.fixture
def contents(corpus):
    return corpus("zorg", 3)[0]


@pytest.fixture
def path(tmp_path, contents):
    written = tmp_path / "een map? #1" / "catalog.sqlite"
    written.parent.mkdir()
    write_catalog(written, contents)
    return written


def test_everything_comes_back_as_it_was(path, contents):
    with Catalog(path) as catalog:
        assert catalog.contents() == contents
        assert catalog.documents() == tuple(d.meta for d in contents.documents)
        assert catalog.counts() == {"documents": 3, "passages": 9, "questions": 3, "rejected": 1}


def test_one_document_whole(path, contents):
    with Catalog(path) as catalog:
        assert catalog.document("doc-001") == contents.documents[1]
        assert catalog.document("doc-999") is None


def test_passages_by_row_and_by_id(path, contents):
    with Catalog(path) as catalog:
        assert [catalog.passage(row) for row in range(9)] == contents.passages
        assert catalog.passage_rows([contents.passages[7].id, "onbekend"]) == {contents.passages[7].id: 7}
        with pytest.raises(IndexError):
            catalog.passage(9)


@pytest.mark.parametrize(
    "text", ["\ufeffmet BOM\r\nen CRLF", "a\0b", "\u0002", "é𝄞", "'; DROP TABLE texts; --"]
)
def test_text_is_kept_to_the_character(tmp_path, text):
    document = Document(Metadata("d", "memo", text, "o"), "0" * 64, text, (Block(0, len(text), "paragraph"),))
    said = Contents([document], [Passage("d", 0, len(text), text, (text,))], [], [])
    write_catalog(tmp_path / "catalog.sqlite", said)
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        assert catalog.contents() == said


def test_every_field_of_metadata_is_kept(tmp_path):
    meta = Metadata(
        "d", "bbt", "t", "o", date="2024", year=2023, publisher="p", language="fr", uri="http://themis.vlaanderen.be/id/x/1",
        official_title="ot", themes=("a", "b"), ministers=("m",), note="n",
    )  # fmt: skip
    write_catalog(tmp_path / "catalog.sqlite", Contents([Document(meta, "0" * 64, "x", ())], [], [], []))
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        assert catalog.documents() == (meta,)


def test_same_contents_give_the_same_rows(path, tmp_path, contents):
    write_catalog(tmp_path / "again.sqlite", contents)
    with sqlite3.connect(path) as one, sqlite3.connect(tmp_path / "again.sqlite") as other:
        assert list(one.iterdump()) == list(other.iterdump())
    one.close()
    other.close()


def test_rows_tell_contents_apart(contents):
    document = contents.documents[0]
    other = replace(
        contents, documents=[replace(document, blocks=document.blocks[1:]), *contents.documents[1:]]
    )
    assert list(rows(other)) != list(rows(contents))


def test_threads_share_one_catalog(path, contents):
    with Catalog(path) as catalog, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: catalog.document(contents.documents[i % 3].id), range(200)))
    assert found == [contents.documents[i % 3] for i in range(200)]


def test_reading_changes_nothing(path, contents):
    before = path.read_bytes()
    with Catalog(path) as catalog:
        catalog.contents()
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["catalog.sqlite"]


def test_a_missing_catalog_is_named(tmp_path):
    with pytest.raises(StoreDamaged, match=r"nergens\.sqlite is niet leesbaar"):
        Catalog(tmp_path / "nergens.sqlite")


@pytest.mark.parametrize("kept", [0, 0.5])
def test_a_cut_catalog_is_named(path, kept):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(StoreDamaged, match=r"catalog\.sqlite is niet leesbaar"), Catalog(path) as catalog:
        catalog.contents()


def test_a_question_says_whether_it_is_answered_and_an_older_catalog_holds_answered_ones(path, tmp_path):
    with Catalog(path) as catalog:
        made = catalog.contents()
    document = made.documents[0].id
    asked = [Question(document, f"Wat is {kind}?", (0, 4), kind) for kind in ("answered", *UNANSWERED)]
    made = replace(made, questions=asked)
    write_catalog(tmp_path / "kinds.sqlite", made)
    with Catalog(tmp_path / "kinds.sqlite") as catalog:
        assert catalog.questions_of(document) == asked
    assert len(set(map(str, rows(made)))) == len(list(rows(made))), "the kind is part of what a snapshot says"
    connection = sqlite3.connect(tmp_path / "kinds.sqlite")
    connection.execute("ALTER TABLE questions DROP COLUMN kind")
    connection.execute("PRAGMA user_version = 5")
    connection.close()
    with Catalog(tmp_path / "kinds.sqlite") as catalog:
        assert {question.kind for question in catalog.questions()} == {"answered"}


def test_a_newer_format_asks_for_a_newer_program(path):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(StoreDamaged, match="nieuwere versie"):
        Catalog(path)
