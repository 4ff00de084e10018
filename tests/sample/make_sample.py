"""Makes the PDF, DOCX and HTML of the bundled corpus from the Markdown beside this file.

    python tests/sample/make_sample.py

writes them into `corpus/sample/` and sets every `sha256` in `corpus/sources.toml`. The same content gives
the same bytes with the same versions of reportlab, python-docx and zlib.
"""

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from digest import Heading, Items, Part, Rows, Text, parts, spans, title
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

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"
AUTHOR = "Beleidswijzer (samenvatting in eigen woorden)"
MARGIN = 2.4 * cm


def write_files(folder: Path) -> None:
    """Write the generated documents into `folder`."""
    (folder / "bbt-wse-2021-samenvatting.pdf").write_bytes(pdf(parts("begroting.md")))
    (folder / "conceptnota-leefloon-samenvatting.docx").write_bytes(word(parts("conceptnota.md")))
    (folder / "lokaal-pact-samenvatting.html").write_bytes(page(parts("pact.md")).encode())


# PDF


class Report(SimpleDocTemplate):  # type: ignore[misc]
    """A PDF document with its headings as bookmarks and a footer on each page."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802
        """Add a bookmark for a heading."""
        if isinstance(flowable, Paragraph) and flowable.style.name.startswith("heading"):
            text, level = flowable.getPlainText(), int(flowable.style.name[-1])
            self.canv.bookmarkPage(key := f"p{self.page}-{text}")
            self.canv.addOutlineEntry(text, key, level - 1, closed=True)

    def afterPage(self) -> None:  # noqa: N802
        """Draw the short name of the document and the page number."""
        self.canv.setFont("Vera", 7.5)
        self.canv.drawString(MARGIN + 6, 1.4 * cm, "Samenvatting BBT WSE 2021")
        self.canv.drawRightString(A4[0] - MARGIN - 6, 1.4 * cm, str(self.page))


def pdf(content: list[Part]) -> bytes:
    """An A4 PDF with a text layer, bookmarks, and the page number in its footer."""
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf"), ("Vera-Italic", "VeraIt.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    out = io.BytesIO()
    report = Report(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        title=title(content),
        author=AUTHOR,
        subject="Beleids- en begrotingstoelichting Werk en Sociale Economie, begrotingsuitvoering 2021",
        lang="nl",
        invariant=1,
    )
    report.build([flowable for part in content for flowable in flowables(part)])
    return out.getvalue()


def flowables(part: Part) -> Iterator[Flowable]:
    """What one part becomes on a PDF page; headings, labels and units stay with what follows them."""
    if isinstance(part, Heading):
        size = (16, 13, 11.5, 10.5, 9.5)[part.level - 1]
        yield style_of(part.text, f"heading{part.level}", "Vera-Bold", size, space=size, keepWithNext=1)
    elif isinstance(part, Text):
        font, aligned = {"label": ("Vera-Italic", 0), "unit": ("Vera", TA_RIGHT)}.get(part.role, ("Vera", 0))
        yield style_of(part.text, part.role, font, 9, alignment=aligned, keepWithNext=part.role != "plain")
    elif isinstance(part, Items):
        items = [ListItem(style_of(item, "item", "Vera", 9, space=2)) for item in part.items]
        marks = {"bulletType": "1"} if part.numbered else {"bulletType": "bullet", "start": "–"}
        yield ListFlowable(items, leftIndent=16, bulletFontName="Vera", bulletFontSize=9, **marks)
    else:
        yield grid(part)
        yield Spacer(1, 4)


def style_of(text: str, name: str, font: str, size: float, space: float = 5, **more: Any) -> Paragraph:
    """A paragraph of `text` in one font and size, with `space` points above it."""
    style = ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.35, spaceBefore=space, spaceAfter=3, **more
    )
    return Paragraph(html.escape(text, quote=False), style)


def grid(table: Rows) -> Table:
    """A ruled table whose figures are aligned on the right."""
    rows = [["" if cell == "<" else cell for cell in row] for row in table.rows]
    joined = [
        ("SPAN", (at, number), (at + columns - 1, number))
        for number, row in enumerate(table.rows)
        for _, at, columns in spans(row)
        if columns > 1
    ]
    style = [
        ("FONT", (0, 0), (-1, -1), "Vera", 8.5),
        ("FONT", (0, 0), (-1, table.heads - 1), "Vera-Bold", 8.5),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        *[("ALIGN", start, end, "CENTER") for _, start, end in joined],
        *joined,
    ]
    return Table(rows, style=style, spaceBefore=3, spaceAfter=3)


# DOCX


def word(content: list[Part]) -> bytes:
    """A Word document with heading, list and table styles and fixed dates."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = title(content), AUTHOR, "nl-BE"
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = datetime(2024, 1, 1)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-BE")
    for part in content:
        add(document, part)
    out = io.BytesIO()
    document.save(out)
    return undated(out.getvalue())


