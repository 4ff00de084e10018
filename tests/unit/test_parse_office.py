import io
import os
import socket
import subprocess
import sys
import zipfile

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ingest.parse import parse
from ingest.records import Parsed, Rejected

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """unstructured calls home at import and at use: not from here."""
    tried = []

    def refuse(self, address):
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_: refuse(None, args))
    yield
    assert tried == []


def docx(build) -> Parsed:
    document, target = Document(), io.BytesIO()
    build(document)
    document.save(target)
    return checked(parse("a.docx", DOCX, target.getvalue()))


def html(body: str | bytes, head: str = "") -> Parsed:
    data = (
        body if isinstance(body, bytes) else f"<html><head>{head}</head><body>{body}</body></html>".encode()
    )
    return checked(parse("a.html", "text/html", data))


def checked(outcome: Parsed | Rejected) -> Parsed:
    assert isinstance(outcome, Parsed), outcome
    at = 0
    for block in outcome.blocks:
        assert block.start >= at and (block.level > 0) == (block.kind == "heading") and block.page is None
        assert outcome.text[block.start : block.end].strip() == outcome.text[block.start : block.end] != ""
        at = block.end
    assert "\n\n".join(outcome.text[b.start : b.end] for b in outcome.blocks) == outcome.text
    return outcome


def shape(outcome: Parsed) -> list[tuple[str, str]]:
    return [(b.kind, outcome.text[b.start : b.end]) for b in outcome.blocks]


def test_word_headings_lists_and_tables():
    def build(document):
        document.add_heading("Conceptnota", 1)
        document.add_paragraph("Een alinea met\u00a0tekst.")
        document.add_heading("Doel", 2)
        document.add_paragraph("eerste", style="List Bullet")
        document.add_paragraph("tweede", style="List Number")
        table = document.add_table(2, 3)
        for row, texts in zip(table.rows, [("Artikel", "VAK", "VEK"), ("1JDB2CA", "1.258", "")], strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph("Slot.")

    outcome = docx(build)
    assert shape(outcome) == [
        ("heading", "Conceptnota"),
        ("paragraph", "Een alinea met tekst."),
        ("heading", "Doel"),
        ("list_item", "eerste"),
        ("list_item", "1. tweede"),
        ("table", "Artikel\tVAK\tVEK\n1JDB2CA\t1.258"),
        ("paragraph", "Slot."),
    ]
    assert [b.level for b in outcome.blocks if b.kind == "heading"] == [1, 2]
    assert outcome.blocks[-1].section == ("Conceptnota", "Doel")


def test_a_style_with_an_outline_level_makes_headings_whatever_its_name():
    def build(document):
        style = document.styles.add_style("Kopje van het huis", 1)
        style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="2"/>'))
        based = document.styles.add_style("Afgeleid kopje", 1)
        based.base_style = style
        document.add_paragraph("Op niveau drie", style="Kopje van het huis")
        document.add_paragraph("Ook op niveau drie", style="Afgeleid kopje")
        document.add_paragraph("Gewone tekst.")

    outcome = docx(build)
    assert [(b.kind, b.level) for b in outcome.blocks] == [("heading", 3), ("heading", 3), ("paragraph", 0)]


def test_short_bold_lines_are_headings_below_those_with_a_style_and_bold_sentences_are_not():
    def build(document):
        document.add_heading("Hoofdstuk", 1)
        document.add_paragraph().add_run("Tussentitel").bold = True
        document.add_paragraph().add_run("Dit is een vette zin die gewoon tekst is.").bold = True
        paragraph = document.add_paragraph("Half ")
        paragraph.add_run("vet").bold = True
        document.add_paragraph().add_run("1.2.3 Met een nummer").bold = True
        document.add_paragraph("Vraag 1")
        document.add_paragraph().add_run("Hoeveel kost dit?").bold = True

    assert [(b.kind, b.level) for b in docx(build).blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0), ("paragraph", 0), ("heading", 3), ("heading", 2), ("paragraph", 0)
    ]  # fmt: skip


def test_a_paragraph_over_a_page_break_is_one_block():
    def build(document):
        paragraph = document.add_paragraph("Deze zin begint hier en")
        paragraph.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))
        paragraph.add_run(" gaat daar verder.")
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("Nieuw.")

    assert shape(docx(build)) == [
        ("paragraph", "Deze zin begint hier en gaat daar verder."),
        ("paragraph", "Nieuw."),
    ]


