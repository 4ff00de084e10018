"""Budget figures for programs: an article with all that is told about it, and lists; as `wijzer budget --json` gives them."""

from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import JSONResponse, Response

from api.bodies import Year
from api.budget_csv import lines_csv
from api.budget_found import found_articles, unknown_filter
from api.commands.show_budget_json import articles_json, lines_json
from api.service import In, document_of
from api.v1.budget_models import Articles, BudgetLines, Form
from api.v1.parameters import Limit, Offset, Words, page
from ingest.budget.records import Flow
from retrieval.budget import listed
from retrieval.corpus import Corpus

routes = APIRouter(tags=["Begroting"])
Percentage = Annotated[
    float | None,
    Query(
        ge=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Uitvoering in procenten van wat beschikbaar was.",
    ),
]
Code = Annotated[
    str,
    Path(
        max_length=200,
        description="Een artikelcode in elke schrijfwijze, of woorden uit de titel.",
        examples=["JB0-1JDB2CA-WT"],
    ),
]


@routes.get(
    "/v1/budget",
    response_model=BudgetLines,
    summary="Lijst van begrotingsartikelen",
    description="Een regel per artikel, jaar en krediet; bedragen in duizend euro. `format=csv` geeft ze als CSV.",
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def budget_v1(
    service: In,
    programme: Words = None,
    ise: Words = None,
    flow: Flow | None = None,
    year: Year | None = None,
    over: Percentage = None,
    under: Percentage = None,
    format: Form = "json",  # noqa: A002 - the name that the address has
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """One page of the lines that pass the filters."""

    def job(corpus: Corpus) -> Response:
        ledgers = corpus.ledgers()
        lines = listed(
            ledgers,
            programme=programme,
            ise=ise,
            flow=flow,
            over=_decimal(over),
            under=_decimal(under),
            year=year,
        )
        if format == "csv":
            return Response(lines_csv(lines[offset : offset + limit]) + "\n", media_type="text/csv")
        shown = page("lines", lines, limit, offset)
        shown["lines"] = lines_json(shown["lines"])
        message = unknown_filter(ledgers, programme, ise, year)
        return JSONResponse({**shown, "message": message, "corpus_version": corpus.version})

    return await service.run(job)


@routes.get(
    "/v1/budget/{code:path}",
    response_model=Articles,
    summary="Een begrotingsartikel",
    description=(
        "Cijfers, uitvoering, verklaring en herverdelingen van een artikel. Een code die meer dan een artikel kan zijn, "
        "geeft `candidates`; een onbekende code geeft `message` en de herverdelingen die haar noemen."
    ),
)
async def article_v1(code: Code, service: In, year: Year | None = None) -> Response:
    """The articles that a code or words can mean."""
    return await service.run(lambda corpus: JSONResponse(article_json(corpus, code, year)))


def article_json(corpus: Corpus, spoken: str, year: int | None = None) -> dict[str, Any]:
    """The articles that a code or words can mean, as `wijzer budget --json` gives them; of one year when one is given."""
    named = partial(document_of, corpus)
    found = found_articles(corpus.ledgers(), spoken, year, named)
    return articles_json(found, named) | {"corpus_version": corpus.version}


def _decimal(percentage: float | None) -> Decimal | None:
    return None if percentage is None else Decimal(str(percentage))
