"""What our Word documents share: page, styles and language; links, bookmarks, page numbers, tables that go on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_FONT = "Calibri"
_INK, _ACCENT = RGBColor(0x1A, 0x22, 0x30), RGBColor(0x0A, 0x4A, 0x82)
_SIZES = {"Normal": 10.5, "Title": 20, "Heading 1": 14, "Heading 2": 11.5, "Quote": 10}
_SHADE = "E7EFF7"


def new_document(title: str, header: str, footer: str, made_on: str) -> Document:
    """An empty A4 document in Dutch (nl-BE); `header` and `footer` stand on every page, the page number after it."""
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_language(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = title[:255], "Beleidswijzer", "nl-BE"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = _moment(made_on)
    section = document.sections[0]
    section.header.paragraphs[0].add_run(header)
    document.styles["Footer"].paragraph_format.tab_stops.clear_all()
    below = section.footer.paragraphs[0]
    below.add_run(f"{footer}\tpagina ")
    add_field(below, "PAGE")
    below.add_run(" van ")
    add_field(below, "NUMPAGES")
    below.paragraph_format.tab_stops.add_tab_stop(Mm(166), WD_TAB_ALIGNMENT.RIGHT)
    return document


def as_bytes(document: Document) -> bytes:
    """The document as a DOCX file."""
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def add_bullet(document: Document, text: str = "") -> Paragraph:
    """A paragraph of a list."""
    paragraph = document.add_paragraph(text)
    # By its id: python-docx reads every style to find one by its name, which takes seconds for thousands.
    paragraph._p.style = "ListBullet"
    return paragraph


def add_link(paragraph: Paragraph, text: str, uri: str) -> None:
    """Text that opens an address outside the document."""
    part = paragraph.part
    # Not relate_to: it looks through all links for each new one, which takes a minute for thousands.
    number = f"rIdLink{len(part.rels) + 1}"
    part.load_rel(RELATIONSHIP_TYPE.HYPERLINK, uri, number, is_external=True)
    _hyperlink(paragraph, text, "r:id", number)


def add_jump(paragraph: Paragraph, text: str, bookmark: str) -> None:
    """Text that leads to a bookmark in the same document."""
    _hyperlink(paragraph, text, "w:anchor", bookmark)


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """A place at the end of a paragraph that `add_jump` leads to; `number` is unique in the document."""
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        element = OxmlElement(tag)
        element.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            element.set(qn("w:name"), name)
        paragraph._p.append(element)


def add_field(paragraph: Paragraph, code: str) -> None:
    """A value that Word fills in, such as PAGE."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(_run("1"))
    paragraph._p.append(field)


def add_table(document: Document, head: Sequence[str], widths: Sequence[int]) -> Table:
    """A table whose heading row is repeated on every page; `widths` of its columns in millimetres."""
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _flag_row(table.rows[0]._tr, "w:tblHeader")
    for cell, title, width in zip(table.rows[0].cells, head, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].add_run(title).bold = True
        _shade(cell)
    return table


def add_row(table: Table, widths: Sequence[int]) -> list[Paragraph]:
    """A row that stays on one page; gives the paragraph of each cell, to be written in."""
    row = table.add_row()
    _flag_row(row._tr, "w:cantSplit")
    cells = row.cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Mm(width)
    return [cell.paragraphs[0] for cell in cells]


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(22)
    section.top_margin = Mm(26)


def _set_styles(document: Document) -> None:
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = _ACCENT if name.startswith("Heading") else _INK
        # The template names fonts by theme, which would win over the name.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), _FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(5)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(16)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(4)
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.color.rgb, link.font.underline = _ACCENT, True


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-BE")
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "nl-BE")


def _moment(date: str) -> datetime:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)


def _hyperlink(paragraph: Paragraph, text: str, attribute: str, target: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn(attribute), target)
    link.append(_run(text, "Hyperlink"))
    paragraph._p.append(link)


def _run(text: str, style: str | None = None) -> OxmlElement:
    run = OxmlElement("w:r")
    if style:
        properties, named = OxmlElement("w:rPr"), OxmlElement("w:rStyle")
        named.set(qn("w:val"), style)
        properties.append(named)
        run.append(properties)
    said = OxmlElement("w:t")
    said.text = text
    said.set(qn("xml:space"), "preserve")
    run.append(said)
    return run


def _flag_row(row: OxmlElement, flag: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(flag))


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
