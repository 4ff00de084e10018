"""The page of one budget article: figures, what explains them, where credit came from and went, what does not add up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from answer.audit import audit
from answer.audit_records import Finding, Severity
from answer.chart import bars
from api.budget_found import amount
from api.pages.budget_figures import (
    article_href,
    bar_of,
    element_href,
    outcome,
    programme_href,
    table,
)
from api.pages.budget_flow import flow
from api.pages.environment import source_href
from api.pages.kept import Kept
from api.pages.layout import Span, nested, segments
from api.service import document_of
from ingest.budget.codes import canonical
from ingest.budget.records import Adjustment, Article, Ledger, Transfer
from ingest.budget.sections import page_at
from ingest.reading import cleaned
from ingest.records import Document
from retrieval.budget import ArticleView, article_view
from retrieval.budget_find import find_articles, transfers_naming
from retrieval.corpus import Corpus

MOST_NEAR = 8
_LONGEST_PASSAGE = 30_000  # characters of an explanation on this page; the rest is in the document
_SEVERITIES: dict[Severity, str] = {"error": "Fout", "rounding": "Afronding", "remark": "Opmerking"}
_audits: Kept[tuple[str, str], tuple[Finding, ...]] = Kept(16)


@dataclass(frozen=True, slots=True)
class Told:
    """What one document of the corpus tells about an article."""

    ledger: Ledger
    article: Article

    @property
    def years(self) -> list[int]:
        """The years of which it prints figures, the last first."""
        return sorted({c.year for c in self.ledger.cells if c.code == self.article.code}, reverse=True)


def told_of(ledgers: Sequence[Ledger], code: str) -> list[Told]:
    """The documents that have a section on an article, those with the latest figures first."""
    found = [Told(one, article) for one in ledgers for article in one.articles if article.code == code]
    return sorted(found, key=lambda told: told.years, reverse=True)


def article_page(corpus: Corpus, told: Told, others: Sequence[Told]) -> dict[str, Any]:
    """Everything that a document tells about an article, with the address of each place."""
    article, document = told.article, document_of(corpus, told.article.document_id)
    view = article_view(told.ledger, article, document.text)
    known = {a.code for ledger in corpus.ledgers() for a in ledger.articles}
    return {
        "article": article,
        "meta": document.meta,
        "section_href": source_href(document.id, article.start, article.heading_end),
        "programme_href": programme_href(article.programme),
        "element_href": element_href(article.ise) if article.ise else None,
        "years": [_year(view, year) for year in told.years],
        "content": _passage(document, view.content),
        "justification": _passage(document, view.justification),
        "measures": table(view.breakdowns),
        "adjustments": [_adjustment(a) for a in view.adjustments],
        "flow": flow(article.code, view.received, view.given),
        "moves": [
            ("Naar dit artikel", [_move(t, known) for t in view.received]),
            ("Uit dit artikel", [_move(t, known) for t in view.given]),
        ],
        "findings": [_finding(f) for f in _findings(corpus, document, told.ledger) if _is_about(f, article)],
        "unread": [
            {"reason": u.reason, "href": source_href(u.document_id, u.start, u.end)} for u in view.unread
        ],
        "others": [
            {"title": corpus.metadata(o.article.document_id).title, "href": _href_in(o), "years": o.years}
            for o in others
        ],
        "neighbours": _neighbours(told),
        "csv": f"{article_href(article.code)}.csv",
    }


def missing_page(corpus: Corpus, spoken: str, meant: Sequence[str] = ()) -> dict[str, Any]:
    """What is said of a code without an article: what it can mean, what comes near, which reallocations name it."""
    ledgers = corpus.ledgers()
    articles = {a.code: a for ledger in ledgers for a in ledger.articles}
    code = canonical(spoken)
    near = meant or get_close_matches((code or spoken).upper(), articles, n=MOST_NEAR, cutoff=0.6)
    if not near and code is None:
        found = find_articles(ledgers, spoken, lambda name: document_of(corpus, name).text)
        near = list(dict.fromkeys(a.code for a in found))
    return {
        "spoken": code or spoken,
        "is_ambiguous": bool(meant),
        "near": [{"code": c, "title": articles[c].title, "href": article_href(c)} for c in near[:MOST_NEAR]],
        "moves": [] if meant else [_move(t, articles) for t in transfers_naming(ledgers, spoken)],
        "has_budget": bool(articles),
    }


def _year(view: ArticleView, year: int) -> dict[str, Any]:
    """The table of one year with how far each credit was executed, and its chart."""
    lines = [line for line in view.lines if line.year == year]
    printed = table([cell for cell in view.cells if cell.year == year])
    outcomes = {line.credit: outcome(line.rate, line.difference) for line in lines}
    drawn = [
        bar_of(line, line.credit)
        for line in lines
        if any(c and c.value for c in (line.budget, line.available, line.executed))
    ]
    return {
        "year": year,
        "phases": printed["phases"],
        "rows": [row | outcomes[row["credit"]] for row in printed["rows"]],
        "formulas": sorted({line.formula for line in lines if line.formula}),
        "chart": bars(drawn, f"{view.article.code} in {year}") if drawn else None,
    }


def _passage(document: Document, span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    shown = span[0], min(span[1], span[0] + _LONGEST_PASSAGE)
    return {
        "segments": nested(segments(document, None, shown)),
        "href": source_href(document.id, *span),
        "page": page_at(document, span[0]),
        "is_cut": shown != span,
    }


def _adjustment(a: Adjustment) -> dict[str, Any]:
    return {
        "label": a.label or "",
        "kind": a.kind,
        "year": a.year,
        "credit": a.credit,
        "text": amount(a.value),
        "href": source_href(a.document_id, a.start, a.end),
    }


def _move(t: Transfer, known: Collection[str]) -> dict[str, Any]:
    return {
        "sources": [(code, article_href(code), code in known) for code in t.sources],
        "targets": [(code, article_href(code), code in known) for code in t.targets],
        "vak": "" if t.vak is None else amount(t.vak),
        "vek": "" if t.vek is None else amount(t.vek),
        "is_shared": len(t.sources) > 1 or len(t.targets) > 1,
        "derived": t.derived,
        "purpose": cleaned(t.purpose).rstrip(" ,;:"),
        "year": t.year,
        "page": t.page,
        "href": source_href(t.document_id, t.start, t.end),
    }


def _findings(corpus: Corpus, document: Document, ledger: Ledger) -> tuple[Finding, ...]:
    """The audit of a document, worked out once for each snapshot."""
    return _audits.get((corpus.version, document.id), lambda: audit(document, ledger))


def _is_about(finding: Finding, article: Article) -> bool:
    return any(article.start <= place.start < article.end for place in finding.places)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "label": _SEVERITIES[finding.severity],
        "message": finding.message,
        "places": [
            {
                "text": cleaned(place.text),
                "page": place.page,
                "href": source_href(place.document_id, place.start, place.end),
            }
            for place in finding.places
        ],
    }


def _href_in(told: Told) -> str:
    return f"{article_href(told.article.code)}?{urlencode({'document': told.article.document_id})}"


def _neighbours(told: Told) -> list[dict[str, str] | None]:
    """The articles before and after this one in its document."""
    codes = list(dict.fromkeys(a.code for a in told.ledger.articles))
    titles = {a.code: a.title for a in told.ledger.articles}
    at = codes.index(told.article.code)
    beside = [codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None]
    return [{"code": c, "title": titles[c], "href": article_href(c)} if c else None for c in beside]
