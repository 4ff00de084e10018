"""How long a request may take, whatever it does; a body that comes in drop by drop is cut off sooner."""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import RETRY_AFTER, Problem, told

BODY_SECONDS = 20.0
GRACE = 10.0  # an answer ends at its own deadline first, and says so in its own way
_LAST_WORD = 5.0  # seconds for a reader to take the problem
LONG_LIVED = ("GET", "/mcp")  # a connection that waits for messages


class Deadline:
    """Ends a response at its deadline: 504, or cut off when it had begun.

    What runs in a thread cannot be stopped from outside: it goes on to its end, or to its next checkpoint, in the
    place that it holds, so that the bound on concurrent work stays true. To the application it looks as if the
    client left.
    """

    def __init__(self, app: ASGIApp, seconds: float, body_seconds: float = BODY_SECONDS) -> None:
        assert seconds > 0 and body_seconds > 0, "nothing is done in no time"
        self.app = app
        self.seconds, self.body_seconds = seconds, body_seconds
        self._left: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and stop waiting at the deadline."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) == LONG_LIVED:
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self.body_seconds)
        serving: asyncio.Task[None] = asyncio.ensure_future(
            _served(self.app, scope, exchange.receive, exchange.send)
        )
        try:
            await asyncio.wait({serving}, timeout=self.seconds)
        except asyncio.CancelledError:
            serving.cancel()
            raise
        if serving.done():
            serving.result()
            return
        exchange.over.set()
        self._left.add(serving)  # the loop itself would let go of it
        serving.add_done_callback(self._finished)
        if not exchange.started:
            late = Problem(504, "Het verzoek duurde te lang; probeer het later opnieuw.", RETRY_AFTER)
            await asyncio.wait_for(told(Request(scope), late)(scope, receive, send), _LAST_WORD)

    def _finished(self, serving: asyncio.Task[None]) -> None:
        self._left.discard(serving)
        if not serving.cancelled():
            serving.exception()  # nobody waits for it any more


class _Exchange:
    """What the application receives and sends, until it is `over`."""

    def __init__(self, receive: Receive, send: Send, body_seconds: float) -> None:
        self._receive, self._send, self._body_seconds = receive, send, body_seconds
        self._body_ends: float | None = None
        self._has_body = False
        self.started = False
        self.over = asyncio.Event()

    async def receive(self) -> Message:
        """The next message. Raises: HTTPException (408) when the body is slow, from when it was first asked for."""
        if self._has_body:
            return await self._disconnect()
        self._body_ends = self._body_ends or time.monotonic() + self._body_seconds
        try:
            message = await asyncio.wait_for(self._receive(), self._body_ends - time.monotonic())
        except TimeoutError:
            raise HTTPException(408) from None
        self._has_body = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send on. Raises: OSError when it is over, as when the client left."""
        if self.over.is_set():
            raise OSError("the deadline has passed")
        self.started = True
        await self._send(message)

    async def _disconnect(self) -> Message:
        leaving = asyncio.ensure_future(_next(self._receive))
        ending = asyncio.ensure_future(self.over.wait())
        try:
            await asyncio.wait({leaving, ending}, return_when=asyncio.FIRST_COMPLETED)
            return leaving.result() if leaving.done() else {"type": "http.disconnect"}
        finally:
            leaving.cancel()
            ending.cancel()


async def _served(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


async def _next(receive: Receive) -> Message:
    return await receive()
