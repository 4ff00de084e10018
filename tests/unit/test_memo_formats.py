"""A memo in every format: what a reader finds in it, that text stays text, and what two versions differ in."""

import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from markdown_it import MarkdownIt

from answer.memo_records import Amount, Memo, NotFound, PromiseRow, Reference, Theme
from answer.records import Citation, Claim, Figure, Trace
from api.memos.difference import difference
from api.memos.difference_show import docx as difference_docx
from api.memos.difference_show import page as difference_page
from api.memos.markdown import escaped
from api.memos.render import FORMATS, Unreadable, read
from api.memos.render_html import fragment
from api.memos.render_picture import picture
from api.memos.render_words import marks_of, not_found, readable, shown

HOSTILE = (
    "<script>alert(1)</script> ](javascript:alert(1)) [x](javascript:alert(2)) | cel | ![a](//kwaad.example/p.png) "
    "</details></style></title> <img src=x onerror=alert(1)> `code` **vet** http://kwaad.example www.kwaad.example "
    "a@kwaad.example &lt;b&gt; {{ 7*7 }}\n\n# Kop\n\n- lijst\n\n| a | b |\n|---|---|\n\x00\x0b\x1f\ufffe\u202e\ud800einde"
)
THEMIS = "http://themis.vlaanderen.be/id/resource/"


def reference(n, **changes) -> Reference:
    known = Reference(
        n, f"b{n}", "beslissing", f"{THEMIS}b{n}", "2021-03-05", f"Besluit {n}", None, "definitief"
    )
    return replace(known, **changes)


def citation(n, of: Reference, text="De regering keurt dit goed.", start=0) -> Citation:
    return Citation(
        n, of.document_id, of.title, of.kind, of.uri, of.date, 7, (), start, start + len(text), text
    )


def written(**changes) -> Memo:
    first, second = (
        reference(1),
        reference(2, stage="principieel", date="2020-02-01", official_title="Ontwerpbesluit"),
    )
    third = reference(3, uri=None, stage=None, title="Motie")
    memo = Memo(
        commitment="samenleven-1.2",
        document_id="regeerakkoord-2019",
        domain="Samenleven",
        path=("Samenleven", "1.2 Inclusie"),
        title="Evaluatie: inclusie",
        section_text="We voeren een premie in.\n\nWe sluiten een akkoord.",
        summary=(Claim("Eén belofte is beslist.", (1,)),),
        themes=(
            Theme(
                "Premie", (Claim("De premie bedraagt 500 euro.", (1, 2, 3)), Claim("Er was een motie.", (4,)))
            ),
        ),
        promises=(
            PromiseRow(0, 24, "We voeren een premie in.", "definitief", "2020-02-01", "2021-03-05", (2, 1)),
            PromiseRow(26, 49, "We sluiten een akkoord.", "niet_gevonden", None, None, ()),
        ),
        amounts=(Amount("500 euro", "500", "euro", "premie per maand", 2),),
        not_found=(NotFound("We sluiten een akkoord.", "Gezocht in 12 beslissingen."),),
        citations=(
            citation(1, first),
            citation(2, first, "500 euro", 40),
            citation(3, second),
            citation(4, third),
        ),
        references=(first, second, third),
        corpus_version="f" * 32,
        mode="extractive",
        prompts_sha256="a" * 64,
        evidence="b" * 64,
        made_on="2026-11-21",
    )
    return replace(memo, **changes)


def hostile() -> Memo:
    """A memo whose every text from outside is an attack; addresses too."""
    attacked = [
        reference(1, title=HOSTILE, official_title=HOSTILE, uri="javascript:alert(1)"),
        reference(2, title=HOSTILE, uri="http://a.example/x)y](z)|\"<b>'&copy=1", kind=HOSTILE, date=HOSTILE),
        reference(3, document_id='"><script>', title=HOSTILE),
    ]
    return written(
        domain=HOSTILE,
        path=(HOSTILE, HOSTILE),
        title=HOSTILE,
        section_text=HOSTILE,
        summary=(Claim(HOSTILE, (1,)),),
        themes=(Theme(HOSTILE, (Claim(HOSTILE, (2, 3)),)),),
        promises=(PromiseRow(0, 9, HOSTILE, "definitief", HOSTILE, HOSTILE, (1, 2)),),
        amounts=(Amount(HOSTILE, "1", HOSTILE, HOSTILE, 3),),
        not_found=(NotFound(HOSTILE, HOSTILE),),
        citations=tuple(citation(n, each, HOSTILE) for n, each in enumerate(attacked, 1)),
        references=tuple(attacked),
        corpus_version=HOSTILE,
        mode=HOSTILE,
        prompts_sha256=HOSTILE,
        notice=HOSTILE,
        made_on=HOSTILE,
    )


