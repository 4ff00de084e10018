"""What a receiver is called and how much of it a decision holds, for questions about what was granted."""

import re
from collections.abc import Sequence

from answer.weighing import rarity, share, terms_of
from ingest.analysis import STOPWORDS, grams, tokens
from retrieval.corpus import Corpus
from retrieval.naming import titles
from retrieval.records import Evidence

NAMED = 0.75  # least share of what names a receiver, by rare grams, in the decision on it
ABOUT = 0.5  # the same of the rest of the question, where a time or an edition is all that names it
GETS = r"krijg\w*|kreeg|kregen|ontv(?:ang|ing)\w*|gaat|ging|gingen|toegekend"
AMOUNT = re.compile(r"\d\s?(?:miljoen |miljard )?euro\b|€\s?\d", re.IGNORECASE)
HOW_MUCH = r"(?:hoeveel|wat|welk bedrag|welke subsidie)"
_NO_NAME = frozenset("gemeente stad provincie vzw project subsidie die dat aan hoeveel".split())


def names(text: str, without: str = "") -> list[str]:
    """The words that name something, those of another text left out."""
    return [w for w in tokens(text) if w not in {*tokens(without), *STOPWORDS, *_NO_NAME}]


def share_held(corpus: Corpus, words: Sequence[str], text: str) -> float:
    """Share of words, by rare grams, that a text holds, 0..1."""
    return share(rarity(corpus, [(gram, 1.0) for gram in grams(words)]), terms_of(text, "grams"))


def all_of(found: Evidence) -> str:
    """The titles of a decision with the passage of it that was found."""
    return f"{titles(found.meta)} {found.passage.text}"
