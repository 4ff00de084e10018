"""Tables in running text: a head, then rows of a label and as many figures as the head has columns.

Text extraction flattens a table: labels break over lines, a row's figures stand on the line of its label
or below it, blank lines come anywhere. The number of columns decides what is a row. A row with another
number of figures is kept as it stands (`complete` is false); what cannot be told apart from the table is
`trouble`, and then nothing of it may be used. Does not know what a row means: `cells`, `totals`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.budget.figures import Figure, Tail, fitted, lone_integer, tail
from ingest.budget.header import Column, Head, credit, head, only_head, phase, unit
from ingest.reading import cleaned

_YEAR = re.compile(r"(?:19|20)\d\d")
_BULLET = re.compile(r"\s*[-−–•▪]\s+[^\s\d(€]")
_END = re.compile(
    r"\s*(?:Korte\s+inhoud|(?:Inhoudelijke\s+)?Toelichting|PROGRAMMA\s|TOTAAL\s*[–-]|[IVXLC]+\.\s+[A-Z]|\d+(?:\.\d+)+\.?\s+[A-Z])",
    re.IGNORECASE,
)
_UNIT_INSIDE = re.compile(r"\((?:in\s+)?(?:duizend\s+|k|miljoen\s+)?(?:euro|EUR|€)\)")
_SQUEEZED = re.compile(r"[\s\u00ad\u0002\u2010\u2011-]+")
_AGGREGATES = (
    "uitgaven",
    "uitgave",
    "ontvangsten",
    "ontvangst",
    "totaal",
    "esruitgaven",
    "toelagen",
    "overige",
)
_MOST_HEAD_LINES = 12
_LONGEST_LABEL = 100
_MOST_WORDS = 6


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
class Grid:
    """A table as read: `unit` is keuro for one printed unit, None when the table states none.

    `caption` is the line or lines right above the unit or the head. `grouped` when the credits repeat under
    `names` of measures. `trouble` says in Dutch why the table cannot be used.
    """

    start: int
    end: int
    columns: tuple[Column, ...]
    year: int | None
    unit: Decimal | None
    rows: tuple[Row, ...]
    caption: str = ""
    grouped: bool = False
    names: tuple[str, ...] = ()
    trouble: str | None = None


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


def grids(text: str, start: int, end: int) -> Iterator[Grid]:
    """The tables with a budget head in `text[start:end]`, in order."""
    found = lines(text, start, end)
    at = 0
    while at < len(found):
        grid, after = _grid_at(text, found, at)
        if grid is not None:
            yield grid
        at = after


def squeezed(label: str) -> str:
    """A label without blanks and hyphens, in lower case: `squeezed("Uitgav\\nen")` -> `"uitgaven"`."""
    return _SQUEEZED.sub("", label).lower()


def known_label(label: str) -> bool:
    """Whether a label is a phase, a credit, or a row that every budget table may have."""
    return phase(label) is not None or credit(label) is not None or squeezed(label).startswith(_AGGREGATES)


def _grid_at(text: str, found: list[Line], at: int) -> tuple[Grid | None, int]:
    """The grid whose head starts at a line, and the line to go on from."""
    most = at
    while most < len(found) and most - at < _MOST_HEAD_LINES and _head_text(text, found[most]) is not None:
        most += 1
    failure: tuple[Grid, int] | None = None
    for stop in range(most, at, -1):
        stated = head("\n".join(_head_text(text, line) or "" for line in found[at:stop]))
        if stated is None or not (len(stated.columns) > 1 or stated.columns[0].credit):
            continue
        grid, after = _filled(text, found, at, stop, stated)
        if grid.rows and grid.trouble is None:
            return grid, after
        if failure is None or (grid.rows and not failure[0].rows):
            failure = grid, after
    if failure is None and only_head(_head_text(text, found[at]) or ""):
        line = found[at]
        return Grid(
            line.start, line.end, (), None, None, (), trouble="de kop heeft een onbekende volgorde"
        ), most
    if failure is None or not (failure[0].rows or only_head(_head_text(text, found[at]) or "")):
        return None, at + 1
    return failure


def _filled(text: str, found: list[Line], at: int, stop: int, stated: Head) -> tuple[Grid, int]:
    body = _rows(text, found, stop, len(stated.columns))
    rows, after, trouble = body.rows, body.after, body.trouble
    if not rows and trouble is None:
        trouble = "onder de kop staan geen rijen met evenveel cijfers als kolommen"
    scale, caption_at = _unit_above(text, found, at, stop)
    names = tuple(text[found[at - 1].start : found[at - 1].end].split()) if stated.grouped and at else ()
    first = found[at - 1] if names else found[at]
    start = len(text[: first.end]) - len(text[first.start : first.end].lstrip())
    end = rows[-1].end if rows else found[stop - 1].end
    caption = _caption(text, found, caption_at)
    return Grid(
        start, end, stated.columns, stated.year, scale, tuple(rows), caption, stated.grouped, names, trouble
    ), after


@dataclass(slots=True)
class _Body:
    """Rows read so far, and what is pending: label lines, and figures of a row that runs over lines.

    `after` is the line behind the last row; `one_line` whether that row stood on one line.
    """

    columns: int
    after: int
    rows: list[Row] = field(default_factory=list)
    label: list[Line] = field(default_factory=list)
    partial: list[Figure | None] = field(default_factory=list)
    one_line: bool = False
    trouble: str | None = None


def _rows(text: str, found: list[Line], at: int, columns: int) -> _Body:
    """The rows from a line on, up to what is no row; `trouble` when the table cannot be used."""
    body = _Body(columns, at)
    for index in range(at, len(found)):
        line = found[index]
        if _ends(text, line, body.label):
            break
        said, read = _split(text, body.label, line)
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


def _split(text: str, above: list[Line], line: Line) -> tuple[str, Tail]:
    """The label of a row, pending lines included, and its figures; the year of a phase is part of its label."""
    read = tail(text, line.start, line.end)
    said = cleaned(text[above[0].start if above else line.start : max(read.label_end, line.start)])
    first = read.marks[0] if read.marks else None
    if first is not None and _YEAR.fullmatch(text[first.start : first.end]):
        dated = f"{said} {text[first.start : first.end]}".strip()
        if phase(dated) is not None:
            return dated, Tail(first.end, read.marks[1:], read.dashes)
    return said, read


def _take(text: str, body: _Body, line: Line, index: int, said: str, read: Tail) -> bool:
    """Takes the figures of a line into the body; False when the table ends before it."""
    figures = fitted(read, body.columns) if not body.partial else None
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


def _room(body: _Body, read: Tail) -> bool:
    return len(body.partial) + len(read.marks) <= body.columns


def _close(
    text: str,
    body: _Body,
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
    return not label and only_head(_head_text(text, line) or "")


def _prose(label: str, count: int) -> bool:
    return (
        len(label) > _LONGEST_LABEL
        or count > 7
        or (label.endswith((".", ":", ";")) and len(label.split()) > 2)
    )


def _head_text(text: str, line: Line) -> str | None:
    """A line that holds only years, phases, credits or the unit, without the unit; None for any other."""
    content = _UNIT_INSIDE.sub(" ", text[line.start : line.end])
    fragments = re.sub(
        r"\b[123]\s?(?:e|ste|de)\b|\baanpassing\b|\bJR\b|\b(?:VAK|VEK|AO|TO|LO|BO|BA|BU)\b", " ", content
    )
    fragments = re.sub(
        r"\b(?:19|20)\d\d\b|(?i:\b(?:begrotings)?(?:opmaak|uitvoering|aanpassing)\b|\brealisatie\b)",
        " ",
        fragments,
    )
    fragments = re.sub(
        r"(?i:\b(?:vastleggings|vereffenings|betaal)krediet(?:en)?\b)|[-|/\u0002\u2010\u2011\u2013\s]",
        "",
        fragments,
    )
    return content if not fragments and content.strip() else None


def _unit_above(text: str, found: list[Line], at: int, stop: int) -> tuple[Decimal | None, int]:
    """The unit stated inside the head or within three lines above it, and the line where the caption ends."""
    for line in found[at:stop]:
        inside = _UNIT_INSIDE.search(text, line.start, line.end)
        if inside:
            return unit(inside.group()), at
    for index in range(at - 1, max(at - 4, -1), -1):
        stated = unit(text[found[index].start : found[index].end])
        if stated is not None:
            return stated, index
    return None, at


def _caption(text: str, found: list[Line], at: int) -> str:
    """The lines above a line, up to a blank one."""
    first = at
    while first > 0 and at - first < 4:
        first -= 1
        if found[first].blank_before:
            break
    return cleaned(text[found[first].start : found[at - 1].end]) if at else ""
