"""An answer as a stream, over a real server: what comes in which order, and what stops when nobody reads it."""

import json
import socket
import threading
from contextlib import contextmanager
from functools import partial

import httpx2
import model_server
import pytest

from answer.ask import ask
from answer.log import find
from answer.records import Claim
from api.streaming import DOING
from ingest.chat import ModelSettings, open_model
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus
from retrieval.search import search

QUESTION = "Wat zegt het pact over de lokale partnerschappen?"
ASK = {"question": QUESTION}
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def sentence(sample_store):
    """A sentence of the first passage that is found, which the model sees under number 1."""
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        first = search(corpus, QUESTION)[0].passage
    return next(s.strip() + "." for s in first.text.split(".") if len(s.split()) > 8)


@contextmanager
def asking_a_model(*behaviours, timeout=20.0):
    """The model server, and an `ask` that has its model compose."""
    with model_server.ModelServer(*behaviours) as started:
        settings = ModelSettings("openai:m", started.url, "sleutel", timeout=timeout, stall=timeout)
        with open_model(settings) as model:
            yield started, partial(ask, model=model)


def said(response):
    """The events of a response: `[("status", {...}), ...]`."""
    events, name = [], None
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            events.append((name, json.loads(line.removeprefix("data: "))))
    return events


def events_of(client, **body):
    with client.stream("POST", "/v1/ask", json=ASK | body, headers=STREAM) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return said(response)


def proposal(*items):
    """The reply of a model, in the form that was asked for."""
    written = [{"text": t, "passages": list(p), "quotes": list(q)} for t, p, q in items]
    return json.dumps({"claims": written, "refusal": None}, ensure_ascii=False)


def test_the_claims_of_the_sources_come_one_by_one_and_then_the_whole_answer(serving, sample_store):
    with serving(sample_store) as client:
        events = events_of(client)
        plain = client.post("/v1/ask", json=ASK).json()
        asked = client.post("/v1/ask", json=ASK | {"stream": True})
    names = [name for name, _ in events]
    claims = [data for name, data in events if name == "claim"]
    assert names[:2] == ["status", "status"]
    assert names[2:] == ["claim"] * len(plain["claims"]) + ["citations", "done"]
    assert [data["claim"] for data in claims] == plain["claims"]
    assert (
        [c for data in claims for c in data["citations"]] == plain["citations"] == events[-2][1]["citations"]
    )
    assert events[-1][1] | {"elapsed_ms": 0} == plain | {"elapsed_ms": 0}
    assert asked.headers["content-type"].startswith("text/event-stream")


def test_a_refusal_is_a_whole_answer_without_claims(serving, sample_store):
    with serving(sample_store) as client:
        events = events_of(client, question="Hoe bak ik een appeltaart met kaneel?")
    assert [name for name, _ in events][-2:] == ["citations", "done"]
    assert events[-1][1]["status"] == "refused"


def test_a_claim_is_there_while_the_model_still_writes(serving, sample_store, sentence):
    begun = proposal((sentence, [1], [sentence]))[: -len("], 'refusal': null}")]
    with (
        asking_a_model(model_server.stalls_after(begun)) as (model, asking),
        serving(sample_store, asking=asking) as client,
        client.stream("POST", "/v1/ask", json=ASK, headers=STREAM) as response,
    ):
        lines = response.iter_lines()
        assert "event: claim" in iter(lines)
        assert sentence.split()[0] in json.loads(next(lines).removeprefix("data: "))["claim"]["text"]
        assert not model.ended.is_set()


def test_claims_of_a_model_that_breaks_off_are_withdrawn(serving, sample_store, sentence):
    begun = proposal((sentence, [1], [sentence]))[: -len("], 'refusal': null}")]
    with (
        asking_a_model(model_server.cuts_after(begun)) as (_, asking),
        serving(sample_store, asking=asking) as client,
    ):
        events = events_of(client)
    names = [name for name, _ in events]
    assert names.index("claim") < names.index("withdrawn")
    after = [data["claim"] for name, data in events[names.index("withdrawn") :] if name == "claim"]
    assert after == events[-1][1]["claims"]
    assert events[-1][1]["mode"] == "extractive"


@pytest.mark.parametrize("headers", [STREAM, {}], ids=["stream", "json"])
def test_a_client_that_leaves_stops_the_model(serving, sample_store, headers):
    gone = threading.Event()

    def keeps_on(handler):
        try:
            model_server.keeps_alive(handler)
        finally:
            gone.set()

    with (
        asking_a_model(keeps_on, timeout=60.0) as (model, asking),
        serving(sample_store, asking=asking, at_once=1) as client,
    ):
        leaving = httpx2.Client(base_url=client.base_url, timeout=httpx2.Timeout(30, read=3.0))
        with (
            pytest.raises(httpx2.ReadTimeout),
            leaving.stream("POST", "/v1/ask", json=ASK, headers=headers) as r,
        ):
            r.read()
        leaving.close()
        assert model.requests
        assert gone.wait(20), "the model goes on for nobody"
        assert client.post("/v1/search", json=ASK).status_code == 200, "its thread is not free"


