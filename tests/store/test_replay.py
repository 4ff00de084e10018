"""Kept answers made again on their own snapshot, and compared with a corpus that moved on."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from answer import log
from answer.ask import ask
from answer.log_record import Entry, Record, entry_of
from answer.records import Answer, Citation, Claim, Trace
from answer.replay import Difference, differences, repeated, verify
from answer.replay_diff import Comparison, FigureChange, changed_numbers, diff
from answer.replay_span import where_now, words
from answer.verify_records import Fault, Verdict
from api.commands.answer import answer_app
from ingest.build import ingest
from ingest.embed import load_embedder
from ingest.records import Block, Document, Metadata
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Filters, Turn

AT = datetime(2024, 5, 1, tzinfo=UTC)
EMBEDDER = load_embedder(None)
SUPPORT, BONUS, PACT = (
    "De steun bedraagt 500 euro per maand.",
    "De bonus telt 12 dagen.",
    "Elke gemeente betaalt 35% van de werking.",
)
FILES = {
    "steun": f"# Steun\n\n{SUPPORT}\n\nDe steun duurt 24 maanden.\n",
    "bonus": f"# Bonus\n\n{BONUS}\n",
    "pact": f"# Pact\n\n{PACT}\n",
}


def holds(corpus: Corpus, question: str, text: str, citations: object) -> Verdict:
    return Verdict((), ())


def fails(corpus: Corpus, question: str, text: str, citations: object) -> Verdict:
    return Verdict((), (Fault("figure", "‘500’ staat niet in de bron."),))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a folder of documents and a store that holds them."""
    place = tmp_path_factory.mktemp("bewaard")
    fill(place / "documenten")
    publish(place / "documenten", place / "store")
    return place


def fill(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(built: Path) -> Path:
    """The documents as they were; always at one place, since a document belongs to where it came from."""
    fill(built / "documenten")
    return built / "documenten"


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built / "store", tmp_path / "store"))


def publish(folder: Path, store: Path) -> str:
    return ingest([folder], store, EMBEDDER, use_questions=True, report=lambda *_: None).snapshot


@contextmanager
def opened(store: Path, version: str | None = None) -> Iterator[Corpus]:
    with open_corpus(store, EMBEDDER, version) as corpus:
        yield corpus


def record(entry: Entry) -> Record:
    return Record(1, "0" * 64, "f" * 64, entry)


def keep(store: Path, question: str, **context: object) -> Record:
    with opened(store) as corpus:
        answer = ask(corpus, question, **context)  # type: ignore[arg-type]
    return log.append(store / "answers.jsonl", entry_of(answer, question, at=AT, **context))  # type: ignore[arg-type]


def cited(corpus: Corpus, n: int, document_id: str, text: str) -> Citation:
    """The citation of a text in a document."""
    document = corpus.document(document_id)
    assert document is not None
    start = document.text.index(text)
    section = next(b.section for b in document.blocks if b.start <= start < b.end)
    meta = document.meta
    return Citation(
        n, meta.id, meta.title, meta.kind, None, None, None, section, start, start + len(text), text
    )


@pytest.fixture
def three(store: Path) -> Record:
    """An answer that cites three documents, a claim each."""
    with opened(store) as corpus:
        citations = tuple(
            cited(corpus, n, name, text)
            for n, (name, text) in enumerate((("steun", SUPPORT), ("bonus", BONUS), ("pact", PACT)), 1)
        )
        claims = tuple(Claim(c.text, (c.n,)) for c in citations)
        answer = Answer("answered", "…", claims, citations, (), corpus.version, "extractive", 1)
    return record(entry_of(answer, "Hoeveel bedraagt de steun?", at=AT))


def compared(store: Path, kept: Record) -> Comparison:
    with opened(store) as corpus:
        return diff(kept, corpus, repeated(corpus, kept.entry))


def states(found: Comparison) -> dict[str, str]:
    return {c.document_id: c.state for c in found.citations if c.state != "new"}


