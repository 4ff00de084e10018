"""The elements of unstructured as canonical text and blocks.

Its labels Title and NarrativeText are not trusted: a heading is one by its style or tag, its number, its label,
or by being a short line that is bold as a whole.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lxml import html as lxml_html

from ingest.parse.invisible import one_line, visible
from ingest.parse.titles import LABEL, depth
from ingest.records import Block, BlockKind

_DEEPEST = 9
_LONGEST_HEADING = 200
_SKIPPED = frozenset({"Header", "Footer", "PageBreak", "Image", "PageNumber"})


class Piece(NamedTuple):
    """One block to be: its kind, its text, and for a heading its level; 0 while that is not known."""

    kind: BlockKind
    text: str
    level: int = 0


def pieces(elements: Iterable[Any]) -> list[Piece]:
    """The elements that hold text, in order; headings without a level of their own get one below those around."""
    styled = 0
    found: list[Piece] = []
    for piece in (piece for element in elements for piece in _of_element(element)):
        if piece.kind == "heading" and piece.level:
            styled = piece.level
        elif piece.kind == "heading" and found and _is_label(found[-1]) and not _is_label(piece):
            piece = Piece("paragraph", piece.text)  # the question under "Vraag 1", however bold
        elif piece.kind == "heading":
            piece = piece._replace(level=min(_DEEPEST, depth(piece.text) or styled + 1))
        found.append(piece)
    return found


def laid_out(parts: Iterable[Piece]) -> tuple[str, list[Block]]:
    """Canonical text with a blank line between two parts, and their blocks."""
    texts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for kind, text, level in parts:
        blocks.append(Block(at, at + len(text), kind, level))
        texts.append(text)
        at += len(text) + 2
    return "\n\n".join(texts), blocks


def _of_element(element: Any) -> Iterator[Piece]:
    if element.category in _SKIPPED:
        return
    if element.category == "Table":
        yield from _of_table(element)
        return
    text = visible(element.text or "")
    if not text:
        return
    level = element.metadata.category_depth
    if element.category == "Title" and level is not None:
        yield Piece("heading", text, min(_DEEPEST, level + 1))
    elif _stands_out(element, text):
        yield Piece("heading", text)
    else:
        yield Piece("list_item" if element.category == "ListItem" else "paragraph", text)


def _is_label(piece: Piece) -> bool:
    return piece.kind == "heading" and LABEL.fullmatch(piece.text) is not None


def _stands_out(element: Any, text: str) -> bool:
    if LABEL.fullmatch(text) and len(text) < 40:
        return True
    if element.category == "ListItem" and not depth(text):
        return False
    tags, contents = (
        element.metadata.emphasized_text_tags or [],
        element.metadata.emphasized_text_contents or [],
    )
    bold = "".join(c for tag, c in zip(tags, contents, strict=False) if tag in ("b", "strong"))
    whole = re.sub(r"\W", "", bold) == re.sub(r"\W", "", text) != ""
    return whole and len(text) <= _LONGEST_HEADING and not text.endswith((".", ",", ";")) and "\n" not in text


def _of_table(element: Any) -> Iterator[Piece]:
    """A table as one line a row, cells divided by tabs; one that only lays out text in one column as paragraphs."""
    rows = (
        _rows(element.metadata.text_as_html)
        if element.metadata.text_as_html
        else [[one_line(element.text or "")]]
    )
    rows = [row for row in rows if any(row)]
    if not rows:
        return
    if max(sum(map(bool, row)) for row in rows) == 1:
        yield from (Piece("paragraph", next(filter(None, row))) for row in rows)
    else:
        yield Piece("table", "\n".join("\t".join(row).strip("\t") for row in rows))


def _rows(markup: str) -> list[list[str]]:
    table = lxml_html.fragment_fromstring(markup)
    return [[one_line(cell.text_content()) for cell in row.iter("td", "th")] for row in table.iter("tr")]
