"""Questions that ask several things: each part has an answer of its own beside the one that answers the whole best.

question -> its parts, each with what it is about -> for each the best run, unless a chosen one answers it as well
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.extract_runs import Run, overlap, runs
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence, Filters
from retrieval.search import search

PASSAGES_OF_PART = 6
# How much better than the chosen runs another must answer a part; a unit of `extract_runs`. Chosen on the tuning
# questions (docs/decisions/0006).
_BETTER = 1.0
_MOST = 3
_WORD = (
    r"(?:wie|wat|waar(?:om|voor|mee|van|door|bij|over|toe|op)?|wanneer|hoe(?:veel|lang|vaak|dikwijls|zo)?|welke?|qui|quand"
    r"|combien|quel(?:le)?s?|pourquoi|comment|où|who|what|when|where|why|which|how)\b"
)
_BEFORE = (
    r"(?:(?:aan|bij|boven|door|in|met|naar|op|over|per|sinds|tegen|tot|uit|van|vanaf|volgens|voor|de|à|par|pour|from|to|by"
    r"|with|for|on) )?"
)
_BETWEEN = re.compile(
    rf"(?:\s*[,;?.:]\s+(?:(?:en|maar|of|et|and) )?|\s+(?:en|maar|et|and)\s+)(?={_BEFORE}{_WORD})",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"\b{_WORD}", re.IGNORECASE)


def parts(question: str) -> tuple[str, ...]:
    """What is asked, each part with what it is about; none when one thing is asked.

    `"Jobbonus: wie krijgt hem en wanneer?"` -> `("Jobbonus: wie krijgt hem", "Jobbonus: wanneer?")`;
    `"Wie krijgt de premie en hoeveel?"` -> `("Wie krijgt de premie", "Wie krijgt de premie, hoeveel?")`.
    """
    pieces = [piece.strip() for piece in _BETWEEN.split(question) if piece.strip()]
    subject = pieces.pop(0) if pieces and not _ASKS.search(pieces[0]) else ""
    if len(pieces) < 2:
        return ()
    if subject:
        return tuple(f"{subject}: {piece}" for piece in pieces)
    return (pieces[0], *(f"{pieces[0]}, {piece}" for piece in pieces[1:]))


def with_parts(
    corpus: Corpus, query: Query, read: Sequence[Evidence], asked: Sequence[str], best: Run, filters: Filters
) -> list[Run]:
    """The best run of a question, then for each part the one that answers it clearly better, at most `_MOST`.

    A part is looked up by itself among the documents that the filters admit; drafted memos answer no part.
    """
    chosen = [best]
    for part in asked:
        found = search(corpus, part, filters=filters, k=PASSAGES_OF_PART)
        held = {item.passage.id for item in read}
        more = [e for e in found if e.meta.kind != "memo" and e.passage.id not in held]
        ranked = runs(corpus, replace(query, text=part), [*read, *more])
        answers = [run for run in ranked if any(overlap(run.quote, c.quote) for c in chosen)]
        if ranked and (not answers or answers[0].score < ranked[0].score - _BETTER):
            chosen.append(ranked[0])
    return chosen[:_MOST]
