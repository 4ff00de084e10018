"""A file in which every record holds the hash of the one before it.

    FILE        one record a line: canonical JSON in ASCII, with its number, predecessor and own hash
    FILE.head   number and hash of the last record that was acknowledged; also the lock
    FILE.torn   lines that a crash cut off, moved aside by the next append

The chain shows what was edited, taken out or moved; the head shows what was cut off at the end. Someone who may
write both files can still forge the whole: a copy of the head that is kept elsewhere shows that.
"""

import fcntl
import hashlib
import json
import mmap
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.files import explained, fsync_dir

GENESIS = "0" * 64  # what the first record has in the place of a predecessor
_HEAD = re.compile(rb"(\d{12}) ([0-9a-f]{64})\n")
_OWNER = 0o600
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Link:
    """A record in its place: `number` counts from 1, `previous` is the `sha256` of the one before; `content` is JSON."""

    number: int
    previous: str
    sha256: str
    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The name of the record: the first 16 digits of its hash."""
        return self.sha256[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the file is not what was written: the line, counted from 1, and the problem, in Dutch."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What became of a file: `torn` is the bytes of a last line that a crash cut off, 0 for none."""

    records: int
    breaks: tuple[Break, ...]
    torn: int


class Unreadable(ValueError):
    """A line that is no record; the message says in Dutch what was found."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The last record that was acknowledged; number 0 when there is none."""

    number: int
    sha256: str


def append(path: Path, content: Mapping[str, Any]) -> Link:
    """Keep JSON fields as the last record; they are on the disk when this returns.

    Several processes and threads may append at once. A last line that a crash cut off is moved aside first.
    Where the file was tampered with, the new record goes on from the one that was acknowledged last, so that the
    break stays visible. Raises: StoreDamaged when the file cannot be written.
    """
    with explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path, fcntl.LOCK_EX) as lock:
            assert lock is not None, "the head is made when a record is written"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _OWNER)
            try:
                number, previous = _place_after(_last(_healed(path, file)), _read_head(lock))
                line = sealed(content, number, previous)
                _write(file, line)
                os.fsync(file)
            finally:
                os.close(file)
            link = read_link(line)
            os.pwrite(lock, f"{link.number:012d} {link.sha256}\n".encode(), 0)
            os.fsync(lock)
            fsync_dir(path.parent)
    return link


def links(path: Path, holding: str = "") -> Iterator[Link]:
    """The records of a file, oldest first, sealed or not; what is no record is passed over. Raises: StoreDamaged.

    Of those with this text on their line alone; a line without it is not even parsed.
    """
    wanted = holding.encode("utf-8", "replace")
    for line in _snapshot(path)[0]:
        if wanted in line:
            try:
                yield read_link(line)
            except Unreadable:
                continue


def check(path: Path, form: Callable[[Link], object] = lambda link: link) -> Chain:
    """Walk the whole chain and name every place where it does not hold. Raises: StoreDamaged.

    `form` raises Unreadable for a record that has not the fields that the file is for.
    """
    lines, head = _snapshot(path)
    breaks: list[Break] = []
    number, sha256, before = 0, GENESIS, GENESIS
    at = torn = 0
    for at, line in enumerate(lines, 1):
        link, problem = _examined(line, form)
        if link is None and not line.endswith(b"\n"):
            torn, at = len(line), at - 1
            break
        problem = problem or _misplaced(link, number, sha256)
        if problem:
            breaks.append(Break(at, problem))
        number, before = (link.number, link.previous) if link else (number + 1, "")
        sha256 = link.sha256 if link else ""
    is_head = (head.number, head.sha256) == (number, sha256)
    lags = (head.number, head.sha256) == (number - 1, before)  # died between the record and the head
    if not is_head and not lags:
        breaks.append(Break(at, _beyond(head, number)))
    return Chain(at, tuple(breaks), torn)


def sealed(content: Mapping[str, Any], number: int, previous: str) -> bytes:
    """The line of a record: canonical JSON in ASCII with its own hash, newline last."""
    return _sealed({**content, "number": number, "previous": previous})


