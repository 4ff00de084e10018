"""What a memo rests on: the section with its promises, the decisions that carry them out, the ledger's figures.

    section -> decisions of the section -> decisions of each promise -> files -> articles of the ledger -> hash

Two memos with one hash are the same memo, so an update composes only those whose hash changed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files

from answer.memo_files import File, file_of, furthest, status_of
from answer.memo_ledger import LedgerRow, ledger_rows
from answer.memo_records import Status
from ingest.reading import cleaned, sentences
from ingest.records import Commitment, Document
from prompts.templates import joint_hash, template
from retrieval.corpus import Corpus
from retrieval.matching import DECISIONS, Match, matches
from retrieval.promises import POSSIBLE, Promise, Support, supports

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
    "retrieval": ("matching.py", "promise_measures.py", "promises.py"),
}
_MOST_FILES = 6  # that carry out one promise
_MOST_POSSIBLE = 3  # files of one promise that may carry it out
_MOST_RELATED = 12  # files of one section
_FIRST = 12  # decisions of the section among which those are that bear on it without being near a promise
_NEAR_FIRST, _SOME = 0.6, 0.15  # their score beside the first one's, and their strength for some promise
_BEFORE = 2  # sentences before a promise that say what it points back to


@dataclass(frozen=True, slots=True)
class Carried:
    """A promise with the files that carry it out, strongest first, and how far they have come.

    `possible` are files that are nearest to this promise of all and may carry it out; a reader has to judge that.
    """

    start: int
    end: int
    text: str
    files: tuple[File, ...]
    strengths: tuple[float, ...]
    status: Status
    possible: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a memo is composed of.

    `files` are those of the promises, those of most weight first; `related` bear on the section, whether or not
    they are possible for a promise. `statuses` says by file id how far each has come.
    """

    commitment: Commitment
    section_text: str
    promises: tuple[Carried, ...]
    files: tuple[File, ...]
    related: tuple[File, ...]
    statuses: dict[str, Status]
    ledger: tuple[LedgerRow, ...]


def gather(corpus: Corpus, commitment: Commitment) -> Evidence:
    """The evidence of one commitment. Raises: KeyError when its document is not in the corpus."""
    document = corpus.document(commitment.document_id)
    if document is None:
        raise KeyError(commitment.document_id)
    section = cleaned(document.text[commitment.start : commitment.end])
    promises = promises_of(document, commitment)
    after = document.meta.date
    matched = matches_of(corpus, document, commitment)
    found = supports(corpus, promises, matched, domain=commitment.domain, most=len(matched))
    carrying = [_carrying(corpus, supported, after) for supported in found]
    weight: dict[str, float] = {}
    by_id: dict[str, File] = {}
    for file, strength in (pair for pairs in carrying for pair in pairs):
        by_id[file.id] = file
        weight[file.id] = weight.get(file.id, 0.0) + strength
    chosen = tuple(sorted(by_id.values(), key=lambda file: (-weight[file.id], file.id)))
    taken = {meta.id for file in chosen for meta in file.decisions}
    possible = _possible(corpus, found, taken, after)
    taken |= {meta.id for files in possible for file in files for meta in file.decisions}
    bearing = _bearing(corpus, matched[:_FIRST], found, taken, after)
    related = (*(file for files in possible for file in files), *bearing)[:_MOST_RELATED]
    carried = tuple(
        Carried(
            *span,
            promise.text,
            tuple(file for file, _ in pairs),
            tuple(strength for _, strength in pairs),
            furthest(status_of(corpus, file, promise.text) for file, _ in pairs),
            tuple(file for file in files if file in related),
        )
        for span, promise, pairs, files in zip(commitment.promises, promises, carrying, possible, strict=True)
    )
    titles = [m.title for file in chosen for m in file.decisions]
    return Evidence(
        commitment,
        section,
        carried,
        chosen,
        related,
        {file.id: status_of(corpus, file) for file in (*chosen, *related)},
        ledger_rows(corpus, [promise.text for promise in promises], titles),
    )


