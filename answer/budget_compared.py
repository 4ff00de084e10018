"""Figures of the ledger against each other: two articles, two phases, or credit against execution.

Each claim gives what was computed with its formula, and cites the rows of the cells that were used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from answer.budget_asked import Verdict
from answer.budget_claims import Draft, Printed, cell_figures, gap, rate, rows_of
from answer.budget_question import BudgetQuestion
from answer.budget_terms import Stage
from answer.budget_words import Item, listed, named, subject, written
from answer.records import Figure
from answer.verify import MOST_CITATIONS
from prompts.messages import message
from retrieval.language import Language

Selected = tuple[Item, Mapping[Stage, Sequence[Printed]]]


def compared_drafts(
    question: BudgetQuestion, selected: Sequence[Selected], language: Language
) -> list[Draft]:
    """What a question wants compared or added up; nothing when it asks for figures as they are."""
    if len(selected) > 1:
        if question.total:
            return _totals(selected, language)
        return _between_articles(selected[0], selected[1], language) if question.between else []
    item, asked = selected[0]
    if question.verdict and not question.credits_compared:
        return _verdict(question.verdict, item, asked, language)
    if question.gap and "begroot" in asked and "beschikbaar" in asked and "uitgevoerd" not in asked:
        return _difference(item, asked["begroot"], item, asked["beschikbaar"], language)
    return []


def execution(
    item: Item,
    available: Sequence[Printed],
    executed: Sequence[Printed],
    language: Language,
    *,
    finely: bool = False,
) -> Draft | None:
    """The share that was executed, of an article that is named in full: 5.499 of 10.799 -> 51 %; `finely` 50,9 %."""
    draft = rate(item, available, executed, language, alone=True, finely=finely)
    return _with_cells(draft, [*available, *executed], language) if draft else None


def distance(
    item: Item, available: Sequence[Printed], executed: Sequence[Printed], language: Language
) -> Draft | None:
    """What execution differs from the credit, of an article that is named in full: 5.499 of 10.799 -> 5.300 less."""
    draft = gap(item, available, executed, language, alone=True)
    return _with_cells(draft, [*available, *executed], language) if draft else None


def led(lead: str, draft: Draft) -> Draft:
    """A draft behind the word that answers first: `led("Nee", ...)` -> `Nee: van het krediet ...`."""
    return replace(draft, text=f"{lead}: {draft.text[0].lower()}{draft.text[1:]}")


def _with_cells(draft: Draft, cells: Sequence[Printed], language: Language) -> Draft:
    return replace(draft, figures=(*draft.figures, *cell_figures(cells, language)))


def _verdict(
    asked: Verdict, item: Item, cells: Mapping[Stage, Sequence[Printed]], language: Language
) -> list[Draft]:
    """Yes or no first, then the share that was executed and what was left or lacked."""
    before, after = cells.get("beschikbaar") or cells.get("begroot") or (), cells.get("uitgevoerd") or ()
    pairs = [(a, e) for a in before for e in after if a.credit == e.credit]
    if not pairs:
        return []
    sides = {(e.value > a.value) - (e.value < a.value) for a, e in pairs}
    difference = gap(item, before, after, language)
    drafts = [d for d in (execution(item, before, after, language),) if d]
    drafts += [_with_cells(difference, [*before, *after], language)] if difference else []
    lead = message(_lead(asked, sides), language)
    return [led(lead, drafts[0]), *drafts[1:]] if drafts else []


def _lead(asked: Verdict, sides: set[int]) -> str:
    """The message that answers: `sides` holds -1 where less was executed than the credit, 1 where more."""
    if asked == "which":
        one = next(iter(sides)) if len(sides) == 1 else None
        return {-1: "ledger_higher", 0: "ledger_equal", 1: "ledger_lower", None: "ledger_mixed"}[one]
    wanted = {"full": {0, 1}, "over": {1}, "under": {-1}}[asked]
    if sides <= wanted:
        return "ledger_yes"
    return "ledger_no" if not sides & wanted else "ledger_mixed"


def _totals(selected: Sequence[Selected], language: Language) -> list[Draft]:
    """The sum over the articles, for each phase that all of them have: `98.261 (92.762 + 5.499)`."""
    return [
        draft
        for stage in selected[0][1]
        for draft in _total([item for item, _ in selected], [a.get(stage, ()) for _, a in selected], language)
    ]


def _total(items: Sequence[Item], columns: Sequence[Sequence[Printed]], language: Language) -> list[Draft]:
    first, *others = columns
    rows = [[c, *(o for cells in others for o in cells if _same_column(o, c))] for c in first]
    rows = [row for row in rows if len(row) == len(items)]
    if not rows:
        return []
    used = [c for row in rows for c in row]
    if len(rows) > 1 and len(rows_of(used)) > MOST_CITATIONS:
        return [d for row in rows for d in _total(items, [[c] for c in row], language)]
    parts, figures = [], []
    for row in rows:
        total = sum((c.value for c in row), Decimal(0))
        formula = " + ".join(written(c.value, language) for c in row)
        parts.append(f"{written(total, language)} keuro {row[0].credit} ({formula})")
        figures.append(_derived(total, row[0], formula, language))
    text = message(
        "ledger_total",
        language,
        subject=_lower(subject(items[0].flow, rows[0][0].phase, language)),
        phase=rows[0][0].phase,
        year=rows[0][0].year,
        articles=listed([named(item, language).rstrip(",") for item in items], language),
        parts=listed(parts, language),
    )
    return [Draft(text, rows_of(used), (*figures, *cell_figures(used, language)))]


def _between_articles(one: Selected, other: Selected, language: Language) -> list[Draft]:
    """How much more or less the first article has, for each phase that both have."""
    return [
        draft
        for stage, cells in one[1].items()
        for draft in _difference(one[0], cells, other[0], other[1].get(stage, ()), language)
    ]


def _difference(
    item: Item, cells: Sequence[Printed], other: Item, others: Sequence[Printed], language: Language
) -> list[Draft]:
    """How much more or less the first cells are than the others of the same credit, in one sentence."""
    pairs = [(a, b) for a in cells for b in others if a.credit == b.credit and a.year == b.year]
    if not pairs:
        return []
    used = [c for pair in pairs for c in pair]
    if len(pairs) > 1 and len(rows_of(used)) > MOST_CITATIONS:
        return [d for a, b in pairs for d in _difference(item, [a], other, [b], language)]
    figures, parts = [], []
    for a, b in pairs:
        part, figure = _less_or_more(a, b, language)
        parts.append(part)
        figures.append(figure)
    a, b = pairs[0]
    text = message(
        "ledger_than",
        language,
        subject=subject(item.flow, a.phase, language),
        phase=a.phase,
        year=a.year,
        article=named(item, language),
        parts=listed(parts, language),
        other=_lower(subject(other.flow, b.phase, language)),
        otherphase=b.phase,
        otherarticle=named(other, language).rstrip(","),
    )
    return [Draft(text, rows_of(used), (*figures, *cell_figures(used, language)))]


def _less_or_more(a: Printed, b: Printed, language: Language) -> tuple[str, Figure]:
    high, low = max(a.value, b.value), min(a.value, b.value)
    formula = f"{written(high, language)} - {written(low, language)}"
    side = "ledger_less" if a.value < b.value else "ledger_more"
    amount = written(high - low, language)
    told = message(side, language, amount=amount, credit=a.credit, formula=formula)
    return told, _derived(high - low, a, formula, language)


def _derived(value: Decimal, at: Printed, formula: str, language: Language) -> Figure:
    return Figure(written(value, language), str(value), "keuro", "derived", at.start, at.end, formula)


def _same_column(one: Printed, other: Printed) -> bool:
    return (one.phase, one.credit, one.year) == (other.phase, other.credit, other.year)


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:]}"
