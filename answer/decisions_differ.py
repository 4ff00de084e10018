"""In which sentences two decisions of one file differ; what both say tells nothing of what changed."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from answer.quotes import Quote, joined, quotes
from ingest.analysis import tokens
from ingest.reading import cleaned
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus
from retrieval.naming import titles
from retrieval.records import Evidence

_SAME = 0.9  # how alike two sentences that say the same are, by their words in order, 0..1
_LONGEST = 1_100  # characters that are shown of one decision


def differences(corpus: Corpus, first: Metadata, second: Metadata) -> tuple[list[Quote], list[Quote]]:
    """Of each decision the runs of sentences that the other does not have, in reading order.

    Of much that differs the sentences that are least like any of the other one are kept; a decision that says
    nothing of its own gives its first sentence.
    """
    one, other = sentences_of(corpus, first), sentences_of(corpus, second)
    return _own(one, other), _own(other, one)


def sentences_of(corpus: Corpus, meta: Metadata) -> list[Quote]:
    """What a decision says, sentence by sentence, its titles left out where it says more than these."""
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus is a document of the corpus"
    passage = Passage(meta.id, 0, len(document.text), document.text, (), document.blocks[0].page)
    pieces = quotes(corpus, Evidence(passage, meta, 1.0))
    titled = cleaned(titles(meta))
    return [p for p in pieces if p.text not in titled] or pieces


def likeness(a: str, b: str) -> float:
    """How alike two sentences are, by their words in order, 0..1; 0 when a figure differs.

    `likeness("Er komen 40 plaatsen bij.", "Er komen 50 plaatsen bij.")` -> 0.0
    """
    mine, theirs = tokens(a), tokens(b)
    if {w for w in mine if w.isdigit()} != {w for w in theirs if w.isdigit()}:
        return 0.0
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio()


def _own(mine: Sequence[Quote], theirs: Sequence[Quote]) -> list[Quote]:
    nearest = [max((likeness(piece.text, other.text) for other in theirs), default=0.0) for piece in mine]
    own = [n for n, alike in enumerate(nearest) if alike < _SAME]
    kept: list[int] = []
    left = _LONGEST
    for n in sorted(own, key=lambda n: (nearest[n], n)):
        length = mine[n].end - mine[n].start
        if not kept or length <= left:
            kept.append(n)
            left -= length
    return [joined(mine[a], mine[b]) for a, b in _runs(sorted(kept))] or list(mine[:1])


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours: `[1, 2, 4]` -> `[(1, 2), (4, 4)]`."""
    if not numbers:
        return []
    breaks = [n for n, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    return [(numbers[a], numbers[b - 1]) for a, b in zip(starts, ends, strict=True)]
