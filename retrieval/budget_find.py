"""From what a person types, a code in any spelling or words, to the budget articles that are meant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.analysis import STOPWORDS, content_words, grams, stems, tokens
from ingest.budget.codes import candidates, canonical, mentions, resolve
from ingest.budget.records import Article, Ledger, Transfer

MOST = 10  # articles that only their text brings up
_PART = 0.7  # of a word's grams that a title must hold, so that a compound is found by a part of it
_TITLE, _LABEL, _COMPOUND = 3.0, 2.0, 1.0
_DENSEST = 3.0  # how much less often than in the best text a word may stand

TextOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Named:
    """An article with the stems of its title and of the measures in its breakdowns."""

    article: Article
    title: tuple[str, ...]
    labels: frozenset[str]
    grams: frozenset[str]


def find_articles(ledgers: Sequence[Ledger], spoken: str, text_of: TextOf) -> tuple[Article, ...]:
    """The articles that a code or words can mean, the likeliest first; none when there is no such article.

    A code gives every article that it fits. Words are looked up in titles and the labels of breakdowns,
    then as parts of a title's compounds, then side by side in the sections; the first of these that holds
    every word decides. After that some of the words in a title or label will do, and last all of them
    anywhere in a section. `text_of` gives the text of a document by its id.
    """
    codes = spoken_codes(ledgers, spoken)
    if codes is not None:
        return tuple(a for code in codes for ledger in ledgers for a in ledger.articles if a.code == code)
    said_by_all = STOPWORDS | _years(ledgers)
    words = stems(word for word in content_words(spoken) if word not in said_by_all)
    named = list(_named(ledgers))
    if not words:
        return ()
    by_name = _by_name(named, words)
    if by_name:
        return by_name
    texts = [stems(content_words(_section(one.article, text_of))) for one in named]
    return (
        _by_text(named, texts, lambda text: _together(text, words))
        or _by_some_words(named, words)
        or _by_text(named, texts, lambda text: min(text.count(word) for word in words))
    )


def spoken_codes(ledgers: Sequence[Ledger], spoken: str) -> tuple[str, ...] | None:
    """The known codes that a spelling can mean, none when there are none; None when no code is spoken of."""
    known = {article.code for ledger in ledgers for article in ledger.articles}
    if canonical(spoken) is not None:
        return tuple(candidates(spoken, known))
    named = mentions(spoken, known)
    return tuple(dict.fromkeys(c for m in named for c in resolve(m, known))) if named else None


def transfers_naming(ledgers: Sequence[Ledger], spoken: str) -> list[Transfer]:
    """The reallocations from or to a code, also one without an article here, such as another minister's provision."""
    told = [t for ledger in ledgers for t in ledger.transfers]
    meant = set(candidates(spoken, {code for t in told for code in (*t.sources, *t.targets)}))
    return [t for t in told if meant & {*t.sources, *t.targets}]


def _years(ledgers: Sequence[Ledger]) -> set[str]:
    return {str(cell.year) for ledger in ledgers for cell in ledger.cells}


def _named(ledgers: Sequence[Ledger]) -> Iterator[_Named]:
    for ledger in ledgers:
        labels: dict[str, set[str]] = {}
        for breakdown in ledger.breakdowns:
            labels.setdefault(breakdown.code, set()).update(stems(tokens(breakdown.label)))
        for article in ledger.articles:
            title = tokens(article.title)
            held = frozenset(labels.get(article.code, ()))
            yield _Named(article, tuple(stems(title)), held, frozenset(grams(title)))


def _by_name(named: Sequence[_Named], words: Sequence[str]) -> tuple[Article, ...]:
    """The articles whose name holds every word, titles before labels; parts of words only without those."""
    graded = [(min(_grade(one, word) for word in words), one) for one in named]
    best = max((grade for grade, _ in graded), default=0.0)
    found = [(grade, one) for grade, one in graded if grade and grade >= min(best, _LABEL)]
    found.sort(key=lambda pair: (-pair[0], len(pair[1].title)))
    return tuple(one.article for _, one in found)


def _grade(one: _Named, word: str) -> float:
    if word in one.title:
        return _TITLE
    if word in one.labels:
        return _LABEL
    inside = {gram for gram in grams([word]) if "_" not in gram}
    return _COMPOUND if inside and len(inside & one.grams) >= _PART * len(inside) else 0.0


def _by_text(
    named: Sequence[_Named], texts: Sequence[Sequence[str]], count: Callable[[Sequence[str]], int]
) -> tuple[Article, ...]:
    """The articles whose section has the most of what `count` counts, for its length."""
    dense = [count(text) / max(len(text), 1) ** 0.5 for text in texts]
    least = max(dense, default=0.0) / _DENSEST
    order = sorted(range(len(named)), key=lambda i: -dense[i])
    return tuple(named[i].article for i in order if dense[i] and dense[i] >= least)[:MOST]


def _section(article: Article, text_of: TextOf) -> str:
    return text_of(article.document_id)[article.start : article.end]


def _together(text: Sequence[str], words: Sequence[str]) -> int:
    wanted = list(words)
    return sum(text[at : at + len(wanted)] == wanted for at in range(len(text) - len(wanted) + 1))


def _by_some_words(named: Sequence[_Named], words: Sequence[str]) -> tuple[Article, ...]:
    """The articles whose name holds the most of the words, when none holds all."""
    scores = [sum(_grade(one, word) >= _LABEL for word in words) for one in named]
    best = max(scores, default=0)
    return tuple(one.article for one, score in zip(named, scores, strict=True) if best and score == best)
