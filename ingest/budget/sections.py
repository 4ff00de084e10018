"""Where the section of each budget article starts and ends, and what its headings say.

A heading is a code at the start of a line, a dash and a title; the title may run over lines. Works on the
canonical text alone, so it holds for flattened text and for PDF alike.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.budget.codes import HYPHEN, CodeMention, CodeParts, find_codes, parts
from ingest.budget.figures import tail
from ingest.budget.records import Article, Flow
from ingest.reading import cleaned
from ingest.records import Document

_DASH = re.compile(
    rf"[^\S\n]*(?:[\u2013\u2014:][^\S\n]*|{HYPHEN}[^\S\n]+)(?=\S)"
    r"|[^\S\n]+(?=[A-ZÀ-Þ][A-ZÀ-Þ0-9 '’.,()&/+-]{2,}[^\S\n]*$)",
    re.MULTILINE,
)
_OPENING = re.compile(
    r"[#*\s\f]*(?:\d+(?:\.\d+)*\.?\s+)?(?:(?:begrotings|uitgaven|ontvangsten)?artikel\s+)?", re.IGNORECASE
)
_LABEL = re.compile(
    r"\s*(?:Korte\s+inhoud|Inhoudelijke\s+toelichting|Omschrijving|\(?(?:in\s+)?duizend\s+euro)", re.I
)
_ELEMENT = re.compile(
    rf"^[^\S\n]*(?:(?:\d+(?:\.\d+)*\.?[^\S\n]+)(?:Inhoudelijk\s+structuurelement|ISE)[^\S\n]*(?:{HYPHEN}|:)?"
    rf"|(?:Inhoudelijk\s+structuurelement|ISE)[^\S\n]*(?:{HYPHEN}|:))[^\S\n]*(?P<name>\S.*)$",
    re.MULTILINE,
)
_FIELD = re.compile(r"^[^\S\n]*[IVXLC]+\.[^\S\n]+[A-ZÀ-Þ].*$", re.MULTILINE)
_PROGRAMME = re.compile(
    rf"^[^\S\n]*(?:[A-Z]{{2}}\d[^\S\n]*{HYPHEN}[^\S\n]*)?PROGRAMMA[^\S\n]+(?P<letters>[A-Z]{{2}})\b"
    rf"(?:[^\S\n]*{HYPHEN}[^\S\n]*(?P<name>\S.*))?$",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"^[^\S\n]*\d{1,2}(?:\.\d{1,2})+\.?[^\S\n]+[A-ZÀ-Þ].*$", re.MULTILINE)
_CHAPTER = re.compile(
    r"^[^\S\n]*\n[^\S\n]*\d+\.[^\S\n]+[A-ZÀ-Þ][^\n]{0,90}[^\s.;:,][^\S\n]*\n(?=[^\S\n]*\n)", re.MULTILINE
)
_SIDE = re.compile(r"^[^\S\n]*(?:Ontvangstenartikel(?:en)?|Uitgavenartikel(?:en)?)[^\S\n]*$", re.MULTILINE)
_EVERYTHING = re.compile(rf"^[^\S\n]*TOTAAL[^\S\n]*{HYPHEN}[^\S\n]*\S.*$", re.MULTILINE)
_OBJECTIVE = re.compile(r"\bOD\s?(\d+)\b|\boperationele\s+doelstelling\s+([IVX]+(?:\.\d+)+|\d+(?:\.\d+)*)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A structural line: from `start` on, this is the structure element, or this the programme."""

    start: int
    element: str | None
    programme: tuple[str, str | None] | None


def articles(document: Document) -> tuple[Article, ...]:
    """The sections of all budget articles, in reading order.

    A section runs to the next article or structural heading. An article that is described twice has two.
    """
    text = document.text
    outline = marks(text)
    ends = stops(text)
    titles = {m.programme[0]: m.programme[1] for m in outline if m.programme}
    return tuple(
        _article(document, mention, said, title_end, ends, outline, titles)
        for mention, said, title_end in _headings(text)
    )


