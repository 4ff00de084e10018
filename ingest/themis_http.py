"""One polite and bounded conversation with the configured host: a request in, a JSON value out.

Nothing is followed to another host, nothing compressed is unfolded, and a request, an answer and the whole fetch
each have an end. Imported only where something is fetched: it loads the HTTP client.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from ingest import NoSource, SourceInvalid
from ingest.chat_wire import TooMuch, bounded_client

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses of a server that may answer later
_GO_ON = "Wat al opgehaald was, is bewaard; dezelfde opdracht gaat daar verder."

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Courtesy:
    """How a server is treated; everything in seconds but `attempts`.

    `pause` lies between two requests. `timeout` is for a whole request (the SPARQL endpoint stops a query after
    90), `deadline` for a whole fetch. A request that failed in passing is repeated up to `attempts` times in all,
    after a random wait of at most `first_wait`, doubled each time up to `longest_wait`, or after what the server asks.
    """

    pause: float = 0.5
    timeout: float = 100.0
    deadline: float = 3600.0
    attempts: int = 6
    first_wait: float = 2.0
    longest_wait: float = 60.0


class _Passing(Exception):
    """A failure that may be gone later; `wait` is what the server asks, in seconds."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@asynccontextmanager
async def open_wire(url: str, courtesy: Courtesy, sleep: Sleep = asyncio.sleep) -> AsyncIterator["Wire"]:
    """A conversation with `url`, broken off at the deadline.

    Raises: SourceInvalid when the address is not https, or http on this machine; NoSource at the deadline.
    """
    base, host = _checked(url)
    try:
        async with bounded_client() as client, asyncio.timeout(courtesy.deadline):
            yield Wire(base, host, client, courtesy, sleep)
    except TimeoutError as error:
        raise NoSource(f"Ophalen bij {host} was na {courtesy.deadline:.0f} s niet klaar. {_GO_ON}") from error


class Wire:
    """The conversation; made by `open_wire`. `requests` counts what was sent."""

    def __init__(
        self, url: str, host: str, client: httpx2.AsyncClient, courtesy: Courtesy, sleep: Sleep
    ) -> None:
        self.url, self.host, self.requests = url, host, 0
        self._client, self._courtesy, self._sleep = client, courtesy, sleep
        self._wait = wait_random_exponential(courtesy.first_wait, courtesy.longest_wait)
        self._next = 0.0
        self._end = asyncio.get_running_loop().time() + courtesy.deadline

    @property
    def origin(self) -> str:
        """Scheme, host and port of the configured address."""
        scheme, place, *_ = urlsplit(self.url)
        return f"{scheme}://{place}"

    async def json(
        self,
        path: str = "",
        *,
        params: Sequence[tuple[str, str]] = (),
        form: Mapping[str, str] | None = None,
        accept: str,
    ) -> Any:
        """The JSON value at `path` below the configured address; with a `form` it is posted, else it is asked for.

        Raises: NoSource when the server does not give one, however often it is asked.
        """
        request = self._client.build_request(
            "GET" if form is None else "POST",
            self.url + path,
            params=list(params) or None,
            data=form,
            headers={"Accept": accept, "User-Agent": _agent()},
        )
        again = AsyncRetrying(
            retry=retry_if_exception_type(_Passing),
            stop=self._hopeless,
            wait=self._waiting,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return await again(self._once, request, accept)
        except _Passing as error:
            asked = f" (de server vraagt {error.wait:.0f} s te wachten)" if error.wait else ""
            raise NoSource(f"{self.host} {error}{asked}. {_GO_ON}") from error

    async def _once(self, request: httpx2.Request, accept: str) -> Any:
        await self._in_turn()
        try:
            async with asyncio.timeout(self._courtesy.timeout):
                response = await self._client.send(request)
        except TimeoutError as error:
            raise _Passing(f"gaf binnen {self._courtesy.timeout:.0f} s geen volledig antwoord") from error
        except TooMuch as error:
            raise NoSource(f"{self.host} stuurde {error}; er is niets van gelezen. {_GO_ON}") from error
        except httpx2.HTTPError as error:
            raise _Passing(f"is niet te bereiken of brak het antwoord af ({type(error).__name__})") from error
        finally:
            self._next = asyncio.get_running_loop().time() + self._courtesy.pause
        return self._value(response, accept)

    def _value(self, response: httpx2.Response, accept: str) -> Any:
        if response.is_redirect:
            raise NoSource(
                f"{self.host} verwijst door naar {shown_text(response.headers.get('location', ''))}; dat wordt niet "
                f"gevolgd. Kijk na of dat het nieuwe adres is, en stel het dan in."
            )
        if response.status_code in _LATER:
            raise _Passing(
                f"antwoordt met status {response.status_code}",
                _asked_wait(response.headers.get("retry-after")),
            )
        if not response.is_success:
            raise NoSource(
                f"{self.host} antwoordt met status {response.status_code}; kijk het ingestelde adres na. {_GO_ON}"
            )
        if response.headers.get("x-sql-state"):  # Virtuoso: the time for the query ended before the query did
            raise _Passing("gaf maar een deel van het antwoord")
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in {accept, "application/json"}:
            raise NoSource(
                f"{self.host} gaf {shown_text(media)} in plaats van {accept}; "
                f"kijk het ingestelde adres na. {_GO_ON}"
            )
        try:
            return json.loads(response.content)
        except RecursionError as error:
            raise NoSource(f"{self.host} gaf JSON die te diep genest is. {_GO_ON}") from error
        except ValueError as error:
            raise _Passing("gaf geen geldige JSON (afgebroken antwoord?)") from error

    async def _in_turn(self) -> None:
        left = self._next - asyncio.get_running_loop().time()
        if self.requests and left > 0:
            await self._sleep(left)
        self.requests += 1

    def _waiting(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return error.wait if isinstance(error, _Passing) and error.wait is not None else self._wait(state)

    def _hopeless(self, state: RetryCallState) -> bool:
        late = asyncio.get_running_loop().time() + state.upcoming_sleep > self._end
        return late or state.attempt_number >= self._courtesy.attempts


def shown_text(text: str) -> str:
    """What a server sent, safe in a message: at most 120 characters, what cannot be printed as an escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:120]) or "(niets)"


def _checked(url: str) -> tuple[str, str]:
    """The address without a slash at its end, and its host."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise SourceInvalid(f"{shown_text(url)} is geen webadres ({error}).") from error
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise SourceInvalid(
            f"{shown_text(url)} is geen bruikbaar adres; verwacht https://host/pad, zonder gebruiker, vraagteken of #."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise SourceInvalid(
            f"{shown_text(url)} is niet beveiligd; gebruik https:// (http:// mag alleen op deze machine)."
        )
    return url.rstrip("/"), host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked_wait(header: str | None) -> float | None:
    """Seconds that `Retry-After` asks: `"120"` -> 120.0; a date -> what is left until then; anything else -> None."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _agent() -> str:
    try:
        return f"beleidswijzer/{version('beleidswijzer')}"
    except PackageNotFoundError:
        return "beleidswijzer/0"
