"""Which figures of an article a question asks for: the phases, years and credits that its table has."""

from collections.abc import Sequence

from answer.budget_claims import Printed, stage_of
from answer.budget_question import BudgetQuestion
from answer.budget_terms import Stage
from answer.budget_whole import Whole
from answer.budget_words import Item, named
from answer.records import Refusal
from ingest.budget.records import CREDITS, Credit
from prompts.messages import message
from retrieval.language import Language


def printed(item: Item) -> Sequence[Printed]:
    """The figures of an article, or of the measure within it that is meant; the totals of a whole."""
    if isinstance(item, Whole):
        return item.totals
    if item.label is None:
        return [c for c in item.ledger.cells if c.code == item.article.code]
    return [b for b in item.ledger.breakdowns if b.code == item.article.code and b.label == item.label]


def lacking(
    question: BudgetQuestion, item: Item, cells: Sequence[Printed], language: Language
) -> Refusal | None:
    """A year, phase or credit that the table does not have, with those that it has."""
    years = sorted({c.year for c in cells})
    phases = list(dict.fromkeys(c.phase for c in cells))
    present = [c for c in CREDITS if c in {p.credit for p in cells}]
    asked_years = [y for y in question.years if y not in years]
    asked_phases = [p for p in question.exact if not any(_is_phase(p, phase) for phase in phases)]
    asked_credits = [c for c in question.credits if c not in present]
    if asked_years:
        missing = message("figures_of_years", language, years=", ".join(map(str, asked_years)))
    elif asked_phases:
        missing = asked_phases[0]
    elif asked_credits:
        missing = asked_credits[0]
    else:
        return None
    said = message(
        "cells_lacking",
        language,
        article=named(item, language),
        missing=missing,
        phases=", ".join(phases),
        years=", ".join(map(str, years)),
        credits=", ".join(present),
    )
    return Refusal("not_in_corpus", said)


def _is_phase(asked: str, phase: str) -> bool:
    """`BA-JR` means the one of any adjustment, `2e BA-JR` only itself; `BO` is itself."""
    return phase == asked or (asked == "BA-JR" and phase.endswith("BA-JR"))


def chosen(
    question: BudgetQuestion, item: Item, cells: Sequence[Printed], compared: bool = False
) -> dict[Stage, list[Printed]]:
    """The cells asked for, by stage: the phases named, else credit and execution; the latest of each kind.

    A verdict, a rate or a gap needs both credit and execution, unless what is `compared` is something else.
    """
    asked: list[Stage] = [stage_of(p.phase) for e in question.exact for p in cells if _is_phase(e, p.phase)]
    asked += question.stages
    both = (question.rate or question.gap or question.verdict) and not compared
    if not asked or (both and set(asked) <= {"uitgevoerd", "beschikbaar"}):
        asked = ["beschikbaar", "uitgevoerd"]
    elif question.verdict and "uitgevoerd" not in asked:
        asked.append("uitgevoerd")
    wanted = _credits(question, item, cells)
    held: dict[Stage, list[Printed]] = {}
    for stage in dict.fromkeys(asked):
        of_stage = [c for c in cells if stage_of(c.phase) == stage and c.credit in wanted]
        named = [c for c in of_stage if c.phase in question.exact]
        other: Stage = "begroot" if stage == "beschikbaar" else "beschikbaar"
        if not of_stage and stage != "uitgevoerd":
            of_stage = [c for c in cells if stage_of(c.phase) == other and c.credit in wanted]
        last = (named or of_stage)[-1:]
        kept = [c for c in of_stage if c.phase == last[0].phase] if last else []
        if kept and kept not in held.values():
            held[stage_of(kept[0].phase)] = kept
    return held


def _credits(question: BudgetQuestion, item: Item, cells: Sequence[Printed]) -> list[Credit]:
    """The credits asked for, else VAK and VEK, or of receipts those that are not 0."""
    if question.credits:
        return list(question.credits)
    if item.flow == "uitgave":
        return ["VAK", "VEK"]
    filled = [c for c in CREDITS if any(p.credit == c and p.value for p in cells)]
    return [c for c in filled if c not in ("VAK", "VEK")] or ["AO"]
