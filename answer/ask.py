"""From a question to an answer: search, refuse or compose, verify, number the references."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from answer import extract, refuse
from answer.budget import budget_answer
from answer.ministers import minister_answer
from answer.model_compose import Composed, OnClaim, compose_with_model
from answer.records import Answer, Citation, Claim, Refusal, Trace
from answer.verify import check
from ingest.chat import ChatModel
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query, understand
from retrieval.records import Evidence, Filters, Turn
from retrieval.search import find

EVIDENCE = 20
Stage = Literal["search", "compose"]
Checkpoint = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class _Made:
    """What a composer made, before and after verification; `complete` is False when a claim was left out."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    mode: str = "extractive"
    notice: str | None = None
    trace: Trace | None = None
    complete: bool = True


def go_on(stage: Stage) -> None:
    """The checkpoint of one who waits for the whole answer."""


def ask(
    corpus: Corpus,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    model: ChatModel | None = None,
    on_claim: OnClaim | None = None,
    checkpoint: Checkpoint = go_on,
    least_support: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Answer:
    """Answer a question from the corpus, or refuse and say why; never a claim without a citation.

    With a `model` it composes the answer, each verified claim being handed to `on_claim` as it comes; where the
    model fails, the answer is the extractive one with a notice, and the claims handed over do not hold any more.
    `checkpoint` is told what is being done, at every step and several times a second while the model is awaited;
    what it raises breaks the answer off, the request to the model too, and goes through.
    `least_support` is that of `refuse.after_answering`.
    """
    started = clock()
    checkpoint("search")
    query = understand(question, history, corpus.terms, corpus.uses)
    early = refuse.before_search(query.asked)
    evidence = [] if early else find(corpus, query, filters=filters, k=EVIDENCE)
    outcome = (
        early
        or _from_ledger(corpus, query, evidence, filters)
        or _from_tenures(corpus, query, filters)
        or refuse.after_search(corpus, query, evidence)
        or _verified(
            corpus, query, _composed(corpus, query, history, evidence, filters, model, on_claim, checkpoint)
        )
    )
    made = outcome if isinstance(outcome, _Made) else _Made((), ())
    refusal = (
        outcome if isinstance(outcome, Refusal) else _doubted(corpus, query, made, evidence, least_support)
    )
    if refusal:
        made = replace(made, claims=(), citations=())
    if refusal and not refusal.nearest:
        refusal = replace(refusal, nearest=extract.nearest(evidence))
    return Answer(
        status="refused" if refusal else "answered" if made.complete else "partial",
        text=refusal.message if refusal else _joined(made.claims),
        claims=made.claims,
        citations=made.citations,
        evidence=tuple(evidence),
        corpus_version=corpus.version,
        mode=made.mode,
        elapsed_ms=round((clock() - started) * 1000),
        refusal=refusal,
        notice=made.notice,
        trace=made.trace,
        question=query.text,
    )


def _from_ledger(
    corpus: Corpus, query: Query, evidence: Sequence[Evidence], filters: Filters
) -> _Made | Refusal | None:
    """The answer of the budget ledger; one that does not verify is left to the passages."""
    found = budget_answer(corpus, query, evidence, filters)
    if found is None or isinstance(found, Refusal):
        return found
    made = _verified(corpus, query, _Made(*found))
    return made if made.claims else None


def _from_tenures(corpus: Corpus, query: Query, filters: Filters) -> _Made | None:
    """Who is or was minister, from what is known of the decisions; None when that is not asked or not known."""
    made = _verified(corpus, query, _Made(*minister_answer(corpus, query, filters)))
    return made if made.claims else None


def _composed(
    corpus: Corpus,
    query: Query,
    history: Sequence[Turn],
    evidence: Sequence[Evidence],
    filters: Filters,
    model: ChatModel | None,
    on_claim: OnClaim | None,
    checkpoint: Checkpoint,
) -> _Made:
    """What the model composes, or what the sources literally say when there is none or it fails."""
    checkpoint("compose")
    replaced, trace = "", None
    if model is not None:
        sources = extract.sources(query, evidence)
        waiting = partial(checkpoint, "compose")
        made = compose_with_model(
            corpus, query.text, history, sources, model, check, on_claim=on_claim, checkpoint=waiting
        )
        trace = Trace(made.model, made.prompt_hash, made.output_sha256)
        if isinstance(made, Composed):
            return _Made(made.claims, made.citations, made.model, None, trace, not made.dropped)
        replaced = message("model_replaced", query.reply_in)
    notice = _told(replaced, message("quotes_are_dutch", query.reply_in))
    return _Made(*extract.compose(corpus, query, evidence, filters), notice=notice, trace=trace)


def _doubted(
    corpus: Corpus, query: Query, made: _Made, evidence: Sequence[Evidence], least_support: float | None
) -> Refusal | None:
    """Why what was made is no answer; None when it is one."""
    if not made.claims:
        return Refusal("not_in_corpus", message("nothing_found", query.reply_in))
    return refuse.after_answering(corpus, query, made.claims, made.citations, evidence, least_support)


def _verified(corpus: Corpus, query: Query, made: _Made) -> _Made:
    """The claims that hold, their figures traced and their citations numbered anew."""
    by_number = {c.n: c for c in made.citations}
    held: list[Claim] = []
    for claim in made.claims:
        verdict = check(corpus, query.text, claim.text, [by_number[n] for n in claim.citations])
        if verdict.holds:
            held.append(replace(claim, figures=claim.figures or verdict.figures))
    order = {n: place for place, n in enumerate(dict.fromkeys(n for c in held for n in c.citations), 1)}
    complete = made.complete and len(held) == len(made.claims)
    return replace(
        made,
        claims=tuple(replace(c, citations=tuple(order[n] for n in c.citations)) for c in held),
        citations=tuple(replace(by_number[n], n=place) for n, place in order.items()),
        notice=made.notice if complete else _told(made.notice, message("left_out", query.reply_in)),
        complete=complete,
    )


def _told(*parts: str | None) -> str | None:
    """What there is to tell, as one text; None when there is nothing."""
    return " ".join(filter(None, parts)) or None


def _joined(claims: Sequence[Claim]) -> str:
    """The claims with their marks: `"De premie is 500 euro. [1]"`."""
    return " ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in claims)
