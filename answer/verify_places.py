"""Whether the years, dates, article codes and other printed marks of a claim are those of its sources."""

import re
from collections.abc import Sequence

from answer.verify_context import Context, context, contradicted
from answer.verify_marks import Mark, MarkKind, marks
from answer.verify_numbers import source_labels, source_marks, source_words
from answer.verify_records import Fault
from answer.verify_source import Source
from answer.verify_statement import Statement
from ingest.budget.codes import candidates, canonical, find_codes

_FROM_TO = re.compile(
    r"\b(?:van|uit)\s+(?P<source>.{3,200}?)\s+naar\s+(?P<target>.{3,200}?)(?=[:;]|\.\s|\.$|$)", re.I
)
_YEAR_IN = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def wrong_places(claim: Statement, sources: Sequence[Source]) -> list[Fault]:
    """The faults of a claim's years, dates, codes and other marks with digits."""
    faults = []
    for mark in claim.marks:
        fault = _CHECKS[mark.kind](claim, mark, sources) if mark.kind in _CHECKS else None
        faults += [fault] if fault else []
    faults += _other_labels(claim, sources)
    return faults + _turned_round(claim.text, sources)


def _code(claim: Statement, mark: Mark, sources: Sequence[Source]) -> Fault | None:
    known = {c for s in sources for c in s.codes}
    if not any(_same_code(mark.value, c) for c in known):
        return Fault("article", f"Begrotingsartikel {mark.value} staat niet in de aangehaalde bron.")
    if _elsewhere(claim, mark, sources, "code"):
        return Fault("article", f"In de bron staat op de plaats van {mark.value} een ander artikel.")
    return None


def _year(claim: Statement, mark: Mark, sources: Sequence[Source]) -> Fault | None:
    if mark.value not in {y for s in sources for y in _years(s)}:
        return Fault("year", f"Het jaar {mark.value} staat niet in de aangehaalde bron.")
    if _elsewhere(claim, mark, sources, "year"):
        return Fault("year", f"In de bron staat op de plaats van {mark.value} een ander jaar.")
    return None


def _date(claim: Statement, mark: Mark, sources: Sequence[Source]) -> Fault | None:
    known = {m.value for s in sources for m in (*source_marks(s), *marks(s.around)) if m.kind == "date"}
    years = {y for s in sources for y in _years(s)}
    value = mark.value
    partly = value[:4] in years and value[5:] in known
    if not (partly or any(d == value or d.startswith(f"{value}-") or d.endswith(f"-{value}") for d in known)):
        return Fault(
            "year", f"De datum {claim.text[mark.start : mark.end]} staat niet in de aangehaalde bron."
        )
    if _elsewhere(claim, mark, sources, "date"):
        return Fault("year", f"In de bron staat op de plaats van {value} een andere datum.")
    return None


def _other(claim: Statement, mark: Mark, sources: Sequence[Source]) -> Fault | None:
    """What else has a digit stands in the sources as printed, or is part of a phase (`2e BA`)."""
    if any(x.start <= mark.start and mark.end <= x.end for x in claim.labels):
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(mark.value)}(?!\w)")
    if any(pattern.search(f"{s.text}\n{s.around}".lower()) for s in sources):
        return None
    return Fault("figure", f"‘{claim.text[mark.start : mark.end]}’ staat niet in de aangehaalde bron.")


_CHECKS = {"code": _code, "year": _year, "date": _date, "other": _other}


def _same_code(claimed: str, known: str) -> bool:
    return claimed == known or bool(
        (canonical(known) and candidates(claimed, [known])) or candidates(known, [claimed])
    )


def _years(source: Source) -> set[str]:
    """The years that a source speaks of; the day on which a report came out is not one of them."""
    headings = source.around.replace(source.citation.date or "\0", " ")
    found = set(_YEAR_IN.findall(f"{source.text}\n{headings}"))
    return found | {str(f.year) for f in source.facts} | ({str(source.year)} if source.year else set())


def _elsewhere(claim: Statement, mark: Mark, sources: Sequence[Source], kind: MarkKind) -> bool:
    """Whether the sources have another mark of the kind where the claim has this one."""
    mine = context(claim.words, mark.start, mark.end)
    same: list[Context] = []
    others: list[Context] = []
    for source in sources:
        for m in source_marks(source):
            if m.kind == kind:
                place = context(source_words(source), m.start, m.end)
                (same if m.value == mark.value else others).append(place)
    return contradicted(mine, same, others)


def _other_labels(claim: Statement, sources: Sequence[Source]) -> list[Fault]:
    """A credit or a phase where the text of the sources has another one."""
    faults = []
    for label in claim.labels:
        if label.dimension in ("year", "article") or len(label.each) > 1:
            continue
        mine = context(claim.words, label.start, label.end)
        same: list[Context] = []
        others: list[Context] = []
        for source in sources:
            for x in source_labels(source):
                if x.dimension == label.dimension:
                    place = context(source_words(source), x.start, x.end)
                    (same if x.values & label.values else others).append(place)
        if contradicted(mine, same, others):
            said = claim.text[label.start : label.end]
            faults.append(Fault(label.dimension, f"In de bron staat op de plaats van ‘{said}’ iets anders."))
    return faults


def _turned_round(text: str, sources: Sequence[Source]) -> list[Fault]:
    """A reallocation that goes the other way: `van A naar B` where the ledger has it from B to A."""
    moves = {f.codes for s in sources for f in s.facts if len(f.codes) > 1}
    match = _FROM_TO.search(text)
    if not moves or match is None:
        return []
    said = [m.code for m in find_codes(match["source"])], [m.code for m in find_codes(match["target"])]
    for a in said[0]:
        for b in said[1]:
            told = [m for m in moves if a in m and b in m]
            if told and all(m.index(a) > m.index(b) for m in told):
                return [Fault("article", f"De bron verschuift van {b} naar {a}, niet omgekeerd.")]
    return []
