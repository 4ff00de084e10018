"""Questions about decisions: when and in which stage, on whose proposal, all of a day or a subject, every stage of a file.

question -> what is wanted -> the decisions meant -> one quote each, opened by what is known of it
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.decisions_asked import told_apart, wanted
from answer.decisions_beside import beside
from answer.decisions_compared import compared
from answer.decisions_meant import MOST_STAGES, listed, of_moment, proposed
from answer.decisions_receiver import alone
from answer.quotes import Quote, joined, quotes
from ingest.analysis import content_words, stems
from ingest.reading import cleaned
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.families import meant
from retrieval.query import Query
from retrieval.records import Evidence

_LONGEST, _ALL_TOGETHER = 600, 1_000  # characters of one quote and of all of them; an act is quoted whole
_NEAR_BEST = 0.7
_OF_SERIES = 0.85  # how near to the first one found a decision of its series must be, and what share of the
_ALIKE = 0.25  # words of the shorter title the two have in common: a second, a third contract
_ASKS = re.compile(
    r"\b(?:(?:alle|welke|overzicht van|lijst van|opeenvolgende|verschillende) (?:\w+ ){0,2})(?:beslissingen|goedkeuringen|stadia|stappen|fasen|decisions|décisions)\b"
    r"|\b(?:elke|iedere) (?:beslissing|goedkeuring|stap)\b|\bthemis-?referenties\b|\bhoe vaak\b.{0,80}\b(?:goedgekeurd|beslist|bekrachtigd)\b"
    r"|\b(?:alle|quelles|which|all) (?:\w+ ){0,2}(?:décisions|decisions)\b|\b(?:verloop|traject) van (?:het|de) (?:\w+ )?(?:decreet|besluit|dossier)",
    re.IGNORECASE,
)
# What tells the act of the government itself, with its stage, from what it is about.
_ACT = re.compile(
    r"\b(?:principieel|principiële|definitieve?|definitief|bekrachtig\w*)\b|\b(?:hecht|keurt)\b.{0,200}\bgoed|\bneemt akte\b|\bbeslist\b",
    re.IGNORECASE,
)


def decision_quotes(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """One quote for each decision asked for, oldest first; none when the question is about something else.

    A question for a date, a stage or a minister gets the decision that it means, the answer said first; one for
    all of a day, a minister or a subject a list; one for the stages of a file these.
    """
    if side_by_side := compared(corpus, query) or beside(corpus, query, evidence):
        return side_by_side
    asks = wanted(corpus, query)
    if asks.listing and (found := listed(corpus, query, asks)):
        return found
    if asks.moment and told_apart(asks.subject):
        meant_ones = of_moment(corpus, query, asks, evidence)
    elif asks.ministers and told_apart(asks.subject):
        meant_ones = proposed(corpus, query, asks, evidence)
    else:
        return _stages(corpus, query, evidence) or alone(corpus, query, evidence)
    longest = min(_LONGEST, _ALL_TOGETHER // max(1, len(meant_ones)))
    quoted = [(opened, _act(corpus, meta, longest)) for meta, opened in meant_ones]
    opened_quotes = [replace(q, text=f"{opened} {q.text}".strip()) for opened, q in quoted if q]
    return opened_quotes or _stages(corpus, query, evidence)


def _stages(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """The file of the decision found first, where several decisions are asked for.

    With it come those found whose titles are nearly its own (a second, a third contract); of these, the members
    that time and stage in the question point at.
    """
    if not _ASKS.search(query.text):
        return []
    found = [e for e in evidence if e.meta.kind == "beslissing"]
    if not found or found[0].score < _NEAR_BEST * evidence[0].score:
        return []
    asked = _asked(corpus, query, found)
    longest = min(_LONGEST, _ALL_TOGETHER // len(asked))
    return [quote for meta in asked if (quote := _act(corpus, meta, longest))]


def _asked(corpus: Corpus, query: Query, found: Sequence[Evidence]) -> list[Metadata]:
    """The decisions of the file and its series, at most `MOST_STAGES`, those nearest in title and time kept."""
    first = found[0].meta
    near = [e.meta for e in found if e.score >= _OF_SERIES * found[0].score and _alike(e.meta, first)]
    series = {m.id: m for m in (*corpus.families.of(first), *near)}
    nearest = sorted(
        series.values(), key=lambda m: (m.title != first.title, abs((m.year or 0) - (first.year or 0)), m.id)
    )
    return meant(sorted(nearest[:MOST_STAGES], key=lambda m: (m.date or "", m.id)), cues(query.text))


def _alike(a: Metadata, b: Metadata) -> bool:
    mine, theirs = set(stems(content_words(a.title))), set(stems(content_words(b.title)))
    return len(mine & theirs) >= _ALIKE * min(len(mine), len(theirs))


def _act(corpus: Corpus, meta: Metadata, longest: int) -> Quote | None:
    """The sentence with the government's act and what follows, then what precedes it, as far as they stay readable."""
    first_row = corpus.rows_of(meta.id)[0]
    pieces = quotes(corpus, Evidence(corpus.with_neighbours(corpus.passages[first_row]), meta, 1.0))
    official = cleaned(meta.official_title or "")
    own = [p for p in pieces if p.text not in official] or pieces
    if not own:
        return None
    first = last = next((n for n, piece in enumerate(own) if _ACT.search(piece.text)), 0)
    while last + 1 < len(own) and own[last + 1].end - own[first].start <= longest:
        last += 1
    while first > 0 and own[last].end - own[first - 1].start <= longest:
        first -= 1
    return joined(own[first], own[last])
