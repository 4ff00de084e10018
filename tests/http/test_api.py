"""The contract of the routes for programs: fields, bounds, and how a refusal is told."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

ASK_FIELDS = {
    "status", "question", "refusal", "answer", "notice", "claims", "citations", "passages", "corpus_version", "mode", "elapsed_ms",
}  # fmt: skip


def problem(response, status):
    """The body of a problem, checked for what every problem has."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def test_an_answer_has_the_fields_of_the_contract_and_its_citation_is_the_span(client_for):
    client = client_for()
    body = client.post("/v1/ask", json={"question": "Hoeveel bedraagt de premie?"}).json()
    assert set(body) == ASK_FIELDS
    [citation] = body["citations"]
    text = client.get("/v1/documents/nota").json()["text"]
    assert (
        citation["text"]
        == text[citation["start"] : citation["end"]]
        == "De premie bedraagt 500 euro per maand."
    )
    assert body["status"] == "answered"
    assert body["corpus_version"] == "v1"


def test_history_and_filters_reach_the_question(client_for, world):
    client = client_for()
    turns = [{"role": "user", "content": "Wat is de premie?"}, {"role": "assistant", "content": "500 euro."}]
    filters = {"kind": ["beslissing"], "year": [2021], "document": ["b1"]}
    client.post("/v1/ask", json={"question": "En de premie", "history": turns, "filters": filters})
    question, history, asked = world.asked[0]
    assert question == "En de premie"
    assert [(t.role, t.content) for t in history] == [(t["role"], t["content"]) for t in turns]
    assert (asked.kind, asked.year, asked.document) == (("beslissing",), (2021,), ("b1",))


