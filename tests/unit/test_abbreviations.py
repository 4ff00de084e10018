"""Abbreviations: when one is asked for, what counts as its full name, and that the answer spells it out."""

from pathlib import Path

import pytest

from answer.abbreviations import abbreviation_asked, stands_for
from answer.ask import ask
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Waar staat LDE voor?", "LDE"),
        ("waarvoor staat de afkorting ‘VOP’ eigenlijk voor", "VOP"),
        ("wat is een gpmi?", "gpmi"),
        ("Wat betekent KPI?", "KPI"),
        ("VOP, wat is dat?", "VOP"),
        ("What does SERV stand for?", "SERV"),
        ("Que signifie AMA ?", "AMA"),
        ("Wat is het budget van de VDAB in 2021?", None),
        ("Wat is dat?", None),
        ("Wie betaalt de VOP?", None),
    ],
)
def test_when_an_abbreviation_is_asked_for(question: str, name: str | None):
    assert abbreviation_asked(question) == name


@pytest.mark.parametrize(
    ("text", "name", "full"),
    [
        ("Steun voor de lokale diensteneconomie (LDE) in 2021.", "lde", "lokale diensteneconomie"),
        ("enkele foute kritieke prestatie-indicatoren (KPI’s) en", "KPI", "kritieke prestatie-indicatoren"),
        ("Recht op Maatschappelijke Integratie (RMI), 37.362", "RMI", "Recht op Maatschappelijke Integratie"),
        ("De gemeente (LDE) deed mee.", "LDE", None),
        ("Lees dit. Een einde (LDE).", "LDE", None),
        ("De LDE groeit.", "LDE", None),
    ],
)
def test_the_letters_stand_in_the_words_before_in_order(text: str, name: str, full: str | None):
    assert stands_for(text, name) == full


def test_the_answer_opens_with_a_sentence_that_spells_it_out(sample_store: Path):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        answer = ask(corpus, "Waar staat VOV voor?")
    assert answer.status == "answered"
    assert stands_for(answer.citations[0].text, "VOV") == "Vlaams opleidingsverlof"
