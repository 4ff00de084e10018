"""What a request may hold, with its bounds, and the records it becomes."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

from evals.adopt import Verdict
from retrieval.records import Filters, Turn

LONGEST_TEXT = 20_000
MOST_TURNS = 40
MOST_FILTERS = 100
MOST_PASSAGES = 200
LONGEST_REMARK = 2_000

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
QuestionText = Annotated[Text, AfterValidator(_not_blank), Field(json_schema_extra={"pattern": r"\S"})]
Remark = Annotated[str, Field(max_length=LONGEST_REMARK), AfterValidator(harmless)]
Name = Annotated[str, Field(max_length=500)]
Year = Annotated[int, Field(ge=1, le=9999)]
Names = Annotated[list[Name], Field(max_length=MOST_FILTERS)]
Years = Annotated[list[Year], Field(max_length=MOST_FILTERS)]
Count = Annotated[int, Field(ge=1, le=MOST_PASSAGES)]


# A text is no number and a number no text: what a program sends is what it means.
_STRICT = ConfigDict(strict=True)
_EXAMPLE: dict[str, JsonValue] = {
    "question": "Wie moet zich bij de VDAB inschrijven?",
    "filters": {"kind": ["conceptnota"]},
}


class TurnBody(BaseModel):
    """One earlier message."""

    model_config = _STRICT
    role: Literal["user", "assistant"]
    content: Text


class FiltersBody(BaseModel):
    """Which documents may answer; an empty list restricts nothing."""

    model_config = _STRICT
    kind: Names = []
    year: Years = []
    document: Names = []
    minister: Names = []
    theme: Names = []


class AskBody(BaseModel):
    """A question; what else the object holds is ignored. `keep` puts the answer in the log, to be judged later."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [_EXAMPLE]})
    question: QuestionText
    history: Annotated[list[TurnBody], Field(max_length=MOST_TURNS)] | None = None
    filters: FiltersBody | None = None
    keep: bool = False

    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history or ())

    def restrictions(self) -> Filters:
        """The filters as retrieval takes them."""
        if self.filters is None:
            return Filters()
        return Filters(**{name: tuple(values) for name, values in self.filters})


class AskStreamBody(AskBody):
    """A question, and whether its answer is wanted as a stream of events."""

    stream: bool = False


class FeedbackBody(BaseModel):
    """What somebody thinks of an answer that was kept; `answer_id` is its id in the log."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [{"answer_id": "0123456789abcdef", "verdict": "right", "comment": ""}]
        },
    )
    answer_id: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    verdict: Verdict
    comment: Remark = ""


class SearchBody(AskBody):
    """A question and how many passages are wanted, of all documents and of one."""

    k: Count = 20
    per_document: Count | None = None
