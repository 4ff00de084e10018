"""What updates did to a store: each with its decision, who took it and what the gate said; and the measures over time.

store/updates.jsonl    one record a line, written before the pointer is moved, so that a forced one never goes unsaid
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Literal

from evals import RunInvalid, plots
from evals.labels import label, number
from ingest.files import explained, lock, replace, write_bytes

UPDATES = "updates.jsonl"
SHOWN = ("recall@8k chars", "right", "citation_precision", "refusal_recall")
Decision = Literal["published", "forced", "kept", "unchanged", "by_hand"]
DECISIONS: dict[str, str] = {
    "published": "gepubliceerd",
    "forced": "gepubliceerd met --force",
    "kept": "tegengehouden",
    "unchanged": "niets gewijzigd",
    "by_hand": "met de hand gepubliceerd, zonder meting",
}


@dataclass(frozen=True, slots=True)
class Update:
    """One update: `at` in UTC, `sources` as they were named, snapshots `before` and `candidate`, the code that was run.

    `stopped` and `told` are the messages of the gate; `measures` the means of the candidate, `n` among them.
    """

    at: str
    who: str
    sources: tuple[str, ...]
    before: str | None
    candidate: str
    code: str
    decision: Decision
    stopped: tuple[str, ...]
    told: tuple[str, ...]
    measures: dict[str, float]

    @property
    def published(self) -> bool:
        """Whether the candidate was to be the published snapshot."""
        return self.decision != "kept"


def run_folder(store: Path, version: str, code: str) -> Path:
    """Where the run of a snapshot by a code is kept."""
    return store / "evals" / f"{version}-{code}"


def read_updates(store: Path) -> list[Update]:
    """Every update, the oldest first; none when there were none. Raises: RunInvalid."""
    path = store / UPDATES
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    try:
        return [_update(json.loads(line)) for line in lines if line.strip()]
    except (ValueError, TypeError, KeyError) as error:
        raise RunInvalid(
            f"{path} is beschadigd ({error}); herstel de regel of zet het bestand opzij."
        ) from error


def keep_update(store: Path, update: Update) -> None:
    """Add an update, whole or not at all; the caller holds the store. Raises: StoreDamaged."""
    path = store / UPDATES
    with explained(store):
        before = path.read_bytes() if path.is_file() else b""
        aside = path.with_suffix(".tmp")
        write_bytes(aside, before + json.dumps(asdict(update), ensure_ascii=False).encode() + b"\n")
        replace(aside, path)


def keep_by_hand(store: Path, before: str | None, chosen: str, who: str, at: datetime) -> None:
    """Put on record that somebody published a snapshot past the gate, or went back. Raises: StoreBusy, StoreDamaged."""
    with lock(store):
        keep_update(
            store,
            Update(at.isoformat(timespec="seconds"), who, (), before, chosen, "", "by_hand", (), (), {}),
        )


def history_text(updates: Sequence[Update]) -> str:
    """A line for each update, and why one was stopped."""
    if not updates:
        return "Er is nog geen update gedaan; `wijzer corpus update BRON` doet er een."
    lines = []
    for update in updates:
        values = [f"{label(m)} {number(update.measures[m], m)}" for m in SHOWN if m in update.measures]
        lines.append(
            f"{update.at}  {update.candidate}  {DECISIONS[update.decision]} ({update.who})  {', '.join(values)}"
        )
        lines += [f"    {message}" for message in update.stopped]
    return "\n".join(lines)


def history_page(updates: Sequence[Update]) -> str:
    """One page that needs nothing else: the measures plotted over the updates, and the table below them."""
    series = [plots.Line(label(m), [u.measures.get(m) for u in updates]) for m in SHOWN]
    plot = plots.lines("Maten van elke update", [u.candidate[:8] for u in updates], series) if updates else ""
    heads = [
        "nr.",
        "tijd (UTC)",
        "publicatie",
        "beslissing",
        "door",
        "vragen",
        *map(label, SHOWN),
        "waarom niet",
    ]
    rows = "\n".join(_row(place, update) for place, update in enumerate(updates, 1))
    return (
        '<!doctype html>\n<html lang="nl"><head><meta charset="utf-8"><title>Updates – Beleidswijzer</title>\n'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1a2230}"
        "svg{max-width:54rem;width:100%}table{border-collapse:collapse;font-size:.9rem}div{overflow-x:auto}"
        "th,td{border-bottom:1px solid #cfd6df;padding:.3rem .6rem;text-align:left;vertical-align:top}</style></head>\n"
        f"<body><h1>Updates van het corpus</h1>\n{plot}\n<div><table><caption>Alle updates</caption><thead><tr>"
        f"{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr></thead><tbody>\n{rows}\n</tbody></table></div></body></html>\n"
    )


def _row(place: int, update: Update) -> str:
    values = [number(update.measures[m], m) if m in update.measures else "–" for m in SHOWN]
    cells = [
        str(place),
        update.at[:16].replace("T", " "),
        update.candidate,
        DECISIONS[update.decision],
        update.who,
        f"{update.measures.get('n', 0):.0f}",
        *values,
        " ".join(update.stopped),
    ]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _update(fields: dict[str, Any]) -> Update:
    return Update(**fields | {name: tuple(fields[name]) for name in ("sources", "stopped", "told")})
