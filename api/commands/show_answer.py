"""What `wijzer answer` prints: each result once for people and once as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from answer.chain import Chain
from answer.log_record import Record
from answer.replay import Difference, Replayed
from answer.replay_diff import CitationChange, Comparison, FigureChange
from ingest.reading import cleaned

_MOST_SHOWN = 12
_LONGEST = 240
_QUESTION = 90
_STATES = {
    "same": "zelfde plaats",
    "moved": "verplaatst",
    "changed": "gewijzigd",
    "gone": "verdwenen",
    "new": "nieuw",
}


def listed(record: Record) -> str:
    """One line for a kept answer."""
    entry = record.entry
    return f"{record.id}  {entry.at}  {entry.answer['status']:<8}  {entry.answer['mode']}  {_cut(entry.question, _QUESTION)}"


def listed_json(record: Record) -> dict[str, Any]:
    """A kept answer without its trace and its text."""
    entry = record.entry
    return {
        "id": record.id,
        "number": record.number,
        "at": entry.at,
        "question": entry.question,
        "status": entry.answer["status"],
        "mode": entry.answer["mode"],
        "snapshot": entry.snapshot,
    }


def chain(path: Path, found: Chain) -> str:
    """Whether the log is as it was written, and where not."""
    lines = [f"Keten van {path}: {found.records} records, " + ("gebroken." if found.breaks else "heel.")]
    lines += [f"  regel {b.line}: {b.problem}" for b in found.breaks]
    if found.torn:
        lines.append(
            f"  De laatste regel is afgebroken ({found.torn} bytes, bij een onderbreking); het volgende antwoord dat "
            f"bewaard wordt, zet ze apart in {path.name}.torn."
        )
    return "\n".join(lines)


def chain_json(found: Chain) -> dict[str, Any]:
    """See `chain`."""
    return {"holds": not found.breaks, **asdict(found)}


def replayed(found: Replayed) -> str:
    """One record made again: what differs, field by field."""
    entry = found.record.entry
    lines = [f"{found.record.id}  {entry.at}  {_cut(entry.question, _QUESTION)}"]
    lines += [f"  {notice}" for notice in found.notices]
    if found.differences:
        lines.append(f"  {len(found.differences)} velden verschillen:")
        lines += [line for d in found.differences[:_MOST_SHOWN] for line in _difference(d)]
        if len(found.differences) > _MOST_SHOWN:
            lines.append(f"  … en nog {len(found.differences) - _MOST_SHOWN}; --json toont ze alle.")
    elif found.repeated:
        counts = f"{len(entry.trace)} passages, {len(entry.answer['citations'])} verwijzingen, {len(entry.answer['claims'])} beweringen"
        lines.append(f"  Alles is gelijk: {counts}.")
    return "\n".join(lines)


def replayed_json(found: Replayed) -> dict[str, Any]:
    """See `replayed`."""
    return {
        "id": found.record.id,
        "repeated": found.repeated,
        "notices": list(found.notices),
        "differences": [asdict(d) for d in found.differences],
    }


def compared(found: Comparison) -> str:
    """The kept answer against that of today: a table of citations, then one of figures."""
    entry = found.record.entry
    same = found.old["corpus_version"] == found.new["corpus_version"]
    lines = [
        f"{found.record.id}  {_cut(entry.question, _QUESTION)}",
        f"Bewaard op {entry.at}, publicatie {found.old['corpus_version']}; nu "
        + ("dezelfde." if same else f"{found.new['corpus_version']}."),
    ]
    if found.old["status"] != found.new["status"]:
        lines.append(f"Status: {found.old['status']} -> {found.new['status']}: {_cut(found.new['answer'])}")
    lines += ["", "Verwijzingen:", *(line for c in found.citations for line in _citation(c))]
    if not found.citations:
        lines.append("  geen")
    changed = _table([("bewering", "was", "is nu"), *map(_figure, found.figures)])
    return "\n".join([*lines, "", "Cijfers:", *(changed if found.figures else ["  geen wijzigingen"])])


def compared_json(found: Comparison) -> dict[str, Any]:
    """See `compared`."""
    return {
        "id": found.record.id,
        "question": found.record.entry.question,
        "citations": [asdict(c) for c in found.citations],
        "figures": [asdict(f) for f in found.figures],
        "old": found.old,
        "new": found.new,
    }


def _citation(change: CitationChange) -> list[str]:
    where = change.document_id
    if change.kept and change.kept.text:
        where += f" {change.kept.start}-{change.kept.end}"
    if change.state in ("moved", "changed"):
        where += f" -> {change.now.start}-{change.now.end}"
    elif change.state == "new":
        where += f" {change.now.start}-{change.now.end}"
    uncited = "" if change.cited or change.state == "gone" else ", nu niet meer aangehaald"
    lines = [f"  [{change.n}] {_STATES[change.state]}{uncited}  {change.title} ({where})"]
    if change.kept and change.state in ("changed", "gone"):
        lines.append(f"      was: {_cut(change.kept.text)}")
    if change.state in ("changed", "new"):
        lines.append(f"      nu:  {_cut(change.now.text)}")
    return lines


def _figure(change: FigureChange) -> tuple[str, str, str]:
    return str(change.claim), change.old, change.new or "weg"


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]


def _difference(difference: Difference) -> list[str]:
    return [
        f"  {difference.field}",
        f"      bewaard: {_value(difference.kept)}",
        f"      nu:      {_value(difference.now)}",
    ]


def _value(value: Any) -> str:
    if value is None:
        return "niets"
    return _cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=list))


def _cut(text: str, longest: int = _LONGEST) -> str:
    text = cleaned(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
