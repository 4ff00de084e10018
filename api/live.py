"""The published snapshot, held open while the server runs and swapped when another is published."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest import IngestError
from ingest.embed import Embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus

RETRY_SECONDS = 10.0
_log = logging.getLogger(__name__)

Opener = Callable[[Path, Embedder], AbstractContextManager[Corpus]]
Signature = tuple[int, int, int]


class NotReady(Exception):
    """No corpus is open; the message says why and what to do."""


@dataclass(slots=True)
class _Held:
    """An open corpus, what closes it, and how many requests are reading it."""

    corpus: Corpus
    closing: ExitStack
    readers: int = 0
    retired: bool = False


class Live:
    """Lends the newest corpus that could be opened to any number of threads.

    Each `corpus()` looks whether `CURRENT` was replaced (one stat). The thread that sees it first opens the
    new snapshot; the others go on with the old one, which is closed when its last reader is done. A snapshot
    that cannot be opened is logged and tried again after `RETRY_SECONDS`; until then the old one stays.
    """

    def __init__(
        self,
        store: Path,
        load: Callable[[], Embedder],
        opener: Opener = open_corpus,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._load, self._opener, self._clock = store, load, opener, clock
        self._embedder: Embedder | None = None
        self._held: _Held | None = None
        self._tried: Signature | None = None
        self._reason: str | None = "Er is nog geen corpus geopend."
        self._retry_at = clock()
        self._opening = threading.Lock()
        self._lending = threading.Lock()

    def __enter__(self) -> Self:
        self._refresh()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._replace(None)

    @contextmanager
    def corpus(self) -> Iterator[Corpus]:
        """The newest corpus, open for as long as the block lasts. Raises: NotReady."""
        self._refresh()
        with self._lending:
            held = self._held
            if held is None:
                raise NotReady(self._reason)
            held.readers += 1
        try:
            yield held.corpus
        finally:
            with self._lending:
                held.readers -= 1
                done = held.retired and held.readers == 0
            if done:
                _close(held)

    def _refresh(self) -> None:
        if not self._is_due(_signature(self._store)):
            return
        if not self._opening.acquire(blocking=self._held is None):
            return
        try:
            seen = _signature(self._store)
            if self._is_due(seen):
                self._open(seen)
        finally:
            self._opening.release()

    def _is_due(self, seen: Signature | None) -> bool:
        return seen != self._tried or (self._reason is not None and self._clock() >= self._retry_at)

    def _open(self, seen: Signature | None) -> None:
        closing = ExitStack()
        try:
            self._embedder = self._embedder or self._load()
            opened = _Held(closing.enter_context(self._opener(self._store, self._embedder)), closing)
        except Exception as error:  # whatever is wrong with the new one, the old one goes on answering
            closing.close()
            self._reason = _told(error)
            _log.error("snapshot niet geopend: %s", self._reason, exc_info=not _expected(error))
        else:
            self._reason = None
            self._replace(opened)
        # Last, so that whoever has no corpus yet waits for this attempt instead of giving up on the one before.
        self._tried, self._retry_at = seen, self._clock() + RETRY_SECONDS

    def _replace(self, opened: _Held | None) -> None:
        with self._lending:
            old, self._held = self._held, opened
            if old is None:
                return
            old.retired = True
            idle = old.readers == 0
        if idle:
            _close(old)


def _signature(store: Path) -> Signature | None:
    """What changes whenever `CURRENT` is replaced; None when it is not there."""
    try:
        found = (store / "CURRENT").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _expected(error: Exception) -> bool:
    return isinstance(error, IngestError | RetrievalError)


def _told(error: Exception) -> str:
    if _expected(error):
        return str(error)
    return f"Het gepubliceerde corpus kan niet geopend worden ({type(error).__name__}); het logboek vermeldt meer."


def _close(held: _Held) -> None:
    try:
        held.closing.close()
    except Exception:  # closing an old snapshot must not fail the request that happened to be its last
        _log.exception("het vorige corpus sloot niet netjes")
