"""Lines put together to paragraphs, list items, headings and footnotes, over columns and pages.

Looks at spacing, indentation, style and sentence ends; does not decide the level of a heading (`pdf_headings`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.parse.pdf_lines import Line
from ingest.parse.pdf_page import Style
from ingest.parse.pdf_tables import Table
from ingest.parse.titles import LABEL

BULLET = re.compile(r"[•●○▪■□◦‣⁃∙·*➢➤►✓]|[\uf000-\uf0ff]")
_ITEM = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]°?|\d{1,2}°")
_APART = re.compile(
    r"o|[A-Z][.)]|[–—-]"
)  # the sign of an item when set apart, else a word, an initial or a dash
_SENTENCE_END = re.compile(r"[.!?…:;][)\]'\"”’»]*[⁰¹²³⁴-⁹]*$")
_HYPHENS = ("\x02", "\ufffe", "\xad", "-")
_NUMBER_ONLY = re.compile(r"(?:\d+(?:\.\d+)*|[IVX]+)\.?")
_FOOTNOTE = re.compile(r"(?:[\d*]{1,3}|[⁰¹²³⁴-⁹]{1,3})[.)]?")
_LONGEST_HEADING = 300


@dataclass(slots=True)
class Group:
    """Lines of one block in reading order, or a table. `kind` is None for what lies in no block."""

    lines: list[Line] = field(default_factory=list)
    kind: Literal["heading", "paragraph", "list_item", "table", "footnote"] | None = "paragraph"
    table: Table | None = None

    @property
    def text(self) -> str:
        """Its lines on one line."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is normal in a document: the style of its body text, its line pitch by size, the right edge of a column."""

    body: Style
    pitch: Mapping[float, float]
    edges: Mapping[tuple[int, tuple[int, int]], tuple[float, float]]


def layout_of(lines: Sequence[Line]) -> Layout:
    """Measured over all lines of a document."""
    styles: Counter[Style] = Counter()
    steps: dict[float, Counter[float]] = defaultdict(Counter)
    edges: dict[tuple[int, tuple[int, int]], tuple[float, float]] = {}
    for before, line in zip([lines[0], *lines], lines, strict=False):
        styles[line.style] += len(line.text)
        key = (line.page, line.column)
        left, right = edges.get(key, (line.x0, line.x1))
        edges[key] = min(left, line.x0), max(right, line.x1)
        if before is not line and (before.page, before.column) == key and before.style == line.style:
            steps[line.style.size][round((line.y1 - before.y1) * 2) / 2] += 1
    pitch = {size: min(s for s, n in c.items() if n >= max(c.values()) / 2) for size, c in steps.items()}
    return Layout(styles.most_common(1)[0][0], pitch, edges)


def grouped(lines: Sequence[Line], layout: Layout) -> list[Group]:
    """Lines that are neither table nor footnote as groups of one block each; headings are marked."""
    groups: list[Group] = []
    for line in lines:
        if groups and not _breaks(groups[-1], line, layout):
            groups[-1].lines.append(line)
        else:
            groups.append(Group([line]))
    parted = [part for group in groups for part in _parted(group, layout)]
    return _numbers_joined([_classified(group, layout) for group in parted], layout)


def is_footnote(line: Line, below: Sequence[Line], layout: Layout) -> bool:
    """Whether a small line at the foot of its column starts a footnote: nothing larger stands below it."""
    size = layout.body.size
    if line.style.size > 0.9 * size or not _FOOTNOTE.fullmatch(line.words[0].text) or len(line.words) < 2:
        return False
    return all(other.style.size <= 0.9 * size for other in below if other.x0 < line.x1 and line.x0 < other.x1)


def goes_on_in_footnote(last: Line, line: Line, layout: Layout) -> bool:
    """Whether a line belongs to the footnote that `last` stands in."""
    near = 0 < line.y1 - last.y1 < 2 * last.style.size
    return near and line.style.size <= 0.9 * layout.body.size and not _FOOTNOTE.fullmatch(line.words[0].text)


def emphasis(style: Style, body: Style) -> Literal["large", "face", "bold", ""]:
    """How a style stands out from body text."""
    if style.size >= body.size + 0.9:
        return "large"
    if style.size >= body.size - 0.6:
        if style.family != body.family and style.size >= body.size:
            return "face"
        if style.weight >= max(500, body.weight + 100):
            return "bold"
    return ""


def _breaks(group: Group, line: Line, layout: Layout) -> bool:
    """Whether `line` starts a new block."""
    last = group.lines[-1]
    ended = _SENTENCE_END.search(last.text) is not None
    if line.bullet or _marker(line, ended) or (ended and LABEL.fullmatch(line.text)):
        return True
    if abs(last.style.size - line.style.size) >= 0.9 or last.style.family != line.style.family:
        return not (_is_number(group) and emphasis(line.style, layout.body))
    if (last.page, last.column) != (line.page, line.column) and not _same_title(last, line, layout):
        return _breaks_over_columns(last, line, layout)
    if _apart(last, line, layout):
        return ended or not line.text[:1].islower() or _apart(last, line, layout, 2.3)
    if line.x0 < last.x0 - 0.8 * line.style.size:
        return ended and len(group.lines) > 1
    if line.x0 > last.x0 + 0.8 * line.style.size:
        return ended and not (group.lines[0].bullet or _marker(group.lines[0]))
    return (ended and _is_short(last, layout) and line.text[:1].isupper()) or LABEL.fullmatch(
        last.text
    ) is not None


