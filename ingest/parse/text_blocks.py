"""The blocks of extracted text: headings, tables, list items and paragraphs, each whole where its lines were cut apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.parse.outline_levels import Mark, Open, credible, under
from ingest.parse.text_headings import chapter_lines, free_at, numbered_at
from ingest.parse.text_lines import (
    Line,
    dangles,
    ends_sentence,
    goes_on,
    opens_lower,
    reaches_margin,
    wrap_width,
)
from ingest.parse.text_tables import is_unit, tables_of
from ingest.records import BlockKind

_BULLET = re.compile(r"([•▪●○◦‣∙·*➢✓]|o(?=\s))(?:\s|$)|[-−–—](?:\s|$)")
_COUNTED = re.compile(r"(\d{1,2})([.)°])(?:\s|$)|([a-z])([.)])(?:\s|$)|(?:i{1,3}|iv|vi{0,3}|ix|x)\)(?:\s|$)")
_SHORTEST_PARAGRAPH = 100  # characters, in text whose paragraphs are lines
_LOUD_WORD = re.compile(r"[^\W\d_a-zà-ÿ]{4}")

Marker = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A block as a run of lines, from `first` up to `end`; a heading has its mark."""

    kind: BlockKind
    first: int
    end: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """What is known of every line before the blocks are read."""

    lines: Sequence[Line]
    width: int | None
    numbered: Sequence[tuple[int, Mark] | None]
    markers: Sequence[Marker | None]
    tables: dict[int, int]


def parts_of(lines: Sequence[Line], closing: dict[int, int]) -> list[Part]:
    """The blocks of the body of a text, in order; every line lies in exactly one.

    `closing` gives the numbers that stood alone at the end of a page, by the start of the page's first line.
    """
    view = _view(lines, closing)
    parts: list[Part] = []
    above: Open = ()
    i = 0
    while i < len(lines):
        if i in view.tables:
            parts.append(Part("table", i, view.tables[i]))
        elif heading := _numbered_heading(view, parts, above, i):
            parts.append(heading)
        elif _starts_item(view, parts, i):
            parts.append(Part("list_item", i, i + 1))
        elif heading := _free_heading(view, parts, i):
            parts.append(heading)
        elif _continues(view, parts, i):
            parts[-1] = replace(parts[-1], end=i + 1)
        else:
            parts.append(Part("paragraph", i, i + 1))
        if (mark := parts[-1].mark) is not None:
            above = under(above, mark)
        i = parts[-1].end
    return parts


def _view(lines: Sequence[Line], closing: dict[int, int]) -> _View:
    width = wrap_width(lines)
    chapters = chapter_lines(lines, closing, width)
    numbered = [numbered_at(lines, i, width, chapters) for i in range(len(lines))]
    markers = [_marker(line.text) for line in lines]
    stops = [found is not None or marker is not None for found, marker in zip(numbered, markers, strict=True)]
    return _View(lines, width, numbered, markers, tables_of(lines, stops))


def _marker(text: str) -> Marker | None:
    """What a list item starts with, and its place in the list: `2)` is `(")", 2)`, `b.` is `("a.", 2)`, `-` is `("-", 0)`."""
    if match := _BULLET.match(text):
        return match.group(1) or "-", 0
    match = _COUNTED.match(text)
    if match is None:
        return None
    if match.group(1):
        return match.group(2), int(match.group(1))
    if match.group(3):
        return f"a{match.group(4)}", ord(match.group(3)) - ord("a") + 1
    return "i)", 0


def _apart(view: _View, parts: Sequence[Part], i: int) -> bool:
    """Whether line `i` opens a block whatever it says: after a blank line, a page break, a heading or a table."""
    line = view.lines[i]
    if i == 0 or line.gap > 0 or line.turn or parts[-1].kind in {"heading", "table"}:
        return True
    return view.width is None and not _is_unfinished(view.lines[i - 1].text)


def _is_unfinished(line: str) -> bool:
    """Whether, where lines are not wrapped, a line was cut off: it is short and ends no sentence."""
    return len(line) < _SHORTEST_PARAGRAPH and not ends_sentence(line)


