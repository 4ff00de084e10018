"""A second passage that answers nearly as well is quoted too, unless people ask something else of it."""

import json
from pathlib import Path

import pytest

from answer import extract
from answer.ask import ask
from ingest.build import ingest
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus

POOLS = "Gemeenten krijgen 500.000 euro voor de renovatie van hun zwembad."
CLOSED = "Een overdekt zwembad dat na renovatie dertig jaar open blijft, brengt gemeenten 300.000 euro op."
TEXT = f"# Zwembaden\n\n{POOLS}\n\n# Sluiting\n\n{CLOSED}\n"
ASKED = "Hoeveel euro krijgen gemeenten voor de renovatie van hun zwembad?"
OF_POOLS = "hoeveel geld krijgt een gemeente om haar zwembad te renoveren"
OF_CLOSING = "wat levert het op als het bad lang openblijft"


def cited(folder: Path, *written: tuple[str, str]) -> set[str]:
    (folder / "nota.md").write_text(TEXT, encoding="utf-8")
    lines = [
        json.dumps({"document_id": "nota", "start": at, "end": at + len(place), "question": question})
        for place, question in written
        for at in [TEXT.index(place)]
    ]
    (folder / "vragen.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[[document]]\nid = "nota"\npath = "nota.md"\nkind = "conceptnota"\ntitle = "Nota zwembaden"\n'
        '[[questions]]\npath = "vragen.jsonl"\n',
        encoding="utf-8",
    )
    ingest([folder], folder / "store", load_embedder(None), use_questions=True, report=lambda *_: None)
    with open_corpus(folder / "store", load_embedder(None)) as corpus:
        return {citation.text for citation in ask(corpus, ASKED).citations}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], {POOLS, CLOSED}),
        ([(POOLS, OF_POOLS), (CLOSED, OF_CLOSING)], {POOLS}),
        ([(POOLS, OF_POOLS), (CLOSED, OF_POOLS)], {POOLS, CLOSED}),
    ],
    ids=["without questions", "something else is asked of it", "the same is asked of it"],
)
def test_a_further_run_is_one_of_which_the_same_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written, expected
):
    monkeypatch.setattr(extract, "_NEAR_BEST", 9.0)
    assert cited(tmp_path, *written) == expected
