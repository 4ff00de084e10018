"""Markdown as people and generators write it. The documents here are made up."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.markdown import parse_markdown
from ingest.reading import cleaned
from ingest.records import Parsed, Rejected


def parsed(text: str) -> Parsed:
    outcome = parse_markdown("memo.md", text.encode())
    assert isinstance(outcome, Parsed)
    return outcome


def read(text: str) -> list[tuple[str, str]]:
    document = parsed(text)
    return [(b.kind, cleaned(document.text[b.start : b.end])) for b in document.blocks]


def sections(text: str) -> dict[str, tuple[str, ...]]:
    document = parsed(text)
    return {cleaned(document.text[b.start : b.end]): b.section for b in document.blocks}


def check(document: Parsed):
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert not document.text[block.start].isspace()
        assert not document.text[block.end - 1].isspace()
        assert (block.level > 0) == (block.kind == "heading")
        end = block.end


def test_headings_in_both_styles():
    text = "Titel\n=====\n\nInleiding\n\n## Doel ##\n\n### Doel van het plan\nTekst.\n\nSlot\n---\n\nEinde.\n"
    document = parsed(text)
    assert [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "heading"] == [
        (1, "Titel"),
        (2, "Doel"),
        (3, "Doel van het plan"),
        (2, "Slot"),
    ]
    assert sections(text)["Tekst."] == ("Titel", "Doel", "Doel van het plan")
    assert sections(text)["Einde."] == ("Titel", "Slot")


def test_what_only_looks_like_a_heading():
    assert read("#geen kop\n\n#\n\n####### zeven\n\nTekst\n\n---\n\nMeer\n") == [
        ("paragraph", "#geen kop"),
        ("paragraph", "####### zeven"),
        ("paragraph", "Tekst"),
        ("paragraph", "Meer"),
    ]


def test_the_text_is_the_file_unchanged():
    data = "\ufeff# Titel\r\n\r\nEen zin\r\ndie doorloopt.\r\n".encode()
    document = parse_markdown("memo.md", data)
    assert isinstance(document, Parsed)
    assert document.text.encode() == data
    assert [document.text[b.start : b.end] for b in document.blocks] == ["Titel", "Een zin\r\ndie doorloopt."]


@pytest.mark.parametrize(("data", "reason"), [(b"# caf\xe9", "encoding"), (b" \n", "empty")])
def test_what_cannot_be_read_is_rejected(data, reason):
    outcome = parse_markdown("memo.md", data)
    assert isinstance(outcome, Rejected)
    assert (outcome.path, outcome.reason) == ("memo.md", reason)


def test_items_of_lists():
    text = "- een\n- twee\n  loopt door\n\n  en heeft een tweede alinea\n  - dieper\n\n1. **Steun**: geld\n\n2) water\n\nGeen punt.\n"
    assert read(text) == [
        ("list_item", "- een"),
        ("list_item", "- twee loopt door en heeft een tweede alinea"),
        ("list_item", "- dieper"),
        ("list_item", "1. **Steun**: geld"),
        ("list_item", "2) water"),
        ("paragraph", "Geen punt."),
    ]


def test_a_table_is_one_block():
    text = "Zie:\n\n| Jaar | VAK |\n|---|---:|\n| 2021 | 1.500 |\n| 2022 | 1.600 |\n\nTekst met | streep.\n"
    assert read(text) == [
        ("paragraph", "Zie:"),
        ("table", "| Jaar | VAK | |---|---:| | 2021 | 1.500 | | 2022 | 1.600 |"),
        ("paragraph", "Tekst met | streep."),
    ]


def test_a_fence_is_one_paragraph_whatever_it_holds():
    assert read("~~~\n# geen kop\n\n- geen punt\n~~~\nTekst.\n") == [
        ("paragraph", "# geen kop - geen punt"),
        ("paragraph", "Tekst."),
    ]
    assert read("```\nblijft open\n# geen kop\n") == [("paragraph", "blijft open # geen kop")]


def test_quotes_notes_comments_and_front_matter():
    text = (
        "---\ntitle: Memo\n---\n<!-- intern\n# geen kop\n-->\n> Een citaat\n> dat doorloopt.\n\n"
        "[^1]: Een noot\n\n[doel]: http://www.voorbeeld.be\n"
    )
    assert read(text) == [("paragraph", "Een citaat > dat doorloopt."), ("footnote", "[^1]: Een noot")]


def test_tags_lie_outside_the_text():
    assert read("<div>\n  <p>Een zin met <b>nadruk</b> en <http://www.voorbeeld.be>.</p>\n</div>\n") == [
        ("paragraph", "Een zin met <b>nadruk</b> en <http://www.voorbeeld.be>.")
    ]
    assert read("2 < 3 en 4 > 3\n") == [("paragraph", "2 < 3 en 4 > 3")]


FOLDED = "<details>\n        <summary>Belofte </summary>\n        <p>1.2 De tekst van de belofte. </p>\n        </details> \n"


def test_a_folded_part_is_a_section_that_ends():
    text = f"# Memo\n\n{FOLDED}\nSamenvatting van wat volgt.\n\n## Besluit\n\n{FOLDED}\nSlotzin.\n"
    document = parsed(text)
    found = [(b.section, cleaned(document.text[b.start : b.end])) for b in document.blocks]
    assert found == [
        ((), "Memo"),
        (("Memo",), "Belofte"),
        (("Memo", "Belofte"), "1.2 De tekst van de belofte."),
        (("Memo",), "Samenvatting van wat volgt."),
        (("Memo",), "Besluit"),
        (("Memo",), "Belofte"),
        (("Memo", "Belofte"), "1.2 De tekst van de belofte."),
        (("Memo", "Besluit"), "Slotzin."),
    ]


def test_folded_parts_on_one_line_nested_or_left_open():
    assert sections("# Memo\n<details><summary>Meer</summary>Tekst.</details>\nDaarna.\n") == {
        "Memo": (),
        "Meer": ("Memo",),
        "Tekst.": ("Memo", "Meer"),
        "Daarna.": ("Memo",),
    }
    nested = "<details><summary>Een</summary>\n<details><summary>Twee</summary>\nDiep.\n</details>\n</details>\nBuiten.\n"
    assert sections(nested)["Diep."] == ("Een", "Twee")
    assert sections(nested)["Buiten."] == ()
    assert sections("</details>\n<details><summary>Open</summary>\nTekst.\n")["Tekst."] == ("Open",)


def test_every_reference_is_a_block():
    text = (
        "<details>\n        <summary> Referenties</summary>\n"
        "        **[\\[0\\]](http://themis.vlaanderen.be/id/resource/a)** : **(2021-01-22)** Eerste \n\n"
        "**[\\[1\\]]** : **(2021-01-23)** Tweede \n"
        "[2] Derde\n        </details> \n"
    )
    assert read(text)[1:] == [
        ("list_item", "**[\\[0\\]](http://themis.vlaanderen.be/id/resource/a)** : **(2021-01-22)** Eerste"),
        ("list_item", "**[\\[1\\]]** : **(2021-01-23)** Tweede"),
        ("list_item", "[2] Derde"),
    ]


LINES = [
    "# Kop", "## Kop", "Tekst", "- punt", "1. punt", "  ingesprongen", "===", "---", "```", "~~~", "| a | b |", "|---|---|",
    "<details>", "<summary>Meer</summary>", "</details>", "<p>alinea</p>", "<!--", "-->", "> citaat", "[^1]: noot", "",
    "**[\\[0\\]](http://a)** : x", "***", "<details><summary>x</summary>y</details>", "#", ">", "<b>", "[a]: b", "\ufeff", " ",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=40), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_no_run_of_lines_breaks_the_parser(lines, ending):
    outcome = parse_markdown("x.md", ending.join(lines).encode())
    if isinstance(outcome, Parsed):
        check(outcome)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aé#-*>|`~<>/!=[]()^:.1 \n\t\r\\_"), min_size=1, max_size=300))
def test_no_text_breaks_the_parser(text):
    outcome = parse_markdown("x.md", text.encode())
    if isinstance(outcome, Parsed):
        check(outcome)


HOSTILE = ["x", "a ", "# a\n", "<", "<p>", "> ", "```\n", "|", "|-|\n", "[", "* * ", "<details><summary>x</summary>\n",
           "- a\n", "\n", "a\n=\n", "<a ", "_ ", "**[\\[1\\]"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_large_hostile_text_is_read(piece):
    document = parse_markdown("x.md", ("a\n" + piece * (300_000 // len(piece))).encode())
    assert isinstance(document, Parsed)
    check(document)


@pytest.mark.parametrize(("memo", "references"), [("1.2", 21), ("1.3", 39)])
def test_the_shared_memos(shared: Path, memo, references):
    path = shared / "corpus" / "documents" / f"memo-regeerakkoord-{memo}.md"
    document = parse_markdown(str(path), path.read_bytes())
    assert isinstance(document, Parsed)
    check(document)
    found = [b for b in document.blocks if b.section[-1:] == ("Referenties",)]
    assert len(found) == references
    for number, block in enumerate(found):
        assert document.text[block.start :].startswith(f"**[\\[{number}\\]]")
        assert block.kind == "list_item"
    promise = [
        document.text[b.start : b.start + 3]
        for b in document.blocks
        if b.section[1:] == ("Regeerakkoord Sectie",)
    ]
    assert promise == [memo]
