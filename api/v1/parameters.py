"""What the addresses for programs take, with bounds: pages of a list, and words."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import AfterValidator

from api.bodies import MOST_FILTERS, Name, Year, harmless

MOST_ITEMS = 500
T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Hoeveel er hoogstens in het antwoord staan.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Hoeveel er overgeslagen worden.")]
Words = Annotated[str | None, Query(max_length=200), AfterValidator(lambda text: text and harmless(text))]
ManyNames = Annotated[list[Name], Query(max_length=MOST_FILTERS)]
ManyYears = Annotated[list[Year], Query(max_length=MOST_FILTERS)]


def page(name: str, items: Sequence[Any], limit: int, offset: int) -> dict[str, Any]:
    """One page of a list: `page("documents", [a, b, c], 1, 1)` -> `{"total": 3, "offset": 1, "documents": [b]}`."""
    return {"total": len(items), "offset": offset, name: items[offset : offset + limit]}
