"""What is kept of a request: its id, the audit log, the figures and the process's own log; never a question or a key."""

import io
import json
import logging
import re
import threading
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from answer.log_record import GENESIS
from api.access import audit, logs
from api.access.keys import create_key
from api.access.stack import AccessRules
from api.cli import app as commands

CANARY = "kanarievogelpremie"
ASKED = {"question": f"Hoeveel bedraagt de {CANARY}?"}


@pytest.fixture
def trail(tmp_path):
    return tmp_path / "audit" / "audit.jsonl"


@pytest.fixture
def lines():
    """What the process says on stderr, as the server has it written."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.JsonLines())
    logging.root.addHandler(handler)
    ours = logging.getLogger("api")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in said.getvalue().splitlines()]
    ours.setLevel(level)
    logging.root.removeHandler(handler)


def rows(trail):
    return [json.loads(line) for line in trail.read_text().splitlines()]


def test_every_request_is_one_row_whatever_became_of_it(client_for, trail, tmp_path):
    keys = tmp_path / "keys.json"
    secret = create_key(keys, "x", ["vraag"], datetime.now(UTC))[1]
    headers = {"Authorization": f"Bearer {secret}"}
    client = client_for(access=AccessRules(keys, audit=trail))
    client.post("/v1/ask", json={"question": "de premie"}, headers=headers)
    client.post("/v1/ask", json={"question": "geen enkel woord"}, headers=headers)
    client.post("/v1/ask", json={}, headers=headers)
    client.post("/v1/ask", json={"question": "de premie"})
    client.get("/v1/documents/nota", headers=headers)
    client.get("/metrics", headers=headers)
    client.get("/elders", headers=headers)
    client.get("/health")
    client.get("/health", headers={"Host": "elders.be"})
    found = [
        (r["route"], r["status"], r["key"], r["snapshot"], r["outcome"], r["evidence"]) for r in rows(trail)
    ]
    key = secret[3:11]
    assert found == [
        ("/v1/ask", 200, key, "v1", "answered", 1),
        ("/v1/ask", 200, key, "v1", "refused: not_in_corpus", 0),
        ("/v1/ask", 422, key, None, None, None),
        ("/v1/ask", 401, None, None, None, None),
        ("/v1/documents/{document_id:path}", 200, key, "v1", None, None),
        ("/metrics", 403, key, None, None, None),
        ("(onbekend)", 403, key, None, None, None),
        ("/health", 200, None, None, None, None),
        ("/health", 421, None, None, None, None),
    ]
    assert all(r["questions"] is None for r in rows(trail))
    first = rows(trail)[0]
    assert (first["mode"], first["method"], first["previous"]) == ("extractive", "POST", GENESIS)
    assert datetime.fromisoformat(first["at"]).tzinfo
    assert audit.usage(trail).chain.breaks == ()


def test_questions_are_kept_only_on_purpose(client_for, trail):
    client_for(access=AccessRules(audit=trail, keeps_questions=True)).post("/v1/ask", json=ASKED)
    assert rows(trail)[0]["questions"] == [ASKED["question"]]


def test_neither_a_question_nor_a_key_is_said_anywhere(client_for, world, trail, tmp_path, lines):
    keys = tmp_path / "keys.json"
    secret = create_key(keys, "x", ["vraag", "beheer"], datetime.now(UTC))[1]
    logging.getLogger("andermans.bibliotheek").warning("query mislukt: %s met %s", CANARY, secret)
    logging.getLogger("api.proef").warning("hier staat per ongeluk %s", secret)

    def failing(corpus, question, **how):
        raise ValueError(f"geen antwoord op {question}")

    headers = {"Authorization": f"Bearer {secret}", "X-Request-Id": secret}
    client = client_for(asking=failing, access=AccessRules(keys, audit=trail))
    said = [client.post("/v1/ask", json=ASKED, headers=headers)]
    said += [client.get("/", params={"vraag": CANARY}, headers=headers)]
    said += [client.get(f"/v1/documents/{CANARY}", headers=headers).headers]
    said += [
        client.get(f"/{secret}", headers=headers),
        client.post("/aanmelden", data={"sleutel": secret + "x"}),
    ]
    assert said[0].status_code == said[1].status_code == 500
    failures = [line for line in lines() if line["level"] == "error"]
    assert {line["error"][0]["type"] for line in failures} == {"ValueError"}
    assert any(
        re.search(r"test_access_observe.py:\d+ failing$", f) for f in failures[0]["error"][0]["frames"]
    )
    everything = {
        "logs": json.dumps(lines()),
        "audit": trail.read_text(),
        "metrics": client.get("/metrics", headers=headers).text,
        "answers": " ".join(getattr(r, "text", "") + str(getattr(r, "headers", r)) for r in said),
    }
    assert [where for where, text in everything.items() if secret[12:] in text] == []
    assert [where for where in ("logs", "audit", "metrics") if CANARY in everything[where]] == []
    assert "bw_" + secret[3:11] in everything["logs"]
    assert "test_access_observe.py:" in next(
        n["message"] for n in lines() if n["logger"] == "andermans.bibliotheek"
    )


@pytest.mark.parametrize("given", ["abcdef-12345678", "3f2b8c1e-aaaa-bbbb-cccc-123456789012"])
def test_a_request_id_that_is_well_formed_is_taken(client_for, trail, given):
    client = client_for(access=AccessRules(audit=trail))
    assert client.get("/health", headers={"X-Request-Id": given}).headers["x-request-id"] == given
    assert rows(trail)[0]["request_id"] == given


@pytest.mark.parametrize(
    "given",
    [
        "kort",
        "a" * 65,
        "a\tb3456789",
        "\x1b[31mrood----",
        "a\u00e9bcdefghij",
        "a;b'c\"d{}ef",
        "--------",
        "bw_00000000_" + "A" * 43,
    ],
)
def test_any_other_request_id_is_replaced(client_for, trail, lines, given):
    client = client_for(access=AccessRules(audit=trail))
    response = client.get("/v1/documents/nota", headers={"X-Request-Id": given.encode("latin-1")})
    made = response.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert rows(trail)[0]["request_id"] == made == lines()[-1]["request_id"]


def test_every_response_has_a_request_id_of_its_own(client_for):
    client = client_for()
    answers = [client.get("/health"), client.get("/elders"), client.get("/", headers={"Host": "x"})]
    assert len({a.headers["x-request-id"] for a in answers}) == 3


def test_what_a_caller_sends_cannot_end_a_row_or_colour_a_terminal(client_for, trail, lines):
    client = client_for(access=AccessRules(audit=trail, keeps_questions=True))
    client.request("GET\x1b[31m", "/health")
    client.post("/v1/ask", json={"question": 'de premie\r\n{"key": "vals"}\u2028\u2029\u0085'})
    client.get("/v1/documents/%0d%0a%1b[2J")
    assert len(rows(trail)) == 3
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f-\xff]", trail.read_bytes())
    assert rows(trail)[0]["method"] == "?"
    assert all("\x1b" not in json.dumps(line) for line in lines())


@pytest.mark.parametrize("change", [
    lambda kept: [kept[0], kept[1].replace(b'"status":200', b'"status":401'), *kept[2:]],
    lambda kept: [kept[0], *kept[2:]],
    lambda kept: [kept[1], kept[0], *kept[2:]],
    lambda kept: kept[:-1],
    lambda kept: [*kept, kept[0]],
    lambda kept: [kept[0], b'{"number": 2}\n', *kept[2:]],
    lambda kept: [],
])  # fmt: skip
def test_a_row_that_was_edited_removed_or_moved_is_found(client_for, trail, change):
    client = client_for(access=AccessRules(audit=trail))
    for _ in range(4):
        client.get("/health")
    run = CliRunner()
    whole = run.invoke(commands, ["keys", "log", "--audit", str(trail)])
    assert whole.exit_code == 0
    assert "4 verzoeken; de keten is heel" in whole.stdout
    trail.write_bytes(b"".join(change(trail.read_bytes().splitlines(keepends=True))))
    broken = run.invoke(commands, ["keys", "log", "--audit", str(trail), "--json"])
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["breaks"]


def test_a_crash_in_the_middle_of_a_row_leaves_the_chain_whole(client_for, trail):
    client = client_for(access=AccessRules(audit=trail))
    client.get("/health")
    with trail.open("ab") as file:
        file.write(b'{"at":"20')
    client.get("/health")
    chain = audit.usage(trail).chain
    assert (chain.records, chain.breaks, chain.torn) == (2, (), 0)


def test_requests_at_once_are_a_row_each(client_for, trail):
    client = client_for(access=AccessRules(audit=trail))
    threads = [threading.Thread(target=lambda: [client.get("/health") for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit.usage(trail)
    assert (found.chain.records, found.chain.breaks) == (40, ())


def test_a_row_that_cannot_be_kept_is_told_and_counted_and_the_request_answered(client_for, tmp_path, lines):
    (tmp_path / "bestand").write_text("")
    client = client_for(access=AccessRules(audit=tmp_path / "bestand" / "audit.jsonl"))
    assert client.get("/v1/documents/nota").status_code == 200
    told = next(line for line in lines() if line["level"] == "error")
    assert (told["route"], told["status"], told["key"]) == ("/v1/documents/{document_id:path}", 200, "open")
    assert "wijzer_audit_failures_total 1.0" in client.get("/metrics").text


def test_the_figures(client_for, world):
    client = client_for()
    client.post("/v1/ask", json={"question": "de premie"})
    client.post("/v1/ask", json={"question": "geen enkel woord"})
    (
        client.get("/v1/documents/a"),
        client.get("/v1/documents/b"),
        client.get("/verzonnen/1"),
        client.get("/verzonnen/2"),
    )
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    figures = set(response.text.splitlines())
    assert {
        'wijzer_requests_total{method="POST",route="/v1/ask",status="200"} 2.0',
        'wijzer_requests_total{method="GET",route="/v1/documents/{document_id:path}",status="404"} 2.0',
        'wijzer_requests_total{method="GET",route="(onbekend)",status="404"} 2.0',
        'wijzer_answers_total{reason="",status="answered"} 1.0',
        'wijzer_answers_total{reason="not_in_corpus",status="refused"} 1.0',
        'wijzer_corpus_info{version="v1"} 1.0',
        "wijzer_requests_in_flight 1.0",
        "wijzer_model_failures_total 0.0",
        'wijzer_request_seconds_count{route="/v1/ask"} 2.0',
    } <= figures
    world.publish("v2", *world.snapshots["v1"])
    text = client.get("/metrics").text
    assert 'version="v2"' in text
    assert 'version="v1"' not in text


def test_an_answer_that_the_model_owed_is_a_failure_of_the_model(client_for, world):
    from dataclasses import replace

    from answer.records import Trace

    def asking(corpus, question, **how):
        answer = world.ask(corpus, question, history=(), filters=how["filters"])
        return replace(answer, mode=question.split()[0], trace=Trace("openai:x", "0" * 64, "0" * 64))

    client = client_for(asking=asking)
    client.post("/v1/ask", json={"question": "extractive de premie"})
    client.post("/v1/ask", json={"question": "openai:x de premie"})
    assert "wijzer_model_failures_total 1.0" in client.get("/metrics").text


def test_each_application_counts_for_itself(client_for):
    first, second = client_for(), client_for()
    assert isinstance(first, TestClient)
    first.post("/v1/ask", json={"question": "de premie"})
    assert 'wijzer_answers_total{reason="",status="answered"} 1.0' not in second.get("/metrics").text


def test_without_a_corpus_the_figures_still_come(client_for):
    response = client_for(None).get("/metrics")
    assert response.status_code == 200
    assert "wijzer_corpus_info{" not in response.text
