"""Snapshots are built aside, proved, published at once, verified, mended and rolled back."""

import json
import os
import random
import shutil
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
from ingest.proof import prove
from ingest.records import Block, Question, Rejected
from ingest.snapshot_manifest import Fault, arranged, snapshot_id


@pytest.fixture
def store(tmp_path):
    return tmp_path / "var" / "store"


@pytest.fixture
def publish(store, corpus, build_light):
    """`publish(word)`: build and publish a corpus; gives its id."""

    def published(word):
        made = build_light(store, *corpus(word))
        snapshot.publish(store, made.id)
        return made.id

    return published


@pytest.fixture
def publish_whole(store, corpus, build):
    """`publish`, with real indexes."""

    def published(word):
        made = build(store, *corpus(word))
        snapshot.publish(store, made.id)
        return made.id

    return published


def shuffled(contents, vectors, seed):
    dice = random.Random(seed)
    order = dice.sample(range(len(contents.passages)), len(contents.passages))
    return replace(
        contents,
        documents=dice.sample(contents.documents, len(contents.documents)),
        passages=[contents.passages[i] for i in order],
        questions=contents.questions[::-1],
    ), vectors[order]


def part_of(folder, pattern):
    """The largest file that matches: the one that holds the data."""
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


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


# Publishing


def test_published_current_and_listed(store, publish):
    first, second = publish("zorg"), publish("werk")
    assert snapshot.current(store) == second
    assert snapshot.published(store) == store / "snapshots" / second
    found = snapshot.snapshots(store)
    assert [(info.id, info.is_current) for info in found] == [(first, False), (second, True)]
    assert all(info.counts["passages"] == 6 and info.size > 1_000 and info.created for info in found)


def test_rollback_goes_back_one_publication_at_a_time(store, publish):
    first, second, third = publish("zorg"), publish("werk"), publish("wonen")
    assert snapshot.rollback(store) == second == snapshot.current(store)
    assert snapshot.rollback(store) == first == snapshot.current(store)
    with pytest.raises(StoreDamaged, match="geen eerdere publicatie"):
        snapshot.rollback(store)
    snapshot.publish(store, third)
    assert snapshot.rollback(store) == first


def test_rollback_passes_over_what_is_no_longer_kept(store, publish):
    first, second = publish("zorg"), publish("werk")
    publish("wonen")
    shutil.rmtree(store / "snapshots" / second)
    assert snapshot.rollback(store) == first


def test_publishing_the_same_again_is_no_step_to_go_back_to(store, publish):
    first, second = publish("zorg"), publish("werk")
    snapshot.publish(store, second)
    assert snapshot.rollback(store) == first


def test_a_publication_that_died_before_the_pointer_does_not_count(store, publish):
    first, _ = publish("zorg"), publish("werk")
    third = publish("wonen")
    snapshot.rollback(store)
    line = json.dumps({"id": third, "kind": "publish", "at": "2026-01-01T00:00:00+00:00"})
    with (store / "HISTORY.jsonl").open("a") as history:
        history.write(line + "\n")
    assert snapshot.rollback(store) == first


def test_history_is_read_around_a_line_that_is_none(store, publish):
    first, _ = publish("zorg"), publish("werk")
    history = store / "HISTORY.jsonl"
    history.write_bytes(b"\xff{\n" + history.read_bytes())
    assert snapshot.rollback(store) == first


def test_nothing_published_yet(store):
    assert snapshot.current(store) is None
    assert snapshot.snapshots(store) == []
    with pytest.raises(StoreDamaged, match="nog geen corpus gepubliceerd"):
        snapshot.published(store)


def test_an_unknown_id_is_not_published(store, publish):
    old = publish("zorg")
    for name in ("0" * 32, "../..", "building-1", ""):
        with pytest.raises(StoreDamaged, match="bewaart geen publicatie"):
            snapshot.publish(store, name)
    assert snapshot.current(store) == old


@pytest.mark.parametrize("pointer", ["f" * 32, "../elders", "", "\x00\xff"])
def test_a_pointer_that_leads_nowhere_is_said_and_mended(store, publish, pointer):
    old = publish("zorg")
    (store / "CURRENT").write_text(pointer)
    with pytest.raises(StoreDamaged, match=r"CURRENT wijst naar een publicatie die er niet is"):
        snapshot.current(store)
    assert [info.is_current for info in snapshot.snapshots(store)] == [False]
    snapshot.publish(store, old)
    assert snapshot.current(store) == old


def test_prune_keeps_the_published_one_and_the_way_back(store, publish, corpus, build_light):
    published = [publish(word) for word in ("zorg", "werk", "wonen", "milieu")]
    candidate = build_light(store, *corpus("onderwijs")).id
    (store / "snapshots" / "building-999999").mkdir()
    (store / "snapshots" / f"removed-{'0' * 32}").mkdir()
    assert set(snapshot.prune(store, keep=3)) == {published[0], candidate}
    assert {p.name for p in (store / "snapshots").iterdir()} == set(published[1:])
    assert snapshot.rollback(store) == published[2]
    assert snapshot.prune(store, keep=0) != []
    assert snapshot.current(store) == published[2]
    assert [info.id for info in snapshot.snapshots(store)] == [published[2]]


# Verifying


