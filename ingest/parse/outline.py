"""The section path of each block: the headings above it, outermost first, in their readable form."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.reading import cleaned
from ingest.records import Block


def with_sections(
    text: str, blocks: Iterable[Block], enclosed: Sequence[tuple[int, int]] = ()
) -> tuple[Block, ...]:
    """The blocks with `section` filled from the levels of the headings among them; a heading does not hold itself.

    `enclosed` are spans of `text` that close themselves, in order and apart (a folded part of a page): what
    they open ends with them, and after them the headings from before hold again.

    Headings `I` (level 1), `1` (level 2), `II` (level 1) and a paragraph under each -> `("I",)`, `("I", "1")`, `("II",)`.
    """
    path: tuple[tuple[int, str], ...] = ()
    outside: tuple[tuple[int, str], ...] = ()
    ranges = iter(enclosed)
    inner = next(ranges, None)
    inside = False
    placed = []
    for block in blocks:
        while inner is not None and block.start >= inner[1]:
            path, inside, inner = (outside if inside else path), False, next(ranges, None)
        if inner is not None and block.start >= inner[0] and not inside:
            outside, inside = path, True
        if block.kind == "heading":
            path = tuple(entry for entry in path if entry[0] < block.level)
        placed.append(replace(block, section=tuple(title for _, title in path)))
        if block.kind == "heading":
            path = (*path, (block.level, cleaned(text[block.start : block.end])))
    return tuple(placed)
