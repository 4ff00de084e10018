"""A snapshot: one immutable, proved version of everything made from the corpus.

It is built aside, proved, and only then given its name. Nothing of it changes afterwards, except that
damaged parts are replaced by sound ones that say the same.
"""

import dataclasses
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from ingest import StoreDamaged
from ingest.catalog import Contents, write_catalog
from ingest.dense import write_chroma
from ingest.files import copy_tree, explained, lock, make_folder, remove_tree, replace, sync_tree, write_bytes
from ingest.proof import prove_in_child
from ingest.snapshot_manifest import (
    CATALOG,
    CHROMA,
    LEXICAL,
    MANIFEST,
    VECTORS,
    Fault,
    Manifest,
    Vectors,
    arranged,
    check_files,
    described,
    hashed,
    read_manifest,
    snapshot_id,
    write_manifest,
)
from ingest.snapshot_publish import (
    SnapshotInfo,
    current,
    folder_of,
    kept,
    prune,
    publish,
    published,
    rollback,
    snapshots,
    sweep,
)

__all__ = [
    "Fault",
    "Manifest",
    "SnapshotInfo",
    "arranged",
    "build",
    "current",
    "prune",
    "publish",
    "published",
    "read_manifest",
    "repair",
    "rollback",
    "snapshot_id",
    "snapshots",
    "verify",
]

Report = Callable[[str, int, int], None]
Proof = Callable[[Path], list[Fault]]


def build(
    store: Path,
    contents: Contents,
    vectors: Vectors,
    *,
    analyser: str,
    embedder: str,
    write_lexical: Callable[[Path], None],
    report: Report = lambda stage, done, total: None,
    prove: Proof = prove_in_child,
) -> Manifest:
    """Build and prove the snapshot of `contents`, not yet published; one that is kept and sound is used as it is.

    Passages and unit `vectors`, float32 (n, d), come in the order of `arranged`. `write_lexical` makes the
    folder that it is given, with passage `i` as row `i`. `report` hears (stage, done, total).

    Raises: StoreBusy; StoreDamaged when it cannot be written or does not pass the proof; ValueError for another
    order of passages.
    """
    in_order, vectors = arranged(contents, vectors)
    if list(in_order.passages) != list(contents.passages):
        raise ValueError(
            "the passages are not in the order of a snapshot: pass them through `arranged` first"
        )
    name = snapshot_id(in_order, vectors, analyser, embedder)
    folder = folder_of(store, name)
    with _held(store):
        if folder.is_dir() and not check_files(folder):
            return read_manifest(folder)
        with _aside(store) as aside:
            report("index", 0, 4)
            write_catalog(aside / CATALOG, in_order)
            write_bytes(aside / VECTORS, _npy(vectors))
            report("index", 1, 4)
            write_lexical(aside / LEXICAL)
            report("index", 2, 4)
            write_chroma(aside / CHROMA, vectors)
            report("index", 3, 4)
            manifest = Manifest(name, _now(), _code(), analyser, embedder, _counts(in_order), hashed(aside))
            _proved(aside, manifest, prove)
            _install(aside, folder)
            report("index", 4, 4)
    return manifest


def verify(store: Path, name: str) -> list[Fault]:
    """What is wrong with the files of a kept snapshot, none when it is sound. Raises: StoreDamaged when not kept."""
    return check_files(kept(store, name))


def repair(
    store: Path, name: str, write_lexical: Callable[[Path], None], *, prove: Proof = prove_in_child
) -> list[Fault]:
    """Rebuild the damaged indexes of a kept snapshot from its catalog and vectors; gives the faults that it mended.

    Raises: StoreBusy; StoreDamaged when the catalog, the vectors or the manifest are damaged themselves.
    """
    folder = kept(store, name)
    with _held(store):
        faults = check_files(folder)
        if any(not fault.derived for fault in faults):
            raise StoreDamaged(
                f"Publicatie {name} is niet te herstellen: {described(faults)}. Voer `wijzer ingest` opnieuw uit of "
                f"ga terug met `wijzer corpus rollback`."
            )
        damaged = {fault.file.split("/")[0] for fault in faults}
        if not damaged:
            return []
        with _aside(store) as aside:
            for part in {CATALOG, VECTORS, LEXICAL, CHROMA} - damaged:
                copy_tree(folder / part, aside / part)
            if LEXICAL in damaged:
                write_lexical(aside / LEXICAL)
            if CHROMA in damaged:
                write_chroma(aside / CHROMA, np.load(aside / VECTORS, allow_pickle=False))
            _proved(aside, dataclasses.replace(read_manifest(folder), files=hashed(aside)), prove)
            _install(aside, folder)
    return faults


@contextmanager
def _held(store: Path) -> Iterator[None]:
    """The store to oneself, without what builders that died left behind."""
    with lock(store), explained(store):
        sweep(store)
        yield


@contextmanager
def _aside(store: Path) -> Iterator[Path]:
    """A folder to build in, gone afterwards."""
    folder = folder_of(store, f"building-{os.getpid()}")
    make_folder(folder)
    try:
        yield folder
    finally:
        remove_tree(folder)


def _proved(aside: Path, manifest: Manifest, prove: Proof) -> None:
    write_manifest(aside, manifest)
    sync_tree(aside)
    faults = prove(aside)
    if faults:
        raise StoreDamaged(
            f"De nieuwe versie doorstaat het bewijs niet en is niet bewaard: {described(faults)}. Voer de opdracht "
            f"opnieuw uit. Wat gepubliceerd was, is gebleven."
        )


def _install(aside: Path, folder: Path) -> None:
    """Give a proved folder its name; over a damaged one of that name, part by part with the manifest last.

    Both say the same, so that the pointer may lead to it all the while.
    """
    if not folder.is_dir():
        replace(aside, folder)
        return
    for part in (CATALOG, VECTORS, LEXICAL, CHROMA, MANIFEST):
        if (folder / part).is_dir():
            replace(folder / part, aside / f"damaged-{part}")
        replace(aside / part, folder / part)


def _npy(vectors: Vectors) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, vectors.astype("<f4", copy=False), allow_pickle=False)
    return buffer.getvalue()


def _counts(contents: Contents) -> dict[str, int]:
    return {
        "documents": len(contents.documents),
        "passages": len(contents.passages),
        "questions": len(contents.questions),
        "rejected": len(contents.rejected),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _code() -> str:
    try:
        return version("beleidswijzer")
    except PackageNotFoundError:
        return "niet geïnstalleerd"
