"""What an abbreviation stands for: the sentence of the documents that spells it out."""

import re
from collections import Counter
from collections.abc import Iterator

from answer.quotes import Quote, quotes
from ingest.analysis import stems, tokens
from ingest.reading import cleaned
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_WORD = r"[‘'\"“]?(?P<name>(?!(?:dat|dit|die|that|ça)\b)[A-Za-z][A-Za-z&]{1,9})[’'\"”]?"
_ARTICLE = r"(?:(?:een|de|het|an?|the|une?|la|le|l'|nu|die|dat|juist|precies|eigenlijk|afkorting|abbreviation|abréviation|sigle) )*"
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bwaar(?:voor)? sta(?:at|an) {_ARTICLE}{_WORD}(?: \w+)? voor\b",
        rf"\b(?:wat|wa) (?:is|zijn|betekent|betekenen|wil|bedoelt men met|verstaat men onder) {_ARTICLE}{_WORD}(?: (?:eigenlijk|juist|precies|nu|zeggen))*\W*$",
        rf"\b(?:betekenis|afkorting) (?:van )?{_ARTICLE}{_WORD}\W*$",
        rf"\bwhat (?:does|is|are) {_ARTICLE}{_WORD}(?: (?:stand for|mean))?\W*$",
        rf"\b(?:que (?:signifie|veut dire)|qu'est-ce que|c'est quoi) {_ARTICLE}{_WORD}\W*$",
        rf"^\W*{_WORD}[:,]? (?:wat is dat|wat betekent dat|staat voor)\W*(?:wat)?\W*$",
    )
)
_READ = 300  # passages that are searched for it
_FURTHEST = 90  # characters before the brackets in which the full name stands


def abbreviation_asked(question: str) -> str | None:
    """The word whose meaning is asked, if it may be an abbreviation: `"Waar staat LDE voor?"` -> `"LDE"`."""
    found = next((m for asks in _ASKS if (m := asks.search(question.strip()))), None)
    return found["name"] if found else None


def spelled_out(corpus: Corpus, query: Query) -> Quote | None:
    """A sentence that gives the full name with the abbreviation in brackets; None where none does, or none is asked.

    Of several names the one that is given most often counts, of its sentences one that says what it is, else one
    that is not the official title of a decision.
    """
    name = abbreviation_asked(query.text)
    if name is None:
        return None
    found = list(_spelling(corpus, name))
    times = Counter(full for full, _ in found)
    says_what = re.compile(rf"\({re.escape(name)}\) (?:is|zijn|was|waren)\b", re.IGNORECASE)

    def worth(one: tuple[tuple[str, ...], Quote]) -> tuple[int, bool, bool]:
        full, quote = one
        official = cleaned(quote.evidence.meta.official_title or "")
        return times[full], bool(says_what.search(quote.text)), quote.text not in official

    return max(found, key=worth)[1] if found else None


def stands_for(text: str, name: str) -> str | None:
    """The words before `(name)` that it is an abbreviation of: `"de lokale diensteneconomie (LDE)"` -> `"lokale diensteneconomie"`.

    The letters have to stand in these words in order, the first one at the beginning of the first word.
    """
    for bracket in re.finditer(rf"\((?:\w+ )?{re.escape(name)}(?:['’]?s)?[,)]", text, re.IGNORECASE):
        before = text[max(0, bracket.start() - _FURTHEST) : bracket.start()].rstrip()
        letters = r"[^.;()]*?".join(re.escape(letter) for letter in name if letter.isalpha())
        # Greedy: of several words with that letter the last ones name it.
        found = re.match(rf"(?:.*[\s‘'“])?({letters}[\w'’-]*)$", before, re.IGNORECASE | re.DOTALL)
        if found and len(found[1]) > len(name) + 1:
            return found[1]
    return None


def _spelling(corpus: Corpus, name: str) -> Iterator[tuple[tuple[str, ...], Quote]]:
    """Each full name, as stems, with the sentence that gives it; those where the abbreviation weighs most first.

    Drafted memos are no source of their own.
    """
    terms = [(stem, 1.0) for stem in stems(tokens(name))]
    for row, score in corpus.lexical.search("stems", terms, _READ) if terms else ():
        passage = corpus.passages[row]
        found = Evidence(passage, corpus.metadata(passage.document_id), score)
        if found.meta.kind == "memo" or f"({name}".lower() not in passage.text.lower():
            continue
        for quote in quotes(corpus, found):
            if full := stands_for(quote.text, name):
                yield tuple(stems(tokens(full))), quote
