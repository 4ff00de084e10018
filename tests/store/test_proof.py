"""The proof finds what hashes, counts and exit codes do not show, and outlives an index that kills its reader."""

import os
import sqlite3
import sys
from dataclasses import replace

import numpy as np
import pytest

from ingest import proof
from ingest.catalog import write_catalog
from ingest.dense import open_chroma, write_chroma
from ingest.lexical import LexicalRow, write_lexical
from ingest.proof import prove, prove_in_child
from ingest.records import Passage, Question
from ingest.snapshot_manifest import Manifest, hashed, snapshot_id, write_manifest

DOCUMENTS = 134
ROWS = 3 * DOCUMENTS


@pytest.fixture
def written(tmp_path, corpus):
    """`written(...)`: a snapshot with what is given in place of the truth, its hashes in order, so that only a proof sees it."""

    def write(documents=2, *, contents=None, vectors=None, indexed=None, lexical_rows=None, **manifest):
        said, truth = corpus("zorg", documents)
        name = snapshot_id(said, truth, "a", "e")
        counts = {
            "documents": documents,
            "passages": len(said.passages),
            "questions": documents,
            "rejected": 1,
        }
        write_catalog(tmp_path / "catalog.sqlite", contents or said)
        np.save(tmp_path / "vectors.npy", truth if vectors is None else vectors)
        write_chroma(tmp_path / "chroma", truth if indexed is None else indexed)
        rows = len(said.passages) if lexical_rows is None else lexical_rows
        write_lexical(tmp_path / "lexical", [LexicalRow("", "tekst")] * rows)
        fields = {"id": name, "created": "", "code": "", "analyser": "a", "embedder": "e", "counts": counts}
        write_manifest(tmp_path, Manifest(**fields | {"files": hashed(tmp_path)} | manifest))
        return tmp_path

    return write


def resealed(folder):
    """Make the hashes agree with the files as they are now."""
    write_manifest(folder, replace(proof.read_manifest(folder), files=hashed(folder)))
    return folder


def of(faults):
    return [(fault.file, fault.derived) for fault in faults]


def test_a_sound_snapshot_is_proved(written):
    folder = written()
    before = hashed(folder)
    assert prove_in_child(folder) == prove(folder) == []
    assert hashed(folder) == before


def test_a_changed_file_is_named_before_any_index_is_opened(written):
    folder = written()
    (folder / "catalog.sqlite").write_bytes(b"x")
    parts = []
    assert of(prove(folder, parts.append)) == [("catalog.sqlite", False)]
    assert parts == ["manifest.json"]


# The catalog


def moved(contents, **changes):
    first = contents.passages[0]
    fields = {
        name: getattr(first, name) for name in ("document_id", "start", "end", "text", "section", "page")
    }
    return replace(contents, passages=[Passage(**fields | changes), *contents.passages[1:]])


@pytest.mark.parametrize(
    "changes", [{"start": 27, "end": 60}, {"text": "De zorg is gratis."}, {"document_id": "geen"}]
)
def test_a_passage_that_is_not_in_its_document(written, corpus, changes):
    faults = prove(written(contents=moved(corpus("zorg")[0], **changes)))
    assert ("catalog.sqlite", False) in of(faults)
    assert any("1 passages die niet in hun document staan" in fault.problem for fault in faults)


def test_an_id_that_is_not_that_of_the_passage(written):
    folder = written()
    connection = sqlite3.connect(folder / "catalog.sqlite")
    with connection:
        connection.execute("UPDATE passages SET id = 'x' WHERE row = 2")
    connection.close()
    assert of(prove(resealed(folder))) == [("catalog.sqlite", False)]


@pytest.mark.parametrize(
    "question", [Question("geen", "Wat?", None), Question("doc-000", "Wat?", (5, 100_000))]
)
def test_a_question_without_a_place(written, corpus, question):
    contents = corpus("zorg")[0]
    faults = prove(written(contents=replace(contents, questions=[question, *contents.questions[1:]])))
    assert any("1 vragen zonder plaats" in fault.problem for fault in faults)


def test_counts_that_are_not_those_of_the_catalog(written):
    faults = prove(written(counts={"documents": 2, "passages": 7, "questions": 2, "rejected": 1}))
    assert of(faults) == [("catalog.sqlite", False)]


@pytest.mark.parametrize("manifest", [{"id": "0" * 32}, {"analyser": "b"}, {"embedder": "b"}])
def test_an_id_that_is_not_the_hash_of_what_is_said(written, manifest):
    assert of(prove(written(**manifest))) == [("manifest.json", False)]


# The vectors


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda v: v[:-1], "verwacht float32 met 6 rijen"),
        (lambda v: v.astype(np.float64), "verwacht float32"),
        (lambda v: v.ravel(), "verwacht float32"),
        (lambda v: v * np.float32(1.01), "6 vectoren die niet de lengte 1 hebben"),
        (
            lambda v: np.where(np.arange(6)[:, None] == 2, np.float32(0), v),
            "1 vectoren die niet de lengte 1 hebben",
        ),
        (lambda v: np.where(np.arange(6)[:, None] == 2, np.float32("nan"), v), "1 vectoren die niet"),
    ],
)
def test_vectors_that_are_not_those_of_the_passages(written, corpus, change, problem):
    faults = prove(written(vectors=change(corpus("zorg")[1])))
    assert any(fault.file == "vectors.npy" and problem in fault.problem for fault in faults)


