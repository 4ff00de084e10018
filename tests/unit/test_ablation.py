"""What is switched off is off, what is left out is out, and what is compared is paired."""

from contextlib import contextmanager
from dataclasses import fields
from types import SimpleNamespace

import pytest

from evals import GoldInvalid, ablation, generalisation, variants
from evals.ablation import MEANS, compared
from evals.ablation_cli import as_json, measured_tables, show
from evals.generalisation import DECISIONS, questions_by_part
from evals.gold import GoldQuestion, Piece
from evals.measures import Row
from evals.twin_ranking import BEFORE, before_twin, twin_ranking
from ingest.catalog import Catalog, Contents
from ingest.embed import load_embedder
from ingest.records import Document, Metadata, Question
from ingest.snapshot_publish import published
from retrieval.query import understand
from retrieval.records import Evidence, Turn
from retrieval.search import RANKING, Ranking

SILENT = lambda *_: None  # noqa: E731
FRENCH = "combien de crédit d'engagement pour la formation en 2021 ?"


def question(name="q", *documents, **changes):
    pieces = tuple(Piece(d, 0, 9, quote=f"bewijs in {d}") for d in documents or ("nota",))
    return GoldQuestion(name, "instrument", "Hoeveel?", True, pieces, (), **changes)


def row(name, **values):
    return Row(name, "list", "nota", "low", "nl", "easy", "tune", True, values)


def document(name, kind="nota"):
    return Document(Metadata(name, kind, name, "x"), "", f"tekst van {name}", ())


@pytest.fixture
def searched(monkeypatch):
    """What every search was asked with, and the language in which it read the question."""
    calls = []

    def search(corpus, text, *, history=(), k, ranking=RANKING):
        calls.append(SimpleNamespace(history=history, ranking=ranking, language=understand(FRENCH).language))
        return []

    monkeypatch.setattr(ablation, "search", search)
    return calls


# Each means


def test_every_weight_of_the_ranking_is_switched_off_by_one_means(searched):
    for means in MEANS:
        means.without(None, question())
    # How many passages a cross-encoder (a setting) and the written questions are held against.
    names = {field.name for field in fields(Ranking)} - {"read_again", "written_read"}
    off = [name for call in searched for name in sorted(names) if not getattr(call.ranking, name)]
    assert sorted(off) == sorted(names)


def test_the_conversation_and_the_translation_are_switched_off_by_one_means_each(searched):
    asked = question(history=(Turn("user", "En voor vrouwen?"),))
    for means in MEANS:
        means.without(None, asked)
    assert [m.name for m, call in zip(MEANS, searched, strict=True) if not call.history] == ["gesprek"]
    assert [m.name for m, call in zip(MEANS, searched, strict=True) if call.language == "nl"] == ["vertaling"]
    assert understand(FRENCH).language == "fr"


def test_a_group_is_compared_over_its_own_questions_with_the_whole_system_first():
    whole = [row("a", mrr=1.0), row("b", mrr=0.5), row("c", mrr=0.25)]
    other = [row("a", mrr=0.0), row("b", mrr=0.5), row("c", mrr=0.5)]
    line = compared("x", "", whole, other, frozenset("bc"))
    (found,) = line.differences
    assert (line.n, found.a, found.b, found.interval.difference) == (2, 0.375, 0.5, 0.125)


# What was left out


@pytest.fixture
def taught(monkeypatch):
    """Each model with what it learned from, and each corpus with what it was asked and who made its vectors."""
    seen = []

    def learned(documents, questions, work, report):
        return {d.id for d in documents}, {q.text for q in questions}

    @contextmanager
    def variant(contents, questions, embedder, work, report):
        yield {q.text for q in questions}, *embedder

    def measured(corpus, gold, searching=None):
        seen.append((corpus, {q.id for q in gold}))
        return [row(q.id, mrr=0.5) for q in gold]

    monkeypatch.setattr(generalisation, "learned", learned)
    monkeypatch.setattr(generalisation, "variant", variant)
    monkeypatch.setattr(generalisation, "measured", measured)
    return seen


def lines_of(documents, gold):
    corpus = SimpleNamespace(document={d.id: d for d in documents}.get)
    asked = [Question(d.id, f"vraag over {d.id}", None) for d in documents if d.id != "akkoord"]
    contents = Contents(documents, (), asked, ())
    whole = [row(q.id, mrr=1.0) for q in gold]
    return list(generalisation.generalisation(corpus, contents, gold, whole, None, SILENT))


def test_nothing_of_a_document_that_is_left_out_is_seen_before_its_questions_are_asked(taught):
    documents = [document("bbt"), document("besluit", "beslissing"), document("akkoord"), document("pact")]
    lines = lines_of(documents, [question("q1", "bbt"), question("q2", "akkoord")])
    rest = {"vraag over besluit", "vraag over pact"}
    assert taught[-1] == ((rest, {"besluit", "akkoord", "pact"}, rest), {"q1"})
    assert [line.name for line in lines] == ["akkoord", "akkoord", "bbt", "bbt", "samen"]
    assert lines[0].differences[0].interval.difference == 0
    assert (lines[-1].n, lines[-1].differences[0].b) == (1, 0.5)


def test_of_the_decisions_all_questions_are_left_out_and_the_texts_stay(taught):
    documents = [document("a", "beslissing"), document("b", "beslissing"), document("pact")]
    lines_of(documents, [question("q1", "a")])
    assert taught[0] == (({"vraag over pact"}, {"a", "b", "pact"}, {"vraag over pact"}), {"q1"})


