"""Kept answers: an append-only file, `answers.jsonl`, whose records form a chain (`answer.chain`)."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from answer import chain
from answer.chain import Chain, Unreadable
from answer.log_record import Entry, Record, record_of


def append(path: Path, entry: Entry) -> Record:
    """Keep an answer as the last record of a log; it is on the disk when this returns. Raises: StoreDamaged."""
    return record_of(chain.append(path, asdict(entry)))


def records(path: Path, holding: str = "") -> Iterator[Record]:
    """The records of a log, as `chain.links` gives them. Raises: StoreDamaged."""
    for link in chain.links(path, holding):
        try:
            yield record_of(link)
        except Unreadable:
            continue


def find(path: Path, record_id: str) -> Record | None:
    """The record of this id, None when the log has none. Raises: StoreDamaged."""
    return next((record for record in records(path, record_id) if record.id == record_id), None)


def check(path: Path) -> Chain:
    """Walk the whole chain and name every place where it does not hold. Raises: StoreDamaged."""
    return chain.check(path, record_of)
