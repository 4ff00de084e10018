"""The digests of the bundled corpus as headings, paragraphs, lists and tables, read from the Markdown beside this file.

The Markdown is a small part of the language: headings, paragraphs, `- ` and `1. ` lists, `| a | b |` tables
in which `<` joins a cell to the one on its left, a line `*label*`, and three kinds of line that stand for a
budget table in the layout of a budget explanation:

    uitgaven: VAK of 2e BA, 2e BA-JR, BU | the same for VEK
    ontvangsten: AO TO LO of 2e BA | the same for the execution
    totaal: AO TO LO VAK VEK of 2e BA | of 2e BA-JR | of BU
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PHASES = ("2e BA", "2e BA-JR", "BU")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the document."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `role`: plain, label (a small heading), unit (of the table below it) or footnote."""

    text: str
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; a cell `<` belongs to the cell on its left. The first `heads` rows are its header."""

    rows: tuple[tuple[str, ...], ...]
    heads: int = 1


Part = Heading | Text | Items | Rows


def parts(name: str) -> list[Part]:
    """The content of one Markdown file beside this one, in order."""
    return [
        part
        for block in (HERE / name).read_text(encoding="utf-8").split("\n\n")
        for part in read_block(block.strip())
    ]


def title(content: list[Part]) -> str:
    """The text of the first heading of level 1."""
    return next(part.text for part in content if isinstance(part, Heading) and part.level == 1)


def read_block(block: str) -> Iterator[Part]:
    """What one block of Markdown, between two blank lines, stands for."""
    lines = block.splitlines()
    if heading := re.fullmatch(r"(#+) (.+)", block):
        yield Heading(len(heading[1]), heading[2])
    elif budget := re.fullmatch(r"(uitgaven|ontvangsten|totaal): (.+)", block):
        yield Text("(duizend euro)", "unit")
        yield budget_table(budget[1], [group.split() for group in budget[2].split("|")])
    elif block.startswith("|"):
        rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)
        yield Rows(rows, heads=2 if "<" in rows[0] else 1)
    elif re.match(r"- |1\. ", block):
        yield Items(tuple(re.sub(r"^(?:-|\d+\.) ", "", line) for line in lines), block[0] == "1")
    elif label := re.fullmatch(r"\*(.+)\*", block):
        yield Text(label[1], "label")
    else:
        yield Text(" ".join(lines), "footnote" if block.startswith("¹") else "plain")


def budget_table(kind: str, groups: list[list[str]]) -> Rows:
    """The table of an article or a programme, as budget explanations lay it out."""
    if kind == "uitgaven":
        head = ("", "VAK", "<", "<", "VEK", "<", "<")
        return Rows((head, ("2021", *PHASES, *PHASES), ("Uitgaven", *groups[0], *groups[1])), heads=2)
    if kind == "ontvangsten":
        return Rows((("2021", "AO", "TO", "LO"), ("2e BA", *groups[0]), ("Uitvoering", *groups[1])))
    rows = [(phase, *group) for phase, group in zip(PHASES, groups, strict=True)]
    return Rows((("2021", "AO", "TO", "LO", "VAK", "VEK"), *rows))


def spans(row: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Cells of a row as (text, first column, columns): `("a", "<", "b")` -> `[("a", 0, 2), ("b", 2, 1)]`."""
    starts = [at for at, cell in enumerate(row) if cell != "<"]
    return [(row[at], at, after - at) for at, after in zip(starts, [*starts[1:], len(row)], strict=True)]
