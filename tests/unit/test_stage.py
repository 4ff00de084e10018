import pytest

from ingest.stage import stage


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Voorontwerp van decreet", "De Vlaamse Regering hecht haar principiële goedkeuring aan het decreet.", "principieel"),
        ("Voorontwerp van decreet", "Na advies hecht ze haar definitieve goedkeuring aan het decreet.", "definitief"),
        ("Ontwerpbesluit", "De regering wijzigt het besluit.", "definitief"),
        ("Voorontwerp van besluit", "De regering wint advies in.", "principieel"),
        ("Bekrachtiging en afkondiging van het decreet", "Het parlement nam het aan.", "bekrachtigd"),
        (None, "De regering beslist tot bekrachtiging en afkondiging van het decreet.", "bekrachtigd"),
        ("A. Voorontwerp van decreet", "Ze keurt dit goed.", "principieel"),
        (None, "De regering benoemt een administrateur.", None),
        (None, "De overeenkomst biedt een principieel kader voor de samenwerking.", None),
        (
            "Voorontwerp van besluit",
            "In maart stelde ze het plan definitief vast. Nu keurt ze principieel het besluit goed.",
            "principieel",
        ),
        ("Voorontwerp van besluit", "Ze beslist principieel tot definitieve vaststelling van het plan.", "principieel"),
    ],
)  # fmt: skip
def test_the_stage_of_a_decision(title, text, expected):
    assert stage(title, text) == expected


def test_of_two_stages_in_one_text_the_first_is_the_act():
    text = "Ze wijzigt definitief haar besluit en voegt principieel een hoofdstuk toe."
    assert stage("Ontwerpbesluit", text) == "definitief"
