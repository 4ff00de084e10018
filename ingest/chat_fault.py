"""What an exception of a provider's package means: each has its own tree, so only what they share is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Failure = Literal["timeout", "refused", "broken_off", "garbage", "too_large", "unreachable", "error"]

_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds before the one retry


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended; `again` is the seconds to wait before the one retry, None when none helps."""

    failure: Failure | None = None
    detail: str = ""
    again: float | None = None


def judged(fault: Exception, received: int) -> End:
    """What went wrong after `received` characters of text, and whether a second attempt may help."""
    status, chain = status_of(fault), list(_chain(fault))
    names = {name for cause in chain for name in (kind.__name__ for kind in type(cause).__mro__)}
    if "TooMuch" in names:
        return End("too_large", str(next(c for c in chain if type(c).__name__ == "TooMuch")))
    if "TimeoutError" in names or "TimeoutException" in names:
        return End("timeout", "het antwoord viel stil")
    if received:
        return End("broken_off", "de verbinding brak tijdens het antwoord af")
    if status == 429 or (status or 0) >= 500:
        return End("unreachable", f"de server antwoordt {status}", _pause(fault))
    if status is not None:
        return End("error", f"de server weigert de aanvraag ({status})")
    if names & {"APIConnectionError", "TransportError", "OSError"}:
        return End("unreachable", "geen verbinding met de server", _PAUSE)
    if isinstance(fault, ValueError):
        return End("garbage", "het antwoord van de server is niet te lezen")
    return End("error", type(fault).__name__)


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def status_of(fault: Exception) -> int | None:
    """The HTTP status that an exception of a provider's package tells of."""
    found = (getattr(cause, "status_code", None) for cause in _chain(fault))
    return next((status for status in found if isinstance(status, int)), None)


def _pause(fault: Exception) -> float | None:
    """Seconds before the retry: what the server asks for; None when that is longer than a reader waits."""
    headers = getattr(getattr(fault, "response", None), "headers", {})
    asked = str(headers.get("retry-after", _PAUSE))
    seconds = float(asked) if asked.replace(".", "", 1).isdigit() else _LONGEST_PAUSE + 1
    return seconds if seconds <= _LONGEST_PAUSE else None
