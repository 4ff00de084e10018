"""Figures of the budget as pages show them: in Dutch, each leading to its cell in the document."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote

from answer.chart import Bar, bars
from api.budget_found import amount
from api.pages.environment import source_href
from retrieval.budget import Line
from retrieval.budget_table import Figure, figure_table

MOST_BARS = 24


def article_href(code: str) -> str:
    """The address of an article's page."""
    return f"/begroting/{quote(code, safe='')}"


def element_href(name: str) -> str:
    """The address of a structure element's page."""
    return f"/begroting/ise/{quote(name, safe='')}"


def programme_href(letters: str) -> str:
    """The address of a programme's page."""
    return f"/begroting/programma/{quote(letters, safe='')}"


def figure_href(figure: Figure) -> str:
    """The address of the cell of a figure in its document."""
    return source_href(figure.document_id, figure.start, figure.end)


def shown(figure: Figure | None) -> dict[str, str] | None:
    """A figure as text with the address of its cell."""
    return None if figure is None else {"text": amount(figure.value), "href": figure_href(figure)}


def percent(rate: Decimal | None) -> str:
    """A rate as Dutch writes it: `Decimal("111.5")` -> `111,5%`."""
    return "" if rate is None else f"{amount(rate)}%"


def rate_of(available: Decimal | None, executed: Decimal | None) -> Decimal | None:
    """Executed in per cent of what was available, one decimal: 150 of 150 -> 100.0."""
    if not available or executed is None:
        return None
    return (executed / available * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def outcome(rate: Decimal | None, difference: Decimal | None) -> dict[str, Any]:
    """How far a line was executed, in words of the page."""
    return {
        "rate": percent(rate),
        "difference": "" if difference is None else amount(difference),
        "is_over": difference is not None and difference > 0,
    }


def table(figures: Sequence[Figure]) -> dict[str, Any]:
    """Figures as the page shows them: phases across, each with the address of its cell.

    What is printed once for two credits, VAK and VEK together, is one row.
    """
    found = figure_table(figures)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found.rows:
        cells = [row.figures.get(phase) for phase in found.phases]
        places = tuple(cell and (cell.document_id, cell.start, cell.end) for cell in cells)
        shared = rows.get((row.label, row.year, places))
        if shared:
            shared["credit"] += f"/{row.credit}"
        else:
            rows[row.label, row.year, places] = {
                "label": row.label,
                "year": row.year,
                "credit": row.credit,
                "figures": [shown(cell) for cell in cells],
            }
    return {"phases": found.phases, "rows": list(rows.values())}


def chart_of(lines: Sequence[Line], title: str) -> str | None:
    """The bars of some articles, payment credit or for receipts the general one; None when there are too many or none."""
    shown = [line for line in lines if line.credit in ("VEK", "AO")]
    if not 0 < len(shown) <= MOST_BARS:
        return None
    return bars([bar_of(line, f"{line.article.code} {line.credit}") for line in shown], title)


def bar_of(line: Line, label: str) -> Bar:
    """One line as a row of the chart."""
    cells = (line.budget, line.available, line.executed)
    return Bar(label, *(None if cell is None else cell.value for cell in cells))
