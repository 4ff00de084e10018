"""Decisions of the Flemish Government, from where they are published to a folder that `wijzer ingest` takes over.

Each calendar month is read until it holds still, each decision is proven readable by the parser that will read it,
and only a whole listing withdraws what is no longer in it. Documents are data: nothing in them is followed.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest import NoSource, SourceInvalid
from ingest.files import explained, lock
from ingest.parse.decisions import decisions
from ingest.reader import Report
from ingest.records import Rejected
from ingest.themis_records import Decision, Reading, Themis, Window, months
from ingest.themis_state import Item, Journal, held, keep, key_of

if TYPE_CHECKING:
    from ingest.themis_http import Courtesy, Sleep, Wire

_READINGS = 4  # times that a period is read before it is given up
_SHARE, _FEW = 0.2, 10  # more than this share of the period, and more than so few, is not withdrawn unasked
_FIRST = date(2006, 7, 1)  # nothing is published of an earlier meeting
_URI = re.compile(r"https?://themis\.vlaanderen\.be/id/[\w-]{1,60}/[\w-]{1,120}")
_UNORDERED = ("themes", "ministers", "minister_titles", "attachments")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch did to the folder. `path` holds all `decisions`; `requests` were sent in this run alone."""

    path: Path
    decisions: int
    new: int
    changed: int
    withdrawn: tuple[str, ...]
    kept: int
    rejected: tuple[Rejected, ...]
    requests: int
    resumed: bool


def fetch(
    source: Themis,
    since: date,
    folder: Path,
    *,
    now: datetime,
    courtesy: "Courtesy",
    report: Report,
    restart: bool = False,
    accept_withdrawn: bool = False,
    sleep: "Sleep" = asyncio.sleep,
) -> Fetched:
    """Make the folder hold every decision of a meeting on or after `since`; those before it stay as they are.

    What an interrupted fetch has read is not read again. `restart` forgets it. A listing that lacks more than a fifth
    of what the folder holds of the period is taken for a fault of the source, unless `accept_withdrawn`.

    Raises: NoSource when the source does not give what it should; SourceInvalid when the address or the folder
    cannot be used; StoreBusy when another fetch is at work there.
    """
    until = now.date() + timedelta(days=1)
    if since >= until:
        raise SourceInvalid(f"{since} ligt in de toekomst; geef met --since een dag die voorbij is.")
    since = max(since, _FIRST)
    with explained(folder), lock(folder):
        before = held(folder)
        journal = Journal(folder, source, since, until, now, restart=restart)
        resumed = bool(journal.done)
        requests = asyncio.run(_read(source, journal, courtesy, sleep, report))
        listed, rejected = _proven(journal.done.values())
        period = (journal.plan.since, journal.plan.until)
        withdrawn = _withdrawn(before, listed, rejected, period)
        if not accept_withdrawn and _is_suspect(withdrawn, before, period):
            journal.discard()
            raise NoSource(
                f"{source.url} noemt {len(withdrawn)} beslissingen niet meer die hier wel staan. Dat lijkt een storing; "
                f"er is niets gewijzigd. Zijn ze echt ingetrokken, geef dan --accept-withdrawn."
            )
        if not source.attachments:
            listed = {key: _with_attachments(item, before.get(key)) for key, item in listed.items()}
        after = {key: item for key, item in before.items() if key not in withdrawn}
        new = [key for key in listed if key not in before]
        changed = [key for key in listed if key in before and not _same(before[key], listed[key])]
        after |= {key: listed[key] for key in (*new, *changed)}
        if not after:
            raise NoSource(
                f"{source.url} noemt geen beslissingen sinds {since}; kijk de datum en het adres na."
            )
        path = keep(folder, sorted(after.values(), key=lambda i: (i["date"], key_of(i))), source.url)
        journal.discard()
    kept = len(after) - len(new) - len(changed)
    return Fetched(
        path, len(after), len(new), len(changed), withdrawn, kept, tuple(rejected.values()), requests, resumed
    )