def damages(data):
    """What can happen to a file that holds something."""
    return {
        "cut to nothing": b"",
        "cut in half": data[: len(data) // 2],
        "cut at the end": data[: min(int(len(data) * 0.99), len(data) - 1)],
        "one bit": data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 1]) + data[len(data) // 3 + 1 :],
        "gone": None,
    }


def test_every_damage_to_every_file_is_named(store, publish_whole):
    name = publish_whole("zorg")
    folder = store / "snapshots" / name
    cases = missed = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        file, data = path.relative_to(folder).as_posix(), path.read_bytes()
        for damaged in damages(data).values() if data else [None, b"x"]:
            path.unlink(missing_ok=True)
            if damaged is not None:
                path.write_bytes(damaged)
            found = [(fault.file, fault.derived) for fault in snapshot.verify(store, name)]
            cases += 1
            missed += found != [(file, file.startswith(("lexical/", "chroma/")))]
        path.write_bytes(data)
    assert (missed, cases > 60) == (0, True)
    assert snapshot.verify(store, name) == []


def test_a_change_anywhere_in_the_manifest_is_seen(store, publish):
    name = publish("zorg")
    path = store / "snapshots" / name / "manifest.json"
    data = path.read_bytes()
    for at in range(0, len(data), 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ 2]) + data[at + 1 :])
        assert [fault.file for fault in snapshot.verify(store, name)] == ["manifest.json"], at


@pytest.mark.parametrize("file", ["catalog.sqlite", "vectors.npy", "manifest.json"])
def test_a_file_of_another_snapshot_is_named(store, publish, file):
    one, other = publish("zorg"), publish("werk")
    shutil.copy(store / "snapshots" / other / file, store / "snapshots" / one / file)
    assert [fault.file for fault in snapshot.verify(store, one)] == [file]


def test_a_file_too_many_in_an_index_is_named(store, publish):
    name = publish("zorg")
    (store / "snapshots" / name / "chroma" / "chroma.sqlite3-journal").write_bytes(b"x")
    assert snapshot.verify(store, name) == [
        Fault("chroma/chroma.sqlite3-journal", "hoort er niet bij", derived=True)
    ]


def test_damage_is_not_published(store, publish):
    old, new = publish("zorg"), publish("werk")
    (store / "snapshots" / old / "vectors.npy").write_bytes(b"")
    with pytest.raises(StoreDamaged, match=r"vectors\.npy is beschadigd"):
        snapshot.rollback(store)
    assert snapshot.current(store) == new


def test_a_newer_format_asks_for_a_newer_program(store, publish):
    folder = store / "snapshots" / publish("zorg")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99, "unheard": "of"}))
    with pytest.raises(StoreDamaged, match=r"nieuwere versie.*werk het programma bij"):
        snapshot.read_manifest(folder)
    assert [(info.counts, info.created) for info in snapshot.snapshots(store)] == [({}, "")]


# Mending


@pytest.mark.parametrize("pattern", ["chroma/*/data_level0.bin", "chroma/chroma.sqlite3", "lexical/*.store"])
def test_a_damaged_index_is_rebuilt(store, publish_whole, corpus, lexical_of, pattern):
    name = publish_whole("zorg")
    folder = store / "snapshots" / name
    part_of(folder, pattern).write_bytes(b"")
    mended = snapshot.repair(store, name, lexical_of(corpus("zorg")[0]), prove=prove)
    assert [fault.file.split("/")[0] for fault in mended] == [pattern.split("/")[0]]
    assert snapshot.verify(store, name) == []
    assert prove(folder) == []
    assert snapshot.current(store) == name
    assert [p.name for p in (store / "snapshots").iterdir()] == [name]


def test_both_indexes_lost_and_a_file_too_many(store, publish_whole, corpus, lexical_of):
    name = publish_whole("zorg")
    folder = store / "snapshots" / name
    shutil.rmtree(folder / "chroma")
    (folder / "lexical" / "vreemd").write_bytes(b"x")
    assert {fault.file.split("/")[0] for fault in snapshot.verify(store, name)} == {"chroma", "lexical"}
    snapshot.repair(store, name, lexical_of(corpus("zorg")[0]), prove=prove)
    assert snapshot.verify(store, name) == []
    assert prove(folder) == []


def test_a_sound_snapshot_is_left_alone(store, publish):
    name = publish("zorg")
    before = snapshot.read_manifest(store / "snapshots" / name)
    assert snapshot.repair(store, name, lambda folder: pytest.fail("rebuilt")) == []
    assert snapshot.read_manifest(store / "snapshots" / name) == before


@pytest.mark.parametrize("file", ["catalog.sqlite", "vectors.npy", "manifest.json"])
def test_what_the_indexes_come_from_is_not_rebuilt_but_built_anew(
    store, publish_whole, corpus, build, lexical_of, file
):
    name = publish_whole("zorg")
    (store / "snapshots" / name / file).write_bytes(b"x")
    with pytest.raises(StoreDamaged, match=rf"niet te herstellen: {file}.*wijzer ingest"):
        snapshot.repair(store, name, lexical_of(corpus("zorg")[0]))
    assert build(store, *corpus("zorg")).id == name
    assert snapshot.current(store) == name
    assert snapshot.verify(store, name) == []
    assert prove(store / "snapshots" / name) == []


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
