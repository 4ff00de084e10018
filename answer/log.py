"""Kept answers: an append-only file in which every record holds the hash of the one before it.

    answers.jsonl        one record a line
    answers.jsonl.head   number and hash of the last record that was acknowledged; also the lock
    answers.jsonl.torn   lines that a crash cut off, moved aside by the next append

The chain shows what was edited, taken out or moved; the head shows what was cut off at the end. Someone who may
write both files can still forge the whole: a copy of the head that is kept elsewhere shows that.
"""

import fcntl
import mmap
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from answer.log_record import GENESIS, Entry, Record, Unreadable, is_sealed, read_line, sealed
from ingest.files import explained, fsync_dir

_HEAD = re.compile(rb"(\d{12}) ([0-9a-f]{64})\n")
_OWNER = 0o600


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the log is not what was written: the line, counted from 1, and the problem, in Dutch."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What became of a log: `torn` is the bytes of a last line that a crash cut off, 0 for none."""

    records: int
    breaks: tuple[Break, ...]
    torn: int


@dataclass(frozen=True, slots=True)
class _Head:
    """The last record that was acknowledged; number 0 when there is none."""

    number: int
    sha256: str


def append(path: Path, entry: Entry) -> Record:
    """Keep an answer as the last record of a log; it is on the disk when this returns.

    Several processes and threads may append at once. A last line that a crash cut off is moved aside first.
    Where the log was tampered with, the new record goes on from the one that was acknowledged last, so that the
    break stays visible. Raises: StoreDamaged when the log cannot be written.
    """
    with explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path, fcntl.LOCK_EX) as lock:
            assert lock is not None, "the head is made when a log is written"
            log = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _OWNER)
            try:
                number, previous = _place_after(_last(_healed(path, log)), _read_head(lock))
                line = sealed(entry, number, previous)
                _write(log, line)
                os.fsync(log)
            finally:
                os.close(log)
            record = read_line(line)
            os.pwrite(lock, f"{record.number:012d} {record.sha256}\n".encode(), 0)
            os.fsync(lock)
            fsync_dir(path.parent)
    return record


def records(path: Path) -> Iterator[Record]:
    """The records of a log, oldest first, sealed or not; what is no record is passed over. Raises: StoreDamaged."""
    for line in _snapshot(path)[0]:
        try:
            yield read_line(line)
        except Unreadable:
            continue


def find(path: Path, record_id: str) -> Record | None:
    """The record of this id, None when the log has none. Raises: StoreDamaged."""
    return next((record for record in records(path) if record.id == record_id), None)


def check(path: Path) -> Chain:
    """Walk the whole chain and name every place where it does not hold. Raises: StoreDamaged."""
    lines, head = _snapshot(path)
    breaks: list[Break] = []
    number, sha256, before = 0, GENESIS, GENESIS
    at = torn = 0
    for at, line in enumerate(lines, 1):
        record, problem = _examined(line)
        if record is None and not line.endswith(b"\n"):
            torn, at = len(line), at - 1
            break
        problem = problem or _misplaced(record, number, sha256)
        if problem:
            breaks.append(Break(at, problem))
        number, before = (record.number, record.previous) if record else (number + 1, "")
        sha256 = record.sha256 if record else ""
    is_head = (head.number, head.sha256) == (number, sha256)
    lags = (head.number, head.sha256) == (number - 1, before)  # died between the record and the head
    if not is_head and not lags:
        breaks.append(Break(at, _beyond(head, number)))
    return Chain(at, tuple(breaks), torn)


def _examined(line: bytes) -> tuple[Record | None, str]:
    """A line as a record, and what is wrong with the line itself."""
    try:
        record = read_line(line)
    except Unreadable as error:
        return None, f"de regel {error}"
    whole = line if line.endswith(b"\n") else line + b"\n"
    return record, "" if is_sealed(whole) else f"record {record.id} is gewijzigd na het bewaren"


def _misplaced(record: Record | None, number: int, sha256: str) -> str:
    """What is wrong with the place of a record after the one of this number and hash; empty when it fits."""
    if record is None or not sha256:
        return ""
    if record.number > number + 1:
        missing = number + 1 if record.number == number + 2 else f"{number + 1} tot {record.number - 1}"
        return f"hier ontbreekt record {missing}: verwijderd of verplaatst"
    if record.number <= number:
        return f"record {record.number} ({record.id}) staat niet op zijn plaats: verplaatst of herhaald"
    if record.previous != sha256:
        return f"record {record.id} sluit niet aan op het record ervoor: dat is vervangen"
    return ""


def _beyond(head: _Head, number: int) -> str:
    if head.number > number:
        return f"het log eindigt bij record {number}, terwijl er {head.number} bewaard zijn: het einde is weggenomen"
    return (
        f"het kopbestand noemt record {head.number} als laatste, het log eindigt bij {number}: een van beide is "
        f"vervangen; zet ze samen terug uit dezelfde reservekopie"
    )


def _healed(path: Path, log: int) -> bytes:
    """The last whole line, empty when there is none; a line that was cut off is moved aside, none of it is lost."""
    size = os.fstat(log).st_size
    if not size:
        return b""
    with mmap.mmap(log, size, access=mmap.ACCESS_READ) as data:
        end = data.rfind(b"\n") + 1
        start = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
        last, torn = data[start:end], data[end:]
    if not torn:
        return last
    if not _examined(torn)[1]:  # whole but for its newline
        _write(log, b"\n")
        return torn + b"\n"
    aside = os.open(path.with_name(path.name + ".torn"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER)
    try:
        _write(aside, torn + b"\n")
        os.fsync(aside)
    finally:
        os.close(aside)
    fsync_dir(path.parent)
    os.ftruncate(log, end)
    return last


def _last(line: bytes) -> Record | None:
    try:
        return read_line(line)
    except Unreadable:
        return None


def _place_after(last: Record | None, head: _Head) -> tuple[int, str]:
    """Number and predecessor of the next record: after the last line when the head knows it, else after the head."""
    if last and head.sha256 in (last.sha256, last.previous):
        return last.number + 1, last.sha256
    return max(head.number, last.number if last else 0) + 1, head.sha256


def _snapshot(path: Path) -> tuple[Iterator[bytes], _Head]:
    """The lines that a log has now, whatever is appended while they are read, and its head."""
    with explained(path.parent), _locked(path, fcntl.LOCK_SH) as lock:
        size = path.stat().st_size if path.exists() else 0
        head = _read_head(lock) if lock is not None else _Head(0, GENESIS)
    return _lines(path, size), head


def _lines(path: Path, size: int) -> Iterator[bytes]:
    if not size:
        return
    with explained(path.parent), path.open("rb") as file:
        while size > 0 and (line := file.readline(size)):
            size -= len(line)
            yield line


def _read_head(lock: int) -> _Head:
    found = _HEAD.fullmatch(os.pread(lock, 100, 0))
    return _Head(int(found[1]), found[2].decode()) if found else _Head(0, GENESIS)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[int | None]:
    """The head, held against the others; None for a reader when there is no head yet."""
    head = path.with_name(path.name + ".head")
    if kind == fcntl.LOCK_SH and not head.exists():
        yield None
        return
    flags = os.O_RDONLY if kind == fcntl.LOCK_SH else os.O_RDWR | os.O_CREAT
    descriptor = os.open(head, flags, _OWNER)
    try:
        fcntl.flock(descriptor, kind)
        yield descriptor
    finally:
        os.close(descriptor)
