"""A memo as HTML: a page that stands alone, and the part of it that the server's own page shows."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from answer.memo_records import Memo, Reference
from answer.records import Claim
from api.memos.render_picture import picture
from api.memos.render_words import (
    DRAFT,
    DRAFT_NOTICE,
    MAYBE,
    STATUSES,
    Mark,
    address,
    counted,
    dated,
    described,
    marks_of,
    named,
    not_found,
    origin,
    paragraphs,
    quoted,
    readable,
    shown,
)
from api.pages.environment import STATIC, render, source_href


def as_html(memo: Memo) -> bytes:
    """The memo as one HTML file in UTF-8 that needs nothing else; marks lead to its list of references."""
    view = _view(memo, lambda mark: _listed(mark.reference), _listed)
    return render("commitments_file.html", style=_style(), **view).encode()


def fragment(memo: Memo) -> Markup:
    """The memo as part of a page of the server; marks open the source at the quoted words."""
    view = _view(memo, _at_the_quote, lambda reference: source_href(reference.document_id))
    return Markup(render("commitments_fragment.html", **view))  # noqa: S704 - templates escape


def _view(
    memo: Memo, to_quote: Callable[[Mark], str], to_document: Callable[[Reference], str]
) -> dict[str, Any]:
    marks = marks_of(memo)
    return {
        "title": readable(memo.title),
        "path": [readable(heading) for heading in memo.path],
        "draft": DRAFT,
        "draft_notice": DRAFT_NOTICE,
        "notice": readable(memo.notice or ""),
        "section": paragraphs(memo.section_text),
        "summary": [_claim(claim, marks, to_quote) for claim in memo.summary],
        "themes": [
            {
                "title": readable(theme.title),
                "claims": [_claim(claim, marks, to_quote) for claim in theme.claims],
            }
            for theme in memo.themes
        ],
        "picture": picture(counted(memo)),
        "promises": [
            {
                "text": readable(row.text),
                "status": row.status,
                "status_name": STATUSES[row.status],
                "first": dated(row.first),
                "last": dated(row.last),
                "marks": [_number(r, to_document(r)) for r in named(memo, row.references)],
            }
            for row in memo.promises
        ],
        "amounts": [
            {
                "text": readable(amount.text),
                "unit": readable(amount.unit),
                "what": readable(amount.what),
                "mark": _marked(marks[amount.citation], to_quote),
            }
            for amount in memo.amounts
        ],
        "not_found": _missing(memo, to_document),
        "references": [_reference(r, to_document(r)) for r in memo.references],
        "origin": origin(memo),
    }


def _missing(memo: Memo, to_document: Callable[[Reference], str]) -> tuple[str, list[dict[str, Any]]]:
    shared, promises = not_found(memo)
    return shared, [
        {
            "text": text,
            "rest": f"{rest} {MAYBE}".strip() if possible else rest,
            "marks": [_number(reference, to_document(reference)) for reference in possible],
        }
        for text, rest, possible in promises
    ]


def _claim(claim: Claim, marks: Mapping[int, Mark], to_quote: Callable[[Mark], str]) -> dict[str, Any]:
    found = [_marked(mark, to_quote) for mark in shown(marks, claim.citations)]
    return {"text": readable(claim.text), "marks": found}


def _marked(mark: Mark, to_quote: Callable[[Mark], str]) -> dict[str, Any]:
    return _number(mark.reference, to_quote(mark), quoted(mark.citation.text))


def _number(reference: Reference, href: str, quote: str = "") -> dict[str, Any]:
    return {"n": reference.n, "href": href, "title": readable(reference.title), "quote": quote}


def _reference(reference: Reference, href: str) -> dict[str, Any]:
    return {
        "n": reference.n,
        "href": href,
        "title": readable(reference.title),
        "official_title": readable(reference.official_title or ""),
        "about": described(reference),
        "uri": address(reference),
    }


def _listed(reference: Reference) -> str:
    return f"#referentie-{reference.n}"


def _at_the_quote(mark: Mark) -> str:
    return source_href(mark.citation.document_id, mark.citation.start, mark.citation.end)


@cache
def _style() -> Markup:
    """The rules of the server's pages for memos, which a file carries with it."""
    return Markup((STATIC / "commitments.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
