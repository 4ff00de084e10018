"""The description of the routes for programs, and whether every route does what it says, whatever it is sent.

`make test` sends a few generated requests to each route; `WIJZER_CASES=2000` sends up to that many.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.access.keys import create_key
from api.access.scopes import SCOPES
from api.access.stack import AccessRules
from api.v1.models import AnswerObject

CONFIG = Path(__file__).with_name("schemathesis.toml")
CASES = os.environ.get("WIJZER_CASES", "1")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)


@pytest.fixture(scope="module")
def client(serving, sample_store, tmp_path_factory):
    with serving(sample_store, answers=tmp_path_factory.mktemp("log") / "answers.jsonl") as client:
        yield client


@pytest.fixture(scope="module")
def described(client):
    return client.get("/v1/openapi.json").json()


def operations(described):
    return [
        (path, method, operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
    ]


def test_every_route_for_programs_is_described_and_no_page_is(client, described):
    paths = {path for path, _, _ in operations(described)}
    assert all(path.startswith("/v1/") for path in paths)
    assert {
        "/v1/ask", "/v1/search", "/v1/documents", "/v1/documents/{document_id}",
        "/v1/documents/{document_id}/outline", "/v1/references/{reference}", "/v1/budget", "/v1/budget/{code}",
        "/v1/commitments", "/v1/commitments/{commitment_id}", "/v1/snapshots", "/v1/snapshots/{snapshot_id}",
        "/v1/evaluations", "/v1/feedback", "/v1/memos",
    } <= paths  # fmt: skip


def test_every_operation_tells_its_problems_and_its_key(described):
    for path, method, operation in operations(described):
        assert operation["summary"], path
        assert operation["security"] == [{}, {"sleutel": []}], path
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}, (path, method, status)
        assert {"401", "403", "429", "500", "503", "504"} <= operation["responses"].keys(), path
        if "requestBody" in operation:
            assert {"400", "408", "413", "422"} <= operation["responses"].keys(), path


def test_every_body_has_an_example(described):
    for path, _, operation in operations(described):
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert described["components"]["schemas"][reference.rpartition("/")[2]]["examples"], path


def test_every_route_does_what_it_says_whatever_it_is_sent(client, tmp_path):
    run(client, tmp_path, CHECKS, "--max-examples", CASES, "--phases", "examples,coverage,fuzzing")


def test_the_example_of_an_answer_is_an_answer(described):
    [example] = described["components"]["schemas"]["AnswerObject"]["examples"]
    [citation] = AnswerObject.model_validate(example).citations
    assert citation.end - citation.start == len(citation.text)
    [figure] = example["claims"][0]["figures"]
    assert citation.text[figure["start"] - citation.start : figure["end"] - citation.start] == figure["text"]


def test_no_route_ignores_its_key(serving, sample_store, tmp_path):
    keys = tmp_path / "keys.json"
    _, secret = create_key(keys, "proef", SCOPES, datetime.now(UTC))
    with serving(sample_store, access=AccessRules(keys, per_minute=1_000_000)) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        described = client.get("/v1/openapi.json").json()
        assert all(o["security"] == [{"sleutel": []}] for _, _, o in operations(described))
        header = ("-H", f"Authorization: Bearer {secret}")
        checks = ("ignored_auth", "not_a_server_error", "status_code_conformance")
        run(client, tmp_path, checks, "--max-examples", "1", "--phases", "examples,fuzzing", *header)


def run(client, folder, checks, *arguments):
    """Have schemathesis send what it thinks of to every route, in a folder of its own."""
    url = f"{client.base_url}/v1/openapi.json"
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", url, "--checks", ",".join(checks),
        "--seed", "1", "--no-color", "--warnings", "off", "--continue-on-failure", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    told = "\n".join(line[:300] for line in done.stdout.splitlines())  # a body that failed may be long
    assert done.returncode == 0, told + done.stderr[-2_000:]
