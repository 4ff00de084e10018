"""When not to answer, and why: what the question names that the documents do not hold.

Rules look at what a question says exactly (codes, dates, years, amounts); the last resort is a threshold on
how much of the question the best passages cover.
"""

import re
from collections.abc import Sequence

from answer.abbreviations import spelled_out
from answer.extract import nearest
from answer.figures import Number, numbers, same_amount
from answer.premise import decision_named, minister_elsewhere, wrong_premise
from answer.records import Citation, Claim, Refusal
from answer.refuse_asked import count_lacking, kind_lacking
from answer.refuse_budget import other_budget
from answer.refuse_contrary import contrary, takes_for_granted
from answer.refuse_counts import wrong_count
from answer.refuse_moves import other_direction, other_outcome
from answer.refuse_names import HOW_MUCH, name_elsewhere, unknown_name
from answer.refuse_numbers import wrong_number
from answer.refuse_open import open_question
from answer.refuse_polarity import none_new, opposite
from answer.refuse_scope import out_of_reach
from answer.refuse_spoken import unspoken
from answer.support import too_little
from answer.tenures import read_tenure
from answer.weighing import covered, rarity
from ingest.analysis import exact
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.listing import TALLY
from retrieval.naming import OPENING
from retrieval.query import Query
from retrieval.records import Evidence
from retrieval.written import passage_closeness

# Below this sum of coverage (0..1) and closeness (-1..1) a question is about something else
# (docs/decisions/0004).
NEAR_ENOUGH = 0.62
_LOOKED_AT = 10
_MOST_ALIKE = 3
_WHOLE_CODE = re.compile(r"code:[A-Z]{2}\d-\d[A-Z0-9]+-[A-Z]{2}")
_LEAST_AMOUNT = 100  # euro

_ROUGHLY = re.compile(
    r"(?:bijna|ongeveer|zowat|circa|ca\.?|rond(?: de)?|ruim|meer dan|minder dan|een kleine|zo'n|±|~)\s*$",
    re.IGNORECASE,
)
_BUDGET_WORD = re.compile(
    r"\b(?:BO|BA|BU|VAK|VEK|krediet\w*|begroting\w*|uitvoering|dotatie|keuro|uitgaven|ontvangsten)\b"
)


def before_search(question: str) -> Refusal | None:
    """What is refused whatever the corpus holds."""
    return out_of_reach(question)


