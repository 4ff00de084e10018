"""The extractive composer: which sentences of the evidence answer, as claims on exact spans.

    evidence -> the decisions asked for, or the run of sentences that answers best -> claims

Composes nothing that is not printed: a claim is the readable form of what it cites.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from answer.abbreviations import spelled_out
from answer.decisions import decision_quotes
from answer.extract_article import article_heading
from answer.extract_asked import asks_list, asks_several
from answer.extract_runs import Run, grown, overlap, runs, with_antecedent
from answer.extract_together import runs_together
from answer.quotes import Quote, joined
from answer.records import Citation, Claim
from answer.weighing import terms_of
from ingest.analysis import tokens
from ingest.reading import cleaned, sentences
from retrieval.corpus import Corpus
from retrieval.kinds import named_kinds
from retrieval.naming import named
from retrieval.query import Query
from retrieval.records import Evidence, Filters

PASSAGES_READ = 6
PASSAGES_OF_KIND = 3
LONGEST_LIST = 2_500  # where a list is asked for
SHORT_LIST = 800
_LONGEST_NEAREST = 800
# How much less likely than the best run a further one may be, in log-odds; the latter where several things are asked.
# Wider finds more and cites worse.
_NEAR_BEST, _NEAR_OF_SEVERAL = 0.8, 1.5
MOST_FURTHER = 2
_SAME = 0.8


def compose(
    corpus: Corpus,
    query: Query,
    evidence: Sequence[Evidence],
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """The claims that answer, each on its citations; none when the evidence holds no sentence at all.

    Drafted memos are read only when the question asks for one: they are no source of their own. `filters` are those
    that the evidence was found under: what is looked up beside it, as the other decisions of a file, has to pass them too.
    """
    read = sources(query, evidence)
    decisions = [
        quote for quote in decision_quotes(corpus, query, read) if filters.admit(quote.evidence.meta)
    ]
    answering = [] if decisions else _answering(corpus, query, read)
    chosen = decisions or [quote for quote in answering if filters.admit(quote.evidence.meta)]
    claims: list[Claim] = []
    citations: list[Citation] = []
    for quote in chosen:
        heading = article_heading(corpus, query, quote)
        cited = [
            _citation(len(citations) + n, q, corpus.page_at(q.evidence.meta.id, q.start))
            for n, q in enumerate([quote, *heading], 1)
        ]
        citations += cited
        text = _claim_text(cited[0], quote, heading)
        claims.append(Claim(text, tuple(c.n for c in cited), key=_key_place(quote, text)))
    return tuple(claims), tuple(citations)


def nearest(evidence: Sequence[Evidence], most: int = 3) -> tuple[Citation, ...]:
    """The passages that come nearest to a question that is refused, cut to whole sentences."""
    shown = []
    for n, item in enumerate(evidence[:most], 1):
        ends = [end for _, end in sentences(item.passage.text)]
        end = next((e for e in reversed(ends) if e <= _LONGEST_NEAREST), ends[0])
        start = item.passage.start
        quote = Quote(item, start, start + end, item.passage.text[:end], "paragraph", 0)
        shown.append(_citation(n, quote, item.passage.page))
    return tuple(shown)


def sources(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that may support an answer: drafted memos only when the question asks for one."""
    if "memo" in tokens(query.text):
        return list(evidence)
    return [e for e in evidence if e.meta.kind != "memo"]


def _answering(corpus: Corpus, query: Query, read: Sequence[Evidence]) -> list[Quote]:
    """The run that answers best of each kind of document that is named, else the best one with further ones.

    Further ones are those at other places that answer together with it, then the next that are nearly as good.
    """
    kinds = named_kinds(query.text) if asks_several(query.text) else []
    told = [[e for e in read if e.meta.kind == kind][:PASSAGES_OF_KIND] for kind in kinds]
    first = read[:PASSAGES_READ]
    together = [run for run in runs_together(corpus, query, first) if sources(query, [run.quote.evidence])]
    if sum(map(bool, told)) > 1:
        ranked = runs(corpus, query, [e for e in read if any(e in of_kind for of_kind in told)])
        chosen = [
            next(r for r in [*together, *ranked] if r.quote.evidence.meta.kind == kind)
            for kind, t in zip(kinds, told, strict=True)
            if t
        ]
    else:
        ranked = runs(corpus, query, first)
        margin = _NEAR_OF_SEVERAL if asks_several(query.text) else _NEAR_BEST
        near = [run for run in ranked if run.score >= ranked[0].score - margin]
        chosen = _with_further(near[:1], [*together, *near[1:]])
    quoted = [
        replace(_with_list(run, whole=asks_list(query.text)), key=run.key if rank == 0 else "")
        for rank, run in enumerate(_made_whole(run, chosen) for run in chosen)
    ]
    spelled = spelled_out(corpus, query)
    return quoted if spelled is None else [spelled, *(q for q in quoted[:1] if not overlap(q, spelled))]


