"""The pages of a document: how many there are, what text stands on one, and where a quote lies on it."""

from collections.abc import Sequence
from itertools import pairwise

from api.pages.layout import Span
from ingest.pages import page_starts
from ingest.records import Box, Document


def page_count(document: Document) -> int:
    """The number of the last page of which there is text; 0 for a source without pages."""
    return max((page for page, _ in page_starts(document)), default=0)


def page_span(document: Document, page: int) -> Span | None:
    """The span of the text of a page, by the lines of the PDF or else by the blocks; None when it has no text."""
    lines = [box for box in document.boxes if box.page == page]
    if lines:
        return min(b.start for b in lines), max(b.end for b in lines)
    for (number, start), (_, end) in pairwise([*page_starts(document), (0, len(document.text))]):
        if number == page:
            return start, end
    return None


def quoted_boxes(document: Document, page: int, quoted: Span | None) -> Sequence[Box]:
    """The lines of a page that a quote touches, each as wide as its part in the quote.

    Within a line the width is shared out by characters: a quote of the last 5 of 10 characters of a line from
    100 to 200 points is marked from 150 to 200.
    """
    if quoted is None:
        return ()
    start, end = quoted
    touched = (b for b in document.boxes if b.page == page and b.start < end and start < b.end)
    return [_part(box, start, end) for box in touched]


def _part(box: Box, start: int, end: int) -> Box:
    wide = (box.x1 - box.x0) / (box.end - box.start)
    first, last = max(start, box.start), min(end, box.end)
    x0, x1 = box.x0 + (first - box.start) * wide, box.x0 + (last - box.start) * wide
    return Box(first, last, box.page, x0, box.y0, x1, box.y1)
