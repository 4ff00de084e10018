"""Looking up in the ledger: one article with all that is told about it, and lists of articles by filters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import get_args

from ingest.analysis import stems, tokens
from ingest.budget.records import (
    CREDITS,
    Adjustment,
    Article,
    Breakdown,
    Cell,
    Credit,
    Flow,
    Ledger,
    Phase,
    Transfer,
    Unread,
)

PHASES: tuple[Phase, ...] = get_args(Phase)  # in the order in which they follow each other in a year
_CONTENT = re.compile(r"^[^\S\n]*(?:Korte\s+inhoud|Omschrijving)[^\n]*$", re.IGNORECASE | re.MULTILINE)
_JUSTIFICATION = re.compile(r"^[^\S\n]*Inhoudelijke\s+toelichting[^\n]*$", re.IGNORECASE | re.MULTILINE)
_UNIT = re.compile(r"^[^\S\n]*\(?(?:in\s+)?(?:duizend\s+)?euro\)?[^\S\n]*$", re.IGNORECASE | re.MULTILINE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One credit of an article in one year: the first budget, what was available, what was executed.

    `available` is the last budget phase before execution, so 2e BA-JR where it is printed.
    """

    article: Article
    year: int
    credit: Credit
    budget: Cell | None
    available: Cell | None
    executed: Cell | None

    @property
    def rate(self) -> Decimal | None:
        """Execution in per cent of what was available, one decimal; None when that cannot be computed.

        458,323 executed of 410,974 available -> 111.5
        """
        if self.executed is None or self.available is None or not self.available.value:
            return None
        share = self.executed.value / self.available.value * 100
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def difference(self) -> Decimal | None:
        """Executed less available, in keuro."""
        if self.executed is None or self.available is None:
            return None
        return self.executed.value - self.available.value

    @property
    def formula(self) -> str | None:
        """What `rate` divides: `BU / 2e BA-JR`."""
        if self.executed is None or self.available is None:
            return None
        return f"{self.executed.phase} / {self.available.phase}"


@dataclass(frozen=True, slots=True)
class ArticleView:
    """All that one document tells about one article; every part with its own span.

    `content` and `justification` are spans of the document's text, None where the section has none.
    """

    article: Article
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    breakdowns: tuple[Breakdown, ...]
    adjustments: tuple[Adjustment, ...]
    received: tuple[Transfer, ...]
    given: tuple[Transfer, ...]
    unread: tuple[Unread, ...]
    content: Span | None
    justification: Span | None

    def phases(self, year: int) -> list[Phase]:
        """The phases of one year, in their order."""
        held = {cell.phase for cell in self.cells if cell.year == year}
        return [phase for phase in PHASES if phase in held]


def article_view(ledger: Ledger, article: Article, text: str, year: int | None = None) -> ArticleView:
    """What a ledger holds of one article, of all years or of one; `text` is that of its document."""
    code = article.code
    cells = tuple(c for c in ledger.cells if c.code == code and year in (None, c.year))
    moved = [t for t in ledger.transfers if year in (None, t.year)]
    return ArticleView(
        article=article,
        cells=cells,
        lines=tuple(_lines(article, cells)),
        breakdowns=tuple(b for b in ledger.breakdowns if b.code == code and year in (None, b.year)),
        adjustments=tuple(a for a in ledger.adjustments if a.code == code and year in (None, a.year)),
        received=tuple(t for t in moved if code in t.targets),
        given=tuple(t for t in moved if code in t.sources),
        unread=tuple(u for u in ledger.unread if article.start <= u.start < article.end),
        content=content_span(article, text),
        justification=justification_span(article, text),
    )


def content_span(article: Article, text: str) -> Span | None:
    """Where a section says what its article is for: from its label or heading up to the table."""
    label = _CONTENT.search(text, article.heading_end, article.end)
    start = label.end() if label else article.heading_end
    ends = [m.start() for m in (p.search(text, start, article.end) for p in (_UNIT, _JUSTIFICATION)) if m]
    if article.table and article.table[0] >= start:
        ends.append(article.table[0])
    return _stripped(text, start, min(ends, default=article.end if label else start))


def justification_span(article: Article, text: str) -> Span | None:
    """Where a section explains its figures: from its label, or without one from the end of the table."""
    label = _JUSTIFICATION.search(text, article.heading_end, article.end)
    if label is None and article.table is None:
        return None
    start = label.end() if label else article.table[1] if article.table else article.end
    return _stripped(text, start, article.end)


def listed(
    ledgers: Sequence[Ledger],
    *,
    programme: str | None = None,
    ise: str | None = None,
    flow: Flow | None = None,
    over: Decimal | None = None,
    under: Decimal | None = None,
    year: int | None = None,
) -> tuple[Line, ...]:
    """Every credit of every article that passes all filters, in reading order.

    `programme` is its two letters or its name; `ise` words of a structure element's name. `over` and
    `under` are per cents: executed over, or under, that share of what was available. 458,323 of 410,974
    passes `over=Decimal(110)`. A line without execution passes neither.
    """
    return tuple(
        line
        for ledger in ledgers
        for article in ledger.articles
        if (programme is None or in_programme(article, programme))
        and (ise is None or in_element(article, ise))
        and flow in (None, article.flow)
        for line in _lines(article, [c for c in ledger.cells if c.code == article.code])
        if year in (None, line.year)
        and (over is None or _compared(line, over) > 0)
        and (under is None or _compared(line, under) < 0)
    )


def in_programme(article: Article, spoken: str) -> bool:
    """Whether an article belongs to a programme, named by its letters or by its title."""
    if spoken.strip().upper() == article.programme:
        return True
    return article.programme_title is not None and tokens(spoken) == tokens(article.programme_title)


def in_element(article: Article, spoken: str) -> bool:
    """Whether the name of an article's structure element holds all words that were spoken."""
    words = stems(tokens(spoken))
    return bool(words) and article.ise is not None and set(words) <= set(stems(tokens(article.ise)))


def _compared(line: Line, share: Decimal) -> int:
    """1 when executed is over that share of the available credit, -1 when under, 0 when equal or unknown."""
    if line.executed is None or line.available is None:
        return 0
    left, right = line.executed.value * 100, line.available.value * share
    return (left > right) - (left < right)


def _lines(article: Article, cells: Sequence[Cell]) -> Iterator[Line]:
    for year in sorted({cell.year for cell in cells}):
        for credit in CREDITS:
            own = [c for c in cells if c.year == year and c.credit == credit]
            planned = sorted((c for c in own if c.phase != "BU"), key=lambda c: PHASES.index(c.phase))
            executed = next((c for c in own if c.phase == "BU"), None)
            if own:
                first, last = (planned[0], planned[-1]) if planned else (None, None)
                yield Line(article, year, credit, first, last, executed)


def _stripped(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    if not part.strip():
        return None
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
