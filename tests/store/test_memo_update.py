"""After a corpus update exactly the memos change that rest on what was added, changed or withdrawn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands.memo import memo_app
from ingest import snapshot
from ingest.build import ingest
from ingest.embed import load_embedder
from ingest.proof import prove

AGREEMENT = """# 1 Wonen

## 1.1 Sociale huurwoningen

We bouwen tienduizend bijkomende sociale huurwoningen in de Vlaamse steden.

## 1.2 Renovatiepremie

We hervormen de renovatiepremie voor eigenaars van verouderde woningen.

# 2 Landbouw

## 2.1 Stikstofuitstoot van veehouderijen

We verminderen de stikstofuitstoot van veehouderijen nabij habitatgebieden.

## 2.2 Fruittelers en hagelnetten

We ondersteunen fruittelers die hagelnetten boven hun boomgaarden plaatsen.

# 3 Cultuur

## 3.1 Bibliotheken

We versterken de openbare bibliotheken met een digitale uitleendienst.
"""
MANIFEST = """[[document]]
id = "akkoord"
path = "akkoord.md"
kind = "regeerakkoord"
title = "Regeerakkoord"
date = "2019-10-01"

[[collection]]
id = "beslissingen"
path = "beslissingen.jsonl"
kind = "beslissing"
title = "Beslissingen"
"""
DECISIONS = {
    "D1": ("2020-02-07", "Sociale huurwoningen: bouwprogramma", "De Vlaamse Regering keurt het programma goed om bijkomende sociale huurwoningen te bouwen in de Vlaamse steden. Daarvoor is 40 miljoen euro beschikbaar."),
    "D2": ("2020-03-06", "Renovatiepremie: hervorming", "De Vlaamse Regering keurt de hervorming van de renovatiepremie voor eigenaars van verouderde woningen definitief goed."),
    "D3": ("2021-05-07", "Stikstofuitstoot van veehouderijen", "De Vlaamse Regering keurt maatregelen goed om de stikstofuitstoot van veehouderijen nabij habitatgebieden te verminderen."),
    "D4": ("2022-06-03", "Hagelnetten voor fruittelers", "De Vlaamse Regering keurt steun goed voor fruittelers die hagelnetten boven hun boomgaarden plaatsen."),
    "D5": ("2022-07-01", "Digitale uitleendienst bibliotheken", "De Vlaamse Regering keurt de digitale uitleendienst van de openbare bibliotheken goed."),
}  # fmt: skip


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict], Path]:
    """`published(decisions)`: the store with the agreement and these decisions published."""
    monkeypatch.setitem(snapshot.build.__kwdefaults__, "prove", prove)  # in this process, for speed
    source, store = tmp_path / "corpus", tmp_path / "store"
    source.mkdir()
    (source / "akkoord.md").write_text(AGREEMENT, encoding="utf-8")
    (source / "sources.toml").write_text(MANIFEST, encoding="utf-8")

    def publish(decisions: dict) -> Path:
        lines = (
            {"uri": f"http://themis.vlaanderen.be/id/nieuwsbrief-info/{name}", "uuid": name, "date": date, "title": title, "text": text}
            for name, (date, title, text) in decisions.items()
        )  # fmt: skip
        told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (source / "beslissingen.jsonl").write_text(told, encoding="utf-8")
        ingest([source], store, load_embedder(None), use_questions=False, report=lambda *_: None)
        return store

    return publish


def memo(*arguments: object) -> dict:
    done = CliRunner().invoke(memo_app, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def memos_in(out: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".md", ".docx", ".html")
    }


def test_one_new_one_changed_and_one_withdrawn_decision_touch_three_memos(
    published: Callable, tmp_path: Path
):
    out, store = tmp_path / "memos", published(DECISIONS)
    first = memo("--all", "--out", out, "--store", store, "--jobs", 2, "--format", "md,docx")
    assert {m["name"] for m in first["written"]} == {
        "wonen-1.1",
        "wonen-1.2",
        "landbouw-2.1",
        "landbouw-2.2",
        "cultuur-3.1",
    }
    assert "40 miljoen euro" in (out / "wonen-1.1.md").read_text()
    (out / "wonen-1.2.docx").write_bytes(b"nagelezen")
    before = memos_in(out)

    date, title, text = DECISIONS["D1"]
    changed = DECISIONS | {
        "D1": (date, title, text.replace("40 miljoen", "55 miljoen")),
        "D6": ("2021-09-03", "Renovatiepremie: verhoging", "De Vlaamse Regering keurt een hogere renovatiepremie voor eigenaars van verouderde woningen definitief goed."),
    }  # fmt: skip
    del changed["D4"]
    # Later than all others and about none of the sections: the corpus grew, the evidence of no memo did.
    changed["D7"] = ("2024-02-02", "Havenloodsen: dienstregeling", "De Vlaamse Regering keurt de dienstregeling van de havenloodsen goed.")  # fmt: skip
    published(changed)
    done = memo("update", "--out", out, "--store", store)

    told = {m["name"]: " ".join(m["changes"]) for m in done["written"]}
    assert set(told) == {"wonen-1.1", "wonen-1.2", "landbouw-2.2"}, told
    assert "nieuw bedrag: 55 miljoen euro" in told["wonen-1.1"]
    assert "bedrag vervallen: 40 miljoen euro" in told["wonen-1.1"]
    assert "nieuwe beslissing: Renovatiepremie: verhoging (3 september 2021)" in told["wonen-1.2"]
    assert "niet meer genoemd: Hagelnetten voor fruittelers (3 juni 2022)" in told["landbouw-2.2"]
    assert "geen beslissing gevonden" in told["landbouw-2.2"]

    after = memos_in(out)
    touched = {
        name for name, data in after.items() if data != before.get(name) and not name.startswith("index.")
    }
    assert touched == {
        "wonen-1.1.md", "wonen-1.1.docx", "wonen-1.1.verschil.html", "wonen-1.1.verschil.docx",
        "wonen-1.2.md", "wonen-1.2.nieuw.docx", "wonen-1.2.verschil.html", "wonen-1.2.verschil.docx",
        "landbouw-2.2.md", "landbouw-2.2.docx", "landbouw-2.2.verschil.html", "landbouw-2.2.verschil.docx",
    }  # fmt: skip
    assert after["wonen-1.2.docx"] == b"nagelezen"
    assert memo("update", "--out", out, "--store", store)["written"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([], 2, "--all"),
        (["--all", "1.1"], 2, "--all"),
        (["9.9", "--out", "x"], 2, "dichtst in de buurt"),
        (["--domain", "visserij", "--out", "x"], 2, "dichtst in de buurt"),
        (["--all"], 2, "--out"),
        (["1.1", "--format", "pdf"], 2, "pdf"),
        (["1.1", "--format", ","], 2, "niets"),
        (["1.1", "--jobs", "0"], 2, "--jobs"),
        (["update", "--out", "leeg"], 1, "nog geen memo"),
        (["--all", "--out", "bestand"], 1, "geen map"),
        (["bibliotheken"], 0, "uitleendienst"),
        (["2.1", "--json"], 0, "landbouw-2.1"),
    ],
)
def test_the_command_line_says_what_it_wants(
    published: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    status: int,
    said: str,
):
    store = published(DECISIONS)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bestand").write_text("")
    done = CliRunner().invoke(memo_app, [*arguments, "--store", str(store)])
    assert done.exit_code == status, done.output
    assert said in done.output
