"""From sources to documents: read, admitted, parsed in a process of its own, and kept by content hash.

A parser that crashes or hangs takes its process with it, never the run: the file is reported and the
rest goes on.
"""

import hashlib
import json
import multiprocessing
import resource
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import astuple
from functools import cache as once
from importlib.metadata import version
from pathlib import Path

from ingest import gate
from ingest.cache import Cache
from ingest.parse import parse
from ingest.parse.decisions import decisions
from ingest.processes import deaf, ended, kill
from ingest.records import Block, Box, Document, Parsed, Rejected
from ingest.sources import Source

Report = Callable[[str, int, int], None]
SECONDS_PER_FILE = 600
MEMORY_PER_FILE = 8 * 2**30
_LIBRARIES = ("lxml", "pypdfium2", "python-docx", "spacy", "unstructured")


def read_documents(sources: Sequence[Source], cache: Cache, report: Report) -> list[Document | Rejected]:
    """Every source read and parsed, in the order of `sources`; a collection gives many documents."""
    admitted = [_admit(source) for source in sources]
    parsed = _parsed([a for a in admitted if isinstance(a, _Admitted)], cache, report)
    results: list[Document | Rejected] = []
    for source, item in zip(sources, admitted, strict=True):
        if isinstance(item, Rejected):
            results.append(item)
        elif item.media_type == "application/jsonl":
            results.extend(decisions(str(source.path), source.meta.origin, item.data))
        else:
            outcome = parsed[item.key]
            results.append(outcome if isinstance(outcome, Rejected) else item.document(outcome))
    return results


class _Admitted:
    """A source that passed the gate, with its bytes."""

    def __init__(self, source: Source, media_type: gate.MediaType, data: bytes) -> None:
        self.source, self.media_type, self.data = source, media_type, data
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.key = f"{self.sha256}:{media_type}:{_parser_identity()}"

    def document(self, parsed: Parsed) -> Document:
        return Document(self.source.meta, self.sha256, parsed.text, parsed.blocks, parsed.boxes)


def _admit(source: Source) -> "_Admitted | Rejected":
    data = source.read()
    if isinstance(data, Rejected):
        return data
    media_type = gate.admit(str(source.path), data)
    return media_type if isinstance(media_type, Rejected) else _Admitted(source, media_type, data)


def _parsed(items: Sequence[_Admitted], cache: Cache, report: Report) -> dict[str, Parsed | Rejected]:
    files = {a.key: a for a in items if a.media_type != "application/jsonl"}
    found: dict[str, Parsed | Rejected] = {k: _load(v) for k, v in cache.get(list(files)).items()}
    missing = [a for key, a in files.items() if key not in found]
    report("lezen", len(files) - len(missing), len(files))
    for done, (item, outcome) in enumerate(_in_processes(missing), 1):
        found[item.key] = outcome
        if isinstance(outcome, Parsed):
            cache.put({item.key: _dump(outcome)})
        report("lezen", len(files) - len(missing) + done, len(files))
    return found


def _in_processes(items: Sequence[_Admitted]) -> Iterator[tuple[_Admitted, Parsed | Rejected]]:
    """Parse side by side; after a crash each file that was left gets a process of its own, to know the culprit."""
    left = list(items)
    if not left:
        return
    with _pool(min(len(left), multiprocessing.cpu_count())) as pool, ended(pool):
        started = [(item, _start(pool, item)) for item in left]
        for item, future in started:
            outcome = _outcome(item, future, pool)
            if outcome is None:
                break
            left.remove(item)
            yield item, outcome
    for item in left:
        with _pool(1) as pool, ended(pool):
            outcome = _outcome(item, _start(pool, item), pool)
        yield (
            item,
            outcome
            or Rejected(
                str(item.source.path),
                "hostile",
                f"Het lezen van {item.source.path} brak het leesproces af (te veel geheugen of een fout in het bestand); "
                f"bewaar het opnieuw vanuit het oorspronkelijke programma.",
            ),
        )


def _start(pool: ProcessPoolExecutor, item: _Admitted) -> "Future[Parsed | Rejected]":
    with deaf():
        return pool.submit(parse, str(item.source.path), item.media_type, item.data)


def _outcome(
    item: _Admitted, future: "Future[Parsed | Rejected]", pool: ProcessPoolExecutor
) -> Parsed | Rejected | None:
    """What came of one file; None when the process died, which need not be this file's doing."""
    try:
        return future.result(timeout=SECONDS_PER_FILE)
    except BrokenProcessPool:
        return None
    except TimeoutError:
        kill(pool)
        return Rejected(
            str(item.source.path),
            "hostile",
            f"{item.source.path} was na {SECONDS_PER_FILE // 60} minuten nog niet gelezen en is overgeslagen; splits het bestand.",
        )


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_bounded)


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_PER_FILE, MEMORY_PER_FILE))


@once
def _parser_identity() -> str:
    """Hash of the code and libraries that make text of bytes: when they change, files are read again."""
    here = Path(__file__).parent
    code = [
        *sorted((here / "parse").glob("*.py")),
        *sorted(here.glob("gate*.py")),
        here / "reading.py",
        here / "encoding.py",
    ]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in code))
    digest.update(" ".join(version(name) for name in _LIBRARIES).encode())
    return digest.hexdigest()[:16]


def _dump(parsed: Parsed) -> bytes:
    fields = [parsed.text, [astuple(b) for b in parsed.blocks], [astuple(b) for b in parsed.boxes]]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _load(data: bytes) -> Parsed:
    text, blocks, boxes = json.loads(data)
    return Parsed(
        text,
        tuple(Block(s, e, kind, level, page, tuple(section)) for s, e, kind, level, page, section in blocks),
        tuple(Box(*box) for box in boxes),
    )
