"""What a question takes for granted of a decision, against what is known of it: its day, stage and ministers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from answer.extract import nearest
from answer.records import Citation, Refusal
from ingest.analysis import STOPWORDS, exact, stems, tokens
from ingest.records import Metadata
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.query import Query
from retrieval.records import Evidence

_LOOKED_AT = 5
_TITLE_NAMED = 0.7  # the share of a title's words that a question holds when it means that decision
_MOST_TOLD = 4
_RIVAL = 0.9  # a decision of that day with this share of the best score may be the one that is meant
# `principieel of definitief` asks which of the two it was.
_STAGE = r"(?:principi\w+|definiti\w+|bekrachtig\w+|final|in principle|de principe)"
_BOTH_STAGES = re.compile(rf"\b{_STAGE}\s+(?:of|or|ou)\s+(?:\w+\s+)?{_STAGE}", re.IGNORECASE)
_APPROVES = re.compile(
    r"\b(?:goedgekeurd|goedkeurde|goedkeur\w*|keur(?:t|de|den)\b.{0,120}\bgoed|beslist(?:e|en)?|besloten|bekrachtigd\w*|stemde in|"
    r"nam akte|approved|approuvé\w*)\b",
    re.IGNORECASE,
)


def wrong_premise(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """A day, a stage or a minister in the question that the decision contradicts, put right with its reference."""
    decisions = [e for e in evidence[:_LOOKED_AT] if e.meta.kind == "beslissing"]
    named = decision_named(query, decisions)
    wrong_stage = _stage(query, decisions)
    if wrong_stage or named is None:
        return wrong_stage
    return _day(corpus, query, named) or _minister(corpus, query, named)


def decision_named(query: Query, evidence: Sequence[Evidence]) -> Evidence | None:
    """The first of the best passages that is of a decision whose title the question gives."""
    decisions = (e for e in evidence[:_LOOKED_AT] if e.meta.kind == "beslissing")
    return next((e for e in decisions if _is_named(query, e.meta)), None)


def _stage(query: Query, decisions: Sequence[Evidence]) -> Refusal | None:
    """The question names a day and a stage, and on that day the decision was taken at another stage."""
    days = _days(query)
    taken = [e for e in decisions if e.meta.date in days]
    if not taken or _BOTH_STAGES.search(query.text):
        return None
    meta = taken[0].meta
    stage = cues(query.text.replace(meta.title, "")).stage
    rivals = [e for e in taken if e.score >= _RIVAL * taken[0].score]
    if not stage or any(e.meta.stage in (stage, None) for e in rivals):
        return None
    told = message(
        "other_stage", query.reply_in, title=meta.title, date=meta.date, asked=stage, stage=meta.stage
    )
    return Refusal("false_premise", told, nearest(taken, most=1))


def _day(corpus: Corpus, query: Query, named: Evidence) -> Refusal | None:
    """The question says on which day a decision was taken, and none of its file was taken then."""
    days = _days(query)
    family = corpus.families.of(named.meta)
    if not days or not _APPROVES.search(query.text) or any(m.date in days for m in family):
        return None
    if any(day in " ".join(exact(named.passage.text)) for day in days):
        return None
    told = "; ".join(f"{m.date}{f' ({m.stage})' if m.stage else ''}" for m in family[:_MOST_TOLD])
    corrected = message("other_day", query.reply_in, title=named.meta.title, asked=", ".join(days), told=told)
    return Refusal("false_premise", corrected, nearest([named], most=1))


def _minister(corpus: Corpus, query: Query, named: Evidence) -> Refusal | None:
    """The question ascribes a decision to a minister who had no part in its file."""
    asked = corpus.ministers_named(query.text)
    family = corpus.families.of(named.meta)
    involved = {name for m in family for name in m.ministers}
    if not asked or not involved or asked & involved:
        return None
    if any(name.split()[-1] in named.passage.text for name in asked):
        return None
    corrected = message(
        "other_minister",
        query.reply_in,
        title=named.meta.title,
        told=", ".join(named.meta.ministers or sorted(involved)),
        asked=", ".join(sorted(asked)),
    )
    return Refusal("false_premise", corrected, nearest([named], most=1))


def minister_elsewhere(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """The question is about a minister who had no part in the files that are cited, and names no decision itself."""
    asked = set() if decision_named(query, evidence) else corpus.ministers_named(query.text)
    metas = [corpus.metadata(c.document_id) for c in citations]
    if not asked or not all(m.kind == "beslissing" and m.ministers for m in metas):
        return None
    if any(asked & set(member.ministers) for m in metas for member in corpus.families.of(m)):
        return None
    if any(name.split()[-1] in c.text for name in asked for c in citations):
        return None
    taken = corpus.metadata(citations[0].document_id)
    corrected = message(
        "other_minister",
        query.reply_in,
        title=taken.title,
        told=", ".join(taken.ministers),
        asked=", ".join(sorted(asked)),
    )
    return Refusal("false_premise", corrected, (replace(citations[0], n=1),))


def _is_named(query: Query, meta: Metadata) -> bool:
    """Whether the question holds most words and all numbers of a decision's title."""
    title = set(stems(w for w in tokens(meta.title) if w not in STOPWORDS))
    asked = set(stems(tokens(query.text)))
    numbers = {word for word in title if word[0].isdigit()}
    return bool(title) and numbers <= asked and len(title & asked) >= _TITLE_NAMED * len(title)


def _days(query: Query) -> list[str]:
    return [term.removeprefix("date:") for term in query.exact if term.startswith("date:")]
