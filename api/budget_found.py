"""What the ledger has on a code or words, the same for every door."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.commands.show_budget import missing
from ingest.budget.records import Article, Ledger, Transfer
from ingest.records import Document
from retrieval.budget import ArticleView, article_view
from retrieval.budget_find import find_articles, transfers_naming


@dataclass(frozen=True, slots=True)
class Found:
    """The `views` of the one article that is meant, else the `candidates`; `message` says in Dutch what there is not.

    `transfers` are the reallocations that name a code without an article.
    """

    views: Sequence[ArticleView]
    candidates: Sequence[Article]
    transfers: Sequence[Transfer]
    message: str | None


def found_articles(
    ledgers: Sequence[Ledger], spoken: str, year: int | None, document_of: Callable[[str], Document]
) -> Found:
    """The articles that a code or words can mean, with the figures of one year when one is given."""
    found = find_articles(ledgers, spoken, lambda name: document_of(name).text)
    is_certain = len({article.code for article in found}) == 1
    ledger_of = {ledger.document_id: ledger for ledger in ledgers}
    views = [
        article_view(ledger_of[a.document_id], a, document_of(a.document_id).text, year)
        for a in found
        if is_certain
    ]
    views = [view for view in views if year is None or view.cells]
    return Found(
        views,
        [] if is_certain else found,
        [] if found else transfers_naming(ledgers, spoken),
        None if found and (views or not is_certain) else missing(ledgers, spoken, found, year),
    )
