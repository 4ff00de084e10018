"""A cross-encoder as a setting, with the real loading code on a model of one small layer that the tests make."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from ingest import ModelUnusable
from ingest.chunk import indexed_text
from ingest.embed import DEFAULT_MODEL, load_embedder
from ingest.records import Metadata, Passage
from retrieval.corpus import Corpus, open_corpus
from retrieval.records import Evidence
from retrieval.rerank import load_reranker, reranked

QUESTION = "Welke premie krijgt een starter?"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a BERT of one layer with random weights and a tokenizer of letters, in a folder of its own."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyz0123456789>.,?:"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + letter for letter in letters)]

    def make(labels: int | None = 1) -> Path:
        folder = tmp_path_factory.mktemp("model")
        (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
        tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128)
        config = BertConfig(
            vocab_size=len(pieces),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
            initializer_range=0.5,
            num_labels=labels or 1,
        )
        torch.manual_seed(7)
        model = BertModel(config) if labels is None else BertForSequenceClassification(config)
        model.save_pretrained(folder / "model")
        tokenizer.save_pretrained(folder / "model")
        return folder / "model"

    return make


@pytest.fixture(scope="module")
def cross_encoder(made: Callable[..., Path]) -> Path:
    return made()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the network, which is not there."""
    asked: list[Any] = []

    def refuse(*address: Any, **_: Any) -> None:
        asked.append(address)
        raise OSError("geen netwerk in deze test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return asked


def passage(text: str, score: float, *section: str) -> Evidence:
    meta = Metadata("nota", "memo", "Nota over premies", "manifest")
    return Evidence(Passage("nota", 0, len(text), text, section), meta, score, closeness=0.5)


def ten_passages() -> list[Evidence]:
    texts = [f"Artikel {n} geeft een premie van {n * 137} euro aan wie {'z' * n} start." for n in range(10)]
    return [passage(text, 5.0 - n * 0.25, "Hoofdstuk 1") for n, text in enumerate(texts)]


class Judge:
    """Gives each text the score that was written for it, and remembers what it read."""

    identity = "proef"

    def __init__(self, *scores: float) -> None:
        self.given = scores
        self.question, self.texts = "", list[str]()

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        self.question, self.texts = question, list(texts)
        return np.array(self.given[: len(texts)], dtype=np.float32)


def test_order_is_that_of_the_models_own_scores(cross_encoder: Path):
    from sentence_transformers import CrossEncoder

    found = ten_passages()
    pairs = [(QUESTION, f"Nota over premies > Hoofdstuk 1\n{item.passage.text}") for item in found]
    own = CrossEncoder(str(cross_encoder), device="cpu").predict(pairs, show_progress_bar=False)
    reranker = load_reranker(str(cross_encoder))
    assert reranker
    first = reranked(QUESTION, found, reranker)
    assert [e.passage for e in first] == [found[at].passage for at in np.argsort(-own)]
    assert first != found
    assert reranked(QUESTION, found, reranker) == first


def test_text_of_a_passage_is_read_as_it_was_indexed(sample_store: Path):
    def read(corpus: Corpus) -> Iterator[tuple[Evidence, str]]:
        for part in corpus.passages:
            document = corpus.document(part.document_id)
            assert document
            yield Evidence(part, document.meta, 1.0), indexed_text(document, part)

    with open_corpus(sample_store, load_embedder(None)) as corpus:
        evidence, indexed = zip(*read(corpus), strict=True)
    judge = Judge(*[0.0] * len(evidence))
    reranked(QUESTION, evidence, judge, depth=len(evidence))
    assert judge.question == QUESTION
    assert judge.texts == list(indexed)


def test_places_keep_their_scores_and_passages_change_places():
    a, b, c, d = (passage(text, score) for text, score in zip("abcd", (0.9, 0.5, 0.4, 0.1), strict=True))
    found = reranked(QUESTION, [a, b, c, d], Judge(-2.0, 3.1, 0.2), depth=3)
    assert [(e.passage.text, e.score) for e in found] == [("b", 0.9), ("c", 0.5), ("a", 0.4), ("d", 0.1)]
    assert {e.closeness for e in found} == {0.5}


def test_passages_that_the_model_holds_equal_keep_their_order():
    found = ten_passages()
    assert reranked(QUESTION, found, Judge(*(1 + n * 1e-6 for n in range(10)))) == found


def test_score_that_is_no_number_comes_last():
    a, b, c = (passage(text, score) for text, score in zip("abc", (3.0, 2.0, 1.0), strict=True))
    found = reranked(QUESTION, [a, b, c], Judge(float("nan"), -9.0, 4.0))
    assert [e.passage.text for e in found] == ["c", "b", "a"]


def test_no_evidence_asks_nothing_of_the_model(cross_encoder: Path):
    reranker = load_reranker(str(cross_encoder))
    assert reranker
    assert reranked(QUESTION, [], reranker) == []
    assert reranked(QUESTION, ten_passages(), reranker, depth=0) == ten_passages()


def test_long_question_leaves_room_for_the_passage(cross_encoder: Path):
    reranker = load_reranker(str(cross_encoder))
    assert reranker
    scores = reranker.scores("waarom " * 3000, [item.passage.text for item in ten_passages()])
    assert np.isfinite(scores).all()
    assert len(set(scores.tolist())) == 10


def test_scores_do_not_depend_on_the_batch_or_the_thread(cross_encoder: Path):
    reranker = load_reranker(str(cross_encoder))
    assert reranker
    texts = [item.passage.text * (n % 3 + 1) for n, item in enumerate(ten_passages() * 4)]
    alone = np.concatenate([reranker.scores(QUESTION, [text]) for text in texts])
    with ThreadPoolExecutor(4) as threads:
        for scores in threads.map(lambda _: reranker.scores(QUESTION, texts), range(8)):
            assert np.allclose(scores, alone, atol=1e-4)


def test_no_setting_is_no_reranker_and_loads_no_torch(root: Path):
    program = (
        "import sys\n"
        "import retrieval.search\n"
        "from retrieval.rerank import load_reranker\n"
        "assert load_reranker(None) is load_reranker('') is None\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'huggingface_hub'} & set(sys.modules)\n"
        "sys.exit(f'geladen: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_loading_and_scoring_touch_no_network(cross_encoder: Path, no_network: list[Any]):
    reranker = load_reranker(str(cross_encoder))
    assert reranker
    reranked(QUESTION, ten_passages(), reranker)
    assert no_network == []


def test_name_is_looked_up_on_this_machine(
    cross_encoder: Path, tmp_path: Path, no_network: list[Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    for name in ("models--proef--rangschikker", "models--cross-encoder--rangschikker"):
        (tmp_path / name / "refs").mkdir(parents=True)
        (tmp_path / name / "refs" / "main").write_text(COMMIT, encoding="utf-8")
        shutil.copytree(cross_encoder, tmp_path / name / "snapshots" / COMMIT)
    by_path = load_reranker(str(cross_encoder))
    for name in ("proef/rangschikker", "rangschikker"):
        by_name = load_reranker(name)
        assert by_name and by_path
        assert by_name.identity == by_path.identity
        assert reranked(QUESTION, ten_passages(), by_name) == reranked(QUESTION, ten_passages(), by_path)
    with pytest.raises(ModelUnusable, match="hf download proef/andere"):
        load_reranker("proef/andere")
    with pytest.raises(ModelUnusable, match="hf download cross-encoder/andere"):
        load_reranker("andere")
    assert no_network == []


@pytest.mark.parametrize(("gpu", "expected"), [(True, "cuda"), (False, "cpu")])
def test_device_is_the_gpu_when_there_is_one(
    cross_encoder: Path, monkeypatch: pytest.MonkeyPatch, gpu: bool, expected: str
):
    from sentence_transformers import CrossEncoder

    asked: list[str] = []

    def on_the_cpu(folder: str, *, device: str, **options: Any) -> CrossEncoder:
        asked.append(device)
        return CrossEncoder(folder, device="cpu", **options)

    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    monkeypatch.setattr("sentence_transformers.CrossEncoder", on_the_cpu)
    assert load_reranker(str(cross_encoder))
    assert asked == [expected]


def test_identity_follows_the_content_and_not_the_place(cross_encoder: Path, tmp_path: Path):
    from sentence_transformers import __version__

    def identity(folder: Path) -> str:
        reranker = load_reranker(str(folder))
        assert reranker
        return reranker.identity

    copy = Path(shutil.copytree(cross_encoder, tmp_path / "elders"))
    (copy / ".cache").mkdir()
    (copy / ".cache" / "opgehaald.metadata").write_text("gisteren", encoding="utf-8")
    assert identity(copy) == identity(cross_encoder)
    assert __version__ in identity(copy)
    weights = load_file(copy / "model.safetensors")
    save_file({name: w * 1.5 for name, w in weights.items()}, copy / "model.safetensors", {"format": "pt"})
    assert identity(copy) != identity(cross_encoder)


def truncated(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    "harm",
    [
        truncated,
        lambda folder: (folder / "model.safetensors").unlink(),
        lambda folder: (folder / "config.json").write_text("{}", encoding="utf-8"),
        lambda folder: [path.unlink() for path in folder.iterdir()],
    ],
)
def test_damaged_model_is_refused_with_its_folder(cross_encoder: Path, tmp_path: Path, harm: Any):
    copy = Path(shutil.copytree(cross_encoder, tmp_path / "beschadigd"))
    harm(copy)
    with pytest.raises(ModelUnusable, match=r"De cross-encoder in .*beschadigd is niet bruikbaar: \w"):
        load_reranker(str(copy))


def test_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(ModelUnusable, match="De cross-encoder: er is geen map"):
        load_reranker(str(tmp_path / "nergens"))


def test_file_is_no_model(tmp_path: Path):
    (tmp_path / "model").write_text("geen map", encoding="utf-8")
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_reranker(str(tmp_path / "model"))


def test_embedding_models_are_no_cross_encoders(made: Callable[..., Path]):
    with pytest.raises(ModelUnusable, match="apart leest"):
        load_reranker(str(made(labels=None)))
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_reranker(str(DEFAULT_MODEL))


def test_model_with_more_than_one_score_is_refused(made: Callable[..., Path]):
    with pytest.raises(ModelUnusable, match="3 scores"):
        load_reranker(str(made(labels=3)))


@pytest.mark.parametrize("by", ["modules", "config"])
def test_code_in_the_folder_is_not_run(cross_encoder: Path, tmp_path: Path, by: str):
    copy = Path(shutil.copytree(cross_encoder, tmp_path / "vreemd"))
    ran = tmp_path / "uitgevoerd"
    (copy / "vreemd.py").write_text(f"open({str(ran)!r}, 'w')\nclass Model: ...\n", encoding="utf-8")
    if by == "modules":
        module = {"idx": 0, "name": "0", "path": "", "type": "vreemd.Model"}
        (copy / "modules.json").write_text(json.dumps([module]), encoding="utf-8")
        kind = {"model_type": "CrossEncoder"}
        (copy / "config_sentence_transformers.json").write_text(json.dumps(kind), encoding="utf-8")
    else:
        config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
        config |= {"model_type": "vreemd", "auto_map": {"AutoConfig": "vreemd.Model"}}
        (copy / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_reranker(str(copy))
    assert not ran.exists()
