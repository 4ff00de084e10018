"""A conversation as a Word document: marks lead to a numbered list of sources with their exact quotes."""

from collections.abc import Sequence

from docx.document import Document
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from answer.records import Citation, Claim
from api.memos.docx_writing import add_bookmark, add_jump, add_link, as_bytes, new_document
from api.memos.render_words import readable
from api.pages.environment import dutch_date, outside_link
from api.pages.exchange import checked, dated_in_dutch, described, named, reference, stretches
from api.pages.export import Part, Report, left_out

TITLE = "Gesprek met Beleidswijzer"


def as_docx(report: Report) -> bytes:
    """The report as a DOCX file."""
    made_on = report.made_at[:10]
    versions = ", ".join(dict.fromkeys(part.snapshot[:12] for part in report.parts))
    document = new_document(TITLE, TITLE, f"Bewaard op {dutch_date(made_on)} · corpus {versions}", made_on)
    document.add_heading(TITLE, 0)
    if told := left_out(report):
        _small(document, told)
    for part in report.parts:
        _add_part(document, part, report.sources)
    if report.sources:
        document.add_heading("Bronnen", 1)
    for number, citation in enumerate(report.sources, 1):
        _add_source(document, number, citation)
    return as_bytes(document)


def _add_part(document: Document, part: Part, sources: Sequence[Citation]) -> None:
    document.add_heading(readable(part.question), 1)
    if part.understood:
        _small(document, f"Begrepen als: {part.understood}")
    if part.restricted:
        _small(document, f"Beperkt tot: {', '.join(part.restricted)}")
    if part.notice:
        _small(document, part.notice)
    if part.refusal:
        document.add_paragraph(readable(part.refusal))
    for claim in part.claims:
        _add_claim(document, claim, sources)
    _small(document, described(part.mode, part.at, part.snapshot))


def _add_claim(document: Document, claim: Claim, sources: Sequence[Citation]) -> None:
    paragraph = document.add_paragraph()
    for stretch in stretches(dated_in_dutch(claim.text, sources), sources, claim.key):
        if stretch.href == stretch.text:
            add_link(paragraph, stretch.text, stretch.text)
        else:
            _add_lines(paragraph, stretch.text, bold=stretch.key)
    for n in claim.citations:
        paragraph.add_run("\u00a0")
        add_jump(paragraph, f"[{n}]", f"bron{n}")
    if claim.figures:
        _small(document, f"Nagekeken cijfers: {checked(claim)}.")


def _add_source(document: Document, number: int, citation: Citation) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(9), Mm(-9)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(9))
    add_bookmark(paragraph, f"bron{number}", number)
    paragraph.add_run(f"{number}.\t").bold = True
    paragraph.add_run(readable(named(citation)))
    if uri := outside_link(citation.uri):
        paragraph.add_run(", ")
        add_link(paragraph, uri, uri)
    quoted = document.add_paragraph(style="Quote")
    quoted.paragraph_format.left_indent = Mm(9)
    _add_lines(quoted, reference(citation).quoted)
    place = _small(document, f"Document {citation.document_id}, tekens {citation.start} tot {citation.end}")
    place.paragraph_format.left_indent = Mm(9)


def _add_lines(paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
    """Lines below each other; `readable` takes the spaces at the ends, where a link or a mark may follow."""
    for at, line in enumerate(text.split("\n")):
        run = paragraph.add_run()
        run.bold = bold
        if at:
            run.add_break()
        run.add_text(f"{' ' * line.startswith(' ')}{readable(line)}{' ' * line.endswith(' ')}")


def _small(document: Document, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(readable(text))
    run.italic, run.font.size = True, Pt(9)
    return paragraph
