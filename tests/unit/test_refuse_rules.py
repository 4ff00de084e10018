"""What a question takes for granted or asks for, against hand-written citations."""

from types import SimpleNamespace

import numpy as np
import pytest

from answer.records import Citation
from answer.refuse import after_composing
from answer.refuse_asked import count_lacking, kind_lacking
from answer.refuse_budget import other_budget
from answer.refuse_contrary import contrary
from answer.refuse_names import names
from answer.refuse_open import open_question
from ingest.records import Metadata, Passage, Question
from prompts.messages import message
from retrieval.query import understand
from retrieval.records import Evidence
from retrieval.written import WrittenQuestions


def cited(text, kind="pact", title="Een titel"):
    return Citation(1, "doc", title, kind, None, "2021-05-01", None, ("Hoofdstuk",), 0, len(text), text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Hoe komt het dat de dienst in 2021 met geen enkel bedrijf of ziekenhuizen een contract sloot?",
            "In 2021 sloot de dienst met 12 van de 30 ziekenhuizen een contract.",
        ),
        (
            "Er waren te veel aanvragen voor de windlening, hoe heeft men gekozen?",
            "Voor de windlening werden geen aanvragen ontvangen.",
        ),
        (
            "Waarom goot men de zorgdienst in de vorm van een coöperatie?",
            "De zorgdienst wordt vormgegeven via een vereniging.",
        ),
        (
            "Op basis van welke criteria zal Fluvius beoordelen of een woning voldoet?",
            "De beoordeling van een woning blijft bij het VEKA.",
        ),
        (
            "Waarom neemt de nota de sancties weg bij het OCMW en geeft ze die aan VDAB?",
            "Dat kan leiden tot een sanctie die wordt uitgevoerd door het OCMW.",
        ),
        (
            "Waarom krijgen zieken in het pact voorrang?",
            "Deze groep van zieken valt buiten de primaire focus van het pact.",
        ),
        (
            "Er waren te veel aanvragen voor de energieleningen, hoe heeft men gekozen?",
            "Er werden geen aanvragen voor leningen ontvangen.",
        ),
    ],
)
def test_a_sentence_that_says_the_contrary_is_quoted(question, text):
    refusal = contrary(understand(question), [cited(text)], [])
    assert refusal and refusal.reason == "false_premise"
    assert text in refusal.message
    assert refusal.nearest[0].text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Hoe komt het dat de dienst met geen enkel van de ziekenhuizen een contract sloot?",
            "De dienst sloot nog geen contract met de 30 ziekenhuizen.",
        ),
        (
            "Met hoeveel ziekenhuizen sloot de dienst een contract?",
            "In 2021 sloot de dienst met 12 van de 30 ziekenhuizen een contract.",
        ),
        (
            "Waarom goot men de zorgdienst in de vorm van een vereniging?",
            "De zorgdienst wordt vormgegeven via een vereniging.",
        ),
        (
            "Op basis van welke criteria zal VEKA beoordelen of een woning voldoet?",
            "De beoordeling van een woning blijft bij het VEKA.",
        ),
        (
            "Waarom goot men de zorgdienst in de vorm van een coöperatie?",
            "Aanvragen gebeurt via een webformulier.",
        ),
        (
            "Waarom mag het OCMW zelf oordelen over de windlening?",
            "De bevoegdheid om te oordelen over de windlening ligt bij de OCMW’s.",
        ),
        (
            "Waarom neemt de nota de sancties niet weg bij het OCMW?",
            "De sanctie wordt uitgevoerd door het OCMW.",
        ),
        (
            "Waarom krijgen drie groepen in het pact voorrang?",
            "De primaire focus van het pact zijn drie groepen. Zieken zijn niet de prioritaire doelgroep.",
        ),
        (
            "Waarom vallen zieken buiten de primaire focus van het pact?",
            "De groep van zieken valt buiten de primaire focus van het pact.",
        ),
        (
            "Waarom zijn zieken geen prioriteit in het pact?",
            "De groep van zieken valt buiten de primaire focus van het pact.",
        ),
    ],
)
def test_a_sentence_that_agrees_or_is_about_something_else_stands_in_no_way(question, text):
    assert contrary(understand(question), [cited(text)], []) is None


def test_an_end_that_no_document_speaks_of_is_a_false_premise():
    question = understand("Waarom schafte de regering de windlening af?")
    assert contrary(question, [cited("De windlening start in 2022.")], []).reason == "false_premise"
    assert contrary(question, [cited("De windlening wordt opgeheven.")], []) is None
    assert contrary(understand("Wanneer start de windlening?"), [cited("Ze start in 2022.")], []) is None


