"""The form of the budget figures that the routes for programs answer: amounts are decimal strings in keuro."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ingest.budget.records import Credit, Flow, Phase

Amount = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="Duizend euro (keuro).")]


class Located(BaseModel):
    """Where something stands."""

    document_id: str
    page: int | None
    start: int
    end: int


class ArticleHead(Located):
    """A budget article."""

    code: str
    title: str
    flow: Flow
    entity: str
    programme: str
    programme_title: str | None
    ise: str | None
    suffix: str | None
    objectives: list[str]
    heading_end: int
    table: list[int] | None


class Figure(Located):
    """An amount as it is printed."""

    code: str | None
    title: str | None
    flow: Flow
    year: int
    phase: Phase
    credit: Credit
    value: Amount


class Measure(Figure):
    """An amount of one measure within an article."""

    label: str


class ArticleLine(BaseModel):
    """Budget, available credit and execution of one year and credit; `rate` is a percentage."""

    year: int
    credit: Credit
    budget: Figure | None
    available: Figure | None
    executed: Figure | None
    rate: str | None
    formula: str | None
    difference: str | None


class ListedLine(ArticleLine):
    """A line with the article that it is of."""

    code: str
    title: str
    flow: Flow
    programme: str
    ise: str | None


class Gained(Located):
    """What an article or measure gained or lost between two phases."""

    code: str
    label: str | None
    kind: str
    year: int
    credit: Credit
    value: Amount


class Moved(Located):
    """A reallocation between articles."""

    source: str | None = Field(alias="from")
    target: str | None = Field(alias="to")
    vak: Amount | None
    vek: Amount | None
    purpose: str
    told_by: str
    derived: bool
    year: int


class Skipped(BaseModel):
    """What could not be read with certainty."""

    document_id: str
    start: int
    end: int
    reason: str


class Quoted(BaseModel):
    """Text of an article's section."""

    page: int | None
    start: int
    end: int
    text: str


class WholeArticle(ArticleHead):
    """An article with its figures and what is told about them."""

    cells: list[Figure]
    lines: list[ArticleLine]
    content: Quoted | None
    justification: Quoted | None
    breakdowns: list[Measure]
    adjustments: list[Gained]
    received: list[Moved]
    given: list[Moved]
    unread: list[Skipped]


class Articles(BaseModel):
    """The articles that a code means."""

    articles: list[WholeArticle]
    candidates: list[ArticleHead] = Field(description="Wanneer de code meer dan één artikel kan zijn.")
    transfers: list[Moved] = Field(description="Herverdelingen die een onbekende code noemen.")
    message: str | None
    corpus_version: str


class BudgetLines(BaseModel):
    """One page of a list of articles with their figures."""

    total: int
    offset: int
    lines: list[ListedLine]
    message: str | None = Field(description="Wat het corpus wel heeft, wanneer een filter niets kent.")
    corpus_version: str


Form = Literal["json", "csv"]
