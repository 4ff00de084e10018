"""A run: every gold question searched and asked on one snapshot, its results kept line by line.

A run is a folder. `results.jsonl` holds on its first line what was run, then a line for each question; what
was interrupted goes on where it stopped. `measured.json` holds the measures of every question.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from answer import log_record
from answer.ask import ask
from answer.records import Answer
from evals import RunInvalid
from evals.gold import GoldQuestion, resolved
from evals.measures import Row, measure
from ingest.files import write_bytes
from retrieval.corpus import Corpus
from retrieval.records import Evidence, Turn
from retrieval.search import search

RESULTS, MEASURED = "results.jsonl", "measured.json"
K = 20
Report = Callable[[str, int, int], None]


class Searching(Protocol):
    """What `retrieval.search.search` does."""

    def __call__(
        self, corpus: Corpus, question: str, *, history: Sequence[Turn], k: int
    ) -> Sequence[Evidence]:
        """The best passages for a question."""


class Asking(Protocol):
    """What `answer.ask.ask` does."""

    def __call__(self, corpus: Corpus, question: str, *, history: Sequence[Turn]) -> Answer:
        """Answer a question."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a run was made of: `snapshot` and `code` decide its results; `started` is an ISO time in UTC."""

    snapshot: str
    code: str
    k: int
    started: str


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: `results[id]` has `passages` and `answer`, `questions[id]` the gold question's words."""

    name: str
    header: Header
    rows: tuple[Row, ...]
    questions: Mapping[str, Mapping[str, Any]]
    results: Mapping[str, Mapping[str, Any]]


def run(
    corpus: Corpus,
    gold: Sequence[GoldQuestion],
    out: Path,
    *,
    k: int = K,
    searching: Searching = search,
    asking: Asking = ask,
    code: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    report: Report = lambda *_: None,
) -> Run:
    """Search and ask every question on a snapshot into the folder `out`, and measure what came of it.

    A question that `out` holds already, on the same snapshot by the same code, is not asked again.
    Raises: RunInvalid when `out` holds a run of another snapshot or other code.
    """
    header = Header(corpus.version, code or code_hash(), k, now().isoformat(timespec="seconds"))
    out.mkdir(parents=True, exist_ok=True)
    header, done = _continued(out / RESULTS, header)
    with (out / RESULTS).open("a", encoding="utf-8") as lines:
        for number, question in enumerate(gold, 1):
            if done.get(question.id, {}).get("asked") != _asked(question):
                found = searching(corpus, question.question, history=question.history, k=k)
                answer = asking(corpus, question.question, history=question.history)
                done[question.id] = {
                    "id": question.id,
                    "asked": _asked(question),
                    "passages": [evidence.as_json() for evidence in found],
                    "answer": answer.as_json(),
                }
                lines.write(json.dumps(done[question.id], ensure_ascii=False) + "\n")
                lines.flush()
            report("vragen", number, len(gold))
    rows = measure([resolved(question, corpus) for question in gold], done)
    questions = {q.id: {"question": q.question, "reference_answer": q.reference_answer} for q in gold}
    measured = {"run": asdict(header), "rows": [asdict(row) for row in rows], "questions": questions}
    write_bytes(out / MEASURED, json.dumps(measured, ensure_ascii=False).encode())
    return read_run(out)


def read_run(folder: Path) -> Run:
    """A run as it was kept. Raises: RunInvalid."""
    try:
        measured = json.loads((folder / MEASURED).read_bytes())
        _, results = _kept((folder / RESULTS).read_bytes())
        return Run(
            folder.name,
            Header(**measured["run"]),
            tuple(Row(**row) for row in measured["rows"]),
            measured["questions"],
            results,
        )
    except FileNotFoundError as error:
        raise RunInvalid(
            f"{folder} is geen volledige run ({error.filename} ontbreekt); voer `wijzer eval run --out {folder}` uit."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunInvalid(
            f"{folder} is beschadigd ({error}); verwijder de map en voer de run opnieuw uit."
        ) from error


def code_hash() -> str:
    """Sixteen hexadecimal digits that change with the code and the templates that decide an answer.

    The embedding model and the analyser are part of the snapshot, not of this.
    """
    return log_record.code_hash()[:16]


def _asked(question: GoldQuestion) -> str:
    """What the answer to a question depends on: a question that was reworded is asked again."""
    spoken = [question.question, *((turn.role, turn.content) for turn in question.history)]
    return hashlib.sha256(json.dumps(spoken).encode()).hexdigest()[:16]


def _continued(path: Path, header: Header) -> tuple[Header, dict[str, dict[str, Any]]]:
    """The header and the results to go on with; what an interruption left of a last line is cut off."""
    data = path.read_bytes() if path.exists() else b""
    whole = data[: data.rfind(b"\n") + 1]
    if not whole:
        write_bytes(path, (json.dumps({"run": asdict(header)}) + "\n").encode())
        return header, {}
    try:
        before, results = _kept(whole)
    except (ValueError, KeyError, TypeError) as error:
        raise RunInvalid(f"{path} is geen run ({error}); kies een andere map met --out.") from error
    made_of = [(h.snapshot, h.code, h.k) for h in (before, header)]
    if made_of[0] != made_of[1]:
        raise RunInvalid(
            f"{path.parent} is een run van publicatie {before.snapshot} met code {before.code} (k={before.k}); nu is "
            f"dat {header.snapshot} met {header.code} (k={header.k}). Kies een andere map met --out."
        )
    if whole != data:
        write_bytes(path, whole)
    return before, results


def _kept(data: bytes) -> tuple[Header, dict[str, dict[str, Any]]]:
    first, *rest = (json.loads(line) for line in data.splitlines() if line.strip())
    return Header(**first["run"]), {result["id"]: result for result in rest}
