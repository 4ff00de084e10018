"""`wijzer budget`: the arguments of looking up in the ledger, and what an unknown article is answered."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from answer.chart import Bar, bars
from api.budget_csv import lines_csv
from api.budget_found import found_articles, unknown_filter
from api.commands import show_budget as pages
from api.commands import show_budget_json as documents
from api.commands.terminal import AsJson, Store, as_one_line, note, write
from api.settings import settings_with
from ingest import snapshot
from ingest.budget.records import Cell, Flow, Ledger
from ingest.catalog import Catalog
from ingest.records import Document
from retrieval.budget import Line, listed

_SHARE = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,4})?)\s*%?\s*")


def budget(
    spoken: Annotated[
        str | None,
        typer.Argument(metavar="CODE|WOORDEN", help="Een artikelcode in elke schrijfwijze, of woorden."),
    ] = None,
    store: Store = None,
    as_list: Annotated[bool, typer.Option("--list", help="Een regel per artikel en krediet.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Alle cijfers, met --json.")] = False,
    year: Annotated[int | None, typer.Option("--year", help="Alleen dit begrotingsjaar.")] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="Bij --list: de letters of de naam van een programma.")
    ] = None,
    ise: Annotated[
        str | None, typer.Option("--ise", help="Bij --list: woorden uit de naam van een structuurelement.")
    ] = None,
    flow: Annotated[Flow | None, typer.Option("--flow", help="Bij --list: uitgave of ontvangst.")] = None,
    over: Annotated[
        str | None,
        typer.Option("--over", help="Bij --list: uitvoering boven dit deel van het krediet (110%)."),
    ] = None,
    under: Annotated[
        str | None,
        typer.Option("--under", help="Bij --list: uitvoering onder dit deel van het krediet (50%)."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Bij --list: CSV in plaats van tekst.")] = False,
    as_json: AsJson = False,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Schrijf ook een grafiek (SVG) naar dit bestand.")
    ] = None,
) -> None:
    """Zoek begrotingsartikelen op: cijfers, uitvoering, verklaring en herverdelingen."""
    filters = (programme, ise, flow, over, under)
    _check_usage(spoken, as_list, everything, filters, as_csv, as_json, year, chart)
    shares = _share("--over", over), _share("--under", under)
    with Catalog(snapshot.published(settings_with(store).store) / "catalog.sqlite") as catalog:
        ledgers = catalog.ledgers()
        if everything:
            write(as_one_line(documents.everything_json(ledgers)))
        elif as_list:
            lines = listed(
                ledgers, programme=programme, ise=ise, flow=flow, over=shares[0], under=shares[1], year=year
            )
            unknown = unknown_filter(ledgers, programme, ise, year)
            _draw(chart, lines)
            _write_list(lines, unknown, as_csv=as_csv, as_json=as_json)
        else:
            _write_articles(catalog, ledgers, spoken or "", year, as_json=as_json, chart=chart)


def _write_list(lines: Sequence[Line], unknown: str | None, *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        write(as_one_line({"message": unknown, "lines": documents.lines_json(lines)}))
    elif as_csv:
        write(lines_csv(lines))
        if unknown:
            note(unknown)
    else:
        write(unknown or pages.lines(lines))


def _write_articles(
    catalog: Catalog,
    ledgers: Sequence[Ledger],
    spoken: str,
    year: int | None,
    *,
    as_json: bool,
    chart: Path | None,
) -> None:
    document_of = cache(lambda document_id: _document(catalog, document_id))
    found = found_articles(ledgers, spoken, year, document_of)
    _draw(chart, [line for view in found.views for line in view.lines])
    if as_json:
        write(as_one_line(documents.articles_json(found, document_of)))
    elif found.views:
        write("\n\n".join(pages.article(view, document_of(view.article.document_id)) for view in found.views))
    elif found.message:
        write("\n".join([found.message, *pages.transfers(found.transfers)]))
    else:
        write(pages.candidates(found.candidates, spoken))


def _draw(chart: Path | None, lines: Sequence[Line]) -> None:
    """One group of bars for each line, on one scale; nothing where there is nothing to draw."""
    if chart is None or not lines:
        return
    rows = [
        Bar(
            f"{line.article.code} {line.credit}",
            *(_value(c) for c in (line.budget, line.available, line.executed)),
        )
        for line in lines
    ]
    chart.write_text(bars(rows), encoding="utf-8")


def _value(cell: Cell | None) -> Decimal | None:
    return None if cell is None else cell.value


def _document(catalog: Catalog, document_id: str) -> Document:
    document = catalog.document(document_id)
    assert document is not None, "a ledger is that of a document in its own catalog"
    return document


def _check_usage(
    spoken: str | None,
    as_list: bool,
    everything: bool,
    filters: Sequence[str | None],
    as_csv: bool,
    as_json: bool,
    year: int | None,
    chart: Path | None,
) -> None:
    """Says what is wrong with the arguments before anything is opened."""
    asked = [spoken is not None and bool(spoken.strip()), as_list, everything]
    if sum(asked) != 1:
        raise typer.BadParameter("geef een code of woorden, of --list, of --all; precies een van de drie")
    if everything and not as_json:
        raise typer.BadParameter("--all geeft alleen JSON; voeg --json toe")
    if everything and chart is not None:
        raise typer.BadParameter("--chart hoort bij een artikel of bij --list")
    if everything and year is not None:
        raise typer.BadParameter("--all geeft alle jaren; laat --year weg, of gebruik --list")
    if not as_list and (as_csv or any(value is not None for value in filters)):
        raise typer.BadParameter("--programme, --ise, --flow, --over, --under en --csv horen bij --list")
    if as_csv and as_json:
        raise typer.BadParameter("kies --csv of --json")


def _share(option: str, given: str | None) -> Decimal | None:
    if given is None:
        return None
    match = _SHARE.fullmatch(given)
    if match is None:
        raise typer.BadParameter(f"{option} {given!r} is geen percentage; schrijf bijvoorbeeld {option} 110%")
    return Decimal(match[1].replace(",", "."))
