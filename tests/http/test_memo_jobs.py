"""Memos as jobs over HTTP: asked for, followed, cancelled, bounded, and gone on with after a restart."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from answer.memo_records import Memo, NotFound, PromiseRow
from api.live import NotReady
from api.memos.batch_records import Composer
from api.memos.jobs import MOST_KEPT, Jobs
from api.problem import tell_problems
from api.v1 import memos
from ingest import files
from ingest.records import Commitment

NAMES = ("wonen-1.1", "wonen-1.2", "zorg-1.2")


@dataclass
class World:
    """A corpus of three sections, a composer that waits at a gate, and what it made."""

    version: str = "v1"
    names: tuple[str, ...] = NAMES
    composed: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    failing: str | None = None
    is_open: bool = True

    @contextmanager
    def corpus(self) -> Iterator["World"]:
        if not self.is_open:
            raise NotReady("Er is nog geen corpus.")
        yield self

    def commitments(self) -> tuple[Commitment, ...]:
        return tuple(
            Commitment(n, "akkoord", n.split("-")[0].title(), (n, f"{n.split('-')[1]} Kop {n}"), 0, 5, ())
            for n in self.names
        )

    def memo(self, _: object, one: Commitment) -> Memo:
        self.started.set()
        assert self.gate.wait(10), "nobody opened the gate"
        if one.id == self.failing:
            raise ValueError("onleesbaar")
        self.composed.append(one.id)
        row = PromiseRow(0, 5, "Belofte.", "niet_gevonden", None, None, ())
        return Memo(
            one.id, "akkoord", one.domain, one.path, one.id, "Tekst.", (), (), (row,), (), (NotFound("Belofte.", "overal"),),
            (), (), self.version, "extractive", "0" * 64, one.id, "2024-05-06",
        )  # fmt: skip

    def composer(self, *_: object) -> Composer:
        formats = {"md": lambda memo: memo.title.encode(), "docx": lambda memo: b"PK" + memo.title.encode()}
        return Composer(self.memo, lambda _, one: one.id, formats, lambda old, new: ((), {}))

    async def run(self, job: Callable) -> object:
        return job(self)


class Service:
    """What the routes need of `api.service.Service`."""

    def __init__(self, world: World, store: Path) -> None:
        self.live, self.store, self.run = world, store, world.run


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def serve(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], TestClient]]:
    """`serve()` starts the server on the same store; `serve.stop()` ends it."""
    monkeypatch.setattr(memos, "composer", world.composer)
    with ExitStack() as stack:

        def start() -> TestClient:
            app = FastAPI(openapi_url=None)
            app.state.service = Service(world, tmp_path)
            app.include_router(memos.routes)
            tell_problems(app)
            return stack.enter_context(TestClient(app, base_url="http://localhost"))

        yield start
        world.gate.set()


def until(client: TestClient, address: str, *steps: str) -> dict:
    """The job once it is in one of these steps."""
    waiting = threading.Event()
    for _ in range(500):
        found = client.get(address).json()
        if found["status"] in steps:
            return found
        waiting.wait(0.01)
    raise AssertionError(f"the job is still {found}")


def test_a_job_is_followed_to_its_files(world: World, serve: Callable):
    client = serve()
    asked = client.post("/v1/memos", json={"domain": ["wonen"], "formats": ["md", "docx"]})
    assert asked.status_code == 202
    address = asked.headers["location"]
    world.started.wait(10)
    running = client.get(address).json()
    assert (running["status"], running["total"], running["ready"], running["remaining"]) == (
        "running",
        2,
        0,
        2,
    )
    assert running["memos"] == []
    world.gate.set()
    done = until(client, address, "done")
    assert (done["ready"], done["remaining"], done["failures"], done["corpus_version"]) == (2, 0, [], "v1")
    fetched = client.get("/v1/memos/wonen-1.2.docx")
    assert fetched.content == b"PKwonen-1.2"
    assert "wordprocessingml" in fetched.headers["content-type"]
    assert fetched.headers["content-disposition"] == 'attachment; filename="wonen-1.2.docx"'
    assert all(client.get(memo).status_code == 200 for memo in done["memos"])
    assert len(done["memos"]) == 4


def test_a_memo_that_fails_is_told_and_the_rest_are_made(world: World, serve: Callable):
    world.gate.set()
    world.failing = "wonen-1.2"
    client = serve()
    done = until(
        client, client.post("/v1/memos", json={"all": True, "formats": ["md"]}).headers["location"], "done"
    )
    assert done["failures"] == [{"name": "wonen-1.2", "reason": "ValueError: onleesbaar"}]
    assert (done["ready"], done["remaining"]) == (2, 0)
    assert done["memos"] == ["/v1/memos/wonen-1.1.md", "/v1/memos/zorg-1.2.md"]


def test_a_memo_that_is_there_is_not_made_twice(world: World, serve: Callable):
    world.gate.set()
    client = serve()
    for _ in range(2):
        body = {"sections": ["zorg-1.2"], "formats": ["md"]}
        assert until(client, client.post("/v1/memos", json=body).headers["location"], "done")["ready"] == 1
    assert world.composed == ["zorg-1.2"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Geef sections of domain, of all: true."),
        ({"all": True, "sections": ["1.1"]}, "Geef sections of domain, of all: true."),
        ({"sections": ["1.2"]}, "past bij 2 secties"),
        ({"sections": ["9.9"]}, "het dichtst in de buurt"),
        ({"all": True, "formats": ["pdf"]}, "formats"),
        ({"all": True, "formats": []}, "formats"),
        ({"sections": "1.1"}, "sections"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(serve: Callable, body: dict, said: str):
    response = serve().post("/v1/memos", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_the_queue_is_bounded(world: World, serve: Callable):
    client = serve()
    body = {"sections": ["zorg-1.2"], "formats": ["md"]}
    client.post("/v1/memos", json=body)
    world.started.wait(10)
    answers = [client.post("/v1/memos", json=body) for _ in range(9)]
    assert [a.status_code for a in answers] == [202] * 8 + [429]
    assert answers[-1].headers["retry-after"] == "30"
    assert client.get(answers[0].headers["location"]).json()["status"] == "queued"


def test_a_job_is_cancelled_after_the_memo_in_hand(world: World, serve: Callable):
    client = serve()
    address = client.post("/v1/memos", json={"all": True, "formats": ["md"]}).headers["location"]
    world.started.wait(10)
    assert client.delete(address).json()["status"] == "cancelled"
    world.gate.set()
    after = {"sections": ["zorg-1.2"], "formats": ["md"]}
    until(client, client.post("/v1/memos", json=after).headers["location"], "done")
    assert client.delete(address).json()["status"] == "cancelled"
    assert "wonen-1.2" not in world.composed


def test_a_cancelled_job_that_is_still_in_hand_is_not_forgotten(world: World, tmp_path: Path):
    with Jobs(tmp_path, world.corpus, world.composer) as jobs:
        first = jobs.submit(["zorg-1.2"], ["md"])
        world.started.wait(10)
        jobs.cancel(first.id)
        for _ in range(MOST_KEPT + 2):
            jobs.cancel(jobs.submit(["zorg-1.2"], ["md"]).id)
        world.gate.set()
        after = jobs.submit(["wonen-1.1"], ["md"])
        waiting = threading.Event()
        for _ in range(500):
            if jobs.find(after.id).is_over:
                break
            waiting.wait(0.01)
        assert jobs.find(after.id).step == "done"


@pytest.mark.parametrize(("method", "address"), [("GET", "/v1/memos/zorg-1.2.md"), ("DELETE", "{job}")])
def test_a_folder_that_is_damaged_later_is_a_problem(
    world: World, serve: Callable, tmp_path: Path, method: str, address: str
):
    client = serve()
    job = client.post("/v1/memos", json={"sections": ["zorg-1.2"], "formats": ["md"]}).headers["location"]
    world.started.wait(10)
    state = tmp_path / "memos" / "files" / ".wijzer" / "state.json"
    state.write_text("{")
    records = tmp_path / "memos" / "jobs"
    records.rename(tmp_path / "memos" / "elders")
    records.write_text("geen map")
    response = client.request(method, address.format(job=job))
    assert response.status_code == 503
    assert str(tmp_path) not in response.text


def test_a_job_outlives_a_restart(world: World, tmp_path: Path):
    address = ""

    def jobs() -> Jobs:
        return Jobs(tmp_path, world.corpus, world.composer)

    with jobs() as before:
        address = before.submit(NAMES, ["md"]).id
        queued = before.submit(["zorg-1.2"], ["md"]).id
        world.started.wait(10)
        threading.Timer(0.2, world.gate.set).start()
    kept = json.loads((tmp_path / "memos" / "jobs" / f"{address}.json").read_text())
    assert kept["step"] == "running"
    made = len(world.composed)
    assert made < len(NAMES)
    with jobs() as after:
        waiting = threading.Event()
        while not (after.find(queued) or pytest.fail("lost")).is_over:
            waiting.wait(0.01)
        assert after.find(address).step == "done"
        assert after.find(address).ready == len(NAMES)
    assert len(world.composed) <= len(NAMES) + 1


def test_what_a_server_left_behind_in_half_is_passed_over(world: World, tmp_path: Path):
    records = tmp_path / "memos" / "jobs"
    records.mkdir(parents=True)
    (records / "0123456789abcdef.json").write_text("{")
    (records / "0123456789abcdef.tmp").write_text("{")
    world.gate.set()
    with Jobs(tmp_path, world.corpus, world.composer) as jobs:
        job = jobs.submit(["zorg-1.2"], ["md"])
        waiting = threading.Event()
        while not jobs.find(job.id).is_over:
            waiting.wait(0.01)
    assert world.composed == ["zorg-1.2"]


def test_a_section_that_went_is_a_failure_of_that_memo(world: World, tmp_path: Path):
    world.gate.set()
    with Jobs(tmp_path, world.corpus, world.composer) as jobs:
        job = jobs.submit(["weg-1", "zorg-1.2"], ["md"])
        waiting = threading.Event()
        while not jobs.find(job.id).is_over:
            waiting.wait(0.01)
        found = jobs.find(job.id)
    assert (found.step, found.ready, found.remaining) == ("done", 1, 0)
    assert [one.name for one in found.failures] == ["weg-1"]


def test_without_a_corpus_a_job_fails_and_the_next_one_runs(world: World, tmp_path: Path):
    world.gate.set()
    world.is_open = False
    with Jobs(tmp_path, world.corpus, world.composer) as jobs:
        waiting = threading.Event()
        first = jobs.submit(["zorg-1.2"], ["md"])
        while not jobs.find(first.id).is_over:
            waiting.wait(0.01)
        assert (jobs.find(first.id).step, jobs.find(first.id).message) == ("failed", "Er is nog geen corpus.")
        world.is_open = True
        second = jobs.submit(["zorg-1.2"], ["md"])
        while not jobs.find(second.id).is_over:
            waiting.wait(0.01)
        assert jobs.find(second.id).step == "done"


@pytest.mark.parametrize(
    "address",
    [
        "/v1/memos/jobs/0123456789abcdef",
        "/v1/memos/wonen-1.1.md",
        "/v1/memos/..%2f..%2fCURRENT.md",
        "/v1/memos/zorg-1.2.py",
    ],
)
def test_what_is_not_there_is_a_problem(serve: Callable, address: str):
    response = serve().get(address)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_full_disk_refuses_a_job_and_tells_no_path(
    world: World, serve: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    client = serve()
    with monkeypatch.context() as patched:
        patched.setattr(files, "write_bytes", full)
        response = client.post("/v1/memos", json={"sections": ["zorg-1.2"], "formats": ["md"]})
    assert response.status_code == 503
    assert str(tmp_path) not in response.text
    world.gate.set()
    after = client.post("/v1/memos", json={"sections": ["zorg-1.2"], "formats": ["md"]})
    assert until(client, after.headers["location"], "done")["ready"] == 1


def test_a_folder_that_cannot_be_used_fails_the_job_and_tells_no_path(
    world: World, serve: Callable, tmp_path: Path
):
    world.gate.set()
    client = serve()
    state = tmp_path / "memos" / "files" / ".wijzer" / "state.json"
    state.parent.mkdir(parents=True)
    state.write_text("{")
    asked = client.post("/v1/memos", json={"sections": ["zorg-1.2"], "formats": ["md"]})
    failed = until(client, asked.headers["location"], "failed")
    assert "logboek" in failed["message"]
    assert str(tmp_path) not in failed["message"]
