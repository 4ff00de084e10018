"""What may be asked instead: examples to begin with, and a better question where there was no answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from answer.log_record import Entry
from api.pages.environment import thousands
from api.pages.forms import as_query
from api.pages.holdings import Holdings
from ingest.reading import cleaned
from retrieval.records import Filters

EXAMPLES: Mapping[str, str] = {
    "bbt": "Welk krediet was er in 2021 voor de gesco's en hoeveel werd uitgevoerd?",
    "pact": "Welke doelgroepen staan centraal in het lokaal pact?",
    "conceptnota": "Wie moet zich bij de VDAB inschrijven volgens de conceptnota?",
    "beslissing": "Welke beslissingen nam de Vlaamse Regering over het inburgeringsdecreet?",
}
HEADINGS: Mapping[str, str] = {
    "not_in_corpus": "Geen antwoord gevonden in de documenten",
    "false_premise": "De vraag gaat uit van iets dat niet in de documenten staat",
    "ambiguous": "De vraag kan meer dan één ding betekenen",
    "out_of_scope": "Deze vraag valt buiten de documenten",
    "instruction": "Dit is geen vraag over de documenten",
}
MOST = 3
_OF_A_PASSAGE = 2
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
ARTICLE_CODE = re.compile(r"\b[A-Z]{2}\d-[19][A-Z]{2}[A-Z0-9]{4}-[A-Z]{2}\b")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to click: where it leads, what it asks, and why, when its text does not say it."""

    text: str
    href: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """What goes with a refusal: a heading, better questions, and what the corpus holds."""

    heading: str
    suggestions: Sequence[Suggestion]
    inventory: str


def examples(held: Holdings) -> list[Suggestion]:
    """A question for each of the kinds of document that most corpora hold."""
    kinds = {meta.kind for meta in held.documents}
    return [_suggested(text) for kind, text in EXAMPLES.items() if kind in kinds]


def help_of(held: Holdings, entry: Entry) -> Help:
    """What helps on from a refused answer."""
    refusal = entry.answer["refusal"]
    heading = HEADINGS.get(refusal["reason"], "Geen antwoord")
    found = {s.text + s.why: s for s in _better(held, entry, refusal)}
    return Help(heading, list(islice(found.values(), MOST)) or examples(held), inventory(held))


def inventory(held: Holdings) -> str:
    """What the corpus holds, by kind, the most first: `"2 × Memo (2023), 1 × Pact (2022)"`."""
    parts = []
    for kind in sorted(held.kinds(), key=lambda kind: -kind.count):
        years = sorted({meta.year for meta in held.documents if meta.kind == kind.value and meta.year})
        span = f" ({years[0]}–{years[-1]})" if len(years) > 1 else f" ({years[0]})" if years else ""
        parts.append(f"{thousands(kind.count)} × {kind.label}{span}")
    return ", ".join(parts)


def _better(held: Holdings, entry: Entry, refusal: Mapping[str, Any]) -> Iterator[Suggestion]:
    """The most precise first: without restriction, with the code that was meant, of a year that is held, of what is near."""
    question: str = entry.answer.get("question") or entry.question
    if refusal["reason"] in ("out_of_scope", "instruction") or len(question) > _LONGEST:
        return
    if entry.filters != Filters():
        yield _suggested(question, why="zonder de beperking")
    of_years = list(_of_years(held, question, refusal["nearest"]))
    for code in (
        dict.fromkeys(ARTICLE_CODE.findall(refusal["message"])) if refusal["reason"] == "ambiguous" else ()
    ):
        asked = (of_years or [question])[0]
        yield _suggested(f"{asked.rstrip(' ?')}, artikel {code}?", entry.filters)
    for asked in of_years:
        yield _suggested(asked, entry.filters)
    for nearest in refusal["nearest"][:_OF_A_PASSAGE]:
        yield _suggested(_about(nearest))


def _of_years(held: Holdings, question: str, nearest: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A question about one year, asked of the years of the nearest documents: `"... in 2025?"` -> `"... in 2021?"`."""
    asked = set(_YEAR.findall(question))
    for near in nearest if len(asked) == 1 else ():
        year = _year_of(held, near["document_id"])
        if year and year not in asked:
            yield _YEAR.sub(year, question)


def _year_of(held: Holdings, document_id: str) -> str:
    return next((str(m.year) for m in held.documents if m.id == document_id and m.year), "")


def _about(nearest: Mapping[str, Any]) -> str:
    """A question that the nearest passage answers, by its document and the heading that it stands under."""
    title = cleaned(nearest["title"])
    headings = [heading for heading in map(cleaned, nearest["section"]) if heading != title]
    if nearest["kind"] == "beslissing":
        return f"Wat besliste de Vlaamse Regering over {title}?"
    if not headings:
        return f"Waarover gaat {title}?"
    # "Toelichting" stands under every article; the article says which.
    named = next((heading for heading in reversed(headings) if ARTICLE_CODE.search(heading)), headings[-1])
    return f"Wat staat er in {title} over {named.rstrip(' :')}?"


def _suggested(text: str, filters: Filters = Filters(), why: str = "") -> Suggestion:  # noqa: B008 - frozen
    return Suggestion(text, "/?" + urlencode([("vraag", text), *as_query(filters)]), why)


def repeated(question: str, filters: Filters) -> Suggestion:
    """The same question with the same filters, to ask once more."""
    return _suggested(question, filters)
