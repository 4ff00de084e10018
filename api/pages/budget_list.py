"""A list of budget lines as the page shows it: rows whose figures lead to their cells, sums, and the way through."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api.budget_found import amount
from api.pages.budget_figures import article_href, outcome, rate_of, shown
from api.pages.budget_query import BudgetQuery, Column
from api.pages.paging import paged
from ingest.budget.records import Cell
from retrieval.budget import Line
from retrieval.corpus import Corpus

ROWS = 150  # of one page
_COLUMNS: tuple[tuple[str, Column], ...] = (
    ("Artikel", "code"), ("Krediet", "krediet"), ("Begroot", "begroot"), ("Beschikbaar", "beschikbaar"),
    ("Uitgevoerd", "uitgevoerd"), ("Uitvoering", "uitvoering"), ("Verschil", "verschil"),
)  # fmt: skip


def listing(
    corpus: Corpus, lines: Sequence[Line], query: BudgetQuery, at: str, csv_at: str
) -> dict[str, Any]:
    """What the table of these lines shows at the address `at`, and where it sorts and pages to."""
    shown_lines, paging = paged(lines, query.pagina, ROWS, lambda page: query.href(at, pagina=page))
    several = len({line.article.document_id for line in lines}) > 1
    return {
        "count": len(lines),
        "articles": len({line.article.code for line in lines}),
        "columns": [_column(query, at, *column) for column in _COLUMNS],
        "rows": [_row(line) for line in shown_lines],
        "sums": [
            {**one, "title": corpus.metadata(one["document_id"]).title if several else ""}
            for one in sums(lines)
        ],
        **paging,
        "zeros": query.href(at, nullen=not query.nullen),
        "zeros_shown": query.nullen,
        "csv": csv_at,
    }


def sums(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines added up by document, flow, year and credit, in keuro; no credits of different kinds are mixed.

    Two lines of 100 and 50 available, 90 and 60 executed -> 150 available, 150 executed, 100 %.
    """
    groups: dict[tuple[str, str, int, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.article.document_id, line.article.flow, line.year, line.credit), []).append(
            line
        )
    return [
        {"document_id": key[0], "flow": key[1], "year": key[2], "credit": key[3], **_added(group)}
        for key, group in groups.items()
        if len(group) > 1
    ]


def _column(query: BudgetQuery, at: str, name: str, column: Column) -> dict[str, Any]:
    """A heading that sorts: amounts largest first, then the other way round."""
    is_sorted = query.sorteer == column
    first = column not in ("code", "krediet")
    turned = not query.omgekeerd if is_sorted else first
    order = ("descending" if query.omgekeerd else "ascending") if is_sorted else None
    return {
        "name": name,
        "order": order,
        "href": query.href(at, sorteer=column, omgekeerd=turned),
        "amount": column not in ("code", "krediet"),
    }


def _row(line: Line) -> dict[str, Any]:
    article = line.article
    return {
        "code": article.code,
        "href": article_href(article.code),
        "title": article.title,
        "ise": article.ise or article.programme_title or article.programme,
        "year": line.year,
        "credit": line.credit,
        "figures": [shown(cell) for cell in (line.budget, line.available, line.executed)],
        **outcome(line.rate, line.difference),
    }


def _added(lines: Sequence[Line]) -> dict[str, Any]:
    columns = [
        [line.budget for line in lines],
        [line.available for line in lines],
        [line.executed for line in lines],
    ]
    added = [_sum(cells) for cells in columns]
    _, available, executed = added
    known = available is not None and executed is not None
    difference = executed - available if known and executed is not None and available is not None else None
    return {
        "lines": len(lines),
        "figures": ["" if value is None else amount(value) for value in added],
        **outcome(rate_of(available, executed), difference),
    }


def _sum(cells: Sequence[Cell | None]) -> Decimal | None:
    """The sum of a column; None where a line lacks the figure, since the rest is not the total."""
    values = [cell.value for cell in cells if cell is not None]
    return sum(values, Decimal()) if values and len(values) == len(cells) else None
