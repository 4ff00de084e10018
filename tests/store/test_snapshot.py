"""Snapshots are built aside, proved, published at once, verified, mended and rolled back."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from threading import Thread

import numpy as np
import pytest

from ingest import StoreBusy, StoreDamaged, files, snapshot
from ingest.catalog import Catalog
from ingest.dense import open_chroma
from ingest.lexical import count_lexical
from ingest.records import Block, Question, Rejected
from ingest.snapshot_manifest import Fault, arranged, snapshot_id


def shuffled(contents, vectors, seed):
    dice = random.Random(seed)
    order = dice.sample(range(len(contents.passages)), len(contents.passages))
    return replace(
        contents,
        documents=dice.sample(contents.documents, len(contents.documents)),
        passages=[contents.passages[i] for i in order],
        questions=contents.questions[::-1],
    ), vectors[order]


# Building


def test_a_snapshot_holds_what_was_given(store, corpus, build):
    contents, vectors = corpus("zorg")
    manifest = build(store, contents, vectors)
    folder = store / "snapshots" / manifest.id
    assert sorted(p.name for p in folder.iterdir()) == [
        "catalog.sqlite",
        "chroma",
        "lexical",
        "manifest.json",
        "vectors.npy",
    ]
    assert snapshot.read_manifest(folder) == manifest
    assert manifest.counts == {"documents": 2, "passages": 6, "questions": 2, "rejected": 1}
    assert (manifest.analyser, manifest.embedder) == ("analyse 1", "model 1")
    with Catalog(folder / "catalog.sqlite") as catalog:
        assert catalog.contents() == contents
    assert np.array_equal(np.load(folder / "vectors.npy", allow_pickle=False), vectors)
    assert count_lexical(folder / "lexical") == 6
    with open_chroma(folder / "chroma") as dense:
        [(row, score), *_] = dense.query(vectors[4], 3)
    assert (row, round(score, 5)) == (4, 1.0)
    assert snapshot.current(store) is None
    assert [p.name for p in (store / "snapshots").iterdir()] == [manifest.id]


def test_progress_is_reported_to_the_end(store, corpus, build):
    heard = []
    build(store, *corpus("zorg"), report=lambda *step: heard.append(step))
    assert heard == [("index", done, 4) for done in range(5)]


@pytest.mark.parametrize("seed", range(5))
def test_the_id_does_not_depend_on_order(corpus, seed):
    contents, vectors = corpus("zorg", 4)
    assert snapshot_id(*shuffled(contents, vectors, seed), "a", "e") == snapshot_id(
        contents, vectors, "a", "e"
    )


def test_two_builds_of_one_corpus_have_one_id(tmp_path, corpus, build):
    contents, vectors = corpus("zorg", 3)
    one = build(tmp_path / "one", contents, vectors)
    other = build(tmp_path / "other", *arranged(*shuffled(contents, vectors, 1)))
    assert other.id == one.id
    assert other.files["catalog.sqlite"] == one.files["catalog.sqlite"]
    assert other.files["vectors.npy"] == one.files["vectors.npy"]


def changed_document(contents, **changes):
    return replace(contents, documents=[replace(contents.documents[0], **changes), *contents.documents[1:]])


@pytest.mark.parametrize(
    "change",
    [
        lambda c: changed_document(c, text=c.documents[0].text + " "),
        lambda c: changed_document(c, sha256="0" * 64),
        lambda c: changed_document(c, meta=replace(c.documents[0].meta, themes=("Zorg Werk",))),
        lambda c: changed_document(c, blocks=(Block(0, 4, "heading", level=2),)),
        lambda c: changed_document(c, boxes=c.documents[0].boxes[1:]),
        lambda c: replace(c, passages=[replace(c.passages[0], page=9), *c.passages[1:]]),
        lambda c: replace(c, questions=[*c.questions, Question("doc-000", "Nog iets?", None)]),
        lambda c: replace(c, rejected=[Rejected("leeg.pdf", "damaged", "leeg.pdf is beschadigd.")]),
    ],
)
def test_the_id_follows_what_is_said(corpus, change):
    contents, vectors = corpus("zorg")
    assert snapshot_id(change(contents), vectors, "a", "e") != snapshot_id(contents, vectors, "a", "e")


def test_the_id_follows_vectors_and_models(corpus):
    contents, vectors = corpus("zorg")
    ids = {
        snapshot_id(contents, vectors, "a", "e"),
        snapshot_id(contents, np.nextafter(vectors, np.float32(1)), "a", "e"),
        snapshot_id(contents, vectors, "a2", "e"),
        snapshot_id(contents, vectors, "a", "e2"),
    }
    assert len(ids) == 4


def test_passages_in_another_order_are_refused(store, corpus, build):
    """The lexical index is written by the caller: its rows would be those of other passages."""
    with pytest.raises(ValueError, match="arranged"):
        build(store, *shuffled(*corpus("zorg"), 2))
    assert not store.exists()


@pytest.mark.parametrize("count", [5, 7])
def test_vectors_that_are_too_few_or_too_many_are_refused(store, corpus, build, count):
    contents, vectors = corpus("zorg")
    with pytest.raises(ValueError, match=f"6 passages need as many vectors, found {count}"):
        build(store, contents, np.resize(vectors, (count, 16)))


def test_what_is_kept_and_sound_is_not_built_again(store, corpus, build):
    first = build(store, *corpus("zorg"))

    def never(folder):
        raise AssertionError("built again")

    assert build(store, *corpus("zorg"), write_lexical=never, prove=never) == first


def test_a_corpus_of_nothing_is_a_snapshot_too(store, corpus, build):
    contents, vectors = corpus("zorg", 0)
    manifest = build(store, contents, vectors)
    assert manifest.counts["documents"] == 0
    with open_chroma(store / "snapshots" / manifest.id / "chroma") as dense:
        assert dense.query(np.ones(16, dtype=np.float32) / 4, 3) == []


def test_what_fails_the_proof_is_not_kept(store, publish, corpus, build):
    old = publish("zorg")
    fault = Fault("chroma", "vindt 1 van 6 vectoren niet terug", derived=True)
    with pytest.raises(StoreDamaged, match=r"doorstaat het bewijs niet.*chroma vindt 1 van 6"):
        build(store, *corpus("werk"), prove=lambda folder: [fault])
    assert [p.name for p in (store / "snapshots").iterdir()] == [old]


def test_nothing_gets_its_name_before_it_is_on_the_disk(store, publish, monkeypatch):
    """A killed process leaves the system's buffers; only the order of syncs tells what a power cut would leave."""
    synced, moved = set(), []

    def fsync(descriptor):
        synced.add(os.readlink(f"/proc/self/fd/{descriptor}"))

    def move(source, target):
        moved.append((target.name, {str(p) for p in (source, *source.rglob("*"))} - synced))
        synced.discard(str(target.parent))
        os.replace(source, target)

    monkeypatch.setattr(files, "os", Replaced(fsync=fsync, replace=move))
    name = publish("zorg")
    assert moved == [(name, set()), ("HISTORY.jsonl", set()), ("CURRENT", set())]
    assert {str(store), str(store / "snapshots"), str(store.parent)} <= synced


