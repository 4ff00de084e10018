"""The budget article that a quote is of, where the question asks which one: the heading above it, as a quote of its own."""

import re
from dataclasses import replace

from answer.quotes import Quote
from ingest.budget.codes import mentions
from ingest.reading import cleaned
from ingest.records import Passage
from retrieval.corpus import Corpus
from retrieval.query import Query

_ASKS = re.compile(
    r"\bwelke?\b(?: \w+){0,2} (?:begrotings|uitgaven|ontvangsten)?artikel(?:en)?\b"
    r"|\bwaar (?:zit|zitten|staat|staan|vind\w*)\b.{0,60}\b(?:begroting|krediet\w*|budget|middelen|bbt)\b"
    r"|\bwaar\b.{0,60}\bin de (?:begroting|bbt)\b",
    re.IGNORECASE,
)


def article_heading(corpus: Corpus, query: Query, quote: Quote) -> list[Quote]:
    """The heading with an article code under which the quote stands; empty when no article is asked or it has none."""
    document = corpus.document(quote.evidence.meta.id)
    above = [title for title in quote.evidence.passage.section if any(mentions(title))]
    if not above or document is None or not _ASKS.search(query.text):
        return []
    headings = [b for b in document.blocks if b.kind == "heading" and b.end <= quote.start]
    named = [b for b in headings if cleaned(document.text[b.start : b.end]) == above[-1]]
    if not named:
        return []
    start, end = named[-1].start, named[-1].end
    text = document.text[start:end]
    item = quote.evidence
    passage = Passage(item.meta.id, start, end, text, item.passage.section[:-1], named[-1].page)
    return [
        Quote(
            replace(item, passage=passage),
            start,
            end,
            cleaned(text),
            "heading",
            0,
        )
    ]
