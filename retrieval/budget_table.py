"""Figures of the ledger as a table: a row for each label, year and credit, the phases across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.budget.records import Breakdown, Cell, Credit, Phase, Total
from retrieval.budget import PHASES

Figure = Cell | Breakdown | Total


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one credit in one year, by phase; `label` is the measure or the printed row, empty for an article."""

    label: str
    year: int
    credit: Credit
    figures: Mapping[Phase, Figure]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """`phases` are those of any row, in the order in which they follow each other in a year."""

    phases: tuple[Phase, ...]
    rows: tuple[FigureRow, ...]


def figure_table(figures: Sequence[Figure]) -> FigureTable:
    """Figures in the order in which they stand; of two with the same label, year, credit and phase the last."""
    rows: dict[tuple[str, int, Credit], dict[Phase, Figure]] = {}
    for figure in figures:
        rows.setdefault((_label(figure), figure.year, figure.credit), {})[figure.phase] = figure
    held = {figure.phase for figure in figures}
    return FigureTable(
        tuple(phase for phase in PHASES if phase in held),
        tuple(FigureRow(*key, by_phase) for key, by_phase in rows.items()),
    )


def _label(figure: Figure) -> str:
    if isinstance(figure, Breakdown):
        return figure.label
    return figure.row if isinstance(figure, Total) else ""
