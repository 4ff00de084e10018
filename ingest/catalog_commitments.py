"""The commitments' table in the catalog: a row for each section of a coalition agreement, in order."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ingest.records import Commitment

COLUMNS: Mapping[str, str] = {
    "commitments": "number INTEGER PRIMARY KEY, id TEXT NOT NULL, document_id TEXT NOT NULL, domain TEXT NOT NULL, "
    'path TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, promises TEXT NOT NULL'
}
Value = str | int | None


def commitment_rows(commitments: Sequence[Commitment]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Every commitment as a row, with the table it goes to."""
    for number, c in enumerate(commitments):
        path, promises = _json(c.path), _json(c.promises)
        yield "commitments", (number, c.id, c.document_id, c.domain, path, c.start, c.end, promises)


def commitments_from(select: Callable[[str], Sequence[Sequence[Any]]]) -> tuple[Commitment, ...]:
    """The commitments as they were given to `commitment_rows`; `select` runs a query and gives its rows."""
    columns = 'id, document_id, domain, path, start, "end", promises'
    return tuple(
        Commitment(
            name,
            document,
            domain,
            tuple(json.loads(path)),
            start,
            end,
            tuple(map(tuple, json.loads(promises))),
        )
        for name, document, domain, path, start, end, promises in select(
            f"SELECT {columns} FROM commitments ORDER BY number"  # noqa: S608
        )
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
