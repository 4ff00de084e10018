"""The extractive composer: which sentences of the evidence answer, as claims on exact spans.

Composes nothing that is not printed: a claim is the readable form of what it cites.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from answer.decisions import decision_quotes
from answer.quotes import Quote, joined, quotes
from answer.records import Citation, Claim
from answer.weighing import rarity, share, terms_of
from ingest.analysis import tokens
from ingest.reading import sentences
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

PASSAGES_READ = 6
MOST_QUOTES = 3
MOST_LISTED = 6
LONGEST_QUOTE = 800
LONGEST_LIST = 1_500  # where a list is asked for
SHORT_LIST = 800
# What each signal may decide; chosen with the search weights (docs/decisions/0004).
_OVERLAP, _CLOSENESS, _PASSAGE, _FITS, _TOPIC = 1.0, 1.0, 2.0, 0.3, 0.4
_KIND_NAMED = 0.7  # for a piece of the kind of document that the question names ("in het regeerakkoord")
_BESIDE = 0.7  # what a passage's score is worth to the passages beside it
_NEAR_BEST = 0.87
_WINDOW = 800
_SAME = 0.8

_HOW_MUCH = re.compile(
    r"\b(?:hoeveel|hoe (?:hoog|lang|groot|veel)|welk (?:bedrag|percentage|krediet|aandeel)|combien|how (?:much|many))\b|%",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:wanneer|sinds|vanaf|datum|data|hoe lang|when|quand)\b", re.IGNORECASE)
_WHY = re.compile(
    r"\b(?:waarom|vanwaar|hoe kan d[ia]t|hoe komt|leg (?:eens )?uit|verklaar\w*|reden\w*|why|pourquoi)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:alle|lijst|som op|opsomming|noem|onderdelen|list|welke (?:\w+ )?\w+en|waar is .* naartoe|naar welke|uit welke|waarvoor|quels|quelles)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}\b|\b(?:maanden|jaar|weken|dagen)\b")
_REASON = re.compile(
    r"\b(?:omdat|doordat|aangezien|want|wegens|omwille|door (?:de|het|een)|te wijten|te verklaren|verklaard|reden\w*|gevolg|"
    r"oorzaak|veroorzaakt|zodat|waardoor|immers|namelijk|evenwel)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A quote with how well it answers: at least 0, comparable within one question."""

    quote: Quote
    score: float


