"""What a question takes for granted, its direction, its numbers and its places, against hand-written citations and cells."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from answer.records import Citation
from answer.refuse_counts import wrong_count
from answer.refuse_moves import other_direction, other_outcome
from answer.refuse_names import name_elsewhere
from answer.refuse_numbers import wrong_number
from answer.refuse_polarity import none_new, opposite
from answer.refuse_spoken import unspoken
from answer.refuse_told import subject, told
from ingest.budget.records import Cell
from ingest.records import Document, Metadata, Passage
from retrieval.query import understand
from retrieval.records import Evidence


def cited(text, section=("Windlening",)):
    return Citation(
        1, "doc", "Besluit over wind", "pact", None, "2021-05-01", None, section, 0, len(text), text
    )


def passage(text):
    meta = Metadata("ander", "pact", "Een pact", "2021-05-01")
    return Evidence(Passage("ander", 0, len(text), text, ()), meta, 1.0, 0.5)


class Held:
    """A corpus of 1,000 passages of which each word stands in five; `texts` are found by every search."""

    ministers = frozenset()

    def __init__(self, *texts, cells=()):
        self.passages = [Passage("doc", 0, len(t), t, ()) for t in texts] or [
            Passage("doc", 0, 1, "x", ())
        ] * 1_000
        self.cells = cells
        self.lexical = SimpleNamespace(
            frequency=lambda field, term: 5,
            search=lambda field, terms, most: [(row, 1.0) for row in range(len(texts))],
        )

    def document(self, document_id):
        meta = Metadata("bbt", "bbt", "BBT", "")
        return Document(meta, "", "100 111 9", ()) if document_id == "bbt" else None

    def blocks(self, document_id, start, end):
        return []

    def metadata(self, document_id):
        return Metadata(document_id, "beslissing", "Besluit over wind", "")

    def ledgers(self):
        return (SimpleNamespace(cells=self.cells, articles=()),)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Waarom werd de windlening in 2021 verlaagd?", "De windlening werd in 2021 verhoogd met 10 euro."),
        ("Waarom daalde de windlening?", "Door de inflatie steeg de windlening."),
        ("Why was the windlening lowered?", "De windlening werd verhoogd."),
        ("Sinds wanneer is de windlening afgeschaft?", "De windlening wordt verlengd tot 2025."),
        ("Waarom is een windlening verboden voor scholen?", "Een windlening is verplicht voor scholen."),
        ("Waarom worden windlening en zonlening gesplitst?", "Windlening en zonlening worden samengevoegd."),
        ("Waarom is de windlening gratis?", "We stappen af van de gratis windlening."),
        ("Waarom hoort de windlening bij de steun?", "De windlening valt als steun buiten het kader."),
    ],
)
def test_the_opposite_of_what_is_taken_for_granted_is_quoted(question, text):
    refusal = opposite(Held(), understand(question), [cited(text)], [])
    assert refusal and refusal.reason == "false_premise"
    assert text in refusal.message
    assert refusal.nearest[0].text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Waarom werd de windlening verhoogd?", "De windlening werd verhoogd."),
        ("Is de windlening gedaald?", "De windlening werd verhoogd."),
        ("Is de windlening gedaald of gestegen?", "De windlening werd verhoogd."),
        ("Waarom werd de windlening niet verlaagd?", "De windlening werd verhoogd."),
        ("Waarom werd de windlening verlaagd?", "De windlening werd verlaagd, de zonlening verhoogd."),
        ("Waarom werd de windlening verlaagd?", "De dotatie van het fonds werd verhoogd."),
        ("Waarom is de windlening afgeschaft?", "De windlening dooft uit."),
        ("Waarom werd de windlening verlaagd?", "De windlening werd niet verhoogd."),
    ],
)
def test_what_agrees_asks_whether_or_is_about_something_else_stands_in_no_way(question, text):
    assert opposite(Held(), understand(question), [cited(text, section=())], []) is None


def test_an_end_that_nothing_on_the_subject_speaks_of_is_a_false_premise():
    refusal = opposite(
        Held(), understand("Waarom werd de windlening stopgezet?"), [cited("De windlening start.")], []
    )
    assert refusal and "stopgezet" in refusal.message


def test_new_things_of_which_there_are_none():
    text = "Voor de windlening zijn er geen bijkomende instrumenten nodig."
    asked = "Welke nieuwe instrumenten komen er voor de windlening?"
    assert text in none_new(Held(), understand(asked), [cited(text)], []).message
    how_many = understand("Hoeveel nieuwe instrumenten komen er voor de windlening?")
    assert none_new(Held(), how_many, [cited(text)], []) is None


@pytest.mark.parametrize(
    ("question", "text", "told_instead"),
    [
        ("Waarom dekt de windlening 90 % van de kosten?", "De windlening dekt 50% van de kosten.", "50%"),
        ("Waarom werd de windlening in 2020 stopgezet?", "De windlening werd in 2015 stopgezet.", "2015"),
        (
            "Waarom werd 2013 het jaar van de windlening in plaats van 2015?",
            "Het jaar van de windlening ging van 2013 naar 2015.",
            "van 2013 naar 2015",
        ),
        (
            "Wat zegt het windakkoord 2024-2029 over steun?",
            "Het windakkoord 2019-2024 geeft steun.",
            "2024-2029",
        ),
    ],
)
def test_a_number_that_the_source_contradicts(question, text, told_instead):
    refusal = wrong_number(Held(), understand(question), [cited(text)], [])
    assert refusal and told_instead in refusal.message


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Waarom dekt de windlening 50 procent van de kosten?", "De windlening dekt 50% van de kosten."),
        ("Waarom werd de windlening in 2015 stopgezet?", "De windlening werd in 2015 stopgezet."),
        ("Wat zegt het windakkoord 2019-2024 over steun?", "Het windakkoord 2019-2024 geeft steun."),
        ("Dekt de windlening 90 % van de kosten?", "De windlening dekt 50% van de kosten."),
    ],
)
def test_a_number_that_the_source_has_stands_in_no_way(question, text):
    assert wrong_number(Held(), understand(question), [cited(text)], []) is None


def test_a_threshold_that_is_another_is_put_right():
    text = "Enkel in het geval dat een gemeente de ondergrens van 22,5% haalt, krijgt ze de windlening."
    asked = "Waarom krijgt een gemeente de windlening pas als ze boven 30% komt?"
    assert text in wrong_number(Held(), understand(asked), [cited(text)], []).message
    right = asked.replace("30%", "22,5%")
    assert wrong_number(Held(), understand(right), [cited(text)], []) is None
    elsewhere = "Enkel in het geval dat een school de ondergrens van 22,5% haalt, krijgt ze een dak."
    assert wrong_number(Held(), understand(asked), [cited(elsewhere, section=())], []) is None


def test_a_numbered_thing_that_no_document_has_says_which_there_are():
    held = Held("Dossier 12 gaat over wind.", "Dossier 14 gaat over zon.")
    refusal = wrong_number(
        held, understand("Waarover gaat dossier 99?"), [cited("Dossier 12 gaat over wind.")], []
    )
    assert refusal and "12, 14" in refusal.message
    assert wrong_number(held, understand("Waarover gaat dossier 14?"), [cited("Dossier 12.")], []) is None
    assert (
        wrong_number(held, understand("Wat kostte het in mei 99 euro?"), [cited("Dossier 12.")], []) is None
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Welke 12 gemeenten krijgen een windlening?", "De windlening gaat naar 19 gemeenten."),
        ("Waarom zijn er drie schijven voor de windlening?", "De windlening kent vier schijven."),
        ("Waarom herstelt de windlening 200.000 ha bos?", "De windlening herstelt 20.000 ha bos."),
    ],
)
def test_a_count_that_is_another_is_put_right(question, text):
    assert text in wrong_count(Held(), understand(question), [cited(text)], []).message


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Welke 12 gemeenten krijgen een windlening?", "De windlening gaat naar twaalf gemeenten."),
        ("Welke 12 gemeenten krijgen een windlening?", "De windlening gaat naar 19 scholen."),
        ("Krijgen 12 gemeenten een windlening?", "De windlening gaat naar 19 gemeenten."),
        ("Wat kostte de windlening op 12 mei 2021?", "De windlening startte op 19 mei 2021."),
    ],
)
def test_a_count_that_is_the_same_or_of_other_things_stands_in_no_way(question, text):
    assert wrong_count(Held(), understand(question), [cited(text)], []) is None


def test_a_sum_that_the_decision_cited_does_not_have_is_put_right():
    decision = replace(cited("De windlening bedraagt 250.000 euro voor scholen."), kind="beslissing")
    asked = "Waarom bedraagt de windlening voor scholen 2,5 miljoen euro?"
    assert "250.000 euro" in wrong_count(Held(), understand(asked), [decision], []).message
    right = asked.replace("2,5 miljoen", "250.000")
    assert wrong_count(Held(), understand(right), [decision], []) is None


def cell(phase, value, credit="VAK"):
    return Cell(
        "JB0-1JDB2CA-WT", "Premie", "uitgave", 2021, phase, credit, Decimal(value), "bbt", 3, 0, 3, 0, 9
    )


def test_a_credit_that_went_the_other_way_is_put_right_from_its_cells():
    held = Held(cells=(cell("2e BA", "100"), cell("2e BA-JR", "111")))
    fell = understand("Waarom daalde het krediet van JB0-1JDB2CA-WT door herverdelingen?")
    rose = understand("Waarom steeg het krediet van JB0-1JDB2CA-WT door herverdelingen?")
    assert "100 keuro, 2e BA-JR 111 keuro (+11)" in other_direction(held, fell).message
    assert other_direction(held, rose) is None
    assert other_direction(held, fell).nearest[0].text == "100 111 9"


@pytest.mark.parametrize(
    ("spent", "asked", "refused"),
    [
        ("120", "Waarom werd JB0-1JDB2CA-WT onderbenut?", True),
        ("120", "Hoe komt het dat er op JB0-1JDB2CA-WT meer uitgegeven is dan begroot?", False),
        ("80", "Waarom werd JB0-1JDB2CA-WT overschreden?", True),
        ("80", "Waarom werd JB0-1JDB2CA-WT onderbenut?", False),
        ("120", "Werd JB0-1JDB2CA-WT onderbenut?", False),
        ("120", "Welke uitgaven staan op JB0-1JDB2CA-WT?", False),
    ],
)
def test_spending_less_or_more_than_there_was_is_put_right_from_the_cells(spent, asked, refused):
    held = Held(cells=(cell("2e BA", "100"), cell("2e BA-JR", "111"), cell("BU", spent)))
    refusal = other_outcome(held, understand(asked))
    assert bool(refusal) == refused
    if refusal:
        assert f"2e BA-JR 111 keuro, BU {spent} keuro" in refusal.message


def test_a_credit_of_which_one_half_went_that_way_is_let_through():
    cells = (
        cell("2e BA", "100"),
        cell("2e BA-JR", "111"),
        cell("2e BA", "9", "VEK"),
        cell("2e BA-JR", "8", "VEK"),
    )
    either = understand("Waarom daalde het krediet van JB0-1JDB2CA-WT door herverdelingen?")
    vak = understand("Waarom daalde het VAK van JB0-1JDB2CA-WT door herverdelingen?")
    assert other_direction(Held(cells=cells), either) is None
    assert other_direction(Held(cells=cells), vak)


def test_a_place_that_is_nowhere_near_what_it_would_have_received():
    held = Held(
        "In de stad Genk staat een molen.",
        "Voor de stad Genk komt er steun.",
        "Met de stad Genk is er overleg.",
    )
    held.passages = held.passages * 400
    asked = understand("Waarom kreeg Genk een windlening?")
    assert "‘Genk’" in name_elsewhere(held, asked, [cited("Hasselt kreeg een windlening.")], []).message
    assert name_elsewhere(held, asked, [cited("Genk kreeg een windlening.")], []) is None


def test_a_clause_counts_its_own_words_fully_and_those_around_it_by_half():
    weights = subject(Held(), understand("Waarom een windlening voor scholen?"))
    own, around = told(
        weights, [cited("De windlening voor scholen stijgt; scholen juichen.", section=())], []
    )
    assert own.about == 1.0
    assert around.own == 0.5 and around.about == 0.75


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Waarom sluit de windlening werken aan een dak uit?",
            "Voor de windlening komen werken aan een dak in aanmerking.",
        ),
        (
            "Waarom is een fusie verplicht voor gemeenten?",
            "Een fusie van gemeenten gebeurt op vrijwillige basis.",
        ),
    ],
)
def test_only_the_words_at_both_ends_are_in_dispute(question, text):
    refusal = opposite(Held(), understand(question), [cited(text, section=())], [])
    assert refusal and refusal.reason == "false_premise"


def test_a_percentage_about_something_else_does_not_excuse_the_one_asked():
    here = cited("De windlening dekt 40 procent van de molen.")
    question = understand("Waarom dekt de windlening 90 procent van de molen?")
    elsewhere = passage("Van de scholen heeft 90 procent een fietsenstalling.")
    refusal = wrong_number(Held(), question, [here], [elsewhere])
    assert refusal and here.text in refusal.message
    around = cited(f"{here.text} Voor scholen is dat 90 procent.")
    assert wrong_number(Held(), question, [around], []) is None


def test_a_view_is_asked_of_a_name_that_must_stand_there_with_its_capital():
    question = understand("Wat is het standpunt van Groen over de windlening?")
    assert name_elsewhere(Held(), question, [cited("De windlening is een groene lening.")], [])
    assert name_elsewhere(Held(), question, [cited("Volgens Groen is de windlening te duur.")], []) is None


def test_a_reason_is_asked_of_a_name_that_must_stand_near():
    question = understand("Waarom leidt de stad Leuven het steunpunt wind?")
    refusal = name_elsewhere(Held(), question, [cited("Gent leidt het steunpunt wind.")], [])
    assert refusal and "Leuven" in refusal.message
    assert name_elsewhere(Held(), question, [cited("Leuven leidt het steunpunt wind.")], []) is None


@pytest.mark.parametrize(
    ("question", "silent", "spoken"),
    [
        (
            "Waarom is de windlening alleen bedoeld voor scholen?",
            "De windlening is bedoeld voor scholen en gemeenten.",
            "De windlening is voorbehouden voor scholen.",
        ),
        (
            "Welke gemeente kreeg de hoogste windlening?",
            "Een gemeente kreeg een windlening van 5 euro.",
            "De gemeente Genk kreeg de grootste windlening.",
        ),
        (
            "Welke boete staat er op een windlening zonder molen?",
            "Een windlening dient voor een molen.",
            "Een windlening zonder molen wordt bestraft met 50 euro.",
        ),
        (
            "Wie won de aanbesteding van de windlening?",
            "De aanbesteding van de windlening loopt.",
            "De aanbesteding van de windlening werd gegund aan een bank.",
        ),
        (
            "Wie stemde tegen de windlening?",
            "De windlening werd goedgekeurd.",
            "De meerderheid keurde de windlening goed, de oppositie niet.",
        ),
        (
            "Wat vonden de boeren van de windlening?",
            "De windlening geldt voor boeren.",
            "Boeren hadden kritiek op de windlening.",
        ),
        (
            "Wat is de gemiddelde wachttijd voor een windlening?",
            "Een windlening wordt naar verwachting toegekend.",
            "Wie een windlening vraagt, wacht drie weken.",
        ),
        (
            "Waarom beslist de minister in zijn eentje over de windlening?",
            "De minister beslist met de gemeenten over de windlening.",
            "Enkel de minister beslist over de windlening.",
        ),
        (
            "Welke gemeente scoort het slechtst voor de windlening?",
            "De windlening verschilt tussen gemeenten van 30% tot 70%.",
            "Voor de windlening telt de gemeente Genk het minste aanvragen.",
        ),
        (
            "Hoeveel procent van de ontvangers van een windlening is vrouw?",
            "Van de ontvangers van een windlening werkt 44 procent.",
            "Van de ontvangers van een windlening is 44 procent vrouw.",
        ),
        (
            "Welk aandeel van de ontvangers van een windlening is jonger dan 25?",
            "Van de ontvangers van een windlening werkt 44 procent.",
            "Van de ontvangers van een windlening is 44 procent jonger dan 25 jaar.",
        ),
        (
            "Wie leidt de windlening?",
            "De windlening loopt tot 2025.",
            "De windlening staat onder leiding van Jan Peeters.",
        ),
        (
            "Wie voert het onderzoek naar de windlening uit?",
            "Een onderzoek naar de windlening is lopende.",
            "Het onderzoek naar de windlening gebeurt door de KU Leuven.",
        ),
    ],
)
def test_a_thing_of_which_nothing_on_the_subject_speaks(question, silent, spoken):
    refusal = unspoken(Held(), understand(question), [cited(silent)], [passage(silent)])
    assert refusal and refusal.nearest[0].text == silent
    assert unspoken(Held(), understand(question), [cited(spoken)], [passage(spoken)]) is None


def test_what_is_asked_and_not_taken_for_granted_may_go_unspoken():
    question = understand("Is de windlening alleen bedoeld voor scholen?")
    assert unspoken(Held(), question, [cited("De windlening is er voor scholen.")], []) is None
