"""A rise, a fall or an over- or underspending that a question takes for granted, against the cells of its article."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from answer.budget_claims import rows_cited
from answer.figures import dutch
from answer.records import Refusal
from answer.refuse_polarity import DIRECTION, asks_whether
from ingest.budget.records import Cell
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query

# The order in which an article's credit is set: what a reallocation moves lies between the last two.
_BEFORE_AND_AFTER = ("2e BA", "2e BA-JR")
_CREDITS = ("VAK", "VEK")
_CREDIT_NAMES = {
    "VAK": re.compile(r"\bVAK\b|vastlegging", re.I),
    "VEK": re.compile(r"\bVEK\b|vereffening", re.I),
}
_OF_CREDIT = re.compile(
    r"\b(?:krediet\w*|\w+krediet|budget|middelen|VAK|VEK|herverde\w+|crédits?|credit)\b", re.I
)
_ELSE = re.compile(
    r"\b(?:uitvoering\w*|uitgevoerd|BU|begrotingsopmaak|BO|2020|2022|aandeel|percentage)\b", re.I
)


_SPENT = "BU"
_UNDERSPENT = re.compile(
    r"\bonder(?:benut\w*|best\w+|uitput\w*)|\bniet (?:volledig|helemaal|geheel) (?:\w+ )?(?:gebruikt|opgebruikt|benut|besteed|uitgevoerd)"
    r"|\bunder-?spen\w*|\bsous-?(?:utilis|consomm|exécut)\w*",
    re.I,
)
_OVERSPENT = re.compile(
    r"\boverschr(?:eden|ijding\w*)|\boverbe(?:nut|steed|nutting|steding)\w*|\bmeer (?:uitgegeven|besteed) dan (?:begroot|gepland|voorzien|beschikbaar)"
    r"|\bover-?spen\w*|\bdépass\w*",
    re.I,
)


def other_direction(corpus: Corpus, query: Query) -> Refusal | None:
    """The credit of an article went the other way in every credit that the question may mean."""
    codes = _codes(query)
    rises, falls = (side.search(query.text) for side in DIRECTION)
    if not codes or bool(rises) == bool(falls) or asks_whether(query.text):
        return None
    if not _OF_CREDIT.search(query.text) or _ELSE.search(query.text):
        return None
    named = [c for c in _CREDITS if _CREDIT_NAMES[c].search(query.text)] or list(_CREDITS)
    moved = [(a, b) for a, b in _moves(corpus, codes) if a.credit in named]
    gaps = [b.value - a.value for a, b in moved]
    if not gaps or any((gap > 0) == bool(rises) and gap != 0 for gap in gaps):
        return None
    return _put_right(corpus, query, moved)


def other_outcome(corpus: Corpus, query: Query) -> Refusal | None:
    """An article was not over- or underspent as the question says, in any credit and against any phase before."""
    codes = _codes(query)
    under, over = _UNDERSPENT.search(query.text), _OVERSPENT.search(query.text)
    if not codes or bool(under) == bool(over) or asks_whether(query.text):
        return None
    named = [c for c in _CREDITS if _CREDIT_NAMES[c].search(query.text)] or list(_CREDITS)
    spent = [(a, b) for a, b in _outcomes(corpus, codes) if a.credit in named]
    gaps = [b.value - a.value for a, b in spent]
    if not gaps or any((gap < 0) == bool(under) and gap != 0 for gap in gaps):
        return None
    last = {
        (a.code, a.year, a.credit): (a, b)
        for a, b in sorted(spent, key=lambda pair: _BEFORE_AND_AFTER.index(pair[0].phase))
    }
    return _put_right(corpus, query, list(last.values()))


def _codes(query: Query) -> set[str]:
    return {term[5:] for term in query.exact if term.startswith("code:")}


def _put_right(corpus: Corpus, query: Query, moved: Sequence[tuple[Cell, Cell]]) -> Refusal:
    """What the cells say instead, with the rows in which they stand."""
    told = "; ".join(_told(a, b, b.value - a.value) for a, b in moved)
    said = message("moved_otherwise", query.reply_in, code=moved[0][0].code, told=told)
    cells = list(dict.fromkeys(cell for pair in moved for cell in pair))
    return Refusal("false_premise", said, rows_cited(corpus, cells))


def _outcomes(corpus: Corpus, codes: set[str]) -> Iterator[tuple[Cell, Cell]]:
    """What was available before and what was spent, for each credit and phase of the articles that are named."""
    for ledger in corpus.ledgers():
        own = [c for c in ledger.cells if c.code in codes]
        for after in (c for c in own if c.phase == _SPENT):
            for before in own:
                if before.phase in _BEFORE_AND_AFTER and (before.code, before.year, before.credit) == (
                    after.code,
                    after.year,
                    after.credit,
                ):
                    yield before, after


def _moves(corpus: Corpus, codes: set[str]) -> Iterator[tuple[Cell, Cell]]:
    """The cell before and after reallocations of each credit of the articles that are named."""
    for ledger in corpus.ledgers():
        cells = sorted(
            (c for c in ledger.cells if c.code in codes and c.phase in _BEFORE_AND_AFTER),
            key=lambda c: (c.code, c.year, c.credit, _BEFORE_AND_AFTER.index(c.phase)),
        )
        for a, b in pairwise(cells):
            if (a.code, a.year, a.credit) == (b.code, b.year, b.credit):
                yield a, b


def _told(before: Cell, after: Cell, gap: Decimal) -> str:
    """`VAK 2e BA 1.581 keuro, 2e BA-JR 1.592 keuro (+11)`."""
    sign = "+" if gap > 0 else ""
    return f"{before.credit} {before.phase} {dutch(before.value)} keuro, {after.phase} {dutch(after.value)} keuro ({sign}{dutch(gap)})"
