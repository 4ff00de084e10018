"""On which page of its source a character of a document stands."""

from ingest.records import Document


def page_starts(document: Document) -> list[tuple[int, int]]:
    """Each page with the place where its text begins, in reading order; by the lines of a PDF, else by the blocks."""
    first: dict[int, int] = {}
    for box in document.boxes:
        first[box.page] = min(box.start, first.get(box.page, box.start))
    for block in document.blocks if not first else ():
        if block.page:
            first.setdefault(block.page, block.start)
    return sorted(first.items(), key=lambda item: item[1])


def page_at(document: Document, at: int) -> int | None:
    """The page on which a character stands, None for a source without pages."""
    return page_of(page_starts(document), at)


def page_of(starts: list[tuple[int, int]], at: int) -> int | None:
    """The same from the `page_starts` of a document: `([(1, 0), (2, 90)], 95)` -> 2."""
    return max((page for page, start in starts if start <= at), default=None)
