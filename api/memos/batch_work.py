"""How many memos are made at once: in processes that each open the corpus, or in threads over one open corpus."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from pathlib import Path

from api.memos.batch import compose
from api.memos.batch_records import Composer, Failed, Result, Task
from ingest.embed import load_embedder
from ingest.processes import deaf, ended
from retrieval.corpus import Corpus, open_corpus

_opened: tuple[Corpus, Composer, ExitStack] | None = None  # the stack is closed by the end of the process


@dataclass(frozen=True, slots=True)
class Opening:
    """How each process opens the corpus: the store, the snapshot and the name of the embedding model."""

    store: Path
    snapshot: str
    embedder: str | None


def in_threads(
    lend: Callable[[Callable[[Corpus], Result]], Result], composer: Composer, tasks: Sequence[Task], jobs: int
) -> Generator[Result, None, None]:
    """Make memos in threads; `lend` calls a job with the corpus. For one model that answers many at once."""
    with ThreadPoolExecutor(jobs, "memo") as pool:
        try:
            for future in _in_turn(
                lambda task: pool.submit(lend, partial(_made, composer, task)), tasks, jobs
            ):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def in_processes(
    opening: Opening, composer: Composer, tasks: Sequence[Task], jobs: int
) -> Generator[Result, None, None]:
    """Make memos in processes. After one died the rest are made one by one, to know which memo it was."""
    left = {task.name: task for task in tasks}
    workers = jobs
    while left:
        with _pool(min(workers, len(left)), opening, composer) as pool, ended(pool):
            # One at a time it is certain which memo a process died of; else the next ones lie ready.
            ahead = 1 if workers == 1 else 2 * workers
            for future in _in_turn(partial(_start, pool), [*left.values()], ahead):
                try:
                    result = future.result()
                except BrokenProcessPool:
                    break
                del left[_name(result)]
                yield result
        if left and workers == 1:
            name = next(iter(left))
            del left[name]
            yield Failed(
                name, "het proces dat deze memo maakte is gestopt (te weinig geheugen, of afgebroken)"
            )
        workers = 1


def _in_turn(
    start: Callable[[Task], "Future[Result]"], tasks: Sequence[Task], ahead: int
) -> Iterator["Future[Result]"]:
    """What was started, as it comes in; no more than `ahead` are made before the first of them is taken."""
    due, running = deque(tasks), set[Future[Result]]()
    while due or running:
        while due and len(running) < ahead:
            running.add(start(due.popleft()))
        first = next(iter(wait(running, return_when=FIRST_COMPLETED).done))
        running.discard(first)
        yield first


def _start(pool: ProcessPoolExecutor, task: Task) -> "Future[Result]":
    with deaf():
        try:
            return pool.submit(_compose_here, task)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken


def _made(composer: Composer, task: Task, corpus: Corpus) -> Result:
    return compose(corpus, composer, task)


def _name(result: Result) -> str:
    return result.name if isinstance(result, Failed) else result.task.name


def _pool(workers: int, opening: Opening, composer: Composer) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_open_here, initargs=(opening, composer))


def _open_here(opening: Opening, composer: Composer) -> None:
    """Open the corpus once for all memos of this process, which ends with the one that started it."""
    global _opened
    threading.Thread(target=_end_with_parent, daemon=True).start()
    stack = ExitStack()
    corpus = stack.enter_context(
        open_corpus(opening.store, load_embedder(opening.embedder), opening.snapshot)
    )
    _opened = corpus, composer, stack


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "memos are made here in a process of a pool"
    connection.wait([parent.sentinel])
    os._exit(1)


def _compose_here(task: Task) -> Result:
    assert _opened is not None, "the pool opens the corpus first"
    corpus, composer, _ = _opened
    return compose(corpus, composer, task)
