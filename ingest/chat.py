"""The configured chat model, behind LangChain's chat model interface: one bounded request, its text as it comes.

Knows nothing of answers: the lowest layer holds it, since questions are expanded at ingest too. What goes wrong
with a request is a value (`Reply.failure`); a model that cannot be opened is `ModelUnusable`.
"""

import asyncio
import importlib
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ingest import ModelUnusable
from ingest.chat_fault import End, Failure, judged, status_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_TEXT = 60_000  # characters read of one reply
_OPENAI = "https://api.openai.com/v1"
_OLLAMA = "http://127.0.0.1:11434/v1"
_GRACE = 2.0  # seconds that a caller waits beyond the deadline for a loop that hangs
_BEAT = 0.25  # seconds between two checkpoints
_CUT = {"length", "max_tokens"}
_WITHHELD = {"content_filter", "refusal", "safety"}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which chat model answers, where it is served, and what one request may take.

    `spec` is `PROVIDER:NAME`: `openai` for any server that speaks OpenAI's protocol at `url`, `ollama` for a
    local Ollama, or another provider that LangChain knows and whose package is installed. `timeout` is the
    seconds for a whole request with its retry, `stall` those between two pieces of the reply. `max_tokens`
    bounds the reply, `context` (characters) what is laid before the model. A `temperature` of None is left out.
    """

    spec: str
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    stall: float = 20.0
    temperature: float | None = 0.0
    max_tokens: int = 2_000
    context: int = 24_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `text` as far as it was read; `failure` is None for a reply that ended as it should."""

    text: str
    failure: Failure | None = None
    detail: str = ""


