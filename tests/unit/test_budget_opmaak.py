"""A made-up explanation of another minister, in another edition, with other letters and other tables."""

from decimal import Decimal

import pytest

from ingest.budget.identities import identities
from ingest.budget.ledger import read_ledger
from ingest.records import Document, Metadata

# Written for this test. Edition opmaak 2023: columns BA 2022 and BO 2023, rows between them, a table in euro.
EXPLANATION = """IV. BELEIDSVELD: WATERWEGEN

PROGRAMMA ND – WATERWEGEN

(duizend euro)

AO TO LO VAK VEK
BA 2022 40 0 0 1.500 1.400
BO 2023 45 0 0 1.620,5 1.468,25

1. Inhoudelijk structuurelement: VAARROUTES

1.1. OD 3. De bruggen onderhouden

1.2. Budgettair kader

VAARROUTES, MVG excl. DAB

(duizend euro)

BA 2022 BO 2023
VAK VEK VAK VEK

ESR-uitgaven WT, LO, PR 1.200 1.100 1.320,5 1.168,25
Toelagen IS 300 300 300 300
Overige LE, PA, andere 0 0 0 0
Totaal 1.500 1.400 1.620,5 1.468,25

Ontvangstenartikelen

NC0-9NDAAVA-OW – Vaarrechten en
retributies

Korte inhoud begrotingsartikel
De rechten die schippers betalen.

(duizend euro)

AO TO LO
BA 2022 40 0 0
Index 5 0 0
BO 2023 45 0 0

Inhoudelijke toelichting
Hogere tarieven.

Uitgavenartikelen

NC0-1NDA2VA-WT – BRUGGEN

Korte inhoud begrotingsartikel
Onderhoud van bruggen, in uitvoering van OD 3.

(in euro)

BA 2022 BO 2023
VAK VEK VAK VEK
Uitgaven 1.200.000 1.100.000,00 1.320.500 1.168.250

Inhoudelijke toelichting
Het krediet stijgt met 120 keuro VAK vanuit de sluizenprovisie (NA0-1NAX2PA-PR) om de brug te Peer te herstellen.

NC0-1NDA2VY-IS – DE VAARWEG NV

Korte inhoud begrotingsartikel
De toelage.

(duizend euro)

2023 AO TO LO VAK VEK

BA 2022

0 0 0 300 300

Index 0 0 0 12 12
Andere
bijstellingen 0 0 0 (12) (12)
17
BO 2023 0 0 0 300 300

NC0-1NDA2VB-WT – OEVERS

Korte inhoud begrotingsartikel
Dit artikel wordt in 2023 opgeheven; er is geen tabel.

X. LIJST MET AFKORTINGEN
"""


def document(text):
    return Document(Metadata("bbt-water", "bbt", "BBT Waterwegen", "test"), "", text, ())


@pytest.fixture(scope="module")
def ledger():
    return read_ledger(document(EXPLANATION))


def test_cells_of_both_years_are_read(ledger):
    found = {(c.code, c.year, c.phase, c.credit): str(c.value) for c in ledger.cells if c.value}
    assert found == {
        ("NC0-9NDAAVA-OW", 2022, "BA", "AO"): "40",
        ("NC0-9NDAAVA-OW", 2023, "BO", "AO"): "45",
        ("NC0-1NDA2VA-WT", 2022, "BA", "VAK"): "1200",
        ("NC0-1NDA2VA-WT", 2022, "BA", "VEK"): "1100",
        ("NC0-1NDA2VA-WT", 2023, "BO", "VAK"): "1320.5",
        ("NC0-1NDA2VA-WT", 2023, "BO", "VEK"): "1168.25",
        ("NC0-1NDA2VY-IS", 2022, "BA", "VAK"): "300",
        ("NC0-1NDA2VY-IS", 2022, "BA", "VEK"): "300",
        ("NC0-1NDA2VY-IS", 2023, "BO", "VAK"): "300",
        ("NC0-1NDA2VY-IS", 2023, "BO", "VEK"): "300",
    }
    assert len(ledger.cells) == 6 + 4 + 10


def test_the_span_holds_the_figure_in_the_printed_unit(ledger):
    (cell,) = [c for c in ledger.cells if str(c.value) == "1168.25"]
    assert EXPLANATION[cell.start : cell.end] == "1.168.250"
    assert EXPLANATION[cell.row_start : cell.row_end] == "Uitgaven 1.200.000 1.100.000,00 1.320.500 1.168.250"


def test_an_article_without_table_is_listed_so(ledger):
    tables = {article.code: article.table is not None for article in ledger.articles}
    assert tables == {
        "NC0-9NDAAVA-OW": True, "NC0-1NDA2VA-WT": True, "NC0-1NDA2VY-IS": True, "NC0-1NDA2VB-WT": False,
    }  # fmt: skip
    assert ledger.unread == ()


def test_titles_elements_and_objectives_come_from_the_headings(ledger):
    receipts, bridges, *_ = ledger.articles
    assert receipts.title == "Vaarrechten en retributies"
    assert (receipts.flow, receipts.entity, receipts.programme) == ("ontvangst", "NC0", "ND")
    assert (bridges.programme_title, bridges.ise, bridges.objectives) == (
        "WATERWEGEN",
        "VAARROUTES",
        ("OD 3",),
    )


