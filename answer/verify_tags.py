"""Whether a figure of the ledger is of the credit, phase, year and article that a claim gives its number."""

from collections.abc import Sequence
from itertools import product

from answer.verify_labels import DIMENSIONS, Dimension, bound
from answer.verify_marks import Mark
from answer.verify_source import Fact
from answer.verify_statement import Statement
from ingest.budget.codes import candidates

Tags = dict[Dimension, list[frozenset[str]]]
Chosen = dict[Dimension, frozenset[str] | None]

NAMES: dict[Dimension, str] = {
    "credit": "het krediet",
    "phase": "de fase",
    "year": "het jaar",
    "article": "het begrotingsartikel",
}


def tagged(claim: Statement, mark: Mark) -> Tags:
    """What the claim says of a number in each dimension, as groups that must each be met; the question fills in."""
    numbers = claim.numbers
    tags: Tags = {}
    for dimension in DIMENSIONS:
        label = bound(claim.text, mark, dimension, claim.labels, numbers)
        if label is None:
            tags[dimension] = [claim.asked[dimension]] if claim.asked.get(dimension) else []
        elif dimension != "year" and "respectievelijk" not in claim.text:
            tags[dimension] = list(label.each)
        else:
            tags[dimension] = [label.values]
    return tags


def wrong_tags(equal: Sequence[Fact], fitting: Tags) -> Dimension | None:
    """The dimension in which no figure of this value is what the claim says; None when all are met."""
    if not equal or all(any(fits(f, tags) for f in equal) for tags in combined(fitting)):
        return None
    for dimension in DIMENSIONS:
        without: Tags = {**fitting, dimension: []}
        if all(any(fits(f, tags) for f in equal) for tags in combined(without)):
            return dimension
    return "phase" if fitting["phase"] else "credit" if fitting["credit"] else "article"


def combined(fitting: Tags) -> list[Chosen]:
    """Every choice of one group in each dimension; a dimension without groups admits all."""
    choices: list[list[frozenset[str] | None]] = [list(fitting[d]) or [None] for d in DIMENSIONS]
    return [dict(zip(DIMENSIONS, chosen, strict=True)) for chosen in product(*choices)]


def fits(fact: Fact, tags: Chosen) -> bool:
    """Whether a figure is what a claim says, as far as its table tells; a code may be shortened."""
    credit, phase, year, article = (tags[d] for d in DIMENSIONS)
    return (
        (credit is None or fact.credit is None or fact.credit in credit)
        and (phase is None or (fact.phase in phase if fact.phase else bool(phase)))
        and (year is None or str(fact.year) in year)
        and (article is None or any(candidates(code, fact.codes) for code in article))
    )


def best(equal: Sequence[Fact], fitting: Tags) -> Fact:
    """The first figure that fits."""
    first = combined(fitting)[0]
    return next(f for f in equal if fits(f, first))


def says(fact: Fact) -> str:
    """What the ledger says of a figure, in Dutch."""
    where = " ".join(str(x) for x in (*fact.codes[:1], fact.phase, fact.year, fact.credit) if x)
    return f"daar is het {where}"
