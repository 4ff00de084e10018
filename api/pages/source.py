"""The page of a document, with the quoted words marked."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages.environment import render, short_path, source_href
from api.pages.layout import Span, around, segments
from api.service import In, Place, document_of, span_of
from ingest.reading import cleaned
from ingest.records import Document
from retrieval.corpus import Corpus

WHOLE_TEXT = (
    2_000_000  # characters that one page shows; of a longer document it shows the part around the quote
)
BESIDE_AN_ANSWER = 6_000  # characters before and after a quote in the panel
routes = APIRouter()


@routes.get("/bron/{document_id:path}")
async def source_page(
    document_id: str, service: In, start: Place = None, end: Place = None, naast: bool = False
) -> Response:
    """A source with the quoted words marked; with `naast` only the part around them, for the panel."""

    def job(corpus: Corpus) -> Response:
        document = document_of(corpus, document_id)
        quoted = span_of(document, start, end)
        if naast and quoted:
            return HTMLResponse(source_beside_answer(document, corpus.version, quoted))
        lost = quoted is None and (start is not None or end is not None)
        return HTMLResponse(source(document, corpus.version, quoted, lost=lost))

    return await service.run(job)


def source(document: Document, version: str, quoted: Span | None, *, lost: bool = False) -> str:
    """A document with its outline, the quoted words marked; `lost` when it does not hold the quote that was asked."""
    shown = None if len(document.text) <= WHOLE_TEXT else around(document, quoted or (0, 0), WHOLE_TEXT // 2)
    values = _source(document, version, quoted, shown)
    return render("source.html", **values, outline=_outline(document, shown), lost=lost)


def source_beside_answer(document: Document, version: str, quoted: Span) -> str:
    """The part of a document around a quote, for the panel beside the answer."""
    shown = around(document, quoted, BESIDE_AN_ANSWER)
    return render("panel.html", **_source(document, version, quoted, shown))


def _source(document: Document, version: str, quoted: Span | None, shown: Span | None) -> dict[str, Any]:
    section = _section_at(document, quoted)
    return {
        "meta": document.meta,
        "version": version,
        "quoted": quoted,
        "href": source_href(document.id, *quoted) if quoted else source_href(document.id),
        "segments": list(segments(document, quoted, shown)),
        "is_part": shown is not None and shown != (0, len(document.text)),
        "section": section,
        "path": short_path(section, document.meta.title),
    }


def _section_at(document: Document, quoted: Span | None) -> Sequence[str]:
    if quoted is None:
        return ()
    return next((b.section for b in document.blocks if b.start < quoted[1] and quoted[0] < b.end), ())


def _outline(document: Document, shown: Span | None) -> list[dict[str, Any]]:
    """The headings on the page, with the place to jump to; none when there is only one."""
    start, end = shown or (0, len(document.text))
    found = [
        {"start": b.start, "level": b.level, "page": b.page, "text": cleaned(document.text[b.start : b.end])}
        for b in document.blocks
        if b.kind == "heading" and start <= b.start < end
    ]
    return found if len(found) > 1 else []
