"""What every format of a memo says the same: names of statuses and stages, marks, and the line of its origin."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote

from answer.memo_records import Memo, Reference, Status
from answer.records import Citation
from api.pages.environment import dutch_date, kind_label, outside_link
from ingest.reading import cleaned, sentences
from ingest.records import Stage

DRAFT = "Concept"
DRAFT_NOTICE = "Concept, automatisch opgesteld uit de beslissingen; na te lezen vóór gebruik."
STATUSES: Mapping[Status, str] = {
    "definitief": "definitief beslist",
    "principieel": "principieel goedgekeurd",
    "in_voorbereiding": "in voorbereiding",
    "niet_gevonden": "geen beslissing gevonden",
}
STAGES: Mapping[Stage, str] = {
    "principieel": "principiële goedkeuring",
    "definitief": "definitieve goedkeuring",
    "bekrachtigd": "bekrachtiging",
}
NO_STAGE = "zonder vermelde fase"
MAYBE = "Mogelijk:"
LONGEST_QUOTE = 400

# What XML 1.0 cannot hold, and what makes a reader see characters in another order than they stand.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
_PARAGRAPH_END = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation as the text shows it: `[3]`, the number of its document in the list of references."""

    reference: Reference
    citation: Citation

    @property
    def label(self) -> str:
        """`"[3]"`."""
        return f"[{self.reference.n}]"


def readable(text: str) -> str:
    """Text on one line as it is meant to be read, without what no file format can hold: `"a\\x0b  b"` -> `"a b"`."""
    return " ".join(_UNPRINTABLE.sub("", cleaned(text)).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each readable; those without a word are left out."""
    return [found for part in _PARAGRAPH_END.split(text) if (found := readable(part))]


def quoted(text: str) -> str:
    """A quote, readable and at most `LONGEST_QUOTE` characters, cut between words with `[…]`."""
    said = readable(text)
    if len(said) <= LONGEST_QUOTE:
        return said
    return said[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " […]"


def marks_of(memo: Memo) -> Mapping[int, Mark]:
    """The mark of each citation, by its number. Raises: KeyError for a citation whose document is not listed."""
    references = {reference.document_id: reference for reference in memo.references}
    return {c.n: Mark(references[c.document_id], c) for c in memo.citations}


def shown(marks: Mapping[int, Mark], citations: Sequence[int]) -> tuple[Mark, ...]:
    """The marks of a claim in its order, one for each document: `(3, 4)` of one document -> `[7]`."""
    first: dict[int, Mark] = {}
    for n in citations:
        first.setdefault(marks[n].reference.n, marks[n])
    return tuple(first.values())


def named(memo: Memo, numbers: Iterable[int]) -> list[Reference]:
    """The references with these numbers, in their order. Raises: KeyError."""
    by_number = {reference.n: reference for reference in memo.references}
    return [by_number[n] for n in numbers]


def dated(date: str | None) -> str:
    """A date in Dutch, empty when there is none: `"2021-03-05"` -> `"5 maart 2021"`."""
    return readable(dutch_date(date))


def address(reference: Reference) -> str | None:
    """The URI as a link may hold it: http or https, what has no place in an address as percent codes; else None."""
    uri = outside_link(reference.uri)
    return quote(uri, safe=":/?#@!$&'*+,;=%~", errors="replace") if uri else None


def stage_name(reference: Reference) -> str:
    """`principiële goedkeuring`; empty for a document without stage."""
    return STAGES[reference.stage] if reference.stage else ""


def described(reference: Reference) -> str:
    """What a reference is, beside its title: `Beslissing Vlaamse Regering, 15 juli 2022, definitieve goedkeuring`."""
    known = (kind_label(reference.kind), dated(reference.date), stage_name(reference))
    return readable(", ".join(part for part in known if part))


def composed_by(memo: Memo) -> str:
    """How the memo was composed: without language model, or by which."""
    if memo.mode == "extractive":
        return "zonder taalmodel, uit titels en zinnen van de bronnen"
    return f"taalmodel {readable(memo.mode)}"


def origin(memo: Memo) -> list[tuple[str, str]]:
    """Where the memo comes from, as labels with values: snapshot, model, templates, date."""
    return [
        ("corpus", readable(memo.corpus_version)),
        ("opgesteld", composed_by(memo)),
        ("sjablonen", readable(memo.prompts_sha256)[:12]),
        ("datum", dated(memo.made_on)),
    ]


def not_found(memo: Memo) -> tuple[str, list[tuple[str, str, list[Reference]]]]:
    """Where every promise without a decision was looked for, and each promise with what is said of it alone.

    With it come the decisions that may carry it out, to be shown behind `MAYBE`.

    Searched `"In a. Op b."` and `"In a. Op c."` -> `"In a."`, then `"Op b."` and `"Op c."`.
    """
    said = [readable(each.searched) for each in memo.not_found]
    parts = [[text[start:end] for start, end in sentences(text)] for text in said]
    same = list(takewhile(lambda column: len(set(column)) == 1, zip(*parts, strict=False)))
    shared = len(same) if len(parts) > 1 else 0
    rest = [" ".join(part[shared:]) for part in parts]
    promises = [readable(each.text) for each in memo.not_found]
    possible = [named(memo, each.possible) for each in memo.not_found]
    return " ".join(column[0] for column in same[:shared]), list(zip(promises, rest, possible, strict=True))


def counted(memo: Memo) -> dict[Status, int]:
    """How many promises have each status, in the order of `STATUSES`, zeros included."""
    return {status: sum(row.status == status for row in memo.promises) for status in STATUSES}
