"""The gate: a candidate is built, run and compared, and published only when nothing that is protected fell.

    build -> prove -> run -> compare -> look at places and rules -> decide -> record -> publish

The store is held from the first to the last; who reads it reads the published snapshot all the while.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from answer.ask import ask
from evals.gate_measures import fallen, touched
from evals.gate_places import Kept, anchors, kept_answers
from evals.gate_prompts import prompts
from evals.gate_records import Finding, changes, side
from evals.gate_rules import corpus_rules, spans
from evals.gate_runs import Runner, gold_of, published_run, rows_of_both
from evals.history import Decision, Update, keep_update
from evals.measures import Row, summary
from evals.run import Asking, Report, Searching, code_hash
from ingest import snapshot
from ingest.build import Ingested, build_candidate, publish
from ingest.embed import Embedder
from ingest.files import lock
from ingest.sources import find_sources
from retrieval.corpus import open_corpus
from retrieval.search import search


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gate makes of a candidate: what was found, and the means of its run.

    `before` is the snapshot that was published, None for the first. `compared` counts the questions that both were
    asked in the same words; `compared_before` and `compared_after` are the means over those.
    """

    built: Ingested
    before: str | None
    forced: bool
    findings: tuple[Finding, ...]
    kept: Kept
    questions: int
    compared: int
    compared_before: dict[str, float]
    compared_after: dict[str, float]
    measures: dict[str, float]

    @property
    def stopped(self) -> tuple[Finding, ...]:
        """The findings for which a candidate is kept back."""
        return tuple(finding for finding in self.findings if finding.stops)

    @property
    def decision(self) -> Decision:
        """What becomes of the candidate."""
        if self.stopped:
            return "forced" if self.forced else "kept"
        return "published" if self.built.changed else "unchanged"

    def as_json(self) -> dict[str, Any]:
        """What `wijzer corpus update --json` prints."""
        return {"decision": self.decision, **asdict(self)}


def update(
    places: Sequence[Path],
    store: Path,
    embedder: Embedder,
    *,
    answers: Path,
    who: str,
    gold: Sequence[Path] = (),
    force: bool = False,
    use_questions: bool = True,
    thesaurus: Path | None = None,
    report: Report = lambda *_: None,
    searching: Searching = search,
    asking: Asking = ask,
    code: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Gated:
    """Make the corpus hold what lies at `places`, and publish it when the gate finds nothing, or is forced.

    `answers` is the log of kept answers, `gold` the questions in place of those that come with the project. A
    candidate that is kept back stays in the store until the next one is published.

    Raises: IngestError, EvalError, RetrievalError; then nothing was published.
    """
    with lock(store):
        before = snapshot.current(store)
        built = build_candidate(
            places, store, embedder, use_questions=use_questions, report=report, thesaurus=thesaurus
        )
        old, new = (side(store, before) if before else None), side(store, built.snapshot)
        changed = changes(old, new)
        questions = gold_of({*new.documents, *(old.documents if old else ())}, gold)
        runner = Runner(searching, asking, code or code_hash(), report)
        sources = [find_sources(place) for place in places]
        with open_corpus(store, embedder, built.snapshot) as corpus:
            found = [*prompts(corpus), *corpus_rules(old, new, changed, sources, embedder, now().date())]
            ran = runner.run(corpus, questions, store)
        found += spans({q.id: ran.results[q.id] for q in questions}, new)
        found += anchors(questions, old, new, changed)
        kept, broken = kept_answers(answers, old, new, changed)
        of_old, of_new = list[Row](), list[Row]()
        if old:
            published = published_run(store, old, questions, runner, embedder)
            of_old, of_new = rows_of_both(questions, old, published, new, ran)
            found += [*fallen(of_old, of_new), *touched(questions, of_old, of_new, changed)]
        gated = Gated(
            built,
            before,
            force,
            (*found, *broken),
            kept,
            len(questions),
            len(of_old),
            summary(of_old).get("all", {}),
            summary(of_new).get("all", {}),
            summary(ran.rows).get("all", {}),
        )
        keep_update(store, _record(gated, places, runner.code, who, now()))
        if gated.decision in ("published", "forced"):
            publish(store, built)
    return gated


def _record(gated: Gated, places: Sequence[Path], code: str, who: str, at: datetime) -> Update:
    return Update(
        at=at.isoformat(timespec="seconds"),
        who=who,
        sources=tuple(map(str, places)),
        before=gated.before,
        candidate=gated.built.snapshot,
        code=code,
        decision=gated.decision,
        stopped=tuple(finding.message for finding in gated.stopped),
        told=tuple(finding.message for finding in gated.findings if not finding.stops),
        measures=gated.measures,
    )
