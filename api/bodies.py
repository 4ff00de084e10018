"""What a request may hold, with its bounds, and the records it becomes."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from retrieval.records import Filters, Turn

LONGEST_TEXT = 20_000
MOST_TURNS = 40
MOST_FILTERS = 100
MOST_PASSAGES = 200

# Control characters, and the marks that turn the reading direction, have no place in a question.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Text with a space for each control character: `"a\\x00b"` -> `"a b"`."""
    return _UNSEEN.sub(" ", text)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "mag niet leeg zijn")
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(harmless)]
QuestionText = Annotated[Text, AfterValidator(_not_blank)]
Name = Annotated[str, Field(max_length=500)]
Year = Annotated[int, Field(ge=1, le=9999)]
Names = Annotated[list[Name], Field(max_length=MOST_FILTERS)]
Years = Annotated[list[Year], Field(max_length=MOST_FILTERS)]
Count = Annotated[int, Field(ge=1, le=MOST_PASSAGES)]


class TurnBody(BaseModel):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: Text


class FiltersBody(BaseModel):
    """Which documents may answer; an empty list restricts nothing."""

    kind: Names = []
    year: Years = []
    document: Names = []


class AskBody(BaseModel):
    """A question; what else the object holds is ignored."""

    question: QuestionText
    history: Annotated[list[TurnBody], Field(max_length=MOST_TURNS)] | None = None
    filters: FiltersBody | None = None

    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history or ())

    def restrictions(self) -> Filters:
        """The filters as retrieval takes them."""
        if self.filters is None:
            return Filters()
        return Filters(tuple(self.filters.kind), tuple(self.filters.year), tuple(self.filters.document))


class SearchBody(AskBody):
    """A question and how many passages are wanted, of all documents and of one."""

    k: Count = 20
    per_document: Count | None = None
