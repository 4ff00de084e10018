"""Other ways to the nearest vectors than Chroma's graph, measured beside it: scans of all vectors, with numpy.

The exact scan is the truth that recall is measured against. Vectors are unit rows, float32 (n, d).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
import numpy.typing as npt

from ingest.dense import Dense
from ingest.embed import Vectors

DEPTH = 300
RECALL_AT = (10, DEPTH)
_BLOCK = 65_536  # rows that are cast at once: 64 MB of 256 dimensions
_SAMPLE = 20_000  # rows that say where the principal axes lie
_AXES = 64
_RESCORED = 4  # times as many rows are scored exactly as are asked
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scan:
    """One way to the nearest vectors: milliseconds for a question, the memory that it scans, and what it finds.

    `processor_ms` is the mean of a question over all threads; the graph of Chroma scans nothing.

    `recall[k]` is the share of the `k` truly nearest rows among its own first `k`, 0..1, the mean over questions.
    """

    name: str
    p50_ms: float
    p95_ms: float
    processor_ms: float
    memory_mb: float
    recall: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one question found, and the wall and processor seconds that it took."""

    rows: Rows
    seconds: float
    processor: float


def scans(vectors: Vectors, dense: Dense, questions: Vectors) -> list[Scan]:
    """Chroma and three scans over the same vectors, for questions of shape (m, d)."""
    depth = min(DEPTH, len(vectors))
    size = vectors.nbytes / 1e6
    ways: list[tuple[str, float, Callable[[Vectors], Rows]]] = [
        ("exact, float32", size, lambda q: _best(vectors @ q, depth)),
        ("Chroma (HNSW)", 0.0, lambda q: np.array([row for row, _ in dense.query(q, depth)])),
        ("int8", size / 4, _int8(vectors, depth)),
        (f"{_AXES} hoofdassen, herscoord", size * _AXES / vectors.shape[1], _reduced(vectors, depth)),
    ]
    found = [(name, memory, [_timed(way, q) for q in questions]) for name, memory, way in ways]
    truth = [answer.rows for answer in found[0][2]]
    return [_scan(name, memory, answers, truth) for name, memory, answers in found]


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    p50, p95 = np.percentile(np.array(seconds) * 1e3, [50, 95])
    return round(float(p50), 2), round(float(p95), 2)


def _scan(name: str, memory: float, answers: list[_Answer], truth: list[Rows]) -> Scan:
    p50, p95 = percentiles([answer.seconds for answer in answers])
    processor = float(np.mean([answer.processor for answer in answers])) * 1e3
    return Scan(
        name, p50, p95, round(processor, 2), round(memory), {k: _recall(answers, truth, k) for k in RECALL_AT}
    )


def _recall(answers: list[_Answer], truth: list[Rows], k: int) -> float:
    """`[0, 1, 2]` found where `[0, 2, 4]` is true -> 2 / 3."""
    shares = [np.isin(t[:k], answer.rows[:k]).mean() for t, answer in zip(truth, answers, strict=True)]
    return round(float(np.mean(shares)), 4)


def _timed(way: Callable[[Vectors], Rows], question: Vectors) -> _Answer:
    begun, worked = perf_counter(), process_time()
    rows = way(question)
    return _Answer(rows, perf_counter() - begun, process_time() - worked)


def _best(scores: Vectors, k: int) -> Rows:
    rows = np.argpartition(-scores, k - 1)[:k]
    return rows[np.argsort(-scores[rows], kind="stable")]


def _int8(vectors: Vectors, k: int) -> Callable[[Vectors], Rows]:
    """Each row as whole numbers -127..127 of its largest component; blocks are cast back to be multiplied."""
    scales = np.abs(vectors).max(axis=1) / 127
    whole = np.empty(vectors.shape, dtype=np.int8)
    for at in range(0, len(vectors), _BLOCK):
        block = slice(at, at + _BLOCK)
        whole[block] = np.rint(vectors[block] / scales[block, np.newaxis])

    def nearest(question: Vectors) -> Rows:
        blocks = range(0, len(whole), _BLOCK)
        scores = [whole[at : at + _BLOCK].astype(np.float32) @ question for at in blocks]
        return _best(np.concatenate(scores) * scales, k)

    return nearest


def _reduced(vectors: Vectors, k: int) -> Callable[[Vectors], Rows]:
    """The rows on their first principal axes; the best of those are scored again with the whole vectors."""
    sample = vectors[:: max(1, len(vectors) // _SAMPLE)]
    _, axes = np.linalg.eigh(sample.T @ sample)  # by increasing eigenvalue
    first = np.ascontiguousarray(axes[:, -_AXES:], dtype=np.float32)
    short = vectors @ first

    def nearest(question: Vectors) -> Rows:
        rows = _best(short @ (question @ first), min(_RESCORED * k, len(short)))
        return rows[_best(vectors[rows] @ question, k)]

    return nearest