class Nodes(HTMLParser):
    """Elements with their attributes, and the text of the page."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.found, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def tags(self):
        return {tag for tag, _ in self.found}

    def links(self):
        return [attrs["href"] for tag, attrs in self.found if tag == "a" and "href" in attrs]


def rendered(memo) -> Nodes:
    """The Markdown of a memo as a reader's program shows it."""
    return Nodes(
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(FORMATS["md"](memo).decode())
    )


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def footnotes_of(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
    notes = [note for note in root.iter(qn("w:footnote")) if note.get(qn("w:type")) is None]
    return ["".join(note.itertext()).strip() for note in notes]


def body_text(document) -> str:
    return "".join(document.element.body.itertext())


# Words


def test_marks_of_one_document_are_one_mark_with_its_number_in_the_list():
    memo = written()
    assert [mark.label for mark in shown(marks_of(memo), (1, 2, 3))] == ["[1]", "[2]"]


def test_readable_text_holds_nothing_that_a_file_format_cannot():
    assert readable("a\x0bb\x00 \ufffe c\u202e\ud800") == "a b c"


def test_where_was_looked_is_said_once_for_all_promises():
    searched = (
        "Gezocht in 12 beslissingen. Dichtbij komt A.",
        "Gezocht in 12 beslissingen. Dichtbij komt B.",
    )
    memo = written(not_found=tuple(NotFound(f"Belofte {n}.", text) for n, text in enumerate(searched, 1)))
    assert not_found(memo) == (
        "Gezocht in 12 beslissingen.",
        [("Belofte 1.", "Dichtbij komt A.", []), ("Belofte 2.", "Dichtbij komt B.", [])],
    )
    assert not_found(written()) == ("", [("We sluiten een akkoord.", "Gezocht in 12 beslissingen.", [])])
    assert not_found(written(not_found=())) == ("", [])


def test_decisions_that_may_carry_out_a_promise_stand_beside_it_in_every_format():
    said = "Geen beslissing met zekerheid gevonden."
    memo = written(not_found=(NotFound("We sluiten een akkoord.", said, (2, 3)),))
    line = next(row for row in FORMATS["md"](memo).decode().splitlines() if row.startswith("- **We sluiten"))
    assert line.endswith(f"{said} Mogelijk: [\\[2\\]]({THEMIS}b2)[\\[3\\]](#referentie-3)")
    page = Nodes(str(fragment(memo)))
    assert "Mogelijk:" in page.text
    assert page.links().count("/bron/b2") == Nodes(str(fragment(written()))).links().count("/bron/b2") + 1
    text = body_text(opened(FORMATS["docx"](memo)))
    assert f"{said} Mogelijk: [2] [3]" in text
    assert "Mogelijk" not in body_text(opened(FORMATS["docx"](written())))


def test_the_picture_gives_each_status_its_share():
    found = picture({"definitief": 1, "niet_gevonden": 3})
    assert [(bar.label, bar.count, bar.width) for bar in found.bars] == [
        ("definitief beslist", 1, 90.0),
        ("principieel goedgekeurd", 0, 0.0),
        ("in voorbereiding", 0, 0.0),
        ("geen beslissing gevonden", 3, 270.0),
    ]
    assert picture({}) is None


# Markdown


def test_markdown_shows_every_part_of_the_memo():
    text = FORMATS["md"](written()).decode()
    for part in (
        "# Evaluatie: inclusie",
        "**Concept**",
        "<details>\n<summary>Tekst van het regeerakkoord</summary>\n\nWe voeren een premie in.\n\nWe sluiten",
        "### 1. Premie",
        "| 1 | We voeren een premie in. | definitief beslist | 1 februari 2020 | 5 maart 2021 | ",
        "| 2 | We sluiten een akkoord. | geen beslissing gevonden | – | – | – |",
        "| 500 euro | euro | premie per maand | ",
        "- **We sluiten een akkoord.** Gezocht in 12 beslissingen.",
        "<summary>Referenties (3)</summary>\n\n",
    ):
        assert part in text
    last = text.rstrip().splitlines()[-1]
    assert "corpus: " + "f" * 32 in last
    assert "zonder taalmodel" in last
    assert "sjablonen: " + "a" * 12 in last
    assert last.endswith("datum: 21 november 2026")


def test_every_reference_and_every_mark_renders_as_a_link():
    page = rendered(written())
    links = page.links()
    assert links.count(f"{THEMIS}b1") == 6  # summary, claim, promise, amount; number and URI in the list
    assert links.count(f"{THEMIS}b2") == 4
    assert links.count("#referentie-3") == 2
    assert [attrs["id"] for tag, attrs in page.found if tag == "a" and "id" in attrs] == [
        "referentie-1",
        "referentie-2",
        "referentie-3",
    ]


def test_nothing_in_a_document_becomes_structure_of_the_markdown():
    page = rendered(hostile())
    assert page.tags() <= {
        "h1", "h2", "h3", "p", "strong", "em", "details", "summary", "a", "ul", "li", "hr",
        "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert [tag for tag, _ in page.found].count("table") == 2
    assert [tag for tag, _ in page.found].count("h1") == 1
    assert [tag for tag, _ in page.found].count("details") == 2
    for href in page.links():
        assert href.startswith(
            ("#referentie-", THEMIS, "http://a.example/x%29y%5D%28z%29%7C%22%3Cb%3E'&copy=1")
        )
    assert "<script>alert(1)</script> ](javascript:alert(1)) [x]" in page.text
    assert "{{ 7*7 }}" in page.text
    # One table row has as many cells as its heading, whatever pipes the text holds.
    cells = [tag for tag, _ in page.found if tag in ("th", "td")]
    assert len(cells) == 2 * 6 + 2 * 4


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("1. lijst", r"1\. lijst"),
        ("1.154 euro", "1.154 euro"),
        ("- streep", r"\- streep"),
        ("# kop", r"\# kop"),
        ("=== kop", r"\=== kop"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("zie http://a.be", r"zie http\://a.be"),
        ("zie WWW.a.be", r"zie WWW\.a.be"),
    ],
)
def test_markdown_escapes_what_opens_a_structure(text, shows):
    assert escaped(text) == shows
    assert Nodes(MarkdownIt("commonmark").render(escaped(text))).text.strip() == text


# HTML


def test_the_html_file_stands_alone_and_leads_to_its_own_list():
    html = FORMATS["html"](written()).decode()
    page = Nodes(html)
    assert ("html", {"lang": "nl"}) in page.found
    assert not {"script", "link", "img", "iframe"} & page.tags()
    assert not re.search(r"url\(|@import", html)
    targets = {attrs["id"] for _, attrs in page.found if "id" in attrs}
    for href in page.links():
        assert href.startswith(THEMIS) or href.removeprefix("#") in targets
    assert {f"{THEMIS}b1", f"{THEMIS}b2"} <= set(page.links())
    assert '<title id="stand-titel">' in html
    assert "Van 2 beloften: definitief beslist: 1" in page.text


def test_marks_on_the_servers_page_open_the_source_at_the_quoted_words():
    links = Nodes(str(fragment(written()))).links()
    assert links[0] == "/bron/b1?start=0&end=27#citaat"
    assert "/bron/b1?start=40&end=48#citaat" in links
    assert "/bron/b3" in links


def test_ids_in_the_html_are_one_of_a_kind():
    ids = [attrs["id"] for _, attrs in Nodes(FORMATS["html"](written()).decode()).found if "id" in attrs]
    assert len(ids) == len(set(ids)) > 5


@pytest.mark.parametrize(
    "make", [lambda memo: FORMATS["html"](memo).decode(), lambda memo: str(fragment(memo))]
)
def test_nothing_in_a_document_becomes_active_in_the_html(make):
    page = Nodes(make(hostile()))
    assert not {"script", "img", "iframe", "b"} & page.tags()
    for _, attrs in page.found:
        assert not [name for name in attrs if name.startswith("on")]
        assert attrs.get("href", "#").startswith(("#", "/bron/", "http://a.example/", THEMIS))
    assert "<script>alert(1)</script>" in page.text
    assert [tag for tag, _ in page.found].count("style") in (0, 1)


# Word


def test_word_opens_with_headings_footnotes_links_and_repeated_table_heads():
    data = FORMATS["docx"](written())
    document = opened(data)
    assert document.paragraphs[0].text == "Evaluatie: inclusie"
    assert document.paragraphs[0].style.name == "Title"
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[:5] == [
        "Samenvatting",
        "Beslissingen per thema",
        "Beloften en hun stand",
        "Bedragen",
        "Niet gevonden",
    ]
    assert document.core_properties.language == "nl-BE"
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"nl-BE"}
    section = document.sections[0]
    assert section.header.paragraphs[0].text.startswith("Concept")
    footer = section.footer._element
    assert "corpus ffffffffffff" in "".join(footer.itertext())
    assert [f.get(qn("w:instr")) for f in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in document.tables[0].rows[2].cells][2] == "geen beslissing gevonden"
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links == [f"{THEMIS}b1", f"{THEMIS}b2"]


