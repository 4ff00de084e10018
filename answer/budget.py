"""A budget question answered from the ledger: which article, which figures, or why not.

    question -> ranking or list, or
    question -> printed totals of a programme, a structure element or everything, or
    question -> articles -> year, phase, credit that exist -> premise holds -> figures or reallocations

Gives None for whatever asks more than a figure or a reallocation: the text answers that.
"""

from collections.abc import Sequence
from dataclasses import replace

from answer.budget_article import ALIASES, Found, Naming, named_articles
from answer.budget_asked import deeds_asked, money_asked
from answer.budget_cells import chosen, lacking, printed
from answer.budget_claims import Draft, gap, numbered, rate, stated
from answer.budget_compared import Selected, compared_drafts
from answer.budget_list import listed_articles
from answer.budget_list_question import read_list_question
from answer.budget_premise import wrong_premise
from answer.budget_question import RECEIPTS, BudgetQuestion, read_question, spelled_out
from answer.budget_ranked import ranked_drafts
from answer.budget_transfers import listed_transfers, reallocations
from answer.budget_whole import named_wholes
from answer.budget_words import Item
from answer.records import Citation, Claim, Refusal
from answer.verify_notation import in_dutch_notation
from ingest.budget.codes import canonical
from ingest.budget.records import Article, Ledger
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import Language
from retrieval.query import Query
from retrieval.records import Evidence, Filters

Composed = tuple[tuple[Claim, ...], tuple[Citation, ...]]
_WORDS_LEFT_WITH_CODE = 2
_WORDS_LEFT = 1
_MOST_NAMED = 8
_MOST_ALIKE = 5


