"""Fifty people at one server for five minutes, with another corpus published halfway: `python -m evals.bench_load`.

Each person asks, searches, streams, opens a source or a page of the budget, and thinks in between. The server is the
one that users start, in a process of its own; what is measured is what they wait for.
"""

import asyncio
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import httpx2
import typer

SEED = 7
THINKING = 5.0  # seconds between an answer and the next request of one person, on average
WARM_UP = 0.2  # of the time; memory is compared from there
# How often each thing is done, of a hundred times.
DOES = {"vraag": 45, "vraag, stromend": 15, "zoeken": 15, "bron openen": 15, "begroting": 10}
_ADDED = "# Nieuw\n\nDit document is toegevoegd door de meting, zodat er twee publicaties zijn.\n"
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what was done, when it was answered (seconds from the start), how long it took, and its status.

    `version` is the snapshot that an answer named; None where none was named. Status 0 is a broken connection.
    """

    what: str
    at: float
    ms: float
    status: int
    version: str | None = None


@dataclass(slots=True)
class Load:
    """What happened: every request, the memory of the server each second (MB), when the corpus was swapped."""

    requests: list[Request] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    swapped: float = 0.0


def main(
    store: Annotated[Path, typer.Option(help="Een gepubliceerd corpus; het wordt niet gewijzigd.")],
    questions: Annotated[Path, typer.Option(help="JSONL met vragen.")] = Path("evals/gold/real.jsonl"),
    people: Annotated[int, typer.Option(min=1)] = 50,
    seconds: Annotated[int, typer.Option(min=10)] = 300,
) -> None:
    """Measure a server over a copy of the store."""
    asked = [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "store"
        shutil.copytree(store, copy, ignore=shutil.ignore_patterns("cache"))
        added = Path(folder) / "nieuw.md"
        added.write_text(_ADDED, encoding="utf-8")
        _wijzer("ingest", added, "--store", copy)
        with _server(copy) as (address, process):
            load = asyncio.run(_five_minutes(address, process.pid, copy, asked, people, seconds))
    sys.stdout.write(report(load, people, seconds) + "\n")


def report(load: Load, people: int, seconds: int) -> str:
    """The table of one run, in Markdown."""
    rows = [_row(what, [r for r in load.requests if r.what == what]) for what in DOES]
    versions = Counter(r.version for r in load.requests if r.version)
    failed = Counter(r.status for r in load.requests if r.status != 200)
    warm = load.memory[int(len(load.memory) * WARM_UP)] if load.memory else 0.0
    last = load.memory[-1] if load.memory else 0.0
    return "\n".join(
        [
            f"## {people} mensen, {seconds} s, gemiddeld {THINKING:.0f} s bedenktijd\n",
            "| | verzoeken | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|",
            *rows,
            _row("alles", load.requests),
            f"\nFouten: {sum(failed.values())} van {len(load.requests)} {dict(failed) or ''}".rstrip() + ".",
            f"Andere publicatie na {load.swapped:.0f} s: antwoorden per publicatie {list(versions.values())}.",
            f"Geheugen van de server: {warm:.0f} MB na het opwarmen, {last:.0f} MB aan het einde "
            f"({100 * (last / warm - 1) if warm else 0:+.1f} %).",
        ]
    )


async def _five_minutes(
    address: str, pid: int, store: Path, questions: Sequence[str], people: int, seconds: int
) -> Load:
    load, started = Load(), time.monotonic()
    limits = httpx2.Limits(max_connections=people + 5)
    async with httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        crowd = [
            _person(client, load, random.Random(SEED + n), questions, started, seconds)  # noqa: S311
            for n in range(people)
        ]
        await asyncio.gather(
            *crowd, _watch(load, pid, started, seconds), _swap(load, store, started, seconds / 2)
        )
    return load


async def _person(
    client: httpx2.AsyncClient,
    load: Load,
    chance: random.Random,
    questions: Sequence[str],
    started: float,
    seconds: int,
) -> None:
    """One person, until the time is over."""
    opened = "/"
    await asyncio.sleep(chance.uniform(0, THINKING))
    while time.monotonic() - started < seconds:
        what = chance.choices(list(DOES), list(DOES.values()))[0]
        question = chance.choice(questions)
        before = time.monotonic()
        try:
            response = await _done(client, what, question, opened)
            status, text = response.status_code, response.text
        except httpx2.HTTPError:
            status, text = 0, ""
        now = time.monotonic()
        version = re.search(r'"corpus_version": ?"(\w+)"', text)
        load.requests.append(
            Request(what, now - started, (now - before) * 1000, status, version and version[1])
        )
        opened = _source(text) or opened
        await asyncio.sleep(chance.expovariate(1 / THINKING))


async def _done(client: httpx2.AsyncClient, what: str, question: str, opened: str) -> httpx2.Response:
    match what:
        case "vraag":
            return await client.post("/v1/ask", json={"question": question})
        case "vraag, stromend":
            return await client.post("/v1/ask", json={"question": question, "stream": True})
        case "zoeken":
            return await client.post("/v1/search", json={"question": question})
        case "bron openen":
            return await client.get(opened)
        case _:
            return await client.get("/begroting")


def _source(text: str) -> str | None:
    """The page of the first source of an answer."""
    found = re.search(r'"document_id": ?"([^"]+)".{0,400}?"start": ?(\d+), ?"end": ?(\d+)', text, re.DOTALL)
    return found and f"/bron/{quote(found[1], safe='')}?start={found[2]}&end={found[3]}"


async def _watch(load: Load, pid: int, started: float, seconds: int) -> None:
    """Note the memory of the server each second."""
    while time.monotonic() - started < seconds:
        load.memory.append(_memory_mb(pid))
        await asyncio.sleep(1)


async def _swap(load: Load, store: Path, started: float, after: float) -> None:
    """Publish the other snapshot in the middle."""
    await asyncio.sleep(after)
    await asyncio.to_thread(_wijzer, "corpus", "rollback", "--store", store)
    load.swapped = time.monotonic() - started


def _memory_mb(pid: int) -> float:
    """Resident memory of a process. Source: proc(5), VmRSS."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / _KIB if found else 0.0


def _row(what: str, requests: Sequence[Request]) -> str:
    times = sorted(r.ms for r in requests)
    if len(times) < 2:
        return f"| {what} | {len(times)} | - | - | - |"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"| {what} | {len(times)} | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} |"


@contextmanager
def _server(store: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a running server, and its process."""
    process = subprocess.Popen(  # noqa: S603
        [*_COMMAND, "serve", "--store", str(store), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    try:
        assert process.stdout is not None
        told = re.search(r"http://\S+:\d+", process.stdout.readline())
        if told is None:
            raise SystemExit("De server startte niet; de fout staat hierboven.")
        yield told.group(), process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wijzer(*arguments: str | Path) -> None:
    subprocess.run([*_COMMAND, *map(str, arguments)], check=True, capture_output=True, env=_environment())  # noqa: S603


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "WIJZER_LOG": "error"}


_COMMAND = (sys.executable, "-c", "from api.cli import main; main()")

if __name__ == "__main__":
    typer.run(main)
