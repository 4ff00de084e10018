"""What a question asks: its words, the turns before it, and what it names exactly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.analysis import content_words, exact
from ingest.lexical import Field, question_terms
from retrieval.records import Turn

CONTEXT_WEIGHT = 0.5
_LEANS_BACK = re.compile(
    r"^\s*(?:en|maar|of|dus|ook|and|et)\b|\b(?:daar(?:van|voor|bij|mee|over|in|op|toe)|hier(?:van|voor|bij|mee|over)|ervan|"
    r"ervoor|die|dat|deze|dit|hij|zij|ze|diezelfde|zelfde|vorige|tweede|derde|laatste|andere|there|that|celui|cela)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Query:
    """A question as retrieval sees it.

    `context` is what earlier turns add to a question that leans on them, empty otherwise. `exact` holds
    article codes, decision ids and dates in the spelling of `ingest.analysis.exact`.
    """

    text: str
    context: str
    exact: tuple[str, ...]

    def terms(self, field: Field) -> list[tuple[str, float]]:
        """The weighted terms for one lexical field; those of the context count for less."""
        weights: dict[str, float] = {}
        for text, factor in ((self.text, 1.0), (self.context, CONTEXT_WEIGHT)):
            for term, weight in question_terms(text, field) if text else ():
                weights[term] = weights.get(term, 0.0) + factor * weight
        return list(weights.items())

    def sentence(self) -> str:
        """Question and context as one text, for the dense channel."""
        return f"{self.text}\n{self.context}" if self.context else self.text


def understand(question: str, history: Sequence[Turn] = ()) -> Query:
    """Read a question, with the last exchange of the conversation when it leans on that."""
    context = _last_exchange(history) if history and _leans_back(question) else ""
    return Query(question, context, tuple(exact(question) or exact(context)))


def _leans_back(question: str) -> bool:
    return len(content_words(question)) <= _FEW_WORDS or bool(_LEANS_BACK.search(question))


def _last_exchange(history: Sequence[Turn]) -> str:
    """The last question and what was answered to it, answers cut to what they open with."""
    users = [turn.content for turn in history if turn.role == "user"]
    answers = [turn.content[:600] for turn in history if turn.role == "assistant"]
    return "\n".join(users[-1:] + answers[-1:])
