"""The pages: what they show, that nothing in them becomes active, and the headers on every response."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from answer.records import Citation, Claim
from api.pages.environment import dutch_date, kind_label, outside_link, render
from api.pages.exchange import Stretch, dated_in_dutch, shown_claim
from ingest.records import Metadata
from retrieval.naming import named

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea></title></mark><iframe src=//kwaad.example>",
    "{{ 7*7 }}{% raw %}",
    "<a href=javascript:alert(1)>klik</a>",
    "]]><!-- <style>*{display:none}</style>",
]
HARMLESS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "p", "nav", "main", "section",
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "article", "span", "blockquote", "form", "label", "textarea",
    "pre", "button", "details", "summary", "fieldset", "legend", "input", "aside", "footer", "code", "dl", "dt", "dd", "mark",
    "dialog", "template", "strong",
}  # fmt: skip
OUR_SCRIPTS = {
    "/static/vendor/htmx-2.0.11.min.js", "/static/vendor/htmx-ext-sse-2.2.4.min.js", "/static/answers.js",
    "/static/chat.js", "/static/conversations.js",
}  # fmt: skip


class Page(HTMLParser):
    """A page as its nodes: elements with attributes, and the text inside those that were asked for."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.nodes, self.text, self.marked, self._open = [], "", "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.nodes.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if any(a.get("class") == "source-text" for _, a in self._open):
            self.text += data
        if any(tag == "mark" for tag, _ in self._open):
            self.marked += data

    def attributes(self, tag, name):
        return [attrs[name] for t, attrs in self.nodes if t == tag and name in attrs]


