"""Where an article's section starts and ends."""

import pytest

from ingest.budget.sections import articles
from ingest.records import Document, Metadata

CODE = "NC0-1NDA2VA-WT"


def read(text: str):
    return articles(Document(Metadata("d", "bbt", "t", "test"), "", text, ()))


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"{CODE} – BRUGGEN EN \nSLUIZEN ", "BRUGGEN EN SLUIZEN"),
        (f"{CODE} - Bruggen en\nsluizen", "Bruggen en sluizen"),
        (f"{CODE}: Bruggen", "Bruggen"),
        (f"{CODE}–BRUGGEN", "BRUGGEN"),
        (f"{CODE} BRUGGEN", "BRUGGEN"),
        ("NC0-\n1NDA2VA-WT – BRUGGEN", "BRUGGEN"),
        (f"1.3.1. Begrotingsartikel {CODE} – Bruggen", "Bruggen"),
        (f"### {CODE} – Bruggen", "Bruggen"),
        (f"{CODE} – LEERWEGEN - \nLEVENSLANG LEREN", "LEERWEGEN - LEVENSLANG LEREN"),
        (f"{CODE} – BRUGGEN\nKorte inhoud begrotingsartikel", "BRUGGEN"),
    ],
)
def test_a_heading_is_a_code_and_a_title(heading: str, title: str):
    text = f"Vooraf.\n\n{heading}\n \nDit begrotingsartikel bevat kredieten.\n"
    (article,) = read(text)
    assert (article.code, article.title) == (CODE, title)
    assert text[article.start :].startswith("NC0-")
    assert text[: article.end].endswith("kredieten.")


@pytest.mark.parametrize(
    "text",
    [
        f"Het gaat om\n{CODE} – zoals gezegd – en meer.\n",
        f"Zie ({CODE}).\n",
        f"Vooraf.\n\n{CODE} wordt gebruikt voor bruggen.\n",
        f"Vooraf.\n\n{CODE} – dat is een artikel voor bruggen.\n",
    ],
)
def test_a_code_in_running_text_opens_no_section(text: str):
    assert read(text) == ()


@pytest.mark.parametrize(
    "stop",
    [
        "NC0-1NDA2VB-WT – OEVERS",
        "1.3.2. Overige entiteiten",
        "2. Inhoudelijk structuurelement: SLUIZEN",
        "V. BELEIDSVELD: WEGEN",
        "NC0 - PROGRAMMA NE – WEGEN",
        "Uitgavenartikelen",
        "TOTAAL – WEGEN EN WATER",
        "2. Overige kredieten",
    ],
)
def test_a_section_ends_where_something_else_begins(stop: str):
    text = f"{CODE} – BRUGGEN\n\nEerst 2.607 VEK naar\n2.607 VEK Andere.\n\n1. een punt van een lijst;\n\nSlot.\n\n{stop}\n\nNa.\n"
    article = read(text)[0]
    assert text[: article.end].endswith("Slot.")


def test_an_article_belongs_to_the_element_and_programme_above_it():
    text = (
        "PROGRAMMA ND – WATER\n\n1. Inhoudelijk structuurelement: OUDE \nVAARROUTES \n\n"
        f"Onder het ISE ‘Vaarroutes’ vallen twee artikelen.\n\n{CODE} – BRUGGEN\n\nIn het kader van OD 3 en de "
        "operationele doelstelling VI.4.2. en OD3.\n\nVIII. APPARAATSKREDIETEN\n\nNC0-1NDB2VB-LO – LONEN\n\nLonen.\n"
    )
    bridges, wages = read(text)
    assert (bridges.ise, bridges.programme_title) == ("OUDE VAARROUTES", "WATER")
    assert bridges.objectives == ("OD 3", "VI.4.2")
    assert (wages.ise, wages.programme_title, wages.suffix) == (None, "WATER", "LO")
