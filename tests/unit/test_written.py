"""Written questions: how close they are to what is asked, as far as a span holds their answer."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from answer.ask import ask
from ingest.build import ingest
from ingest.embed import load_embedder
from ingest.records import Question
from retrieval.corpus import open_corpus
from retrieval.search import RANKING, search
from retrieval.written import Near, WrittenQuestions

# Two passages that share no word with the question; the written question tells which one is meant.
QUESTION = "Krijg ik geld terug voor mijn poetshulp?"
TEXT = """# Dienstencheques

Wie huishoudelijke taken uitbesteedt, trekt twintig procent van de aanschafprijs af.

# Maatwerk

Een onderneming ontvangt een tegemoetkoming in het loon van haar doelgroepwerknemers.
"""
ANSWER = "Wie huishoudelijke taken uitbesteedt, trekt twintig procent van de aanschafprijs af."


def near(*written: tuple[tuple[int, int] | None, float]) -> Near:
    questions = [Question("nota", "Wat?", span) for span, _ in written]
    return replace(
        WrittenQuestions(questions, load_embedder(None)).near([(0, 1_000)], np.zeros(256, dtype=np.float32)),
        closeness=np.array([closeness for _, closeness in written]),
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 20, 0.8), (0, 15, 0.4), (20, 40, 0.0), (10, 20, 0.8)],
    ids=["all of it", "half of it", "none of it", "just it"],
)
def test_a_place_counts_as_far_as_the_span_holds_it(start: int, end: int, expected: float):
    assert near(((10, 20), 0.8), ((100, 110), 0.9)).closest(start, end) == pytest.approx(expected)


def test_a_place_that_is_reached_counts_whole_where_that_is_asked():
    written = near(((10, 20), 0.8), ((100, 110), 0.9))
    assert written.closest_reached(0, 11) == pytest.approx(0.8)
    assert written.closest_reached(20, 100) == 0.0
    assert near().closest_reached(0, 9) == 0.0


def test_likenesses_take_the_place_of_closeness():
    inside, of_all = Question("nota", "Wat?", (10, 20)), Question("nota", "Wie?", None)
    assert Near.of([(0.7, inside), (0.2, of_all)]).closest(0, 20) == pytest.approx(0.7)
    assert Near.of([(0.7, inside), (0.2, of_all)]).closest(30, 40) == pytest.approx(0.2)
    assert Near.of([]).closest(0, 20) == 0.0


def test_the_closest_counts_and_nothing_counts_below_nought():
    assert near(((0, 9), 0.3), (None, 0.5)).closest(0, 9) == pytest.approx(0.5)
    assert near(((0, 9), -0.3)).closest(0, 9) == 0.0
    assert near().closest(0, 9) == 0.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bron")
    (folder / "nota.md").write_text(TEXT, encoding="utf-8")
    start = TEXT.index(ANSWER)
    place = {"document_id": "nota", "start": start, "end": start + len(ANSWER)}
    line = json.dumps(place | {"question": "krijg je iets terug voor poetshulp"})
    (folder / "vragen.jsonl").write_text(line + "\n", encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[[document]]\nid = "nota"\npath = "nota.md"\nkind = "conceptnota"\ntitle = "Nota"\n'
        '[[questions]]\npath = "vragen.jsonl"\n',
        encoding="utf-8",
    )
    made = tmp_path_factory.mktemp("store")
    ingest([folder], made, load_embedder(None), use_questions=True, report=lambda *_: None)
    return made


def test_a_passage_is_raised_by_a_question_that_was_written_for_it(store: Path):
    with open_corpus(store, load_embedder(None)) as corpus:
        vector = corpus.embedder.encode_query(QUESTION)
        questions = corpus.questions("nota")
        whole = questions.near([(0, len(TEXT))], vector)
        place = (TEXT.index(ANSWER), TEXT.index(ANSWER) + len(ANSWER))
        assert [question.span for question in whole.questions] == [place]
        assert questions.near([(0, len(TEXT))], vector).closeness == whole.closeness
        assert not questions.near([(0, 5)], vector).questions
        assert len(questions.near([(0, len(TEXT)), (1, len(TEXT)), (0, 5)], vector).questions) == 1, (
            "each once"
        )
        assert not questions.near([], vector).questions
        first = search(corpus, QUESTION)[0]
    assert ANSWER in first.passage.text
    assert RANKING.written > 0


def test_what_it_was_written_for_is_quoted_and_the_question_itself_is_never_shown(store: Path):
    with open_corpus(store, load_embedder(None)) as corpus:
        answer = ask(corpus, QUESTION, least_support=0.0).as_json()
    assert ANSWER in answer["answer"]
    assert "poetshulp" not in answer["answer"]
    assert all("poetshulp" not in citation["text"] for citation in answer["citations"])
