"""The form of what the routes for programs answer, for their description: the JSON itself comes from the records."""

from pydantic import BaseModel, Field, JsonValue

from answer.records import Citation, Claim, Refusal, Status
from evals.adopt import Verdict
from evals.history import Decision
from ingest.records import BlockKind, Stage

_CITATION: dict[str, JsonValue] = {
    "n": 1,
    "document_id": "nota",
    "title": "Nota over de premie",
    "kind": "conceptnota",
    "uri": None,
    "date": "2023-05-04",
    "page": 3,
    "section": ["2 Bedragen"],
    "start": 1204,
    "end": 1242,
    "text": "De premie bedraagt 500 euro per maand.",
}
ANSWER: dict[str, JsonValue] = {
    "status": "answered",
    "question": "Hoeveel bedraagt de premie?",
    "refusal": None,
    "answer": "De premie bedraagt 500 euro per maand. [1]",
    "notice": None,
    "claims": [
        {
            "text": "De premie bedraagt 500 euro per maand.",
            "citations": [1],
            "figures": [
                {
                    "text": "500 euro",
                    "value": "500",
                    "unit": "euro",
                    "source": "span",
                    "start": 1223,
                    "end": 1231,
                    "formula": None,
                }
            ],
            "key": None,
        }
    ],
    "citations": [_CITATION],
    "passages": [{"document_id": "nota", "start": 1204, "end": 1242, "score": 7.25}],
    "corpus_version": "0123456789abcdef0123456789abcdef",
    "mode": "extractive",
    "elapsed_ms": 38,
}


class Problem(BaseModel):
    """A refusal or a failure (RFC 9457)."""

    title: str
    status: int
    detail: str = Field(description="Wat er mis is en wat eraan te doen is.")
    errors: list["FieldProblem"] = Field([], description="Bij 422: wat er per veld mis is.")


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Place(BaseModel):
    """A passage that was weighed."""

    document_id: str
    start: int = Field(description="Eerste teken, geteld in Unicode-codepunten van de canonieke tekst.")
    end: int = Field(description="Het teken na het laatste.")
    score: float


class AnswerObject(BaseModel):
    """An answer or a refusal."""

    status: Status
    question: str = Field(
        description="De vraag die beantwoord is; een vervolgvraag is aangevuld uit het gesprek."
    )
    refusal: Refusal | None = Field(
        description="Waarom er geen antwoord is, met de passages die het dichtst komen."
    )
    answer: str = Field(description="De zinnen met hun verwijzingen: `De premie is 500 euro. [1]`.")
    notice: str | None = Field(description="Wat de lezer over dit antwoord moet weten.")
    claims: list[Claim]
    citations: list[Citation]
    passages: list[Place]
    corpus_version: str
    mode: str = Field(description="`extractive`, of het taalmodel dat het antwoord opstelde.")
    elapsed_ms: int
    answer_id: str | None = Field(
        None, description="Onder welk nummer het antwoord bewaard is, als het bewaard is."
    )


class FoundPassage(BaseModel):
    """A passage that was found."""

    id: str
    document_id: str
    title: str
    kind: str
    uri: str | None
    page: int | None
    section: list[str]
    start: int
    end: int
    text: str
    score: float


class FoundPassages(BaseModel):
    """Passages, best first."""

    passages: list[FoundPassage]
    corpus_version: str


class DocumentMetadata(BaseModel):
    """What is known of a document beside its text."""

    id: str
    kind: str
    title: str
    date: str | None
    year: int | None
    publisher: str | None
    language: str
    uri: str | None
    official_title: str | None
    themes: list[str]
    ministers: list[str]
    minister_title: str | None
    note: str | None
    stage: Stage | None


class Documents(BaseModel):
    """One page of the list of documents."""

    total: int
    offset: int
    documents: list[DocumentMetadata]
    corpus_version: str


class TextBlock(BaseModel):
    """A run of text with one role."""

    start: int
    end: int
    kind: BlockKind
    level: int
    page: int | None
    section: list[str]


class WholeDocument(DocumentMetadata):
    """A document, or a span of it."""

    sha256: str
    start: int
    end: int
    text: str
    blocks: list[TextBlock]
    corpus_version: str


class Heading(BaseModel):
    """A heading of a document."""

    level: int
    page: int | None
    start: int
    end: int
    text: str


class Outline(BaseModel):
    """The headings of a document."""

    document_id: str
    outline: list[Heading]
    corpus_version: str


class Reference(BaseModel):
    """A decision of the Flemish Government with the other decisions of its file."""

    reference: DocumentMetadata
    file: list[DocumentMetadata] = Field(description="De beslissingen over hetzelfde dossier, oudste eerst.")
    corpus_version: str


class CommitmentSummary(BaseModel):
    """A section of the coalition agreement."""

    id: str
    document_id: str
    domain: str
    path: list[str]
    start: int
    end: int


class Commitments(BaseModel):
    """One page of the list of commitments."""

    total: int
    offset: int
    commitments: list[CommitmentSummary]
    corpus_version: str


class Promise(BaseModel):
    """A single promise within a section."""

    start: int
    end: int
    text: str


class WholeCommitment(CommitmentSummary):
    """A section with its text and its promises."""

    text: str
    promises: list[Promise]
    corpus_version: str


class Snapshot(BaseModel):
    """A version of the corpus that is kept."""

    id: str
    created: str
    counts: dict[str, int]
    is_current: bool
    size: int = Field(description="In bytes.")


class Snapshots(BaseModel):
    """The versions of the corpus that are kept, newest first."""

    total: int
    offset: int
    snapshots: list[Snapshot]


class Changes(BaseModel):
    """Documents, by id, of one snapshot compared with another."""

    since: str | None = Field(
        description="De publicatie waarmee vergeleken wordt; null als er geen eerdere bewaard is."
    )
    added: list[str]
    changed: list[str]
    withdrawn: list[str]


class WholeSnapshot(Snapshot):
    """A version of the corpus, how it was made, and what changed."""

    code: str
    analyser: str
    embedder: str
    changes: Changes


class Evaluation(BaseModel):
    """An update of the corpus with its measures."""

    at: str
    who: str
    before: str | None
    candidate: str
    code: str
    decision: Decision
    stopped: list[str]
    told: list[str]
    measures: dict[str, float]


class Evaluations(BaseModel):
    """One page of the updates, newest first."""

    total: int
    offset: int
    evaluations: list[Evaluation]


class Judged(BaseModel):
    """A judgement that was kept."""

    answer_id: str
    verdict: Verdict
    at: str
