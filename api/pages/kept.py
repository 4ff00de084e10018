"""What was worth working out once: a few results kept in memory, the one that was asked for longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `most` results by key, safe to share between threads.

    The work itself is done outside the lock: two threads that ask for one thing at once may both do it.
    """

    def __init__(self, most: int) -> None:
        assert most > 0, "what keeps nothing is no memory"
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What is kept under a key, else what `make` gives; an exception of it is passed on and nothing is kept."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
