"""The gate before every route: who may pass, and how often. What is in no table is closed.

Pure ASGI. Only what the connection itself says counts: headers of a proxy are not read.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.callers import Callers, key_in_header
from api.access.facts import current
from api.access.keys import Key, Refused
from api.access.rate import Rate
from api.access.scopes import OPEN, row_of, scope_of
from api.pages.signin import signin
from api.problem import Problem, from_a_person, told

ANYONE = "open"  # the caller where no key is needed
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WHY: dict[Refused | None, str] = {
    None: "Hier is een toegangssleutel nodig; stuur hem als `Authorization: Bearer bw_…`, of meld u aan op /aanmelden.",
    "unknown": "Deze sleutel is niet bekend; kijk na of hij volledig is.",
    "expired": "Deze sleutel is verlopen; vraag een nieuwe aan de beheerder.",
    "revoked": "Deze sleutel is ingetrokken; vraag een nieuwe aan de beheerder.",
}


class Access:
    """Lets a request through with a key of the right scope that sends no more than its share."""

    def __init__(self, app: ASGIApp, callers: Callers, rate: Rate | None) -> None:
        self.app = app
        self.callers = callers
        self.rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or tell the problem: 401, 403, 429, or 503 while the keys cannot be read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            self._admit(request)
        except Problem as problem:
            await _refusal(request, problem)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _admit(self, request: Request) -> None:
        """Raises: Problem."""
        needed = scope_of(request.method, request.url.path)
        changes = request.method not in _SAFE
        if needed is None or self.callers.ring is None:
            if changes:
                _same_origin(request, must_say=False)
            if needed is not None:
                current().key = ANYONE
            if needed is not None or changes:
                self._take_turn(_address(request))
            return
        key = self.callers.key_of(request)
        if not isinstance(key, Key):
            self._take_turn(_address(request))
            raise Problem(401, _WHY[key], {"WWW-Authenticate": 'Bearer realm="Beleidswijzer"'})
        current().key, current().scopes = key.id, key.scopes
        if changes and key_in_header(request) is None:
            _same_origin(request, must_say=True)
        if needed not in key.scopes:
            raise Problem(403, f"Deze sleutel mist het recht ‘{needed}’; vraag de beheerder om een andere.")
        self._take_turn(key.id)

    def _take_turn(self, caller: str) -> None:
        wait = self.rate.seconds_to_wait(caller) if self.rate else 0
        if wait:
            raise Problem(
                429,
                f"Te veel verzoeken; probeer het over {wait} seconden opnieuw.",
                {"Retry-After": str(wait)},
            )


def _same_origin(request: Request, *, must_say: bool) -> None:
    """Refuse what a page elsewhere has a browser send. `must_say`: refuse what does not say where it comes from.

    Raises: Problem (403).
    """
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    elif origin is not None:
        is_ours = _place(origin) == headers.get("host", "").lower()
    else:
        is_ours = not must_say
    if not is_ours:
        raise Problem(403, "Dit verzoek komt van een andere website; begin opnieuw vanaf deze pagina's.")


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _address(request: Request) -> str:
    return f"adres {request.client.host if request.client else '-'}"


def _refusal(request: Request, problem: Problem) -> Response:
    """The problem as it is told; for a person without a key the page to sign in on, at the same address."""
    is_page = problem.status == 401 and request.method in ("GET", "HEAD") and from_a_person(request)
    if not is_page or row_of(request.url.path) in OPEN:
        return told(request, problem)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return HTMLResponse(signin(wanted), 401, headers=problem.headers)