def test_each_mark_in_word_is_a_footnote_with_the_exact_words():
    data = FORMATS["docx"](written())
    marks = list(opened(data).element.body.iter(qn("w:footnoteReference")))
    notes = footnotes_of(data)
    assert [mark.get(qn("w:id")) for mark in marks] == ["1", "2", "3", "4"]
    assert len(notes) == 4
    assert notes[0].startswith(
        "[1] Besluit 1 (Beslissing Vlaamse Regering, 5 maart 2021, definitieve goedkeuring, blz. 7)"
    )
    assert "“De regering keurt dit goed.”" in notes[0]


def test_jumps_in_word_lead_to_bookmarks_that_exist():
    data = FORMATS["docx"](written())
    document = opened(data)
    places = {e.get(qn("w:name")) for e in document.element.iter(qn("w:bookmarkStart"))}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        notes = etree.fromstring(package.read("word/footnotes.xml"))
    jumps = [
        e.get(qn("w:anchor"))
        for root in (document.element, notes)
        for e in root.iter(qn("w:hyperlink"))
        if e.get(qn("w:anchor"))
    ]
    assert jumps
    assert set(jumps) <= places


def test_word_takes_text_that_xml_cannot_hold():
    text = body_text(opened(FORMATS["docx"](hostile())))
    assert "<script>alert(1)</script> ](javascript:alert(1))" in text
    assert not re.search(r"[\x00\x0b\x1f\u202e\ufffe]", text)
    links = [r.target_ref for r in opened(FORMATS["docx"](hostile())).part.rels.values() if r.is_external]
    assert not [link for link in links if link.startswith("javascript")]


