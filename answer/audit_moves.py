"""Reallocations: what one article says against the other, and what all of them do to the table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from answer.audit_records import Finding, Severity, places
from answer.audit_subjects import Subject, amounts_of, said
from answer.figures import dutch
from ingest.budget.records import Credit, Ledger, Transfer
from ingest.budget.sides import told_twice
from ingest.records import Document

_ALSO = re.compile(r"\bkomt\s+er\b.*\bbij\b", re.DOTALL)
_CREDITS: tuple[Credit, ...] = ("VAK", "VEK")


@dataclass(frozen=True, slots=True)
class Change:
    """What one credit of an article changed by: in the table, and as the told amounts with their spans."""

    before: Decimal
    after: Decimal
    terms: tuple[tuple[Decimal, tuple[int, int]], ...]

    @property
    def printed(self) -> Decimal:
        """The table's change: from 20 to 25 is 5."""
        return self.after - self.before

    @property
    def told(self) -> Decimal:
        """The told amounts added up."""
        return sum((amount for amount, _ in self.terms), Decimal())

    @property
    def rounded(self) -> bool:
        """Whether rounding explains the difference: half a keuro for each amount and for the table."""
        return abs(self.printed - self.told) <= Decimal(len(self.terms) + 1) / 2


def reallocations(document: Document, ledger: Ledger, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Reallocations that their two articles tell differently, then those that leave a table unexplained.

    An article that explains neither credit tells only some of its reallocations, and is left alone.
    """
    yield from _two_sides(document, ledger)
    for subject in subjects:
        told = [t for t in ledger.transfers if t.told_by == subject.code]
        if told and not any(t.derived for t in told):
            changes = {credit: _change(document, subject, told, credit) for credit in _CREDITS}
            whole = any(change and change.told == change.printed for change in changes.values())
            for credit, change in changes.items():
                if change and (whole or change.rounded):
                    yield from _against_table(document, subject, credit, change)


def _two_sides(document: Document, ledger: Ledger) -> Iterator[Finding]:
    for pair in told_twice(ledger.transfers):
        if pair.agrees is not False:
            continue
        given, got = pair.given, pair.got
        sides = [(given.vak, got.vak, "VAK"), (given.vek, got.vek, "VEK")]
        for out, into, credit in sides:
            if out is None or into is None or out == into:
                continue
            message = (
                f"{given.told_by} geeft {dutch(out)} keuro {credit} aan {got.told_by}, dat zegt {dutch(into)} "
                f"te krijgen: {dutch(max(out, into))} - {dutch(min(out, into))} = {dutch(abs(out - into))} verschil."
            )
            severity: Severity = "rounding" if abs(out - into) <= 1 else "error"
            spans = [(given.start, given.end), (got.start, got.end)]
            yield Finding("reallocation", severity, message, dutch(out), dutch(into), places(document, spans))


def _change(document: Document, subject: Subject, told: Sequence[Transfer], credit: Credit) -> Change | None:
    """The change of one credit in the table and in the text, None when one of them says nothing."""
    before, after = subject.value("begroot", credit), subject.value("beschikbaar", credit)
    terms: list[tuple[Decimal, tuple[int, int]]] = []
    for transfer in told:
        amount = transfer.vak if credit == "VAK" else transfer.vek
        if amount is not None:
            gives = subject.code in transfer.sources
            terms.append((-amount if gives else amount, (transfer.start, transfer.end)))
    for statement in subject.statements:
        if _ALSO.search(said(document, statement)):
            terms += [
                (a.keuro, (statement.start, statement.end))
                for a in amounts_of(document, statement)
                if credit in a.credits
            ]
    return Change(before, after, tuple(terms)) if before is not None and after is not None and terms else None


def _against_table(document: Document, subject: Subject, credit: Credit, change: Change) -> Iterator[Finding]:
    """The table's change between budgeted and available against the reallocations that the article tells."""
    gap = change.printed - change.told
    if not gap:
        return
    listed = " + ".join(dutch(amount) for amount, _ in change.terms).replace("+ -", "- ")
    why = (
        "Afronding kan dat verklaren."
        if change.rounded
        else f"Voor {dutch(gap)} keuro noemt het artikel geen herverdeling."
    )
    message = (
        f"{subject.name}: in de tabel verandert het {credit}-krediet met {dutch(change.after)} - "
        f"{dutch(change.before)} = {dutch(change.printed)} keuro; de genoemde wijzigingen geven {listed}"
        f"{f' = {dutch(change.told)}' if len(change.terms) > 1 else ''}. {why}"
    )
    spans = [*subject.rows(credit, "begroot", "beschikbaar"), *(span for _, span in change.terms)]
    yield Finding(
        "reallocation",
        "rounding" if change.rounded else "remark",
        message,
        dutch(change.told),
        dutch(change.printed),
        places(document, spans),
    )
