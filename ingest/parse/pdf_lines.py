"""Words put together to lines, and the lines of a page in the order in which a person reads them.

Columns are found by their left edges: text of prose stands on both sides of a gutter and nothing crosses it
except what spans the page (headings, tables), which divides the page into bands.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ingest.parse.pdf_page import Page, Style, Word

CELL_GAP = 1.2  # in font sizes: wider than any space between words of prose
_COLUMN_TOLERANCE = 3.0  # points


@dataclass(frozen=True, eq=False)
class Line:
    """Words on one baseline, left to right. `column` is (band, column) on its page, `bullet` says a shape marks it."""

    page: int
    words: tuple[Word, ...]
    column: tuple[int, int] = (0, 0)
    bullet: bool = False

    @cached_property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def style(self) -> Style:
        """The style of most of its characters."""
        styles: Counter[Style] = Counter()
        for word in self.words:
            styles[word.style] += len(word.text)
        return styles.most_common(1)[0][0]

    @cached_property
    def x0(self) -> float:
        """The left edge."""
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        """The right edge."""
        return max(word.x1 for word in self.words)

    @cached_property
    def y0(self) -> float:
        """The upper edge."""
        return min(word.y0 for word in self.words)

    @cached_property
    def y1(self) -> float:
        """The lower edge."""
        return max(word.y1 for word in self.words)

    @property
    def middle(self) -> float:
        """Half-way its height."""
        return (self.y0 + self.y1) / 2

    def cells(self, gap: float = CELL_GAP) -> list[tuple[Word, ...]]:
        """Its words divided where the space is wider than `gap` font sizes."""
        cells: list[list[Word]] = [[self.words[0]]]
        for before, word in zip(self.words, self.words[1:], strict=False):
            if word.x0 - before.x1 > gap * min(before.style.size, word.style.size):
                cells.append([])
            cells[-1].append(word)
        return [tuple(cell) for cell in cells]


def pieces(page: Page) -> list[Line]:
    """The runs of words on one baseline without a wide space, in no particular order."""
    runs: list[list[Word]] = []
    for word in page.words:
        if runs and _follows(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [Line(page.number, tuple(run)) for run in _mended(runs)]


def gutters(found: Sequence[Line], page: Page) -> list[float]:
    """The x of each gutter between columns of prose, left to right; none on a page of one column or of tables."""
    edges = sorted(piece.x0 for piece in found)
    clusters = [
        x
        for x in dict.fromkeys(round(e) for e in edges)
        if sum(abs(e - x) < _COLUMN_TOLERANCE for e in edges) >= 3
    ]
    scored = [(_score(found, page, x - 1.5), x - 1.5) for x in clusters]
    score, edge = max(scored, default=(0.0, 0.0))
    if score <= 0:
        return []
    gutter = _emptiest(found, edge)
    return [gutter, *gutters([piece for piece in found if piece.x0 >= gutter], page)]


def likely_gutters(found: Sequence[Line], page: Page, known: Sequence[float]) -> list[float]:
    """The gutter of other pages that also divides this one, on which too little stands to find it alone."""
    for x in known:
        right = [p for p in found if p.x0 >= x]
        left = [p for p in found if p.x1 <= x]
        fits = (
            left
            and right
            and min(p.x0 for p in right) < x + 36
            and len(left) + len(right) >= 0.9 * len(found)
        )
        if fits and not _ruled(page, x, 0, page.height):
            return [x]
    return []


def in_reading_order(found: Sequence[Line], page: Page, columns: Sequence[float]) -> list[Line]:
    """Whole lines, band by band and column by column."""
    across = [p for p in found if _crosses(p, columns, found)]
    rest = [p for p in found if p not in across]
    lines: list[Line] = []
    for band, (top, bottom) in enumerate(_bands(across, page)):
        inside = [p for p in rest if top <= p.middle < bottom]
        for column, members in enumerate(_columns(inside, columns)):
            lines += _lines(members, page, (2 * band, column))
        lines += _lines([p for p in across if p.middle == bottom], page, (2 * band + 1, 0))
    return lines


def _follows(before: Word, word: Word) -> bool:
    size = max(before.style.size, word.style.size)
    return _same_line(before, word) and -0.3 * size < word.x0 - before.x1 <= CELL_GAP * size


def _same_line(a: Word, b: Word) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5 * min(a.y1 - a.y0, b.y1 - b.y0)


def _mended(runs: list[list[Word]]) -> list[list[Word]]:
    """Runs that pdfium gave apart but that follow each other on one line."""
    runs = sorted(runs, key=lambda run: (run[0].x0, run[0].y0))
    by_row: dict[int, list[list[Word]]] = {}
    kept: list[list[Word]] = []
    for run in runs:
        row = round(run[0].y1 / 4)
        near = [r for at in (row - 1, row, row + 1) for r in by_row.get(at, ()) if _follows(r[-1], run[0])]
        if near:
            near[0].extend(run)
        else:
            kept.append(run)
            by_row.setdefault(row, []).append(run)
    return kept


def _score(found: Sequence[Line], page: Page, x: float) -> float:
    """How many lines of prose stand on the emptier side of a gutter at `x`; 0 when it is none."""
    left, right = [p for p in found if p.x1 <= x], [p for p in found if p.x0 >= x]
    crossing = [p for p in found if p.x0 < x < p.x1]
    if min(len(left), len(right)) < 3 or not (_prose(left) and _prose(right)):
        return 0.0
    beside = sum(any(_overlap(c, r) for r in right) for c in crossing)
    top, bottom = (
        max(min(p.y0 for p in left), min(p.y0 for p in right)),
        min(max(p.y1 for p in left), max(p.y1 for p in right)),
    )
    if beside > 0.1 * len(left) or bottom <= top or _ruled(page, x, top, bottom):
        return 0.0
    return min(len(left), len(right)) - len(crossing) / 100


def _emptiest(found: Sequence[Line], edge: float) -> float:
    """The middle of the widest strip left of a column's edge over which the fewest pieces run."""
    strips: dict[int, list[int]] = {}
    for x in range(int(edge) - 80, int(edge) + 2):
        over = sum(piece.x0 < x < piece.x1 for piece in found)
        strips.setdefault(over, []).append(x)
    fewest = strips[min(strips)]
    runs = [[fewest[0]]]
    for x in fewest[1:]:
        if x != runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(x)
    widest = max(runs, key=len)
    return (widest[0] + widest[-1]) / 2


