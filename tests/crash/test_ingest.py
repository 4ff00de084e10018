"""An ingest that is killed, interrupted or runs out of room: what was published answers on, a rerun completes."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import snapshot

SEED = 7
KILLS = 8

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documenten"
    made.mkdir()
    for n in range(12):
        lines = "\n\n".join(
            f"Maatregel {n} kreeg in jaar {k} een premie van {k * 37 + n} euro." for k in range(60)
        )
        (made / f"nota-{n}.md").write_text(f"# Nota {n}\n\n{lines}\n", encoding="utf-8")
    return made


@pytest.fixture
def start(root: Path, folder: Path, tmp_path: Path) -> Start:
    def start(limit: int | None = None) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", "from api.cli import main; main()", "ingest", str(folder)]

        def limited() -> None:
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [*command, "--store", str(tmp_path / "store")],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=limited,
        )

    return start


def finish(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def change(folder: Path) -> None:
    with (folder / "nota-0.md").open("a", encoding="utf-8") as file:
        file.write("\nEr kwam een zin bij.\n")


def sound(store: Path) -> str:
    name = snapshot.current(store)
    assert name is not None
    assert snapshot.verify(store, name) == []
    return name


def test_killed_at_any_moment_the_published_snapshot_stays_and_a_rerun_completes(
    start: Start, folder: Path, tmp_path: Path
):
    store = tmp_path / "store"
    started = time.monotonic()
    assert finish(start())[0] == 0
    whole = time.monotonic() - started
    before = sound(store)
    change(folder)
    chance = random.Random(SEED)
    for _ in range(KILLS):
        process = start()
        time.sleep(chance.uniform(0.1, 0.9) * whole)
        os.killpg(process.pid, signal.SIGKILL)
        finish(process)
        assert sound(store) in (before, snapshot.current(store))
    status, _, err = finish(start())
    assert status == 0, err
    after = sound(store)
    assert after != before
    assert not list((store / "snapshots").glob("building-*"))


def reading(process: "subprocess.Popen[str]", store: Path) -> bool:
    """Whether a process that reads files was started."""
    return bool(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())


def building(process: "subprocess.Popen[str]", store: Path) -> bool:
    """Whether a snapshot is being made."""
    return bool(list((store / "snapshots").glob("building-*")))


@pytest.mark.parametrize("begun", [reading, building])
def test_interrupted_it_says_so_and_loses_nothing(
    start: Start, folder: Path, tmp_path: Path, begun: Callable[..., bool]
):
    store = tmp_path / "store"
    assert finish(start())[0] == 0
    before = sound(store)
    change(folder)
    process = start()
    while process.poll() is None and not begun(process, store):
        time.sleep(0.005)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    status, _, err = finish(process)
    assert sound(store) == before or status == 0
    assert status == 0 or "Onderbroken" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("limit", [2_000, 20_000, 200_000])
def test_without_room_on_the_disk_it_says_so_and_the_published_snapshot_stays(
    start: Start, folder: Path, tmp_path: Path, limit: int
):
    assert finish(start())[0] == 0
    before = sound(tmp_path / "store")
    change(folder)
    status, _, err = finish(start(limit))
    assert status == 1
    assert "Traceback" not in err
    assert "opnieuw" in err
    assert sound(tmp_path / "store") == before
    assert finish(start())[0] == 0
    assert sound(tmp_path / "store") != before


def test_a_second_builder_is_refused_at_once(start: Start, tmp_path: Path):
    from ingest.files import lock

    with lock(tmp_path / "store"):
        status, _, err = finish(start())
    assert status == 75
    assert "Een andere opdracht" in err
