"""What a question asks: the full question behind a follow-up, its words in the corpus's language, what it names exactly."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.analysis import STOPWORDS, exact, tokens
from ingest.lexical import Field, question_terms
from ingest.thesaurus_terms import NO_TERMS, Terms
from retrieval.expansion import Expansion, expand
from retrieval.followup import resolve
from retrieval.language import Language, dutch_words, in_dutch, language, with_dutch_dates
from retrieval.records import Turn

_CONTEXT_WEIGHT = 0.5
_KEPT_OF_ANSWER = 600
_LONGEST_THAT_POINTS = 14  # words; a longer question says itself what it is about
_OWN = 2  # words of its own; behind more, `die` and `ze` mean one of these: `per leefloner die ze helpen`
_POINTS_BACK = re.compile(
    r"\b(?:daar(?:van|voor|bij|mee|over|in|op|toe)?|hier(?:van|voor|bij|mee|over)|ervan|ervoor|die|dat|deze|dit|hij|zij|ze|"
    r"diezelfde|zelfde|vorige|andere|dan|there|that|celui|cela)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as retrieval sees it.

    `asked` is the question as put, `text` the full question that it is in its conversation, the same when it
    stands alone; `added` names what the conversation gave. `context` is the last exchange where the question
    points back to it and could not be made whole, empty otherwise. `language` is that of `text`, `reply_in` that
    of the question as put, where its words tell (`2020?` does not). `dutch` holds Dutch words for those of a
    French or English question. `exact` holds article codes, decision ids and dates in the spelling of
    `ingest.analysis.exact`, `expansions` other names of what is asked about.
    """

    asked: str
    text: str
    added: tuple[str, ...]
    context: str
    language: Language
    reply_in: Language
    dutch: str
    exact: tuple[str, ...]
    expansions: tuple[Expansion, ...]

    def terms(self, field: Field) -> list[tuple[str, float]]:
        """The terms for one lexical field, each with the number of times that the question has it.

        Those of the context count for less.
        """
        weights = dict(question_terms(in_dutch(self.text, self.language), field))
        for term, weight in question_terms(self.context, field) if self.context else ():
            weights[term] = weights.get(term, 0.0) + _CONTEXT_WEIGHT * weight
        return list(weights.items())

    def search_terms(self, field: Field, other_names: float) -> list[tuple[str, float]]:
        """The same with other names of what is asked about, at most `other_names` each."""
        weights = dict(self.terms(field))
        for expansion in self.expansions if field != "exact" and other_names else ():
            for name in expansion.added:
                for term, _ in question_terms(name, field):
                    # The highest and not the sum: the labels of a concept repeat each other's words.
                    weights[term] = max(weights.get(term, 0.0), other_names * expansion.weight)
        return list(weights.items())

    def sentence(self) -> str:
        """The full question with its Dutch words and its context as one text, for the dense channel."""
        return "\n".join(filter(None, (self.text, self.dutch, self.context)))


def understand(
    question: str,
    history: Sequence[Turn] = (),
    terms: Terms = NO_TERMS,
    uses: Callable[[str], bool] = lambda name: True,
) -> Query:
    """Read a question; one that leans on the conversation is made whole first.

    `terms` are those of the corpus's thesaurus, for other names of what is asked about; `uses` says whether the
    corpus itself speaks of a name.
    """
    whole = resolve(question, history)
    spoken = language(whole.question)
    points_back = not whole.added and bool(history) and _points_back(question)
    return Query(
        asked=question,
        text=whole.question,
        added=whole.added,
        context=_last_exchange(history) if points_back else "",
        language=spoken,
        reply_in=language(question, otherwise=spoken),
        dutch=dutch_words(whole.question, spoken),
        exact=tuple(exact(with_dutch_dates(whole.question, spoken))),
        expansions=tuple(expand(terms, whole.question, uses)),
    )


def _points_back(question: str) -> bool:
    match = _POINTS_BACK.search(question)
    if match is None or len(question.split()) > _LONGEST_THAT_POINTS:
        return False
    return sum(word not in STOPWORDS for word in tokens(question[: match.start()])) <= _OWN


def _last_exchange(history: Sequence[Turn]) -> str:
    """The last question and what the answer to it opens with."""
    users = [turn.content for turn in history if turn.role == "user"]
    answers = [turn.content[:_KEPT_OF_ANSWER] for turn in history if turn.role == "assistant"]
    return "\n".join(users[-1:] + answers[-1:])
