"""What a budget question asks: phases, credits, years, amounts, and the words that are left for the article.

Knows the vocabulary of budget documents, no article. What stays in `words` after the article is found was not
understood, and tells that the question is about something else than a figure of a table.
"""

import re
from dataclasses import dataclass

from answer.budget_asked import (
    Order,
    Verdict,
    amount_asked,
    between_credits,
    between_two,
    compared,
    confirmation_asked,
    explanation_asked,
    order_asked,
    share_compared,
    sum_asked,
    verdict_asked,
    without_order,
    without_sum,
    without_verdict,
)
from answer.budget_terms import (
    BUDGET,
    CREDIT_ASKED,
    CREDITS,
    EXACT,
    FILLER,
    FLOWS,
    GAP,
    LOOSE,
    LOOSE_GAP,
    OTHER,
    OTHER_THINGS,
    PLANS,
    RATE,
    SHIFT,
    STAGES,
    TRANSFERS,
    Stage,
)
from answer.figures import Number, numbers
from ingest.analysis import content_words, stems
from ingest.budget.codes import CodeMention, mentions
from ingest.budget.records import Credit, Flow

# Titles of receipts open with it; said or not, `flow` tells.
RECEIPTS = frozenset(stems(["ontvangsten"]))
_ANCHOR = "0"  # a content word of its own: without one `content_words` would keep the function words


@dataclass(frozen=True, slots=True)
class BudgetQuestion:
    """A question as the ledger sees it.

    `exact` holds phases asked by their letters (`BA` and `BA-JR` without a number mean any of them).
    `words` are the stems that are no budget vocabulary. `firm` says that the question names a credit, a phase
    or a budget; without it every word must be understood. `beyond` says that it asks for what no table gives:
    a reason, a person, a meaning, a programme. `strict` says that only its kind makes it one of figures, so
    that every word must be understood. `total` asks for a sum, `credits_compared` for VAK against VEK,
    `between` for one article against another, `order` for which of them comes first; `several`
    says that more than one article is meant.
    """

    text: str
    codes: tuple[CodeMention, ...]
    exact: tuple[str, ...]
    stages: tuple[Stage, ...]
    credits: tuple[Credit, ...]
    years: tuple[int, ...]
    amounts: tuple[Number, ...]
    flow: Flow | None
    words: frozenset[str]
    firm: bool
    beyond: bool
    transfers: bool
    rate: bool
    gap: bool
    total: bool
    credits_compared: bool
    verdict: Verdict | None
    between: bool
    order: Order | None
    several: bool
    strict: bool


