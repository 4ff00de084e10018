"""A list that is shown a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def paged(
    items: Sequence[T], wanted: int, size: int, href: Callable[[int], str]
) -> tuple[Sequence[T], dict[str, Any]]:
    """The items of the page wanted, of the last when there are fewer, and what `paging.html` shows; pages count from 1.

    `paged("abcde", 9, 2, str)` -> `("e", {"page": 3, "pages": 3, "before": "2", "after": None})`
    """
    pages = max(1, -(-len(items) // size))
    page = min(wanted, pages)
    return items[(page - 1) * size : page * size], {
        "page": page,
        "pages": pages,
        "before": href(page - 1) if page > 1 else None,
        "after": href(page + 1) if page < pages else None,
    }
