"""Memos as jobs of the server: one runs, the others wait their turn, and all of them outlive a restart.

STORE/memos/jobs/<id>.json   what was asked, and how far it is
STORE/memos/files/           the folder of memos that every job writes into, so that none makes one twice
"""

import logging
import re
import secrets
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import TypeAdapter, ValidationError

from api.live import NotReady
from api.memos import MemosError
from api.memos.batch import EXTRACTIVE, run, source_of
from api.memos.batch_records import Composer, Failed, Result, Task
from api.memos.batch_work import in_threads
from api.memos.state import explained
from ingest import IngestError, files
from retrieval.corpus import Corpus

MOST_QUEUED = 8
MOST_KEPT = 100
BROKEN = "De memo's konden niet gemaakt of bewaard worden; het logboek van de server vermeldt waarom."
_log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{16}")

Step = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Job:
    """Memos that were asked for: `names` in `formats`; `created` is an ISO time in UTC.

    `ready` counts the memos that are there, written now or before; `failures` are those that could not be made;
    `message` says in Dutch why the job as a whole failed.
    """

    id: str
    created: str
    names: tuple[str, ...]
    formats: tuple[str, ...]
    step: Step = "queued"
    ready: int = 0
    failures: tuple[Failed, ...] = ()
    snapshot: str | None = None
    message: str | None = None

    @property
    def remaining(self) -> int:
        """How many memos are still to come."""
        return len(self.names) - self.ready - len(self.failures)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.step in ("done", "failed", "cancelled")


class TooMany(Exception):
    """As many jobs wait as may; come back later."""


class _Ended(Exception):
    """The job was cancelled, or the server stops."""


_JOB = TypeAdapter(Job)


class Jobs:
    """The jobs of one store, done one after the other in a thread that lives as long as the `with` block."""

    def __init__(
        self,
        store: Path,
        corpus: Callable[[], AbstractContextManager[Corpus]],
        composer: Callable[[], Composer],
        *,
        mode: str = EXTRACTIVE,
        threads: int = 1,
        most_queued: int = MOST_QUEUED,
    ) -> None:
        self._records, self.files = store / "memos" / "jobs", files_of(store)
        self._corpus, self._composer = corpus, composer
        self._mode, self._threads, self._most_queued = mode, threads, most_queued
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._in_hand: str | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="memos", daemon=True)

    def __enter__(self) -> Self:
        self._jobs = {job.id: job for job in _read(self._records)}
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def submit(self, names: Sequence[str], formats: Sequence[str]) -> Job:
        """Put a job in the queue; it is on the disk when this returns. Raises: TooMany, FolderUnusable."""
        with self._changed:
            if sum(job.step == "queued" for job in self._jobs.values()) >= self._most_queued:
                raise TooMany
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            job = Job(secrets.token_hex(8), now, tuple(names), tuple(formats))
            self._forget()
            self._keep(job)
            self._changed.notify_all()
            return job

    def find(self, job_id: str) -> Job | None:
        """A job as it is now; None when there is none of this id, or it is long over."""
        with self._changed:
            return self._jobs.get(job_id)

    def cancel(self, job_id: str) -> Job | None:
        """Stop a job after the memo that is being made; one that is over stays as it is. Raises: FolderUnusable."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.is_over:
                return job
            return self._keep(replace(job, step="cancelled"))

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._next() is not None)
                job = None if self._stopping else self._next()
                self._in_hand = job.id if job else None
            if job is None:
                return
            self._do(job)

    def _next(self) -> Job | None:
        """The job that was running when the server stopped, else the one that waits longest."""
        due = [job for job in self._jobs.values() if not job.is_over]
        return min(due, key=lambda job: (job.step != "running", job.created), default=None)

    def _do(self, job: Job) -> None:
        try:
            with self._corpus() as corpus:
                self._make(job.id, corpus)
        except _Ended:
            return
        except NotReady as error:
            self._fail(job.id, str(error))
        except Exception as error:  # a job that breaks must not keep the next one from running
            expected = isinstance(error, MemosError | IngestError)
            _log.error("opdracht %s mislukt: %s", job.id, error, exc_info=not expected)
            self._fail(job.id, BROKEN)

    def _make(self, job_id: str, corpus: Corpus) -> None:
        source = source_of(corpus, self._mode)
        names = self._jobs[job_id].names
        there = [name for name in names if name in source.commitments]
        gone = tuple(
            Failed(name, "de sectie staat niet meer in het corpus") for name in names if name not in there
        )
        job = self._note(job_id, step="running", ready=0, failures=gone, snapshot=source.snapshot)

        def work(tasks: Sequence[Task]) -> Generator[Result, None, None]:
            for result in in_threads(lambda do: do(corpus), self._composer(), tasks, self._threads):
                if isinstance(result, Failed):
                    self._note(job_id, failures=(*self._jobs[job_id].failures, result))
                yield result

        def report(_: str, done: int, __: int) -> None:
            self._note(job_id, ready=done + len(gone) - len(self._jobs[job_id].failures))

        run(self.files, source, there, work, formats=job.formats, report=report)
        self._note(job_id, step="done")

    def _fail(self, job_id: str, message: str) -> None:
        """Give a job up, also when that cannot be written down."""
        with self._changed:
            if not self._jobs[job_id].is_over:
                self._jobs[job_id] = replace(self._jobs[job_id], step="failed", message=message)
                with suppress(MemosError):
                    self._keep(self._jobs[job_id])

    def _note(self, job_id: str, **changes: object) -> Job:
        """Keep what became of a job. Raises: _Ended when nothing more should."""
        with self._changed:
            job = self._jobs[job_id]
            if self._stopping or job.is_over:
                raise _Ended
            return self._keep(replace(job, **changes))  # type: ignore[arg-type]

    def _keep(self, job: Job) -> Job:
        with explained(self._records):
            files.make_folder(self._records)
            aside = self._records / f"{job.id}.tmp"
            files.write_bytes(aside, _JOB.dump_json(job, indent=1))
            files.replace(aside, self._records / f"{job.id}.json")
        self._jobs[job.id] = job
        return job

    def _forget(self) -> None:
        """Drop the oldest jobs that are over; one that was cancelled may still be in hand."""
        done = (job for job in self._jobs.values() if job.is_over and job.id != self._in_hand)
        over = sorted(done, key=lambda job: job.created)
        for job in over[: max(0, len(over) - MOST_KEPT)]:
            del self._jobs[job.id]
            with explained(self._records):
                (self._records / f"{job.id}.json").unlink(missing_ok=True)


def files_of(store: Path) -> Path:
    """The folder of the memos that the jobs of a store made."""
    return store / "memos" / "files"


def _read(folder: Path) -> list[Job]:
    """The jobs that a folder keeps; one that cannot be understood is left out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            job = _JOB.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        if _ID.fullmatch(job.id) and job.id == path.stem:
            found.append(job)
    return found
