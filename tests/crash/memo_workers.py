"""Makes memos in processes, of which one dies at a commitment; prints what became of each memo.

python tests/crash/memo_workers.py STORE JOBS
"""

import os
import signal
import sys
from pathlib import Path

from answer.memo_records import Memo, NotFound
from api.memos.batch_records import Composer, Failed, Task
from api.memos.batch_work import Opening, in_processes
from ingest import snapshot
from ingest.records import Commitment

DEADLY = "zorg-3"


def made(corpus, one):
    if one.id == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    missing = (NotFound("Belofte.", "overal"),)
    return Memo(
        one.id, "akkoord", one.domain, one.path, one.id, "Tekst.", (), (), (), (), missing, (), (),
        corpus.version, "extractive", "0" * 64, one.id, "2024-05-06",
    )  # fmt: skip


def evidence(_, one):
    return one.id


def as_text(memo):
    return memo.title.encode()


def compared(old, new):
    return (), {}


def main(store: str, jobs: str) -> None:
    opening = Opening(Path(store), snapshot.published(Path(store)).name, None)
    composer = Composer(made, evidence, {"md": as_text}, compared)
    ones = [Commitment(f"zorg-{n}", "akkoord", "Zorg", (f"{n} Zorg",), 0, 5, ()) for n in range(6)]
    tasks = [Task(one.id, one, ("md",), ("md",), None, None) for one in ones]
    for result in in_processes(opening, composer, tasks, int(jobs)):
        failed = isinstance(result, Failed)
        sys.stdout.write(
            f"{result.name if failed else result.task.name} {'mislukt' if failed else 'gemaakt'}\n"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
