"""The commitments of a coalition agreement: its numbered sections, each with the single promises in it.

Only the numbering of the headings is trusted. A heading without number inside a numbered section belongs to that
section's text; what stands outside every numbered section (summary, contents, covers) is no commitment.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.promises import promises
from ingest.reading import cleaned
from ingest.records import Block, Commitment, Document

KIND = "regeerakkoord"
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?:[–—-]\s+)?(?=\S)")


@dataclass(slots=True)
class _Section:
    """A numbered heading of this level, and the blocks under it up to the next numbered heading."""

    number: str
    level: int
    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)


def commitments(document: Document) -> tuple[Commitment, ...]:
    """The sections of a coalition agreement that have text of their own, in order; none of any other document."""
    if document.meta.kind != KIND:
        return ()
    found = [_commitment(document, section) for section in _sections(document) if _has_text(section)]
    return tuple(_told_apart(found))


def _sections(document: Document) -> list[_Section]:
    sections: list[_Section] = []
    opened: _Section | None = None
    for block in document.blocks:
        title = cleaned(document.text[block.start : block.end]) if block.kind == "heading" else ""
        number = _NUMBER.match(title)
        if number:
            opened = _Section(number.group(1), block.level, _from_domain((*block.section, title)))
            sections.append(opened)
        elif opened and block.kind == "heading" and block.level <= opened.level:
            opened = None
        elif opened:
            opened.blocks.append(block)
    return sections


def _from_domain(path: tuple[str, ...]) -> tuple[str, ...]:
    """The path from the heading of the domain on: the outermost number of one part, else the heading above the numbers.

    `("Deel II", "1 Onderwijs", "1.1 Visie")` -> `("1 Onderwijs", "1.1 Visie")`
    """
    first = next(i for i, title in enumerate(path) if _NUMBER.match(title))
    return path[max(0, first - 1) :] if "." in _number(path[first]) else path[first:]


def _number(title: str) -> str:
    found = _NUMBER.match(title)
    return found.group(1) if found else ""


def _has_text(section: _Section) -> bool:
    return any(block.kind != "heading" for block in section.blocks)


def _commitment(document: Document, section: _Section) -> Commitment:
    last = max(i for i, block in enumerate(section.blocks) if block.kind != "heading")
    blocks = section.blocks[: last + 1]
    domain = _NUMBER.sub("", section.path[0], count=1)
    return Commitment(
        id=f"{_slug(domain)}-{section.number}",
        document_id=document.id,
        domain=domain,
        path=section.path,
        start=blocks[0].start,
        end=blocks[-1].end,
        promises=promises(document.text, blocks),
    )


def _slug(domain: str) -> str:
    """`"Cultuur, jeugd én sport"` -> `"cultuur-jeugd-en-sport"`."""
    plain = unicodedata.normalize("NFKD", domain).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "sectie"


def _told_apart(found: Sequence[Commitment]) -> Iterator[Commitment]:
    """The second section with one id gets `-2` behind it, the third `-3`."""
    seen: Counter[str] = Counter()
    for one in found:
        seen[one.id] += 1
        yield replace(one, id=f"{one.id}-{seen[one.id]}") if seen[one.id] > 1 else one
