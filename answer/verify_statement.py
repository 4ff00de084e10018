"""A claim as verification reads it: its words, its hard marks and the labels that its numbers have."""

from collections.abc import Sequence
from dataclasses import dataclass

from answer.verify_context import Words, words_of
from answer.verify_labels import Dimension, Label, labels
from answer.verify_language import Rendered
from answer.verify_marks import Mark, marks
from answer.verify_source import Source
from retrieval.language import Language

_LONGEST_QUESTION = 2_000


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as it is read: its words, marks and labels, and what the question adds to it.

    `text` is Dutch; for a claim in another `language` it is rendered so, `strange` being the stems of the words
    that could not be.
    """

    text: str
    words: Words
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    asked: dict[Dimension, frozenset[str]]
    language: Language
    strange: frozenset[str]

    @property
    def numbers(self) -> list[Mark]:
        """Its numbers in order."""
        return [m for m in self.marks if m.kind == "number"]

    def said(self, dimension: Dimension) -> frozenset[str]:
        """Everything that the claim says in one dimension."""
        return frozenset(v for x in self.labels if x.dimension == dimension for v in x.values)


def read_statement(claim: Rendered, question: str, sources: Sequence[Source]) -> Statement:
    """A claim as it is read; the one article and the one year of the question fill in what the claim leaves out."""
    text = claim.text
    found = tuple(marks(text))
    titles = dict.fromkeys(t for s in sources for t in s.titles)
    asked = marks(question[:_LONGEST_QUESTION])
    codes = {m.value for m in asked if m.kind == "code"}
    years = {m.value for m in asked if m.kind == "year"}
    return Statement(
        text,
        words_of(text),
        found,
        tuple(labels(text, found, titles)),
        {
            "article": frozenset(codes) if len(codes) == 1 else frozenset(),
            "year": frozenset(years) if len(years) == 1 else frozenset(),
        },
        claim.language,
        claim.strange,
    )
