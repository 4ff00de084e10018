"""Whether the places that gold questions name are still there in a snapshot."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.anchors import Place, Status, anchor_of, check_of
from evals.gold import PIECES, GoldQuestion, Piece, Texts, lines, parsed, place_of, read_gold
from ingest.files import write_bytes

STATUSES: tuple[Status, ...] = ("ok", "moved", "changed", "vanished")
BAD: frozenset[Status] = frozenset({"changed", "vanished"})


@dataclass(frozen=True, slots=True)
class Linted:
    """What became of one place of one question: `field` and `position` say which, `span` where it stands now."""

    id: str
    field: str
    position: int
    document_id: str
    anchor: str
    status: Status
    span: tuple[int, int] | None

    def as_json(self) -> dict[str, Any]:
        """One line of `wijzer eval lint --json`."""
        start, end = self.span or (None, None)
        return {
            "id": self.id,
            "field": self.field,
            "position": self.position,
            "document_id": self.document_id,
            "anchor": self.anchor,
            "status": self.status,
            "start": start,
            "end": end,
        }


def lint(gold: Sequence[GoldQuestion], corpus: Texts) -> list[Linted]:
    """Every place of every question, proven on the text of its document; a lost document loses its places."""
    return [
        _linted(question, field, position, piece, corpus)
        for question in gold
        for field in PIECES
        for position, piece in enumerate(getattr(question, field))
    ]


def fix(path: Path, corpus: Texts) -> int:
    """Rewrite the offsets of the places of a file that moved; returns how many.

    Raises: GoldInvalid, before anything is written.
    """
    read_gold([path])
    written, moved = [], 0
    for _, line in lines(path):
        found = [one for one in lint([parsed(line)], corpus) if one.status == "moved"]
        written.append(_with_offsets(line, found, corpus) if found else line)
        moved += len(found)
    if moved:
        beside = path.with_name(f"{path.name}.new")
        write_bytes(beside, "".join(f"{line}\n" for line in written).encode())
        beside.replace(path)
    return moved


def _linted(question: GoldQuestion, field: str, position: int, piece: Piece, corpus: Texts) -> Linted:
    document = corpus.document(piece.doc)
    place = Place("vanished", None) if document is None else place_of(piece, document.text)
    anchor = piece.anchor or anchor_of(piece.quote or "", (0, len(piece.quote or "")))
    return Linted(question.id, field, position, piece.doc, anchor, place.status, place.span)


def _with_offsets(line: str, moved: Sequence[Linted], corpus: Texts) -> str:
    item = json.loads(line)
    for one in moved:
        document = corpus.document(one.document_id)
        assert document is not None, "what moved stands in a document"
        assert one.span is not None, "what moved stands somewhere"
        pieces = item[one.field]
        piece = pieces if isinstance(pieces, dict) else pieces[one.position]
        piece["start"], piece["end"] = one.span
        piece["check"] = check_of(document.text, one.span)
    return json.dumps(item, ensure_ascii=False)
