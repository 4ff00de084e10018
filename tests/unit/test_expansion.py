from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.thesaurus import Concept, Label, Thesaurus, read_thesaurus
from ingest.thesaurus_terms import Terms, terms_of
from retrieval.expansion import LONG, WEIGHTS, Expansion, expand


def concept(
    name: str,
    *alternative: str,
    hidden: Sequence[str] = (),
    french: Sequence[str] = (),
    capitals: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Concept:
    return Concept(
        name.replace(" ", "-"),
        (
            Label(name, "nl", "preferred"),
            *(Label(text, "nl", "alternative") for text in alternative),
            *(Label(text, "fr", "alternative") for text in french),
            *(Label(text, "nl", "hidden") for text in hidden),
            *(Label(text, "nl", "capitals") for text in capitals),
        ),
        expands_to=tuple(also),
    )


def terms(*concepts: Concept) -> Terms:
    return terms_of(Thesaurus(concepts))


VOP = concept("Vlaamse ondersteuningspremie", "VOP", hidden=["loonpremie handicap"])
VEK = concept("vereffeningskrediet", "VEK", french=["crédit d'engagement"])
TRANSITION = concept("transitiepremie", hidden=["premie werkloze zelfstandige"])


def test_an_abbreviation_brings_the_full_name_and_the_other_way_round():
    assert expand(terms(VOP), "hoeveel vop?") == [
        Expansion(
            "Vlaamse-ondersteuningspremie", "VOP", ("Vlaamse ondersteuningspremie",), WEIGHTS["official"]
        )
    ]
    assert [e.added for e in expand(terms(VOP), "De Vlaamse ondersteuningspremies in 2021")] == [("VOP",)]


def test_french_elision_is_understood():
    assert expand(terms(VEK), "Quels sont les crédits d'engagement ?")[0].added == (
        "vereffeningskrediet",
        "VEK",
    )


def test_an_official_name_that_the_documents_use_needs_no_other():
    known = terms(concept("Groeipakket", "gezinsbijslag", hidden=["kindergeld"]))
    assert [e.added for e in expand(known, "gezinsbijslag", lambda name: False)] == [("Groeipakket",)]
    assert expand(known, "gezinsbijslag", lambda name: True) == []


def test_an_everyday_name_is_helped_whatever_the_documents_use():
    known = terms(concept("Groeipakket", "gezinsbijslag", hidden=["kindergeld"]))
    assert expand(known, "kindergeld", lambda name: True)[0].added == ("Groeipakket", "gezinsbijslag")


def test_a_question_that_has_every_name_gets_nothing():
    assert expand(terms(VOP), "de Vlaamse ondersteuningspremie (VOP)") == []


def test_nothing_without_a_label():
    assert expand(terms(VOP, VEK), "Wat besliste de regering?") == []
    assert expand(terms(VOP), "") == []


def test_the_longest_label_takes_its_words():
    found = expand(
        terms(concept("maatwerk", "aangepast werk"), concept("collectief maatwerk", "maatwerkbedrijf")),
        "het collectief maatwerk",
    )
    assert [e.concept for e in found] == ["collectief-maatwerk"]


def test_concepts_that_share_a_label_share_the_weight():
    found = expand(
        terms(concept("leningontvangsten", "LO"), concept("loonkredieten", "LO")), "de LO van 2021"
    )
    assert [(e.concept, e.weight) for e in found] == [
        ("leningontvangsten", WEIGHTS["official"] / 2),
        ("loonkredieten", WEIGHTS["official"] / 2),
    ]


def test_everyday_wording_may_stand_apart():
    found = expand(terms(TRANSITION), "Welke premie krijgt een werkloze die zelfstandige wordt?")
    assert [(e.concept, e.added, e.weight) for e in found] == [
        ("transitiepremie", ("transitiepremie",), WEIGHTS["loose"])
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Welke premie krijgt een werkloze?",
        "Een premie voor bedrijven, scholen, musea, gemeenten, boeren: wat krijgt een werkloze zelfstandige?",
    ],
)
def test_everyday_wording_must_be_whole_and_close(question: str):
    assert expand(terms(TRANSITION), question) == []


def test_a_name_in_capitals_is_not_the_ordinary_word():
    known = terms(concept("programmatische aanpak stikstof", capitals=["PAS"]))
    assert expand(known, "wat gebeurt er pas in 2024?") == []
    assert [e.matched for e in expand(known, "Wat zegt het PAS-kader?")] == ["PAS"]


def test_a_shared_stem_is_not_the_same_word():
    """Snowball gives `werkbaarheid` and `werk` one stem."""
    assert expand(terms(concept("werkbaarheid", "werkbaar werk")), "minister van Werk") == []


def test_a_marked_relation_brings_the_preferred_name_of_the_other():
    known = terms(
        concept("tewerkstellingsprogramma", also=["gesco"]), concept("gesco", "gesubsidieerde contractuelen")
    )
    assert [e.added for e in expand(known, "een tewerkstellingsprogramma")] == [("gesco",)]


def test_names_that_differ_by_inflection_are_added_once():
    known = terms(concept("woonmaatschappijen", "woonmaatschappij", "SHM"))
    assert expand(known, "SHM")[0].added == ("woonmaatschappijen",)


def test_a_long_text_is_left_as_it_is():
    assert expand(terms(VOP), "VOP " + "premie " * LONG) == []


@pytest.fixture(scope="module")
def shipped(request: pytest.FixtureRequest) -> Terms:
    root: Path = request.getfixturevalue("root")
    return terms_of(read_thesaurus(root / "corpus" / "thesaurus.ttl"))


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Wat is het betaalkrediet?", "VEK"),
        ("kindergeld", "Groeipakket"),
        ("les titres-services", "dienstencheque"),
        ("housing policy", "woonbeleid"),
        ("poetscheques", "dienstencheques"),
        ("Hoeveel commitment credit?", "vastleggingskrediet"),
    ],
)
def test_the_shipped_thesaurus_translates(shipped: Terms, question: str, added: str):
    assert added in [name for found in expand(shipped, question) for name in found.added]


@pytest.mark.parametrize(
    "question", ["Via welke weg kom je er pas later?", "Wat is zijn vak?", "Wie is de beste map?"]
)
def test_the_shipped_thesaurus_leaves_ordinary_words_alone(shipped: Terms, question: str):
    assert expand(shipped, question) == []
