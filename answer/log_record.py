"""One kept answer: everything that is needed to make it again, sealed and tied to the record before it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from answer import chain
from answer.chain import GENESIS as GENESIS
from answer.chain import Link
from answer.chain import Unreadable as Unreadable
from answer.records import Answer, Trace
from retrieval.records import Filters, Turn

_PACKAGES = ("ingest", "retrieval", "prompts", "answer")
_SOURCES = {".py", ".md", ".toml", ".json", ".txt", ".j2", ".jinja", ".html"}
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Ranked:
    """One passage of the retrieval trace; `score` as in `Evidence`, to six decimals."""

    passage: str
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of an answer, before it has its place in a log.

    `at` is an ISO time in UTC; `question` as it was asked; `model` what a language model had to do with it;
    `answer` the whole `ask` object of the contract; `trace` the passages found, best first.
    """

    at: str
    question: str
    history: tuple[Turn, ...]
    filters: Filters
    snapshot: str
    code: str
    model: Trace | None
    trace: tuple[Ranked, ...]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """An entry in its place: `number` counts from 1, `previous` is the `sha256` of the record before."""

    number: int
    previous: str
    sha256: str
    entry: Entry

    @property
    def id(self) -> str:
        """The name of the record: the first 16 digits of its hash."""
        return self.sha256[:_ID_DIGITS]

    def as_json(self) -> dict[str, Any]:
        """The record with its id, as `--json` prints it."""
        return {"id": self.id, **_fields(self)}


def entry_of(
    answer: Answer,
    question: str,
    *,
    at: datetime,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Entry:
    """What is kept of an answer that was just given to a question as it was asked; `at` has a time zone."""
    return Entry(
        at=at.isoformat(timespec="seconds"),
        question=question,
        history=tuple(history),
        filters=filters,
        snapshot=answer.corpus_version,
        code=code_hash(),
        model=answer.trace,
        trace=tuple(Ranked(e.passage.id, round(e.score, 6)) for e in answer.evidence),
        answer=answer.as_json(),
    )


@cache
def code_hash(*more: str) -> str:
    """One hash for the sources and templates that answers depend on: 64 hexadecimal digits, 10 ms once.

    `more` are packages that something else depends on besides.
    """
    digest = hashlib.sha256()
    for package in (*_PACKAGES, *more):
        folder = Path(str(files(package)))
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _SOURCES):
            digest.update(f"{package}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sealed(entry: Entry, number: int, previous: str) -> bytes:
    """The line of a record, as `chain.sealed` writes it."""
    return chain.sealed(asdict(entry), number, previous)


def read_line(line: bytes) -> Record:
    """The record that a line says it is, its seal not checked. Raises: Unreadable."""
    return record_of(chain.read_link(line))


def record_of(link: Link) -> Record:
    """What a link of the chain of kept answers holds. Raises: Unreadable."""
    try:
        fields = dict(link.content)
        model = fields.pop("model")
        entry = Entry(
            **fields
            | {
                "history": tuple(Turn(**turn) for turn in fields["history"]),
                "filters": Filters(**{name: tuple(values) for name, values in fields["filters"].items()}),
                "model": Trace(**model) if model else None,
                "trace": tuple(Ranked(**ranked) for ranked in fields["trace"]),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(f"is geen record ({error})") from error
    return Record(link.number, link.previous, link.sha256, entry)


def _fields(record: Record) -> dict[str, Any]:
    place = {"number": record.number, "previous": record.previous, "sha256": record.sha256}
    return {**place, **asdict(record.entry)}
