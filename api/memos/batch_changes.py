"""What changed between two versions of a memo, in the lines that a run prints."""

from collections.abc import Iterator

from answer.memo_records import Memo, PromiseRow, Reference
from api.memos.difference import Difference
from api.memos.render_words import STAGES, STATUSES, readable
from api.pages.environment import dutch_date

_LONGEST = 90


def said(old: Memo, new: Memo, found: Difference) -> tuple[str, ...]:
    """The changes, decisions first; one line that says so when what the memo says stayed the same."""
    lines = (
        *(f"nieuwe beslissing: {_named(one)}" for one in found.decisions_added),
        *(f"niet meer genoemd: {_named(one)}" for one in found.decisions_removed),
        *(
            f"gewijzigde beslissing: {_named(now)}"
            for before, now in _both(old, new)
            if _facts(before) != _facts(now)
        ),
        *(
            f"anders geciteerd: {_named(now)}"
            for before, now in _both(old, new)
            if _quotes(old, before) != _quotes(new, now)
        ),
        *(f"fase: {_named(now)}: {_stage(before)} -> {_stage(now)}" for before, now in found.stages),
        *(
            f"status: “{_short(now.text)}”: {_standing(before)} -> {_standing(now)}"
            for before, now in found.statuses
        ),
        *(f"nieuwe belofte: “{_short(one.text)}”" for one in found.promises_added),
        *(f"belofte vervallen: “{_short(one.text)}”" for one in found.promises_removed),
        *(f"nieuw bedrag: {one.text} ({_short(one.what)})" for one in found.amounts_added),
        *(f"bedrag vervallen: {one.text} ({_short(one.what)})" for one in found.amounts_removed),
    )
    if lines:
        return lines
    if found.claims_added or found.claims_removed:
        return ("de zinnen van de memo wijzigden, niet de beslissingen, statussen of bedragen",)
    return ("de bronnen wijzigden, maar niet wat de memo ervan zegt",)


def _both(old: Memo, new: Memo) -> Iterator[tuple[Reference, Reference]]:
    """The documents that both versions name, as each names them."""
    before = {one.document_id: one for one in old.references}
    for one in new.references:
        if one.document_id in before:
            yield before[one.document_id], one


def _facts(one: Reference) -> tuple[str | None, ...]:
    return one.title, one.official_title, one.date, one.uri


def _quotes(memo: Memo, one: Reference) -> set[str]:
    return {citation.text for citation in memo.citations if citation.document_id == one.document_id}


def _named(one: Reference) -> str:
    date = dutch_date(one.date)
    return f"{_short(one.title)} ({date})" if date else _short(one.title)


def _stage(one: Reference) -> str:
    return STAGES[one.stage] if one.stage else "zonder fase"


def _standing(row: PromiseRow) -> str:
    """`"definitief beslist (3 mei 2021 – 4 juni 2022)"`."""
    dates = [dutch_date(date) for date in dict.fromkeys((row.first, row.last)) if date]
    return STATUSES[row.status] + (f" ({' – '.join(dates)})" if dates else "")


def _short(text: str) -> str:
    plain = readable(text)
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0] + " …"
