"""The events of an answer as programs read them: server-sent events whose data is JSON."""

import json
from dataclasses import asdict
from typing import Any

from fastapi.sse import format_sse_event

from api.streaming import Cited, Claimed, Done, Event, Failed, Status, Withdrawn

EXAMPLE = """event: status
data: {"text": "Zoekt in de documenten"}

event: claim
data: {"claim": {"text": "De premie is 500 euro.", "citations": [1], "figures": []}, "citations": [{"n": 1}]}

event: citations
data: {"citations": [{"n": 1}]}

event: done
data: {"status": "answered"}

"""


def sse(event: Event) -> bytes:
    """`event: claim`, `data: {"claim": ..., "citations": [...]}`, an empty line."""
    return format_sse_event(event=event.event, data_str=json.dumps(_data(event), ensure_ascii=False))


def answer_json(done: Done) -> dict[str, Any]:
    """The `ask` object of the contract; with `answer_id` when the answer was kept."""
    return done.answer.as_json() | ({"answer_id": done.kept} if done.kept else {})


def _data(event: Event) -> dict[str, Any]:
    match event:
        case Status(text):
            return {"text": text}
        case Claimed(claim, citations):
            return {"claim": asdict(claim), "citations": [asdict(c) for c in citations]}
        case Withdrawn():
            return {}
        case Cited(citations):
            return {"citations": [asdict(c) for c in citations]}
        case Failed(status, detail):
            return {"status": status, "detail": detail}
        case Done():
            return answer_json(event)
