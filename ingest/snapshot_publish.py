"""Which snapshot is the published one: the pointer, its history, and which others are kept.

`CURRENT` decides. `HISTORY.jsonl` is written just before it, so that its last line counts only when `CURRENT` agrees.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ingest import StoreDamaged
from ingest.files import explained, lock, remove_tree, replace, write_bytes
from ingest.snapshot_manifest import ID, Manifest, check_files, described, read_manifest

_LEFTOVER = re.compile(r"(building|removed)-.*")


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A snapshot that a store keeps: `created` is an ISO time in UTC, `size` in bytes.

    `created` and `counts` are empty when its manifest cannot be read.
    """

    id: str
    created: str
    counts: Mapping[str, int]
    is_current: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One change of the pointer; `at` is an ISO time in UTC."""

    id: str
    kind: Literal["publish", "rollback"]
    at: str


def current(store: Path) -> str | None:
    """The id of the published snapshot, None when nothing was published.

    Raises: StoreDamaged when the store cannot be read or the pointer leads nowhere.
    """
    with explained(store):
        if store.exists() and not store.is_dir():
            raise StoreDamaged(f"{store} is een bestand, geen map; kies een andere opslag met --store.")
        path = store / "CURRENT"
        if not path.exists():
            return None
        name = _pointer(store)
        if name is None or not folder_of(store, name).is_dir():
            raise StoreDamaged(
                f"{path} wijst naar een publicatie die er niet is; kies een andere met `wijzer corpus publish ID` "
                f"(`wijzer corpus status` noemt ze) of voer `wijzer ingest` uit."
            )
        return name


def published(store: Path) -> Path:
    """The folder of the published snapshot. Raises: StoreDamaged when there is none."""
    name = current(store)
    if name is None:
        raise StoreDamaged(
            f"In {store} is nog geen corpus gepubliceerd; voer eerst `wijzer ingest BRON` uit."
        )
    return folder_of(store, name)


def folder_of(store: Path, name: str) -> Path:
    """Where a store keeps the snapshot of this id."""
    return store / "snapshots" / name


def kept(store: Path, name: str) -> Path:
    """The folder of a snapshot that a store keeps. Raises: StoreDamaged when it keeps none of this id."""
    if not ID.fullmatch(name) or not folder_of(store, name).is_dir():
        raise StoreDamaged(f"{store} bewaart geen publicatie {name!r}; `wijzer corpus status` noemt ze.")
    return folder_of(store, name)


def snapshots(store: Path) -> list[SnapshotInfo]:
    """The snapshots that a store keeps, oldest first. Raises: StoreDamaged when the store cannot be read."""
    with explained(store):
        pointer = _pointer(store)
        found = [_info(folder, pointer) for folder in _folders(store) if ID.fullmatch(folder.name)]
    return sorted(found, key=lambda info: (info.created, info.id))


def publish(store: Path, name: str) -> None:
    """Make a kept snapshot the published one, at once or not at all.

    Raises: StoreBusy; StoreDamaged when it is not kept or its files are not those of its manifest.
    """
    with lock(store), explained(store):
        _point(store, name, "publish")


def rollback(store: Path) -> str:
    """Publish again what was published before; gives its id.

    Raises: StoreBusy; StoreDamaged when there is nothing to go back to or it does not verify.
    """
    with lock(store), explained(store):
        earlier = [name for name in _stack(_history(store))[:-1] if folder_of(store, name).is_dir()]
        if not earlier:
            raise StoreDamaged(f"In {store} is geen eerdere publicatie bewaard om naar terug te gaan.")
        _point(store, earlier[-1], "rollback")
        return earlier[-1]


def prune(store: Path, keep: int = 3) -> list[str]:
    """Remove snapshots until `keep` are left, and what dead builders left behind; gives the ids removed.

    The published one stays; then those that `rollback` would return to, then the newest. Raises: StoreBusy, StoreDamaged.
    """
    with lock(store), explained(store):
        now = current(store)
        newest = [info.id for info in reversed(snapshots(store))]
        wanted = dict.fromkeys([*([now] if now else []), *reversed(_stack(_history(store))), *newest])
        kept = [name for name in wanted if name in newest][: max(keep, 1)]
        removed = [name for name in newest if name not in kept]
        for name in removed:
            replace(folder_of(store, name), folder_of(store, f"removed-{name}"))
        sweep(store)
        return removed


def sweep(store: Path) -> None:
    """Remove what builders that died left behind; the caller holds the lock, so that none is alive."""
    for folder in _folders(store):
        if _LEFTOVER.fullmatch(folder.name):
            remove_tree(folder)


def _point(store: Path, name: str, kind: Literal["publish", "rollback"]) -> None:
    faults = check_files(kept(store, name))
    if faults:
        raise StoreDamaged(
            f"Publicatie {name} is beschadigd: {described(faults)}. Voer `wijzer corpus verify {name} --repair` uit."
        )
    if name == _pointer(store):
        return
    steps = [*_history(store), _Step(name, kind, datetime.now(UTC).isoformat(timespec="seconds"))]
    _replace_bytes(store / "HISTORY.jsonl", b"".join(json.dumps(asdict(s)).encode() + b"\n" for s in steps))
    _replace_bytes(store / "CURRENT", f"{name}\n".encode())


def _replace_bytes(path: Path, data: bytes) -> None:
    aside = path.with_suffix(".tmp")
    write_bytes(aside, data)
    replace(aside, path)


def _pointer(store: Path) -> str | None:
    path = store / "CURRENT"
    name = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
    return name if ID.fullmatch(name) else None


def _history(store: Path) -> list[_Step]:
    """The steps that led to the pointer; a last one that it never followed is left out."""
    path, now = store / "HISTORY.jsonl", _pointer(store)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    steps = [step for step in map(_step, lines) if step]
    if steps and _stack(steps)[-1:] != [now]:
        steps.pop()
    if now and _stack(steps)[-1:] != [now]:
        steps.append(_Step(now, "publish", ""))
    return steps


def _step(line: str) -> _Step | None:
    try:
        return _Step(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _stack(steps: Sequence[_Step]) -> list[str]:
    """What was published and not gone back on, the last one now.

    Publishing a, b and c and going back once gives `["a", "b"]`.
    """
    stack: list[str] = []
    for step in steps:
        if step.kind == "rollback" and step.id in stack:
            while stack[-1] != step.id:
                stack.pop()
        else:
            stack.append(step.id)
    return stack


def _folders(store: Path) -> list[Path]:
    snapshots = store / "snapshots"
    return sorted(p for p in snapshots.iterdir() if p.is_dir()) if snapshots.is_dir() else []


def _info(folder: Path, pointer: str | None) -> SnapshotInfo:
    manifest: Manifest | None
    try:
        manifest = read_manifest(folder)
    except StoreDamaged:
        manifest = None
    return SnapshotInfo(
        folder.name,
        manifest.created if manifest else "",
        manifest.counts if manifest else {},
        folder.name == pointer,
        sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()),
    )
