"""What the command line prints: each result once for people and once as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer.records import Answer, Citation
from ingest.embed import QUESTION_MODEL
from ingest.reading import cleaned
from ingest.records import Document, Metadata, Rejected
from ingest.snapshot import Fault, SnapshotInfo
from retrieval.records import Evidence

if TYPE_CHECKING:
    from ingest.build import Ingested
    from ingest.train import TrainingReport
    from ingest.train_questions import ComparisonReport


def ingested(done: "Ingested") -> str:
    """What an ingest did, rejected files last."""
    lines = [
        f"{done.documents} documenten, {done.passages} passages: {done.added} nieuw, {done.replaced} gewijzigd, "
        f"{done.withdrawn} ingetrokken, {done.kept} ongewijzigd.",
        f"Gepubliceerd als {done.snapshot}."
        if done.changed
        else f"Er is niets gewijzigd; {done.snapshot} blijft gepubliceerd.",
    ]
    if done.without_questions:
        lines.append(
            f"Bij {done.without_questions} passages schreef het taalmodel geen vragen: {done.why_without}. "
            f"Dezelfde opdracht gaat daar verder."
        )
    return "\n".join(lines + _rejected(done.rejected))


def ingested_json(done: "Ingested") -> dict[str, Any]:
    """See `ingested`."""
    return asdict(done)


def passages(found: Sequence[Evidence]) -> str:
    """Ranked passages with their place."""
    if not found:
        return "Niets gevonden."
    return "\n\n".join(
        f"{n}. {_place(e.meta.title, e.passage.page, e.passage.section)}  ({e.score:.2f})\n"
        f"   {e.meta.id} {e.passage.start}-{e.passage.end}\n   {cleaned(e.passage.text)}"
        for n, e in enumerate(found, 1)
    )


def answer(result: Answer) -> str:
    """The answer, then its references."""
    shown = result.refusal.nearest if result.refusal else result.citations
    opening = "Het dichtst in de buurt:" if result.refusal else "Verwijzingen:"
    parts = [*filter(None, (result.notice,)), result.text]
    if shown:
        parts += [opening, *(_citation(c) for c in shown)]
    return "\n\n".join(parts)


def outline(document: Document) -> str:
    """The headings of a document, indented by level, with their page."""
    heads = [b for b in document.blocks if b.kind == "heading"]
    lines = [
        f"{'p. ' + str(b.page) if b.page else '':>7}  {'  ' * (b.level - 1)}{cleaned(document.text[b.start : b.end])}"
        for b in heads
    ]
    return "\n".join([f"{document.meta.title} ({document.id})", *lines])


def outline_json(document: Document) -> dict[str, Any]:
    """See `outline`."""
    heads = [b for b in document.blocks if b.kind == "heading"]
    return {
        "document_id": document.id,
        "outline": [
            {
                "level": b.level,
                "page": b.page,
                "start": b.start,
                "end": b.end,
                "text": cleaned(document.text[b.start : b.end]),
            }
            for b in heads
        ],
    }


def document_json(document: Document, start: int, end: int) -> dict[str, Any]:
    """A document's metadata and the text of a span."""
    end = min(end, len(document.text))
    return {
        **asdict(document.meta),
        "sha256": document.sha256,
        "start": start,
        "end": end,
        "text": document.text[start:end],
    }


def snapshots(found: Sequence[SnapshotInfo]) -> str:
    """Kept snapshots, the published one marked."""
    if not found:
        return "Er is nog niets gepubliceerd; voer `wijzer ingest BRON` uit."
    return "\n".join(
        f"{'*' if s.is_current else ' '} {s.id}  {s.created}  {s.counts.get('documents', 0)} documenten, "
        f"{s.counts.get('passages', 0)} passages, {s.size / 1e6:.1f} MB"
        for s in found
    )


def snapshots_json(found: Sequence[SnapshotInfo]) -> list[dict[str, Any]]:
    """See `snapshots`."""
    return [asdict(s) for s in found]


def documents(found: Sequence[Metadata], rejected: Sequence[Rejected]) -> str:
    """One line a document, rejected files last."""
    lines = [f"{m.id}  [{m.kind}]  {m.date or '-'}  {m.title}" for m in found]
    return "\n".join(lines + _rejected(rejected))


def documents_json(found: Sequence[Metadata], rejected: Sequence[Rejected]) -> dict[str, Any]:
    """See `documents`."""
    return {"documents": [asdict(m) for m in found], "rejected": [asdict(r) for r in rejected]}


def faults(version: str, found: Sequence[Fault], mended: Sequence[Fault]) -> str:
    """What is wrong with a snapshot, and what was mended."""
    lines = [f"Hersteld: {f.file} ({f.problem})" for f in mended]
    lines += [f"{f.file}: {f.problem}{' (te herbouwen met --repair)' if f.derived else ''}" for f in found]
    return "\n".join(lines if found else [*lines, f"{version} is heel."])


def faults_json(version: str, found: Sequence[Fault], mended: Sequence[Fault]) -> dict[str, Any]:
    """See `faults`."""
    return {"snapshot": version, "faults": [asdict(f) for f in found], "mended": [asdict(f) for f in mended]}


def trained(report: "TrainingReport", out: Path) -> str:
    """What a training gave."""
    return f"Model geschreven naar {out}; gebruik het met WIJZER_EMBEDDER={out}.\n{report}"


def compares(report: "ComparisonReport", out: Path) -> str:
    """What the training of the model that compares questions gave."""
    return f"Model geschreven naar {out}; het meegeleverde staat in {QUESTION_MODEL}.\n{report}"


def trained_json(report: "TrainingReport | ComparisonReport", out: Path) -> dict[str, Any]:
    """See `trained` and `compares`."""
    return {"out": str(out), **asdict(report)}


def _rejected(found: Sequence[Rejected]) -> list[str]:
    return [f"Niet opgenomen: {r.message}" for r in found]


def _citation(citation: Citation) -> str:
    lines = [f"[{citation.n}] {_place(citation.title, citation.page, citation.section)}"]
    if citation.uri:
        lines.append(f"    {citation.date or ''} {citation.uri}")
    return "\n".join([*lines, f"    “{cleaned(citation.text)}”"])


def _place(title: str, page: int | None, section: Sequence[str]) -> str:
    path = " > ".join(s for s in section if s != title)
    return ", ".join(part for part in (title, path, f"p. {page}" if page else "") if part)
