"""Plain text, also what was extracted from a PDF or by character recognition: pages, notes, headings, tables, lists."""

from collections.abc import Iterator

from ingest.gate import shown
from ingest.parse.outline import with_sections
from ingest.parse.outline_levels import levels
from ingest.parse.text_blocks import Part, parts_of
from ingest.parse.text_lines import Line, lines_of, with_gaps
from ingest.parse.text_notes import without_notes
from ingest.parse.text_pages import paged
from ingest.parse.text_tables import is_unit
from ingest.records import Block, Parsed, Rejected


def parse_text(path: str, data: bytes) -> Parsed | Rejected:
    """The blocks of a plain text file; its canonical text is the file decoded as UTF-8, unchanged.

    Page numbers, running headers, the targets of links at the end of a page and stains lie in no block. A note
    between the two halves of a paragraph lies inside that paragraph, and is no block of its own.
    """
    text = decoded(path, data)
    if isinstance(text, Rejected):
        return text
    pages = paged(lines_of(text))
    body, notes = without_notes(pages.lines)
    body = with_gaps(body)
    parts = parts_of(body, pages.closing)
    blocks = _with_notes(_headed(body, parts), notes)
    return Parsed(text, with_sections(text, blocks, list(_asides(body, parts))))


def decoded(path: str, data: bytes) -> str | Rejected:
    """A file's bytes as text, when they are UTF-8 and hold more than whitespace."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} (0x{data[error.start]:02x})"
        return Rejected(
            path, "encoding", f"{shown(path)} is geen geldige UTF-8: {found}; bewaar het als UTF-8."
        )
    if not text.strip().strip("\ufeff").strip():
        message = f"{shown(path)} bevat alleen witruimte; zet het volledige bestand terug."
        return Rejected(path, "empty", message)
    return text


def _headed(lines: list[Line], parts: list[Part]) -> list[Block]:
    depths = iter(levels([part.mark for part in parts if part.mark is not None]))
    return [
        Block(
            lines[part.first].start,
            lines[part.end - 1].end,
            part.kind,
            level=next(depths) if part.mark is not None else 0,
            page=lines[part.first].page,
        )
        for part in parts
    ]


def _asides(lines: list[Line], parts: list[Part]) -> Iterator[tuple[int, int]]:
    """Spans of the sub-headings in a part of a budget article up to its own table, which belongs to the part again."""
    aside: int | None = None
    in_part = False
    for part in parts:
        if part.mark is not None and part.mark.kind in {"free", "label", "capitals"}:
            aside = lines[part.first].start if in_part and aside is None else aside
        elif part.mark is not None:
            in_part, aside = part.mark.kind == "part", None
        elif part.kind == "table" and aside is not None and is_unit(lines[part.first]):
            yield aside, lines[part.first].start
            aside = None


def _with_notes(blocks: list[Block], notes: list[list[Line]]) -> list[Block]:
    """The blocks with the footnotes between them, less those that a block runs over."""
    merged: list[Block] = []
    pending = [Block(note[0].start, note[-1].end, "footnote", page=note[0].page) for note in notes]
    k = 0
    for block in blocks:
        while k < len(pending) and pending[k].start < block.start:
            merged.append(pending[k])
            k += 1
        while k < len(pending) and pending[k].start < block.end:
            k += 1
        merged.append(block)
    return merged + pending[k:]
