"""The rules that a candidate snapshot keeps whatever the measures say; each looks at one thing, at every unit of it.

What is counted is said here, how often it may happen and why in `gate_margins.toml`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import numpy as np

from evals.gate_figures import contradictions, ledgers
from evals.gate_records import Changes, Finding, Side, broken, first
from ingest.analysis import ANALYSER, grams, stems, tokens
from ingest.chunk import LONGEST, indexed_text
from ingest.embed import Embedder
from ingest.reading import sentences
from ingest.records import Document, Passage
from ingest.sources import SourceSet

_SAMPLED_VECTORS, _SAMPLED_WORDS = 500, 60
_ALIKE = 0.999  # cosine of two vectors of one text, made in batches of another size
_EARLIEST = "1995"
_MEETING_DAYS = (3, 4)  # Thursday, Friday
_ENOUGH_DECISIONS = 10  # for a share of weekdays to say something
_LINE = re.compile(r"\S[^\n]*")
_T = TypeVar("_T")


def corpus_rules(
    before: Side | None,
    after: Side,
    changed: Changes,
    found: Sequence[SourceSet],
    embedder: Embedder,
    today: date,
) -> list[Finding]:
    """Every rule that a snapshot breaks by itself or against the published one."""
    return [
        *lost(after, changed, found),
        *withdrawn(before, changed),
        *ledgers(before, after, changed),
        *contradictions(before, after, changed),
        *identity(before, after, embedder),
        *vectors(before, after, embedder),
        *dates(before, after, today),
        *weekdays(after, changed),
        *cut_passages(after),
        *pieces(before, after, changed),
    ]


def lost(after: Side, changed: Changes, found: Sequence[SourceSet]) -> list[Finding]:
    """Documents that a source still names and the candidate lacks: listed ones, and decisions whose id stands in the file."""
    refused = {r.path for r in after.contents.rejected}
    sources = [s for f in found for s in f.sources]
    gone = {
        s.meta.id
        for s in sources
        if not s.collection and s.meta.id not in after.documents and str(s.path) not in refused
    }
    raw = (
        [s.path.read_bytes() for s in sources if s.collection and s.path.is_file()]
        if changed.withdrawn
        else []
    )
    gone |= {name for name in changed.withdrawn if any(name.encode() in data for data in raw)}
    return broken("lost", len(gone), first(gone), sorted(gone))


def withdrawn(before: Side | None, changed: Changes) -> list[Finding]:
    """The share of the published documents that is withdrawn, of two or more; fewer are told by name."""
    gone = sorted(changed.withdrawn)
    share = len(gone) / len(before.documents) if before and len(gone) > 1 else 0.0
    stopped = broken("withdrawn", share, first(gone), gone)
    if stopped or not gone:
        return stopped
    return [Finding("withdrawn", f"Ingetrokken: {len(gone)}. {first(gone)}", (), tuple(gone), stops=False)]


def identity(before: Side | None, after: Side, embedder: Embedder) -> list[Finding]:
    """Names that are not those configured, and indexes whose words the analyser of today would not ask for."""
    wrong: list[str] = []
    made = (after.manifest.analyser, after.manifest.embedder)
    if made != (ANALYSER, embedder.identity):
        wrong.append(f"gemaakt met {made[0]} en {made[1]}, ingesteld is {ANALYSER} en {embedder.identity}")
    for one in (before, after):
        if one is not None and one.manifest.analyser == ANALYSER:
            passages = _sampled(one.contents.passages, _SAMPLED_WORDS)
            wrong += [f"{p.document_id} {p.start}-{p.end}" for p in passages if not _is_indexed(one, p)]
    return broken("identity", len(wrong), first(wrong))


def vectors(before: Side | None, after: Side, embedder: Embedder) -> list[Finding]:
    """Passages whose vector is not that of before, where the same text was indexed, or not that of their text.

    The first is looked at for every passage, the second for 500 that are spread evenly.
    """
    texts = [indexed_text(after.documents[p.document_id], p) for p in after.contents.passages]
    wrong: set[int] = set()
    if before is not None and before.manifest.embedder == after.manifest.embedder:
        known = {
            indexed_text(before.documents[p.document_id], p): row
            for row, p in enumerate(before.contents.passages)
        }
        pairs = [(row, known[text]) for row, text in enumerate(texts) if text in known]
        wrong |= {row for row, old in pairs if after.vectors[row] @ before.vectors[old] < _ALIKE}
    rows = _sampled(range(len(texts)), _SAMPLED_VECTORS)
    fresh = embedder.encode([texts[row] for row in rows]) if rows else np.zeros((0, embedder.dimension))
    wrong |= {row for row, vector in zip(rows, fresh, strict=True) if after.vectors[row] @ vector < _ALIKE}
    of = [after.contents.passages[row].document_id for row in sorted(wrong)]
    return broken("vectors", len(wrong), first(of), of)


def dates(before: Side | None, after: Side, today: date) -> list[Finding]:
    """Decisions of a day that cannot be, or of another day than the published version says."""
    wrong = []
    for document in _decisions(after):
        said = document.meta.date
        old = before.document(document.id) if before else None
        if said and not _EARLIEST <= said <= today.isoformat():
            wrong.append((document.id, f"{document.id} op {said}"))
        elif old is not None and old.meta.date != said:
            wrong.append((document.id, f"{document.id} van {old.meta.date} naar {said}"))
    return broken("dates", len(wrong), first([told for _, told in wrong]), [name for name, _ in wrong])


def weekdays(after: Side, changed: Changes) -> list[Finding]:
    """The share of the new decisions that were taken on another day than the government meets."""
    days = {d.id: _weekday(d.meta.date) for d in _decisions(after) if d.id in changed.added}
    known = {name: day for name, day in days.items() if day is not None}
    if len(known) < _ENOUGH_DECISIONS:
        return []
    astray = [name for name, day in known.items() if day not in _MEETING_DAYS]
    return broken("weekdays", len(astray) / len(known), first(astray), astray)


def cut_passages(after: Side) -> list[Finding]:
    """Passages with an end inside a sentence or a line of a table; of what is very long the lines count."""
    whole = {name: _undivided(document) for name, document in after.documents.items()}
    cut = [
        p
        for p in after.contents.passages
        if any(_is_inside(whole[p.document_id], at) for at in (p.start, p.end))
    ]
    named = [f"{p.document_id} {p.start}-{p.end}" for p in cut]
    return broken("passages", len(cut), first(named), [p.document_id for p in cut])


def pieces(before: Side | None, after: Side, changed: Changes) -> list[Finding]:
    """How many more or fewer passages there are of the documents that are the same, as a share."""
    if before is None or not changed.same:
        return []
    counts = [sum(p.document_id in changed.same for p in one.contents.passages) for one in (before, after)]
    share = abs(counts[1] - counts[0]) / max(1, counts[0])
    return broken("pieces", share, f"Het waren er {counts[0]}, nu {counts[1]}.")


def spans(results: Mapping[str, Mapping[str, Any]], after: Side) -> list[Finding]:
    """Citations and passages of a run that are not the text of their place, or begin or end within a word."""
    wrong = [
        (question, f"{cited['document_id']} {cited['start']}-{cited['end']}", cited["document_id"])
        for question, result in results.items()
        for cited in _cited(result)
        if not _stands(after.document(cited["document_id"]), cited["start"], cited["end"], cited["text"])
    ]
    told = first([place for _, place, _ in wrong])
    return broken(
        "spans", len(wrong), told, [name for *_, name in wrong], [question for question, *_ in wrong]
    )


def _cited(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    answer = result["answer"]
    yield from answer["citations"]
    yield from (answer["refusal"] or {}).get("nearest", ())
    yield from result["passages"]


def _stands(document: Document | None, start: int, end: int, text: str) -> bool:
    if document is None or not text or document.text[start:end] != text:
        return False
    return not _within_word(document.text, start) and not _within_word(document.text, end)


def _within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _undivided(document: Document) -> list[tuple[int, int]]:
    """The spans inside which no passage may begin or end, in order."""
    spans: list[tuple[int, int]] = []
    for block in document.blocks:
        if block.kind == "heading":
            spans.append((block.start, block.end))
        elif block.kind == "table":
            spans += _lines(document.text, block.start, block.end)
        else:
            for start, end in sentences(document.text, block.start, block.end):
                spans += [(start, end)] if end - start <= 2 * LONGEST else _lines(document.text, start, end)
    return spans


def _is_inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether an offset lies inside one of some spans, not at its ends: 3 does in (1, 5), 5 does not."""
    before = bisect_left(spans, (at, at)) - 1
    return before >= 0 and spans[before][0] < at < spans[before][1]


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(text, start, end)]


def _is_indexed(one: Side, passage: Passage) -> bool:
    words = tokens(passage.text)
    terms = [("stems", set(stems(words))), ("grams", set(grams(words)))]
    return all(one.lexical.frequency(field, term) for field, wanted in terms for term in wanted)  # type: ignore[arg-type]


def _decisions(one: Side) -> Iterator[Document]:
    return (d for d in one.contents.documents if d.meta.kind == "beslissing")


def _weekday(said: str | None) -> int | None:
    """0 for Monday; None for what is no whole day: `_weekday("2021-06-18")` -> 4"""
    try:
        return date.fromisoformat(said or "").weekday()
    except ValueError:
        return None


def _sampled(items: Sequence[_T], most: int) -> list[_T]:
    """At most so many of them, spread evenly."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])
