"""The protocol of OpenAI's chat completions: `/v1/chat/completions` and `/v1/models`.

The last message of the user is the question, earlier ones of user and assistant are the conversation. Messages of
other roles are ignored, as are parameters of sampling: what an answer says is decided by the documents. The text
has marks `[1]`; `annotations` say where each stands and which page it leads to, `citations` are those of `/v1/ask`.

Source: https://platform.openai.com/docs/api-reference/chat
"""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from secrets import token_hex
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from answer.records import Answer, Citation, Claim
from api.pages.environment import dutch_date, source_href
from api.problem import Problem
from api.programs.completions_models import MODEL, Completion, CompletionBody, ModelCard, ModelList
from api.service import In
from api.streaming import Claimed, Done, Event, Failed, Withdrawn, streamed, whole

WITHDRAWN = "\n\n(De zinnen hierboven vervallen: het taalmodel viel uit. Wat volgt, geldt.)\n\n"
REFERENCES = "\n\nBronnen:\n"
# What a reader's program could turn into an image, a link or HTML, and fetch.
# A backslash before it would undo ours.
_ACTIVE = re.compile(r"\\|!(?=\[)|(?<=\])(?=[(:\[])|<(?=[a-zA-Z/!?])")
routes = APIRouter(tags=["OpenAI"])


@dataclass(slots=True)
class Written:
    """The text of an answer as it grows, with where its marks stand.

    `site` is the address of our own pages; each mark leads to the page of its source.
    """

    site: str
    text: str = ""
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def claim(self, claim: Claim, citations: Sequence[Citation]) -> str:
        """Add a claim; gives the text that it added: `"De premie is 500 euro. [1]"`."""
        before = len(self.text)
        self.text += (" " if self.text and not self.text.endswith("\n") else "") + inert(claim.text) + " "
        for citation in citations:
            mark = f"[{citation.n}]"
            self.annotations.append(self._annotation(citation, len(self.text), len(mark)))
            self.text += mark
        return self.text[before:]

    def add(self, text: str) -> str:
        """Add text without marks."""
        self.text += text
        return text

    def references(self, citations: Sequence[Citation]) -> str:
        """Add the list of sources, each on its line."""
        lines = [f"[{c.n}] {inert(_title(c))}: {self._url(c)}" for c in citations]
        return self.add(REFERENCES + "\n".join(lines)) if lines else ""

    def _annotation(self, citation: Citation, start: int, length: int) -> dict[str, Any]:
        place = {"start_index": start, "end_index": start + length}
        return {
            "type": "url_citation",
            "url_citation": {**place, "title": _title(citation), "url": self._url(citation)},
        }

    def _url(self, citation: Citation) -> str:
        return self.site + source_href(citation.document_id, citation.start, citation.end)


@routes.get("/v1/models", response_model=ModelList, summary="De modellen die antwoorden")
async def models_v1() -> Response:
    """The one model that answers here, in OpenAI's form."""
    return JSONResponse({"object": "list", "data": [_MODEL_CARD]})


@routes.get("/v1/models/{model}", response_model=ModelCard, summary="Een model")
async def model_v1(model: str) -> Response:
    """The one model, by its name."""
    if model != MODEL:
        raise Problem(404, f"Het model ‘{model[:200]}’ bestaat hier niet; gebruik ‘{MODEL}’.")
    return JSONResponse(_MODEL_CARD)


