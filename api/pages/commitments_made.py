"""The memos that the pages show: composed when first asked for, kept while their snapshot is the newest.

What was counted in memos that a job made is known too, so that an overview needs no memo of its own.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

from answer.memo_records import Memo, Status
from api.memos import MemosError
from api.memos.render_words import counted
from api.memos.state import read_state
from ingest.records import Commitment
from retrieval.corpus import Corpus

Compose = Callable[[Corpus, Commitment], Memo]
Key = tuple[str, str]  # document and commitment
Counts = Mapping[Status, int]


class Memos:
    """Memos by document and commitment, of one snapshot; safe to share between threads.

    Of the threads that ask for one memo at once, one composes it and the others wait for that.
    """

    def __init__(self, compose: Compose) -> None:
        self._compose = compose
        self._lock = threading.Lock()
        self._turns: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)
        self._version = ""
        self._made: dict[Key, Memo] = {}

    def of(self, corpus: Corpus, commitment: Commitment) -> Memo:
        """The memo of a commitment on this corpus."""
        key = key_of(commitment)
        with self._lock:
            turn = self._turns[key]
        with turn:
            made = self._known(corpus).get(key) or self._compose(corpus, commitment)
            with self._lock:
                if self._version == corpus.version:
                    self._made[key] = made
        return made

    def counts(self, corpus: Corpus, folder: Path) -> Mapping[Key, Counts]:
        """The promises by status of each commitment that has a memo of this corpus, here or in the folder of the jobs."""
        here = {key: counted(memo) for key, memo in self._known(corpus).items()}
        return {**_counts_of(folder, corpus.version), **here}

    def _known(self, corpus: Corpus) -> Mapping[Key, Memo]:
        with self._lock:
            if self._version != corpus.version:
                self._version, self._made = corpus.version, {}
            return dict(self._made)


def key_of(commitment: Commitment) -> Key:
    """What a commitment is known by: its id is one of a kind in its document only."""
    return commitment.document_id, commitment.id


def _counts_of(folder: Path, version: str) -> Mapping[Key, Counts]:
    """What a folder of memos counts for this snapshot; nothing when the folder cannot be read."""
    try:
        kept = read_state(folder).memos.values()
    except MemosError:
        return {}
    return {
        key_of(each.commitment): {status: each.statuses.get(status, 0) for status in get_args(Status)}
        for each in kept
        if version in (each.snapshot, each.run.split(" ")[0])
    }
