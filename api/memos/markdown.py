"""A memo as Markdown, in the form that its readers know.

Text of documents is escaped, so that nothing in it becomes a link, HTML, a table or a heading.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from answer.memo_records import Amount, Memo, PromiseRow, Reference
from answer.records import Claim
from api.memos.render_words import (
    DRAFT,
    DRAFT_NOTICE,
    MAYBE,
    STATUSES,
    Mark,
    address,
    dated,
    marks_of,
    named,
    not_found,
    origin,
    paragraphs,
    readable,
    shown,
    stage_name,
)
from api.pages.environment import kind_label

_STRUCTURE = re.compile(r"[\\`*_{}\[\]~^$@]")
_ADDRESS = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)", re.IGNORECASE)  # what would link itself
_OPENING = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))|^(?=[#+\-=:])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"})
_EMPTY = "–"


def as_markdown(memo: Memo) -> bytes:
    """The memo as GitHub's Markdown in UTF-8."""
    marks = marks_of(memo)
    parts = [
        f"# {escaped(memo.title)}",
        f"**{DRAFT}** · {' › '.join(escaped(heading) for heading in memo.path)}",
        f"*{DRAFT_NOTICE}*",
        *([f"*{escaped(memo.notice)}*"] if memo.notice else []),
        *_folded("Tekst van het regeerakkoord", (escaped(p) for p in paragraphs(memo.section_text))),
        "## Samenvatting",
        *(_claim(claim, marks) for claim in memo.summary),
        *_themes(memo, marks),
        *_promises(memo),
        *_amounts(memo, marks),
        *_not_found(memo),
        *_folded(f"Referenties ({len(memo.references)})", (_reference(r) for r in memo.references)),
        "---",
        " · ".join(f"{label}: {escaped(value)}" for label, value in origin(memo)),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is.

    `escaped("[x](http://a.be) | <b>")` -> `"\\[x\\](http\\://a.be) &#124; &lt;b&gt;"`
    """
    said = _STRUCTURE.sub(r"\\\g<0>", readable(text)).translate(_ENTITIES)
    return _OPENING.sub(r"\1\\", _ADDRESS.sub(r"\\", said))


def _folded(summary: str, lines: Iterator[str]) -> Iterator[str]:
    """A block that opens on demand; Markdown inside it counts only after an empty line."""
    yield f"<details>\n<summary>{summary}</summary>"
    yield from lines
    yield "</details>"


def _claim(claim: Claim, marks: Mapping[int, Mark]) -> str:
    carried = "".join(_mark(mark.reference) for mark in shown(marks, claim.citations))
    return f"{escaped(claim.text)} {carried}".rstrip()


def _mark(reference: Reference) -> str:
    """`[n]` as a link to the source itself, or to the list for a source without address."""
    return f"[\\[{reference.n}\\]]({_address(reference) or f'#referentie-{reference.n}'})"


def _address(reference: Reference) -> str | None:
    """The URI as Markdown holds it, which reads character references in addresses too."""
    uri = address(reference)
    return uri.replace("&", "&amp;") if uri else None


def _themes(memo: Memo, marks: Mapping[int, Mark]) -> Iterator[str]:
    if memo.themes:
        yield "## Beslissingen per thema"
    for number, theme in enumerate(memo.themes, 1):
        yield f"### {number}. {escaped(theme.title)}"
        yield "\n".join(f"- {_claim(claim, marks)}" for claim in theme.claims)


def _promises(memo: Memo) -> Iterator[str]:
    yield "## Beloften en hun stand"
    if memo.promises:
        head = ("Nr.", "Belofte", "Status", "Eerste beslissing", "Laatste beslissing", "Referenties")
        yield _table(head, [_promise(n, row, memo) for n, row in enumerate(memo.promises, 1)])
    else:
        yield "In de tekst van deze sectie werd geen belofte herkend."


def _promise(number: int, row: PromiseRow, memo: Memo) -> tuple[str, ...]:
    return (
        str(number),
        escaped(row.text),
        STATUSES[row.status],
        escaped(dated(row.first)) or _EMPTY,
        escaped(dated(row.last)) or _EMPTY,
        "".join(_mark(reference) for reference in named(memo, row.references)) or _EMPTY,
    )


def _amounts(memo: Memo, marks: Mapping[int, Mark]) -> Iterator[str]:
    yield "## Bedragen"
    if memo.amounts:
        head = ("Bedrag", "Eenheid", "Waarvoor", "Bron")
        yield _table(head, [_amount(amount, marks) for amount in memo.amounts])
    else:
        yield "De aangehaalde bronnen noemen geen bedrag."


def _amount(amount: Amount, marks: Mapping[int, Mark]) -> tuple[str, ...]:
    source = _mark(marks[amount.citation].reference)
    return escaped(amount.text), escaped(amount.unit), escaped(amount.what), source


def _not_found(memo: Memo) -> Iterator[str]:
    shared, promises = not_found(memo)
    if promises:
        yield "## Niet gevonden"
    if shared:
        yield escaped(shared)
    if promises:
        yield "\n".join(_missing(*promise) for promise in promises)


def _missing(text: str, rest: str, possible: Sequence[Reference]) -> str:
    maybe = f"{MAYBE} {''.join(_mark(reference) for reference in possible)}" if possible else ""
    return " ".join(part for part in (f"- **{escaped(text)}**", escaped(rest), maybe) if part)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _reference(reference: Reference) -> str:
    """One entry: number as a link, date, title, official title, stage, URI as a link."""
    uri = _address(reference)
    known = [
        f'<a id="referentie-{reference.n}"></a>**[\\[{reference.n}\\]]({uri or f"#referentie-{reference.n}"})**',
        *([f"**({escaped(reference.date)})**"] if reference.date else []),
        escaped(reference.title),
    ]
    after = (
        escaped(reference.official_title or ""),
        escaped(kind_label(reference.kind)),
        stage_name(reference),
        f"[{escaped(reference.uri or '')}]({uri})" if uri else "zonder URI",
    )
    return " · ".join([" ".join(known), *(part for part in after if part)])