def _apart(last: Line, line: Line, layout: Layout, times: float = 1.3) -> bool:
    """Whether two lines of a column stand more than `times` the usual pitch apart."""
    pitch = layout.pitch.get(line.style.size, 1.25 * line.style.size)
    return line.y1 - last.y1 > max(times * pitch, pitch + 2) or line.y1 < last.y1


def _breaks_over_columns(last: Line, line: Line, layout: Layout) -> bool:
    """A sentence goes on in the next column; a new one may belong to a new paragraph, and then starts one."""
    if emphasis(last.style, layout.body) == "large":
        return True
    if last.text.endswith(_HYPHENS) or line.text[:1].islower():
        return False
    return _SENTENCE_END.search(last.text) is not None or _is_short(last, layout)


def _same_title(last: Line, line: Line, layout: Layout) -> bool:
    """Whether a title that spans the columns goes on below, where it may fit in one column."""
    near = (
        last.page == line.page
        and 0 < line.y1 - last.y1 < 1.6 * line.style.size
        and abs(line.x0 - last.x0) < 5
    )
    return near and emphasis(line.style, layout.body) == emphasis(last.style, layout.body) == "large"


def _is_short(line: Line, layout: Layout) -> bool:
    left, right = layout.edges[line.page, line.column]
    return line.x1 < right - 0.2 * (right - left)


def _marker(line: Line, ended: bool = True) -> bool:
    """Whether a line starts with the sign of a list item; a dash in the middle of a sentence (not `ended`) is none."""
    first = line.words[0].text
    if len(line.words) < 2:
        return False
    apart = line.words[1].x0 - line.words[0].x1 > 0.5 * line.style.size
    if BULLET.fullmatch(first) or _ITEM.fullmatch(first):
        return True
    return _APART.fullmatch(first) is not None and (apart or (ended and first in "–—-"))


def _is_number(group: Group) -> bool:
    return _NUMBER_ONLY.fullmatch(group.text) is not None


def _bold(line: Line, layout: Layout) -> bool:
    return all(emphasis(word.style, layout.body) == "bold" for word in line.words)


def _parted(group: Group, layout: Layout) -> list[Group]:
    """A bold first line, or a label such as "Vraag 1", is a heading of its own when the text below starts anew."""
    lines, body = group.lines, layout.body
    count = next((at for at, line in enumerate(lines) if not _bold(line, layout)), len(lines))
    count = 0 if lines[0].bullet else count
    if count == 0 and LABEL.fullmatch(lines[0].text) and not emphasis(lines[0].style, body):
        count = 1
    if not 0 < count < len(lines):
        return [group]
    title = " ".join(line.text for line in lines[:count])
    anew = (
        not lines[count].text[:1].islower()
        and not title.endswith((",", *_HYPHENS))
        and len(title) <= _LONGEST_HEADING
    )
    anew = anew and (_is_short(lines[count - 1], layout) or title.endswith((".", ":", "?", "!")))
    return [Group(lines[:count]), Group(lines[count:])] if anew else [group]


def _classified(group: Group, layout: Layout) -> Group:
    text, first = group.text, group.lines[0]
    style = first.style if not _is_number(group) else group.lines[-1].style
    how = emphasis(style, layout.body)
    if how == "bold" and not all(_bold(line, layout) for line in group.lines):
        how = ""
    titled = (
        len(text) <= _LONGEST_HEADING and not text.endswith((",", ";")) and any(c.isalpha() for c in text)
    )
    sentence = text.endswith(".") and len(text) > 60 and not re.match(r"\d+(?:\.\d+)*\.?\s", text)
    if (how and titled and not (sentence and how != "large")) or (LABEL.fullmatch(text) and len(text) < 40):
        group.kind = "heading"
    elif first.bullet or _marker(first):
        group.kind = "list_item"
    return group


def _numbers_joined(groups: list[Group], layout: Layout) -> list[Group]:
    """A number that stands alone above a heading belongs to it."""
    joined: list[Group] = []
    for group in groups:
        before = joined[-1] if joined else None
        number = before is not None and _is_number(before) and emphasis(before.lines[-1].style, layout.body)
        if (
            before is not None
            and number
            and group.kind == "heading"
            and before.lines[-1].page == group.lines[0].page
        ):
            before.lines += group.lines
            before.kind = "heading"
        else:
            joined.append(group)
    return joined


def without_common_headings(groups: list[Group]) -> list[Group]:
    """The groups of a document; a style that fills pages makes no headings."""
    used: Counter[Style] = Counter()
    for group in groups:
        if group.kind == "heading":
            used[group.lines[-1].style] += len(group.text)
    most = max(2000, 0.2 * sum(len(group.text) for group in groups))
    for group in groups:
        if group.kind == "heading" and used[group.lines[-1].style] > most:
            group.kind = "paragraph"
    return groups
