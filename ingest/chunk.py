"""From a document's blocks to passages: whole sentences, items and rows under one heading path.

A passage starts at its heading when it is the first under it, so that a quoted heading is found with
its text. Short neighbouring sections are joined as long as they share all but their last heading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from ingest.reading import cleaned, sentences
from ingest.records import Block, Document, Passage

LONGEST = 1100
SHORTEST = 350


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never divided: a sentence, a list item's sentence, a table row, or a heading with nothing before it."""

    start: int
    end: int
    section: tuple[str, ...]
    page: int | None
    heading: bool = False
    joined: bool = False


def passages(document: Document) -> list[Passage]:
    """The passages of a document in reading order; each within `LONGEST` characters unless one sentence or row is longer.

    No two overlap, and every block lies in passages as a whole.
    """
    packed: list[list[_Unit]] = []
    for unit in _units(document):
        if packed and _fits(packed[-1], unit):
            packed[-1].append(unit)
        else:
            packed.append([*_carried_headings(packed), unit])
    return [_passage(document, units) for units in packed if units]


def heading_path(document: Document, passage: Passage) -> str:
    """What a passage is about: the document's title and the headings above it, as `title > chapter > article`."""
    return " > ".join(dict.fromkeys((document.meta.title, *passage.section)))


def indexed_text(document: Document, passage: Passage) -> str:
    """A passage as it is embedded and as the embedding model learns it: its heading path, then its readable text."""
    return f"{heading_path(document, passage)}\n{cleaned(passage.text)}"


def _units(document: Document) -> Iterator[_Unit]:
    for block in document.blocks:
        if block.kind == "heading":
            section = (*block.section, cleaned(document.text[block.start : block.end]))
            yield _Unit(block.start, block.end, section, block.page, heading=True)
        elif block.kind == "table":
            yield from _rows(document.text, block)
        else:
            yield from _sentences(document.text, block)


def _sentences(text: str, block: Block) -> Iterator[_Unit]:
    """A colon that opens a list keeps its first item beside it (`joined`)."""
    for start, end in sentences(text, block.start, block.end):
        if end - start > 2 * LONGEST:
            yield from _lines(text, start, end, block)
        else:
            yield _Unit(start, end, block.section, block.page, joined=text[end - 1] == ":")


def _rows(text: str, block: Block) -> Iterator[_Unit]:
    if block.end - block.start <= LONGEST:
        yield _Unit(block.start, block.end, block.section, block.page)
        return
    yield from _lines(text, block.start, block.end, block)


def _lines(text: str, start: int, end: int, block: Block) -> Iterator[_Unit]:
    """The lines of a long table, or of what has no sentences (a list of addresses)."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at += len(line)
        if start < end:
            yield _Unit(start, end, block.section, block.page)


def _fits(units: list[_Unit], unit: _Unit) -> bool:
    """Whether a unit goes on in the passage of `units`."""
    last, size = units[-1], unit.end - units[0].start
    if all(u.heading for u in units):
        return unit.section[: len(last.section)] == last.section
    if size > LONGEST:
        return last.joined and size <= 2 * LONGEST
    if unit.section == last.section and not unit.heading:
        return True
    common = _common(units[0].section, unit.section)
    siblings = len(common) >= max(1, min(len(units[0].section), len(unit.section)) - 1)
    return siblings and last.end - units[0].start < SHORTEST


def _carried_headings(packed: list[list[_Unit]]) -> list[_Unit]:
    """Headings at the end of the passage before belong to what follows them; they are taken from there."""
    carried: list[_Unit] = []
    while packed and packed[-1] and packed[-1][-1].heading and len(packed[-1]) > 1:
        carried.insert(0, packed[-1].pop())
    return carried


def _passage(document: Document, units: list[_Unit]) -> Passage:
    start, end = units[0].start, units[-1].end
    section = reduce(_common, [u.section for u in units if not u.heading] or [units[-1].section])
    return Passage(document.id, start, end, document.text[start:end], section, units[0].page)


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return a[:shared]
