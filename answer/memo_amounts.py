"""The amounts of euro that decisions and the ledger give, each as printed, with what it is for and its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from answer.budget_words import written
from answer.memo_claims import Place, named
from answer.memo_files import File
from answer.memo_ledger import LedgerRow
from answer.verify_marks import marks
from ingest.reading import cleaned, sentences
from ingest.records import Document
from retrieval.corpus import Corpus

_LONGEST_WHAT = 240
_UNITS = {
    "miljoen": Decimal(10**6),
    "miljard": Decimal(10**9),
    "duizend": Decimal(1_000),
    "keuro": Decimal(1_000),
}
_EURO = re.compile(r"\beuro\b|€|\bEUR\b|\bkeuro\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount before its place is numbered: `value` in `unit`, `text` as printed."""

    text: str
    value: Decimal
    unit: str
    what: str
    place: Place


def sums_of(corpus: Corpus, files: Sequence[File]) -> list[Sum]:
    """The amounts of the decisions, by file; one that a later stage repeats stands once, where it was said last."""
    found: list[Sum] = []
    for file in files:
        told: dict[Decimal, Sum] = {}
        for meta in file.decisions:
            document = corpus.document(meta.id)
            if document:
                told |= {one.value: one for one in _sums(document)}
        found += told.values()
    return found


def ledger_sums(rows: Sequence[LedgerRow]) -> list[Sum]:
    """The figures of budget articles, in keuro."""
    return [
        Sum(
            written(row.cell.value, "nl"),
            row.cell.value,
            "keuro",
            f"begrotingsartikel {row.article.code} ({row.article.title.capitalize()}), {_phase(row)} {row.cell.year}, "
            f"{row.cell.credit}",
            (row.cell.document_id, row.cell.row_start, row.cell.row_end),
        )
        for row in rows
    ]


def _phase(row: LedgerRow) -> str:
    return "uitvoering (BU)" if row.cell.phase == "BU" else f"beschikbaar krediet ({row.cell.phase})"


def _sums(document: Document) -> Iterator[Sum]:
    """The amounts of one decision in order: `3 miljoen euro` -> 3000000 euro."""
    spans = (s for block in document.blocks for s in sentences(document.text, block.start, block.end))
    for start, end in spans:
        raw = document.text[start:end]
        for mark in marks(raw):
            if mark.number is None or mark.number.unit in (None, "%"):
                continue
            printed = raw[mark.start : mark.end]
            if not _is_money(raw, mark.start, mark.end):
                continue
            value = mark.number.value * _UNITS.get(str(mark.number.unit), Decimal(1))
            yield Sum(
                cleaned(_with_euro(raw, mark.start, mark.end)) or printed,
                value,
                "euro",
                f"{named(document.meta)}: {_around(raw, mark.start, mark.end)}",
                (document.meta.id, start, end),
            )


def _is_money(raw: str, start: int, end: int) -> bool:
    """Whether an amount says euro, before, in or right behind it; `3 miljoen bomen` does not."""
    return bool(_EURO.search(raw[max(0, start - 3) : end]) or _EURO.match(raw[end:].lstrip()))


def _with_euro(raw: str, start: int, end: int) -> str:
    """The amount as printed, with the word euro where that stands apart."""
    before = re.search(r"€\s?$", raw[:start])
    return raw[before.start() if before else start : end]


def _around(raw: str, start: int, end: int) -> str:
    """What an amount is for: its sentence, or where that runs long the part around it, cut at words."""
    text = cleaned(raw)
    if len(text) <= _LONGEST_WHAT:
        return text
    middle = len(cleaned(raw[:start])) + (end - start) // 2
    first = max(0, min(middle - _LONGEST_WHAT // 2, len(text) - _LONGEST_WHAT))
    last = first + _LONGEST_WHAT
    part = text[first:last]
    if first:
        part = "… " + part.partition(" ")[2]
    if last < len(text):
        part = part.rpartition(" ")[0] + " …"
    return part
