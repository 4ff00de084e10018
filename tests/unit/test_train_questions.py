"""The model that compares questions: what is asked counts, and not only what it is asked about."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from ingest import ModelUnusable, NoSource
from ingest.embed import load_embedder
from ingest.records import Question
from ingest.train_questions import train_questions

SUBJECTS = (
    "fietspaden",
    "zwembaden",
    "bibliotheken",
    "taalcursussen",
    "crèches",
    "dijken",
    "bossen",
    "musea",
)
# Of each subject: what its first and its second sentence are asked, twice each, and what is left open.
ASKED = (
    ((0, 30), ("Hoeveel geld gaat er naar {}?", "Welk bedrag krijgen {}?")),
    ((31, 60), ("Vanaf wanneer is er steun voor {}?", "Op welke datum begint de steun aan {}?")),
)
OPEN = "Wie is de directeur van {}?"


def questions(subjects=SUBJECTS) -> list[Question]:
    told = [
        Question(subject, form.format(subject), span)
        for subject in subjects
        for span, forms in ASKED
        for form in forms
    ]
    return told + [Question(subject, OPEN.format(subject), (0, 30), "open") for subject in subjects]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train_questions(questions(), load_embedder(None), folder, dimension=64, epochs=40)
    return folder


def test_what_is_asked_of_a_subject_is_told_apart(model: Path):
    """The subjects were never seen; their questions share more words with each other than with their like."""
    embedder = load_embedder(str(model))
    for subject in ("windmolens", "sporthallen"):
        amount, other_amount, date, other_date, left_open = embedder.encode(
            [form.format(subject) for _, forms in ASKED for form in forms] + [OPEN.format(subject)]
        )
        assert amount @ other_amount > amount @ date
        assert date @ other_date > date @ amount
        assert max(left_open @ amount, left_open @ date) < amount @ other_amount


def test_the_report_counts_what_was_learned_from(tmp_path: Path):
    heard: list[tuple[str, int, int]] = []
    none = Question("fietspaden", "Iets over het geheel?", None)
    report = train_questions(
        [*questions(), none],
        load_embedder(None),
        tmp_path,
        dimension=16,
        epochs=3,
        report=lambda *what: heard.append(what),
    )
    assert (report.places, report.questions, report.unanswered) == (16, 32, 8)
    assert (report.dimension, len(report.losses)) == (16, 3)
    assert report.losses[-1] < report.losses[0]
    assert heard[-1] == ("leren", 3, 3)
    assert report.size == sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())


def test_equal_seeds_give_equal_files(tmp_path: Path):
    def digest(name: str, seed: int) -> str:
        train_questions(questions(), load_embedder(None), tmp_path / name, dimension=16, epochs=2, seed=seed)
        return hashlib.sha256((tmp_path / name / "model.safetensors").read_bytes()).hexdigest()

    assert digest("a", 4) == digest("b", 4)
    assert digest("a", 4) != digest("c", 5)


@pytest.mark.parametrize(
    "few",
    [
        [],
        [Question("a", "Wat?", (0, 5))],
        [Question("a", "Wat?", None), Question("a", "Wie?", None)],
        [Question("a", "Wat?", (0, 5), "open"), Question("a", "Wie?", (0, 5), "open")],
    ],
    ids=["nothing", "one", "no place", "none answered"],
)
def test_without_two_questions_of_a_place_there_is_nothing_to_learn(tmp_path: Path, few: list[Question]):
    with pytest.raises(NoSource, match="twee vragen over dezelfde plaats"):
        train_questions(few, load_embedder(None), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_only_a_static_model_can_be_the_beginning(tmp_path: Path):
    class Other:
        identity = "een ander model"
        dimension = 8

        def encode(self, texts, report=None):
            return np.zeros((len(texts), 8), dtype=np.float32)

        def encode_query(self, text):
            return np.zeros(8, dtype=np.float32)

    with pytest.raises(ModelUnusable, match=r"een ander model is dat niet.*WIJZER_EMBEDDER"):
        train_questions(questions(), Other(), tmp_path / "model")