@routes.post(
    "/v1/chat/completions",
    response_model=Completion,
    summary="Een gesprek voortzetten, in de vorm van OpenAI",
    description=(
        "De laatste vraag van het gesprek wordt beantwoord. `[n]` in de tekst verwijst naar `citations`; `annotations` zegt waar "
        "elk teken staat en naar welke bladzijde het leidt. Met `stream` komt het antwoord in stukken."
    ),
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        404: {"description": "Het model bestaat hier niet."},
    },
)
async def completions_v1(body: CompletionBody, request: Request, service: In) -> Response:
    """Answer the last question of a conversation, in OpenAI's form, also as a stream."""
    asked = body.asked()
    written = Written(service.address(request) or "")
    if body.stream:
        return await streamed(service, asked, _Chunks(body, written).encode)
    answer = (await whole(request, service, asked)).answer
    _write(written, answer)
    if body.references:
        written.references(answer.citations)
    message = {
        "role": "assistant",
        "content": written.text,
        "refusal": None,
        "annotations": written.annotations,
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return JSONResponse(
        {**_head("chat.completion"), "choices": [choice], "usage": _usage(body, written), **_told(answer)}
    )


class _Chunks:
    """Writes the events of an answer as chunks; the last but one holds the annotations and citations."""

    def __init__(self, body: CompletionBody, written: Written) -> None:
        self._body, self._written = body, written
        self._head = _head("chat.completion.chunk")
        self._opened = False
        self._known: dict[int, Citation] = {}

    def encode(self, event: Event) -> bytes:
        """The bytes of one event, none where a chunk has no place for it."""
        match event:
            case Claimed(claim, _):
                return self._delta({"content": self._written.claim(claim, self._cited(event))})
            case Withdrawn():
                self._known.clear()
                return self._delta({"content": self._written.add(WITHDRAWN)}) if self._written.text else b""
            case Done(answer, _):
                return self._last(answer)
            case Failed(status, detail):
                return _line({"error": {"message": detail, "type": "server_error", "code": status}})
            case _:
                return b": bezig\n\n"

    def _cited(self, event: Claimed) -> list[Citation]:
        self._known.update((c.n, c) for c in event.citations)
        return [self._known[n] for n in event.claim.citations]

    def _delta(self, delta: dict[str, Any], **more: Any) -> bytes:
        opening = {} if self._opened else {"role": "assistant"}
        self._opened = True
        choice = {"index": 0, "delta": opening | delta, "logprobs": None, "finish_reason": None}
        return _line({**self._head, "choices": [choice | more]})

    def _last(self, answer: Answer) -> bytes:
        out = b"" if answer.claims else self._delta({"content": self._written.add(inert(answer.text))})
        if self._body.references and answer.citations:
            out += self._delta({"content": self._written.references(answer.citations)})
        out += self._delta({"annotations": self._written.annotations})
        end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
        out += _line({**self._head, "choices": [end], **_told(answer)})
        if self._body.stream_options and self._body.stream_options.include_usage:
            out += _line({**self._head, "choices": [], "usage": _usage(self._body, self._written)})
        return out + b"data: [DONE]\n\n"


_MODEL_CARD = {"id": MODEL, "object": "model", "created": 1_763_683_200, "owned_by": "beleidswijzer"}


def inert(text: str) -> str:
    """Text that no Markdown reader turns into an image, a link or HTML: `"![a](b)"` -> `"\\\\![a]\\\\(b)"`."""
    return _ACTIVE.sub(lambda match: "\\" + match.group(), text)


def _write(written: Written, answer: Answer) -> None:
    """The claims with their marks, or why there are none."""
    by_number = {c.n: c for c in answer.citations}
    for claim in answer.claims:
        written.claim(claim, [by_number[n] for n in claim.citations])
    if not answer.claims:
        written.add(inert(answer.text))


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{token_hex(12)}", "object": kind, "created": int(time.time()), "model": MODEL}


def _told(answer: Answer) -> dict[str, Any]:
    """What our own answer says beyond OpenAI's form."""
    return {
        "citations": [asdict(c) for c in answer.citations],
        "status": answer.status,
        "refusal": asdict(answer.refusal) if answer.refusal else None,
        "notice": answer.notice,
        "corpus_version": answer.corpus_version,
    }


def _usage(body: CompletionBody, written: Written) -> dict[str, int]:
    """Words read and written; the protocol wants numbers here, and no tokenizer is at work."""
    read = sum(len(message.text().split()) for message in body.messages)
    made = len(written.text.split())
    return {"prompt_tokens": read, "completion_tokens": made, "total_tokens": read + made}


def _title(citation: Citation) -> str:
    return f"{citation.title} ({dutch_date(citation.date)})" if citation.date else citation.title


def _line(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
