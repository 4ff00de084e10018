"""The file operations that everything durable in a store goes through, so that a test can make each one fail."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from ingest import StoreBusy, StoreDamaged

_held: ContextVar[frozenset[Path]] = ContextVar("_held", default=frozenset())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file; its bytes are on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_dir(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(path: Path) -> None:
    """Make a file, or a folder with everything below it, durable, whoever wrote it."""
    if path.is_dir():
        for below in sorted(path.iterdir()):
            sync_tree(below)
    fsync_dir(path)


def replace(src: Path, dst: Path) -> None:
    """Move a file over another, or a folder to a name that is free: all at once, and durable on return."""
    os.replace(src, dst)
    fsync_dir(dst.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing."""
    if not path.is_dir():
        make_folder(path.parent)
        os.mkdir(path)
        fsync_dir(path.parent)


def copy_tree(src: Path, dst: Path) -> None:
    """Copy a file, or a folder with everything below it, to a new name; not yet durable."""
    if not src.is_dir():
        shutil.copyfile(src, dst)
        return
    os.mkdir(dst)
    for below in src.iterdir():
        copy_tree(below, dst / below.name)


def remove_tree(path: Path) -> None:
    """Remove a folder with everything below it; what cannot be removed stays for the next sweep."""
    shutil.rmtree(path, ignore_errors=True)


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def lock(store: Path) -> Iterator[None]:
    """Hold a store against other builders; the folder is made when it is missing.

    It may be taken again by what the holder calls, not by another thread or process, and the system lets
    go of it when the process dies. Raises: StoreBusy at once when another builder holds it; StoreDamaged.
    """
    path = store.resolve() / "LOCK"
    if path in _held.get():
        yield
        return
    with explained(store):
        make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(descriptor, store)
        token = _held.set(_held.get() | {path})
        try:
            yield
        finally:
            _held.reset(token)
    finally:
        os.close(descriptor)


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Hold a lock file for one short write, against other threads and processes; waits for them. Raises: OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def explained(store: Path) -> Iterator[None]:
    """Say in Dutch what the system refused. Raises: StoreDamaged in place of OSError."""
    try:
        yield
    except OSError as error:
        raise StoreDamaged(_explanation(store, error)) from error


def _take(descriptor: int, store: Path) -> None:
    with explained(store):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                f"Een andere opdracht werkt aan {store}; wacht tot die klaar is en probeer het opnieuw."
            ) from error


def _explanation(store: Path, error: OSError) -> str:
    place = error.filename or store
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return (
                f"De schijf van {store} is vol ({error.strerror}); maak plaats en voer de opdracht opnieuw uit. "
                f"Wat gepubliceerd was, is gebleven."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{place} is niet schrijfbaar of niet leesbaar; pas de rechten aan of kies een andere opslag met --store."
        case errno.ENOTDIR | errno.EEXIST:
            return f"{store} is een bestand, geen map; kies een andere opslag met --store."
        case _:
            return (
                f"Lezen of schrijven in {store} mislukte ({error.strerror or error}, {place}); "
                f"kijk de schijf na en voer de opdracht opnieuw uit. Wat gepubliceerd was, is gebleven."
            )