def _numbered_heading(view: _View, parts: Sequence[Part], above: Open, i: int) -> Part | None:
    found = view.numbered[i]
    if found is None:
        return None
    end, mark = found
    mark = replace(mark, bare=bool(parts) and parts[-1].kind == "heading")
    if mark.kind in {"chapter", "article", "number", "label"}:
        before = view.lines[i - 1].text if parts and parts[-1].kind in {"paragraph", "list_item"} else "."
        if not (_apart(view, parts, i) or ends_sentence(before)):
            return None
        if mark.kind in {"number", "label"} and (
            dangles(before) or _is_one_of_a_list(view, parts, end, mark)
        ):
            return None
    return Part("heading", i, end, mark) if credible(above, mark) else None


def _is_one_of_a_list(view: _View, parts: Sequence[Part], end: int, mark: Mark) -> bool:
    """Whether the next number of the count follows at once, or the last one went at once before: then it is an item."""
    if mark.series not in {".", ")"} or len(mark.number) > 1:
        return False
    number = mark.number[0]
    follows = view.markers[end] == (mark.series, number + 1) if end < len(view.lines) else True
    item = (
        parts and parts[-1].kind == "list_item" and view.markers[parts[-1].first] == (mark.series, number - 1)
    )
    return follows or bool(item)


def _starts_item(view: _View, parts: Sequence[Part], i: int) -> bool:
    """Whether a marker at the start of line `i` opens an item; a dash or a number may also have come there by wrapping."""
    marker = view.markers[i]
    if marker is None:
        return False
    if _apart(view, parts, i) or marker[0] not in "-.)°":
        return True
    before = view.lines[i - 1].text
    if ends_sentence(before) or not reaches_margin(before, view.lines[i].text, view.width):
        return True
    opened = view.markers[parts[-1].first] if parts[-1].kind == "list_item" else None
    return (
        opened is not None
        and opened[0] == marker[0]
        and marker[1] in {0, opened[1] + 1}
        and not dangles(before)
    )


def _continues(view: _View, parts: Sequence[Part], i: int) -> bool:
    """Whether line `i` goes on with the paragraph or the item before it."""
    if not parts or parts[-1].kind not in {"paragraph", "list_item"}:
        return False
    line, before = view.lines[i], view.lines[i - 1]
    if parts[-1].kind == "list_item" and parts[-1].first == i - 1 and len(before.text) <= 3:
        return True  # the marker stands on a line of its own
    if line.gap == 0 and not line.turn:
        return view.width is not None or opens_lower(line.text) or _is_unfinished(before.text)
    return goes_on(before, line, view.width, item=parts[-1].kind == "list_item")


def _free_heading(view: _View, parts: Sequence[Part], i: int) -> Part | None:
    ended = not parts or parts[-1].kind in {"heading", "table"} or ends_sentence(view.lines[i - 1].text)
    if not _apart(view, parts, i) or not (ended or not _continues(view, parts, i)):
        return None
    found = free_at(view.lines, i, view.width)
    if found is None:
        return None
    end, mark = found
    mark = replace(
        mark, bare=bool(parts) and parts[-1].kind == "heading", series=mark.series or "title" * (i == 0)
    )
    if end in view.tables and is_unit(view.lines[end]) and _LOUD_WORD.match(mark.title):
        return Part("heading", i, end, replace(mark, kind="programme"))
    return Part("heading", i, end, mark) if _holds_text(view, end, mark) else None


def _holds_text(view: _View, end: int, mark: Mark) -> bool:
    """Whether text follows a heading without number, or one more such heading with text: names in a row are no headings."""
    if mark.series == "file" or _is_text(view, end, mark):
        return True
    found = (
        free_at(view.lines, end, view.width) if end < len(view.lines) and view.numbered[end] is None else None
    )
    return found is not None and not found[1].title.endswith(":") and _is_text(view, *found)


def _is_text(view: _View, i: int, heading: Mark) -> bool:
    """Whether running text, a list or a table starts at line `i`, below a heading."""
    lines = view.lines
    if i >= len(lines):
        return False
    if i in view.tables:
        return True
    if view.markers[i] is not None:
        return not heading.title.endswith(":")
    if view.numbered[i] is not None:
        return False
    end = i + 1
    while end < len(lines) and end - i < 8 and lines[end].gap == 0 and not ends_sentence(lines[end - 1].text):
        end += 1
    full = 0.8 * (view.width or 100)
    block = lines[i:end]
    if len(block) == 1 and block[0].text.endswith(":") and len(block[0].text.split()) <= 4:
        return False
    return (
        ends_sentence(block[-1].text)
        or ". " in block[0].text
        or sum(len(x.text) >= full for x in block) >= 2 < len(block)
    )
