"""`wijzer budget` as a person and a program use it, in processes of its own."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import snapshot
from ingest.build import ingest
from ingest.catalog import Catalog
from ingest.embed import load_embedder

Run = Callable[..., subprocess.CompletedProcess[str]]
AMOUNT = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture(scope="module")
def budget(root: Path, sample_store: Path) -> Run:
    def run(
        *arguments: object, store: Path = sample_store, status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from api.cli import main; main()", "budget", *map(str, arguments)]
        done = subprocess.run(
            [*command, "--store", str(store)], capture_output=True, text=True, cwd=root, timeout=120
        )
        assert done.returncode == status, done.stderr
        return done

    return run


@pytest.fixture(scope="module")
def everything(budget: Run):
    return json.loads(budget("--all", "--json").stdout)


def test_an_article_is_printed_with_figures_rate_and_places(budget: Run):
    printed = budget("2ca-wt").stdout
    assert printed.startswith("JB0-1JDB2CA-WT  DOELGROEPVERMINDERINGEN SOCIALE ZEKERHEID\n")
    assert re.search(r"VAK +410\.969 +410\.974 +458\.323 +111,5% +47\.349\n", printed)
    assert "uitvoering = BU / 2e BA-JR" in printed
    assert "CB0-1CBG2AB-PR -> JB0-1JDB2CA-WT" in printed
    assert re.search(r"Korte inhoud \(p\. \d+, tekens \d+-\d+\)", printed)


def test_words_and_measures_find_their_article(budget: Run):
    found = json.loads(budget("AWI", "--json").stdout)
    (article,) = found["articles"]
    assert article["code"] == "JB0-1JDB2CH-WT"
    assert {b["label"] for b in article["breakdowns"]} == {"AWI", "DAC", "Gesco"}
    assert article["justification"]["text"].startswith("Bij de aanwervingsincentives")
    assert found["message"] is None


def test_an_ambiguous_name_lists_candidates(budget: Run):
    printed = budget("vdab").stdout
    assert "meer dan één artikel" in printed
    assert {"JB0-1JDB2CY-IS", "JB0-1JDB5CY-IS", "JB0-1JFB2FY-IS"} <= set(re.findall(r"JB0-\S+", printed))
    assert len(json.loads(budget("vdab", "--json").stdout)["candidates"]) == 4


def test_what_the_corpus_lacks_is_said_with_what_it_has(budget: Run):
    assert "geen artikel 1JDB2XX" in (printed := budget("1jdb2xx").stdout)
    assert "26 artikelen" in printed
    assert "2021" in printed
    assert budget("VOP", "--year", 2022).stdout == (
        "Het corpus heeft van JB0-1JDB2CB-WT geen cijfers van 2022; wel van 2021.\n"
    )
    assert "wel programma JD (WERK)" in budget("--list", "--programme", "XX").stdout
    assert "ACTIVERING (WERK)" in budget("--list", "--ise", "onbestaand").stdout
    assert "2021" in json.loads(budget("--list", "--year", 1999, "--json").stdout)["message"]


def test_a_provision_of_another_minister_is_shown_by_its_reallocations(budget: Run):
    found = json.loads(budget("CB0-1CBG2AB-PR", "--json").stdout)
    assert found["articles"] == []
    assert found["transfers"]
    assert {t["from"] for t in found["transfers"]} == {"CB0-1CBG2AB-PR"}


def test_lists_as_table_csv_and_json(budget: Run):
    arguments = ("--list", "--programme", "JD", "--flow", "uitgave", "--over", "110%")
    assert "111,5%" in (printed := budget(*arguments).stdout)
    assert "1 artikelen, 2 kredieten" in printed
    rows = list(csv.DictReader(budget(*arguments, "--csv").stdout.splitlines()))
    assert [(row["code"], row["credit"], row["executed"], row["rate"]) for row in rows] == [
        ("JB0-1JDB2CA-WT", "VAK", "458323", "111.5"),
        ("JB0-1JDB2CA-WT", "VEK", "458323", "111.5"),
    ]
    lines = json.loads(budget(*arguments, "--json").stdout)["lines"]
    assert [line["executed"]["value"] for line in lines] == ["458323", "458323"]


def test_everything_keeps_the_contract(everything):
    assert set(everything) == {"cells", "breakdowns", "totals", "transfers", "unread"}
    keys = [(c["code"], c["year"], c["phase"], c["credit"]) for c in everything["cells"]]
    assert len(keys) == len(set(keys)) == 156
    figure = {
        "code",
        "title",
        "flow",
        "year",
        "phase",
        "credit",
        "value",
        "document_id",
        "page",
        "start",
        "end",
    }
    assert all(set(cell) == figure for cell in everything["cells"])
    assert all(set(b) == figure | {"label"} for b in everything["breakdowns"])
    assert all(figure | {"level", "name", "row"} <= set(total) for total in everything["totals"])
    figures = [*everything["cells"], *everything["breakdowns"], *everything["totals"]]
    assert all(AMOUNT.fullmatch(f["value"]) for f in figures)
    assert {c["flow"] for c in everything["cells"]} == {"uitgave", "ontvangst"}
    for transfer in everything["transfers"]:
        assert {"from", "to", "vak", "vek", "year", "document_id", "start", "end"} <= set(transfer)
        assert transfer["from"] or transfer["to"]
        assert all(transfer[c] is None or AMOUNT.fullmatch(transfer[c]) for c in ("vak", "vek"))


def test_every_span_of_the_contract_is_the_figure(everything, sample_store: Path):
    figures = [*everything["cells"], *everything["breakdowns"], *everything["totals"]]
    with Catalog(snapshot.published(sample_store) / "catalog.sqlite") as catalog:
        texts = {name: catalog.document(name).text for name in {f["document_id"] for f in figures}}
    printed = [texts[f["document_id"]][f["start"] : f["end"]].replace(".", "") for f in figures]
    assert printed == [f["value"] for f in figures]


def test_a_corpus_without_budget_says_so(root: Path, budget: Run, tmp_path: Path):
    place = root / "corpus" / "sample" / "belofte-activering-1.3.md"
    ingest([place], tmp_path, load_embedder(None), use_questions=False, report=lambda *_: None)
    for arguments in (("VOP",), ("--list",), ("1jdb2ca",)):
        assert budget(*arguments, store=tmp_path).stdout.startswith("Het corpus heeft geen begrotingscijfers")
    empty = {"cells": [], "breakdowns": [], "totals": [], "transfers": [], "unread": []}
    assert json.loads(budget("--all", "--json", store=tmp_path).stdout) == empty


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("",),
        ("VOP", "--list"),
        ("--all",),
        ("--all", "--json", "--year", "2021"),
        ("VOP", "--over", "110%"),
        ("VOP", "--csv"),
        ("--list", "--csv", "--json"),
        ("--list", "--over", "veel"),
        ("--list", "--under", "-5"),
        ("--list", "--flow", "inkomst"),
        ("--list", "--year", "dit jaar"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_opened(budget: Run, tmp_path: Path, arguments):
    assert budget(*arguments, store=tmp_path / "weg", status=2).stdout == ""


def test_a_chart_is_written_beside_the_text(budget: Run, tmp_path: Path):
    chart = tmp_path / "grafiek.svg"
    budget("2CJ-WT", "--chart", str(chart))
    svg = chart.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "10.799" in svg
    assert "JB0-1JDB2CJ-WT VEK" in svg
