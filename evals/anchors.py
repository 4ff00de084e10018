"""Where a gold piece stands in a document: by its offsets and anchor, or by its quoted words.

An anchor is short on purpose: gold files point into the sources, they do not copy them.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Status = Literal["ok", "moved", "changed", "vanished"]
Span = tuple[int, int]

LONGEST_ANCHOR = 32
_SPACE = re.compile(r"\s+")
# What a quote may lack or have beside the text: space, hyphens of line ends, marks of Markdown.
_SKIPPED = frozenset("-\u00ad\u2010\u2011\u0002\ufffe*_\\|")
_QUOTES = str.maketrans("’‘`´", "''''")


@dataclass(frozen=True, slots=True)
class Place:
    """What became of an anchor: `span` is where it stands now, None when it vanished.

    `ok`: at its offsets. `moved`: elsewhere in the document, at the same length. `changed`: the anchor is
    there, the words after it are not those that were checked.
    """

    status: Status
    span: Span | None


def anchor_of(text: str, span: Span) -> str:
    """The first characters of a span, at most 32, whitespace collapsed: `"De  premie\\nis"` -> `"De premie is"`."""
    return _collapsed(text[slice(*span)])[:LONGEST_ANCHOR].rstrip()


def check_of(text: str, span: Span) -> str:
    """Eight hexadecimal digits of the SHA-256 of a span, whitespace collapsed: a change after the anchor shows."""
    return hashlib.sha256(_collapsed(text[slice(*span)]).encode()).hexdigest()[:8]


def located(text: str, span: Span, anchor: str, check: str | None = None) -> Place:
    """Where an anchor stands in a text; of several places elsewhere, the nearest to where it stood."""
    wanted = _collapsed(anchor)
    if wanted and _collapsed(text[slice(*span)]).startswith(wanted) and _checks(text, span, check):
        return Place("ok", span)
    length = span[1] - span[0]
    pattern = re.compile(r"\s+".join(map(re.escape, wanted.split())))
    found = [
        (match.start(), match.start() + length)
        for match in (pattern.finditer(text) if wanted else ())
        if match.start() + length <= len(text)
    ]
    found.sort(key=lambda place: (abs(place[0] - span[0]), place))
    if not found:
        return Place("vanished", None)
    proven = [place for place in found if _checks(text, place, check)]
    return Place("moved", proven[0]) if proven else Place("changed", found[0])


def quoted(text: str, quote: str) -> list[Span]:
    """Every place of a quote in a text, in order, whatever its whitespace, hyphens of line ends and marks.

    `quoted("de competentie-\\nmismatch", "competentiemismatch")` -> `[(3, 23)]`
    """
    squeezed, offsets = _squeezed(text)
    wanted, _ = _squeezed(quote)
    places: list[Span] = []
    at = squeezed.find(wanted) if wanted else -1
    while at >= 0:
        places.append(_with_marks(text, quote.strip(), (offsets[at], offsets[at + len(wanted) - 1] + 1)))
        at = squeezed.find(wanted, at + 1)
    return places


def _with_marks(text: str, quote: str, span: Span) -> Span:
    """The span with the dash or mark that the quote begins or ends with, as that of a list item, when it is there."""
    start, end = span
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if quote[0] in _SKIPPED and before and before[-1] in _SKIPPED:
        start = len(before) - 1
    if quote[-1] in _SKIPPED and after and after[0] in _SKIPPED:
        end = len(text) - len(after) + 1
    return start, end


def _checks(text: str, span: Span, check: str | None) -> bool:
    return check is None or check_of(text, span) == check


def _collapsed(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=64)
def _squeezed(text: str) -> tuple[str, list[int]]:
    """The characters of a text that a quote must have, and the offset of each."""
    kept = [(i, c) for i, c in enumerate(text) if not c.isspace() and c not in _SKIPPED]
    return "".join(c for _, c in kept).translate(_QUOTES), [i for i, _ in kept]
