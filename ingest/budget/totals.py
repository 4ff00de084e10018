"""Printed totals: of a structure element by ESR row, of a programme by phase, of everything."""

import re

from ingest.budget.codes import HYPHEN
from ingest.budget.grid import Grid
from ingest.budget.header import phase
from ingest.budget.records import Level, Total, Unread
from ingest.budget.rows import squeezed
from ingest.budget.sections import page_at
from ingest.budget.values import Doubt, values
from ingest.records import Document

_PROGRAMME = re.compile(rf"(?:[A-Z]{{2}}\d\s*{HYPHEN}\s*)?PROGRAMMA\s+(?P<name>(?P<letters>[A-Z]{{2}})\b.*)")
_EVERYTHING = re.compile(rf"TOTAAL\s*(?:{HYPHEN}|:)\s*(?P<name>.+)", re.IGNORECASE)
_RECEIPTS = ("AO", "TO", "LO")


def printed_totals(
    document: Document, grid: Grid, element: str | None, programme: str | None
) -> tuple[list[Total], list[Unread]]:
    """The totals of a table outside every article, named by its caption or by the heading above it.

    `element` is the structure element under whose heading the table stands and `programme` that of its
    articles. A caption that names no programme, no element and not everything leaves the table unread.
    """
    named = _named(grid, element, programme)
    found = values(grid, grid.rows)
    if named is None:
        named_nothing = "het opschrift noemt geen programma, structuurelement of totaal"
        return [], [Unread(document.id, grid.start, grid.end, grid.trouble or named_nothing)]
    if isinstance(found, Doubt):
        return [], [Unread(document.id, grid.start, grid.end, found.reason)]
    level, name, letters = named
    return [
        Total(
            level, name, "Totaal" if phase(value.row.label) else value.row.label, letters,
            "ontvangst" if value.credit in _RECEIPTS else "uitgave", value.year, value.phase, value.credit,
            value.amount, document.id, page_at(document, value.figure.start), value.figure.start,
            value.figure.end, value.row.start, value.row.end,
        )
        for value in found
    ], []  # fmt: skip


def _named(grid: Grid, element: str | None, programme: str | None) -> tuple[Level, str, str | None] | None:
    for said in (grid.caption, grid.heading):
        if match := _PROGRAMME.fullmatch(said):
            return "programma", match["name"], match["letters"]
        if match := _EVERYTHING.fullmatch(said):
            return "totaal", match["name"], None
    if element and squeezed(grid.caption).startswith(squeezed(element)):
        return "ISE", element, programme
    return None