# Every format


def test_a_memo_without_promises_claims_or_sources_is_written_in_every_format():
    bare = written(summary=(), themes=(), promises=(), amounts=(), not_found=(), citations=(), references=())
    made = {name: write(bare) for name, write in FORMATS.items()}
    assert b"geen belofte herkend" in made["md"]
    assert b"geen belofte herkend" in made["html"]
    assert "geen belofte herkend" in body_text(opened(made["docx"]))
    assert read(made["json"]) == bare


def test_five_thousand_references_are_written_in_every_format():
    references = tuple(reference(n) for n in range(1, 5001))
    citations = tuple(citation(n, each) for n, each in enumerate(references, 1))
    many = written(
        themes=(Theme("Alles", tuple(Claim(f"Beslissing {n}.", (n,)) for n in range(1, 5001))),),
        promises=(PromiseRow(0, 5, "Alles", "definitief", None, None, tuple(range(1, 5001))),),
        citations=citations,
        references=references,
    )
    made = {name: write(many) for name, write in FORMATS.items()}
    assert len(footnotes_of(made["docx"])) == 5001
    assert len([r for r in opened(made["docx"]).part.rels.values() if r.is_external]) == 5000
    assert made["md"].count(b"](http://themis.vlaanderen.be/id/resource/b5000)") == 4
    assert read(made["json"]) == many


