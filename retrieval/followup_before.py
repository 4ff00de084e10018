"""The conversation before a question: what was asked, what was answered, and what it is about."""

import re
from dataclasses import dataclass

from retrieval.followup_slots import slots, values, with_ending
from retrieval.followup_subject import ASPECT, LISTED, MEASURE, NEUTER, has_subject, of_answer, subject
from retrieval.language import language

_I = re.IGNORECASE

_MONEY_MOVES = r"\bhoeveel (?:geld|middelen|krijg\w*|kreeg|kregen|ging\w*|gaat|gaan|bedraagt|bedroeg|kost\w*|kwam\w*|komt|komen|ontv\w+|(?:werd|wordt|was|is) (?:er )?(?:herverdeeld|begroot|voorzien))\b"
_BENEFIT = re.compile(r"\b(?:bedraagt|bedroeg|kost(?:te|ten|en)?)\b", _I)
_GAP = re.compile(r"\b(?:(?:onder)?benutting|overschrijding|overschot|tekort|saldo)\b", _I)
_MOVED = re.compile(r"^hoeveel\b.*\bherverdeeld\b(?:\s+(?P<way>naar|van|vanuit|uit)\b)?", _I)
_CREDITED = re.compile(r"krediet|budget|dotatie|toelage|artikel", _I)
_ASKED_NOUN = re.compile(
    rf"^(?:(?:wat|welke?)\s+(?:(?:zijn|is|waren|was)\s+)?)(?:de\s+|het\s+)?(?P<noun>{LISTED}|{ASPECT})\b", _I
)
_ABOUT = re.compile(r"(?:beslissing|belofte|voorstel)", _I)
_FOR = re.compile(r"(?:maatregel|actie|subsidie)", _I)


@dataclass(frozen=True, slots=True)
class Before:
    """The conversation so far: its questions made whole, oldest first, and the last answer."""

    questions: tuple[str, ...]
    answer: str = ""

    @property
    def question(self) -> str:
        """The last question, made whole."""
        return self.questions[-1]


def about(before: Before) -> str | None:
    """The subject of the conversation: what the last answer put in its place, else that of the latest question that has one."""
    named, asked = of_answer(before.question, before.answer), subject(before.question)
    if named and asked and values(named, "code"):
        return f"{asked} ({named})"
    return named or asked or (_earlier_subject(before) if not has_subject(before.question) else None)


def _earlier_subject(before: Before) -> str | None:
    return next((found for question in reversed(before.questions) if (found := subject(question))), None)


def years(before: Before) -> tuple[str, ...]:
    """The years of the latest question that names one, else those that the answer says of its figures."""
    for question in reversed(before.questions):
        if found := values(question, "year"):
            return found
    return tuple(dict.fromkeys(re.findall(r"\((?:BU|B[AO]|[123]e BA(?:-JR)?) (\d{4})\)", before.answer)))


def answers_back(before: Before) -> bool:
    """Whether the last answer was a question, which a bare phrase answers."""
    return before.answer.rstrip().endswith("?")


def measure_of(before: Before) -> str:
    """The figure that was asked for as a noun phrase: `de uitvoering van 1JDB2CA in 2021`."""
    asked, tongue = before.question, language(before.question)
    executed = re.search(
        r"\bBU\b|uitvoering|uitgegeven|besteed|uitgaven|dépens|exécut|spent|spending", asked, _I
    )
    received = re.search(r"ontvangst|ontvangen|recette|receipt", asked, _I)
    benefit = _BENEFIT.search(asked) and not _CREDITED.search(asked) and not values(asked, "code")
    names = {
        "nl": ("de uitvoering", "de ontvangst", "het bedrag" if benefit else "het krediet", "van", "in"),
        "fr": ("l'exécution", "la recette", "le crédit", "de", "en"),
        "en": ("the execution", "the receipt", "the credit", "of", "in"),
    }[tongue]
    in_years = values(asked, "year")
    in_the_years = f" {names[4]} {' en '.join(in_years)}" if in_years else ""
    if moves := moved(before):
        return f"de herverdeling {moves['way'] or 'van'} {about(before)}{in_the_years}"
    gap = _GAP.search(asked) if tongue == "nl" else None
    name = names[0] if executed else names[1] if received else names[2]
    if gap:
        name = f"{'de' if gap[0].lower().endswith('ing') else 'het'} {gap[0].lower()}"
    credit = values(asked, "credit")
    told = f"{name} {'(' + credit[0] + ') ' if len(credit) == 1 else ''}{names[3]} {about(before)}"
    return f"{told}{in_the_years}"


