"""Tables of measures within an article whose head cannot be read: labels and figures in rows.

The columns are settled by arithmetic alone. A row without label must be the sum of the rows above it; a
column whose sum is the article's own cell has the phase of that cell. Where two phases have the same
amount the column keeps none, and a table without any such column stays unread.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ingest.budget.breakdowns import Amounts
from ingest.budget.cells import Reading, breakdown
from ingest.budget.figures import Figure, tail
from ingest.budget.header import credit
from ingest.budget.records import Article, Credit, Phase, Unread
from ingest.budget.rows import Line, Row, lines, squeezed
from ingest.budget.values import Value
from ingest.reading import cleaned
from ingest.records import Document

_CREDITS_LINE = re.compile(r"\s*(?:VAK\s+VEK\s*)+")
_FEWEST_FIGURES = 3
_FEWEST_ROWS = 2
_LONGEST_LABEL = 60

_Moment = tuple[int, Phase]


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows of a loose table; `above` is the line right over the first."""

    rows: tuple[Row, ...]
    above: str


def loose_tables(
    document: Document, article: Article, used: Sequence[tuple[int, int]], amounts: Amounts
) -> Reading:
    """The breakdowns of the tables in an article's section outside the spans already `used`."""
    reading = Reading()
    for run in _runs(document.text, article, used):
        found = list(_breakdowns(run, amounts)) if article.flow == "uitgave" else []
        for label, value in found:
            reading.breakdowns.append(breakdown(document, article, label, value))
        if not found:
            reason = "een tabel waarvan geen kolom aansluit bij een cel van het artikel"
            reading.unread.append(Unread(document.id, run.rows[0].start, run.rows[-1].end, reason))
    return reading


def _runs(text: str, article: Article, used: Sequence[tuple[int, int]]) -> Iterator[_Run]:
    found = [
        line
        for line in lines(text, article.heading_end, article.end)
        if not any(start < line.end and line.start < end for start, end in used)
    ]
    rows: list[Row] = []
    label: list[Line] = []
    above = ""
    for line in found:
        read = tail(text, line.start, line.end)
        own = text[line.start : read.label_end].strip()
        if len(read.marks) >= _FEWEST_FIGURES and len(own) <= _LONGEST_LABEL:
            if not rows:
                above = cleaned(text[label[-1].start : label[-1].end]) if label else ""
                label = []
            start = label[0].start if label else line.start
            start += len(text[start : line.end]) - len(text[start : line.end].lstrip())
            said = cleaned(text[start : max(read.label_end, start)])
            rows.append(Row(said, start, len(text[: line.end].rstrip()), read.marks))
            label = []
            continue
        label.append(line)
        if rows and (len(label) > 2 or line.end - line.start > _LONGEST_LABEL):
            if len(rows) >= _FEWEST_ROWS:
                yield _Run(tuple(rows), above)
            rows = []
    if len(rows) >= _FEWEST_ROWS:
        yield _Run(tuple(rows), above)


def _breakdowns(run: _Run, amounts: Amounts) -> Iterator[tuple[str, Value]]:
    kinds = Counter(_kinds(row) for row in run.rows).most_common(1)[0][0]
    aligned = [_aligned(row, kinds) for row in run.rows]
    totals = [index for index, row in enumerate(run.rows) if squeezed(row.label) in ("", "totaal")]
    if None in aligned or not totals or totals[-1] != len(run.rows) - 1 or 0 in totals:
        return
    table = [row for row in aligned if row is not None]
    money = [column for column, kind in enumerate(kinds) if kind == "n"]
    if not all(_adds_up(table, totals, column) for column in money):
        return
    owned = _credits(run.above, kinds)
    moments = {index: _moments(table[index], owned, money, amounts) for index in totals}
    for index, row in enumerate(run.rows):
        if index in totals:
            continue
        for column in money:
            figure = table[index][column]
            moment = next(
                (m for total in totals if total > index and (m := moments[total].get(column))), None
            )
            if figure is None or moment is None:
                continue
            for of in owned[column]:
                yield row.label, Value(row, column, *moment, of, figure.value, figure)


def _kinds(row: Row) -> str:
    """`n` for an amount, `p` for a percentage, `-` for an empty cell."""
    return "".join("-" if mark is None else "p" if mark.percent else "n" for mark in row.figures)


def _aligned(row: Row, kinds: str) -> tuple[Figure | None, ...] | None:
    """The figures of a row by column, when they fit the kinds of the columns in exactly one way."""
    fitting = [
        dict(zip(columns, row.figures, strict=True))
        for columns in combinations(range(len(kinds)), len(row.figures))
        if all(_fits(mark, kinds[column]) for column, mark in zip(columns, row.figures, strict=True))
    ]
    if len(fitting) != 1:
        return None
    return tuple(fitting[0].get(column) for column in range(len(kinds)))


def _fits(mark: Figure | None, kind: str) -> bool:
    return mark is None or (kind == "p") == mark.percent or (kind == "p" and mark.value == 0)


def _adds_up(table: list[tuple[Figure | None, ...]], totals: list[int], column: int) -> bool:
    """Whether every total is the sum of all rows above it that are no total."""
    above = Decimal()
    for index, row in enumerate(table):
        figure = row[column]
        amount = figure.value if figure else Decimal()
        if index not in totals:
            above += amount
        elif figure is not None and amount != above:
            return False
    return True


def _credits(above: str, kinds: str) -> dict[int, tuple[Credit, ...]]:
    """The credits of each amount column: both, unless a line of VAK and VEK names every pair of columns."""
    pairs = [match.start() for match in re.finditer(r"(?<!n)nn(?!n)|(?<!p)pp(?!p)", kinds)]
    both: tuple[Credit, ...] = ("VAK", "VEK")
    named = [credit(word) for word in above.split()] if _CREDITS_LINE.fullmatch(above) else []
    of: dict[int, tuple[Credit, ...]] = dict.fromkeys(range(len(kinds)), both)
    if len(named) == 2 * len(pairs):
        for column in pairs:
            of[column], of[column + 1] = ("VAK",), ("VEK",)
    return of


def _moments(
    total: tuple[Figure | None, ...],
    owned: dict[int, tuple[Credit, ...]],
    money: list[int],
    amounts: Amounts,
) -> dict[int, _Moment]:
    """The year and phase of each column whose total is the article's cell; those of a pair are the same."""
    possible: dict[int, set[_Moment]] = {}
    for column in money:
        figure = total[column]
        possible[column] = {
            (year, stated)
            for year, stated, _ in amounts
            if figure and all(amounts.get((year, stated, of)) == figure.value for of in owned[column])
        }
    for column in money:
        if owned[column] == ("VAK",) and owned.get(column + 1) == ("VEK",):
            possible[column] = possible[column + 1] = possible[column] & possible[column + 1]
    return {column: next(iter(moments)) for column, moments in possible.items() if len(moments) == 1}
