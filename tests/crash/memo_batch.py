"""Writes memos of made-up commitments, and kills itself at the n-th file operation of the run.

    python tests/crash/memo_batch.py FOLDER LOG VERSION [AT]

LOG gets a line for each memo that is composed. SIGKILL comes halfway a write or just before a move, so that neither
Python nor the system can tidy up. Without AT the run is left alone, and the number of its file operations printed.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from answer.memo_records import Memo, NotFound, PromiseRow, Reference
from api.memos.batch import run, source_of
from api.memos.batch_records import Composer
from api.memos.batch_work import in_threads
from ingest import files
from ingest.records import Commitment

MEMOS = 6
CHANGED = 2  # this many memos rest on something else in another version


class Counting:
    """`write_bytes` and `replace`, of which the `at`-th kills the process."""

    def __init__(self, at: int) -> None:
        self.at, self.done = at, 0
        self.write_bytes, self.replace = files.write_bytes, files.replace

    def write(self, path, data):
        if self._is_last():
            with open(path, "wb", buffering=0) as file:
                file.write(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        self.write_bytes(path, data)

    def move(self, src, dst):
        if self._is_last():
            os.kill(os.getpid(), signal.SIGKILL)
        self.replace(src, dst)

    def _is_last(self) -> bool:
        self.done += 1
        return self.done == self.at


class World:
    def __init__(self, version: str, log: Path) -> None:
        self.version, self.log = version, log

    def commitments(self):
        return [Commitment(f"zorg-{n}", "akkoord", "Zorg", (f"{n} Zorg",), 0, 5, ()) for n in range(MEMOS)]

    def evidence(self, _, one):
        return f"{one.id} {self.version if int(one.id[5:]) < CHANGED else 'altijd'}"

    def memo(self, _, one):
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{one.id}\n")
        said = self.evidence(None, one)
        row = PromiseRow(0, 5, "Belofte.", "niet_gevonden", None, None, ())
        return Memo(
            one.id, "akkoord", one.domain, one.path, said, "Tekst.", (), (), (row,), (), (NotFound("Belofte.", "overal"),),
            (), (Reference(1, said, "beslissing", None, None, said, None, None),), self.version, "extractive", "0" * 64,
            said, "2024-05-06",
        )  # fmt: skip


def as_text(memo: Memo) -> bytes:
    return memo.title.encode() * 50


def compared(old: Memo, new: Memo):
    return (f"{old.title} -> {new.title}",), {"verschil.html": f"{old.title} -> {new.title}".encode()}


def main(folder: str, log: str, version: str, at: str = "0") -> None:
    world, counting = World(version, Path(log)), Counting(int(at))
    files.write_bytes, files.replace = counting.write, counting.move
    composer = Composer(world.memo, world.evidence, {"md": as_text, "docx": as_text}, compared)
    source = source_of(world)
    work = partial(in_threads, lambda job: job(world), composer, jobs=1)
    run(Path(folder), source, [*source.commitments], work, formats=["md", "docx"], report=lambda *_: None)
    sys.stdout.write(str(counting.done))


if __name__ == "__main__":
    main(*sys.argv[1:])
