"""Gold questions that quote their evidence, turned into ones that point at it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.anchors import Span, anchor_of, check_of, quoted
from evals.gold import PIECES, Split, Texts, lines, read_gold

TUNE = 0.4  # the share of the questions that is for tuning
_REPLACED = ("quote", "line_start", "line_end", "start", "end", "anchor", "check")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A quote that its document does not hold, or that it holds more than once (then the first was taken)."""

    id: str
    field: str
    document_id: str
    quote: str
    places: int


@dataclass(frozen=True, slots=True)
class Converted:
    """The lines of a gold file without quotes, and the quotes that a person has to look at.

    A question of which a quote was not found is left out of `lines`.
    """

    lines: tuple[str, ...]
    unfound: tuple[Doubt, ...]
    ambiguous: tuple[Doubt, ...]


def convert(paths: Sequence[Path], corpus: Texts) -> Converted:
    """Turn each quote into offsets, anchor and check, and give each question without a split one.

    Raises: GoldInvalid.
    """
    read_gold(paths)
    written: list[str] = []
    unfound: list[Doubt] = []
    ambiguous: list[Doubt] = []
    for path in paths:
        for _, line in lines(path):
            item = json.loads(line)
            doubtful = [one for field in PIECES for one in _pointed(item, field, corpus)]
            lost = [one for one in doubtful if not one.places]
            unfound += lost
            ambiguous += [one for one in doubtful if one.places]
            if not lost:
                item["split"] = item.get("split") or split_of(item, corpus)
                written.append(json.dumps(item, ensure_ascii=False))
    return Converted(tuple(written), tuple(unfound), tuple(ambiguous))


def split_of(item: dict[str, Any], corpus: Texts) -> Split:
    """`tune` for 40 % of the sections that questions are about, else `report`.

    It depends on the document and the headings above the first piece of evidence, so that questions on one
    passage, which never crosses a heading, share a split; without evidence, on what corrects the question or
    on its words.
    """
    first = next((piece for field in ("evidence", "corrects") for piece in _listed(item, field)), None)
    key = item["question"] if first is None else "\0".join((first["doc"], *_section(first, corpus)))
    share = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 16**8
    return "tune" if share < TUNE else "report"


def _section(piece: dict[str, Any], corpus: Texts) -> tuple[str, ...]:
    document = corpus.document(piece["doc"])
    blocks = document.blocks if document else ()
    return next((block.section for block in blocks if block.end > piece["start"]), ())


def _pointed(item: dict[str, Any], field: str, corpus: Texts) -> list[Doubt]:
    """Point the pieces of one field; returns those that were found nowhere, or in several places."""
    doubts = []
    for piece in _listed(item, field):
        if "quote" not in piece:
            continue
        document = corpus.document(piece["doc"])
        text = document.text if document else ""
        places = quoted(text, piece["quote"])
        near = _offset(text, piece.get("line_start"))
        if not places or (len(places) > 1 and near is None):
            doubts.append(Doubt(item["id"], field, piece["doc"], piece["quote"], len(places)))
        if places:
            _point(piece, text, min(places, key=lambda place: abs(place[0] - (near or 0))))
    return doubts


def _point(piece: dict[str, Any], text: str, span: Span) -> None:
    """Put offsets, anchor and check in the place of the quote; what else the piece says stays."""
    kept = {name: value for name, value in piece.items() if name not in _REPLACED}
    piece.clear()
    piece |= {
        "doc": kept.pop("doc"),
        "start": span[0],
        "end": span[1],
        "anchor": anchor_of(text, span),
        "check": check_of(text, span),
        **kept,
    }


def _offset(text: str, line: int | None) -> int | None:
    """Where a line of a text source starts, its lines numbered from 1; None when no line is named."""
    return None if line is None else sum(len(part) + 1 for part in text.split("\n")[: line - 1])


def _listed(item: dict[str, Any], field: str) -> list[dict[str, Any]]:
    value = item.get(field) or []
    return [value] if isinstance(value, dict) else list(value)
