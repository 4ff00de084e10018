"""What was written down as left open is refused, with the place that made people ask it."""

import json
from pathlib import Path

import pytest

from answer.ask import ask
from ingest.build import ingest
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus

TEXT = """# Steun aan zwembaden

Gemeenten krijgen 500.000 euro voor de renovatie van hun zwembad. De provincie keurt de aanvragen goed.

# Steun aan bibliotheken

Bibliotheken krijgen 200.000 euro voor digitale leestafels.
"""
AMOUNT = "Gemeenten krijgen 500.000 euro voor de renovatie van hun zwembad."
BODY = "De provincie keurt de aanvragen goed."
WRITTEN = (
    (AMOUNT, "near", "hoeveel geld krijgt een gemeente om haar zwembad te renoveren"),
    (AMOUNT, "open", "blijft een zwembad open tijdens de renovatie"),
    (BODY, "near", "wie keurt de aanvragen voor zwembaden goed"),
    (BODY, "premise", "waarom keurt de minister de aanvragen voor zwembaden goed"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bron")
    (folder / "nota.md").write_text(TEXT, encoding="utf-8")
    lines = [
        json.dumps(
            {
                "document_id": "nota",
                "start": TEXT.index(place),
                "end": TEXT.index(place) + len(place),
                "kind": kind,
                "question": question,
            }
        )
        for place, kind, question in WRITTEN
    ]
    (folder / "vragen.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[[document]]\nid = "nota"\npath = "nota.md"\nkind = "conceptnota"\ntitle = "Nota zwembaden"\n'
        '[[questions]]\npath = "vragen.jsonl"\n',
        encoding="utf-8",
    )
    made = tmp_path_factory.mktemp("store")
    ingest([folder], made, load_embedder(None), use_questions=True, report=lambda *_: None)
    return made


@pytest.fixture(scope="module")
def asking(store: Path):
    with open_corpus(store, load_embedder(None)) as corpus:
        yield lambda question: ask(corpus, question)


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel geld krijgt een gemeente voor de renovatie van haar zwembad?",
        "wie keurt de aanvragen van zwembaden goed?",
    ],
)
def test_what_is_closer_to_an_answered_question_is_answered(asking, question: str):
    assert asking(question).status == "answered"


def test_what_is_closer_to_an_open_question_is_refused_with_its_place(asking):
    refusal = asking("Blijft ons zwembad open tijdens de renovatie?").refusal
    assert refusal.reason == "not_in_corpus"
    assert refusal.message == "De opgenomen documenten gaan hierover, maar vertellen niet wat u vraagt."
    [place] = refusal.nearest
    assert (place.text, place.document_id, place.section) == (AMOUNT, "nota", ("Steun aan zwembaden",))
    assert TEXT[place.start : place.end] == place.text


def test_what_takes_for_granted_what_is_contradicted_is_put_right(asking):
    refusal = asking("Waarom keurt de minister de aanvragen voor zwembaden goed?").refusal
    assert refusal.reason == "false_premise"
    assert [place.text for place in refusal.nearest] == [BODY]


def test_open_questions_are_not_searched_and_never_shown(store: Path, asking):
    with open_corpus(store, load_embedder(None)) as corpus:
        texts = {question.text for question in corpus.catalog.questions() if question.kind != "answered"}
        assert len(texts) == 2
        assert len(corpus.questions("nota")) == 2
        assert (len(corpus.answered_questions("nota")), len(corpus.open_questions("nota"))) == (2, 2)
        assert not corpus.lexical.frequency("stems", "minister"), "a word of an open question alone"
    shown = json.dumps(asking("Blijft ons zwembad open tijdens de renovatie?").as_json())
    assert not any(text in shown for text in texts)
