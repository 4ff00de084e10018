"""The ledger for people: an article with all that is told about it, lists, candidates, and what is missing."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from textwrap import fill, indent

from api.budget_found import amount
from ingest.budget.records import Adjustment, Article, Cell, Transfer
from ingest.budget.sections import page_at
from ingest.reading import cleaned
from ingest.records import Document
from retrieval.budget import ArticleView, Line, Span
from retrieval.budget_table import figure_table

_WIDTH = 100  # characters of running text
_WIDEST = 44  # characters of a title in a list
_PARAGRAPH = re.compile(r"\S.*?(?=\n[^\S\n]*\n|\s*\Z)", re.DOTALL)
Row = Sequence[str]


def article(view: ArticleView, document: Document) -> str:
    """One article: heading, what it is for, table, execution, reallocations, explanation; each with its place."""
    a, text = view.article, document.text
    programme = f"programma {a.programme}{f' ({a.programme_title})' if a.programme_title else ''}"
    belongs = filter(None, (a.flow, programme, f"ISE {a.ise}" if a.ise else "", ", ".join(a.objectives)))
    parts = [
        f"{a.code}  {a.title}\n{', '.join(belongs)}\n{a.document_id}, {place(a.page, a.start, a.end, text)}",
        _passage("Korte inhoud", view, view.content, document),
        *(_figures(view, year, text) for year in sorted({cell.year for cell in view.cells})),
        _breakdowns(view),
        _moves(view, text),
        _passage("Inhoudelijke toelichting", view, view.justification, document),
        *(
            f"Niet gelezen ({place(page_at(document, u.start), u.start, u.end, text)}): {u.reason}."
            for u in view.unread
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def lines(found: Sequence[Line]) -> str:
    """One row for each article, year and credit; rows with nothing but zeros are counted, not shown."""
    shown = [line for line in found if any(cell and cell.value for cell in _cells_of(line))]
    if not found:
        return "Geen artikel voldoet aan deze voorwaarden."
    rows: list[Row] = [("code", "titel", "jaar", "krediet", "begroot", "beschikbaar", "uitgevoerd", "%")]
    for line in shown:
        amounts = (amount(cell.value) if cell else "" for cell in _cells_of(line))
        title = line.article.title
        rows.append(
            (
                line.article.code,
                title if len(title) <= _WIDEST else f"{title[: _WIDEST - 1]}…",
                str(line.year),
                line.credit,
                *amounts,
                _percent(line.rate),
            )
        )
    counted = f"{len({line.article.code for line in shown})} artikelen, {len(shown)} kredieten, in duizend euro (keuro)."
    zeros = len(found) - len(shown)
    ending = f" {zeros} rijen met alleen nullen zijn weggelaten." if zeros else ""
    return "\n".join([*_table(rows, left=4), "", counted + ending])


def candidates(found: Sequence[Article], spoken: str) -> str:
    """The articles that a code or words can mean."""
    rows: list[Row] = [(a.code, a.flow, a.title) for a in found]
    return "\n".join(
        [
            f"{spoken!r} kan meer dan één artikel zijn; herhaal de opdracht met een volledige code:",
            *_table(rows, left=3),
        ]
    )


def transfers(found: Sequence[Transfer], text: str | None = None) -> list[str]:
    """One line for each reallocation, with its place; without the text of one document, its document too."""
    return [
        f"  {_amounts(t)}  {_side(t.sources)} -> {_side(t.targets)}"
        f"{f': {purpose}' if (purpose := cleaned(t.purpose).rstrip(' ,;:')) else ''}"
        f"  [{f'{t.document_id}, ' if text is None else ''}{place(t.page, t.start, t.end, text)}]"
        for t in found
    ]


def place(page: int | None, start: int, end: int, text: str | None) -> str:
    """The page, or in a source without pages the line, and the span."""
    line = "" if text is None else f"regel {text.count(chr(10), 0, start) + 1}, "
    return f"{f'p. {page}, ' if page else line}tekens {start}-{end}"


def _passage(name: str, view: ArticleView, span: Span | None, document: Document) -> str:
    """A part of the section as running text; a part with a table of measures keeps its lines."""
    if span is None:
        return ""
    tables = [(b.row_start, b.row_end) for b in view.breakdowns]
    shown = []
    for part in _PARAGRAPH.finditer(document.text, *span):
        if any(start < part.end() and part.start() < end for start, end in tables):
            shown.append(indent(part[0], "  "))
        else:
            shown.append(fill(cleaned(part[0]), _WIDTH, initial_indent="  ", subsequent_indent="  "))
    head = f"{name} ({place(page_at(document, span[0]), *span, document.text)})"
    return "\n".join([head, *shown])


def _figures(view: ArticleView, year: int, text: str) -> str:
    """The table of one year: credits down, phases across, then what was executed of each credit."""
    phases = view.phases(year)
    values = {(c.credit, c.phase): c for c in view.cells if c.year == year}
    own = [line for line in view.lines if line.year == year]
    rows: list[Row] = [(str(year), *phases, "uitvoering", "verschil")]
    for line in own:
        figures = [values.get((line.credit, phase)) for phase in phases]
        rows.append(
            (
                line.credit,
                *(amount(cell.value) if cell else "" for cell in figures),
                _percent(line.rate),
                "" if line.difference is None else amount(line.difference),
            )
        )
    formulas = sorted({line.formula for line in own if line.formula})
    cells = list(values.values())
    where = place(cells[0].page, min(c.start for c in cells), max(c.end for c in cells), text)
    head = f"Cijfers in duizend euro (keuro), {where}"
    ending = [f"uitvoering = {f}, verschil = {f.replace(' / ', ' - ')}" for f in formulas]
    return "\n".join([head, *_table(rows, left=1), *(f"  {line}" for line in ending)])


def _breakdowns(view: ArticleView) -> str:
    """The measures within the article: a row for each label and credit, the phases across."""
    if not view.breakdowns and not view.adjustments:
        return ""
    measures = figure_table(view.breakdowns)
    rows: list[Row] = [("maatregel", "jaar", "krediet", *measures.phases, "tekens")]
    for row in measures.rows:
        spans = list(row.figures.values())
        where = f"{min(b.start for b in spans)}-{max(b.end for b in spans)}"
        own = (row.figures.get(phase) for phase in measures.phases)
        rows.append(
            (row.label, str(row.year), row.credit, *(amount(b.value) if b else "" for b in own), where)
        )
    table = _table(rows, left=3) if measures.rows else []
    return "\n".join(["Onderverdeling", *table, *(_adjustment(a) for a in view.adjustments)])


def _adjustment(a: Adjustment) -> str:
    subject = f"{a.label}: " if a.label else ""
    where = f"{f'p. {a.page}, ' if a.page else ''}tekens {a.start}-{a.end}"
    return f"  {subject}{a.kind} {a.year} {a.credit} {amount(a.value)}  [{where}]"


def _moves(view: ArticleView, text: str) -> str:
    parts = []
    if view.received:
        parts += ["Herverdelingen naar dit artikel", *transfers(view.received, text)]
    if view.given:
        parts += ["Herverdelingen uit dit artikel", *transfers(view.given, text)]
    return "\n".join(parts)


def _amounts(t: Transfer) -> str:
    if t.vak is None and t.vek is None:
        return "zonder bedrag"
    if t.vak == t.vek and t.vak is not None:
        said = f"{amount(t.vak)} VAK/VEK"
    else:
        sides = (("VAK", t.vak), ("VEK", t.vek))
        said = ", ".join(f"{amount(value)} {credit}" for credit, value in sides if value is not None)
    shared = "samen " if len(t.sources) > 1 or len(t.targets) > 1 else ""
    return f"{shared}{said}{' (verschil in de tabel)' if t.derived else ''}"


def _side(codes: Sequence[str]) -> str:
    return ", ".join(codes) or "niet genoemd"


def _cells_of(line: Line) -> tuple[Cell | None, ...]:
    return line.budget, line.available, line.executed


def _percent(rate: Decimal | None) -> str:
    return "-" if rate is None else f"{amount(rate)}%"


def _table(rows: Sequence[Row], left: int) -> list[str]:
    """Aligned columns: the first `left` to the left, the others, figures, to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [f"  {'  '.join(_padded(row, widths, left))}".rstrip() for row in rows]


def _padded(row: Row, widths: Sequence[int], left: int) -> Iterator[str]:
    for column, (value, width) in enumerate(zip(row, widths, strict=True)):
        yield value.ljust(width) if column < left else value.rjust(width)
