"""The budget pages: what they list and add up, that each figure leads to its cell, and what an unknown code gets."""

import csv
import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.budget_csv import figures_csv, safe
from api.http import create_app
from api.pages.budget_list import sums
from api.pages.budget_parts import parts
from ingest.budget.ledger import read_ledger
from ingest.embed import load_embedder
from ingest.records import Document, Metadata
from retrieval.budget import listed
from retrieval.corpus import open_corpus

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)</textarea><svg/onload=x>",
]
MADE = """XB0-1XCB2AA-WT – Fietspaden

Aanleg van fietspaden langs gewestwegen.

(duizend euro)

VAK VEK
2024 2e BA 2e BA-JR BU 2e BA 2e BA-JR BU
Uitgaven 0 0 0 1.000 2.000 1.000,5

De uitvoering bleef achter.
"""


class Page(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.nodes = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.nodes.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def corpus(sample_store):
    with open_corpus(sample_store, load_embedder(None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(sample_store):
    app = create_app(sample_store, lambda: load_embedder(None))
    with TestClient(app, base_url="http://localhost:8000", follow_redirects=False) as opened:
        yield opened


@dataclasses.dataclass
class Fake:
    """A corpus of one budget document, whose title, code and structure element are what others wrote."""

    document_: Document
    ledger: object
    version: str

    def ledgers(self):
        return (self.ledger,)

    def metadata(self, _):
        return self.document_.meta

    def document(self, _):
        return self.document_

    def documents(self):
        return (self.document_.meta,)


@pytest.fixture
def written(tmp_path):
    """A client over one written document whose names are `words`."""

    def make(words):
        meta = Metadata("d", "bbt", words, "map", year=2024, publisher=words)
        document = Document(meta, "0" * 64, MADE, ())
        ledger = read_ledger(document)
        named = [
            dataclasses.replace(a, title=words, ise=words, programme_title=words) for a in ledger.articles
        ]
        fake = Fake(document, dataclasses.replace(ledger, articles=tuple(named)), words)

        @contextmanager
        def opener(store, embedder):
            yield fake

        app = create_app(tmp_path, object, opener=opener)
        return TestClient(app, base_url="http://localhost:8000")

    return make


def amounts(html):
    """The figures of a page: text and address of each."""
    return re.findall(r'<td class="amount"><a href="(/bron/[^"]+)">([^<]+)</a>', html)


def column(html, number):
    """One column of the list of lines, as numbers; what is missing is left out."""
    body = html[html.index('class="data lines"') :]
    rows = re.findall(r"<tr>(.*?)</tr>", body[body.index("<tbody>") : body.index("</tbody>")], re.DOTALL)
    cells = (re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)[number] for row in rows)
    texts = (re.sub(r"<[^>]+>", "", cell).strip() for cell in cells)
    return [Decimal(t.replace(".", "").replace(",", ".").rstrip("%")) for t in texts if re.match(r"-?\d", t)]


def test_the_overview_names_every_article_programme_and_structure_element(client, corpus):
    html = client.get("/begroting?nullen=1").text
    articles = [a for ledger in corpus.ledgers() for a in ledger.articles]
    for article in articles:
        assert f'href="/begroting/{article.code}"' in html
    first = client.get("/begroting").text
    assert "Totaal: WERK EN SOCIALE ECONOMIE" in first
    for article in articles:
        assert f'href="/begroting/programma/{article.programme}"' in first
        assert f'href="/begroting/ise/{quote(article.ise, safe="")}"' in first


def test_every_figure_of_an_article_leads_to_its_cell(client):
    html = client.get("/begroting/JB0-1JDB2CH-WT").text
    found = amounts(html)
    assert len(found) >= 12
    for href, text in found:
        source = client.get(unescape(href).partition("#")[0]).text
        assert re.search(r'<mark id="citaat">([^<]+)</mark>', source)[1].replace(" ", ".") == text


def test_an_article_shows_figures_explanation_measures_reallocations_and_neighbours(client):
    html = client.get("/begroting/JB0-1JDB2CH-WT").text
    for part in (
        "Cijfers 2021",
        "Inhoudelijke toelichting",
        "Maatregelen binnen dit artikel",
        "Herverdelingen",
    ):
        assert f">{part}</h2>" in html
    assert 'aria-label="Tekening van de herverdelingen"' in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
    assert 'style="' not in html


def test_both_pictures_say_in_words_what_they_show(client):
    html = client.get("/begroting/JB0-1JDB2CH-WT").text
    pictures = [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.get("role") == "img"
        assert picture[0].tag == f"{SVG}title"
        assert "duizend euro" in picture[1].text


@pytest.mark.parametrize("spoken", ["2ca", "jb0 1jdb2ca wt", "JB0-1JDB2CA"])
def test_any_spelling_of_a_code_leads_to_the_whole_one(client, spoken):
    for response in (client.get(f"/begroting/{spoken}"), client.get("/begroting", params={"zoek": spoken})):
        assert response.status_code == 303
        assert response.headers["location"] == "/begroting/JB0-1JDB2CA-WT"


def test_an_unknown_code_gets_the_codes_that_come_near(client):
    response = client.get("/begroting/JB0-1JDB2CZ-WT")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert 'href="/begroting/JB0-1JDB2CA-WT"' in response.text


def test_a_code_of_another_minister_shows_the_reallocations_that_name_it(client, corpus):
    known = {a.code for ledger in corpus.ledgers() for a in ledger.articles}
    told = [t for ledger in corpus.ledgers() for t in ledger.transfers]
    code = next(c for t in told for c in t.sources if c not in known)
    response = client.get(f"/begroting/{code}")
    assert response.status_code == 200
    assert "herverdelingen noemen ze wel" in response.text


def test_words_and_the_name_of_a_minister_are_searched(client):
    assert "/begroting/JB0-1JDB2EA-WT" in client.get("/begroting", params={"zoek": "dienstencheques"}).text
    everything = client.get("/begroting", params={"zoek": "beleidswijzer"}).text
    assert everything.count('class="code"') > 30
    nothing = client.get("/begroting", params={"zoek": "kruiskopschroevendraaier"}).text
    assert "Geen artikel voldoet hieraan" in nothing


@pytest.mark.parametrize(
    ("name", "number"), [("begroot", 1), ("beschikbaar", 2), ("uitgevoerd", 3), ("uitvoering", 4)]
)
def test_a_column_sorts_both_ways(client, name, number):
    up = column(client.get(f"/begroting?sorteer={name}").text, number)
    down = column(client.get(f"/begroting?sorteer={name}&omgekeerd=1").text, number)
    assert len(up) > 20
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)


def test_filters_narrow_the_list(client):
    html = client.get("/begroting?boven=110%25&stroom=uitgave&krediet=VEK").text
    shares = column(html, 4)
    assert shares
    assert min(shares) > 110
    assert "VAK 2021" not in html
    assert column(client.get("/begroting?onder=50,5").text, 4)
    assert "Geen artikel voldoet hieraan" in client.get("/begroting?jaar=2021&boven=99999").text


@pytest.mark.parametrize(
    "query", ["jaar=x", "boven=nan", "stroom=weg", "sorteer=titel", "pagina=0", f"zoek={'x' * 201}"]
)
def test_what_is_no_filter_is_refused(client, query):
    assert client.get(f"/begroting?{query}").status_code == 422


def test_empty_fields_of_the_form_restrict_nothing(client):
    empty = "zoek=&programma=&ise=&minister=&stroom=&krediet=&jaar=&boven=&onder="
    assert client.get(f"/begroting?{empty}").text == client.get("/begroting").text


def test_sums_keep_credits_apart_and_leave_out_what_is_not_whole(corpus):
    lines = listed(corpus.ledgers(), flow="uitgave")
    added = {one["credit"]: one for one in sums(lines)}
    assert set(added) == {"VAK", "VEK"}
    of_vek = [line for line in lines if line.credit == "VEK"]
    total = sum(line.executed.value for line in of_vek)
    assert added["VEK"]["figures"][2].replace(".", "") == str(total)
    broken = [dataclasses.replace(of_vek[0], executed=None), *of_vek[1:]]
    assert sums(broken)[0]["figures"][2] == ""
    assert sums(broken)[0]["rate"] == ""


def test_a_structure_element_and_a_programme_show_their_printed_totals(client, corpus):
    [programme] = [p for p in parts(corpus.ledgers()[0]) if p["letters"] == "JE"]
    assert {e["name"] for e in programme["elements"]} >= {"ACTIVERING (SOCIALE ECONOMIE)"}
    assert "Gedrukte totalen" in client.get(programme["href"]).text
    for href in (programme["href"], programme["elements"][0]["href"]):
        assert amounts(client.get(href).text)
        assert 'aria-sort="descending"' in client.get(f"{href}?sorteer=uitgevoerd&omgekeerd=1").text
    assert client.get("/begroting/ise/weg").status_code == 404
    assert client.get("/begroting/programma/ZZ").status_code == 404


def test_csv_holds_what_the_list_shows(client):
    response = client.get("/begroting.csv?stroom=ontvangst&nullen=1")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert rows
    assert {row["flow"] for row in rows} == {"ontvangst"}


def test_csv_of_an_article_gives_each_figure_with_its_span(client, corpus):
    rows = list(csv.DictReader(io.StringIO(client.get("/begroting/JB0-1JDB2CH-WT.csv").text)))
    [ledger] = corpus.ledgers()
    text = corpus.document(ledger.document_id).text
    own = [f for f in (*ledger.cells, *ledger.breakdowns) if f.code == "JB0-1JDB2CH-WT"]
    assert len(rows) == len(own)
    for row in rows:
        printed = text[int(row["start"]) : int(row["end"])].replace(".", "").replace(",", ".")
        assert Decimal(printed) == Decimal(row["value"])
    assert client.get("/begroting/weg.csv").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_no_spreadsheet_takes_a_title_for_a_formula(corpus, text):
    cell = dataclasses.replace(corpus.ledgers()[0].cells[0], title=text)
    [row] = csv.DictReader(io.StringIO(figures_csv([cell]), newline=""))
    assert row["title"] == f"'{text.strip()}"
    assert row["value"] == str(cell.value)
    assert safe("Fietspaden - noord") == "Fietspaden - noord"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_others_becomes_active(written, hostile):
    with written(hostile) as client:
        paths = [
            ("/begroting?nullen=1", 200),
            (f"/begroting?zoek={quote(hostile)}", 200),
            ("/begroting/XB0-1XCB2AA-WT", 200),
            (f"/begroting/ise/{quote(hostile, safe='')}", 200),
            ("/begroting/programma/XC", 200),
            (f"/begroting/{quote(hostile.replace('/', ''), safe='')}", 404),
        ]
        for path, status in paths:
            response = client.get(path)
            assert response.status_code == status, path
            page = Page(response.text)
            assert "img" not in {tag for tag, _ in page.nodes}
            for tag, attrs in page.nodes:
                assert not [name for name in attrs if name.startswith("on") or name == "style"], (tag, attrs)
                assert tag != "script" or attrs.get("src", "").startswith("/static/")
                for name in {"href", "src", "action"} & set(attrs):
                    assert attrs[name].startswith(("/", "#")), (tag, attrs)
        text = client.get("/begroting.csv?nullen=1").text
        assert text.count("\n=") == text.count(",=") == 0


def test_a_corpus_without_a_budget_says_so(written, monkeypatch):
    monkeypatch.setattr(Fake, "ledgers", lambda self: ())
    with written("leeg") as client:
        assert "geen begrotingscijfers" in client.get("/begroting").text
        assert client.get("/begroting/2CA").status_code == 404


@pytest.fixture(scope="module")
def real_client(real_store):
    app = create_app(real_store, lambda: load_embedder(None))
    with TestClient(app, base_url="http://localhost:8000", follow_redirects=False) as opened:
        yield opened


def test_the_real_article_shows_what_its_text_gets_wrong(real_client):
    html = real_client.get("/begroting/JB0-1JDB2CA-WT").text
    assert "458.323" in html
    assert "de tekst noemt een verschil van 59.707 keuro" in html
    assert ">Nagerekend</h2>" in html


@pytest.mark.parametrize("path", ["/begroting/2ch", "/begroting?zoek=2ch"])
def test_a_spelling_that_means_several_articles_lists_them(real_client, path):
    response = real_client.get(path)
    assert response.status_code == 200
    for code in ("JB0-1JDB2CH-IS", "JB0-1JDB2CH-WT"):
        assert f'href="/begroting/{code}"' in response.text