def test_unknown_fields_and_nulls_are_read_over(client_for):
    body = {"id": "x", "question": "de premie", "history": None, "filters": None, "antwoord": float("nan")}
    response = client_for().post(
        "/v1/ask", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert response.json()["status"] == "answered"


def test_search_gives_passages_and_respects_k(client_for):
    client = client_for()
    found = client.post("/v1/search", json={"question": "de", "k": 1}).json()
    assert found["corpus_version"] == "v1"
    assert [set(p) for p in found["passages"]] == [
        {"id", "document_id", "title", "kind", "uri", "page", "section", "start", "end", "text", "score"}
    ]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/ask", {}, "question"),
        ("/v1/ask", {"question": ""}, "question"),
        ("/v1/ask", {"question": " \x00\t "}, "question"),
        ("/v1/ask", {"question": "x" * 20_001}, "question"),
        ("/v1/ask", {"question": ["x"]}, "question"),
        ("/v1/ask", {"question": "x", "history": [{"role": "user", "content": "x"}] * 41}, "history"),
        ("/v1/ask", {"question": "x", "history": [{"role": "system", "content": "x"}]}, "history.0.role"),
        (
            "/v1/ask",
            {"question": "x", "history": [{"role": "user", "content": "x" * 20_001}]},
            "history.0.content",
        ),
        ("/v1/ask", {"question": "x", "filters": {"kind": ["bbt"] * 101}}, "filters.kind"),
        ("/v1/ask", {"question": "x", "filters": {"kind": "bbt"}}, "filters.kind"),
        ("/v1/ask", {"question": "x", "filters": {"year": [0]}}, "filters.year.0"),
        ("/v1/ask", {"question": "x", "filters": {"year": [float("nan")]}}, "filters.year.0"),
        ("/v1/search", {"question": "x", "k": 0}, "k"),
        ("/v1/search", {"question": "x", "k": 201}, "k"),
        ("/v1/search", {"question": "x", "k": 1.5}, "k"),
        ("/v1/search", {"question": "x", "per_document": 0}, "per_document"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(client_for, world, path, body, field):
    response = client_for().post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    told = problem(response, 422)
    assert [e["field"] for e in told["errors"]] == [field]
    assert told["detail"].startswith(field + ": ")
    assert not world.asked


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"vraag"', 422),
        (b'{"question": "\xff"}', 400),
        (b'{"question": "\\ud800"}', 422),
        (b'{"question": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
    ],
)
def test_what_is_not_a_json_object_is_refused(client_for, content, status):
    response = client_for().post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    problem(response, status)


def test_a_form_of_another_site_cannot_ask(client_for, world):
    response = client_for().post(
        "/v1/ask", content=b'{"question": "de premie"}', headers={"Content-Type": "text/plain"}
    )
    assert "application/json" in problem(response, 422)["detail"]
    assert not world.asked


def test_control_characters_become_spaces(client_for, world):
    client_for().post("/v1/ask", json={"question": "de\x00\u202epremie", "history": []})
    assert world.asked[0][0] == "de  premie"


def test_a_large_body_is_refused_whether_or_not_it_says_so(client_for, world):
    client = client_for()
    large = b'{"question": "' + b"x" * 1_100_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    problem(client.post("/v1/ask", content=large, headers=headers), 413)
    chunks = (large[at : at + 65_536] for at in range(0, len(large), 65_536))
    problem(client.post("/v1/ask", content=chunks, headers=headers), 413)
    assert not world.asked


def test_a_document_comes_with_its_structure_and_without_its_path(client_for):
    response = client_for().get("/v1/documents/nota")
    body = response.json()
    assert "/geheim/pad" not in response.text
    assert (body["id"], body["kind"], body["year"], body["sha256"]) == ("nota", "conceptnota", 2023, "0" * 64)
    assert body["corpus_version"] == "v1"
    assert [(b["kind"], b["section"], b["page"]) for b in body["blocks"]] == [
        ("heading", [], 1),
        ("paragraph", ["Activering"], 1),
        ("heading", [], 1),
        ("paragraph", ["Begeleiding"], 1),
    ]
    assert (body["start"], body["end"]) == (0, len(body["text"]))


def test_a_span_of_a_document(client_for):
    client = client_for()
    whole = client.get("/v1/documents/nota").json()
    span = client.get("/v1/documents/nota", params={"start": 14, "end": 24}).json()
    assert span["text"] == whole["text"][14:24]
    assert len(span["blocks"]) == 1


@pytest.mark.parametrize(
    "query", ["start=5", "end=5", "start=5&end=5", "start=9&end=5", "start=0&end=100000", "start=-1&end=5",
              "start=x&end=5", "start=0&end=99999999999999999999"]
)  # fmt: skip
def test_a_span_outside_the_document_is_refused(client_for, query):
    problem(client_for().get(f"/v1/documents/nota?{query}"), 422)


def test_a_document_id_may_hold_any_character(client_for, written):
    odd = written("a/b ?é#%", "Tekst.")
    client = client_for(odd)
    assert client.get("/v1/documents/a%2Fb%20%3F%C3%A9%23%25").json()["id"] == "a/b ?é#%"
    assert client.get("/bron/a%2Fb%20%3F%C3%A9%23%25").status_code == 200


def test_what_is_not_there_is_a_problem(client_for):
    client = client_for()
    assert "bestaat-niet" in problem(client.get("/v1/documents/bestaat-niet"), 404)["detail"]
    problem(client.get("/v1/elders"), 404)
    problem(client.get("/v1/ask/"), 404)
    problem(client.get("/docs"), 404)
    problem(client.get("/static/../http.py"), 404)
    refused = client.get("/v1/ask")
    problem(refused, 405)
    assert refused.headers["allow"] == "POST"


def test_a_fault_inside_is_logged_and_told_without_its_details(client_for, world, caplog):
    def failing(corpus, question, *, history, filters, **_):
        raise RuntimeError("geheim detail")

    response = client_for(asking=failing).post("/v1/ask", json={"question": "de premie"})
    told = problem(response, 500)
    assert "geheim" not in json.dumps(told)
    assert "geheim detail" in caplog.text
    assert "content-security-policy" in response.headers


def test_health_and_readiness(client_for):
    client = client_for()
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready", "corpus_version": "v1"}


def test_without_a_corpus_only_health_answers_well(client_for):
    client = client_for(None)
    assert client.get("/health").status_code == 200
    assert "wijzer ingest" in problem(client.get("/ready"), 503)["detail"]
    refused = client.post("/v1/ask", json={"question": "de premie"})
    problem(refused, 503)
    assert refused.headers["retry-after"]


def test_a_page_is_read_while_all_who_answer_are_at_work(client_for, world):
    begun, go_on = threading.Event(), threading.Event()

    def slow(corpus, question, **how):
        begun.set()
        assert go_on.wait(10)
        return world.ask(corpus, question, **how)

    client = client_for(asking=slow, at_once=1)
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(client.post, "/v1/ask", json={"question": "de premie"})
        try:
            assert begun.wait(10)
            read = pool.submit(client.get, "/v1/documents/nota")
            assert read.result(5).status_code == 200
            assert not asked.done()
        finally:
            go_on.set()
        assert asked.result(10).status_code == 200


def test_a_full_house_is_told_at_once_and_readiness_still_answers(client_for, world):
    let_go, inside, answers = threading.Event(), threading.Event(), []

    def slow(corpus, question, *, history, filters, **_):
        inside.set()
        assert let_go.wait(30)
        return world.ask(corpus, question, history=history, filters=filters)

    def ask():
        return client.post("/v1/ask", json={"question": "de premie"})

    client = client_for(asking=slow, at_once=1, most_waiting=0)
    first = threading.Thread(target=lambda: answers.append(ask()))
    first.start()
    assert inside.wait(30)
    refused, ready = ask(), client.get("/ready")
    let_go.set()
    first.join(30)
    problem(refused, 503)
    assert refused.headers["retry-after"] == "2"
    assert ready.status_code == 200
    assert [a.status_code for a in answers] == [200]
