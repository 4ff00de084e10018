"""What the rows of an article's own table mean: cells, measures under them, and what lies between phases."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from ingest.budget.codes import find_codes, parts
from ingest.budget.figures import Figure
from ingest.budget.grid import Grid
from ingest.budget.header import credit, phase
from ingest.budget.records import Adjustment, Article, Breakdown, Cell, Credit, Unread
from ingest.budget.rows import Row, squeezed
from ingest.budget.sections import page_at
from ingest.budget.values import Doubt, Value, keuro, values
from ingest.records import Document

_WHOLE = {
    "uitgave": ("", "uitgaven", "uitgave", "totaal", "totaaluitgaven", "krediet", "kredieten"),
    "ontvangst": ("", "ontvangsten", "ontvangst", "totaal", "totaalontvangsten"),
}


@dataclass(slots=True)
class Reading:
    """What one table gave, in reading order."""

    cells: list[Cell] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def add(self, other: "Reading") -> None:
        """Appends what another table gave."""
        self.cells += other.cells
        self.breakdowns += other.breakdowns
        self.adjustments += other.adjustments
        self.unread += other.unread


def article_table(document: Document, article: Article, grid: Grid) -> Reading:
    """The cells of an article's table, or the reason why it cannot be read with certainty.

    Where the head names phases and credits, one row is the article and the others must add up to it;
    where the rows are phases, what stands between two phases must lead from one to the other.
    """
    full = all(column.phase and column.credit for column in grid.columns)
    whole = [row for row in grid.rows if row.complete and _is_whole(row, article, full)]
    found = values(grid, whole)
    if not isinstance(found, Doubt):
        found = _doubt(found, whole, full, len(whole) < len(grid.rows)) or found
    if isinstance(found, Doubt):
        return Reading(unread=[Unread(document.id, grid.start, grid.end, found.reason)])
    reading = Reading(cells=[_cell(document, article.code, article.title, value) for value in found])
    others = [row for row in grid.rows if row not in whole]
    if full and others:
        _measures(document, article, grid, others, found, reading)
    elif others:
        _between(document, article, grid, found, reading)
    return reading


def coded_table(document: Document, grid: Grid, known: dict[str, Article]) -> Reading | None:
    """The cells of a table whose rows are articles, or None when its rows are something else."""
    rows = [row for row in grid.rows if _row_code(row)]
    if not rows:
        return None
    found = values(grid, rows)
    if isinstance(found, Doubt):
        return Reading(unread=[Unread(document.id, grid.start, grid.end, found.reason)])
    cells = []
    for value in found:
        code = _row_code(value.row)
        assert code is not None, "rows were kept for their code"
        title = known[code].title if code in known else _row_title(value.row)
        cells.append(_cell(document, code, title, value))
    return Reading(cells=cells)


def breakdown(document: Document, article: Article, label: str, value: Value) -> Breakdown:
    """A figure of a measure within an article."""
    return Breakdown(
        article.code, article.title, label, article.flow, value.year, value.phase, value.credit, value.amount,
        document.id, page_at(document, value.figure.start), value.figure.start, value.figure.end,
        value.row.start, value.row.end,
    )  # fmt: skip


def adjustment(
    document: Document, article: Article, label: str | None, row: Row, year: int, money: Credit,
    amount: Decimal, figure: Figure,
) -> Adjustment:  # fmt: skip
    """A figure of a row that stands between two phases."""
    return Adjustment(
        article.code, label, row.label, year, money, amount, document.id, page_at(document, figure.start),
        figure.start, figure.end,
    )  # fmt: skip


def _is_whole(row: Row, article: Article, full: bool) -> bool:
    if full:
        return squeezed(row.label) in _WHOLE[article.flow]
    return phase(row.label) is not None or credit(row.label) is not None


def _doubt(found: list[Value], whole: list[Row], full: bool, others: bool) -> Doubt | None:
    if full and len(whole) != 1:
        return Doubt(f"{len(whole)} rijen kunnen het hele artikel zijn, precies één verwacht")
    if not found:
        return Doubt("geen rij noemt een fase of een krediet")
    if len({value.key for value in found}) < len(found):
        return Doubt("twee rijen zeggen hetzelfde jaar, dezelfde fase en hetzelfde krediet")
    phases = {str(value.phase) for value in found}
    for reallocated in (name for name in phases if name.endswith("-JR")):
        # "BA" beside "2e BA-JR" is "2e BA" that lost its first word, and so may be a row not understood.
        lost = others or any("BA" in name for name in phases - {reallocated})
        if reallocated.removesuffix("-JR") not in phases and lost:
            return Doubt(f"de fase {reallocated} staat er zonder de aanpassing waarop zij voortbouwt")
    return None


def _measures(
    document: Document, article: Article, grid: Grid, others: list[Row], whole: list[Value], reading: Reading
) -> None:
    """Rows beside the article's own: measures when they add up to it, one unit a row for rounding."""
    found = values(grid, others)
    if isinstance(found, Doubt):
        reading.unread += [Unread(document.id, row.start, row.end, found.reason) for row in others]
        return
    for value in whole:
        parts_of = [v.amount for v in found if v.column == value.column]
        if abs(sum(parts_of, Decimal()) - value.amount) > len(parts_of) * (grid.unit or Decimal()) / 2:
            reason = f"de rij '{others[0].label}' en volgende tellen niet op tot de rij van het artikel"
            reading.unread.append(Unread(document.id, others[0].start, others[-1].end, reason))
            return
    reading.breakdowns += [breakdown(document, article, value.row.label, value) for value in found]


