"""The footnotes at the end of each page, set apart from the text that runs on over them."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.parse.text_lines import Line

_NOTE = re.compile(r"(\d{1,3})\s+(?=\S)")
_MISREAD_FIRST = re.compile(r"[LlI|]\s+(?=https?://)")
_MONTH = re.compile(
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december", re.I
)
_TALLEST = 12  # lines that notes without a mark in the text may fill
_MOST = 60  # lines that notes may fill at all
_WORD = re.compile(r"[^\W\d_]{4}")  # a row of figures is no note
_LARGEST_SHARE = 0.6  # of a page that notes may fill


def without_notes(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The lines that are no footnotes, and the footnotes, each with its lines.

    Only pages have footnotes. They are the numbered lines at the end of a page that go on counting where the
    page before stopped, and whose number is glued to a word of the page, or that are few.
    """
    body: list[Line] = []
    notes: list[list[Line]] = []
    count = 0
    for number, group in groupby(lines, key=lambda line: line.page):
        page = list(group)
        start = None if number is None else _first_note(page, count)
        if start is None:
            body += page
            continue
        body += page[:start]
        found = list(_divided(page[start:]))
        notes += found
        count = (_number(page[start]) or 1) + len(found) - 1
    return body, notes


def _first_note(page: Sequence[Line], count: int) -> int | None:
    """Where the notes of a page start, when the last note before it has the number `count`."""
    for i, line in enumerate(page):
        number = _number(line)
        if number is None or not line.gap or i == 0 or not count < number <= count + 2:
            continue
        size = len(page) - i
        if size <= min(_MOST, _LARGEST_SHARE * len(page)) and (
            size <= _TALLEST or _is_marked(page[:i], number)
        ):
            return i
    return None


def _number(line: Line) -> int | None:
    match = _NOTE.match(line.text)
    if match is not None and not _MONTH.match(line.text, match.end()) and _WORD.search(line.text[:200]):
        return int(match.group(1))
    return 1 if _MISREAD_FIRST.match(line.text) else None


def _is_marked(page: Sequence[Line], number: int) -> bool:
    """Whether the number stands glued to a word: `verder2)`, `onderzoek5`."""
    mark = re.compile(rf"(?<=[^\W\d_]|[’'”)\].,]){number}(?![\d%]|[.,]\d)")
    return any(mark.search(line.text) for line in page if len(line.text) < 2000)


def _divided(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The notes one by one: each starts at the number that follows that of the one before."""
    note: list[Line] = []
    number = _number(lines[0]) or 0
    for line in lines:
        if note and _number(line) == number + 1:
            yield note
            note, number = [], number + 1
        note.append(line)
    yield note