# Chroma


@pytest.mark.parametrize("defect", ["left out", "another in its place"])
def test_half_a_percent_of_the_vectors_lost(written, corpus, defect):
    """The planted defect, ten times; with another in its place the count is right and every id is there."""
    folder = written(DOCUMENTS)
    truth = corpus("zorg", DOCUMENTS)[1]
    assert prove(folder) == []
    rejected = 0
    for seed in range(10):
        lost = np.random.default_rng(seed).choice(ROWS, ROWS // 200, replace=False)
        kept = np.setdiff1d(np.arange(ROWS), lost)
        stand_in = truth.copy()
        stand_in[lost] = truth[kept[: len(lost)]]
        for path in sorted((folder / "chroma").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (folder / "chroma").rmdir()
        write_chroma(folder / "chroma", truth[kept] if defect == "left out" else stand_in)
        faults = prove(resealed(folder))
        rejected += of(faults) == [("chroma", True)]
    assert rejected == 10


def test_an_index_with_its_data_wiped(written):
    folder = written(DOCUMENTS)
    [data] = folder.glob("chroma/*/data_level0.bin")
    data.write_bytes(b"\xff" * data.stat().st_size)
    assert of(prove_in_child(resealed(folder))) == [("chroma", True)]


@pytest.mark.parametrize("file", ["chroma.sqlite3", "twins.json", "*/data_level0.bin"])
def test_an_index_with_a_file_cut_in_half(written, file):
    folder = written(DOCUMENTS)
    [path] = folder.glob(f"chroma/{file}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert of(prove_in_child(resealed(folder))) == [("chroma", True)]


def test_equal_vectors_are_all_found(tmp_path):
    """With every row stored by itself, dozens of these do not find themselves."""
    rows = np.random.default_rng(1).standard_normal((3_000, 16)).astype(np.float32)
    vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    vectors[500:2_500] = vectors[0]
    write_chroma(tmp_path / "chroma", vectors)
    with open_chroma(tmp_path / "chroma") as dense:
        assert dense.rows() == list(range(3_000))
        assert {row for row, _ in dense.query(vectors[0], 2_001)} == {0, *range(500, 2_500)}
        assert [row for row, _ in dense.query(vectors[0], 2)] == [0, 500]
        assert all(
            np.allclose(vectors[found], vectors[row]) for row, found in enumerate(dense.nearest(vectors))
        )


def test_chroma_finds_the_same_as_an_exact_scan(tmp_path):
    """Recall at 50 on vectors without structure, the hardest case for a graph."""
    dice = np.random.default_rng(2)
    rows = dice.standard_normal((3_000, 64)).astype(np.float32)
    vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    asked = dice.standard_normal((50, 64)).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    write_chroma(tmp_path / "chroma", vectors)
    exact = np.argsort(-(asked @ vectors.T), axis=1)[:, :50]
    with open_chroma(tmp_path / "chroma") as dense:
        found = [dict(dense.query(vector, 50)) for vector in asked]
    shared = sum(len(set(scores) & set(rows.tolist())) for scores, rows in zip(found, exact, strict=True))
    assert shared / exact.size >= 0.99
    row, score = next(iter(found[0].items()))
    assert score == pytest.approx(float(asked[0] @ vectors[row]), abs=1e-5)


OPENINGS = 5


def test_opening_changes_nothing_and_leaves_nothing(written, tmp_path, monkeypatch):
    folder, copies = written(), tmp_path.parent / f"{tmp_path.name}-copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    before = hashed(folder)
    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(OPENINGS):
        with open_chroma(folder / "chroma") as dense:
            assert len(dense.rows()) == 6
            assert len(list(copies.iterdir())) == 1
    assert hashed(folder) == before
    assert list(copies.iterdir()) == []
    # What else runs in this process may open one meanwhile; a leak leaves one for each opening.
    assert len(os.listdir("/proc/self/fd")) < descriptors + OPENINGS


# The lexical index


@pytest.mark.parametrize("rows", [0, 5, 7])
def test_a_lexical_index_of_another_length(written, rows):
    assert of(prove(written(lexical_rows=rows))) == [("lexical", True)]


def test_both_indexes_wrong_are_both_named(written, corpus):
    folder = written(indexed=corpus("werk")[1], lexical_rows=5)
    assert of(prove(folder)) == [("chroma", True), ("lexical", True)]


# The child


@pytest.mark.parametrize(
    ("script", "part", "problem"),
    [
        ("""echo '{"part": "chroma"}'; kill -SEGV $$""", "chroma", "het bewijs brak af (SIGSEGV)"),
        (
            """echo '{"part": "manifest.json"}'; echo '{"part": "lexical"}'; exec sleep 60""",
            "lexical",
            "na 1 seconden",
        ),
        (
            """echo '{"part": "chroma"}'; echo pyo3 panic >&2; exit 3""",
            "chroma",
            "het bewijs brak af (pyo3 panic)",
        ),
        ("exit 1", "manifest.json", "het bewijs brak af (status 1)"),
    ],
)
def test_a_proof_that_dies_is_a_fault_of_the_part_it_was_at(tmp_path, monkeypatch, script, part, problem):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    [fault] = prove_in_child(tmp_path, timeout=1.0)
    assert (fault.file, fault.derived) == (part, part in ("chroma", "lexical"))
    assert problem in fault.problem
