"""The audit log: one record for each request, in a chain that shows what was edited, removed or moved."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from answer import chain
from answer.chain import Chain, Link, Unreadable


@dataclass(frozen=True, slots=True)
class Row:
    """One request. `at` is an ISO time in UTC; `key` the id of a key, None when there was none; `ms` milliseconds.

    `questions` is None unless questions are kept on purpose. JSON in ASCII: no character of it can end a line.
    """

    request_id: str
    at: str
    key: str | None
    method: str
    route: str
    status: int
    snapshot: str | None
    mode: str | None
    outcome: str | None
    evidence: int | None
    ms: int
    questions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """An audit log gone through: its chain, and how many requests came with each key."""

    chain: Chain
    requests: Counter[str | None]


def append(path: Path, row: Row) -> None:
    """Keep a row; it is on the disk when this returns. Raises: StoreDamaged when it cannot be written."""
    chain.append(path, asdict(row))


def usage(path: Path) -> Usage:
    """Check the whole log and count the requests of each key. Raises: StoreDamaged."""
    return Usage(chain.check(path, _row_of), Counter(link.content.get("key") for link in chain.links(path)))


def _row_of(link: Link) -> Row:
    try:
        return Row(**link.content)
    except TypeError as error:
        raise Unreadable(f"is geen auditregel ({error})") from error
