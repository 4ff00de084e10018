"""Tables of measures within an article: read when they add up to the article, unread otherwise."""

import pytest

from ingest.budget.ledger import read_ledger
from ingest.records import Document, Metadata

HEAD = """1. Inhoudelijk structuurelement: VAARROUTES

NC0-1NDA2VA-WT – BRUGGEN

Korte inhoud begrotingsartikel
Onderhoud.

(duizend euro)

VAK VEK
2023 BA BA-JR BU BA BA-JR BU
Uitgaven 30 40 25 30 38 24

Inhoudelijke toelichting
Zie hieronder.

"""
SIDE_BY_SIDE = """Hout Staal Totaal
VAK VEK VAK VEK VAK VEK

BA 10 10 20 20 30 30
Herverdelingen 10 8   10 8
BA-JR 20 18 20 20 40 38
BU 5 4 20 20 25 24
"""
LOOSE = """Maatregel Budget % 2023 %
VAK VEK

Hout 10 33% 5 4 -1%
Staal 20 67% 20 20 2%
30 100% 25 24 1%
"""


def read(table: str):
    return read_ledger(Document(Metadata("d", "bbt", "t", "test"), "", f"{HEAD}{table}\nEn verder.\n", ()))


def test_measures_side_by_side():
    ledger = read(SIDE_BY_SIDE)
    assert [(b.label, b.phase, b.credit, b.value) for b in ledger.breakdowns] == [
        ("Hout", "BA", "VAK", 10), ("Hout", "BA", "VEK", 10), ("Staal", "BA", "VAK", 20), ("Staal", "BA", "VEK", 20),
        ("Hout", "BA-JR", "VAK", 20), ("Hout", "BA-JR", "VEK", 18),
        ("Staal", "BA-JR", "VAK", 20), ("Staal", "BA-JR", "VEK", 20),
        ("Hout", "BU", "VAK", 5), ("Hout", "BU", "VEK", 4), ("Staal", "BU", "VAK", 20), ("Staal", "BU", "VEK", 20),
    ]  # fmt: skip
    assert {b.year for b in ledger.breakdowns} == {2023}
    assert ledger.unread == ()


def test_the_phases_settle_which_columns_a_row_with_empty_cells_fills():
    ledger = read(SIDE_BY_SIDE)
    assert [(a.label, a.credit, a.value) for a in ledger.adjustments] == [
        ("Hout", "VAK", 10), ("Hout", "VEK", 8), (None, "VAK", 10), (None, "VEK", 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "instead"),
    [
        ("BU 5 4 20 20 25 24", "BU 5 4 20 22 25 24"),  # the measures are more than their total
        ("BU 5 4 20 20 25 24", "BU 5 4 20 20 25 25"),  # the total is not the article's cell
        ("BU 5 4 20 20 25 24", "BU 5 4 20 20 25"),
        ("Hout Staal Totaal", "Nieuw hout Staal Totaal"),
        ("BA-JR 20 18", "1e BA 20 18"),  # a phase that the article does not have
    ],
)
def test_measures_that_do_not_add_up_are_unread(printed: str, instead: str):
    ledger = read(SIDE_BY_SIDE.replace(printed, instead))
    assert ledger.breakdowns == ()
    assert len(ledger.cells) == 6
    (place,) = ledger.unread
    assert place.start >= len(HEAD)


def test_a_row_whose_columns_are_not_settled_is_unread_alone():
    ledger = read(SIDE_BY_SIDE.replace("Herverdelingen 10 8   10 8", "Herverdelingen 10 8"))
    assert len(ledger.breakdowns) == 12
    assert ledger.adjustments == ()
    (place,) = ledger.unread
    assert "Herverdelingen" in place.reason


def test_sums_settle_the_columns_of_a_table_without_readable_head():
    ledger = read(LOOSE)
    assert [(b.label, b.phase, b.credit, b.value) for b in ledger.breakdowns] == [
        ("Hout", "BA", "VAK", 10), ("Hout", "BA", "VEK", 10), ("Hout", "BU", "VAK", 5), ("Hout", "BU", "VEK", 4),
        ("Staal", "BA", "VAK", 20), ("Staal", "BA", "VEK", 20), ("Staal", "BU", "VAK", 20), ("Staal", "BU", "VEK", 20),
    ]  # fmt: skip


def test_a_column_that_nothing_settles_is_left_out():
    ledger = read(LOOSE.replace("VAK VEK\n", "\n"))
    assert {(b.phase, b.credit) for b in ledger.breakdowns} == {("BA", "VAK"), ("BA", "VEK")}


@pytest.mark.parametrize(
    "table",
    [
        LOOSE.replace("Hout 10 33%", "Hout 11 33%"),  # the sum is wrong
        LOOSE.replace("30 100% 25 24", "31 100% 26 25").replace(
            "10 33% 5 4", "11 33% 6 5"
        ),  # another article's sums
        LOOSE.replace("30 100% 25 24 1%\n", ""),  # no sum at all
        LOOSE.replace("Staal 20 67% 20 20", "Staal 20 67% 20"),  # a row that fits in two ways
        LOOSE.replace("Staal 20 67% 20 20", "Staal 20 67% 20\n20"),  # a row in two lines
        "Kwartaal Q1 Q2 Q3\n\n2022 1 2 3\n2023 4 5 6\n",
    ],
)
def test_a_table_that_sums_do_not_settle_is_unread(table: str):
    ledger = read(table)
    assert ledger.breakdowns == ()
    assert len(ledger.cells) == 6
    assert [place.start >= len(HEAD) for place in ledger.unread] == [True]


def test_measures_as_rows_under_the_articles_own_row():
    text = HEAD.replace("Uitgaven 30", "Hout 10 20 5 10 18 4\nStaal 20 20 20 20 20 20\nUitgaven 30")
    ledger = read_ledger(Document(Metadata("d", "bbt", "t", "test"), "", text, ()))
    assert len(ledger.cells) == 6
    assert [(b.label, b.value) for b in ledger.breakdowns if (b.phase, b.credit) == ("BU", "VEK")] == [
        ("Hout", 4), ("Staal", 20),
    ]  # fmt: skip
    wrong = read_ledger(
        Document(Metadata("d", "bbt", "t", "test"), "", text.replace("Hout 10", "Hout 12"), ())
    )
    assert (len(wrong.cells), wrong.breakdowns, len(wrong.unread)) == (6, (), 1)


def test_a_second_table_that_says_something_else_is_unread():
    again = HEAD[HEAD.index("(duizend euro)") : HEAD.index("Inhoudelijke")]
    assert read(again).unread == ()
    ledger = read(again.replace("25 30", "26 30"))
    assert [c.value for c in ledger.cells if c.phase == "BU"] == [25, 24]
    (place,) = ledger.unread
    assert "tweede tabel" in place.reason
