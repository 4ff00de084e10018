"""Two or more articles or programmes in order: by the share that was executed, by what was left, or by an amount."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from answer.budget_claims import Draft, Printed, stated
from answer.budget_compared import Selected, distance, execution, led
from answer.budget_question import BudgetQuestion
from answer.budget_terms import Stage
from answer.budget_words import Item
from ingest.budget.records import Credit
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import Language


def ranked_drafts(
    corpus: Corpus, question: BudgetQuestion, selected: Sequence[Selected], language: Language
) -> list[Draft]:
    """Those that a question compares, a claim for each; nothing when it asks for no order, or figures lack.

    Where VAK and VEK give the same order, both stand in one claim; else the order of each credit comes apart.
    """
    if question.order is None or question.total or len(selected) < 2:
        return []
    if len(question.stages) + len(question.exact) > 1 and not (question.rate or question.gap):
        return []
    orders: dict[tuple[int, ...], list[Credit]] = {}
    for credit in dict.fromkeys(c.credit for _, asked in selected for cells in asked.values() for c in cells):
        values = [_value(question, asked, credit) for _, asked in selected]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return []
        first_to_last = sorted(range(len(known)), key=known.__getitem__, reverse=question.order == "most")
        orders.setdefault(tuple(first_to_last), []).append(credit)
    drafts = [
        _in_order(corpus, question, [selected[n] for n in order], of, language)
        for order, of in orders.items()
    ]
    return [draft for in_order in drafts for draft in in_order]


def _in_order(
    corpus: Corpus,
    question: BudgetQuestion,
    selected: Sequence[Selected],
    of: Sequence[Credit],
    language: Language,
) -> list[Draft]:
    """A claim for each of a ranking in these credits, with decimals where whole percents would tell some equal."""
    values = [[_value(question, asked, credit) or Decimal(0) for credit in of] for _, asked in selected]
    whole = [{round(row[n] * 100) for row in values} for n in range(len(of))]
    finely = any(len(column) < len(values) for column in whole)
    drafts = []
    for row, (item, asked) in zip(values, selected, strict=True):
        draft = _draft(corpus, question, item, _only(asked, of), language, finely)
        rank = f"ledger_{question.order}" if row == values[0] else "ledger_next"
        drafts += [led(message(rank, language), draft)] if draft else []
    return drafts


def _value(
    question: BudgetQuestion, asked: Mapping[Stage, Sequence[Printed]], credit: Credit
) -> Decimal | None:
    """What an article is ranked by, unrounded; None where its cells do not tell, or where nothing was left."""
    of_credit = [cell.value for cells in _only(asked, [credit]).values() for cell in cells]
    if not question.rate and not question.gap:
        return next(iter(of_credit), None)
    if len(of_credit) != 2:
        return None
    before, after = of_credit
    if question.rate:
        return after / before if before > 0 else None
    return before - after if before >= after else None


def _only(asked: Mapping[Stage, Sequence[Printed]], of: Sequence[Credit]) -> dict[Stage, list[Printed]]:
    return {stage: [c for c in cells if c.credit in of] for stage, cells in asked.items()}


def _draft(
    corpus: Corpus,
    question: BudgetQuestion,
    item: Item,
    asked: Mapping[Stage, Sequence[Printed]],
    language: Language,
    finely: bool,
) -> Draft | None:
    """One article: its share, its distance, or its amount."""
    before, *after = asked.values()
    if question.rate:
        return execution(item, before, after[-1], language, finely=finely)
    if question.gap:
        return distance(item, before, after[-1], language)
    return stated(corpus, item, before, language)
