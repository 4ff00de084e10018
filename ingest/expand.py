"""Question expansion: questions that a language model writes for each passage, indexed beside it.

They are kept in the cache by the content of the passage, one passage at a time: a run that is stopped goes on
where it was, and a later ingest without a model still has what was written. Nothing here knows the model: it
comes in as a function.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.cache import Cache
from ingest.chunk import indexed_text
from ingest.reader import Report
from ingest.records import Document, Passage, Question

MOST_QUESTIONS = 6
LONGEST_QUESTION = 300
GIVES_UP_AFTER = (
    5  # passages in a row without questions: the model is away, and every request costs its timeout
)
_FORM = "expand-1"


@dataclass(frozen=True, slots=True)
class NotWritten:
    """Why a model wrote no questions for a passage, in Dutch."""

    reason: str


Write = Callable[[str], "Sequence[str] | NotWritten"]


@dataclass(frozen=True, slots=True)
class Expanded:
    """The questions of all passages; `without` counts the passages that the model wrote none for, `reason` the last why."""

    questions: tuple[Question, ...]
    without: int
    reason: str | None


def expand(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    cache: Cache,
    report: Report,
    write: Write | None = None,
) -> Expanded:
    """The questions written for these passages, now or before; only passages without any are laid before the model.

    Without `write` nothing new is written.
    """
    by_id = {d.id: d for d in documents}
    texts = [indexed_text(by_id[p.document_id], p) for p in passages]
    keys = [_key(text) for text in texts]
    kept: dict[str, bytes] = dict(cache.get(keys))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    without, reason = _written(missing, kept, cache, report, write) if write else (0, None)
    questions = [
        Question(p.document_id, text, (p.start, p.end))
        for p, key in zip(passages, keys, strict=True)
        for text in (json.loads(kept[key]) if key in kept else ())
    ]
    return Expanded(tuple(questions), without, reason)


def _written(
    missing: Mapping[str, str], kept: dict[str, bytes], cache: Cache, report: Report, write: Write
) -> tuple[int, str | None]:
    failed, in_a_row, reason = 0, 0, None
    for done, (key, text) in enumerate(missing.items(), 1):
        outcome = write(text)
        if isinstance(outcome, NotWritten):
            failed, in_a_row, reason = failed + 1, in_a_row + 1, outcome.reason
            if in_a_row == GIVES_UP_AFTER:
                return failed + len(missing) - done, reason
            continue
        in_a_row = 0
        kept[key] = json.dumps(_usable(outcome), ensure_ascii=False).encode()
        cache.put({key: kept[key]})
        report("vragen", done, len(missing))
    return failed, reason


def _usable(texts: Sequence[str]) -> list[str]:
    """The questions on one line each, without doubles, not too many and none too long."""
    lines = (" ".join(text.split()) for text in texts)
    return [line for line in dict.fromkeys(lines) if 0 < len(line) <= LONGEST_QUESTION][:MOST_QUESTIONS]


def _key(text: str) -> str:
    return hashlib.sha256(f"{_FORM}\0{text}".encode(errors="replace")).hexdigest()
