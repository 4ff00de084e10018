"""Text to vectors behind one function: the project's own static model, or any sentence-transformers model.

A static model is a tokenizer and a matrix: a text's vector is the mean of its tokens' rows, scaled to unit
length. `tokenizers` and numpy are enough for that, so a question on the command line never waits for torch.
The folder of such a model is one that `SentenceTransformer(folder)` opens too, with the same vectors.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from ingest import ModelUnusable
from ingest.local_model import local_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]

DEFAULT_MODEL = Path(__file__).resolve().parent / "model"
QUESTION_MODEL = DEFAULT_MODEL.with_name("question_model")
_WEIGHTS, _TOKENIZER, _MODULES = "model.safetensors", "tokenizer.json", "modules.json"
_BATCH = 256


class Embedder(Protocol):
    """What turns text into unit vectors; equal identities give equal vectors."""

    @property
    def identity(self) -> str:
        """What the vectors depend on, in one line."""

    @property
    def dimension(self) -> int:
        """The length of each vector."""

    def encode(self, texts: Sequence[str], report: Progress | None = None) -> Vectors:
        """One row for each text, float32 (n, d), unit length; `report` hears how many are done so far.

        A text without a single known token, the empty text among them, gets the first axis: a cosine
        with it means nothing, but is never a division by zero.
        """

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, float32 (d,), unit length."""


@dataclass(frozen=True, slots=True)
class StaticEmbedder:
    """A token matrix on the light path. A row is `rows[token] * scales[token]`, as StaticEmbedding reads it."""

    identity: str
    tokenizer: "Tokenizer"
    rows: npt.NDArray[Any]
    scales: Vectors | None

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return int(self.rows.shape[1])

    def encode(self, texts: Sequence[str], report: Progress | None = None) -> Vectors:
        """See `Embedder`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at in range(0, len(texts), _BATCH):
            batch = list(texts[at : at + _BATCH])
            encodings = self.tokenizer.encode_batch(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start=at):
                if encoding.ids:
                    vectors[row] = self._mean(np.array(encoding.ids))
            if report:
                report(at + len(batch))
        return _unit(vectors)

    def encode_query(self, text: str) -> Vectors:
        """See `Embedder`."""
        return _row(self.encode([text]))

    def words(self, text: str) -> tuple[Vectors, Vectors]:
        """The unit vectors of a text's tokens, float32 (n, d), and what each counts in its vector, float32 (n,)."""
        rows = self._rows(np.array(self.tokenizer.encode(text, add_special_tokens=False).ids, dtype=np.int64))
        return _unit(rows), np.linalg.norm(rows, axis=1)

    def _mean(self, tokens: npt.NDArray[np.int64]) -> Vectors:
        mean: Vectors = self._rows(tokens).mean(axis=0)
        return mean

    def _rows(self, tokens: npt.NDArray[np.int64]) -> Vectors:
        rows = self.rows[tokens].astype(np.float32)
        if self.scales is not None:
            rows *= self.scales[tokens][:, np.newaxis]
        return rows