def stops(text: str) -> list[int]:
    """Where something new begins: an article, an element, a programme, a chapter or a numbered heading."""
    headings = {mention.start for mention, *_ in _headings(text)}
    return sorted(headings | {mark.start for mark in marks(text)} | set(_boundaries(text)))


def marks(text: str) -> list[Mark]:
    """The headings that say to which element or programme what follows belongs, in reading order."""
    found = [
        Mark(m.start(), _wrapped(text, m.start("name"), m.end())[0], None) for m in _ELEMENT.finditer(text)
    ]
    found += [Mark(m.start(), None, None) for m in _FIELD.finditer(text)]
    found += [
        Mark(m.start(), None, (m["letters"], cleaned(m["name"]) if m["name"] else None))
        for m in _PROGRAMME.finditer(text)
    ]
    return sorted(found, key=lambda mark: mark.start)


def element_at(outline: list[Mark], at: int) -> str | None:
    """The structure element under whose heading an offset stands; a chapter or programme ends it."""
    index = bisect_right([mark.start for mark in outline], at) - 1
    return outline[index].element if index >= 0 else None


def page_at(document: Document, at: int) -> int | None:
    """The 1-based page of an offset, or None where the source has no pages."""
    places = document.boxes or document.blocks
    index = bisect_right(places, at, key=lambda place: place.start) - 1
    return places[max(index, 0)].page if places else None


def _article(
    document: Document,
    mention: CodeMention,
    said: CodeParts,
    title_end: int,
    ends: list[int],
    outline: list[Mark],
    titles: dict[str, str | None],
) -> Article:
    text = document.text
    end = next((stop for stop in ends if stop > mention.start), len(text))
    flow: Flow = "uitgave" if said.flow == "1" else "ontvangst"
    dash = _DASH.match(text, mention.end)
    assert dash is not None, "a heading has a dash behind its code"
    named = (f"OD {m[1]}" if m[1] else m[2] for m in _OBJECTIVE.finditer(text, title_end, end))
    return Article(
        document_id=document.id,
        code=mention.code,
        title=cleaned(text[dash.end() : title_end]),
        flow=flow,
        entity=said.entity,
        programme=said.programme,
        programme_title=titles.get(said.programme),
        ise=element_at(outline, mention.start),
        suffix=said.suffix,
        objectives=tuple(dict.fromkeys(named)),
        page=page_at(document, mention.start),
        start=mention.start,
        end=len(text[:end].rstrip()),
        heading_end=title_end,
    )


def _headings(text: str) -> Iterator[tuple[CodeMention, CodeParts, int]]:
    for mention in find_codes(text):
        said = parts(mention.code)
        line = text.rfind("\n", 0, mention.start) + 1
        dash = _DASH.match(text, mention.end)
        if said is None or dash is None or not _OPENING.fullmatch(text, line, mention.start):
            continue
        title, title_end = _wrapped(text, dash.end(), _line_end(text, dash.end()))
        if len(tail(text, dash.end(), title_end).marks) > 1:
            continue  # a row of a table
        opens = (
            not text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip()
            or text[line : line + 1] in "#* \f"
        )
        if title.isupper() or (opens and not title.endswith((".", ";", ","))):
            yield mention, said, title_end


def _wrapped(text: str, start: int, end: int) -> tuple[str, int]:
    """A title from its first line on, up to a blank line, a label, or the end of its capitals."""
    upper = text[start:end].isupper()
    while end < len(text):
        following = _line_end(text, end + 1)
        line = text[end + 1 : following]
        if not line.strip() or _LABEL.match(line) or (upper and not line.isupper()) or find_codes(line[:20]):
            break
        end = following
    return cleaned(text[start:end]), len(text[:end].rstrip())


def _boundaries(text: str) -> Iterator[int]:
    for pattern in (_NUMBERED, _CHAPTER, _SIDE, _EVERYTHING):
        for match in pattern.finditer(text):
            yield match.start()


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
