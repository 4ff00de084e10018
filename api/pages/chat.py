"""The chat page: a question, its answer with the sources, and the places that lead to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.responses import HTMLResponse, Response

from answer.records import Answer, Citation, Claim
from api.bodies import LONGEST_TEXT, MOST_FILTERS, AskBody, Name, Year, harmless
from api.pages.environment import kind_label, outside_link, render, short_path, source_href
from api.service import In
from ingest.reading import cleaned
from retrieval.corpus import Corpus
from retrieval.records import Filters

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
routes = APIRouter()


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation as the page lists it; `rows` when the quote is of a table and looks like one."""

    citation: Citation
    href: str
    path: str
    quoted: str
    rows: bool


@routes.get("/")
async def chat_page(
    service: In,
    vraag: Annotated[str, Query(max_length=LONGEST_TEXT), AfterValidator(harmless)] = "",
    soort: Annotated[list[Name], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006 - FastAPI copies defaults
    jaar: Annotated[list[Year], Query(max_length=MOST_FILTERS)] = [],  # noqa: B006
) -> Response:
    """The page where questions are asked; `vraag` is answered on it, also without JavaScript."""
    filters = Filters(tuple(soort), tuple(jaar))
    question = vraag.strip()

    def job(corpus: Corpus) -> Response:
        answer = service.ask(corpus, question, history=(), filters=filters) if question else None
        return HTMLResponse(chat(corpus, filters, question, answer))

    return await service.run(job)


@routes.post("/antwoord")
async def answer_fragment(body: AskBody, service: In) -> Response:
    """One exchange as HTML, which the page adds to the conversation."""
    return await service.run(
        lambda corpus: HTMLResponse(exchange(body.question, service.answer(corpus, body)))
    )


def chat(corpus: Corpus, chosen: Filters, question: str = "", answer: Answer | None = None) -> str:
    """The page where questions are asked, with the answer to the question when there is one."""
    documents = corpus.documents()
    kinds = {meta.kind for meta in documents}
    return render(
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
    return render("exchange.html", exchange=_exchange(question, answer))


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
    path = short_path(citation.section, citation.title)
    paragraphs = map(cleaned, _PARAGRAPH_END.split(citation.text))
    rows = _is_table(citation.text)
    return Reference(
        citation, href, path, citation.text if rows else "\n".join(filter(None, paragraphs)), rows
    )


def _is_table(text: str) -> bool:
    """Whether most lines of a quote have columns or are mostly figures: `"VAK VEK\\n2e BA 1.258 1.258"`, not a sentence."""
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if "\t" in line.strip() or _mostly_figures(line.split())]
    return len(lines) > 1 and 2 * len(rows) >= len(lines)


def _mostly_figures(words: Sequence[str]) -> bool:
    return 2 * sum(bool(_NUMBER.fullmatch(word)) for word in words) >= len(words)
