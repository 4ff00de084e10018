"""Where a quote of a model stands in a passage: word for word, then with the whole sentences or table rows around it.

A quote that leaves out the `niet` before it is thereby read with it. What is cited is always canonical text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from answer.quotes import quotes
from answer.records import Citation
from ingest.parse.invisible import without_invisible
from ingest.reading import LINE_END_HYPHEN
from retrieval.corpus import Corpus
from retrieval.records import Evidence

SHORTEST_QUOTE = 8  # letters and figures; fewer stand somewhere by chance
LONGEST_CITATION = 1_500
_LINE_END = re.compile(LINE_END_HYPHEN)
# Characters that a model writes for one another, and those that `model_prompt.inert` writes for others.
_ALIKE = str.maketrans("‹›[]{}`´‘’‚“”„«»∶‐‑‒–—−", "<>()()" + "'" * 5 + '"' * 5 + ":" + "-" * 6)
_IDLE = frozenset("•#*_…")


@dataclass(frozen=True, slots=True)
class Folded:
    """Text in the form in which quotes are compared; character i of `text` is canonical `[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def folded(text: str) -> Folded:
    """Lower case, one form for each kind of quote mark, dash and bracket, without space, marks of a list and hyphens of line ends.

    `folded("Het krediet\\nbedraagt").text` -> `"hetkredietbedraagt"`, whose character 10 is canonical 11.
    """
    kept = [
        (sign, start, end)
        for start, end in _clusters(text)
        for sign in _composed(text[start:end]).translate(_ALIKE).lower()
        if not sign.isspace() and sign not in _IDLE
    ]
    signs, starts, ends = zip(*kept, strict=True) if kept else ((), (), ())
    return Folded("".join(signs), starts, ends)


def find_quote(corpus: Corpus, item: Evidence, quote: str) -> tuple[int, int] | None:
    """The canonical span in a passage that holds `quote`, None when it stands there nowhere."""
    sought = folded(quote).text.strip(".")
    if sum(sign.isalnum() for sign in sought) < SHORTEST_QUOTE:
        return None
    passage = folded(item.passage.text)
    at = passage.text.find(sought)
    while at >= 0:
        start, end = passage.starts[at], passage.ends[at + len(sought) - 1]
        if _at_word_ends(item.passage.text, start, end):
            return _whole(corpus, item, item.passage.start + start, item.passage.start + end)
        at = passage.text.find(sought, at + 1)
    return None


def cited(corpus: Corpus, n: int, item: Evidence, start: int, end: int) -> Citation:
    """The citation of a span inside a passage."""
    meta, passage = item.meta, item.passage
    text = passage.text[start - passage.start : end - passage.start]
    return Citation.of(n, meta, corpus.page_at(meta.id, start), passage.section, start, text)


def _composed(cluster: str) -> str:
    """A character with its accents as one, also where something invisible stood between them."""
    return unicodedata.normalize("NFC", without_invisible(cluster))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the accents that follow it, also past what cannot be seen; a hyphen of a line end with its break is left out."""
    at, hyphens = 0, {m.start(): m.end() for m in _LINE_END.finditer(text)}
    while at < len(text):
        if at in hyphens:
            at = hyphens[at]
            continue
        end = ahead = at + 1
        while ahead < len(text) and ahead not in hyphens:
            if unicodedata.combining(text[ahead]):
                end = ahead + 1
            elif without_invisible(text[ahead]):
                break
            ahead += 1
        yield at, end
        at = end


def _at_word_ends(text: str, start: int, end: int) -> bool:
    """Whether no word or number is cut: `5 miljoen` does not stand in `15 miljoen`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )


def _whole(corpus: Corpus, item: Evidence, start: int, end: int) -> tuple[int, int]:
    """The sentences, list items or table rows that a span touches; the span itself when they are too long to read."""
    touched = [q for q in quotes(corpus, item) if q.start < end and start < q.end]
    if any(q.kind == "table" for q in touched):
        low, high = _rows(item, start, end)
    else:
        low = min([start, *(q.start for q in touched)])
        high = max([end, *(q.end for q in touched)])
    return (low, high) if high - low <= LONGEST_CITATION else (start, end)


def _rows(item: Evidence, start: int, end: int) -> tuple[int, int]:
    """The lines of a passage that a span touches, without the space around them."""
    text, at = item.passage.text, item.passage.start
    low = text.rfind("\n", 0, start - at) + 1
    high = text.find("\n", end - at)
    row = text[low : high if high >= 0 else len(text)]
    first = at + low + len(row) - len(row.lstrip())
    return first, first + len(row.strip())
