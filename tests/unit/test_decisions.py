import json

import pytest

from ingest.parse.decision_body import parts_of
from ingest.parse.decisions import decisions
from ingest.records import Document, Rejected

URI = "http://themis.vlaanderen.be/id/nieuwsbericht/63983A23C2B90D4571CF8722"
FLAT = {
    "uri": URI,
    "uuid": "u-1",
    "date": "2023-05-12",
    "meeting_datetime": "2023-05-12T08:00:00Z",
    "title": "Beheer van bossen",
    "alternative_title": "Ontwerpbesluit over het beheer van bossen",
    "text": "Eerste alinea.\n\nTweede alinea.",
    "themes": [{"id": "t", "label": "Leefmilieu en Natuur"}],
    "ministers": ["Zuhal Demir"],
}
RESOURCE = {
    "type": "news-item",
    "id": "u-1",
    "attributes": {
        "uri": URI,
        "uuid": "u-1",
        "title": "Beheer van bossen",
        "alternativeTitle": "Ontwerpbesluit over het beheer van bossen",
        "htmlContent": "<p>Eerste <strong>al</strong>inea.<!---->\n</p>\n<p>Tweede&nbsp;alinea.</p>&nbsp;<!-- components -->",
        "meetingDate": "2023-05-12T08:00:00Z",
        "themeId": ["758c3c7d-5b60-4eff-9320-2431a3120d19"],
        "mandateeFirstNames": "Zuhal",
        "mandateeFamilyNames": "Demir",
    },
}


def read(*items: object, join: str = "\n") -> list[Document | Rejected]:
    lines = [item if isinstance(item, str) else json.dumps(item) for item in items]
    return list(decisions("b.jsonl", "herkomst", join.join(lines).encode("utf-8", "surrogatepass")))


def only(*items: object) -> Document:
    (document,) = read(*items)
    assert isinstance(document, Document), document
    return document


def test_both_shapes_give_the_same_document():
    flat, resource = only(FLAT), only(RESOURCE)
    assert flat.meta == resource.meta
    assert (flat.text, flat.blocks) == (resource.text, resource.blocks)
    assert flat.id == "63983A23C2B90D4571CF8722"
    assert (flat.meta.kind, flat.meta.date, flat.meta.year, flat.meta.uri) == (
        "beslissing",
        "2023-05-12",
        2023,
        URI,
    )
    assert (flat.meta.themes, flat.meta.ministers) == (("Leefmilieu en Natuur",), ("Zuhal Demir",))
    assert flat.meta.official_title == "Ontwerpbesluit over het beheer van bossen"
    assert flat.meta.origin == "herkomst"


def test_the_text_is_title_official_title_and_body():
    document = only(FLAT)
    assert document.text.split("\n\n") == [
        "Beheer van bossen", "Ontwerpbesluit over het beheer van bossen", "Eerste alinea.", "Tweede alinea."
    ]  # fmt: skip
    assert [document.text[b.start : b.end] for b in document.blocks] == document.text.split("\n\n")
    assert [(b.kind, b.level, b.section) for b in document.blocks] == [
        ("heading", 1, ()), *[("paragraph", 0, ("Beheer van bossen",))] * 3
    ]  # fmt: skip


def test_an_official_title_that_says_the_same_is_left_out():
    document = only({**FLAT, "alternative_title": "Beheer  van\nBossen"})
    assert document.meta.official_title is None
    assert document.text.startswith("Beheer van bossen\n\nEerste alinea.")


def test_without_uri_the_uuid_is_the_id_and_without_title_the_first_sentence_the_title():
    document = only(
        {
            "uri": None,
            "uuid": "e3b5",
            "date": "2020-07-10",
            "text": "Werking van Slimme Regio. Ze start nu.\n\nMeer.",
        }
    )
    assert (document.id, document.meta.title, document.meta.uri) == (
        "e3b5",
        "Werking van Slimme Regio.",
        None,
    )
    assert document.text == "Werking van Slimme Regio.\n\nZe start nu.\n\nMeer."


def test_a_decision_without_body_has_its_titles():
    document = only(
        {**RESOURCE, "attributes": {**RESOURCE["attributes"], "htmlContent": None, "alternativeTitle": None}}
    )
    assert document.text == "Beheer van bossen"


def test_a_body_given_twice_is_kept_where_it_differs():
    body = ["<p>Oproep 2020.</p>", "<p>Oproep 2022.</p>", "<p>Oproep 2020.</p>"]
    document = only({**RESOURCE, "attributes": {**RESOURCE["attributes"], "htmlContent": body}})
    assert document.text.endswith("Oproep 2020.\n\nOproep 2022.")


@pytest.mark.parametrize("form", [1, None])
def test_a_whole_answer_of_the_api_is_read_on_one_line_or_over_many(form):
    second = {**RESOURCE, "attributes": {**RESOURCE["attributes"], "uri": None, "uuid": "u-2"}}
    found = read(json.dumps({"count": 2, "data": [RESOURCE, second]}, indent=form))
    assert [d.id for d in found] == ["63983A23C2B90D4571CF8722", "u-2"]


