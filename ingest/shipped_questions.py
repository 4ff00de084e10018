"""Questions that come with the project: written by reading public documents, for whoever ingests those documents.

`ingest/questions/*.jsonl` holds a line for each place in a document: `document_id`, `start` and `end` in its canonical
text, the first digits of the SHA-256 of what stands there, and the `questions` that it answers. A place counts only
where the document still says the same, so that a changed document loses its questions and never gets wrong ones.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ingest.records import Document, Question, Rejected

_DIGITS = 8


def shipped_questions(documents: Sequence[Document]) -> Iterator[Question | Rejected]:
    """The questions for these documents, and one rejection for each that no longer says all that they were written about.

    A document that says less than half of it is another one under the same id.
    """
    for document in documents:
        places = _places().get(document.id, ())
        held = [p for p in places if digest(document.text[p["start"] : p["end"]]) == p["digest"]]
        for place in held:
            span = place["start"], place["end"]
            yield from (Question(document.id, text, span) for text in place["questions"])
        if len(places) / 2 <= len(held) < len(places):
            yield Rejected(
                document.id,
                "changed",
                f"{len(places) - len(held)} van de {len(places)} plaatsen in {document.id} waarbij het project vragen "
                f"levert, luiden nu anders; die vragen worden niet gebruikt.",
            )


def digest(text: str) -> str:
    """What a place is known by: `digest("")` -> `"e3b0c442"`."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


@cache
def _places() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The places of each document, by its id."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted(files("ingest").joinpath("questions").iterdir(), key=lambda path: path.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            place = json.loads(line)
            found.setdefault(place["document_id"], []).append(place)
    return found
