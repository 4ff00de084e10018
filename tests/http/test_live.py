"""The open corpus: swapped when another is published, kept when the new one cannot be opened."""

import threading
from contextlib import contextmanager

import pytest

from api.live import RETRY_SECONDS, Live, NotReady


@pytest.fixture
def clock():
    """A clock that a test moves: `clock.append(seconds)`."""
    return [0.0]


@pytest.fixture
def live(world, clock):
    with Live(world.store, world.load, world.opener, lambda: sum(clock)) as made:
        yield made


def versions(live):
    with live.corpus() as corpus:
        return corpus.version


def test_nothing_published_then_something(world, live, written):
    with pytest.raises(NotReady, match="wijzer ingest"), live.corpus():
        pass
    world.publish("v1", written())
    assert versions(live) == "v1"


def test_a_snapshot_is_opened_once_and_so_is_the_model(world, live, written):
    world.publish("v1", written())
    assert [versions(live) for _ in range(3)] == ["v1"] * 3
    world.publish("v2", written())
    assert versions(live) == "v2"
    assert [c.version for c in world.opened] == ["v1", "v2"]
    assert world.loads == 1


def test_a_request_in_flight_keeps_its_corpus_until_the_last_is_done(world, live, written):
    world.publish("v1", written())
    with live.corpus() as first:
        with live.corpus() as beside:
            world.publish("v2", written())
            assert versions(live) == "v2"
            assert first is beside
        assert not first.closed
        assert first.document("nota")
    assert first.closed
    assert not world.opened[1].closed


def test_others_go_on_with_the_old_one_while_the_new_one_is_opened(world, written):
    opening, go_on, seen = threading.Event(), threading.Event(), []

    @contextmanager
    def slow(store, embedder):
        with world.opener(store, embedder) as corpus:
            if corpus.version == "v2":
                opening.set()
                assert go_on.wait(30)
            yield corpus

    world.publish("v1", written())
    with Live(world.store, world.load, slow) as live:
        world.publish("v2", written())
        first = threading.Thread(target=lambda: seen.append(versions(live)))
        first.start()
        assert opening.wait(30)
        meanwhile = versions(live)
        go_on.set()
        first.join(30)
    assert (meanwhile, seen) == ("v1", ["v2"])
    assert [c.closed for c in world.opened] == [True, True]


def test_who_comes_while_the_first_one_is_opened_waits_for_it(world, written):
    opening, go_on, seen = threading.Event(), threading.Event(), []

    @contextmanager
    def slow(store, embedder):
        with world.opener(store, embedder) as corpus:
            opening.set()
            assert go_on.wait(30)
            yield corpus

    with Live(world.store, world.load, slow) as live:
        world.publish("v1", written())
        threads = [threading.Thread(target=lambda: seen.append(versions(live))) for _ in range(3)]
        threads[0].start()
        assert opening.wait(30)
        for thread in threads[1:]:
            thread.start()
        go_on.set()
        for thread in threads:
            thread.join(30)
    assert seen == ["v1"] * 3
    assert len(world.opened) == 1


def test_a_damaged_snapshot_leaves_the_old_one_answering(world, live, written, caplog):
    world.publish("v1", written())
    versions(live)
    world.broken.add("v2")
    world.publish("v2", written())
    assert versions(live) == "v1"
    assert "v2 is beschadigd" in caplog.text
    world.publish("v3", written())
    assert versions(live) == "v3"


def test_a_snapshot_that_was_mended_is_tried_again_after_a_while(world, live, written, clock):
    world.broken.add("v1")
    world.publish("v1", written())
    with pytest.raises(NotReady, match="v1 is beschadigd"):
        versions(live)
    world.broken.clear()
    with pytest.raises(NotReady):
        versions(live)
    clock.append(RETRY_SECONDS)
    assert versions(live) == "v1"


def test_a_withdrawn_pointer_leaves_the_old_one_answering(world, live, written):
    world.publish("v1", written())
    versions(live)
    (world.store / "CURRENT").unlink()
    assert versions(live) == "v1"


def test_what_is_unforeseen_is_told_without_its_details(world, written, caplog):
    def no_model():
        raise RuntimeError("geheim detail")

    world.publish("v1", written())
    with Live(world.store, no_model, world.opener) as live, pytest.raises(NotReady) as told, live.corpus():
        pass
    assert "geheim" not in str(told.value)
    assert "geheim detail" in caplog.text


def test_everything_is_closed_at_the_end(world, written):
    world.publish("v1", written())
    with Live(world.store, world.load, world.opener) as live:
        versions(live)
    assert [c.closed for c in world.opened] == [True]


def test_a_swap_is_seen_through_the_routes(client_for, world, written):
    client = client_for(written("oud", "De premie."))
    assert client.post("/v1/ask", json={"question": "premie"}).json()["corpus_version"] == "v1"
    world.publish("v2", written("nieuw", "De premie."))
    body = client.post("/v1/ask", json={"question": "premie"}).json()
    assert (body["corpus_version"], body["citations"][0]["document_id"]) == ("v2", "nieuw")
    assert client.get("/v1/documents/oud").status_code == 404
