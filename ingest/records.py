"""The records that flow from files to a snapshot, declared before any behaviour.

Offsets are half-open and count Unicode code points of `Document.text`.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Stage = Literal["principieel", "definitief", "bekrachtigd"]
BlockKind = Literal["heading", "paragraph", "list_item", "table", "footnote"]
Unanswered = Literal["open", "premise"]
QuestionKind = Literal["answered", Unanswered]
UNANSWERED: tuple[Unanswered, ...] = get_args(Unanswered)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beside its text.

    `kind` is the manifest's word (bbt, conceptnota, pact, regeerakkoord, memo, beslissing; `document`
    when nobody said). `stage` is set for a decision whose file has stages. `date` is YYYY, YYYY-MM or YYYY-MM-DD. `year` is the manifest's `period`, else the
    year of `date`. `origin` names the manifest, folder or file that the document was ingested from. `minister_title`
    is the title of the one minister of a decision; None where it has none or more, whose titles are in no order.
    """

    id: str
    kind: str
    title: str
    origin: str
    date: str | None = None
    year: int | None = None
    publisher: str | None = None
    language: str = "nl"
    uri: str | None = None
    official_title: str | None = None
    themes: tuple[str, ...] = ()
    ministers: tuple[str, ...] = ()
    minister_title: str | None = None
    note: str | None = None
    stage: Stage | None = None

    def public(self) -> dict[str, Any]:
        """What anyone may know, as JSON: all but `origin`, which says where the file lies on this machine."""
        known = asdict(self)
        del known["origin"]
        return known


@dataclass(frozen=True, slots=True)
class Block:
    """A run of canonical text with one role: `text[start:end]`, neither end on whitespace.

    A block never crosses a heading; a paragraph that runs over a page break is one block. What is
    furniture (running headers, page numbers) lies in no block, or inside one that runs over it.
    `level` is the depth of a heading, 1 the highest, and 0 for every other kind. `page` is the 1-based
    page on which the block starts, None where the source has no pages. `section` is the path of the
    headings above it, in their readable form, outermost first; a heading does not hold itself.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    page: int | None = None
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Where `text[start:end]` stands on a PDF page: points from the top left corner, x0 < x1, y0 < y1."""

    start: int
    end: int
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser makes of one file: canonical text, its blocks in order, and for PDF the boxes of its lines."""

    text: str
    blocks: tuple[Block, ...]
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source's canonical text with its structure; `sha256` is that of the bytes it was read from."""

    meta: Metadata
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    boxes: tuple[Box, ...] = ()

    @property
    def id(self) -> str:
        """The id that the manifest gives, or the last segment of a decision's URI."""
        return self.meta.id


@dataclass(frozen=True, slots=True)
class Passage:
    """A span that is indexed: whole sentences, list items or table rows under one heading path."""

    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    page: int | None = None
    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        key = f"{self.document_id}\0{self.start}\0{self.end}\0{self.text}"
        object.__setattr__(self, "id", hashlib.sha256(key.encode()).hexdigest()[:24])


@dataclass(frozen=True, slots=True)
class Question:
    """A question written for a place in a document, never shown and never cited.

    It belongs to every passage that overlaps the span, or to the whole document when the span is None. One that stands
    at several places, in the same words, is answered by them together: what was promised here and spent there. What is
    `answered` there is indexed beside it; `open` is what the place makes people ask and no document tells; a `premise`
    takes for granted what the place contradicts.
    """

    document_id: str
    text: str
    span: tuple[int, int] | None
    kind: QuestionKind = "answered"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One section of a coalition agreement, and the single promises in it.

    `id` is the domain as a slug with the section's number (`samenleven-1.2`), one of a kind in its document. `path`
    holds the headings above the text, outermost first, the section's own heading last. `document.text[start:end]`
    is the section without its heading and without the sections below it. `promises` are spans inside it, in
    order and without overlap: each a sentence or clause that can be kept or not.
    """

    id: str
    document_id: str
    domain: str
    path: tuple[str, ...]
    start: int
    end: int
    promises: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file or an item that was not ingested: what was found and what to do, in one Dutch sentence."""

    path: str
    reason: Literal[
        "empty",
        "too_large",
        "wrong_type",
        "damaged",
        "encrypted",
        "no_text_layer",
        "encoding",
        "hostile",
        "missing",
        "changed",
        "invalid_item",
        "unsupported",
    ]
    message: str
