"""What can be quoted from a passage: sentences, list items and tables, as the document's own blocks give them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.reading import cleaned, sentences
from ingest.records import Block, BlockKind
from retrieval.corpus import Corpus
from retrieval.records import Evidence

LONGEST_TABLE = 1_500
_SHORTEST = 15
_LABEL = re.compile(r"\W*(?:\d{1,2}|[a-z])[.)]\s*")


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a passage that may be quoted: `text` is its readable form; `block` numbers the block it is of.

    `key` is the part of `text` that tells what was asked; empty when that is all of it or not clear.
    """

    evidence: Evidence
    start: int
    end: int
    text: str
    kind: BlockKind
    block: int
    key: str = ""

    @property
    def source(self) -> str:
        """The canonical text of the span."""
        at = self.evidence.passage.start
        return self.evidence.passage.text[self.start - at : self.end - at]


def quotes(corpus: Corpus, evidence: Evidence) -> list[Quote]:
    """The pieces of a passage in reading order; headings are no pieces."""
    passage = evidence.passage
    blocks = corpus.blocks(passage.document_id, passage.start, passage.end)
    return [
        Quote(
            evidence,
            start,
            end,
            cleaned(passage.text[start - passage.start : end - passage.start]),
            block.kind,
            n,
        )
        for n, block in enumerate(blocks)
        for start, end in _pieces(evidence, block)
    ]


def joined(first: Quote, last: Quote) -> Quote:
    """One quote from the start of `first` to the end of `last`, both of one passage."""
    at = first.evidence.passage.start
    text = cleaned(first.evidence.passage.text[first.start - at : last.end - at])
    return Quote(first.evidence, first.start, last.end, text, first.kind, first.block)


def _pieces(evidence: Evidence, block: Block) -> Iterator[tuple[int, int]]:
    passage = evidence.passage
    start, end = max(block.start, passage.start), min(block.end, passage.end)
    if block.kind == "heading":
        return
    if block.kind == "table" and end - start <= LONGEST_TABLE:
        yield start, end
        return
    opening = None
    for a, b in sentences(passage.text, start - passage.start, end - passage.start):
        opening = a if opening is None else opening
        if _LABEL.fullmatch(passage.text, opening, b):
            continue  # `5.` is no sentence but opens the one after it
        if b - opening >= _SHORTEST or block.kind == "list_item":
            yield passage.start + opening, passage.start + b
        opening = None
