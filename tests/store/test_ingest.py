"""The whole way from files to a published snapshot, on small folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import NoSource, snapshot
from ingest.build import Ingested, ingest
from ingest.catalog import Catalog
from ingest.embed import load_embedder

Run = Callable[..., Ingested]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documenten"
    made.mkdir()
    (made / "premie.txt").write_text(
        "1. Premie\n\nDe premie bedraagt 500 euro per maand.\n", encoding="utf-8"
    )
    (made / "pact.md").write_text("# Pact\n\nGemeenten betalen mee aan de werking.\n", encoding="utf-8")
    return made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*places: Path, use_questions: bool = True) -> Ingested:
        return ingest(
            list(places),
            tmp_path / "store",
            load_embedder(None),
            use_questions=use_questions,
            report=lambda *_: None,
        )

    return run


def texts(store: Path) -> dict[str, str]:
    with Catalog(snapshot.published(store) / "catalog.sqlite") as catalog:
        return {d.id: d.text for d in catalog.contents().documents}


def test_a_folder_becomes_a_published_snapshot(run: Run, folder: Path, tmp_path: Path):
    done = run(folder)
    assert (done.added, done.documents, done.changed, done.rejected) == (2, 2, True, ())
    assert snapshot.current(tmp_path / "store") == done.snapshot
    assert texts(tmp_path / "store")["premie"] == (folder / "premie.txt").read_text(encoding="utf-8")


def test_nothing_changed_is_nothing_done(run: Run, folder: Path):
    first = run(folder)
    again = run(folder)
    assert (again.snapshot, again.changed, again.kept) == (first.snapshot, False, 2)


def test_one_change_gives_another_snapshot_and_its_undoing_the_first(run: Run, folder: Path):
    first = run(folder)
    before = (folder / "pact.md").read_text(encoding="utf-8")
    (folder / "pact.md").write_text(before + "\nEr komt een evaluatie.\n", encoding="utf-8")
    second = run(folder)
    assert (second.replaced, second.kept, second.snapshot != first.snapshot) == (1, 1, True)
    (folder / "pact.md").write_text(before, encoding="utf-8")
    assert run(folder).snapshot == first.snapshot


def test_what_leaves_the_folder_is_withdrawn(run: Run, folder: Path, tmp_path: Path):
    run(folder)
    (folder / "pact.md").unlink()
    assert run(folder).withdrawn == 1
    assert set(texts(tmp_path / "store")) == {"premie"}


def test_another_source_adds_and_withdraws_nothing(run: Run, folder: Path, tmp_path: Path):
    run(folder)
    (tmp_path / "los.txt").write_text("Een losse nota over wonen.", encoding="utf-8")
    done = run(tmp_path / "los.txt")
    assert (done.added, done.withdrawn, done.documents) == (1, 0, 3)
    assert run(folder).documents == 3


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("leeg.txt", b"", "empty"),
        ("nul.pdf", b"", "empty"),
        ("stuk.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", "damaged"),
        ("stuk.docx", b"PK\x03\x04\x14\x00\x00\x00", "damaged"),
        ("latin.txt", "financiële".encode("latin-1"), "encoding"),
        ("eigenlijk.pdf", b"Dit is gewone tekst.", "wrong_type"),
        ("tabel.xyz", b"a;b;c", "unsupported"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_and_the_rest_is_ingested(
    run: Run, folder: Path, name: str, data: bytes, reason: str
):
    (folder / name).write_bytes(data)
    done = run(folder)
    assert done.documents == 2
    assert [(Path(r.path).name, r.reason) for r in done.rejected] == [(name, reason)]
    assert name in done.rejected[0].message


def test_a_document_whose_file_broke_keeps_its_published_version(run: Run, folder: Path, tmp_path: Path):
    run(folder)
    (folder / "premie.txt").write_bytes(b"\xff\xfe\xfa")
    done = run(folder)
    assert (done.withdrawn, len(done.rejected)) == (0, 1)
    assert "500 euro" in texts(tmp_path / "store")["premie"]


def test_when_nothing_can_be_ingested_the_published_snapshot_stays(run: Run, folder: Path, tmp_path: Path):
    done = run(folder)
    (tmp_path / "leeg").mkdir()
    (tmp_path / "leeg" / "x.txt").write_bytes(b"")
    with pytest.raises(NoSource, match="Geen enkel bestand"):
        run(tmp_path / "leeg")
    assert snapshot.current(tmp_path / "store") == done.snapshot


def test_questions_of_a_manifest_are_indexed_unless_left_out(run: Run, folder: Path, tmp_path: Path):
    (folder / "sources.toml").write_text(
        '[[document]]\nid = "p"\npath = "premie.txt"\nkind = "nota"\ntitle = "Premie"\n[[questions]]\npath = "q.jsonl"\n',
        encoding="utf-8",
    )
    (folder / "q.jsonl").write_text(
        '{"document_id": "p", "question": "Wat krijg je?", "start": null, "end": null}\n{"document_id": "weg", "question": "?"}\n',
        encoding="utf-8",
    )
    with_them, without = run(folder), run(folder, use_questions=False)
    assert with_them.snapshot != without.snapshot


def test_the_store_may_not_be_a_file(folder: Path, run: Run, tmp_path: Path):
    (tmp_path / "store").write_text("bezet")
    with pytest.raises(Exception, match="is een bestand"):
        run(folder)
