"""The labels of the thesaurus as a question is matched against them, kept as JSON so that nothing but this is loaded.

    Thesaurus -> terms_of -> Terms;  dumped -> a row of the catalog -> loaded -> Terms

A label is matched as words side by side and in order, whether `official` (a Dutch name) or `other` (an everyday word,
French, English); `loose` (everyday wording of several words) in any order and a little apart; `capitals` as written.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest import StoreDamaged
from ingest.analysis import STOPWORDS, stems, tokens
from ingest.thesaurus import DUTCH, Label, Thesaurus

Match = Literal["official", "other", "loose", "capitals"]

FORMAT = 1
_SEARCHED = ("preferred", "alternative")


@dataclass(frozen=True, slots=True)
class Term:
    """A label of a concept as it is matched."""

    concept: str
    label: str
    match: Match


@dataclass(frozen=True, slots=True)
class Terms:
    """What matching needs: `phrases` and `loose` by the stems of a label, and what a concept is searched with.

    `names` are the Dutch labels of a concept, the preferred one first; `also` the concepts that it expands to.
    """

    phrases: Mapping[tuple[str, ...], tuple[Term, ...]]
    loose: Mapping[tuple[str, ...], tuple[Term, ...]]
    names: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[str, ...]]


NO_TERMS = Terms({}, {}, {}, {})


def words(text: str) -> list[str]:
    """The words of a label or a question, without elision or possessive: `"d'engagement, OCMW's"` -> `["engagement", "ocmw"]`."""
    return [max(word.split("'"), key=len) for word in tokens(text)]


def phrase_key(text: str) -> tuple[str, ...]:
    """The stems of all words, in order."""
    return tuple(stems(words(text)))


def content_key(text: str) -> tuple[str, ...]:
    """The stems of the words that carry meaning, in order."""
    return tuple(stems(word for word in words(text) if word not in STOPWORDS))


def terms_of(thesaurus: Thesaurus) -> Terms:
    """The labels of a thesaurus as they are matched, and the Dutch ones to search with."""
    return _indexed(
        _entries(thesaurus),
        {
            c.id: tuple(
                label.text for label in c.labels if label.language == DUTCH and label.kind in _SEARCHED
            )
            for c in thesaurus.concepts
        },
        {c.id: c.expands_to for c in thesaurus.concepts if c.expands_to},
    )


def dumped(thesaurus: Thesaurus) -> str:
    """What matching needs as JSON; one thesaurus gives one text, character for character."""
    terms = terms_of(thesaurus)
    document = {
        "format": FORMAT,
        "entries": [[list(key), t.concept, t.label, t.match] for key, t in _entries(thesaurus)],
        "names": terms.names,
        "also": terms.also,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def loaded(text: str) -> Terms:
    """What `dumped` gave, in milliseconds and without rdflib. Raises: StoreDamaged."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(f"formaat {document['format']}, verwacht {FORMAT}")
        return _indexed(
            ((tuple(key), Term(*rest)) for key, *rest in document["entries"]),
            {concept: tuple(names) for concept, names in document["names"].items()},
            {concept: tuple(others) for concept, others in document["also"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(
            f"De begrippen van de thesaurus zijn niet leesbaar ({error}). Voer `wijzer corpus verify` uit."
        ) from error


def _indexed(
    entries: Iterable[tuple[tuple[str, ...], Term]],
    names: Mapping[str, tuple[str, ...]],
    also: Mapping[str, tuple[str, ...]],
) -> Terms:
    phrases: dict[tuple[str, ...], tuple[Term, ...]] = {}
    loose: dict[tuple[str, ...], tuple[Term, ...]] = {}
    for key, term in entries:
        table = loose if term.match == "loose" else phrases
        if not any(term.concept == other.concept for other in table.get(key, ())):
            table[key] = (*table.get(key, ()), term)
    return Terms(phrases, loose, names, also)


def _entries(thesaurus: Thesaurus) -> Iterator[tuple[tuple[str, ...], Term]]:
    for concept in thesaurus.concepts:
        for label in concept.labels:
            key, match = _match(label)
            yield key, Term(concept.id, label.text, match)
            if label.language != DUTCH:
                for other in sorted(_in_number(words(label.text)) - {key}):
                    yield other, Term(concept.id, label.text, match)


def _in_number(label: Sequence[str]) -> set[tuple[str, ...]]:
    """The stems of a French or English name with its first, its last and all words in the other number.

    The Dutch stemmer leaves their plural: `crédit d'engagement` -> also `crédits d'engagement`.
    """
    other = [word[:-1] if word.endswith("s") else word + "s" for word in label]
    variants = ([other[0], *label[1:]], [*label[:-1], other[-1]], other)
    return {tuple(stems(variant)) for variant in variants}


def _match(label: Label) -> tuple[tuple[str, ...], Match]:
    if label.kind == "capitals":
        return phrase_key(label.text), "capitals"
    content = content_key(label.text)
    if label.kind == "hidden" and len(set(content)) > 1:
        return tuple(sorted(set(content))), "loose"
    official = label.language == DUTCH and label.kind in _SEARCHED
    return phrase_key(label.text), "official" if official else "other"
