"""The ledger's tables in the catalog: one for each kind of record, a column for each of its fields.

Amounts are text, since SQLite's numbers are no decimals; several values in one field are a JSON list.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import groupby
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ingest.budget.records import Adjustment, Article, Breakdown, Cell, Ledger, Total, Transfer, Unread

_RECORDS: Mapping[str, type] = {
    "articles": Article,
    "cells": Cell,
    "breakdowns": Breakdown,
    "adjustments": Adjustment,
    "totals": Total,
    "transfers": Transfer,
    "unread": Unread,
}
_KINDS = {int: "INTEGER", bool: "INTEGER"}
Value = str | int | None


def _types(record: type) -> list[tuple[str, type]]:
    """The fields of a record with the type of their values; what may be None counts as the other type."""
    hints = get_type_hints(record)
    return [(field.name, _type(hints[field.name])) for field in fields(record)]


def _type(hint: Any) -> type:
    if isinstance(hint, UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    plain = get_origin(hint) or hint
    return plain if plain in (int, bool, Decimal, tuple) else str


_TYPES = {table: _types(record) for table, record in _RECORDS.items()}
COLUMNS: Mapping[str, str] = {"ledgers": "document_id TEXT PRIMARY KEY"} | {
    table: ", ".join(
        ["number INTEGER PRIMARY KEY", *(f'"{name}" {_KINDS.get(of, "TEXT")}' for name, of in types)]
    )
    for table, types in _TYPES.items()
}


def ledger_rows(ledgers: Sequence[Ledger]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Every row of the ledgers with the table it goes to, rows of one table together."""
    for ledger in ledgers:
        yield "ledgers", (ledger.document_id,)
    for table in _RECORDS:
        records = [record for ledger in ledgers for record in getattr(ledger, table)]
        for number, record in enumerate(records):
            yield table, (number, *(_stored(getattr(record, name)) for name, _ in _TYPES[table]))


def ledgers_from(select: Callable[[str], Sequence[Sequence[Any]]]) -> tuple[Ledger, ...]:
    """The ledgers as they were given to `ledger_rows`; `select` runs a query and gives its rows."""
    documents = [row[0] for row in select("SELECT document_id FROM ledgers ORDER BY document_id")]
    held: dict[str, dict[str, tuple[Any, ...]]] = {table: {} for table in _RECORDS}
    for table, record in _RECORDS.items():
        read = [
            record(*(_read(of, value) for (_, of), value in zip(_TYPES[table], row[1:], strict=True)))
            for row in select(f"SELECT * FROM {table} ORDER BY number")  # noqa: S608
        ]
        for document, group in groupby(read, key=lambda one: one.document_id):
            held[table][document] = tuple(group)
    return tuple(Ledger(d, **{table: held[table].get(d, ()) for table in _RECORDS}) for d in documents)


def _stored(value: Any) -> Value:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return int(value) if isinstance(value, bool) else value


def _read(of: type, value: Value) -> Any:
    if value is None:
        return None
    if of is tuple:
        return tuple(json.loads(str(value)))
    return of(value)
