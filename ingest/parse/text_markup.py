"""The lines of a Markdown file by their role, before any block is made of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.parse.text_lines import Line

Role = Literal[
    "heading", "item", "note", "table", "code", "text", "underline", "break", "fold", "summary", "unfold"
]

_HEADING = re.compile(r"(#{1,6})(?:\s+|$)")
_FENCE = re.compile(r"`{3,}|~{3,}")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,9}[.)])(?:\s+|$)")
_REFERENCE = re.compile(r"(?:\*\*)?\[\\?\[?\\?\d{1,4}\\?\]")
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:")
_LINK_TARGET = re.compile(r"\[[^\]]{1,100}\]:\s{0,5}\S+")
_RULE = re.compile(r"(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}")
_DELIMITER = re.compile(r"\|?(?: ?:?-+:? ?\|)* ?:?-+:? ?\|?")
_QUOTE = re.compile(r"(?:>\s*)+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,20})(?:\s[^<>]{0,300})?/?>\s*")
_LONGEST_HEADING = 400
_LONGEST_MARK = 1000  # characters of a line that may be a rule or the line below a table's head


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or the part of it between its marks, as `source[start:end]`.

    `level` is that of a heading, or of the heading that an underline makes; 0 where the marks give none.
    `gap` and `indent` are those of its line.
    """

    role: Role
    start: int
    end: int
    level: int = 0
    gap: int = 0
    indent: int = 0


def rows_of(lines: Sequence[Line]) -> Iterator[Row]:
    """The rows of a Markdown file, in order; front matter, comments and link targets give none."""
    fence = ""
    table = comment = False
    for i in range(_after_front_matter(lines), len(lines)):
        line = lines[i]
        if fence:
            closes = line.text.startswith(fence) and not line.text.strip(fence[0])
            fence = "" if closes else fence
            yield Row("break" if closes else "code", line.start, line.end)
        elif match := _FENCE.match(line.text):
            fence, table = match.group(), False
            yield Row("break", line.start, line.end)
        elif comment or line.text.startswith("<!--"):
            comment = "-->" not in line.text
        else:
            below = lines[i + 1] if i + 1 < len(lines) else None
            table = _is_table_row(line, below, inside=table)
            if table:
                yield Row("table", line.start, line.end, gap=line.gap)
            else:
                yield from _marked(line)


def _after_front_matter(lines: Sequence[Line]) -> int:
    """Where the text starts when the file opens with fields between two lines of `---`."""
    if not lines or lines[0].text != "---":
        return 0
    return next((i + 1 for i in range(1, min(len(lines), 60)) if lines[i].text in {"---", "..."}), 0)


def _is_table_row(line: Line, below: Line | None, *, inside: bool) -> bool:
    """Whether a line belongs to a table: it has cells, and a line of dashes stands below it or a row above it."""
    if "|" not in line.text:
        return False
    if inside and line.gap == 0:
        return True
    return below is not None and below.gap == 0 and "|" in below.text and _is(_DELIMITER, below.text)


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST_MARK and pattern.fullmatch(text) is not None


def _marked(line: Line) -> Iterator[Row]:
    """The rows of a line outside fences and tables: its tags taken off, its mark told from its text."""
    before, start, end, after = _untagged(line) if "<" in line.text else ([], line.start, line.end, [])
    yield from before
    if match := _QUOTE.match(line.text, start - line.start, end - line.start):
        start = line.start + match.end()
    text = line.text[start - line.start : end - line.start]
    match = _HEADING.match(text)
    title = text[match.end() :].rstrip("#").rstrip() if match else ""
    if match and len(title) <= _LONGEST_HEADING:
        if title:
            start += match.end()
            yield Row("heading", start, start + len(title), len(match.group(1)))
    elif text and not _is(_LINK_TARGET, text):
        yield Row(_role(text), start, end, 2 if text[0] == "-" else 1, line.gap, line.indent)
    yield from after


def _role(text: str) -> Role:
    if not text.strip("=") or not text.strip("-"):
        return "underline"
    if _is(_RULE, text):
        return "break"
    if _NOTE.match(text):
        return "note"
    return "item" if _ITEM.match(text) or _REFERENCE.match(text) else "text"


def _untagged(line: Line) -> tuple[list[Row], int, int, list[Row]]:
    """What the tags before the text of a line say, where that text starts and ends, and what those after it say."""
    before: list[Row] = []
    at = 0
    while match := _TAG.match(line.text, at):
        at = match.end()
        name = match.group(1) + match.group(2).lower()
        if name in {"details", "/details"}:
            before.append(
                Row("unfold" if match.group(1) else "fold", line.start + match.start(), line.start + at)
            )
        elif name == "summary":
            close = line.text.find("</summary>", at)
            close = len(line.text) if close < 0 else close
            if title := line.text[at:close].rstrip()[:_LONGEST_HEADING].rstrip():
                before.append(Row("summary", line.start + at, line.start + at + len(title)))
            at = close
    after: list[Row] = []
    end = len(line.text)
    while end > at and (opening := line.text.rfind("<", max(at, end - 400), end)) >= 0:
        match = _TAG.fullmatch(line.text, opening, end)
        if match is None:
            break
        if line.text[opening : opening + 9].lower() == "</details":
            after.append(Row("unfold", line.start + opening, line.start + end))
        end = opening
        while end > at and line.text[end - 1].isspace():
            end -= 1
    return before, line.start + at, line.start + end, after
