"""What the gate reads and says: the two snapshots, what changed between them, findings, and the margins."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ingest import snapshot
from ingest.catalog import Catalog, Contents
from ingest.embed import Vectors
from ingest.lexical import Lexical
from ingest.records import Document
from ingest.snapshot import Manifest
from ingest.snapshot_publish import kept

MARGINS = "gate_margins.toml"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a protected measure may fall, 0..1, and the Dutch reason; `absent` is what a question without it counts as."""

    name: str
    margin: float
    reason: str
    absent: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How often a rule may be broken (or which share), and the Dutch reason; `title` says what is counted."""

    name: str
    title: str
    most: float
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the gate found, in one Dutch line, with the questions and documents that it is about.

    `rule` is the name of a rule or of a measure. One that does not stop is told for the maintainer's judgement.
    """

    rule: str
    message: str
    questions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One snapshot as the rules read it; `vectors[i]` belongs to passage `i`."""

    manifest: Manifest
    contents: Contents
    vectors: Vectors
    lexical: Lexical
    documents: Mapping[str, Document]

    def document(self, document_id: str) -> Document | None:
        """One document; None when the snapshot does not hold it."""
        return self.documents.get(document_id)


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of each document, by id: `same` has the bytes, or the text and the date, of before."""

    added: frozenset[str]
    changed: frozenset[str]
    withdrawn: frozenset[str]
    same: frozenset[str]


@cache
def margins() -> tuple[Margin, ...]:
    """The protected measures."""
    return tuple(Margin(**entry) for entry in _table()["measure"])


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by name."""
    return MappingProxyType({entry["name"]: Rule(**entry) for entry in _table()["rule"]})


def side(store: Path, version: str) -> Side:
    """A kept snapshot, read whole. Raises: StoreDamaged."""
    folder = kept(store, version)
    with Catalog(folder / "catalog.sqlite") as catalog:
        contents = catalog.contents()
    return Side(
        snapshot.read_manifest(folder),
        contents,
        np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False),
        Lexical(folder / "lexical"),
        {d.id: d for d in contents.documents},
    )


def changes(before: Side | None, after: Side) -> Changes:
    """What became of each document between two snapshots."""
    old: Mapping[str, Document] = before.documents if before else {}
    new = after.documents
    same = {name for name in old.keys() & new.keys() if _same(old[name], new[name])}
    return Changes(
        frozenset(new.keys() - old.keys()),
        frozenset(old.keys() & new.keys() - same),
        frozenset(old.keys() - new.keys()),
        frozenset(same),
    )


def broken(
    name: str, count: float, told: str, documents: Sequence[str] = (), questions: Sequence[str] = ()
) -> list[Finding]:
    """A rule that is broken more often than it may be; nothing when it holds. `told` names the first cases."""
    rule = rules()[name]
    if count <= rule.most:
        return []
    amount = f"{count:.1%}".replace(".", ",") if rule.most % 1 else f"{count:.0f}"
    message = f"{rule.title}: {amount}. {told} {rule.reason}"
    return [Finding(name, message, tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(documents)))]


def first(named: Iterable[str]) -> str:
    """The first few in a sentence: `first(["a", "b"])` -> `"Eerst: a, b."`"""
    known = list(dict.fromkeys(named))
    more = f" en {len(known) - _SHOWN} meer" if len(known) > _SHOWN else ""
    return f"Eerst: {', '.join(known[:_SHOWN])}{more}." if known else ""


def _same(old: Document, new: Document) -> bool:
    return old.sha256 == new.sha256 or (old.text, old.meta.date) == (new.text, new.meta.date)


def _table() -> Mapping[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = tomllib.loads(
        (files("evals") / MARGINS).read_text(encoding="utf-8")
    )
    return table
