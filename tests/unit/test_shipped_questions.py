"""Questions that come with the project: kept where the text still stands, dropped where it does not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import shipped_questions as module
from ingest.records import Document, Metadata, Question, Rejected
from ingest.shipped_questions import digest, shipped_questions

TEXT = "De premie bedraagt 500 euro. Ze wordt in maart betaald."
Ship = Callable[..., None]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    """Puts lines in the place of those of the project."""

    def write(*places: dict[str, object]) -> None:
        folder = tmp_path / "questions"
        folder.mkdir()
        (folder / "nota.jsonl").write_text("".join(json.dumps(place) + "\n" for place in places))

    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    module._places.cache_clear()
    yield write
    module._places.cache_clear()


def document(text: str = TEXT, name: str = "nota") -> Document:
    return Document(Metadata(name, "conceptnota", "Nota", "hier"), "0" * 64, text, ())


def place(start: int, end: int, *questions: str, of: str = TEXT) -> dict[str, object]:
    return {
        "document_id": "nota",
        "start": start,
        "end": end,
        "digest": digest(of[start:end]),
        "questions": questions,
    }


def test_questions_are_given_with_the_place_that_answers_them(ship: Ship):
    ship(place(0, 28, "Hoe hoog is de premie?", "hoeveel euro krijg ik"), place(29, 55, "Wanneer betaald?"))
    assert list(shipped_questions([document()])) == [
        Question("nota", "Hoe hoog is de premie?", (0, 28)),
        Question("nota", "hoeveel euro krijg ik", (0, 28)),
        Question("nota", "Wanneer betaald?", (29, 55)),
    ]


def test_questions_say_whether_their_place_answers_them(ship: Ship):
    ship(place(0, 28) | {"open": ["Wie betaalt de premie?"], "premise": ["Waarom is de premie 900 euro?"]})
    assert list(shipped_questions([document()])) == [
        Question("nota", "Wie betaalt de premie?", (0, 28), "open"),
        Question("nota", "Waarom is de premie 900 euro?", (0, 28), "premise"),
    ]


def test_a_place_that_says_something_else_loses_its_questions_and_this_is_said(ship: Ship):
    ship(place(0, 28, "Hoe hoog is de premie?"), place(29, 55, "Wanneer betaald?"))
    changed = document(TEXT.replace("maart", "april"))
    kept, said = shipped_questions([changed])
    assert kept == Question("nota", "Hoe hoog is de premie?", (0, 28))
    assert isinstance(said, Rejected)
    assert said.reason == "changed"
    assert "1 van de 2 plaatsen in nota" in said.message


def test_a_place_that_moved_is_found_again(ship: Ship):
    """What was written before a place moves all that follow, what was struck moves them back."""
    sentences = [f"Zin {n} zegt dat er {n * 7} euro is." for n in range(60)]
    text = " ".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    ship(
        *(
            place(at, at + len(s), f"Hoeveel euro staat in zin {s[4:6]}?", of=text)
            for at, s in zip(starts, sentences, strict=True)
        )
    )
    struck = " ".join(s for s in sentences if not s.startswith("Zin 40 "))
    changed = document("Een nieuwe inleiding van de minister. " * 20 + struck)
    *kept, said = shipped_questions([changed])
    assert [changed.text[q.span[0] : q.span[1]] for q in kept] == sentences[:40] + sentences[41:]
    assert "1 van de 60 plaatsen" in said.message


def test_another_document_under_the_same_id_has_no_questions_and_nothing_is_said(ship: Ship):
    ship(place(0, 28, "Hoe hoog is de premie?"))
    assert list(shipped_questions([document("Iets heel anders.")])) == []


def test_a_document_that_ends_before_the_place(ship: Ship):
    ship(place(0, 28, "Hoe hoog is de premie?"))
    assert list(shipped_questions([document("De premie")])) == []


def test_documents_without_questions(ship: Ship):
    ship(place(0, 28, "Hoe hoog is de premie?"))
    assert list(shipped_questions([document(name="ander")])) == []


def test_what_is_shipped_is_well_formed(root: Path):
    paths = sorted((root / "ingest" / "questions").glob("*.jsonl"))
    assert paths
    places: Counter[tuple[str, int, int]] = Counter()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            asked = {name: texts for name, texts in item.items() if name in ("questions", "open", "premise")}
            assert list(item) == ["document_id", "start", "end", "digest", *asked]
            assert 0 <= item["start"] < item["end"]
            assert len(item["digest"]) == len(digest(""))
            assert asked
            assert all(asked.values())
            questions = [question for texts in asked.values() for question in texts]
            assert len(set(questions)) == len(questions)
            for question in questions:
                assert question == " ".join(question.split())
                assert 8 <= len(question) <= 300
            places[item["document_id"], item["start"], item["end"]] += 1
    assert max(places.values()) == 1