def test_a_question_belongs_to_the_part_that_all_its_evidence_lies_in():
    documents = {
        d.id: d for d in (document("a", "beslissing"), document("b", "beslissing"), document("pact"))
    }
    gold = [question("q1", "a", "b"), question("q2", "a", "pact"), question("q3", "pact", "pact")]
    parts = questions_by_part(SimpleNamespace(document=documents.get), gold)
    assert {part: [q.id for q in mine] for part, mine in parts.items()} == {DECISIONS: ["q1"], "pact": ["q3"]}


# Twins


def passage(*documents):
    return {"document_id": documents[0], "text": " ".join(f"bewijs in {d}" for d in documents)}


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        ([passage("ander"), passage("goed"), passage("tweeling")], 1.0),
        ([passage("goed")], 1.0),
        ([passage("tweeling"), passage("goed")], 0.0),
        ([passage("ander")], 0.0),
        ([], 0.0),
    ],
)
def test_the_right_passage_before_its_twin(passages, expected):
    asked = question("q", "goed", twin=(Piece("tweeling", 0, 9, quote="bewijs in tweeling"),))
    assert before_twin(asked, passages) == expected


def test_a_passage_with_both_is_not_after_the_twin():
    both = Piece("goed", 0, 9, quote="bewijs in goed"), Piece("goed", 20, 29, quote="hier de tweeling")
    asked = question("q", "goed", twin=both[1:])
    assert before_twin(asked, [{"document_id": "goed", "text": "bewijs in goed en hier de tweeling"}]) == 1.0


def test_twins_are_measured_by_the_kind_of_their_document(monkeypatch):
    documents = {d.id: d for d in (document("goed", "bbt"), document("besluit", "beslissing"))}

    def search(corpus, text, *, history=(), k, ranking=RANKING):
        order = ("goed", "besluit") if ranking.twins else ("besluit", "goed")
        return [
            Evidence(SimpleNamespace(id=d, page=None, section=(), start=0, end=9, **passage(d)), documents[d].meta, 1.0)
            for d in order
        ]  # fmt: skip

    monkeypatch.setattr(ablation, "search", search)
    twin = {"twin": (Piece("besluit", 0, 9, quote="bewijs in besluit"),)}
    gold = [question("q1", "goed", **twin), question("q2", "besluit"), question("q3", "goed", **twin)]
    lines = list(twin_ranking(SimpleNamespace(document=documents.get), gold))
    assert [(line.name, line.n) for line in lines] == [("alle", 2), ("bbt", 2)]
    found = {d.measure: (d.a, d.b) for d in lines[0].differences}
    assert found == {"success@1": (1.0, 0.0), BEFORE: (1.0, 0.0), "mrr": (1.0, 0.5)}


# What is made for it


def test_a_model_is_made_again_only_when_what_it_learns_from_changed(monkeypatch, tmp_path):
    trained = []

    def train(documents, questions, out, report):
        trained.append(out)
        out.mkdir()
        (out / "modules.json").write_text("[]")

    monkeypatch.setattr(variants, "train", train)
    monkeypatch.setattr(variants, "load_embedder", str)
    texts, asked = [document("a"), document("b")], [Question("a", "Wat?", None)]
    first = variants.learned(texts, asked, tmp_path, SILENT)
    assert variants.learned(texts, asked, tmp_path, SILENT) == first
    variants.learned(texts[:1], asked, tmp_path, SILENT)
    variants.learned(texts, [], tmp_path, SILENT)
    variants.learned(texts, [Question("a", "Wat?", (0, 3))], tmp_path, SILENT)
    assert len(trained) == len(set(trained)) == 4


def test_a_variant_has_the_questions_it_is_given_and_is_kept(sample_store, tmp_path):
    embedder = load_embedder(None)
    with Catalog(published(sample_store) / "catalog.sqlite") as catalog:
        contents = catalog.contents()
    asked = [Question(contents.documents[0].id, "Wat staat hier?", None)]
    versions = []
    for questions in (asked, (), asked):
        with variants.variant(contents, questions, embedder, tmp_path, SILENT) as corpus:
            versions.append(corpus.version)
            assert corpus.catalog.questions() == list(questions)
            assert list(corpus.passages) == list(contents.passages)
    assert versions[0] == versions[2] != versions[1]
    assert len(list((tmp_path / "snapshots").iterdir())) == 2


def test_the_tables_of_the_bundled_corpus_come_out_the_same(root, sample_store, tmp_path, capsys):
    gold = [root / "evals" / "gold" / "sample.jsonl"]
    first, again = (
        measured_tables(sample_store, gold, None, ("retrieval", "twins"), tmp_path, None, SILENT)
        for _ in range(2)
    )
    assert as_json(first) == as_json(again)
    measures = as_json(first)["retrieval"]
    assert measures["all"]["n"] == first.made["questions"] > 15
    assert sum(m["n"] for name, m in measures.items() if name.startswith("type=")) == measures["all"]["n"]
    assert 0.5 < measures["all"]["recall@8k chars"] <= 1
    show(first)
    assert f"{measures['all']['mrr']:.3f}".replace(".", ",") in capsys.readouterr().out


def test_without_a_question_that_has_an_answer_there_is_nothing_to_measure(sample_store, tmp_path):
    (tmp_path / "leeg.jsonl").write_text("")
    with pytest.raises(GoldInvalid, match=r"leeg\.jsonl"):
        measured_tables(
            sample_store, [tmp_path / "leeg.jsonl"], "report", ("retrieval",), tmp_path, None, SILENT
        )
