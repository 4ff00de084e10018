"""Budget figures as CSV: amounts are decimal strings in keuro.

A spreadsheet runs a cell that begins like a formula. Titles and labels come from documents, so such a cell gets an
apostrophe in front. Source: OWASP, CSV Injection.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ingest.budget.records import Breakdown, Cell
from retrieval.budget import Line

_COLUMNS = (
    "code", "title", "flow", "programme", "ise", "year", "credit", "budget_phase", "budget", "available_phase",
    "available", "executed", "rate", "difference", "document_id", "page",
)  # fmt: skip
_FIGURE_COLUMNS = (
    "code", "title", "label", "flow", "year", "phase", "credit", "value", "document_id", "page", "start", "end",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@")


def lines_csv(lines: Sequence[Line]) -> str:
    """One row for each article, year and credit, under a row with the names of the columns."""
    return _csv(_COLUMNS, (list(_line(line)) for line in lines))


def figures_csv(figures: Sequence[Cell | Breakdown]) -> str:
    """One row for each figure with the span of its cell; `label` names the measure, empty for the article itself."""
    return _csv(_FIGURE_COLUMNS, (list(_figure(figure)) for figure in figures))


def safe(text: str | None) -> str | None:
    """Text on one line that no spreadsheet takes for a formula: `" =1\\n+1"` -> `"'=1 +1"`."""
    line = " ".join((text or "").split())
    return f"'{line}" if line.startswith(_FORMULA) else line or None


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().rstrip("\n")


def _line(line: Line) -> Iterator[str | int | None]:
    article = line.article
    yield from map(safe, (article.code, article.title, article.flow, article.programme, article.ise))
    yield from (line.year, line.credit)
    for cell in (line.budget, line.available):
        yield from (cell.phase, _amount(cell.value)) if cell else (None, None)
    yield _amount(line.executed.value) if line.executed else None
    yield from (_optional(line.rate), _optional(line.difference), safe(article.document_id), article.page)


def _figure(figure: Cell | Breakdown) -> Iterator[str | int | None]:
    label = figure.label if isinstance(figure, Breakdown) else None
    yield from map(safe, (figure.code, figure.title, label, figure.flow))
    yield from (figure.year, figure.phase, figure.credit, _amount(figure.value))
    yield from (safe(figure.document_id), figure.page, figure.start, figure.end)


def _amount(value: Decimal) -> str:
    return format(value, "f")


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else _amount(value)
