"""How a figure of the ledger is written and named in each language: digits, phases, articles, credits, and lists."""

from collections.abc import Sequence
from decimal import Decimal

from answer.budget_article import Found
from answer.budget_whole import Whole
from answer.figures import dutch
from ingest.budget.records import Credit, Flow, Phase
from prompts.messages import message
from retrieval.language import Language

_BLANK = "\u00a0"
Item = Found | Whole


def written(value: Decimal, language: Language) -> str:
    """A number as a reader of the language cannot misread it: `458.323,5`, in French `458 323,5`, in English `458 323.5`.

    The blank that groups does not break, and means the same in both; a comma or a point there would not.
    """
    told = dutch(value)
    if language == "nl":
        return told
    told = told.replace(".", _BLANK)
    return told if language == "fr" else told.replace(",", ".")


def subject(flow: Flow, phase: Phase, language: Language) -> str:
    """What a figure of a phase is: `De uitvoering`, `The available credit after reallocation`."""
    if phase == "BU":
        name = "executed"
    elif flow == "ontvangst":
        name = "receipt"
    else:
        name = "available" if phase.endswith("JR") else "budgeted"
    return message(f"ledger_{name}", language)


def named(found: Item, language: Language) -> str:
    """The article by code and title, with its measure if one is meant; a whole by its level and caption."""
    if isinstance(found, Whole):
        return message(f"ledger_level_{found.level}", language, name=found.name)
    name = "ledger_measure" if found.label else "ledger_article"
    return message(name, language, code=found.article.code, title=found.article.title, label=found.label)


def named_again(found: Item, language: Language) -> str:
    """The article once its title has been said."""
    if isinstance(found, Whole):
        return named(found, language)
    return f"{found.article.code} ({found.label})" if found.label else found.article.code


def credit_name(credit: Credit, language: Language) -> str:
    """`credit_name("VAK", "fr")` -> `"crédit d'engagement (VAK)"`."""
    return message(f"credit_{credit}", language)


def listed(parts: Sequence[str], language: Language) -> str:
    """`listed(["a", "b"], "fr")` -> `"a et b"`."""
    return message("ledger_and", language).join(parts)