def test_rows_between_two_phases_are_adjustments(ledger):
    found = [(a.code, a.kind, a.credit, a.value) for a in ledger.adjustments if a.value]
    assert found == [
        ("NC0-9NDAAVA-OW", "Index", "AO", 5),
        ("NC0-1NDA2VY-IS", "Index", "VAK", 12),
        ("NC0-1NDA2VY-IS", "Index", "VEK", 12),
        ("NC0-1NDA2VY-IS", "Andere bijstellingen", "VAK", -12),
        ("NC0-1NDA2VY-IS", "Andere bijstellingen", "VEK", -12),
    ]


def test_totals_are_named_by_their_caption_and_hold(ledger):
    named = {(t.level, t.name, t.programme) for t in ledger.totals}
    assert named == {("programma", "ND – WATERWEGEN", "ND"), ("ISE", "VAARROUTES", "ND")}
    found = identities(ledger)
    # The article without table leaves the sums of expenditure open; those of receipts and of elements hold.
    assert {i.kind for i in found} == {"artikelen in ISE", "artikelen in programma", "ISE in programma"}
    assert [i for i in found if i.difference] == []


def test_a_total_that_is_not_its_parts_is_reported_not_repaired():
    wrong = EXPLANATION.replace("Toelagen IS 300 300", "Toelagen IS 310 300")
    found = read_ledger(document(wrong))
    (off,) = [i for i in identities(found) if i.difference]
    assert (off.kind, off.total.row, off.difference, off.sum) == ("artikelen in ISE", "Toelagen IS", 10, 300)
    assert abs(off.difference) > off.rounding


def test_a_reallocation_from_another_entity_is_read(ledger):
    (told,) = ledger.transfers
    assert (told.sources, told.targets, told.vak, told.vek, told.year) == (
        ("NA0-1NAX2PA-PR",), ("NC0-1NDA2VA-WT",), Decimal(120), None, 2023,
    )  # fmt: skip
    assert told.purpose == "om de brug te Peer te herstellen"


BRIDGES = "Uitgaven 1.200.000 1.100.000,00 1.320.500 1.168.250"


@pytest.mark.parametrize(
    ("printed", "instead", "reason"),
    [
        ("(in euro)\n", "\n", "eenheid"),
        (BRIDGES, BRIDGES.replace(" 1.320.500", ""), "3 cijfers"),
        (BRIDGES, BRIDGES + " 7", "5 cijfers"),
        (BRIDGES, BRIDGES.replace("1.320.500", "1,320,500"), "cijfers"),
        (BRIDGES, BRIDGES.replace("1.320.500", "1.320.50"), "cijfers"),
        (BRIDGES, BRIDGES.replace("1.320.500", "110%"), "percentage"),
        (BRIDGES, BRIDGES.replace("Uitgaven", "Ontvangsten"), "0 rijen"),
        (BRIDGES, f"{BRIDGES}\n{BRIDGES}", "2 rijen"),
        ("(in euro)\n\nBA 2022 BO 2023", "(in euro)\n\nBA BO", "jaar"),
        ("(in euro)\n\nBA 2022 BO 2023", "(in euro)\n\nBA 2022 BO", "volgorde"),
    ],
)
def test_a_table_with_two_readings_is_unread_with_its_reason(printed: str, instead: str, reason: str):
    assert printed in EXPLANATION
    text = EXPLANATION.replace(printed, instead)
    found = read_ledger(document(text))
    assert [c for c in found.cells if c.code == "NC0-1NDA2VA-WT"] == []
    (place,) = found.unread
    assert reason in place.reason
    section = next(a for a in found.articles if a.code == "NC0-1NDA2VA-WT")
    assert section.start < place.start < place.end <= section.end
    assert section.table is None


def test_a_table_whose_rows_are_articles():
    table = """Overzicht

(duizend euro)

BA 2022 BO 2023
VAK VEK VAK VEK
NC0-1NDA2VA-WT BRUGGEN 1.200 1.100 1.320 1.168
NC0-1NDA2VC-WT – KAAIEN EN
LAADPLAATSEN 1 2 3 4
Totaal 1.201 1.102 1.323 1.172
"""
    found = read_ledger(document(table))
    assert [(c.code, c.title, c.value) for c in found.cells if (c.phase, c.credit) == ("BO", "VEK")] == [
        ("NC0-1NDA2VA-WT", "BRUGGEN", 1168),
        ("NC0-1NDA2VC-WT", "KAAIEN EN LAADPLAATSEN", 4),
    ]
    assert (found.articles, found.unread) == ((), ())


def test_an_overview_that_contradicts_an_article_is_unread_there():
    overview = "IX. OVERZICHT\n\n(in euro)\n\nBA 2022 BO 2023\nVAK VEK VAK VEK\nNC0-1NDA2VA-WT BRUGGEN {}\n\nX. LIJST"
    for figures, unread in (
        ("1.200.000 1.100.000 1.320.500 1.168.250", 0),
        ("1.200.000 1 1.320.500 1.168.250", 1),
    ):
        found = read_ledger(document(EXPLANATION.replace("X. LIJST", overview.format(figures))))
        assert len(found.cells) == 20
        assert [c.value for c in found.cells if c.code == "NC0-1NDA2VA-WT"][1] == 1100
        assert len(found.unread) == unread


def test_a_document_without_articles_has_an_empty_ledger():
    found = read_ledger(
        document("De minister spreekt over 1.234 keuro VAK.\n\n(duizend euro)\n\nVAK VEK\nBA 1 2\n")
    )
    assert (found.articles, found.cells, found.transfers) == ((), (), ())
