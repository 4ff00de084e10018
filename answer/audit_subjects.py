"""What a stretch of text is about: an article or a structure element, with the figures of its table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from ingest.budget.amounts import Amount, amounts
from ingest.budget.records import Article, Breakdown, Cell, Credit, Ledger, Total
from ingest.budget.rows import squeezed
from ingest.budget.statements import Statement, statements
from ingest.records import Document

F = TypeVar("F", Cell, Breakdown, Total)
_HEADING = re.compile(r"Inhoudelijke\s+toelichting\s*:?\s*\n\s*(?=\S)")
Moment = Literal["begroot", "beschikbaar", "uitgevoerd"]
MOMENTS: tuple[Moment, ...] = ("begroot", "beschikbaar", "uitgevoerd")


@dataclass(frozen=True, slots=True)
class Subject:
    """An article or structure element, its statements outside tables, and its figures of one year.

    `figures` holds what the table says for a moment and a credit: budgeted at first, available after
    reallocations (the same where no such row exists), executed. `measures` are the figures of measures
    within the article, by label. An opmaak edition has no `uitgevoerd`.
    """

    name: str
    code: str | None
    statements: tuple[Statement, ...]
    figures: Mapping[tuple[Moment, Credit], Cell | Total]
    measures: Mapping[str, Mapping[tuple[Moment, Credit], Breakdown]]

    def value(self, moment: Moment, credit: Credit) -> Decimal | None:
        """The figure of the table in keuro, None when the table has none."""
        found = self.figures.get((moment, credit))
        return found.value if found else None

    def rows(self, credit: Credit, *moments: Moment) -> list[tuple[int, int]]:
        """The spans of the rows that say these figures."""
        found = (self.figures.get((moment, credit)) for moment in moments)
        return [(figure.row_start, figure.row_end) for figure in found if figure]

    def credits(self, amount: Amount) -> tuple[Credit, ...]:
        """The credits that an amount can be of: those it names, else the ones that the table uses."""
        if amount.credits:
            return amount.credits
        used = dict.fromkeys(credit for (_, credit), figure in self.figures.items() if figure.value)
        return tuple(used)


def subjects(document: Document, ledger: Ledger) -> list[Subject]:
    """Articles and structure elements whose table was read and speaks of one year, in reading order."""
    found = [*_articles(document, ledger), *_elements(document, ledger)]
    return [subject for subject in found if subject.figures]


def said(document: Document, statement: Statement) -> str:
    """The text of a statement."""
    return document.text[statement.start : statement.end]


def amounts_of(document: Document, statement: Statement) -> list[Amount]:
    """The amounts of a statement."""
    return amounts(document.text, statement.start, statement.end)


def _articles(document: Document, ledger: Ledger) -> Iterator[Subject]:
    for article in ledger.articles:
        cells = [cell for cell in ledger.cells if cell.code == article.code]
        if len({cell.year for cell in cells}) != 1:
            continue
        parts = [part for part in ledger.breakdowns if part.code == article.code]
        measures = {
            label: _moments([part for part in parts if part.label == label])
            for label in dict.fromkeys(part.label for part in parts)
        }
        rows = [(part.row_start, part.row_end) for part in parts]
        told = _told(document, article, [(c.row_start, c.row_end) for c in cells] + rows)
        yield Subject(article.code, article.code, told, _moments(cells), measures)


def _elements(document: Document, ledger: Ledger) -> Iterator[Subject]:
    """A structure element's text runs from its own table of totals to the next article or table."""
    starts = sorted(
        [article.start for article in ledger.articles] + [total.row_start for total in ledger.totals]
    )
    names = dict.fromkeys((t.name, t.programme) for t in ledger.totals if t.level == "ISE")
    for name, programme in names:
        totals = [t for t in ledger.totals if (t.level, t.name, t.programme) == ("ISE", name, programme)]
        whole = [t for t in totals if squeezed(t.row) == "totaal"]
        if not whole or len({t.year for t in whole}) != 1:
            continue
        end = max(t.row_end for t in totals)
        until = next((start for start in starts if start >= end), end)
        told = tuple(statements(document.text, end, until))
        yield Subject(f"ISE {name}", None, told, _moments(whole), {})


def _told(document: Document, article: Article, rows: list[tuple[int, int]]) -> tuple[Statement, ...]:
    """The statements of a section between its tables; one that a table runs through is left out."""
    start = article.heading_end
    found: list[Statement] = []
    spans = [article.table] if article.table else []
    for begin, stop in sorted([*spans, *rows]):
        if begin > start:
            found += statements(document.text, start, begin)
        start = max(start, stop)
    found += statements(document.text, start, article.end)
    return tuple(_unheaded(document, statement) for statement in found)


def _unheaded(document: Document, statement: Statement) -> Statement:
    """A statement without the heading that stands on the lines above it; a list keeps its lead."""
    lead = statement.lead and (_headed(document, *statement.lead), statement.lead[1])
    return Statement(_headed(document, statement.start, statement.end), statement.end, lead)


def _headed(document: Document, start: int, end: int) -> int:
    heading = _HEADING.match(document.text, start, end)
    return heading.end() if heading else start


def _moments(figures: list[F]) -> dict[tuple[Moment, Credit], F]:
    """Figures by moment and credit; nothing where two phases of one moment are printed."""
    phases = dict.fromkeys(figure.phase for figure in figures)
    first = [phase for phase in phases if phase != "BU" and not phase.endswith("JR")]
    changed = [phase for phase in phases if phase.endswith("JR")]
    if len(first) > 1 or len(changed) > 1:
        return {}
    at: dict[Moment, list[str]] = {
        "begroot": list(first),
        "beschikbaar": list(changed or first),
        "uitgevoerd": ["BU"],
    }
    return {
        (moment, figure.credit): figure
        for moment, named in at.items()
        for figure in figures
        if figure.phase in named
    }
