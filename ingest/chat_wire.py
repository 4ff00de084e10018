"""What may come over the wire from a model server: as many bytes as an answer can need, as sent, from there only.

Imported only where a model is opened: it loads the HTTP client.
"""

from collections.abc import AsyncIterator

import httpx2

MOST_BYTES = 8 * 1024 * 1024  # an answer of 2,000 tokens with the wrapping of each takes less than one


class TooMuch(Exception):
    """The server sent more than an answer can need; what came after was not read."""


class _Counted(httpx2.AsyncByteStream):
    """A response body that breaks off at `MOST_BYTES`."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        async for piece in self._body:
            received += len(piece)
            if received > MOST_BYTES:
                raise TooMuch(f"meer dan {MOST_BYTES} bytes")
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


class _Bounded(httpx2.AsyncBaseTransport):
    """The network, less compressed bodies (a few bytes may unfold to any size) and less what exceeds the bound."""

    def __init__(self) -> None:
        self._network = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._network.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise TooMuch("een gecomprimeerd antwoord, dat niet gevraagd was")
        assert isinstance(response.stream, httpx2.AsyncByteStream), "an async transport gives an async body"
        response.stream = _Counted(response.stream)
        return response

    async def aclose(self) -> None:
        await self._network.aclose()


def bounded_client() -> httpx2.AsyncClient:
    """A client that follows no redirect: the question and its passages go to the configured server alone."""
    return httpx2.AsyncClient(
        transport=_Bounded(),
        headers={"Accept-Encoding": "identity"},
        follow_redirects=False,
        timeout=None,
    )
