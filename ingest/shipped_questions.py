"""Questions that come with the project: written by reading public documents, for whoever ingests those documents.

`ingest/questions/*.jsonl` holds a line for each place in a document: `document_id`, `start` and `end` in its canonical
text, the first digits of the SHA-256 of what stands there, and the questions that it answers (`questions`), that it
leaves `open` and that take for granted what it contradicts (`premise`); see `Question`. A place counts only
where the document still says the same, also when what was written or struck before it has moved it: a changed document
loses the questions about what changed and never gets wrong ones.
"""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ingest.records import Document, Question, QuestionKind, Rejected

_Place = Mapping[str, Any]
_NAMES: Mapping[QuestionKind, str] = {"answered": "questions", "open": "open", "premise": "premise"}
_DIGITS = 8
_MOVED = 10_000  # characters that one edit may write or strike before a place
_PATIENCE = 25  # places in a row that may be lost before the document counts as another one


def shipped_questions(documents: Sequence[Document]) -> Iterator[Question | Rejected]:
    """The questions for these documents, and one rejection for each that no longer says all that they were written about.

    A document that says less than half of it is another one under the same id.
    """
    for document in documents:
        places = _places().get(document.id, ())
        held = list(_held(document.text, places))
        for span, place in held:
            for kind, name in _NAMES.items():
                yield from (Question(document.id, text, span, kind) for text in place.get(name, ()))
        if len(places) / 2 <= len(held) < len(places):
            yield Rejected(
                document.id,
                "changed",
                f"{len(places) - len(held)} van de {len(places)} plaatsen in {document.id} waarbij het project vragen "
                f"levert, luiden nu anders; die vragen worden niet gebruikt.",
            )


def _held(text: str, places: Sequence[_Place]) -> Iterator[tuple[tuple[int, int], _Place]]:
    """The places that a text still has, each with its span in the text's own offsets; `places` by their start."""
    moved, lost = 0, 0
    for place in places:
        start, length = place["start"], place["end"] - place["start"]
        near = range(max(0, start + moved - _MOVED), min(len(text) - length, start + moved + _MOVED) + 1)
        at = next(
            (
                at
                for at in itertools.chain([start + moved], near)
                if 0 <= at <= len(text) - length and digest(text[at : at + length]) == place["digest"]
            ),
            None,
        )
        if at is not None:
            moved, lost = at - start, 0
            yield (at, at + length), place
        elif (lost := lost + 1) > _PATIENCE:
            return


def digest(text: str) -> str:
    """What a place is known by: `digest("")` -> `"e3b0c442"`."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


@cache
def _places() -> Mapping[str, Sequence[_Place]]:
    """The places of each document by its id, in the order of their starts."""
    found: dict[str, list[_Place]] = {}
    for path in sorted(files("ingest").joinpath("questions").iterdir(), key=lambda path: path.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            place = json.loads(line)
            found.setdefault(place["document_id"], []).append(place)
    return {of: sorted(places, key=lambda place: place["start"]) for of, places in found.items()}
