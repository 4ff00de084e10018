"""Whether an amount that a question states is one that the article has."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from answer.budget_article import as_keuro, differences
from answer.budget_claims import Printed, numbered, stated
from answer.budget_question import BudgetQuestion
from answer.budget_terms import Stage
from answer.budget_whole import Whole
from answer.budget_words import Item
from answer.figures import Number, numbers, same_amount
from answer.records import Refusal
from answer.refuse import is_rough
from ingest.reading import cleaned
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import Language
from retrieval.records import Evidence

_SMALLEST_BARE = 100
_CLAIMS = re.compile(r"\b(?:klopt|waar dat|juist|echt|bedr(?:oeg|aagt))\b", re.IGNORECASE)


def wrong_premise(
    corpus: Corpus,
    question: BudgetQuestion,
    item: Item,
    chosen: Mapping[Stage, Sequence[Printed]],
    evidence: Sequence[Evidence],
    language: Language,
) -> Refusal | None:
    """An amount in the question that neither the table of the article nor its text gives, put right.

    Amounts of the evidence count too. Where the question claims an amount of one phase and one credit, another
    cell of the table does not excuse it.
    """
    if not question.amounts:
        return None
    own = [c.value for cells in chosen.values() for c in cells]
    table = _table(item)
    one_cell = (
        bool(_CLAIMS.search(question.text))
        and not question.beyond
        and len(chosen) == 1
        and len(question.credits) == 1
        and len(question.amounts) == 1
    )
    allowed = [as_keuro(v) for v in ((own if one_cell else table) + differences(table))]
    if not one_cell:
        allowed += _told([*_section(corpus, item), *(e.passage.text for e in evidence)])
    for amount in question.amounts:
        if not any(_same(question, amount, number) for number in allowed):
            claims, citations = numbered(
                corpus, [stated(corpus, item, cells, language) for cells in chosen.values()]
            )
            told = question.text[amount.start : amount.end].strip()
            right = " ".join(claim.text for claim in claims)
            said = message("amount_not_of_table", language, amount=told, right=right)
            return Refusal("false_premise", said, citations)
    return None


def _table(item: Item) -> list[Decimal]:
    """Every figure of an article and of the measures within it, or of a whole."""
    if isinstance(item, Whole):
        return [t.value for t in item.totals]
    code = item.article.code
    cells = [c.value for c in item.ledger.cells if c.code == code]
    return cells + [b.value for b in item.ledger.breakdowns if b.code == code]


def _section(corpus: Corpus, item: Item) -> list[str]:
    """The text of an article; the totals of a whole have none of their own."""
    if isinstance(item, Whole):
        return []
    document = corpus.document(item.article.document_id)
    return [document.text[item.article.start : item.article.end]] if document else []


def _told(texts: Sequence[str]) -> list[Number]:
    """The amounts of texts; a bare number there is keuro, a small one is no amount."""
    told = [n for text in texts for n in numbers(cleaned(text)) if n.unit != "%" and not n.is_year]
    return [n if n.scale else as_keuro(n.value) for n in told if n.scale or abs(n.value) >= _SMALLEST_BARE]


def _same(question: BudgetQuestion, amount: Number, number: Number) -> bool:
    rough = is_rough(question.text, amount.start)
    bare = amount.scale is None and number.scale == 1_000 and abs(amount.value) == abs(number.value)
    return bare or same_amount(amount, number, roughly=rough)
