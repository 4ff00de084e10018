"""Questions that ask for decisions themselves: every stage of the file, by date, each with its own reference."""

import re
from collections.abc import Sequence

from answer.quotes import Quote, joined, quotes
from ingest.analysis import tokens
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

MOST_STAGES = 6
_LONGEST = 700
_NEAR_BEST = 0.7
_ASKS = re.compile(
    r"\b(?:\w*beslissing(?:en)?|themis\w*|referenties?|besluiten|décisions?|decisions?)\b"
    r"|\b(?:wanneer|op welke datum|hoe vaak)\b.{0,80}\b(?:goedgekeurd|goedkeurde|keurde|besliste|beslist|bekrachtigd)\b",
    re.IGNORECASE,
)


def decision_quotes(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """One quote for each stage of the decision that was found first, oldest first; none when no decision is asked for."""
    if not _ASKS.search(query.text):
        return []
    found = [e for e in evidence if e.meta.kind == "beslissing"]
    if not found or found[0].score < _NEAR_BEST * evidence[0].score:
        return []
    stages = _stages(corpus, found[0].meta)
    by_document = {e.meta.id: e for e in found}
    passages = [by_document.get(m.id) or _first_passage(corpus, m, found[0].score) for m in stages]
    return [_opening(quotes(corpus, p)) for p in passages if p and quotes(corpus, p)]


def _stages(corpus: Corpus, meta: Metadata) -> list[Metadata]:
    """The decisions of one file: the same title word for word, or one that holds all words of the other."""
    words = set(tokens(meta.title))
    same = [
        m for m in corpus.documents() if m.kind == "beslissing" and _same_file(words, set(tokens(m.title)))
    ]
    nearest_first = sorted(same, key=lambda m: (m.title != meta.title, abs(_year(m) - _year(meta))))
    return sorted(nearest_first[:MOST_STAGES], key=lambda m: (m.date or "", m.id))


def _same_file(a: set[str], b: set[str]) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and (a <= b or b <= a))


def _year(meta: Metadata) -> int:
    return meta.year or 0


def _first_passage(corpus: Corpus, meta: Metadata, score: float) -> Evidence | None:
    passage = next((p for p in corpus.passages if p.document_id == meta.id), None)
    return Evidence(passage, meta, score) if passage else None


def _opening(pieces: Sequence[Quote]) -> Quote:
    """The decision's own words from the start, as far as they stay readable."""
    last = 0
    while last + 1 < len(pieces) and pieces[last + 1].end - pieces[0].start <= _LONGEST:
        last += 1
    return joined(pieces[0], pieces[last])
