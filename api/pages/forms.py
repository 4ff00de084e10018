"""What the pages send: form fields of our own pages, with bounds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request

from answer.log_record import Entry
from api.bodies import LONGEST_TEXT, MOST_TURNS, AskBody
from api.pages.sealed import Seal
from api.problem import Problem
from retrieval.records import Filters

MOST_FIELDS = 1_000
_YEAR = re.compile(r"[0-9]{1,4}")
MOST_ANSWERS = 100
FILTERS: Mapping[str, str] = {
    "soort": "kind",
    "jaar": "year",
    "document": "document",
    "minister": "minister",
    "thema": "theme",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form; one that was left out has no values."""

    values: Mapping[str, Sequence[str]]

    def all(self, name: str) -> Sequence[str]:
        """Every value of a field, in the order of the page."""
        return self.values.get(name, ())

    def one(self, name: str) -> str:
        """The last value of a field, empty when there is none."""
        return self.all(name)[-1] if self.all(name) else ""


async def _fields(request: Request) -> Fields:
    """The form that one of our own pages sent: `api.access.gate` lets no other page send one. Raises: Problem (422)."""
    try:
        values = parse_qs(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise Problem(422, "Het formulier kan niet gelezen worden; laad de pagina opnieuw.") from error
    return Fields(values)


Form = Annotated[Fields, Depends(_fields)]


def asked(form: Fields, earlier: Sequence[Entry]) -> AskBody:
    """The question of a form with the conversation before it. Raises: RequestValidationError."""
    turns: list[dict[str, Any]] = []
    for entry in earlier:
        turns += [
            {"role": "user", "content": entry.question},
            {"role": "assistant", "content": entry.answer["answer"][:LONGEST_TEXT]},
        ]
    filters: dict[str, list[Any]] = {ours: list(form.all(name)) for name, ours in FILTERS.items()}
    filters["year"] = [int(year) if _YEAR.fullmatch(year) else year for year in filters["year"]]
    body = {"question": form.one("vraag"), "history": turns[-MOST_TURNS:], "filters": filters}
    try:
        return AskBody.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def answers(form: Fields, seal: Seal) -> list[Entry]:
    """The sealed answers that a form holds, in order; what this server did not seal is left out. Raises: Problem (422)."""
    words = form.all("eerder")
    if len(words) > MOST_ANSWERS:
        raise Problem(
            422, f"Een gesprek kan hoogstens {MOST_ANSWERS} antwoorden hebben; begin een nieuw gesprek."
        )
    return [entry for word in words if (entry := seal.opened(word)) is not None]


def answer(form: Fields, seal: Seal) -> Entry:
    """The one sealed answer of a form. Raises: Problem (422)."""
    found = seal.opened(form.one("eerder"))
    if found is None:
        raise Problem(422, "Dit antwoord is niet (meer) door deze server gewaarmerkt; stel de vraag opnieuw.")
    return found


def as_query(filters: Filters) -> list[tuple[str, str]]:
    """Filters as fields of an address: `Filters(year=(2021,))` -> `[("jaar", "2021")]`."""
    return [(name, str(value)) for name, ours in FILTERS.items() for value in getattr(filters, ours)]
