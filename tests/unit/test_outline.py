"""How headings nest, and the path that every block gets from them."""

import pytest

from ingest.parse.outline import with_sections
from ingest.parse.outline_levels import DEEPEST, Kind, Mark, credible, levels, under
from ingest.reading import cleaned
from ingest.records import Block


def document(*lines: tuple[str, int]) -> tuple[str, list[Block]]:
    """A text of lines, each with its heading level (0 for a paragraph), and its blocks."""
    text, blocks = "", []
    for line, level in lines:
        blocks.append(Block(len(text), len(text) + len(line), "heading" if level else "paragraph", level))
        text += line + "\n"
    return text, blocks


def mark(kind: Kind, title: str = "", *number: int, series: str = "", bare: bool = False) -> Mark:
    return Mark(kind, title or kind, number, series or ("." if kind == "number" else ""), bare)


def test_a_block_has_the_headings_above_it_outermost_first():
    text, blocks = document(
        ("I", 1), ("1", 2), ("1.1", 3), ("tekst", 0), ("2", 2), ("tekst", 0), ("II", 1), ("tekst", 0)
    )
    sections = [block.section for block in with_sections(text, blocks)]
    assert sections[3] == ("I", "1", "1.1")
    assert sections[5] == ("I", "2")
    assert sections[7] == ("II",)


def test_a_heading_does_not_hold_itself():
    text, blocks = document(("I", 1), ("1", 2), ("2", 2))
    assert [block.section for block in with_sections(text, blocks)] == [(), ("I",), ("I",)]


def test_a_level_that_was_skipped_leaves_no_hole():
    text, blocks = document(("I", 1), ("diep", 4), ("tekst", 0), ("minder diep", 3), ("tekst", 0))
    sections = [block.section for block in with_sections(text, blocks)]
    assert sections[2] == ("I", "diep")
    assert sections[4] == ("I", "minder diep")


def test_text_before_the_first_heading_has_no_section():
    text, blocks = document(("tekst", 0), ("I", 1))
    assert with_sections(text, blocks)[0].section == ()


def test_the_path_holds_titles_as_they_are_read():
    text = "1.2.1. Het beleid ver-\nsterken   voor\niedereen"
    blocks = [Block(0, len(text), "heading", 1), Block(0, 3, "paragraph")]
    assert with_sections(text, blocks)[1].section == (cleaned(text),)
    assert cleaned(text) == "1.2.1. Het beleid versterken voor iedereen"


def test_what_is_enclosed_ends_with_its_headings():
    text, blocks = document(
        ("I", 1), ("1", 2), ("binnen", 2), ("tekst", 0), ("daarna", 0), ("tweede", 2), ("slot", 0)
    )
    inside = (blocks[2].start, blocks[3].end)
    again = (blocks[5].start, blocks[5].end)
    sections = [block.section for block in with_sections(text, blocks, [inside, again])]
    assert sections[3] == ("I", "binnen")
    assert sections[4] == ("I", "1")
    assert sections[6] == ("I", "1")


def test_a_budget_explanation_nests_in_its_fixed_order():
    marks = [
        mark("chapter", "V", 5),
        mark("number", "1.", 1),
        mark("number", "1.3.", 1, 3),
        mark("programme", "PROGRAMMA"),
        mark("part", "Inhoudelijke toelichting:"),
        mark("number", "1.3.1.", 1, 3, 1),
        mark("group", "Ontvangstenartikelen"),
        mark("article", "AB0-9ABACI-OW"),
        mark("part", "Korte inhoud"),
        mark("part", "Toelichting"),
        mark("free", "Deelmaatregel"),
        mark("article", "AB0-9ABACJ-OW"),
        mark("group", "Uitgavenartikelen"),
        mark("article", "AB0-1ABACK-WT"),
        mark("number", "2.", 2),
        mark("chapter", "VI", 6),
    ]
    assert levels(marks) == [1, 2, 3, 4, 5, 4, 5, 6, 7, 7, 8, 6, 5, 6, 2, 1]


