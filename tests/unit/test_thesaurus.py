import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import SourceInvalid, StoreDamaged
from ingest.thesaurus import Label, Thesaurus, read_thesaurus
from ingest.thesaurus_terms import NO_TERMS, content_key, dumped, loaded, phrase_key, terms_of, words

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <urn:beleidswijzer:begrip:> .
"""
VEK = ':vek a skos:Concept ; skos:prefLabel "vereffeningskrediet"@nl ; skos:altLabel "VEK"@nl'

Turtle = Callable[..., Path]


@pytest.fixture
def turtle(tmp_path: Path) -> Turtle:
    def write(*concepts: str) -> Path:
        path = tmp_path / "thesaurus.ttl"
        path.write_text(PREFIXES + " .\n".join(concepts) + " .\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def shipped(request: pytest.FixtureRequest) -> Thesaurus:
    root: Path = request.getfixturevalue("root")
    return read_thesaurus(root / "corpus" / "thesaurus.ttl")


def test_a_concept_with_its_labels_and_relations(turtle: Turtle):
    path = turtle(
        VEK + ' ; skos:hiddenLabel "krediet om te betalen"@nl ; skos:prefLabel "payment credit"@en ; '
        "skos:broader :krediet ; skos:related :vak ; :expandsTo :vak",
        ':vak a skos:Concept ; skos:prefLabel "vastleggingskrediet"@nl ; :capitals "VAK"@nl',
        ':krediet a skos:Concept ; skos:prefLabel "begrotingskrediet"@nl',
    )
    vek = {c.id: c for c in read_thesaurus(path).concepts}["vek"]
    assert vek.name == "vereffeningskrediet"
    assert (vek.broader, vek.related, vek.expands_to) == (("krediet",), ("vak",), ("vak",))
    assert vek.labels == (
        Label("vereffeningskrediet", "nl", "preferred"),
        Label("payment credit", "en", "preferred"),
        Label("VEK", "nl", "alternative"),
        Label("krediet om te betalen", "nl", "hidden"),
    )


@pytest.mark.parametrize(
    ("concept", "says"),
    [
        (':x a skos:Concept ; skos:altLabel "X"@nl', "0 voorkeurslabels in nl"),
        (':x a skos:Concept ; skos:prefLabel "een"@nl, "twee"@nl', "2 voorkeurslabels in nl"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl, "un"@fr, "deux"@fr', "2 voorkeurslabels in fr"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:altLabel " "@nl', "is leeg"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:altLabel "-"@nl', "is leeg"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:altLabel "y"', "geen taal"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:hiddenLabel "X"@nl', "meer dan eens"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:broader :weg', "verwijst naar 'weg'"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; :expandsTo :weg', "verwijst naar 'weg'"),
        (':x a skos:Concept ; skos:prefLabel "x"@nl ; skos:broader :x', "onder zichzelf (x > x)"),
    ],
)
def test_what_does_not_hold_is_said_with_the_concept(turtle: Turtle, concept: str, says: str):
    with pytest.raises(SourceInvalid, match="'x'") as caught:
        read_thesaurus(turtle(VEK, concept))
    assert says in str(caught.value)


def test_a_longer_circle_is_said_as_it_runs(turtle: Turtle):
    path = turtle(
        ':a a skos:Concept ; skos:prefLabel "a"@nl ; skos:broader :b',
        ':b a skos:Concept ; skos:prefLabel "b"@nl ; skos:broader :c',
        ':c a skos:Concept ; skos:prefLabel "c"@nl ; skos:broader :b',
    )
    with pytest.raises(SourceInvalid, match="b > c > b"):
        read_thesaurus(path)


def test_two_ways_up_to_one_concept_are_no_circle(turtle: Turtle):
    path = turtle(
        ':a a skos:Concept ; skos:prefLabel "a"@nl ; skos:broader :b, :c',
        ':b a skos:Concept ; skos:prefLabel "b"@nl ; skos:broader :d',
        ':c a skos:Concept ; skos:prefLabel "c"@nl ; skos:broader :d',
        ':d a skos:Concept ; skos:prefLabel "d"@nl',
    )
    assert len(read_thesaurus(path).concepts) == 4


def test_two_concepts_of_one_name(turtle: Turtle):
    with pytest.raises(SourceInvalid, match="'vek' en 'x'"):
        read_thesaurus(turtle(VEK, ':x a skos:Concept ; skos:prefLabel "Vereffeningskrediet"@nl'))


def test_a_file_that_is_no_turtle_or_has_no_concept(turtle: Turtle, tmp_path: Path):
    with pytest.raises(SourceInvalid, match="Turtle"):
        read_thesaurus(turtle("dit is geen turtle"))
    with pytest.raises(SourceInvalid, match="Turtle"):
        read_thesaurus(tmp_path / "weg.ttl")
    with pytest.raises(SourceInvalid, match="geen enkel"):
        read_thesaurus(turtle(':x skos:prefLabel "x"@nl'))


def test_words_lose_elision_and_possessive():
    assert words("Crédits d'engagement van de OCMW's") == ["credits", "engagement", "van", "de", "ocmw"]
    assert phrase_key("uitvoering van de begroting") != content_key("uitvoering van de begroting")
    assert len(content_key("uitvoering van de begroting")) == 2


def test_terms_say_how_a_label_is_matched(turtle: Turtle):
    path = turtle(
        VEK + ' ; skos:hiddenLabel "krediet om te betalen"@nl, "betaalkrediet"@nl ; :capitals "PAS"@nl ; '
        'skos:prefLabel "payment credit"@en'
    )
    terms = terms_of(read_thesaurus(path))
    assert {t.label: t.match for found in terms.phrases.values() for t in found} == {
        "vereffeningskrediet": "official",
        "VEK": "official",
        "payment credit": "other",
        "betaalkrediet": "other",
        "PAS": "capitals",
    }
    assert [t.label for found in terms.loose.values() for t in found] == ["krediet om te betalen"]
    assert terms.names == {"vek": ("vereffeningskrediet", "VEK")}


def test_dumped_terms_come_back_the_same(turtle: Turtle):
    thesaurus = read_thesaurus(
        turtle(VEK + " ; :expandsTo :vak", ':vak a skos:Concept ; skos:prefLabel "a b"@nl')
    )
    assert loaded(dumped(thesaurus)) == terms_of(thesaurus) != NO_TERMS
    assert dumped(thesaurus) == dumped(thesaurus)


@pytest.mark.parametrize("content", ["geen json", "[]", "{}", json.dumps({"format": 99})])
def test_terms_that_cannot_be_read(content: str):
    with pytest.raises(StoreDamaged, match="thesaurus"):
        loaded(content)


def test_the_shipped_thesaurus_holds(shipped: Thesaurus):
    labels = [label for concept in shipped.concepts for label in concept.labels]
    assert len(shipped.concepts) >= 350
    assert {label.language for label in labels} == {"nl", "fr", "en"}
    assert len(labels) >= 4 * len(shipped.concepts)


def test_the_shipped_thesaurus_has_no_stopword_for_a_name(shipped: Thesaurus):
    terms = terms_of(shipped)
    ordinary = [
        term.label
        for key, found in terms.phrases.items()
        for term in found
        if term.match != "capitals" and not content_key(term.label)
    ]
    assert ordinary == []


def test_every_theme_of_a_decision_is_a_concept(shared: Path, root: Path):
    known = (root / "corpus" / "thesaurus.ttl").read_text(encoding="utf-8")
    lines = (shared / "corpus" / "themis" / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    labels = {theme["id"]: theme["label"] for line in lines for theme in json.loads(line)["themes"]}
    missing = {label for number, label in labels.items() if f"/thema/{number}>" not in known}
    assert missing <= {
        "Milieu",
        "Welzijn",
        "Landbouw",
        "Brussel en Vlaamse rand",
    }  # withdrawn names of others
