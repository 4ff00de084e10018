"""Follow-ups made whole: each conversation is the earlier turns, the question, and the question it becomes."""

import pytest

from retrieval.followup import Resolved, resolve
from retrieval.query import understand
from retrieval.records import Turn

ARTICLE = "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2021?"
PREMIE = "Hoeveel werd er in 2021 uitgegeven aan de transitiepremie?"
PREMIE_ANSWER = "De uitvoering (BU 2021) van JB0-1JDB2CJ-WT, Transitiepremie, is 1.234 keuro VAK. [1]"
WHO = "Wie krijgt de jobbonus?"
TRAINING = "Hoeveel werd besteed aan opleidingen voor werkzoekenden bij VDAB in 2021?"
AMBIGUOUS = (
    "Verschillende begrotingsartikelen passen bij de vraag. Bedoelt u JB0-1JDB2AA-WT (ESF OP 2014-2020); "
    "JB0-1JDB2AB-WT (ESF OP 2021-2027); JB0-1JDB2AC-WT (ESF oud)?"
)
LIST = "Drie maatregelen lopen:\n- de aanmoedigingspremie voor ouders\n- het opleidingsverlof\n- de opleidingscheques\n[1]"
DECISION = (
    "De jobbonus wordt uitgebreid. (‘Uitbreiding van de jobbonus’, 2022-03-04, "
    "http://themis.vlaanderen.be/id/resource/61F0) [1]"
)
FRENCH = "Combien a été dépensé pour la formation en 2021 ?"
ENGLISH = "How much was spent on training vouchers in 2021?"


def said(*texts: str) -> list[Turn]:
    """Turns of user and assistant by turns, the user first."""
    return [Turn("assistant" if i % 2 else "user", text) for i, text in enumerate(texts)]


CREDIT_PHASE_YEAR = [
    ([ARTICLE], "en in VEK?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?"),
    ([ARTICLE], "En VEK?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?"),
    ([ARTICLE], "en het vereffeningskrediet?", "Hoeveel vereffeningskrediet kreeg JB0-1JDB2CA-WT in 2021?"),
    ([ARTICLE], "en in 2020?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2020?"),
    ([ARTICLE], "2022?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2022?"),
    ([ARTICLE], "en het jaar ervoor?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2020?"),
    ([ARTICLE], "en het jaar daarna?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2022?"),
    ([ARTICLE], "maar in het vorige jaar dan?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2020?"),
    ([ARTICLE], "en in VEK in 2020?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2020?"),
    ([ARTICLE], "hoe zit het in VEK?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?"),
    ([ARTICLE], "wat was het in 2019?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2019?"),
    ([ARTICLE], "en voor 1JDB2CB?", "Hoeveel VAK kreeg 1JDB2CB in 2021?"),
    ([ARTICLE], "1JDB2CB-WT", "Hoeveel VAK kreeg 1JDB2CB-WT in 2021?"),
    (["Wat was BA 2021 van JB0-1JDB2CA-WT?"], "en BU?", "Wat was BU 2021 van JB0-1JDB2CA-WT?"),
    ([ARTICLE], "en de uitvoering?", "Wat is de uitvoering van JB0-1JDB2CA-WT in VAK in 2021?"),
    ([PREMIE], "en in 2020?", "Hoeveel werd er in 2020 uitgegeven aan de transitiepremie?"),
    (
        [PREMIE],
        "hoeveel was het het jaar ervoor?",
        "Hoeveel werd er in 2020 uitgegeven aan de transitiepremie?",
    ),
    (
        [PREMIE, PREMIE_ANSWER],
        "en in VEK?",
        "Hoeveel werd er in 2021 uitgegeven aan de transitiepremie (JB0-1JDB2CJ-WT) in VEK?",
    ),
    (["Wat is de transitiepremie?"], "hoeveel VAK?", "Hoeveel VAK voor de transitiepremie?"),
    (
        [
            "Wat is het krediet van JB0-1JDB2CA-WT?",
            "Het beschikbare krediet na herverdelingen (2e BA-JR 2021) van JB0-1JDB2CA-WT, DGV, is 5 keuro VAK. [1]",
        ],
        "en het jaar ervoor?",
        "Wat is het krediet van JB0-1JDB2CA-WT in 2020?",
    ),
    (
        ["Hoeveel VAK en VEK kreeg JB0-1JDB2CA-WT in 2021?"],
        "en alleen VEK?",
        "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?",
    ),
]

