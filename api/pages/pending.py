"""Questions between the form that sends them and the stream that answers them: a browser opens a stream with GET."""

import secrets
import time
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.bodies import AskBody
from api.problem import RETRY_AFTER, Problem

MOST = 200
SECONDS = 60.0


class Pending:
    """At most `MOST` questions, each kept until its stream opens or `SECONDS` have passed; for one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, AskBody]] = {}

    def put(self, body: AskBody) -> str:
        """Keep a question under a name that cannot be guessed. Raises: Problem (503) when too many wait."""
        now = self._clock()
        self._kept = {name: kept for name, kept in self._kept.items() if kept[0] > now}
        if len(self._kept) >= MOST:
            raise Problem(
                503, "Er wachten te veel vragen; probeer het over enkele seconden opnieuw.", RETRY_AFTER
            )
        name = secrets.token_urlsafe(16)
        self._kept[name] = now + SECONDS, body
        return name

    def take(self, name: str) -> AskBody | None:
        """The question of this name, once."""
        until, body = self._kept.pop(name, (0.0, None))
        return body if until > self._clock() else None


async def _pending(request: Request) -> Pending:
    """That of the application; made for its first question."""
    state = request.app.state
    if not hasattr(state, "pending"):
        state.pending = Pending()
    found: Pending = state.pending
    return found


Waiting = Annotated[Pending, Depends(_pending)]
