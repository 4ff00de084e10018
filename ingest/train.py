"""From documents and questions to the folder of a static embedding model, on one core, in minutes."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ingest import NoSource
from ingest.files import make_folder, write_bytes
from ingest.records import Document, Question
from ingest.train_matrix import Matrix, contrasted, frequency_weights, initial_rows
from ingest.train_pairs import epoch, texts_and_questions, tokenised
from ingest.train_tokenizer import learned_tokenizer

Report = Callable[[str, int, int], None]

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.base.modules.normalize.Normalize",
    },
]
_NORMALIZE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
_CONFIG: dict[str, object] = {
    "model_type": "SentenceTransformer",
    "prompts": {},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What was trained on and what came of it; a loss is the mean InfoNCE of an epoch, 0 at best."""

    documents: int
    passages: int
    questions: int
    vocabulary: int
    dimension: int
    losses: tuple[float, ...]
    size: int
    seconds: float


def train(
    documents: Sequence[Document],
    questions: Sequence[Question],
    out: Path,
    *,
    dimension: int = 256,
    vocabulary: int = 12_000,
    epochs: int = 6,
    seed: int = 1,
    report: Report = lambda stage, done, total: None,
) -> TrainingReport:
    """Make a static model from a corpus, and from questions about it where there are any, in the folder `out`.

    `vocabulary` is how many pieces of words the tokenizer learns; the words themselves come on top. The same
    documents, questions and seed give the same files on the same machine.

    Raises: NoSource when the documents hold no text to learn from.
    """
    started = time.monotonic()
    texts, asked = texts_and_questions(documents, questions)
    if not texts:
        raise NoSource("Er is geen tekst om een embeddingmodel van te leren: neem eerst documenten op.")
    report("woorden", 0, 1)
    tokenizer = learned_tokenizer([t.whole for t in texts] + [a.text for a in asked], vocabulary)
    material = tokenised(texts, asked, tokenizer)
    size = tokenizer.get_vocab_size()
    with one_thread():
        report("begin", 0, 1)
        weights = frequency_weights(material, size)
        start = initial_rows(material, size, dimension, seed)
        rows, losses = contrasted(
            start,
            weights,
            partial(epoch, material),
            epochs=epochs,
            seed=seed,
            report=lambda done, total: report("leren", done, total),
        )
    written = write_model(out, tokenizer.to_str(), rows)
    return TrainingReport(
        documents=len(documents),
        passages=len(texts),
        questions=len(asked),
        vocabulary=size,
        dimension=dimension,
        losses=tuple(losses),
        size=written,
        seconds=time.monotonic() - started,
    )


def write_model(out: Path, tokenizer: str, rows: Matrix) -> int:
    """Write what `load_embedder` and `SentenceTransformer` read; returns how many bytes that is.

    A row is kept in whole steps of 1/127 of its largest value, with that step beside it: a quarter of the size. A
    folder is a model by its `modules.json`, so that goes first and comes last: half a model is never read.
    """
    from safetensors.numpy import save

    steps = np.maximum(np.abs(rows).max(axis=1), np.float32(1e-12)) / np.float32(127)
    whole = np.rint(rows / steps[:, np.newaxis]).astype(np.int8)
    files = {
        "model.safetensors": save({"embeddings": whole, "weights": steps.astype(np.float32)}),
        "tokenizer.json": tokenizer.encode(),
        "config_sentence_transformers.json": _json(_CONFIG),
        "1_Normalize/config.json": _json(_NORMALIZE),
        "modules.json": _json(_MODULES),
    }
    make_folder(out / "1_Normalize")
    (out / "modules.json").unlink(missing_ok=True)
    for name, data in files.items():
        write_bytes(out / name, data)
    return sum(len(data) for data in files.values())


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever the number of cores: the same seed gives the same rows."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
