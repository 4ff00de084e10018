"""What a question asks of the corpus, and what comes back."""

from dataclasses import dataclass
from typing import Any

from ingest.records import Metadata, Passage


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts the documents that may answer; an empty field restricts nothing.

    Of a field with several values one has to fit; of several fields each.
    """

    kind: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    document: tuple[str, ...] = ()
    minister: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()

    def admit(self, meta: Metadata) -> bool:
        """Whether a document passes every field."""
        return (
            (not self.kind or meta.kind in self.kind)
            and (not self.year or meta.year in self.year)
            and (not self.document or meta.id in self.document)
            and (not self.minister or not set(self.minister).isdisjoint(meta.ministers))
            and (not self.theme or not set(self.theme).isdisjoint(meta.themes))
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation: `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage found for a question.

    `score` is at least 0, higher is better, comparable within one answer only. `closeness` is the cosine of
    question and passage, -1..1, comparable between questions.
    """

    passage: Passage
    meta: Metadata
    score: float
    closeness: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """One passage of `wijzer search --json`."""
        return {
            "id": self.passage.id,
            "document_id": self.meta.id,
            "title": self.meta.title,
            "kind": self.meta.kind,
            "uri": self.meta.uri,
            "page": self.passage.page,
            "section": list(self.passage.section),
            "start": self.passage.start,
            "end": self.passage.end,
            "text": self.passage.text,
            "score": round(self.score, 6),
        }
