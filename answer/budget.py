"""A budget question answered from the ledger: which article, which figures, or why not.

    question -> articles -> year, phase, credit that exist -> premise holds -> figures or reallocations

Gives None for whatever asks more than a figure or a reallocation: the text answers that.
"""

from collections.abc import Sequence
from decimal import Decimal

from answer.budget_article import ALIASES, Found, Naming, named_articles
from answer.budget_claims import Draft, Printed, gap, moved, numbered, rate, stage_of, stated
from answer.budget_premise import wrong_premise
from answer.budget_question import RECEIPTS, BudgetQuestion, Stage, read_question
from answer.records import Citation, Claim, Refusal
from answer.verify_notation import in_dutch_notation
from ingest.budget.codes import canonical
from ingest.budget.records import CREDITS, Article, Credit, Ledger, Transfer
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import Language
from retrieval.query import Query
from retrieval.records import Evidence, Filters

Composed = tuple[tuple[Claim, ...], tuple[Citation, ...]]
MOST_TRANSFERS = 8
_WORDS_LEFT_WITH_CODE = 2
_WORDS_LEFT = 1
_MOST_NAMED = 8


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
    question = read_question(text, known, ALIASES)
    if question is None:
        return None
    naming = named_articles(ledgers, question, evidence)
    language = query.reply_in
    if question.beyond:
        return _premise_of_text(corpus, question, naming, evidence, language)
    if naming.unknown:
        return _unknown(ledgers, question, naming.unknown, corpus, language)
    if not _understood(question, naming):
        return None
    if naming.several:
        return _ambiguous(naming.several, language) if question.firm or question.codes else None
    if question.transfers:
        return _reallocations(corpus, question, naming.found, language)
    return _figures(corpus, question, naming.found, evidence, language)


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
    printed = _printed(item)
    if set(question.years) - {c.year for c in printed}:
        return None
    return wrong_premise(corpus, question, item, _chosen(question, item, printed), evidence, language)


def _understood(question: BudgetQuestion, naming: Naming) -> bool:
    """Whether the words that are left are few enough for the question to be about a figure of the article."""
    if not naming.found and not naming.several:
        return False
    left = naming.left - RECEIPTS
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
        return _listed(corpus, told, language) if not question.exact else None
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


def _ambiguous(articles: Sequence[Article], language: Language) -> Refusal:
    listed = "; ".join(f"{a.code} ({a.title})" for a in dict.fromkeys(articles[:_MOST_NAMED]))
    return Refusal("ambiguous", message("several_articles", language, articles=listed))


def _figures(
    corpus: Corpus,
    question: BudgetQuestion,
    found: Sequence[Found],
    evidence: Sequence[Evidence],
    language: Language,
) -> Composed | Refusal | None:
    drafts: list[Draft] = []
    for item in found:
        printed = _printed(item)
        if not printed:
            return None
        lacking = _lacking(question, item, printed, language)
        if lacking:
            return lacking
        printed = [c for c in printed if not question.years or c.year in question.years]
        chosen = _chosen(question, item, printed)
        wrong = wrong_premise(corpus, question, item, chosen, evidence, language)
        if wrong:
            return wrong
        drafts += _drafts(corpus, question, item, chosen, language)
    return numbered(corpus, drafts) if drafts else None


def _printed(item: Found) -> list[Printed]:
    if item.label is None:
        return [c for c in item.ledger.cells if c.code == item.article.code]
    return [b for b in item.ledger.breakdowns if b.code == item.article.code and b.label == item.label]


def _lacking(
    question: BudgetQuestion, item: Found, printed: Sequence[Printed], language: Language
) -> Refusal | None:
    """A year, phase or credit that the table does not have, with those that it has."""
    years = sorted({c.year for c in printed})
    phases = list(dict.fromkeys(c.phase for c in printed))
    present = [c for c in CREDITS if c in {p.credit for p in printed}]
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
        code=item.article.code,
        title=item.article.title,
        missing=missing,
        phases=", ".join(phases),
        years=", ".join(map(str, years)),
        credits=", ".join(present),
    )
    return Refusal("not_in_corpus", said)


def _is_phase(asked: str, phase: str) -> bool:
    """`BA-JR` means the one of any adjustment, `2e BA-JR` only itself; `BO` is itself."""
    return phase == asked or (asked == "BA-JR" and phase.endswith("BA-JR"))


