"""A fragment after a question, `en in VEK?`, `en voor de leertijd?`: the last question with its values or its phrase."""

import re
from collections.abc import Sequence

from retrieval.followup_before import (
    Before,
    about,
    answers_back,
    asks_figure,
    beside_question,
    listed_of,
    with_missing,
)
from retrieval.followup_slots import Slot, replaced, slots, values, with_ending
from retrieval.followup_subject import ASPECT, MEASURE, VERB, has_subject, of_answer, own_words, subject
from retrieval.language import language

_I = re.IGNORECASE

_FRAGMENT = 8  # words of a fragment at most
_PREPOSITION = re.compile(
    r"^(?P<word>in|voor|van|bij|aan|over|op|door|uit|met|naar|tegen|pour|chez|for|of|at|by|on|à|au|aux|du|des)\s+(?P<rest>.+)$",
    _I,
)
_NARROWED = re.compile(
    r"^(?:(?:ook|specifiek|vooral|alleen|enkel|bijvoorbeeld|in het bijzonder|surtout|especially)\s+)+(?=(?:voor|van|bij|in|aan|over|pour|for|in)\b)",
    _I,
)
_WHOSE = re.compile(r"(?:hun|haar|zijn)\s", _I)
_HELD = re.compile(r"\b(?:over|tegen|rond|inzake|in|op|uit|tussen|met|sur|contre|on|about|against)\s+$", _I)
_WHO = re.compile(
    rf"(?:(?:voor|aan)\s+)?(?:wie|who|qui)\s+(?!(?:is|was|est)\b)|hoeveel\s+(?!(?:{MEASURE}|{VERB})\b)\w+en\s+{VERB}\b",
    _I,
)
_SINCE = re.compile(r"(?:sinds|vanaf|tot|na|depuis|since|until)\b", _I)
_DETERMINED = re.compile(r"(?:de|het|een|die|dat|deze|dit)\b|\S*[A-Z]")
_OF_SUBJECT = frozenset(["voor", "van", "aan", "over", "pour", "du", "des", "for", "of", "on"])
_ASKS = re.compile(
    r"(?:(?:aan|voor|van|over|naar|bij|op|in|uit|met|tot|tegen|door|onder|à|de|pour|for|in|on|of|to|by)\s+)?"
    r"(?:(?:de|het)\s+)?(?:wie|wat|waar\w*|wanneer|hoe|welke?|hoeveel\s+(?!in\b|voor\b|bij\b|VAK|VEK|(?:19|20)\d\d)\w+|qui|quand|quels?|quelles?|what|who|when|why|which|where)\b",
    _I,
)
_NOUNS = re.compile(
    rf"^(?:(?:de|het|een|le|la|les|the|l['’])\s*)?(?P<kind>(?:\w+e\s+)?(?:{MEASURE}|{ASPECT}))(?:\s+na herverdeling(?:en)?)?(?P<of>\s+(?:daarvan|ervan|hiervan))?$",
    _I,
)
_NOUN_OF_OTHER = re.compile(rf"(?:de|het)\s+(?:{MEASURE}|{ASPECT})\s+(?:van|voor|over|bij|bevoegd)\s+", _I)
_ARTICLE_OF_CODE = re.compile(r"\b(?:begrotings)?artikel\s+(?=[A-Z0-9]{3,}-?\w)", _I)
_DEFINES = re.compile(r"(?:wat (?:is|zijn|houdt|betekent)|qu['’]est-ce que?|what (?:is|are))\b", _I)
_PERSONS = re.compile(r"(?:minister|verantwoordelijke|partners?|begunstigden?)$")
_COMPARES = re.compile(
    r"\b(?:vergelijk\w*|vergeleken|verschil|tegenover|ten opzichte van|t\.o\.v\.|compar\w+|versus|vs)\b", _I
)
_PHRASE_END = rf"(?=\s+(?:in|voor|van|aan|bij|door|op|over|uit|met|tot|naar|tegen|tussen|sinds|pour|en|dans|for|of|{VERB}|uitgegeven|besteed|goedgekeurd)\b|\s*[?.,!]|$)"


def ellipsis(rest: str, before: Before, *, leaning: bool) -> str | None:
    """A fragment without a verb: its values or its phrase in place of those of the last question."""
    spoken = _blanked(rest, [s for s in slots(rest) if s.name == "code"])
    if re.search(rf"(?<!\w){VERB}(?!\w)", spoken, _I) or _ASKS.match(rest) or len(rest.split()) > _FRAGMENT:
        return None
    bare = re.sub(r"^(?:hoeveel|combien|how much)\s+", "", rest, flags=_I)
    new = slots(bare)
    if new and not has_subject(_blanked(bare, new)):
        return _with_values(bare, new, before, how_much=bare != rest)
    if not (leaning or _PREPOSITION.match(bare) or answers_back(before) or _NOUNS.match(bare)):
        return None
    if _NOUN_OF_OTHER.match(bare):
        return with_missing(f"{'Wie' if re.search(r'minister', bare, _I) else 'Wat'} is {bare}", before)
    if noun := _NOUNS.match(_blanked(bare, new).strip(" ,")):
        return _noun_asked(noun, bare, before)
    if not bare or _WHOSE.match(bare) or not (new or own_words(bare)):
        return None
    return _with_phrase(bare, new, before)


