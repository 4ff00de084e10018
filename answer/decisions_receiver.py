"""What one receiver gets, where a decision tells what several get together."""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.decisions_granted import ABOUT, AMOUNT, GETS, HOW_MUCH, NAMED, all_of, names, share_held
from answer.extract_runs import runs
from answer.quotes import Quote
from retrieval.corpus import Corpus
from retrieval.naming import opening, titles
from retrieval.query import Query
from retrieval.records import Evidence

_READ = 6  # passages
_NEAR_RUN = 2.0  # how much less likely the sentence on one receiver may be, in log-odds
_I = re.IGNORECASE
_ONE = re.compile(
    rf"\b{HOW_MUCH}\b(?: \w+){{0,2}} (?:{GETS}) (?P<who>(?!(?:de|het) (?:regering|overheid)\b).+?)(?: (?:voor|om|in het kader van|uit)\b(?P<rest>.*?))?[?.!]?$",
    _I,
)
# An amount for several receivers: a sum, or one that a list follows.
_IN_ALL = re.compile(
    r"\b(?:in totaal|totaal\w*|samen|gezamenlijk|verdeeld)\b|:[^.;]*[,;][^.;]*(?:[,;]| en )", _I
)


def alone(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """What the decision on one receiver says it gets, where a better sentence tells what several get together.

    That sentence follows, unless the receiver's own decision tells of the purpose that is asked for.
    """
    asked = _ONE.search(query.text)
    if asked is None or not (named := names(asked["who"])):
        return []
    told = [run for run in runs(corpus, query, evidence[:_READ]) if AMOUNT.search(run.quote.text)]
    if not told or told[0].quote.evidence.meta.kind != "beslissing":
        return []
    best = told[0].quote
    if not _IN_ALL.search(best.text) or share_held(corpus, named, titles(best.evidence.meta)) >= NAMED:
        return []
    near = (r.quote for r in told if r.score >= told[0].score - _NEAR_RUN)
    own = next((q for q in near if share_held(corpus, named, titles(q.evidence.meta)) >= NAMED), None)
    if own is None or own.evidence.meta.kind != "beslissing":
        return []
    opened = replace(own, text=f"{opening(own.evidence.meta)} {own.text}".strip())
    purpose = names(asked["rest"] or "")
    return [opened] if share_held(corpus, purpose, all_of(own.evidence)) >= ABOUT else [opened, best]