def _chosen(question: BudgetQuestion, item: Found, printed: Sequence[Printed]) -> dict[Stage, list[Printed]]:
    """The cells asked for, by stage: the phases named, else credit and execution; the latest of each kind."""
    asked: list[Stage] = [stage_of(p.phase) for e in question.exact for p in printed if _is_phase(e, p.phase)]
    asked += question.stages
    if not asked or ((question.rate or question.gap) and set(asked) <= {"uitgevoerd", "beschikbaar"}):
        asked = ["beschikbaar", "uitgevoerd"]
    wanted = _credits(question, item, printed)
    chosen: dict[Stage, list[Printed]] = {}
    for stage in dict.fromkeys(asked):
        of_stage = [c for c in printed if stage_of(c.phase) == stage and c.credit in wanted]
        named = [c for c in of_stage if c.phase in question.exact]
        other: Stage = "begroot" if stage == "beschikbaar" else "beschikbaar"
        if not of_stage and stage != "uitgevoerd":
            of_stage = [c for c in printed if stage_of(c.phase) == other and c.credit in wanted]
        last = (named or of_stage)[-1:]
        cells = [c for c in of_stage if c.phase == last[0].phase] if last else []
        if cells and cells not in chosen.values():
            chosen[stage_of(cells[0].phase)] = cells
    return chosen


def _credits(question: BudgetQuestion, item: Found, printed: Sequence[Printed]) -> list[Credit]:
    """The credits asked for, else VAK and VEK, or of receipts those that are not 0."""
    if question.credits:
        return list(question.credits)
    if item.article.flow == "uitgave":
        return ["VAK", "VEK"]
    filled = [c for c in CREDITS if any(p.credit == c and p.value for p in printed)]
    return [c for c in filled if c not in ("VAK", "VEK")] or ["AO"]


def _drafts(
    corpus: Corpus,
    question: BudgetQuestion,
    item: Found,
    chosen: dict[Stage, list[Printed]],
    language: Language,
) -> list[Draft]:
    drafts = [stated(corpus, item, cells, language) for cells in chosen.values()]
    before = chosen.get("beschikbaar") or chosen.get("begroot")
    after = chosen.get("uitgevoerd")
    if before and after:
        nothing_said = not question.stages and not question.exact
        if question.rate or nothing_said or {"beschikbaar", "uitgevoerd"} <= set(question.stages):
            drafts += [d for d in [rate(item, before, after, language)] if d]
        if question.gap:
            drafts += [d for d in [gap(item, before, after, language)] if d]
    return drafts


def _reallocations(
    corpus: Corpus, question: BudgetQuestion, found: Sequence[Found], language: Language
) -> Composed | Refusal | None:
    """The transfers in or out of the articles; both where the question does not say which."""
    told: list[Transfer] = []
    named = {item.article.code for item in found}
    for item in found:
        code = item.article.code
        years = {c.year for c in _printed(item)}
        if question.years and not set(question.years) & years:
            return _lacking(question, item, _printed(item), language)
        own = [t for t in item.ledger.transfers if code in (*t.sources, *t.targets)]
        if len(named) > 1:
            return _between(corpus, named, own, language)
        out, into = [t for t in own if code in t.sources], [t for t in own if code in t.targets]
        side = _side(question.text)
        listed = out if side == "out" else into if side == "in" else own
        # Both sides tell a reallocation: the section of the article itself comes first, and says it all.
        told += [t for t in listed if t.told_by == code] or listed
    return _listed(corpus, told, language) if told else None


def _between(corpus: Corpus, named: set[str], own: Sequence[Transfer], language: Language) -> Composed | None:
    """What moved between two articles: those that tell the amount for these two alone, else all that name both."""
    shared = [t for t in own if len(named & {*t.sources, *t.targets}) > 1]
    exact = [
        t
        for t in shared
        if len(t.sources) == len(t.targets) == 1 and (t.vak is not None or t.vek is not None)
    ]
    return _listed(corpus, exact or shared, language) if shared else None


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


def _listed(corpus: Corpus, told: Sequence[Transfer], language: Language) -> Composed | None:
    """One claim for each reallocation, each place and amount once."""
    drafts: dict[tuple[Decimal | int | None, ...], Draft] = {}
    for transfer in told:
        document = corpus.document(transfer.document_id)
        if document is not None:
            drafts.setdefault(
                (transfer.start, transfer.vak, transfer.vek), moved(document, transfer, language)
            )
    return numbered(corpus, list(drafts.values())[:MOST_TRANSFERS]) if drafts else None
