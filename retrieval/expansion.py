"""Which concepts a question names, and under what other names the documents may speak of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.analysis import STOPWORDS, stems
from ingest.thesaurus_terms import Match, Term, Terms, content_key, phrase_key, words

LONG = 60  # words with meaning: a text of that length already speaks the documents' language
# What the way counts by which a concept is known. A name that the documents use themselves needs no other:
# adding those found nothing more and cost first places (docs/decisions/0005).
WEIGHTS: Mapping[Match, float] = {"other": 1.0, "loose": 0.5, "official": 1.0, "capitals": 1.0}
_NAMES = ("official", "capitals")
_INFLECTED = 3  # letters by which a word may differ from a label: "werkbaarheid" shares its stem with "werk"
_APART = 2  # how many other words may stand between those of everyday wording
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A concept that a question names: the label it was known by, and the Dutch labels that the question lacks.

    `weight` is in (0, 1]: that of `WEIGHTS` divided by the number of concepts that share the label. `added` is never
    empty.
    """

    concept: str
    matched: str
    added: tuple[str, ...]
    weight: float


def expand(terms: Terms, question: str, uses: Callable[[str], bool] = lambda name: False) -> list[Expansion]:
    """The concepts that a question names, in the order in which they stand there, everyday wording last.

    The longest label goes first and takes its words; several concepts with that label each get their part of the
    weight. An official name that the documents use (`uses`) adds nothing. Nothing for a text of more than `LONG` words with meaning, such as a section of a document.

    `expand(terms, "VEK van de VOP")` -> vek with `("vereffeningskrediet", "betaalkrediet", ...)`, then vop.
    """
    content = content_key(question)
    if len(content) > LONG:
        return []
    asked = phrase_key(question)
    found: dict[str, Expansion] = {}
    for sharing in (*_phrases(terms, question, asked), *_loose(terms, question, content)):
        for term in sharing:
            added = _added(terms, term.concept, asked)
            weight = WEIGHTS[term.match] / len(sharing)
            known = term.match in _NAMES and uses(term.label)
            if added and not known and term.concept not in found:
                found[term.concept] = Expansion(term.concept, term.label, added, weight)
    return list(found.values())


def _phrases(terms: Terms, question: str, asked: _Key) -> list[tuple[Term, ...]]:
    longest = max((len(key) for key in terms.phrases), default=0)
    spelled = words(question)
    found, at = [], 0
    while at < len(asked):
        for end in range(min(len(asked), at + longest), at, -1):
            here = terms.phrases.get(asked[at:end], ())
            sharing = tuple(t for t in here if _named(t, spelled[at:end], question))
            if sharing:
                found.append(sharing)
                at = end
                break
        else:
            at += 1
    return found


def _named(term: Term, spelled: Sequence[str], question: str) -> bool:
    """Whether words with the stems of a label are that label, inflected or not."""
    if term.match == "capitals":
        return re.search(rf"(?<!\w){re.escape(term.label)}(?!\w)", question) is not None
    return all(_inflected(a, b) for a, b in zip(words(term.label), spelled, strict=True))


def _inflected(word: str, other: str) -> bool:
    return abs(len(word) - len(other)) <= _INFLECTED


def _loose(terms: Terms, question: str, content: _Key) -> list[tuple[Term, ...]]:
    """The everyday labels of which all words stand close together, those with most words first."""
    present = set(content)
    keys = [key for key in terms.loose if present.issuperset(key) and _close(key, content)]
    covered = {key for key in keys if any(set(key) < set(other) for other in keys)}
    asked = words(question)
    spelled = list(zip(asked, stems(asked), strict=True))
    found = []
    for key in sorted(set(keys) - covered, key=lambda k: (-len(k), k)):
        sharing = tuple(t for t in terms.loose[key] if _spelled(t, spelled))
        found += [sharing] if sharing else []
    return found


def _spelled(term: Term, asked: Sequence[tuple[str, str]]) -> bool:
    """Whether each word of everyday wording that carries meaning is asked, inflected or not."""
    label = [word for word in words(term.label) if word not in STOPWORDS]
    wanted = zip(label, stems(label), strict=True)
    return all(any(stem == s and _inflected(word, w) for w, s in asked) for word, stem in wanted)


def _close(key: _Key, content: _Key) -> bool:
    width = len(key) + _APART
    return any(set(key) <= set(content[at : at + width]) for at in range(max(1, len(content) - width + 1)))


def _added(terms: Terms, concept: str, asked: _Key) -> tuple[str, ...]:
    """The Dutch labels of a concept and of those it expands to (their preferred ones), without what is asked already."""
    names = [*terms.names[concept], *(terms.names[other][0] for other in terms.also.get(concept, ()))]
    first = {phrase_key(name): name for name in reversed(names)}  # one of those that differ by inflection
    return tuple(n for n in names if first[phrase_key(n)] == n and not _holds(asked, phrase_key(n)))


def _holds(asked: Sequence[str], key: _Key) -> bool:
    return any(tuple(asked[at : at + len(key)]) == key for at in range(len(asked) - len(key) + 1))
