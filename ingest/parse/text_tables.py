"""Tables in extracted text: rows of figures with their labels, a caption with its cells, a table of contents.

The cells of a flattened table are short lines, often one for each cell, with blank lines between them; what
holds them together is that rows of figures keep coming.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.parse.text_lines import Line, ends_sentence

_UNIT = re.compile(r"\(?(?:in )?(?:duizend|miljoen|1\.?000|k) ?-?euro\)?", re.IGNORECASE)
_CAPTION = re.compile(r"(?:Tabel|Figuur|Grafiek|Kaart|Schema)\s+\d", re.IGNORECASE)
_FIGURE = re.compile(r"[-+−–]?€?\d[\d.,]*[%€]?|[€%]")
_CONTENTS = re.compile(r"inhoud(?:stafel|sopgave|stabel)?\s*:?", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.{4}|…{2}|(?:\. ){3}\.?|_{4})\s*\d{1,4}$")
_PAGE = re.compile(r"\s(\d{1,4})$")
_LONGEST_CELL = 48  # characters of a line that holds labels
_LONGEST_ROW = 160
_MOST_WORDS = 8  # in the label of a row
_MOST_LABELS = 8  # groups of labels in a row between figures, or above the first of them

_Kind = Literal["unit", "figures", "labels", "caption", "text"]


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines without a blank line between them, from `start` up to `end`.

    `rows` of them are rows of figures; `cell` says that one of them is a single figure.
    """

    start: int
    end: int
    kind: _Kind
    rows: int = 0
    cell: bool = False


def tables_of(lines: Sequence[Line], stops: Sequence[bool]) -> dict[int, int]:
    """Where tables start and where each ends; `stops[i]` says that a heading or a list item starts at line `i`."""
    tables = _contents(lines)
    groups = list(_groups(lines, stops, tables))
    g = taken = 0
    while g < len(groups):
        found = _captioned(groups, g) or _figured(groups, g, taken)
        if found is None:
            g += 1
            continue
        first, end = found
        tables[groups[first].start] = groups[end - 1].end
        g = taken = end
    return tables


def is_unit(line: Line) -> bool:
    """Whether a line only names the unit of a table: `(duizend euro)`."""
    return len(line.text) < 30 and _UNIT.fullmatch(line.text) is not None


def _groups(lines: Sequence[Line], stops: Sequence[bool], contents: dict[int, int]) -> list[_Group]:
    groups = []
    start = 0
    while start < len(lines):
        end = contents.get(start, start + 1)
        while (
            start not in contents
            and end < len(lines)
            and end not in contents
            and not _parts(lines, stops, end)
        ):
            end += 1
        inside = lines[start:end]
        rows = sum(_is_row(line) for line in inside)
        kind: _Kind = "text" if start in contents or stops[start] else _kind(inside, rows)
        cell = any(_FIGURE.fullmatch(line.text) for line in inside if len(line.text) < 20)
        groups.append(_Group(start, end, kind, rows, cell))
        start = end
    return groups


def _parts(lines: Sequence[Line], stops: Sequence[bool], i: int) -> bool:
    """Whether a new group starts at line `i`; a table runs on over a page break, a sentence that ended does not."""
    line, before = lines[i], lines[i - 1]
    return (
        line.gap > 0
        or stops[i]
        or is_unit(line)
        or is_unit(before)
        or (line.turn and ends_sentence(before.text))
    )


def _kind(lines: Sequence[Line], rows: int) -> _Kind:
    if is_unit(lines[0]):
        return "unit"
    if _CAPTION.match(lines[0].text):
        return "caption"
    if rows and all(_is_row(line) or len(line.text) <= _LONGEST_CELL for line in lines):
        return "figures"
    short = all(len(line.text) <= _LONGEST_CELL for line in lines)
    return "labels" if short and not ends_sentence(lines[-1].text) else "text"


def _is_row(line: Line) -> bool:
    """Whether a line ends in two figures or more, after few words: `2e BA-JR 410.969 410.974`."""
    if len(line.text) > _LONGEST_ROW:
        return False
    words = line.text.split()
    label = len(words)
    while label and _FIGURE.fullmatch(words[label - 1]):
        label -= 1
    return label <= _MOST_WORDS and sum(word not in "€%" for word in words[label:]) >= 2


def _figured(groups: Sequence[_Group], g: int, taken: int) -> tuple[int, int] | None:
    """The groups of a table of figures: from its unit, or from the labels above its first figures, to its last figures."""
    if groups[g].kind not in {"unit", "figures"}:
        return None
    end, rows, labels = g, 0, 0
    for k in range(g, len(groups)):
        if groups[k].kind == "figures":
            end, rows, labels = k + 1, rows + groups[k].rows, 0
        elif groups[k].kind == "labels" and labels < _MOST_LABELS:
            end, labels = (k + 1, 0) if groups[k].cell else (end, labels + 1)
        elif k > g:
            break
    if rows < (1 if groups[g].kind == "unit" else 2):
        return None
    first = g
    while (
        groups[g].kind == "figures"
        and first > max(taken, g - _MOST_LABELS)
        and groups[first - 1].kind == "labels"
    ):
        first -= 1
    return first, end


def _captioned(groups: Sequence[_Group], g: int) -> tuple[int, int] | None:
    """The groups of a table under its caption: up to the last figures, or all its cells where it has none."""
    if groups[g].kind != "caption":
        return None
    end = g + 1
    while end < len(groups) and groups[end].kind in {"labels", "figures", "unit"}:
        end += 1
    figures = [k + 1 for k in range(g, end) if groups[k].kind == "figures"]
    end = figures[-1] if figures else end
    return (g, end) if end - g > 2 or figures else None


def _contents(lines: Sequence[Line]) -> dict[int, int]:
    """The tables of contents: three entries or more that end in dots and a page, or under `Inhoud` in a page."""
    tables: dict[int, int] = {}
    i = 0
    while i < len(lines):
        titled = i > 0 and _CONTENTS.fullmatch(lines[i - 1].text[:20]) is not None
        end, entries, page = i, 0, 0
        for k in range(i, len(lines)):
            match = _PAGE.search(lines[k].text[-12:])
            led = _LEADERS.search(lines[k].text[-24:]) is not None
            if led or (titled and match is not None and int(match.group(1)) >= page):
                end, entries, page = k + 1, entries + 1, int(match.group(1)) if match else page
            elif k - end >= 1 or k == i:
                break
        if entries >= 3:
            tables[i] = end
        i = max(end, i + 1)
    return tables
