"""What a folder of fetched decisions holds: the decisions with their manifest, and the journal of a fetch under way.

The manifest names the file with decisions by its content, so that one replacement of the manifest changes both.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest import SourceInvalid
from ingest.files import make_folder, replace, write_bytes
from ingest.sources import MANIFEST
from ingest.themis_records import Themis, Window

Item = dict[str, Any]  # a decision in the form that `ingest.parse.decisions` reads
JOURNAL = "onderbroken.jsonl"
_ID = "themis"
_FORMAT = 1
_STALE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a fetch set out to do; days `since <= date < until`, `started` an ISO 8601 moment."""

    source: Themis
    since: str
    until: str
    started: str


def key_of(item: Item) -> str:
    """What names a decision: its URI, or its uuid where it has none."""
    return str(item.get("uri") or item.get("uuid"))


def held(folder: Path) -> dict[str, Item]:
    """The decisions that the folder holds, by key; none when it has no manifest.

    Raises: SourceInvalid when the manifest is another's, or the decisions are not those that it names.
    """
    entry = _collection(folder)
    if entry is None:
        return {}
    data = (folder / str(entry.get("path"))).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.get("sha256"):
        raise SourceInvalid(
            f"{folder / str(entry.get('path'))} is gewijzigd sinds het opgehaald werd; zet het terug, of haal alles "
            f"opnieuw op in een andere map (--out)."
        )
    return {key_of(item): item for line in data.splitlines() if (item := json.loads(line))}


def keep(folder: Path, items: Sequence[Item], origin: str) -> Path:
    """Put the decisions and their manifest in the folder, at once; the path of the file with decisions."""
    data = b"".join(_line(item) for item in items)
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / f"decisions-{sha256[:12]}.jsonl"
    manifest = _manifest(path.name, sha256, items, origin).encode()
    _write(path, data)
    _write(folder / MANIFEST, manifest)
    for old in folder.glob("decisions-*.jsonl*"):
        if old != path:
            old.unlink()
    return path


class Journal:
    """The periods that a fetch has read, durable one by one; `done` holds what was read, by start of the period.

    A journal of the same source and beginning that is younger than a day goes on, up to its last whole line, and keeps
    its own end; any other starts anew, and so does every one with `restart`.
    """

    def __init__(
        self, folder: Path, source: Themis, since: date, until: date, now: datetime, *, restart: bool
    ) -> None:
        make_folder(folder)
        self._path = folder / JOURNAL
        self.plan = Plan(source, since.isoformat(), until.isoformat(), now.astimezone(UTC).isoformat())
        self.done: dict[str, list[Item]] = {}
        length = None if restart else self._read_back(now)
        if length is None:
            _write(self._path, _entry({"format": _FORMAT, **asdict(self.plan)}))
        else:
            with self._path.open("r+b") as file:
                file.truncate(length)

    def add(self, window: Window, items: Sequence[Item]) -> None:
        """Write down what was read of a period; it is on the disk when this returns."""
        start = window.start.isoformat()
        with self._path.open("ab") as file:
            file.write(_entry({"window": start, "items": list(items)}))
            file.flush()
            os.fsync(file.fileno())
        self.done[start] = list(items)

    def discard(self) -> None:
        """Forget what was read."""
        self._path.unlink(missing_ok=True)
        self.done = {}

    def _read_back(self, now: datetime) -> int | None:
        """Take over an earlier journal; the bytes of it that hold, None when it does not go on."""
        with suppress(FileNotFoundError):
            lines = self._path.read_bytes().splitlines(keepends=True)
            first = _whole(lines[0]) if lines else None
            if not _goes_on(first, self.plan, now):
                return None
            assert first is not None, "a journal that goes on has a first line"
            self.plan = Plan(self.plan.source, first["since"], first["until"], first["started"])
            length = len(lines[0])
            for line in lines[1:]:
                entry = _whole(line)
                if entry is None:
                    break
                self.done[entry["window"]] = entry["items"]
                length += len(line)
            return length
        return None


def _goes_on(first: Mapping[str, Any] | None, plan: Plan, now: datetime) -> bool:
    if first is None or first.get("format") != _FORMAT:
        return False
    same = first.get("source") == asdict(plan.source) and first.get("since") == plan.since
    age = now - datetime.fromisoformat(str(first.get("started")))
    return same and timedelta() <= age < _STALE


def _whole(line: bytes) -> dict[str, Any] | None:
    """The value of a line of a journal; None for one that was cut off."""
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _entry(value: Mapping[str, Any]) -> bytes:
    """A line of a journal, in ASCII: a source may send code points that are no text."""
    return json.dumps(value).encode() + b"\n"


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(f"{path.name}.new")
    write_bytes(aside, data)
    replace(aside, path)


def _collection(folder: Path) -> Mapping[str, Any] | None:
    path = folder / MANIFEST
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceInvalid(f"Het manifest {path} is niet leesbaar als TOML: {error}.") from error
    entries = table.get("collection")
    if (
        set(table) != {"collection"}
        or not isinstance(entries, list)
        or [e.get("id") for e in entries] != [_ID]
    ):
        raise SourceInvalid(
            f"{path} is een manifest met andere bronnen; kies een eigen map voor wat opgehaald wordt (--out)."
        )
    return dict(entries[0])


def _manifest(name: str, sha256: str, items: Sequence[Item], origin: str) -> str:
    period = f"{items[0]['date']} tot {items[-1]['date']}" if items else "nog geen"
    fields: dict[str, str | int] = {
        "id": _ID,
        "path": name,
        "kind": "beslissing",
        "title": f"Beslissingen van de Vlaamse Regering, {period}",
        "publisher": "Vlaamse Regering",
        "language": "nl",
        "count": len(items),
        "sha256": sha256,
        "note": f"Opgehaald van {origin}; elke regel is een beslissing.",
    }
    lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
    return f"# Geschreven door `wijzer corpus fetch themis`; elke keer vervangen.\n\n[[collection]]\n{lines}"
