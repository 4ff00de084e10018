"""Which budget articles a section speaks of, with what was available and what was executed.

An article counts when a promise, or the title of a decision that carries one out, has its instrument by name: the
long compound that its title is made of (`dienstencheques`), or every word of a title of several.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.analysis import content_words, stems
from ingest.budget.records import Article, Cell, Phase
from retrieval.budget import PHASES
from retrieval.corpus import Corpus

MOST_ARTICLES = 6
_NAME = 12  # letters from which one word is the name of an instrument
_RARE = 60  # passages at most that have such a word
_INSIDE = frozenset(("IS", "LO", "PR"))  # streams to agencies, wages and provisions: no instrument
_PHASES: tuple[Phase, ...] = tuple(p for p in PHASES if p.endswith("JR") or p == "BU")
_ANYONES = frozenset(
    stems(
        "werking toelagen lonen ontvangsten maatregelen betrekking ondersteuning ondersteuningsmaatregelen kader vlaams "
        "vlaamse gewest gemeenschap verstrekken expertisecentrum werkplaatsen ondernemerschap".split()
    )
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A figure of an article that the section speaks of."""

    article: Article
    cell: Cell


def ledger_rows(corpus: Corpus, promises: Sequence[str], titles: Sequence[str]) -> tuple[LedgerRow, ...]:
    """The figures of the articles that promises or titles name, expenditure only, by article, phase and credit."""
    spoken = [frozenset(stems(content_words(text))) for text in (*promises, *titles)]
    rows: list[LedgerRow] = []
    articles: list[str] = []
    for ledger in corpus.ledgers():
        for article in ledger.articles:
            if article.flow != "uitgave" or article.suffix in _INSIDE or not _named(corpus, article, spoken):
                continue
            if article.code not in articles:
                articles.append(article.code)
            if len(articles) > MOST_ARTICLES:
                break
            cells = [c for c in ledger.cells if c.code == article.code and c.phase in _PHASES and c.value]
            rows += [LedgerRow(article, cell) for cell in cells]
    return tuple(rows)


def _named(corpus: Corpus, article: Article, spoken: Sequence[frozenset[str]]) -> bool:
    words = content_words(article.title)
    long = {
        stem
        for stem in stems(w for w in words if len(w) >= _NAME)
        if stem not in _ANYONES and corpus.lexical.frequency("stems", stem) <= _RARE
    }
    every = frozenset(stems(words)) - _ANYONES
    return any(long & said or (len(every) > 1 and every <= said) for said in spoken)
