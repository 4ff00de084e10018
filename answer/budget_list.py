"""Many budget articles in one answer: the first of a ranking, or those over or under a limit, a claim for each."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby

from answer.budget_article import Found
from answer.budget_claims import Draft, Printed, numbered, stated
from answer.budget_compared import distance, execution, led
from answer.budget_list_question import ListQuestion
from answer.records import Citation, Claim, Refusal
from ingest.budget.records import CREDITS, Credit, Ledger
from prompts.messages import message
from retrieval.budget import Line, listed
from retrieval.corpus import Corpus
from retrieval.language import Language

MOST_LISTED = 12


def listed_articles(
    corpus: Corpus, ledgers: Sequence[Ledger], asked: ListQuestion, language: Language
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]] | Refusal | None:
    """The articles that a question asks for, the first of the order first; a refusal when no figure passes."""
    lines = [x for x in listed(ledgers, flow=asked.flow) if x.article.code in asked.articles]
    years = {x.year for x in lines}
    if not years:
        return None
    if set(asked.years) - years:
        told = [", ".join(map(str, sorted(y))) for y in (years, set(asked.years) - years)]
        return Refusal("not_in_corpus", message("ledger_other_years", language, years=told[0], asked=told[1]))
    lines = _of_year(lines, max(asked.years or years))
    lines = [x for x in lines if _credit_asked(x, asked) and _value(x, asked) is not None]
    if asked.measure in ("over", "under"):
        lines = [x for x in lines if (_value(x, asked) or 0) > 0]
    drafts = _ranked(corpus, ledgers, lines, asked, language) if asked.order else []
    if not asked.order:
        drafts = _passing(corpus, ledgers, lines, asked, language)
    if not drafts:
        return Refusal("not_in_corpus", message("ledger_none_passes", language))
    return numbered(corpus, drafts)


def _of_year(lines: Sequence[Line], year: int) -> list[Line]:
    """Each credit of an article once, of several documents from the last that tells its execution."""
    kept: dict[tuple[str, Credit], Line] = {}
    for line in lines:
        key = (line.article.code, line.credit)
        if line.year == year and (key not in kept or line.executed or not kept[key].executed):
            kept[key] = line
    return list(kept.values())


def _ranked(
    corpus: Corpus,
    ledgers: Sequence[Ledger],
    lines: Sequence[Line],
    asked: ListQuestion,
    language: Language,
) -> list[Draft]:
    """The first of each credit; where both credits give the same articles in the same order, both in one claim."""
    by_credit = [_first([x for x in lines if x.credit in column], asked) for column in _columns(asked)]
    by_credit = [x for x in by_credit if x]
    orders = {tuple(x.article.code for x in ranking) for ranking in by_credit}
    if len(by_credit) > 1 and len(orders) == 1:
        together = [list(row) for row in zip(*by_credit, strict=True)]
        rankings = [together]
    else:
        rankings = [[[x] for x in ranking] for ranking in by_credit]
    drafts = []
    for ranking in rankings:
        best = _value(ranking[0][0], asked)
        for row in ranking:
            draft = _draft(corpus, ledgers, row, asked, language)
            rank = f"ledger_{asked.order}" if _value(row[0], asked) == best else "ledger_next"
            drafts += [led(message(rank, language), draft)] if draft else []
    return drafts


def _first(lines: Sequence[Line], asked: ListQuestion) -> list[Line]:
    """The first `most` lines, and those that equal the last of them."""
    order = sorted(lines, key=_key(asked), reverse=asked.order == "most")
    if not order:
        return []
    last = _value(order[min(asked.most, len(order)) - 1], asked)
    ranked = [x for i, x in enumerate(order) if i < asked.most or _value(x, asked) == last]
    return ranked[:MOST_LISTED]


def _passing(
    corpus: Corpus,
    ledgers: Sequence[Ledger],
    lines: Sequence[Line],
    asked: ListQuestion,
    language: Language,
) -> list[Draft]:
    """The articles over or under the limit, the farthest first, each with the credits that pass."""
    sign = 1 if asked.side == "over" else -1
    passing = [x for x in lines if ((_value(x, asked) or Decimal(0)) - asked.limit) * sign > 0]
    rows = [list(group) for _, group in groupby(passing, key=lambda x: x.article.code)]
    rows.sort(key=lambda row: max(_key(asked)(x) * sign for x in row), reverse=True)
    drafts = [_draft(corpus, ledgers, row, asked, language) for row in rows[:MOST_LISTED]]
    found = [d for d in drafts if d]
    more = len(rows) > MOST_LISTED
    return [led(message("ledger_first_of_more", language), found[0]), *found[1:]] if more and found else found


def _columns(asked: ListQuestion) -> list[tuple[Credit, ...]]:
    """The credits that are ranked apart; receipts of each kind stand in one ranking."""
    if asked.flow == "ontvangst":
        return [("AO", "TO", "LO")]
    return [(c,) for c in CREDITS if c in (asked.credits or ("VAK", "VEK"))]


def _credit_asked(line: Line, asked: ListQuestion) -> bool:
    return any(line.credit in column for column in _columns(asked))


def _key(asked: ListQuestion) -> Callable[[Line], Decimal]:
    return lambda line: _value(line, asked) or Decimal(0)


def _value(line: Line, asked: ListQuestion) -> Decimal | None:
    """What a line is ranked or chosen by, unrounded; None where its cells do not tell."""
    if asked.measure == "rate":
        if line.executed is None or line.available is None or line.available.value <= 0:
            return None
        return line.executed.value / line.available.value * 100
    if asked.measure == "credit":
        return line.available.value if line.available else None
    if asked.measure == "execution":
        return line.executed.value if line.executed else None
    if line.difference is None:
        return None
    return line.difference if asked.measure == "over" else -line.difference


def _draft(
    corpus: Corpus, ledgers: Sequence[Ledger], row: Sequence[Line], asked: ListQuestion, language: Language
) -> Draft | None:
    """One article: its share, its distance or its amount, in the credits of the row."""
    article = row[0].article
    found = Found(next(x for x in ledgers if x.document_id == article.document_id), article)
    available: list[Printed] = [x.available for x in row if x.available]
    executed: list[Printed] = [x.executed for x in row if x.executed]
    rated = asked.measure == "rate" or (asked.measure in ("over", "under") and asked.order is None)
    share = execution(found, available, executed, language) if rated else None
    if share or asked.measure == "rate":
        return share
    if asked.measure in ("over", "under"):
        return distance(found, available, executed, language)
    return stated(corpus, found, available if asked.measure == "credit" else executed, language)
