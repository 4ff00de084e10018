"""One snapshot is the published one, there is a way back, and the rest is cleared away."""

import json
import shutil

import pytest

from ingest import StoreDamaged, snapshot


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
