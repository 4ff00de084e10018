"""A document laid out: whatever its blocks, the pieces joined are its text and the marked ones the quote."""

from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.layout import around, nested, segments
from ingest.records import Block, Document, Metadata

META = Metadata("d", "pact", "Pact", "map")


@st.composite
def documents(draw):
    text = draw(st.text(alphabet="ab -\n\u0002\r<&", min_size=1, max_size=60))
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    kinds = st.sampled_from(["heading", "paragraph", "list_item", "table", "footnote"])
    pairs = zip(places[::2], places[1::2], strict=False)
    return Document(META, "", text, tuple(Block(a, b, draw(kinds), 1, 1 + a // 9) for a, b in pairs))


def spans(document):
    return st.tuples(st.integers(0, len(document.text)), st.integers(0, len(document.text))).map(
        lambda s: tuple(sorted(s))
    )


@settings(deadline=None)
@given(st.data())
def test_the_pieces_are_the_text_and_the_marked_ones_the_quote(data):
    document = data.draw(documents())
    quote, shown = data.draw(spans(document)), data.draw(spans(document))
    pieces = [p for s in segments(document, quote, shown) for p in s.pieces]
    assert "".join(p.text for p in pieces) == document.text[slice(*shown)]
    marked = (max(quote[0], shown[0]), min(quote[1], shown[1]))
    assert "".join(p.text for p in pieces if p.marked) == document.text[slice(*marked)]


@settings(deadline=None)
@given(st.data())
def test_the_part_around_a_quote_holds_it(data):
    document = data.draw(documents())
    quote = data.draw(spans(document))
    start, end = around(document, quote, 5)
    assert 0 <= start <= quote[0] <= quote[1] <= end <= len(document.text)


def laid_out(text, *blocks, marked=None):
    return list(segments(Document(META, "", text, blocks), marked))


def test_a_word_cut_at_a_line_end_is_shown_whole():
    [segment] = laid_out("competentie-mismat-\nches en EU-\nmiddelen", Block(0, 40, "paragraph"))
    assert [p.text for p in segment.pieces if p.look == "unseen"] == ["-\n", "\n"]
    shown = "".join(p.text for p in segment.pieces if p.look == "plain")
    assert shown == "competentie-mismatches en EU-middelen"


def test_the_mark_of_the_pdf_reader_hides_inside_a_word_and_is_a_hyphen_elsewhere():
    [segment] = laid_out("mismat\u0002\nches EU\u0002\nmiddelen", Block(0, 25, "paragraph"))
    assert [(p.text, p.look) for p in segment.pieces if p.look != "plain"] == [
        ("\u0002\n", "unseen"),
        ("\u0002\n", "hyphen"),
    ]


def test_a_quote_may_end_inside_a_cut_word():
    [segment] = laid_out("mismat-\nches", Block(0, 12, "paragraph"), marked=(0, 7))
    assert [(p.text, p.marked, p.look) for p in segment.pieces] == [
        ("mismat", True, "plain"),
        ("-", True, "unseen"),
        ("\n", False, "unseen"),
        ("ches", False, "plain"),
    ]


def test_rows_of_a_table_keep_their_lines_without_the_empty_ones():
    [segment] = laid_out("ba-\nb \n \n 3", Block(0, 11, "table"))
    assert [(p.text, p.look) for p in segment.pieces] == [
        ("ba-\nb \n", "plain"),
        (" \n", "unseen"),
        (" 3", "plain"),
    ]


def test_a_page_is_named_once_and_what_lies_between_blocks_is_kept():
    blocks = (
        Block(0, 1, "paragraph", page=4),
        Block(2, 3, "paragraph", page=4),
        Block(6, 7, "heading", 2, 5),
    )
    found = laid_out("a\nb 5 c", *blocks)
    assert [(s.kind, s.page, s.level) for s in found] == [
        ("paragraph", 4, 0),
        ("between", None, 0),
        ("paragraph", None, 0),
        ("between", None, 0),
        ("heading", 5, 2),
    ]


def test_headings_nest_without_a_gap():
    levels = (4, 2, 4, 4, 3, 6, 1)
    blocks = [Block(2 * n, 2 * n + 1, "heading", level) for n, level in enumerate(levels)]
    found = nested(segments(Document(META, "", "a " * len(levels), tuple(blocks))))
    assert [s.level for s in found if s.kind == "heading"] == [1, 1, 2, 2, 2, 3, 1]
    assert "".join(p.text for s in found for p in s.pieces) == "a " * len(levels)