def test_an_answer_comes_out_again_on_its_own_snapshot_after_the_corpus_moved_on(store: Path, folder: Path):
    history = (Turn("user", "Wat is de steun?"), Turn("assistant", "Steun."))
    kept = keep(store, "Hoeveel is dat per maand?", history=history, filters=Filters(document=("steun",)))
    assert kept.entry.trace
    assert kept.entry.answer["citations"]
    (folder / "steun.md").write_text("# Steun\n\nDe steun is afgeschaft.\n", encoding="utf-8")
    assert publish(folder, store) != kept.entry.snapshot
    with opened(store, kept.entry.snapshot) as corpus:
        assert verify(kept, corpus, holds).differences == ()
    with opened(store) as corpus:
        fields = [d.field for d in verify(kept, corpus, holds).differences]
    assert "corpus_version" in fields
    assert "trace[0].passage" in fields
    assert "citations[0].text" in fields


def test_every_field_that_does_not_come_out_again_is_named(store: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    answer = dict(kept.entry.answer)
    answer["status"] = "partial"
    answer["claims"] = [{**answer["claims"][0], "text": "Anders."}, *answer["claims"][1:]]
    trace = (replace(kept.entry.trace[0], score=9.0), *kept.entry.trace[1:])
    altered = record(replace(kept.entry, answer=answer, trace=trace))
    with opened(store) as corpus:
        found = {d.field: (d.kept, d.now) for d in verify(altered, corpus, holds).differences}
    assert found == {
        "status": ("partial", "answered"),
        "claims[0].text": ("Anders.", kept.entry.answer["claims"][0]["text"]),
        "trace[0].score": (9.0, kept.entry.trace[0].score),
    }


def test_a_citation_beside_its_span_and_a_claim_that_does_not_hold_are_named(store: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    citations = [{**c, "start": c["start"] + 1} for c in kept.entry.answer["citations"][:1]]
    answer = {**kept.entry.answer, "citations": citations, "claims": kept.entry.answer["claims"][:1]}
    model = Trace("openai:x", "b" * 64, "c" * 64)
    answer["mode"] = model.model
    altered = record(replace(kept.entry, answer=answer, model=model, code="0" * 64))
    with opened(store) as corpus:
        found = verify(altered, corpus, fails)
    assert [d.field for d in found.differences] == ["citations[0].text", "claims[0]"]
    assert found.differences[1].now == "‘500’ staat niet in de bron."
    assert len(found.notices) == 2
    assert "gewijzigd" in found.notices[0]
    assert "openai:x" in found.notices[1]


def test_of_a_model_the_retrieval_is_repeated_and_the_words_are_not(store: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    answer = {**kept.entry.answer, "answer": "Zoals het model het zei.", "mode": "openai:x"}
    told = replace(kept.entry, answer=answer, model=Trace("openai:x", "b" * 64, "c" * 64))
    with opened(store) as corpus:
        assert verify(record(told), corpus, holds).differences == ()
        other = replace(told, trace=told.trace[:-1])
        assert [d.now is not None for d in verify(record(other), corpus, holds).differences] == [True]


def test_differences_go_field_by_field_and_leave_rounding_alone():
    kept = {"a": [1, {"b": 0.5}], "c": None, "d": (1,)}
    assert list(differences("x", kept, {"a": [1, {"b": 0.500001}], "c": None, "d": [1]})) == []
    assert list(differences("x", kept, {"a": [2], "c": 0, "d": [1]})) == [
        Difference("x.a[0]", 1, 2),
        Difference("x.a[1]", {"b": 0.5}, None),
        Difference("x.c", None, 0),
    ]


def test_diff_of_an_unchanged_corpus_has_only_same_spans(store: Path, three: Record):
    found = compared(store, three)
    assert states(found) == {"steun": "same", "bonus": "same", "pact": "same"}
    assert found.figures == ()


def test_diff_lists_exactly_the_figure_that_changed_and_the_document_that_was_withdrawn(
    store: Path, folder: Path, three: Record
):
    changed = (folder / "steun.md").read_text(encoding="utf-8").replace("500", "625")
    (folder / "steun.md").write_text(changed, encoding="utf-8")
    (folder / "bonus.md").unlink()
    publish(folder, store)
    found = compared(store, three)
    assert states(found) == {"steun": "changed", "bonus": "gone", "pact": "same"}
    support = next(c for c in found.citations if c.document_id == "steun")
    assert support.now.text == SUPPORT.replace("500", "625")
    assert support.cited
    assert found.figures == (FigureChange(1, "500", "625"), FigureChange(2, "12", None))


def test_a_span_that_moved_is_found_at_its_new_place(store: Path, folder: Path, three: Record):
    text = (folder / "pact.md").read_text(encoding="utf-8")
    (folder / "pact.md").write_text(
        text.replace("# Pact\n", "# Pact\n\nVooraf een inleiding.\n"), encoding="utf-8"
    )
    publish(folder, store)
    found = compared(store, three)
    assert states(found) == {"steun": "same", "bonus": "same", "pact": "moved"}
    moved = next(c for c in found.citations if c.state == "moved")
    assert moved.kept is not None
    assert moved.now.start - moved.kept.start == len("\nVooraf een inleiding.\n")
    assert found.figures == ()


def test_what_only_the_answer_of_today_cites_is_new(store: Path, folder: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    other = "De steun bedraagt 800 euro per maand voor alleenstaanden."
    (folder / "steun.md").write_text(f"# Steun\n\n{other}\n", encoding="utf-8")
    (folder / "los.md").write_text(f"# Hoeveel bedraagt de steun?\n\n{SUPPORT}\n", encoding="utf-8")
    publish(folder, store)
    found = compared(store, kept)
    assert ("new", "los") in {(c.state, c.document_id) for c in found.citations}
    assert found.new["answer"] != found.old["answer"]


def test_a_figure_that_was_rounded_is_followed_to_the_one_it_came_from(
    store: Path, folder: Path, three: Record
):
    answer = three.entry.answer
    citation = answer["citations"][0]
    start = citation["start"] + citation["text"].index("500")
    figure = {"text": "0,5 duizend", "value": "0.5", "unit": "duizend", "source": "derived", "start": start, "end": start + 3, "formula": None}  # fmt: skip
    claim = {"text": "Ongeveer 0,5 duizend euro.", "citations": [1], "figures": [figure]}
    kept = record(replace(three.entry, answer={**answer, "claims": [claim]}))
    text = (folder / "steun.md").read_text(encoding="utf-8")
    (folder / "steun.md").write_text(text.replace("500", "625"), encoding="utf-8")
    publish(folder, store)
    assert compared(store, kept).figures == (FigureChange(1, "500", "625"),)


def made(text: str, *blocks: tuple[str, str, tuple[str, ...]]) -> Document:
    """A document of these blocks: (text, kind, section)."""
    spans = [(text.index(part), part, kind, section) for part, kind, section in blocks]
    return Document(
        Metadata("d", "bbt", "D", "map"),
        "0" * 64,
        text,
        tuple(Block(at, at + len(part), kind, section=section) for at, part, kind, section in spans),  # type: ignore[arg-type]
    )


def test_a_table_row_of_new_figures_is_followed_under_its_own_article_alone():
    rows = ("Uitgaven 10 20 30", "Uitgaven 41 52 63", "Uitgaven 70 80 90")
    document = made("\n\n".join(rows), *((row, "table", (f"Artikel {n}",)) for n, row in enumerate(rows)))
    old = Citation(1, "d", "D", "bbt", None, None, None, ("Artikel 1",), 19, 36, "Uitgaven 40 50 60")
    found = where_now(document, old)
    assert (found.state, found.text) == ("changed", "Uitgaven 41 52 63")
    assert where_now(document, replace(old, section=("Artikel 9",))).state == "gone"


def test_the_nearest_of_two_equal_rows_under_its_own_heading_is_the_one_that_moved():
    rows = ("Uitgaven 0 0", "Ontvangsten 5", "Uitgaven 0 0 ")
    text = "\n".join(rows)
    document = Document(
        Metadata("d", "bbt", "D", "map"),
        "0" * 64,
        text,
        (Block(0, 12, "table", section=("A",)), Block(13, 26, "table", section=("B",)), Block(27, 39, "table", section=("C",))),
    )  # fmt: skip
    old = Citation(1, "d", "D", "bbt", None, None, None, ("C",), 2, 14, "Uitgaven 0 0")
    assert where_now(document, old).start == 27
    assert where_now(document, replace(old, section=("A",))).start == 0


@pytest.mark.parametrize(
    "old, new, changed",
    [
        ("Van 1.250,5 keuro.", "Van 1.300 keuro.", [("1.250,5", "1.300")]),
        ("Het is -5 of 20%.", "Het is 5 of 20%.", [("-5", "5")]),
        ("Artikel JB0-1JDB2CJ-WT: 3", "Artikel JB0-1JDB2CA-WT: 3", []),
        ("12 dagen en 3 uur", "12 dagen", [("3", None)]),
        ("12 dagen", "12 dagen en 3 uur", []),
    ],
)
def test_numbers_are_compared_as_they_are_printed(old: str, new: str, changed: list[tuple[str, str | None]]):
    assert changed_numbers(words(old), words(new)) == changed


@pytest.fixture
def run(store: Path) -> Callable[..., Result]:
    def run(*arguments: str, status: int = 0) -> Result:
        done = CliRunner().invoke(answer_app, [*arguments, "--store", str(store)])
        assert done.exit_code == status, done.output
        return done

    return run


def test_the_command_line_lists_verifies_and_compares(run: Callable[..., Result], store: Path, folder: Path):
    assert "nog geen antwoord" in run("list").output
    kept = keep(store, "Hoeveel bedraagt de steun?")
    assert kept.id in run("list").output
    assert json.loads(run("list", "--json").output)["answers"][0]["question"] == "Hoeveel bedraagt de steun?"
    assert "heel" in run("verify", kept.id).output
    (folder / "steun.md").write_text(FILES["steun"].replace("500", "625"), encoding="utf-8")
    publish(folder, store)
    assert "Alles is gelijk" in run("verify", "--all").output
    printed = run("diff", kept.id).output
    assert "gewijzigd" in printed
    assert printed.splitlines()[-1].split() == ["1", "500", "625"]
    found = json.loads(run("diff", kept.id, "--json").output)
    assert found["figures"] == [{"claim": 1, "old": "500", "new": "625"}]
    assert {c["state"] for c in found["citations"]} >= {"changed"}
    run("verify", status=2)
    run("verify", kept.id, "--all", status=2)
    assert "wijzer answer list" in run("diff", "0" * 16, status=1).stderr


def test_a_broken_chain_ends_with_status_one(run: Callable[..., Result], store: Path):
    ids = [keep(store, "Hoeveel bedraagt de steun?").id for _ in range(3)]
    path = store / "answers.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    assert "ontbreekt record 2" in run("verify", ids[0], status=1).output
    found = json.loads(run("verify", "--all", "--json", status=1).output)
    assert found["chain"]["holds"] is False
    assert [a["differences"] for a in found["answers"]] == [[], []]


def test_a_snapshot_that_is_no_longer_kept_is_said_and_is_no_difference(
    run: Callable[..., Result], store: Path
):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    gone = replace(kept.entry, snapshot="0" * 32)
    other = log.append(store / "answers.jsonl", gone)
    assert "niet meer bewaard" in run("verify", other.id).output
    found = json.loads(run("verify", "--all", "--json").output)
    assert [a["repeated"] for a in found["answers"]] == [True, False]


def test_the_log_lies_where_it_is_told(run: Callable[..., Result], store: Path, tmp_path: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    elsewhere = tmp_path / "elders.jsonl"
    for end in ("", ".head"):
        os.replace(f"{store / 'answers.jsonl'}{end}", f"{elsewhere}{end}")
    assert kept.id in run("list", "--answers", str(elsewhere)).output
    assert kept.id not in run("list").output
    assert "heel" in run("verify", kept.id, "--answers", str(elsewhere)).output


def test_the_answer_that_stands_in_for_a_failed_model_is_repeated_but_for_its_notice(store: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    model = Trace("openai:x", "b" * 64, "c" * 64)
    told = replace(kept.entry, answer={**kept.entry.answer, "notice": "Het model zweeg."}, model=model)
    other = replace(told, answer={**told.answer, "answer": "Anders."})
    with opened(store) as corpus:
        assert verify(record(told), corpus, holds).differences == ()
        assert [d.field for d in verify(record(other), corpus, holds).differences] == ["answer"]


def test_claims_are_checked_against_the_question_as_it_was_understood(store: Path):
    kept = keep(store, "Hoeveel bedraagt de steun?")
    full = replace(kept.entry, question="en dat?", answer={**kept.entry.answer, "question": "De hele vraag?"})
    asked: list[str] = []

    def noted(corpus: Corpus, question: str, text: str, citations: object) -> Verdict:
        asked.append(question)
        return Verdict((), ())

    with opened(store) as corpus:
        verify(record(full), corpus, noted)
    assert set(asked) == {"De hele vraag?"}
