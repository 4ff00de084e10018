"""One answer as a stream of events, for every door: programs, the chat page, OpenAI's protocol, MCP.

The answer is made in a thread; what comes of it goes through a bounded buffer, so that a reader who is slow holds
the work up and not the memory. When the reader leaves, or the deadline passes, the thread stops at its next
checkpoint and the request to the model is broken off.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import ClassVar

import anyio
from anyio import from_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from answer.ask import Stage
from answer.records import Answer, Citation, Claim
from api.bodies import AskBody
from api.live import NotReady
from api.problem import RETRY_AFTER, Problem
from api.service import Service
from retrieval.corpus import Corpus

DOING: dict[Stage, str] = {
    "search": "Zoekt in de documenten",
    "compose": "Stelt het antwoord op en controleert het",
}
WAITING = "Wacht op een vrije plaats"
_BUFFER = 16  # events that the thread may be ahead of the reader
_PULSE = 10.0  # seconds after which a status is said again: a proxy cuts a connection that is silent
_GRACE = 5.0  # seconds beyond the deadline for a reader to take the last events
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done, in Dutch; said again every ten seconds while nothing else comes."""

    event: ClassVar[str] = "status"
    text: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that was verified, and the citations that it is the first to need; claims come in order."""

    event: ClassVar[str] = "claim"
    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The claims so far do not hold any more; those that do come after this."""

    event: ClassVar[str] = "withdrawn"


@dataclass(frozen=True, slots=True)
class Cited:
    """Every citation of the answer, in order; comes after the last claim."""

    event: ClassVar[str] = "citations"
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, a refusal too; `kept` is its id in the log, None when answers are not kept. The last event."""

    event: ClassVar[str] = "done"
    answer: Answer
    kept: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no answer: an HTTP status and why, in Dutch. The last event; claims before it do not hold."""

    event: ClassVar[str] = "problem"
    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


Event = Status | Claimed | Withdrawn | Cited | Done | Failed


class _Over(Exception):
    """Nobody waits for the answer any more."""


async def events(service: Service, body: AskBody) -> AsyncGenerator[Event]:
    """The events of one answer; the last is `Done` or `Failed`, whatever happens. Close it (`aclosing`) to stop the work."""
    ends = time.monotonic() + service.deadline
    sending, receiving = anyio.create_memory_object_stream[Event](_BUFFER)
    work = _Work(service, body, sending, ends)
    working = asyncio.create_task(work.run())
    try:
        if service.is_busy:
            yield Status(WAITING)
        async for event in _received(receiving, ends):
            yield event
    finally:
        receiving.close()
        work.over.set()
        if not work.begun.is_set():
            working.cancel()  # gives its place in the queue to who comes next


async def answered(service: Service, body: AskBody) -> Done:
    """The answer when it is complete. Raises: Problem."""
    return _done(await _last(service, body))


async def whole(request: Request, service: Service, body: AskBody) -> Done:
    """The answer when it is complete; the work stops when the client leaves before. Raises: Problem."""
    last: Done | Failed = Failed(499, "De vraagsteller is weggegaan.")

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        both.cancel_scope.cancel()

    async with anyio.create_task_group() as both:
        both.start_soon(watch)
        last = await _last(service, body)
        both.cancel_scope.cancel()
    return _done(last)


async def streamed(service: Service, body: AskBody, encode: Callable[[Event], bytes]) -> StreamingResponse:
    """Server-sent events, each event as `encode` writes it (empty for none); stops the work when the client leaves.

    Raises: Problem when there is one before the first event, so that it is told with its own HTTP status.
    """
    coming = events(service, body)
    first = await anext(coming)
    if isinstance(first, Failed):
        await coming.aclose()
        _done(first)

    async def encoded() -> AsyncIterator[bytes]:
        async with aclosing(coming):
            if told := encode(first):
                yield told
            async for event in coming:
                if told := encode(event):
                    yield told

    return _Bounded(encoded(), service.deadline + _GRACE)