@pytest.mark.parametrize("headers", [STREAM, {}], ids=["stream", "json"])
def test_an_answer_that_takes_too_long_ends_in_a_problem(serving, sample_store, headers):
    with (
        asking_a_model(model_server.never_answers, timeout=60.0) as (_, asking),
        serving(sample_store, asking=asking, deadline=1.0, at_once=1) as client,
    ):
        response = client.post("/v1/ask", json=ASK, headers=headers)
        assert client.post("/v1/search", json=ASK).status_code == 200, "its thread is not free"
    if headers:
        assert said(response)[-1][0] == "problem"
        assert said(response)[-1][1]["status"] == 504
    else:
        assert response.status_code == 504
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["retry-after"]


def test_who_waits_is_told_and_who_comes_after_the_last_place_is_refused(serving, sample_store):
    let_go, inside = threading.Event(), threading.Event()

    def slow(*args, **more):
        inside.set()
        assert let_go.wait(30)
        return ask(*args, **more)

    with serving(sample_store, asking=slow, at_once=1, most_waiting=1) as client:
        first = threading.Thread(target=client.post, args=["/v1/ask"], kwargs={"json": ASK})
        first.start()
        assert inside.wait(30)
        with client.stream("POST", "/v1/ask", json=ASK, headers=STREAM) as waiting:
            lines = waiting.iter_lines()
            assert "Wacht" in next(line for line in lines if line.startswith("data: "))
            refused = client.post("/v1/ask", json=ASK)
            let_go.set()
            assert "event: done" in iter(lines)
        first.join(30)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]


def test_who_leaves_the_queue_gives_its_place_to_the_next(serving, sample_store):
    let_go, inside, asked = threading.Event(), threading.Event(), []

    def slow(corpus, question, **more):
        asked.append(question)
        inside.set()
        assert let_go.wait(30)
        return ask(corpus, question, **more)

    with serving(sample_store, asking=slow, at_once=1, most_waiting=1) as client:
        threads = [
            threading.Thread(target=client.post, args=["/v1/ask"], kwargs={"json": ASK}) for _ in range(2)
        ]
        threads[0].start()
        assert inside.wait(30)
        with client.stream("POST", "/v1/ask", json={"question": "weg"}, headers=STREAM) as leaving:
            lines = leaving.iter_lines()  # kept: when it is dropped, the client hangs up
            assert next(lines) == "event: status"
            assert client.post("/v1/ask", json=ASK).status_code == 503
        threads[1].start()
        let_go.set()
        for thread in threads:
            thread.join(30)
    assert asked == [QUESTION, QUESTION]


def test_a_problem_before_the_first_event_has_its_own_status(serving, tmp_path):
    with serving(tmp_path) as client:
        response = client.post("/v1/ask", json=ASK, headers=STREAM)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"


def test_a_fault_in_the_middle_is_told_as_the_last_event(serving, sample_store, caplog):
    def failing(*_, checkpoint, **__):
        checkpoint("search")
        raise RuntimeError("geheim detail")

    with serving(sample_store, asking=failing) as client:
        events = events_of(client)
    assert [name for name, _ in events] == ["status", "problem"]
    assert events[-1][1]["status"] == 500
    assert "geheim" not in json.dumps(events)
    assert "geheim detail" in caplog.text


def test_an_answer_that_is_to_be_kept_tells_its_id(serving, sample_store, tmp_path):
    log = tmp_path / "answers.jsonl"
    with serving(sample_store, answers=log) as client:
        answer = client.post("/v1/ask", json=ASK | {"keep": True}).json()
        assert "answer_id" not in client.post("/v1/ask", json=ASK).json()
        assert events_of(client, keep=True)[-1][1]["answer_id"] != answer["answer_id"]
    assert find(log, answer["answer_id"]).entry.question == QUESTION


def test_a_reader_who_takes_nothing_holds_up_the_work_and_not_the_memory(serving, sample_store):
    told = []

    def endless(corpus, question, *, on_claim, **_):
        while True:
            told.append(None)
            on_claim(Claim("x" * 100_000, (1,)), ())

    body = json.dumps(ASK | {"stream": True}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with serving(sample_store, asking=endless, deadline=2.0, at_once=1) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as reader:
            reader.sendall(head.encode() + body)
            assert reader.recv(12) == b"HTTP/1.1 200"
            assert client.post("/v1/search", json=ASK).status_code == 200, "its thread is not free"
            made = len(told)
        assert client.post("/v1/search", json=ASK).status_code == 200
    assert len(told) == made < 500  # the buffers of the system take some of 100 kB each


def test_a_status_is_said_again_while_nothing_comes(serving, sample_store, monkeypatch):
    monkeypatch.setattr("api.streaming._PULSE", 0.05)
    with (
        asking_a_model(model_server.never_answers, timeout=60.0) as (_, asking),
        serving(sample_store, asking=asking, deadline=2.0) as client,
    ):
        events = events_of(client)
    texts = [data["text"] for name, data in events if name == "status"]
    assert texts[0].startswith("Zoekt")
    assert len(texts) > 3
    assert set(texts[1:-1]) <= set(DOING.values())
