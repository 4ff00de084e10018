"""The matrix of a static model: where its rows start, and how pairs move them.

The rows start where latent semantic analysis puts the tokens: near each other when they stand in the same passages,
the questions of a passage and the parts of its words included. Then texts of a pair are pulled together and all
others of the batch apart.
Source: Deerwester et al. 1990 (latent semantic analysis); Halko, Martinsson, Tropp 2011 (randomised range finder);
Arora, Liang, Ma 2017 (weight a / (a + p) for a token of frequency p); van den Oord et al. 2018 (InfoNCE).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.train_pairs import Material, Pair, Tokens

if TYPE_CHECKING:
    import torch

Matrix = npt.NDArray[np.float32]

_FREQUENT = 3e-3  # `a` of the frequency weight: a token of this share of the text counts half
_TEMPERATURE = 0.05
_POWER_STEPS = 4
_SPARE = 32  # directions beyond the wanted ones, for the precision of the last of those


def frequency_weights(material: Material, vocabulary: int) -> Matrix:
    """The weight a / (a + p) of each token, float32 (vocabulary,): `p = a` gives 0.5, a rare token nearly 1."""
    counts = np.ones(vocabulary)
    for tokens in (*material.wholes, *material.questions):
        np.add.at(counts, tokens, 1)
    weights: Matrix = (_FREQUENT / (_FREQUENT + counts / counts.sum())).astype(np.float32)
    return weights


def initial_rows(material: Material, vocabulary: int, dimension: int, seed: int) -> Matrix:
    """One unit row for each token, float32 (vocabulary, dimension); random where the material never shows it."""
    import torch

    chance = torch.Generator().manual_seed(seed)
    passages = _widened(material)
    matrix = _weighted_counts(passages, vocabulary)
    wanted = min(dimension + _SPARE, *matrix.shape)
    basis = torch.randn(vocabulary, wanted, generator=chance)
    for _ in range(_POWER_STEPS):
        basis = torch.linalg.qr(matrix.T @ (matrix @ basis)).Q
    _, sizes, turned = torch.linalg.svd(matrix @ basis, full_matrices=False)
    found = (basis @ turned.T * sizes)[:, :dimension]
    rows = torch.randn(vocabulary, dimension, generator=chance)
    seen = torch.from_numpy(np.isin(np.arange(vocabulary), np.concatenate(passages)))
    rows[seen, : found.shape[1]] = found[seen]
    rows[seen, found.shape[1] :] = 0
    lengths = rows.norm(dim=1, keepdim=True)
    unit: Matrix = (rows / lengths.clamp_min(1e-6)).numpy()
    return unit


def contrasted(
    rows: Matrix,
    weights: Matrix,
    epoch: Callable[[np.random.Generator], Sequence[Sequence[Pair]]],
    *,
    epochs: int,
    seed: int,
    report: Callable[[int, int], None],
    rate: float = 0.01,
) -> tuple[Matrix, list[float]]:
    """The rows after training, weights included, float32 (vocabulary, dimension), and the mean loss of each epoch.

    `epoch` gives the batches of one; `rate` is how fast the rows move at first.
    """
    import torch

    table = torch.nn.Parameter(torch.from_numpy(rows.copy()))
    weight = torch.from_numpy(weights)[:, None]
    optimiser: torch.optim.Optimizer = torch.optim.SparseAdam([table], lr=rate)
    chance = np.random.default_rng(seed)
    losses: list[float] = []
    for number in range(epochs):
        batches = epoch(chance)
        total = 0.0
        for step, batch in enumerate(batches):
            done = (number + step / len(batches)) / epochs
            optimiser.param_groups[0]["lr"] = rate * max(0.02, 1 - done)
            loss = _loss(table, weight, batch)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            total += loss.item() * len(batch)
        losses.append(total / max(1, sum(map(len, batches))))
        report(number + 1, epochs)
    trained: Matrix = (table.detach() * weight).numpy()
    return trained, losses


def _loss(table: "torch.Tensor", weight: "torch.Tensor", batch: Sequence[Pair]) -> "torch.Tensor":
    """InfoNCE in both directions; pairs of one row are left out of each other's negatives."""
    import torch
    from torch.nn import functional

    texts = [pair.left for pair in batch] + [pair.right for pair in batch]
    tokens, places = np.unique(np.concatenate(texts), return_inverse=True)
    used = torch.from_numpy(tokens)
    starts = torch.from_numpy(np.cumsum([0, *(len(text) for text in texts[:-1])]))
    rows = functional.embedding(used, table, sparse=True) * weight[used]
    vectors = functional.normalize(
        functional.embedding_bag(torch.from_numpy(places), rows, starts, mode="mean")
    )
    left, right = vectors[: len(batch)], vectors[len(batch) :]
    row = torch.tensor([pair.row for pair in batch])
    same = (row[:, None] == row[None]) & ~torch.eye(len(batch), dtype=torch.bool)
    scores = (left @ right.T / _TEMPERATURE).masked_fill(same, -1e4)
    own = torch.arange(len(batch))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


def _widened(material: Material) -> list[Tokens]:
    """The tokens of each passage and of its questions, and the parts of all those words.

    So the words of people stand in the passages too, and so do the parts by which an unseen word is read.
    """
    joined = [[whole] for whole in material.wholes]
    for tokens, asked in zip(material.questions, material.asked, strict=True):
        for row in asked.rows:
            joined[row].append(tokens)
    whole = [np.concatenate(parts) for parts in joined]
    return [np.concatenate([tokens, *(material.parts[token] for token in tokens)]) for tokens in whole]


def _weighted_counts(passages: Sequence[Tokens], vocabulary: int) -> "torch.Tensor":
    """Sparse (passages, vocabulary): (1 + log count) times the inverse document frequency, each row of length 1."""
    import torch

    number = np.repeat(np.arange(len(passages)), [len(tokens) for tokens in passages])
    cells, counts = np.unique(number * vocabulary + np.concatenate(passages), return_counts=True)
    row, token = np.divmod(cells, vocabulary)
    within = np.bincount(token, minlength=vocabulary)
    values = (1 + np.log(counts)) * np.log(1 + len(passages) / (1 + within))[token]
    values /= np.sqrt(np.bincount(row, values**2, minlength=len(passages)))[row]
    return torch.sparse_coo_tensor(
        torch.from_numpy(np.stack([row, token])),
        torch.from_numpy(values.astype(np.float32)),
        (len(passages), vocabulary),
        check_invariants=True,
    ).coalesce()
