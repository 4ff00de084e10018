"""Which sentences of a claim are literal quotations of its sources: they need no other proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from answer.records import Figure
from answer.verify_marks import marks
from answer.verify_source import Source
from ingest.reading import sentences

_MARKS = str.maketrans("‘’‚“”„«»", "'''" + '"' * 5)
_ENDS = frozenset(".;:!?,)•\"'…")
_OPENS = frozenset(".;:!?,(•\"'…-–−")
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text[start:end]` of a claim is `source.text[at : at + end - start]`."""

    start: int
    end: int
    source: Source
    at: int


def quotations(text: str, sources: Sequence[Source]) -> list[Quotation]:
    """The literal quotations of a claim: all of it, else its sentences one by one."""
    whole = _quotation(text, 0, len(text.rstrip()), sources)
    if whole:
        return [whole]
    return [q for start, end in sentences(text) if (q := _quotation(text, start, end, sources))]


def literal_figures(text: str, quoted: Sequence[Quotation]) -> list[Figure]:
    """The numbers of the quotations with their places; one that is a cell of the ledger says so."""
    figures = []
    for mark in marks(text):
        quote = next((q for q in quoted if q.start <= mark.start and mark.end <= q.end), None)
        if quote is None or mark.number is None:
            continue
        at = quote.at + mark.start - quote.start
        place = quote.source.place(at, at + mark.end - mark.start)
        cell = any((f.start, f.end) == place for f in quote.source.facts)
        unit = mark.number.unit or ("keuro" if cell else None)
        said = text[mark.start : mark.end]
        figures.append(Figure(said, str(mark.number.value), unit, "cell" if cell else "span", *place))
    return figures


def _quotation(text: str, start: int, end: int, sources: Sequence[Source]) -> Quotation | None:
    """A sentence that stands in a source between the marks that open and end a sentence or clause."""
    while start < end and text[start].isspace():
        start += 1
    stop = end
    while stop > start and text[stop - 1] in ". \n":
        stop -= 1
    wanted = _folded(text[start:stop])
    if len(wanted.split()) < _FEWEST_WORDS:
        return None
    for source in sources:
        body = _folded(source.text)
        at = body.find(wanted)
        while at >= 0:
            if _whole(source.text, at, at + len(wanted)):
                return Quotation(start, stop, source, at)
            at = body.find(wanted, at + 1)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether nothing of a sentence, a clause or a number is cut off at either end."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    opens = not before or before[-1] in _OPENS or (start < len(before) + 2 and text[start].isupper())
    glued = start > 0 and (
        text[start - 1].isalnum() or (text[start].isdigit() and text[start - 1] in ".,-−–")
    )
    cut = end < len(text) and (
        text[end].isalnum() or text[end] == "%" or (text[end] in ".,/" and text[end + 1 : end + 2].isdigit())
    )
    closes = not after or after[0] in _ENDS or after[0].isupper() or after[0] in "•-–−▪"
    return opens and closes and not glued and not cut


def _folded(text: str) -> str:
    """Lower case and one kind of quotation mark; every character stays in its place."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(_MARKS)