def test_an_answer_with_one_item_and_a_bare_list_are_read():
    assert [d.id for d in read({"data": RESOURCE})] == ["63983A23C2B90D4571CF8722"]
    assert [d.id for d in read([FLAT, {**FLAT, "uri": None}])] == ["63983A23C2B90D4571CF8722", "u-1"]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("geen json", "geen geldige JSON"),
        ('{"uuid": "a", "title": "t"', "geen geldige JSON"),
        ('{"uuid": "a", "title": NaN}', "NaN"),
        ('{"uuid": "a", "title": "t", "position": ' + "9" * 5000 + "}", "geen geldige JSON"),
        ("[" * 100_000, "te diep genest"),
        ('"tekst"', "gevonden een tekst"),
        ("3", "gevonden een getal"),
        ("null", "gevonden null"),
        ({"uuid": "a", "text": ""}, "`title` en de tekst ontbreken"),
        ({"title": "t", "text": "x"}, "er geen id is"),
        ({"uuid": "a", "title": ["t"]}, "`title` is een lijst"),
        ({"uuid": 3, "title": "t"}, "`uuid` is een getal"),
        ({"uuid": "a", "title": "t", "uri": {}}, "`uri` is een object"),
        ({"uuid": "a", "title": "t", "text": 5}, "`text` is een getal"),
        ({"uuid": "../a", "title": "t"}, "id"),
        ({"uuid": "a", "title": "t", "date": "12 mei 2023"}, "verwacht JJJJ-MM-DD"),
        ({"uuid": "a", "title": "t", "date": 2023}, "verwacht JJJJ-MM-DD"),
        ({"uuid": "a", "title": "\u200b \ufeff"}, "ontbreken"),
        (FLAT, "staat ook op regel 1"),
    ],
)
def test_a_bad_item_is_refused_with_its_line_and_the_rest_goes_on(item, said):
    first, refused, last = read(FLAT, item, {**FLAT, "uri": None})
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(refused, Rejected)
    assert (refused.reason, refused.path) == ("invalid_item", "b.jsonl:2")
    assert said in refused.message and "b.jsonl, regel 2" in refused.message
    assert "\n" not in refused.message and len(refused.message) < 400


def test_bytes_that_are_no_utf8_cost_only_their_line():
    data = (
        json.dumps(FLAT).encode()
        + b'\n{"uuid": "a", "title": "\xe9"}\n'
        + json.dumps({**FLAT, "uri": None}).encode()
    )
    first, refused, last = decisions("b.jsonl", "h", data)
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(refused, Rejected) and "UTF-8" in refused.message


def test_odd_values_that_hide_nothing_are_read_as_they_look():
    document = only(
        {
            **FLAT,
            "title": "Beheer\u2028van \u202ebos\u200bsen\U000e0041",
            "ministers": ["Zuhal\xa0Demir", 3, None],
            "themes": "los",
        }
    )
    assert document.meta.title == "Beheer van bossen"
    assert (document.meta.ministers, document.meta.themes) == (("Zuhal Demir",), ("los",))


def test_blank_lines_a_byte_order_mark_and_line_separators_are_no_items():
    data = (
        b"\xef\xbb\xbf\n" + json.dumps({**FLAT, "text": "a\u2028b"}, ensure_ascii=False).encode() + b"\r\n\n"
    )
    (document,) = decisions("b.jsonl", "h", data)
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    ("markup", "parts"),
    [
        ("los<!-- x --> tekst", [("paragraph", "los tekst")]),
        ("<p>a<span>b</span>c</p>", [("paragraph", "abc")]),
        ("a&nbsp;b &amp; c&euro;", [("paragraph", "a b & c€")]),
        ("een<br>twee<br/>drie", [("paragraph", "een\ntwee\ndrie")]),
        ("Een zin.&nbsp;\n\nDe volgende.", [("paragraph", "Een zin."), ("paragraph", "De volgende.")]),
        ("omvat twee\n\naspecten", [("paragraph", "omvat twee aspecten")]),
        ("<p>Zo:</p><ul><li>a</li><li>b <b>c</b></li></ul>na", [
            ("paragraph", "Zo:"), ("list_item", "a"), ("list_item", "b c"), ("paragraph", "na")]),
        ("<script>x()</script><style>p{}</style><p>a</p>", [("paragraph", "a")]),
        ("a<script>x()</script>b", [("paragraph", "ab")]),
        ("<div><p>a</p>b<div>c</div></div>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("H<sub>2</sub>O", [("paragraph", "H2O")]),
        ("<!-- open", []),
        ("&nbsp;\n<p>\u200b</p>", []),
        ("<table><tr><td>a</td><td>1</td></tr></table>", [("table", "a 1")]),
        ("a < b", [("paragraph", "a < b")]),
        ("<del>weg</del>blijft", [("paragraph", "blijft")]),
    ],
)  # fmt: skip
def test_html_bodies_become_their_visible_text(markup, parts):
    assert parts_of(markup) == parts


def test_a_body_nested_without_end_is_read_or_refused():
    (outcome,) = read(
        {**RESOURCE, "attributes": {**RESOURCE["attributes"], "htmlContent": "<b>" * 50_000 + "diep"}}
    )
    assert isinstance(outcome, Document | Rejected)


def test_the_real_decisions_are_the_same_in_both_shapes(shared):
    folder = shared / "corpus" / "themis"
    flat, raw = (
        {d.id: d for d in decisions(name, "h", (folder / name).read_bytes()) if isinstance(d, Document)}
        for name in ("decisions.jsonl", "news_items_raw.jsonl")
    )
    assert len(flat) == len(raw) == 3101
    assert {i: d.meta for i, d in flat.items()} == {i: d.meta for i, d in raw.items()}
    assert {i: "".join(d.text.split()) for i, d in flat.items()} == {
        i: "".join(d.text.split()) for i, d in raw.items()
    }


def test_the_real_decisions_without_uri_are_all_read(shared):
    found = list(decisions("n", "h", (shared / "corpus" / "themis" / "decisions_no_uri.jsonl").read_bytes()))
    assert len(found) == 64
    assert all(isinstance(d, Document) and d.meta.uri is None and d.meta.title and d.meta.date for d in found)
