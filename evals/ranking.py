"""What is measured of ranked passages: how much of the needed evidence they hold, and how early.

recall@k, nDCG@10, reciprocal rank and success@k are computed by ir_measures; here is decided what a relevant
passage is. A question needs pieces of evidence, a passage holds them or not (`matching.holds`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.gold import GoldQuestion, Piece
from evals.matching import Found, holds, needs

DEPTH = 20
RECALL_AT = (1, 5, 10, 20)
SUCCESS_AT = (1, 5, 10)
BUDGETS = (4_000, 8_000)
Values = Mapping[str, float]


def ranking_values(asked: Sequence[tuple[GoldQuestion, Sequence[Found]]]) -> list[Values]:
    """The measures of each question with its passages, best first; all of them 0..1.

    `recall@k`: the share of the needed pieces that one of the first k passages holds; an alternative may
    stand in (`matching.needs`). Source: Buckley and Voorhees, Retrieval System Evaluation, in TREC (2005).

    `nDCG@10`: the gain of a passage is the number of needed pieces that it is the first to hold, discounted
    by log2(rank + 1), and divided by that of the best order of the same passages with those that were missed.
    Two pieces of which one is found, at rank 2: (1 / log2 3) / (1 + 1 / log2 3) = 0.387.
    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002).

    `mrr`: 1 / rank of the first passage within 20 that holds evidence or an alternative, else 0.
    Source: Kantor and Voorhees, The TREC-5 Confusion Track (2000).

    `success@k`: 1 when there is such a passage among the first k. Source: as ir_measures defines it.

    `recall@4k chars`, `recall@8k chars`: recall within the first characters of the passages together, the
    passage that crosses the limit cut there: fair between passages of other sizes.
    """
    held = [_held(question, passages) for question, passages in asked]
    computed = _computed(held)
    return [
        {**values, **{f"recall@{size // 1000}k chars": _within(q, p, size) for size in BUDGETS}}
        for values, (q, p) in zip(computed, asked, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Held:
    """Of the first passages of one question: which needs each holds, and whether it holds anything at all."""

    needed: Sequence[frozenset[int]]
    anything: Sequence[bool]
    needs_count: int


def _held(question: GoldQuestion, passages: Sequence[Found]) -> _Held:
    groups = needs(question)
    every = (*question.evidence, *question.alt_evidence)
    needed, anything = [], []
    for passage in passages[:DEPTH]:
        found = {piece for piece in every if holds(passage, piece)}
        needed.append(frozenset(n for n, group in enumerate(groups) if found.intersection(group)))
        anything.append(bool(found))
    return _Held(needed, anything, len(groups))


def _computed(held: Sequence[_Held]) -> list[dict[str, float]]:
    """The measures of ir_measures, each on the relevance that it is defined on.

    A question gives three kinds of queries: `any` (a relevant passage holds anything), `gain` (its relevance
    is the number of needs it is the first to hold) and one for each need (the passages that hold it are one).
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    judged: dict[str, dict[str, int]] = {}
    ranked: dict[str, dict[str, float]] = {}
    for n, question in enumerate(held):
        names = [f"p{rank}" for rank in range(len(question.needed))]
        scores = {name: float(DEPTH - rank) for rank, name in enumerate(names)}
        judged[f"{n} any"] = {name: 1 for name, hit in zip(names, question.anything, strict=True) if hit}
        judged[f"{n} gain"] = _gains(question)
        for need in range(question.needs_count):
            first = next((r for r, found in enumerate(question.needed) if need in found), None)
            judged[f"{n} need {need}"] = {"missed" if first is None else f"p{first}": 1}
            ranked[f"{n} need {need}"] = scores
        judged[f"{n} any"] = judged[f"{n} any"] or {"missed": 1}
        ranked[f"{n} any"] = ranked[f"{n} gain"] = scores
    kinds = {
        "any": {RR @ DEPTH: "mrr", **{Success @ k: f"success@{k}" for k in SUCCESS_AT}},
        "gain": {nDCG @ 10: "nDCG@10"},
        "need": {R @ k: f"recall@{k}" for k in RECALL_AT},
    }
    values = [{name: 0.0 for named in kinds.values() for name in named.values()} for _ in held]
    if not held:
        return values
    every = [measure for named in kinds.values() for measure in named]
    for metric in ir_measures.iter_calc(every, judged, ranked):
        number, kind, *_ = metric.query_id.split()
        name = kinds[kind].get(metric.measure)
        if name is not None:
            values[int(number)][name] += metric.value
    for question, row in zip(held, values, strict=True):
        for name in kinds["need"].values():
            row[name] /= question.needs_count
    return values


def _gains(question: _Held) -> dict[str, int]:
    """How many needs each passage is the first to hold; a need that no passage holds is a missed passage."""
    gains: dict[str, int] = {}
    for need in range(question.needs_count):
        first = next((r for r, found in enumerate(question.needed) if need in found), None)
        name = f"missed{need}" if first is None else f"p{first}"
        gains[name] = gains.get(name, 0) + 1
    return gains


def _within(question: GoldQuestion, passages: Sequence[Found], size: int) -> float:
    kept: list[Found] = []
    left = size
    for passage in passages:
        if left <= 0:
            break
        text = passage.get("text") or ""
        kept.append({**passage, "text": text[:left]})
        left -= len(text)
    groups = needs(question)
    return sum(_any_holds(kept, group) for group in groups) / len(groups)


def _any_holds(passages: Sequence[Found], pieces: Sequence[Piece]) -> bool:
    return any(holds(passage, piece) for passage in passages for piece in pieces)
