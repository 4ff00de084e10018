"""Budget tables of a PDF in three styles, made by the test: by their cells' places on the page."""

from decimal import Decimal
from io import BytesIO

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from ingest.budget.ledger import read_ledger
from ingest.parse.pdf import parse_pdf
from ingest.records import Document, Metadata

STYLES = getSampleStyleSheet()
RULED = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("ALIGN", (1, 0), (-1, -1), "RIGHT")]
OPEN = [("ALIGN", (1, 0), (-1, -1), "RIGHT")]
BANDED = [
    ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
    ("LINEBELOW", (0, 1), (-1, 1), 0.5, colors.black),
    ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
    ("BACKGROUND", (0, 2), (-1, 2), colors.whitesmoke),
    ("ALIGN", (1, 0), (-1, -1), "CENTER"),
]
MERGED = [("SPAN", (1, 0), (3, 0)), ("SPAN", (4, 0), (6, 0)), ("ALIGN", (1, 0), (-1, 0), "CENTER")]
PAIRED = [("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0)), ("ALIGN", (1, 0), (-1, 0), "CENTER")]

SIX = [["", "VAK", "", "", "VEK", "", ""], ["2023", "2e BA", "2e BA-JR", "BU", "2e BA", "2e BA-JR", "BU"]]
FIVE = ["2023", "AO", "TO", "LO", "VAK", "VEK"]
TWO = [["", "BA 2022", "", "BO 2023", ""], ["", "VAK", "VEK", "VAK", "VEK"]]


def article(code, title, unit, rows, style, widths):
    return [
        Paragraph(f"{code} – {title}", STYLES["Heading3"]),
        Paragraph("Korte inhoud begrotingsartikel", STYLES["Heading4"]),
        Paragraph(
            f"Dit artikel betaalt wat nodig is voor {title.lower()}, en voor niets anders dan dat.",
            STYLES["Normal"],
        ),
        Spacer(1, 8),
        Paragraph(unit, STYLES["Normal"]),
        Spacer(1, 4),
        Table(rows, colWidths=widths, style=TableStyle(style)),
        Spacer(1, 8),
        Paragraph("Inhoudelijke toelichting", STYLES["Heading4"]),
        Paragraph(
            "Er valt over dit artikel verder weinig te zeggen dat de tabel niet al zegt.", STYLES["Normal"]
        ),
    ]


def read(*articles):
    target = BytesIO()
    story = [Paragraph("1. Inhoudelijk structuurelement: WATERWEGEN", STYLES["Heading2"])]
    SimpleDocTemplate(target, pagesize=A4).build([*story, *(part for parts in articles for part in parts)])
    parsed = parse_pdf("begroting.pdf", target.getvalue())
    return Document(Metadata("d", "bbt", "t", "test"), "", parsed.text, parsed.blocks, parsed.boxes)


def cells(ledger, code):
    return {(c.year, c.phase, c.credit): c.value for c in ledger.cells if c.code == code}


@pytest.mark.parametrize("style", [RULED, OPEN, BANDED], ids=["ruled", "open", "banded"])
def test_phases_under_merged_credits(style):
    rows = [*SIX, ["Uitgaven", "1.234", "1.300", "(7)", "12.345.678", "0", "-5"]]
    document = read(
        article("NC0-1NDA2VA-WT", "BRUGGEN", "(duizend euro)", rows, [*style, *MERGED], [70] + [58] * 6)
    )
    ledger = read_ledger(document)
    assert cells(ledger, "NC0-1NDA2VA-WT") == {
        (2023, "2e BA", "VAK"): 1234, (2023, "2e BA-JR", "VAK"): 1300, (2023, "BU", "VAK"): -7,
        (2023, "2e BA", "VEK"): 12345678, (2023, "2e BA-JR", "VEK"): 0, (2023, "BU", "VEK"): -5,
    }  # fmt: skip
    negative = next(c for c in ledger.cells if c.value == -7)
    assert document.text[negative.start : negative.end] == "(7)"
    assert {c.page for c in ledger.cells} == {1}
    assert ledger.unread == ()


@pytest.mark.parametrize("style", [RULED, OPEN, BANDED], ids=["ruled", "open", "banded"])
def test_an_empty_cell_is_no_cell_and_shifts_nothing(style):
    rows = [
        FIVE,
        ["2e BA", "", "", "", "1.000", "900"],
        ["2e BA-JR", "5", "", "0", "1.100", ""],
        ["BU", "12", "-", "0", "- 1.050", "( 3 )"],
    ]
    ledger = read_ledger(
        read(article("NC0-1NDA2VB-LO", "LONEN", "(duizend euro)", rows, style, [80] + [65] * 5))
    )
    assert ledger.unread == ()
    assert cells(ledger, "NC0-1NDA2VB-LO") == {
        (2023, "2e BA", "VAK"): 1000, (2023, "2e BA", "VEK"): 900,
        (2023, "2e BA-JR", "AO"): 5, (2023, "2e BA-JR", "LO"): 0, (2023, "2e BA-JR", "VAK"): 1100,
        (2023, "BU", "AO"): 12, (2023, "BU", "LO"): 0, (2023, "BU", "VAK"): -1050, (2023, "BU", "VEK"): -3,
    }  # fmt: skip


@pytest.mark.parametrize("style", [RULED, OPEN, BANDED], ids=["ruled", "open", "banded"])
def test_credits_under_merged_phases_in_euro(style):
    rows = [*TWO, ["Uitgaven", "1.234.567,89", "1 200 000", "€ 5.000,50", "(0,25)"]]
    document = read(
        article("NC0-1NDA2VC-WT", "OEVERS", "(in euro)", rows, [*style, *PAIRED], [80] + [80] * 4)
    )
    ledger = read_ledger(document)
    assert ledger.unread == ()
    assert cells(ledger, "NC0-1NDA2VC-WT") == {
        (2022, "BA", "VAK"): Decimal("1234.56789"), (2022, "BA", "VEK"): 1200,
        (2023, "BO", "VAK"): Decimal("5.0005"), (2023, "BO", "VEK"): Decimal("-0.00025"),
    }  # fmt: skip


@pytest.mark.parametrize("style", [RULED, OPEN, BANDED], ids=["ruled", "open", "banded"])
def test_heads_and_labels_wrapped_over_lines(style):
    rows = [
        ["", "VAK", "", "", "VEK", "", ""],
        ["2023", "2e BA", "2e BA-\nJR", "BU", "2e BA", "2e BA-\nJR", "BU"],
        ["Uitgaven", "1", "", "3", "4", "5", "6"],
    ]
    document = read(
        article("NC0-1NDA2VA-WT", "BRUGGEN", "(duizend euro)", rows, [*style, *MERGED], [70] + [50] * 6)
    )
    ledger = read_ledger(document)
    assert [(c.phase, c.credit, c.value) for c in ledger.cells] == [
        ("2e BA", "VAK", 1), ("BU", "VAK", 3), ("2e BA", "VEK", 4), ("2e BA-JR", "VEK", 5), ("BU", "VEK", 6),
    ]  # fmt: skip


@pytest.mark.parametrize("style", [RULED, OPEN, BANDED], ids=["ruled", "open", "banded"])
def test_labels_of_rows_over_three_lines_are_read_or_unread_never_shifted(style):
    rows = [FIVE, ["2e\naanpassing\nBA", *"12345"], ["2e\naanpassing\nBA-JR", *"67890"], ["BU", *"54321"]]
    ledger = read_ledger(
        read(article("NC0-1NDA2VB-LO", "LONEN", "(duizend euro)", rows, style, [80] + [60] * 5))
    )
    found = [(c.phase, c.credit, c.value) for c in ledger.cells]
    wanted = {"2e BA": "12345", "2e BA-JR": "67890", "BU": "54321"}
    right = [
        (stated, money, int(digit))
        for stated, digits in wanted.items()
        for money, digit in zip(("AO", "TO", "LO", "VAK", "VEK"), digits, strict=True)
    ]
    assert found in (right, [])
    assert bool(found) != bool(ledger.unread)
    assert found or style is not RULED


def test_several_styles_in_one_document_each_stand_alone():
    six = [*SIX, ["Uitgaven", "1", "2", "3", "4", "5", "6"]]
    two = [*TWO, ["Uitgaven", "7", "8", "9", "10"]]
    document = read(
        article("NC0-1NDA2VA-WT", "BRUGGEN", "(duizend euro)", six, [*RULED, *MERGED], [70] + [58] * 6),
        article("NC0-1NDA2VC-WT", "OEVERS", "(in euro)", two, [*OPEN, *PAIRED], [80] + [80] * 4),
        article("NC0-1NDA2VD-WT", "KAAIEN", "(duizend euro)", two, [*BANDED, *PAIRED], [80] + [80] * 4),
    )
    ledger = read_ledger(document)
    assert [(c.code[-5:], str(c.value)) for c in ledger.cells] == [
        *(("VA-WT", str(n)) for n in range(1, 7)),
        *(("VC-WT", f"0.0{n:02}".rstrip("0")) for n in range(7, 11)),
        *(("VD-WT", str(n)) for n in range(7, 11)),
    ]


def test_a_figure_between_two_columns_leaves_the_table_unread():
    rows = [*SIX, ["Uitgaven", "1.234", "1.300", "", "", "", "5"]]
    shifted = [*OPEN, ("RIGHTPADDING", (2, 2), (2, 2), -28)]
    ledger = read_ledger(
        read(article("NC0-1NDA2VA-WT", "BRUGGEN", "(duizend euro)", rows, shifted, [70] + [58] * 6))
    )
    assert ledger.cells == ()
    assert len(ledger.unread) == 1
