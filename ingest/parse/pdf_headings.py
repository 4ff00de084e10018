"""The level of each heading of a PDF, from its own numbering and from how its style stands out.

`1.2.1` is one deeper than `1.2`; what is set larger than the numbered chapters stands above them; what has no
number takes the level of the numbered headings of its style, or one below those that stand out more.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.parse.pdf_page import Style
from ingest.parse.pdf_paragraphs import Group
from ingest.parse.titles import depth

DEEPEST = 9


def heading_levels(headings: Sequence[Group]) -> list[int]:
    """The level of each heading, 1 the highest, at most `DEEPEST`.

    Covers in 40 points, then `1 Onderwijs` and `1.1 Visie` -> 1, 2, 3.
    """
    depths = [depth(heading.text) for heading in headings]
    styles = [_prominence(heading.lines[-1].style) for heading in headings]
    numbered: dict[int, Counter[tuple[float, int]]] = defaultdict(Counter)
    for level, style in zip(depths, styles, strict=True):
        if level:
            numbered[level][style] += 1
    if not numbered or sum(map(bool, depths)) < 2:
        ranks = {style: rank for rank, style in enumerate(sorted(set(styles), reverse=True), 1)}
        return [min(ranks[style], DEEPEST) for style in styles]
    typical = {level: uses.most_common(1)[0][0] for level, uses in numbered.items()}
    shallowest = min(typical)
    above = sorted(
        {s for s, d in zip(styles, depths, strict=True) if not d and s[0] > typical[shallowest][0]},
        reverse=True,
    )
    base = len(above) + 1 - shallowest
    levels: list[int] = []
    opened: list[
        tuple[tuple[float, int], int]
    ] = []  # the headings without number in the present numbered section
    section = 0
    for level, style in zip(depths, styles, strict=True):
        if level or style in above:
            section, opened = level, []
            levels.append(base + level if level else above.index(style) + 1)
            continue
        while opened and opened[-1][0] < style:
            opened.pop()
        if not opened or opened[-1][0] != style:
            outer = opened[-1][1] if opened else base + section if section else _outer(style, typical, base)
            opened.append((style, outer + 1))
        levels.append(opened[-1][1])
    return [min(level, DEEPEST) for level in levels]


def _outer(style: tuple[float, int], typical: dict[int, tuple[float, int]], base: int) -> int:
    """The level above a heading without number, outside numbered sections: its style's own, else below what is larger."""
    same = [level for level, found in typical.items() if found == style]
    if same:
        return base + min(same) - 1
    return base + max((level for level, found in typical.items() if found > style), default=min(typical) - 1)


def _prominence(style: Style) -> tuple[float, int]:
    return style.size, style.weight // 100
