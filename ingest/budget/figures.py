"""Figures as budget tables print them, each with its span.

`1.234`, `1.234,56`, `1234`, `-105`, `−105`, `(105)`, `€ 5.000`, `112%`. A dot groups thousands and a
comma starts at most two decimals; anything else (`1,234`, `1.23`) is no figure, since it has two readings.
Units belong to `header`.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

_NUMBER = r"(?:[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d*|0)(?:,\d{1,2})?"
_SIGN = "[-\u2212\u2013\u2010\u2011+]"
_TOKEN = re.compile(rf"\(\s*(?:€\s*)?{_NUMBER}\s*\)%?|\S+")
_FIGURE = re.compile(
    rf"(?P<sign>{_SIGN})?(?P<open>\(\s*)?(?:€\s*)?(?P<number>{_NUMBER})(?P<close>\s*\))?(?P<percent>%)?"
)
_DASH = re.compile(r"[-\u2212\u2013\u2014]")
_LONE = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number at `text[start:end]`, in the unit of its table; `percent` when a % follows.

    `grouping` says whether its thousands are marked; a number below a thousand says nothing.
    """

    value: Decimal
    start: int
    end: int
    percent: bool = False
    grouping: Literal["marked", "unmarked", "none"] = "none"


@dataclass(frozen=True, slots=True)
class Tail:
    """The figures that end a line, and where the label before them ends.

    `marks` keeps the order: a figure, or None for a dash that stands alone.
    """

    label_end: int
    marks: tuple[Figure | None, ...]
    dashes: tuple[int, ...] = ()


def figure(word: str, at: int = 0) -> Figure | None:
    """The figure that a word is, or None: `figure("(1.234,5)")` has the value -1234.5."""
    match = _FIGURE.fullmatch(word)
    if match is None or bool(match["open"]) != bool(match["close"]) or (match["sign"] and match["open"]):
        return None
    value = Decimal(match["number"].replace(".", "").replace(",", "."))
    negative = bool(match["open"]) or (match["sign"] or "+") != "+"
    grouping: Literal["marked", "unmarked", "none"] = "none" if abs(value) < 1000 else "unmarked"
    if "." in match["number"]:
        grouping = "marked"
    return Figure(-value if negative else value, at, at + len(word), bool(match["percent"]), grouping)


def tail(text: str, start: int, end: int) -> Tail:
    """The longest run of figures, lone dashes and euro signs at the end of `text[start:end]`."""
    words = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    marks: list[Figure | None] = []
    dashes: list[int] = []
    while words:
        word, at, _ = words[-1]
        found = figure(word, at)
        if found is None and word != "€" and not _DASH.fullmatch(word):
            break
        words.pop()
        if found is not None:
            marks.append(found)
        elif word != "€":
            marks.append(None)
            dashes.append(at)
    label_end = words[-1][2] if words else start
    return Tail(label_end, tuple(reversed(marks)), tuple(reversed(dashes)))


def fitted(found: Tail, columns: int) -> tuple[Figure | None, ...] | None:
    """The tail as exactly so many columns, or None when it has another number or two readings.

    A lone dash is an empty cell, or the sign of the figure behind it; the number of columns must leave
    one reading: `- 105 3` is (-105, 3) in two columns and (empty, 105, 3) in three.
    """
    if len(found.marks) == columns:
        return found.marks
    signed: list[Figure | None] = []
    dashes = iter(found.dashes)
    at: int | None = None
    for mark in found.marks:
        if mark is None:
            if at is not None:
                return None
            at = next(dashes)
        elif at is not None and mark.value > 0 and not mark.percent:
            signed.append(replace(mark, value=-mark.value, start=at))
            at = None
        else:
            if at is not None:
                return None
            signed.append(mark)
    return tuple(signed) if at is None and len(signed) == columns else None


def lone_integer(text: str) -> bool:
    """Whether a line is nothing but a small number, as a page number is."""
    return _LONE.fullmatch(text.strip()) is not None
