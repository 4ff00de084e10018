"""The ledger as JSON: amounts are decimal strings in keuro, every figure with its span."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from api.budget_found import Found
from ingest.budget.records import Adjustment, Article, Breakdown, Cell, Ledger, Total, Transfer, Unread
from ingest.budget.sections import page_at
from ingest.records import Document
from retrieval.budget import ArticleView, Line, Span

_OTHER_DOCUMENT = "{code} {year} {phase} {credit} heeft in een ander document ({document}) een ander bedrag"


def everything_json(ledgers: Sequence[Ledger]) -> dict[str, Any]:
    """All figures: one cell for each code, year, phase and credit; a document that contradicts it is unread."""
    first: dict[tuple[Any, ...], Cell] = {}
    contradicted: list[dict[str, Any]] = []
    for cell in (cell for ledger in ledgers for cell in ledger.cells):
        kept = first.setdefault((cell.code, cell.year, cell.phase, cell.credit), cell)
        if kept.value != cell.value:
            reason = _OTHER_DOCUMENT.format(
                code=cell.code,
                year=cell.year,
                phase=cell.phase,
                credit=cell.credit,
                document=kept.document_id,
            )
            contradicted.append(_unread(Unread(cell.document_id, cell.start, cell.end, reason)))
    return {
        "cells": [_cell(cell) for cell in first.values()],
        "breakdowns": [_breakdown(b) for ledger in ledgers for b in ledger.breakdowns],
        "totals": [_total(total) for ledger in ledgers for total in ledger.totals],
        "transfers": [_transfer(t) for ledger in ledgers for t in ledger.transfers],
        "unread": [_unread(u) for ledger in ledgers for u in ledger.unread] + contradicted,
    }


def articles_json(found: Found, document_of: Callable[[str], Document]) -> dict[str, Any]:
    """The articles that were found, or the candidates, or the message with the reallocations that name the code."""
    return {
        "articles": [_view(view, document_of(view.article.document_id)) for view in found.views],
        "candidates": [_article(article) for article in found.candidates],
        "transfers": [_transfer(t) for t in found.transfers],
        "message": found.message,
    }


def lines_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """One object for each article, year and credit, with the cell of each figure."""
    return [
        {
            "code": line.article.code,
            "title": line.article.title,
            "flow": line.article.flow,
            "programme": line.article.programme,
            "ise": line.article.ise,
            **_line(line),
        }
        for line in lines
    ]


def _view(view: ArticleView, document: Document) -> dict[str, Any]:
    def passage(span: Span | None) -> dict[str, Any] | None:
        if span is None:
            return None
        page = page_at(document, span[0])
        return {"page": page, "start": span[0], "end": span[1], "text": document.text[slice(*span)]}

    return {
        **_article(view.article),
        "cells": [_cell(cell) for cell in view.cells],
        "lines": [_line(line) for line in view.lines],
        "content": passage(view.content),
        "justification": passage(view.justification),
        "breakdowns": [_breakdown(b) for b in view.breakdowns],
        "adjustments": [_adjustment(a) for a in view.adjustments],
        "received": [_transfer(t) for t in view.received],
        "given": [_transfer(t) for t in view.given],
        "unread": [_unread(u) for u in view.unread],
    }


def _article(article: Article) -> dict[str, Any]:
    return asdict(article)


def _line(line: Line) -> dict[str, Any]:
    return {
        "year": line.year,
        "credit": line.credit,
        "budget": _cell(line.budget) if line.budget else None,
        "available": _cell(line.available) if line.available else None,
        "executed": _cell(line.executed) if line.executed else None,
        "rate": _optional(line.rate),
        "formula": line.formula,
        "difference": _optional(line.difference),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"code": cell.code, "title": cell.title, **_figure(cell)}


def _breakdown(breakdown: Breakdown) -> dict[str, Any]:
    return {
        "code": breakdown.code,
        "title": breakdown.title,
        "label": breakdown.label,
        **_figure(breakdown),
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "level": total.level,
        "name": total.name,
        "row": total.row,
        "programme": total.programme,
        "code": None,
        "title": None,
        **_figure(total),
    }


def _figure(figure: Cell | Breakdown | Total) -> dict[str, Any]:
    return {
        "flow": figure.flow,
        "year": figure.year,
        "phase": figure.phase,
        "credit": figure.credit,
        "value": _amount(figure.value),
        **_place(figure),
    }


def _adjustment(adjustment: Adjustment) -> dict[str, Any]:
    return {
        "code": adjustment.code,
        "label": adjustment.label,
        "kind": adjustment.kind,
        "year": adjustment.year,
        "credit": adjustment.credit,
        "value": _amount(adjustment.value),
        **_place(adjustment),
    }


def _transfer(transfer: Transfer) -> dict[str, Any]:
    return {
        "from": ", ".join(transfer.sources) or None,
        "to": ", ".join(transfer.targets) or None,
        "vak": _optional(transfer.vak),
        "vek": _optional(transfer.vek),
        "purpose": transfer.purpose,
        "told_by": transfer.told_by,
        "derived": transfer.derived,
        "year": transfer.year,
        **_place(transfer),
    }


def _unread(unread: Unread) -> dict[str, Any]:
    return asdict(unread)


def _place(record: Cell | Breakdown | Total | Adjustment | Transfer) -> dict[str, Any]:
    return {
        "document_id": record.document_id,
        "page": record.page,
        "start": record.start,
        "end": record.end,
    }


def _amount(value: Decimal) -> str:
    return format(value, "f")


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else _amount(value)