class ChatModel:
    """A chat model with the connections it holds open; safe to share between threads; close it, or use it in `with`.

    Its connections live on an event loop of their own, so a deadline ends a request wherever it hangs.
    """

    def __init__(
        self,
        settings: ModelSettings,
        chat: "BaseChatModel",
        close: Callable[[], Awaitable[None]],
        schema: bool,
    ) -> None:
        self.settings = settings
        self._chat = chat
        self._close = close
        self._takes_schema = schema
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="wijzer-model", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """The name that answers carry as their mode: `"ollama:llama3.1:8b"`."""
        return self.settings.spec

    def read(
        self,
        system: str,
        user: str,
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], bool | None] | None = None,
        checkpoint: Callable[[], None] | None = None,
    ) -> Reply:
        """The model's reply, each piece handed to `on_text` on the caller's thread; True from it means: enough.

        `schema` is the JSON schema of the reply, sent to servers that take one. A connection that fails, 429
        and 5xx are tried once more, and never after the first piece of text. `checkpoint` is called several times a second while the
        reply is awaited. What either raises breaks the request off and goes through.
        """
        pieces: SimpleQueue[str | End] = SimpleQueue()
        received: list[str] = []
        last_call = time.monotonic() + self.settings.timeout + _GRACE
        request = self._request(system, user, schema, pieces.put)
        reading = asyncio.run_coroutine_threadsafe(request, self._loop)
        try:
            while isinstance(piece := _next(pieces, last_call, checkpoint), str):
                received.append(piece)
                if on_text and on_text(piece):
                    return Reply("".join(received))
            return Reply("".join(received), piece.failure, piece.detail)
        except Empty:
            return Reply("".join(received), "timeout", "het model hing")
        finally:
            reading.cancel()

    def close(self) -> None:
        """Break off what is under way and let go of the connections."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._end_all(), self._loop).result(_GRACE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_GRACE)
        if not self._thread.is_alive():
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _end_all(self) -> None:
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._close()
        await self._loop.shutdown_asyncgens()

    async def _request(
        self, system: str, user: str, schema: dict[str, Any] | None, put: Callable[[str | End], None]
    ) -> None:
        """Two attempts at most within the deadline; a tracer that the environment names sees none of it."""
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                async with asyncio.timeout(self.settings.timeout):
                    end = await self._attempt(system, user, schema, put)
                    if end.again is not None:
                        await asyncio.sleep(end.again)
                        end = await self._attempt(system, user, schema, put)
        except TimeoutError:
            end = End("timeout", f"geen volledig antwoord binnen {self.settings.timeout:g} s")
        put(end)

    async def _attempt(
        self, system: str, user: str, schema: dict[str, Any] | None, put: Callable[[str | End], None]
    ) -> End:
        with_schema = schema is not None and self._takes_schema
        # Past LangChain's own `response_format`, which holds the whole reply back to parse it.
        extra: Any = {"extra_body": {"response_format": _response_format(schema)}} if with_schema else {}
        received, finish = 0, ""
        try:
            async with aclosing(self._chat.astream([("system", system), ("human", user)], **extra)) as chunks:  # type: ignore[type-var]  # it is a generator
                while True:
                    async with asyncio.timeout(self.settings.stall if received else None):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    finish = _finish(chunk.response_metadata) or finish
                    if text := str(chunk.text)[: MOST_TEXT - received]:
                        received += len(text)
                        put(text)
                    if received >= MOST_TEXT:
                        return End("too_large", f"meer dan {MOST_TEXT} tekens")
        except Exception as fault:  # every provider's package has its own error tree
            if with_schema and not received and status_of(fault) in (400, 415, 422):
                self._takes_schema = (
                    False  # older servers know no schema; the prompt asks for the form as well
                )
                return End("error", str(fault), again=0.0)
            return judged(fault, received)
        if finish in _CUT:
            return End("broken_off", f"het model stopte aan zijn grens van {self.settings.max_tokens} tokens")
        return End("refused", "de aanbieder hield het antwoord tegen") if finish in _WITHHELD else End()


def open_model(settings: ModelSettings) -> ChatModel:
    """The chat model that `settings.spec` names; nothing is sent before the first `read`.

    Raises: ModelUnusable.
    """
    provider, _, name = settings.spec.partition(":")
    if not provider or not name:
        raise ModelUnusable(
            f"Het taalmodel {settings.spec!r} is niet te begrijpen; verwacht wordt AANBIEDER:NAAM, "
            f"bijvoorbeeld WIJZER_MODEL=ollama:llama3.1 of WIJZER_MODEL=openai:gpt-4o-mini."
        )
    if settings.url is not None and not settings.url.startswith(("http://", "https://")):
        raise ModelUnusable(
            f"WIJZER_MODEL_URL is {settings.url!r}; verwacht wordt een adres dat met http:// of https:// begint."
        )
    if provider in ("openai", "ollama"):
        return _openai_protocol(settings, provider, name)
    return _other_provider(settings, provider, name)


def _openai_protocol(settings: ModelSettings, provider: str, name: str) -> ChatModel:
    from langchain_openai import ChatOpenAI
    from langchain_openai.chat_models.base import BaseChatOpenAI

    from ingest.chat_wire import bounded_client

    # OpenAI itself wants `max_completion_tokens`; servers that follow its protocol know `max_tokens`.
    chat_class = ChatOpenAI if provider == "openai" and settings.url is None else BaseChatOpenAI
    url = settings.url or (_OLLAMA if provider == "ollama" else _OPENAI)
    client = bounded_client()
    chat = chat_class(
        model=name,
        base_url=_with_path(url) if provider == "ollama" else url,
        api_key=settings.key or "geen",  # type: ignore[arg-type]  # None would be read from the environment
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,  # type: ignore[call-arg]
        max_retries=0,
        timeout=None,
        stream_chunk_timeout=None,
        stream_usage=False,
        use_responses_api=False,
        http_async_client=client,
    )
    return ChatModel(settings, chat, client.aclose, schema=True)


def _other_provider(settings: ModelSettings, provider: str, name: str) -> ChatModel:
    options = {"temperature": settings.temperature, "api_key": settings.key, "base_url": settings.url}
    given = {option: value for option, value in options.items() if value is not None}
    try:
        init_chat_model = importlib.import_module("langchain.chat_models").init_chat_model
        chat = init_chat_model(
            name, model_provider=provider, max_tokens=settings.max_tokens, max_retries=0, **given
        )
    except (ImportError, ValueError, TypeError) as fault:
        raise ModelUnusable(
            f"De aanbieder {provider!r} is niet te openen ({fault}). Installeer `langchain` en het pakket van die "
            f"aanbieder, of gebruik openai:NAAM met WIJZER_MODEL_URL voor een server met het protocol van OpenAI."
        ) from fault
    return ChatModel(settings, chat, _nothing, schema=False)


def _next(
    pieces: "SimpleQueue[str | End]", last_call: float, checkpoint: Callable[[], None] | None
) -> str | End:
    """The next piece of a reply. Raises: Empty at `last_call`; what `checkpoint` raises."""
    while checkpoint:
        checkpoint()
        if last_call - time.monotonic() <= _BEAT:
            break
        with suppress(Empty):
            return pieces.get(timeout=_BEAT)
    return pieces.get(timeout=max(0.0, last_call - time.monotonic()))


async def _nothing() -> None:
    """These packages keep their own connections."""


def _with_path(url: str) -> str:
    """Ollama's address as people write it, with the path of its OpenAI protocol."""
    return url if url.rstrip("/").endswith("/v1") else url.rstrip("/") + "/v1"


def _response_format(schema: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "antwoord", "strict": True, "schema": schema}}


def _finish(metadata: dict[str, Any]) -> str:
    """Why the model stopped, in whichever word its provider has for that."""
    reasons = (metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason"))
    return next((str(reason).lower() for reason in reasons if reason), "")