def _prose(side: Sequence[Line]) -> bool:
    widths = sorted(p.x1 - p.x0 for p in side)
    full = widths[int(0.9 * (len(widths) - 1))]
    return median(len(p.words) for p in side) >= 3 and median(widths) >= 0.55 * full and full > 90


def _ruled(page: Page, x: float, top: float, bottom: float) -> bool:
    """Whether the lines of a table run over a gutter."""
    levels = {round(r[1]) for r in page.rules if r[0] < x - 5 and r[2] > x + 5 and top < r[1] < bottom}
    return len(levels) >= 3


def _overlap(a: Line, b: Line) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) > 0.3 * min(a.y1 - a.y0, b.y1 - b.y0)


def _crosses(piece: Line, columns: Sequence[float], found: Sequence[Line]) -> bool:
    """Whether a piece spans a gutter with nothing beside it."""
    over = [x for x in columns if piece.x0 < x - 1 < piece.x1 - 4]
    return bool(over) and not any(p is not piece and p.x0 >= over[0] and _overlap(p, piece) for p in found)


def _bands(across: Sequence[Line], page: Page) -> list[tuple[float, float]]:
    levels = sorted({p.middle for p in across})
    return list(zip([-1e6, *levels], [*levels, 1e6 + page.height], strict=True))


def _columns(found: Iterable[Line], columns: Sequence[float]) -> list[list[Line]]:
    members: list[list[Line]] = [[] for _ in range(len(columns) + 1)]
    for piece in found:
        members[sum(piece.x0 >= x for x in columns)].append(piece)
    return members


def _lines(found: Sequence[Line], page: Page, column: tuple[int, int]) -> list[Line]:
    """Pieces on one baseline joined, top to bottom."""
    rows: list[list[Line]] = []
    for piece in sorted(found, key=lambda p: p.middle):
        if rows and _same_line(_tallest(rows[-1]), _tallest([piece])):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_line(row, page, column) for row in rows]


def _tallest(row: Sequence[Line]) -> Word:
    return max((word for piece in row for word in piece.words), key=lambda w: w.y1 - w.y0)


def _line(row: Sequence[Line], page: Page, column: tuple[int, int]) -> Line:
    words = tuple(sorted((w for piece in row for w in piece.words), key=lambda w: w.x0))
    first = words[0]
    bullet = any(
        m[2] <= first.x0 + 2 and first.x0 - m[2] < 14 and first.y0 - 2 <= (m[1] + m[3]) / 2 <= first.y1 + 2
        for m in page.marks
    )
    return Line(page.number, words, column, bullet)
