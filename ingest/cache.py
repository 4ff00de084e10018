"""Results by content hash, so that a rerun costs only what changed and an interrupted run loses nothing."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest import StoreDamaged


class Cache:
    """A table of bytes by key in one SQLite file; every `put` is durable when it returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """What is kept of `keys`; the others are absent."""
        rows = self._connection.execute(
            "SELECT key, value FROM kept WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return dict(rows)

    def put(self, items: Mapping[str, bytes]) -> None:
        """Keep items; an existing key is replaced. Raises: StoreDamaged when they cannot be written."""
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", items.items())
        except sqlite3.OperationalError as error:
            raise StoreDamaged(
                f"Tussenresultaten konden niet worden bewaard ({error}). Maak plaats op de schijf en voer de opdracht "
                f"opnieuw uit. Wat gepubliceerd was, is gebleven."
            ) from error


@contextmanager
def open_cache(path: Path) -> Iterator[Cache]:
    """The cache at `path`; one that is damaged is set aside and started anew, since it can be recomputed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _connect(path)
    except sqlite3.DatabaseError:
        path.replace(path.with_suffix(".damaged"))
        connection = _connect(path)
    try:
        yield Cache(connection)
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
        )
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