def test_each_format_has_a_media_type():
    assert set(FORMATS) == {"md", "html", "docx", "json"}


# JSON


def test_json_reads_back_as_an_equal_memo():
    figure = Figure("500 euro", "500", "EUR", "span", 3, 11)
    memo = written(
        summary=(Claim("Met 500 euro.", (1,), (figure,)),),
        notice="Let op.",
        trace=Trace("model", "a" * 64, "b" * 64),
    )
    assert read(FORMATS["json"](memo)) == memo


@pytest.mark.parametrize("data", [b"", b"[]", b'{"title": 1}', b"\xff\xfe", b"<html>"])
def test_what_is_no_memo_is_told_in_one_sentence(data):
    with pytest.raises(Unreadable, match="geen memo in JSON"):
        read(data)


# Two versions


def test_equal_versions_have_no_difference():
    found = difference(written(), written(made_on="2026-12-01"))
    assert found.is_empty
    assert b"Beide versies zeggen hetzelfde." in difference_page(found)


def changed() -> Memo:
    old = written()
    first, second, _ = old.references
    return written(
        corpus_version="e" * 32,
        summary=(Claim("Beide beloften zijn beslist.", (1,)),),
        promises=(
            old.promises[0],
            replace(old.promises[1], status="principieel", first="2022-01-02", last="2022-01-02"),
        ),
        amounts=(Amount("600 euro", "600", "euro", "premie per maand", 2),),
        references=(
            first,
            replace(second, stage="definitief"),
            reference(3, document_id="nieuw", title="Nieuw besluit"),
        ),
        citations=old.citations[:3],
        themes=(Theme("Premie", old.themes[0].claims[:1]),),
    )


def test_a_difference_names_what_came_went_and_moved():
    found = difference(written(), changed())
    assert not found.is_empty
    assert [r.document_id for r in found.decisions_added] == ["nieuw"]
    assert [r.document_id for r in found.decisions_removed] == ["b3"]
    assert [(a.stage, b.stage) for a, b in found.stages] == [("principieel", "definitief")]
    assert [(a.status, b.status) for a, b in found.statuses] == [("niet_gevonden", "principieel")]
    assert (found.promises_added, found.promises_removed) == ((), ())
    assert [a.text for a in found.amounts_added] == ["600 euro"]
    assert [a.text for a in found.amounts_removed] == ["500 euro"]
    assert [c.text for c in found.claims_added] == ["Beide beloften zijn beslist."]
    assert [c.text for c in found.claims_removed] == ["Eén belofte is beslist.", "Er was een motie."]


def test_a_difference_shows_changes_in_words_and_not_by_colour_alone():
    found = difference(written(), changed())
    page = Nodes(difference_page(found).decode())
    assert {"ins", "del"} <= page.tags()
    for label in ("Toegevoegd:", "Vervallen:", "Gewijzigd:"):
        assert label in page.text
    document = opened(difference_docx(found))
    struck = [run.text for p in document.paragraphs for run in p.runs if run.font.strike]
    under = [run.text for p in document.paragraphs for run in p.runs if run.font.underline]
    assert "geen beslissing gevonden" in struck
    assert "principieel goedgekeurd, 2 januari 2022" in under
    assert any(p.text.startswith("Vervallen: Motie") for p in document.paragraphs)


def test_a_difference_of_hostile_memos_shows_text_only():
    found = difference(written(), hostile())
    page = Nodes(difference_page(found).decode())
    assert not {"script", "img", "iframe", "a"} & page.tags()
    assert "<script>alert(1)</script>" in body_text(opened(difference_docx(found)))
