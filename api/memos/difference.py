"""What changed between two versions of one memo."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from answer.memo_records import Amount, Memo, PromiseRow, Reference
from answer.records import Claim

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a memo: its snapshot, how it was composed (`mode`), and its date."""

    corpus_version: str
    mode: str
    made_on: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What the new version has that the old had not, and the reverse, each in the order of its memo.

    A decision (or another source) is the same when its id is, a promise and a claim when their words are, an amount
    when its text, unit and purpose are. `stages` and `statuses` hold pairs, the old first: a decision in another
    stage; a promise with another status, or other dates.
    """

    title: str
    commitment: str
    old: Edition
    new: Edition
    decisions_added: tuple[Reference, ...]
    decisions_removed: tuple[Reference, ...]
    stages: tuple[tuple[Reference, Reference], ...]
    statuses: tuple[tuple[PromiseRow, PromiseRow], ...]
    promises_added: tuple[PromiseRow, ...]
    promises_removed: tuple[PromiseRow, ...]
    amounts_added: tuple[Amount, ...]
    amounts_removed: tuple[Amount, ...]
    claims_added: tuple[Claim, ...]
    claims_removed: tuple[Claim, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both versions say the same."""
        return not any(value for f in fields(self) if isinstance(value := getattr(self, f.name), tuple))


def difference(old: Memo, new: Memo) -> Difference:
    """What changed from `old` to `new`, two versions of the memo of one commitment."""
    decisions_added, decisions_removed, sources = _compared(old.references, new.references, _document)
    promises_added, promises_removed, promises = _compared(old.promises, new.promises, _words_of_promise)
    amounts_added, amounts_removed, _ = _compared(old.amounts, new.amounts, _money)
    claims_added, claims_removed, _ = _compared(old.claims(), new.claims(), _words)
    return Difference(
        new.title,
        new.commitment,
        _edition(old),
        _edition(new),
        decisions_added,
        decisions_removed,
        tuple((a, b) for a, b in sources if a.stage != b.stage),
        tuple((a, b) for a, b in promises if _standing(a) != _standing(b)),
        promises_added,
        promises_removed,
        amounts_added,
        amounts_removed,
        claims_added,
        claims_removed,
    )


def _compared(
    old: Sequence[T], new: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[tuple[T, ...], tuple[T, ...], tuple[tuple[T, T], ...]]:
    """What was added, what was removed, and what is in both as pairs."""
    before, after = {key(each): each for each in old}, {key(each): each for each in new}
    return (
        tuple(each for name, each in after.items() if name not in before),
        tuple(each for name, each in before.items() if name not in after),
        tuple((before[name], each) for name, each in after.items() if name in before),
    )


def _edition(memo: Memo) -> Edition:
    return Edition(memo.corpus_version, memo.mode, memo.made_on)


def _document(reference: Reference) -> Hashable:
    return reference.document_id


def _words_of_promise(row: PromiseRow) -> Hashable:
    return row.text


def _standing(row: PromiseRow) -> Hashable:
    return row.status, row.first, row.last


def _money(amount: Amount) -> Hashable:
    return amount.text, amount.unit, amount.what


def _words(claim: Claim) -> Hashable:
    return claim.text
