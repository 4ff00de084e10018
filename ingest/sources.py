"""What there is to ingest: a manifest, a folder or a single file, as sources with what is known of them.

Understands `sources.toml` with `[[document]]`, `[[collection]]` (one JSON Lines file of decisions) and
`[[questions]]`. Paths are relative to the manifest. Nothing is fetched over a network.
"""

import hashlib
import json
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingest import NoSource, SourceInvalid
from ingest.records import UNANSWERED, Metadata, Question, QuestionKind, Rejected

MANIFEST = "sources.toml"
SUFFIXES = frozenset({".txt", ".md", ".markdown", ".pdf", ".docx", ".html", ".htm", ".jsonl", ".json"})
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `sha256` is what the manifest expects, None when it does not say."""

    path: Path
    meta: Metadata
    sha256: str | None = None
    collection: bool = False

    def read(self) -> bytes | Rejected:
        """The bytes of the file, checked against the manifest."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            return Rejected(
                str(self.path),
                "missing",
                f"{self.path} kan niet gelezen worden ({why}); herstel het bestand.",
            )
        found = hashlib.sha256(data).hexdigest()
        if self.sha256 and found != self.sha256:
            return Rejected(
                str(self.path),
                "changed",
                f"{self.path} heeft sha256 {found[:12]}…, het manifest verwacht {self.sha256[:12]}…; "
                f"zet het juiste bestand terug of pas `sha256` in het manifest aan.",
            )
        return data


@dataclass(frozen=True, slots=True)
class SourceSet:
    """All sources of one origin. `whole`: documents of that origin that are not among them are withdrawn."""

    origin: str
    sources: tuple[Source, ...]
    questions: tuple[Path, ...] = ()
    whole: bool = True


def find_sources(place: Path) -> SourceSet:
    """The sources at a manifest, a folder (its `sources.toml` when it holds one) or a single file.

    Raises: NoSource when there is nothing to read there; SourceInvalid when a manifest does not hold.
    """
    if not place.exists():
        raise NoSource(f"{place} bestaat niet; geef een manifest, een map of een bestand.")
    if place.is_dir():
        return _manifest(place / MANIFEST) if (place / MANIFEST).is_file() else _folder(place)
    if place.suffix == ".toml":
        return _manifest(place)
    return SourceSet(
        str(place.resolve()), (_unlisted(place, place.parent, str(place.resolve())),), whole=False
    )


def read_questions(path: Path) -> Iterator[Question | Rejected]:
    """The questions of a JSON Lines file with `document_id`, `question` and `start`/`end` (null: the whole document).

    A `kind` of `open` or `premise` says that the documents do not answer it; every other one, or none, that they do.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Rejected(
            str(path),
            "missing",
            f"De vragen in {path} zijn niet leesbaar ({error}); er worden er geen gebruikt.",
        )
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _question(path, number, line)


def _question(path: Path, number: int, line: str) -> Question | Rejected:
    try:
        item = json.loads(line)
        start, end, text = item.get("start"), item.get("end"), item["question"]
        span = None if start is None or end is None else (int(start), int(end))
        if not isinstance(text, str) or not text.strip() or (span and not 0 <= span[0] < span[1]):
            raise ValueError("lege vraag of onmogelijk bereik")
        kind: QuestionKind = next((kind for kind in UNANSWERED if kind == item.get("kind")), "answered")
        return Question(str(item["document_id"]), text, span, kind)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Rejected(
            f"{path}:{number}",
            "invalid_item",
            f"Regel {number} van {path} is geen vraag ({error}); overgeslagen.",
        )


def _manifest(path: Path) -> SourceSet:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceInvalid(f"Het manifest {path} is niet leesbaar als TOML: {error}.") from error
    origin, sources = str(path.resolve()), []
    for name, collection in (("document", False), ("collection", True)):
        for number, entry in enumerate(_tables(path, table, name), 1):
            sources.append(_listed(path, origin, f"[[{name}]] nummer {number}", entry, collection))
    doubled = sorted({s.meta.id for s in sources if [t.meta.id for t in sources].count(s.meta.id) > 1})
    if doubled:
        raise SourceInvalid(
            f"Het manifest {path} noemt {', '.join(doubled)} meer dan eens; elke `id` is uniek."
        )
    if not sources:
        raise NoSource(f"Het manifest {path} noemt geen [[document]] of [[collection]].")
    questions = tuple(
        path.parent / _text(path, "[[questions]]", q, "path") for q in _tables(path, table, "questions")
    )
    return SourceSet(origin, tuple(sources), questions)


def _tables(path: Path, table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise SourceInvalid(f"In {path} is `{name}` geen lijst van tabellen; schrijf [[{name}]].")
    return entries


def _listed(path: Path, origin: str, where: str, entry: dict[str, Any], collection: bool) -> Source:
    date = entry.get("date")
    if date is not None and not _DATE.fullmatch(str(date)):
        raise SourceInvalid(f"{where} in {path}: `date` is {date!r}, verwacht JJJJ, JJJJ-MM of JJJJ-MM-DD.")
    period = entry.get("period")
    if period is not None and not isinstance(period, int):
        raise SourceInvalid(
            f"{where} in {path}: `period` is {period!r}, verwacht een jaartal zonder aanhalingstekens."
        )
    meta = Metadata(
        id=_text(path, where, entry, "id"),
        kind=entry.get("kind", "document"),
        title=_text(path, where, entry, "title"),
        origin=origin,
        date=None if date is None else str(date),
        year=period or (int(str(date)[:4]) if date else None),
        publisher=entry.get("publisher"),
        language=entry.get("language", "nl"),
        uri=entry.get("uri"),
        note=entry.get("note"),
    )
    return Source(path.parent / _text(path, where, entry, "path"), meta, entry.get("sha256"), collection)


def _text(path: Path, where: str, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SourceInvalid(f"{where} in {path} mist `{key}` (een niet-lege tekst).")
    return value


def _folder(folder: Path) -> SourceSet:
    origin = str(folder.resolve())
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p, folder))
    if not files:
        raise NoSource(f"De map {folder} bevat geen bestanden.")
    names = Counter(_slug(str(p.relative_to(folder).with_suffix(""))) for p in files)
    return SourceSet(origin, tuple(_unlisted(p, folder, origin, names) for p in files))


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)


def _unlisted(
    path: Path, folder: Path, origin: str, names: Mapping[str, int] = MappingProxyType({})
) -> Source:
    """A file without manifest: its id and title come from its name, its year from a year in the name.

    `names` counts the ids without suffix in the folder: where two files share one, the suffix is part of it.
    """
    name = str(path.relative_to(folder).with_suffix(""))
    if names.get(_slug(name), 1) > 1:
        name = str(path.relative_to(folder))
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    meta = Metadata(
        id=_slug(name),
        kind="document",
        title=path.stem.replace("_", " ").replace("-", " ").strip(),
        origin=origin,
        date=year.group() if year else None,
        year=int(year.group()) if year else None,
    )
    return Source(path, meta, collection=path.suffix.lower() in {".jsonl", ".json"})


def _slug(name: str) -> str:
    """`"Map/Nota über é.v2"` -> `"map-nota-uber-e-v2"`; a name without letters gets a hash."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return (
        re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        or hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:12]
    )
