"""What each means of retrieval is worth: the gold questions searched with all of them, and with one off.

`python -m evals.ablation` prints these tables and those of `generalisation` and `twin_ranking`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from evals.compare import Difference, compare
from evals.gold import GoldQuestion, resolved
from evals.measures import Part, Row, measure
from evals.run import K
from evals.variants import Report, learned, variant
from ingest.catalog import Contents
from retrieval.corpus import Corpus
from retrieval.records import Evidence
from retrieval.search import RANKING, Ranking, search

MEASURES = ("recall@1", "recall@5", "recall@10", "recall@4k chars", "recall@8k chars", "nDCG@10", "mrr")
SEARCHES: tuple[Part, ...] = ("search",)
BY = ("type", "overlap", "language")
Searching = Callable[[Corpus, GoldQuestion], Sequence[Evidence]]
Concerned = Callable[[GoldQuestion], bool]


@dataclass(frozen=True, slots=True)
class Compared:
    """The measures of one group of questions in two systems; a is the whole system, b the other one."""

    name: str
    group: str
    n: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Means:
    """One means, switched off: how to search without it, and which questions it is for, None for all of them."""

    name: str
    without: Searching
    group: str = ""
    concerned: Concerned | None = None


def as_it_is(corpus: Corpus, question: GoldQuestion) -> Sequence[Evidence]:
    """Search with every means."""
    return search(corpus, question.question, history=question.history, k=K)


def with_ranking(ranking: Ranking) -> Searching:
    """How to search with other weights."""
    return lambda corpus, q: search(corpus, q.question, history=q.history, k=K, ranking=ranking)


def _off(*names: str) -> Searching:
    weights: Mapping[str, Any] = dict.fromkeys(names, 0)
    return with_ranking(replace(RANKING, **weights))


def _alone(corpus: Corpus, question: GoldQuestion) -> Sequence[Evidence]:
    return search(corpus, question.question, k=K)


def _untranslated(corpus: Corpus, question: GoldQuestion) -> Sequence[Evidence]:
    """Every question taken for Dutch: the product has no switch for it."""
    with patch("retrieval.query.language", lambda text, otherwise="nl": "nl"):
        return as_it_is(corpus, question)


MEANS: tuple[Means, ...] = (
    Means("woordstammen", _off("stems")),
    Means("n-grammen van 4 en 5 tekens", _off("grams")),
    Means("vectoren", _off("dense")),
    Means("exacte namen", _off("exact", "named")),
    Means("andere namen (thesaurus)", _off("other_names")),
    Means("nabijheid van geschreven vragen", _off("written")),
    Means("score van de sectie", _off("section_best", "section_mean")),
    Means("tweelingen", _off("twins"), "tweelingvragen", lambda q: q.type == "twin"),
    Means("genoemd soort en minister", _off("kind", "minister")),
    Means("gesprek", _alone, "met gespreksverloop", lambda q: bool(q.history)),
    Means("vertaling", _untranslated, "Frans en Engels", lambda q: q.lang != "nl"),
)


def searchable(gold: Sequence[GoldQuestion], corpus: Corpus) -> list[GoldQuestion]:
    """The questions that have an answer, with the words of their evidence in this corpus."""
    return [resolved(question, corpus) for question in gold if question.answerable]


def found(corpus: Corpus, gold: Sequence[GoldQuestion], searching: Searching = as_it_is) -> dict[str, Any]:
    """The passages of each question, in the form that `measure` reads."""
    return {q.id: {"passages": [e.as_json() for e in searching(corpus, q)]} for q in gold}


def measured(corpus: Corpus, gold: Sequence[GoldQuestion], searching: Searching = as_it_is) -> list[Row]:
    """The measures of each question (`searchable`) on one corpus."""
    return measure(gold, found(corpus, gold, searching), of=SEARCHES)


def compared(
    name: str,
    group: str,
    whole: Sequence[Row],
    other: Sequence[Row],
    ids: frozenset[str] | None = None,
    measures: Sequence[str] = MEASURES,
) -> Compared:
    """How two systems differ over the questions of `ids`, all of them when None; at least one."""
    a, b = ([row for row in rows if ids is None or row.id in ids] for rows in (whole, other))
    differences = compare(a, b).differences
    return Compared(name, group, len(a), tuple(d for d in differences if d.measure in measures))


def ablation(
    corpus: Corpus,
    contents: Contents,
    gold: Sequence[GoldQuestion],
    whole: Sequence[Row],
    work: Path,
    report: Report,
) -> Iterator[Compared]:
    """The whole system against itself without each means; for a means of some questions, over these as well.

    `whole` are the rows of `gold` with every means.
    """
    for number, means in enumerate(MEANS):
        report("zonder elk middel", number, len(MEANS))
        other = measured(corpus, gold, means.without)
        yield compared(means.name, "", whole, other)
        ids = frozenset(q.id for q in gold if means.concerned and means.concerned(q))
        if ids:
            yield compared(means.name, means.group, whole, other, ids)
    yield from _without_questions(corpus, contents, gold, whole, work, report)


def _without_questions(
    corpus: Corpus,
    contents: Contents,
    gold: Sequence[GoldQuestion],
    whole: Sequence[Row],
    work: Path,
    report: Report,
) -> Iterator[Compared]:
    """Training questions left out of the index alone, and then out of what the model learned from too.

    The first line leaves nothing out: it shows what teaching the model anew changes by itself.
    """
    again = learned(contents.documents, contents.questions, work, report)
    with variant(contents, contents.questions, again, work, report) as repeated:
        yield compared("niets (model opnieuw geleerd)", "", whole, measured(repeated, gold))
    with variant(contents, (), corpus.embedder, work, report) as unasked:
        yield compared("vragen bij opname", "", whole, measured(unasked, gold))
    untaught = learned(contents.documents, (), work, report)
    with variant(contents, (), untaught, work, report) as unprepared:
        yield compared("vragen bij opname en in het leren", "", whole, measured(unprepared, gold))


if __name__ == "__main__":
    from evals.ablation_cli import main

    main()
