"""Many memos into one folder: what is whole is left alone, what fails is reported, the rest goes on."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from answer.log_record import code_hash
from answer.memo_records import Memo
from api.memos import MemosError
from api.memos.batch_choose import Named, named
from api.memos.batch_records import Composed, Composer, Done, Failed, Result, Same, Task, Work, Written
from api.memos.index import write_index
from api.memos.state import Folder, Kept, is_comparison, read_memo
from retrieval.corpus import Corpus

EXTRACTIVE = "extractive"

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What the memos of a run are made from: the snapshot, all its commitments, and the model (or `extractive`)."""

    snapshot: str
    commitments: Named
    mode: str = EXTRACTIVE

    @property
    def run(self) -> str:
        """The same for two runs whose memos rest on the same evidence without asking."""
        return f"{self.snapshot} {self.mode} {code_hash('api.memos')[:16]}"


def source_of(corpus: Corpus, mode: str = EXTRACTIVE) -> Source:
    """What memos are made from, of an open corpus."""
    return Source(corpus.version, named(corpus.commitments()), mode)


def run(
    folder: Path,
    source: Source,
    chosen: Sequence[str],
    work: Work,
    *,
    formats: Sequence[str],
    report: Report,
) -> Done:
    """Write the chosen memos, then the index; what an earlier run wrote on the same evidence is left as it is.

    Raises: StoreBusy when another run writes there; MemosError. What is written by then stays, and the same call goes
    on from it.
    """
    with Folder(folder) as kept:
        tasks = [_in_mode(kept, source, _task(kept, source, name, formats)) for name in chosen]
        return _run(kept, source, tasks, work, report)


def update(folder: Path, source: Source, work: Work, *, report: Report) -> Done:
    """Write again, in the formats that they have, the memos of a folder whose evidence changed, then the index.

    A file that someone removed is not brought back for that alone. Raises: as `run`.
    """
    with Folder(folder) as kept:
        every = sorted({f for known in kept.memos.values() for f in _formats(known)})
        tasks = [
            replace(_task(kept, source, name, _formats(known) or every), missing=())
            for name, known in kept.memos.items()
            if name in source.commitments
        ]
        return _run(kept, source, tasks, work, report)


def _run(kept: Folder, source: Source, tasks: Sequence[Task], work: Work, report: Report) -> Done:
    gone = tuple(name for name in kept.memos if name not in source.commitments)
    due = [task for task in tasks if not _is_whole(kept, source, task)]
    unchanged = [task.name for task in tasks if task not in due]
    written: list[Written] = []
    failed: list[Failed] = []
    report("memo's", len(unchanged), len(tasks))
    with closing(work(due)) as results:
        for result in results:
            match result:
                case Failed():
                    failed.append(result)
                case Same(task=task):
                    _complete(kept, source, result)
                    unchanged.append(task.name)
                case Composed():
                    written.append(_keep(kept, source, result))
            report("memo's", len(unchanged) + len(written) + len(failed), len(tasks))
    done = Done(kept.path, source.snapshot, tuple(written), tuple(unchanged), tuple(failed), gone)
    write_index(kept, done, [*source.commitments])
    return done


def compose(corpus: Corpus, composer: Composer, task: Task) -> Result:
    """One memo in all its formats, with what changed; whatever goes wrong with it is told as a value."""
    try:
        return _compose(corpus, composer, task)
    except MemosError as error:
        return Failed(task.name, str(error))
    except Exception as error:  # one memo that cannot be made must not stop the others
        return Failed(task.name, f"{type(error).__name__}: {error}")


def _compose(corpus: Corpus, composer: Composer, task: Task) -> Result:
    before = read_memo(task.record) if task.record else None
    if before and task.evidence and task.evidence == composer.evidence(corpus, task.commitment):
        return Same(task, {f: composer.formats[f](before) for f in task.missing})
    memo = composer.memo(corpus, task.commitment)
    if not _says_something(memo):
        return Failed(
            task.name, "de memo doet geen uitspraak en zegt ook niet dat er geen beslissing gevonden is"
        )
    if before and task.evidence and _says_the_same(before, memo):
        files = {f: composer.formats[f](before) for f in task.missing}
        return Same(task, files, replace(before, evidence=memo.evidence))
    made = {f: composer.formats[f](memo) for f in task.formats}
    if before is None:
        return Composed(task, memo, made, ())
    changes, comparison = composer.compare(before, memo)
    return Composed(task, memo, {**made, **comparison}, changes)


def _says_something(memo: Memo) -> bool:
    return bool(memo.claims() or memo.not_found or any(p.status == "niet_gevonden" for p in memo.promises))


def _says_the_same(before: Memo, now: Memo) -> bool:
    """Whether two memos differ only in when and on which snapshot they were made."""
    made = {
        "corpus_version": now.corpus_version,
        "evidence": now.evidence,
        "made_on": now.made_on,
        "trace": now.trace,
    }
    return replace(before, **made) == now  # type: ignore[arg-type]


def _task(kept: Folder, source: Source, name: str, formats: Sequence[str]) -> Task:
    """The formats that are asked for and those that are there already, so that none stays behind."""
    known = kept.memos.get(name)
    wanted = tuple(dict.fromkeys([*formats, *(_formats(known) if known else ())]))
    evidence = known.evidence if known else None
    return Task(
        name, source.commitments[name], wanted, kept.missing(name, wanted), evidence, kept.record(name)
    )


def _formats(known: Kept) -> list[str]:
    return sorted({file.rpartition(".")[2] for file in known.files if not is_comparison(file)})


def _in_mode(kept: Folder, source: Source, task: Task) -> Task:
    """A task whose version before was made with another model is due, whatever it rests on."""
    known = kept.memos.get(task.name)
    return task if known is None or known.mode == source.mode else replace(task, evidence=None)


def _is_whole(kept: Folder, source: Source, task: Task) -> bool:
    known = kept.memos.get(task.name)
    if known is None or task.evidence is None or task.record is None:
        return False
    return known.run == source.run and not task.missing


def _complete(kept: Folder, source: Source, result: Same) -> None:
    name = result.task.name
    known = replace(kept.memos[name], run=source.run)
    if result.memo is not None:
        known = replace(known, evidence=result.memo.evidence)
    if known != kept.memos[name] or result.files:
        kept.write(name, known, result.memo, result.files)


def _keep(kept: Folder, source: Source, result: Composed) -> Written:
    name, memo = result.task.name, result.memo
    known = kept.memos.get(name)
    now = Kept(
        commitment=result.task.commitment,
        title=memo.title,
        statuses=dict(Counter(promise.status for promise in memo.promises)),
        evidence=memo.evidence,
        mode=source.mode,
        snapshot=memo.corpus_version,
        made_on=memo.made_on,
        run=source.run,
    )
    names = kept.write(name, now, memo, result.files)
    beside = tuple(file for suffix, file in names.items() if file != f"{name}.{suffix}")
    return Written(name, names, beside, result.changes, not (known and known.evidence))
