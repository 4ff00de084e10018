"""The runs that a gate compares: the gold questions of a corpus, asked of the candidate and of what is published.

    store/evals/SNAPSHOT-CODE/    a run, kept for each snapshot and code; an interrupted one goes on

What is published is held to the run that it was published with, by the code of then: a change of the code that makes
answers worse shows as much as a change of the documents.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from evals.gate_records import Side
from evals.gold import GoldQuestion, read_gold, resolved
from evals.history import read_updates, run_folder
from evals.measures import Row, measure
from evals.run import MEASURED, Asking, Report, Run, Searching, read_run, run
from ingest.embed import Embedder
from retrieval.corpus import Corpus, open_corpus

_BELONGS = 0.5  # a gold file is of a corpus that holds the places of more than this share of its questions


@dataclass(frozen=True, slots=True)
class Runner:
    """How questions are asked; `code` names what decides the answers."""

    searching: Searching
    asking: Asking
    code: str
    report: Report

    def run(self, corpus: Corpus, gold: Sequence[GoldQuestion], store: Path) -> Run:
        """A snapshot's run, gone on with where it is kept. Raises: RunInvalid."""
        out = run_folder(store, corpus.version, self.code)
        named = {"searching": self.searching, "asking": self.asking}
        return run(corpus, gold, out, code=self.code, report=self.report, **named)  # type: ignore[arg-type]


def gold_of(documents: Collection[str], paths: Sequence[Path] = ()) -> list[GoldQuestion]:
    """The questions of these files, all of them; else those of `evals/gold` that a corpus of `documents` can answer.

    Of a file of which the corpus can answer most, the questions whose places are all in it, and those without an
    answer. Raises: GoldInvalid.
    """
    if paths:
        return read_gold(paths)
    named = [
        Path(str(entry)) for entry in (files("evals") / "gold").iterdir() if entry.name.endswith(".jsonl")
    ]
    questions: dict[str, GoldQuestion] = {}
    for path in sorted(named):
        of_file = read_gold([path])
        held = [q for q in of_file if {piece.doc for piece in q.evidence} <= set(documents)]
        if sum(q.answerable for q in held) > _BELONGS * sum(q.answerable for q in of_file):
            questions |= {q.id: q for q in held}
    return list(questions.values())


def published_run(
    store: Path, before: Side, gold: Sequence[GoldQuestion], runner: Runner, embedder: Embedder
) -> Run:
    """The run that the published snapshot was published with; one by the code of today when there is none.

    Raises: RunInvalid; WrongEmbedder when there is none and the snapshot was made with another model.
    """
    version = before.manifest.id
    codes = [u.code for u in read_updates(store) if u.published and u.candidate == version]
    if codes and codes[-1] != runner.code:
        folder = run_folder(store, version, codes[-1])
        if (folder / MEASURED).is_file():
            return read_run(folder)
    with open_corpus(store, embedder, version) as corpus:
        return runner.run(corpus, gold, store)


def rows_of_both(
    gold: Sequence[GoldQuestion], before: Side, old: Run, after: Side, new: Run
) -> tuple[list[Row], list[Row]]:
    """The measures of the questions that both runs were asked in the same words, places as each snapshot has them."""
    both = [q for q in gold if old.questions.get(q.id, {}).get("question") == q.question]
    return (
        measure([resolved(q, before) for q in both], old.results),
        measure([resolved(q, after) for q in both], new.results),
    )
