"""The proof of a snapshot before it is served: everything that it says can be found in it again.

Chroma's faults are silent or end the process, so that the proof opens the indexes, in a process of its own.
"""

import faulthandler
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ingest import StoreDamaged
from ingest.catalog import Catalog, Contents
from ingest.dense import open_chroma
from ingest.lexical import count_lexical
from ingest.snapshot_manifest import (
    CATALOG,
    CHROMA,
    LEXICAL,
    MANIFEST,
    VECTORS,
    Fault,
    Vectors,
    check_files,
    derived,
    read_manifest,
    snapshot_id,
)

TIMEOUT = 1_800.0  # seconds at least; 8,000 passages take about 8
_BYTES_A_SECOND = (
    100_000  # of vectors beyond that: 10 ms for each of 256 dimensions, where 100,000 take 2 to 3
)
_LARGEST_FILE = 64 * 2**30  # bytes; a damaged index has been seen to grow without end when it was opened
_UNIT = 1e-3  # how far the length of a vector may be from 1
_EQUAL = 1e-5  # rounding of the inner product of two equal unit vectors
_AT_ONCE = 500


def prove(folder: Path, begun: Callable[[str], None] = lambda part: None) -> list[Fault]:
    """Everything wrong with the snapshot in a folder; `begun` hears of each part. It may kill the process."""
    faults: list[Fault] = []
    for part, check in _CHECKS.items():
        begun(part)
        try:
            faults.extend(check(folder))
        except (StoreDamaged, OSError, ValueError) as error:
            faults.append(Fault(part, str(error), derived(part)))
        if any(not fault.derived for fault in faults):
            break
    return faults


def prove_in_child(folder: Path, timeout: float | None = None) -> list[Fault]:
    """The same in a process of its own, so that an index that kills its reader is only a fault.

    `timeout` is in seconds; without one it grows with the vectors.
    """
    timeout = _allowed(folder) if timeout is None else timeout
    command = [sys.executable, "-m", "ingest.proof", str(folder.resolve())]
    project = Path(__file__).resolve().parent.parent
    try:
        child = subprocess.run(command, cwd=project, capture_output=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        return [_stopped(error.stdout or b"", f"het bewijs was na {timeout:.0f} seconden niet klaar")]
    if child.returncode == 0:
        return [Fault(**fault) for fault in json.loads(child.stdout.splitlines()[-1])["faults"]]
    return [_stopped(child.stdout, f"het bewijs brak af ({_ending(child.returncode, child.stderr)})")]


def _allowed(folder: Path) -> float:
    """Seconds that a proof may take: 1,800, or for a million vectors of 256 dimensions 10,240."""
    path = folder / VECTORS
    return max(TIMEOUT, path.stat().st_size / _BYTES_A_SECOND if path.is_file() else 0.0)


def main(folder: Path) -> None:
    """Prove a snapshot and write what was found, as JSON: a line when a part is begun, the faults on the last."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if soft == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, hard))
    faults = prove(folder, lambda part: _say({"part": part}))
    _say({"faults": [asdict(fault) for fault in faults]})


def _files(folder: Path) -> Iterator[Fault]:
    yield from check_files(folder)


def _truth(folder: Path) -> Iterator[Fault]:
    """The catalog and the vectors say what the id stands for, and every span is that of its text."""
    manifest = read_manifest(folder)
    with Catalog(folder / CATALOG) as catalog:
        contents, counts = catalog.contents(), catalog.counts()
        rows = catalog.passage_rows([passage.id for passage in contents.passages])
    vectors = _vectors(folder)
    if counts != manifest.counts:
        yield Fault(CATALOG, f"telt {counts}, het manifest {dict(manifest.counts)}", derived=False)
    if rows != {passage.id: row for row, passage in enumerate(contents.passages)}:
        yield Fault(CATALOG, "geeft passages een id dat niet bij hun tekst hoort of dubbel is", derived=False)
    yield from _spans(contents)
    if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != len(contents.passages):
        shape = f"{vectors.dtype} {vectors.shape}"
        yield Fault(
            VECTORS, f"is {shape}, verwacht float32 met {len(contents.passages)} rijen", derived=False
        )
        return
    wrong = int(np.count_nonzero(~(np.abs(np.linalg.norm(vectors, axis=1) - 1) <= _UNIT)))
    if wrong:
        yield Fault(VECTORS, f"bevat {wrong} vectoren die niet de lengte 1 hebben", derived=False)
    said = snapshot_id(contents, vectors, manifest.analyser, manifest.embedder)
    if said != manifest.id:
        yield Fault(MANIFEST, f"noemt {manifest.id}, de inhoud is {said}", derived=False)


def _spans(contents: Contents) -> Iterator[Fault]:
    texts = {document.id: document.text for document in contents.documents}
    lost = [
        p for p in contents.passages if texts.get(p.document_id, "")[p.start : p.end] != p.text or not p.text
    ]
    if lost:
        first = f"{lost[0].document_id} {lost[0].start}-{lost[0].end}"
        yield Fault(
            CATALOG,
            f"heeft {len(lost)} passages die niet in hun document staan, eerst {first}",
            derived=False,
        )
    astray = [
        q
        for q in contents.questions
        if q.document_id not in texts
        or (q.span and not 0 <= q.span[0] < q.span[1] <= len(texts[q.document_id]))
    ]
    if astray:
        yield Fault(
            CATALOG, f"heeft {len(astray)} vragen zonder plaats, eerst {astray[0].text!r}", derived=False
        )


def _dense(folder: Path) -> Iterator[Fault]:
    """Every vector finds itself or an equal one: the only check that sees Chroma's silent faults."""
    vectors = _vectors(folder)
    with open_chroma(folder / CHROMA) as dense:
        held = dense.rows()
        if held != list(range(len(vectors))):
            yield Fault(
                CHROMA, f"bevat {len(held)} rijen, niet precies de {len(vectors)} vectoren", derived=True
            )
            return
        batches = (vectors[at : at + _AT_ONCE] for at in range(0, len(vectors), _AT_ONCE))
        nearest = [row for batch in batches for row in dense.nearest(batch)]
    lost = [row for row, found in enumerate(nearest) if found is None or not _equal(vectors, row, found)]
    if lost:
        yield Fault(
            CHROMA,
            f"vindt {len(lost)} van {len(vectors)} vectoren niet terug, eerst rij {lost[0]}",
            derived=True,
        )


def _lexical(folder: Path) -> Iterator[Fault]:
    held, expected = count_lexical(folder / LEXICAL), len(_vectors(folder))
    if held != expected:
        yield Fault(LEXICAL, f"bevat {held} passages, verwacht {expected}", derived=True)


_CHECKS: Mapping[str, Callable[[Path], Iterator[Fault]]] = {
    MANIFEST: _files,
    CATALOG: _truth,
    CHROMA: _dense,
    LEXICAL: _lexical,
}


def _vectors(folder: Path) -> Vectors:
    found: Vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
    return found


def _equal(vectors: Vectors, row: int, found: int) -> bool:
    return found == row or bool(np.sum((vectors[row] - vectors[found]) ** 2) <= _EQUAL)


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _stopped(output: bytes, problem: str) -> Fault:
    begun = [json.loads(line)["part"] for line in output.splitlines() if line.startswith(b'{"part"')]
    part = begun[-1] if begun else MANIFEST
    return Fault(part, problem, derived(part))


def _ending(returncode: int, stderr: bytes) -> str:
    if returncode < 0:
        return signal.Signals(-returncode).name
    return (
        stderr.decode(errors="replace").strip().splitlines()[-1:][0]
        if stderr.strip()
        else f"status {returncode}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
