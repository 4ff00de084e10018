"""What a snapshot is: the id that hashes what it says, its manifest, and whether its files are those of the manifest."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest import StoreDamaged
from ingest.catalog import Contents, rows
from ingest.files import explained, sha256_file, write_bytes

FORMAT = 1
MANIFEST, CATALOG, VECTORS, LEXICAL, CHROMA = (
    "manifest.json",
    "catalog.sqlite",
    "vectors.npy",
    "lexical",
    "chroma",
)
ID = re.compile(r"[0-9a-f]{32}")
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a snapshot: the file, relative to its folder, and the problem, in Dutch.

    What is `derived` can be rebuilt from the catalog and the vectors; anything else has to be ingested anew.
    """

    file: str
    problem: str
    derived: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a snapshot beside its content: `files` gives the SHA-256 of each, by relative path.

    `created` is an ISO time in UTC; `code` is the version of the program that built it.
    """

    id: str
    created: str
    code: str
    analyser: str
    embedder: str
    counts: Mapping[str, int]
    files: Mapping[str, str]
    format: int = FORMAT


def arranged(contents: Contents, vectors: Vectors) -> tuple[Contents, Vectors]:
    """The same contents in the order of a snapshot, whatever order they came in.

    Documents and ledgers go by id, passages with their vectors and commitments by document and place, questions
    and rejected items by value.
    Raises: ValueError when there is not one vector for each passage.
    """
    if len(vectors) != len(contents.passages):
        raise ValueError(f"{len(contents.passages)} passages need as many vectors, found {len(vectors)}")
    order = sorted(range(len(contents.passages)), key=lambda row: _place(contents, row))
    in_order = Contents(
        sorted(contents.documents, key=lambda d: d.id),
        [contents.passages[row] for row in order],
        sorted(contents.questions, key=lambda q: (q.document_id, q.span or (-1, -1), q.text)),
        sorted(contents.rejected, key=lambda r: (r.path, r.reason, r.message)),
        sorted(contents.ledgers, key=lambda ledger: ledger.document_id),
        contents.terms,
        tuple(sorted(contents.commitments, key=lambda c: (c.document_id, c.start))),
    )
    return in_order, np.ascontiguousarray(vectors[order], dtype=np.float32)


def snapshot_id(contents: Contents, vectors: Vectors, analyser: str, embedder: str) -> str:
    """The id of a snapshot, 32 hexadecimal digits: the hash of what it says, not of how or in what order it was built."""
    contents, vectors = arranged(contents, vectors)
    digest = hashlib.sha256(_json([FORMAT, analyser, embedder, list(vectors.shape)]))
    for table, row in rows(contents):
        digest.update(_json([table, *row]))
    digest.update(vectors.astype("<f4", copy=False).tobytes())
    return digest.hexdigest()[:32]


def derived(file: str) -> bool:
    """Whether a file of a snapshot can be rebuilt from its catalog and vectors."""
    return file.split("/")[0] in (LEXICAL, CHROMA)


def hashed(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a snapshot but its manifest, by relative path."""
    return {name: sha256_file(folder / name) for name in _names(folder) if name != MANIFEST}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a snapshot, sealed with its own hash."""
    write_bytes(folder / MANIFEST, _sealed(asdict(manifest)))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot. Raises: StoreDamaged when it is missing, changed, or of a newer format."""
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreDamaged(f"{path} ontbreekt; voer `wijzer ingest` opnieuw uit.")
    with explained(folder):
        data = path.read_bytes()
    try:
        fields: dict[str, Any] = json.loads(data)
        version = fields["format"]
        if isinstance(version, int) and version > FORMAT:
            raise StoreDamaged(
                f"{path} is geschreven door een nieuwere versie van het programma (formaat {version}, hier {FORMAT}); "
                f"werk het programma bij."
            )
        del fields["seal"]
        if _sealed(fields) == data:
            return Manifest(**fields)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreDamaged(f"{path} is beschadigd ({error}); voer `wijzer ingest` opnieuw uit.") from error
    raise StoreDamaged(f"{path} is gewijzigd: het zegel klopt niet meer; voer `wijzer ingest` opnieuw uit.")


def check_files(folder: Path) -> list[Fault]:
    """What is wrong with the files of a snapshot, by their hashes; it opens no index."""
    try:
        manifest = read_manifest(folder)
    except StoreDamaged as error:
        return [Fault(MANIFEST, str(error), derived=False)]
    if ID.fullmatch(folder.name) and manifest.id != folder.name:
        return [Fault(MANIFEST, f"hoort bij publicatie {manifest.id}", derived=False)]
    files = manifest.files
    problems = {name: _problem(folder / name, sha256) for name, sha256 in files.items()}
    # The libraries read whatever lies in their folder; elsewhere only what the manifest names is read.
    strange = {name: "hoort er niet bij" for name in _names(folder) if name not in files and derived(name)}
    return [Fault(name, problem, derived(name)) for name, problem in (problems | strange).items() if problem]


def described(faults: Sequence[Fault]) -> str:
    """Faults in one line."""
    return "; ".join(f"{f.file} {f.problem}" for f in faults)


def _place(contents: Contents, row: int) -> tuple[str, int, int, str]:
    passage = contents.passages[row]
    return passage.document_id, passage.start, passage.end, passage.id


def _sealed(fields: Mapping[str, Any]) -> bytes:
    seal = hashlib.sha256(_json(dict(fields))).hexdigest()
    return json.dumps({**fields, "seal": seal}, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def _problem(path: Path, sha256: str) -> str | None:
    try:
        return (
            None if sha256_file(path) == sha256 else "is beschadigd: de inhoud is niet die van het manifest"
        )
    except FileNotFoundError:
        return "ontbreekt"
    except OSError as error:
        return f"is niet leesbaar ({error.strerror})"
