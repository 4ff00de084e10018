"""What OpenAI's protocol sends and gets, as far as it is taken here; unknown fields are ignored."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from answer.records import Citation, Refusal, Status
from api.bodies import LONGEST_TEXT, MOST_TURNS, AskBody, FiltersBody, TurnBody
from api.problem import Problem

MODEL = "beleidswijzer"


class Part(BaseModel):
    """A piece of a message; only text can be asked."""

    type: str
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: (
        Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
        | Annotated[list[Part], Field(max_length=MOST_TURNS)]
        | None
    ) = None

    def text(self) -> str:
        """The text of the message, its parts on lines of their own."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream should tell besides."""

    model_config = {"strict": True}
    include_usage: bool = False


class CompletionBody(BaseModel):
    """A conversation whose last question is to be answered.

    `filters` restricts the documents as in `/v1/ask`; `references` adds the list of sources to the text, for
    programs that show nothing but text.
    """

    model: Annotated[str, StringConstraints(max_length=200)] = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=10 * MOST_TURNS)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    filters: FiltersBody | None = None
    references: bool = False

    model_config = {
        "strict": True,
        "json_schema_extra": {
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "Wie moet zich bij de VDAB inschrijven?"}],
                }
            ]
        },
    }

    def asked(self) -> AskBody:
        """The question with its conversation. Raises: Problem (404 for an unknown model, 422 without a question)."""
        if self.model != MODEL:
            raise Problem(404, f"Het model ‘{self.model}’ bestaat hier niet; gebruik ‘{MODEL}’.")
        said = [m for m in self.messages if m.role in ("user", "assistant") and m.text().strip()]
        if not said or said[-1].role != "user":
            raise Problem(422, "messages: het laatste bericht met tekst moet van de gebruiker zijn.")
        if len(said[-1].text()) > LONGEST_TEXT:
            raise Problem(422, f"messages: een vraag mag hoogstens {LONGEST_TEXT} tekens hebben.")
        turns = [
            TurnBody(role="user" if m.role == "user" else "assistant", content=m.text()[:LONGEST_TEXT])
            for m in said[:-1][-MOST_TURNS:]
        ]
        return AskBody(question=said[-1].text(), history=turns, filters=self.filters)


class UrlCitation(BaseModel):
    """The mark `text[start_index:end_index]` and the page that it leads to."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A mark in the text."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class Reply(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"]
    content: str
    refusal: str | None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer that there is."""

    index: int
    message: Reply
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Words read and written."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """An answer in OpenAI's form, with what ours says beyond it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    citations: list[Citation]
    status: Status
    refusal: Refusal | None
    notice: str | None
    corpus_version: str


class ModelCard(BaseModel):
    """A model that can be asked."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    """The models that can be asked."""

    object: Literal["list"]
    data: list[ModelCard]
