import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from ingest import ModelUnusable
from ingest.embed import DEFAULT_MODEL, load_embedder

DUTCH = [
    "De premie stimuleert werkzoekenden die als zelfstandige starten.",
    "JB0-1JDB2CA-WT – TRANSITIEPREMIE (2e BA-JR: 458.323 keuro, BU: 83 %)",
    "betaalkrediet deconsolidatiekrediet leeflonersbegeleidingstraject",
    "de competentie-mismat-\nches in de zorg­sector",
    "VIaamse cliënt één coöperatie 'n zo'n OCMW's",
    "Quel est le budget pour le travail adapté?",
    "κόσμος 中文 🙂",
    "werk",
    "1.258 1 258 1258 12,5%",
    " . ".join(
        f"Artikel {n} bepaalt het krediet voor {n * 37} trajecten in gemeente {n}" for n in range(400)
    ),
]


@pytest.fixture
def sentence_transformer():
    from sentence_transformers import SentenceTransformer

    return lambda folder: SentenceTransformer(str(folder), device="cpu", local_files_only=True)


@pytest.fixture
def default_copy(tmp_path):
    return Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))


def random_texts(count: int) -> list[str]:
    chance = np.random.default_rng(3)
    letters = list("aaeeeeiinnnrrtdolsgkvmbpuhzjcw  -.,'é0123")
    return ["".join(chance.choice(letters, size=size)) for size in chance.integers(30, 400, count)]


def test_light_path_gives_the_vectors_of_sentence_transformers(sentence_transformer):
    texts = DUTCH + random_texts(300)
    ours = load_embedder(None).encode(texts)
    theirs = sentence_transformer(DEFAULT_MODEL).encode(texts, show_progress_bar=False)
    assert np.abs(ours - theirs).max() < 1e-5


def test_light_path_gives_the_vectors_of_sentence_transformers_on_the_real_corpus(
    shared, sentence_transformer
):
    lines = (shared / "corpus" / "themis" / "decisions.jsonl").read_text(encoding="utf-8").splitlines()[::10]
    texts = [json.loads(line)["text"] or "leeg" for line in lines]
    texts += (
        (shared / "corpus/documents/conceptnota-leefloon-2023.txt").read_text(encoding="utf-8").split("\n\n")
    )
    texts = [text for text in texts if any(c.isalnum() for c in text)]
    ours = load_embedder(None).encode(texts)
    theirs = sentence_transformer(DEFAULT_MODEL).encode(texts, show_progress_bar=False)
    assert np.abs(ours - theirs).max() < 1e-5


def test_model_in_one_float_matrix_is_read_as_well(default_copy, sentence_transformer):
    tensors = load_file(default_copy / "model.safetensors")
    matrix = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, np.newaxis]
    save_file({"embedding.weight": matrix}, default_copy / "model.safetensors")
    ours = load_embedder(str(default_copy)).encode(DUTCH)
    assert np.abs(ours - load_embedder(None).encode(DUTCH)).max() < 1e-5
    assert (
        np.abs(ours - sentence_transformer(default_copy).encode(DUTCH, show_progress_bar=False)).max() < 1e-5
    )


def test_model_with_a_mapping_is_read_as_sentence_transformers_reads_it(default_copy, sentence_transformer):
    tensors = load_file(default_copy / "model.safetensors")
    rows = len(tensors["embeddings"])
    shared_rows = np.arange(rows, dtype=np.int64) // 2
    save_file(tensors | {"mapping": shared_rows}, default_copy / "model.safetensors")
    ours = load_embedder(str(default_copy)).encode(DUTCH)
    assert np.abs(ours - load_embedder(None).encode(DUTCH)).max() > 0.01
    assert (
        np.abs(ours - sentence_transformer(default_copy).encode(DUTCH, show_progress_bar=False)).max() < 1e-5
    )


def test_vectors_have_unit_length_and_the_promised_shape():
    embedder = load_embedder(None)
    vectors = embedder.encode(DUTCH)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(DUTCH), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.encode([]).shape == (0, embedder.dimension)


def test_question_and_text_share_one_space():
    embedder = load_embedder(None)
    for text, row in zip(DUTCH, embedder.encode(DUTCH), strict=True):
        assert np.array_equal(embedder.encode_query(text), row)


@pytest.mark.parametrize("text", ["", "  \n ", "?!…"])
def test_text_without_tokens_is_the_first_axis(text):
    embedder = load_embedder(None)
    assert np.array_equal(embedder.encode_query(text), np.eye(embedder.dimension, dtype=np.float32)[0])


