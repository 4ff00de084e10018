"""The extractive composer: which sentences of the evidence answer, as claims on exact spans.

Composes nothing that is not printed: a claim is the readable form of what it cites.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from answer.records import Citation, Claim
from answer.weighing import rarity, share, terms_of
from ingest.reading import cleaned, sentences
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

MOST_CLAIMS = 5
PASSAGES_READ = 8
LONGEST_QUOTE = 600
# What each signal may decide; chosen with the search weights (docs/decisions/0004).
_OVERLAP, _CLOSENESS, _PASSAGE, _KIND_OF_ANSWER = 1.0, 1.0, 1.0, 0.25
_NEAR_BEST = 0.80

_HOW_MUCH = re.compile(
    r"\b(?:hoeveel|hoe (?:hoog|lang|groot|veel)|welk (?:bedrag|percentage|krediet|aandeel)|combien|how (?:much|many)|%)",
    re.I,
)
_WHEN = re.compile(r"\b(?:wanneer|sinds|tot wanneer|vanaf|welke datum|hoe lang|when|quand|tegen)\b", re.I)
_LIST = re.compile(
    r"\b(?:welke|alle|lijst|som op|opsomming|noem|which|list|quels|quelles|waar is|waarheen|naar welke)\b",
    re.I,
)
_FIGURE = re.compile(r"\d")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}\b|\b(?:maanden|jaar|weken)\b")
_DECISIONS = re.compile(
    r"\b(?:beslissing\w*|regeringsbeslissing\w*|themis\w*|besloot|besliste|keurde\w*|goedgekeurd\w*|principieel|definitief|bekrachtig\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence, list item or row that may answer; `score` is at least 0, comparable within one question."""

    evidence: Evidence
    rank: int
    start: int
    end: int
    text: str
    score: float


def compose(
    corpus: Corpus, query: Query, evidence: Sequence[Evidence]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """The claims that answer, each on one citation; none when no sentence of the evidence fits.

    Drafted memos are read only when the question asks for one: they are no source of their own.
    """
    read = _sources(query, evidence)[:PASSAGES_READ]
    scored = _scored(corpus, query, read)
    chosen = _chosen(query, scored)
    claims, citations = [], []
    for n, quote in enumerate(_joined(chosen), 1):
        citation = _citation(n, quote)
        claims.append(Claim(_claim_text(citation, quote), (n,)))
        citations.append(citation)
    return tuple(claims), tuple(citations)


def nearest(evidence: Sequence[Evidence], most: int = 3) -> tuple[Citation, ...]:
    """The passages that come nearest to a question that is refused, cut to whole sentences."""
    shown = []
    for n, item in enumerate(evidence[:most], 1):
        spans = list(sentences(item.passage.text))
        end = next((e for _, e in reversed(spans) if e <= LONGEST_QUOTE), spans[0][1] if spans else 0)
        start = item.passage.start
        shown.append(
            _citation(n, _Candidate(item, n, start, start + end, item.passage.text[:end], item.score))
        )
    return tuple(shown)


def _sources(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    if "memo" in query.text.lower():
        return list(evidence)
    return [e for e in evidence if e.meta.kind != "memo"]


def _scored(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[_Candidate]:
    """Every candidate with the weighted sum of its signals, best first."""
    pieces = [(rank, e, start, end) for rank, e in enumerate(evidence) for start, end in _pieces(e)]
    if not pieces:
        return []
    weights = rarity(corpus, query.terms("grams"))
    vector = corpus.embedder.encode_query(query.sentence())
    texts = [cleaned(e.passage.text[s:t]) for _, e, s, t in pieces]
    heads = [" ".join((e.meta.title, *e.passage.section)) for _, e, _, _ in pieces]
    closeness = corpus.embedder.encode([f"{h}\n{t}" for h, t in zip(heads, texts, strict=True)]) @ vector
    top = max(e.score for e in evidence) or 1.0
    found = []
    for (rank, item, start, end), text, near in zip(pieces, texts, np.clip(closeness, 0, 1), strict=True):
        score = (
            _OVERLAP * share(weights, terms_of(text, "grams"))
            + _CLOSENESS * float(near)
            + _PASSAGE * item.score / top
            + _KIND_OF_ANSWER * _kind_fits(query.text, text)
        )
        at = item.passage.start
        found.append(_Candidate(item, rank, at + start, at + end, text, score))
    return sorted(found, key=lambda c: (-c.score, c.rank, c.start))


def _pieces(evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Spans within a passage that can be quoted: sentences of some length, or the table as one."""
    text = evidence.passage.text
    if _is_table(text) and len(text) <= LONGEST_QUOTE:
        yield 0, len(text)
        return
    for start, end in sentences(text):
        if end - start >= 25 or _FIGURE.search(text, start, end):
            yield start, min(end, start + 2 * LONGEST_QUOTE)


def _is_table(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return digits > 0.25 * max(1, len(text.replace(" ", "").replace("\n", "")))


def _kind_fits(question: str, text: str) -> float:
    wants_figure, wants_date = bool(_HOW_MUCH.search(question)), bool(_WHEN.search(question))
    if not (wants_figure or wants_date):
        return 0.0
    fits = (wants_figure and bool(_FIGURE.search(text))) or (wants_date and bool(_DATE.search(text)))
    return 1.0 if fits else 0.0


def _chosen(query: Query, scored: Sequence[_Candidate]) -> list[_Candidate]:
    """The best sentence and those nearly as good, more of them when a list is asked for."""
    if not scored:
        return []
    listed = bool(_LIST.search(query.text))
    floor = scored[0].score * (_NEAR_BEST - 0.08 if listed else _NEAR_BEST)
    chosen: list[_Candidate] = []
    for candidate in scored:
        if candidate.score < floor or len(chosen) >= MOST_CLAIMS + (3 if listed else 0):
            break
        if not any(candidate.text == c.text for c in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: (min(x.rank for x in chosen if x.evidence is c.evidence), c.start))


def _joined(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Neighbouring sentences of one passage become one quote, as long as it stays readable."""
    quotes: list[_Candidate] = []
    for c in chosen:
        last = quotes[-1] if quotes else None
        if last and last.evidence is c.evidence and c.end - last.start <= LONGEST_QUOTE and not _gap(last, c):
            text = cleaned(_source_text(last.evidence, last.start, c.end))
            quotes[-1] = _Candidate(c.evidence, c.rank, last.start, c.end, text, last.score)
        else:
            quotes.append(c)
    return quotes


def _gap(a: _Candidate, b: _Candidate) -> bool:
    return bool(_source_text(a.evidence, a.end, b.start).strip())


def _source_text(evidence: Evidence, start: int, end: int) -> str:
    at = evidence.passage.start
    return evidence.passage.text[start - at : end - at]


def _citation(n: int, quote: _Candidate) -> Citation:
    meta, passage = quote.evidence.meta, quote.evidence.passage
    return Citation(
        n,
        meta.id,
        meta.title,
        meta.kind,
        meta.uri,
        meta.date,
        passage.page,
        passage.section,
        quote.start,
        quote.end,
        _source_text(quote.evidence, quote.start, quote.end),
    )


def _claim_text(citation: Citation, quote: _Candidate) -> str:
    """What a reader sees: a decision is named with its date and URI."""
    text = quote.text.lstrip("•-–−▪ ")
    if citation.kind != "beslissing":
        return text
    title = "" if cleaned(citation.title) in text else f" over ‘{citation.title}’"
    uri = f" ({citation.uri})" if citation.uri else ""
    return f"Beslissing van {citation.date}{title}{uri}: {text}"
