"""The routes for programs over the bundled corpus: lists, decisions, budget, commitments, versions, judgements, bounds."""

import csv
import io
import json
import socket
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app as cli
from api.http import create_app
from evals.adopt import read_feedback
from evals.history import Update, keep_update
from ingest.build import ingest
from ingest.embed import load_embedder

ARTICLE = "JB0-1JDB2CA-WT"


@pytest.fixture(scope="module")
def client(sample_store, tmp_path_factory):
    log = tmp_path_factory.mktemp("log") / "answers.jsonl"
    app = create_app(sample_store, partial(load_embedder, None), answers=log)
    with TestClient(app, base_url="http://localhost:8000") as opened:
        yield opened


@pytest.fixture
def client_of(tmp_path):
    """A factory of clients over a store of its own, with files ingested one folder after the other."""
    store, opened = tmp_path / "store", []

    def make(*folders):
        for number, files in enumerate(folders):
            folder = tmp_path / "bron"
            folder.mkdir(exist_ok=True)
            for old in folder.iterdir():
                old.unlink()
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
            ingest([folder], store, load_embedder(None), use_questions=False, report=lambda *_: None)
            assert number >= 0
        app = create_app(store, partial(load_embedder, None))
        opened.append(TestClient(app, base_url="http://localhost:8000"))
        opened[-1].__enter__()
        return store, opened[-1]

    yield make
    for client in opened:
        client.__exit__(None, None, None)


def problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    return response.json()


def printed(*arguments):
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_documents_are_listed_by_page_and_every_filter_narrows(client):
    everything = client.get("/v1/documents", params={"limit": 500}).json()
    assert everything["total"] == len(everything["documents"]) == 60
    second = client.get("/v1/documents", params={"limit": 7, "offset": 7}).json()
    assert second["documents"] == everything["documents"][7:14]
    assert all("origin" not in one for one in everything["documents"])
    for query, holds in [
        ({"kind": ["pact", "bbt"]}, lambda m: m["kind"] in ("pact", "bbt")),
        ({"year": 2021}, lambda m: m["year"] == 2021),
        ({"stage": "bekrachtigd"}, lambda m: m["stage"] == "bekrachtigd"),
        ({"title": "LOKAAL pact"}, lambda m: all(w in m["title"].casefold() for w in ("lokaal", "pact"))),
    ]:
        found = client.get("/v1/documents", params={"limit": 500} | query).json()["documents"]
        assert found == [m for m in everything["documents"] if holds(m)]
        assert 0 < len(found) < 60, query


def test_an_outline_points_at_its_headings(client):
    name = "conceptnota-leefloon-samenvatting"
    outline = client.get(f"/v1/documents/{name}/outline").json()["outline"]
    text = client.get(f"/v1/documents/{name}").json()["text"]
    assert len(outline) > 3
    assert all(" ".join(text[h["start"] : h["end"]].split()) == h["text"] for h in outline)
    problem(client.get("/v1/documents/geen/outline"), 404)


def test_a_decision_is_found_by_uri_and_by_id_with_its_file(client):
    decisions = client.get("/v1/documents", params={"kind": "beslissing", "limit": 500}).json()["documents"]
    answers = [client.get(f"/v1/references/{one['id']}").json() for one in decisions]
    assert [a["reference"] for a in answers] == decisions
    for answer in answers:
        assert answer["reference"] in answer["file"]
        assert [m["date"] for m in answer["file"]] == sorted(m["date"] for m in answer["file"])
    assert max(len(a["file"]) for a in answers) > 1
    uri = next(one["uri"] for one in decisions if one["uri"])
    assert client.get("/v1/references/" + uri.replace("/", "%2F")).json()["reference"]["uri"] == uri
    problem(client.get("/v1/references/lokaal-pact-samenvatting"), 404)


