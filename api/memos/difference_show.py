"""A difference between two memos for reading: as a page and as a Word document.

What was added and what lapsed is said in words and shown by underlining and striking out, never by colour alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from answer.memo_records import Amount, PromiseRow, Reference
from api.memos.difference import Difference, Edition
from api.memos.docx_writing import add_bullet, as_bytes, new_document
from api.memos.render_words import DRAFT, NO_STAGE, STATUSES, dated, described, readable, stage_name
from api.pages.environment import render

Kind = Literal["added", "removed", "changed"]
LABELS: dict[Kind, str] = {"added": "Toegevoegd", "removed": "Vervallen", "changed": "Gewijzigd"}
NOTHING = "Beide versies zeggen hetzelfde."


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `kept` stands in both versions, `old` only in the old one, `new` only in the new one."""

    kind: Kind
    kept: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one sort, under their heading."""

    title: str
    changes: tuple[Change, ...]


def page(diff: Difference) -> bytes:
    """The difference as one HTML file in UTF-8 that needs nothing else."""
    shown = render(
        "commitments_difference.html",
        title=readable(diff.title),
        old=told(diff.old),
        new=told(diff.new),
        groups=list(groups(diff)),
        labels=LABELS,
        nothing=NOTHING,
    )
    return shown.encode()


def docx(diff: Difference) -> bytes:
    """The difference as a DOCX file."""
    title = f"Wijzigingen: {readable(diff.title)}"
    footer = f"corpus {readable(diff.new.corpus_version)[:12]}"
    document = new_document(title, f"{DRAFT} · wijzigingen in een memo", footer, diff.new.made_on)
    document.add_paragraph(title, style="Title")
    document.add_paragraph(f"Van {told(diff.old)} naar {told(diff.new)}.")
    if diff.is_empty:
        document.add_paragraph(NOTHING)
    for group in groups(diff):
        document.add_heading(group.title, 1)
        for change in group.changes:
            line = add_bullet(document)
            line.add_run(f"{LABELS[change.kind]}: ").bold = True
            line.add_run(change.kept)
            if change.old:
                line.add_run(change.old).font.strike = True
            line.add_run(" → " if change.old and change.new else "")
            if change.new:
                line.add_run(change.new).font.underline = True
    return as_bytes(document)


def told(edition: Edition) -> str:
    """`de versie van 21 november 2026 (corpus 9c8b8f702459)`."""
    return f"de versie van {dated(edition.made_on)} (corpus {readable(edition.corpus_version)[:12]})"


def groups(diff: Difference) -> Iterator[Group]:
    """The changes by sort, without the sorts that have none."""
    found = (
        Group("Beslissingen en andere bronnen", tuple(_decisions(diff))),
        Group("Stand van de beloften", tuple(_promises(diff))),
        Group("Bedragen", tuple(_amounts(diff))),
        Group("Zinnen van de memo", tuple(_claims(diff))),
    )
    return (group for group in found if group.changes)


def _decisions(diff: Difference) -> Iterator[Change]:
    yield from (Change("added", new=_source(each)) for each in diff.decisions_added)
    yield from (Change("removed", old=_source(each)) for each in diff.decisions_removed)
    for old, new in diff.stages:
        kept = f"{readable(new.title)} ({dated(new.date)}): "
        yield Change("changed", kept, stage_name(old) or NO_STAGE, stage_name(new) or NO_STAGE)


def _promises(diff: Difference) -> Iterator[Change]:
    yield from (
        Change("changed", f"{readable(new.text)} ", _standing(old), _standing(new))
        for old, new in diff.statuses
    )
    yield from (Change("added", new=_promise(each)) for each in diff.promises_added)
    yield from (Change("removed", old=_promise(each)) for each in diff.promises_removed)


def _amounts(diff: Difference) -> Iterator[Change]:
    yield from (Change("added", new=_amount(each)) for each in diff.amounts_added)
    yield from (Change("removed", old=_amount(each)) for each in diff.amounts_removed)


def _claims(diff: Difference) -> Iterator[Change]:
    yield from (Change("added", new=readable(each.text)) for each in diff.claims_added)
    yield from (Change("removed", old=readable(each.text)) for each in diff.claims_removed)


def _source(reference: Reference) -> str:
    return f"{readable(reference.title)} ({described(reference)})"


def _promise(row: PromiseRow) -> str:
    return f"{readable(row.text)} ({_standing(row)})"


def _standing(row: PromiseRow) -> str:
    """`definitief beslist, 26 juni 2020 tot 26 november 2021`; the dates only where there are any."""
    if row.first is None:
        return STATUSES[row.status]
    dates = dict.fromkeys((dated(row.first), dated(row.last)))
    return f"{STATUSES[row.status]}, {' tot '.join(date for date in dates if date)}"


def _amount(amount: Amount) -> str:
    return readable(f"{amount.text} ({amount.unit}): {amount.what}")