def _replaced(run, markup: str) -> None:
    run._r.getparent().replace(run._r, parse_xml(markup))


def _in_header(document, run) -> None:
    run.text = ""
    document.sections[0].header.paragraphs[0].text = "VERBORGEN"
    document.sections[0].footer.paragraphs[0].text = "VERBORGEN"


def _in_properties(document, run) -> None:
    run.text = ""
    document.core_properties.title = document.core_properties.subject = "VERBORGEN"


def _by_style(document, run) -> None:
    document.styles.add_style("Onzichtbaar", 2).font.hidden = True
    run.style = "Onzichtbaar"


def _in_comment(document, run) -> None:
    run.text = ""
    document.add_comment(run, "VERBORGEN", author="a")


HIDDEN = {
    "vanish": lambda document, run: setattr(run.font, "hidden", True),
    "style": _by_style,
    "white": lambda document, run: setattr(run.font.color, "rgb", RGBColor(255, 255, 255)),
    "tiny": lambda document, run: setattr(run.font, "size", Pt(1)),
    "deleted": lambda document, run: _replaced(
        run, f'<w:del {W} w:id="1"><w:r><w:delText>VERBORGEN</w:delText></w:r></w:del>'
    ),
    "moved away": lambda document, run: _replaced(
        run, f'<w:moveFrom {W} w:id="1"><w:r><w:t>VERBORGEN</w:t></w:r></w:moveFrom>'
    ),
    "comment": _in_comment,
    "header": _in_header,
    "field code": lambda document, run: _replaced(
        run, f"<w:r {W}><w:instrText>VERBORGEN</w:instrText></w:r>"
    ),
    "property": _in_properties,
    "tag characters": lambda document, run: _replaced(
        run, f"<w:r {W}><w:t>\u200b\U000e0056\U000e0045</w:t></w:r>"
    ),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_the_reader_of_a_word_document_cannot_see_does_not_enter(how):
    def build(document):
        HIDDEN[how](document, document.add_paragraph("Zichtbaar").add_run(" VERBORGEN"))

    assert docx(build).text == "Zichtbaar"


def test_white_text_on_a_ground_and_explicitly_shown_text_are_kept():
    def build(document):
        cell = document.add_table(1, 2).rows[0].cells
        cell[0].paragraphs[0].add_run("Kop").font.color.rgb = RGBColor(255, 255, 255)
        cell[1].text = "Waarde"
        run = document.add_paragraph().add_run("Op zwart")
        run.font.color.rgb = RGBColor(255, 255, 255)
        run._r.get_or_add_rPr().append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="000000"/>'))
        document.add_paragraph().add_run("Getoond").font.hidden = False

    assert docx(build).text == "Kop\tWaarde\n\nOp zwart\n\nGetoond"


def test_inserted_text_content_controls_links_and_text_boxes_are_read():
    def build(document):
        paragraph = document.add_paragraph("Begin")
        paragraph._p.append(
            parse_xml(f'<w:ins {W} w:id="1"><w:r><w:t xml:space="preserve"> toegevoegd</w:t></w:r></w:ins>')
        )
        paragraph._p.append(
            parse_xml(
                f'<w:sdt {W}><w:sdtContent><w:r><w:t xml:space="preserve"> veld</w:t></w:r></w:sdtContent></w:sdt>'
            )
        )
        paragraph._p.append(
            parse_xml(
                f'<w:fldSimple {W} w:instr="X"><w:r><w:t xml:space="preserve"> 3</w:t></w:r></w:fldSimple>'
            )
        )
        body = document.element.body
        body.insert(
            1,
            parse_xml(
                f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Blok in een veld</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            ),
        )
        box = document.add_paragraph("Anker")
        box.add_run()._r.append(
            parse_xml(
                f'<w:pict {W} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
                "<w:t>In een kader</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
            )
        )

    assert docx(build).text == "Begin toegevoegd veld 3\n\nBlok in een veld\n\nAnker\n\nIn een kader"


def test_a_table_of_contents_is_left_out():
    def build(document):
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Doel\t4", style="toc 1")
        document.add_heading("Doel", 1)

    assert docx(build).text == "Doel"


def test_footnotes_are_marked_and_stand_at_the_end():
    target, noted = io.BytesIO(), io.BytesIO()
    document = Document()
    document.add_paragraph("Het krediet bedraagt 1.258").add_run()._r.append(
        parse_xml(f'<w:footnoteReference {W} w:id="2"/>')
    )
    document.add_paragraph("Nog een alinea.")
    document.save(target)
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>In duizend euro.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(noted, "w") as package:
        for name in source.namelist():
            package.writestr(name, source.read(name))
        package.writestr("word/footnotes.xml", notes)
    assert shape(checked(parse("a.docx", DOCX, noted.getvalue()))) == [
        ("paragraph", "Het krediet bedraagt 1.258¹"),
        ("paragraph", "Nog een alinea."),
        ("footnote", "¹ In duizend euro."),
    ]


def test_a_table_that_only_lays_out_text_is_text():
    def build(document):
        table = document.add_table(2, 1)
        table.rows[0].cells[0].text = "Eerste alinea."
        table.rows[1].cells[0].text = "Tweede alinea."

    assert shape(docx(build)) == [("paragraph", "Eerste alinea."), ("paragraph", "Tweede alinea.")]


def test_merged_cells_are_written_once():
    def build(document):
        table = document.add_table(2, 3)
        table.rows[0].cells[0].merge(table.rows[0].cells[2]).text = "Totaal"
        for cell, text in zip(table.rows[1].cells, "abc", strict=True):
            cell.text = text

    assert docx(build).text == "Totaal\na\tb\tc"


@pytest.mark.parametrize("number", range(1, 5))
def test_real_answers_are_read_as_questions_and_answers(number, shared):
    path = shared / "corpus" / "parsing" / f"antwoord-0{number}.docx"
    outcome = checked(parse(path.name, DOCX, path.read_bytes()))
    headings = [outcome.text[b.start : b.end] for b in outcome.blocks if b.kind == "heading"]
    numbers = [h for h in headings if h.startswith("Vraag")]
    assert numbers == [f"Vraag {n}" for n in range(1, len(numbers) + 1)] and len(numbers) >= 3
    assert sum(h.startswith("Antwoord op vra") for h in headings) >= 3
    assert "Pagina" not in outcome.text
    assert sum(b.kind == "footnote" for b in outcome.blocks) == [0, 2, 1, 1][number - 1]


def test_html_headings_lists_tables_and_paragraphs():
    outcome = html(
        "<h1>Lokaal pact</h1><p>Eerste <b>alinea</b>&nbsp;met<br>regels<sup>2</sup>.</p><h2>1. Doel</h2><ul><li>Een"
        "<ul><li>genest</li></ul></li><li><p>Twee</p></li></ul><table><caption>Tabel 1</caption><tr><th>Jaar</th>"
        "<th>VAK</th></tr><tr><td>2021</td><td>1.258</td></tr></table><p><strong>Tussentitel</strong></p>"
        "<details><summary>Meer</summary>uitleg</details><my-part>eigen element</my-part>losse tekst"
    )
    assert shape(outcome) == [
        ("heading", "Lokaal pact"),
        ("paragraph", "Eerste alinea met regels²."),
        ("heading", "1. Doel"),
        ("list_item", "Een"),
        ("list_item", "genest"),
        ("list_item", "Twee"),
        ("paragraph", "Tabel 1"),
        ("table", "Jaar\tVAK\n2021\t1.258"),
        ("heading", "Tussentitel"),
        ("paragraph", "Meer"),
        ("paragraph", "uitleg"),
        ("paragraph", "eigen element"),
        ("paragraph", "losse tekst"),
    ]
    assert [b.level for b in outcome.blocks if b.kind == "heading"] == [1, 2, 3]


@pytest.mark.parametrize(
    "secret",
    [
        '<p style="display:none">VERBORGEN</p>',
        '<span style="visibility: hidden">VERBORGEN</span>',
        '<p style="font-size:0px">VERBORGEN</p>',
        '<p style="position:absolute;left:-9999px">VERBORGEN</p>',
        '<p style="color:red;opacity:0">VERBORGEN</p>',
        "<p hidden>VERBORGEN</p>",
        '<p class="a weg">VERBORGEN</p>',
        '<p id="ook">VERBORGEN</p>',
        "<p class='stil'>VERBORGEN</p>",
        "<!-- VERBORGEN -->",
        "<script>VERBORGEN</script>",
        "<style>VERBORGEN</style>",
        "<template><p>VERBORGEN</p></template>",
        "<noscript>VERBORGEN</noscript>",
        "<textarea>VERBORGEN</textarea>",
        '<input type="hidden" value="VERBORGEN">',
        '<img src="x.png" alt="VERBORGEN">',
        '<p title="VERBORGEN" data-x="VERBORGEN"></p>',
        "<svg><text>VERBORGEN</text></svg>",
        "<nav>VERBORGEN</nav>",
        "<footer>VERBORGEN</footer>",
        "<del>VERBORGEN</del>",
        "<p>\u200b\U000e0056</p>",
    ],
)
def test_what_the_reader_of_a_page_cannot_see_does_not_enter(secret):
    sheet = "<style>/* x */ .weg, #ook { display : none } p.stil{visibility:hidden} @media print{.zicht{display:none}}</style>"
    outcome = html(f'<p class="zicht">Voor.</p>{secret}<p>Na.</p>', f"<title>VERBORGEN</title>{sheet}")
    assert outcome.text == "Voor.\n\nNa."


def test_visible_styles_hide_nothing():
    shown = '<p style="font-size:0.9em;opacity:0.8;left:-2px">a</p><p style="display:block">b</p><p class="zicht">c</p>'
    assert html(shown, "<style>.zicht{color:red}</style>").text == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<meta charset="iso-8859-1"><p>één €</p>'.encode("cp1252"), "één €"),
        ("<p>één €</p>".encode("utf-16"), "één €"),
        ("\ufeff<p>één €</p>".encode(), "één €"),
        (
            b'<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>',
            "x",
        ),
        (b"<p>&eacute;&eacute;n &euro; &#8364; &amp; &lt;b&gt;</p>", "één € € & <b>"),
    ],
)
def test_the_encoding_of_a_page_is_the_one_it_declares(data, text):
    assert html(data).text == text


