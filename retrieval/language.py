"""The language of a question, and the Dutch words for a French or English one.

The word lists are data: `retrieval/glossary.toml`, read when it is first needed.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from ingest.analysis import tokens

Language = Literal["nl", "fr", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")

_FUNCTION_WORD, _SHARED, _GLOSSARY, _SPELLING = 1.0, 0.25, 0.5, 0.3
_ENOUGH = 1.0
_ELISION = re.compile(r"\b(c|d|j|l|m|n|s|t|qu)['’](?=[^\W\d_])", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?P<day>\d{1,2})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[^\W\d_]{3,})\s+(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{2,}(?!\w)")
# What Dutch words are spelled with and French and English ones hardly ever.
_DUTCH = re.compile(
    r"ij|aa|uu|ui|sch[aeiou]|[aeiou]{2}w|heid|lijk|atie$|ingen$|iteit|oep$|cht(?:en)?$|..[^aeiou]en$|..oo[mnprst]|..ee[lmn]"
    r"|^voor|^uit|[dk]t$|werk|loon|zorg|loos$|steun|isch$|eel$"
)


@dataclass(frozen=True, slots=True)
class _Glossary:
    """Dutch words by the foreign words for them, for one language; `longest` counts words of the longest entry."""

    dutch: Mapping[tuple[str, ...], str]
    longest: int


def language(question: str, otherwise: Language = "nl") -> Language:
    """The language that most words of a question tell, `otherwise` when they tell too little.

    A capitalised name, a code or a Dutch title inside weighs little against the words of the sentence:
    `language("combien pour la transitiepremie en 2021")` -> `"fr"`.
    """
    score = dict.fromkeys(LANGUAGES, 0.0)
    score["fr"] += len(_ELISION.findall(question))
    words = _words(_abbreviation_free(question))
    for word in words:
        own = [name for name in LANGUAGES if word in _function_words(name)]
        for name in own:
            score[name] += _FUNCTION_WORD if len(own) == 1 else _SHARED
        if not own and word in _dutch_of_glossary():
            score["nl"] += _GLOSSARY
        elif not own and _DUTCH.search(word):
            score["nl"] += _SPELLING
    for name in LANGUAGES[1:]:
        for entry, _ in _found(words, name):
            if not {*entry} & {*_dutch_of_glossary(), *_function_words("nl")}:
                score[name] += _GLOSSARY * len(entry)
    best = max(LANGUAGES, key=lambda name: score[name])
    return best if score[best] >= _ENOUGH else otherwise


def dutch_words(question: str, language: Language) -> str:
    """The Dutch words for those of a French or English question that the glossary has; empty for a Dutch one.

    `dutch_words("crédit d'engagement pour la formation", "fr")` -> `"vastleggingskrediet VAK opleiding vorming"`
    """
    if language == "nl":
        return ""
    found = (word for _, dutch in _found(_words(question), language) for word in dutch.split())
    return " ".join(dict.fromkeys(found))


def in_dutch(question: str, language: Language) -> str:
    """A question for an index of Dutch words: those the glossary has in Dutch, the others as they are, function words left out.

    `in_dutch("crédit d'engagement pour la transitiepremie", "fr")` -> `"transitiepremie vastleggingskrediet VAK"`;
    a Dutch question comes back unchanged.
    """
    if language == "nl":
        return question
    words = _words(question)
    known = {word for entry, _ in _found(words, language) for word in entry} | _function_words(language)
    return " ".join([*(word for word in words if word not in known), dutch_words(question, language)])


def with_dutch_dates(question: str, language: Language) -> str:
    """The question with the months of its dates in Dutch: `"since 1 March 2021"` -> `"since 1 maart 2021"`."""
    if language == "nl":
        return question
    return _DATE.sub(
        lambda m: f"{m['day']} {dutch_words(m['month'], language) or m['month']} {m['year']}", question
    )


def _abbreviation_free(text: str) -> str:
    """Without words in capitals (`SE`, `IT`), which are no words of the sentence; unless all of it is in capitals."""
    return text if text.isupper() else _CAPITALS.sub(" ", text)


def _words(text: str) -> list[str]:
    return tokens(_ELISION.sub(r"\1 ", text))


def _found(words: list[str], language: Language) -> Iterator[tuple[tuple[str, ...], str]]:
    """The entries of the glossary in a text from left to right, the longest at each place."""
    glossary = _glossary(language)
    singular = [_singular(word) for word in words]
    at = 0
    while at < len(words):
        for size in range(min(glossary.longest, len(words) - at), 0, -1):
            if dutch := glossary.dutch.get(tuple(singular[at : at + size])):
                yield tuple(words[at : at + size]), dutch
                at += size
                break
        else:
            at += 1


def _singular(word: str) -> str:
    """A word without its plural, only so that both numbers meet: `"subsidies"` -> `"subsidy"`, `"travaux"` -> `"travau"`."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss") else word


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("retrieval") / "glossary.toml").read_text(encoding="utf-8"))


@cache
def _function_words(language: Language) -> frozenset[str]:
    return frozenset(tokens(_data()["function_words"][language]))


@cache
def _dutch_of_glossary() -> frozenset[str]:
    return frozenset(
        word for name in LANGUAGES[1:] for dutch in _data()[name].values() for word in tokens(dutch)
    )


@cache
def _glossary(language: Language) -> _Glossary:
    dutch = {
        tuple(_singular(word) for word in _words(foreign)): words
        for foreign, words in _data()[language].items()
    }
    return _Glossary(dutch, max(map(len, dutch)))
