"""A memo as a Word document: each claim with footnotes that hold the exact words it rests on."""

from collections.abc import Mapping, Sequence
from textwrap import shorten

from docx.document import Document
from docx.text.paragraph import Paragraph

from answer.memo_records import Memo, Reference
from answer.records import Claim
from api.memos.docx_footnotes import Footnotes
from api.memos.docx_writing import (
    add_bookmark,
    add_bullet,
    add_jump,
    add_link,
    add_row,
    add_table,
    as_bytes,
    new_document,
)
from api.memos.render_words import (
    DRAFT,
    DRAFT_NOTICE,
    MAYBE,
    STATUSES,
    Mark,
    address,
    dated,
    described,
    marks_of,
    named,
    not_found,
    origin,
    paragraphs,
    quoted,
    readable,
    shown,
)

_SECTION = "sectietekst"
_PROMISE_WIDTHS = (11, 58, 31, 26, 26, 14)
_AMOUNT_WIDTHS = (34, 24, 94, 14)
_EMPTY = "–"


def as_docx(memo: Memo) -> bytes:
    """The memo as a DOCX file."""
    title = readable(memo.title)
    document = new_document(
        title, _header(memo), f"corpus {readable(memo.corpus_version)[:12]}", memo.made_on
    )
    marks, notes = marks_of(memo), Footnotes(document)
    _opening(document, memo, title)
    document.add_heading("Samenvatting", 1)
    for claim in memo.summary:
        _claim(document.add_paragraph(), claim, marks, notes)
    _themes(document, memo, marks, notes)
    _promises(document, memo)
    _amounts(document, memo, marks)
    _not_found(document, memo)
    _references(document, memo.references)
    _section(document, memo)
    _closing(document, memo)
    return as_bytes(document)


def _header(memo: Memo) -> str:
    """`"Concept · Samenleven › 1.2 Uitsluiting voorkomen"`, on one line."""
    return shorten(
        f"{DRAFT} · {' › '.join(readable(heading) for heading in memo.path)}", 85, placeholder=" …"
    )


def _opening(document: Document, memo: Memo, title: str) -> None:
    document.add_paragraph(title, style="Title")
    document.add_paragraph(" › ".join(readable(heading) for heading in memo.path))
    draft = document.add_paragraph()
    draft.add_run(f"{DRAFT}. ").bold = True
    draft.add_run(f"{DRAFT_NOTICE} ")
    if memo.notice:
        draft.add_run(f"{readable(memo.notice)} ")
    add_jump(draft, "Tekst van het regeerakkoord", _SECTION)


def _claim(paragraph: Paragraph, claim: Claim, marks: Mapping[int, Mark], notes: Footnotes) -> None:
    paragraph.add_run(readable(claim.text))
    for number, mark in enumerate(shown(marks, claim.citations)):
        if number:
            paragraph.add_run(", ").font.superscript = True
        _note(notes.add(paragraph), mark)


def _note(note: Paragraph, mark: Mark) -> None:
    """The number in the list of references, what the source is, and its exact words."""
    add_jump(note, mark.label, _bookmark(mark.reference))
    page = f", blz. {mark.citation.page}" if mark.citation.page else ""
    note.add_run(f" {readable(mark.reference.title)} ({described(mark.reference)}{page}): ")
    note.add_run(f"“{quoted(mark.citation.text)}”").italic = True


def _themes(document: Document, memo: Memo, marks: Mapping[int, Mark], notes: Footnotes) -> None:
    if memo.themes:
        document.add_heading("Beslissingen per thema", 1)
    for theme in memo.themes:
        document.add_heading(readable(theme.title), 2)
        for claim in theme.claims:
            _claim(add_bullet(document), claim, marks, notes)


def _promises(document: Document, memo: Memo) -> None:
    document.add_heading("Beloften en hun stand", 1)
    if not memo.promises:
        document.add_paragraph("In de tekst van deze sectie werd geen belofte herkend.")
        return
    head = ("Nr.", "Belofte", "Status", "Eerste beslissing", "Laatste beslissing", "Ref.")
    table = add_table(document, head, _PROMISE_WIDTHS)
    for number, row in enumerate(memo.promises, 1):
        *cells, last = add_row(table, _PROMISE_WIDTHS)
        values = (
            str(number),
            readable(row.text),
            STATUSES[row.status],
            dated(row.first) or _EMPTY,
            dated(row.last) or _EMPTY,
        )
        _fill(cells, values)
        _jumps(last, named(memo, row.references))


def _amounts(document: Document, memo: Memo, marks: Mapping[int, Mark]) -> None:
    document.add_heading("Bedragen", 1)
    if not memo.amounts:
        document.add_paragraph("De aangehaalde bronnen noemen geen bedrag.")
        return
    table = add_table(document, ("Bedrag", "Eenheid", "Waarvoor", "Bron"), _AMOUNT_WIDTHS)
    for amount in memo.amounts:
        *cells, last = add_row(table, _AMOUNT_WIDTHS)
        _fill(cells, (readable(amount.text), readable(amount.unit), readable(amount.what)))
        _jumps(last, [marks[amount.citation].reference])


def _not_found(document: Document, memo: Memo) -> None:
    shared, promises = not_found(memo)
    if promises:
        document.add_heading("Niet gevonden", 1)
    if shared:
        document.add_paragraph(shared)
    for text, rest, possible in promises:
        paragraph = add_bullet(document, text)
        paragraph.add_run(f" {rest}").italic = True
        if possible:
            paragraph.add_run(f" {MAYBE} ").italic = True
            _jumps(paragraph, possible)


def _references(document: Document, references: Sequence[Reference]) -> None:
    document.add_heading("Referenties", 1)
    for reference in references:
        paragraph = document.add_paragraph()
        add_bookmark(paragraph, _bookmark(reference), reference.n)
        paragraph.add_run(f"[{reference.n}] {readable(reference.title)}").bold = True
        if reference.official_title:
            paragraph.add_run(f". {readable(reference.official_title)}")
        paragraph.add_run(f". {described(reference)}. ")
        uri = address(reference)
        if uri:
            add_link(paragraph, readable(reference.uri or uri), uri)
        else:
            paragraph.add_run("Zonder URI.")


def _section(document: Document, memo: Memo) -> None:
    heading = document.add_heading("Bijlage: tekst van het regeerakkoord", 1)
    add_bookmark(heading, _SECTION, 0)
    for text in paragraphs(memo.section_text):
        document.add_paragraph(text, style="Quote")


def _closing(document: Document, memo: Memo) -> None:
    document.add_heading("Herkomst", 1)
    document.add_paragraph(" · ".join(f"{label}: {value}" for label, value in origin(memo)))


def _fill(cells: Sequence[Paragraph], values: Sequence[str]) -> None:
    for cell, value in zip(cells, values, strict=True):
        cell.add_run(value)


def _jumps(paragraph: Paragraph, references: Sequence[Reference]) -> None:
    if not references:
        paragraph.add_run(_EMPTY)
    for number, reference in enumerate(references):
        if number:
            paragraph.add_run(" ")
        add_jump(paragraph, f"[{reference.n}]", _bookmark(reference))


def _bookmark(reference: Reference) -> str:
    return f"referentie_{reference.n}"
