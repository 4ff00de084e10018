"""From a question to an answer: search, refuse or compose, number the references."""

import time
from collections.abc import Callable, Sequence

from answer import extract, refuse
from answer.budget import budget_answer
from answer.records import Answer, Citation, Claim, Refusal
from retrieval.corpus import Corpus
from retrieval.query import understand
from retrieval.records import Filters, Turn
from retrieval.search import search

EVIDENCE = 20


def ask(
    corpus: Corpus,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    clock: Callable[[], float] = time.perf_counter,
) -> Answer:
    """Answer a question from the corpus, or refuse and say why; never a claim without a citation."""
    started = clock()
    refusal = refuse.before_search(question)
    evidence = [] if refusal else search(corpus, question, history=history, filters=filters, k=EVIDENCE)
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    if refusal is None:
        query = understand(question, history)
        found = budget_answer(corpus, query, evidence, filters) or refuse.after_search(
            corpus, query, evidence
        )
        if found is None:
            found = extract.compose(corpus, query, evidence)
        if isinstance(found, Refusal):
            refusal = found
        else:
            claims, citations = found
            refusal = refuse.after_composing(query, citations, evidence)
            refusal = refusal if claims else Refusal("not_in_corpus", refuse.NOTHING_FOUND)
    if refusal:
        nearest = refusal.nearest or extract.nearest(evidence)
        refusal = Refusal(refusal.reason, refusal.message, nearest)
        claims, citations = (), ()
    return Answer(
        status="refused" if refusal else "answered",
        text=refusal.message if refusal else _joined(claims),
        claims=claims,
        citations=citations,
        evidence=tuple(evidence),
        corpus_version=corpus.version,
        mode="extractive",
        elapsed_ms=round((clock() - started) * 1000),
        refusal=refusal,
    )


def _joined(claims: Sequence[Claim]) -> str:
    """The claims with their marks: `"De premie is 500 euro. [1]"`."""
    return " ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in claims)
