"""The memo record: what became of one commitment, the same for every composer, format and door."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from answer.records import Citation, Claim, Trace
from ingest.records import Stage

Status = Literal["definitief", "principieel", "in_voorbereiding", "niet_gevonden"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A document in the memo's list of references: `n` is the number that a reader sees in the text.

    `uri` is None for a decision that the platform gives none; `official_title` is None when it is the title.
    """

    n: int
    document_id: str
    kind: str
    uri: str | None
    date: str | None
    title: str
    official_title: str | None
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Theme:
    """Claims that belong together, under a heading taken from the sources."""

    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise of the section and what was decided: `start`/`end` in the agreement, `text` as it stands there.

    `references` are numbers of the reference list, oldest decision first; none when nothing was found. `first` and
    `last` are the dates of the first and the last of them.
    """

    start: int
    end: int
    text: str
    status: Status
    first: str | None
    last: str | None
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that a decision or the ledger gives: `text` as printed, `what` it is for, `citation` its source."""

    text: str
    value: str
    unit: str
    what: str
    citation: int


@dataclass(frozen=True, slots=True)
class NotFound:
    """What was looked for and not found: the promise, and in Dutch where it was looked for.

    `possible` are numbers of the reference list: decisions that may carry the promise out, for a reader to judge.
    """

    text: str
    searched: str
    possible: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Memo:
    """What was decided about one commitment.

    A claim's `citations` and an amount's `citation` are numbers of `citations`: exact spans, in whatever document they
    stand (a decision, the ledger's document, the agreement). `references` lists every document that is cited or
    stands in a row; in the text a citation is shown with the number of its document there. `evidence` is the hash of everything the memo rests on (the section, the decisions matched with
    their texts, ledger cells, templates, code): equal evidence makes an equal memo. `made_on` is the date, which is
    no part of the evidence. `mode` is `extractive` or the model's name; `trace` and `notice` as in an answer.
    """

    commitment: str
    document_id: str
    domain: str
    path: tuple[str, ...]
    title: str
    section_text: str
    summary: tuple[Claim, ...]
    themes: tuple[Theme, ...]
    promises: tuple[PromiseRow, ...]
    amounts: tuple[Amount, ...]
    not_found: tuple[NotFound, ...]
    citations: tuple[Citation, ...]
    references: tuple[Reference, ...]
    corpus_version: str
    mode: str
    prompts_sha256: str
    evidence: str
    made_on: str
    notice: str | None = None
    trace: Trace | None = None

    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the order in which the memo shows them."""
        return (*self.summary, *(claim for theme in self.themes for claim in theme.claims))

    def reference_of(self, citation: int) -> Reference:
        """The reference of the document in which a citation stands. Raises: StopIteration for an unknown number."""
        cited = next(c for c in self.citations if c.n == citation)
        return next(r for r in self.references if r.document_id == cited.document_id)

    def as_json(self) -> dict[str, Any]:
        """The memo as one JSON object."""
        return asdict(self)
