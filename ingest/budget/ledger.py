"""From a document to its ledger: sections, their tables, totals, and a place for all that stays unread."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.budget.breakdowns import grouped_table
from ingest.budget.cells import Reading, article_table, coded_table
from ingest.budget.codes import find_codes
from ingest.budget.grid import Grid, grids
from ingest.budget.loose import loose_tables
from ingest.budget.records import Article, Cell, Ledger, Total, Unread
from ingest.budget.sections import articles, element_at, marks, stops
from ingest.budget.totals import printed_totals
from ingest.budget.transfers import transfers
from ingest.budget.values import Key
from ingest.records import Document

_UNMARKED = "een bedrag van vier cijfers of meer heeft geen punt, terwijl andere bedragen er een hebben"
_SECOND_TABLE = "een tweede tabel van hetzelfde artikel zegt iets anders"


def read_ledger(document: Document) -> Ledger:
    """Every figure that the budget tables of a document state, each with the span of its cell.

    What cannot be read with certainty is in `unread` with its place and the reason. An article whose
    `table` is None has no table that was read. A document without article codes gives an empty ledger.
    """
    if not find_codes(document.text):
        return Ledger(document.id, (), (), (), (), (), (), ())
    tables = _tables(document)
    reading = Reading()
    sections = [
        _section(document, section, _within(tables, section), reading) for section in articles(document)
    ]
    outside = [grid for grid in tables if not any(_holds(section, grid) for section in sections)]
    totals = _outside(document, outside, sections, reading)
    cells = _one_each(document, reading)
    moved, unclear = transfers(document, sections, cells)
    return Ledger(
        document_id=document.id,
        articles=tuple(sections),
        cells=cells,
        breakdowns=tuple(reading.breakdowns),
        adjustments=tuple(reading.adjustments),
        totals=tuple(totals),
        transfers=moved,
        unread=tuple(sorted((*reading.unread, *unclear), key=lambda place: place.start)),
    )


def _tables(document: Document) -> list[Grid]:
    """The tables of a document; none runs over a heading.

    Where thousands are marked elsewhere, an unmarked one is two numbers run together (a footnote mark, a
    lost space), and its table is in trouble.
    """
    ends = [*stops(document.text), len(document.text)]
    found = [
        grid for at, stop in pairwise([0, *ends]) for grid in grids(document.text, at, stop, document.boxes)
    ]
    printed = [{f.grouping for row in grid.rows for f in row.figures if f} for grid in found]
    marked = any("marked" in groupings for groupings in printed)
    return [
        replace(grid, trouble=grid.trouble or _UNMARKED) if marked and "unmarked" in groupings else grid
        for grid, groupings in zip(found, printed, strict=True)
    ]


def _within(tables: Sequence[Grid], section: Article) -> list[Grid]:
    return [grid for grid in tables if _holds(section, grid)]


def _holds(section: Article, grid: Grid) -> bool:
    return section.start <= grid.start < section.end


def _section(document: Document, section: Article, tables: list[Grid], into: Reading) -> Article:
    """Reads the tables of one section, and gives the article with the span of its own table."""
    own: dict[Key, Cell] = {}
    used: list[tuple[int, int]] = []
    failed: list[Unread] = []
    table: tuple[int, int] | None = None
    for grid in tables:
        if grid.grouped:
            found = grouped_table(document, section, grid, {key: cell.value for key, cell in own.items()})
        else:
            found = article_table(document, section, grid)
            table = table or ((grid.start, grid.end) if found.cells else None)
        if own and not found.cells and not found.breakdowns:
            failed += found.unread  # perhaps a loose table says what its head did not
            continue
        used.append((grid.start, grid.end))
        read = {(cell.year, cell.phase, cell.credit): cell for cell in found.cells}
        if any(key in own and own[key].value != cell.value for key, cell in read.items()):
            into.unread.append(Unread(document.id, grid.start, grid.end, _SECOND_TABLE))
            continue
        found.cells = [cell for key, cell in read.items() if key not in own]
        into.add(found)
        own = {**read, **own}
    loose = loose_tables(document, section, used, {key: cell.value for key, cell in own.items()})
    into.add(loose)
    places = [(b.row_start, b.row_end) for b in loose.breakdowns] + [(u.start, u.end) for u in loose.unread]
    into.unread += [u for u in failed if not any(start < u.end and u.start < end for start, end in places)]
    return replace(section, table=table)


def _outside(
    document: Document, tables: Sequence[Grid], sections: Sequence[Article], into: Reading
) -> list[Total]:
    """Reads the tables that stand in no section: totals, or rows that are articles."""
    outline = marks(document.text)
    known = {section.code: section for section in sections}
    totals: list[Total] = []
    for grid in tables:
        coded = coded_table(document, grid, known)
        if coded is not None:
            into.add(coded)
            continue
        element = element_at(outline, grid.start)
        following = (s.programme for s in sections if s.start > grid.start and s.ise == element)
        found, unread = printed_totals(document, grid, element, next(following, None) if element else None)
        totals += found
        into.unread += unread
    return totals


def _one_each(document: Document, reading: Reading) -> tuple[Cell, ...]:
    """One cell for each article, year, phase and credit: the first; another that differs is unread."""
    first: dict[tuple[str, Key], Cell] = {}
    for cell in reading.cells:
        kept = first.setdefault((cell.code, (cell.year, cell.phase, cell.credit)), cell)
        if kept.value != cell.value:
            reason = f"{cell.code} {cell.phase} {cell.credit} heeft al een ander bedrag"
            reading.unread.append(Unread(document.id, cell.row_start, cell.row_end, reason))
    return tuple(sorted(first.values(), key=lambda cell: cell.start))
