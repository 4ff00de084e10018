"""Groups of lines written out as canonical text, with the span and the box of each line.

A hyphen that only breaks a word at a line end is followed by a newline, so that `cleaned` dissolves it; one that
belongs to the word is not.
"""

import re
from collections.abc import Iterable, Sequence

from ingest.parse.invisible import without_invisible
from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_page import Word
from ingest.parse.pdf_paragraphs import BULLET, Group
from ingest.records import Block, Box

_BREAK = re.compile(r"[\x02\ufffe\xad\u2010-]$")
_SUSPENDED = re.compile(r"(?:en|of|tot|als|noch|et|and)\b|[/&(]")
_STEM = 5  # letters of a word that its inflections share
_PARTS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def written(groups: Sequence[Group], levels: Sequence[int]) -> tuple[str, list[Block], list[Box]]:
    """Canonical text, blocks and boxes; `levels` are those of the heading groups, in order.

    Groups are divided by blank lines, lines and table rows by newlines, cells by tabs.
    """
    canvas = _Canvas(_vocabulary(groups))
    heading_levels = iter(levels)
    for group in groups:
        start = canvas.begin()
        canvas.table(group) if group.table else canvas.lines(group.lines)
        level = next(heading_levels) if group.kind == "heading" else 0
        if group.kind is not None and canvas.at > start:
            canvas.blocks.append(Block(start, canvas.at, group.kind, level, group.lines[0].page))
    return "".join(canvas.parts), canvas.blocks, canvas.boxes


class _Canvas:
    """The text written so far, with what is known of its spans."""

    def __init__(self, vocabulary: set[str]) -> None:
        self.parts: list[str] = []
        self.at = 0
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self._vocabulary = vocabulary

    def begin(self) -> int:
        """Where the next group starts, behind a blank line."""
        if self.at:
            self._write("\n\n")
        return self.at

    def lines(self, lines: Sequence[Line]) -> None:
        """Lines of prose, with their line-end hyphens resolved."""
        texts = [_text(line.words) for line in lines]
        for at, (line, text) in enumerate(zip(lines, texts, strict=True)):
            following = next((t for t in texts[at + 1 :] if t), "")
            ending = self._ending(text, following) if following else ""
            self._boxed(text.replace("\x02", "-"), line.words, line.page)
            self._write(ending if text else "")

    def table(self, group: Group) -> None:
        """One line a row, a tab between cells, each line of a cell with its own box."""
        assert group.table is not None
        page = group.lines[0].page
        for number, row in enumerate(group.table.rows):
            self._write("\n" if number else "")
            for column, cell in enumerate(row):
                self._write("\t" if column else "")
                for part, words in enumerate(cell):
                    self._write(" " if part else "")
                    self._boxed(_text(words).replace("\x02", "-"), words, page)

    def _ending(self, text: str, following: str) -> str:
        """What stands between two lines: nothing behind a hyphen that stays, a space behind one that is suspended.

        `"sociaal-"` and `"economische raad"` -> `""` where the document writes sociaal-economisch elsewhere.
        """
        stem, tail = _PARTS.findall(text[:-1])[-1:], _PARTS.match(following)
        if not _BREAK.search(text) or text[-2:-1].isspace():
            return "\n"
        if not stem or tail is None or not text[-2:-1].isalpha() or not following[0].islower():
            return " " if _SUSPENDED.match(following) else ""
        whole, compound = (
            f"{stem[0]}{tail.group()}".casefold(),
            f"{stem[0]}-{tail.group()[:_STEM]}".casefold(),
        )
        if whole in self._vocabulary:
            return "\n"
        return " " if _SUSPENDED.match(following) else "" if compound in self._vocabulary else "\n"

    def _boxed(self, text: str, words: Sequence[Word], page: int) -> None:
        start = self.at
        self._write(text)
        if self.at > start:
            x0, x1 = min(w.x0 for w in words), max(w.x1 for w in words)
            y0, y1 = min(w.y0 for w in words), max(w.y1 for w in words)
            self.boxes.append(
                Box(
                    start,
                    self.at,
                    page,
                    *(round(v, 1) for v in (x0, y0, max(x1, x0 + 0.1), max(y1, y0 + 0.1))),
                )
            )

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)


def _text(words: Iterable[Word]) -> str:
    """The words of a line; a bullet of a symbol font becomes one that every font has."""
    texts = [word.text for word in words]
    if BULLET.fullmatch(texts[0]) and texts[0] >= "\uf000":
        texts[0] = "•"
    marks = {text[-1] for text in texts[-1:] if text.endswith(("\x02", "\ufffe", "\xad"))}
    plain = " ".join(
        t for text in texts if (t := without_invisible(text.replace("\x02", "-").replace("\ufffe", "-")))
    )
    return plain.rstrip("-") + "\x02" if marks and plain else plain


def _vocabulary(groups: Sequence[Group]) -> set[str]:
    """The words that stand unbroken within a line, and the starts of those with a hyphen: `sociaal-econo`."""
    words = {
        word.casefold()
        for group in groups
        for line in group.lines
        for text in line.words
        for word in _PARTS.findall(text.text)
    }
    halves = (word.rpartition("-") for word in words if "-" in word)
    return words | {f"{first}-{second[:_STEM]}" for first, _, second in halves}
