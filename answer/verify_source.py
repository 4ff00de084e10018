"""What a claim may rest on: the text of its cited spans, what surrounds them, and the ledger's figures in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from answer.records import Citation
from ingest.analysis import stems, tokens
from ingest.budget.codes import find_codes
from ingest.budget.records import Breakdown, Cell, Ledger, Total
from ingest.reading import cleaned
from retrieval.corpus import Corpus

# A unit that lost its space: `180.311keuro`.
_BULLET = re.compile(r"^(?:[-–−•▪]\s+|[•▪])+")
_GLUED_UNIT = re.compile(r"(?<=\d)(?=(?:keuro|euro|miljoen|mio)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the ledger in keuro that stands in a cited span, with all that its table says of it.

    `codes` are the article, or both sides of a reallocation; `phase` and `credit` are None where the place
    has none.
    """

    value: Decimal
    codes: tuple[str, ...]
    name: str
    year: int
    phase: str | None
    credit: str | None
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """One cited span as it is read: `text[i]` stands at `places[i]` in the document.

    `around` is what the span stands under (title, headings, date, ministers); `codes` are the articles that
    the span, its headings or its section name.
    """

    citation: Citation
    text: str
    places: tuple[int, ...]
    around: str
    codes: frozenset[str]
    titles: tuple[str, ...]
    facts: tuple[Fact, ...]
    year: int | None
    whole: str

    @property
    def stems(self) -> frozenset[str]:
        """Every word that a claim on this span may use, reduced."""
        return _stems(self.text, self.around)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The span in the document of `text[start:end]`."""
        return self.places[start], self.places[end - 1] + 1


def read_source(corpus: Corpus, citation: Citation) -> Source | None:
    """A citation as a source; None when its text is not that of the document between its ends."""
    document = corpus.document(citation.document_id)
    if (
        document is None
        or citation.start >= citation.end
        or document.text[citation.start : citation.end] != citation.text
    ):
        return None
    meta = corpus.metadata(citation.document_id)
    text = readable(citation.text)
    ledgers = [x for x in corpus.ledgers() if x.document_id == citation.document_id]
    facts = tuple(f for ledger in ledgers for f in _facts(ledger, citation.start, citation.end))
    sections = [
        a for ledger in ledgers for a in ledger.articles if a.start < citation.end and citation.start < a.end
    ]
    around = "\n".join(
        filter(
            None,
            (
                meta.title,
                meta.official_title,
                meta.date,
                meta.uri,
                meta.publisher,
                *meta.ministers,
                *meta.themes,
                *citation.section,
                *(f"{a.code} {a.title} {a.programme_title or ''} {a.ise or ''}" for a in sections),
                *dict.fromkeys(f.name for f in facts),
            ),
        )
    )
    codes = frozenset(m.code for m in find_codes(f"{text}\n{around}"))
    codes |= frozenset(c for f in facts for c in f.codes) | frozenset(a.code for a in sections)
    whole = document.text if meta.kind == "beslissing" else ""
    titles = tuple(dict.fromkeys(a.title for a in sections))
    places = _places(citation.text, text, citation.start)
    return Source(citation, text, places, around, codes, titles, facts, meta.year, whole)


def readable(text: str) -> str:
    """Canonical text as a claim repeats it, units apart from their numbers."""
    return _BULLET.sub("", _GLUED_UNIT.sub(" ", cleaned(text)))


def _facts(ledger: Ledger, start: int, end: int) -> Iterator[Fact]:
    """The ledger's figures inside a span, and the reallocations that overlap it."""
    figures: list[tuple[Cell | Breakdown | Total, str | None, str]] = [
        *((c, c.code, c.title) for c in ledger.cells),
        *((b, b.code, f"{b.title} {b.label}") for b in ledger.breakdowns),
        *((t, None, f"{t.level} {t.name} {t.row}") for t in ledger.totals),
    ]
    for c, code, name in figures:
        if start <= c.start and c.end <= end:
            codes = (code,) if code else ()
            yield Fact(c.value, codes, name, c.year, c.phase, c.credit, c.document_id, c.start, c.end)
    for a in ledger.adjustments:
        if start <= a.start and a.end <= end:
            name = f"{a.label or ''} {a.kind}"
            yield Fact(a.value, (a.code,), name, a.year, None, a.credit, a.document_id, a.start, a.end)
    for t in ledger.transfers:
        if t.start < end and start < t.end:
            for value, credit in ((t.vak, "VAK"), (t.vek, "VEK")):
                if value is not None:
                    yield Fact(
                        value,
                        (*t.sources, *t.targets),
                        t.purpose,
                        t.year,
                        None,
                        credit,
                        t.document_id,
                        t.start,
                        t.end,
                    )


def _places(raw: str, text: str, offset: int) -> tuple[int, ...]:
    """Where each character of the readable text stands; a blank takes the place of what is before it."""
    places, at = [], 0
    for character in text:
        found = at if character == " " else raw.find(character, at, at + 40)
        if character != " " and found >= 0:
            at = found + 1
        places.append(offset + (found if found >= 0 and character != " " else max(at - 1, 0)))
    return tuple(places)


@lru_cache(maxsize=256)
def _stems(*texts: str) -> frozenset[str]:
    return frozenset(stems(w for text in texts for w in tokens(text)))


def all_facts(sources: Sequence[Source]) -> list[Fact]:
    """The ledger's figures of every source, each once."""
    return list(dict.fromkeys(f for source in sources for f in source.facts))
