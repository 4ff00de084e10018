"""Makes the PDF, DOCX and HTML of the bundled corpus from the Markdown beside this file.

    python tests/sample/make_sample.py

writes them into `corpus/sample/` and sets every `sha256` in `corpus/sources.toml`. The same content gives
the same bytes with the same versions of reportlab, python-docx and zlib.

The Markdown is a small part of the language: headings, paragraphs, `- ` and `1. ` lists, `| a | b |` tables
in which `<` joins a cell to the one on its left, a line `*label*`, and three kinds of line that stand for a
budget table in the layout of a budget explanation:

    uitgaven: VAK of 2e BA, 2e BA-JR, BU | the same for VEK
    ontvangsten: AO TO LO of 2e BA | the same for the execution
    totaal: AO TO LO VAK VEK of 2e BA | of 2e BA-JR | of BU
"""

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer, Table

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "corpus"
AUTHOR = "Beleidswijzer (samenvatting in eigen woorden)"
PHASES = ("2e BA", "2e BA-JR", "BU")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the document."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `role`: plain, label (a small heading), unit (of the table below it) or footnote."""

    text: str
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[str, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; a cell `<` belongs to the cell on its left. The first `heads` rows are its header."""

    rows: tuple[tuple[str, ...], ...]
    heads: int = 1


Part = Heading | Text | Items | Rows


def write_files(folder: Path) -> None:
    """Write the generated documents into `folder`."""
    (folder / "bbt-wse-2021-samenvatting.pdf").write_bytes(pdf(parts("begroting.md")))
    (folder / "conceptnota-leefloon-samenvatting.docx").write_bytes(word(parts("conceptnota.md")))
    (folder / "lokaal-pact-samenvatting.html").write_bytes(page(parts("pact.md")).encode())


def parts(name: str) -> list[Part]:
    """The content of one Markdown file beside this one, in order."""
    return [part for block in (HERE / name).read_text(encoding="utf-8").split("\n\n") for part in read_block(block.strip())]


def read_block(block: str) -> Iterator[Part]:
    """What one block of Markdown, between two blank lines, stands for."""
    lines = block.splitlines()
    if heading := re.fullmatch(r"(#+) (.+)", block):
        yield Heading(len(heading[1]), heading[2])
    elif budget := re.fullmatch(r"(uitgaven|ontvangsten|totaal): (.+)", block):
        yield Text("(duizend euro)", "unit")
        yield budget_table(budget[1], [group.split() for group in budget[2].split("|")])
    elif block.startswith("|"):
        yield Rows(tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines))
    elif re.match(r"- |1\. ", block):
        yield Items(tuple(re.sub(r"^(?:-|\d+\.) ", "", line) for line in lines), block[0] == "1")
    elif label := re.fullmatch(r"\*(.+)\*", block):
        yield Text(label[1], "label")
    else:
        yield Text(" ".join(lines), "footnote" if block.startswith("¹") else "plain")


def budget_table(kind: str, groups: list[list[str]]) -> Rows:
    """The table of an article or a programme, as budget explanations lay it out."""
    if kind == "uitgaven":
        head = ("", "VAK", "<", "<", "VEK", "<", "<")
        return Rows((head, ("2021", *PHASES, *PHASES), ("Uitgaven", *groups[0], *groups[1])), heads=2)
    if kind == "ontvangsten":
        return Rows((("2021", "AO", "TO", "LO"), ("2e BA", *groups[0]), ("Uitvoering", *groups[1])))
    rows = [(phase, *group) for phase, group in zip(PHASES, groups, strict=True)]
    return Rows((("2021", "AO", "TO", "LO", "VAK", "VEK"), *rows))


def spans(row: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Cells of a row as (text, first column, columns): `("a", "<", "b")` -> `[("a", 0, 2), ("b", 2, 1)]`."""
    starts = [at for at, cell in enumerate(row) if cell != "<"]
    return [(row[at], at, after - at) for at, after in zip(starts, [*starts[1:], len(row)], strict=True)]


# PDF


class Report(SimpleDocTemplate):  # type: ignore[misc]
    """A document whose headings are its bookmarks."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802
        """Add a bookmark for a heading."""
        if level := getattr(flowable, "heading", 0):
            key = f"kop-{self.page}-{id(flowable)}"
            self.canv.bookmarkPage(key := f"kop-{self.canv._doc.inObject is None}-{level}-{flowable.getPlainText()}")
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level - 1, closed=level > 1)


def pdf(content: list[Part]) -> bytes:
    """A PDF of A4 pages with a text layer, bookmarks and a page number in the footer."""
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf"), ("Vera-Italic", "VeraIt.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    out = io.BytesIO()
    report = Report(
        out,
        pagesize=A4,
        margin=2.2 * cm,
        title=content[0].text if isinstance(content[0], Heading) else "",
        author=AUTHOR,
        subject="Uitvoering van de begroting 2021",
        lang="nl",
        invariant=1,
    )
    report.build([flowable for part in content for flowable in pdf_flowables(part)], footer, footer)
    return out.getvalue()


def footer(canvas: Any, document: SimpleDocTemplate) -> None:
    """Draw the name of the document and the page number."""
    canvas.setFont("Vera", 7.5)
    canvas.drawString(2.5 * cm, 1.4 * cm, "Samenvatting BBT WSE 2021")
    canvas.drawRightString(A4[0] - 2.5 * cm, 1.4 * cm, str(document.page))
