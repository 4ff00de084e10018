"""The corpus pages: what is published and kept, its documents, what changed, what was refused, how it was measured."""

import re
import unicodedata

import pytest
from starlette.testclient import TestClient

from api.http import create_app
from api.pages.corpus_documents import DocumentsQuery, counted, listed_documents
from api.pages.kept import Kept
from evals.history import UPDATES, Update, keep_update
from ingest import snapshot
from ingest.build import ingest
from ingest.embed import load_embedder
from ingest.records import Metadata
from retrieval.corpus import open_corpus

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def client(sample_store):
    app = create_app(sample_store, lambda: load_embedder(None))
    with TestClient(app, base_url="http://localhost:8000") as opened:
        yield opened


def build(folder, store):
    ingest([folder], store, load_embedder(None), use_questions=False, report=lambda *_: None)
    return snapshot.current(store)


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A store with two snapshots: a document came, one changed, one went; an empty file and a hostile name are there too."""
    folder, store = tmp_path_factory.mktemp("map"), tmp_path_factory.mktemp("opslag")
    for name in ("blijft", "wijzigt", "gaat"):
        (folder / f"{name}.md").write_text(f"# Nota {name}\n\nDe premie van {name} bedraagt 500 euro.\n")
    first = build(folder, store)
    (folder / "gaat.md").unlink()
    (folder / "wijzigt.md").write_text("# Nota wijzigt\n\nDe premie bedraagt nu 600 euro.\n")
    (folder / "komt.md").write_text("# Nota komt\n\nDe toelage bedraagt 700 euro.\n")
    (folder / "leeg.md").write_text("")
    (folder / f"{HOSTILE}.md").write_text("# Nota\n\nEen tekst over begeleiding.\n")
    second = build(folder, store)
    return folder, store, first, second


@pytest.fixture
def client_of(grown):
    """A client over the store that grew."""
    app = create_app(grown[1], lambda: load_embedder(None))
    with TestClient(app, base_url="http://localhost:8000") as opened:
        yield opened


def update(at, decision="published", **measures):
    stopped = ("recall daalde.",) if decision == "kept" else ()
    return Update(at, "an", ("bron",), None, "a" * 32, "c", decision, stopped, (), measures)


def test_the_overview_says_what_is_published_and_what_it_was_made_with(client, sample_store):
    html = client.get("/corpus").text
    manifest = snapshot.read_manifest(snapshot.published(sample_store))
    for said in (manifest.id, manifest.embedder, manifest.analyser, manifest.code):
        assert said in html
    assert "in gebruik" in html
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        kinds = {meta.kind for meta in corpus.documents()}
    assert {kind for kind in kinds if f"/corpus/documenten?soort={kind}" not in html} == set()


def test_a_number_leads_to_as_many_documents(client):
    html = client.get("/corpus").text
    links = re.findall(r'<a href="(/corpus/documenten\?[^"]+)">([\d.]+)</a>', html)
    assert len(links) > 5
    for href, number in links:
        listed = client.get(href.replace("&amp;", "&")).text
        assert re.search(r'id="lijst">([\d.]+) document', listed)[1] == number


def test_documents_are_found_by_words_kind_and_year(client):
    html = client.get("/corpus/documenten", params={"zoek": "Duaal LEREN", "soort": "beslissing"}).text
    titles = re.findall(r'<a href="/bron/[^"]+">([^<]+)</a>', html)
    assert titles
    assert all("duaal" in title.casefold() and "leren" in title.casefold() for title in titles)
    assert "Geen document voldoet hieraan" in client.get("/corpus/documenten?zoek=zeebaars").text
    assert client.get("/corpus/documenten?jaar=&zoek=&soort=").text == client.get("/corpus/documenten").text


@pytest.mark.parametrize("query", ["jaar=x", "pagina=0", f"zoek={'x' * 201}"])
def test_what_is_no_filter_is_refused(client, query):
    assert client.get(f"/corpus/documenten?{query}").status_code == 422


def test_a_long_list_is_cut_into_pages_that_hold_each_document_once():
    documents = [Metadata(f"d{n:03}", "memo", f"Nota {n}", "map", date="2024") for n in range(250)]
    seen = [m.id for n in (1, 2, 3) for m in listed_documents(documents, DocumentsQuery(pagina=n))["rows"]]
    assert sorted(seen) == [m.id for m in documents]
    last = listed_documents(documents, DocumentsQuery(pagina=99))
    assert (last["page"], last["pages"], last["after"], len(last["rows"])) == (3, 3, None, 50)


def test_documents_without_a_year_count_in_the_total_only():
    table = counted([Metadata("a", "memo", "A", "map"), Metadata("b", "memo", "B", "map", year=2020)])
    assert table["years"] == [2020]
    assert [(row["total"], [n for n, _ in row["cells"]]) for row in table["rows"]] == [(2, [1])]


def test_what_changed_between_two_snapshots(client_of, grown):
    _, _, first, second = grown
    html = client_of.get("/corpus", headers={"Accept": "text/html"}).text
    assert f'href="/corpus/verschil?van={first}&amp;naar={second}"' in html
    page = client_of.get(f"/corpus/verschil?van={first}&naar={second}").text
    assert [int(n) for n in re.findall(r"(?:Nieuw|Gewijzigd|Ingetrokken): (\d+)", page)] == [2, 1, 1]
    assert 'href="/bron/komt"' in page
    assert 'href="/bron/gaat"' not in page
    assert "1 documenten bleven gelijk" in page


@pytest.mark.parametrize(("other", "status"), [("0" * 32, 404), ("../../x", 422), ("", 422)])
def test_an_unknown_snapshot_has_no_changes(client_of, grown, other, status):
    assert client_of.get("/corpus/verschil", params={"van": other, "naar": grown[3]}).status_code == status


def test_a_refused_file_is_told_by_name_with_what_to_do(client_of, grown):
    html = client_of.get("/corpus").text
    refused = html[html.index('id="niet-opgenomen"') : html.index('id="metingen"')]
    assert "leeg.md" in refused
    assert "Leeg" in refused
    assert str(grown[0]) not in html


def test_a_hostile_name_is_text(client_of, grown):
    for path in ("/corpus", "/corpus/documenten", f"/corpus/verschil?van={grown[2]}&naar={grown[3]}"):
        assert "<img" not in client_of.get(path).text
    shown = client_of.get("/corpus/documenten", params={"zoek": HOSTILE}).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "1 document<" in shown


def test_updates_are_plotted_and_listed_the_last_first(client_of, grown):
    store = grown[1]
    assert "nog geen gemeten update" in client_of.get("/corpus").text
    for n in range(4):
        keep_update(store, update(f"2026-03-0{n + 1}T10:00:00+00:00", n=12.0, right=0.5 + n / 10))
    keep_update(store, update("2026-03-05T10:00:00+00:00", "kept", n=12.0, right=0.4))
    html = client_of.get("/corpus").text
    assert html.count("<polyline") == 1
    assert "juist: 0,500, 0,600, 0,700, 0,800, 0,400" in html
    assert html.index("5 maart 2026") < html.index("1 maart 2026")
    assert "recall daalde." in html
    (store / UPDATES).write_text("geen json\n")
    assert "niet leesbaar" in client_of.get("/corpus").text
    (store / UPDATES).unlink()


def test_a_snapshot_that_cannot_be_read_is_named_not_served(client_of, grown):
    _, store, first, second = grown
    manifest = store / "snapshots" / first / "manifest.json"
    before = manifest.read_bytes()
    manifest.write_bytes(b"{}")
    try:
        assert "niet leesbaar" in client_of.get("/corpus").text
    finally:
        manifest.write_bytes(before)
    assert second in client_of.get("/corpus").text


def test_no_page_has_inline_style_or_script(client_of, grown):
    for path in ("/corpus", "/corpus/documenten", f"/corpus/verschil?van={grown[2]}&naar={grown[3]}"):
        html = unicodedata.normalize("NFC", client_of.get(path).text)
        assert not re.search(r'\sstyle="|<style|<script(?! src="/static/)|\son\w+="', html)


def test_what_is_kept_is_made_once_and_the_longest_unused_goes_first():
    made = []
    kept = Kept(2)

    def get(key):
        return kept.get(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert get(key) == key
    assert made == ["a", "b", "c", "b"]


def test_what_fails_is_not_kept():
    kept = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 2