# One builder at a time


def test_a_second_process_is_refused_at_once(store, publish, corpus, build_light, root):
    old = publish("zorg")
    hold = "import sys; from pathlib import Path; from ingest.files import lock\nwith lock(Path(sys.argv[1])): print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(store)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        for change in (
            lambda: build_light(store, *corpus("werk")),
            lambda: snapshot.publish(store, old),
            lambda: snapshot.rollback(store),
            lambda: snapshot.prune(store),
            lambda: snapshot.repair(store, old, lambda folder: None),
        ):
            with pytest.raises(StoreBusy, match="Een andere opdracht werkt aan"):
                change()
        assert snapshot.current(store) == old
        holder.kill()
    assert build_light(store, *corpus("werk")).id != old


def test_a_second_thread_is_refused_and_the_holder_goes_on(store, corpus, build_light):
    refused = []

    def second():
        try:
            snapshot.prune(store)
        except StoreBusy as error:
            refused.append(error)

    with files.lock(store):
        thread = Thread(target=second)
        thread.start()
        thread.join()
        made = build_light(store, *corpus("zorg"))
        snapshot.publish(store, made.id)
    assert len(refused) == 1
    assert snapshot.current(store) == made.id


# Places that are no store


def test_a_file_is_no_store(tmp_path, corpus, build):
    place = tmp_path / "store"
    place.write_text("x")
    for use in (
        lambda: build(place, *corpus("zorg")),
        lambda: build(place / "below", *corpus("zorg")),
        lambda: snapshot.current(place),
        lambda: snapshot.prune(place),
    ):
        with pytest.raises(StoreDamaged, match="is een bestand, geen map"):
            use()


def test_a_place_without_permission_is_named(store, corpus, build, monkeypatch):
    def refuse(path, *rest):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "os", Replaced(mkdir=refuse))
    with pytest.raises(StoreDamaged, match=r"is niet schrijfbaar of niet leesbaar.*--store"):
        build(store, *corpus("zorg"))


class Replaced:
    """The module `os` with some functions replaced."""

    def __init__(self, **replaced):
        self.replaced = replaced

    def __getattr__(self, name):
        return self.replaced.get(name) or getattr(os, name)
