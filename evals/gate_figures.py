"""Budget figures that an update must not change by itself, or change without what explains them."""

import re
from collections.abc import Iterator, Mapping

from answer.audit import audit
from evals.gate_records import Changes, Finding, Side, broken, first
from ingest.budget.records import Cell, Ledger
from ingest.records import Document

_Key = tuple[str, str, int, str, str]
_FEWEST_DIGITS = 3  # a shorter number stands in a text by chance


def ledgers(before: Side | None, after: Side, changed: Changes) -> list[Finding]:
    """Figures of articles that are gone or otherwise in a document whose source is the same; new ones are welcome."""
    if before is None:
        return []
    now = _cells(after)
    other = [
        cell
        for key, cell in _cells(before).items()
        if cell.document_id in changed.same and (key not in now or now[key].value != cell.value)
    ]
    return broken("ledger", len(other), first(map(_name, other)), [cell.document_id for cell in other])


def contradictions(before: Side | None, after: Side, changed: Changes) -> list[Finding]:
    """What a changed budget document says against itself and its published version did not.

    Errors that the audit finds, and figures that changed in their table while the explanation of their article
    still gives the old one.
    """
    if before is None:
        return []
    new: list[tuple[str, str]] = []
    for ledger in after.contents.ledgers:
        if ledger.document_id in changed.changed:
            known = set(_errors(before, ledger.document_id))
            told = [error for error in _errors(after, ledger.document_id) if error not in known]
            new += [(ledger.document_id, error) for error in (*told, *_left_behind(before, after, ledger))]
    return broken("contradictions", len(new), first([told for _, told in new]), [name for name, _ in new])


def _left_behind(before: Side, after: Side, ledger: Ledger) -> Iterator[str]:
    old, new = before.documents[ledger.document_id], after.documents[ledger.document_id]
    was = _cells(before)
    for key, cell in _cells(after).items():
        if cell.document_id == new.id and key in was and was[key].value != cell.value:
            printed = old.text[was[key].start : was[key].end]
            if _is_printed(printed, _explanation(new, ledger, cell.code)):
                yield f"{_name(cell)}: de tabel geeft {cell.value}, de toelichting nog {printed}"


def _explanation(document: Document, ledger: Ledger, code: str) -> str:
    """The section of an article without the rows of its tables."""
    rows = {(c.row_start, c.row_end) for c in ledger.cells}
    rows |= {(b.row_start, b.row_end) for b in ledger.breakdowns}
    parts = []
    for article in (a for a in ledger.articles if a.code == code):
        at = article.start
        for start, end in sorted(r for r in rows if article.start <= r[0] and r[1] <= article.end):
            parts.append(document.text[at:start])
            at = max(at, end)
        parts.append(document.text[at : article.end])
    return "\n".join(parts)


def _is_printed(figure: str, text: str) -> bool:
    """Whether a number stands in a text on its own boundaries: `10.658` does not in `110.658`."""
    if sum(c.isdigit() for c in figure) < _FEWEST_DIGITS:
        return False
    return bool(re.search(rf"(?<![\d.,]){re.escape(figure)}(?!\d|[.,]\d)", text))


def _cells(one: Side) -> Mapping[_Key, Cell]:
    return {
        (c.document_id, c.code, c.year, c.phase, c.credit): c
        for ledger in one.contents.ledgers
        for c in ledger.cells
    }


def _name(cell: Cell) -> str:
    return f"{cell.code} {cell.year} {cell.phase} {cell.credit}"


def _errors(one: Side, name: str) -> list[str]:
    document = one.document(name)
    found = [ledger for ledger in one.contents.ledgers if ledger.document_id == name]
    if document is None or not found:
        return []
    return [f.message for f in audit(document, found[0]) if f.severity == "error"]
