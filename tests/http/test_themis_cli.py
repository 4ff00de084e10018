"""`wijzer corpus fetch themis` as a process, over loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import themis_server as server

ITEMS = [server.item(1), server.item(2)]


@pytest.fixture
def wijzer(root, tmp_path):
    """`wijzer(*arguments, **settings)`: the command line in its own process."""

    def run(*arguments, **settings):
        known = {"WIJZER_THEMIS_FOLDER": str(tmp_path / "themis"), "WIJZER_THEMIS_PAUSE": "0"}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("WIJZER_")} | known | settings
        command = [sys.executable, "-c", "from api.cli import main; main()", "corpus", "fetch", *arguments]
        return subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
        )

    return run


def test_decisions_come_from_the_configured_address(wijzer, tmp_path):
    with server.Sparql(server.triples(ITEMS)) as themis:
        done = wijzer("themis", "--since", "2023-03-01", WIJZER_THEMIS_URL=themis.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 beslissingen in" in done.stdout
    assert f"Neem ze op met: wijzer ingest {tmp_path / 'themis'}" in done.stdout
    assert len(list((tmp_path / "themis").glob("decisions-*.jsonl"))) == 1


def test_the_search_api_and_json(wijzer, tmp_path):
    with server.SearchApi(ITEMS) as themis:
        done = wijzer(
            *(
                "themis",
                "--since",
                "2023-03-01",
                "--source",
                "api",
                "--out",
                str(tmp_path / "elders"),
                "--json",
            ),
            WIJZER_THEMIS_API_URL=themis.url,
        )
    told = json.loads(done.stdout)
    assert (told["new"], told["changed"], told["withdrawn"], told["resumed"]) == (2, 0, [], False)
    assert Path(told["path"]).parent == tmp_path / "elders"


@pytest.mark.parametrize(
    ("arguments", "settings", "status", "said"),
    [
        (("--since", "gisteren"), {}, 2, "gisteren"),
        ((), {}, 2, "--since"),
        (
            ("--since", "2023-03-01"),
            {"WIJZER_THEMIS_URL": "http://themis.example/sparql"},
            1,
            "niet beveiligd",
        ),
        (("--since", "2999-01-01"), {}, 1, "in de toekomst"),
    ],
)
def test_wrong_usage_is_one_line(wijzer, arguments, settings, status, said):
    done = wijzer("themis", *arguments, **settings)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