def moved(before: Before) -> re.Match[str] | None:
    """Where the last question asked how much was reallocated, and which way."""
    return _MOVED.search(before.question)


def asks_figure(question: str) -> bool:
    """Whether a number is asked: an amount of the budget, or a count."""
    return bool(
        re.search(
            rf"\b(?:hoeveel|combien|how much|{MEASURE}|uitgegeven|besteed|BU|BA|BO|dépensé|spent)\b",
            question,
            _I,
        )
    )


def asks_money(question: str) -> bool:
    """Whether an amount of money is asked, and no count of people or things."""
    money = rf"{MEASURE}|uitgegeven|besteed|BU|BA|BO|dépensé|spent"
    return asks_figure(question) and bool(re.search(rf"\b(?:{money})\b|{_MONEY_MOVES}", question, _I))


def with_missing(asked: str, before: Before) -> str:
    """A question about figures with the year and the credit of the last one, where it names none itself."""
    if not (asks_figure(asked) and asks_figure(before.question)):
        return asked
    own = {s.name for s in slots(asked)}
    kept = [s for s in slots(before.question) if s.name in ("credit", "year") and s.name not in own]
    in_years = tuple(dict.fromkeys(s.value for s in kept if s.name == "year"))
    in_credit = tuple(dict.fromkeys(s.value for s in kept if s.name == "credit"))
    if in_credit:
        asked = with_ending(asked, f"in {' en '.join(in_credit)}")
    return with_ending(asked, f"in {' en '.join(in_years)}") if in_years else asked


def asked_of(before: Before) -> str | None:
    """What was asked as a noun phrase: a figure, `de herverdelingen van X`, else the subject itself."""
    topic = about(before)
    if topic is None:
        return None
    if asks_money(before.question):
        return measure_of(before)
    noun = _ASKED_NOUN.match(before.question)
    if noun and noun["noun"].lower() not in topic.lower():
        of = "over" if _ABOUT.match(noun["noun"]) else "voor" if _FOR.match(noun["noun"]) else "van"
        the = "het" if NEUTER.match(noun["noun"]) else "de"
        in_years = f" in {' en '.join(found)}" if (found := values(before.question, "year")) else ""
        return f"{the} {noun['noun'].lower()} {of} {topic}{in_years}"
    return topic


def listed_of(before: Before) -> str | None:
    """The things asked for, where the last question asked for a list of them: `de maatregelen voor X`."""
    noun = _ASKED_NOUN.match(before.question)
    return asked_of(before) if noun and re.fullmatch(LISTED, noun["noun"], _I) else None


def beside(rest: str, told: str | None, before: Before) -> str:
    """The safe form: the new words as they are, with what was asked before behind them.

    `waarheen` after the reallocations of a premium -> `waarheen, bij de herverdelingen van de premie`
    """
    if told is None:
        return beside_question(rest, before)
    word = {"nl": "bij", "fr": "pour", "en": "for"}[language(before.question)]
    return f"{rest}, {word} {told}"


def beside_question(rest: str, before: Before) -> str:
    """A follow-up on a question that has no plain subject, with that question behind it."""
    topic = {"nl": "over de vraag", "fr": "sur la question", "en": "on the question"}[
        language(before.question)
    ]
    return f"{rest} ({topic}: {before.question.rstrip(' ?!.')})"