def test_an_event_that_no_document_speaks_of_is_a_false_premise():
    question = understand("In welk jaar werd de windhal ingehuldigd?")
    assert contrary(question, [cited("De windhal staat in een openbaar park.")], []).reason == "false_premise"
    assert contrary(question, [cited("De windhal werd in 2021 geopend.")], []) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("wat verdient de directeur van het agentschap?", "De directeur wordt aangesteld voor vijf jaar."),
        ("Wat is het e-mailadres van het agentschap?", "Meer op http://www.vlaanderen.be/agentschap."),
        ("Hoe oud is de voorzitter?", "De voorzitter leidt de vergadering."),
        ("Wie is de directeur van het agentschap?", "Het agentschap Zorg Vlaanderen loopt tot 2025."),
        ("Hoeveel kost de campagne?", "De campagne loopt sinds 12 mei 2021 in de media."),
        ("Wat heeft de campagne tot nu toe gekost?", "De campagne loopt sinds 12 mei 2021 in de media."),
        ("Hoeveel miljoen gaat er naar de campagne?", "De campagne wil 80% van de mensen bereiken."),
    ],
)
def test_the_kind_of_thing_that_is_asked_must_be_cited(question, text):
    refusal = kind_lacking(understand(question), [cited(text)])
    assert refusal and refusal.reason == "not_in_corpus"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Wie is de directeur van het agentschap?", "De directeur van het agentschap is Jan Peeters."),
        ("wat verdient de directeur?", "De bezoldiging van de directeur bedraagt 90.000 euro."),
        ("Wat is het e-mailadres van het agentschap?", "Schrijf naar info@vlaanderen.be."),
        ("Hoeveel kost de campagne?", "De campagne kost 12 miljoen euro."),
        ("Wat gaat de campagne kosten?", "De campagne kost 12 miljoen euro."),
        ("Hoeveel miljoen gaat er naar de campagne?", "De campagne krijgt 10 miljoen euro."),
        ("Hoeveel leden telt de raad?", "De raad telt vijftien leden."),
    ],
)
def test_what_is_cited_of_that_kind_answers(question, text):
    assert kind_lacking(understand(question), [cited(text)]) is None


def test_a_count_of_another_year_says_which_year_there_is():
    text = "De inspectie kreeg in 2021 13 klachten over discriminatie."
    refusal = count_lacking(
        Held(), understand("Hoeveel klachten kreeg de inspectie in 2022?"), [cited(text)], []
    )
    assert refusal and "2021" in refusal.message and "2022" in refusal.message


def test_a_count_of_the_year_asked_or_of_no_year_answers():
    of_year = "De inspectie kreeg in 2022 13 klachten."
    of_none = "De inspectie kreeg 13 klachten."
    for text in (of_year, of_none):
        assert (
            count_lacking(
                Held(), understand("Hoeveel klachten kreeg de inspectie in 2022?"), [cited(text)], []
            )
            is None
        )


def test_a_text_that_names_the_things_and_counts_others_does_not_count_them():
    text = "Er is 10 miljoen euro in het voorjaar. Gemeenten die willen deelnemen dienen een plan in."
    refusal = count_lacking(Held(), understand("Hoeveel gemeenten namen deel?"), [cited(text)], [])
    assert refusal and "gemeenten" in refusal.message


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Hoeveel gemeenten tekenden in?", "Dit gaat naar de gemeenten die in 2023 intekenden."),
        ("Hoeveel gemeenten tekenden in?", "De gemeenten krijgen 10 miljoen euro in twee jaar."),
        ("Hoeveel gemeenten van de 12 tekenden in?", "Er zijn 12 gemeenten."),
        ("Vanaf hoeveel inwoners is een dienst klein?", "Kleine diensten in dorpen met weinig inwoners."),
        ("Hoeveel werklozen kregen de toeslag?", "De toeslag is er voor werklozen vanaf 55 jaar."),
    ],
)
def test_what_is_counted_must_be_counted_by_what_is_read(question, text):
    refusal = count_lacking(Held(), understand(question), [cited(text)], [])
    assert refusal and refusal.reason == "not_in_corpus"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Hoeveel gemeenten tekenden in?", "In totaal tekenden 76% van de Vlaamse gemeenten in."),
        ("Hoeveel gemeenten tekenden in?", "De gemeenten tekenden in: het ging om 12 besturen."),
        ("Hoeveel gemeenten tekenden in?", "Er tekenden twaalf Vlaamse gemeenten in."),
        ("Hoeveel gemeenten tekenden in?", "Alle 19 randgemeenten tekenden in."),
        ("Hoeveel re-integratietrajecten kwamen er?", "In 2021 moesten 5000 re-integratietrajecten starten."),
        ("Hoeveel aanvragen waren er?", "Er kwamen geen aanvragen."),
        ("Wie weet hoeveel gemeenten intekenden?", "De gemeenten weten dat zelf."),
        ("Hoeveel VKF-middelen kwamen er?", "De middelen van VKF groeien."),
        ("Hoeveel boetes werden er geboekt?", "De boetes leverden 5.000 euro op."),
    ],
)
def test_what_counts_it_by_a_share_a_reference_or_none_answers(question, text):
    assert count_lacking(Held(), understand(question), [cited(text)], []) is None


