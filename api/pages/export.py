"""A conversation as a file to keep: Word and Markdown.

The browser holds the conversation, so it sends back what is to be printed. We print only what we can stand for: each
answer is sealed (`api.pages.sealed`), and one that does not open is left out and counted in the file. Asking again
would not do: another corpus, or a model, would give another answer than the one that the person has read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from answer.log_record import Entry
from answer.records import Citation, Claim
from answer.replay import citations_of
from api.download import download
from api.pages.exchange import claims_of, restricted, understood
from api.pages.forms import Form, answers
from api.pages.holdings import Holdings, holdings
from api.pages.sealed import Sealing
from api.problem import Problem
from api.service import In
from retrieval.corpus import Corpus

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class Part:
    """One question of the file; `claims` cite by the numbers of the file's own list."""

    question: str
    understood: str | None
    restricted: Sequence[str]
    claims: Sequence[Claim]
    refusal: str | None
    notice: str | None
    at: str
    snapshot: str
    mode: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the file holds: `made_at` an ISO time; `sources` in the order of their numbers, from 1."""

    made_at: str
    parts: Sequence[Part]
    sources: Sequence[Citation]
    lost: int


@routes.post("/gesprek/export.docx")
async def as_word(form: Form, seal: Sealing, service: In) -> Response:
    """The conversation as a Word document."""
    from api.pages.export_docx import as_docx

    return await _exported(form, seal, service, as_docx, "docx")


@routes.post("/gesprek/export.md")
async def as_text(form: Form, seal: Sealing, service: In) -> Response:
    """The conversation as Markdown."""
    from api.pages.export_markdown import as_markdown

    return await _exported(form, seal, service, as_markdown, "md")


def report(held: Holdings, entries: Sequence[Entry], made_at: str, lost: int = 0) -> Report:
    """The answers as one text with one list of sources; a place that several answers cite is listed once."""
    numbers: dict[tuple[str, int, int, str], int] = {}
    sources: list[Citation] = []
    parts = []
    for entry in entries:
        renumbered: dict[int, int] = {}
        for c in citations_of(entry):
            place = c.document_id, c.start, c.end, entry.snapshot
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                sources.append(c)
            renumbered[c.n] = numbers[place]
        parts.append(_part(held, entry, renumbered))
    return Report(made_at, parts, sources, lost)


def _part(held: Holdings, entry: Entry, renumbered: Mapping[int, int]) -> Part:
    answer = entry.answer
    claims = [replace(c, citations=tuple(renumbered[n] for n in c.citations)) for c in claims_of(entry)]
    return Part(
        question=entry.question,
        understood=understood(entry),
        restricted=restricted(held, entry.filters),
        claims=claims,
        refusal=answer["refusal"] and answer["refusal"]["message"],
        notice=answer["notice"],
        at=entry.at,
        snapshot=entry.snapshot,
        mode=answer["mode"],
    )


def left_out(report: Report) -> str:
    """What is told of answers that are not in the file; empty when there are none."""
    if not report.lost:
        return ""
    which = "Eén antwoord is weggelaten" if report.lost == 1 else f"{report.lost} antwoorden zijn weggelaten"
    return f"{which}: niet door deze server gewaarmerkt."


async def _exported(
    form: Form, seal: Sealing, service: In, write: Callable[[Report], bytes], suffix: str
) -> Response:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")

    def job(corpus: Corpus) -> bytes:
        entries = answers(form, seal)
        if not entries:
            raise Problem(422, "Er is nog geen antwoord om te bewaren; stel eerst een vraag.")
        return write(report(holdings(corpus), entries, made_at, len(form.all("eerder")) - len(entries)))

    return download(await service.run(job), f"beleidswijzer-gesprek-{made_at[:10]}.{suffix}")
