"""What a memo rests on: the section with its promises, the decisions that carry them out, the ledger's figures.

    section -> decisions of the section -> decisions of each promise -> files -> articles of the ledger -> hash

Two memos with one hash are the same memo, so an update composes only those whose hash changed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files

from answer.memo_files import File, file_of, status_of
from answer.memo_ledger import LedgerRow, ledger_rows
from answer.memo_records import Status
from ingest.reading import cleaned
from ingest.records import Commitment, Metadata
from prompts.templates import joint_hash, template
from retrieval.corpus import Corpus
from retrieval.matching import DECISIONS, Match, matches
from retrieval.promises import ENOUGH, Support, supports

TEMPLATES = ("memo_theme", "compose_system", "compose_question")
_CODE = {
    "answer": (
        "memo.py",
        "memo_amounts.py",
        "memo_claims.py",
        "memo_evidence.py",
        "memo_files.py",
        "memo_ledger.py",
        "memo_model.py",
        "memo_themes.py",
        "verify.py",
    ),
    "retrieval": ("matching.py", "promises.py"),
}
_MOST_FILES = 6  # of one promise
_BESIDE, _AROUND = (
    0.45,
    2,
)  # strength that is enough for a decision that counts for a promise so near this one
_FIRST = 12  # decisions of the section among which those are that bear on it without carrying out a promise
_NEAR_FIRST, _SOME = 0.6, 0.15  # their score beside the first one's, and their strength for some promise
_NEARLY = 0.42  # strength of a decision that nearly counts for a promise
_MOST_RELATED = 5  # files of either kind
_WEIGHED = 300  # decisions of the section that are weighed for its promises
_ORDER: dict[Status, int] = {"definitief": 3, "principieel": 2, "in_voorbereiding": 1, "niet_gevonden": 0}


@dataclass(frozen=True, slots=True)
class Carried:
    """A promise with the files that carry it out, strongest first, and the nearest decision that did not count."""

    start: int
    end: int
    text: str
    files: tuple[File, ...]
    strengths: tuple[float, ...]
    nearest: Metadata | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a memo is composed of.

    `files` are those of the promises, those of most weight first; `related` bear on the section and on no promise
    in particular. `statuses` says by file id how far each has come. `searched` is how many decisions were looked
    through, of the dates `period`.
    """

    commitment: Commitment
    section_text: str
    promises: tuple[Carried, ...]
    files: tuple[File, ...]
    related: tuple[File, ...]
    statuses: dict[str, Status]
    ledger: tuple[LedgerRow, ...]
    searched: int
    period: tuple[str, str]

    def status(self, promise: Carried) -> Status:
        """How far the files of a promise have come: the furthest of them."""
        reached: list[Status] = [self.statuses[file.id] for file in promise.files]
        return max(reached, key=lambda status: _ORDER[status], default="niet_gevonden")


def gather(corpus: Corpus, commitment: Commitment) -> Evidence:
    """The evidence of one commitment. Raises: KeyError when its document is not in the corpus."""
    document = corpus.document(commitment.document_id)
    if document is None:
        raise KeyError(commitment.document_id)
    section = cleaned(document.text[commitment.start : commitment.end])
    spans = commitment.promises
    texts = [cleaned(document.text[start:end]) for start, end in spans]
    after = document.meta.date
    told = f"{commitment.path[-1]}. {section}"  # the heading says what the promises are about
    matched = [
        m
        for m in matches(corpus, told, corpus.admitted(DECISIONS))
        if not after or (m.meta.date or after) >= after
    ]
    found = supports(corpus, texts, matched[:_WEIGHED], domain=commitment.domain, most=_WEIGHED)
    carried = tuple(
        _carried(
            corpus,
            spans[n],
            texts[n],
            found[n],
            _counted(found[max(0, n - _AROUND) : n + _AROUND + 1]),
            after,
        )
        for n in range(len(spans))
    )
    weight: dict[str, float] = {}
    by_id: dict[str, File] = {}
    for promise in carried:
        for file, strength in zip(promise.files, promise.strengths, strict=True):
            by_id[file.id] = file
            weight[file.id] = weight.get(file.id, 0.0) + strength
    chosen = tuple(sorted(by_id.values(), key=lambda file: (-weight[file.id], file.id)))
    related = tuple(_related(corpus, matched[:_FIRST], found, chosen, after))
    shown = (*chosen, *related)
    dates = sorted(
        m.date
        for m in corpus.documents()
        if m.kind == "beslissing" and m.date and (not after or m.date >= after)
    )
    return Evidence(
        commitment,
        section,
        carried,
        chosen,
        related,
        {file.id: status_of(corpus, file) for file in shown},
        ledger_rows(corpus, texts, [m.title for file in chosen for m in file.decisions]),
        len(dates),
        (dates[0], dates[-1]) if dates else ("", ""),
    )


