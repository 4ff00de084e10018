"""The text of a section of the coalition agreement for reading, with its promises marked and numbered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.memos.render_words import readable
from ingest.records import Block, BlockKind, Commitment, Document


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look: `promise` is the number of the promise that they are of, 0 when they are of none.

    `opens` where that promise begins.
    """

    text: str
    promise: int = 0
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the section."""

    kind: BlockKind
    runs: tuple[Run, ...]


def section_parts(document: Document, commitment: Commitment) -> list[Part]:
    """The blocks of a section in order, cut where promises begin and end."""
    inside = (b for b in document.blocks if commitment.start <= b.start and b.end <= commitment.end)
    return [Part(b.kind, tuple(_runs(document.text, b, commitment.promises))) for b in inside]


def _runs(text: str, block: Block, promises: Sequence[tuple[int, int]]) -> Iterator[Run]:
    within = [(n, s, e) for n, (s, e) in enumerate(promises, 1) if s < block.end and block.start < e]
    cuts = {block.start, block.end}.union(*({max(s, block.start), min(e, block.end)} for _, s, e in within))
    for here, there in pairwise(sorted(cuts)):
        said = readable(text[here:there])
        number, start = next(((n, s) for n, s, e in within if s <= here < e), (0, -1))
        if said:
            yield Run(said, number, start == here)
