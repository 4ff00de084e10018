"""Reallocations told in the section of an article."""

from decimal import Decimal

import pytest

from ingest.budget.ledger import read_ledger
from ingest.budget.sides import provisions, told_twice
from ingest.budget.statements import statements
from ingest.records import Document, Metadata

OWN = "NC0-1NDA2VA-WT"
OTHER = "NC0-1NDA2VB-WT"
PROVISION = "NA0-1NAX2PA-PR"
SECTION = """{code} – {title}

(duizend euro)

VAK VEK
2023 BA BA-JR BU BA BA-JR BU
Uitgaven {figures}

Inhoudelijke toelichting

{said}

"""


def read(said: str, figures: str = "30 40 25 30 40 24", more: str = ""):
    text = SECTION.format(code=OWN, title="BRUGGEN", figures=figures, said=said) + more
    return text, read_ledger(Document(Metadata("d", "bbt", "t", "test"), "", text, ()))


def told(said: str, **rest: str):
    return [(t.sources, t.targets, t.vak, t.vek) for t in read(said, **rest)[1].transfers]


@pytest.mark.parametrize(
    ("said", "sources", "targets", "vak", "vek"),
    [
        (f"Het budget werd verhoogd met 10 keuro VAK/VEK vanuit de provisie ({PROVISION}) om te bouwen.", PROVISION, OWN, 10, 10),
        (f"Er werd 10 keuro VAK en 7 keuro VEK herverdeeld naar oevers ({OTHER}).", OWN, OTHER, 10, 7),
        (f"Er werd 10 keuro VAK herverdeeld van oevers ({OTHER}) naar dit begrotingsartikel.", OTHER, OWN, 10, None),
        ("Er was een herverdeling van 5.000 euro VEK uit " + OTHER[:4] + "\n" + OTHER[4:] + ".", OTHER, OWN, None, 5),
        (f"Het VEK-budget daalde door een herverdeling van 3 keuro naar oevers ({OTHER}).", OWN, OTHER, None, 3),
        # No credit is named: the table shows the same change for both.
        (f"Het bedrag werd verhoogd met 10 keuro uit de provisie ({PROVISION}).", PROVISION, OWN, 10, 10),
        # The amount stands in the sentence before.
        (f"Er werd een herverdeling doorgevoerd van +10 keuro VAK/VEK, waardoor het budget 40 keuro werd. Het betrof een herverdeling vanuit de provisie ({PROVISION}).", PROVISION, OWN, 10, 10),
        # Only the level is told, and it is the table's.
        (f"Het budget nam toe tot 40 keuro VAK/VEK door een herverdeling uit de provisie ({PROVISION}).", PROVISION, OWN, 10, 10),
        ("Het betreft een herverdeling van 3 keuro VEK naar verschillende begrotingsartikelen.", OWN, None, None, 3),
    ],
)  # fmt: skip
def test_a_sentence_that_moves_credit(said: str, sources, targets, vak, vek):
    assert told(said) == [((sources,), (targets,) if targets else (), vak, vek)]


@pytest.mark.parametrize(
    "said",
    [
        f"Er werd 10 keuro VAK uitgegeven, zoals bij oevers ({OTHER}).",
        f"Het budget van oevers ({OTHER}) bedroeg 10 keuro VAK.",
        "Het budget nam toe met 10 keuro VAK.",
        "Dit artikel wordt gevoed vanuit het ontvangstenartikel (NC0-9NDAAVA-OW) met 10 keuro VAK.",
        f"De maatregel werd overgeheveld naar oevers ({OTHER}).",
        "Er waren herverdelingen naar andere begrotingsartikelen van 5 keuro VAK. Het betreft er twee.",
        f"Zie ook {OTHER}.",
    ],
)  # fmt: skip
def test_a_sentence_that_moves_nothing_between_articles(said: str):
    assert told(said) == []