def test_budget_figures_are_those_of_the_command_line(client, sample_store):
    store = ("--store", str(sample_store), "--json")
    article = client.get(f"/v1/budget/{ARTICLE}").json()
    version = article.pop("corpus_version")
    assert article == printed("budget", ARTICLE, *store)
    assert client.get("/v1/budget/jdb2ca").json()["articles"] == article["articles"]
    lines = client.get("/v1/budget", params={"limit": 500, "under": 90, "flow": "uitgave"}).json()
    told = printed("budget", "--list", "--under", "90", "--flow", "uitgave", *store)
    assert (lines["lines"], lines["message"]) == (told["lines"], told["message"])
    assert 0 < lines["total"] < client.get("/v1/budget").json()["total"]
    assert lines["corpus_version"] == version


def test_an_unknown_article_or_programme_says_what_there_is(client):
    unknown = client.get("/v1/budget/ZZ9-9ZZZ9ZZ-WT").json()
    assert (unknown["articles"], unknown["candidates"]) == ([], [])
    assert "geen" in unknown["message"]
    assert "XQ" in client.get("/v1/budget", params={"programme": "XQ"}).json()["message"]
    assert client.get("/v1/budget", params={"year": 1999}).json()["lines"] == []


def test_a_budget_list_as_csv_has_the_same_lines(client):
    response = client.get("/v1/budget", params={"format": "csv", "limit": 5})
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    lines = client.get("/v1/budget", params={"limit": 5}).json()["lines"]
    assert [(r["code"], r["credit"]) for r in rows] == [(one["code"], one["credit"]) for one in lines]


def test_a_commitment_comes_with_its_text_and_promises(client):
    listed = client.get("/v1/commitments").json()
    assert {one["id"] for one in listed["commitments"]} == {"samenleven-1.2", "samenleven-1.3"}
    one = client.get("/v1/commitments/samenleven-1.2").json()
    text = client.get(f"/v1/documents/{one['document_id']}").json()["text"]
    assert one["text"] == text[one["start"] : one["end"]]
    assert one["promises"]
    for promise in one["promises"]:
        assert promise["text"] == text[promise["start"] : promise["end"]]
        assert promise["text"] in one["text"]
    assert client.get("/v1/commitments", params={"domain": "wonen"}).json()["total"] == 0
    problem(client.get("/v1/commitments/wonen-9.9"), 404)


def test_snapshots_tell_what_changed(client_of):
    _, client = client_of(
        {"a.txt": "De premie bedraagt 500 euro per maand.", "b.txt": "De bus rijdt elk uur."},
        {"a.txt": "De premie bedraagt 600 euro per maand.", "c.txt": "De trein rijdt elk uur."},
    )
    newest, oldest = client.get("/v1/snapshots").json()["snapshots"]
    assert (newest["is_current"], oldest["is_current"]) == (True, False)
    assert newest["counts"]["documents"] == 2
    told = client.get(f"/v1/snapshots/{newest['id']}").json()
    assert told["changes"] == {"since": oldest["id"], "added": ["c"], "changed": ["a"], "withdrawn": ["b"]}
    assert told["analyser"]
    first = client.get(f"/v1/snapshots/{oldest['id']}").json()["changes"]
    assert (first["since"], first["added"]) == (None, ["a", "b"])
    problem(client.get("/v1/snapshots/" + "0" * 32), 404)
    problem(client.get("/v1/snapshots/..%2f..%2fCURRENT"), 404)
    problem(client.get("/v1/snapshots/CURRENT"), 422)


def test_evaluations_are_the_updates_without_the_paths_of_this_machine(client_of):
    store, client = client_of({"a.txt": "De premie bedraagt 500 euro per maand."})
    for number in range(3):
        update = Update(
            f"2026-01-0{number + 1}T00:00:00+00:00", "an", ("/geheim/pad",), None, "c" * 32, "d" * 64, "kept",
            ("slechter",), (), {"right": 0.5},
        )  # fmt: skip
        keep_update(store, update)
    response = client.get("/v1/evaluations", params={"limit": 2})
    assert response.json()["total"] == 3
    assert [one["at"][:10] for one in response.json()["evaluations"]] == ["2026-01-03", "2026-01-02"]
    assert response.json()["evaluations"][0]["measures"] == {"right": 0.5}
    assert "/geheim/pad" not in response.text


