"""The lines of a text: where each stands, what separates it from the one before, and whether a sentence goes on.

Extracted text has no paragraphs, only lines: what ends a line, and whether the next word would still have
fitted on it, is all that tells a wrapped line from a last one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_LINE = re.compile(r"[^\r\n\f]*(?:\r\n|[\r\n\f]|\Z)")
_CLOSING = ")]’'”\"»"
_BLANK_SHARE = 0.02  # of the lines stand below a blank one in any text that has paragraphs
_SENTENCE_END = (".", "!", "?", ":", ";", "…")
# No sentence ends in these, and no heading; what follows goes on.
_UNFINISHED = re.compile(
    r"(?:^|[\s(])(?:de|het|een|van|en|of|met|tot|te|als|dat|die|per|tussen|zonder|ten|ter|zoals|onze|hun|zijn|deze|dit)$"
    r"|[,(/&]$|\w-$|\s[–-]$",
    re.IGNORECASE,
)
# Nor in these, but a heading may: `Een pact zetten we op`.
_PARTICLE = re.compile(
    r"\s(?:in|op|aan|voor|door|naar|bij|uit|om|binnen|onder|over|tegen|via)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: `text` is `source[start:end]`, without the whitespace around it.

    `gap` is the number of blank lines before it, `indent` the width of the whitespace before it on the line
    itself, `feed` whether a form feed stands between it and the line before. `page` is the page that it stands
    on, None without pages, and `turn` says that it is the first of its page.
    """

    start: int
    end: int
    text: str
    gap: int = 0
    indent: int = 0
    feed: bool = False
    page: int | None = None
    turn: bool = False


def lines_of(source: str) -> list[Line]:
    """The lines of a text that are not blank, in order; any of LF, CRLF, CR and form feed ends a line."""
    lines, gap, feed = [], 0, False
    for match in _LINE.finditer(source):
        raw = match.group()
        body = raw.strip().strip("\ufeff").strip()
        if body:
            start = match.start() + raw.index(body)
            indent = len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(body), body, gap, indent, feed))
            gap, feed = 0, False
        elif raw:
            gap += 1
        feed = feed or raw.endswith("\f")
    return lines


def wrap_width(lines: Sequence[Line]) -> int | None:
    """How many characters a full line holds, None where the text is not wrapped.

    The median length of the lines that are directly followed by another; short lines tell nothing.
    """
    full = [len(a.text) for a, b in pairwise(lines) if b.gap == 0 and not b.turn and len(a.text) >= 30]
    width = int(median(full)) if full else None
    return width if width is not None and width <= 160 else None


def with_gaps(lines: list[Line]) -> list[Line]:
    """The lines of a text that has no blank lines, with one where a paragraph ends: in the middle of a line.

    Text with blank lines, or whose lines are not wrapped, stays as it is.
    """
    width = wrap_width(lines)
    if width is None or sum(line.gap > 0 for line in lines) > _BLANK_SHARE * len(lines):
        return lines
    return lines[:1] + [
        replace(b, gap=1) if ends_sentence(a.text) and len(a.text) < 0.85 * width else b
        for a, b in pairwise(lines)
    ]


def ends_sentence(text: str) -> bool:
    """Whether a line closes a sentence or opens a list: `"goedgekeurd (zie hoger).”"` does, `"op vlak van"` does not."""
    return text.rstrip(_CLOSING).endswith(_SENTENCE_END) or text.endswith(("…)", ".)"))


def dangles(text: str) -> bool:
    """Whether a line stops where no sentence can stop: after an article, a preposition, a comma or a hyphen."""
    return unfinished(text) or _PARTICLE.search(text[-20:]) is not None


def unfinished(text: str) -> bool:
    """Whether a line stops where no heading can stop; unlike a sentence, that may end in a preposition."""
    return _UNFINISHED.search(text[-20:]) is not None


def opens_lower(text: str) -> bool:
    """Whether a line starts in the middle of a sentence: its first letter is small.

    `"(van werkzoekenden) naar"` and `"‘vertaald’ naar"` do; `"(Inter)sectorale afspraken"` does not.
    """
    first = text.lstrip("([‘’'“”\"«-")[:1]
    return first.islower()


def reaches_margin(line: str, following: str, width: int | None) -> bool:
    """Whether the first word of the next line would not have fitted any more, so that the line broke by itself.

    Characters differ in width and lists are narrower than paragraphs, hence a margin of 7 %.
    """
    if width is None:
        return False
    word = following[: width + 1].split(maxsplit=1)[0] if following else ""
    return len(line) + 1 + len(word) >= 0.93 * width


def goes_on(line: Line, below: Line, width: int | None, *, item: bool) -> bool:
    """Whether `below` continues the paragraph of `line`, or the list item, over a blank line or a page break.

    Blank lines fall in odd places inside list items, so there a line that ran to the margin may go on with a capital.
    """
    if ends_sentence(line.text):
        return below.turn and below.gap == 0 and width is not None and len(line.text) >= 0.9 * width
    if opens_lower(below.text) or (dangles(line.text) and not line.text.endswith(",")):
        return True
    if not below.turn and (not item or below.gap > 1 or below.text[:1].isdigit()):
        return False
    return reaches_margin(line.text, below.text, width)