@dataclass(frozen=True, slots=True)
class SentenceEmbedder:
    """A sentence-transformers model, on a GPU when there is one, with its own prompts where it has them."""

    identity: str
    dimension: int
    model: Any

    def encode(self, texts: Sequence[str], report: Progress | None = None) -> Vectors:
        """See `Embedder`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at in range(0, len(texts), _BATCH):
            batch = list(texts[at : at + _BATCH])
            vectors[at : at + len(batch)] = self.model.encode_document(batch, show_progress_bar=False)
            if report:
                report(at + len(batch))
        return _unit(vectors)

    def encode_query(self, text: str) -> Vectors:
        """See `Embedder`."""
        vectors: Vectors = np.asarray(self.model.encode_query([text], show_progress_bar=False), np.float32)
        return _row(_unit(vectors))


def load_embedder(name: str | None) -> Embedder:
    """The default model for None, else the model in a folder or of a name that is already on this machine.

    A folder with a static model never loads torch. Nothing is downloaded, and no code of a model is run.

    Raises: ModelUnusable when the model is not there or cannot be read.
    """
    folder = DEFAULT_MODEL if name is None else Path(name)
    if _is_static(folder):
        return _static(folder)
    if name is None:
        raise ModelUnusable(
            f"Het standaardmodel ontbreekt of is onvolledig in {folder}. Installeer het project opnieuw, "
            "of maak het met `wijzer embed train`."
        )
    return _sentence_transformer(name)


@cache
def question_embedder() -> StaticEmbedder:
    """The model that compares questions with questions (`ingest.train_questions`), whatever finds the passages.

    Raises: ModelUnusable when it cannot be read.
    """
    return _static(QUESTION_MODEL)


def _is_static(folder: Path) -> bool:
    """Whether a folder holds a static model and nothing after it but scaling to unit length."""
    try:
        modules = json.loads((folder / _MODULES).read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    at_root = bool(kinds) and modules[0].get("path") == ""
    return at_root and kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


def _static(folder: Path) -> StaticEmbedder:
    from safetensors import SafetensorError
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    try:
        weights, tokenizer_json = (folder / _WEIGHTS).read_bytes(), (folder / _TOKENIZER).read_bytes()
    except OSError as error:
        raise _broken(folder, f"{error.filename} is niet te lezen") from error
    try:
        rows, scales = _matrix(load(weights))
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise _broken(folder, f"{_WEIGHTS} is beschadigd of van een andere vorm ({error})") from error
    try:
        tokenizer = Tokenizer.from_buffer(tokenizer_json)
    except Exception as error:  # tokenizers raises the bare class
        raise _broken(folder, f"{_TOKENIZER} is beschadigd ({error})") from error
    if tokenizer.get_vocab_size() > len(rows):
        found = f"{tokenizer.get_vocab_size()} tokens en {len(rows)} rijen"
        raise _broken(folder, f"{_TOKENIZER} en {_WEIGHTS} horen niet bij elkaar ({found})")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    digest = hashlib.sha256(hashlib.sha256(weights).digest() + hashlib.sha256(tokenizer_json).digest())
    return StaticEmbedder(f"static {digest.hexdigest()} d{rows.shape[1]}", tokenizer, rows, scales)


def _matrix(tensors: dict[str, npt.NDArray[Any]]) -> tuple[npt.NDArray[Any], Vectors | None]:
    """Rows and their scales; StaticEmbedding too reads one float matrix, or `embeddings` times `weights`."""
    if "embedding.weight" in tensors:
        rows, scales = tensors["embedding.weight"], None
    else:
        rows, scales = tensors["embeddings"], tensors.get("weights")
        if "mapping" in tensors:
            rows = rows[tensors["mapping"].astype(np.int64)]
    if rows.ndim != 2 or not rows.shape[1] or (scales is not None and scales.shape != (len(rows),)):
        raise ValueError(f"een matrix van {rows.shape}")
    return rows, None if scales is None else scales.astype(np.float32)


def _sentence_transformer(name: str) -> SentenceEmbedder:
    def load(folder: str, device: str) -> tuple[Any, int]:
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(folder, device=device, local_files_only=True, trust_remote_code=False)
        return model, len(model.encode_query("proef", show_progress_bar=False))

    (model, dimension), identity = local_model(
        name, load, role="Het embeddingmodel", owner="sentence-transformers"
    )
    return SentenceEmbedder(f"{identity} d{dimension}", dimension, model)


def _broken(folder: Path, found: str) -> ModelUnusable:
    return ModelUnusable(
        f"Het embeddingmodel in {folder} is niet bruikbaar: {found}. Zet de map terug uit haar bron, of maak een "
        "nieuw model met `wijzer embed train`."
    )


def _unit(vectors: Vectors) -> Vectors:
    """Each row scaled to length 1; a row of zeros, or one that is not finite, becomes the first axis.

    `[[3, 4], [0, 0]]` -> `[[0.6, 0.8], [1, 0]]`
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    usable = np.isfinite(lengths) & (lengths > 0)
    axis = np.zeros(vectors.shape[1], dtype=np.float32)
    axis[:1] = 1
    unit: Vectors = np.where(usable, vectors / np.where(usable, lengths, 1), axis).astype(np.float32)
    return unit


def _row(vectors: Vectors) -> Vectors:
    row: Vectors = vectors[0]
    return row
