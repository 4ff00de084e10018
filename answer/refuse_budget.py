"""The budget of another policy field, minister or edition than the budget documents that are held."""

import re
from collections.abc import Sequence

from answer.records import Citation, Refusal
from ingest.analysis import STOPWORDS, stems, tokens
from ingest.records import Metadata
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query

_I = re.IGNORECASE
_BUDGET = (
    r"(?:BBT|beleids- en begrotingstoelichting|begrotingstoelichting|begroting|begrotingsdocument|budget)"
)
# `de begroting (2021) van minister Demir`, `de BBT Onderwijs`, `het VAK van het beleidsdomein Mobiliteit`
_WHOSE = re.compile(
    rf"\b{_BUDGET}\s+(?:voor\s+)?(?:(?:19|20)\d\d\s+)?(?:(?:van|voor|over)\s+)?(?:de |het )?"
    r"(?:(?:vlaams )?minister (?:van )?|departement (?:van )?|beleidsdomein |beleidsveld |domein )?"
    r"((?:[A-Za-zß-ÿ]+(?:,? en | )?){1,4})|\b(?:beleidsdomein|beleidsveld|departement)\s+((?:[A-Za-zß-ÿ]+(?:,? en | )?){1,3})",
    _I,
)
_EDITIONS = (
    (
        "opmaak",
        re.compile(
            rf"\b{_BUDGET}\b[^.?!]{{0,25}}\b(?:begrotings)?opmaak\b|\b(?:begrotings)?opmaak\b[^.?!]{{0,12}}\b{_BUDGET}\b",
            _I,
        ),
    ),
    (
        "aanpassing",
        re.compile(
            r"\bBBT\b[^.?!]{0,25}\b(?:begrotings)?aanpassing\b|\b(?:begrotings)?aanpassing\b[^.?!]{0,12}\bBBT\b",
            _I,
        ),
    ),
    ("uitvoering", re.compile(r"\bBBT\b[^.?!]{0,25}\b(?:begrotings)?uitvoering\b", _I)),
)
_KIND = "bbt"


def other_budget(corpus: Corpus, query: Query, citations: Sequence[Citation]) -> Refusal | None:
    """A budget that is not held is asked for, and nothing but the budget documents that are would answer."""
    held = [meta for meta in corpus.documents() if meta.kind == _KIND]
    if not held or any(c.kind != _KIND for c in citations):
        return None
    return _edition(query, held) or _field(corpus, query, held)


def _edition(query: Query, held: Sequence[Metadata]) -> Refusal | None:
    """`BBT opmaak 2021` where only the execution is held."""
    asked = next((name for name, pattern in _EDITIONS if pattern.search(query.text)), None)
    if asked is None or any(asked in meta.title.lower() for meta in held):
        return None
    return Refusal("not_in_corpus", message("other_edition", query.reply_in, asked=asked, held=_titles(held)))


def _field(corpus: Corpus, query: Query, held: Sequence[Metadata]) -> Refusal | None:
    """The budget of a field or a minister that no title or publisher of a budget document names."""
    found = _WHOSE.search(query.text)
    if not found:
        return None
    asked = (found[1] or found[2]).strip()
    words = set(stems(w for w in tokens(asked) if w not in STOPWORDS))
    fields = {s for meta in corpus.documents() for theme in meta.themes for s in stems(tokens(theme))} - set(
        stems(STOPWORDS)
    )
    known = set(stems(tokens(" ".join(f"{meta.title} {meta.publisher or ''}" for meta in held))))
    if not words & fields or words & known:
        return None
    return Refusal("not_in_corpus", message("other_budget", query.reply_in, asked=asked, held=_titles(held)))


def _titles(held: Sequence[Metadata]) -> str:
    return "; ".join(meta.title for meta in held)
