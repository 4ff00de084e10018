"""An asking phrase or a participle without a sentence: `door wie?`, `waarheen?`, `en uitgevoerd?`, `de rest?`."""

import re

from retrieval.followup_before import (
    Before,
    about,
    answers_back,
    asked_of,
    asks_money,
    beside,
    with_missing,
)
from retrieval.followup_slots import slots, values
from retrieval.followup_subject import ASKING, PARTICIPLE, VERB, has_subject
from retrieval.language import language

_I = re.IGNORECASE

_LONGEST = 7  # words
_VERB = re.compile(rf"(?<!\w){VERB}(?!\w)", _I)
_PREPOSITION = r"(?:aan|voor|van|over|naar|bij|op|in|uit|vanuit|met|tot|tegen|door|onder|sinds|vanaf|à|de|par|pour|by|for|from|to|since|until)"
_PHRASE = re.compile(rf"(?:(?:{_PREPOSITION}\s+)*(?:(?:op|in)\s+\w+\s+van\s+)?)?{ASKING}\b.*$", _I)
_HOW_MUCH = re.compile(r"(?:hoeveel|combien|how (?:much|many))\b", _I)
# Longer, a word that is no verb known here may still be one: `Who decides on the living wage?`
_WITH_NOUN = re.compile(
    rf"(?:{_PREPOSITION}\s+)*(?:welke?|hoeveel|combien de|quels?|quelles?|which|how many)\s+\S+(?:\s+\S+)?",
    _I,
)
_OF_THE_THING = re.compile(rf"(?:{_PREPOSITION}\s+)*(?:wie|wanneer|hoe|qui|quand|who|when|how)\b", _I)
_ADVERB = rf"(?:{_PREPOSITION}\s+(?:wie|wat|wanneer|welke?(?:\s+\w+)?)|op\s+\w+\s+van\s+wie|wanneer|waar(?:heen|om|voor|toe|mee|door)?|hoe(?: lang| vaak)?)"
_ASKED_ADVERB = re.compile(rf"{_ADVERB}(?=\s+{VERB}\b)", _I)
_DONE = re.compile(
    rf"(?:hoeveel\s+)?(?:(?:daarvan|ervan|hiervan|al|ook|nog|effectief|ondertussen|intussen|uiteindelijk|principieel|definitief)\s+)*"
    rf"(?P<done>{PARTICIPLE}|(?:op|af|uit|aan|in|toe|goed|vast|terug|her)?(?:ge|be|ver|her|ont)\w{{2,}}[dt])",
    _I,
)
_NO_PARTICIPLE = re.compile(r"(?:beleid|gebied|geld|gewest|verband|bestand)$", _I)
_ENDS_DONE = re.compile(rf"\b(?:(?:principieel|definitief)\s+)?{PARTICIPLE}(?=\s*[?.]?\s*$)", _I)
_REST = re.compile(
    r"(?:(?:de|het|die)\s+)?(?:rest|overigen?|andere|anderen|nog (?:andere|meer)|le reste|les autres|the (?:rest|others))",
    _I,
)
_WHICH = re.compile(r"(?P<which>welke)\s+(?!andere\b)", _I)
_ONLY_COURTESY = re.compile(
    r"(?:(?:ja|nee|neen|ok[eé]?|dank\w*|bedankt|je|u|wel|merci|thanks?|you|goed|prima|super|top|dag|hallo|hello|bonjour|oui|non|yes|no)\W*)+",
    _I,
)


def asking_alone(rest: str, before: Before) -> str | None:
    """An asking phrase in place of the last one where both ask when, where or how; else with what was asked behind it."""
    if _ONLY_COURTESY.fullmatch(rest) or _VERB.search(rest) or values(rest, "code"):
        return None
    if _REST.fullmatch(rest):
        return _the_rest(rest, before)
    if (done := _DONE.fullmatch(rest)) and not _NO_PARTICIPLE.search(rest):
        return _done(rest, done["done"], before)
    adverbial = re.fullmatch(_ADVERB, rest, _I)
    if not _PHRASE.match(rest) or (has_subject(rest) and not adverbial and not _WITH_NOUN.fullmatch(rest)):
        return None
    if _HOW_MUCH.match(rest) and (slots(rest) or not has_subject(rest)):
        return None
    asked = before.question.rstrip(" ?!.")
    if adverbial and (adverb := _ASKED_ADVERB.match(asked)):
        return f"{rest}{asked[adverb.end() :]}"
    if adverbial and language(asked) == "nl" and _VERB.match(asked):
        return f"{rest} {asked[:1].lower()}{asked[1:]}"
    return beside(rest, about(before) if _OF_THE_THING.match(rest) else asked_of(before), before)


def _the_rest(rest: str, before: Before) -> str:
    """`de rest` of a list asked for is the same list without what was told."""
    which = _WHICH.match(before.question)
    if which and not answers_back(before):
        return f"{which['which']} andere {before.question[which.end() :]}"
    return beside(rest, asked_of(before), before)


def _done(rest: str, done: str, before: Before) -> str:
    """`en bekrachtigd?` in place of what was asked to be done; of a figure it asks how much of it."""
    topic = about(before)
    if topic and language(before.question) == "nl" and asks_money(before.question):
        return with_missing(f"Hoeveel werd {done} voor {topic}", before)
    if end := _ENDS_DONE.search(before.question):
        return f"{before.question[: end.start()]}{rest}"
    return beside(rest, topic, before)


def nothing_of_its_own(rest: str, before: Before, *, leaning: bool) -> str | None:
    """What no other rule could place: short, and with no subject of its own, or opened as a follow-up without a verb."""
    if _ONLY_COURTESY.fullmatch(rest) or len(rest.split()) > _LONGEST or values(rest, "code"):
        return None
    if has_subject(rest) and not (leaning and not _VERB.search(rest)):
        return None
    return beside(rest, asked_of(before), before)
