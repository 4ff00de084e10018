"""A memo that an earlier system made, beside ours: which decisions both refer to, and which one of them only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answer.memo_records import Memo
from ingest.records import Metadata
from retrieval.corpus import Corpus

_URI = re.compile(r"https?://themis\.vlaanderen\.be/id/[\w-]+/[\w-]+")
_UNLINKED = re.compile(r"^\*\*\[\\\[\d+\\\]\]\*\*\s*:\s*\*\*\((\d{4}-\d\d-\d\d)\)\*\*\s*(.+)$", re.MULTILINE)
_OPENING = 3_000  # characters in which a memo quotes the section that it is about


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in a list of references."""

    date: str
    title: str
    uri: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """The references of a known memo and of ours, by date."""

    commitment: str
    known: str
    both: tuple[Entry, ...]
    ours: tuple[Entry, ...]
    theirs: tuple[Entry, ...]


def beside(corpus: Corpus, memo: Memo) -> Beside | None:
    """The known memo about the same section beside this one; None when there is none."""
    for meta in corpus.documents():
        document = corpus.document(meta.id) if meta.kind == "memo" else None
        if (
            document
            and _plain(memo.path[-1]) in _plain(document.text[:_OPENING])
            and _is_domain(corpus, meta, memo)
        ):
            theirs = dict(_told(corpus, document.text))
            ours = {
                r.uri or f"{r.date} {r.title[:40]}": Entry(r.date or "", r.title, r.uri)
                for r in memo.references
                if r.kind == "beslissing"
            }
            return Beside(
                memo.commitment,
                meta.id,
                _by_date(ours[key] for key in ours.keys() & theirs.keys()),
                _by_date(ours[key] for key in ours.keys() - theirs.keys()),
                _by_date(theirs[key] for key in theirs.keys() - ours.keys()),
            )
    return None


def _told(corpus: Corpus, text: str) -> Iterator[tuple[str, Entry]]:
    """The references of a known memo: by their URI, else by date and the start of the title."""
    titles = {m.uri: m for m in corpus.documents() if m.uri}
    for uri in dict.fromkeys(_URI.findall(text)):
        meta = titles.get(uri)
        yield uri, Entry((meta.date if meta else "") or "", meta.title if meta else uri, uri)
    for date, title in _UNLINKED.findall(text):
        yield f"{date} {title[:40]}", Entry(date, title.strip()[:120], None)


def _is_domain(corpus: Corpus, meta: Metadata, memo: Memo) -> bool:
    """Whether the opening of a known memo quotes this section, and not one of the same name elsewhere."""
    document = corpus.document(meta.id)
    opening = _plain(memo.section_text)[:80]
    return document is not None and opening in _plain(document.text[: _OPENING * 3])


def _by_date(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.date, e.title)))


def _plain(text: str) -> str:
    """Letters and digits only: line ends and hyphens differ between the two readings."""
    return "".join(c for c in text.lower() if c.isalnum())
