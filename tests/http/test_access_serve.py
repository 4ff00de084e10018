"""The server process where others can reach it: keys or no start, and what it says on stderr."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from api.access.exposure import host_names, is_loopback, rules_of
from api.access.keys import create_key
from api.settings import Settings

CANARY = "kanarievogelpremie"


@pytest.fixture
def wijzer(root, tmp_path):
    """A factory of processes: `wijzer(*arguments, SETTING=...)` on an empty store."""
    started = []

    def start(*arguments, **settings):
        env = {**os.environ, "PYTHONPATH": str(root), "WIJZER_STORE": str(tmp_path / "opslag"), **settings}
        command = [
            sys.executable,
            "-c",
            "from api.cli import main; main()",
            "serve",
            "--port",
            "0",
            *arguments,
        ]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=tmp_path, env=env, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def secret(tmp_path):
    return create_key(tmp_path / "opslag" / "keys.json", "x", ["vraag"], datetime.now(UTC))[1]


def status_of(address, path, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address + path, headers=names), timeout=30
        ) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("arguments", [("--host", "0.0.0.0"), ("--host", "192.0.2.1"), ("--keys",)])
def test_without_a_key_it_does_not_start_and_says_how(wijzer, arguments):
    process = wijzer(*arguments)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors.count("\n")) == (1, "", 1)
    assert "wijzer keys create" in errors


def test_an_address_that_stands_for_all_needs_names(wijzer, secret):
    process = wijzer("--host", "0.0.0.0")
    assert "WIJZER_HOSTS" in process.communicate(timeout=60)[1]
    assert process.returncode == 1


def test_with_a_key_it_serves_others_by_the_names_that_were_given(wijzer, secret):
    process = wijzer("--host", "0.0.0.0", WIJZER_HOSTS="wijzer.voorbeeld.be, intern")
    port = re.search(r":(\d+) ", process.stdout.readline())[1]
    address = f"http://127.0.0.1:{port}"
    bearer = f"Bearer {secret}"
    assert status_of(address, "/v1/documents/x") == 401
    assert status_of(address, "/v1/documents/x", Authorization=bearer) == 503  # there is no corpus
    assert status_of(address, "/health", Host="wijzer.voorbeeld.be") == 200
    assert status_of(address, "/health", Host="intern:80") == 200
    assert status_of(address, "/health", Host="elders.be") == 421


def test_what_it_says_is_json_without_question_or_key(wijzer, secret, tmp_path):
    process = wijzer("--keys", WIJZER_AUDIT=str(tmp_path / "audit.jsonl"))
    address = re.search(r"http://\S+:\d+", process.stdout.readline())[0]
    assert status_of(address, f"/?vraag={CANARY}", Authorization=f"Bearer {secret}") == 503
    assert status_of(address, f"/{CANARY}?key={secret}", X_Api_Key=secret + "x") == 401
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"GARBAGE \x00\xff " + CANARY.encode() + b"\r\n\r\n")
        assert raw.recv(1_000).startswith(b"HTTP/1.1 400")
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    said = [json.loads(line) for line in errors.splitlines()]
    requests = [line for line in said if line["message"] == "verzoek"]
    assert [(line["route"], line["status"]) for line in requests] == [("/", 503), ("(onbekend)", 401)]
    assert all(re.fullmatch("[0-9a-f]{32}", line["request_id"]) for line in requests)
    kept = (tmp_path / "audit.jsonl").read_text()
    assert len(kept.splitlines()) == 2
    for text in (out, errors, kept):
        assert CANARY not in text
        assert secret[12:] not in text
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
                      ("::", False), ("10.0.0.1", False), ("localhost.elders.be", False), ("", False)]
)  # fmt: skip
def test_what_is_this_machine_alone(host, own):
    assert is_loopback(host) is own


def test_the_names_that_the_server_answers_to():
    own = ("localhost", "127.0.0.1", "[::1]")
    assert host_names(Settings(host="::1")) == own
    assert host_names(Settings(host="0.0.0.0", hosts="a.be,b.be c.be")) == (*own, "a.be", "b.be", "c.be")
    assert host_names(Settings(host="fe80::1")) == (*own, "[fe80::1]")
    assert host_names(Settings(site="https://wijzer.be:8443/x")) == (*own, "wijzer.be")
    assert host_names(Settings(site="http://[")) == own


def test_a_site_over_https_has_its_cookies_over_https_alone():
    assert rules_of(Settings(site="https://wijzer.be")).https
    assert not rules_of(Settings(site="http://wijzer.be")).https
    assert not rules_of(Settings()).https
