"""Gold questions: the records, how their files are read, and what their evidence says in a snapshot."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from evals import GoldInvalid
from evals.anchors import Place, located, quoted
from ingest.records import Document
from retrieval.records import Turn

Split = Literal["tune", "report"]
PIECES = ("evidence", "alt_evidence", "twin", "corrects")
SPLITS = ("tune", "report")


class Texts(Protocol):
    """What holds canonical texts: a `Corpus`, or a fake in a test."""

    def document(self, document_id: str) -> Document | None:
        """One document; None when there is none of that id."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A place in a document that a question is about.

    `start` and `end` are offsets in the canonical text and `anchor` its first characters; `check` is the hash
    of its words (`anchors.check_of`). `quote` is the text itself: from the file, or from a snapshot by
    `resolved`; empty when the place is not in that snapshot. `stands_for` is the position of the needed piece
    that an alternative may replace. `decisions` are the decisions that a piece of a memo speaks of.
    """

    doc: str
    start: int | None = None
    end: int | None = None
    anchor: str | None = None
    check: str | None = None
    quote: str | None = None
    stands_for: int | None = None
    decisions: tuple[str, ...] = ()

    @property
    def span(self) -> tuple[int, int] | None:
        """Its offsets; None when only its words are known."""
        return None if self.start is None or self.end is None else (self.start, self.end)


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question as a user puts it, with the evidence and the facts that a right answer holds.

    A fact is a string whose variants are split by `|`. `twin` are places that look like the evidence and are
    not; `corrects` those that show what is wrong in a false premise. `lexical_overlap` is `low` where the
    question avoids the words of its evidence. `split` says what it is for: `tune` or `report`.
    """

    id: str
    type: str
    question: str
    answerable: bool
    evidence: tuple[Piece, ...]
    answer_facts: tuple[str, ...]
    alt_evidence: tuple[Piece, ...] = ()
    twin: tuple[Piece, ...] = ()
    corrects: tuple[Piece, ...] = ()
    history: tuple[Turn, ...] = ()
    doc: str | None = None
    lang: str = "nl"
    reference_answer: str = ""
    difficulty: str | None = None
    lexical_overlap: str | None = None
    split: Split | None = None

    def pieces(self) -> Iterable[Piece]:
        """Every place that it names."""
        return (*self.evidence, *self.alt_evidence, *self.twin, *self.corrects)


def read_gold(paths: Sequence[Path], split: Split | None = None) -> list[GoldQuestion]:
    """The questions of some files in order, those of one split when it is given.

    Raises: GoldInvalid, which names the file and the line.
    """
    questions: dict[str, GoldQuestion] = {}
    for path in paths:
        for number, line in lines(path):
            try:
                question = parsed(line)
                if question.id in questions:
                    raise ValueError(f"id {question.id!r} komt al eerder voor; geef elke vraag een eigen id")
            except ValueError as error:
                raise GoldInvalid(f"{path}, regel {number}: {error}") from error
            questions[question.id] = question
    return [q for q in questions.values() if split is None or q.split == split]


def lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file that hold something, numbered from 1. Raises: GoldInvalid."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise GoldInvalid(f"{path} bestaat niet; noem een JSONL-bestand met goudvragen") from error
    except UnicodeDecodeError as error:
        raise GoldInvalid(f"{path} is geen UTF-8 ({error}); bewaar het bestand als UTF-8") from error
    return [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def parsed(line: str) -> GoldQuestion:
    """The question of one line. Raises: ValueError, which says what is wrong with it."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"geen JSON ({error})") from error
    if not isinstance(item, dict):
        raise ValueError("geen JSON-object")
    for name in ("id", "question", "type"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            raise ValueError(f"{name} ontbreekt of is geen tekst")
    if not isinstance(item.get("answerable"), bool):
        raise ValueError("answerable ontbreekt of is niet true of false")
    if item.get("split") not in (None, *SPLITS):
        raise ValueError(f"split is {item['split']!r}; verwacht wordt tune of report")
    places = {name: _pieces(item, name) for name in PIECES}
    if item["answerable"] and not places["evidence"]:
        raise ValueError("evidence ontbreekt: een vraag met een antwoord heeft minstens één plaats nodig")
    return GoldQuestion(
        id=item["id"],
        type=item["type"],
        question=item["question"],
        answerable=item["answerable"],
        answer_facts=_texts(item, "answer_facts"),
        history=_history(item.get("history") or []),
        doc=item.get("doc"),
        lang=item.get("lang") or "nl",
        reference_answer=item.get("reference_answer") or "",
        difficulty=item.get("difficulty"),
        lexical_overlap=item.get("lexical_overlap"),
        split=item.get("split"),
        **places,
    )


def resolved(question: GoldQuestion, corpus: Texts) -> GoldQuestion:
    """The question with the quote and the offsets that each place has in a snapshot.

    A place that the snapshot does not hold gets an empty quote and no offsets: nothing matches it, so it
    counts as not found.
    """
    return replace(
        question,
        evidence=tuple(_resolved(piece, corpus) for piece in question.evidence),
        alt_evidence=tuple(_resolved(piece, corpus) for piece in question.alt_evidence),
        twin=tuple(_resolved(piece, corpus) for piece in question.twin),
        corrects=tuple(_resolved(piece, corpus) for piece in question.corrects),
    )


def place_of(piece: Piece, text: str) -> Place:
    """Where a piece stands in the text of its document, by its anchor or by its quote."""
    if piece.span is not None:
        return located(text, piece.span, piece.anchor or "", piece.check)
    found = quoted(text, piece.quote or "")
    return Place("ok", found[0]) if found else Place("vanished", None)


def _resolved(piece: Piece, corpus: Texts) -> Piece:
    document = corpus.document(piece.doc)
    place = Place("vanished", None) if document is None else place_of(piece, document.text)
    if document is None or place.span is None:
        return replace(piece, start=None, end=None, quote="")
    start, end = place.span
    return replace(piece, start=start, end=end, quote=document.text[start:end])


def _pieces(item: dict[str, Any], name: str) -> tuple[Piece, ...]:
    value = item.get(name) or []
    value = [value] if isinstance(value, dict) else value
    if not isinstance(value, list):
        raise ValueError(f"{name} is geen lijst van plaatsen")
    return tuple(_piece(piece, f"{name}[{n}]") for n, piece in enumerate(value))


def _piece(value: Any, name: str) -> Piece:
    if not isinstance(value, dict) or not isinstance(value.get("doc"), str):
        raise ValueError(f"{name} heeft geen doc")
    piece = Piece(
        doc=value["doc"],
        start=value.get("start"),
        end=value.get("end"),
        anchor=value.get("anchor"),
        check=value.get("check"),
        quote=value.get("quote"),
        stands_for=value.get("for"),
        decisions=_texts(value, "decisions"),
    )
    if (piece.start, piece.end) == (None, None) and isinstance(piece.quote, str) and piece.quote.strip():
        return piece
    if type(piece.start) is not int or type(piece.end) is not int or not 0 <= piece.start < piece.end:
        raise ValueError(f"{name} heeft geen start en end met 0 <= start < end, en geen quote")
    if not isinstance(piece.anchor, str) or not piece.anchor.strip():
        raise ValueError(f"{name} heeft geen anchor: de eerste tekens van de plaats")
    return piece


def _texts(item: dict[str, Any], name: str) -> tuple[str, ...]:
    value = item.get(name) or []
    if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
        raise ValueError(f"{name} is geen lijst van teksten")
    return tuple(value)


def _history(value: Any) -> tuple[Turn, ...]:
    if not isinstance(value, list) or not all(
        isinstance(t, dict) and isinstance(t.get("role"), str) and isinstance(t.get("content"), str)
        for t in value
    ):
        raise ValueError("history is geen lijst van {role, content}")
    return tuple(Turn(t["role"], t["content"]) for t in value)
