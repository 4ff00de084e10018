"""What each figure of a grid is: year, phase, credit and amount in keuro, or the doubt that forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.budget.figures import Figure
from ingest.budget.grid import Grid
from ingest.budget.header import Column, credit, phase
from ingest.budget.records import Credit, Phase
from ingest.budget.rows import Row

Key = tuple[int, Phase, Credit]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something cannot be read with certainty, in Dutch."""

    reason: str


@dataclass(frozen=True, slots=True)
class Value:
    """One figure with its meaning; `amount` in keuro, `column` its place in the row."""

    row: Row
    column: int
    year: int
    phase: Phase
    credit: Credit
    amount: Decimal
    figure: Figure

    @property
    def key(self) -> Key:
        """Year, phase and credit: what makes a figure of an article unique."""
        return self.year, self.phase, self.credit


def values(grid: Grid, rows: Sequence[Row]) -> list[Value] | Doubt:
    """The figures of some rows of a grid, empty cells left out; a doubt about one is a doubt about all."""
    if grid.trouble:
        return Doubt(grid.trouble)
    if grid.unit is None:
        return Doubt("de tabel zegt niet in welke eenheid (duizend euro, euro) de bedragen staan")
    found: list[Value] = []
    for row in rows:
        if not row.complete:
            return Doubt(
                f"de rij '{row.label}' heeft {len(row.figures)} cijfers, {len(grid.columns)} verwacht"
            )
        for index, (column, figure) in enumerate(zip(grid.columns, row.figures, strict=True)):
            if figure is None:
                continue
            key = _key(column, row, grid.year)
            if isinstance(key, Doubt):
                return key
            if figure.percent:
                return Doubt("in een kolom met bedragen staat een percentage")
            found.append(Value(row, index, *key, keuro(figure.value, grid.unit), figure))
    return found


def keuro(printed: Decimal, unit: Decimal) -> Decimal:
    """A printed amount in keuro: `keuro(Decimal("1362203.27"), Decimal("0.001"))` -> 1362.20327"""
    amount = printed * unit
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def _key(column: Column, row: Row, corner: int | None) -> Key | Doubt:
    said = phase(row.label)
    if column.phase and said:
        return Doubt("zowel de kop als de rij noemt een fase")
    stated, year = said or (column.phase, None)
    money = column.credit or credit(row.label)
    if stated is None or money is None:
        return Doubt(f"de rij '{row.label}' heeft geen fase of geen krediet")
    year = column.year or year or corner
    if year is None:
        return Doubt("de tabel zegt niet van welk jaar de bedragen zijn")
    return year, stated, money