def _with_phrase(bare: str, new: Sequence[Slot], before: Before) -> str:
    """The last question with another phrase in its place; a phrase that only narrows it (`voor kinderen`) goes behind it."""
    if _NARROWED.match(bare) and not new:
        return with_ending(before.question, f", {bare}")
    preposition = _PREPOSITION.match(bare)
    phrase = _blanked_years(bare, new)
    question = replaced(before.question, [s for s in new if s.name != "code"])
    if preposition and (fitted := _same_preposition(question, _PREPOSITION.match(phrase) or preposition)):
        return fitted
    if preposition and (
        preposition["word"].lower() not in _OF_SUBJECT
        or (_DEFINES.match(question) and not asks_figure(question))
        or _held_otherwise(question)
    ):
        return with_ending(question, f", {phrase}")
    if preposition is None and _WHO.match(question) and not (new or _DETERMINED.match(phrase)):
        also = {"nl": "ook", "fr": "aussi", "en": "also"}[language(question)]
        return with_ending(question, f"({also} {phrase})")
    return substituted(question, _PREPOSITION.sub(lambda m: m["rest"], phrase))


def _with_values(bare: str, new: Sequence[Slot], before: Before, *, how_much: bool) -> str:
    """The last question with other values; a code takes the place of the subject where that was told in words."""
    asked = before.question
    if _SINCE.match(bare) and not values(asked, "year"):
        return with_ending(asked, bare)
    codes = [s for s in new if s.name == "code"]
    topic = subject(asked)
    if codes and topic and not values(asked, "code") and topic in asked:
        asked = asked.replace(topic, " en ".join(s.value for s in codes))
        new = [s for s in new if s.name != "code"]
    if not codes and topic and not asks_figure(asked) and (how_much or re.search(r"\b(?:VAK|VEK)\b", bare)):
        how, of = {"nl": ("Hoeveel", "voor"), "fr": ("Combien", "pour"), "en": ("How much", "for")}[
            language(asked)
        ]
        return f"{how} {bare} {of} {about(before)}"
    asked = _with_code_of_answer(asked, before) if not codes else asked
    if _COMPARES.search(bare):
        new = [*(s for s in slots(asked) if s.name in {n.name for n in new}), *new]
    return replaced(asked, new)


def _with_code_of_answer(asked: str, before: Before) -> str:
    """The subject in words with the article that the answer found for it, so that later turns stay with it."""
    topic, named = subject(asked), of_answer(asked, before.answer)
    if topic and named and topic in asked and values(named, "code"):
        return asked.replace(topic, f"{topic} ({named})", 1)
    return asked


def _noun_asked(noun: re.Match[str], bare: str, before: Before) -> str | None:
    """`en het doel?` -> `Wat is het doel van <subject>?`; a measure keeps year and credit of what was asked."""
    topic = listed_of(before) or about(before)
    if topic is None:
        return beside_question(bare, before)
    tongue = language(f"{before.question} {bare}")
    kind = noun["kind"].lower()
    bare = re.sub(r"\s+(?:daarvan|ervan|hiervan)\b", "", bare, flags=_I)
    many = bool(re.search(r"(?:en|(?<!prij)s)$", kind)) and not re.match(
        r"(?:het|een|the|status)\b", bare, _I
    )
    what, of = {
        "nl": ("Wat zijn" if many else "Wat is", "van"),
        "fr": ("Quels sont" if many else "Quel est", "de"),
        "en": ("What are" if many else "What is", "of"),
    }[tongue]
    if tongue == "nl" and _PERSONS.match(kind):
        what = what.replace("Wat", "Wie")
    the = "de " if many and tongue == "nl" and not re.match(r"(?:de|het)\b", bare, _I) else ""
    asked = f"{what} {the}{bare} {of} {topic}"
    return with_missing(asked, before) if re.search(rf"\b{MEASURE}\b", kind, _I) else asked


def substituted(question: str, phrase: str) -> str:
    """The question about another subject."""
    phrase = phrase.strip(" ,")
    if not values(phrase, "code"):
        question = _ARTICLE_OF_CODE.sub("", question)
    topic = subject(question)
    if topic and values(question, "code") and topic not in question:
        codes = [s for s in slots(question) if s.name == "code"]
        return f"{question[: codes[0].start]}{phrase}{question[codes[-1].end :]}"
    if topic and topic in question:
        return question.replace(topic, phrase, 1)
    return with_ending(question, f"voor {phrase}")


def _held_otherwise(question: str) -> bool:
    """Whether the subject stands behind a preposition of its own (`tegen armoede`), so that `voor kinderen` narrows it."""
    topic = subject(question)
    return bool(topic and topic in question and _HELD.search(question[: question.index(topic)]))


def _same_preposition(question: str, preposition: re.Match[str]) -> str | None:
    """The phrase with the same preposition in the question replaced, unless that is a year."""
    word = re.escape(preposition["word"])
    found = [
        m
        for m in re.finditer(rf"\b{word}\s+(?P<phrase>\S.*?){_PHRASE_END}", question, _I)
        if not re.match(r"(?:het (?:begrotings)?jaar )?(?:19|20)\d\d|VAK\b|VEK\b", m["phrase"])
        and not re.search(rf"\b{MEASURE}\s+$", question[: m.start()], _I)
    ]
    if not found:
        return None
    last = found[-1]
    return f"{question[: last.start()]}{preposition['word'].lower()} {preposition['rest'].strip(' ,')}{question[last.end() :]}"


def _blanked(text: str, found: Sequence[Slot]) -> str:
    for slot in reversed(found):
        text = f"{text[: slot.start]} {text[slot.end :]}"
    return " ".join(text.split())


def _blanked_years(text: str, found: Sequence[Slot]) -> str:
    """The phrase without its year, credit and phase, which have gone to their own places."""
    for slot in reversed([s for s in found if s.name != "code"]):
        start = re.sub(r"\s*\b(?:in|van|voor|en)\s*$", "", text[: slot.start])
        text = f"{start} {text[slot.end :]}"
    return " ".join(text.split())
