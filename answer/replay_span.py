"""Where a cited span is in another version of its document: at its place, elsewhere, reworded, or gone."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from answer.records import Citation
from ingest.reading import cleaned, sentences
from ingest.records import Block, Document

State = Literal["same", "moved", "changed", "gone"]

_ALIKE = 0.6  # Dice of the words without the numbers, for a span that counts as the old one reworded
_TELLING = 8  # words that make a text one of a kind; a row of figures is found under its own headings only
_HEADINGS = 2  # the innermost headings say where a span is; those above are renumbered too often
_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"(?<!\w)[-\u2212]?\d[\d.,]*(?<=\d)(?!\w)|\w+|%")


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the present document; a span that is gone is empty."""

    state: State
    start: int = 0
    end: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, list item or table line under its headings, and its words."""

    start: int
    end: int
    section: tuple[str, ...]
    words: list[str]


def where_now(document: Document | None, cited: Citation) -> Found:
    """The span of the present document that a citation of an earlier version would be of."""
    if document is None:
        return Found("gone")
    if document.text[cited.start : cited.end] == cited.text:
        return Found("same", cited.start, cited.end, cited.text)
    places = list(_verbatim(document, cited))
    if places:
        start = min(
            places, key=lambda at: (_section_at(document, at) != cited.section, abs(at - cited.start))
        )
        return Found("moved", start, start + len(cited.text), cited.text)
    return _reworded(document, cited)


def words(text: str) -> list[str]:
    """The words and numbers of a text as it is read, in lower case: `"Van 1.250,5 keuro."` -> `van 1.250,5 keuro`."""
    return [match.lower() for match in _WORD.findall(cleaned(text))]


def is_number(word: str) -> bool:
    """Whether one of `words` is a number."""
    return not any(c.isalpha() for c in word) and word[-1].isdigit()


def alike(a: list[str], b: list[str]) -> float:
    """Dice of two bags of words, 0..1: two of three words in common -> 0.667."""
    return 2 * (Counter(a) & Counter(b)).total() / ((len(a) + len(b)) or 1)


def masked(found: list[str]) -> list[str]:
    """Words with every number as the same mark."""
    return ["#" if is_number(word) else word for word in found]


def _verbatim(document: Document, cited: Citation) -> Iterator[int]:
    at = document.text.find(cited.text)
    while at >= 0:
        yield at
        at = document.text.find(cited.text, at + 1)


def _reworded(document: Document, cited: Citation) -> Found:
    """The span of about this length that is most like it, its own headings first.

    Elsewhere the numbers must be the same: boilerplate with other figures is another article's.
    """
    old = words(cited.text)
    best, rank = Found("gone"), (False, 0.0, 0)
    for run in _windows(document, len(cited.text)):
        start, end = run[0].start, run[-1].end
        new = [word for piece in run for word in piece.words]
        at_home = _is_home(run[0].section, cited)
        if not at_home and _numbers(old) != _numbers(new):
            continue
        if alike(_letters(old), _letters(new)) < _ALIKE:
            continue
        mine = (
            at_home,
            round(alike(old, new) + alike(masked(old), masked(new)), 3),
            -abs(start - cited.start),
        )
        if best.state == "gone" or mine > rank:
            best, rank = Found("changed", start, end, document.text[start:end]), mine
    return best


def _is_home(section: tuple[str, ...], cited: Citation) -> bool:
    """Whether a piece stands under the innermost headings of a citation, however deep below them."""
    tail = cited.section[-_HEADINGS:]
    return any(section[at : at + len(tail)] == tail for at in range(len(section) - len(tail) + 1))


def _letters(found: list[str]) -> list[str]:
    return [word for word in found if not is_number(word)]


def _numbers(found: list[str]) -> list[str]:
    return [word for word in found if is_number(word)]


def _windows(document: Document, length: int) -> Iterator[list[_Piece]]:
    """From every piece on, the two runs of pieces under one heading whose lengths are nearest to this one."""
    pieces = [piece for block in document.blocks for piece in _pieces(document.text, block)]
    for first, opening in enumerate(pieces):
        last = first
        while last + 1 < len(pieces) and pieces[last].end - opening.start < length:
            if pieces[last + 1].section != opening.section:
                break
            last += 1
        yield pieces[first : last + 1]
        if last > first:
            yield pieces[first:last]


def _pieces(text: str, block: Block) -> Iterator[_Piece]:
    if block.kind == "heading":
        return
    spans = _lines if block.kind == "table" else sentences
    for start, end in spans(text, block.start, block.end):
        yield _Piece(start, end, block.section, words(text[start:end]))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((m.start(), m.end()) for m in _LINE.finditer(text, start, end))


def _section_at(document: Document, at: int) -> tuple[str, ...]:
    return next((b.section for b in document.blocks if b.start <= at < b.end), ())
