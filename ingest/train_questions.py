"""A static model that compares questions with questions: which of them ask the same thing.

Questions of one text share its words, whatever they ask. So each is held against what else is asked in its
surroundings: two questions about one place belong together, a question that is left open belongs to nothing but itself.
Source: Karpukhin et al. 2020 (hard negatives); Gao, Yao, Chen 2021 (a text and itself with words left out as a pair).
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from ingest import ModelUnusable, NoSource
from ingest.embed import Embedder, StaticEmbedder
from ingest.records import Question
from ingest.train import Report, one_thread, write_model
from ingest.train_matrix import Matrix, contrasted
from ingest.train_pairs import Pair, Tokens

_RATE = 0.002
_STRETCHES, _STRETCH = 12, 24  # in a batch: stretches of text, and places in each
_OPEN = 16  # open questions of a stretch that an epoch reads
_KEPT = 0.7  # of the words of an open question are read


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """What was trained on and what came of it; a loss is the mean InfoNCE of an epoch, 0 at best."""

    places: int
    questions: int
    unanswered: int
    dimension: int
    losses: tuple[float, ...]
    size: int


@dataclass(frozen=True, slots=True)
class _Place:
    """What is asked at one span of a document, in tokens."""

    document_id: str
    start: int
    end: int
    answered: tuple[Tokens, ...]
    unanswered: tuple[Tokens, ...]


def train_questions(
    questions: Sequence[Question],
    beginning: Embedder,
    out: Path,
    *,
    dimension: int = 128,
    epochs: int = 10,
    seed: int = 1,
    report: Report = lambda stage, done, total: None,
) -> ComparisonReport:
    """Make a model of a smaller dimension out of another one, from questions with a span, in the folder `out`.

    The same questions, beginning and seed give the same files on the same machine.

    Raises: NoSource when no place has two questions that it answers; ModelUnusable when the beginning is not static.
    """
    if not isinstance(beginning, StaticEmbedder):
        raise ModelUnusable(
            f"Een model dat vragen vergelijkt begint bij een statisch model; {beginning.identity} is dat niet. "
            "Laat WIJZER_EMBEDDER leeg voor het meegeleverde model."
        )
    places = _places(questions, beginning)
    if not any(len(place.answered) > 1 for place in places):
        raise NoSource("Er zijn geen twee vragen over dezelfde plaats om van te leren.")
    with one_thread():
        start = _narrowed(beginning, dimension)
        rows, losses = contrasted(
            start,
            np.ones(len(start), dtype=np.float32),
            partial(_epoch, places),
            epochs=epochs,
            seed=seed,
            rate=_RATE,
            report=lambda done, total: report("leren", done, total),
        )
    return ComparisonReport(
        places=len(places),
        questions=sum(len(place.answered) for place in places),
        unanswered=sum(len(place.unanswered) for place in places),
        dimension=rows.shape[1],
        losses=tuple(losses),
        size=write_model(out, beginning.tokenizer.to_str(), rows),
    )


def _places(questions: Sequence[Question], reader: StaticEmbedder) -> list[_Place]:
    """The places that something was asked of, in the order of the text; what has no token is left out."""
    texts = [question.text for question in questions]
    encodings = reader.tokenizer.encode_batch(texts, add_special_tokens=False)
    asked: dict[tuple[str, int, int], tuple[list[Tokens], list[Tokens]]] = defaultdict(lambda: ([], []))
    for question, encoding in zip(questions, encodings, strict=True):
        if question.span and encoding.ids:
            of_kind = asked[question.document_id, *question.span][question.kind != "answered"]
            of_kind.append(np.array(encoding.ids, dtype=np.int64))
    return [_Place(*place, tuple(told), tuple(left)) for place, (told, left) in sorted(asked.items())]


def _narrowed(model: StaticEmbedder, dimension: int) -> Matrix:
    """The rows of a model in the directions in which they differ most, float32 (vocabulary, at most dimension)."""
    rows = model.rows.astype(np.float32)
    if model.scales is not None:
        rows *= model.scales[:, np.newaxis]
    directions = np.linalg.eigh(rows.T @ rows)[1][:, ::-1]
    narrowed: Matrix = np.ascontiguousarray(rows @ directions[:, :dimension])
    return narrowed


def _epoch(places: Sequence[_Place], chance: np.random.Generator) -> list[list[Pair]]:
    """The batches of one epoch: stretches of neighbouring places, cut anew and mixed."""
    first = int(chance.integers(_STRETCH))
    cuts = [0, *range(first, len(places), _STRETCH), len(places)]
    stretches = [
        _stretch(places[start:end], chance) for start, end in itertools.pairwise(cuts) if start < end
    ]
    mixed = [stretches[i] for i in chance.permutation(len(stretches))]
    batches = [
        [pair for stretch in mixed[at : at + _STRETCHES] for pair in stretch]
        for at in range(0, len(mixed), _STRETCHES)
    ]
    return [[replace(pair, row=row) for row, pair in enumerate(batch)] for batch in batches if batch]


def _stretch(places: Sequence[_Place], chance: np.random.Generator) -> list[Pair]:
    """Two questions of each place, of places that do not overlap, and open questions with most of their own words."""
    pairs: list[Pair] = []
    chosen: list[_Place] = []
    for i in chance.permutation(len(places)):
        place = places[i]
        if len(place.answered) > 1 and not any(_overlap(place, other) for other in chosen):
            chosen.append(place)
            left, right = chance.permutation(len(place.answered))[:2]
            pairs.append(Pair(place.answered[left], place.answered[right], 0))
    unanswered = [tokens for place in places for tokens in place.unanswered]
    for i in chance.permutation(len(unanswered))[:_OPEN]:
        tokens = unanswered[i]
        kept = tokens[chance.random(len(tokens)) < _KEPT]
        pairs.append(Pair(kept if len(kept) else tokens, tokens, 0))
    return pairs


def _overlap(a: _Place, b: _Place) -> bool:
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end