class _Bounded(StreamingResponse):
    """A stream of events that ends at its deadline, also when the reader takes nothing of it."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], seconds: float) -> None:
        super().__init__(content, headers={"X-Accel-Buffering": "no"})
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        with anyio.move_on_after(self._seconds):
            await super().__call__(scope, receive, send)


class _Work:
    """One answer being made: `begun` when it has its thread, `over` when nobody waits for it any more."""

    def __init__(
        self, service: Service, body: AskBody, sending: MemoryObjectSendStream[Event], ends: float
    ) -> None:
        self.begun, self.over = threading.Event(), threading.Event()
        self._service, self._body, self._sending, self._ends = service, body, sending, ends
        self._stage: Stage | None = None
        self._shown: list[Claimed] = []

    async def run(self) -> None:
        """Make the answer and send its events; what goes wrong is the last of them."""
        with self._sending:
            try:
                await self._service.compose(self._answer)
            except _Over:
                pass
            except Exception as error:  # whoever reads the events is told, whatever it is
                with suppress(_Over):
                    await self._put(_failed(error))

    def _answer(self, corpus: Corpus) -> None:
        """The work of the thread. Raises: _Over."""
        self.begun.set()
        answer, kept = self._service.answered(
            corpus, self._body, on_claim=self._claimed, checkpoint=self._checkpoint
        )
        if not _holds(self._shown, answer):
            self._tell(Withdrawn())
            self._shown.clear()
        cited = {c.n for shown in self._shown for c in shown.citations}
        for claim in answer.claims[len(self._shown) :]:
            new = tuple(c for c in answer.citations if c.n in claim.citations and c.n not in cited)
            cited.update(c.n for c in new)
            self._tell(Claimed(claim, new))
        self._tell(Cited(answer.citations))
        self._tell(Done(answer, kept))

    def _claimed(self, claim: Claim, citations: tuple[Citation, ...]) -> None:
        self._shown.append(Claimed(claim, citations))
        self._tell(self._shown[-1])

    def _checkpoint(self, stage: Stage) -> None:
        if self.over.is_set() or time.monotonic() >= self._ends:
            raise _Over
        if stage != self._stage:
            self._stage = stage
            self._tell(Status(DOING[stage]))

    def _tell(self, event: Event) -> None:
        from_thread.run(self._put, event)

    async def _put(self, event: Event) -> None:
        """Hand an event to the reader, when there is room. Raises: _Over."""
        try:
            with anyio.fail_after(self._ends - time.monotonic()):
                await self._sending.send(event)
        except (TimeoutError, anyio.BrokenResourceError) as error:
            raise _Over from error


async def _received(receiving: MemoryObjectReceiveStream[Event], ends: float) -> AsyncIterator[Event]:
    """The events as they come, the last status again where they pause, a problem at the deadline."""
    status = Status(WAITING)
    while (left := ends - time.monotonic()) > 0:
        event: Event = status
        with anyio.move_on_after(min(_PULSE, left)):
            try:
                event = await receiving.receive()
            except anyio.EndOfStream:
                return
        status = event if isinstance(event, Status) else status
        if event is not status or ends > time.monotonic():
            yield event
    yield Failed(
        504,
        "Het antwoord kwam niet op tijd; stel een kortere vraag of probeer het later opnieuw.",
        RETRY_AFTER,
    )


async def _last(service: Service, body: AskBody) -> Done | Failed:
    async with aclosing(events(service, body)) as coming:
        async for event in coming:
            if isinstance(event, Done | Failed):
                return event
    raise AssertionError("the last event is an answer or a problem")


def _holds(shown: list[Claimed], answer: Answer) -> bool:
    """Whether what was shown is how the answer begins."""
    claims = [(one.claim.text, one.claim.citations) for one in shown]
    by_number = {c.n: c for c in answer.citations}
    return claims == [(c.text, c.citations) for c in answer.claims[: len(shown)]] and all(
        by_number.get(c.n) == c for one in shown for c in one.citations
    )


def _failed(error: Exception) -> Failed:
    if isinstance(error, Problem):
        return Failed(error.status, error.detail, error.headers)
    if isinstance(error, NotReady):
        return Failed(503, str(error), RETRY_AFTER)
    _log.error("een antwoord mislukte", exc_info=error)
    problem = Problem(500)
    return Failed(problem.status, problem.detail)


def _done(last: Done | Failed) -> Done:
    if isinstance(last, Failed):
        raise Problem(last.status, last.detail, last.headers)
    return last
