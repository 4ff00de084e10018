"""The budget pages: the overview that sorts and filters, a programme or structure element, one article; and CSV."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.budget_csv import figures_csv, lines_csv
from api.download import download
from api.pages.budget_article import article_page, missing_page, told_of
from api.pages.budget_figures import (
    article_href,
    chart_of,
    element_href,
    programme_href,
    table,
)
from api.pages.budget_list import listing
from api.pages.budget_parts import element_totals, grand_totals, parts, programme_totals
from api.pages.budget_query import LONGEST_WORDS, BudgetQuery, found_lines, minister_of
from api.pages.environment import render, source_href
from api.problem import Problem
from api.service import In
from ingest.budget.codes import candidates
from ingest.budget.records import Breakdown, Cell, Total
from retrieval.budget_find import spoken_codes
from retrieval.corpus import Corpus

AT = "/begroting"
PHASE_NAMES = {
    "BO": "begrotingsopmaak",
    "BA": "begrotingsaanpassing",
    "1e BA": "eerste aanpassing",
    "2e BA": "tweede aanpassing",
    "3e BA": "derde aanpassing",
    "BA-JR": "beschikbaar, na herverdelingen",
    "1e BA-JR": "beschikbaar, na herverdelingen",
    "2e BA-JR": "beschikbaar, na herverdelingen",
    "3e BA-JR": "beschikbaar, na herverdelingen",
    "BU": "uitvoering",
}
Spoken = Annotated[str, Path(max_length=LONGEST_WORDS)]
routes = APIRouter()


@routes.get("/begroting.csv")
async def budget_csv(service: In, query: Annotated[BudgetQuery, Query()]) -> Response:
    """The lines that pass the filters of the overview, as CSV."""
    return await service.run(lambda corpus: _csv(lines_csv(found_lines(corpus, query)), "begroting"))


@routes.get("/begroting")
async def budget_page(service: In, query: Annotated[BudgetQuery, Query()]) -> Response:
    """The overview; one code that was typed leads straight to its article."""

    def job(corpus: Corpus) -> Response:
        ledgers = corpus.ledgers()
        codes = spoken_codes(ledgers, query.zoek) if query.zoek else None
        if codes is not None and len(codes) == 1:
            return RedirectResponse(article_href(codes[0]), 303)
        if codes == () and not query.ise:
            return _missing(corpus, query.zoek)
        return HTMLResponse(_overview(corpus, query))

    return await service.run(job)


@routes.get("/begroting/ise/{name:path}")
async def element_page(name: Spoken, service: In, query: Annotated[BudgetQuery, Query()]) -> Response:
    """A structure element: its printed totals and its articles."""

    def job(corpus: Corpus) -> Response:
        totals = [t for ledger in corpus.ledgers() for t in element_totals(ledger, name)]
        whole = query.model_copy(update={"ise": name})
        own = query.model_copy(update={"ise": ""})
        head = {"title": name, "above": "Inhoudelijk structuurelement (ISE)", "here_at": element_href(name)}
        return _part(corpus, whole, own, head, totals)

    return await service.run(job)


@routes.get("/begroting/programma/{letters}")
async def programme_page(letters: Spoken, service: In, query: Annotated[BudgetQuery, Query()]) -> Response:
    """A programme: its printed totals and its articles."""

    def job(corpus: Corpus) -> Response:
        articles = [a for ledger in corpus.ledgers() for a in ledger.articles if a.programme == letters]
        totals = [t for ledger in corpus.ledgers() for t in programme_totals(ledger, letters)]
        title = next((a.programme_title for a in articles if a.programme_title), None) or ""
        whole = query.model_copy(update={"programma": letters})
        own = query.model_copy(update={"programma": ""})
        head = {
            "title": f"{letters} {title}".strip(),
            "above": "Programma",
            "here_at": programme_href(letters),
        }
        return _part(corpus, whole, own, head, totals)

    return await service.run(job)


@routes.get("/begroting/{code}.csv")
async def article_csv(code: Spoken, service: In) -> Response:
    """Every figure of an article, of its measures too, with the span of its cell."""

    def job(corpus: Corpus) -> Response:
        cells = [c for ledger in corpus.ledgers() for c in ledger.cells if c.code == code]
        measures = [b for ledger in corpus.ledgers() for b in ledger.breakdowns if b.code == code]
        figures: list[Cell | Breakdown] = [*cells, *measures]
        if not figures:
            raise Problem(404, f"Het corpus heeft geen cijfers van ‘{code}’.")
        return _csv(figures_csv(figures), code)

    return await service.run(job)


@routes.get("/begroting/{code}")
async def budget_article_page(
    code: Spoken, service: In, document: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """One article as a document tells it, the latest when none is named; any spelling leads to the whole code."""

    def job(corpus: Corpus) -> Response:
        ledgers = corpus.ledgers()
        told = told_of(ledgers, code)
        if not told:
            meant = candidates(code, {a.code for ledger in ledgers for a in ledger.articles})
            if len(meant) == 1:
                return RedirectResponse(article_href(meant[0]), 303)
            return _missing(corpus, code, meant)
        shown = next((one for one in told if one.article.document_id == document), told[0])
        others = [one for one in told if one is not shown]
        values = article_page(corpus, shown, others)
        return HTMLResponse(_rendered("budget_article.html", corpus, **values))

    return await service.run(job)


def _overview(corpus: Corpus, query: BudgetQuery) -> str:
    ledgers = [one for one in corpus.ledgers() if one.articles]
    articles = [a for one in ledgers for a in one.articles]
    named = {a.programme: a.programme_title for a in articles}
    return _rendered(
        "budget.html",
        corpus,
        query=query,
        listing=listing(corpus, found_lines(corpus, query), query, AT, query.href(f"{AT}.csv")),
        parts=[]
        if query.narrows
        else [(corpus.metadata(x.document_id), parts(x), grand_totals(x)) for x in ledgers],
        programmes=[(letters, f"{letters} {title or ''}".strip()) for letters, title in named.items()],
        elements=sorted({a.ise for a in articles if a.ise}),
        years=sorted({c.year for one in ledgers for c in one.cells}, reverse=True),
        ministers=sorted({minister_of(corpus.metadata(x.document_id)) for x in ledgers} - {""}),
        has_budget=bool(ledgers),
    )


def _part(
    corpus: Corpus, whole: BudgetQuery, own: BudgetQuery, head: dict[str, Any], totals: list[Total]
) -> Response:
    """The page of a programme or a structure element. Raises: Problem (404) when the corpus has no such thing.

    `whole` is the question with what the address already says, `own` without it.
    """
    lines = found_lines(corpus, whole)
    if not lines and not totals:
        raise Problem(
            404, f"Het corpus kent geen begrotingscijfers voor ‘{head['title']}’; {AT} noemt wat er is."
        )
    printed = {
        d: [t for t in totals if t.document_id == d] for d in dict.fromkeys(t.document_id for t in totals)
    }
    page = _rendered(
        "budget_part.html",
        corpus,
        **head,
        listing=listing(corpus, lines, own, head["here_at"], whole.href(f"{AT}.csv")),
        totals=[(corpus.metadata(name), table(of)) for name, of in printed.items()],
        chart=chart_of(lines, f"Artikelen van {head['title']}"),
    )
    return HTMLResponse(page)


def _missing(corpus: Corpus, spoken: str, meant: Sequence[str] = ()) -> Response:
    """That a code has no article, with what comes near; found all the same when it means several or is named elsewhere."""
    values = missing_page(corpus, spoken, meant)
    status = 200 if meant or values["moves"] else 404
    return HTMLResponse(_rendered("budget_missing.html", corpus, **values), status)


def _rendered(template: str, corpus: Corpus, **values: Any) -> str:
    return render(
        template, version=corpus.version, phase_names=PHASE_NAMES, source_href=source_href, **values
    )


def _csv(text: str, name: str) -> Response:
    return download(f"{text}\n", f"{name}.csv")