def read_question(
    text: str, known: frozenset[str], aliases: dict[str, str], *, named: bool = False
) -> BudgetQuestion | None:
    """What a question asks of the tables; None when it has nothing to do with them, or counts things.

    `known` are the whole codes that exist, `aliases` what short names stand for; `named` says that what has
    a budget has been read already, as a code would tell.
    """
    codes = tuple(mentions(text, known))
    plain = spelled_out(_without(text, codes), aliases)
    exact, rest = _exact(plain)
    stages = tuple(name for name, pattern in STAGES if pattern.search(rest))
    told = [m.group() for _, pattern in STAGES for m in pattern.finditer(rest)]
    asked = tuple(name for name, pattern in CREDITS if pattern.search(plain))
    if all(PLANS.match(t) for t in told) and not (codes or exact or asked or amount_asked(plain)):
        stages = ()
    transfers = bool(TRANSFERS.search(STAGES[1][1].sub(" ", STAGES[0][1].sub(" ", plain))))
    gap = bool(GAP.search(plain))
    rate = bool(RATE.search(plain if confirmation_asked(plain) else _amountless(plain)))
    order = order_asked(plain, rate)
    shares = order is not None and share_compared(plain)
    beyond = bool(OTHER.search(plain)) or explanation_asked(plain)
    beyond = beyond or (order is None and bool(OTHER_THINGS.search(plain)))
    if transfers and amount_asked(plain) and SHIFT.search(plain):
        stages, transfers, gap = ("begroot", "beschikbaar"), False, True
    if "beschikbaar" not in stages and not exact and stages == ("uitgevoerd",) and CREDIT_ASKED.search(plain):
        stages = ("beschikbaar", "uitgevoerd")
    verdict, total = verdict_asked(plain), sum_asked(plain)
    money = exact or asked or rate or shares or BUDGET.search(plain) or any(not LOOSE.match(t) for t in told)
    spoken = bool(codes or stages or amount_asked(plain))
    gap_said = any(spoken or not LOOSE_GAP.match(m.group()) for m in GAP.finditer(plain))
    firm = bool(money or gap_said)
    flow = next((name for name, pattern in FLOWS if pattern.search(plain)), None)
    left = without_sum(plain) if total else plain
    left = without_order(left) if order or compared(plain) else left
    words = unexplained(without_verdict(left) if verdict else left) - RECEIPTS
    counted = re.search(r"\bhoeveel\s+([^\W\d_][\w'’-]+)", plain, re.IGNORECASE)
    if counted and not counted[1].isupper() and set(stems(content_words(counted[1]))) & words:
        return None
    if not (
        firm
        or stages
        or transfers
        or total
        or (codes and amount_asked(plain))
        or (named and (flow or amount_asked(plain)))
    ):
        return None
    return BudgetQuestion(
        text,
        codes,
        exact,
        stages,
        asked,
        tuple(sorted({int(n.value) for n in numbers(plain) if n.is_year})),
        tuple(n for n in numbers(_without(text, codes)) if _is_amount(n)),
        flow,
        words | RECEIPTS if flow == "ontvangst" else words,
        firm,
        beyond,
        transfers,
        rate or shares,
        gap,
        total,
        between_credits(plain),
        verdict,
        between_two(plain) and ("uitgevoerd" not in stages or len(stages) == 1),
        order,
        order is not None or total or compared(plain) or between_two(plain),
        verdict in ("full", "which") or shares,
    )


def _without(text: str, codes: tuple[CodeMention, ...]) -> str:
    """The text with its codes blanked, so that every other place stays where it is."""
    for code in codes:
        text = text[: code.start] + " " * (code.end - code.start) + text[code.end :]
    return text


def spelled_out(text: str, aliases: dict[str, str]) -> str:
    """The text with what its short names stand for."""
    for short, long in aliases.items():
        text = re.sub(rf"(?<!\w){short}(?!\w)", long, text, flags=re.IGNORECASE)
    return text


def _exact(text: str) -> tuple[tuple[str, ...], str]:
    """The phases named by letters, and the text without them."""
    found: list[str] = []
    for phase, pattern in EXACT:
        for match in pattern.finditer(text):
            number = next((v for v in match.groupdict().values() if v), None)
            found.append(f"{number}e {phase}" if number else str(phase))
        text = pattern.sub(" ", text)
    return tuple(dict.fromkeys(found)), text


def _amountless(text: str) -> str:
    """The text without its numbers: `91 %` in a question is a premise, no request for a percentage."""
    for number in reversed(list(numbers(text))):
        text = text[: number.start] + text[number.end :]
    return text


def unexplained(text: str) -> frozenset[str]:
    """The stems of what is neither budget vocabulary nor a bare number; titles such as `2014-2020` keep theirs."""
    rest = _amountless(text)
    vocabulary = [pattern for _, pattern in (*EXACT, *STAGES, *CREDITS)]
    for pattern in (*vocabulary, BUDGET, RATE, GAP, TRANSFERS, FILLER):
        rest = pattern.sub(" ", rest)
    return frozenset(stems(content_words(f"{_ANCHOR} {rest}"))) - {_ANCHOR}


def _is_amount(number: Number) -> bool:
    return number.scale is not None and number.value != 0
