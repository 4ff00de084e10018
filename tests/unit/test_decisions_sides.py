"""The two sides of a question that sets receivers, editions or years side by side."""

import pytest

from answer.decisions_sides import Sides, sides_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie kreeg meer subsidie, Gent of Brugge?", Sides("Gent", "Brugge", "kreeg subsidie")),
        ("Gent of Brugge, wie kreeg het meest voor bos?", Sides("Gent", "Brugge", "kreeg voor bos")),
        (
            "Kreeg Gent meer of minder steun dan Brugge voor bos?",
            Sides("Gent", "Brugge", "Kreeg of steun voor bos"),
        ),
        ("Kreeg Gent meer in 2021 of in 2022?", Sides("in 2021", "in 2022", "Kreeg Gent")),
        ("Kreeg Gent in 2023 meer dan in 2020?", Sides("in 2023", "in 2020", "Kreeg Gent")),
        ("Hoeveel kreeg Gent in 2020 en hoeveel in 2022?", Sides("in 2020", "in 2022", "kreeg Gent")),
        (
            "Hoeveel kreeg Gent voor de eerste en hoeveel voor de tweede editie?",
            Sides("voor de eerste editie", "voor de tweede editie", "kreeg Gent"),
        ),
        ("Wat kreeg Gent en wat kreeg Brugge voor bos?", Sides("kreeg Gent", "kreeg Brugge", "voor bos")),
        ("Hoeveel subsidie kregen Gent en Brugge?", Sides("Gent", "Brugge", "subsidie kregen")),
        (
            "Welke projectsubsidie was hoger, die aan de stad Gent of die aan de stad Brugge?",
            Sides("aan de stad Gent", "aan de stad Brugge", "projectsubsidie"),
        ),
        (
            "Is de toelage van Gent voor bos groter dan die voor water?",
            Sides("van Gent voor bos", "van Gent voor water", "de toelage"),
        ),
        ("Wat is het verschil in steun tussen Gent en Brugge?", Sides("Gent", "Brugge", "in steun")),
        ("Hoeveel kregen Gent en Brugge samen?", None),
        ("Hoeveel subsidie kreeg Gent?", None),
        ("Hoeveel subsidie krijgen gemeenten en provincies?", None),
        ("Wat is het verschil tussen Gent en Brugge?", None),
        ("Is de subsidie gestegen of gedaald?", None),
    ],
)
def test_the_sides_of_a_question(question: str, expected: Sides | None):
    assert sides_of(question) == expected
