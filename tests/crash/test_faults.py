"""Whatever fails while a snapshot is built and published, the old one or the new one is served and a rerun mends it."""

import json
import random
import subprocess
import sys
import time

import pytest

from ingest import snapshot
from ingest.proof import prove

SEED = 7


@pytest.fixture
def faultfs(root):
    """`faultfs(...)`: runs `faultfs.py`, in its own process."""

    def run(*args):
        command = [sys.executable, str(root / "tests" / "crash" / "faultfs.py"), *map(str, args)]
        return subprocess.Popen(
            command,
            cwd=root,
            env={"PYTHONPATH": str(root)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return run


@pytest.fixture
def campaign(faultfs, tmp_path):
    """`campaign(change, kind, defect)`: one case for each operation that was made to fail."""

    def run(change, kind, *defect):
        out, err = faultfs("campaign", change, kind, tmp_path, *defect).communicate()
        assert not err
        return [json.loads(line) for line in out.splitlines()]

    return run


@pytest.mark.parametrize(
    ("kind", "ending"), [("EIO", "StoreDamaged"), ("ENOSPC", "StoreDamaged"), ("kill", "killed")]
)
@pytest.mark.parametrize(("change", "least"), [("ingest", 50), ("repair", 25), ("rebuild", 25)])
def test_a_fault_at_every_file_operation(campaign, change, least, kind, ending):
    cases = campaign(change, kind)
    assert [case["at"] for case in cases] == list(range(1, len(cases) + 1))
    assert len(cases) >= least
    assert [case for case in cases if case["problem"]] == []
    assert {case["ended"] for case in cases} == {ending}


@pytest.mark.parametrize(("kind", "defect"), [("kill", "hasty"), ("EIO", "in_place")])
def test_the_campaign_finds_a_planted_defect(campaign, kind, defect):
    cases = campaign("ingest", kind, defect)
    assert any("wijst naar een publicatie die er niet is" in (case["problem"] or "") for case in cases)


def test_a_full_disk_and_space_again(faultfs, tmp_path):
    """A limit on the size of a file stands in for the disk: reached in the catalog, then in Chroma."""
    store = tmp_path / "store"
    old = faultfs("build", store, "eerste").communicate()[0].strip()
    for size in (50_000, 300_000):
        process = faultfs("build", store, "derde", size)
        _, message = process.communicate()
        assert (process.returncode, "Maak plaats op de schijf" in message) == (1, True), message
        assert snapshot.current(store) == old
        assert snapshot.verify(store, old) == []
        assert [p.name for p in (store / "snapshots").iterdir()] == [old]
    new = faultfs("build", store, "derde").communicate()[0].strip()
    assert snapshot.current(store) == new != old
    assert prove(store / "snapshots" / new) == []


def test_killed_at_any_moment_of_a_real_build(faultfs, tmp_path):
    store = tmp_path / "store"
    started = time.monotonic()
    old = faultfs("build", store, "eerste").communicate()[0].strip()
    undisturbed = time.monotonic() - started
    dice = random.Random(SEED)
    for _ in range(4):
        process = faultfs("build", store, "derde")
        time.sleep(dice.uniform(0.1, 1.0) * undisturbed)
        process.kill()
        process.communicate()
        now = snapshot.current(store)
        assert snapshot.verify(store, now) == []
        assert now == old or len(snapshot.snapshots(store)) == 2
    new = faultfs("build", store, "derde").communicate()[0].strip()
    assert snapshot.current(store) == new != old
    assert prove(store / "snapshots" / new) == []
    assert len(list((store / "snapshots").iterdir())) == 2
