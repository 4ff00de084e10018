"""A kept answer against the present snapshot: which citations and figures changed, old against new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from answer.log_record import Record
from answer.records import Answer, Citation
from answer.replay import citations_of
from answer.replay_span import Found, State, alike, is_number, masked, where_now, words
from retrieval.corpus import Corpus

_SAME_SENTENCE = 0.8  # Dice of two claims without their numbers


@dataclass(frozen=True, slots=True)
class CitationChange:
    """A citation of the kept answer and where it is now, or a `new` one that only the answer of today has.

    `n` is its number in its own answer; `now` has an empty span when it is gone. `cited` says whether the
    answer of today cites something of that span.
    """

    n: int
    state: State | Literal["new"]
    document_id: str
    title: str
    kept: Found | None
    now: Found
    cited: bool


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that the kept answer shows, as printed, and what stands there now; None when nothing does.

    `claim` counts the claims of the kept answer from 1.
    """

    claim: int
    old: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The kept answer and that of today: `old` and `new` are their `ask` objects."""

    record: Record
    old: Any
    new: Any
    citations: tuple[CitationChange, ...]
    figures: tuple[FigureChange, ...]


def diff(record: Record, corpus: Corpus, today: Answer) -> Comparison:
    """What changed since an answer was kept: in its sources as `corpus` has them, and in the answer of `today`."""
    kept = citations_of(record.entry)
    found = {c.n: where_now(corpus.document(c.document_id), c) for c in kept}
    changes = [_change(c, found[c.n], today.citations) for c in kept]
    changes += [
        _new(c) for c in today.citations if not any(_overlaps(c, k.document_id, k.now) for k in changes)
    ]
    claims = record.entry.answer["claims"]
    figures = [
        change
        for number, claim in enumerate(claims, 1)
        for change in _figures(number, claim, [(c, found[c.n]) for c in kept if c.n in claim["citations"]])
    ]
    figures += _said_otherwise(claims, today, figures)
    answers = record.entry.answer, today.as_json()
    return Comparison(record, *answers, tuple(changes), tuple(dict.fromkeys(figures)))


def changed_numbers(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str | None]]:
    """The numbers of one list of words that stand otherwise in the other, in order.

    `changed_numbers(["van", "500", "euro"], ["van", "600", "euro"])` -> `[("500", "600")]`
    """
    changed: list[tuple[str, str | None]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            before, after = (filter(is_number, run) for run in (old[a:b], new[c:d]))
            changed += [(x, y) for x, y in zip_longest(before, after) if x is not None]
    return changed


def _change(citation: Citation, now: Found, today: Sequence[Citation]) -> CitationChange:
    kept = Found("same", citation.start, citation.end, citation.text)
    cited = any(_overlaps(c, citation.document_id, now) for c in today)
    return CitationChange(citation.n, now.state, citation.document_id, citation.title, kept, now, cited)


def _new(citation: Citation) -> CitationChange:
    now = Found("same", citation.start, citation.end, citation.text)
    return CitationChange(citation.n, "new", citation.document_id, citation.title, None, now, cited=True)


def _overlaps(citation: Citation, document_id: str, span: Found) -> bool:
    return citation.document_id == document_id and citation.start < span.end and span.start < citation.end


def _figures(number: int, claim: Any, cited: Sequence[tuple[Citation, Found]]) -> Iterator[FigureChange]:
    """The numbers of a claim's sources that the claim shows and that are another number now, or nowhere."""
    shown = set(words(claim["text"]))
    standing = {word for _, now in cited for word in words(now.text)}
    for citation, now in cited:
        for figure in claim["figures"]:  # a rounded or derived figure shows the number that it comes from
            if citation.start <= figure["start"] < figure["end"] <= citation.end:
                at = figure["start"] - citation.start
                shown |= set(words(citation.text[at : at + figure["end"] - figure["start"]]))
        for old, new in dict.fromkeys(changed_numbers(words(citation.text), words(now.text))):
            if old in shown and (new is not None or old not in standing):
                yield FigureChange(number, old, new)


def _said_otherwise(
    claims: Sequence[Any], today: Answer, known: Sequence[FigureChange]
) -> Iterator[FigureChange]:
    """The numbers that differ between a kept claim and the one of today that says the same but for its numbers."""
    seen = {(change.old, change.new) for change in known}
    left = [words(claim.text) for claim in today.claims]
    for number, claim in enumerate(claims, 1):
        old = words(claim["text"])
        new = max(left, key=lambda other: (alike(masked(old), masked(other)), alike(old, other)), default=[])
        if alike(masked(old), masked(new)) < _SAME_SENTENCE:
            continue
        left.remove(new)
        for pair in changed_numbers(old, new):
            if pair not in seen and pair[1] is not None:
                seen.add(pair)
                yield FigureChange(number, *pair)
