"""The catalog: everything a snapshot says beside its vectors, in one SQLite file that is never changed.

To add a group of tables: its columns in `_COLUMNS`, a function that gives its rows in `_GROUPS`, a reader in
`Catalog`. The snapshot's id follows by itself, since it hashes `rows`. Raise `FORMAT` when a table changes.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest import StoreDamaged
from ingest.budget.records import Ledger
from ingest.catalog_commitments import COLUMNS as COMMITMENT_COLUMNS
from ingest.catalog_commitments import commitment_rows, commitments_from
from ingest.catalog_ledger import COLUMNS as LEDGER_COLUMNS
from ingest.catalog_ledger import ledger_rows, ledgers_from
from ingest.records import Block, Box, Commitment, Document, Metadata, Passage, Question, Rejected

FORMAT = 6
# Formats that are still read, so that a store of before can be ingested over.
_WITHOUT_LEDGERS, _WITHOUT_STAGES, _WITHOUT_COMMITMENTS, _WITHOUT_MINISTER_TITLES = 1, 2, 3, 4
_WITHOUT_OPEN_QUESTIONS = 5
Row = tuple[str | int | None, ...]

_META = tuple(field.name for field in fields(Metadata))
_COLUMNS: Mapping[str, str] = {
    "documents": "id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, origin TEXT NOT NULL, date TEXT, "
    "year INTEGER, publisher TEXT, language TEXT NOT NULL, uri TEXT, official_title TEXT, themes TEXT NOT NULL, "
    "ministers TEXT NOT NULL, minister_title TEXT, note TEXT, stage TEXT, sha256 TEXT NOT NULL",
    "texts": "document_id TEXT PRIMARY KEY, text TEXT NOT NULL, sections TEXT NOT NULL, blocks TEXT NOT NULL, "
    "boxes TEXT NOT NULL",
    "sections": "number INTEGER PRIMARY KEY, path TEXT NOT NULL",
    "passages": "row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL, start INTEGER NOT NULL, "
    '"end" INTEGER NOT NULL, text TEXT NOT NULL, section INTEGER NOT NULL, page INTEGER',
    "questions": 'number INTEGER PRIMARY KEY, document_id TEXT NOT NULL, text TEXT NOT NULL, start INTEGER, "end" INTEGER, '
    "kind TEXT NOT NULL",
    "rejected": "number INTEGER PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL",
    "thesaurus": "terms TEXT NOT NULL",
    **LEDGER_COLUMNS,
    **COMMITMENT_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot says: passage `i` belongs to vector `i`."""

    documents: Sequence[Document]
    passages: Sequence[Passage]
    questions: Sequence[Question]
    rejected: Sequence[Rejected]
    ledgers: Sequence[Ledger] = ()
    terms: str = ""  # of the thesaurus, as `ingest.thesaurus_terms.dumped` gives them
    commitments: Sequence[Commitment] = ()


