import hashlib
from pathlib import Path

import numpy as np
import pytest

from ingest import ModelUnusable, NoSource
from ingest.embed import load_embedder
from ingest.records import Block, Document, Metadata, Question
from ingest.train import train
from ingest.train_pairs import epoch, texts_and_questions, tokenised
from ingest.train_tokenizer import learned_tokenizer, parts_of_words

# Each subject has words of its own, and one everyday question that shares no word with its text.
SUBJECTS = {
    "fietspad": (
        "De gemeente legt langs de gewestweg een breed fietspad aan.",
        "Waar kan ik veilig trappen?",
    ),
    "zwembad": ("Het openluchtbad verwarmt zijn water met restwarmte.", "Waar mogen kinderen plonsen?"),
    "bibliotheek": ("De boekerij leent romans en strips uit aan lezers.", "Hoe kom ik gratis aan lectuur?"),
    "kinderopvang": ("De crèche vangt peuters op voor werkende ouders.", "Wie past er op mijn dochter?"),
    "bosaanplant": ("Het agentschap plant eiken en beuken op akkers.", "Komt er meer groen bij?"),
    "dijkverhoging": ("De waterweg krijgt hogere dijken tegen stormvloed.", "Blijven mijn voeten droog?"),
    "schoolmaaltijd": ("Leerlingen krijgen soep en brood in de refter.", "Wat eten ze over de middag?"),
    "taalcursus": (
        "Nieuwkomers volgen lessen Nederlands in het centrum.",
        "Waar leer ik praten als anderstalige?",
    ),
}


def document(name: str, sentence: str) -> Document:
    heading = f"Maatregel {name}"
    body = (
        f"{sentence} Voor {name} is er {len(name)} miljoen euro. De evaluatie van {name} volgt in het najaar."
    )
    text = f"{heading}\n\n{body}"
    blocks = (
        Block(0, len(heading), "heading", 1),
        Block(len(heading) + 2, len(text), "paragraph", section=(heading,)),
    )
    return Document(Metadata(name, "nota", f"Nota {name}", "test"), "0" * 64, text, blocks)


@pytest.fixture
def documents() -> list[Document]:
    return [document(name, sentence) for name, (sentence, _) in SUBJECTS.items()]


@pytest.fixture
def questions() -> list[Question]:
    return [Question(name, question, None) for name, (_, question) in SUBJECTS.items()]


@pytest.fixture
def trained(tmp_path):
    def make(documents, questions, name="model", **settings):
        chosen = {"dimension": 16, "vocabulary": 200, "epochs": 30} | settings
        return train(documents, questions, tmp_path / name, **chosen), tmp_path / name

    return make


def ranks_first(folder: Path, documents: list[Document], asked: dict[str, str]) -> int:
    embedder = load_embedder(str(folder))
    vectors = embedder.encode([d.text for d in documents])
    best = {q: documents[int(np.argmax(vectors @ embedder.encode_query(q)))].id for q in asked}
    return sum(best[question] == name for question, name in asked.items())


def test_everyday_questions_find_the_text_that_shares_no_word_with_them(documents, questions, trained):
    asked = {q.text: q.document_id for q in questions}
    _, with_questions = trained(documents, questions, "with")
    _, without = trained(documents, [], "without")
    assert ranks_first(with_questions, documents, asked) == len(asked)
    assert ranks_first(without, documents, asked) < len(asked)


def test_without_questions_a_heading_finds_its_body(documents, trained):
    report, folder = trained(documents, [])
    assert report.questions == 0
    bodies = [Document(d.meta, d.sha256, d.text.partition("\n\n")[2], ()) for d in documents]
    assert ranks_first(folder, bodies, {f"Maatregel {d.id}": d.id for d in bodies}) == len(bodies)


def test_loss_falls_and_is_reported(documents, questions, trained):
    heard: list[tuple[str, int, int]] = []
    report, _ = trained(documents, questions, epochs=10, report=lambda *what: heard.append(what))
    assert len(report.losses) == 10
    assert report.losses[-1] < report.losses[0]
    assert (report.documents, report.passages, report.questions) == (8, 8, 8)
    assert heard[-1] == ("leren", 10, 10)


def test_equal_seeds_give_equal_files_and_another_seed_does_not(documents, questions, trained):
    def digests(folder: Path) -> dict[str, str]:
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    first, again, other = (
        digests(trained(documents, questions, name, seed=seed, epochs=3)[1])
        for name, seed in (("a", 4), ("b", 4), ("c", 5))
    )
    assert first == again
    assert first["model.safetensors"] != other["model.safetensors"]
    assert first["tokenizer.json"] == other["tokenizer.json"]


