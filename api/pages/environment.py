"""What every page shares: the templates, which are Dutch and escape all they show, and how dates and kinds read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ingest.analysis import MONTHS
from ingest.reading import cleaned
from ingest.records import Metadata
from retrieval.language import language

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

KINDS: Mapping[str, str] = {
    "bbt": "Beleids- en begrotingstoelichting",
    "beslissing": "Beslissing Vlaamse Regering",
    "conceptnota": "Conceptnota",
    "document": "Document",
    "memo": "Memo",
    "pact": "Pact",
    "regeerakkoord": "Regeerakkoord",
}


def kind_label(kind: str) -> str:
    """The Dutch name of a kind of document; an unknown kind names itself: `"nota"` -> `"Nota"`."""
    return KINDS.get(kind) or kind[:1].upper() + kind[1:]


def dutch_date(date: str | None) -> str:
    """A date as it is written in Dutch: `"2019-10-01"` -> `"1 oktober 2019"`, `"2024-01"` -> `"januari 2024"`."""
    parts = (date or "").split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return date or ""
    year, *rest = parts
    if not rest or not 1 <= int(rest[0]) <= 12:
        return date or ""
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) == 2 else f"{month} {year}"


def outside_link(uri: str | None) -> str | None:
    """A URI that may be followed from a page: http or https, else None."""
    try:
        parts = urlsplit(uri or "")
    except ValueError:
        return None
    return uri if parts.scheme in ("http", "https") and parts.netloc else None


def source_href(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The address of a document's page, at the quoted words when a span is given."""
    page = "/bron/" + quote(document_id, safe="")
    return page if start is None else f"{page}?start={start}&end={end}#citaat"


def short_path(section: Sequence[str], title: str) -> str:
    """The two nearest headings: `(("I", "A", "1"), "T")` -> `"… › A › 1"`; the title is not repeated."""
    headings = [heading for heading in section if heading != cleaned(title)]
    return " › ".join([*(["…"] if len(headings) > 2 else []), *headings[-2:]])


def render(template: str, **values: Any) -> str:
    """A template filled in. Raises: TemplateNotFound; UndefinedError for a value that it misses."""
    return _ENVIRONMENT.get_template(template).render(values)


def _facts(meta: Metadata) -> list[tuple[str, str]]:
    """What is known of a document, as label and value, without what is unknown."""
    known = (
        ("Soort", kind_label(meta.kind)),
        ("Datum", dutch_date(meta.date)),
        ("Uitgever", meta.publisher or ""),
        ("Officiële titel", meta.official_title or ""),
        ("Ministers", ", ".join(meta.ministers)),
        ("Thema's", ", ".join(meta.themes)),
    )
    return [(label, value) for label, value in known if value]


def _exact(text: str) -> Markup:
    """Text as HTML that a browser reads back as the same characters; a bare carriage return would become a newline."""
    return Markup(escape(text).replace("\r", Markup("&#13;")))  # noqa: S704 - escaped


def tongue(text: str) -> Markup:
    """The attribute of an element whose text is not Dutch, for who has it read aloud: `' lang="fr"'`, else nothing."""
    found = language(text)
    return Markup() if found == "nl" else Markup(f' lang="{found}"')  # noqa: S704 - a name of our own


def thousands(number: int) -> str:
    """`3107` -> `"3.107"`."""
    return f"{number:,}".replace(",", ".")


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "dutch_date": dutch_date,
        "exact": _exact,
        "kind_label": kind_label,
        "outside_link": outside_link,
        "thousands": thousands,
    }
    found.globals |= {"facts": _facts, "tongue": tongue}
    return found


_ENVIRONMENT = _environment()
