"""The promises of a coalition agreement: the sentences and list items that announce something, as spans."""

import re
from collections.abc import Sequence

from ingest.announcement import ITEM_NUMBER, announces, unnumbered
from ingest.clauses import FINITE, main_clauses, words_of
from ingest.reading import cleaned, sentences
from ingest.records import Block

Span = tuple[int, int]

_BULLET = re.compile(r"(?:[-–*+•▪]|\d{1,2}[.)])\s+")
_OPENING = 6  # words
_BREAKING_OFF = re.compile(r"\b(?:die|dat|om|te|door|voor|op|aan|met|tot|van|naar|waarbij|zodat):$")
_BROKEN_OFF = 10  # words


def promises(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """The spans of the promises in the blocks of one section, in order and apart: whole sentences and list items.

    An item that is no sentence is a promise when the sentence that opens its list announces something; a few words
    that do no more than open a list (`We doen dit door:`, `De regering wil een stad die:`) are no promise. An item
    is a block of that kind or a paragraph that begins with a number, which stays in its span.
    """
    found: list[Span] = []
    opened = broken_off = False
    for block in blocks:
        if block.kind not in ("paragraph", "list_item"):
            continue
        number = ITEM_NUMBER.match(text, block.start, block.end)
        opened = opened and (block.kind == "list_item" or number is not None)
        bullet = _BULLET.match(text, block.start, block.end) if block.kind == "list_item" else None
        first = bullet.end() if bullet else block.start
        for start, end in sentences(text, first, block.end):
            sentence = cleaned(text[start:end])
            announced = announces(sentence)
            opens = sentence.endswith(":")
            goes_on = opened and start == first and (broken_off or _is_part(unnumbered(sentence)))
            if (announced and not (opens and _only_opens(sentence))) or goes_on:
                found.append((start, end))
            if opens:
                opened, broken_off = announced, bool(_BREAKING_OFF.search(sentence))
    return tuple(found)


def _only_opens(lead: str) -> bool:
    return lead.count(" ") < (_BROKEN_OFF if _BREAKING_OFF.search(lead) else _OPENING)


def _is_part(sentence: str) -> bool:
    """Whether an item goes on with the sentence above it: a small letter first, or no finite verb of its own."""
    return sentence[:1].islower() or not FINITE & set(main_clauses(words_of(sentence)))
