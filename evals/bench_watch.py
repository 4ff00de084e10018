"""The time and the memory of the parts of one piece of work that follow each other."""

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the building: wall and processor seconds, children included, and the largest memory so far in MB.

    `estimated` when it was measured on a sample only.
    """

    name: str
    seconds: float
    processor: float
    memory_mb: float
    estimated: bool = False


class Watch:
    """Times parts that follow each other."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.parts: list[Part] = []
        self._say = say
        self._wall, self._processor = perf_counter(), _processor()

    def done(self, name: str, times: float = 1.0) -> None:
        """End a part and begin the next; `times` how much of it was a sample."""
        wall, processor = perf_counter(), _processor()
        seconds, worked = (wall - self._wall) * times, (processor - self._processor) * times
        part = Part(name, round(seconds, 1), round(worked, 1), memory_mb(resource.RUSAGE_SELF), times != 1.0)
        self.parts.append(part)
        self._say(f"{name}: {part.seconds} s, {part.memory_mb:.0f} MB")
        self._wall, self._processor = perf_counter(), _processor()


def memory_mb(who: int) -> float:
    """The largest memory so far in MB, of `resource.RUSAGE_SELF` or of the largest of `RUSAGE_CHILDREN`."""
    return round(resource.getrusage(who).ru_maxrss / 1024, 0)


def _processor() -> float:
    return sum(os.times()[:4])
