"""What the ledger has on a code or words, the same for every door."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.budget.codes import canonical
from ingest.budget.records import Article, Ledger, Transfer
from ingest.records import Document
from retrieval.budget import ArticleView, article_view, in_element, in_programme
from retrieval.budget_find import find_articles, transfers_naming

_NOTHING = "Het corpus heeft geen begrotingscijfers. Neem een beleids- en begrotingstoelichting op met `wijzer ingest`."


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
        None if found and (views or not is_certain) else _missing(ledgers, spoken, found, year),
    )


def _missing(ledgers: Sequence[Ledger], spoken: str, found: Sequence[Article], year: int | None) -> str:
    """That an article, or its figures of a year, are not there, and what the corpus does have."""
    known = [a for ledger in ledgers for a in ledger.articles]
    if not known:
        return _NOTHING
    if found:
        codes = {a.code for a in found}
        own = sorted({c.year for ledger in ledgers for c in ledger.cells if c.code in codes})
        has = f"wel van {', '.join(map(str, own))}" if own else "ook niet van een ander jaar"
        return f"Het corpus heeft van {', '.join(sorted(codes))} geen cijfers van {year}; {has}."
    asked = canonical(spoken)
    subject = f"geen artikel {asked}" if asked else f"geen begrotingsartikel bij {spoken!r}"
    return (
        f"Het corpus heeft {subject}. Het heeft {len({a.code for a in known})} artikelen van "
        f"{_programmes(known)}, voor {_years_text(ledgers)}; `wijzer budget --list` noemt ze."
    )


def unknown_filter(
    ledgers: Sequence[Ledger], programme: str | None, ise: str | None, year: int | None
) -> str | None:
    """What the corpus has, when it lacks the programme, the structure element or the year that was asked."""
    articles = [article for ledger in ledgers for article in ledger.articles]
    if not articles:
        return _NOTHING
    if programme is not None and not any(in_programme(a, programme) for a in articles):
        return f"Het corpus heeft geen programma {programme!r}; wel {_programmes(articles)}."
    if ise is not None and not any(in_element(a, ise) for a in articles):
        names = ", ".join(sorted({a.ise for a in articles if a.ise}))
        return f"Het corpus heeft geen structuurelement met {ise!r}; wel {names}."
    if year is not None and year not in _years(ledgers):
        return f"Het corpus heeft geen begrotingscijfers van {year}; wel van {_years_text(ledgers)}."
    return None


def amount(value: Decimal) -> str:
    """A figure as Dutch writes it: `Decimal("-1234.5")` -> `-1.234,5`."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def _programmes(articles: Sequence[Article]) -> str:
    """`JD (WERK), JE (SOCIALE ECONOMIE)`."""
    titles: dict[str, str | None] = {}
    for a in articles:
        titles[a.programme] = titles.get(a.programme) or a.programme_title
    named = (f"{letters} ({title})" if title else letters for letters, title in sorted(titles.items()))
    return f"programma {', '.join(named)}"


def _years(ledgers: Sequence[Ledger]) -> list[int]:
    """The budget years of which there are figures."""
    return sorted({cell.year for ledger in ledgers for cell in ledger.cells})


def _years_text(ledgers: Sequence[Ledger]) -> str:
    """See `_years`."""
    return ", ".join(map(str, _years(ledgers))) or "geen enkel jaar"
