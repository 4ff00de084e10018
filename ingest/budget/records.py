"""What a ledger holds: every figure with the span of its cell, in thousand euro (keuro).

Spans are half-open code points of the document's canonical text; `text[start:end]` is the figure as
printed, `text[row_start:row_end]` the row it stands in, label included.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Flow = Literal["uitgave", "ontvangst"]
Phase = Literal["BO", "BA", "1e BA", "2e BA", "3e BA", "BA-JR", "1e BA-JR", "2e BA-JR", "3e BA-JR", "BU"]
Credit = Literal["VAK", "VEK", "AO", "TO", "LO"]
Level = Literal["ISE", "programma", "totaal"]

CREDITS: tuple[Credit, ...] = ("VAK", "VEK", "AO", "TO", "LO")


@dataclass(frozen=True, slots=True)
class Article:
    """The section of one budget article: its heading, where it belongs, and its table when it has one.

    `text[start:end]` is the whole section, heading included; `table` is the span of the article's own
    table. `ise` is the structure element under whose heading the section stands, None for administrative
    credits and provisions. `objectives` are the operational objectives that the section names.
    """

    document_id: str
    code: str
    title: str
    flow: Flow
    entity: str
    programme: str
    programme_title: str | None
    ise: str | None
    suffix: str | None
    objectives: tuple[str, ...]
    page: int | None
    start: int
    end: int
    heading_end: int
    table: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The figure of an article for one year, phase and credit."""

    code: str
    title: str
    flow: Flow
    year: int
    phase: Phase
    credit: Credit
    value: Decimal
    document_id: str
    page: int | None
    start: int
    end: int
    row_start: int
    row_end: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figure of one measure (`label`) within an article.

    A figure printed once for VAK and VEK together gives a breakdown for each, with the same span.
    """

    code: str
    title: str
    label: str
    flow: Flow
    year: int
    phase: Phase
    credit: Credit
    value: Decimal
    document_id: str
    page: int | None
    start: int
    end: int
    row_start: int
    row_end: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What an article, or a measure within it (`label`), gained or lost between two phases.

    `kind` is the row's own word: Herverdelingen, Index, Compensaties. It is no phase and no reallocation
    between named articles.
    """

    code: str
    label: str | None
    kind: str
    year: int
    credit: Credit
    value: Decimal
    document_id: str
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Total:
    """A printed total: of a structure element by ESR row, of a programme, or of everything.

    `name` is the table's caption without the word that says its level; `row` the row's label as read
    (`Totaal` where the rows are phases). `programme` is the two letters where the table belongs to one.
    """

    level: Level
    name: str
    row: str
    programme: str | None
    flow: Flow
    year: int
    phase: Phase
    credit: Credit
    value: Decimal
    document_id: str
    page: int | None
    start: int
    end: int
    row_start: int
    row_end: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """A sentence or list item that moves credit between articles, always from `sources` to `targets`.

    Amounts are keuro and positive; None says that the place does not tell this credit. `told_by` is the
    article in whose section it stands. Several sources or targets share the amounts. `derived` says that
    the place gives the new level only and the amount is the difference with the table.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    vak: Decimal | None
    vek: Decimal | None
    purpose: str
    told_by: str
    derived: bool
    year: int
    document_id: str
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A table, a row or a statement that could not be read with certainty, and why, in Dutch."""

    document_id: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one document says in figures; everything in reading order."""

    document_id: str
    articles: tuple[Article, ...]
    cells: tuple[Cell, ...]
    breakdowns: tuple[Breakdown, ...]
    adjustments: tuple[Adjustment, ...]
    totals: tuple[Total, ...]
    transfers: tuple[Transfer, ...]
    unread: tuple[Unread, ...]