def test_report_hears_how_many_are_done():
    heard: list[int] = []
    load_embedder(None).encode(random_texts(600), heard.append)
    assert heard == sorted(heard)
    assert len(heard) > 1
    assert heard[-1] == 600


def test_batches_do_not_change_a_vector():
    embedder, texts = load_embedder(None), random_texts(300)
    assert np.array_equal(embedder.encode(texts)[299], embedder.encode(texts[299:])[0])


def test_default_model_answers_a_question_without_torch(root):
    program = (
        "import sys\n"
        "from ingest.embed import load_embedder\n"
        "vector = load_embedder(None).encode_query('premie voor starters')\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'scipy', 'chromadb'} & set(sys.modules)\n"
        "sys.exit(f'geladen: {heavy}' if heavy or len(vector) < 2 else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_default_model_is_small_enough_to_ship():
    assert sum(path.stat().st_size for path in DEFAULT_MODEL.rglob("*") if path.is_file()) < 30_000_000


def test_identity_names_the_weights_and_the_tokenizer(default_copy):
    identity = load_embedder(None).identity
    assert load_embedder(str(default_copy)).identity == identity
    tensors = load_file(default_copy / "model.safetensors")
    save_file(tensors | {"weights": tensors["weights"] * 2}, default_copy / "model.safetensors")
    other_weights = load_embedder(str(default_copy)).identity
    shutil.copy(DEFAULT_MODEL / "model.safetensors", default_copy)
    path = default_copy / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"Lowercase"', '"NFC"'), encoding="utf-8")
    assert len({identity, other_weights, load_embedder(str(default_copy)).identity}) == 3


def test_codes_and_amounts_keep_pieces_and_compounds_fall_apart_at_words():
    tokenizer = load_embedder(None).tokenizer
    assert tokenizer.encode("1JDB2CH-WT").tokens == tokenizer.encode("1jdb2ch wt").tokens
    assert "[UNK]" not in tokenizer.encode("JB0-1JDB2ZZ-WT 987.654.321 keuro").tokens
    assert tokenizer.encode("458.323").tokens == tokenizer.encode("458323").tokens
    assert tokenizer.encode("jachtkrediet").tokens == ["jacht", "##krediet"]
    assert tokenizer.encode("[UNK]").tokens != ["[UNK]"]


def truncated(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize(
    "harm", [truncated, lambda f, n: (f / n).unlink(), lambda f, n: (f / n).write_bytes(b"")]
)
def test_damaged_static_model_is_named(default_copy, name, harm):
    harm(default_copy, name)
    with pytest.raises(ModelUnusable, match=name.replace(".", r"\.")) as raised:
        load_embedder(str(default_copy))
    assert "wijzer embed train" in str(raised.value)


def test_matrix_with_too_few_rows_is_refused(default_copy):
    tensors = load_file(default_copy / "model.safetensors")
    save_file({name: tensor[:100] for name, tensor in tensors.items()}, default_copy / "model.safetensors")
    with pytest.raises(ModelUnusable, match="horen niet bij elkaar"):
        load_embedder(str(default_copy))


def test_weights_of_another_kind_are_refused(default_copy):
    save_file({"encoder.weight": np.zeros((4, 4), dtype=np.float32)}, default_copy / "model.safetensors")
    with pytest.raises(ModelUnusable, match="andere vorm"):
        load_embedder(str(default_copy))


def test_missing_default_model_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("ingest.embed.DEFAULT_MODEL", tmp_path)
    with pytest.raises(ModelUnusable, match="wijzer embed train"):
        load_embedder(None)


def test_folder_that_is_not_there_is_refused_without_loading_anything(tmp_path):
    with pytest.raises(ModelUnusable, match="geen map"):
        load_embedder(str(tmp_path / "nergens"))


def test_name_that_is_not_on_this_machine_says_how_to_get_it():
    with pytest.raises(ModelUnusable, match="hf download beleidswijzer-proef/bestaat-niet"):
        load_embedder("beleidswijzer-proef/bestaat-niet")


def test_folder_without_a_model_is_refused(tmp_path):
    (tmp_path / "lees.txt").write_text("geen model", encoding="utf-8")
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_embedder(str(tmp_path))


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A sentence-transformers model of one small layer with random weights, with prompts, saved to a folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, ":", *letters, *("##" + letter for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"))
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder / "plain")
    tokenizer.save_pretrained(folder / "plain")
    transformer = Transformer(str(folder / "plain"), max_seq_length=128)
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension())],
        prompts={"query": "vraag: ", "document": "tekst: "},
        device="cpu",
    )
    model.save(str(folder / "saved"))
    return folder / "saved"


