"""Who sends a request: the key in its header, or the one that its session was opened with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import Request

from api.access.keys import Key, KeyRing, Refused
from api.access.sessions import SESSION_SECONDS, Sessions
from api.problem import Problem
from ingest import StoreDamaged


@dataclass(frozen=True, slots=True)
class Callers:
    """How callers are known; `ring` is None where no key is needed. `https`: cookies go over https alone."""

    ring: KeyRing | None
    sessions: Sessions
    https: bool

    @property
    def cookie(self) -> str:
        """The name of the session cookie; a browser takes `__Host-` over https only, and for this host only."""
        return "__Host-wijzer" if self.https else "wijzer"

    def key_of(self, request: Request) -> Key | Refused | None:
        """The key behind a request, why it opens nothing, or None when there is none. Raises: Problem (503)."""
        if given := key_in_header(request):
            return self.key_given(given)
        session = self.sessions.find(request.cookies.get(self.cookie, ""))
        if session is None:
            return None
        with _readable():
            return self._ring.key_by_hash(session.key_id, session.key_sha256)

    def key_given(self, given: str) -> Key | Refused:
        """The key that was given, or why it opens nothing. Raises: Problem (503)."""
        with _readable():
            return self._ring.key_of(given)

    @property
    def _ring(self) -> KeyRing:
        assert self.ring is not None, "where no key is needed nobody asks for it"
        return self.ring

    def set_cookie(self, name: str) -> str:
        """The `Set-Cookie` of a session; an empty name takes it away."""
        age = SESSION_SECONDS if name else 0
        secure = "; Secure" if self.https else ""
        return f"{self.cookie}={name}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except StoreDamaged as error:
        raise Problem(
            503,
            "De toegangssleutels kunnen niet gelezen worden; het logboek van de server vermeldt waarom.",
            {"Retry-After": "60"},
        ) from error


def key_in_header(request: Request) -> str | None:
    """What a program sends as its key: `Authorization: Bearer`, else `x-api-key`; None when neither says anything."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return given.strip()
    return request.headers.get("x-api-key") or None
