"""A cross-encoder reads the question and a passage together, and puts the first passages in a better order.

It is a setting (`WIJZER_RERANKER`), since it needs torch and time for each question; without it nothing here
loads either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ingest.local_model import local_model
from ingest.reading import cleaned
from retrieval.records import Evidence

DEPTH = 30
_BATCH = 32
_DECIMALS = 4  # what lies beyond differs with the batch that a passage is in

Scores = npt.NDArray[np.float32]


class Reranker(Protocol):
    """What judges passages for a question; equal identities give equal scores."""

    @property
    def identity(self) -> str:
        """What the scores depend on, in one line."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers the question, float32 (n,), n at least 1; higher is better, any range."""


@dataclass(frozen=True, slots=True)
class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder with one score for each pair, on a GPU when there is one."""

    identity: str
    model: Any

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """See `Reranker`."""
        from torch.nn import Identity  # the score before a sigmoid, which makes all good passages equal

        pairs = [(question, text) for text in texts]
        found = self.model.predict(
            pairs, batch_size=_BATCH, activation_fn=Identity(), show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)


def load_reranker(spec: str | None) -> Reranker | None:
    """The cross-encoder in a folder or of a name that is already on this machine; None when none is set.

    Nothing is downloaded, and no code of a model is run.

    Raises: ModelUnusable when the model is not there, cannot be read, or is no cross-encoder with one score.
    """
    if not spec:
        return None
    model, identity = local_model(spec, _cross_encoder, role="De cross-encoder", owner="cross-encoder")
    return CrossEncoderReranker(identity, model)


def reranked(
    question: str, evidence: Sequence[Evidence], reranker: Reranker, depth: int = DEPTH
) -> list[Evidence]:
    """The evidence with its first `depth` passages in the order of the reranker; what follows stays in its place.

    Only the order is the model's: the nth passage takes the score that the nth had, because a model's own
    scale is not that of the passages after it, nor that of the thresholds on `Evidence.score`. Passages that
    the model holds equal keep their order.

    Scores 0.9, 0.5, 0.4 for a, b, c, of which the model makes -2.0, 3.1, 0.2 -> b 0.9, c 0.5, a 0.4.
    """
    first = evidence[:depth]
    if not first:
        return list(evidence)
    judged = np.round(reranker.scores(question, [_text(item) for item in first]), _DECIMALS)
    order = np.argsort(-judged, kind="stable")  # a score that is no number comes last
    moved = [replace(first[at], score=place.score) for at, place in zip(order, first, strict=True)]
    return [*moved, *evidence[depth:]]


def _text(item: Evidence) -> str:
    """A passage as it is indexed (`ingest.chunk.indexed_text`), from what evidence knows of its document."""
    path = " > ".join(dict.fromkeys((item.meta.title, *item.passage.section)))
    return f"{path}\n{cleaned(item.passage.text)}"


def _cross_encoder(folder: str, device: str) -> Any:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(folder, device=device, local_files_only=True, trust_remote_code=False)
    if model.num_labels != 1:
        raise ValueError(f"het geeft {model.num_labels} scores voor een vraag en een passage, nodig is er 1")
    if not _is_trained(model):
        raise ValueError("het is een model dat teksten apart leest, zonder een laag die een paar beoordeelt")
    model.predict([("proef", "proef")], show_progress_bar=False)
    return model


def _is_trained(model: Any) -> bool:
    """Whether what makes the score was in the folder: an encoder without it would get one of random numbers."""
    names = model.model.config.architectures or ()
    return len(model) > 1 or any(str(name).endswith("ForSequenceClassification") for name in names)
