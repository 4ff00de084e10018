"""Totals against their parts, and amounts in the text against the cell of the table that they name."""

import re
from collections.abc import Iterator, Sequence

from answer.audit_records import Finding, Severity, places
from answer.audit_subjects import Moment, Subject, amounts_of
from answer.figures import dutch
from ingest.budget.codes import candidates, find_codes
from ingest.budget.identities import Identity, identities
from ingest.budget.records import Ledger
from ingest.records import Document

_BEDRAAGT = r"(?:bedraagt|bedroeg)\s+(?:\w+\s+){0,2}$"
_HERE = r"(?:\s+(?:op|van|voor)\s+dit\s+(?:begrotings)?artikel)?"
_SAYS: tuple[tuple[Moment, re.Pattern[str]], ...] = (
    (
        "uitgevoerd",
        re.compile(
            rf"^(?:De\s+)?(?:globale\s+|totale\s+)?(?:uitvoering|realisatie)(?:\s+\d{{4}})?{_HERE}\s+{_BEDRAAGT}",
            re.I,
        ),
    ),
    (
        "beschikbaar",
        re.compile(
            rf"(?:^|^Hierdoor\s+bedroeg\s+)(?:het\s+)?beschikbare?\s+krediet{_HERE}\s+(?:{_BEDRAAGT})?$", re.I
        ),
    ),
    (
        "begroot",
        re.compile(
            r"^Het\s+(?:bij\s+(?:de\s+)?(?:BA|begrotingsaanpassing)(?:\s+\d{4})?\s+)?decretaal\s+(?:toegekende|voorziene|goedgekeurde)\s+"
            rf"(?:krediet|budget){_HERE}(?:\s+bij\s+(?:BA|begrotingsaanpassing)(?:\s+\d{{4}})?)?\s+{_BEDRAAGT}",
            re.I,
        ),
    ),
)
_AND = re.compile(r"\s*(?:en|,)\s*")
_ELSEWHERE = re.compile(r"bedroegen\s+$")
_BOOKED = re.compile(r"\baangerekend\s+op\s+het\s+begrotingsartikel\s+$")


def totals(document: Document, ledger: Ledger) -> Iterator[Finding]:
    """Printed totals that are not the sum of their articles, structure elements or programmes.

    A total is only doubted when most of its other phases and credits come out: a summary that prints a
    selection of the articles is no error.
    """
    found = identities(ledger)
    for identity in found:
        near = [i for i in found if _row(i) == _row(identity) and i.total.value]
        if not identity.difference or 2 * sum(abs(i.difference) <= i.rounding for i in near) <= len(near):
            continue
        total = identity.total
        rounding = abs(identity.difference) <= identity.rounding
        severity: Severity = "rounding" if rounding else "error"
        terms = " + ".join(dutch(part.value) for part in identity.parts).replace("+ -", "- ")
        message = (
            f"{total.name}, {total.row}, {total.phase} {total.credit} ({identity.kind}): de delen geven "
            f"{terms} = {dutch(identity.sum)} keuro, niet {dutch(total.value)}."
        )
        spans = [(total.row_start, total.row_end), *((p.row_start, p.row_end) for p in identity.parts)]
        shown = places(document, spans)
        yield Finding("total", severity, message, dutch(identity.sum), dutch(total.value), shown)


def _row(identity: Identity) -> tuple[str, str, str, str]:
    """What the phases and credits of one total have in common."""
    total = identity.total
    receipts = "ontvangst" if total.credit in ("AO", "TO", "LO") else "uitgave"
    return identity.kind, total.name, total.row if total.level == "ISE" else "", receipts


def stated(document: Document, ledger: Ledger, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Amounts that the text calls budgeted, available or executed and that the table gives otherwise.

    Articles that are divided into measures are left out: their text speaks of one measure at a time.
    """
    for subject in subjects:
        if subject.code and not subject.measures:
            yield from _stated(document, subject)
            yield from _elsewhere(document, ledger, subject)


def _stated(document: Document, subject: Subject) -> Iterator[Finding]:
    for statement in subject.statements:
        moment: Moment | None = None
        end = statement.start
        for amount in amounts_of(document, statement):
            before = document.text[statement.start : amount.start]
            if moment is None or not _AND.fullmatch(document.text, end, amount.start):
                moment = next((m for m, pattern in _SAYS if pattern.search(before)), None)
            end = amount.end
            if moment is None:
                break
            values = {c: v for c in subject.credits(amount) if (v := subject.value(moment, c)) is not None}
            # An amount in euro is rounded to keuro in the table.
            wrong = {c: v for c, v in values.items() if abs(v - amount.keuro) >= 1}
            if not wrong or (not amount.credits and len(wrong) < len(values)):
                continue
            credit, value = next(iter(wrong.items()))
            gap = abs(value - amount.keuro)
            message = (
                f"{subject.name}: de tekst noemt {dutch(amount.keuro)} keuro {credit} {moment}, de tabel "
                f"{dutch(value)}: {dutch(max(value, amount.keuro))} - {dutch(min(value, amount.keuro))} = "
                f"{dutch(gap)} verschil."
            )
            spans = [(statement.start, statement.end), *subject.rows(credit, moment)]
            shown = places(document, spans, amount.start)
            severity: Severity = "rounding" if gap <= 1 else "error"
            yield Finding("figure", severity, message, dutch(value), dutch(amount.keuro), shown)


def _elsewhere(document: Document, ledger: Ledger, subject: Subject) -> Iterator[Finding]:
    """ "X bedroegen N keuro en worden aangerekend op het begrotingsartikel CODE": the execution there."""
    known = [article.code for article in ledger.articles]
    for statement in subject.statements:
        found = amounts_of(document, statement)
        for mention in find_codes(document.text[statement.start : statement.end]):
            at = statement.start + mention.start
            codes = candidates(mention.code, known)
            if len(found) != 1 or len(codes) != 1 or not _BOOKED.search(document.text[statement.start : at]):
                continue
            if not _ELSEWHERE.search(document.text, statement.start, found[0].start):
                continue
            done = [cell for cell in ledger.cells if cell.code == codes[0] and cell.phase == "BU"]
            if not done or any(abs(cell.value - found[0].keuro) < 1 for cell in done):
                continue
            cell = max(done, key=lambda c: abs(c.value))
            message = (
                f"De tekst noemt {dutch(found[0].keuro)} keuro op {cell.code}, de tabel daar {dutch(cell.value)}: "
                f"{dutch(abs(cell.value - found[0].keuro))} verschil."
            )
            spans = [(statement.start, statement.end), (cell.row_start, cell.row_end)]
            shown = places(document, spans)
            yield Finding("figure", "error", message, dutch(cell.value), dutch(found[0].keuro), shown)