def evidence_of(corpus: Corpus, commitment: Commitment) -> str:
    """The hash of everything that the memo of a commitment rests on, without composing it. Raises: KeyError."""
    return evidence_hash(corpus, gather(corpus, commitment))


def evidence_hash(corpus: Corpus, evidence: Evidence) -> str:
    """The hash of gathered evidence: section, promises, decisions with text and stage, ledger cells, code, templates."""
    told = [_code_hash(), prompts_hash(), evidence.section_text, *evidence.commitment.path]
    for promise in evidence.promises:
        told += [promise.text, *(f"{file.id}" for file in promise.files)]
        told.append(promise.nearest.id if promise.nearest else "")
    for file in (*evidence.files, *evidence.related):
        told.append(evidence.statuses[file.id])
        for meta in file.decisions:
            document = corpus.document(meta.id)
            told += [meta.id, meta.uri or "", meta.date or "", meta.stage or "", *meta.themes]
            told.append(document.text if document else "")
    told += [repr(row.cell) for row in evidence.ledger]
    told += [str(evidence.searched), *evidence.period]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def prompts_hash() -> str:
    """One hash for the templates of a memo."""
    return joint_hash(*map(template, TEMPLATES))


@cache
def _code_hash() -> str:
    """The hash of the code that decides what a memo says."""
    sources = (
        (package_files(package) / name).read_bytes() for package, names in _CODE.items() for name in names
    )
    return hashlib.sha256(b"\0".join(sources)).hexdigest()


def _counted(around: Sequence[Sequence[Support]]) -> frozenset[str]:
    """The decisions that count for a promise, or for one around it, by their own strength."""
    return frozenset(s.meta.id for supported in around for s in supported if s.strength >= ENOUGH)


def _carried(
    corpus: Corpus,
    span: tuple[int, int],
    text: str,
    supported: Sequence[Support],
    counted: frozenset[str],
    after: str | None,
) -> Carried:
    """A promise with its files: a decision that counts for the promise beside it needs less support."""
    chosen: dict[str, tuple[File, float]] = {}
    nearest: Metadata | None = None
    for support in supported:
        if support.strength >= (_BESIDE if support.meta.id in counted else ENOUGH):
            file = file_of(corpus, support.meta, after)
            if len(chosen) < _MOST_FILES:
                chosen.setdefault(file.id, (file, support.strength))
        elif nearest is None:
            nearest = support.meta
    files, strengths = [f for f, _ in chosen.values()], [s for _, s in chosen.values()]
    return Carried(*span, text, tuple(files), tuple(strengths), nearest)


def _related(
    corpus: Corpus,
    first: Sequence[Match],
    found: Sequence[Sequence[Support]],
    chosen: Sequence[File],
    after: str | None,
) -> list[File]:
    """Files that no promise has: those among the first of the section, then those that nearly count for a promise."""
    best: dict[str, Support] = {}
    for support in (s for supported in found for s in supported):
        known = best.get(support.meta.id)
        best[support.meta.id] = support if known is None else max(known, support, key=lambda s: s.strength)
    of_section = [
        m.meta
        for m in first
        if m.score >= _NEAR_FIRST * first[0].score and m.meta.id in best and best[m.meta.id].strength >= _SOME
    ]
    nearly = sorted(
        (s for s in best.values() if s.strength >= _NEARLY), key=lambda s: (-s.strength, s.meta.id)
    )
    taken = {m.id for file in chosen for m in file.decisions}
    related: list[File] = []
    for metas in (of_section, [support.meta for support in nearly]):
        room = len(related) + _MOST_RELATED
        for meta in metas:
            if meta.id not in taken and len(related) < room:
                related.append(file_of(corpus, meta, after))
                taken.update(m.id for m in related[-1].decisions)
    return related