def read_link(line: bytes) -> Link:
    """The record that a line says it is; whether its seal holds is for `check`. Raises: Unreadable."""
    try:
        fields = json.loads(line)
        number, previous, sha256 = (fields.pop(name) for name in ("number", "previous", "sha256"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(f"is geen record ({error})") from error
    if not (isinstance(number, int) and isinstance(previous, str) and isinstance(sha256, str)):
        raise Unreadable("is geen record (nummer of hash ontbreekt)")
    return Link(number, previous, sha256, fields)


def _examined(line: bytes, form: Callable[[Link], object] = lambda link: link) -> tuple[Link | None, str]:
    """A line as a record, and what is wrong with the line itself."""
    try:
        link = read_link(line)
        form(link)
    except Unreadable as error:
        return None, f"de regel {error}"
    whole = line if line.endswith(b"\n") else line + b"\n"
    return link, "" if _is_sealed(whole) else f"record {link.id} is gewijzigd na het bewaren"


def _misplaced(link: Link | None, number: int, sha256: str) -> str:
    """What is wrong with the place of a record after the one of this number and hash; empty when it fits."""
    if link is None or not sha256:
        return ""
    if link.number > number + 1:
        missing = number + 1 if link.number == number + 2 else f"{number + 1} tot {link.number - 1}"
        return f"hier ontbreekt record {missing}: verwijderd of verplaatst"
    if link.number <= number:
        return f"record {link.number} ({link.id}) staat niet op zijn plaats: verplaatst of herhaald"
    if link.previous != sha256:
        return f"record {link.id} sluit niet aan op het record ervoor: dat is vervangen"
    return ""


def _beyond(head: _Head, number: int) -> str:
    if head.number > number:
        return f"het log eindigt bij record {number}, terwijl er {head.number} bewaard zijn: het einde is weggenomen"
    return (
        f"het kopbestand noemt record {head.number} als laatste, het log eindigt bij {number}: een van beide is "
        f"vervangen; zet ze samen terug uit dezelfde reservekopie"
    )


def _healed(path: Path, file: int) -> bytes:
    """The last whole line, empty when there is none; a line that was cut off is moved aside, none of it is lost."""
    size = os.fstat(file).st_size
    if not size:
        return b""
    with mmap.mmap(file, size, access=mmap.ACCESS_READ) as data:
        end = data.rfind(b"\n") + 1
        start = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
        last, torn = data[start:end], data[end:]
    if not torn:
        return last
    if not _examined(torn)[1]:  # whole but for its newline
        _write(file, b"\n")
        return torn + b"\n"
    aside = os.open(path.with_name(path.name + ".torn"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER)
    try:
        _write(aside, torn + b"\n")
        os.fsync(aside)
    finally:
        os.close(aside)
    fsync_dir(path.parent)
    os.ftruncate(file, end)
    return last


def _last(line: bytes) -> Link | None:
    try:
        return read_link(line)
    except Unreadable:
        return None


def _place_after(last: Link | None, head: _Head) -> tuple[int, str]:
    """Number and predecessor of the next record: after the last line when the head knows it, else after the head."""
    if last and head.sha256 in (last.sha256, last.previous):
        return last.number + 1, last.sha256
    return max(head.number, last.number if last else 0) + 1, head.sha256


def _snapshot(path: Path) -> tuple[Iterator[bytes], _Head]:
    """The lines that a file has now, whatever is appended while they are read, and its head."""
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


def _is_sealed(line: bytes) -> bool:
    """Whether the line of a record, newline included, is byte for byte what was sealed."""
    fields = json.loads(line)
    return fields.pop("sha256", None) is not None and _sealed(fields) == line


def _sealed(fields: Mapping[str, Any]) -> bytes:
    sha256 = hashlib.sha256(_canonical(fields)).hexdigest()
    return _canonical({**fields, "sha256": sha256}) + b"\n"


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")


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
