"""When not to answer, and why: what the question names that the documents do not hold.

Rules look at what a question says exactly (codes, dates, years, amounts); the last resort is a threshold on
how much of the question the best passages cover.
"""

import re
from collections.abc import Sequence

from answer.figures import numbers, same_amount
from answer.records import Citation, Refusal
from answer.weighing import covered, rarity
from ingest.analysis import stems, tokens
from ingest.reading import cleaned, sentences
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

# Below this sum of coverage (0..1) and closeness (-1..1) a question is about something else
# (docs/decisions/0004).
NEAR_ENOUGH = 0.62
_LOOKED_AT = 10
NOTHING_FOUND = "Hierover is in de opgenomen documenten geen antwoord gevonden."

_INSTRUCTION = re.compile(
    r"\b(?:negeer|vergeet|ignore|disregard|oublie|ignorez?)\b.{0,60}\b(?:instructies?|opdrachten|regels|instructions?|rules|consignes)\b"
    r"|\b(?:systeem|system)[\s-]?prompt\b|\bjailbreak\b|\b(?:doe alsof|gedraag je als|you are now|act as|pretend)\b"
    r"|\b(?:toon|geef|onthul|reveal|print)\b.{0,40}\b(?:je|jouw|uw|your)\b.{0,20}\b(?:prompt|instructies|instructions)\b",
    re.IGNORECASE | re.DOTALL,
)
_OPINION = re.compile(
    r"\b(?:wat vind (?:je|jij|u)|vind (?:je|jij|u) (?:dat|het)|jouw mening|uw mening|voorspel|ga je stemmen|op wie stem|"
    r"wie (?:gaat|zal) de verkiezingen winnen|what do you think|your opinion)\b",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"(?:bijna|ongeveer|zowat|circa|ca\.?|rond(?: de)?|ruim|meer dan|minder dan|een kleine|zo'n|±|~)\s*$",
    re.IGNORECASE,
)
_BUDGET_WORD = re.compile(
    r"\b(?:BO|BA|BU|VAK|VEK|krediet\w*|begroting\w*|uitvoering|dotatie|keuro|uitgaven|ontvangsten)\b"
)
_WORD = re.compile(r"[^\W_][\w'’-]*")


def before_search(question: str) -> Refusal | None:
    """What is refused whatever the corpus holds."""
    if _INSTRUCTION.search(question):
        return Refusal(
            "instruction",
            "Dit is een opdracht aan de assistent en geen vraag over de documenten. Stel een vraag over beleid, begroting of beslissingen.",
        )
    if _OPINION.search(question):
        return Refusal(
            "out_of_scope",
            "Een mening of voorspelling staat niet in de documenten. Vraag gerust wat de documenten over dit onderwerp zeggen.",
        )
    return None


