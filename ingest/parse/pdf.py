"""PDF to canonical text: pages to words, lines, groups, and those written out with their boxes.

Does no OCR: a page without a text layer is refused.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.gate import shown
from ingest.parse.outline import with_sections
from ingest.parse.pdf_furniture import contents_lines, without_furniture
from ingest.parse.pdf_headings import heading_levels
from ingest.parse.pdf_lines import Line, gutters, in_reading_order, likely_gutters, pieces
from ingest.parse.pdf_page import Page, read_page
from ingest.parse.pdf_paragraphs import (
    Group,
    Layout,
    goes_on_in_footnote,
    grouped,
    is_footnote,
    layout_of,
    without_common_headings,
)
from ingest.parse.pdf_tables import tables
from ingest.parse.pdf_text import written
from ingest.records import Parsed, Rejected

MOST_PAGES = 5_000
MOST_WORDS = 20_000  # on one page; a page of a newspaper has a quarter of that
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uefff\U000f0000-\U0010ffff]")


def parse_pdf(path: str, data: bytes) -> Parsed | Rejected:
    """Canonical text in reading order, with headings, paragraphs, list items, tables, footnotes and boxes.

    Running headers, footers and page numbers are left out; a table of contents stands in the text but in no block.
    """
    pages = _pages(path, data)
    if isinstance(pages, Rejected):
        return pages
    lines = _lines(pages)
    text = "".join(line.text for page in lines for line in page)
    if not re.search(r"[^\W_]", text) or len(_UNREADABLE.findall(text)) > 0.3 * len(text):
        return Rejected(
            path,
            "no_text_layer",
            f"{shown(path)} heeft geen leesbare tekstlaag (een scan?); maak eerst een versie met tekstherkenning (OCR).",
        )
    groups = _groups(lines, pages)
    levels = heading_levels([group for group in groups if group.kind == "heading"])
    text, blocks, boxes = written(groups, levels)
    return Parsed(text, with_sections(text, blocks), tuple(boxes))


def word_boxes(data: bytes) -> list[tuple[int, float, float, float, float, str]]:
    """`(page, x0, y0, x1, y1, text)` of every visible word, in pdfium's order; points from the top left corner."""
    pages = _pages("", data)
    if isinstance(pages, Rejected):
        return []
    return [(page.number, w.x0, w.y0, w.x1, w.y1, w.text) for page in pages for w in page.words]


def _pages(path: str, data: bytes) -> list[Page] | Rejected:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MOST_PAGES:
                message = f"{shown(path)} heeft {len(document)} pagina's, hoogstens {MOST_PAGES} worden gelezen; splits het."
                return Rejected(path, "too_large", message)
            pages: list[Page] = []
            for at in range(len(document)):
                pages.append(_page(document, at))
                if len(pages[-1].words) > MOST_WORDS:
                    message = f"{shown(path)} heeft op pagina {at + 1} meer dan {MOST_WORDS} losse woorden; bewaar het opnieuw."
                    return Rejected(path, "hostile", message)
            return pages
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            return Rejected(
                path,
                "encrypted",
                f"{shown(path)} is met een wachtwoord beveiligd; bewaar het zonder wachtwoord.",
            )
        return Rejected(
            path, "damaged", f"{shown(path)} is als PDF beschadigd ({error}); haal het bestand opnieuw op."
        )


def _page(document: Any, at: int) -> Page:
    page = document[at]
    try:
        return read_page(page, at + 1)
    finally:
        page.close()


def _lines(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page in reading order, without furniture; a sparse page has the gutter of the others."""
    found = without_furniture([pieces(page) for page in pages], pages)
    columns = [gutters(page_pieces, page) for page_pieces, page in zip(found, pages, strict=True)]
    known = [x for x, uses in Counter(own[0] for own in columns if own).most_common() if uses > 1]
    return [
        in_reading_order(page_pieces, page, own or likely_gutters(page_pieces, page, known))
        for page_pieces, page, own in zip(found, pages, columns, strict=True)
    ]


def _groups(lines: Sequence[Sequence[Line]], pages: Sequence[Page]) -> list[Group]:
    """The blocks of the document in order; a table ends a paragraph, a footnote waits until it has ended."""
    layout = layout_of([line for page in lines for line in page])
    groups: list[Group] = []
    flow: list[Line] = []
    notes: list[tuple[int, Group]] = []
    for page_lines, page in zip(lines, pages, strict=True):
        for item in _items(page_lines, page, layout, len(pages)):
            if isinstance(item, Line):
                flow.append(item)
            elif item.kind == "footnote":
                notes.append((len(flow), item))
            else:
                groups += [*_woven(grouped(flow, layout), notes), item]
                flow, notes = [], []
    return without_common_headings([*groups, *_woven(grouped(flow, layout), notes)])


def _items(lines: Sequence[Line], page: Page, layout: Layout, pages: int) -> Iterator[Line | Group]:
    """The lines of a page, with what is no running text set apart."""
    contents = contents_lines(lines, pages)
    found = {table.first: table for table in tables(lines, page)}
    at = 0
    while at < len(lines):
        end = at + 1
        if lines[at] in contents:
            while end < len(lines) and lines[end] in contents:
                end += 1
            yield Group(list(lines[at:end]), None)
        elif at in found:
            end = found[at].last
            yield Group(list(lines[at:end]), "table", found[at])
        elif is_footnote(lines[at], lines[at + 1 :], layout):
            while end < len(lines) and goes_on_in_footnote(lines[end - 1], lines[end], layout):
                end += 1
            yield Group(list(lines[at:end]), "footnote")
        else:
            yield lines[at]
        at = end


def _woven(groups: Sequence[Group], notes: Sequence[tuple[int, Group]]) -> list[Group]:
    """Each note behind the group in which its place lies; a place counts the lines before it."""
    woven: list[Group] = []
    waiting, lines = list(notes), 0
    for group in groups:
        woven.append(group)
        lines += len(group.lines)
        while waiting and waiting[0][0] <= lines:
            woven.append(waiting.pop(0)[1])
    return [*woven, *(note for _, note in waiting)]