def found_in(title):
    passage = Passage("x", 0, 5, "tekst", ())
    return Evidence(passage, Metadata("x", "beslissing", title, "map"), 1.0)


class Held:
    """A corpus of a budget document and a decision on Mobiliteit; every word stands in `held` of 1,000 passages.

    `asked` are the questions written for each document: all are as close to any other as can be.
    """

    def __init__(self, held=0, asked=()):
        self.passages = range(1_000)
        self.asked = [Question("x", text, None) for text in asked]
        self.embedder = SimpleNamespace(
            dimension=1, encode=lambda texts: np.ones((len(texts), 1)), encode_query=lambda text: np.ones(1)
        )
        self.lexical = SimpleNamespace(
            frequency=lambda field, term: held, search=lambda field, terms, most: []
        )

    def document(self, document_id):
        return None

    def questions(self, document_id):
        return WrittenQuestions(self.asked, self.embedder)

    def documents(self):
        return (
            Metadata("bbt", "bbt", "Begrotingstoelichting Werk, uitvoering 2021", "map", year=2021),
            Metadata("x", "beslissing", "Fietsen", "map", themes=("Mobiliteit", "Werk")),
        )


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("Wat zegt de BBT opmaak 2021 over de premie?", True),
        ("Wat zegt de BBT uitvoering 2021 over de premie?", False),
        ("Hoeveel kreeg het beleidsdomein Mobiliteit in de begroting 2021?", True),
        ("Hoeveel kreeg het beleidsdomein Werk in de begroting 2021?", False),
        ("Hoeveel fietsen telt men?", False),
    ],
)
def test_another_edition_or_field_than_the_budget_documents_held(question, refused):
    refusal = other_budget(Held(), understand(question), [cited("tekst", kind="bbt")])
    assert bool(refusal) == refused
    assert other_budget(Held(), understand(question), [cited("tekst", kind="beslissing")]) is None


@pytest.mark.parametrize(
    "question", ["hoeveel kost het?", "Waarom?", "En de rest?", "wat staat er in het document"]
)
def test_a_question_without_a_subject_is_asked_back(question):
    refusal = open_question(Held(), understand(question), [])
    assert refusal and refusal.reason == "ambiguous"


def test_a_broad_word_alone_is_asked_back_with_candidates():
    asked = understand("hoeveel bedraagt de premie?")
    found = [found_in("Premie voor zorg"), found_in("Premie voor wind"), found_in("Premie voor zorg")]
    refusal = open_question(Held(held=50), asked, found)
    assert refusal and "‘Premie voor zorg’ of ‘Premie voor wind’" in refusal.message
    assert open_question(Held(held=1), asked, found) is None
    assert open_question(Held(held=50, asked=["Hoeveel bedraagt de premie?"]), asked, found) is None
    assert open_question(Held(held=50), understand("hoeveel bedraagt de premie voor boeren?"), found) is None


def test_names_are_words_with_a_capital_inside_a_sentence():
    assert names("Wat doet Hasselt? Daar in Gent.") == ["Hasselt", "Gent"]
    assert names("ALLES IN HOOFDLETTERS") == []


def test_a_value_may_be_called_name():
    assert "‘Genk’" in message("name_elsewhere", "nl", name="Genk")


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("Hoeveel fietsen waren er in 2019?", True),
        ("In 2019 vroegen fietsers een pad. Is dat er gekomen?", False),
        ("Een pad werd gevraagd. Hoeveel was er in 2019?", True),
        ("Waarom is het pad in 2019 weggehaald?", True),
        ("Wat vroegen fietsers in 2019, en is het pad er gekomen?", False),
    ],
    ids=["asked", "told before", "asked after", "taken for granted", "when something was said"],
)
def test_a_year_counts_where_it_is_asked_for(question, refused):
    told = after_composing(understand(question), [cited("Het pad ligt er.", kind="pact")], [])
    assert bool(told) == refused