def budget_answer(
    corpus: Corpus,
    query: Query,
    evidence: Sequence[Evidence],
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Composed | Refusal | None:
    """Claims and citations from the ledgers, a refusal, or None when the question is not about a table."""
    ledgers = [x for x in corpus.ledgers() if x.cells and filters.admit(corpus.metadata(x.document_id))]
    known = frozenset(a.code for ledger in ledgers for a in ledger.articles)
    if not known:
        return None
    text = in_dutch_notation(query.text, query.language)
    listing = read_list_question(text, ledgers)
    if listing is not None:
        return listed_articles(corpus, ledgers, listing, query.reply_in)
    of_totals = _of_totals(corpus, ledgers, text, known, evidence, query.reply_in)
    if of_totals is not None:
        return of_totals
    question = read_question(text, known, ALIASES)
    return _of_articles(corpus, ledgers, question, evidence, query.reply_in) if question else None


def _of_articles(
    corpus: Corpus,
    ledgers: Sequence[Ledger],
    question: BudgetQuestion,
    evidence: Sequence[Evidence],
    language: Language,
) -> Composed | Refusal | None:
    """What is asked of the articles that a question names by code or by words."""
    naming = named_articles(ledgers, question, evidence)
    if question.beyond:
        return _premise_of_text(corpus, question, naming, evidence, language)
    if naming.unknown:
        return _unknown(ledgers, question, naming.unknown, corpus, language)
    if not _understood(question, naming):
        return None
    if naming.several:
        alike = _alike(ledgers, naming.several)
        if alike and not question.transfers:
            return _figures(corpus, question, alike, evidence, language, alike=True)
        return _ambiguous(naming.several, language) if question.firm or question.codes else None
    if question.transfers:
        return reallocations(corpus, question, naming.found, language)
    return _figures(corpus, question, naming.found, evidence, language)


def _of_totals(
    corpus: Corpus,
    ledgers: Sequence[Ledger],
    text: str,
    known: frozenset[str],
    evidence: Sequence[Evidence],
    language: Language,
) -> Composed | Refusal | None:
    """The printed totals that a question names; None when it names none, or says a word more than they answer."""
    text = spelled_out(text, ALIASES)
    by_name = money_asked(text)
    wholes, rest = named_wholes(ledgers, text, by_name=by_name)
    question = read_question(rest, known, ALIASES, named=True) if wholes else None
    if (
        question is None
        or question.codes
        or question.transfers
        or question.beyond
        or question.words - RECEIPTS
        or deeds_asked(rest)
    ):
        return None
    asked = set(question.years)
    of_year = sorted(ledgers, key=lambda x: max((c.year in asked, c.year) for c in x.cells), reverse=True)
    wholes = tuple(
        replace(w, flow=question.flow or w.flow) for w in named_wholes(of_year, text, by_name=by_name)[0]
    )
    return _figures(corpus, question, wholes, evidence, language) if all(w.totals for w in wholes) else None


def _premise_of_text(
    corpus: Corpus,
    question: BudgetQuestion,
    naming: Naming,
    evidence: Sequence[Evidence],
    language: Language,
) -> Refusal | None:
    """What the text must answer (a reason, a person) is refused only when its amount of one article is wrong."""
    if not question.firm or len(naming.found) != 1 or not question.amounts:
        return None
    item = naming.found[0]
    cells = printed(item)
    if set(question.years) - {c.year for c in cells}:
        return None
    return wrong_premise(corpus, question, item, chosen(question, item, cells), evidence, language)


def _understood(question: BudgetQuestion, naming: Naming) -> bool:
    """Whether the words that are left are few enough for the question to be about a figure of the article."""
    if not naming.found and not naming.several:
        return False
    left = naming.left - RECEIPTS
    if left and (
        question.strict or ((question.total or question.order) and len(naming.found + naming.several) < 2)
    ):
        return False
    if (
        question.total
        and not (question.firm or question.stages or question.codes)
        and len(naming.found + naming.several) < 2
    ):
        return False
    if not question.firm and not question.transfers:
        return not left
    most = _WORDS_LEFT_WITH_CODE if question.codes else _WORDS_LEFT
    return len(left) <= most


def _unknown(
    ledgers: Sequence[Ledger], question: BudgetQuestion, code: str, corpus: Corpus, language: Language
) -> Composed | Refusal | None:
    """A code without an article: its reallocations when it has any, else what comes nearest."""
    told = [t for ledger in ledgers for t in ledger.transfers if code in (*t.sources, *t.targets)]
    if told:
        return listed_transfers(corpus, told, language) if not question.exact else None
    if not question.firm or corpus.lexical.frequency("exact", f"code:{canonical(code)}"):
        return None
    articles = [a for ledger in ledgers for a in ledger.articles]
    core = code.split("-")[1] if code.count("-") == 2 or code[2:3].isdigit() else code.split("-")[0]
    near = [a.code for a in articles if core[:5] in a.code] or [
        a.code for a in articles if core[:3] in a.code
    ]
    years = ", ".join(str(y) for y in sorted({c.year for ledger in ledgers for c in ledger.cells}))
    said = [message("unknown_article", language, code=code, years=years)]
    said += [message("articles_alike", language, codes=", ".join(near[:_MOST_NAMED]))] if near else []
    return Refusal("not_in_corpus", " ".join(said))


def _alike(ledgers: Sequence[Ledger], articles: Sequence[Article]) -> list[Found]:
    """The articles of one name, which nobody can choose from; none when their names differ or they are many."""
    distinct = list(dict.fromkeys(articles))
    if len({a.title for a in distinct}) > 1 or len(distinct) > _MOST_ALIKE:
        return []
    return [Found(ledger, a) for a in distinct for ledger in ledgers if ledger.document_id == a.document_id]


def _ambiguous(articles: Sequence[Article], language: Language) -> Refusal:
    listed = "; ".join(f"{a.code} ({a.title})" for a in dict.fromkeys(articles[:_MOST_NAMED]))
    return Refusal("ambiguous", message("several_articles", language, articles=listed))


def _figures(
    corpus: Corpus,
    question: BudgetQuestion,
    found: Sequence[Item],
    evidence: Sequence[Evidence],
    language: Language,
    alike: bool = False,
) -> Composed | Refusal | None:
    """The figures of each article, or what comes of comparing them; of articles `alike` by name no rates."""
    if len(found) > 1 and question.order:
        question = replace(question, verdict=None)  # `meer uitgegeven aan A dan aan B` is no verdict on A
    selected: list[Selected] = []
    several = len(found) > 1 and (question.between or question.total)
    compared = question.credits_compared or (several and not question.rate)
    for item in found:
        cells = printed(item)
        if not cells:
            return None
        missing = lacking(question, item, cells, language)
        if missing:
            return missing
        cells = [c for c in cells if not question.years or c.year in question.years]
        asked = chosen(question, item, cells, compared)
        wrong = wrong_premise(corpus, question, item, asked, evidence, language)
        if wrong:
            return wrong
        selected.append((item, asked))
    drafts = ranked_drafts(corpus, question, selected, language) if not alike else []
    if not drafts and (question.total or not alike):
        drafts = compared_drafts(question, selected, language)
    if not drafts:
        drafts = [
            d
            for one in selected
            for d in _drafts(corpus, question, one, language, short=alike or question.credits_compared)
        ]
    return numbered(corpus, drafts) if drafts else None


def _drafts(
    corpus: Corpus,
    question: BudgetQuestion,
    selected: Selected,
    language: Language,
    short: bool,
) -> list[Draft]:
    item, asked = selected
    drafts = [stated(corpus, item, cells, language) for cells in asked.values()]
    before = asked.get("beschikbaar") or asked.get("begroot")
    after = asked.get("uitgevoerd")
    if before and after and not short:
        nothing_said = not question.stages and not question.exact
        if question.rate or nothing_said or {"beschikbaar", "uitgevoerd"} <= set(question.stages):
            drafts += [d for d in [rate(item, before, after, language)] if d]
        if question.gap:
            drafts += [d for d in [gap(item, before, after, language)] if d]
    return drafts
