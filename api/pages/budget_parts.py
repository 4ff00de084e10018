"""The programmes and structure elements of a budget document, with the totals that it prints for them."""

from collections.abc import Sequence
from typing import Any

from api.pages.budget_figures import element_href, percent, programme_href, rate_of, shown
from ingest.budget.records import Ledger, Total
from retrieval.budget_table import figure_table


def parts(ledger: Ledger) -> list[dict[str, Any]]:
    """The programmes of a document with their structure elements, and the printed totals of what was paid from each."""
    found = []
    for letters in dict.fromkeys(a.programme for a in ledger.articles):
        own = [a for a in ledger.articles if a.programme == letters]
        title = next((a.programme_title for a in own if a.programme_title), None)
        elements = [
            {"name": name, "href": element_href(name), "articles": sum(a.ise == name for a in own)}
            | _paid([t for t in element_totals(ledger, name) if t.programme in (None, letters)])
            for name in dict.fromkeys(a.ise for a in own)
            if name
        ]
        found.append(
            {
                "letters": letters,
                "title": title,
                "href": programme_href(letters),
                "articles": len(own),
                "elements": elements,
            }
            | _paid(programme_totals(ledger, letters))
        )
    return found


def grand_totals(ledger: Ledger) -> list[dict[str, Any]]:
    """What a document prints as the totals of everything, by the name that it gives them."""
    totals = [t for t in ledger.totals if t.level == "totaal"]
    names = dict.fromkeys(t.name for t in totals)
    return [{"name": name} | _paid([t for t in totals if t.name == name]) for name in names]


def element_totals(ledger: Ledger, name: str) -> list[Total]:
    """The printed totals of a structure element."""
    return [t for t in ledger.totals if t.level == "ISE" and t.name == name]


def programme_totals(ledger: Ledger, letters: str) -> list[Total]:
    """The printed totals of a programme."""
    return [t for t in ledger.totals if t.level == "programma" and t.programme == letters]


def _paid(totals: Sequence[Total]) -> dict[str, Any]:
    """The last printed payment credit and what was paid, of the row that adds up the others."""
    printed = figure_table([t for t in totals if t.flow == "uitgave" and t.credit == "VEK"])
    row = next((r for r in printed.rows if r.label == "Totaal"), None)
    if row is None:
        return {"available": None, "executed": None, "rate": "", "year": None}
    planned = [row.figures[phase] for phase in printed.phases if phase != "BU" and phase in row.figures]
    available, executed = (planned[-1] if planned else None), row.figures.get("BU")
    rate = rate_of(available.value, executed.value) if available and executed else None
    return {
        "available": shown(available),
        "executed": shown(executed),
        "rate": percent(rate),
        "year": row.year,
    }
