import io
import json
import re
import unicodedata
from itertools import pairwise

import pytest
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from ingest.parse.invisible import visible
from ingest.parse.pdf import parse_pdf, word_boxes
from ingest.parse.titles import depth
from ingest.reading import cleaned
from ingest.records import Parsed, Rejected

WIDTH, HEIGHT = A4
SENTENCE = "De Vlaamse Regering maakt werk van een sterk beleid voor iedereen die werk zoekt. "


def drawn(draw, pages: int = 1) -> Parsed:
    """The PDF that `draw(canvas, page)` makes, parsed."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    for page in range(1, pages + 1):
        draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return parsed(target.getvalue())


def parsed(data: bytes) -> Parsed:
    outcome = parse_pdf("a.pdf", data)
    assert isinstance(outcome, Parsed), outcome
    check(outcome)
    return outcome


def check(outcome: Parsed) -> None:
    """What holds for every parsed file: blocks in order without blank ends, boxes inside them or in no block."""
    at = 0
    for block in outcome.blocks:
        text = outcome.text[block.start : block.end]
        assert block.start >= at and text and text == text.strip()
        assert (block.level > 0) == (block.kind == "heading")
        at = block.end
    for box in outcome.boxes:
        assert box.start < box.end and box.x0 < box.x1 and box.y0 < box.y1
        assert not re.search(r"\n\n", outcome.text[box.start : box.end])
    boxed = {i for box in outcome.boxes for i in range(box.start, box.end)}
    assert all(i in boxed for i, c in enumerate(outcome.text) if not c.isspace())


def _texts(outcome: Parsed) -> list[str]:
    return [outcome.text[b.start : b.end] for b in outcome.blocks]


def shape(outcome: Parsed) -> list[tuple[str, str]]:
    return [(b.kind, cleaned(outcome.text[b.start : b.end])) for b in outcome.blocks]


def column(
    canvas: Canvas, x: float, top: float, lines: list[str], font: str = "Helvetica", size: float = 10
) -> None:
    canvas.setFont(font, size)
    for at, line in enumerate(lines):
        canvas.drawString(x, HEIGHT - top - 13 * at, line)


def story(*flowables) -> bytes:
    target = io.BytesIO()
    SimpleDocTemplate(target, pagesize=A4).build(list(flowables))
    return target.getvalue()


def para(text: str, style: str = "BodyText") -> Paragraph:
    return Paragraph(text, getSampleStyleSheet()[style])


LEFT = [f"linkse regel {n} van de tekst op deze bladzijde" for n in range(1, 13)]
RIGHT = [f"rechtse regel {n} van de tekst op deze bladzijde" for n in range(1, 13)]


def test_two_columns_are_read_one_after_the_other_whatever_the_order_of_drawing():
    def draw(canvas, page):
        canvas.setFont("Helvetica", 10)
        for at, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            canvas.drawString(320, HEIGHT - 120 - 13 * at, right)
            canvas.drawString(57, HEIGHT - 120 - 13 * at, left)

    outcome = drawn(draw)
    assert outcome.text == "\n".join(LEFT + RIGHT)
    assert [b.kind for b in outcome.blocks] == ["paragraph"]


def test_a_heading_over_both_columns_divides_them():
    def draw(canvas, page):
        column(
            canvas,
            57,
            100,
            ["1 Een titel die over de twee kolommen van de bladzijde loopt"],
            "Helvetica-Bold",
            18,
        )
        column(canvas, 57, 140, LEFT)
        column(canvas, 320, 140, RIGHT)
        column(
            canvas,
            57,
            420,
            ["2 Nog een titel die over de twee kolommen loopt en verder"],
            "Helvetica-Bold",
            18,
        )
        column(canvas, 57, 460, [s.upper() for s in LEFT])
        column(canvas, 320, 460, [s.upper() for s in RIGHT])

    text = drawn(draw).text
    places = [
        text.index(s) for s in ("1 Een", LEFT[0], RIGHT[11], "2 Nog", LEFT[0].upper(), RIGHT[11].upper())
    ]
    assert places == sorted(places)


def test_a_column_of_another_page_orders_one_with_few_lines():
    def draw(canvas, page):
        column(canvas, 57, 140, LEFT[:1] if page == 3 else LEFT)
        column(canvas, 320, 140, RIGHT[:1] if page == 3 else RIGHT)

    text = drawn(draw, 3).text
    assert text.endswith(f"{LEFT[0]}\n{RIGHT[0]}")


def test_headings_take_their_level_from_numbers_and_size():
    def draw(canvas, page):
        column(canvas, 57, 100, ["Vlaanderen schittert"], "Helvetica", 36)
        column(canvas, 57, 160, ["1"], "Times-Roman", 22)
        column(canvas, 57, 185, ["Onderwijs"], "Helvetica", 22)
        column(canvas, 57, 230, ["1.1", "Visie op onder-", "wijs"], "Times-Bold", 13)
        column(canvas, 57, 290, [SENTENCE, SENTENCE])
        column(canvas, 57, 340, ["Tussentitel"], "Helvetica-Bold", 10)
        column(canvas, 57, 360, [SENTENCE])
        column(canvas, 57, 400, ["1.1.1 Dieper"], "Times-Bold", 13)
        column(canvas, 57, 430, [SENTENCE])
        column(canvas, 57, 470, ["2 Economie"], "Helvetica", 22)
        column(canvas, 57, 500, [SENTENCE])

    outcome = drawn(draw)
    headings = [
        (b.level, cleaned(outcome.text[b.start : b.end])) for b in outcome.blocks if b.kind == "heading"
    ]
    assert headings == [
        (1, "Vlaanderen schittert"),
        (2, "1 Onderwijs"),
        (3, "1.1 Visie op onderwijs"),
        (4, "Tussentitel"),
        (4, "1.1.1 Dieper"),
        (2, "2 Economie"),
    ]
    assert outcome.blocks[-1].section == ("Vlaanderen schittert", "2 Economie")


def test_headers_footers_and_page_numbers_are_left_out():
    def draw(canvas, page):
        column(canvas, 400, 40, [f"Beleidsbrief {'Werk' if page % 2 else 'Economie'}"], size=9)
        column(canvas, 57, 140, [f"Bladzijde {page} heeft eigen tekst {n}." for n in range(6)])
        column(canvas, 290, 800, [f"Pagina {page + 4} van 12"], size=9)

    text = drawn(draw, 6).text
    assert "Beleidsbrief" not in text and "Pagina" not in text
    assert all(f"Bladzijde {page} heeft eigen tekst 5." in text for page in range(1, 7))


def test_figures_in_the_margin_that_are_no_page_numbers_stay():
    figures = ["1250", "87", "430", "9"]

    def draw(canvas, page):
        column(canvas, 57, 140, [f"Bladzijde {page} heeft eigen tekst {n}." for n in range(6)])
        column(canvas, 57, 770, [figures[page - 1]])

    text = drawn(draw, 4).text
    assert [figure for figure in figures if f"\n{figure}" in text] == figures


def test_a_table_of_contents_stands_in_the_text_but_in_no_block():
    def draw(canvas, page):
        if page == 1:
            column(canvas, 57, 100, ["Inhoud"], "Helvetica-Bold", 18)
            for at, (title, number) in enumerate(
                [("1 Onderwijs", 2), ("1.1 Visie", 2), ("2 Werk", 3), ("2.1 Banen", 4)]
            ):
                column(canvas, 57, 150 + 20 * at, [title])
                canvas.drawRightString(500, HEIGHT - 150 - 20 * at, str(number))
        else:
            column(canvas, 57, 100, [f"{page - 1} Hoofdstuk"], "Helvetica-Bold", 18)
            column(canvas, 57, 150, [SENTENCE])

    outcome = drawn(draw, 4)
    assert "2.1 Banen 4" in outcome.text
    assert not any("Banen" in text for _, text in shape(outcome))
    assert shape(outcome)[:2] == [("heading", "Inhoud"), ("heading", "1 Hoofdstuk")]


def test_a_paragraph_runs_over_pages_and_its_footnote_waits():
    def draw(canvas, page):
        if page == 1:
            column(canvas, 57, 640, ["Deze zin begint hier op de eerste bladzijde van dit document en"])
            column(canvas, 57, 720, ["1 Een voetnoot over de eerste bladzijde."], size=7)
        else:
            column(canvas, 57, 100, ["gaat verder op de tweede.", "En dan volgt nog iets."])

    outcome = drawn(draw, 2)
    assert shape(outcome) == [
        ("paragraph", "Deze zin begint hier op de eerste bladzijde van dit document en gaat verder op de tweede. En dan volgt nog iets."),
        ("footnote", "1 Een voetnoot over de eerste bladzijde."),
    ]  # fmt: skip
    assert [b.page for b in outcome.blocks] == [1, 1]
    assert {box.page for box in outcome.boxes} == {1, 2}


def test_line_end_hyphens_vanish_and_those_of_words_stay():
    lines = [
        "We versterken de schoolge-",
        "bouwen, ook op sociaal-economisch vlak, en de sociaal-",
        "economische raad, de Vlaams-",
        "Brusselse werking, de werk-",
        "en zorgtrajecten en het artikel AB0-",
        "1CBG2AB-WT.",
    ]
    outcome = drawn(lambda canvas, page: column(canvas, 57, 140, lines))
    assert cleaned(outcome.text) == (
        "We versterken de schoolgebouwen, ook op sociaal-economisch vlak, en de sociaal-economische raad, "
        "de Vlaams-Brusselse werking, de werk- en zorgtrajecten en het artikel AB0-1CBG2AB-WT."
    )
    assert "\x02" not in outcome.text


def test_list_items_by_sign_number_and_drawn_bullet():
    def draw(canvas, page):
        column(canvas, 57, 140, ["We doen het volgende:"])
        column(canvas, 57, 166, ["•", "1.", "–"])
        column(canvas, 75, 166, ["het eerste", "het tweede", "het derde"])
        canvas.setFillColor(colors.yellow)
        for at in (230, 256):
            canvas.rect(57, HEIGHT - at, 14, 4, stroke=0, fill=1)
        canvas.setFillColor(colors.black)
        column(canvas, 75, 230, ["met een getekend teken"])
        column(canvas, 75, 256, ["en nog een, over", "twee regels"])

    assert shape(drawn(draw)) == [
        ("paragraph", "We doen het volgende:"),
        ("list_item", "• het eerste"),
        ("list_item", "1. het tweede"),
        ("list_item", "– het derde"),
        ("list_item", "met een getekend teken"),
        ("list_item", "en nog een, over twee regels"),
    ]


def test_a_dash_in_the_middle_of_a_sentence_starts_no_item():
    lines = [
        "De minister van Volksgezondheid, Welzijn en Sport antwoordt",
        "– mede namens zijn collega – dat het klopt.",
    ]
    assert len(drawn(lambda canvas, page: column(canvas, 57, 140, lines)).blocks) == 1


def test_labels_of_questions_are_headings():
    lines = [
        "Vraag 1",
        "Hoeveel kost dit aan de Vlaamse begroting?",
        "Antwoord op vraag 1",
        "Het kost 1.258 keuro.",
    ]
    assert [kind for kind, _ in shape(drawn(lambda canvas, page: column(canvas, 57, 140, lines)))] == [
        "heading", "paragraph", "heading", "paragraph"
    ]  # fmt: skip


def test_a_raised_figure_is_no_part_of_the_amount_before_it():
    def draw(canvas, page):
        text = canvas.beginText(57, HEIGHT - 140)
        text.setFont("Helvetica", 10)
        text.textOut("Het krediet bedraagt 1.258")
        text.setFont("Helvetica", 6)
        text.setRise(4)
        text.textOut("3")
        text.setFont("Helvetica", 10)
        text.setRise(0)
        text.textOut(" keuro en CO")
        text.setFont("Helvetica", 6)
        text.setRise(-2)
        text.textOut("2")
        canvas.drawText(text)

    assert drawn(draw).text == "Het krediet bedraagt 1.258³ keuro en CO2"


TABLE = [
    ["(duizend euro)", "VAK", "VEK"],
    ["AB0-1CBG2AB-WT", "1.258", "1.258"],
    ["2e BA", "22.503", "18.883"],
    ["BU", "2.698", "-2.315"],
    ["Totaal", "15.079", "(10.081)"],
]


@pytest.mark.parametrize("grid", [True, False])
@pytest.mark.parametrize("align", ["RIGHT", "CENTER", "LEFT"])
def test_the_rows_of_a_table_are_lines_with_tabs(grid, align):
    style = [("ALIGN", (1, 0), (-1, -1), align)] + (
        [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if grid else []
    )
    outcome = parsed(
        story(
            para("1. Begroting", "Heading1"), para(SENTENCE), Table(TABLE, style=style), para("Tekst erna.")
        )
    )
    assert [b.kind for b in outcome.blocks] == ["heading", "paragraph", "table", "paragraph"]
    table = outcome.blocks[2]
    assert outcome.text[table.start : table.end] == "\n".join("\t".join(row) for row in TABLE)


def test_each_cell_has_its_own_box():
    outcome = parsed(story(para(SENTENCE), Table(TABLE, style=[("ALIGN", (1, 0), (-1, -1), "RIGHT")])))
    boxes = {outcome.text[b.start : b.end]: b for b in outcome.boxes}
    assert abs(boxes["22.503"].x1 - boxes["2.698"].x1) < 0.5 < abs(boxes["22.503"].x1 - boxes["18.883"].x1)
    assert boxes["VAK"].y1 <= boxes["22.503"].y0 < boxes["22.503"].y1 <= boxes["15.079"].y0


def test_cells_of_many_lines_between_ruled_lines_are_one_row():
    rows = [
        ["Maatregel", "Toelichting"],
        ["Wijk-werken", para(SENTENCE * 2)],
        ["Opleiding", para(SENTENCE * 3)],
    ]
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    outcome = parsed(
        story(
            para(SENTENCE), Spacer(1, 12), Table(rows, colWidths=[100, 300], style=style), para("Tekst erna.")
        )
    )
    table = outcome.blocks[1]
    assert outcome.text[table.start : table.end] == (
        f"Maatregel\tToelichting\nWijk-werken\t{(SENTENCE * 2).strip()}\nOpleiding\t{(SENTENCE * 3).strip()}"
    )


def test_boxes_are_where_the_words_are():
    outcome = drawn(lambda canvas, page: column(canvas, 72, 100, ["linksboven"]))
    (box,) = outcome.boxes
    assert (box.page, round(box.x0)) == (1, 72)
    assert box.y0 < 100 < box.y1 and box.y1 - box.y0 < 15


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_the_page(rotation):
    def draw(canvas, page):
        canvas.setPageRotation(rotation)
        if rotation == 90:
            canvas.translate(WIDTH, 0)
        if rotation == 180:
            canvas.translate(WIDTH, HEIGHT)
        if rotation == 270:
            canvas.translate(HEIGHT - WIDTH, WIDTH)
        canvas.rotate(rotation)
        canvas.setFont("Helvetica", 10)
        for at in range(3):
            canvas.drawString(72, (HEIGHT if rotation in (0, 180) else WIDTH) - 100 - 13 * at, f"regel {at}")

    outcome = drawn(draw)
    assert outcome.text == "regel 0\nregel 1\nregel 2"
    assert [(round(b.x0), round(b.y0 - outcome.boxes[0].y0)) for b in outcome.boxes] == [
        (72, 0),
        (72, 13),
        (72, 26),
    ]
    assert 88 < outcome.boxes[0].y0 < 100


def test_word_boxes_give_every_word():
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.drawString(72, 700, "een twee drie")
    canvas.save()
    words = word_boxes(target.getvalue())
    assert [w[5] for w in words] == ["een", "twee", "drie"]
    assert words[0][1] == pytest.approx(72, abs=1) and words[0][3] < words[1][1]
    assert word_boxes(b"geen pdf") == []


def hidden(canvas, how: str) -> None:
    """The word VERBORGEN, drawn so that nobody can see it."""
    canvas.setFont("Helvetica", 10)
    if how == "invisible":
        text = canvas.beginText(57, 500)
        text.setTextRenderMode(3)
        text.textLine("VERBORGEN")
        canvas.drawText(text)
    elif how == "white":
        canvas.setFillColor(colors.white)
        canvas.drawString(57, 500, "VERBORGEN")
    elif how == "white in a frame":
        canvas.rect(40, 480, 300, 40, fill=0)
        canvas.setFillColor(colors.white)
        canvas.rect(45, 485, 290, 30, stroke=0, fill=1)
        canvas.drawString(57, 500, "VERBORGEN")
    elif how == "tiny":
        canvas.setFont("Helvetica", 0.1)
        canvas.drawString(57, 500, "VERBORGEN")
    elif how == "off the page":
        canvas.drawString(-200, 500, "VERBORGEN")
    else:
        canvas.setFillAlpha(0)
        canvas.drawString(57, 500, "VERBORGEN")


@pytest.mark.parametrize(
    "how", ["invisible", "white", "white in a frame", "tiny", "off the page", "transparent"]
)
def test_text_that_nobody_sees_does_not_enter(how):
    def draw(canvas, page):
        column(canvas, 57, 140, [SENTENCE])
        hidden(canvas, how)

    assert drawn(draw).text == SENTENCE.strip()


def test_white_text_on_a_dark_ground_and_the_words_of_a_scan_are_kept():
    def draw(canvas, page):
        column(canvas, 57, 140, [SENTENCE])
        canvas.setFillColor(colors.darkblue)
        canvas.rect(50, 490, 300, 30, fill=1)
        canvas.setFillColor(colors.white)
        canvas.drawString(57, 500, "wit op blauw")

    assert "wit op blauw" in drawn(draw).text
    pixel = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(pixel, "PNG")

    def scan(canvas, page):
        pixel.seek(0)
        canvas.drawImage(ImageReader(pixel), 0, 0, WIDTH, HEIGHT)
        hidden(canvas, "invisible")

    assert drawn(scan).text == "VERBORGEN"


def test_characters_that_nobody_sees_do_not_enter():
    assert visible("een\u200btwee\u202e drie\xadvier\U000e0041 vijf\ufeff\u2066") == "eentwee drievier vijf"
    assert visible("re\u0308el\xa0 1\u202f258\r\n\r\n ja") == "r\xebel 1 258\nja".replace("r\xebel", "rëel")
    assert drawn(lambda canvas, page: column(canvas, 57, 140, ["drie\xa0vier"])).text == "drie vier"


def test_a_file_without_words_is_refused_with_what_to_do():
    def scan(canvas, page):
        canvas.rect(10, 10, 500, 500, fill=1)

    target = io.BytesIO()
    canvas = Canvas(target)
    scan(canvas, 1)
    canvas.save()
    refused = parse_pdf("map/scan.pdf", target.getvalue())
    assert isinstance(refused, Rejected)
    assert (refused.reason, refused.path) == ("no_text_layer", "map/scan.pdf")
    assert "OCR" in refused.message


def test_depth_counts_the_parts_of_a_number():
    assert [depth(t) for t in ("1 Onderwijs", "1.2.1 Kwaliteit", "2.3. Werk", "2021", "12.500 euro", "A.1 Bijlage", "1.2")] == [
        1, 3, 2, 0, 0, 0, 2
    ]  # fmt: skip


def glued(text: str) -> str:
    """Letters and digits alone, for comparing texts that break and hyphenate differently."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


