"""The answer record: the same for every composer, every door and every stored answer."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingest.records import Metadata
from retrieval.records import Evidence

Status = Literal["answered", "partial", "refused"]
Reason = Literal["not_in_corpus", "false_premise", "ambiguous", "out_of_scope", "instruction"]


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span: `text` equals the canonical text of the document between `start` and `end`."""

    n: int
    document_id: str
    title: str
    kind: str
    uri: str | None
    date: str | None
    page: int | None
    section: tuple[str, ...]
    start: int
    end: int
    text: str

    @classmethod
    def of(
        cls, n: int, meta: Metadata, page: int | None, section: tuple[str, ...], start: int, text: str
    ) -> "Citation":
        """The citation of `text`, which stands in a document from `start` on."""
        known = (meta.id, meta.title, meta.kind, meta.uri, meta.date)
        return cls(n, *known, page, section, start, start + len(text), text)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a claim and where it comes from: `start`/`end` in the cited document, `formula` when derived."""

    text: str
    value: str
    unit: str | None
    source: Literal["cell", "span", "derived"]
    start: int
    end: int
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, or several that are quoted as one, and the numbers of the citations that carry it.

    `key` is where in `text` the sentence stands that tells what was asked; None when that is all of it or no one
    sentence is clearly the one.
    """

    text: str
    citations: tuple[int, ...]
    figures: tuple[Figure, ...] = ()
    key: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, in Dutch, and the passages that come nearest."""

    reason: Reason
    message: str
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What a language model had to do with an answer: its name, the hash of its templates and of its reply."""

    model: str
    prompt_sha256: str
    output_sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` gives back. A refused answer has no claims and no citations.

    `question` is the full question that was answered: a follow-up with what the conversation gave it. A
    `partial` answer has lost claims that did not verify; `notice` tells the reader so.
    """

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    corpus_version: str
    mode: str
    elapsed_ms: int
    refusal: Refusal | None = None
    notice: str | None = None
    trace: Trace | None = None
    question: str = ""

    def as_json(self) -> dict[str, Any]:
        """The `ask` object of the contract, without `id`."""
        return {
            "status": self.status,
            "question": self.question,
            "refusal": asdict(self.refusal) if self.refusal else None,
            "answer": self.text,
            "notice": self.notice,
            "claims": [asdict(c) for c in self.claims],
            "citations": [asdict(c) for c in self.citations],
            "passages": [
                {
                    "document_id": e.meta.id,
                    "start": e.passage.start,
                    "end": e.passage.end,
                    "score": round(e.score, 6),
                }
                for e in self.evidence
            ],
            "corpus_version": self.corpus_version,
            "mode": self.mode,
            "elapsed_ms": self.elapsed_ms,
        }