def write_catalog(path: Path, contents: Contents) -> None:
    """Write a new catalog; the same contents give the same rows in the same order. Raises: StoreDamaged."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Nobody reads the file before it is whole and synced, so that a journal would only cost time.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table, columns in _COLUMNS.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
        for table, group in groupby(rows(contents), key=itemgetter(0)):
            marks = ", ".join("?" * (_COLUMNS[table].count(", ") + 1))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", (row for _, row in group))  # noqa: S608
        connection.execute("CREATE INDEX questions_of ON questions (document_id)")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise StoreDamaged(
            f"De catalogus {path} kon niet worden geschreven ({error}). Maak plaats op de schijf en voer de opdracht "
            f"opnieuw uit. Wat gepubliceerd was, is gebleven."
        ) from error
    finally:
        connection.close()


def rows(contents: Contents) -> Iterator[tuple[str, Row]]:
    """Every row of a catalog with the table it goes to, rows of one table together."""
    for group in _GROUPS:
        yield from group(contents)


def _documents(contents: Contents) -> Iterator[tuple[str, Row]]:
    for document in contents.documents:
        values = (getattr(document.meta, name) for name in _META)
        yield "documents", (*(_json(v) if isinstance(v, tuple) else v for v in values), document.sha256)


def _texts(contents: Contents) -> Iterator[tuple[str, Row]]:
    for document in contents.documents:
        numbers: dict[tuple[str, ...], int] = {}
        blocks = [
            (b.start, b.end, b.kind, b.level, b.page, numbers.setdefault(b.section, len(numbers)))
            for b in document.blocks
        ]
        boxes = [astuple(box) for box in document.boxes]
        yield "texts", (document.id, document.text, _json(list(numbers)), _json(blocks), _json(boxes))


def _passages(contents: Contents) -> Iterator[tuple[str, Row]]:
    numbers: dict[tuple[str, ...], int] = {}
    for passage in contents.passages:
        numbers.setdefault(passage.section, len(numbers))
    yield from (("sections", (number, _json(path))) for path, number in numbers.items())
    for row, p in enumerate(contents.passages):
        yield "passages", (row, p.id, p.document_id, p.start, p.end, p.text, numbers[p.section], p.page)


def _questions(contents: Contents) -> Iterator[tuple[str, Row]]:
    for number, q in enumerate(contents.questions):
        yield "questions", (number, q.document_id, q.text, *(q.span or (None, None)), q.kind)


def _rejected(contents: Contents) -> Iterator[tuple[str, Row]]:
    for number, r in enumerate(contents.rejected):
        yield "rejected", (number, r.path, r.reason, r.message)


def _ledgers(contents: Contents) -> Iterator[tuple[str, Row]]:
    yield from ledger_rows(contents.ledgers)


def _thesaurus(contents: Contents) -> Iterator[tuple[str, Row]]:
    if contents.terms:
        yield "thesaurus", (contents.terms,)


def _commitments(contents: Contents) -> Iterator[tuple[str, Row]]:
    yield from commitment_rows(contents.commitments)


_GROUPS = (_documents, _texts, _passages, _questions, _rejected, _thesaurus, _ledgers, _commitments)


class Catalog:
    """An opened catalog, safe to share between threads. Raises StoreDamaged, here and at every read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._one_at_a_time = threading.Lock()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        try:
            version = self._rows("PRAGMA user_version")[0][0]
            if version > FORMAT:
                raise StoreDamaged(
                    f"{path} is geschreven door een nieuwere versie van het programma (formaat {version}, hier {FORMAT}); "
                    f"werk het programma bij."
                )
            if version < _WITHOUT_LEDGERS:
                raise self._damaged(f"formaat {version}, verwacht {FORMAT}")
            self._has_ledgers = version > _WITHOUT_LEDGERS
            self._has_thesaurus = version > _WITHOUT_STAGES
            self._has_commitments = version > _WITHOUT_COMMITMENTS
            held = {"stage": self._has_thesaurus, "minister_title": version > _WITHOUT_MINISTER_TITLES}
            kind = "kind" if version > _WITHOUT_OPEN_QUESTIONS else "'answered'"
            self._question = f'SELECT document_id, text, start, "end", {kind} FROM questions'  # noqa: S608
            self._meta = ", ".join(name if held.get(name, True) else f"NULL AS {name}" for name in _META)
        except StoreDamaged:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def documents(self) -> tuple[Metadata, ...]:
        """What is known of each document, by id."""
        found = self._rows(f"SELECT {self._meta} FROM documents ORDER BY id")  # noqa: S608
        return tuple(_metadata(row) for row in found)

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of the bytes that each document was read from, by its id."""
        return dict(self._rows("SELECT id, sha256 FROM documents"))

    def document(self, document_id: str) -> Document | None:
        """One document with its blocks and boxes; None when there is no such document."""
        found = self._rows(self._whole() + " WHERE id = ?", document_id)
        return _document(found[0]) if found else None

    def passages(self) -> list[Passage]:
        """Every passage, the one of vector `i` at place `i`."""
        sections = self._sections()
        return [_passage(row, sections) for row in self._rows(_PASSAGE + " ORDER BY row")]

    def passage(self, row: int) -> Passage:
        """The passage of one vector. Raises: IndexError."""
        found = self._rows(_PASSAGE + " WHERE row = ?", row)
        if not found:
            raise IndexError(row)
        path = self._rows("SELECT path FROM sections WHERE number = ?", found[0][5])[0][0]
        return _passage(found[0], {found[0][5]: tuple(json.loads(path))})

    def passage_rows(self, ids: Sequence[str]) -> dict[str, int]:
        """The row of each of these passages; an unknown id is absent."""
        wanted = "SELECT value FROM json_each(?)"
        return dict(self._rows(f"SELECT id, row FROM passages WHERE id IN ({wanted})", _json(list(ids))))  # noqa: S608

    def questions(self) -> list[Question]:
        """Every question that was written for a place, answered there or not."""
        return [_question(row) for row in self._rows(self._question + " ORDER BY number")]

    def questions_of(self, document_id: str) -> list[Question]:
        """The questions that were written for places in one document."""
        return [
            _question(row)
            for row in self._rows(self._question + " WHERE document_id = ? ORDER BY number", document_id)
        ]

    def questions_of_several_places(self) -> dict[str, list[Question]]:
        """The answered questions that stand at several places, by their text, each at all of its places."""
        repeated = "SELECT text FROM questions WHERE start IS NOT NULL GROUP BY text HAVING COUNT(*) > 1"
        found: dict[str, list[Question]] = {}
        for row in self._rows(
            f"{self._question} WHERE start IS NOT NULL AND text IN ({repeated}) ORDER BY number"
        ):
            question = _question(row)
            if question.kind == "answered":
                found.setdefault(question.text, []).append(question)
        return {text: places for text, places in found.items() if len(places) > 1}

    def rejected(self) -> list[Rejected]:
        """What was not ingested."""
        return [
            Rejected(*row) for row in self._rows("SELECT path, reason, message FROM rejected ORDER BY number")
        ]

    def ledgers(self) -> tuple[Ledger, ...]:
        """The budget figures of each document that has them, by document id."""
        return ledgers_from(self._rows) if self._has_ledgers else ()

    def terms(self) -> str:
        """The labels of the thesaurus, as `ingest.thesaurus_terms.loaded` reads them; empty when there are none."""
        found = self._rows("SELECT terms FROM thesaurus") if self._has_thesaurus else []
        return str(found[0][0]) if found else ""

    def commitments(self) -> tuple[Commitment, ...]:
        """The sections of the coalition agreements, by document and place, with the promises in them."""
        return commitments_from(self._rows) if self._has_commitments else ()

    def contents(self) -> Contents:
        """All of it, as it was given to `write_catalog`."""
        documents = [_document(row) for row in self._rows(self._whole() + " ORDER BY id")]
        return Contents(
            documents,
            self.passages(),
            self.questions(),
            self.rejected(),
            self.ledgers(),
            self.terms(),
            self.commitments(),
        )

    def counts(self) -> dict[str, int]:
        """The number of documents, passages, questions and rejected items, without reading them."""
        tables = ("documents", "passages", "questions", "rejected")
        return {table: self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608

    def _whole(self) -> str:
        """The query for whole documents, metadata first."""
        return f"SELECT {self._meta}, sha256, text, sections, blocks, boxes FROM documents JOIN texts ON document_id = id"  # noqa: S608

    def _sections(self) -> dict[int, tuple[str, ...]]:
        return {
            number: tuple(json.loads(path))
            for number, path in self._rows("SELECT number, path FROM sections")
        }

    def _rows(self, query: str, *values: str | int) -> list[Any]:
        with self._one_at_a_time:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def _damaged(self, found: object) -> StoreDamaged:
        return StoreDamaged(
            f"De catalogus {self._path} is niet leesbaar ({found}). Voer `wijzer corpus verify` uit."
        )


_PASSAGE = 'SELECT document_id, start, "end", text, page, section FROM passages'


def _metadata(row: Sequence[Any]) -> Metadata:
    values = dict(zip(_META, row, strict=False))
    return Metadata(**values | {name: tuple(json.loads(values[name])) for name in ("themes", "ministers")})


def _document(row: Sequence[Any]) -> Document:
    text, sections, blocks, boxes = row[-4:]
    paths = [tuple(path) for path in json.loads(sections)]
    return Document(
        _metadata(row),
        row[len(_META)],
        text,
        tuple(
            Block(start, end, kind, level, page, paths[section])
            for start, end, kind, level, page, section in json.loads(blocks)
        ),
        tuple(Box(*box) for box in json.loads(boxes)),
    )


def _passage(row: Sequence[Any], sections: Mapping[int, tuple[str, ...]]) -> Passage:
    document_id, start, end, text, page, section = row
    return Passage(document_id, start, end, text, sections[section], page)


def _question(row: Sequence[Any]) -> Question:
    document_id, text, start, end, kind = row
    return Question(document_id, text, None if start is None else (start, end), kind)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