def test_a_list_of_reallocations_goes_by_sign_and_words():
    text, ledger = read(
        "Het ging om de volgende herverdelingen:\n\n"
        f"− +10 keuro VAK/VEK vanuit de provisie ({PROVISION}) om de \n\nbruggen te\nverven. Zie ook {OTHER};\n\n"
        f"− -4 keuro VAK en -3 keuro VEK naar oevers ({OTHER}) voor hout;\n"
        f"− - 1.000 euro VAK voor een tekort bij oevers ({OTHER});\n"
        "− +2 keuro VEK voor het dak uit een ruimere herverdeling.\n\n"
        "De uitvoering bedroeg 25 keuro VAK.",
    )
    assert [(t.sources, t.targets, t.vak, t.vek) for t in ledger.transfers] == [
        ((PROVISION,), (OWN,), 10, 10),
        ((OWN,), (OTHER,), 4, 3),
        ((OWN,), (OTHER,), 1, None),
        ((), (OWN,), None, 2),
    ]
    first = ledger.transfers[0]
    assert text[first.start : first.end].startswith("+10 keuro")
    assert text[first.start : first.end].endswith("verven.")
    assert [t.purpose for t in ledger.transfers[:2]] == ["om de bruggen te verven", "voor hout"]


def test_a_list_that_is_not_about_reallocations_gives_none():
    assert (
        told(
            f"Dit budget bestaat uit:\n\n− 10 keuro VAK saldo;\n− 3 keuro VEK vorderingen bij oevers ({OTHER})."
        )
        == []
    )


def test_several_sources_share_one_amount():
    third = "NC0-1NDA2VC-WT"
    said = f"Het ging om herverdelingen:\n\n− +10 keuro VAK vanuit oevers ({OTHER}) en vanuit sluizen ({third}) voor verf."
    assert told(said) == [((OTHER, third), (OWN,), 10, None)]


def test_two_amounts_of_one_credit_are_two_reallocations():
    said = f"Het betreft herverdelingen uit de provisie ({PROVISION}): 6 keuro VAK voor hout en 4 keuro VAK voor verf."
    _, ledger = read(said)
    assert [(t.vak, t.purpose) for t in ledger.transfers] == [(6, "voor hout"), (4, "voor verf")]


def test_a_provision_named_once_with_its_code_is_known_by_name():
    said = f"Uit de indexprovisie ({PROVISION}) kwam niets. Er werd 10 keuro VAK/VEK opgevraagd uit de Indexprovisie, waardoor het 40 keuro werd."
    assert told(said) == [((PROVISION,), (OWN,), 10, 10)]
    assert provisions(f"indexprovisie ({PROVISION}) en indexprovisie ({OTHER})") == {}


def test_a_sum_spent_on_a_list_is_told_as_a_whole_and_by_item():
    third = "NC0-1NDA2VC-WT"
    said = (
        "Er waren herverdelingen van -6 keuro VAK. De herverdeelde kredieten werden ingezet voor:\n\n"
        f"- hout ({OTHER}),\n\n- verf ({third}).\n\nDe rest bleef."
    )
    assert told(said) == [
        ((OWN,), (OTHER, third), 6, None),
        ((OWN,), (OTHER,), None, None),
        ((OWN,), (third,), None, None),
    ]


@pytest.mark.parametrize(
    "said",
    [
        f"Er was een herverdeling van -10 keuro VAK vanuit oevers ({OTHER}).",  # a minus, and the words say in
        f"Het bedrag werd verhoogd met 10 keuro uit oevers ({OTHER}).",  # which credit? the table differs
    ],
)
def test_a_direction_or_credit_that_is_not_certain_is_unread(said: str):
    text, ledger = read(said, figures="30 40 25 30 37 24")
    assert ledger.transfers == ()
    (place,) = ledger.unread
    assert text[place.start : place.end] == said


def test_both_sides_are_matched_and_compared():
    other = SECTION.format(
        code=OTHER,
        title="OEVERS",
        figures="9 9 9 9 9 9",
        said=f"Er werd {{}} keuro VAK herverdeeld vanuit bruggen ({OWN}).",
    )
    for amount, agrees in (("10", True), ("11", False)):
        _, ledger = read(
            f"Er werd 10 keuro VAK herverdeeld naar oevers ({OTHER}).", more=other.format(amount)
        )
        (pair,) = told_twice(ledger.transfers)
        assert (pair.given.told_by, pair.got.told_by, pair.agrees) == (OWN, OTHER, agrees)
        assert pair.given.vak == Decimal(10)


def test_statements_are_sentences_and_items_with_their_lead():
    text = "Eerst. Dit zijn ze:\n\n- een\n\n  tweede deel;\n- twee (2)\n\nDaarna."
    found = [(text[s.start : s.end], s.lead and text[slice(*s.lead)]) for s in statements(text, 0, len(text))]
    assert found == [
        ("Eerst.", None),
        ("Dit zijn ze:", None),
        ("een\n\n  tweede deel;", "Dit zijn ze:"),
        ("twee (2)", "Dit zijn ze:"),
        ("Daarna.", None),
    ]
