"""Tables of measures side by side within an article: names over credits that repeat, rows that are phases.

Such a table says neither its year nor, often, its unit. It is read only when the measures add up to the
article's own cells in every phase and credit, which settles both.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations, pairwise

from ingest.budget.cells import Reading, adjustment, breakdown
from ingest.budget.figures import Figure
from ingest.budget.grid import Grid
from ingest.budget.header import phase
from ingest.budget.records import Article, Phase, Unread
from ingest.budget.rows import Row, squeezed
from ingest.budget.values import Doubt, Key, Value, keuro
from ingest.records import Document

Amounts = Mapping[Key, Decimal]


def grouped_table(document: Document, article: Article, grid: Grid, amounts: Amounts) -> Reading:
    """The breakdowns of a table with measures side by side; `amounts` are the article's own cells."""
    found = _values(grid, amounts)
    if isinstance(found, Doubt):
        return Reading(unread=[Unread(document.id, grid.start, grid.end, found.reason)])
    names = _names(grid)
    reading = Reading()
    for value in found:
        if squeezed(names[value.column]) != "totaal":
            reading.breakdowns.append(breakdown(document, article, names[value.column], value))
    _between(document, article, grid, found, reading)
    return reading


def _names(grid: Grid) -> list[str]:
    """The name of the group of each column."""
    each = len({column.credit for column in grid.columns})
    return [name for name in grid.names for _ in range(each)]


def _values(grid: Grid, amounts: Amounts) -> list[Value] | Doubt:
    if grid.trouble:
        return Doubt(grid.trouble)
    names = _names(grid)
    if len(names) != len(grid.columns):
        return Doubt("boven de kredieten staan niet evenveel namen van maatregelen als groepen")
    found: list[Value] = []
    for row in grid.rows:
        said = phase(row.label)
        if said is None or not row.complete:
            continue
        year = _year(grid, said, amounts)
        if year is None:
            return Doubt(f"voor de rij '{row.label}' heeft het artikel geen cellen van één jaar")
        for index, (column, figure) in enumerate(zip(grid.columns, row.figures, strict=True)):
            if column.credit is None:
                return Doubt("een kolom heeft geen krediet")
            if figure is not None:
                amount = keuro(figure.value, grid.unit or Decimal(1))
                found.append(Value(row, index, year, said[0], column.credit, amount, figure))
    return _disagreement(found, names, amounts) or found


def _year(grid: Grid, said: tuple[Phase, int | None], amounts: Amounts) -> int | None:
    years = {year for year, stated, _ in amounts if stated == said[0]}
    stated = said[1] or grid.year
    if stated is not None:
        return stated if stated in years else None
    return years.pop() if len(years) == 1 else None


def _disagreement(found: list[Value], names: list[str], amounts: Amounts) -> Doubt | None:
    """A doubt when the measures, or the column of their total, are not the article's cells."""
    if not found:
        return Doubt("geen rij noemt een fase")
    for key in {value.key for value in found}:
        measures = [v.amount for v in found if v.key == key and squeezed(names[v.column]) != "totaal"]
        total = [v.amount for v in found if v.key == key and squeezed(names[v.column]) == "totaal"]
        own = amounts.get(key)
        rounding = Decimal(len(measures)) / 2
        if own is None or abs(sum(measures, Decimal()) - own) > rounding or any(t != own for t in total):
            return Doubt(f"de maatregelen tellen bij {key[1]} {key[2]} niet op tot de cel van het artikel")
    return None


def _between(document: Document, article: Article, grid: Grid, found: list[Value], reading: Reading) -> None:
    """Rows between two phases, also with empty cells, where the phases settle which columns they fill."""
    names = _names(grid)
    at = [index for index, row in enumerate(grid.rows) if row.complete and phase(row.label)]
    read = set(at)
    for before, after in pairwise(at):
        if after - before != 2:
            continue
        row, later = grid.rows[before + 1], {v.column: v for v in found if v.row is grid.rows[after]}
        places = _places(row, grid.rows[before], grid.rows[after])
        if places is None:
            continue
        read.add(before + 1)
        for column, figure in places:
            value = later[column]
            label = None if squeezed(names[column]) == "totaal" else names[column]
            amount = keuro(figure.value, grid.unit or Decimal(1))
            reading.adjustments.append(
                adjustment(document, article, label, row, value.year, value.credit, amount, figure)
            )
    for index in sorted(set(range(len(grid.rows))) - read):
        row = grid.rows[index]
        reason = f"van de rij '{row.label}' staat niet vast welke kolommen zij vult"
        reading.unread.append(Unread(document.id, row.start, row.end, reason))


def _places(row: Row, before: Row, after: Row) -> list[tuple[int, Figure]] | None:
    """The column of each printed figure, when exactly one placing leads from one phase to the other."""
    if None in before.figures or None in after.figures:
        return None
    printed = [figure for figure in row.figures if figure is not None]
    steps = [b.value - a.value for a, b in zip(before.figures, after.figures, strict=True) if a and b]
    fitting = list(_placings(printed, steps))
    return list(zip(fitting[0], printed, strict=True)) if len(fitting) == 1 else None


def _placings(printed: list[Figure], steps: list[Decimal]) -> Iterator[tuple[int, ...]]:
    for columns in combinations(range(len(steps)), len(printed)):
        filled = dict(zip(columns, (figure.value for figure in printed), strict=True))
        if all(filled.get(column, Decimal()) == step for column, step in enumerate(steps)):
            yield columns
