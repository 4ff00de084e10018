"""The conversation before a question: what was asked, what was answered, and what it is about."""

import re
from dataclasses import dataclass

from retrieval.followup_slots import slots, values, with_ending
from retrieval.followup_subject import MEASURE, has_subject, of_answer, subject
from retrieval.language import language

_I = re.IGNORECASE


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
    names = {
        "nl": ("de uitvoering", "de ontvangst", "het krediet", "van", "in"),
        "fr": ("l'exécution", "la recette", "le crédit", "de", "en"),
        "en": ("the execution", "the receipt", "the credit", "of", "in"),
    }[tongue]
    name = names[0] if executed else names[1] if received else names[2]
    credit = values(asked, "credit")
    in_years = values(asked, "year")
    told = f"{name} {'(' + credit[0] + ') ' if len(credit) == 1 else ''}{names[3]} {about(before)}"
    return f"{told} {names[4]} {' en '.join(in_years)}" if in_years else told


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
    return asks_figure(question) and bool(re.search(rf"\b(?:{money})\b", question, _I))


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


def beside_question(rest: str, before: Before) -> str:
    """A follow-up on a question that has no plain subject, with that question behind it."""
    topic = {"nl": "over de vraag", "fr": "sur la question", "en": "on the question"}[
        language(before.question)
    ]
    return f"{rest} ({topic}: {before.question.rstrip(' ?!.')})"
