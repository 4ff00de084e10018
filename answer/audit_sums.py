"""Listed amounts against their total, and parts that are larger than what they are a part of."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from answer.audit_records import Finding, Kind, Severity, places
from answer.audit_subjects import Subject, amounts_of
from answer.figures import dutch
from ingest.budget.amounts import Amount
from ingest.budget.records import Credit
from ingest.budget.statements import Statement
from ingest.records import Document

Spans = list[tuple[int, int]]

_MADE_OF = re.compile(r"\s*,?\s*(?:bestaande\s+uit|samengesteld\s+uit|namelijk)\s")
_OF_WHICH = re.compile(r"\s*[,(]?\s*waarvan\s")
_LIST = re.compile(
    r"\bwaarvan\s*:|\b(?:opgedeeld|opgesplitst|verdeeld)\s+in\s[^.;]*:|\bbestaat\s+uit\s*:", re.DOTALL
)
_PARTLY = re.compile(
    r"(?:bestaat|bestond)\s+(?:deels|gedeeltelijk|voor\s+een\s+(?:klein\s+)?deel)\s+uit\s+(?:\w+\s+){0,4}$"
)
_THAT = re.compile(r"\s*Dit\s+bedrag\b")
_HOLDS = re.compile(
    r"\b(?:aanrekeningen|uitvoering|begrotingsuitvoering|uitgevoerde?\s+bedrag)\b[^.]*?\bomva(?:t|tten)\s+een\s+bedrag\s+van\s+$",
    re.DOTALL,
)
_RISE = re.compile(r"\b(?:toegenomen|toenam|afgenomen|afnam)\s+met\s")
_THIS_RISE = re.compile(
    r"Deze\s+(?:toename|stijging|afname|daling)\s+situeert\s+zich\s+(?:hoofdzakelijk|grotendeels|voornamelijk|volledig)\b"
)
_FEWEST = 3


def sums(document: Document, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Sums that do not come out and parts that do not fit, within the text of each subject."""
    for subject in subjects:
        for index, statement in enumerate(subject.statements):
            found = amounts_of(document, statement)
            yield from _listed(document, subject, index, found)
            yield from _in_sentence(document, statement, found)
            yield from _partly(document, subject, index, found)
            yield from _of_rise(document, subject, index, found)
        yield from _in_brackets(document, subject)


def _listed(document: Document, subject: Subject, index: int, found: Sequence[Amount]) -> Iterator[Finding]:
    """ "8.140 keuro waarvan:" and a list below it, whose items each begin with or name one amount first."""
    statement = subject.statements[index]
    items = [s for s in subject.statements[index + 1 :] if s.lead == (statement.start, statement.end)]
    head = _LIST.search(document.text, statement.start, statement.end)
    before = [amount for amount in found if head and amount.end <= head.end()]
    if not head or len(items) < 2 or len(before) != 1:
        return
    parts = [named[0] for item in items if (named := amounts_of(document, item))]
    if len(parts) == len(items):
        yield from _compared(document, before[0], parts, [(statement.start, statement.end), *_spans(items)])


def _in_sentence(document: Document, statement: Statement, found: Sequence[Amount]) -> Iterator[Finding]:
    """ "X bestaande uit A en B"; "X waarvan A" where A is more than X."""
    for index, whole in enumerate(found):
        rest = found[index + 1 :]
        span = (statement.start, statement.end)
        if _MADE_OF.match(document.text, whole.end, statement.end) and len(rest) > 1:
            yield from _compared(document, whole, rest, [(whole.start, whole.end), span])
        elif _OF_WHICH.match(document.text, whole.end, statement.end) and rest:
            part = rest[0]
            same = not part.credits or not whole.credits or part.credits == whole.credits
            if same and part.keuro > whole.keuro > 0:
                yield _part(document, part, whole.keuro, [(whole.start, whole.end), span])


