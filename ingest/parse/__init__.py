"""From the bytes of one file to canonical text and blocks, a module for each format.

text, markdown     the text is the file itself
pdf                words, lines, groups, written out with boxes
docx, html         through unstructured, kept offline
decisions          one file, many documents
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ingest.gate import MediaType, shown
from ingest.parse.docx import parse_docx
from ingest.parse.html import parse_html
from ingest.parse.markdown import parse_markdown
from ingest.parse.pdf import parse_pdf
from ingest.parse.text import parse_text
from ingest.records import Parsed, Rejected

_PARSERS: Mapping[str, Callable[[str, bytes], Parsed | Rejected]] = MappingProxyType(
    {
        "text/plain": parse_text,
        "text/markdown": parse_markdown,
        "application/pdf": parse_pdf,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": parse_docx,
        "text/html": parse_html,
    }
)


def parse(path: str, media_type: MediaType, data: bytes) -> Parsed | Rejected:
    """The text and structure of an admitted file; content that a parser cannot read gives Rejected, never an exception."""
    parser = _PARSERS.get(media_type)
    if parser is None:
        message = f"{shown(path)} is een verzameling beslissingen (JSON Lines); neem ze op als verzameling."
        return Rejected(path, "unsupported", message)
    try:
        return parser(path, data)
    except Exception as error:
        why = str(error).strip().split("\n")[0][:200] or type(error).__name__
        return Rejected(
            path,
            "damaged",
            f"{shown(path)} kan niet gelezen worden ({why}); bewaar het opnieuw en neem het weer op.",
        )
