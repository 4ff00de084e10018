"""What an audit reports: findings with their places, and how amounts are written in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from answer.figures import dutch
from ingest.records import Document

Kind = Literal[
    "total",  # a printed total against the sum of its articles, structure elements or programmes
    "figure",  # an amount in the text against the cell of the table that it names
    "percentage",  # a share or an execution rate against the figures it is of
    "difference",  # more, less, over or under budget, unused, against the cells
    "sum",  # amounts listed as all the parts of an amount
    "part",  # a part that is larger than its whole
    "growth",  # a rise or fall against the two numbers that are named
    "reallocation",  # the two sides of one reallocation, and a table's change against those told
    "sign",  # a fall of a negative amount
]
Severity = Literal["error", "rounding", "remark"]
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands: `text` is `canonical[start:end]`, at most 300 characters; `page` for people."""

    document_id: str
    start: int
    end: int
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a document claims that its own figures contradict; nothing is repaired.

    `error`: the figures cannot both be right. `rounding`: rounding or cutting off explains it. `remark`: the
    words do not fit the figures, but may mean something that the figures do not tell. `message` is Dutch,
    with the arithmetic written out; `expected` is what follows from the figures, `found` what is printed.
    """

    kind: Kind
    severity: Severity
    message: str
    expected: str
    found: str
    places: tuple[Place, ...]

    def as_json(self) -> dict[str, Any]:
        """The finding in the form of the command line contract."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "places": [
                {"document_id": p.document_id, "start": p.start, "end": p.end, "text": p.text}
                for p in self.places
            ],
        }


def places(document: Document, spans: Iterable[tuple[int, int]], at: int | None = None) -> tuple[Place, ...]:
    """The places of some spans, each once, in order; of one that is too long the 300 characters around `at`."""
    return tuple(_place(document, *span, at) for span in dict.fromkeys(spans))


def percent(share: Decimal) -> str:
    """A share as a percentage with two decimals: `percent(Decimal("0.8836"))` -> `"88,36%"`"""
    return f"{dutch((share * 100).quantize(Decimal('0.01'), ROUND_HALF_UP))}%"


def rate(share: Decimal, printed: Decimal) -> Severity | None:
    """How a printed percentage differs from the exact share, None when it is that share rounded.

    Cut off instead of rounded is `rounding`: 35.63 % printed as 35; printed as 37 or 34 it is an error.
    """
    step = Decimal(1).scaleb(int(printed.as_tuple().exponent))
    exact = share * 100
    if abs(exact - printed) <= step / 2:
        return None
    return "rounding" if exact.quantize(step, ROUND_FLOOR) == printed else "error"


def nearest(printed: Decimal, values: Iterable[Decimal]) -> Decimal:
    """The value that lies closest to what is printed."""
    return min(values, key=lambda value: abs(value - printed))


def _page(document: Document, start: int) -> int | None:
    found = None
    for block in document.blocks:
        if block.start > start:
            break
        found = block.page
    return found


def _place(document: Document, start: int, end: int, at: int | None) -> Place:
    if end - start > LONGEST:
        middle = at if at is not None and start <= at < end else start
        start = max(start, min(middle - LONGEST // 2, end - LONGEST))
        end = start + LONGEST
    return Place(document.id, start, end, document.text[start:end], _page(document, start))