def test_a_count_that_starts_again_nests_and_the_outer_one_goes_on():
    marks = [
        mark("chapter", "X", 10),
        mark("number", "1. Departement", 1),
        mark("number", "1. Decreten", 1, bare=True),
        mark("number", "2. Besluiten", 2),
        mark("number", "2. Agentschap", 2),
    ]
    assert levels(marks) == [1, 2, 3, 3, 2]


def test_headings_without_number_lie_side_by_side_under_the_last_numbered_one():
    marks = [
        mark("number", "1", 1),
        mark("free", "a"),
        mark("free", "b"),
        mark("number", "2", 2),
        mark("free", "c"),
    ]
    assert levels(marks) == [1, 2, 2, 1, 2]


def test_a_heading_without_text_of_its_own_holds_the_next():
    assert levels([mark("free", "a"), mark("free", "b", bare=True), mark("free", "c")]) == [1, 2, 1]


def test_a_title_that_opens_the_text_holds_everything():
    marks = [
        mark("free", "Nota", series="title"),
        mark("free", "a", bare=True),
        mark("free", "b"),
        mark("chapter", "I", 1),
    ]
    assert levels(marks) == [1, 2, 2, 2]


def test_a_heading_that_recurs_has_one_level():
    marks = [
        mark("number", "1", 1),
        mark("number", "1.1", 1, 1),
        mark("free", "Onze afspraken"),
        mark("number", "2", 2),
        mark("free", "Onze afspraken"),
        mark("number", "3", 3),
        mark("number", "3.1", 3, 1),
        mark("free", "Onze afspraken"),
        mark("free", "Onderdeel"),
    ]
    assert levels(marks) == [1, 2, 2, 1, 2, 1, 2, 2, 3]


def test_labels_count_by_themselves():
    marks = [
        mark("free", "Uitvoering"),
        mark("label", "Spoor 1", 1, series="spoor"),
        mark("free", "Vandaag"),
        mark("free", "Morgen"),
        mark("label", "Spoor 2", 2, series="spoor"),
    ]
    assert levels(marks) == [1, 2, 3, 3, 2]


def test_a_number_may_lack_the_one_before_it():
    assert levels([mark("chapter", "I", 1), mark("number", "1.3", 1, 3), mark("number", "1.4", 1, 4)]) == [
        1,
        2,
        2,
    ]


def test_nesting_has_an_end():
    marks = [mark("number", str(i), 1, series=str(i), bare=True) for i in range(40)]
    assert max(levels(marks)) == DEEPEST


@pytest.mark.parametrize(
    ("above", "number", "expected"),
    [
        ([mark("chapter", "", 2)], mark("chapter", "", 3), True),
        ([mark("chapter", "", 2)], mark("chapter", "", 2), False),
        ([mark("chapter", "", 2)], mark("chapter", "", 50), False),
        ([mark("number", "", 1)], mark("number", "", 1, 1), True),
        ([mark("number", "", 1), mark("number", "", 1, 3)], mark("number", "", 1, 4), True),
        ([mark("number", "", 1), mark("number", "", 1, 3)], mark("number", "", 1, 2), False),
        ([mark("number", "", 1), mark("number", "", 1, 3)], mark("number", "", 1, 44), False),
        ([mark("number", "", 1)], mark("number", "", 0, 4), False),
        ([mark("number", "", 2)], mark("number", "", 7, 1), False),
        ([mark("number", "", 2)], mark("number", "", 3), True),
        ([mark("number", "", 2)], mark("number", "", 9), False),
    ],
)
def test_a_number_is_believed_when_it_goes_on_counting(above: list[Mark], number: Mark, expected: bool):
    opened: tuple[Mark, ...] = ()
    for one in above:
        opened = under(opened, one)
    assert credible(opened, number) is expected
