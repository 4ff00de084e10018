"""What can be quoted from a passage: whole sentences, with the number that opens an item of a list."""

import pytest

from answer.quotes import _pieces
from ingest.records import Block, Metadata, Passage
from retrieval.records import Evidence


def pieces(text: str, kind: str = "list_item") -> list[str]:
    evidence = Evidence(Passage("nota", 0, len(text), text, ()), Metadata("nota", "pact", "Pact", "map"), 1.0)
    return [text[start:end] for start, end in _pieces(evidence, Block(0, len(text), kind))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5. De toets is er. Ze is kort.", ["5. De toets is er.", "Ze is kort."]),
        ("b) De toets is er.", ["b) De toets is er."]),
        ("- 40%.", ["- 40%."]),
        ("5.", []),
    ],
    ids=["number", "letter", "a figure is no number of an item", "nothing but a number"],
)
def test_the_number_of_an_item_stands_before_its_first_sentence(text: str, expected: list[str]):
    assert pieces(text) == expected


def test_a_sentence_of_a_paragraph_is_no_scrap():
    assert pieces("De toets is er sinds 2021. Ja. Ze is kort en schriftelijk.", "paragraph") == [
        "De toets is er sinds 2021.",
        "Ze is kort en schriftelijk.",
    ]
