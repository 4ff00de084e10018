"""How much of a question a piece of text covers, rare words counting more."""

import math
from collections.abc import Mapping, Sequence

from ingest.analysis import grams, stems, tokens
from ingest.lexical import Field
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus


def rarity(corpus: Corpus, terms: Sequence[tuple[str, float]], field: Field = "grams") -> dict[str, float]:
    """Inverse document frequency of each term times how often it is asked.

    `log(1 + N / (1 + n))` with N passages of which n hold the term. Source: Robertson, Understanding
    inverse document frequency (2004), in the smoothed form.
    """
    total = len(corpus.passages)
    return {
        term: weight * math.log(1 + total / (1 + corpus.lexical.frequency(field, term)))
        for term, weight in terms
    }


def share(weights: Mapping[str, float], present: set[str]) -> float:
    """Share of the weight that lies on the terms present, 0..1: `({"a": 3, "b": 1}, {"a"})` -> 0.75."""
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in present) / total if total else 0.0


def covered(weights: Mapping[str, float], passage: Passage, meta: Metadata) -> float:
    """Share of a question that a passage and its headings hold, by character grams, 0..1."""
    return share(weights, terms_of(" ".join((meta.title, *passage.section, passage.text)), "grams"))


def terms_of(text: str, field: Field) -> set[str]:
    """The terms of a text in one lexical field."""
    words = tokens(text)
    return set(stems(words) if field == "stems" else grams(words))
