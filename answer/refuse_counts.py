"""How many of a thing a question takes for granted (`welke 12 gemeenten`), and amounts, against clauses that say another number."""

import re
from collections.abc import Iterator, Sequence

from answer.figures import Number, numbers, same_amount
from answer.records import Citation, Refusal
from answer.refuse_names import surroundings
from answer.refuse_polarity import asks_whether
from answer.refuse_told import put_right, subject, told
from ingest.analysis import STOPWORDS, stems, tokens
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_WORDS = "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig".split()
_ABOUT, _ABOUT_AMOUNT = 0.35, 0.5  # share of the subject in a clause that counts, in one that gives an amount
_AHEAD = 0.1
_FEWEST = 2
_LEAST_AMOUNT = 100
# A number before these measures or dates; it counts nothing.
_UNCOUNTED = frozenset(
    stems(
        tokens(
            "euro keuro miljoen miljard procent januari februari maart april mei juni juli augustus september oktober november december jaar jaren maand maanden "
            "dag dagen week weken uur uren keer maal duizend honderd graad eeuw leerjaar kwartaal ba vak vek"
        )
    )
)
_COUNTED = re.compile(
    rf"(?<![\w.,%-])(\d{{1,3}}(?:\.\d{{3}})+|\d{{1,5}}|{'|'.join(_WORDS[2:])})\s+((?:[^\W\d_][\w-]+\s+){{0,2}})([^\W\d_][\w-]*)",
    re.I,
)


def wrong_count(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """A count or an amount in the question, where a clause on the same thing has another and none has that one."""
    if asks_whether(query.text):
        return None
    return _count(corpus, query, citations, evidence) or _amount(corpus, query, citations, evidence)


def _count(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    asked = list(_counts(query.text))
    if not asked:
        return None
    clauses = told(subject(corpus, query), citations, evidence)
    for number, thing in asked:
        counting = [(t, {n for n, what in _counts(t.clause) if what == thing}) for t in clauses]
        same = max((t.about for t, found in counting if number in found), default=0.0)
        others = next((t for t, found in counting if found and number not in found), None)
        if others and others.about >= max(_ABOUT, same + _AHEAD):
            return put_right(query, others)
    return None


def _counts(text: str) -> Iterator[tuple[int, str]]:
    """What a text counts, as (number, stem): `"19 lokale besturen"` -> `(19, "lokal"), (19, "bestur")`."""
    for match in _COUNTED.finditer(text):
        number = _value(match[1])
        near = []
        for word in tokens(f"{match[2]} {match[3]}"):
            if word in STOPWORDS:
                break
            near.append(word)
        found = stems(near)
        if number < _FEWEST or (number > 1990 and number < 2051 and "." not in match[1]):
            continue
        if found and found[0] not in _UNCOUNTED:
            yield from ((number, stem) for stem in found)


def _value(word: str) -> int:
    lower = word.lower()
    return _WORDS.index(lower) if lower in _WORDS else int(word.replace(".", ""))


def _amount(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """A sum of money that the decisions cited do not have, where a clause just on the subject has another."""
    asked = [n for n in numbers(query.text) if _is_sum(n)]
    if not asked or not citations or any(c.kind != "beslissing" for c in citations):
        return None
    here = [n for text in surroundings(corpus, citations, evidence) for n in numbers(text)]
    missing = [n for n in asked if not any(same_amount(n, m, roughly=True) for m in here)]
    if not missing:
        return None
    words = query.text[missing[0].start : missing[0].end]
    cited = {c.document_id for c in citations}
    for clause in told(subject(corpus, query, words), citations, evidence):
        if (
            clause.citation.document_id in cited
            and clause.about >= _ABOUT_AMOUNT
            and any(map(_is_sum, numbers(clause.sentence)))
        ):
            return put_right(query, clause)
    return None


def _is_sum(number: Number) -> bool:
    return bool(number.scale) and abs(number.value) * (number.scale or 1) >= _LEAST_AMOUNT