OTHER_SUBJECT = [
    ([PREMIE], "en voor de leertijd?", "Hoeveel werd er in 2021 uitgegeven aan de leertijd?"),
    ([PREMIE], "en de leertijd?", "Hoeveel werd er in 2021 uitgegeven aan de leertijd?"),
    ([PREMIE], "en de leertijd in 2020?", "Hoeveel werd er in 2020 uitgegeven aan de leertijd?"),
    (
        [TRAINING],
        "en bij het departement?",
        "Hoeveel werd besteed aan opleidingen voor werkzoekenden bij het departement in 2021?",
    ),
    (
        [TRAINING],
        "en voor werknemers?",
        "Hoeveel werd besteed aan opleidingen voor werknemers bij VDAB in 2021?",
    ),
    ([ARTICLE], "en bij het departement?", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2021, bij het departement?"),
    ([WHO], "en de transitiepremie?", "Wie krijgt de transitiepremie?"),
    ([WHO], "wat met de transitiepremie?", "Wie krijgt de transitiepremie?"),
    (
        [ARTICLE, "-", "en voor JB0-1JDB2CB-WT?", "-"],
        "en voor de andere?",
        "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2021?",
    ),
    ([WHO, "-", "en de transitiepremie?", "-"], "en de andere?", "Wie krijgt de jobbonus?"),
]

MORE_TURNS_OF_PHRASE = [
    ([ARTICLE], "klopt dat?", f"Klopt het antwoord op: {ARTICLE}"),
    (
        [ARTICLE],
        "is dat meer dan in 2020?",
        "Is het krediet (VAK) van JB0-1JDB2CA-WT in 2021 meer dan in 2020?",
    ),
    ([ARTICLE], "vergelijk met 2020", "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2021 en 2020?"),
    ([ARTICLE], "hoeveel bleef er over?", "Hoeveel bleef er over voor JB0-1JDB2CA-WT in VAK in 2021?"),
    ([ARTICLE], "waar ging dat naartoe?", "Waar ging JB0-1JDB2CA-WT naartoe?"),
    ([ARTICLE], "werd er herverdeeld?", "Werd er herverdeeld voor JB0-1JDB2CA-WT?"),
    ([ARTICLE], "en herverdelingen?", "Wat zijn de herverdelingen van JB0-1JDB2CA-WT?"),
    ([ARTICLE], "en voor JB0-1JDB2CY-IS?", "Hoeveel VAK kreeg JB0-1JDB2CY-IS in 2021?"),
    ([PREMIE], "en daarvoor?", "Hoeveel werd er in 2020 uitgegeven aan de transitiepremie?"),
    ([PREMIE], "hoeveel was begroot?", "Hoeveel was begroot voor de transitiepremie in 2021?"),
    ([PREMIE], "en de minister?", "Wie is de minister van de transitiepremie?"),
    (
        ["Wie is verantwoordelijk voor het lokaal pact?"],
        "sinds wanneer?",
        "Sinds wanneer, bij het lokaal pact?",
    ),
    (
        ["Wie is verantwoordelijk voor het lokaal pact?"],
        "wat doet VDAB daarvoor?",
        "Wat doet VDAB voor het lokaal pact?",
    ),
    (
        ["Qu'est-ce que la prime de transition ?"],
        "combien coûte-t-elle ?",
        "Combien coûte la prime de transition?",
    ),
    (["What is the transition premium?"], "what is its goal?", "What is the goal of the transition premium?"),
    (
        ["What is the transition premium?"],
        "and how much in 2021?",
        "How much in 2021 for the transition premium?",
    ),
    (
        ["Welke beslissingen zijn er?", f"{DECISION} De leertijd stopt. [2]"],
        "de eerste",
        "Leg uit: de beslissing ‘Uitbreiding van de jobbonus’ (2022-03-04, http://themis.vlaanderen.be/id/resource/61F0)?",
    ),
]

REASONS = [
    ([ARTICLE], "waarom?", "Waarom was het krediet (VAK) van JB0-1JDB2CA-WT in 2021 zo hoog of zo laag?"),
    (
        [PREMIE, PREMIE_ANSWER],
        "en waarom?",
        "Waarom was de uitvoering van de transitiepremie (JB0-1JDB2CJ-WT) in 2021 zo hoog of zo laag?",
    ),
    ([ARTICLE], "waarom daalde dat?", "Waarom daalde het krediet (VAK) van JB0-1JDB2CA-WT in 2021?"),
    (["Werd de jobbonus uitgebreid?"], "waarom?", "Waarom werd de jobbonus uitgebreid?"),
    (["Werd de jobbonus uitgebreid?"], "Hoezo?", "Waarom werd de jobbonus uitgebreid?"),
    (["Wat is de transitiepremie?"], "waarom?", "Wat is de reden voor de transitiepremie?"),
    (
        ["Waarom daalde het krediet van JB0-1JDB2CA-WT?"],
        "waarom?",
        "Waarom daalde het krediet van JB0-1JDB2CA-WT?",
    ),
    (["Hoeveel hubs werden geselecteerd?"], "waarom?", "Waarom is dat zo: Hoeveel hubs werden geselecteerd?"),
    ([WHO], "leg dat eens uit", "Leg uit: Wie krijgt de jobbonus?"),
]

POINTING = [
    ([ARTICLE], "wie is daar verantwoordelijk voor?", "Wie is verantwoordelijk voor JB0-1JDB2CA-WT?"),
    ([PREMIE], "wie is daarvoor verantwoordelijk?", "Wie is voor de transitiepremie verantwoordelijk?"),
    ([PREMIE], "wat is het doel daarvan?", "Wat is het doel van de transitiepremie?"),
    ([PREMIE], "en het doel ervan?", "Wat is het doel van de transitiepremie?"),
    ([PREMIE], "en de voorwaarden?", "Wat zijn de voorwaarden van de transitiepremie?"),
    ([PREMIE], "wanneer werd die premie ingevoerd?", "Wanneer werd de transitiepremie ingevoerd?"),
    ([PREMIE], "wie krijgt die?", "Wie krijgt de transitiepremie?"),
    ([PREMIE], "wie kan ze aanvragen?", "Wie kan de transitiepremie aanvragen?"),
    ([PREMIE], "wat zegt het regeerakkoord daarover?", "Wat zegt het regeerakkoord over de transitiepremie?"),
    ([PREMIE], "wat is de stand van zaken?", "Wat is de stand van zaken van de transitiepremie?"),
    ([PREMIE], "wie is bevoegd?", "Wie is bevoegd voor de transitiepremie?"),
    (
        [ARTICLE],
        "hoeveel werd daarvan uitgegeven?",
        "Hoeveel werd van JB0-1JDB2CA-WT uitgegeven in VAK in 2021?",
    ),
    ([ARTICLE], "hoeveel geld gaat daar naartoe?", "Hoeveel geld gaat naar JB0-1JDB2CA-WT in VAK in 2021?"),
    (
        [
            "Welke premie krijgt een werkloze die zelfstandige wordt?",
            "De transitiepremie is er voor werkzoekenden. [1]",
        ],
        "hoeveel bedraagt die?",
        "Hoeveel bedraagt de transitiepremie?",
    ),
    (
        ["Werd de jobbonus uitgebreid?", DECISION],
        "wanneer werd die beslissing genomen?",
        "Wanneer werd de beslissing ‘Uitbreiding van de jobbonus’ (2022-03-04, http://themis.vlaanderen.be/id/resource/61F0) genomen?",
    ),
    (
        ["Kan ik hulp krijgen als ik ziek ben?"],
        "wie is daar verantwoordelijk voor?",
        "Wie is daar verantwoordelijk voor (over de vraag: Kan ik hulp krijgen als ik ziek ben)?",
    ),
]

LISTED = [
    (["Hoeveel VAK kreeg ESF in 2021?", AMBIGUOUS], "de tweede", "Hoeveel VAK kreeg JB0-1JDB2AB-WT (ESF OP 2021-2027) in 2021?"),
    (["Hoeveel VAK kreeg ESF in 2021?", AMBIGUOUS], "de laatste graag", "Hoeveel VAK kreeg JB0-1JDB2AC-WT (ESF oud) in 2021?"),
    (["Hoeveel VAK kreeg ESF in 2021?", AMBIGUOUS], "1JDB2AA", "Hoeveel VAK kreeg 1JDB2AA in 2021?"),
    (["Welke maatregelen zijn er voor gezinnen?", LIST], "wie krijgt de eerste?", "Wie krijgt de aanmoedigingspremie voor ouders?"),
    (["Welke maatregelen zijn er voor gezinnen?", LIST], "wat kost de derde maatregel?", "Wat kost de opleidingscheques?"),
    (["Wat zijn de maatregelen?", "De ene loopt tot 2022. [1] Het opleidingsverlof blijft. [2]"], "wat staat er in [2]?", "Wat staat er in Het opleidingsverlof blijft?"),
    (["Welke maatregelen zijn er voor gezinnen?", LIST], "wat is de zevende?", "wat is de zevende?"),
]  # fmt: skip

TONGUES = [
    ([FRENCH], "et en 2020 ?", "Combien a été dépensé pour la formation en 2020 ?"),
    ([FRENCH], "et l'année précédente ?", "Combien a été dépensé pour la formation en 2020 ?"),
    ([FRENCH], "pourquoi ?", "Pourquoi ce montant pour l'exécution de la formation en 2021?"),
    ([FRENCH], "qui en est responsable ?", "Qui est responsable de la formation?"),
    ([ENGLISH], "and in 2020?", "How much was spent on training vouchers in 2020?"),
    ([ENGLISH], "what about the year before?", "How much was spent on training vouchers in 2020?"),
    ([ENGLISH], "why?", "Why was the execution of training vouchers in 2021 so high or so low?"),
    ([ENGLISH], "who is responsible for that?", "Who is responsible for training vouchers?"),
    ([ARTICLE], "et en VEK ?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?"),
]

ALONE = [
    ([ARTICLE], "Wie is de minister van Onderwijs?"),
    ([ARTICLE], "En wat is de jobbonus?"),
    ([ARTICLE], "bedankt"),
    ([ARTICLE], "ja"),
    ([PREMIE, PREMIE_ANSWER], "Hoeveel kost de jobbonus?"),
    ([PREMIE], "transitiepremie 2020 voorwaarden"),
    ([PREMIE], "Voor welke doelgroep is de jobbonus bedoeld?"),
    ([PREMIE], "Krijgen poetshulpen begeleiding op het werk, en hoeveel geld was daarvoor?"),
    ([PREMIE], "Welke maatregelen zijn er die werkgevers steunen?"),
    ([PREMIE], "Wanneer keurde de regering het besluit over de leertijd goed?"),
    ([ENGLISH], "Who decides on the living wage?"),
    ([FRENCH], "Quels groupes cibles sont visés par le pacte local ?"),
]

CHAINS = [
    ((ARTICLE, "en in VEK?", "en het jaar ervoor?"), "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2020?"),
    ((ARTICLE, "en in VEK?", "en voor 1JDB2CB?", "en in 2020?"), "Hoeveel VEK kreeg 1JDB2CB in 2020?"),
    ((ARTICLE, WHO, "hoeveel bedraagt die?"), "Hoeveel bedraagt de jobbonus?"),
    ((ARTICLE, WHO, "en waarom?"), "Wat is de reden voor de jobbonus?"),
    (
        (PREMIE, "waarom?", "en in 2020?"),
        "Waarom was de uitvoering van de transitiepremie in 2020 zo hoog of zo laag?",
    ),
    (
        (WHO, "en het doel ervan?", "en de voorwaarden?", "wie is daar verantwoordelijk voor?"),
        "Wie is verantwoordelijk voor de jobbonus?",
    ),
    (
        (ARTICLE, "en in VEK?", WHO, "wat is het doel daarvan?", "en de transitiepremie?"),
        "Wat is het doel van de transitiepremie?",
    ),
    (
        (
            ARTICLE,
            "en in VEK?",
            "en het jaar ervoor?",
            "waarom?",
            WHO,
            "en de voorwaarden?",
            "hoeveel bedraagt die?",
            "en in 2022?",
        ),
        "Hoeveel bedraagt de jobbonus in 2022?",
    ),
]


@pytest.mark.parametrize(
    ("history", "question", "whole"),
    [*CREDIT_PHASE_YEAR, *OTHER_SUBJECT, *MORE_TURNS_OF_PHRASE, *REASONS, *POINTING, *LISTED, *TONGUES],
)
def test_a_question_that_leans_back_is_made_whole(history: list[str], question: str, whole: str):
    assert resolve(question, said(*history)).question.replace(" ?", "?") == whole.replace(" ?", "?")


@pytest.mark.parametrize(("history", "question"), ALONE)
def test_a_question_with_its_own_subject_is_left_alone(history: list[str], question: str):
    resolved = resolve(question, said(*history))
    assert (resolved.question, resolved.added) == (question, ())


@pytest.mark.parametrize(("questions", "whole"), CHAINS)
def test_each_question_leans_on_the_one_before_made_whole(questions: tuple[str, ...], whole: str):
    turns = [text for question in questions[:-1] for text in (question, "Dat staat in de bron. [1]")]
    assert resolve(questions[-1], said(*turns)).question == whole


def test_without_a_conversation_nothing_is_added():
    assert resolve("en in VEK?", ()).question == "en in VEK?"
    assert resolve("en in VEK?", [Turn("assistant", "Dag!")]).question == "en in VEK?"


def test_what_the_conversation_gave_is_named():
    assert resolve("en in VEK?", said(ARTICLE)).added == ("JB0-1JDB2CA-WT", "2021")
    assert resolve("wie krijgt die?", said(PREMIE)).added == ("de transitiepremie",)


def test_two_conversations_do_not_meet():
    first, second = said(ARTICLE), said(PREMIE)
    alone = resolve("en in 2020?", first)
    resolve("en in 2020?", second)
    assert resolve("en in 2020?", first) == alone
    assert "transitiepremie" not in alone.question


def test_a_long_message_stands_alone():
    long = "Die premie " + "is er voor wie werkt " * 50
    assert resolve(long, said(ARTICLE)).question == long


def test_a_long_history_with_hostile_turns_ends():
    turns = said(*["en " * 4000, "(‘" * 4000] * 10)
    assert resolve("waarom?", turns).question


def test_the_query_is_the_full_question_and_keeps_what_was_asked():
    query = understand("en in VEK?", said(ARTICLE))
    assert (query.asked, query.text) == ("en in VEK?", "Hoeveel VEK kreeg JB0-1JDB2CA-WT in 2021?")
    assert "code:JB0-1JDB2CA-WT" in query.exact
    assert understand(ARTICLE, said(PREMIE)).text == ARTICLE


@pytest.mark.parametrize(
    ("asked", "follow_up", "whole"),
    [
        (
            "Wanneer werd de jobbonus principieel goedgekeurd?",
            "en definitief?",
            "Wanneer werd de jobbonus definitief goedgekeurd?",
        ),
        (
            "Wanneer keurde de regering het decreet over de wolf principieel goed?",
            "en definitief?",
            "Wanneer keurde de regering het decreet over de wolf definitief goed?",
        ),
    ],
)
def test_a_stage_takes_the_place_of_the_stage(asked: str, follow_up: str, whole: str):
    assert (
        resolve(follow_up, [Turn("user", asked), Turn("assistant", "Op 19 november 2021.")]).question == whole
    )


def test_a_question_with_a_subject_of_its_own_takes_nothing_from_before():
    history = [Turn("user", "Wat was de uitvoering van de VOP?"), Turn("assistant", "92.762 keuro VAK.")]
    for question in (
        "Wanneer werd de jobbonus principieel goedgekeurd?",
        "Et qui peut demander le jobbonus ?",
        "Hoeveel krijgen gemeenten per leefloner die ze aan werk helpen?",
    ):
        query = understand(question, history)
        assert (query.text, query.context) == (question, "")


def test_a_question_that_points_back_and_cannot_be_made_whole_is_searched_with_what_was_said():
    history = [
        Turn("user", "Loopt er een proef met een klantvolgsysteem?"),
        Turn("assistant", "Ja, in Antwerpen."),
    ]
    query = understand("kan dat ondertussen overal, of moet daar nog iets voor gebeuren?", history)
    assert "klantvolgsysteem" in query.context or "klantvolgsysteem" in query.text


PLANS = "Wat belooft het regeerakkoord over fietspaden?"
MOVES = "Welke herverdelingen gebeurden er in 2021 bij de transitiepremie?"
DECREE = "Wanneer werd het decreet over de wolf principieel goedgekeurd?"
VOUCHERS = "Hoeveel VAK kregen de dienstencheques in 2021?"
WHICH_VOUCHERS = (
    "Verschillende begrotingsartikelen passen bij de vraag. Bedoelt u JB0-1JDB2EA-PA (DIENSTENCHEQUES); "
    "JB0-1JDB2EA-WT (DIENSTENCHEQUES)?"
)
WHICH_SECTION = (
    "De vraag laat open wat u bedoelt. Gaat het over ‘JB0-1JDB2EA-WT – DIENSTENCHEQUES > Toelichting’, ‘Ambitie’"
    " of ‘Loopbanen, opleidingen’?"
)

REASONS_IN_MORE_WORDS = [
    (
        ["Hoeveel kreeg AWI in 2021?"],
        "waarom zo weinig?",
        "Waarom was het krediet van AWI in 2021 zo weinig?",
    ),
    (
        [PREMIE],
        "en waarom meer dan begroot?",
        "Waarom was de uitvoering van de transitiepremie in 2021 meer dan begroot?",
    ),
    (
        [ENGLISH],
        "why so little?",
        "Why so little for the execution of training vouchers in 2021?",
    ),
    (["Hoe wordt de VOP berekend?"], "waarom zo ingewikkeld?", "Waarom zo ingewikkeld, bij de VOP?"),
]

BESIDE_WHAT_WAS_ASKED = [
    ([MOVES], "waarheen?", "Waarheen, bij de herverdelingen van de transitiepremie in 2021?"),
    ([MOVES], "vanwaar?", "Vanwaar, bij de herverdelingen van de transitiepremie in 2021?"),
    (
        [MOVES],
        "naar welk artikel?",
        "Naar welk artikel, bij de herverdelingen van de transitiepremie in 2021?",
    ),
    (
        ["Hoeveel werd er herverdeeld naar de VOP?"],
        "vanuit welke artikels?",
        "Vanuit welke artikels, bij de herverdeling naar de VOP?",
    ),
    ([PLANS], "tegen wanneer?", "Tegen wanneer, bij fietspaden?"),
    ([PLANS], "is dat al gebeurd?", "Is dat al gebeurd, bij fietspaden?"),
    ([PLANS], "geef een voorbeeld", "Geef een voorbeeld, bij fietspaden?"),
    ([PLANS], "en hoeveel geld?", "Hoeveel geld voor fietspaden?"),
    ([PLANS], "en voor wandelaars?", "Wat belooft het regeerakkoord over fietspaden, voor wandelaars?"),
    (
        ["Welke maatregelen neemt Vlaanderen tegen armoede?"],
        "ook voor kinderen?",
        "Welke maatregelen neemt Vlaanderen tegen armoede, ook voor kinderen?",
    ),
    (
        ["Welke maatregelen zijn er voor jongeren?"],
        "zijn die al uitgevoerd?",
        "Zijn de maatregelen voor jongeren al uitgevoerd?",
    ),
    (
        ["Welke maatregelen zijn er voor jongeren?"],
        "de rest?",
        "Welke andere maatregelen zijn er voor jongeren?",
    ),
    (
        ["Wie komt in aanmerking voor de jobbonus?"],
        "en ouderen?",
        "Wie komt in aanmerking voor de jobbonus (ook ouderen)?",
    ),
    (
        ["Belooft het regeerakkoord meer sociale woningen?"],
        "en huursubsidies?",
        "Belooft het regeerakkoord huursubsidies?",
    ),
    ([ARTICLE], "waarheen ging de rest?", "Waarheen ging de rest van JB0-1JDB2CA-WT in VAK in 2021?"),
    ([ARTICLE], "waar staat dat?", "Waar staat het krediet (VAK) van JB0-1JDB2CA-WT in 2021?"),
    ([ARTICLE], "opgebruikt?", "Hoeveel werd opgebruikt voor JB0-1JDB2CA-WT in VAK in 2021?"),
    (
        ["Hoeveel bedraagt artikel JB0-1JEB2HA-WT?"],
        "en de onderbenutting?",
        "Wat is de onderbenutting van JB0-1JEB2HA-WT?",
    ),
    (["Hoeveel bedraagt artikel JB0-1JEB2HA-WT?"], "en de VOP?", "Hoeveel bedraagt de VOP?"),
]

ANOTHER_WAY_OF_ASKING = [
    ([DECREE], "door wie?", "Door wie werd het decreet over de wolf principieel goedgekeurd?"),
    (
        [DECREE],
        "op voorstel van wie?",
        "Op voorstel van wie werd het decreet over de wolf principieel goedgekeurd?",
    ),
    ([DECREE], "en bekrachtigd?", "Wanneer werd het decreet over de wolf bekrachtigd?"),
    (
        ["Werd er geld van de VOP herverdeeld?"],
        "waarheen?",
        "Waarheen werd er geld van de VOP herverdeeld?",
    ),
]

CHOICES = [
    ([VOUCHERS, WHICH_VOUCHERS], "de WT", "Hoeveel VAK kregen JB0-1JDB2EA-WT (DIENSTENCHEQUES) in 2021?"),
    (
        [VOUCHERS, WHICH_VOUCHERS],
        "die met PA",
        "Hoeveel VAK kregen JB0-1JDB2EA-PA (DIENSTENCHEQUES) in 2021?",
    ),
    (
        [VOUCHERS, WHICH_VOUCHERS],
        "alle twee samen",
        "Hoeveel VAK kregen JB0-1JDB2EA-PA (DIENSTENCHEQUES) en JB0-1JDB2EA-WT (DIENSTENCHEQUES) in 2021?",
    ),
    (
        [VOUCHERS, WHICH_VOUCHERS],
        "welke van de twee is voor loon?",
        "Welke van JB0-1JDB2EA-PA (DIENSTENCHEQUES) en JB0-1JDB2EA-WT (DIENSTENCHEQUES) is voor loon?",
    ),
    ([VOUCHERS, WHICH_SECTION], "de eerste", "Hoeveel VAK kregen JB0-1JDB2EA-WT in 2021?"),
    ([VOUCHERS, WHICH_SECTION], "loopbanen", "Hoeveel VAK kregen ‘Loopbanen, opleidingen’ in 2021?"),
    (
        ["Hoeveel VAK kreeg SINE in 2021?", "-", "en de VOP?", "-"],
        "verschil?",
        "Wat is het verschil in bedrag tussen SINE en de VOP in VAK in 2021?",
    ),
    (
        ["Hoeveel VAK kreeg SINE in 2021?", "-", "en de VOP?", "-"],
        "en samen?",
        "Hoeveel VAK kreeg SINE en de VOP in 2021 (samen)?",
    ),
]


@pytest.mark.parametrize(
    ("history", "question", "whole"),
    [*REASONS_IN_MORE_WORDS, *BESIDE_WHAT_WAS_ASKED, *ANOTHER_WAY_OF_ASKING, *CHOICES],
)
def test_a_fragment_keeps_the_subject_and_reads_as_a_question(history: list[str], question: str, whole: str):
    assert resolve(question, said(*history)).question == whole


@pytest.mark.parametrize(
    "question",
    [
        "wat is VEK?",
        "ok dank je",
        "hallo",
        "Zijn er subsidies voor hemelwaterputten?",
        "welke scholen krijgen subsidies?",
        "dierenwelzijn",
        "erkenning musea",
    ],
)
def test_a_greeting_a_term_and_another_topic_take_nothing_along(question: str):
    assert resolve(question, said(PREMIE, PREMIE_ANSWER)) == Resolved(question)
