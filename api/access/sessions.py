"""Sessions of people who signed in with a key: the browser holds a random name, the server its hash."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from api.access.keys import Key

SESSION_SECONDS = 12 * 3_600
MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """The key that a session was opened with; `ends` in seconds of the clock."""

    key_id: str
    key_sha256: str
    ends: float


class Sessions:
    """The sessions of this process; the oldest makes place when there are too many, a restart ends them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, Session] = OrderedDict()

    def open(self, key: Key) -> str:
        """Open a session; gives the name that the browser is to keep."""
        name = secrets.token_urlsafe(32)
        self._held[_hashed(name)] = Session(key.id, key.sha256, self._clock() + SESSION_SECONDS)
        while len(self._held) > MOST_SESSIONS:
            self._held.popitem(last=False)
        return name

    def find(self, name: str) -> Session | None:
        """The session of this name, None when there is none or it has ended."""
        session = self._held.get(_hashed(name))
        if session is None or self._clock() < session.ends:
            return session
        self.close(name)
        return None

    def close(self, name: str) -> None:
        """End a session; one that is not there is none."""
        self._held.pop(_hashed(name), None)


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
