"""Word documents: what their reader sees, through unstructured, with footnotes at the end."""

from io import BytesIO

from ingest.gate import shown
from ingest.parse.docx_visible import visible_package
from ingest.parse.elements import Piece, laid_out, pieces
from ingest.parse.invisible import one_line
from ingest.parse.offline import partitioned
from ingest.parse.outline import with_sections
from ingest.records import Parsed, Rejected


def parse_docx(path: str, data: bytes) -> Parsed | Rejected:
    """Canonical text with headings by style and numbering, list items with their numbers, tables as rows.

    Headers, footers, comments, deleted and hidden text and the table of contents are left out. Pages are unknown.
    """
    package, notes = visible_package(data)
    parts = pieces(partitioned("docx", file=BytesIO(package), include_page_breaks=False))
    parts += [Piece("footnote", one_line(note)) for note in notes]
    if not parts:
        return Rejected(
            path,
            "empty",
            f"{shown(path)} bevat geen tekst (alleen beelden?); bewaar het met tekst of als PDF met tekstlaag.",
        )
    text, blocks = laid_out(parts)
    return Parsed(text, with_sections(text, blocks))
