"""Footnotes in a Word document, which python-docx reads past: the part that holds them, and marks that point there.

Source: ECMA-376 part 1, 17.11 (footnotes and endnotes).
"""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

_EMPTY = (
    f"<w:footnotes {nsdecls('w', 'r')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)


class Footnotes:
    """The footnotes of one document, numbered by Word in the order in which their marks stand."""

    def __init__(self, document: Document) -> None:
        self._part = XmlPart(
            PackURI("/word/footnotes.xml"),
            CONTENT_TYPE.WML_FOOTNOTES,
            parse_xml(_EMPTY),
            document.part.package,
        )
        self._count = 0
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        _declare(document)
        _add_styles(document)

    def add(self, paragraph: Paragraph) -> Paragraph:
        """Put a mark at the end of a paragraph; gives the paragraph of its note, to be written in."""
        self._count += 1
        mark = paragraph.add_run()._r
        mark.append(_styled("w:rPr", "w:rStyle", "FootnoteReference"))
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self._count))
        mark.append(reference)
        return self._note()

    def _note(self) -> Paragraph:
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(self._count))
        self._part.element.append(note)
        text = OxmlElement("w:p")
        text.append(_styled("w:pPr", "w:pStyle", "FootnoteText"))
        note.append(text)
        written = Paragraph(text, self._part)
        number = written.add_run()._r
        number.append(_styled("w:rPr", "w:rStyle", "FootnoteReference"))
        number.append(OxmlElement("w:footnoteRef"))
        written.add_run(" ")
        return written


def _styled(properties: str, kind: str, style: str) -> OxmlElement:
    found = OxmlElement(properties)
    named = OxmlElement(kind)
    named.set(qn("w:val"), style)
    found.append(named)
    return found


def _declare(document: Document) -> None:
    """Name the two separators in the settings, where Word looks for them."""
    properties = OxmlElement("w:footnotePr")
    for number in ("-1", "0"):
        separator = OxmlElement("w:footnote")
        separator.set(qn("w:id"), number)
        properties.append(separator)
    document.settings.element.find(qn("w:compat")).addprevious(properties)


def _add_styles(document: Document) -> None:
    text = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.element.set(qn("w:styleId"), "FootnoteText")
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(8.5)
    text.paragraph_format.space_after = Pt(2)
    reference = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.element.set(qn("w:styleId"), "FootnoteReference")
    reference.font.superscript = True
