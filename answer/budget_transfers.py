"""The reallocations that a question asks for: in or out of an article, or between two."""

from collections.abc import Sequence
from decimal import Decimal

from answer.budget_article import Found
from answer.budget_cells import lacking, printed
from answer.budget_claims import Draft, moved, numbered
from answer.budget_question import BudgetQuestion
from answer.records import Citation, Claim, Refusal
from ingest.budget.records import Transfer
from retrieval.corpus import Corpus
from retrieval.language import Language

Composed = tuple[tuple[Claim, ...], tuple[Citation, ...]]
MOST_TRANSFERS = 8


def reallocations(
    corpus: Corpus, question: BudgetQuestion, found: Sequence[Found], language: Language
) -> Composed | Refusal | None:
    """The transfers in or out of the articles; both where the question does not say which."""
    told: list[Transfer] = []
    named = {item.article.code for item in found}
    for item in found:
        code = item.article.code
        years = {c.year for c in printed(item)}
        if question.years and not set(question.years) & years:
            return lacking(question, item, printed(item), language)
        own = [t for t in item.ledger.transfers if code in (*t.sources, *t.targets)]
        if len(named) > 1:
            return _between(corpus, named, own, language)
        out, into = [t for t in own if code in t.sources], [t for t in own if code in t.targets]
        side = _side(question.text)
        listed = out if side == "out" else into if side == "in" else own
        # Both sides tell a reallocation: the section of the article itself comes first, and says it all.
        told += [t for t in listed if t.told_by == code] or listed
    return listed_transfers(corpus, told, language) if told else None


def _between(corpus: Corpus, named: set[str], own: Sequence[Transfer], language: Language) -> Composed | None:
    """What moved between two articles: those that tell the amount for these two alone, else all that name both."""
    shared = [t for t in own if len(named & {*t.sources, *t.targets}) > 1]
    exact = [
        t
        for t in shared
        if len(t.sources) == len(t.targets) == 1 and (t.vak is not None or t.vek is not None)
    ]
    return listed_transfers(corpus, exact or shared, language) if shared else None


def _side(text: str) -> str | None:
    lower = text.lower()
    if any(
        word in lower
        for word in (
            "naartoe",
            "naar welk",
            "naar waar",
            "weggehaald",
            "afgehaald",
            "to which",
            "where did",
            "vers quel",
        )
    ):
        return "out"
    if any(
        word in lower
        for word in (
            "uit welk",
            "van welk",
            "vandaan",
            "potje",
            "waar komt",
            "waar kwam",
            "from which",
            "de quel",
        )
    ):
        return "in"
    return None


def listed_transfers(corpus: Corpus, told: Sequence[Transfer], language: Language) -> Composed | None:
    """One claim for each reallocation, each place and amount once."""
    drafts: dict[tuple[Decimal | int | None, ...], Draft] = {}
    for transfer in told:
        document = corpus.document(transfer.document_id)
        if document is not None:
            drafts.setdefault(
                (transfer.start, transfer.vak, transfer.vek), moved(document, transfer, language)
            )
    return numbered(corpus, list(drafts.values())[:MOST_TRANSFERS]) if drafts else None
