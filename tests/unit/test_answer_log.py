"""The log of kept answers: what was written stays, and what was tampered with is named."""

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answer import log
from answer.chain import GENESIS
from answer.log_record import Entry, code_hash, entry_of
from answer.records import Answer, Trace
from ingest import StoreDamaged
from retrieval.records import Filters, Turn

AT = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
AWKWARD = 'Wat kost\n\u2028het\r\x85 \ud800 "leefloon" 🙂?'

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from test_answer_log import entry
from answer import log
for n in range({count}):
    print(log.append(Path({path!r}), entry(f"vraag {{n}} " + "x" * 20_000)).id, flush=True)
"""


def entry(question: str = "Wat is het leefloon?") -> Entry:
    answer = Answer("answered", "Het is 500 euro. [1]", (), (), (), "a" * 32, "extractive", 3)
    return entry_of(answer, question, at=AT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bewaard" / "answers.jsonl"


@pytest.fixture
def five(path: Path) -> list[str]:
    """The ids of five kept answers."""
    return [log.append(path, entry(f"vraag {n}")).id for n in range(1, 6)]


@pytest.fixture
def edit(path: Path) -> Callable[[Callable[[list[bytes]], list[bytes]]], None]:
    def edit(change: Callable[[list[bytes]], list[bytes]]) -> None:
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return edit


def head(path: Path) -> Path:
    return path.with_name(path.name + ".head")


def torn(path: Path) -> Path:
    return path.with_name(path.name + ".torn")


def problems(path: Path) -> list[tuple[int, str]]:
    return [(b.line, b.problem) for b in log.check(path).breaks]


def test_what_is_kept_is_read_back_whole(path: Path):
    model = Trace("openai:x", "b" * 64, "c" * 64)
    kept = entry_of(
        Answer("refused", "Nee.", (), (), (), "a" * 32, "openai:x", 3, trace=model),
        AWKWARD,
        at=AT,
        history=(Turn("user", "a\nb"),),
        filters=Filters(kind=("memo",), year=(2021,)),
    )
    record = log.append(path, kept)
    found = log.find(path, record.id)
    assert found == record
    assert found.entry.question == AWKWARD
    assert found.entry.history == (Turn("user", "a\nb"),)
    assert found.entry.filters == Filters(kind=("memo",), year=(2021,))
    assert found.entry.model == model
    assert found.entry.answer["answer"] == "Nee."
    assert found.entry.at == "2024-05-01T12:30:00+00:00"
    assert path.read_bytes().count(b"\n") == 1
    json.dumps(record.as_json())


def test_every_record_holds_the_hash_of_the_one_before(path: Path, five: list[str]):
    kept = list(log.records(path))
    assert [r.id for r in kept] == five
    assert [r.previous for r in kept] == [GENESIS, *(r.sha256 for r in kept[:-1])]
    assert log.check(path) == log.Chain(5, (), 0)


def test_one_answer_kept_twice_is_two_records(path: Path):
    assert log.append(path, entry()).id != log.append(path, entry()).id


def test_no_log_is_an_empty_one_and_is_not_made_by_reading(path: Path):
    assert log.check(path) == log.Chain(0, (), 0)
    assert log.find(path, "0" * 16) is None
    assert not path.parent.exists()


def test_only_the_owner_may_read(path: Path, five: list[str]):
    path.write_bytes(path.read_bytes() + b'{"afgebroken')
    log.append(path, entry())
    for file in (path, head(path), torn(path)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("old, new", [(b"vraag", b"vraaG"), (b'":', b'": '), (b"extractive", b"extractief")])
def test_an_edited_record_is_named(path: Path, five: list[str], edit, at: int, old: bytes, new: bytes):
    edit(lambda lines: [*lines[:at], lines[at].replace(old, new, 1), *lines[at + 1 :]])
    assert problems(path) == [(at + 1, f"record {five[at]} is gewijzigd na het bewaren")]


@pytest.mark.parametrize("at", range(5))
def test_a_removed_record_is_named(path: Path, five: list[str], edit, at: int):
    edit(lambda lines: [*lines[:at], *lines[at + 1 :]])
    ((line, problem),) = problems(path)
    assert line == min(at + 1, 4)
    assert f"ontbreekt record {at + 1}" in problem or (at == 4 and "het einde is weggenomen" in problem)


@pytest.mark.parametrize("a, b", [(0, 1), (1, 3), (3, 4), (0, 4)])
def test_reordered_records_are_named(path: Path, five: list[str], edit, a: int, b: int):
    def swap(lines: list[bytes]) -> list[bytes]:
        lines[a], lines[b] = lines[b], lines[a]
        return lines

    edit(swap)
    assert a + 1 in dict(problems(path))
    assert any("niet op zijn plaats" in problem for _, problem in problems(path))


def test_a_record_replaced_by_one_with_a_right_seal_is_named(
    path: Path, five: list[str], edit, tmp_path: Path
):
    other = tmp_path / "ander.jsonl"
    for n in range(5):
        log.append(other, entry(f"andere {n}"))
    edit(lambda lines: [*lines[:2], other.read_bytes().splitlines(keepends=True)[2], *lines[3:]])
    assert [line for line, _ in problems(path)] == [3, 4]
    assert all("sluit niet aan" in problem for _, problem in problems(path))


def test_a_doubled_record_and_a_line_of_nonsense_are_named(path: Path, five: list[str], edit):
    edit(lambda lines: [lines[0], lines[0], lines[1], b"[" * 9_000 + b"\n", *lines[3:]])
    ((doubled, why), (nonsense, what)) = problems(path)
    assert (doubled, nonsense) == (2, 4)
    assert "verplaatst of herhaald" in why
    assert "is geen record" in what


def test_the_break_stays_visible_after_the_next_append(path: Path, five: list[str], edit):
    edit(lambda lines: lines[:3])
    assert "het einde is weggenomen" in problems(path)[0][1]
    log.append(path, entry("na de ingreep"))
    assert problems(path) == [(4, "hier ontbreekt record 4 tot 5: verwijderd of verplaatst")]
    log.append(path, entry("nog een"))
    assert len(problems(path)) == 1


def test_the_whole_log_or_its_head_taken_away_is_seen(path: Path, five: list[str]):
    kept = path.read_bytes()
    path.unlink()
    assert "het einde is weggenomen" in problems(path)[0][1]
    path.write_bytes(kept)
    head(path).unlink()
    assert "kopbestand" in problems(path)[0][1]


def crashed(path: Path, keep: int) -> bytes:
    """A log whose writer died after `keep` bytes of the third record; gives what is left of that."""
    for n in (1, 2):
        log.append(path, entry(f"vraag {n}"))
    before, acknowledged = path.read_bytes(), head(path).read_bytes()
    log.append(path, entry("vraag 3"))
    left = path.read_bytes()[len(before) :][:keep]
    path.write_bytes(before + left)
    head(path).write_bytes(acknowledged)
    return left


@pytest.mark.parametrize("keep", [1, 2, 50, 400, -2])
def test_a_line_that_a_crash_cut_off_is_reported_and_moved_aside(path: Path, keep: int):
    left = crashed(path, keep)
    assert log.check(path) == log.Chain(2, (), len(left))
    assert [r.entry.question for r in log.records(path)] == ["vraag 1", "vraag 2"]
    log.append(path, entry("vraag 4"))
    assert log.check(path) == log.Chain(3, (), 0)
    assert torn(path).read_bytes() == left + b"\n"


@pytest.mark.parametrize("newline", [0, 1])
def test_a_record_that_was_written_but_not_acknowledged_is_kept(path: Path, newline: int):
    crashed(path, 10**6 if newline else -1)
    assert log.check(path) == log.Chain(3, (), 0)
    log.append(path, entry("vraag 4"))
    assert log.check(path) == log.Chain(4, (), 0)
    assert [r.entry.question for r in log.records(path)][2] == "vraag 3"
    assert not torn(path).exists()


def start(path: Path, count: int) -> "subprocess.Popen[str]":
    code = WRITER.format(folder=str(Path(__file__).parent), path=str(path), count=count)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env)


def test_several_processes_may_append_at_once(path: Path):
    writers = [start(path, 15) for _ in range(3)]
    acknowledged = [line for w in writers for line in w.communicate(timeout=120)[0].split()]
    assert len(set(acknowledged)) == 45
    assert log.check(path) == log.Chain(45, (), 0)
    assert {r.id for r in log.records(path)} == set(acknowledged)


def test_killed_while_appending_nothing_that_was_acknowledged_is_lost(path: Path):
    chance, acknowledged = random.Random(7), []
    for _ in range(5):
        writer = start(path, 100_000)
        assert writer.stdout is not None
        acknowledged.append(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0.0, 0.2))
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.communicate(timeout=60)[0].split("\n")[:-1]
        assert log.check(path).breaks == ()
    log.append(path, entry())
    chain = log.check(path)
    assert (chain.breaks, chain.torn) == ((), 0)
    assert set(acknowledged) <= {r.id for r in log.records(path)}


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path):
    (tmp_path / "bestand").write_text("x")
    with pytest.raises(StoreDamaged, match="is een bestand, geen map"):
        log.append(tmp_path / "bestand" / "answers.jsonl", entry())


def test_the_code_hash_is_one_of_the_sources():
    assert len(code_hash()) == 64
    code_hash.cache_clear()
    assert code_hash() == entry().code