def after_search(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """What the question names and the corpus lacks; None when nothing stands in the way of an answer."""
    return (
        _unknown_code(corpus, query)
        or _unknown_date(corpus, query)
        or _year_not_covered(corpus, query, evidence)
        or _amount_not_found(query, evidence)
        or _unknown_name(corpus, query)
        or _too_little(corpus, query, evidence)
    )


def after_composing(
    query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """What was found says nothing of the year that is asked, neither in its words nor by its date."""
    asked = _years_asked(query)
    cited = {c.document_id for c in citations}
    told = [e for e in evidence if e.meta.id in cited]
    if (
        not asked
        or any(_mentions_year(e, asked) for e in told)
        or any(str(year) in f"{c.title} {c.date} {c.text}" for c in citations for year in asked)
    ):
        return None
    return Refusal(
        "not_in_corpus",
        f"Wat de opgenomen documenten hierover zeggen, gaat niet over {' of '.join(map(str, sorted(asked)))}.",
    )


def _unknown_code(corpus: Corpus, query: Query) -> Refusal | None:
    codes = [term for term in query.exact if term.startswith("code:")]
    if not codes or any(corpus.lexical.frequency("exact", term) for term in codes):
        return None
    return Refusal(
        "not_in_corpus",
        f"Begrotingsartikel {codes[0][5:]} komt in de opgenomen documenten niet voor; {_years(corpus)}",
    )


def _unknown_date(corpus: Corpus, query: Query) -> Refusal | None:
    dates = [term for term in query.exact if term.startswith("date:")]
    known = {f"date:{meta.date}" for meta in corpus.documents()}
    if not dates or any(t in known or corpus.lexical.frequency("exact", t) for t in dates):
        return None
    return Refusal("not_in_corpus", f"De opgenomen documenten vermelden niets op {dates[0][5:]}.")


def _year_not_covered(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """A budget question about a year of which no budget document was ingested."""
    asked = _years_asked(query)
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
        f"Over begrotingsjaar {min(asked)} is geen begrotingsdocument opgenomen; {_years(corpus)}",
    )


def _years_asked(query: Query) -> set[int]:
    return {int(n.value) for n in numbers(query.text) if n.is_year}


def _mentions_year(evidence: Evidence, years: set[int]) -> bool:
    return evidence.meta.year in years or any(str(y) in evidence.passage.text for y in years)


def _amount_not_found(query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """An amount in the question that none of the passages found gives: its premise does not hold here."""
    asked = [n for n in numbers(query.text) if not n.is_year and (n.scale or n.unit == "%") and n.value != 0]
    told = [m for e in evidence[:_LOOKED_AT] for m in numbers(cleaned(e.passage.text))]
    missing = [
        n for n in asked if not any(same_amount(n, m, roughly=is_rough(query.text, n.start)) for m in told)
    ]
    if not missing:
        return None
    amount = query.text[missing[0].start : missing[0].end]
    return Refusal(
        "false_premise",
        f"Het bedrag {amount} uit de vraag staat niet in de documenten die over dit onderwerp gaan.",
    )


def is_rough(text: str, start: int) -> bool:
    """Whether the number at `start` is said to be approximate (`bijna 500`)."""
    return bool(_ROUGHLY.search(text[:start]))


def _unknown_name(corpus: Corpus, query: Query) -> Refusal | None:
    """A name in the question that occurs nowhere in the corpus: what is asked about it cannot stand there."""
    missing = [name for name in _names(query.text) if not _known(corpus, name)]
    if not missing:
        return None
    return Refusal("not_in_corpus", f"‘{missing[0]}’ komt in de opgenomen documenten niet voor.")


def _names(text: str) -> list[str]:
    """Words with a capital inside a sentence; the first word of a sentence says nothing, nor does a text in capitals."""
    if text.isupper():
        return []
    return [
        text[m.start() : m.end()]
        for start, end in sentences(text)
        for m in list(_WORD.finditer(text, start, end))[1:]
        if text[m.start()].isupper() and not any(c.isdigit() for c in m.group())
    ]


def _known(corpus: Corpus, name: str) -> bool:
    return all(corpus.lexical.frequency("stems", stem) for stem in stems(tokens(name)))


def _too_little(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    looked_at = evidence[:_LOOKED_AT]
    near = max((e.closeness for e in looked_at), default=0.0)
    if looked_at and coverage(corpus, query, looked_at) + near >= NEAR_ENOUGH:
        return None
    return Refusal("not_in_corpus", NOTHING_FOUND)


def coverage(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> float:
    """Share of the question's grams, weighted by rarity, that the best single passage holds, 0..1."""
    weights = rarity(corpus, query.terms("grams"))
    return max((covered(weights, e.passage, e.meta) for e in evidence), default=0.0)


def _years(corpus: Corpus) -> str:
    years = sorted({m.year for m in corpus.documents() if m.kind == "bbt" and m.year})
    return (
        f"wel opgenomen: begrotingsjaar {', '.join(map(str, years))}."
        if years
        else "er is geen begrotingsdocument opgenomen."
    )
