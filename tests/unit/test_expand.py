import json

import pytest

from ingest.cache import open_cache
from ingest.expand import GIVES_UP_AFTER, LONGEST_QUESTION, MOST_QUESTIONS, NotWritten, expand
from ingest.records import Block, Document, Metadata, Passage


def corpus(texts):
    documents = [
        Document(
            Metadata(f"d{n}", "document", f"Titel {n}", "x"),
            "0" * 64,
            text,
            (Block(0, len(text), "paragraph"),),
        )
        for n, text in enumerate(texts)
    ]
    return documents, [Passage(d.id, 0, len(d.text), d.text, ()) for d in documents]


@pytest.fixture
def cache(tmp_path):
    with open_cache(tmp_path / "questions.sqlite") as opened:
        yield opened


def quiet(stage, done, total):
    """No progress bar."""


def test_each_passage_gets_its_questions_once(cache):
    documents, passages = corpus(["De premie is 500 euro.", "Het OCMW beslist."])
    asked = []

    def write(text):
        asked.append(text)
        return ["Hoeveel?", "hoeveel geld", "Hoeveel?"]

    first = expand(documents, passages, cache, quiet, write)
    again = expand(documents, passages, cache, quiet, write)
    assert len(asked) == 2
    assert first == again
    assert [(q.document_id, q.text, q.span) for q in first.questions[:2]] == [
        ("d0", "Hoeveel?", (0, 22)),
        ("d0", "hoeveel geld", (0, 22)),
    ]


def test_a_run_that_was_stopped_goes_on_where_it_was(cache):
    documents, passages = corpus([f"Zin nummer {n}." for n in range(4)])
    seen = []

    def stops(text):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(text)
        return ["Vraag?"]

    with pytest.raises(KeyboardInterrupt):
        expand(documents, passages, cache, quiet, stops)
    rest = []
    done = expand(documents, passages, cache, quiet, lambda text: rest.append(text) or ["Vraag?"])
    assert len(rest) == 2
    assert len(done.questions) == 4


def test_what_was_written_before_is_there_without_a_model(cache):
    documents, passages = corpus(["Een zin.", "Nog een zin."])
    expand(documents[:1], passages[:1], cache, quiet, lambda text: ["Vraag?"])
    found = expand(documents, passages, cache, quiet)
    assert [q.document_id for q in found.questions] == ["d0"]
    assert found.without == 0


def test_a_model_that_stays_away_is_left_alone_after_a_few_passages(cache):
    documents, passages = corpus([f"Zin {n}." for n in range(20)])
    asked = []
    found = expand(documents, passages, cache, quiet, lambda text: asked.append(text) or NotWritten("weg"))
    assert len(asked) == GIVES_UP_AFTER
    assert (found.questions, found.without, found.reason) == ((), 20, "weg")


def test_one_failure_does_not_stop_the_rest(cache):
    documents, passages = corpus([f"Zin {n}." for n in range(4)])
    replies = iter([["A?"], NotWritten("onleesbaar"), ["B?"], ["C?"]])
    found = expand(documents, passages, cache, quiet, lambda text: next(replies))
    assert [q.text for q in found.questions] == ["A?", "B?", "C?"]
    assert found.without == 1


def test_what_a_model_writes_is_bounded(cache):
    documents, passages = corpus(["Een zin."])
    many = ["x" * (LONGEST_QUESTION + 1), "", " \n", *(f"vraag\n{n}?" for n in range(30))]
    found = expand(documents, passages, cache, quiet, lambda text: many)
    assert [q.text for q in found.questions] == [f"vraag {n}?" for n in range(MOST_QUESTIONS)]


def test_a_changed_passage_is_asked_for_again(cache):
    expand(*corpus(["De premie is 500 euro."]), cache, quiet, lambda text: ["Hoeveel?"])
    found = expand(*corpus(["De premie is 600 euro."]), cache, quiet)
    assert found.questions == ()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (json.dumps({"questions": ["Hoeveel?"]}), ["Hoeveel?"]),
        ('Zeker: {"questions": ["Hoeveel?", 3, ""]} Succes!', ["Hoeveel?"]),
        ('{"questions": "Hoeveel?"}', None),
        ("geen json", None),
        ("{" * 5000 + "}", None),
    ],
)
def test_a_reply_of_the_model_is_read_or_refused(reply, expected):
    from answer.model_questions import question_writer
    from ingest.chat import Reply

    class Scripted:
        def read(self, system, user, *, schema):
            assert "De premie" in user
            return Reply(reply)

    outcome = question_writer(Scripted())("De premie is 500 euro.")
    assert outcome == expected if expected else isinstance(outcome, NotWritten)