def _between(document: Document, article: Article, grid: Grid, whole: list[Value], reading: Reading) -> None:
    """Rows between two phases: adjustments when they lead from the one to the other in every column."""
    at = [index for index, row in enumerate(grid.rows) if phase(row.label)]
    inside = {index for before, after in pairwise(at) for index in range(before + 1, after)}
    for index in set(range(len(grid.rows))) - inside - set(at):
        row = grid.rows[index]
        reading.unread.append(Unread(document.id, row.start, row.end, f"de rij '{row.label}' is geen fase"))
    for before, after in pairwise(at):
        rows = grid.rows[before + 1 : after]
        if not rows:
            continue
        moved = [_column(rows, column) for column in range(len(grid.columns))]
        steps = zip(grid.rows[before].figures, grid.rows[after].figures, moved, strict=True)
        if not all(row.complete for row in rows) or any(
            (a.value if a else 0) + m != (b.value if b else 0) for a, b, m in steps
        ):
            reason = f"de rij '{rows[0].label}' leidt niet van de ene fase naar de andere"
            reading.unread.append(Unread(document.id, rows[0].start, rows[-1].end, reason))
            continue
        for row in rows:
            for value in (v for v in whole if v.row is grid.rows[after]):
                figure = row.figures[value.column]
                if figure is not None and grid.unit is not None:
                    amount = keuro(figure.value, grid.unit)
                    reading.adjustments.append(
                        adjustment(document, article, None, row, value.year, value.credit, amount, figure)
                    )


def _column(rows: tuple[Row, ...], column: int) -> Decimal:
    figures = [row.figures[column] for row in rows if row.complete]
    return sum((figure.value for figure in figures if figure), Decimal())


def _row_code(row: Row) -> str | None:
    mentions = find_codes(row.label)
    if mentions and mentions[0].start == 0 and parts(mentions[0].code):
        return mentions[0].code
    return None


def _row_title(row: Row) -> str:
    return row.label[find_codes(row.label)[0].end :].strip(" -–:")


def _cell(document: Document, code: str, title: str, value: Value) -> Cell:
    said = parts(code)
    assert said is not None, "an article's code is whole"
    return Cell(
        code, title, "uitgave" if said.flow == "1" else "ontvangst", value.year, value.phase, value.credit,
        value.amount, document.id, page_at(document, value.figure.start), value.figure.start,
        value.figure.end, value.row.start, value.row.end,
    )  # fmt: skip
