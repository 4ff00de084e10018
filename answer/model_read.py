"""A model's reply read as it comes: each claim as soon as its object closes.

Decides nothing of what a claim says, nor whether it holds.
"""

import json
from dataclasses import dataclass
from typing import Any, get_args

from answer.records import Reason

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims", "refusal"],
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "passages", "quotes"],
                "properties": {
                    "text": {"type": "string"},
                    "passages": {"type": "array", "items": {"type": "integer"}},
                    "quotes": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "refusal": {"type": ["string", "null"], "enum": [*get_args(Reason), None]},
    },
}
_THINKING = ("<think>", "</think>")
_IN_CLAIMS = ["{", "["]
_DEEPEST = 8
_CLOSES = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A claim as the model proposes it: `passages` are numbers of the prompt, counted from 1."""

    text: str
    passages: tuple[int, ...]
    quotes: tuple[str, ...]


class ClaimReader:
    """Reads one reply; what stands before its first brace or between `<think>` marks is no part of it.

    Linear in the length of the reply and bounded in depth, whatever a hostile server sends.
    """

    def __init__(self) -> None:
        self.refusal: Reason | None = None
        self.is_complete = False
        self.is_garbage = False
        self._opening: str | None = ""
        self._read: list[str] = []
        self._open: list[str] = []
        self._claim_at = 0
        self._in_string = self._escaped = False

    @property
    def has_begun(self) -> bool:
        """Whether an object has opened."""
        return self._opening is None

    def feed(self, text: str) -> list[Proposed | None]:
        """The claims that close within `text`; None for one that has not the form that was asked for."""
        if self._opening is not None:
            text = self._from_first_brace(text)
        claims: list[Proposed | None] = []
        for sign in text:
            if self.is_complete or self.is_garbage:  # what follows the closed object is not read
                break
            self._read.append(sign)
            if self._in_string:
                self._escaped, self._in_string = (
                    sign == "\\" and not self._escaped,
                    sign != '"' or self._escaped,
                )
            elif sign == '"':
                self._in_string = True
            elif sign in "{[":
                self._enter(sign)
            elif sign in "}]":
                claims.extend(self._leave(sign))
        return claims

    def _enter(self, sign: str) -> None:
        if self._open == _IN_CLAIMS:
            self._claim_at = len(self._read) - 1
        self._open.append(sign)
        self.is_garbage = len(self._open) > _DEEPEST

    def _leave(self, sign: str) -> list[Proposed | None]:
        """The claim that this brace closes; the whole object is read again when it closes itself."""
        if _CLOSES[self._open.pop()] != sign:
            self.is_garbage = True
            return []
        try:
            if self._open == _IN_CLAIMS:
                return [_proposed(json.loads("".join(self._read[self._claim_at :])))]
            if not self._open:
                self._note_refusal(json.loads("".join(self._read)))
        except ValueError:
            self.is_garbage = True
        return []

    def _note_refusal(self, reply: dict[str, Any]) -> None:
        reason = reply.get("refusal")
        self.refusal = reason if isinstance(reason, str) and reason in get_args(Reason) else None  # type: ignore[assignment]
        self.is_complete = True

    def _from_first_brace(self, text: str) -> str:
        """The text from the object on, once that has begun; empty before."""
        self._opening = (self._opening or "") + text
        opening, closing = _THINKING
        said = self._opening.lstrip()
        if said.startswith(opening):
            said = said.partition(closing)[2]
        elif opening.startswith(said):
            return ""
        if "{" not in said:
            return ""
        self._opening = None
        return said[said.index("{") :]


def _proposed(item: object) -> Proposed | None:
    if not isinstance(item, dict):
        return None
    text, passages, quotes = item.get("text"), item.get("passages"), item.get("quotes")
    if not (isinstance(text, str) and isinstance(passages, list) and isinstance(quotes, list)):
        return None
    if not all(type(k) is int for k in passages) or not all(isinstance(q, str) for q in quotes):
        return None
    return Proposed(text, tuple(passages), tuple(quotes))
