"""Markdown: headings, list items, tables, fences, quotes and notes, and the HTML that generators mix into it.

A folded part (`<details>`) is a section of its own: its `<summary>` is the heading, and it ends where it closes.
Marks stay in the canonical text; a block starts after its heading marks, quote marks or tags.
"""

from collections.abc import Iterable
from dataclasses import replace

from ingest.parse.outline import with_sections
from ingest.parse.outline_levels import DEEPEST
from ingest.parse.text import decoded
from ingest.parse.text_lines import lines_of
from ingest.parse.text_markup import Row, rows_of
from ingest.records import Block, BlockKind, Parsed, Rejected

_KINDS: dict[str, BlockKind] = {"item": "list_item", "note": "footnote", "table": "table"}
_LONGEST_HEADING = 400  # characters that a line of dashes can make a heading of


def parse_markdown(path: str, data: bytes) -> Parsed | Rejected:
    """The blocks of a Markdown file; its canonical text is the file decoded as UTF-8, unchanged."""
    text = decoded(path, data)
    if isinstance(text, Rejected):
        return text
    blocks, folded = _folded(rows_of(lines_of(text)))
    return Parsed(text, with_sections(text, blocks, folded))


def _folded(rows: Iterable[Row]) -> tuple[list[Block], list[tuple[int, int]]]:
    """The blocks that rows make, without sections, and the spans of the folded parts, the outermost only.

    A summary stands beside the headings around it, but never beside the title of the document.
    """
    blocks: list[Block] = []
    folded: list[tuple[int, int]] = []
    level = outside = depth = opened = 0
    last: Row | None = None
    for row in rows:
        match row.role:
            case "fold":
                opened, outside = (opened, outside) if depth else (row.start, level)
                depth += 1
            case "unfold" if depth:
                depth -= 1
                if depth == 0:
                    folded.append((opened, row.end))
                    level = outside
            case "heading":
                level = row.level
                blocks.append(Block(row.start, row.end, "heading", level=level))
            case "summary":
                around = outside if depth else level
                level = min(DEEPEST, (max(2, around) if around else 1) + max(0, depth - 1))
                blocks.append(Block(row.start, row.end, "heading", level=level))
            case "underline" if _underlines(blocks, row, last):
                level = row.level
                blocks[-1] = replace(blocks[-1], kind="heading", level=level)
            case "underline" | "break" | "unfold":
                pass
            case _ if _goes_on(blocks, row, last):
                blocks[-1] = replace(blocks[-1], end=row.end)
            case _:
                blocks.append(Block(row.start, row.end, _KINDS.get(row.role, "paragraph")))
        last = row
    return blocks, folded


def _underlines(blocks: list[Block], row: Row, last: Row | None) -> bool:
    """Whether dashes or equal signs make a heading of the paragraph above them."""
    if last is None or last.role != "text" or row.gap or blocks[-1].kind != "paragraph":
        return False
    return blocks[-1].end - blocks[-1].start <= _LONGEST_HEADING


def _goes_on(blocks: list[Block], row: Row, last: Row | None) -> bool:
    """Whether a row belongs to the last block: code and cells to their like, text to what it stands under."""
    if last is None or not blocks:
        return False
    match row.role:
        case "code":
            return last.role == "code"
        case "table":
            return last.role == "table" and row.gap == 0
        case "text" if last.role in {"item", "note", "text"}:
            return row.gap == 0 or (row.indent >= 2 and blocks[-1].kind in {"list_item", "footnote"})
        case _:
            return False
