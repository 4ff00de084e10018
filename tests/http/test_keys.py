"""Keys on the disk and on the command line."""

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from api.access import keys as module
from api.access.keys import KEY, KeyRing, create_key, expiry, read_keys, revoke_key, steady_clock
from api.cli import app
from ingest import StoreDamaged

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "opslag" / "keys.json"


@pytest.fixture
def wijzer(path, monkeypatch):
    """Runs `wijzer keys ...` on the file: exit status, standard output, standard error."""
    monkeypatch.setenv("WIJZER_KEYS", str(path))

    def run(*arguments, status=0):
        result = CliRunner().invoke(app, ["keys", *arguments])
        assert result.exit_code == status, result.output
        return result

    return run


def test_a_key_has_its_form_and_the_file_holds_only_its_hash(path):
    key, secret = create_key(path, "Ann", ["begroting", "vraag"], NOW, NOW + timedelta(days=1))
    assert KEY.fullmatch(secret)
    assert (len(secret), secret[3:11]) == (55, key.id)
    assert secret[12:] not in path.read_text()
    assert read_keys(path) == (key,)
    assert key.scopes == ("vraag", "begroting")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


def test_ids_and_secrets_do_not_come_twice(path, monkeypatch):
    made = [create_key(path, "x", ["vraag"], NOW) for _ in range(20)]
    assert len({key.id for key, _ in made}) == len({secret for _, secret in made}) == 20
    ids = iter([made[0][0].id, made[1][0].id, "abcdef01"])
    monkeypatch.setattr(module.secrets, "token_hex", lambda _: next(ids))
    assert create_key(path, "x", ["vraag"], NOW)[0].id == "abcdef01"


def test_a_key_is_compared_in_constant_time_also_when_there_is_none(path, monkeypatch):
    _, secret = create_key(path, "x", ["vraag"], NOW)
    compared = []
    real = module.hmac.compare_digest
    monkeypatch.setattr(module.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    ring = KeyRing(path, lambda: NOW)
    for given in (secret, "bw_00000000_" + "A" * 43, "onzin", "\ud800", ""):
        ring.key_of(given)
    assert len(compared) == 5
    assert {len(a) for pair in compared for a in pair} == {64}


def test_revoking_twice_keeps_the_first_time_and_an_unknown_id_is_none(path):
    key, secret = create_key(path, "x", ["vraag"], NOW)
    revoke_key(path, key.id, NOW)
    assert revoke_key(path, key.id, NOW + timedelta(days=1)).revoked == NOW
    assert revoke_key(path, "00000000", NOW) is None
    assert KeyRing(path, lambda: NOW).key_of(secret) == "revoked"


def test_the_file_is_read_again_only_when_it_was_replaced(path, monkeypatch):
    key, secret = create_key(path, "x", ["vraag"], NOW)
    reads = []
    real = module._read
    monkeypatch.setattr(module, "_read", lambda p: reads.append(p) or real(p))
    ring = KeyRing(path, lambda: NOW)
    assert [ring.key_of(secret) == key for _ in range(3)] == [True] * 3
    assert len(reads) == 1
    path.write_text("{")
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="beschadigd"):
            ring.key_of(secret)


def test_several_processes_and_threads_lose_no_key(path, root):
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from api.access.keys import create_key\n"
        "[create_key(Path(sys.argv[1]), 'p', ['vraag'], datetime.now(UTC)) for _ in range(10)]"
    )
    env = {**os.environ, "PYTHONPATH": str(root)}
    others = [subprocess.Popen([sys.executable, "-c", code, str(path)], env=env) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: [create_key(path, "t", ["vraag"], NOW) for _ in range(10)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(60) for other in others] == [0, 0]
    assert len(read_keys(path)) == 40


@pytest.mark.parametrize("at", ["replace", "fsync"])
def test_a_write_that_fails_leaves_the_keys_as_they_were(path, monkeypatch, at):
    create_key(path, "x", ["vraag"], NOW)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, at, fail)
    with pytest.raises(StoreDamaged, match="vol"):
        create_key(path, "y", ["vraag"], NOW)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "x"}, {"scopes": ["alles"]}, {"scopes": None}, {"created": "gisteren"},
        {"expires": "2026-05-01T00:00:00"}, {"name": 1}, {"id": None, "sha256": None},
    ],
)  # fmt: skip
def test_a_damaged_row_closes_the_whole_file(path, change):
    create_key(path, "x", ["vraag"], NOW)
    held = json.loads(path.read_text())
    held["keys"][0] |= change
    path.write_text(json.dumps(held))
    with pytest.raises(StoreDamaged, match="reservekopie"):
        read_keys(path)


def test_a_clock_put_back_brings_no_key_to_life(monkeypatch):
    times = {"wall": 1_000_000.0, "steady": 50.0}
    monkeypatch.setattr(module.time, "time", lambda: times["wall"])
    monkeypatch.setattr(module.time, "monotonic", lambda: times["steady"])
    clock = steady_clock()
    times["steady"] += 60
    times["wall"] += 60 - 86_400
    assert clock().timestamp() == 1_000_060
    times["wall"] += 3 * 86_400
    assert clock().timestamp() == times["wall"]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("90d", NOW + timedelta(days=90)),
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("0d", None), ("-1d", None), ("d", None), ("90", None), ("2026-02-30", None), ("9999-12-31", None), ("morgen", None),
    ],
)  # fmt: skip
def test_how_long_a_key_lasts(text, ends):
    assert expiry(text, NOW) == ends


def test_the_command_line_makes_lists_and_revokes(wijzer, path):
    made = wijzer("create", "--scope", "vraag", "--scope", "memo", "--name", "Ann", "--expires", "90d")
    secret = made.stdout.strip()
    assert KEY.fullmatch(secret)
    assert secret not in made.stderr
    listed = wijzer("list").stdout
    assert secret[3:11] in listed
    assert secret[12:] not in listed
    assert "vraag, memo" in listed
    found = json.loads(wijzer("list", "--json").stdout)["keys"]
    assert [(k["id"], k["state"], "sha256" in k, "key" in k) for k in found] == [
        (secret[3:11], "valid", False, False)
    ]
    wijzer("revoke", secret[3:11])
    assert "ingetrokken" in wijzer("list").stdout
    assert json.loads(wijzer("create", "--scope", "vraag", "--name", "x", "--json").stdout)["key"].startswith(
        "bw_"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--name", "x"),
        ("create", "--scope", "alles", "--name", "x"),
        ("create", "--scope", "vraag"),
        ("create", "--scope", "vraag", "--name", " "),
        ("create", "--scope", "vraag", "--name", "a\nb"),
        ("create", "--scope", "vraag", "--name", "x", "--expires", "2020-01-01"),
        ("create", "--scope", "vraag", "--name", "x", "--expires", "ooit"),
        ("log",),
    ],
)
def test_wrong_usage_makes_nothing(wijzer, path, arguments):
    wijzer(*arguments, status=2)
    assert not path.exists()


def test_revoking_what_is_not_there_says_so(wijzer):
    assert "wijzer keys list" in wijzer("revoke", "00000000", status=1).stderr
