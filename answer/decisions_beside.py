"""The decision on each of two sides, found by itself.

question -> its two sides -> one question for each, the other side left out -> the decision on it -> its best sentences
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.decisions_granted import ABOUT, AMOUNT, GETS, NAMED, all_of, names, share_held
from answer.decisions_sides import ORDINAL, Sides, sides_of
from answer.extract_runs import Run, runs
from answer.quotes import Quote, joined
from ingest.analysis import MONTHS, tokens
from ingest.reading import cleaned
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.naming import opening, titles
from retrieval.query import Query, understand
from retrieval.records import Evidence, Filters
from retrieval.search import find

_NEAR = 0.1  # how much less of the rest another edition may hold
_NEAR_BEST = 0.5  # of the score of the first one found
# `hoeveel projecten` asks for a number, `hoeveel kreeg` and `hoeveel subsidie` for an amount.
_COUNTS = re.compile(
    rf"\bhoeveel (?!(?:{GETS}|de|het|een|\w*subsidies?|\w*steun|euro|geld|toelage|middelen)\b)[a-z]+en\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:19|20)\d\d\b")


def beside(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """The best sentences of the decision on each side, in the question's order.

    None where a side has no decision of its own, and where what was found first is no decision or tells of both.
    """
    sides = sides_of(query.text)
    if sides is None or not evidence or evidence[0].meta.kind != "beslissing":
        return []
    if _tells_of_both(corpus, evidence[0], sides):
        return []
    told = []
    for side, opposite in ((sides.one, sides.other), (sides.other, sides.one)):
        asked = understand(f"Hoeveel {sides.rest} {side}?", (), corpus.terms, corpus.uses)
        if (found := _on(corpus, asked, side, opposite, sides.rest)) is None:
            return []
        told.append((asked, found))
    if told[0][1].meta.id == told[1][1].meta.id:
        return []
    return [_told(corpus, asked, found) for asked, found in told]


def _on(corpus: Corpus, asked: Query, side: str, opposite: str, rest: str) -> Evidence | None:
    """The decision on a side: that names it, best in its title; is of its time; or is of its edition."""
    named = names(side, opposite)
    if not named:
        return None
    time = _TIME.search(side)
    only_time = time is not None and all(w.isdigit() or w in MONTHS for w in named)
    years = (int(time.group()),) if time and only_time else ()
    found = find(corpus, asked, filters=Filters(year=years))
    if not found or found[0].meta.kind != "beslissing":
        return None
    near = [
        e
        for e in found
        if e.meta.kind == "beslissing"
        and e.score >= _NEAR_BEST * found[0].score
        and (_COUNTS.search(asked.text) or AMOUNT.search(_text(corpus, e.meta)))
    ]
    if only_time:
        return next((e for e in near if share_held(corpus, tokens(rest), all_of(e)) >= ABOUT), None)
    if all(ORDINAL.fullmatch(name) for name in named):
        return _of_edition(corpus, near, side, rest)
    titled = (e for e in near if share_held(corpus, named, titles(e.meta)) >= NAMED)
    told = (e for e in near if share_held(corpus, named, all_of(e)) >= NAMED)
    return next(titled, None) or next(told, None)


def _of_edition(corpus: Corpus, near: Sequence[Evidence], side: str, rest: str) -> Evidence | None:
    """The decision that has the edition in its title; the first or last one on the rest of the question, where none has."""
    ordinal = ORDINAL.search(side)
    assert ordinal is not None, "an edition has a number"
    edition = " ".join(tokens(side[ordinal.start() :]))
    if literal := next((e for e in near if edition in " ".join(tokens(titles(e.meta)))), None):
        return literal
    held = [(share_held(corpus, names(rest), all_of(e)), e) for e in near]
    best = max(much for much, _ in held)
    dated = sorted(
        (e for much, e in held if much >= max(ABOUT, best - _NEAR)), key=lambda e: e.meta.date or ""
    )
    if not dated or ordinal.group().lower() not in ("eerste", "laatste"):
        return None
    return dated[0] if ordinal.group().lower() == "eerste" else dated[-1]


def _tells_of_both(corpus: Corpus, found: Evidence, sides: Sides) -> bool:
    pairs = ((sides.one, sides.other), (sides.other, sides.one))
    named = [[w for w in names(*pair) if not w.isdigit() and not ORDINAL.fullmatch(w)] for pair in pairs]
    return all(named) and all(share_held(corpus, own, all_of(found)) >= NAMED for own in named)


def _text(corpus: Corpus, meta: Metadata) -> str:
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus is a document of the corpus"
    return document.text


def _told(corpus: Corpus, asked: Query, found: Evidence) -> Quote:
    """The sentences of a decision that answer best, its titles left out, with the words that say its day."""
    told = runs(corpus, asked, [found])
    granted = [run for run in told if AMOUNT.search(run.quote.text)]
    run = told[0] if _COUNTS.search(asked.text) or not granted else granted[0]
    quote = _without_titles(run, cleaned(titles(found.meta)))
    return replace(quote, text=f"{opening(found.meta)} {quote.text}".strip())


def _without_titles(run: Run, known: str) -> Quote:
    first = next((n for n in range(run.first, run.last + 1) if run.group[n].text not in known), run.first)
    return joined(run.group[first], run.group[run.last])