def page_of(response, status=200):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def assert_nothing_active(page):
    """Only known elements, our own script and style, no handlers, no styles, links to us or to http(s)."""
    assert {tag for tag, _ in page.nodes} <= HARMLESS
    assert set(page.attributes("script", "src")) in (set(), OUR_SCRIPTS)
    for tag, attrs in page.nodes:
        assert not [name for name in attrs if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"}]
        for name in {"href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect"} & set(attrs):
            assert attrs[name].startswith(("/", "#", "http://themis.vlaanderen.be/")), (tag, attrs)
        if attrs.get("href", "").startswith("http"):
            assert attrs["rel"] == "noopener noreferrer"


def test_the_question_page_has_a_labelled_field_filters_and_examples(client_for):
    page = page_of(client_for().get("/"))
    assert ("html", {"lang": "nl"}) in page.nodes
    assert page.attributes("textarea", "id") == ["vraag"]
    assert page.attributes("label", "for") == ["vraag", "zoek-document"]
    boxes = [(a["name"], a["value"]) for t, a in page.nodes if t == "input" and a.get("type") == "checkbox"]
    assert boxes == [
        ("soort", "beslissing"),
        ("soort", "conceptnota"),
        ("jaar", "2023"),
        ("jaar", "2021"),
        ("minister", "Ann Peeters"),
    ]
    examples = [h for h in page.attributes("a", "href") if h.startswith("/?vraag=")]
    assert len(examples) == 2


def test_a_question_in_the_address_is_answered_without_javascript(client_for, world):
    response = client_for().get("/", params={"vraag": "de premie", "soort": "conceptnota", "jaar": 2023})
    page = page_of(response)
    assert "De premie bedraagt 500 euro per maand." in response.text
    assert "4 mei 2023" in response.text
    assert "blz. 1" in response.text
    _, history, filters = world.asked[0]
    assert (history, filters.kind, filters.year) == ((), ("conceptnota",), (2023,))
    assert [a["value"] for t, a in page.nodes if t == "input" and "checked" in a] == ["conceptnota", "2023"]


def test_a_reference_opens_the_source_at_the_marked_words(client_for):
    client = client_for()
    answer = client.post("/v1/ask", json={"question": "de premie"}).json()
    fragment = page_of(client.post("/antwoord", json={"question": "de premie"}))
    [opened] = {h for h in fragment.attributes("a", "href") if h.startswith("/bron/")}
    source = page_of(client.get(opened.partition("#")[0]))
    assert source.marked == answer["citations"][0]["text"]
    assert source.text == client.get("/v1/documents/nota").json()["text"]
    assert source.attributes("mark", "id") == ["citaat"]
    beside = page_of(client.get(opened.partition("#")[0] + "&naast=1"))
    assert beside.marked == source.marked
    assert "html" not in {tag for tag, _ in beside.nodes}


def test_a_refusal_names_what_comes_nearest(client_for):
    response = client_for().post("/antwoord", json={"question": "zeebaars"})
    page = page_of(response)
    assert "Hierover is niets gevonden." in response.text
    assert "Wat het dichtst in de buurt komt" in response.text
    assert [h.partition("?")[0] for h in page.attributes("a", "href")] == ["/", "/bron/nota"]
    assert "Wat staat er in Conceptnota activering over Begeleiding?" in response.text
    assert "1 × Beslissing Vlaamse Regering (2021), 1 × Conceptnota (2023)" in response.text


def test_the_key_sentence_of_a_claim_stands_out():
    text = "Eerst dit over JB0-1JDB2CK-WT. Dan <b> dat. Ten slotte."
    key = (text.index("Dan"), text.index(" Ten"))
    claim = shown_claim(Claim(text, (), key=key), [])
    assert [part.text for part in claim.parts if part.key] == ["Dan <b> dat."]
    assert "".join(part.text for part in claim.parts) == text
    html = render("claim.html", claim=claim, hrefs={})
    assert '<strong class="key">Dan &lt;b&gt; dat.</strong> Ten slotte.' in html
    assert ">JB0-1JDB2CK-WT</a>. <strong" in html
    assert '<strong class="key">' not in render(
        "claim.html", claim=shown_claim(Claim(text, ()), []), hrefs={}
    )


def test_the_decision_that_a_claim_names_has_a_line_of_its_own():
    title = "Besluit (‘x’, 2020) voor <u>"
    uri = "http://themis.vlaanderen.be/id/resource/b1"
    cited = Citation(1, "b", title, "beslissing", uri, "2021-03-26", None, (), 0, 4, "Goed.")
    text = (
        f"Goed. {named(Metadata('b', 'beslissing', title, 'x', '2021-03-26', stage='principieel', uri=uri))}"
    )
    claim = shown_claim(Claim(text, (1,)), [cited])
    assert (claim.text, claim.parts) == ("Goed.", [Stretch("Goed.")])
    html = render("claim.html", claim=claim, hrefs={1: "/bron/b"})
    [line] = re.findall(r'<p class="decided">(.*?)</p>', html, re.DOTALL)
    assert ">Besluit (‘x’, 2020) voor &lt;u&gt;</a> · 26 maart 2021 · principiële goedkeuring · <a" in line
    assert f'href="{uri}"' in line
    told = f"Goed. (‘{title}’, 26 maart 2021, principiële goedkeuring, {uri})"
    assert dated_in_dutch(text, [cited]) == told, "and so an export has it"
    other = replace(cited, title="Een ander besluit")
    assert shown_claim(Claim(text, (1,)), [other]).text == text, "only a decision that is cited is set apart"


def test_what_is_not_dutch_says_its_language(client_for):
    client = client_for()
    asked = "Quelles mesures le gouvernement prévoit-il pour le logement social ?"
    assert '<h3 class="question" lang="fr">' in client.post("/antwoord", json={"question": asked}).text
    assert 'lang="' not in client.post("/antwoord", json={"question": "Wat is de premie?"}).text


def test_a_themis_decision_links_to_themis(client_for):
    page = page_of(client_for().post("/antwoord", json={"question": "de jobbonus"}))
    assert "http://themis.vlaanderen.be/id/resource/b1" in page.attributes("a", "href")


def test_a_source_shows_its_outline_and_what_is_known_of_it(client_for):
    response = client_for().get("/bron/nota")
    page = page_of(response)
    assert "#t0" in page.attributes("a", "href")
    assert "t0" in page.attributes("h2", "id")
    assert "Ann Peeters" in response.text
    assert page.marked == ""


@pytest.mark.parametrize("query", ["start=0&end=99999", "start=5", "start=9&end=2"])
def test_a_place_that_is_gone_still_shows_the_document(client_for, query):
    response = client_for().get(f"/bron/nota?{query}")
    assert "bestaat niet in deze versie" in response.text
    assert page_of(response).marked == ""


def test_canonical_text_comes_through_the_page_unchanged(client_for, written):
    line = "a\r\nb\rc \t <b>&amp;&#65;</b> \u0002\nd\u00a0e\ufeff\U0001f600"
    client = client_for(written("d", line, "einde"))
    page = page_of(client.get("/bron/d", params={"start": 0, "end": len(line)}))
    assert page.marked == line
    assert page.text == f"{line}\n\neinde"


def test_a_very_long_document_shows_the_part_around_the_quote(client_for, written, monkeypatch):
    monkeypatch.setattr("api.pages.source.WHOLE_TEXT", 1_000)
    client = client_for(written("d", *(f"Alinea {n} {'x' * 90}." for n in range(100))))
    response = client.get("/bron/d", params={"start": 5_000, "end": 5_010})
    page = page_of(response)
    assert len(page.marked) == 10
    assert len(page.text) < 1_300
    assert "te lang" in response.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_others_becomes_active(client_for, written, hostile):
    odd = written(
        hostile, f"# {hostile}", f"premie {hostile}", title=hostile, kind=hostile, uri=f"javascript:{hostile}"
    )
    client = client_for(odd)
    opened = client.post("/v1/ask", json={"question": "premie"}).json()["citations"][0]
    fragment = page_of(client.post("/antwoord", json={"question": f"{hostile} premie"}))
    [href] = {h for h in fragment.attributes("a", "href") if h.startswith("/bron/")}
    source = page_of(client.get(href.partition("#")[0]))
    for page in (
        fragment,
        source,
        page_of(client.get("/", params={"vraag": f"{hostile} premie", "soort": hostile})),
        page_of(client.get(href.partition("#")[0] + "&naast=1")),
        page_of(client.get("/bron/" + "x" + hostile.replace("#", ""), headers={"Accept": "text/html"}), 404),
    ):
        assert_nothing_active(page)
    assert source.marked == opened["text"] == f"premie {hostile}"
    assert fragment.attributes("article", "data-vraag") == [f"{hostile} premie"]


@pytest.mark.parametrize(
    "uri", ["javascript:alert(1)", "data:text/html,x", "//kwaad.example", "http:", "x", "http://[", None, ""]
)
def test_only_web_addresses_are_links(uri):
    assert outside_link(uri) is None


def test_a_link_in_a_claim_is_that_of_its_citation_only(client_for, world):
    import dataclasses

    def quoting(corpus, question, *, history, filters, **_):
        answer = world.ask(corpus, question, history=history, filters=filters)
        text = "Zie http://kwaad.example/x en (http://themis.vlaanderen.be/id/resource/b1)."
        return dataclasses.replace(answer, claims=(dataclasses.replace(answer.claims[0], text=text),))

    page = page_of(client_for(asking=quoting).post("/antwoord", json={"question": "de jobbonus"}))
    outside = [h for h in page.attributes("a", "href") if h.startswith("http")]
    assert set(outside) == {"http://themis.vlaanderen.be/id/resource/b1"}


def test_a_person_gets_pages_and_a_program_problems(client_for):
    client = client_for()
    page = page_of(client.get("/bron/weg", headers={"Accept": "text/html,*/*"}), 404)
    assert_nothing_active(page)
    assert client.get("/bron/weg").headers["content-type"] == "application/problem+json"
    assert client.get("/v1/documents/weg", headers={"Accept": "text/html"}).json()["status"] == 404
    page_of(client.get("/?jaar=x", headers={"Accept": "text/html"}), 422)


def test_without_a_corpus_the_page_says_how_to_get_one(client_for):
    response = client_for(None).get("/", headers={"Accept": "text/html"})
    assert_nothing_active(page_of(response, 503))
    assert "wijzer ingest" in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/bron/nota"), ("GET", "/bron/weg"), ("POST", "/v1/ask"), ("GET", "/v1/ask"), ("GET", "/health"),
     ("GET", "/ready"), ("GET", "/static/page.css"), ("GET", "/static/weg"), ("GET", "/weg"), ("OPTIONS", "/"),
     ("GET", "/v1/documents/nota")],
)  # fmt: skip
def test_every_response_has_the_security_headers(client_for, method, path):
    headers = client_for().request(method, path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


@pytest.mark.parametrize(
    "host", ["kwaad.example", "localhost.kwaad.example", "", "127.0.0.1.kwaad.example:8000", "[::2]"]
)
def test_another_host_name_is_refused(client_for, host):
    response = client_for().get("/v1/documents/nota", headers={"Host": host})
    assert response.status_code == 421
    assert "premie" not in response.text
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_this_machine_is_known(client_for, host):
    assert client_for().get("/health", headers={"Host": host}).status_code == 200


def test_assets_are_ours(root):
    """Style and scripts load nothing from elsewhere, and one place alone writes HTML: that of our own server."""
    static = root / "api/pages/static"
    styles = [path.read_text() for path in static.glob("*.css")]
    scripts = {path.name: path.read_text() for path in static.glob("*.js")}
    assert styles
    assert not [style for style in styles if "url(" in style or "@import" in style]
    assert not [name for name, script in scripts.items() if "http:" in script or "https:" in script]
    written = {name: script.count("innerHTML = ") for name, script in scripts.items()}
    assert {name for name, count in written.items() if count} == {"answers.js"}
    assert {f"/static/{name}" for name in scripts} <= OUR_SCRIPTS


def test_what_is_not_ours_comes_with_its_licence(root):
    for folder in ("api/pages/static/vendor", "tests/browser/vendor"):
        names = {path.name for path in (root / folder).iterdir()}
        programs = {name for name in names if name.endswith(".js")}
        assert programs
        for name in programs:
            assert f"{name.rsplit('-', 1)[0]}-LICENSE.txt" in names


@pytest.mark.parametrize(
    ("date", "shown"),
    [("2019-10-01", "1 oktober 2019"), ("2024-01", "januari 2024"), ("2023", "2023"), (None, ""), ("2024-13", "2024-13"),
     ("onbekend", "onbekend"), ("1-2-3-4", "1-2-3-4")],
)  # fmt: skip
def test_dates_are_written_in_dutch(date, shown):
    assert dutch_date(date) == shown


def test_an_unknown_kind_names_itself():
    assert (kind_label("bbt"), kind_label("nota"), kind_label("")) == (
        "Beleids- en begrotingstoelichting",
        "Nota",
        "",
    )


def test_rows_of_a_table_keep_their_columns(client_for, written):
    rows = "2021\tVAK\tVEK\n2e BA\t1.258\t1.258\npremie\t1.049\t1.049"
    response = client_for(written("d", rows)).post("/antwoord", json={"question": "de premie"})
    page_of(response)
    assert f'<blockquote class="rows" tabindex="0">{rows}</blockquote>' in response.text