def evidence_of(corpus: Corpus, commitment: Commitment) -> str:
    """The hash of everything that the memo of a commitment rests on, without composing it. Raises: KeyError."""
    return evidence_hash(corpus, gather(corpus, commitment))


def evidence_hash(corpus: Corpus, evidence: Evidence) -> str:
    """The hash of gathered evidence: section, promises, decisions with text and stage, ledger cells, code, templates."""
    told = [_code_hash(), prompts_hash(), evidence.section_text, *evidence.commitment.path]
    for promise in evidence.promises:
        told += [promise.text, promise.status, *(file.id for file in promise.files)]
        told += ["possible", *(file.id for file in promise.possible)]
    for file in (*evidence.files, *evidence.related):
        told.append(evidence.statuses[file.id])
        for meta in file.decisions:
            document = corpus.document(meta.id)
            told += [meta.id, meta.uri or "", meta.date or "", meta.stage or "", *meta.themes]
            told.append(document.text if document else "")
    told += [repr(row.cell) for row in evidence.ledger]
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


def matches_of(corpus: Corpus, document: Document, commitment: Commitment) -> list[Match]:
    """The decisions since the agreement that a section leads to, best first; its heading says what it is about."""
    told = f"{commitment.path[-1]}. {cleaned(document.text[commitment.start : commitment.end])}"
    after = document.meta.date or ""
    found = matches(corpus, told, corpus.admitted(DECISIONS))
    return [match for match in found if (match.meta.date or after) >= after]


def promises_of(document: Document, commitment: Commitment) -> list[Promise]:
    """The promises of a section, each with the sentences before it."""
    spans = sentences(document.text, commitment.start, commitment.end)
    found = []
    for start, end in commitment.promises:
        before = [span for span in spans if span[1] <= start][-_BEFORE:]
        context = " ".join(cleaned(document.text[a:b]) for a, b in before)
        found.append(Promise(cleaned(document.text[start:end]), context))
    return found


def _carrying(corpus: Corpus, supported: Sequence[Support], after: str | None) -> list[tuple[File, float]]:
    """The files of the decisions that count for a promise, each with the strength of its strongest decision."""
    chosen: dict[str, tuple[File, float]] = {}
    for support in supported:
        if support.counts and len(chosen) < _MOST_FILES:
            file = file_of(corpus, support.meta, after)
            chosen.setdefault(file.id, (file, support.strength))
    return list(chosen.values())


def _possible(
    corpus: Corpus, found: Sequence[Sequence[Support]], taken: set[str], after: str | None
) -> list[list[File]]:
    """For each promise the files that are nearest to it of all and that no promise has, strongest first."""
    nearest: dict[str, tuple[float, int, File]] = {}
    for n, supported in enumerate(found):
        for support in supported:
            if support.strength >= POSSIBLE and support.meta.id not in taken:
                file = file_of(corpus, support.meta, after)
                nearest[file.id] = max(
                    nearest.get(file.id, (0.0, 0, file)),
                    (support.strength, -n, file),
                    key=lambda near: near[:2],
                )
    possible: list[list[File]] = [[] for _ in found]
    strongest = sorted(nearest.values(), key=lambda near: (-near[0], -near[1], near[2].id))
    for _, place, file in strongest[:_MOST_RELATED]:
        if len(possible[-place]) < _MOST_POSSIBLE:
            possible[-place].append(file)
    return possible


def _bearing(
    corpus: Corpus,
    first: Sequence[Match],
    found: Sequence[Sequence[Support]],
    taken: set[str],
    after: str | None,
) -> list[File]:
    """The files among the first of the section that are no promise's."""
    near = {s.meta.id for supported in found for s in supported if s.strength >= _SOME}
    files: dict[str, File] = {}
    for match in first:
        if match.score >= _NEAR_FIRST * first[0].score and match.meta.id in near - taken:
            file = file_of(corpus, match.meta, after)
            files.setdefault(file.id, file)
    return list(files.values())
