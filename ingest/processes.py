"""Pools of processes that end when whoever started them ends, and not before."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def deaf() -> Iterator[None]:
    """Processes that are started in the block do not hear Ctrl-C: whoever started them ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ended(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Ends the processes of a pool when the block is left before its work is done."""
    try:
        yield
    except BaseException:
        kill(pool)
        raise


def kill(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool, whatever they are doing."""
    for process in list(pool._processes.values()):  # the pool has no public way to end a running task
        process.kill()
