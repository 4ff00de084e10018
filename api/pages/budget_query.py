"""What a reader asks of the budget overview: words, filters and an order, all in the address of the page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from api.bodies import harmless
from api.service import document_of
from ingest.analysis import tokens
from ingest.budget.records import Article, Credit, Flow, Ledger
from ingest.records import Metadata
from retrieval.budget import Line, listed
from retrieval.budget_find import find_articles
from retrieval.corpus import Corpus

Column = Literal["code", "krediet", "begroot", "beschikbaar", "uitgevoerd", "uitvoering", "verschil"]
LONGEST_WORDS = 200


def _share(given: Any) -> Any:
    """`"110,5 %"` -> `"110.5"`; nothing typed is no limit."""
    return str(given).replace(",", ".").strip(" %") or None


Words = Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(harmless), AfterValidator(str.strip)]
Share = Annotated[Decimal | None, Field(ge=0, le=1_000_000, max_digits=12), BeforeValidator(_share)]
Optional = BeforeValidator(lambda given: given or None)


class BudgetQuery(BaseModel):
    """The filters and the order of a list of budget lines; a field that is empty restricts nothing.

    `boven` and `onder` are per cents of what was available; `nullen` also shows lines with nothing but zeros;
    `minister` is who a document names as its minister, else its publisher.
    """

    zoek: Words = ""
    programma: Words = ""
    ise: Words = ""
    minister: Words = ""
    stroom: Annotated[Flow | None, Optional] = None
    krediet: Annotated[Credit | None, Optional] = None
    jaar: Annotated[int | None, Field(ge=1, le=9999), Optional] = None
    boven: Share = None
    onder: Share = None
    nullen: bool = False
    sorteer: Annotated[Column | None, Optional] = None
    omgekeerd: bool = False
    pagina: int = Field(1, ge=1, le=100_000)

    @property
    def narrows(self) -> bool:
        """Whether anything was asked beside an order and a page."""
        return bool(self.model_dump(exclude_defaults=True, exclude={"sorteer", "omgekeerd", "pagina"}))

    def href(self, at: str, **changes: Any) -> str:
        """The address of the same question with some fields changed; what says nothing is left out."""
        fields = self.model_copy(update={"pagina": 1} | changes).model_dump(exclude_defaults=True)
        said = {name: "1" if value is True else value for name, value in fields.items()}
        return f"{at}?{urlencode(said)}" if said else at


def found_lines(corpus: Corpus, query: BudgetQuery) -> list[Line]:
    """The lines that pass, in the order asked, else that of the search or of the documents."""
    ledgers = [
        one
        for one in corpus.ledgers()
        if query.minister in ("", minister_of(corpus.metadata(one.document_id)))
    ]
    lines = [
        line
        for line in listed(
            ledgers,
            programme=query.programma or None,
            flow=query.stroom,
            over=query.boven,
            under=query.onder,
            year=query.jaar,
        )
        if query.ise in ("", line.article.ise)
        and query.krediet in (None, line.credit)
        and (query.nullen or not is_zero(line))
    ]
    if query.zoek:
        place = {_key(a): n for n, a in enumerate(searched(corpus, ledgers, query.zoek))}
        lines = sorted((x for x in lines if _key(x.article) in place), key=lambda x: place[_key(x.article)])
    return _ordered(lines, query)


def searched(corpus: Corpus, ledgers: Sequence[Ledger], words: str) -> tuple[Article, ...]:
    """The articles that a code or words can mean, the likeliest first; the name of a minister means all of theirs."""
    named = set(tokens(words))
    theirs = [
        one
        for one in ledgers
        if named and named <= set(tokens(minister_of(corpus.metadata(one.document_id))))
    ]
    if theirs:
        return tuple(article for one in theirs for article in one.articles)
    return find_articles(ledgers, words, lambda name: document_of(corpus, name).text)


def minister_of(meta: Metadata) -> str:
    """Who answers for a document: its ministers, else its publisher."""
    return ", ".join(meta.ministers) or meta.publisher or ""


def is_zero(line: Line) -> bool:
    """Whether a line says nothing but zeros."""
    return not any(cell and cell.value for cell in (line.budget, line.available, line.executed))


def _ordered(lines: list[Line], query: BudgetQuery) -> list[Line]:
    """Sorted by a column, what lacks a value last in either direction."""
    column = query.sorteer
    if column is None:
        return lines
    valued = [(value, line) for line in lines if (value := _value(line, column)) is not None]
    valued.sort(key=lambda pair: pair[0], reverse=query.omgekeerd)
    return [line for _, line in valued] + [line for line in lines if _value(line, column) is None]


def _value(line: Line, column: Column) -> Any:
    match column:
        case "code":
            return line.article.code, line.year, line.credit
        case "krediet":
            return line.credit, line.year
        case "uitvoering":
            return line.rate
        case "verschil":
            return line.difference
    cell = {"begroot": line.budget, "beschikbaar": line.available, "uitgevoerd": line.executed}[column]
    return None if cell is None else cell.value


def _key(article: Article) -> tuple[str, str]:
    return article.document_id, article.code
