"""A batch of memos that is killed goes on where it stopped: nothing is half, nothing is taken for someone's edit."""

import hashlib
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SEED = 11
KILLS = 10
CHANGED = {"zorg-0", "zorg-1"}


def batch(root: Path, place: Path, version: str, at: int = 0) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        str(root / "tests" / "crash" / "memo_batch.py"),
        str(place / "memos"),
        str(place / "log"),
    ]
    return subprocess.run(
        [*command, version, str(at)], cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True
    )


def files_in(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / "memos").iterdir() if path.is_file()}


def composed(place: Path) -> Counter[str]:
    log = place / "log"
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def assert_the_state_tells_the_files(place: Path) -> None:
    state = json.loads((place / "memos" / ".wijzer" / "state.json").read_text())
    for kept in state["memos"].values():
        assert kept["pending"] == {}
        for name, sha256 in kept["files"].items():
            assert hashlib.sha256((place / "memos" / name).read_bytes()).hexdigest() == sha256


@pytest.fixture(scope="module")
def whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """Two runs that nothing disturbs, the second on another version, and how many file operations each took."""
    place = tmp_path_factory.mktemp("whole")
    first, second = batch(root, place, "v1"), batch(root, place, "v2")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    return place, int(first.stdout), int(second.stdout)


@pytest.mark.parametrize("kill", range(KILLS))
def test_a_killed_batch_goes_on(whole: tuple[Path, int, int], root: Path, tmp_path: Path, kill: int):
    expected, first, second = whole
    chance = random.Random(SEED * KILLS + kill)
    assert batch(root, tmp_path, "v1", chance.randint(1, first)).returncode == -signal.SIGKILL
    done = composed(tmp_path)
    again = batch(root, tmp_path, "v1")
    assert again.returncode == 0, again.stderr
    assert_the_state_tells_the_files(tmp_path)
    assert sum(composed(tmp_path).values()) <= 6 + 1, "only the memo in hand may be made twice"
    assert set(composed(tmp_path)) == {f"zorg-{n}" for n in range(6)} >= set(done)

    (tmp_path / "log").unlink()
    assert batch(root, tmp_path, "v2", chance.randint(1, second)).returncode == -signal.SIGKILL
    again = batch(root, tmp_path, "v2")
    assert again.returncode == 0, again.stderr
    assert_the_state_tells_the_files(tmp_path)
    assert set(composed(tmp_path)) == CHANGED
    assert sum(composed(tmp_path).values()) <= len(CHANGED) + 1
    assert files_in(tmp_path) == files_in(expected), "the comparisons too, and nothing beside"


def test_a_memo_that_kills_its_process_is_the_only_one_to_fail(sample_store: Path, root: Path):
    command = [
        sys.executable,
        str(root / "tests" / "crash" / "memo_workers.py"),
        str(sample_store),
        "2",
    ]
    done = subprocess.run(
        command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    told = {f"zorg-{n} {'mislukt' if n == 3 else 'gemaakt'}" for n in range(6)}
    assert Counter(done.stdout.splitlines()) == Counter(told)
