"""What stands before every route: failures told, known host names only, small bodies, security headers.

Pure ASGI; each class validates in `__init__` and acts in `__call__`.
"""

import logging
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.scopes import template_of
from api.problem import Problem, told

LARGEST_BODY = 1_000_000
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
_log = logging.getLogger(__name__)


class SecurityHeaders:
    """Sets the security headers on every response; nothing is kept in caches, static files are asked for again."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self.headers = SECURITY_HEADERS | (HTTPS_ONLY if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response on with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caching = "no-cache" if scope["path"].startswith("/static/") else "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers["Cache-Control"] = caching
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Failures:
    """Logs what goes wrong inside and tells it as a problem, without its details."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what is raised before the response started becomes a 500."""
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            _log.exception("verzoek mislukt op %s", template_of(scope))
            await told(Request(scope), Problem(500))(scope, receive, send)


class KnownHosts:
    """Answers only to the host names it was given: a page elsewhere cannot pass for this one (DNS rebinding)."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        assert names, "without a host name nobody can reach the server"
        self.app = app
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on when the host is known, else 421."""
        if scope["type"] == "http" and self._name(scope) not in self.names:
            problem = Problem(421, f"Deze server antwoordt alleen op {', '.join(sorted(self.names))}.")
            await told(Request(scope), problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _name(scope: Scope) -> str:
        """`"[::1]:8000"` -> `"[::1]"`."""
        host = Headers(scope=scope).get("host", "").lower()
        name, colon, port = host.rpartition(":")
        return name if colon and port.isdigit() else host


class BodyLimit:
    """Refuses a body of more than `most` bytes, by its announced length or while it comes in."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        assert most > 0, "a limit of no bytes refuses every question"
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with a body that is cut off by a 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > self.most:
            await told(Request(scope), Problem(413))(scope, receive, send)
            return
        taken = 0

        async def limited_receive() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, limited_receive, send)
