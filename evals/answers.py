"""What is measured of one answer against its gold question.

Each measure is 0..1 unless said otherwise, and None where it does not apply. A question without a result
counts as nothing answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from answer.figures import numbers
from evals.gold import GoldQuestion, Piece
from evals.matching import Found, is_figure, needs, overlaps, states, telling

READ = 2_000  # how much of an answer a reader takes in
SHORT_CITATION = 600
ELAPSED = "elapsed_ms"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer (the `ask` object of the contract); None when there is no result."""

    question: GoldQuestion
    answer: Found | None

    @property
    def refused(self) -> bool:
        """Whether the system said that it cannot answer."""
        return self.answer is not None and self.answer.get("status") == "refused"

    @property
    def answered(self) -> bool:
        """Whether there is an answer, whole or partial."""
        return self.answer is not None and not self.refused

    @property
    def read(self) -> str:
        """The part of the answer that counts for its facts."""
        return ((self.answer or {}).get("answer") or "")[:READ]

    @property
    def citations(self) -> Sequence[Found]:
        """The citations of an answer; a refusal has none."""
        return ((self.answer or {}).get("citations") or []) if self.answered else []

    @property
    def claims(self) -> Sequence[Found]:
        """The sentences of an answer."""
        return ((self.answer or {}).get("claims") or []) if self.answered else []

    @property
    def relevant(self) -> Sequence[Piece]:
        """Every place that supports the answer."""
        return (*self.question.evidence, *self.question.alt_evidence)


def right(asked: Asked) -> float | None:
    """Answered, with all facts, and at least one citation overlaps evidence."""
    if not asked.question.answerable:
        return None
    supported = any(overlaps(c, piece) for c in asked.citations for piece in asked.relevant)
    return float(bool(facts(asked)) and supported)


def wrong(asked: Asked) -> float | None:
    """Answered, and not right: what a reader would be misled by; lower is better."""
    return float(asked.answered and not right(asked)) if asked.question.answerable else None


def facts(asked: Asked) -> float | None:
    """Fact accuracy: every fact of the gold answer stands in the first 2,000 characters."""
    if not asked.question.answerable:
        return None
    return float(asked.answered and all(states(asked.read, fact) for fact in asked.question.answer_facts))


def fact_share(asked: Asked) -> float | None:
    """The share of the facts of the gold answer that stand in the first 2,000 characters.

    Source: the nugget recall of Voorhees, Overview of the TREC 2003 Question Answering Track (2004).
    """
    return _stated(asked, asked.question.answer_facts)


def figure_accuracy(asked: Asked) -> float | None:
    """The share of the amounts and shares among the facts that the answer states, on their own boundaries."""
    return _stated(asked, [fact for fact in asked.question.answer_facts if is_figure(fact)])


def figures_traced(asked: Asked) -> float | None:
    """The share of the figures in the claims that the citations of their claim state where the figure points.

    Of a derived figure all its inputs must stand in those citations. Signs are left out: text says in words
    which way an amount went.
    """
    if not asked.answered:
        return None
    numbered = {c.get("n"): c for c in asked.citations}
    traced = [
        _traced(figure, [numbered[n] for n in claim.get("citations", ()) if n in numbered])
        for claim in asked.claims
        for figure in claim.get("figures", ())
    ]
    return sum(traced) / len(traced) if traced else None


def citation_recall(asked: Asked) -> float | None:
    """The share of the needed pieces that some citation overlaps, by words (`matching.overlaps`).

    Source: Gao et al., Enabling Large Language Models to Generate Text with Citations (2023), with gold
    evidence in place of their entailment model.
    """
    if not asked.question.answerable:
        return None
    groups = needs(asked.question)
    found = sum(any(overlaps(c, piece) for c in asked.citations for piece in group) for group in groups)
    return found / max(1, len(groups))


def citation_precision(asked: Asked) -> float | None:
    """The share of the citations that overlap evidence, or are short and hold a telling fact; to four decimals.

    An answer without citations scores 0. Source: as for `citation_recall`.
    """
    if not asked.question.answerable or asked.refused:
        return None
    good = [
        any(overlaps(c, piece) for piece in asked.relevant) or _proves(c, asked.question)
        for c in asked.citations
    ]
    return round(sum(good) / len(good), 4) if good else 0.0


