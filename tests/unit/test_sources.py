from pathlib import Path

import pytest

from ingest import NoSource, SourceInvalid
from ingest.records import Question, Rejected
from ingest.sources import find_sources, read_questions

MANIFEST = """
[[document]]
id = "nota"
path = "nota.txt"
kind = "conceptnota"
title = "Een nota"
date = "2023-05"

[[collection]]
id = "themis"
path = "d.jsonl"
kind = "beslissing"
title = "Beslissingen"

[[questions]]
path = "q.jsonl"
"""


def manifest(folder: Path, text: str = MANIFEST) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_with_a_manifest_is_that_manifest(tmp_path: Path):
    path = manifest(tmp_path)
    assert find_sources(tmp_path) == find_sources(path)


def test_a_manifest_says_what_is_known(tmp_path: Path):
    found = find_sources(manifest(tmp_path))
    nota, themis = found.sources
    assert (nota.meta.id, nota.meta.kind, nota.meta.year, nota.collection) == (
        "nota",
        "conceptnota",
        2023,
        False,
    )
    assert themis.collection
    assert found.questions == (tmp_path / "q.jsonl",)
    assert found.whole


def test_the_period_is_the_year(tmp_path: Path):
    found = find_sources(
        manifest(tmp_path, MANIFEST.replace('date = "2023-05"', 'date = "2023-05"\nperiod = 2021'))
    )
    assert found.sources[0].meta.year == 2021


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (('title = "Een nota"', ""), "title"),
        (('date = "2023-05"', 'date = "mei 2023"'), "JJJJ"),
        (('id = "themis"', 'id = "nota"'), "uniek"),
        (("[[document]]", "[[document"), "TOML"),
        (("[[document]]", "[document]"), r"\[\[document\]\]"),
    ],
)
def test_a_manifest_that_does_not_hold_says_where(tmp_path: Path, change: tuple[str, str], word: str):
    with pytest.raises(SourceInvalid, match=word):
        find_sources(manifest(tmp_path, MANIFEST.replace(*change)))


def test_a_place_that_does_not_exist(tmp_path: Path):
    with pytest.raises(NoSource, match="bestaat niet"):
        find_sources(tmp_path / "weg")


def test_an_empty_folder(tmp_path: Path):
    with pytest.raises(NoSource, match="geen bestanden"):
        find_sources(tmp_path)


def test_files_of_a_folder_get_an_id_from_their_name(tmp_path: Path):
    for name in ("Nota één 2022.txt", "twee.pdf", "twee.docx", ".verborgen", "sub/drie.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    metas = {s.meta.id: s.meta for s in find_sources(tmp_path).sources}
    assert set(metas) == {"nota-een-2022", "twee-pdf", "twee-docx", "sub-drie"}
    assert metas["nota-een-2022"].year == 2022


def test_a_single_file_replaces_nothing_else(tmp_path: Path):
    (tmp_path / "a.txt").write_text("x")
    found = find_sources(tmp_path / "a.txt")
    assert [s.meta.id for s in found.sources] == ["a"]
    assert not found.whole


def test_a_file_that_is_not_what_the_manifest_expects(tmp_path: Path):
    (tmp_path / "nota.txt").write_text("anders")
    text = MANIFEST.replace('title = "Een nota"', 'title = "Een nota"\nsha256 = "' + "0" * 64 + '"')
    result = find_sources(manifest(tmp_path, text)).sources[0].read()
    assert isinstance(result, Rejected)
    assert result.reason == "changed"


def test_a_missing_file_is_reported(tmp_path: Path):
    result = find_sources(manifest(tmp_path)).sources[0].read()
    assert isinstance(result, Rejected)
    assert result.reason == "missing"


def test_questions_with_and_without_a_span(tmp_path: Path):
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"document_id": "a", "question": "Wat?", "start": 1, "end": 5}\n'
        '{"document_id": "b", "question": "Wie?", "start": null, "end": null, "kind": "lay"}\n'
        '{"document_id": "b", "question": "Waarom niet?", "start": 1, "end": 5, "kind": "premise"}\n'
        '{"document_id": "b"}\nonzin\n{"document_id": "b", "question": "x", "start": 9, "end": 2}\n',
        encoding="utf-8",
    )
    found = list(read_questions(path))
    assert found[:3] == [
        Question("a", "Wat?", (1, 5)),
        Question("b", "Wie?", None),
        Question("b", "Waarom niet?", (1, 5), "premise"),
    ]
    assert [r.path.rsplit(":")[-1] for r in found[3:] if isinstance(r, Rejected)] == ["4", "5", "6"]
