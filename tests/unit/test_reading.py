import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import cleaned, sentences


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_line_end_hyphens_are_resolved():
    assert cleaned("een mismat-\nch en arbeids-\nmarkt") == "een mismatch en arbeidsmarkt"
    assert cleaned("subsi\u0002die") == "subsidie"


def test_hyphens_that_belong_to_the_word_stay():
    assert cleaned("VDAB-\npartners, werk- en zorgtrajecten") == "VDAB-partners, werk- en zorgtrajecten"
    assert cleaned("(AB0-\n1CBG2AB-PR)") == "(AB0-1CBG2AB-PR)"


def test_abbreviations_and_amounts_do_not_end_a_sentence():
    text = "Zie art. 5 en m.b.t. de premie. De uitgave was 1.049 keuro. Dit (o.a. in 2021) klopt."
    assert quoted(text) == [
        "Zie art. 5 en m.b.t. de premie.",
        "De uitgave was 1.049 keuro.",
        "Dit (o.a. in 2021) klopt.",
    ]


def test_a_list_opens_after_its_colon():
    assert quoted("Er zijn twee delen:\n• het eerste;\n• het tweede.") == [
        "Er zijn twee delen:",
        "• het eerste;",
        "• het tweede.",
    ]


@given(st.text(alphabet="aB1.;: \n•-?", max_size=80))
def test_sentences_hold_every_character_once(text: str):
    spans = list(sentences(text))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
