"""Which scope a key must have for which address; an address that is in no row needs `beheer`."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

Scope = Literal["vraag", "begroting", "memo", "beheer"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

UNKNOWN = "(onbekend)"  # what an address in no row is called where routes are counted

# Open to everyone: whether the server lives, the page to sign in on and what it looks like, and the statement
# that must be public. None of them shows what is in the corpus.
OPEN = frozenset({"/health", "/ready", "/aanmelden", "/afmelden", "/static", "/toegankelijkheid"})

ROWS: Mapping[str, Scope] = {
    "/": "vraag",
    "/antwoord": "vraag",
    "/bron": "vraag",
    "/corpus": "vraag",
    "/gesprek": "vraag",
    "/mcp": "vraag",
    "/v1/ask": "vraag",
    "/v1/chat": "vraag",
    "/v1/documents": "vraag",
    "/v1/feedback": "vraag",
    "/v1/models": "vraag",
    "/v1/openapi.json": "vraag",
    "/v1/references": "vraag",
    "/v1/search": "vraag",
    "/begroting": "begroting",
    "/begroting.csv": "begroting",
    "/v1/budget": "begroting",
    "/regeerakkoord": "memo",
    "/v1/commitments": "memo",
    "/v1/memos": "memo",
    "/metrics": "beheer",
    "/v1/evaluations": "beheer",
    "/v1/snapshots": "beheer",
}
# Reading what people said of answers is another matter than saying it.
_READING: Mapping[str, Scope] = {"/v1/feedback": "beheer"}


def row_of(path: str) -> str | None:
    """The row that an address falls under, the longest one first: `"/v1/documents/a/b"` -> `"/v1/documents"`."""
    row = path
    while row not in OPEN and row not in ROWS:
        row = row.rpartition("/")[0]
        if row in ("", "/"):  # the front page is a row for itself alone
            return None
    return row


def scope_of(method: str, path: str) -> Scope | None:
    """The scope that a request needs; None when it is open to everyone."""
    row = row_of(path)
    if row in OPEN:
        return None
    if row is None:
        return "beheer"
    return _READING.get(row, ROWS[row]) if method in ("GET", "HEAD") else ROWS[row]


def template_of(scope: Mapping[str, Any]) -> str:
    """The template of the route that took a request (an ASGI scope), else the row that its address falls under."""
    route: str | None = getattr(scope.get("route"), "path", None)
    return route or row_of(scope["path"]) or UNKNOWN