def after_search(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """What the question names and the corpus lacks; None when nothing stands in the way of an answer."""
    return (
        _unknown_code(corpus, query)
        or wrong_premise(corpus, query, evidence)
        or other_direction(corpus, query)
        or other_outcome(corpus, query)
        or _unknown_date(corpus, query)
        or _year_not_covered(corpus, query, evidence)
        or _amount_not_found(corpus, query, evidence)
        or unknown_name(corpus, query)
        or open_question(corpus, query, evidence)
        or _too_little(corpus, query, evidence)
    )


def after_composing(
    query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """What was found says nothing of the year for which a figure is asked or a thing taken for granted.

    A year in other questions tells when something was said or done, and is often told in other words.
    """
    if not (HOW_MUCH.search(query.text) or takes_for_granted(query.text)):
        return None
    asked = _years_asked(_asking(query.text))
    cited = {c.document_id for c in citations}
    told = [e for e in evidence if e.meta.id in cited]
    if (
        not asked
        or any(_mentions_year(e, asked) for e in told)
        or any(str(year) in f"{c.title} {c.date} {c.text}" for c in citations for year in asked)
    ):
        return None
    years = f" {message('or', query.reply_in)} ".join(map(str, sorted(asked)))
    return Refusal("not_in_corpus", message("other_year", query.reply_in, years=years))


def after_answering(
    corpus: Corpus,
    query: Query,
    claims: Sequence[Claim],
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
    least_support: float | None = None,
) -> Refusal | None:
    """Why an answer that was composed is no answer to what was asked; figures of the ledger are trusted.

    `least_support` is in 0..1; None for the threshold that was calibrated, 0 for none.
    """
    figures = [f for c in claims for f in c.figures]
    if any(f.source == "cell" for f in figures) and all(f.source in ("cell", "derived") for f in figures):
        return None
    if any(TALLY.match(c.text) for c in claims) or all(read_tenure(c.text) for c in claims):
        return None  # chosen, counted and recomputed from what is known of the decisions
    # Answered by the record, or by how it is written: how close the quoted text comes says nothing.
    certain = any(OPENING.match(c.text) for c in claims) or spelled_out(corpus, query) is not None
    return (
        contrary(query, citations, evidence)
        or opposite(corpus, query, citations, evidence)
        or unspoken(corpus, query, citations, evidence)
        or none_new(corpus, query, citations, evidence)
        or after_composing(query, citations, evidence)
        or other_budget(corpus, query, citations)
        or minister_elsewhere(corpus, query, citations, evidence)
        or name_elsewhere(corpus, query, citations, evidence)
        or wrong_number(corpus, query, citations, evidence)
        or wrong_count(corpus, query, citations, evidence)
        or kind_lacking(query, citations)
        or count_lacking(corpus, query, citations, evidence)
        or (None if certain else too_little(corpus, query, citations, evidence, least_support))
    )


def _unknown_code(corpus: Corpus, query: Query) -> Refusal | None:
    codes = [term for term in query.exact if term.startswith("code:")]
    whole = [term for term in codes if _WHOLE_CODE.fullmatch(term)]
    if not codes or any(corpus.lexical.frequency("exact", term) for term in whole or codes):
        return None
    like = _like(corpus, codes)
    if like:
        told = message("other_codes", query.reply_in, code=codes[0][5:], held=", ".join(like))
        return Refusal("not_in_corpus", told)
    return Refusal(
        "not_in_corpus",
        message("unknown_code", query.reply_in, code=codes[0][5:], held=_held(corpus, query)),
    )


def _like(corpus: Corpus, codes: Sequence[str]) -> list[str]:
    """The articles of the budget that share the inner part of a code: `JB0-1JDB2CC-WT` for `KB0-1JDB2CC-WT`."""
    known = dict.fromkeys(article.code for ledger in corpus.ledgers() for article in ledger.articles)
    return [code for code in known if any(term in exact(code) for term in codes)][:_MOST_ALIKE]


def _unknown_date(corpus: Corpus, query: Query) -> Refusal | None:
    dates = [term for term in query.exact if term.startswith("date:")]
    known = {f"date:{meta.date}" for meta in corpus.documents()}
    if not dates or any(t in known or corpus.lexical.frequency("exact", t) for t in dates):
        return None
    return Refusal("not_in_corpus", message("unknown_date", query.reply_in, date=dates[0][5:]))


def _year_not_covered(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """A budget question about a year of which no budget document was ingested."""
    asked = _years_asked(query.text)
    if not asked or not _BUDGET_WORD.search(query.text):
        return None
    budget_years = {m.year for m in corpus.documents() if m.kind == "bbt"}
    if asked & budget_years or any(
        _mentions_year(e, asked) for e in evidence[:_LOOKED_AT] if e.meta.kind != "bbt"
    ):
        return None
    if not any(t.startswith("code:") for t in query.exact) and any(
        _mentions_year(e, asked) for e in evidence[:3]
    ):
        return None
    return Refusal(
        "not_in_corpus",
        message("year_not_covered", query.reply_in, year=min(asked), held=_held(corpus, query)),
    )


def _years_asked(text: str) -> set[int]:
    # `2.000` is no year.
    return {int(n.value) for n in numbers(text) if n.is_year and text[n.start : n.end].isdigit()}


def _asking(question: str) -> str:
    """The sentences that ask, without what they say first: `"In 2019 vroeg men dat. Kwam het er?"` -> `"Kwam het er?"`."""
    parts = [question[start:end] for start, end in sentences(question)]
    return " ".join(part for part in parts if part.rstrip().endswith("?")) or question


def _mentions_year(evidence: Evidence, years: set[int]) -> bool:
    return evidence.meta.year in years or any(str(y) in evidence.passage.text for y in years)


def _amount_not_found(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """An amount in the question that none of the passages found gives, or not the decision that it names."""
    named = decision_named(query, evidence)
    asked = [n for n in numbers(query.text) if _is_amount(n) or (named and n.unit == "%" and n.value != 0)]
    if not asked:
        return None
    missing = [
        n
        for n in asked
        if not any(
            same_amount(n, m, roughly=is_rough(query.text, n.start)) for m in _told(corpus, named, evidence)
        )
    ]
    if not missing:
        return None
    amount = query.text[missing[0].start : missing[0].end]
    shown = nearest([named], most=1) if named else ()
    return Refusal("false_premise", message("amount_not_found", query.reply_in, amount=amount), shown)


def _is_amount(number: Number) -> bool:
    """A sum of money; a few euro are a rate (`per 2 euro`), and a percentage may be worked out from others."""
    return bool(number.scale) and abs(number.value) * (number.scale or 1) >= _LEAST_AMOUNT


def _told(corpus: Corpus, named: Evidence | None, evidence: Sequence[Evidence]) -> list[Number]:
    """The numbers of the file of the decision that is named, else of the best passages."""
    if named is None:
        texts = [e.passage.text for e in evidence[:_LOOKED_AT]]
    else:
        documents = (corpus.document(m.id) for m in corpus.families.of(named.meta))
        texts = [d.text for d in documents if d is not None]
    return [number for text in texts for number in numbers(cleaned(text))]


def is_rough(text: str, start: int) -> bool:
    """Whether the number at `start` is said to be approximate (`bijna 500`)."""
    return bool(_ROUGHLY.search(text[:start]))


def _too_little(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    looked_at = evidence[:_LOOKED_AT]
    vector = corpus.embedder.encode_query(query.sentence())
    near = max(
        (max(e.closeness, passage_closeness(corpus, e.passage, vector)) for e in looked_at), default=0.0
    )
    if looked_at and coverage(corpus, query, looked_at) + near >= NEAR_ENOUGH:
        return None
    return Refusal("not_in_corpus", message("nothing_found", query.reply_in))


def coverage(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> float:
    """Share of the question's grams, weighted by rarity, that the best single passage holds, 0..1."""
    weights = rarity(corpus, query.terms("grams"))
    return max((covered(weights, e.passage, e.meta) for e in evidence), default=0.0)


def _held(corpus: Corpus, query: Query) -> str:
    """Which budget years there are, as the end of a sentence."""
    years = sorted({m.year for m in corpus.documents() if m.kind == "bbt" and m.year})
    if not years:
        return message("held_none", query.reply_in)
    return message("held_years", query.reply_in, years=", ".join(map(str, years)))
