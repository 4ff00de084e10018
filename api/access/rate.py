"""How many requests one caller may send: a bucket of tokens that fills at an even pace."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CALLERS = 10_000


class Rate:
    """A bucket for each caller: `per_minute` tokens a minute, and half a minute's worth at most saved up."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        assert per_minute > 0, "a rate of nothing refuses everyone"
        self._pace = per_minute / 60
        self._most = max(1.0, per_minute / 2)
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, caller: str) -> int:
        """Take one token: 0, or after how many whole seconds there is one again and nothing was taken.

        With 60 a minute the 31st request of one moment waits 1 second.
        """
        now = self._clock()
        tokens, at = self._held.pop(caller, (self._most, now))
        tokens = min(self._most, tokens + (now - at) * self._pace)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / self._pace)
        self._held[caller] = (tokens if wait else tokens - 1, now)
        if len(self._held) > MOST_CALLERS:
            self._held.popitem(last=False)  # who was not here for the longest
        return wait
