"""A chat model as the writer of questions for passages, for question expansion at ingest."""

import json
import secrets
from typing import Any

from answer.model_prompt import inert
from ingest.chat import ChatModel
from ingest.expand import NotWritten, Write
from prompts.templates import template

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"questions": {"type": "array", "items": {"type": "string"}}},
    "required": ["questions"],
    "additionalProperties": False,
}


def question_writer(model: ChatModel) -> Write:
    """A function from an indexed text to the questions that the model writes for it, or why there are none."""

    def write(text: str) -> list[str] | NotWritten:
        delimiter = secrets.token_hex(8)
        reply = model.read(
            template("expand_system").render(delimiter=delimiter),
            template("expand_passage").render(delimiter=delimiter, passage=inert(text, delimiter)),
            schema=_SCHEMA,
        )
        if reply.failure:
            return NotWritten(f"het taalmodel gaf geen antwoord ({reply.failure}: {reply.detail})")
        questions = _read(reply.text)
        return questions or NotWritten("het taalmodel gaf geen vragen in de afgesproken vorm")

    return write


def _read(text: str) -> list[str]:
    """The questions of a reply; text around the JSON is passed over."""
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        return []
    questions = found.get("questions") if isinstance(found, dict) else None
    return [q for q in questions if isinstance(q, str) and q.strip()] if isinstance(questions, list) else []