def test_any_sentence_transformers_model_is_loaded_and_gives_its_own_vectors(bert, sentence_transformer):
    embedder = load_embedder(str(bert))
    vectors = embedder.encode(DUTCH[:6])
    own = sentence_transformer(bert).encode(
        ["tekst: " + t for t in DUTCH[:6]], normalize_embeddings=True, show_progress_bar=False
    )
    assert embedder.dimension == 32
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, own, atol=1e-5)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_question_gets_the_prompt_that_the_model_defines(bert, sentence_transformer):
    own = sentence_transformer(bert).encode(
        "vraag: welke premie", normalize_embeddings=True, show_progress_bar=False
    )
    query = load_embedder(str(bert)).encode_query("welke premie")
    assert np.allclose(query, own, atol=1e-5)
    assert not np.allclose(query, load_embedder(str(bert)).encode(["welke premie"])[0], atol=1e-3)


def test_transformer_without_a_pooling_layer_gets_the_mean_of_its_tokens(bert):
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = bert.parent / "plain"
    tokens = AutoTokenizer.from_pretrained(folder)(DUTCH[0], return_tensors="pt")
    with torch.inference_mode():
        states = AutoModel.from_pretrained(folder).eval()(**tokens).last_hidden_state[0].numpy()
    mean = states.mean(axis=0)
    vector = load_embedder(str(folder)).encode([DUTCH[0]])[0]
    assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_model_by_name_is_looked_up_on_this_machine(bert, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    asked = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *address, **_: asked.append(address))
    commit = "0123456789abcdef0123456789abcdef01234567"
    for name in ("models--proef--zinnen", "models--sentence-transformers--zinnen"):
        (tmp_path / name / "refs").mkdir(parents=True)
        (tmp_path / name / "refs" / "main").write_text(commit, encoding="utf-8")
        shutil.copytree(bert, tmp_path / name / "snapshots" / commit)
    by_path = load_embedder(str(bert))
    for by_name in (load_embedder("proef/zinnen"), load_embedder("zinnen")):
        assert by_name.identity == by_path.identity
        assert np.array_equal(by_name.encode(DUTCH[:3]), by_path.encode(DUTCH[:3]))
    assert asked == []


@pytest.mark.parametrize(("gpu", "expected"), [(True, "cuda"), (False, "cpu")])
def test_model_is_loaded_on_the_gpu_when_there_is_one(bert, monkeypatch, gpu, expected):
    from sentence_transformers import SentenceTransformer

    asked = []

    def on_the_cpu(folder, *, device, **options):
        asked.append(device)
        return SentenceTransformer(folder, device="cpu", **options)

    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    monkeypatch.setattr("sentence_transformers.SentenceTransformer", on_the_cpu)
    assert load_embedder(str(bert)).dimension == 32
    assert asked == [expected]


def test_code_in_the_folder_of_a_model_is_not_run(bert, tmp_path):
    copy, ran = Path(shutil.copytree(bert, tmp_path / "vreemd")), tmp_path / "uitgevoerd"
    (copy / "vreemd.py").write_text(f"open({str(ran)!r}, 'w')\nclass Model: ...\n", encoding="utf-8")
    module = {"idx": 0, "name": "0", "path": "", "type": "vreemd.Model"}
    (copy / "modules.json").write_text(json.dumps([module]), encoding="utf-8")
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_embedder(str(copy))
    assert not ran.exists()


def test_identity_of_a_folder_follows_its_content_and_not_its_place(bert, tmp_path):
    from sentence_transformers import __version__

    before = load_embedder(str(bert)).identity
    assert __version__ in before
    assert before.endswith("d32")
    copy = shutil.copytree(bert, tmp_path / "other")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "opgehaald.metadata").write_text("gisteren", encoding="utf-8")
    assert load_embedder(str(copy)).identity == before
    weights = load_file(copy / "model.safetensors")
    save_file(
        {name: tensor * 1.5 for name, tensor in weights.items()}, copy / "model.safetensors", {"format": "pt"}
    )
    assert load_embedder(str(copy)).identity != before


def test_damaged_sentence_transformers_model_is_refused(bert, tmp_path):
    copy = Path(shutil.copytree(bert, tmp_path / "damaged"))
    truncated(copy, "model.safetensors")
    with pytest.raises(ModelUnusable, match="niet bruikbaar"):
        load_embedder(str(copy))
