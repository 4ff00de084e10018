"""A number of a claim in the text of a cited span: at its place, with its sign, and of the same credit and phase."""

from collections.abc import Sequence

from answer.figures import Number
from answer.verify_context import context, contradicted
from answer.verify_labels import Dimension, Label, bound
from answer.verify_marks import Mark
from answer.verify_numbers import Hedge, Told, in_span, source_labels, source_marks, source_words
from answer.verify_records import Fault
from answer.verify_statement import Statement
from answer.verify_tags import NAMES, tagged
from answer.verify_traced import NEAR, Traced, figure, quoted, wrong_sign

_IN_WORDS: tuple[Dimension, ...] = ("credit", "phase")


def of_span(
    claim: Statement, mark: Mark, number: Number, told: Sequence[Told], hedged: Hedge | None, *, strict: bool
) -> Traced | None:
    """A number of the cited text; `strict` when a cell has the value too, and the text must name the same credit and phase."""
    same = [t for t in told if in_span(number, t, hedged)]
    if strict:
        same = [t for t in same if _agrees_in_words(claim, mark, t)]
    if not same:
        return None
    mine = context(claim.words, mark.start, mark.end)
    unclear = [t for t in told if t not in same and (t.number.unit == "%") == (number.unit == "%")]
    if contradicted(mine, [_around(t) for t in same], [_around(t) for t in unclear]):
        detail = f"{quoted(claim, mark)} staat in de bron, maar hoort daar bij iets anders."
        return Traced(None, (Fault("figure", detail),))
    sign = [wrong_sign(claim, mark, number, t.number.value < 0, _near(t)) for t in same]
    if all(sign):
        return Traced(None, tuple(s for s in sign[:1] if s))
    wrong = [_other_words(claim, mark, t) for t in same]
    if all(wrong):
        kind = next(w for w in wrong if w)
        detail = f"Bij {quoted(claim, mark)} noemt de bron {NAMES[kind]} anders."
        return Traced(None, (Fault(kind, detail),))
    found = next(t for t, s, w in zip(same, sign, wrong, strict=True) if not (s and w))
    if in_span(number, found) == "exact" and number.scale in (None, found.number.scale):
        return Traced(figure(claim, mark, number, "span", found.place))
    a, b = found.number.start, found.number.end
    formula = f"{found.source.text[a:b]} ≈ {quoted(claim, mark)}"
    return Traced(figure(claim, mark, number, "derived", found.place, formula))


def _agrees_in_words(claim: Statement, mark: Mark, told: Told) -> bool:
    """Whether the source's own sentence names every credit and phase that the claim gives the number."""
    mine, theirs = tagged(claim, mark), _labels_of(told)
    return all(not mine[d] or (d in theirs and all(g & theirs[d].values for g in mine[d])) for d in _IN_WORDS)


def _other_words(claim: Statement, mark: Mark, told: Told) -> Dimension | None:
    """The credit or phase that the claim gives a number and its sentence in the source gives otherwise."""
    mine, theirs = tagged(claim, mark), _labels_of(told)
    for dimension in _IN_WORDS:
        label = theirs.get(dimension)
        if label and any(group and not group & label.values for group in mine[dimension]):
            return dimension
    return None


def _labels_of(told: Told) -> dict[Dimension, Label]:
    """The credit and phase that a source's own words give one of its numbers."""
    found = source_marks(told.source)
    here = Mark("number", told.number.start, told.number.end, "")
    numbers = [m for m in found if m.kind == "number"]
    own = source_labels(told.source)
    named = {d: bound(told.source.text, here, d, own, numbers) for d in _IN_WORDS}
    return {d: label for d, label in named.items() if label}


def _around(told: Told) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return context(source_words(told.source), told.number.start, told.number.end)


def _near(told: Told) -> str:
    return told.source.text[max(0, told.number.start - NEAR) : told.number.start]
