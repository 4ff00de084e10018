"""Every number of a claim traced: a cell of the ledger, a number in a cited span, or recomputed from these.

number -> written-out arithmetic -> cells with the same credit, phase, year and article -> cited text -> derivation
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from answer import derive
from answer.figures import Number, dutch
from answer.records import Figure
from answer.verify_arithmetic import explained, operand_faults, place_of, results, unstated
from answer.verify_direction import wrong_direction
from answer.verify_labels import Dimension
from answer.verify_marks import Mark
from answer.verify_numbers import Hedge, Told, agrees, hedge, in_span, number_words, told_numbers
from answer.verify_records import Fault
from answer.verify_source import Fact, Source, all_facts
from answer.verify_spans import of_span
from answer.verify_statement import Statement
from answer.verify_tags import NAMES, best, combined, fits, says, tagged, wrong_tags
from answer.verify_traced import Traced, figure, quoted, wrong_sign

# How far a number may be off by its unit alone: the same digits, or three zeros more or less.
_SLIPS = (Decimal(1), Decimal(1_000), Decimal("0.001"))
_MORE = re.compile(r"\s*(?:(?:keuro|euro|VAK|VEK|AO|TO|LO)\s+)*(?:meer|minder|hoger|lager)\b")
_CHANGED_BY = re.compile(
    r"\b(?:verschil|stijging|daling|toename|afname|(?:steeg|daalde|stijgt|daalt|gestegen|gedaald)\s+met|overschot|tekort)"
    r"(?:\s+(?:van|met))?\s*(?:€\s?)?$"
)


def trace_amounts(claim: Statement, sources: Sequence[Source]) -> tuple[list[Figure], list[Fault]]:
    """The figures of a claim and the faults of its numbers."""
    facts, told = all_facts(sources), told_numbers(sources)
    sums = derive.stated(claim.text)
    operands = {o.start: s for s in sums for o in s.operands}
    outcomes = results(claim, sums)
    figures: list[Figure] = []
    faults: list[Fault] = []
    for mark in claim.numbers:
        assert mark.number is not None, "a mark of this kind has its number"
        if mark.start in operands:
            faults += operand_faults(claim, mark, outcomes.get(operands[mark.start].start), facts, told)
            continue
        traced = _traced(claim, mark, mark.number, sums, outcomes, facts, told)
        figures += [traced.figure] if traced.figure else []
        faults += traced.faults
    faults += [
        Fault(x.dimension, f"‘{claim.text[x.start : x.end]}’ spreekt zichzelf tegen.")
        for x in claim.labels
        if not all(x.each)
    ]
    faults += _number_words(claim, told)
    faults += unstated(claim, sums, outcomes)
    faults += wrong_direction(claim.text, claim.labels, claim.numbers, facts)
    return figures, faults


def _traced(
    claim: Statement,
    mark: Mark,
    number: Number,
    sums: Sequence[derive.Stated],
    outcomes: dict[int, Mark],
    facts: Sequence[Fact],
    told: Sequence[Told],
) -> Traced:
    """One number: each way in turn, and the fault of the nearest miss when none leads to a source."""
    worked = [s for s in sums if outcomes.get(s.start) is mark]
    if worked:
        return explained(claim, mark, number, worked[0], facts, told)
    hedged = hedge(claim.text, mark.start)
    fitting = tagged(claim, mark)
    moved = _moved(claim.text, mark)
    equal = [
        f
        for f in facts
        if not (moved and f.phase) and number.unit != "%" and agrees(number, f.value, 1_000, 0, hedged)
    ]
    wrong = wrong_tags(equal, fitting)
    cell = _of_cell(claim, mark, number, best(equal, fitting)) if equal and not wrong else None
    if cell and not cell.faults:
        return cell
    spoken = of_span(claim, mark, number, told, hedged, strict=bool(equal))
    if spoken and not spoken.faults:
        return spoken
    derived = _derived(claim, mark, number, facts, told, hedged)
    if derived:
        return derived
    if wrong:
        detail = f"{quoted(claim, mark)} staat in de tabel, maar {NAMES[wrong]} klopt niet: {says(equal[0])}."
        return Traced(None, (Fault(wrong, detail),))
    return cell or spoken or Traced(None, (_missing(claim, mark, number, facts, told),))


def _moved(text: str, mark: Mark) -> bool:
    """Whether a number is said to be a change, which no cell of a phase is: `1.848 keuro VAK minder`."""
    return bool(_MORE.match(text, mark.end) or _CHANGED_BY.search(text, 0, mark.start))


def _of_cell(claim: Statement, mark: Mark, number: Number, fact: Fact) -> Traced:
    fault = wrong_sign(claim, mark, number, fact.value < 0, "")
    if fault:
        return Traced(None, (fault,))
    place = (fact.start, fact.end)
    if number.scale in (None, 1_000) and number.value == fact.value:
        return Traced(replace(figure(claim, mark, number, "cell", place), unit="keuro"))
    formula = f"{dutch(fact.value)} keuro ≈ {quoted(claim, mark)}"
    return Traced(figure(claim, mark, number, "derived", place, formula))


def _derived(
    claim: Statement,
    mark: Mark,
    number: Number,
    facts: Sequence[Fact],
    told: Sequence[Told],
    hedged: Hedge | None,
) -> Traced | None:
    """A number that the words announce as following from figures of what the claim is about."""
    tags = tagged(claim, mark)
    parts: tuple[Dimension, ...] = ("phase", "article")
    for dimension in parts:
        tags[dimension] = [claim.said(dimension) or claim.asked.get(dimension, frozenset())]
    tags = {d: [g for g in groups if g] for d, groups in tags.items()}
    about = [[f for f in facts if fits(f, chosen)] for chosen in combined(tags)]
    derived = [derive.from_facts(number, claim.text, each, hedged) for each in about if claim.said("phase")]
    if derived and derived[0] and all(derived):
        turned = wrong_sign(claim, mark, number, derived[0].value < 0, "")
        if turned:
            return Traced(None, (turned,))
        first = derived[0].facts[0]
        return Traced(figure(claim, mark, number, "derived", (first.start, first.end), derived[0].formula))
    others = [
        m.number
        for m in claim.numbers
        if m is not mark and m.number and any(in_span(m.number, t) for t in told)
    ]
    formula = derive.from_numbers(number, claim.text, others)
    if formula is None:
        return None
    turned = wrong_sign(claim, mark, number, False, "") if number.value < 0 else None
    if turned:
        return Traced(None, (turned,))
    return Traced(figure(claim, mark, number, "derived", place_of(others[0], facts, told), formula))


def _missing(
    claim: Statement, mark: Mark, number: Number, facts: Sequence[Fact], told: Sequence[Told]
) -> Fault:
    """What comes nearest to a number that stands nowhere: the same digits in another unit, or nothing."""
    said = {abs(number.value) * scale for scale in _SLIPS}
    if any(abs(f.value) in said for f in facts) or any(abs(t.number.value) in said for t in told):
        return Fault("unit", f"{quoted(claim, mark)} staat in de bron in een andere eenheid.")
    return Fault("figure", f"{quoted(claim, mark)} staat niet in de aangehaalde bron.")


def _number_words(claim: Statement, told: Sequence[Told]) -> list[Fault]:
    """A count in words (`drie jaar`) that the sources have neither in words nor in digits."""
    known = {abs(t.number.value) for t in told}
    return [
        Fault("figure", f"‘{claim.text[n.start : n.end]}’ staat niet in de aangehaalde bron.")
        for n in number_words(claim.text)
        if n.value not in known
    ]