def test_a_judgement_is_kept_with_the_question_that_was_answered(client, sample_store):
    question = "Wat zegt het pact over de lokale partnerschappen?"
    answer_id = client.post("/v1/ask", json={"question": question, "keep": True}).json()["answer_id"]
    before = datetime.now(UTC).isoformat(timespec="seconds")
    body = {"answer_id": answer_id, "verdict": "citation_wrong", "comment": "Zie \x00hoofdstuk 3."}
    response = client.post("/v1/feedback", json=body)
    assert response.status_code == 201
    kept = read_feedback(sample_store / "feedback.jsonl")[-1]
    assert (kept.answer, kept.question, kept.verdict) == (answer_id, question, "citation_wrong")
    assert kept.comment == "Zie  hoofdstuk 3."
    assert kept.at >= before
    problem(client.post("/v1/feedback", json=body | {"answer_id": "0" * 16}), 404)
    problem(client.post("/v1/feedback", json=body | {"verdict": "mooi"}), 422)
    problem(client.post("/v1/feedback", json=body | {"comment": "x" * 2_001}), 422)


@pytest.mark.parametrize(
    "address",
    [
        "/v1/documents?limit=501",
        "/v1/documents?limit=0",
        "/v1/documents?limit=nan",
        "/v1/documents?offset=-1",
        "/v1/documents?offset=99999999999999999999",
        "/v1/documents?" + "&".join(["kind=bbt"] * 101),
        "/v1/documents?kind=" + "x" * 501,
        "/v1/documents?year=0",
        "/v1/documents?stage=ooit",
        "/v1/documents?title=" + "x" * 201,
        "/v1/documents/" + "x" * 501,
        "/v1/budget?over=NaN",
        "/v1/budget?over=inf",
        "/v1/budget?over=-1",
        "/v1/budget?under=1e99",
        "/v1/budget?flow=beide",
        "/v1/budget?format=xml",
        "/v1/budget/" + "x" * 201,
        "/v1/commitments/" + "x" * 201,
        "/v1/references/" + "x" * 501,
    ],
)
def test_what_is_out_of_bounds_in_an_address_is_refused(client, address):
    assert problem(client.get(address), 422)["errors"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": "x", "stream": "ja"}, "stream"),
        ({"question": "x", "stream": 1}, "stream"),
        ({"question": "x", "keep": 0}, "keep"),
        ({"question": "x", "filters": {"year": ["2021"]}}, "filters.year.0"),
        ({"question": "x", "filters": {"minister": ["x"] * 10_000}}, "filters.minister"),
        ({"question": 5}, "question"),
    ],
)
def test_what_has_another_type_is_refused(client, body, field):
    assert [e["field"] for e in problem(client.post("/v1/ask", json=body), 422)["errors"]] == [field]


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Accept": "application/xml"},
    ],
)
def test_headers_that_ask_for_something_else_change_nothing(client, headers):
    response = client.get("/v1/documents/lokaal-pact-samenvatting", headers=headers)
    assert response.status_code == 200
    assert response.json()["id"] == "lokaal-pact-samenvatting"


def test_headers_without_end_are_refused(serving, sample_store):
    with serving(sample_store) as client:
        place = (client.base_url.host, client.base_url.port)
        with socket.create_connection(place, timeout=30) as connection, suppress(ConnectionError):
            connection.sendall(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Lang: " + b"x" * 1_000_000)
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
        assert client.get("/ready").status_code == 200


def test_every_error_of_the_routes_is_a_problem(client):
    for method, address in [
        ("GET", "/v1"),
        ("GET", "/v1/"),
        ("GET", "/v1/elders"),
        ("DELETE", "/v1/ask"),
        ("PUT", "/v1/documents/x"),
        ("POST", "/v1/openapi.json"),
        ("PATCH", "/v1/memos/jobs/0123456789abcdef"),
    ]:
        response = client.request(method, address, headers={"Accept": "text/html"})
        told = problem(response, response.status_code)
        assert response.status_code in (404, 405), address
        assert told["title"]
        assert told["detail"]
    allowed = client.patch("/v1/memos/jobs/0123456789abcdef").headers["allow"]
    assert allowed == "DELETE, GET"
