"""A French or English claim as verification reads it: in Dutch words and Dutch notation, as far as these are known.

    quotes, titles and codes stay -> dates and amounts in Dutch notation -> terms of the field -> glossary -> order of words

Where the glossary has several Dutch words the source's own is taken. What is not known stays as it is, and is told.
The word lists are data: `answer/verify_terms.toml` and the glossary of questions.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from answer.verify_notation import Piece, amounts, dates
from answer.verify_source import Source
from ingest.analysis import stems, tokens
from ingest.budget.codes import find_codes
from retrieval.language import LANGUAGES, Language, dutch_words, in_dutch, language

_I = re.IGNORECASE
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[“„][^”]{1,600}[”“]|«[^»]{1,600}»|‘[^’\n]{1,300}’|\"[^\"\n]{1,600}\"")
_CAPITALS = re.compile(r"(?<!\w)(?:[A-Z][A-Z&.-]+\d?|\d[ea] BA(?:-JR)?)(?!\w)")
_OPENS = re.compile(r"(?:^|[.!?:;]\s+)[\s‘“«\"(]*$")
_LONGEST_ENTRY = 4
_PREFIX = 6
_ENDINGS = ("es", "e", "s", "ed", "d", "ing")
_SHORTEST = 4
# Dutch word order for what English and French join otherwise.
_JOINED = (
    (
        re.compile(
            r"(?<=keuro|.euro|ljoen|....%) (?:van|in|voor|als|op)(?: de)? (?=VAK\b|VEK\b|AO\b|TO\b|LO\b|vastlegging|vereffening|algemene|toegewezen|lening)"
        ),
        " aan ",
    ),
    (
        re.compile(r"(?<=[\d%o)K]) aan (?=€?\s?\d)"),
        " naar ",
    ),
    (re.compile(r"\bmeer dan (?=€?\s?\d)"), "ruim "),
    (re.compile(r"\bniet niet\b"), "niet"),
    (re.compile(r"\b(zowel\s+\w+(?:\s+\(\w+\))?)\s+(?:en|dan)\b"), r"\1 als"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A claim for verification: `text` in Dutch, `language` that of the claim.

    `strange` holds the stems of its words that neither the glossary nor the sources know; `printed` gives each
    rewritten amount as the claim prints it.
    """

    text: str
    language: Language
    strange: frozenset[str]
    printed: Mapping[str, str]


def rendered(claim: str, sources: Sequence[Source], otherwise: Language = "nl") -> Rendered:
    """A claim in the words of its Dutch sources; a Dutch one comes back unchanged.

    `otherwise` is its language where its own words do not tell.

    `"The execution is 1,353 keuro in commitment credit."` -> `"de uitvoering is 1.353 keuro aan vastleggingskrediet."`
    """
    kept = _kept(claim, sources)
    spoken = _without(claim, kept)
    tongue = _tongue(spoken, otherwise)
    if tongue == "nl":
        return Rendered(claim, "nl", frozenset(), {})
    told = [*dates(spoken, tongue), *(numbers := list(amounts(spoken, tongue))), *_terms(spoken, tongue)]
    pieces: list[Piece] = []
    for piece in told:
        if not any(p.start < piece.end and piece.start < p.end for p in pieces):
            pieces.append(piece)
    surfaces = _surfaces(sources)
    words, strange = _words(_without(spoken, [(p.start, p.end) for p in pieces]), tongue, surfaces)
    text, at = "", 0
    for piece in sorted([*pieces, *words], key=lambda p: p.start):
        text += claim[at : piece.start] + _cased(claim, piece)
        at = piece.end
    text += claim[at:]
    for pattern, order in _JOINED:
        text = pattern.sub(order, text)
    return Rendered(text, tongue, frozenset(strange), {p.dutch: claim[p.start : p.end] for p in numbers})


def _tongue(claim: str, otherwise: Language) -> Language:
    """The language that the words of a claim tell; where they are too few, that of the terms in it."""
    told = language(claim, "nl")
    if told == language(claim, "en"):
        return told
    terms = {tongue: sum(p.end - p.start for p in _terms(claim, tongue)) for tongue in LANGUAGES[1:]}
    best = max(LANGUAGES[1:], key=lambda tongue: terms[tongue])
    return best if terms[best] else otherwise