def test_what_is_written_is_what_sentence_transformers_opens(documents, questions, trained):
    from sentence_transformers import SentenceTransformer

    report, folder = trained(documents, questions, epochs=2)
    texts = [d.text for d in documents] + [q.text for q in questions] + ["een onbekendwoordje"]
    theirs = SentenceTransformer(str(folder), device="cpu").encode(texts, show_progress_bar=False)
    assert np.abs(load_embedder(str(folder)).encode(texts) - theirs).max() < 1e-5
    assert theirs.shape == (len(texts), report.dimension)
    assert report.size == sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def test_training_that_breaks_off_while_writing_leaves_no_model(documents, trained, monkeypatch):
    from ingest import train as module

    _, folder = trained(documents, [], epochs=1)
    written = module.write_bytes

    def full(path: Path, data: bytes) -> None:
        if path.name == "tokenizer.json":
            raise OSError(28, "No space left on device", str(path))
        written(path, data)

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        trained(documents, [], epochs=2)
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_embedder(str(folder))


def test_threads_are_left_as_they_were(documents, trained):
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        trained(documents, [], epochs=1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_no_text_is_refused(trained):
    with pytest.raises(NoSource, match="geen tekst"):
        trained([], [])


def test_one_short_document_is_enough(trained):
    _, folder = trained([document("fietspad", "Kort.")], [], epochs=1)
    assert load_embedder(str(folder)).encode_query("fietspad").shape == (16,)


def test_question_belongs_to_the_passages_that_hold_most_of_its_span():
    sections = [f"Deel {n}\n\n" + f"Dit is zin {n} over onderwerp {n}. " * 25 for n in range(3)]
    text, blocks, at = "", [], 0
    for section in sections:
        heading, body = section.split("\n\n")
        blocks.append(Block(at, at + len(heading), "heading", 1))
        start = at + len(heading) + 2
        blocks.append(Block(start, start + len(body.rstrip()), "paragraph", section=(heading,)))
        text += section + "\n"
        at = len(text)
    whole = Document(Metadata("d", "nota", "Nota", "test"), "0" * 64, text, tuple(blocks))
    second = text.index("Deel 1")
    questions = [
        Question("d", "waarover gaat deel een", (second - 20, second + 300)),
        Question("d", "alles", None),
        Question("elders", "niets", None),
        Question("d", "voorbij het einde", (len(text) + 5, len(text) + 9)),
        Question("d", "nergens beantwoord", None, "open"),
    ]
    texts, asked = texts_and_questions([whole], questions)
    assert len(texts) == 3
    assert [a.rows for a in asked] == [(1,), (0, 1, 2)]


def test_epoch_pairs_every_question_and_its_neighbours_and_never_an_empty_text(documents, questions):
    double = [*questions, *(Question(q.document_id, q.text + " graag snel", None) for q in questions)]
    texts, asked = texts_and_questions(documents, double)
    tokenizer = learned_tokenizer([t.whole for t in texts] + [a.text for a in asked], 200)
    [pairs] = epoch(tokenised(texts, asked, tokenizer), np.random.default_rng(1))
    assert len(pairs) == len(documents) + len(double) + len(documents)
    assert all(len(p.left) and len(p.right) for p in pairs)


def test_known_words_are_whole_and_unknown_compounds_fall_apart_at_them():
    texts = ["werk krediet premie krediet krediet betaling premie premie werk werk betaal", "transitiepremie"]
    tokenizer = learned_tokenizer(texts, 60)
    assert tokenizer.encode("Transitiepremie, KREDIET").tokens == ["transitiepremie", "krediet"]
    assert tokenizer.encode("betaalkrediet").tokens == ["betaal", "##krediet"]


def test_parts_are_how_a_word_is_read_when_it_is_unknown():
    texts = ["betaal krediet krediet krediet betaalkrediet"]
    tokenizer = learned_tokenizer(texts, 60)
    parts = parts_of_words(tokenizer)
    rows = tokenizer.get_vocab()
    name = {row: token for token, row in rows.items()}
    assert [name[row] for row in parts[rows["betaalkrediet"]]] == ["betaal", "##krediet"]
    assert len(parts) == tokenizer.get_vocab_size()


def test_line_end_hyphens_accents_and_amounts_are_normal():
    tokenizer = learned_tokenizer(["coordinatie mismatches 1258 1jdb2ch wt"], 80)
    assert tokenizer.encode("Coördinatie mismat-\nches 1.258 1JDB2CH-WT").tokens == [
        "coordinatie", "mismatches", "1258", "1jdb2ch", "wt",
    ]  # fmt: skip
