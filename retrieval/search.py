"""From a question to ranked evidence: four channels, one weighted sum, then what the structure adds.

Each channel's scores are divided by its best, so that a weight says how much a channel may decide.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ingest.embed import Vectors
from ingest.lexical import Field, Mask
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.families import meant
from retrieval.kinds import named_kinds
from retrieval.matching import is_long, passage_scores
from retrieval.query import Query, understand
from retrieval.records import Evidence, Filters, Turn
from retrieval.rerank import reranked
from retrieval.written import passage_closeness

Channel = dict[int, float]
DEPTH = 300
_NEXT = 0.001  # keeps the order of those that are raised to one score


@dataclass(frozen=True, slots=True)
class Ranking:
    """What each means may decide; 0 switches it off.

    `named` is the weight of `exact` when a decision is named by its id. `kind` and `minister` are what a passage
    gains when the question names the kind or a minister of its document, `written` what the
    closest written question is worth to the first `written_read` passages, `section_best` and `section_mean` the
    shares of the best and of the mean score in its section. `other_names` weighs the thesaurus. `twins` is how
    many of the first passages may be of a file of which the question means another decision.

    Chosen on training questions that were left out of the index (docs/decisions/0004) and on the tuning part of
    the gold questions (docs/decisions/0005).
    """

    stems: float = 0.5
    grams: float = 1.0
    dense: float = 1.5
    exact: float = 1.0
    named: float = 4.0
    kind: float = 0.5
    minister: float = 0.3
    written: float = 1.0
    written_read: int = 30
    section_best: float = 0.2
    section_mean: float = 0.3
    other_names: float = 0.5
    twins: int = 10
    read_again: int = 30


RANKING = Ranking()


def search(
    corpus: Corpus,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    k: int = 20,
    per_document: int | None = None,
    ranking: Ranking = RANKING,
) -> list[Evidence]:
    """The `k` best passages for a question, best first; at most `per_document` of one document when given.

    A text as long as a section of a document asks for many things at once: `retrieval.matching` reads it sentence
    by sentence, and gives the best passage of each document first.
    """
    query = understand(question, history, corpus.terms, corpus.uses)
    return find(corpus, query, filters=filters, k=k, per_document=per_document, ranking=ranking)


def find(
    corpus: Corpus,
    query: Query,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    k: int = 20,
    per_document: int | None = None,
    ranking: Ranking = RANKING,
) -> list[Evidence]:
    """`search` for a question that is understood already."""
    vector = corpus.embedder.encode_query(query.sentence())
    admitted = None if filters == Filters() else corpus.admitted(filters)
    if is_long(query.text):
        scores = passage_scores(corpus, query.text, admitted)
    else:
        scores = _scores(corpus, query, vector, filters, admitted, ranking)
    first = islice(_capped(corpus, _ranked(scores), per_document), k)
    return [_evidence(corpus, row, score, vector) for row, score in first]


def _scores(
    corpus: Corpus,
    query: Query,
    vector: Vectors,
    filters: Filters,
    admitted: Mask | None,
    ranking: Ranking,
) -> Channel:
    """What the channels find, then what the structure adds; at least 0."""
    fields: tuple[Field, ...] = ("stems", "grams", "exact")
    channels: dict[str, Channel] = {
        f: _lexical(corpus, query.search_terms(f, ranking.other_names), f, admitted) for f in fields
    }
    channels["dense"] = _dense(corpus, vector, admitted)
    scores = _fused(channels, _weights(query, ranking))
    if not _names_exactly(query):
        scores = _with_written(corpus, scores, vector, ranking)
    scores = _of_what_is_named(corpus, query, scores, ranking)
    scores = _with_sections(corpus, scores, ranking)
    if not _names_exactly(query):
        scores = _read_again(corpus, query, scores, vector, ranking)
    return _meant_of_twins(corpus, query, scores, filters, ranking)


def _names_exactly(query: Query) -> bool:
    """Whether a code or an id is named: those are read better exactly than by what a question resembles."""
    return any(name.startswith(("code:", "id:")) for name in query.exact)


def _lexical(
    corpus: Corpus, terms: Sequence[tuple[str, float]], field: Field, admitted: Mask | None
) -> Channel:
    return dict(corpus.lexical.search(field, terms, DEPTH, admitted))


def _dense(corpus: Corpus, vector: Vectors, admitted: Mask | None) -> Channel:
    """Chroma's neighbours; under filters an exact scan, which is faster there than Chroma's own (design, section 6)."""
    if admitted is None:
        return dict(corpus.dense.query(vector, min(DEPTH, len(corpus.passages))))
    rows = np.flatnonzero(admitted)
    scores = corpus.vectors[rows] @ vector
    best = np.argsort(-scores, kind="stable")[:DEPTH]
    return {int(rows[i]): float(scores[i]) for i in best}


def _weights(query: Query, ranking: Ranking) -> Mapping[str, float]:
    exact = ranking.named if any(name.startswith("id:") for name in query.exact) else ranking.exact
    return {"stems": ranking.stems, "grams": ranking.grams, "exact": exact, "dense": ranking.dense}


def _fused(channels: Mapping[str, Channel], weights: Mapping[str, float]) -> Channel:
    """The weighted sum over channels, each scaled to at most 1: `{"a": {0: 2.0, 1: 1.0}}` with weight 1 -> `{0: 1.0, 1: 0.5}`."""
    total: Channel = {}
    for name, scores in channels.items():
        top = max(scores.values(), default=0.0)
        for row, score in scores.items() if top > 0 and weights[name] else ():
            total[row] = total.get(row, 0.0) + weights[name] * max(0.0, score) / top
    return total


def _with_written(corpus: Corpus, scores: Channel, vector: Vectors, ranking: Ranking) -> Channel:
    """The scores with the first passages raised by how close a question comes that was written for them."""
    first = _ranked(scores)[: ranking.written_read] if ranking.written else []
    closeness = {row: passage_closeness(corpus, corpus.passages[row], vector) for row, _ in first}
    top = max(closeness.values(), default=0.0) or 1.0
    return scores | {row: scores[row] + ranking.written * close / top for row, close in closeness.items()}


def _of_what_is_named(corpus: Corpus, query: Query, scores: Channel, ranking: Ranking) -> Channel:
    """The scores with those raised whose document is of a kind, or of a minister, that the question names."""
    kinds = named_kinds(query.text)
    ministers = corpus.ministers_named(query.text)
    raised = {}
    for row, score in scores.items():
        meta = corpus.metadata(corpus.passages[row].document_id)
        raised[row] = (
            score
            + ranking.kind * (meta.kind in kinds)
            + ranking.minister * (not ministers.isdisjoint(meta.ministers))
        )
    return raised


def _with_sections(corpus: Corpus, scores: Channel, ranking: Ranking) -> Channel:
    """The scores with a share of the best and of the mean score in the section of each passage."""
    rows, values = np.fromiter(scores, dtype=np.intp), np.fromiter(scores.values(), dtype=np.float64)
    sections, sizes = corpus.sections, corpus.section_sizes
    best, total = np.zeros(len(sizes)), np.zeros(len(sizes))
    np.maximum.at(best, sections[rows], values)
    np.add.at(total, sections[rows], values)
    of = sections[rows]
    values = values + ranking.section_best * best[of] + ranking.section_mean * total[of] / sizes[of]
    return dict(zip(rows.tolist(), values.tolist(), strict=True))


def _read_again(corpus: Corpus, query: Query, scores: Channel, vector: Vectors, ranking: Ranking) -> Channel:
    """The scores with the first passages in the order of the cross-encoder, when one is set."""
    if corpus.reranker is None:
        return scores
    first = _ranked(scores)[: ranking.read_again]
    rows = {corpus.passages[row].id: row for row, _ in first}
    found = [_evidence(corpus, row, score, vector) for row, score in first]
    judged = reranked(query.sentence(), found, corpus.reranker, len(found))
    return scores | {rows[item.passage.id]: item.score for item in judged}


def _meant_of_twins(
    corpus: Corpus, query: Query, scores: Channel, filters: Filters, ranking: Ranking
) -> Channel:
    """The scores with, of decisions of one file, those first that the question's time and stage point at."""
    asked = cues(query.text)
    if not asked.any:
        return scores
    raised = dict(scores)
    for row, score in _ranked(scores)[: ranking.twins]:
        meta = corpus.metadata(corpus.passages[row].document_id)
        family = corpus.families.of(meta) if meta.kind == "beslissing" else []
        chosen = meant([m for m in family if filters.admit(m)], asked)
        for twin in chosen if len(chosen) < len(family) else ():
            best = max(corpus.rows_of(twin.id), key=lambda r: scores.get(r, 0.0))
            raised[best] = max(raised.get(best, 0.0), score + scores.get(best, 0.0) * _NEXT)
    return raised


def _ranked(scores: Channel) -> list[tuple[int, float]]:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _capped(
    corpus: Corpus, ranked: Iterable[tuple[int, float]], per_document: int | None
) -> Iterator[tuple[int, float]]:
    seen: Counter[str] = Counter()
    for row, score in ranked:
        document = corpus.passages[row].document_id
        seen[document] += 1
        if per_document is None or seen[document] <= per_document:
            yield row, score


def _evidence(corpus: Corpus, row: int, score: float, vector: Vectors) -> Evidence:
    passage = corpus.passages[row]
    return Evidence(passage, corpus.metadata(passage.document_id), score, float(corpus.vectors[row] @ vector))
