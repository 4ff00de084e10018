"""The rows of a table in running text: a label and as many figures as the head has columns.

Labels break over lines, figures stand on the line of their label or below it, blank lines come anywhere. The
number of columns decides what is a row; a row with another number of figures is kept as it stands
(`complete` is false) unless its label is one that must be right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.budget.boxed import Edges, Places, cell_tail, placed, places
from ingest.budget.figures import Figure, Tail, fitted, lone_integer, tail
from ingest.budget.header import credit, only_head, phase, unit
from ingest.reading import cleaned
from ingest.records import Box

UNIT_INSIDE = re.compile(r"\((?:in\s+)?(?:duizend\s+|k|miljoen\s+)?(?:euro|EUR|€)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BULLET = re.compile(r"\s*[-−–•▪]\s+[^\s\d(€]")
_END = re.compile(
    r"\s*(?:Korte\s+inhoud|(?:Inhoudelijke\s+)?Toelichting|PROGRAMMA\s|TOTAAL\s*[–-]"
    r"|[IVXLC]+\.\s+[A-Z]|\d+(?:\.\d+)+\.?\s+[A-Z])",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"\b[123]\s?(?:e|ste|de)\b|\baanpassing\b|\bJR\b|\b(?:VAK|VEK|AO|TO|LO|BO|BA|BU)\b|\b(?:19|20)\d\d\b"
    r"|(?i:\b(?:begrotings)?(?:opmaak|uitvoering|aanpassing)\b|\brealisatie\b)"
    r"|(?i:\b(?:vastleggings|vereffenings|betaal)krediet(?:en)?\b)|[-|/\u0002\u2010\u2011\u2013\s]"
)
_SQUEEZED = re.compile(r"[\s\u00ad\u0002\u2010\u2011-]+")
_AGGREGATES = ("uitgave", "ontvangst", "totaal", "esruitgaven", "toelagen", "overige")
_LONGEST_LABEL = 100
_MOST_WORDS = 6
_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label as read, its span, and one figure or None (an empty cell) for each column.

    When not `complete` the figures are those printed, and which columns they belong to is not known.
    """

    label: str
    start: int
    end: int
    figures: tuple[Figure | None, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: `text[start:end]`, without its newline."""

    start: int
    end: int
    blank_before: bool


def lines(text: str, start: int, end: int) -> list[Line]:
    """The lines of `text[start:end]` that hold something."""
    found = []
    blank = True
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            found.append(Line(start, stop, blank))
            blank = False
        else:
            blank = True
        start = stop + 1
    return found


def squeezed(label: str) -> str:
    """A label without blanks and hyphens, in lower case: `squeezed("Uitgav\\nen")` -> `"uitgaven"`."""
    return _SQUEEZED.sub("", label).lower()


def known_label(label: str) -> bool:
    """Whether a label is a phase, a credit, or a row that every budget table may have."""
    return phase(label) is not None or credit(label) is not None or squeezed(label).startswith(_AGGREGATES)


def head_text(text: str, line: Line) -> str | None:
    """A line that holds only years, phases, credits or the unit, without the unit; None for any other."""
    content = UNIT_INSIDE.sub(" ", text[line.start : line.end])
    return content if content.strip() and not _TOKENS.sub("", content) else None


@dataclass(slots=True)
class Body:
    """Rows of a table, and while they are read what is pending: label lines, figures of a row over lines.

    `after` is the line behind the last row; `one_line` whether that row stood on one line.
    """

    columns: int
    after: int
    boxes: Sequence[Box] = ()
    places: Places | None = None
    rows: list[Row] = field(default_factory=list)
    label: list[Line] = field(default_factory=list)
    partial: list[Figure | None] = field(default_factory=list)
    one_line: bool = False
    trouble: str | None = None


def read_rows(
    text: str,
    found: list[Line],
    at: int,
    columns: int,
    boxes: Sequence[Box] = (),
    leaves: Sequence[Edges] = (),
) -> Body:
    """The rows from a line on, up to what is no row; `trouble` when the table cannot be used.

    With the boxes of a PDF, those of the lowest head row (`leaves`) tell where the columns stand.
    """
    body = Body(columns, at, boxes, _places(text, found[at : at + _MOST_ROWS], columns, boxes, leaves))
    for index in range(at, len(found)):
        line = found[index]
        if _ends(text, line, body.label):
            break
        said, read = _split(text, body, line)
        if not read.marks:
            body.label.append(line)
            if body.partial or _prose(said, len(body.label)):
                break
        elif not _take(text, body, line, index, said, read):
            break
    if body.partial and body.trouble is None:
        body.trouble = "een rij breekt af voor alle kolommen gevuld zijn"
    for count in range(len(body.label), 0, -1):
        if known_label(cleaned(text[body.label[0].start : body.label[count - 1].end])):
            body.trouble = body.trouble or "een rij heeft een naam en geen cijfers"
    return body


def _places(
    text: str, found: Sequence[Line], columns: int, boxes: Sequence[Box], leaves: Sequence[Edges]
) -> Places | None:
    """Where the columns stand on the page, None when the lines are not in cells."""
    read = [cell_tail(text, boxes, line.start, line.end) for line in found] if boxes else []
    full = [tail.marks for tail in read if tail and len(tail.marks) == columns and None not in tail.marks]
    heads = leaves if len(leaves) == columns else ()
    return places(boxes, columns, heads, full) if heads or full else None


def _split(text: str, body: Body, line: Line) -> tuple[str, Tail]:
    """The label of a row, pending lines included, and its figures; a phase's year is part of the label."""
    read = cell_tail(text, body.boxes, line.start, line.end) or tail(text, line.start, line.end)
    first_line = body.label[0] if body.label else line
    said = cleaned(text[first_line.start : max(read.label_end, line.start)])
    first = read.marks[0] if read.marks else None
    if first is not None and _YEAR.fullmatch(text[first.start : first.end]):
        dated = f"{said} {text[first.start : first.end]}".strip()
        if phase(dated) is not None:
            return dated, Tail(first.end, read.marks[1:], read.dashes)
    return said, read


def _take(text: str, body: Body, line: Line, index: int, said: str, read: Tail) -> bool:
    """Takes the figures of a line into the body; False when the table ends before it."""
    figures = fitted(read, body.columns) if not body.partial else None
    if figures is None and body.places and not body.partial:
        figures = placed(body.boxes, body.places, read)
    bare = not text[line.start : read.label_end].strip()
    if figures is not None:
        _close(text, body, line, index, said, figures)
        body.one_line = True
    elif (
        bare
        and not body.label
        and not body.partial
        and body.one_line
        and lone_integer(text[line.start : line.end])
    ):
        pass  # a page number between two rows
    elif bare and (body.label or body.partial) and not read.dashes and _room(body, read):
        body.partial += read.marks
        if len(body.partial) == body.columns:
            _close(text, body, line, index, said, tuple(body.partial))
            body.one_line = False
    elif known_label(said) or not said or body.partial:
        body.trouble = f"een rij heeft {len(read.marks)} cijfers waar de kop {body.columns} kolommen heeft"
        return False
    elif len(read.marks) < 2 or _prose(said, len(body.label)) or len(said.split()) > _MOST_WORDS:
        return False
    else:
        _close(text, body, line, index, said, read.marks, complete=False)
        body.one_line = True
    return True


def _room(body: Body, read: Tail) -> bool:
    return len(body.partial) + len(read.marks) <= body.columns


def _close(
    text: str,
    body: Body,
    line: Line,
    index: int,
    said: str,
    figures: tuple[Figure | None, ...],
    complete: bool = True,
) -> None:
    """Adds a row that ends on a line."""
    first = body.label[0].start if body.label else line.start
    start = first + len(text[first : line.end]) - len(text[first : line.end].lstrip())
    body.rows.append(Row(said, start, len(text[: line.end].rstrip()), figures, complete))
    body.label, body.partial, body.after = [], [], index + 1


def _ends(text: str, line: Line, label: list[Line]) -> bool:
    content = text[line.start : line.end]
    if _END.match(content) or _BULLET.match(content) or unit(content) is not None:
        return True
    # A line of phases or credits opens another table, unless it is one label ("2e", "BA-JR").
    return not label and only_head(head_text(text, line) or "")


def _prose(label: str, count: int) -> bool:
    return (
        len(label) > _LONGEST_LABEL
        or count > 7
        or (label.endswith((".", ":", ";")) and len(label.split()) > 2)
    )