def _kept(claim: str, sources: Sequence[Source]) -> list[tuple[int, int]]:
    """What stays as it is: quotes, the titles of the sources, codes, and words in capitals."""
    found = [m.span() for m in _QUOTED.finditer(claim)]
    found += [(m.start, m.end) for m in find_codes(claim)]
    titles = dict.fromkeys(t for s in sources for t in (*s.titles, *(f.name for f in s.facts)) if t.strip())
    found += [m.span() for t in titles for m in re.finditer(rf"(?<!\w){re.escape(t)}(?!\w)", claim, _I)]
    return found + [m.span() for m in _CAPITALS.finditer(claim)]


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _terms(text: str, tongue: Language) -> Iterator[Piece]:
    for pattern, dutch in _patterns(tongue):
        for match in pattern.finditer(text):
            yield Piece(match.start(), match.end(), dutch)


def _words(text: str, tongue: Language, surfaces: Mapping[str, str]) -> tuple[list[Piece], list[str]]:
    """The words that the glossary or the list of small words has in Dutch, and the stems of those that no one knows."""
    small = _small_words(tongue)
    found = list(_WORD.finditer(text))
    pieces: list[Piece] = []
    strange: list[str] = []
    at = 0
    while at < len(found):
        size, dutch = _entry(text, found[at : at + _LONGEST_ENTRY], tongue)
        start, end = found[at].start(), found[at + size - 1].end()
        word = text[start:end]
        elided = text[end : end + 1] in "'’" and len(word) < 3 and end < len(text)
        if size == 1 and word.lower() in small:
            pieces.append(Piece(start, end + elided, small[word.lower()] + " " * elided))
        elif elided:
            pieces.append(Piece(start, end + 1, ""))
        elif dutch:
            pieces.append(Piece(start, end, _of_sources(dutch.split(), surfaces)))
        elif len(word) == 1 or not in_dutch(word, tongue).strip():
            pieces.append(Piece(start, end, ""))
        elif not _known(word, surfaces):
            strange += stems(tokens(word))
        at += size
    return pieces, strange


def _entry(text: str, found: Sequence[re.Match[str]], tongue: Language) -> tuple[int, str]:
    """How many words the longest entry of the glossary takes here, and its Dutch words."""
    first = found[0].group()
    alone = next((d for w in _inflected(first) if (d := dutch_words(w, tongue))), "")
    for size in range(len(found), 1, -1):
        if "\n" in text[found[0].start() : found[size - 1].end()]:
            continue
        whole = dutch_words(text[found[0].start() : found[size - 1].end()], tongue)
        parts = [dutch_words(text[found[0].start() : found[size - 2].end()], tongue)]
        parts.append(dutch_words(found[size - 1].group(), tongue))
        tail = dutch_words(text[found[1].start() : found[size - 1].end()], tongue)
        split = {" ".join(dict.fromkeys(" ".join(parts).split())), tail, *parts}
        if whole and whole not in split and not {*dutch_words(first, tongue).split()} < {*whole.split()}:
            return size, whole
    return 1, alone


def _inflected(word: str) -> list[str]:
    """A word, then without the endings that both languages give participles and adjectives."""
    endings = [e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST]
    return [word, *(word[: -len(e)] for e in endings)]


def _of_sources(dutch: Sequence[str], surfaces: Mapping[str, str]) -> str:
    """Those of an entry's Dutch words that the sources have, as these write them; else its first."""
    held = [surfaces[s] for s in stems(tokens(" ".join(dutch))) if s in surfaces]
    held = held or [surfaces[s[:_PREFIX]] for s in stems(tokens(" ".join(dutch))) if s[:_PREFIX] in surfaces]
    return " ".join(dict.fromkeys(held)) or dutch[0]


def _known(word: str, surfaces: Mapping[str, str]) -> bool:
    return any(s in surfaces or s[:_PREFIX] in surfaces for s in stems(tokens(word)))


def _surfaces(sources: Sequence[Source]) -> dict[str, str]:
    """The words of the sources by their stem, and by the beginning of long ones."""
    found: dict[str, str] = {}
    for source in sources:
        for word in dict.fromkeys(_WORD.findall(f"{source.text}\n{source.around}")):
            for stem in stems(tokens(word))[:1]:
                found.setdefault(stem, word)
                if len(stem) >= _PREFIX:
                    found.setdefault(stem[:_PREFIX], word)
    return found


def _cased(claim: str, piece: Piece) -> str:
    """A capital where a sentence opens with one."""
    opens = claim[piece.start].isupper() and _OPENS.search(claim[: piece.start])
    return piece.dutch[:1].upper() + piece.dutch[1:] if opens else piece.dutch


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("answer") / "verify_terms.toml").read_text(encoding="utf-8"))


@cache
def _patterns(tongue: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    terms: list[tuple[str, str]] = _data()[tongue]["terms"]
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", _I), dutch) for pattern, dutch in terms)


@cache
def _small_words(tongue: Language) -> dict[str, str]:
    words: str = _data()[tongue]["words"]
    return dict(pair.split("=") for pair in words.split())
