"""The index of a folder of memos: how many promises of each domain stand where, as a picture and as tables."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from answer.memo_records import Status
from api.memos.batch_records import Done
from api.memos.markdown import escaped
from api.memos.render_picture import COLOURS
from api.memos.render_words import STATUSES, readable
from api.memos.state import Folder, Kept, is_comparison
from api.pages.environment import STATIC, render

FORMATS: Mapping[str, str] = {"html": "pagina", "docx": "Word", "md": "Markdown", "json": "JSON"}
WIDTH = 720
_LONGEST_BAR, _ROW, _BAR = 640, 46, 18
_STYLE = "memo_index.css"


@dataclass(frozen=True, slots=True)
class Link:
    """A file of a memo: `label` says what it is."""

    file: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One memo in the index: its promises by status, in the order of `STATUSES`, and its files."""

    name: str
    heading: str
    counts: tuple[int, ...]
    made_on: str
    snapshot: str
    links: tuple[Link, ...]
    is_gone: bool

    @property
    def total(self) -> int:
        """All its promises."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Domain:
    """The memos of one domain, and their promises by status together."""

    name: str
    lines: tuple[Line, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All their promises."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Piece:
    """One status in a bar: from `x` on, `width` wide, in units of a picture `WIDTH` wide."""

    status: Status
    x: float
    width: float
    count: int


def write_index(kept: Folder, done: Done, order: Sequence[str]) -> None:
    """Write `index.html` with its style, `index.md` and `matrix.csv` beside the memos; `order` is that of the agreement.

    Raises: FolderUnusable.
    """
    domains = matrix(kept, [*order, *done.gone], done.gone)
    kept.place("index.html", as_page(domains, done))
    kept.place("index.md", as_markdown(domains, done))
    kept.place("matrix.csv", as_csv(domains))
    kept.place(_STYLE, (STATIC / _STYLE).read_bytes())


def matrix(kept: Folder, order: Sequence[str], gone: Sequence[str]) -> list[Domain]:
    """The domains with their memos, in this order; those without a memo are left out."""
    lines: dict[str, list[Line]] = {}
    for name in order:
        memo = kept.memos.get(name)
        if memo and memo.evidence:
            lines.setdefault(memo.commitment.domain, []).append(_line(kept, name, memo, name in gone))
    return [
        Domain(domain, tuple(found), tuple(map(sum, zip(*(line.counts for line in found), strict=True))))
        for domain, found in lines.items()
    ]


def as_page(domains: Sequence[Domain], done: Done) -> bytes:
    """The index as one page in UTF-8, beside its style sheet."""
    most = max((domain.total for domain in domains), default=0)
    bars = [
        {"domain": domain, "y": n * _ROW, "pieces": pieces(domain.counts, most)}
        for n, domain in enumerate(domains)
    ]
    return render(
        "memo_index.html",
        domains=domains,
        bars=bars,
        done=done,
        statuses=STATUSES,
        colours=COLOURS,
        counts=_totals(domains),
        described=_described(domains),
        style=_STYLE,
        width=WIDTH,
        height=max(1, len(bars)) * _ROW,
        bar=_BAR,
    ).encode()


def as_markdown(domains: Sequence[Domain], done: Done) -> bytes:
    """The index as GitHub's Markdown in UTF-8."""
    head = ["Domein", *STATUSES.values(), "beloften"]
    parts = [
        "# Memo's bij het regeerakkoord",
        f"Corpus: {escaped(done.snapshot)}. Concepten, na te lezen vóór gebruik.",
        _table(head, ([escaped(readable(d.name)), *d.counts, d.total] for d in domains)),
        *(
            part
            for d in domains
            for part in (
                f"## {escaped(readable(d.name))}",
                _table(
                    ["Sectie", *STATUSES.values(), "memo"],
                    ([_heading(line), *line.counts, _links(line)] for line in d.lines),
                ),
            )
        ),
    ]
    if done.failed:
        parts += ["## Niet gemaakt", "\n".join(f"- {f.name}: {escaped(f.reason)}" for f in done.failed)]
    return ("\n\n".join(parts) + "\n").encode()


def as_csv(domains: Sequence[Domain]) -> bytes:
    """One line a memo, for a spreadsheet: semicolons, UTF-8 with its mark; no cell is a formula."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(
        ["memo", "domein", "sectie", *STATUSES.values(), "beloften", "datum", "corpus", "vervallen"]
    )
    for domain in domains:
        for line in domain.lines:
            told = (line.name, readable(domain.name), readable(line.heading))
            gone = "ja" if line.is_gone else "nee"
            rows.writerow([*map(_inert, told), *line.counts, line.total, line.made_on, line.snapshot, gone])
    return text.getvalue().encode("utf-8-sig")


def pieces(counts: Sequence[int], most: int) -> tuple[Piece, ...]:
    """The parts of a bar whose longest sibling counts `most`; statuses that do not occur are left out.

    `pieces((1, 0, 0, 3), 8)` -> `definitief` 80 wide at 0, `niet_gevonden` 240 wide at 80
    """
    found, x = [], 0.0
    for status, count in zip(STATUSES, counts, strict=True):
        width = _LONGEST_BAR * count / most if most else 0.0
        if count:
            found.append(Piece(status, x, width, count))
        x += width
    return tuple(found)


def _line(kept: Folder, name: str, memo: Kept, is_gone: bool) -> Line:
    there = [file for file in sorted(memo.files) if (kept.path / file).is_file()]
    return Line(
        name,
        memo.commitment.path[-1],
        tuple(memo.statuses.get(status, 0) for status in STATUSES),
        memo.made_on,
        memo.snapshot,
        tuple(Link(file, _label(name, file)) for file in _shown_first(there)),
        is_gone,
    )


def _shown_first(there: Sequence[str]) -> list[str]:
    order = list(FORMATS)
    return sorted(there, key=lambda file: (is_comparison(file), order.index(file.rpartition(".")[2]), file))


def _label(name: str, file: str) -> str:
    """`("a-1.2", "a-1.2.nieuw.docx")` -> `"Word (nieuw, naast de bewerkte)"`."""
    middle, _, suffix = file.removeprefix(name).rpartition(".")
    said = FORMATS[suffix]
    if is_comparison(file):
        said = f"verschil ({said})"
    return f"{said} (nieuw, naast de bewerkte)" if "nieuw" in middle else said


def _totals(domains: Sequence[Domain]) -> tuple[int, ...]:
    return tuple(sum(d.counts[n] for d in domains) for n in range(len(STATUSES)))


def _described(domains: Sequence[Domain]) -> str:
    """The picture in words, for who cannot see it."""
    return " ".join(
        f"{readable(d.name)}: "
        + (
            ", ".join(
                f"{count} {said}" for said, count in zip(STATUSES.values(), d.counts, strict=True) if count
            )
        )
        + "."
        if d.total
        else f"{readable(d.name)}: geen beloften."
        for d in domains
    )


def _heading(line: Line) -> str:
    return escaped(readable(line.heading)) + (" (niet meer in het corpus)" if line.is_gone else "")


def _links(line: Line) -> str:
    return " ".join(f"[{link.label}](<{link.file}>)" for link in line.links)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _inert(text: str) -> str:
    """Text that a spreadsheet does not take for a formula: `"=1+1"` -> `"'=1+1"`."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
