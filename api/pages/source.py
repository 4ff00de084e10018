"""The page of a document: its text, or one page of it as it was printed, with the quoted words marked."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from api.pages.environment import render, short_path, source_href
from api.pages.layout import Span, around, nested, segments
from api.pages.source_image import page_image
from api.pages.source_pages import page_count, page_span, quoted_boxes
from api.problem import Problem
from api.service import In, Place, document_of, span_of
from ingest.pages import page_at
from ingest.parse.pdf import MOST_PAGES
from ingest.reading import cleaned
from ingest.records import Document, Metadata
from retrieval.corpus import Corpus

WHOLE_TEXT = (
    2_000_000  # characters that one page shows; of a longer document it shows the part around the quote
)
BESIDE_AN_ANSWER = 6_000  # characters before and after a quote in the panel
routes = APIRouter()


@routes.get("/bron/{document_id:path}/pagina/{page}.png")
async def source_image(
    document_id: str, page: Annotated[int, Path(ge=1, le=MOST_PAGES)], service: In
) -> Response:
    """A page of a PDF as a picture."""

    def job(corpus: Corpus) -> Response:
        image = page_image(document_of(corpus, document_id), page)
        if isinstance(image, str):
            raise Problem(404, image)
        return Response(image.png, media_type="image/png")

    return await service.run(job)


@routes.get("/bron/{document_id:path}")
async def source_page(
    document_id: str,
    service: In,
    start: Place = None,
    end: Place = None,
    pagina: Place = None,
    naast: bool = False,
) -> Response:
    """A source with the quoted words marked; one page of it with `pagina`; with `naast` the part for the panel."""

    def job(corpus: Corpus) -> Response:
        document = document_of(corpus, document_id)
        quoted = span_of(document, start, end)
        if naast and quoted:
            return HTMLResponse(source_beside_answer(document, corpus.version, quoted))
        lost = quoted is None and (start is not None or end is not None)
        family = corpus.families.of(document.meta) if document.meta.kind == "beslissing" else ()
        return HTMLResponse(
            source(document, corpus.version, quoted, lost=lost, page=pagina or None, family=family)
        )

    return await service.run(job)


def source(
    document: Document,
    version: str,
    quoted: Span | None,
    *,
    lost: bool = False,
    page: int | None = None,
    family: Sequence[Metadata] = (),
) -> str:
    """A document with its outline, the quoted words marked; one printed page of it when `page` is given.

    `lost` says that it does not hold the quote that was asked; `family` are the decisions of its file.
    """
    pages = page_count(document)
    page = min(page, pages) if page and pages else None
    if page:
        shown: Span | None = page_span(document, page) or (0, 0)
    else:
        shown = (
            None if len(document.text) <= WHOLE_TEXT else around(document, quoted or (0, 0), WHOLE_TEXT // 2)
        )
    return render(
        "source.html",
        source_href=source_href,
        **_source(document, version, quoted, shown),
        outline=_outline(document, None if page else shown),
        lost=lost,
        family=family if len(family) > 1 else (),
        views=_views(document, quoted, page, pages),
        printed=_printed(document, quoted, page, pages) if page else None,
    )


def source_beside_answer(document: Document, version: str, quoted: Span) -> str:
    """The part of a document around a quote, for the panel beside the answer."""
    shown = around(document, quoted, BESIDE_AN_ANSWER)
    return render("panel.html", **_source(document, version, quoted, shown))


def page_href(document_id: str, page: int, quoted: Span | None = None) -> str:
    """The address of one page of a document, the quoted words marked when a span is given."""
    span = f"&start={quoted[0]}&end={quoted[1]}" if quoted else ""
    return f"{source_href(document_id)}?pagina={page}{span}"


def _source(document: Document, version: str, quoted: Span | None, shown: Span | None) -> dict[str, Any]:
    section = _section_at(document, quoted)
    return {
        "meta": document.meta,
        "version": version,
        "quoted": quoted,
        "href": source_href(document.id, *quoted) if quoted else source_href(document.id),
        "segments": nested(segments(document, quoted, shown)),
        "is_part": shown is not None and shown != (0, len(document.text)),
        "section": section,
        "path": short_path(section, document.meta.title),
    }


def _views(
    document: Document, quoted: Span | None, page: int | None, pages: int
) -> list[tuple[str, str, bool]]:
    """The text and the printed page, each with its address and whether it is shown now; none without pages."""
    if not pages:
        return []
    at = page or (page_at(document, quoted[0]) if quoted else None) or 1
    span = page_span(document, page) if page else None
    text = source_href(document.id, *quoted) if quoted else source_href(document.id)
    if span and not quoted:
        text += (
            f"#t{next((b.start for b in document.blocks if b.start >= span[0] and b.kind == 'heading'), 0)}"
        )
    return [("Tekst", text, not page), ("Pagina", page_href(document.id, at, quoted), bool(page))]


def _printed(document: Document, quoted: Span | None, page: int, pages: int) -> dict[str, Any]:
    """One page as it was printed, and the way to its neighbours and back to the quote."""
    image = page_image(document, page)
    home = page_at(document, quoted[0]) if quoted else None
    return {
        "page": page,
        "pages": pages,
        "image": None if isinstance(image, str) else image,
        "why_not": image if isinstance(image, str) else None,
        "src": f"{source_href(document.id)}/pagina/{page}.png",
        "boxes": quoted_boxes(document, page, quoted),
        "before": page_href(document.id, page - 1, quoted) if page > 1 else None,
        "after": page_href(document.id, page + 1, quoted) if page < pages else None,
        "home": page_href(document.id, home, quoted) if home and home != page else None,
        "action": source_href(document.id),
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
