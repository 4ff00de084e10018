"""A follow-up question made whole: what it leaves unsaid is taken from the conversation before it.

    earlier turns -> the last question, made whole in turn -> one rule for each way of leaning back -> full question

Rules of form for Dutch, with the commonest French and English turns of phrase. A question with a subject of its
own is left as it is, and is what later turns lean on. Depends on nothing but its arguments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.followup_asking import asking_alone, nothing_of_its_own
from retrieval.followup_before import Before, about, asks_figure, years
from retrieval.followup_choice import chosen, several
from retrieval.followup_fragment import ellipsis
from retrieval.followup_listed import listed_item
from retrieval.followup_pointing import pointing, without_subject
from retrieval.followup_slots import names_relative_year, slots, years_spelled_out
from retrieval.followup_subject import ASKING, decision_of, subject
from retrieval.followup_why import confirmed, more, why
from retrieval.records import Turn

_I = re.IGNORECASE

_LONGEST = 16  # words; a longer message says itself what it is about
_KEPT_OF_QUESTION, _KEPT_OF_ANSWER = 500, 3_000  # characters of a turn that are looked at
_PLEASE = re.compile(
    r"[\s,]+(?:graag|aub|dan|a\.u\.b|alsjeblieft|alstublieft|svp|s['’]il vous pla[iî]t|please)$", _I
)
_OPENER = re.compile(
    r"^\s*(?:(?:en|maar|of|dus|nee|neen|ok[eé]?|ik bedoel(?:de)?|et|non|no|mais|ou|and|but|or)\b[\s,]*(?:dan|ook|alors|then)?\b[\s,]*)+",
    _I,
)
_NARROWING = re.compile(r"(?:ook|enkel|alleen|specifiek|vooral|bijvoorbeeld)\b", _I)
_DEFINITION = re.compile(
    r"(?:en )?wat (?:is|zijn|betekent) (?:een |de |het )?(?:VAK|VEK|BA|BU|BO|BA-?JR)(?: precies)?", _I
)
_ASKS = re.compile(rf"\b{ASKING}\b", _I)
_ENDS_INSIDE = re.compile(r"\s[.,?!](?:\s|$)|[?!]\s")
_YEARS = dict.fromkeys(("daarvoor", "ervoor", "avant", "before"), "het jaar ervoor") | dict.fromkeys(
    ("daarna", "erna", "après", "after"), "het jaar erna"
)
_ROUNDABOUT = re.compile(
    r"^(?:hoe zit (?:het|dat)(?: dan)?(?: (?:met|in|voor|bij|op))?|wat met|wat (?:is|was|zijn) (?:het|dat) (?=in |voor |bij )"
    r"|hoeveel (?:is|was|bedraagt|bedroeg|kost) (?:het|dat)(?: dan)? (?=in |voor |bij |na )|(?:what|how) about|qu['’]en est-il (?:de|du|des|en|pour)|quid (?:de|du|des)"
    r"|graag|toon|geef)\s*",
    _I,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made whole; `added` holds what the conversation gave, empty for a question that stands alone."""

    question: str
    added: tuple[str, ...] = ()


def resolve(question: str, history: Sequence[Turn]) -> Resolved:
    """The question as it would be asked without the conversation before it.

    `resolve("en in VEK?", [Turn("user", "Hoeveel VAK kreeg 1JDB2CA in 2021?")])` ->
    `Resolved("Hoeveel VEK kreeg 1JDB2CA in 2021?", ("1JDB2CA", "2021"))`
    """
    before: Before | None = None
    for turn in history:
        if turn.role == "user":
            asked = turn.content[:_KEPT_OF_QUESTION]
            whole = _whole(asked, before) if before else asked
            before = Before((*(before.questions if before else ()), whole))
        elif before:
            before = replace(before, answer=turn.content[:_KEPT_OF_ANSWER])
    if before is None:
        return Resolved(question)
    whole = _whole(question, before)
    return Resolved(whole, _added(question, whole, before))


def _whole(question: str, before: Before) -> str:
    """The first rule that applies and reads as a question, else the safe form, or the question itself when it leans on nothing."""
    asked = " ".join(question.split()).strip(" ?!.")
    asked = _PLEASE.sub("", asked)
    if not asked or len(asked.split()) > _LONGEST or _DEFINITION.fullmatch(asked):
        return question
    opener = _OPENER.match(asked)
    rest = asked[opener.end() :] if opener else asked
    rest = years_spelled_out(
        _YEARS.get(rest.lower(), rest) if asks_figure(before.question) else rest, years(before)
    )
    leaning = bool(opener) or names_relative_year(asked) or bool(_NARROWING.match(rest))
    fragment = _ROUNDABOUT.sub("", rest)
    found = (
        why(rest, before)
        or more(rest, before)
        or confirmed(rest, before)
        or chosen(rest, before)
        or several(rest, before)
        or listed_item(rest, before)
        or (asking_alone(rest, before) if fragment == rest else None)
        or ellipsis(fragment, before, leaning=leaning or fragment != rest)
        or pointing(rest, before)
        or without_subject(rest, before)
        or (rest if names_relative_year(asked) and not names_relative_year(rest) else None)
    )
    if not found or not _sound(found, rest):
        found = nothing_of_its_own(rest, before, leaning=leaning)
    return _sentence(found) if found else question


def _sound(found: str, rest: str) -> bool:
    """Whether it reads as one question: no second asking word came in unannounced, and no sentence ends in the middle."""
    asking = len(_ASKS.findall(rest))
    return not _ENDS_INSIDE.search(found.strip(" ?!.,")) and (
        not asking or ": " in found or len(_ASKS.findall(found)) <= asking
    )


def _sentence(text: str) -> str:
    text = " ".join(text.split()).strip(" ?!.,")
    return f"{text[:1].upper()}{text[1:]}?"


def _added(question: str, whole: str, before: Before) -> tuple[str, ...]:
    """What the full question has and the one asked has not: codes, credits, phases, years, and the subject."""
    if whole == question:
        return ()
    new = [s.value for s in slots(whole) if s.value.lower() not in question.lower()]
    told = {about(before), decision_of(before.answer), *map(subject, before.questions)} - {None}
    subjects = [a for a in told if a and a in whole and a.lower() not in question.lower()]
    longest = [a for a in subjects if not any(a != other and a in other for other in subjects)]
    return tuple(dict.fromkeys([*new, *sorted(longest)]))
