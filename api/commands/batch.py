"""Many questions from one file: read strictly, answered in order, written line by line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.records import Filters, Turn

LONGEST_QUESTION = 20_000
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a batch: only these four of its fields are read."""

    id: str
    question: str
    history: tuple[Turn, ...]
    filters: Filters


class BadLine(ValueError):
    """A line that is no question; the message says what was found."""


def run_batch(
    path: Path, out: Path, answer: Callable[[BatchQuestion], dict[str, Any]], report: Report
) -> int:
    """Answer every line of `path` into `out`, in order; returns how many lines were no question.

    A bad line gives `{"id", "error"}`; a doubled id is an error for its second line.
    """
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    seen: set[str] = set()
    bad = 0
    with out.open("w", encoding="utf-8") as results:
        for number, line in enumerate(lines, 1):
            try:
                question = _question(line, number, seen)
                result = {"id": question.id, **answer(question)}
            except BadLine as error:
                bad += 1
                result = {"id": _id(line), "error": f"regel {number}: {error}"}
            results.write(json.dumps(result, ensure_ascii=False) + "\n")
            report("vragen", number, len(lines))
    return bad


def parse_filters(value: Any) -> Filters:
    """The `filters` object of the contract. Raises: BadLine."""
    value = {} if value is None else value
    if not isinstance(value, dict):
        raise BadLine("filters is geen object")
    given = {name: value.get(name) or [] for name in ("kind", "year", "document", "minister", "theme")}
    if not all(isinstance(values, list) for values in given.values()):
        raise BadLine(f"filters.{', .'.join(given)} zijn lijsten")
    years = given.pop("year")
    if not all(isinstance(x, str) for values in given.values() for x in values):
        raise BadLine(f"filters.{', .'.join(given)} bevatten tekst")
    if not all(type(x) is int for x in years):
        raise BadLine("filters.year bevat gehele getallen")
    return Filters(year=tuple(years), **{name: tuple(values) for name, values in given.items()})


def _question(line: bytes, number: int, seen: set[str]) -> BatchQuestion:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"geen JSON ({error})") from error
    if not isinstance(item, dict):
        raise BadLine("geen JSON-object")
    name, question = item.get("id"), item.get("question")
    if not isinstance(name, str) or not name:
        raise BadLine("id ontbreekt of is geen tekst")
    if name in seen:
        raise BadLine(f"id {name!r} komt al eerder voor")
    seen.add(name)
    if not isinstance(question, str) or not question.strip():
        raise BadLine("question ontbreekt of is leeg")
    if len(question) > LONGEST_QUESTION:
        raise BadLine(f"question telt {len(question)} tekens, hoogstens {LONGEST_QUESTION} zijn toegelaten")
    return BatchQuestion(name, question, _history(item.get("history")), parse_filters(item.get("filters")))


def _history(value: Any) -> tuple[Turn, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(
        isinstance(t, dict) and isinstance(t.get("role"), str) and isinstance(t.get("content"), str)
        for t in value
    ):
        raise BadLine("history is geen lijst van {role, content}")
    return tuple(Turn(t["role"], t["content"]) for t in value)


def _id(line: bytes) -> str | None:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
