"""Which protected measures fell between two runs, beyond their margin, and for which questions."""

from collections.abc import Sequence

from evals.compare import LOWER_IS_BETTER
from evals.gate_records import Changes, Finding, Margin, broken, margins
from evals.gold import GoldQuestion
from evals.labels import label, number
from evals.measures import Row

_OF_ONE = ("right", "recall@8k chars", "refusal_recall")  # what shows that one question got worse
_ROUNDING = 1e-9


def fallen(before: Sequence[Row], after: Sequence[Row]) -> list[Finding]:
    """A finding for each protected measure whose mean fell by more than its margin; rows are of the same questions.

    Means are over the questions that a measure applies to in both runs, so that another set of answers is no fall:
    of `right` 3 of 100 lost is 0.03. Where `absent` is given, one that did not apply counts as that.
    """
    findings = []
    for protected in margins():
        name = protected.name
        pairs = [(a.id, *_both(a, b, protected)) for a, b in zip(before, after, strict=True)]
        known = [(question, x, y) for question, x, y in pairs if x is not None and y is not None]
        if not known:
            continue
        old, new = sum(x for _, x, _ in known) / len(known), sum(y for *_, y in known) / len(known)
        if _fall(name, old, new) > protected.margin + _ROUNDING:
            message = (
                f"{label(name)}: van {number(old, name)} naar {number(new, name)} ({len(known)} vragen), speling "
                f"{number(protected.margin, name)}. {protected.reason}"
            )
            worse = tuple(question for question, x, y in known if _fall(name, x, y) > 0)
            findings.append(Finding(name, message, worse))
    return findings


def touched(
    gold: Sequence[GoldQuestion], before: Sequence[Row], after: Sequence[Row], changed: Changes
) -> list[Finding]:
    """The questions whose own documents changed or were withdrawn and that got worse: a person decides what is right."""
    meant = changed.changed | changed.withdrawn
    of = {q.id: {piece.doc for piece in q.pieces()} & meant for q in gold}
    worse = [
        a.id
        for a, b in zip(before, after, strict=True)
        if of.get(a.id) and any(_lost(a.values.get(name), b.values.get(name)) for name in _OF_ONE)
    ]
    documents = [name for question in worse for name in sorted(of[question])]
    told = f"{', '.join(worse)} (bron: {', '.join(dict.fromkeys(documents))})."
    return broken("touched", len(worse), told, documents, worse)


def _lost(old: float | None, new: float | None) -> bool:
    return old is not None and (new is None or new < old)


def _both(before: Row, after: Row, protected: Margin) -> tuple[float | None, float | None]:
    """The values of one question; one that neither run has stays None."""
    a, b = before.values.get(protected.name), after.values.get(protected.name)
    if a is None and b is None:
        return None, None
    return protected.absent if a is None else a, protected.absent if b is None else b


def _fall(name: str, old: float, new: float) -> float:
    """How much worse the second is."""
    return new - old if name in LOWER_IS_BETTER else old - new
