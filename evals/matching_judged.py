"""From a section of the coalition agreement to the decisions that carry out its promises, judged by reading.

`python -m evals.matching_judged --store DIR`. Twenty sections, drawn with a seed. Judged were the first ten decisions
that the matching found for each (`found: first`), the first ten of search as for a question (`question`) and what
searching by hand brought up beside them (`search`). Grade 2 carries out a promise of the section, its span says which
one; 1 is about the same subject; 0 is beside it. A sentence of the section counts as a promise where a reader takes it
so, whether or not extraction does. Decisions that a later way finds and nobody judged count as wrong, and their share
is shown.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, Literal, get_args
from unittest.mock import patch

import typer

from evals import EvalError, GoldInvalid
from ingest import IngestError
from ingest.embed import load_embedder
from retrieval import RetrievalError
from retrieval.corpus import Corpus, open_corpus
from retrieval.matching import DECISIONS, decisions_for
from retrieval.search import search

GOLD = Path(__file__).resolve().parent / "judged" / "section_decisions.jsonl"
K = 100
DEPTH = 10
CARRIES_OUT = 2
MEASURES = ("P@10 voert uit", "P@10 onderwerp", "nDCG@10", "R@10", "R@50", "onbeoordeeld@10")
Found = Literal["first", "question", "search"]
Way = Callable[[str], Iterable[str]]  # from a section's text to ids of decisions, best first


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thinks of a decision beside a section.

    `grade` is 0..2 and `promise` the span in the agreement that a decision of grade 2 carries out, None for lower
    grades. `searched` says whether the section was searched by hand, so that recall means something there.
    """

    commitment: str
    document_id: str
    grade: int
    promise: tuple[int, int] | None
    found: Found
    searched: bool
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One way: means over the sections, each 0..1, by `MEASURES`."""

    way: str
    sections: int
    means: Mapping[str, float]


def read_judgements(path: Path = GOLD) -> list[Judgement]:
    """The judgements of a file, one a line. Raises: GoldInvalid."""
    found: dict[tuple[str, str], Judgement] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise GoldInvalid(f"{path} is niet te lezen: {error}.") from error
    for number, line in enumerate(lines, 1):
        try:
            judgement = _judgement(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise GoldInvalid(f"{path}, regel {number}: geen geldig oordeel ({error!r}).") from error
        if (key := (judgement.commitment, judgement.document_id)) in found:
            raise GoldInvalid(f"{path}, regel {number}: {key[1]} is bij {key[0]} al beoordeeld.")
        found[key] = judgement
    if not found:
        raise GoldInvalid(f"{path} bevat geen oordelen.")
    return list(found.values())


def _judgement(record: Mapping[str, Any]) -> Judgement:
    promise = tuple(record["promise"]) if record["promise"] is not None else None
    judgement = Judgement(**{**record, "promise": promise})
    if judgement.grade not in (0, 1, CARRIES_OUT) or judgement.found not in get_args(Found):
        raise ValueError(f"grade {judgement.grade}, found {judgement.found}")
    if (judgement.grade == CARRIES_OUT) != (promise is not None and len(promise) == 2):
        raise ValueError("grade 2 en alleen die heeft een belofte met begin en einde")
    return judgement


def section_texts(corpus: Corpus, judgements: Sequence[Judgement]) -> dict[str, str]:
    """The text of every judged section by its id. Raises: GoldInvalid."""
    commitments = {c.id: c for c in corpus.commitments()}
    texts = {}
    for name in dict.fromkeys(j.commitment for j in judgements):
        commitment = commitments.get(name)
        document = corpus.document(commitment.document_id) if commitment else None
        if commitment is None or document is None:
            raise GoldInvalid(
                f"Sectie {name} staat niet in dit corpus: neem het regeerakkoord van de oordelen op."
            )
        texts[name] = document.text[commitment.start : commitment.end]
    return texts


def ways(corpus: Corpus) -> dict[str, Way]:
    """What is measured: the matching, search with the section's text, and search as for a question.

    Search hands a text of many words to the matching; the last way is what it would find without.
    """

    def searched(text: str) -> list[str]:
        return [e.meta.id for e in search(corpus, text, filters=DECISIONS, k=K)]

    def asked(text: str) -> list[str]:
        with patch("retrieval.search.is_long", lambda _: False):
            return searched(text)

    return {
        "decisions_for": lambda text: (match.meta.id for match in decisions_for(corpus, text, k=K)),
        "search": searched,
        "search, als een vraag": asked,
    }


def measured(
    ways: Mapping[str, Way], texts: Mapping[str, str], judgements: Sequence[Judgement]
) -> list[Line]:
    """A line for each way; a decision takes the first rank that it has."""
    lines = []
    for name, way in ways.items():
        ranked = {section: list(dict.fromkeys(way(text))) for section, text in texts.items()}
        lines.append(Line(name, len(texts), section_means(ranked, judgements)))
    return lines


def section_means(ranked: Mapping[str, Sequence[str]], judgements: Sequence[Judgement]) -> dict[str, float]:
    """`MEASURES` as means over the sections, as ir_measures defines them.

    Precision counts what nobody judged as wrong; nDCG leaves it out of the ranking, with grades as gains. Recall is of
    the known decisions of grade 2, over the sections that were searched by hand and have one.

    Source: T. Sakai, Alternatives to Bpref, SIGIR 2007 (condensed lists).
    """
    import ir_measures
    from ir_measures import P, R, nDCG

    judged: dict[str, dict[str, int]] = {section: {} for section in ranked}
    for j in judgements:
        judged[j.commitment][j.document_id] = j.grade
    whole = {section: _scored(found) for section, found in ranked.items()}
    condensed = {
        section: _scored([d for d in found if d in judged[section]]) for section, found in ranked.items()
    }
    of_searched = {j.commitment for j in judgements if j.searched and j.grade == CARRIES_OUT}
    known = {section: judged[section] for section in judged if section in of_searched}

    carries_out, subject = P(rel=CARRIES_OUT) @ DEPTH, P(rel=1) @ DEPTH
    first, deep = R(rel=CARRIES_OUT) @ DEPTH, R(rel=CARRIES_OUT) @ 50
    precision = ir_measures.calc_aggregate([carries_out, subject], judged, whole)
    gain = ir_measures.calc_aggregate([nDCG @ DEPTH], judged, condensed)
    recall = ir_measures.calc_aggregate([first, deep], known, {s: whole[s] for s in known}) if known else {}
    unjudged = [
        sum(d not in judged[section] for d in found[:DEPTH]) / DEPTH for section, found in ranked.items()
    ]
    values = (
        precision[carries_out],
        precision[subject],
        gain[nDCG @ DEPTH],
        recall.get(first, 0.0),
        recall.get(deep, 0.0),
        fmean(unjudged),
    )
    return {name: float(value) for name, value in zip(MEASURES, values, strict=True)}


def _scored(found: Sequence[str]) -> dict[str, float]:
    """Scores that keep an order: `["a", "b"]` -> `{"a": 2.0, "b": 1.0}`."""
    return {name: float(len(found) - rank) for rank, name in enumerate(found)}


def main(
    store: Annotated[Path, typer.Option(help="Opslag met het corpus.")] = Path("var/store"),
    gold: Annotated[Path, typer.Option(help="JSONL met oordelen.")] = GOLD,
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document.")] = False,
) -> None:
    """Meet hoe goed een sectie van het regeerakkoord de beslissingen vindt die haar beloften uitvoeren."""
    try:
        judgements = read_judgements(gold)
        with open_corpus(store, load_embedder(None)) as corpus:
            lines = measured(ways(corpus), section_texts(corpus, judgements), judgements)
    except (EvalError, IngestError, RetrievalError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n")
    else:
        show(lines)


def show(lines: Sequence[Line]) -> None:
    """Print a row for each way."""
    from rich.console import Console
    from rich.table import Table

    caption = (
        "Wat niemand beoordeelde telt voor P als fout en valt voor nDCG weg; R over de doorzochte secties."
    )
    table = Table(title="Van sectie naar beslissingen, beoordeeld door te lezen", caption=caption)
    for column in ("", "secties", *MEASURES):
        table.add_column(column, justify="left" if not column else "right")
    for line in lines:
        table.add_row(line.way, str(line.sections), *(f"{line.means[m]:.3f}" for m in MEASURES))
    Console(width=max(120, Console().width)).print(table)


if __name__ == "__main__":
    typer.run(main)
