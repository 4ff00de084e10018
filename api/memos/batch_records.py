"""What a run of memos is given and what it gives back."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from answer.memo_records import Memo
from ingest.records import Commitment
from retrieval.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Composer:
    """What a memo is made with: the record, the hash of what it rests on, each format, and how two versions differ.

    `compare` gives what changed as Dutch lines, and the comparison by suffix (`verschil.html`, `verschil.docx`).
    """

    memo: Callable[[Corpus, Commitment], Memo]
    evidence: Callable[[Corpus, Commitment], str]
    formats: Mapping[str, Callable[[Memo], bytes]]
    compare: Callable[[Memo, Memo], tuple[tuple[str, ...], Mapping[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Task:
    """One memo to make: in which formats, and what is there already.

    `missing` are the formats without a file; `evidence` and `record` are those of the version before, None when there is none.
    """

    name: str
    commitment: Commitment
    formats: tuple[str, ...]
    missing: tuple[str, ...]
    evidence: str | None
    record: Path | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A memo that was made: its files by suffix, and what changed since the version before."""

    task: Task
    memo: Memo
    files: Mapping[str, bytes]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """A memo that says what it said; `files` are those that were missing.

    `memo` is its record with what it rests on now, None when that is what it rested on.
    """

    task: Task
    files: Mapping[str, bytes]
    memo: Memo | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A memo that could not be made, and why, in Dutch."""

    name: str
    reason: str


Result = Composed | Same | Failed
Work = Callable[[Sequence[Task]], Generator[Result, None, None]]


@dataclass(frozen=True, slots=True)
class Written:
    """A memo that was written: the name of each file by its suffix, those beside an edited one, and what changed."""

    name: str
    files: Mapping[str, str]
    beside: tuple[str, ...]
    changes: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did. `unchanged` rest on the same evidence; `gone` are kept of sections that the corpus no longer has."""

    folder: Path
    snapshot: str
    written: tuple[Written, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Failed, ...]
    gone: tuple[str, ...]