def test_content_that_no_parser_reads_is_refused_not_raised():
    for media_type, data in (
        (DOCX, b"geen zip"),
        (DOCX, b"PK\x03\x04"),
        ("application/pdf", b"%PDF-"),
        ("text/html", b"\xff"),
    ):
        outcome = parse("map/a.bin", media_type, data)
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.path) == ("damaged", "map/a.bin")
        assert outcome.message.startswith("a.bin ")


def test_decisions_are_not_a_file_with_one_text():
    outcome = parse("a.jsonl", "application/jsonl", b"{}")
    assert isinstance(outcome, Rejected) and outcome.reason == "unsupported"


def test_a_fresh_process_reads_without_network_notice_or_a_changed_environment():
    """What unstructured does at import cannot be seen once it is imported, hence a process of its own."""
    script = """
import os, socket, sys
tried = []
def refuse(self, address):
    tried.append(address)
    raise OSError("no network")
socket.socket.connect = refuse
socket.getaddrinfo = lambda *a, **k: refuse(None, a)
before = dict(os.environ)
from ingest.parse import parse
assert "unstructured" not in sys.modules and "spacy" not in sys.modules
outcome = parse("a.html", "text/html", b"<h1>Titel</h1><p>Een zin met genoeg woorden om er een zin van te maken.</p>")
assert outcome.blocks[0].kind == "heading", outcome
assert tried == [] and dict(os.environ) == before, tried
"""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    hushed = ("DO_NOT_TRACK", "SCARF_NO_ANALYTICS", "UNSTRUCTURED_DISABLE_NOTICE")
    environment = {k: v for k, v in os.environ.items() if k not in hushed} | {"PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_python_docx_is_not_asked_for_an_unknown_style():
    def build(document):
        paragraph = document.add_paragraph("Tekst met een stijl die er niet is.")
        style = OxmlElement("w:pStyle")
        style.set(qn("w:val"), "BestaatNiet")
        paragraph._p.get_or_add_pPr().append(style)

    assert docx(build).text == "Tekst met een stijl die er niet is."
