"""A kept answer made again: the same retrieval and composition on the same snapshot, and what differs.

Only what is deterministic is repeated. Of an answer that a language model wrote that is the retrieval; its
claims and citations are checked against their sources as those of any other.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from answer.ask import ask
from answer.log_record import Entry, Record, code_hash
from answer.records import Answer, Citation
from answer.verify_records import Verdict
from retrieval.corpus import Corpus

Check = Callable[[Corpus, str, str, Sequence[Citation]], Verdict]
Ask = Callable[..., Answer]

_SAME_SCORE = 1e-4  # another processor adds the same products in another order
_TRACED = ("passages", "elapsed_ms")  # the trace says the first better, and time is never the same
_CITATION = frozenset(field.name for field in fields(Citation))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a record that did not come out again: a path (`claims[0].text`), its kept and its present value."""

    field: str
    kept: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one record: `notices` are Dutch; `repeated` is False when its snapshot cannot be opened."""

    record: Record
    differences: tuple[Difference, ...]
    notices: tuple[str, ...]
    repeated: bool = True


def verify(record: Record, corpus: Corpus, check: Check, *, ask: Ask = ask) -> Replayed:
    """Repeat what is deterministic of a kept answer; `corpus` is the snapshot that it was given on."""
    entry = record.entry
    again = repeated(corpus, entry, ask)
    found = [*_retrieval(entry, again), *_citations(entry, corpus)]
    if entry.answer["mode"] == "extractive":
        found += _composition(entry, again)
    found += _claims(entry, corpus, check)
    return Replayed(record, tuple(found), tuple(_notices(entry)))


def unrepeated(record: Record, why: str) -> Replayed:
    """A record of which nothing could be repeated, and the Dutch reason."""
    return Replayed(record, (), (why,), repeated=False)


def repeated(corpus: Corpus, entry: Entry, ask: Ask = ask) -> Answer:
    """The kept question asked again, of whichever snapshot."""
    return ask(corpus, entry.question, history=entry.history, filters=entry.filters)


def citations_of(entry: Entry) -> list[Citation]:
    """The citations of a kept answer; a field that a later version added to the record is left out."""
    return [
        Citation(**{k: v for k, v in c.items() if k in _CITATION} | {"section": tuple(c["section"])})
        for c in entry.answer["citations"]
    ]


def _retrieval(entry: Entry, again: Answer) -> Iterator[Difference]:
    kept = [{"passage": r.passage, "score": r.score} for r in entry.trace]
    now = [{"passage": e.passage.id, "score": round(e.score, 6)} for e in again.evidence]
    yield from differences("trace", kept, now)


def _composition(entry: Entry, again: Answer) -> Iterator[Difference]:
    """Every field of an extractive answer; its notice is not repeated when it tells of a model that failed."""
    now = again.as_json()
    left_out = {*_TRACED, "notice"} if entry.model else {*_TRACED}
    for name in dict.fromkeys((*entry.answer, *now)):
        if name not in left_out:
            yield from differences(name, entry.answer.get(name), now.get(name))


def _citations(entry: Entry, corpus: Corpus) -> Iterator[Difference]:
    """The citations whose text is not what stands in their span."""
    for at, citation in enumerate(citations_of(entry)):
        document = corpus.document(citation.document_id)
        if document is None:
            yield Difference(f"citations[{at}].document_id", citation.document_id, None)
        elif document.text[citation.start : citation.end] != citation.text:
            now = document.text[citation.start : citation.end]
            yield Difference(f"citations[{at}].text", citation.text, now)


def _claims(entry: Entry, corpus: Corpus, check: Check) -> Iterator[Difference]:
    """The claims that do not hold, or no longer, against what they cite."""
    citations = {c.n: c for c in citations_of(entry)}
    question = entry.answer.get("question") or entry.question
    for at, claim in enumerate(entry.answer["claims"]):
        cited = [citations[n] for n in claim["citations"] if n in citations]
        verdict = check(corpus, question, claim["text"], cited)
        if not verdict.holds:
            why = " ".join(fault.detail for fault in verdict.faults)
            yield Difference(f"claims[{at}]", claim["text"], why)


def _notices(entry: Entry) -> Iterator[str]:
    if entry.code != code_hash():
        yield (
            f"Het programma is sindsdien gewijzigd (code {entry.code[:12]}, nu {code_hash()[:12]}): wat verschilt, "
            f"kan daarvan komen."
        )
    if entry.model:
        yield f"Wat {entry.model.model} schreef, is niet herhaald; wel gezocht, nagekeken en met de bron vergeleken."


def differences(path: str, kept: Any, now: Any) -> Iterator[Difference]:
    """Where two JSON values differ, field by field; scores may differ by what rounding does.

    `differences("a", {"b": [1]}, {"b": [2]})` -> `Difference("a.b[0]", 1, 2)`
    """
    if isinstance(kept, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*kept, *now)):
            yield from differences(f"{path}.{name}", kept.get(name), now.get(name))
    elif isinstance(kept, list | tuple) and isinstance(now, list | tuple):
        for at in range(max(len(kept), len(now))):
            pair = (values[at] if at < len(values) else None for values in (kept, now))
            yield from differences(f"{path}[{at}]", *pair)
    elif isinstance(kept, float) and isinstance(now, float):
        if not math.isclose(kept, now, abs_tol=_SAME_SCORE):
            yield Difference(path, kept, now)
    elif kept != now:
        yield Difference(path, kept, now)
