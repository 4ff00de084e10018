"""Whether what points into the corpus still stands: the places of gold questions, and citations of kept answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from answer import log
from answer.log_record import Record
from answer.records import Citation
from answer.replay import citations_of
from answer.replay_span import State, where_now
from evals.gate_records import Changes, Finding, Side, broken, first
from evals.gold import GoldQuestion
from evals.lint import BAD, Linted, lint

_STANDS: frozenset[State] = frozenset({"same", "moved"})


@dataclass(frozen=True, slots=True)
class Kept:
    """How many citations of kept answers are valid, moved, changed or gone, over how many answers."""

    answers: int
    same: int = 0
    moved: int = 0
    changed: int = 0
    gone: int = 0


def anchors(
    gold: Sequence[GoldQuestion], before: Side | None, after: Side, changed: Changes
) -> list[Finding]:
    """The places of gold questions that the candidate lost and the published snapshot had.

    In a document that is the same the reading got worse; where the evidence of a question went with its source, a
    person decides. Other places of changed documents, and those that were lost before, are told only.
    """
    known = {_key(one) for one in lint(gold, before) if one.status in BAD} if before else set()
    lost = [one for one in lint(gold, after) if one.status in BAD]
    fresh = [one for one in lost if before and _key(one) not in known]
    meant = changed.changed | changed.withdrawn
    worse = [one for one in fresh if one.document_id not in meant]
    disputed = [one for one in fresh if one.document_id in meant and one.field == "evidence"]
    return [
        *_broken("anchors", worse),
        *_broken("disputed", disputed),
        *_told_only(
            "anchors",
            "Plaatsen van goudvragen die er niet (meer) zo staan",
            [one for one in lost if one not in worse and one not in disputed],
        ),
    ]


def kept_answers(
    path: Path, before: Side | None, after: Side, changed: Changes
) -> tuple[Kept, list[Finding]]:
    """What became of every citation of every kept answer; one that broke in an unchanged document is a fault.

    Raises: StoreDamaged when the log cannot be read.
    """
    now, old = _Seen(after), _Seen(before)
    answers, counts = 0, Counter[State]()
    wrong: list[tuple[Record, Citation]] = []
    told: list[tuple[Record, Citation]] = []
    for record in log.records(path):
        answers += 1
        for citation in citations_of(record.entry):
            state = now.state(citation)
            counts[state] += 1
            if state in _STANDS:
                continue
            meant = citation.document_id in changed.changed | changed.withdrawn
            (told if meant or old.state(citation) not in _STANDS else wrong).append((record, citation))
    findings = broken(
        "kept", len(wrong), _answers(wrong), [c.document_id for _, c in wrong], [r.id for r, _ in wrong]
    )
    if told:
        message = f"Verwijzingen van bewaarde antwoorden die gewijzigd of weg zijn, met hun bron: {len(told)}. {_answers(told)}"
        documents = tuple(dict.fromkeys(c.document_id for _, c in told))
        findings.append(
            Finding("kept", message, tuple(dict.fromkeys(r.id for r, _ in told)), documents, False)
        )
    return Kept(answers, **{state: counts[state] for state in ("same", "moved", "changed", "gone")}), findings


class _Seen:
    """Where citations are in one snapshot, each looked up once."""

    def __init__(self, side: Side | None) -> None:
        self._side = side
        self._found: dict[tuple[str, int, int, str], State] = {}

    def state(self, citation: Citation) -> State:
        key = (citation.document_id, citation.start, citation.end, citation.text)
        if key not in self._found:
            document = self._side.document(citation.document_id) if self._side else None
            self._found[key] = where_now(document, citation).state
        return self._found[key]


def _key(one: Linted) -> tuple[str, str, int]:
    return one.id, one.field, one.position


def _broken(rule: str, lost: Sequence[Linted]) -> list[Finding]:
    return broken(rule, len(lost), _places(lost), [one.document_id for one in lost], [one.id for one in lost])


def _told_only(rule: str, title: str, lost: Sequence[Linted]) -> list[Finding]:
    if not lost:
        return []
    ids, documents = (tuple(dict.fromkeys(v)) for v in ([o.id for o in lost], [o.document_id for o in lost]))
    return [Finding(rule, f"{title}: {len(lost)}. {_places(lost)}", ids, documents, False)]


def _places(lost: Iterable[Linted]) -> str:
    return first(f"{o.id} {o.field}[{o.position}] in {o.document_id} ({o.status})" for o in lost)


def _answers(found: Iterable[tuple[Record, Citation]]) -> str:
    return first(f"{r.id} [{c.n}] {c.document_id}" for r, c in found)
