"""The pages: an answer and a source as a reader sees them. Templates are Dutch and escape all they show."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from answer.records import Answer, Citation, Claim
from api.layout import Span, around, segments
from ingest.analysis import MONTHS
from ingest.reading import cleaned
from ingest.records import Document, Metadata
from retrieval.corpus import Corpus
from retrieval.records import Filters

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
WHOLE_TEXT = (
    2_000_000  # characters that one page shows; of a longer document it shows the part around the quote
)
BESIDE_AN_ANSWER = 6_000  # characters before and after a quote in the panel

KINDS: Mapping[str, str] = {
    "bbt": "Beleids- en begrotingstoelichting",
    "beslissing": "Beslissing Vlaamse Regering",
    "conceptnota": "Conceptnota",
    "document": "Document",
    "memo": "Memo",
    "pact": "Pact",
    "regeerakkoord": "Regeerakkoord",
}
EXAMPLES: Mapping[str, str] = {
    "bbt": "Welk krediet was er in 2021 voor de gesco's en hoeveel werd uitgevoerd?",
    "pact": "Welke doelgroepen staan centraal in het lokaal pact?",
    "conceptnota": "Wie moet zich bij de VDAB inschrijven volgens de conceptnota?",
    "beslissing": "Welke beslissingen nam de Vlaamse Regering over het inburgeringsdecreet?",
}
REASONS: Mapping[str, str] = {
    "not_in_corpus": "Geen antwoord gevonden in de documenten",
    "false_premise": "De vraag gaat uit van iets dat niet in de documenten staat",
    "ambiguous": "De vraag kan meer dan één ding betekenen",
    "out_of_scope": "Deze vraag valt buiten de documenten",
    "instruction": "Dit is geen vraag over de documenten",
}
_URI = re.compile(r"https?://[^\s()<>\"']+")
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_NUMBER = re.compile(r"-?\d[\d.,]*%?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation as the page lists it; `rows` when the quote is of a table and looks like one."""

    citation: Citation
    href: str
    path: str
    quoted: str
    rows: bool


def chat(corpus: Corpus, chosen: Filters, question: str = "", answer: Answer | None = None) -> str:
    """The page where questions are asked, with the answer to the question when there is one."""
    documents = corpus.documents()
    kinds = {meta.kind for meta in documents}
    return _render(
        "chat.html",
        question=question,
        exchange=answer and _exchange(question, answer),
        kinds=sorted(kinds, key=kind_label),
        years=sorted({meta.year for meta in documents if meta.year}, reverse=True),
        chosen=chosen,
        examples=[
            {"text": text, "href": "/?" + urlencode({"vraag": text})}
            for kind, text in EXAMPLES.items()
            if kind in kinds
        ],
        count=len(documents),
        version=corpus.version,
    )


def exchange(question: str, answer: Answer) -> str:
    """One question with its answer, to be added to the page that is open."""
    return _render("exchange.html", exchange=_exchange(question, answer))


def source(document: Document, version: str, quoted: Span | None, *, lost: bool = False) -> str:
    """A document with its outline, the quoted words marked; `lost` when it does not hold the quote that was asked."""
    shown = None if len(document.text) <= WHOLE_TEXT else around(document, quoted or (0, 0), WHOLE_TEXT // 2)
    values = _source(document, version, quoted, shown)
    return _render("source.html", **values, outline=_outline(document, shown), lost=lost)


def source_beside_answer(document: Document, version: str, quoted: Span) -> str:
    """The part of a document around a quote, for the panel beside the answer."""
    shown = around(document, quoted, BESIDE_AN_ANSWER)
    return _render("panel.html", **_source(document, version, quoted, shown))


def not_ready(reason: str) -> str:
    """The page that says that there is no corpus yet, and how to get one."""
    return _render("not_ready.html", reason=reason)


def failure(title: str, detail: str) -> str:
    """The page that tells a person what went wrong."""
    return _render("failure.html", title=title, detail=detail)


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


def _exchange(question: str, answer: Answer) -> dict[str, Any]:
    shown = answer.refusal.nearest if answer.refusal else answer.citations
    links = {uri for c in shown if (uri := outside_link(c.uri))}
    return {
        "question": question,
        "answer": answer,
        "heading": REASONS.get(answer.refusal.reason, "Geen antwoord") if answer.refusal else None,
        "claims": [
            {"parts": list(_parts(claim, links)), "rows": _rows(claim, shown), "marks": claim.citations}
            for claim in answer.claims
        ],
        "references": [_reference(citation) for citation in shown],
        "hrefs": {c.n: source_href(c.document_id, c.start, c.end) for c in shown},
    }


def _parts(claim: Claim, links: set[str]) -> Iterator[tuple[str, bool]]:
    """A claim's text cut around the addresses in it; only those of its own citations are links."""
    at = 0
    for match in _URI.finditer(claim.text):
        if match.group() in links:
            yield claim.text[at : match.start()], False
            yield match.group(), True
            at = match.end()
    yield claim.text[at:], False


def _rows(claim: Claim, citations: Sequence[Citation]) -> str | None:
    """The rows of a table that a claim repeats, with their lines; None when it says something else."""
    quoted = (c.text for c in citations if c.n in claim.citations and cleaned(c.text) == claim.text)
    return next(filter(_is_table, quoted), None)


def _reference(citation: Citation) -> Reference:
    href = source_href(citation.document_id, citation.start, citation.end)
    path = _short_path(citation.section, citation.title)
    paragraphs = map(cleaned, _PARAGRAPH_END.split(citation.text))
    rows = _is_table(citation.text)
    return Reference(
        citation, href, path, citation.text if rows else "\n".join(filter(None, paragraphs)), rows
    )


def _short_path(section: Sequence[str], title: str) -> str:
    """The two nearest headings: `(("I", "A", "1"), "T")` -> `"… › A › 1"`; the title is not repeated."""
    headings = [heading for heading in section if heading != cleaned(title)]
    return " › ".join([*(["…"] if len(headings) > 2 else []), *headings[-2:]])


def _is_table(text: str) -> bool:
    """Whether most lines of a quote have columns or are mostly figures: `"VAK VEK\\n2e BA 1.258 1.258"`, not a sentence."""
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if "\t" in line.strip() or _mostly_figures(line.split())]
    return len(lines) > 1 and 2 * len(rows) >= len(lines)


def _mostly_figures(words: Sequence[str]) -> bool:
    return 2 * sum(bool(_NUMBER.fullmatch(word)) for word in words) >= len(words)


def _source(document: Document, version: str, quoted: Span | None, shown: Span | None) -> dict[str, Any]:
    section = _section_at(document, quoted)
    return {
        "meta": document.meta,
        "version": version,
        "quoted": quoted,
        "href": source_href(document.id, *quoted) if quoted else source_href(document.id),
        "segments": list(segments(document, quoted, shown)),
        "is_part": shown is not None and shown != (0, len(document.text)),
        "section": section,
        "path": _short_path(section, document.meta.title),
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


def _thousands(number: int) -> str:
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
        "thousands": _thousands,
    }
    found.globals |= {"facts": _facts}
    return found


_ENVIRONMENT = _environment()


def _render(template: str, **values: Any) -> str:
    return _ENVIRONMENT.get_template(template).render(values)
