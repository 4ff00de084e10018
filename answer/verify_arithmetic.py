"""Arithmetic that a claim writes out: its parts stand in the sources and it gives what the claim says."""

from collections.abc import Sequence

from answer import derive
from answer.figures import Number
from answer.verify_labels import DIMENSIONS
from answer.verify_marks import Mark
from answer.verify_numbers import Told, agrees, in_span
from answer.verify_records import Fault
from answer.verify_source import Fact
from answer.verify_statement import Statement
from answer.verify_tags import NAMES, Tags, tagged, wrong_tags
from answer.verify_traced import Traced, figure, quoted, wrong_sign


def results(claim: Statement, sums: Sequence[derive.Stated]) -> dict[int, Mark]:
    """For each written-out sum the number that it explains: behind the equals sign, else the last one before it."""
    found = {}
    operands = {o.start for s in sums for o in s.operands}
    for stated in sums:
        after = [m for m in claim.numbers if stated.result and m.start == stated.result.start]
        before = [m for m in claim.numbers if m.end <= stated.start and m.start not in operands]
        if after or before:
            found[stated.start] = (after or before[-1:])[0]
    return found


def unstated(claim: Statement, sums: Sequence[derive.Stated], outcomes: dict[int, Mark]) -> list[Fault]:
    """Arithmetic that explains no number of the claim."""
    return [
        Fault("derivation", f"Van {claim.text[s.start : s.end]} is niet gezegd wat het oplevert.")
        for s in sums
        if s.start not in outcomes
    ]


def explained(
    claim: Statement,
    mark: Mark,
    number: Number,
    stated: derive.Stated,
    facts: Sequence[Fact],
    told: Sequence[Told],
) -> Traced:
    """A number with its arithmetic; operands without a unit have that of where they stand."""
    formula = claim.text[stated.start : stated.end]
    first = stated.operands[0]
    of_text = next((t.number.scale for t in told if in_span(first, t) and t.number.scale), number.scale or 1)
    scale = 1_000 if any(agrees(first, f.value, 1_000) for f in facts) else of_text
    if not derive.recomputes(number, stated, scale):
        return Traced(None, (Fault("derivation", f"{quoted(claim, mark)} is niet wat {formula} oplevert."),))
    turned = wrong_sign(claim, mark, number, (stated.outcome or 0) < 0, "")
    if turned:
        return Traced(None, (turned,))
    if not _different_cells(claim, stated, facts):
        return Traced(None, (Fault("derivation", f"{formula} rekent tweemaal met dezelfde cel."),))
    return Traced(figure(claim, mark, number, "derived", place_of(first, facts, told), formula))


def operand_faults(
    claim: Statement, mark: Mark, result: Mark | None, facts: Sequence[Fact], told: Sequence[Told]
) -> list[Fault]:
    """A part of written-out arithmetic: a cell of what the claim is about, or a number of a cited span."""
    assert mark.number is not None, "a mark of this kind has its number"
    number = mark.number
    equal = [f for f in facts if agrees(number, f.value, 1_000)]
    fitting: Tags = {d: [said] if (said := claim.said(d)) else [] for d in DIMENSIONS}
    if result:
        fitting["credit"] = [g for g in tagged(claim, result)["credit"] if g] or fitting["credit"]
    wrong = wrong_tags(equal, fitting)
    if equal and not wrong:
        return []
    if not equal and any(in_span(number, t) for t in told):
        return []
    if wrong:
        return [Fault(wrong, f"{quoted(claim, mark)} in de berekening: {NAMES[wrong]} klopt niet.")]
    return [Fault("derivation", f"{quoted(claim, mark)} in de berekening staat niet in de bronnen.")]


def place_of(operand: Number, facts: Sequence[Fact], told: Sequence[Told]) -> tuple[int, int]:
    """Where a part of a derivation stands; its citation's start where only its words do."""
    cells = [(f.start, f.end) for f in facts if agrees(operand, f.value, 1_000)]
    return next(iter([*cells, *(t.place for t in told if in_span(operand, t))]), (0, 0))


def _different_cells(claim: Statement, stated: derive.Stated, facts: Sequence[Fact]) -> bool:
    """Whether two operands that are cells of one credit can be two different cells."""
    if len(stated.operands) != 2:
        return True
    first, second = ([f for f in facts if agrees(o, f.value, 1_000)] for o in stated.operands)
    return not (first and second) or any(
        a.credit == b.credit and a.start != b.start for a in first for b in second
    )
