import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import LONGEST, passages
from ingest.parse.outline import with_sections
from ingest.records import Block, Document, Metadata


def document(*parts: tuple[str, int, str]) -> Document:
    """A document of (kind, level, text) blocks separated by blank lines."""
    text, blocks = "", []
    for kind, level, content in parts:
        blocks.append(Block(len(text), len(text) + len(content), kind, level))
        text += content + "\n\n"
    return Document(
        Metadata("d", "nota", "Titel", "test"), "0" * 64, text, with_sections(text, tuple(blocks))
    )


LONG = " ".join(f"Dit is zin nummer {n} van een lange paragraaf over premies." for n in range(40))


def test_a_passage_starts_at_its_heading():
    found = passages(document(("heading", 1, "1. Doel"), ("paragraph", 0, "Het doel is helder.")))
    assert [p.text for p in found] == ["1. Doel\n\nHet doel is helder."]
    assert found[0].section == ("1. Doel",)


def test_long_paragraphs_are_cut_between_sentences():
    found = passages(document(("heading", 1, "Kop"), ("paragraph", 0, LONG)))
    assert len(found) > 1
    assert all(p.text.endswith(".") and len(p.text) <= LONGEST for p in found)
    assert all(p.section == ("Kop",) for p in found)


def test_short_sections_of_one_parent_are_joined_under_it():
    found = passages(
        document(
            ("heading", 1, "Artikel"),
            ("heading", 2, "Inhoud"),
            ("paragraph", 0, "Korte inhoud."),
            ("heading", 2, "Toelichting"),
            ("paragraph", 0, "Korte toelichting."),
        )
    )
    assert len(found) == 1
    assert found[0].section == ("Artikel",)


def test_sections_without_a_common_parent_are_never_joined():
    found = passages(
        document(
            ("heading", 1, "Een"), ("paragraph", 0, "A."), ("heading", 1, "Twee"), ("paragraph", 0, "B.")
        )
    )
    assert [p.section for p in found] == [("Een",), ("Twee",)]


def test_a_heading_is_never_left_behind_at_the_end_of_a_passage():
    found = passages(
        document(
            ("heading", 1, "Een"),
            ("heading", 2, "Eerst"),
            ("paragraph", 0, "Kort."),
            ("heading", 2, "Dan"),
            ("paragraph", 0, LONG),
        )
    )
    assert len(found) > 1
    assert not any(p.text.endswith(("Een", "Eerst", "Dan")) for p in found)


def test_the_first_item_stays_with_the_colon_that_opens_the_list():
    opening = LONG[: LONGEST - 20].rsplit(".", 1)[0] + ". De middelen gingen naar:"
    found = passages(
        document(("paragraph", 0, opening), ("list_item", 0, "• het eerste doel dat genoemd wordt;"))
    )
    assert not any(p.text.endswith(":") for p in found)


def test_long_tables_are_cut_between_rows():
    rows = "\n".join(f"Rij {n} 1.000 2.000 3.000" for n in range(100))
    found = passages(document(("table", 0, rows)))
    assert len(found) > 1
    assert all(p.text.startswith("Rij") and p.text.endswith("3.000") for p in found)


block = st.tuples(
    st.sampled_from(["heading", "paragraph", "list_item", "table"]),
    st.integers(1, 3),
    st.text(alphabet="aB. 1:\n", min_size=1, max_size=200).map(lambda t: "x" + t.strip() + "x"),
)


@given(st.lists(block, min_size=1, max_size=12))
def test_passages_hold_every_block_once_and_reproduce_the_text(parts: list[tuple[str, int, str]]):
    made = document(*[(kind, level if kind == "heading" else 0, text) for kind, level, text in parts])
    found = passages(made)
    assert all(made.text[p.start : p.end] == p.text for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    held = "".join("".join(p.text.split()) for p in found)
    assert held == "".join(made.text.split())
    assert len({p.id for p in found}) == len(found)