@pytest.fixture(scope="module")
def agreement(shared) -> Parsed:
    """The real coalition agreement: two columns, 214 pages."""
    return parsed((shared / "corpus" / "documents" / "regeerakkoord-2019-2024.pdf").read_bytes())


def test_the_sections_of_the_coalition_agreement_are_its_outline(agreement, shared):
    lines = (shared / "corpus" / "regeerakkoord-sections.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = [json.loads(line)["path"] for line in lines]
    paths = {tuple(glued(title) for title in block.section) for block in agreement.blocks if block.section}
    found = [any(_leads_to(path, [glued(t) for t in want]) for path in paths) for want in wanted]
    assert len(found) == 224
    assert sum(found) >= 223  # one title has a typing error in the list of sections


def _leads_to(path: tuple[str, ...], want: list[str]) -> bool:
    """Whether the wanted titles stand in a path, joined or not ("Werf 1 - Elk talent telt" is one title there)."""
    return "".join(path).find("".join(want)) >= 0


def test_the_text_of_each_section_stands_in_the_coalition_agreement_in_order(agreement, shared):
    lines = (shared / "corpus" / "regeerakkoord-sections.jsonl").read_text(encoding="utf-8").splitlines()
    whole = glued(cleaned(agreement.text))
    shares = []
    for section in map(json.loads, lines):
        text = glued(section["text"])
        pieces = [text[at : at + 60] for at in range(0, max(1, len(text) - 60), 60)]
        places = [place for piece in pieces if (place := whole.find(piece)) >= 0]
        rising = sum(a < b for a, b in pairwise(places)) + bool(places)
        shares.append(rising / len(pieces))
    assert sum(shares) / len(shares) >= 0.95


def test_the_coalition_agreement_has_no_furniture_and_few_odd_blocks(agreement):
    texts = [cleaned(agreement.text[b.start : b.end]) for b in agreement.blocks if b.kind != "heading"]
    assert not {"Vlaanderen schittert", "Onderwijs", "Inhoudstafel"} & set(texts)
    assert not any(text.isdigit() for text in texts)
    assert sum(b.kind == "table" for b in agreement.blocks) == 0
    assert sum(b.kind == "list_item" for b in agreement.blocks) > 600
    broken = [
        b for b, t in zip(agreement.blocks, map(str.strip, _texts(agreement)), strict=True) if t[:1].islower()
    ]
    assert sum(b.kind == "paragraph" for b in broken) == 0


@pytest.mark.parametrize("name", [f"kamervraag-0{n}.pdf" for n in range(1, 9)])
def test_parliamentary_questions_are_read_as_questions_and_answers(name, shared):
    outcome = parsed((shared / "corpus" / "parsing" / name).read_bytes())
    headings = [cleaned(outcome.text[b.start : b.end]) for b in outcome.blocks if b.kind == "heading"]
    assert any(h.startswith("Vraag ") for h in headings)
    assert ("Antwoord 1" in headings) == ("\nAntwoord 1\n" in outcome.text)
    assert not re.search(r"vergaderjaar 2023–2024, Aanhangsel\n", outcome.text)


def test_the_decisions_of_a_council_meeting_are_its_numbered_headings(shared):
    outcome = parsed((shared / "corpus" / "parsing" / "besluitenlijst-gemeenteraad.pdf").read_bytes())
    headings = [outcome.text[b.start : b.end] for b in outcome.blocks if b.kind == "heading"]
    assert [depth(h) and int(h.split(".")[0]) for h in headings] == [0, *range(1, 18)]