def span_recall(asked: Asked) -> float | None:
    """The share of the needed pieces whose characters a citation covers: half of the shorter of the two.

    Source: the overlap coefficient of Szymkiewicz and Simpson, at least 0.5.
    """
    if not asked.question.answerable or not _located(asked.question):
        return None
    groups = needs(asked.question)
    return sum(any(_covers(c, p) for c in asked.citations for p in group) for group in groups) / len(groups)


def span_precision(asked: Asked) -> float | None:
    """The share of the citations that cover, as in `span_recall`, a needed piece or an alternative."""
    if not asked.question.answerable or asked.refused or not _located(asked.question):
        return None
    good = [any(_covers(c, piece) for piece in asked.relevant) for c in asked.citations]
    return sum(good) / len(good) if good else 0.0


def citations_per_answer(asked: Asked) -> float | None:
    """How many citations an answer has, 0 or more; of refusals none is counted."""
    return float(len(asked.citations)) if asked.question.answerable and not asked.refused else None


def citations_per_claim(asked: Asked) -> float | None:
    """How many citations a sentence of an answer has, 0 or more."""
    if not asked.claims:
        return None
    return sum(len(claim.get("citations", ())) for claim in asked.claims) / len(asked.claims)


def answer_length(asked: Asked) -> float | None:
    """Characters of an answer, marks included."""
    return float(len((asked.answer or {}).get("answer") or "")) if asked.answered else None


def false_refusal(asked: Asked) -> float | None:
    """A question that the documents answer was not answered; lower is better."""
    return float(not asked.answered) if asked.question.answerable else None


def refusal_recall(asked: Asked) -> float | None:
    """A question that the documents do not answer was refused.

    Source: unanswerable questions as in Rajpurkar et al., Know What You Don't Know (2018).
    """
    return None if asked.question.answerable else float(asked.refused)


def refusal_precision(asked: Asked) -> float | None:
    """Of the refusals: whether the documents indeed hold no answer."""
    return float(not asked.question.answerable) if asked.refused else None


def elapsed_ms(asked: Asked) -> float | None:
    """Milliseconds that the answer took, as it says itself; summed up as p50 and p95."""
    value = (asked.answer or {}).get(ELAPSED)
    return None if value is None else float(value)


ANSWER_MEASURES: Mapping[str, Callable[[Asked], float | None]] = {
    of_one.__name__: of_one
    for of_one in (
        right,
        wrong,
        facts,
        fact_share,
        figure_accuracy,
        figures_traced,
        citation_recall,
        citation_precision,
        span_recall,
        span_precision,
        citations_per_answer,
        citations_per_claim,
        answer_length,
        false_refusal,
        refusal_recall,
        refusal_precision,
        elapsed_ms,
    )
}


def _stated(asked: Asked, wanted: Sequence[str]) -> float | None:
    if not asked.question.answerable or not wanted:
        return None
    return sum(asked.answered and states(asked.read, fact) for fact in wanted) / len(wanted)


def _proves(citation: Found, question: GoldQuestion) -> bool:
    text = citation.get("text") or ""
    return len(text) <= SHORT_CITATION and any(telling(f) and states(text, f) for f in question.answer_facts)


def _located(question: GoldQuestion) -> bool:
    """Whether the places are known by their offsets; one that vanished is known to be nowhere."""
    return all(piece.span is not None or not piece.quote for piece in question.evidence)


def _covers(citation: Found, piece: Piece) -> bool:
    if citation.get("document_id") in piece.decisions:
        return True
    if piece.span is None or citation.get("document_id") != piece.doc:
        return False
    start, end = citation.get("start"), citation.get("end")
    if start is None or end is None:
        return False
    shared = min(end, piece.span[1]) - max(start, piece.span[0])
    return bool(shared > 0 and 2 * shared >= min(end - start, piece.span[1] - piece.span[0]))


def _traced(figure: Found, citations: Sequence[Found]) -> bool:
    if figure["source"] == "derived":
        inputs = _amounts(figure["formula"] or "")
        stated = {amount for c in citations for amount in _amounts(c["text"])}
        return bool(inputs) and inputs <= stated
    wanted = _amounts(figure["text"])
    return bool(wanted) and any(wanted <= _amounts(_at(c, figure)) for c in citations)


def _at(citation: Found, figure: Found) -> str:
    """What a citation says where a figure points; nothing when that is outside it."""
    start, end = figure["start"] - citation["start"], figure["end"] - citation["start"]
    return str(citation["text"][start:end]) if 0 <= start < end else ""


def _amounts(text: str) -> frozenset[Decimal]:
    return frozenset(abs(number.value) for number in numbers(text))