def add(document: Any, part: Part) -> None:
    """Append one part to a Word document."""
    if isinstance(part, Heading):
        document.add_heading(part.text, part.level - 1)
    elif isinstance(part, Text):
        run = document.add_paragraph().add_run(part.text)
        run.font.size = Pt(8.5) if part.role == "footnote" else None
    elif isinstance(part, Items):
        for item in part.items:
            document.add_paragraph(item, style="List Number" if part.numbered else "List Bullet")
    else:
        table = document.add_table(len(part.rows), len(part.rows[0]), style="Table Grid")
        for number, row in enumerate(part.rows):
            for text, at, columns in spans(row):
                cell = table.cell(number, at).merge(table.cell(number, at + columns - 1))
                cell.paragraphs[0].add_run(text).bold = number < part.heads


def undated(data: bytes) -> bytes:
    """The same zip archive with every file dated 1 January 1980, so that its bytes do not depend on the day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# HTML


def page(content: list[Part]) -> str:
    """A web page in semantic HTML: a header, a section for each heading of level 2, a footer."""
    body, open_section = [], False
    for part in content:
        if isinstance(part, Heading) and part.level == 2:
            body += ["</section>"] * open_section + ["<section>"]
            open_section = True
        body.append(element(part))
    name = html.escape(title(content))
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">',
            f'<title>{name}</title>\n<meta name="author" content="{AUTHOR}">\n</head>\n<body>\n<main>',
            *body,
            "</section>\n</main>\n<footer>Voorbeelddocument van Beleidswijzer</footer>\n</body>\n</html>\n",
        ]
    )


def element(part: Part) -> str:
    """The HTML element of one part."""
    if isinstance(part, Heading):
        return f"<h{part.level}>{html.escape(part.text)}</h{part.level}>"
    if isinstance(part, Text):
        return f"<p>{html.escape(part.text)}</p>"
    if isinstance(part, Items):
        items = "\n".join(f"<li>{html.escape(item)}</li>" for item in part.items)
        return f"<ol>\n{items}\n</ol>" if part.numbered else f"<ul>\n{items}\n</ul>"
    rows = []
    for number, row in enumerate(part.rows):
        tag = "th" if number < part.heads else "td"
        joined = [(text, f' colspan="{columns}"' if columns > 1 else "") for text, _, columns in spans(row)]
        cells = "".join(f"<{tag}{width}>{html.escape(text)}</{tag}>" for text, width in joined)
        rows.append(f"<tr>{cells}</tr>")
    return "\n".join(["<table>", *rows, "</table>"])


# Manifest


def with_digests(manifest: str, folder: Path) -> str:
    """The manifest with the sha256 of each file that it names; paths are relative to `folder`."""
    entry = re.compile(r'^path = "([^"]+)"$(.*?)^sha256 = "[0-9a-f]*"$', re.MULTILINE | re.DOTALL)

    def renewed(found: re.Match[str]) -> str:
        digest = hashlib.sha256((folder / found[1]).read_bytes()).hexdigest()
        return f'path = "{found[1]}"{found[2]}sha256 = "{digest}"'

    return entry.sub(renewed, manifest)


if __name__ == "__main__":
    write_files(CORPUS / "sample")
    sources = CORPUS / "sources.toml"
    sources.write_text(with_digests(sources.read_text(encoding="utf-8"), CORPUS), encoding="utf-8")