def _with_further(best: Sequence[Run], further: Sequence[Run]) -> list[Run]:
    """The best runs, and as many further ones as an answer may have that neither overlap nor repeat one another."""
    chosen = list(best)
    for run in further:
        if len(chosen) > MOST_FURTHER:
            break
        if not any(overlap(run.quote, c.quote) or _says_the_same(run, c) for c in chosen):
            chosen.append(run)
    return chosen


def _made_whole(run: Run, chosen: Sequence[Run]) -> Run:
    """A run with what belongs to it, as far as the other runs chosen do not tell it."""
    others = [other.quote for other in chosen if other is not run]
    return with_antecedent(grown(run, others), others)


def _with_list(run: Run, *, whole: bool) -> Quote:
    """A run that opens or enters a list, with all of the list where that stays readable, each item on its line."""
    group, first, last = run.group, run.first, run.last
    if group[last].kind != "list_item" and not group[last].text.endswith(":"):
        return replace(run.quote, text=_in_lines(group[first : last + 1]))
    opening, closing = first, last
    while opening > 0 and group[opening].kind == "list_item":
        opening -= 1
    while closing + 1 < len(group) and group[closing + 1].kind == "list_item":
        closing += 1
    if group[closing].end - group[opening].start <= (LONGEST_LIST if whole else SHORT_LIST):
        first, last = opening, closing
    return replace(joined(group[first], group[last]), text=_in_lines(group[first : last + 1]))


def _in_lines(pieces: Sequence[Quote]) -> str:
    """The text of neighbours, list items and the official title on lines of their own, as printed: `"Twee doelen:\\n- werk"`."""
    text = pieces[0].text
    for before, piece in itertools.pairwise(pieces):
        begins = piece.block != before.block and (piece.kind == "list_item" or _is_title(before))
        text += f"\n{piece.text}" if begins else f" {piece.text}"
    return text


def _is_title(piece: Quote) -> bool:
    """Whether a piece of a decision is (part of) its official title, which has no full stop at its end."""
    return piece.text in cleaned(piece.evidence.meta.official_title or "")


def _says_the_same(a: Run, b: Run) -> bool:
    """At least four in five of the words of the one stand in the other."""
    mine, theirs = terms_of(a.quote.text, "stems"), terms_of(b.quote.text, "stems")
    return len(mine & theirs) >= _SAME * min(len(mine), len(theirs))


def _citation(n: int, quote: Quote, page: int | None) -> Citation:
    meta, passage = quote.evidence.meta, quote.evidence.passage
    return Citation.of(n, meta, page, passage.section, quote.start, quote.source)


def _key_place(quote: Quote, text: str) -> tuple[int, int] | None:
    """Where the key of a quote stands in the claim that is made of it; None without one, and where it is the whole quote."""
    at = text.find(quote.key) if quote.key not in ("", quote.text) else -1
    return (at, at + len(quote.key)) if at >= 0 else None


def _claim_text(citation: Citation, quote: Quote, heading: Sequence[Quote]) -> str:
    """What a reader sees: a decision is named with its title, date, stage and URI, an article that is asked for by its heading."""
    text = quote.text if "\n" in quote.text else quote.text.lstrip("•-–−▪ ")
    if heading:
        text = f"{heading[0].text}: {text}"
    if citation.kind != "beslissing":
        return text
    return f"{text} {named(quote.evidence.meta)}"
