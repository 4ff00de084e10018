"""Gold candidates from users' feedback, for a person to complete and accept.

    store/feedback.jsonl    one line a judgement: {"at", "answer", "question", "verdict", "comment"}

Nothing becomes gold by itself: a candidate says what it lacks, and only one whose places are proven is accepted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from answer.log_record import Record
from answer.replay import citations_of
from evals import GoldInvalid
from evals.anchors import anchor_of, check_of
from evals.gold import Texts, lines, parsed, read_gold
from evals.lint import BAD, lint
from ingest.files import exclusively, explained, replace, write_bytes

FEEDBACK = "feedback.jsonl"
TYPE = "feedback"  # what a candidate is until a person says better
Verdict = Literal["right", "wrong", "citation_wrong"]
VERDICTS: tuple[str, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One judgement of a kept answer: `answer` is its id in the log, `at` an ISO time; nothing says who judged."""

    at: str
    answer: str
    question: str
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question as a line of a gold file, and what a person still has to fill in, in Dutch."""

    line: Mapping[str, Any]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The ids that were added to a gold file, and why each of the others was not, in Dutch."""

    added: tuple[str, ...]
    refused: Mapping[str, str]


def keep_feedback(store: Path, feedback: Feedback) -> None:
    """Add a judgement, whole or not at all, from any thread or process. Raises: StoreDamaged."""
    path = store / FEEDBACK
    with explained(store), exclusively(path.with_suffix(".lock")):
        before = path.read_bytes() if path.is_file() else b""
        aside = path.with_suffix(".tmp")
        write_bytes(aside, before + json.dumps(asdict(feedback), ensure_ascii=False).encode() + b"\n")
        replace(aside, path)


def read_feedback(path: Path) -> list[Feedback]:
    """Every judgement, the oldest first; none when there is no file. Raises: GoldInvalid, with the line."""
    found = []
    for place, line in lines(path) if path.is_file() else []:
        try:
            fields = json.loads(line)
            if fields["verdict"] not in VERDICTS:
                raise ValueError(f"verdict is {fields['verdict']!r}; verwacht wordt {', '.join(VERDICTS)}")
            found.append(Feedback(**fields))
        except (ValueError, KeyError, TypeError) as error:
            raise GoldInvalid(f"{path}, regel {place}: {error}") from error
    return found


def candidates(feedback: Sequence[Feedback], records: Mapping[str, Record], corpus: Texts) -> list[Candidate]:
    """A candidate for each answer that was judged, by its last judgement; one that the log does not have is left out.

    What was right gives its citations as evidence and its figures as facts; what was wrong gives the question alone.
    """
    last = {one.answer: one for one in feedback}
    return [_candidate(one, records[name], corpus) for name, one in last.items() if name in records]


def accept(path: Path, into: Path, corpus: Texts, only: Sequence[str] = ()) -> Accepted:
    """Add the complete candidates of a file to a gold file, all or those of these ids. Raises: GoldInvalid."""
    known = {q.id for q in read_gold([into])} if into.is_file() else set()
    added: dict[str, str] = {}
    refused: dict[str, str] = {}
    for _, line in lines(path):
        name = str(json.loads(line).get("id"))
        if only and name not in only:
            continue
        why = "staat er al" if name in known | added.keys() else _lacking(line, corpus)
        if why:
            refused[name] = why
        else:
            added[name] = line
    if added:
        before = into.read_bytes() if into.is_file() else b""
        aside = into.with_name(f"{into.name}.new")
        write_bytes(aside, before + "".join(f"{line}\n" for line in added.values()).encode())
        replace(aside, into)
    return Accepted(tuple(added), refused)


def _candidate(one: Feedback, record: Record, corpus: Texts) -> Candidate:
    answer = record.entry.answer
    is_right = one.verdict == "right"
    evidence = list(_evidence(record, corpus)) if is_right else []
    facts = [f["text"] for claim in answer["claims"] for f in claim["figures"]] if is_right else []
    answerable = not (is_right and answer["status"] == "refused")
    line = {
        "id": f"feedback-{record.id}",
        "type": TYPE if answerable else "unanswerable",
        "lang": "nl",
        "question": record.entry.question,
        "history": [asdict(turn) for turn in record.entry.history],
        "answerable": answerable,
        "doc": evidence[0]["doc"] if evidence else None,
        "evidence": evidence,
        "alt_evidence": [],
        "answer_facts": list(dict.fromkeys(facts)),
        "reference_answer": answer["answer"] if is_right else "",
        "comment": one.comment,
        "verdict": one.verdict,
    }
    lacks = []
    if answerable and not evidence:
        lacks.append("evidence: de plaats in het document waar het antwoord staat")
    if answerable and not facts:
        lacks.append("answer_facts: wat een juist antwoord noemt")
    return Candidate(line, tuple(lacks))


def _evidence(record: Record, corpus: Texts) -> Iterator[dict[str, Any]]:
    """The citations that still stand where they were, as places with their anchor."""
    for citation in citations_of(record.entry):
        document, span = corpus.document(citation.document_id), (citation.start, citation.end)
        if document is not None and document.text[slice(*span)] == citation.text:
            yield {
                "doc": citation.document_id,
                "start": citation.start,
                "end": citation.end,
                "anchor": anchor_of(document.text, span),
                "check": check_of(document.text, span),
            }


def _lacking(line: str, corpus: Texts) -> str:
    """Why a line is no gold question yet; empty when it is one."""
    try:
        question = parsed(line)
    except ValueError as error:
        return str(error)
    if question.answerable and not question.answer_facts:
        return "answer_facts ontbreekt: noem wat een juist antwoord bevat"
    lost = [one for one in lint([question], corpus) if one.status in BAD]
    return f"{lost[0].field}[{lost[0].position}] staat niet in {lost[0].document_id}" if lost else ""
