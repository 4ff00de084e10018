"""The pages of the commitments: the coalition agreement by section, and what was decided about each."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from answer.memo import memo
from answer.memo_records import Memo, Status
from api.bodies import harmless
from api.download import download
from api.memos.jobs import files_of
from api.memos.render import FORMATS
from api.memos.render_html import fragment
from api.memos.render_picture import picture
from api.memos.render_words import NO_STAGE, STAGES, STATUSES, readable
from api.pages.commitments_made import Counts, Key, Memos, key_of
from api.pages.commitments_text import section_parts
from api.pages.commitments_timeline import timeline
from api.pages.environment import render, source_href
from api.problem import Problem
from api.service import In, document_of
from ingest.records import Commitment
from retrieval.corpus import Corpus

LONGEST_WORDS = 200
Words = Annotated[str, Query(max_length=LONGEST_WORDS), AfterValidator(harmless)]
routes = APIRouter()


async def _memos(request: Request) -> Memos:
    """The memos of this application, which keeps one collection of them."""
    state = request.app.state
    if not hasattr(state, "memos_shown"):
        state.memos_shown = Memos(_composed)
    found: Memos = state.memos_shown
    return found


Made = Annotated[Memos, Depends(_memos)]


@routes.get("/regeerakkoord")
async def overview_page(
    service: In, made: Made, zoek: Words = "", domein: Words = "", status: Status | Literal[""] = ""
) -> Response:
    """The sections by domain, those that hold the words; their promises' status where a memo was made."""
    return await service.run(
        lambda corpus: HTMLResponse(
            overview(corpus, made.counts(corpus, files_of(service.store)), zoek.strip(), domein, status)
        )
    )


@routes.get("/regeerakkoord/{commitment_id}")
async def section_page(commitment_id: str, service: In, made: Made, document: Words = "") -> Response:
    """One section: its decisions along time, its memo, its text with the promises."""

    def job(corpus: Corpus) -> Response:
        found = commitment_of(corpus, commitment_id, document)
        return HTMLResponse(section(corpus, found, made.of(corpus, found)))

    return await service.compose(job)


@routes.get("/regeerakkoord/{commitment_id}/memo.{kind}")
async def memo_file(commitment_id: str, kind: str, service: In, made: Made, document: Words = "") -> Response:
    """The memo of a section as a file: md, html, docx or json."""
    if kind not in FORMATS:
        raise Problem(404, f"Een memo bestaat als {', '.join(FORMATS)}, niet als ‘{kind[:20]}’.")

    def job(corpus: Corpus) -> Response:
        found = commitment_of(corpus, commitment_id, document)
        return download(FORMATS[kind](made.of(corpus, found)), f"memo-{found.id}.{kind}")

    return await service.compose(job)


def commitment_of(corpus: Corpus, commitment_id: str, document_id: str = "") -> Commitment:
    """A commitment by its id, of this agreement or else of the first that has it. Raises: Problem (404)."""
    for each in corpus.commitments():
        if each.id == commitment_id and document_id in ("", each.document_id):
            return each
    raise Problem(404, f"Het regeerakkoord in dit corpus heeft geen sectie ‘{commitment_id[:100]}’.")


def overview(
    corpus: Corpus,
    counts: Mapping[Key, Counts],
    words: str = "",
    domain: str = "",
    status: Status | Literal[""] = "",
) -> str:
    """The sections that hold all the words, by domain; `counts` is what is known of their promises."""
    every = corpus.commitments()
    shown = [c for c in every if _passes(corpus, c, counts, words, domain, status)]
    twins = _twins(corpus)
    return render(
        "commitments.html",
        groups=[_group(corpus, list(found), counts, twins) for _, found in groupby(shown, key=_domain_key)],
        domains=list(dict.fromkeys(c.domain for c in every)),
        statuses=STATUSES,
        words=words,
        domain=domain,
        status=status,
        sections=len(every),
        shown=len(shown),
        promises=sum(len(c.promises) for c in every),
        made=len(counts),
        picture=picture(_totals(counts.values()), "Stand van de beloften in de opgestelde memo's"),
        version=corpus.version,
    )


def section(corpus: Corpus, commitment: Commitment, memo: Memo) -> str:
    """The page of one commitment."""
    document = document_of(corpus, commitment.document_id)
    every = corpus.commitments()
    at = every.index(commitment)
    twins = _twins(corpus)
    return render(
        "commitments_section.html",
        title=readable(commitment.path[-1]),
        path=[readable(heading) for heading in commitment.path[:-1]],
        domain=commitment.domain,
        agreement=document.meta.title,
        source=source_href(document.id, commitment.start, commitment.end),
        downloads={kind: _href(commitment, twins, f"/memo.{kind}") for kind in FORMATS},
        parts=section_parts(document, commitment),
        promises=len(commitment.promises),
        timeline=timeline(memo.references),
        stages={**STAGES, None: NO_STAGE},
        memo=fragment(memo),
        before=_link(every[at - 1], twins) if at else None,
        after=_link(every[at + 1], twins) if at + 1 < len(every) else None,
        version=corpus.version,
    )


def _composed(corpus: Corpus, commitment: Commitment) -> Memo:
    return memo(corpus, commitment, made_on=datetime.now(UTC).date().isoformat())


def _passes(
    corpus: Corpus,
    commitment: Commitment,
    counts: Mapping[Key, Counts],
    words: str,
    domain: str,
    status: Status | Literal[""],
) -> bool:
    if domain and commitment.domain != domain:
        return False
    if status and not counts.get(key_of(commitment), {}).get(status):
        return False
    if not words:
        return True
    document = document_of(corpus, commitment.document_id)
    said = readable(
        " ".join(commitment.path) + " " + document.text[commitment.start : commitment.end]
    ).casefold()
    return all(word in said for word in words.casefold().split())


def _domain_key(commitment: Commitment) -> tuple[str, str]:
    return commitment.document_id, commitment.domain


def _group(
    corpus: Corpus, found: Sequence[Commitment], counts: Mapping[Key, Counts], twins: Collection[str]
) -> dict[str, Any]:
    """The sections of one domain."""
    return {
        "domain": found[0].domain,
        "agreement": corpus.metadata(found[0].document_id).title,
        "sections": [
            _link(each, twins)
            | {
                "path": [readable(heading) for heading in each.path[1:-1]],
                "promises": len(each.promises),
                "counts": _told(counts.get(key_of(each), {})),
            }
            for each in found
        ],
    }


def _told(counts: Counts) -> list[tuple[Status, str, int]]:
    """The statuses that promises of a section have, with how many; none when no memo was made of it."""
    return [(status, STATUSES[status], n) for status, n in counts.items() if n]


def _totals(counts: Iterable[Counts]) -> Counts:
    total: Counter[Status] = Counter()
    for each in counts:
        total.update(each)
    return total


def _twins(corpus: Corpus) -> Collection[str]:
    """The ids that a section of more than one agreement has."""
    counts = Counter(each.id for each in corpus.commitments())
    return {name for name, n in counts.items() if n > 1}


def _link(commitment: Commitment, twins: Collection[str]) -> dict[str, Any]:
    return {"title": readable(commitment.path[-1]), "href": _href(commitment, twins)}


def _href(commitment: Commitment, twins: Collection[str], part: str = "") -> str:
    """The address of a section; it names its agreement when another has a section with the same id."""
    page = f"/regeerakkoord/{quote(commitment.id, safe='')}{part}"
    return f"{page}?{urlencode({'document': commitment.document_id})}" if commitment.id in twins else page
