"""The language of questions, and the Dutch words for French and English ones."""

import tomllib
from importlib.resources import files

import pytest

from ingest.analysis import STOPWORDS, tokens
from prompts.messages import message, sentences
from retrieval.language import LANGUAGES, dutch_words, in_dutch, language
from retrieval.query import understand
from retrieval.records import Turn

FRENCH = [
    "Quel est le crédit d'engagement de JB0-1JDB2CA-WT en 2021 ?",
    "Combien a été dépensé pour la formation en 2021 ?",
    "combien pour la transitiepremie en 2021",
    "pourquoi ?",
    "et en VEK ?",
    "prime de transition pour les chômeurs de plus de 45 ans",
    "Qui est responsable des titres-services ?",
    "montant du subside pour communes",
    "Y a-t-il une décision sur l'économie sociale ?",
    "accord de coopération VDAB et CPAS, quelle date ?",
]
ENGLISH = [
    "How much was spent on Aanmoedigingspremies in 2021?",
    "why?",
    "and in 2020?",
    "training vouchers, budget 2021",
    "Who decides on the living wage (leefloon), OCMW or VDAB?",
    "what does VAK stand for",
    "allowance for jobseekers who become self-employed",
    "When was the cooperation agreement approved?",
    "Is there a subsidy for local authorities?",
    "service voucher price per hour",
]
DUTCH = [
    "Hoeveel VAK kreeg JB0-1JDB2CA-WT in 2021?",
    "en in VEK?",
    "waarom?",
    "budget 2021 VAK?",
    "transitiepremie",
    "1JDB2CA-WT",
    "2021",
    "",
    "VAK of VEK in 2021",
    "Kan mijn firma een bon krijgen om les te volgen?",
    "IT-projecten bij de SE, AMA en LDE",
    "Wat is de stand van het project 'Smart Region Office'?",
    "single permit voor werknemers uit het buitenland",
    "Wat is outplacement?",
    "front office van de gemeente",
    "premie per maand voor wie les volgt",
]


@pytest.mark.parametrize("question", FRENCH)
def test_french_is_known(question: str):
    assert language(question) == "fr"


@pytest.mark.parametrize("question", ENGLISH)
def test_english_is_known(question: str):
    assert language(question) == "en"


@pytest.mark.parametrize("question", DUTCH)
def test_dutch_is_known_and_is_what_nothing_tells(question: str):
    assert language(question) == "nl"


def test_a_question_that_tells_no_language_keeps_that_of_the_conversation():
    assert language("2020?", otherwise="fr") == "fr"
    turns = [Turn("user", FRENCH[0]), Turn("assistant", "…")]
    assert understand("2020 ?", turns).reply_in == "fr"
    assert understand("et pourquoi ?", [Turn("user", DUTCH[0])]).reply_in == "fr"
    assert understand("en in VEK?", [Turn("user", DUTCH[0])]).reply_in == "nl"


@pytest.mark.parametrize(
    ("question", "tongue", "wanted"),
    [
        ("crédit d'engagement", "fr", "vastleggingskrediet VAK"),
        ("CRÉDITS D’ENGAGEMENT", "fr", "vastleggingskrediet VAK"),
        ("des communes", "fr", "gemeente"),
        ("travaux", "fr", "werken"),
        ("subsidies", "en", "subsidie"),
        ("self-employed", "en", "zelfstandige"),
        ("labour market, labour", "en", "arbeidsmarkt arbeid"),
        ("xyzzy", "en", ""),
        ("de gemeente", "nl", ""),
    ],
)
def test_words_are_given_in_dutch(question: str, tongue: str, wanted: str):
    assert dutch_words(question, tongue) == wanted


def test_the_longest_entry_counts():
    assert "krediet" not in dutch_words("crédit d'engagement", "fr").split()


def test_function_words_go_names_and_codes_stay():
    assert in_dutch("Combien pour la transitiepremie en 2021 ?", "fr").split()[:2] == [
        "transitiepremie",
        "2021",
    ]
    assert in_dutch("Wat is de premie?", "nl") == "Wat is de premie?"


def test_a_foreign_question_is_searched_with_dutch_words_and_its_own_codes():
    query = understand("Quel est le crédit d'engagement de JB0-1JDB2CA-WT en 2021 ?")
    assert query.language == "fr"
    assert {"code:JB0-1JDB2CA-WT", "code:1JDB2CA"} <= set(query.exact)
    stems = {term for term, _ in query.terms("stems")}
    assert "vak" in stems
    assert not stems & {"quel", "est", "le", "d"}
    assert "vastleggingskrediet" in query.sentence()


def test_dates_are_read_in_every_language():
    assert "date:2021-03-01" in understand("Which decree of 1 March 2021 was approved?").exact
    assert "date:2023-06-01" in understand("Quels services ont été fusionnés le 1er juin 2023 ?").exact
    assert "date:2021-08-02" in understand("Quelle décision du 2 août 2021 ?").exact


def test_the_glossary_holds_plain_entries():
    glossary = tomllib.loads((files("retrieval") / "glossary.toml").read_text(encoding="utf-8"))
    for tongue in LANGUAGES[1:]:
        assert len(glossary[tongue]) >= 250
        for foreign, dutch in glossary[tongue].items():
            assert foreign == foreign.lower().strip(), foreign
            assert tokens(dutch), foreign
    assert len({*STOPWORDS} & {*tokens(glossary["function_words"]["nl"])}) > 30


def test_every_sentence_has_the_three_languages_and_the_same_placeholders():
    for name, said in sentences().items():
        assert set(said) == set(LANGUAGES), name
        assert (
            len({tuple(sorted(p for p in PLACEHOLDERS if f"${p}" in text)) for text in said.values()}) == 1
        ), name


PLACEHOLDERS = sorted(
    {
        word.strip("$.,;:()’‘«»?")
        for said in sentences().values()
        for text in said.values()
        for word in text.split()
        if "$" in word
    }
)


def test_a_sentence_is_filled_in_once():
    assert message("unknown_date", "en", date="$held") == "The documents held here mention nothing on $held."
    with pytest.raises(KeyError):
        message("unknown_date", "en")
    with pytest.raises(KeyError):
        message("unknown_date", "de", date="2021")
