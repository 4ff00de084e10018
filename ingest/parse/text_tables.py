"""Tables in extracted text: rows of figures with their labels, a caption with its cells, a table of contents.

The cells of a flattened table are short lines, often one for each cell, with blank lines between them; what
holds them together is that rows of figures keep coming.
"""

import re
from collections.abc import Callable, Sequence

from ingest.parse.text_lines import Line, ends_sentence

_UNIT = re.compile(r"\(?(?:in )?(?:duizend|miljoen|1\.?000|k)[ -]?euro\)?", re.IGNORECASE)
_CAPTION = re.compile(r"(?:Tabel|Figuur|Grafiek|Kaart|Schema)\s+\d", re.IGNORECASE)
_FIGURE = re.compile(r"[-+−–]?€?\d[\d.,]*[%€]?|[€%]")
_LEADERS = re.compile(r"(?:\.{4}|…{2}|(?:\. ){3}\.?|_{4})\s*\d{1,4}$")
_LONGEST_CELL = 48  # characters of a line that holds labels
_LONGEST_ROW = 160
_LONGEST_LABEL = 8  # words before the figures of a row
_LABELS = 8  # groups of labels in a row, before figures must come
_HEAD_LABELS = 8  # groups of labels above the first figures, where nothing else opens the table

Stop = Callable[[int], bool]


def tables_of(lines: Sequence[Line], stops: Stop) -> dict[int, int]:
    """Where tables start, and where each ends; `stops(i)` says that a heading or a list item starts at line `i`."""
    tables: dict[int, int] = {}
    free = 0
    i = 0
    while i < len(lines):
        end = _contents_end(lines, i) or _captioned_end(lines, i, stops)
        start = i
        if end is None and _opens_figures(lines, i, stops):
            end = _figures_end(lines, i, stops)
            start = i if _is_unit(lines[i]) else _head(lines, i, free, stops)
        if end is None:
            i += 1
            continue
        tables[start] = end
        i = free = end
    return tables


def is_unit(line: Line) -> bool:
    """Whether a line only names the unit of a table: `(duizend euro)`."""
    return len(line.text) < 30 and _UNIT.fullmatch(line.text) is not None


_is_unit = is_unit