async def _read(
    source: Themis, journal: Journal, courtesy: "Courtesy", sleep: "Sleep", report: Report
) -> int:
    """Read every month that the journal lacks; the number of requests."""
    from ingest.themis_http import open_wire

    windows = months(date.fromisoformat(journal.plan.since), date.fromisoformat(journal.plan.until))
    async with open_wire(source.url, courtesy, sleep) as wire:
        for number, window in enumerate(windows, 1):
            if window.start.isoformat() not in journal.done:
                found = await _settled(wire, window, _reader(source, wire, window))
                journal.add(window, [decision.as_json() for decision in found])
            report("maanden", number, len(windows))
        return wire.requests


def _reader(source: Themis, wire: "Wire", window: Window) -> Callable[[], Awaitable[Reading]]:
    from ingest.themis_api import read_api
    from ingest.themis_sparql import read_sparql

    read = read_sparql if source.door == "sparql" else read_api
    return lambda: read(wire, window, attachments=source.attachments)


async def _settled(
    wire: "Wire", window: Window, read: Callable[[], Awaitable[Reading]]
) -> tuple[Decision, ...]:
    """The decisions of a period, once they are as many as the source says, or the same twice in a row.

    A page that changes between two requests shows a decision twice or not at all: then the period is read again.
    """
    seen: Mapping[str, Decision] | None = None
    for _ in range(_READINGS):
        reading = await read()
        found = {d.key: d for d in reversed(reading.decisions)}
        if not all(window.holds(d.meeting_datetime) for d in found.values()):
            raise SourceInvalid(
                f"{wire.host} geeft beslissingen buiten de gevraagde periode; kijk het adres na."
            )
        if reading.total == len(found) == len(reading.decisions) or (seen is not None and found == seen):
            return tuple(found.values())
        seen = found
    raise NoSource(
        f"{wire.host} geeft telkens iets anders voor {window.start:%Y-%m}; probeer het later opnieuw. "
        f"Wat al opgehaald was, is bewaard."
    )


def _proven(read: Iterable[Sequence[Item]]) -> tuple[dict[str, Item], dict[str, Rejected]]:
    """The decisions that the parser can read, each with its stage, and those that it cannot, by key.

    One that stands in two months counts at its first meeting.
    """
    listed: dict[str, Item] = {}
    rejected: dict[str, Rejected] = {}
    for item in (item for items in read for item in items):
        key = key_of(item)
        found = _parsed(key, item)
        if isinstance(found, Rejected):
            rejected[key] = found
        elif key not in listed or found["date"] < listed[key]["date"]:
            listed[key] = found
    return listed, rejected


def _parsed(key: str, item: Item) -> Item | Rejected:
    if item["uri"] is not None and not _URI.fullmatch(item["uri"]):
        return Rejected(
            key[:200], "invalid_item", f"{key[:200]!r} is geen Themis-URI; de beslissing is overgeslagen."
        )
    try:
        line = json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Rejected(key, "invalid_item", f"{key} heeft tekens die geen tekst zijn; overgeslagen.")
    found = next(decisions(key, "themis", line))
    return found if isinstance(found, Rejected) else {**item, "stage": found.meta.stage}


def _withdrawn(
    before: Mapping[str, Item],
    listed: Mapping[str, Item],
    rejected: Mapping[str, Any],
    period: tuple[str, str],
) -> tuple[str, ...]:
    """What the folder holds of the period and the source does not list, not even in a form that cannot be read."""
    return tuple(
        key
        for key, item in before.items()
        if period[0] <= item["date"] < period[1] and key not in listed and key not in rejected
    )


def _is_suspect(withdrawn: Sequence[str], before: Mapping[str, Item], period: tuple[str, str]) -> bool:
    in_period = len([item for item in before.values() if period[0] <= item["date"] < period[1]])
    return len(withdrawn) > max(_FEW, _SHARE * in_period)


def _with_attachments(item: Item, known: Item | None) -> Item:
    """A decision that was fetched without its attachments, with those that are known of before."""
    return {**item, "attachments": known.get("attachments") if known else None}


def _same(one: Item, other: Item) -> bool:
    """Whether two versions say the same, in whatever order the source lists what has no order."""
    return _content(one) == _content(other)


def _content(item: Item) -> Item:
    return {
        name: sorted(value, key=str) if name in _UNORDERED and isinstance(value, list) else value
        for name, value in item.items()
    }
