"""What changed between two kept snapshots: documents that came, changed or went, and what they were made with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.pages.kept import Kept
from evals.gate_records import changes, side
from ingest.records import Document, Metadata
from ingest.snapshot_manifest import Manifest


@dataclass(frozen=True, slots=True)
class Changed:
    """Two snapshots, the older first, with the documents in which they differ; `same` counts the others."""

    before: Manifest
    after: Manifest
    added: tuple[Metadata, ...]
    changed: tuple[Metadata, ...]
    withdrawn: tuple[Metadata, ...]
    same: int


_kept: Kept[tuple[str, str], Changed] = Kept(16)


def changed_between(store: Path, before: str, after: str) -> Changed:
    """The difference between two kept snapshots; reads both whole, once. Raises: StoreDamaged."""
    return _kept.get((before, after), lambda: _compared(store, before, after))


def _compared(store: Path, before: str, after: str) -> Changed:
    old, new = side(store, before), side(store, after)
    found = changes(old, new)
    return Changed(
        old.manifest,
        new.manifest,
        _known(new.documents, found.added),
        _known(new.documents, found.changed),
        _known(old.documents, found.withdrawn),
        len(found.same),
    )


def _known(documents: Mapping[str, Document], names: Iterable[str]) -> tuple[Metadata, ...]:
    """What is known of these documents, the newest first."""
    return tuple(sorted((documents[n].meta for n in names), key=lambda m: (m.date or "", m.id), reverse=True))
