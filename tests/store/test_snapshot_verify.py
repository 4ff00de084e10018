"""Damage is named, whatever and wherever it is; what can be rebuilt is rebuilt."""

import json
import shutil

import pytest

from ingest import StoreDamaged, snapshot
from ingest.proof import prove
from ingest.snapshot_manifest import Fault


def part_of(folder, pattern):
    """The largest file that matches: the one that holds the data."""
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


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