def compose(
    corpus: Corpus, query: Query, evidence: Sequence[Evidence]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """The claims that answer, each on one citation; none when the evidence holds no sentence at all.

    Drafted memos are read only when the question asks for one: they are no source of their own.
    """
    sources = _sources(query, evidence)
    chosen = decision_quotes(corpus, query, sources) or _answering(corpus, query, sources[:PASSAGES_READ])
    claims, citations = [], []
    for n, quote in enumerate(chosen, 1):
        citation = _citation(n, quote)
        citations.append(citation)
        claims.append(Claim(_claim_text(citation, quote), (n,)))
    return tuple(claims), tuple(citations)


def _answering(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> list[Quote]:
    """The quotes that answer best, each with what goes on from it."""
    whole = LONGEST_LIST if _LIST.search(query.text) else SHORT_LIST
    wider = [replace(item, passage=corpus.with_neighbours(item.passage)) for item in read]
    pieces = [quotes(corpus, item) for item in wider]
    scored = _scored(corpus, query, read, pieces)
    return _without_overlap(_widened(quote, pieces, whole) for quote in _best(query, scored))


def nearest(evidence: Sequence[Evidence], most: int = 3) -> tuple[Citation, ...]:
    """The passages that come nearest to a question that is refused, cut to whole sentences."""
    shown = []
    for n, item in enumerate(evidence[:most], 1):
        ends = [end for _, end in sentences(item.passage.text)]
        end = next((e for e in reversed(ends) if e <= LONGEST_QUOTE), ends[0])
        start = item.passage.start
        shown.append(_citation(n, Quote(item, start, start + end, item.passage.text[:end], "paragraph", 0)))
    return tuple(shown)


def _sources(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    if "memo" in tokens(query.text):
        return list(evidence)
    return [e for e in evidence if e.meta.kind != "memo"]


def _scored(
    corpus: Corpus, query: Query, read: Sequence[Evidence], pieces: Sequence[Sequence[Quote]]
) -> list[_Scored]:
    """Every piece with the weighted sum of its signals, best first; `pieces[i]` are those in and beside `read[i]`."""
    weights = rarity(corpus, query.terms("grams"))
    vector = corpus.embedder.encode_query(query.sentence())
    words = set(tokens(query.text))
    top = max((item.score for item in read), default=0.0) or 1.0
    scored: list[_Scored] = []
    for item, group in zip(read, pieces, strict=True):
        section = item.passage.section
        topic = share(weights, terms_of(" ".join(section[-3:]), "grams"))
        texts = [" > ".join(section[-2:]) + "\n" + piece.text for piece in group]
        closeness = np.clip(corpus.embedder.encode(texts) @ vector, 0, 1)
        for piece, near in zip(group, closeness, strict=True):
            inside = item.passage.start <= piece.start < item.passage.end
            score = (
                _OVERLAP * share(weights, terms_of(piece.text, "grams"))
                + _CLOSENESS * float(near)
                + _PASSAGE * item.score / top * (1.0 if inside else _BESIDE)
                + _FITS * _fits(query.text, piece.text)
                + _TOPIC * topic
                + _KIND_NAMED * (item.meta.kind in words)
            )
            scored.append(_Scored(piece, score))
    return sorted(scored, key=lambda s: -s.score)


def _fits(question: str, text: str) -> float:
    """Share of the kinds of answer asked for (figure, date, reason) that a text has, 0 when none is asked."""
    asked = [(_HOW_MUCH, _FIGURE), (_WHEN, _DATE), (_WHY, _REASON)]
    has = [bool(answer.search(text)) for ask, answer in asked if ask.search(question)]
    return sum(has) / len(has) if has else 0.0


def _best(query: Query, scored: Sequence[_Scored]) -> list[Quote]:
    """The best piece and those nearly as good, more of them when a list is asked for."""
    if not scored:
        return []
    most = MOST_LISTED if _LIST.search(query.text) else MOST_QUOTES
    floor = scored[0].score * _NEAR_BEST
    return [s.quote for s in scored[:most] if s.score >= floor]


def _widened(quote: Quote, pieces: Sequence[Sequence[Quote]], whole: int) -> Quote:
    """A sentence with what goes on from it: paragraphs as far as they stay readable, a list of `whole` characters at most."""
    group = next(g for g in pieces if g and g[0].evidence is quote.evidence)
    at = group.index(quote)
    if quote.kind == "table":
        return quote
    first, last = _paragraph_around(group, at)
    if group[last].kind == "list_item" or group[last].text.endswith(":"):
        opening, closing = _list_around(group, last)
        if group[closing].end - group[min(first, opening)].start <= whole:
            first, last = min(first, opening), closing
    return joined(group[first], group[last])


def _paragraph_around(group: Sequence[Quote], at: int) -> tuple[int, int]:
    """The block of a sentence and the paragraphs after it, as far as they stay readable."""
    first = last = at
    while (
        last + 1 < len(group)
        and _goes_on(group, last + 1)
        and group[last + 1].end - group[at].start <= _WINDOW
    ):
        last += 1
    while (
        first > 0
        and group[first - 1].block == group[at].block
        and group[last].end - group[first - 1].start <= _WINDOW
    ):
        first -= 1
    return first, last


def _goes_on(group: Sequence[Quote], at: int) -> bool:
    """The same block, or the next one when both are paragraphs; a heading between them is a block too."""
    step = group[at].block - group[at - 1].block
    return step == 0 or (step == 1 and group[at].kind == "paragraph" and group[at - 1].kind == "paragraph")


def _list_around(group: Sequence[Quote], at: int) -> tuple[int, int]:
    """The list that an item is of, from the sentence that opens it."""
    first = last = at
    while first > 0 and group[first].kind == "list_item":
        first -= 1
    while last + 1 < len(group) and group[last + 1].kind == "list_item":
        last += 1
    return first, last


def _without_overlap(chosen: Iterator[Quote]) -> list[Quote]:
    """The quotes best first; one that overlaps an earlier one, or says the same in another stage, adds nothing."""
    kept: list[Quote] = []
    for quote in chosen:
        if not any(_overlaps(k, quote) or _says_the_same(k, quote) for k in kept):
            kept.append(quote)
    return kept


def _overlaps(a: Quote, b: Quote) -> bool:
    return a.evidence.meta.id == b.evidence.meta.id and a.start < b.end and b.start < a.end


def _says_the_same(a: Quote, b: Quote) -> bool:
    """At least four in five of the words of the one stand in the other."""
    mine, theirs = terms_of(a.text, "stems"), terms_of(b.text, "stems")
    return len(mine & theirs) >= _SAME * min(len(mine), len(theirs))


def _citation(n: int, quote: Quote) -> Citation:
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
        quote.source,
    )


def _claim_text(citation: Citation, quote: Quote) -> str:
    """What a reader sees: a decision is named with its title, date and URI."""
    text = quote.text.lstrip("•-–−▪ ")
    if citation.kind != "beslissing":
        return text
    uri = f", {citation.uri}" if citation.uri else ""
    return f"{text} (‘{citation.title}’, {citation.date}{uri})"
