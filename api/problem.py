"""How a failure is told: application/problem+json (RFC 9457) to programs, a page to people; both in Dutch."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.live import NotReady
from api.pages.message import failure, not_ready

TITLES: Mapping[int, str] = {
    400: "Onleesbaar verzoek",
    401: "Aanmelden nodig",
    403: "Geen toegang",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    408: "Te traag",
    413: "Te groot",
    421: "Onbekend adres",
    422: "Ongeldige invoer",
    429: "Te veel verzoeken",
    500: "Interne fout",
    503: "Even niet beschikbaar",
    504: "Te laat",
}
_DETAILS: Mapping[int, str] = {
    400: "Het verzoek kan niet gelezen worden; stuur geldige JSON in UTF-8.",
    404: "Op dit adres is niets te vinden; controleer het adres.",
    405: "Dit adres aanvaardt deze methode niet; de kop Allow noemt wat wel kan.",
    408: "Het verzoek kwam te traag binnen; stuur het opnieuw.",
    413: "Het verzoek is groter dan 1 MB; stuur een kortere vraag of minder voorgeschiedenis.",
    500: "Er ging hier iets mis; het logboek van de server vermeldt wat. Probeer het opnieuw.",
}
_SAID: Mapping[str, str] = {
    "missing": "ontbreekt",
    "string_too_long": "mag hoogstens {max_length} tekens hebben",
    "too_long": "mag hoogstens {max_length} elementen hebben",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "literal_error": "moet {expected} zijn",
    "string_type": "moet tekst zijn",
    "string_unicode": "moet geldige tekst zijn",
    "list_type": "moet een lijst zijn",
    "int_": "moet een geheel getal zijn",
    "bool_type": "moet true of false zijn",
    "string_pattern_mismatch": "heeft niet de verwachte vorm",
}
RETRY_AFTER = {"Retry-After": "2"}
_PLACES = frozenset({"body", "query", "path"})


class Problem(Exception):
    """A request that gets no answer: a status, what is wrong in Dutch, and headers to send along."""

    def __init__(
        self, status: int, detail: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail or _DETAILS.get(status, "Dit verzoek kan niet beantwoord worden.")
        self.headers = dict(headers or {})


def told(request: Request, problem: Problem, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """The response that tells a problem: a page when a person's browser asked for one."""
    title = TITLES.get(problem.status, "Fout")
    if from_a_person(request):
        page = failure(title, problem.detail)
        return HTMLResponse(page, problem.status, headers=problem.headers)
    said: dict[str, Any] = {"title": title, "status": problem.status, "detail": problem.detail}
    if errors:
        said["errors"] = list(errors)
    return Response(
        json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"),
        problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def tell_problems(app: FastAPI) -> None:
    """Have every refusal of the framework and of the routes told as `told` does."""

    async def ours(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return told(request, problem)

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = _allowed(request) if error.status_code == 405 else error.headers
        return told(request, Problem(error.status_code, headers=headers))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [_mistake(found) for found in error.errors()]
        detail = "; ".join(
            f"{e['field']}: {e['message']}" if e["field"] else e["message"] for e in errors[:5]
        )
        return told(request, Problem(422, f"{detail}."), errors)

    async def no_corpus(request: Request, error: Exception) -> Response:
        if from_a_person(request):
            return HTMLResponse(not_ready(str(error)), 503, headers=RETRY_AFTER)
        return told(request, Problem(503, str(error), RETRY_AFTER))

    app.add_exception_handler(Problem, ours)
    app.add_exception_handler(NotReady, no_corpus)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, invalid)


def from_a_person(request: Request) -> bool:
    """Whether a browser asked for a page, and not a program for data."""
    path = request.url.path
    return not f"{path}/".startswith(("/v1/", "/health/", "/ready/")) and "text/html" in request.headers.get(
        "accept", ""
    )


def _allowed(request: Request) -> Mapping[str, str]:
    """The methods of every route at an address; the framework names those of the first alone."""
    methods = set[str]()
    for context in iter_route_contexts(request.app.routes):
        pattern = getattr(context, "path_regex", None)
        if pattern is not None and pattern.match(request.scope["path"]):
            methods |= context.methods or set()
    return {"Allow": ", ".join(sorted(methods or {"GET"}))}


def _mistake(error: Mapping[str, Any]) -> dict[str, str]:
    """One finding of pydantic: `{"loc": ("body", "k"), "type": "missing"}` -> `{"field": "k", "message": "ontbreekt"}`.

    What was sent is not repeated: it may be long, or hold what JSON cannot.
    """
    place = [str(part) for part in error["loc"] if part not in _PLACES]
    if error["type"] == "json_invalid":
        return {"field": "", "message": f"geen geldige JSON (teken {place[0]})"}
    if not place:
        return {"field": "", "message": "stuur een JSON-object met Content-Type application/json"}
    return {"field": ".".join(place), "message": _in_dutch(error["type"], error.get("ctx", {}), error["msg"])}


def _in_dutch(kind: str, limits: Mapping[str, Any], message: str) -> str:
    """`("string_too_long", {"max_length": 5}, ...)` -> `"mag hoogstens 5 tekens hebben"`."""
    if kind == "blank":
        return message
    return _SAID.get("int_" if kind.startswith("int_") else kind, "heeft niet de verwachte vorm").format_map(
        limits
    )
