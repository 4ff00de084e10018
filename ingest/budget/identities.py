"""Sums that must hold between the figures of a ledger: articles, structure elements, programmes, everything.

Reports what is printed and what the parts add up to; repairs nothing. Whether a difference is an error is
for the reader of the list: `rounding` says how much rounded parts can explain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ingest.budget.records import Article, Cell, Ledger, Total
from ingest.budget.rows import squeezed

Kind = Literal["artikelen in ISE", "artikelen in programma", "ISE in programma", "programma in totaal"]
_AGGREGATE = re.compile(r"\b(WT|LO|PR|IS|LE|PA)\b")


@dataclass(frozen=True, slots=True)
class Identity:
    """One printed total against the sum of its parts, all in keuro."""

    kind: Kind
    total: Total
    parts: tuple[Cell | Total, ...]

    @property
    def sum(self) -> Decimal:
        """The parts added up."""
        return sum((part.value for part in self.parts), Decimal())

    @property
    def difference(self) -> Decimal:
        """What the total prints above the sum of its parts: 10 printed over parts 4 and 5 gives 1."""
        return self.total.value - self.sum

    @property
    def rounding(self) -> Decimal:
        """The largest difference that rounding explains: half a keuro for each part and for the total."""
        return Decimal(len(self.parts) + 1) / 2


def identities(ledger: Ledger) -> list[Identity]:
    """Every printed total with its parts from the same ledger, in reading order of the totals.

    A total is left out when a part that it must have says nothing for its year, phase and credit.
    """
    return [identity for total in ledger.totals for identity in _of(ledger, total)]


def _of(ledger: Ledger, total: Total) -> Iterator[Identity]:
    """The identities of one total."""
    if total.level == "ISE":
        within = _in_element(ledger, total)
        yield from _of_articles(ledger, "artikelen in ISE", total, within)
        return
    if total.level == "programma":
        within = [article for article in ledger.articles if article.programme == total.programme]
        yield from _of_articles(ledger, "artikelen in programma", total, within)
        kind: Kind = "ISE in programma"
        below = [t for t in ledger.totals if t.level == "ISE" and t.programme == total.programme]
        below = [t for t in below if squeezed(t.row) == "totaal"]
    else:
        # Programmes without structure elements (administration, provisions) are outside the grand total.
        kind = "programma in totaal"
        thematic = {article.programme for article in ledger.articles if article.ise}
        below = [t for t in ledger.totals if t.level == "programma" and t.programme in thematic]
    same = [t for t in below if _moment(t) == _moment(total)]
    if same and len(same) == len({t.name for t in below}):
        yield Identity(kind, total, tuple(same))


def _of_articles(ledger: Ledger, kind: Kind, total: Total, within: Sequence[Article]) -> Iterator[Identity]:
    codes = {article.code for article in within}
    cells = [cell for cell in ledger.cells if cell.code in codes and _moment(cell) == _moment(total)]
    needed = {article.code for article in within if article.flow == total.flow}
    if needed <= {cell.code for cell in cells}:
        yield Identity(kind, total, tuple(cells))


def _in_element(ledger: Ledger, total: Total) -> list[Article]:
    """The articles of an element that belong to one ESR row: `Toelagen IS` those with suffix IS.

    A row that ends in "andere" also takes every aggregate that no other row of the element names.
    """
    within = [
        article
        for article in ledger.articles
        if article.ise == total.name and article.programme == total.programme and article.flow == total.flow
    ]
    if squeezed(total.row) == "totaal":
        return within
    rows = {t.row for t in ledger.totals if t.level == "ISE" and t.name == total.name}
    named = {aggregate for row in rows for aggregate in _AGGREGATE.findall(row)}
    own = set(_AGGREGATE.findall(total.row))
    rest = "andere" in total.row.lower()
    return [a for a in within if a.suffix in own or (rest and a.suffix not in named)]


def _moment(figure: Cell | Total) -> tuple[int, str, str]:
    return figure.year, figure.phase, figure.credit
