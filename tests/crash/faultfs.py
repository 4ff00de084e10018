"""Makes the n-th file operation of a change to a store fail, for n from 1 until none fails any more.

    python tests/crash/faultfs.py campaign CHANGE KIND FOLDER [DEFECT]   one JSON line for each n
    python tests/crash/faultfs.py build STORE WORD [BYTES]               one real build and publication, with its proof

The changes: `ingest` builds, publishes and prunes, `repair` rebuilds an index, `rebuild` builds over a damaged catalog.
The kinds of fault: `EIO` fails one operation, `ENOSPC` also every write after it, `kill` ends the process. A write
that fails has written half. In the campaign a file stands in for each index and nothing is synced, so that thousands
of operations take seconds: it tests the order of operations, as a killed process leaves them.

A DEFECT plants a mistake in the store, to see that the campaign finds it: `hasty` publishes before the snapshot has
its name, `in_place` writes the pointer where it is read.
"""

import errno
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from ingest import IngestError, files, snapshot, snapshot_publish
from ingest.catalog import Contents
from ingest.records import Block, Document, Metadata, Passage
from ingest.snapshot_manifest import check_files

COUNTED = ("mkdir", "open", "write", "fsync", "replace")
KILLED = 75


class FaultyOs:
    """The module `os`, of which the `at`-th counted operation fails; 0 lets all of them pass."""

    def __init__(self, at: int = 0, kind: str = "EIO") -> None:
        self.at, self.kind = at, kind
        self.operations: list[str] = []

    def __getattr__(self, name):
        real = getattr(os, name)
        return (
            (lambda *args, **named: self._operation(name, real, *args, **named)) if name in COUNTED else real
        )

    @property
    def fired(self) -> bool:
        return 0 < self.at <= len(self.operations)

    def _operation(self, name, real, *args, **named):
        self.operations.append(name)
        now = len(self.operations)
        if now == self.at or (self.kind == "ENOSPC" and self.fired and name in ("mkdir", "write")):
            if name == "write":
                real(args[0], args[1][: len(args[1]) // 2])
            if self.kind == "kill":
                os._exit(KILLED)
            number = getattr(errno, self.kind)
            raise OSError(number, os.strerror(number))
        return None if name == "fsync" else real(*args, **named)


def corpus(word: str, passages: int = 3):
    text = "\n".join(f"De {word} telt {number} plaatsen." for number in range(passages))
    blocks, at = [], 0
    for line in text.split("\n"):
        blocks.append(Block(at, at + len(line), "paragraph"))
        at += len(line) + 1
    document = Document(Metadata("doc", "memo", word, "map"), "0" * 64, text, tuple(blocks))
    spans = [Passage("doc", b.start, b.end, text[b.start : b.end], (word,)) for b in blocks]
    rows = np.random.default_rng(len(word)).standard_normal((passages, 64))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return Contents([document], spans, [], []), vectors


def ingest_light(store: Path, word: str) -> str:
    """Build, publish and prune, with a file in place of each index."""

    def write_index(folder: Path, vectors=None) -> None:
        files.make_folder(folder)
        files.write_bytes(folder / "index", b"index")

    snapshot.write_chroma = write_index
    contents, vectors = corpus(word)
    made = snapshot.build(
        store, contents, vectors, analyser="a", embedder="e", write_lexical=write_index, prove=check_files
    )
    snapshot.publish(store, made.id)
    snapshot.prune(store, keep=2)
    return made.id


def ingest_whole(store: Path, word: str) -> str:
    """Build and publish with real indexes and the proof in a child."""
    from ingest.lexical import LexicalRow, write_lexical

    contents, vectors = corpus(word, 300)
    made = snapshot.build(
        store,
        contents,
        vectors,
        analyser="a",
        embedder="e",
        write_lexical=lambda folder: write_lexical(
            folder, [LexicalRow("", p.text) for p in contents.passages]
        ),
    )
    snapshot.publish(store, made.id)
    return made.id


def ingest(store: Path) -> None:
    ingest_light(store, "derde")


def repair(store: Path) -> None:
    def write_index(folder: Path) -> None:
        files.make_folder(folder)
        files.write_bytes(folder / "index", b"index")

    snapshot.repair(store, snapshot.published(store).name, write_index, prove=check_files)


def rebuild(store: Path) -> None:
    ingest_light(store, "tweede")


# What is damaged before a change, and how the change is made.
CHANGES = {
    "ingest": (None, ingest),
    "repair": ("lexical/index", repair),
    "rebuild": ("catalog.sqlite", rebuild),
}


def campaign(change: str, kind: str, folder: Path, plant: Callable[[], None]):
    """One case for each n: how the change ended, and why it did not pass, if it did not."""
    files.os = FaultyOs()
    damaged, act = CHANGES[change]
    template = folder / "template"
    ingest_light(template, "eerste")
    old = ingest_light(template, "tweede")
    if damaged:
        (snapshot.published(template) / damaged).write_bytes(b"x")
    shutil.copytree(template, folder / "undisturbed")
    act(folder / "undisturbed")
    new = snapshot.current(folder / "undisturbed")
    plant()
    at, fired = 0, True
    while fired:
        at += 1
        store = folder / f"{kind}-{at}"
        shutil.copytree(template, store)
        fired, ended = interrupted(act, store, at, kind)
        if fired:
            yield {"at": at, "ended": ended, "problem": problem(act, store, ended, old, new)}
        shutil.rmtree(store)


def interrupted(act: Callable[[Path], None], store: Path, at: int, kind: str) -> tuple[bool, str]:
    """Whether the fault fired, and how the change ended: a class of error, `killed`, or `done`."""
    if kind == "kill":
        child = os.fork()
        if not child:
            with faults(at, kind):
                act(store)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
        return killed, "killed" if killed else "done"
    with faults(at, kind) as faulty:
        try:
            act(store)
            ended = "done"
        except IngestError as error:
            ended = type(error).__name__
    return faulty.fired, ended


def problem(act: Callable[[Path], None], store: Path, ended: str, old: str, new: str) -> str | None:
    """What is wrong after a fault: neither the old nor the new is published, or changing again does not mend it."""
    try:
        now = snapshot.current(store)
        if now not in (old, new):
            return f"published: {now}"
        if act is ingest and snapshot.verify(store, now):
            return f"damaged: {snapshot.verify(store, now)}"
        if act is repair and any(not fault.derived for fault in snapshot.verify(store, now)):
            return f"damaged more: {snapshot.verify(store, now)}"
        if ended == "done":
            return "the fault was swallowed"
        act(store)
        if snapshot.current(store) != new or snapshot.verify(store, new):
            return "changing again did not do it"
        if act is ingest and snapshot.rollback(store) != old:
            return "no way back"
    except IngestError as error:
        return f"{type(error).__name__}: {error}"
    left = [p.name for p in (store / "snapshots").iterdir() if p.name.startswith(("building-", "removed-"))]
    return f"left behind: {left}" if left else None


@contextmanager
def faults(at: int, kind: str):
    files.os = FaultyOs(at, kind)
    try:
        yield files.os
    finally:
        files.os = FaultyOs()


def hasty() -> None:
    """Publish before the snapshot has its name."""
    install = snapshot._install

    def publish_first(aside: Path, folder: Path) -> None:
        files.write_bytes(folder.parent.parent / "CURRENT", folder.name.encode())
        install(aside, folder)

    snapshot._install = publish_first


def in_place() -> None:
    """Write the pointer where it is read."""
    snapshot_publish._replace_bytes = files.write_bytes


DEFECTS = {"": lambda: None, "hasty": hasty, "in_place": in_place}


def main(command: str, *args: str) -> None:
    if command == "campaign":
        change, kind, folder, *defect = args
        for case in campaign(change, kind, Path(folder), DEFECTS["".join(defect)]):
            sys.stdout.write(json.dumps(case) + "\n")
        return
    store, word, *size = args
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size[0]), int(size[0])))
    try:
        sys.stdout.write(ingest_whole(Path(store), word) + "\n")
    except IngestError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