def _partly(document: Document, subject: Subject, index: int, found: Sequence[Amount]) -> Iterator[Finding]:
    """ "Het uitgevoerde bedrag van X bestaat deels uit Y"; "de aanrekeningen omvatten een bedrag van Y"."""
    statement = subject.statements[index]
    for at, part in enumerate(found):
        before = document.text[statement.start : part.start]
        span = [(statement.start, statement.end)]
        if _PARTLY.search(before):
            wholes = list(found[:at])
            if _THAT.match(before) and index:
                wholes = amounts_of(document, subject.statements[index - 1])
                span.append((subject.statements[index - 1].start, subject.statements[index - 1].end))
            fitting = [
                w.keuro for w in wholes if not w.credits or not part.credits or part.credits[0] in w.credits
            ]
            if fitting and part.keuro > max(fitting):
                rows = [row for c in subject.credits(part) for row in subject.rows(c, "uitgevoerd")]
                yield _part(document, part, max(fitting), span + rows[:1])
        elif _HOLDS.search(before) and subject.code:
            used: tuple[Credit, ...] = subject.credits(part)
            done = [v for c in used if (v := subject.value("uitgevoerd", c)) is not None]
            if done and part.keuro > max(done) > 0:
                rows = [row for c in used for row in subject.rows(c, "uitgevoerd")]
                yield _part(document, part, max(done), span + rows[:1])


def _of_rise(document: Document, subject: Subject, index: int, found: Sequence[Amount]) -> Iterator[Finding]:
    """ "toegenomen met X. Deze toename situeert zich hoofdzakelijk ... Y" where Y is more: net against gross."""
    statement = subject.statements[index]
    if not index or not found or not _THIS_RISE.match(document.text, statement.start):
        return
    before = subject.statements[index - 1]
    if not _RISE.search(document.text, before.start, before.end):
        return
    wholes = amounts_of(document, before)
    if wholes and found[0].keuro > max(whole.keuro for whole in wholes) > 0:
        yield _part(document, found[0], max(w.keuro for w in wholes), _spans([before, statement]), "remark")


def _in_brackets(document: Document, subject: Subject) -> Iterator[Finding]:
    """A run of amounts between brackets that misses the executed amount by no more than rounding."""
    text = document.text
    named = [
        (amount, statement)
        for statement in subject.statements
        for amount in amounts_of(document, statement)
        if text[amount.end : amount.end + 1] == ")"
        and "(" in text[max(statement.start, amount.start - 8) : amount.start]
    ]
    runs = [named[a:b] for a in range(len(named)) for b in range(a + _FEWEST, len(named) + 1)]
    for (moment, credit), cell in subject.figures.items():
        if moment != "uitgevoerd" or cell.value < 100:
            continue
        off = [(abs(sum(a.keuro for a, _ in run) - cell.value), -len(run), run) for run in runs]
        if not off or min(off, key=lambda o: o[:2])[0] == 0:
            continue
        gap, _, run = min(off, key=lambda o: o[:2])
        if gap <= Decimal(len(run)) / 2:
            whole = Amount(cell.value, False, (credit,), False, cell.start, cell.end)
            spans = [*_spans([s for _, s in run]), (cell.row_start, cell.row_end)]
            yield from _compared(document, whole, [a for a, _ in run], spans)
            return


def _compared(document: Document, whole: Amount, parts: Sequence[Amount], spans: Spans) -> Iterator[Finding]:
    """A finding when the parts do not add up to the whole; half a keuro of rounding for each of them."""
    total = sum((part.keuro for part in parts), Decimal())
    gap = abs(total - whole.keuro)
    if not gap:
        return
    rounding = gap <= Decimal(len(parts) + 1) / 2
    sign = " + ".join(dutch(part.keuro) for part in parts).replace("+ -", "- ")
    why = " Afronding van de delen kan dat verklaren." if rounding else ""
    message = f"De delen geven {sign} = {dutch(total)} keuro, niet {dutch(whole.keuro)}.{why}"
    severity: Severity = "rounding" if rounding else "error"
    yield _finding("sum", severity, message, total, whole.keuro, document, spans, whole.start)


def _part(
    document: Document, part: Amount, whole: Decimal, spans: Spans, severity: Severity = "error"
) -> Finding:
    message = (
        f"{dutch(part.keuro)} keuro heet een deel van {dutch(whole)} keuro, maar is "
        f"{dutch(part.keuro)} - {dutch(whole)} = {dutch(part.keuro - whole)} keuro groter."
    )
    return _finding("part", severity, message, whole, part.keuro, document, spans, part.start, "hoogstens ")


def _finding(
    kind: Kind,
    severity: Severity,
    message: str,
    expected: Decimal,
    found: Decimal,
    document: Document,
    spans: Spans,
    at: int,
    bound: str = "",
) -> Finding:
    return Finding(
        kind, severity, message, f"{bound}{dutch(expected)}", dutch(found), places(document, spans, at)
    )


def _spans(statements: Sequence[Statement]) -> Spans:
    return [(statement.start, statement.end) for statement in statements]
