"""Who is or was minister of something, and what a minister is competent for, from the record of the decisions.

question -> a competence, a name or the minister-president -> who held that title, and when -> one claim each
"""

from answer.ministers_asked import among, asked_of
from answer.records import Citation, Claim
from answer.tenures import Tenure, tenures, told
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.naming import named
from retrieval.query import Query
from retrieval.records import Filters

MOST = 3


def minister_answer(
    corpus: Corpus, query: Query, filters: Filters
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """A claim for each holder, at most three, on its first and its last decision; none when that is not asked.

    The newest stands first, or the oldest where a time is named; what the `filters` do not admit is left out.
    """
    claims: list[Claim] = []
    citations: list[Citation] = []
    for tenure in _chosen(corpus, query, filters):
        cited = _cited(tenure)
        numbers = tuple(range(len(citations) + 1, len(citations) + len(cited) + 1))
        sentence = " ".join((told(tenure, query.reply_in), *(named(meta) for meta in cited)))
        citations += [Citation.of(n, m, None, (), 0, m.title) for n, m in zip(numbers, cited, strict=True)]
        claims.append(Claim(sentence, numbers))
    return tuple(claims), tuple(citations)


def _chosen(corpus: Corpus, query: Query, filters: Filters) -> list[Tenure]:
    """The tenures that are asked for, in the order of the answer."""
    asked = asked_of(query)
    if asked is None:
        return []
    meant = [
        tenure
        for tenure in among(asked, tenures(corpus.documents()))
        if all(filters.admit(meta) for meta in _cited(tenure)) and _meets(tenure, asked.period)
    ]
    newest_first = sorted(meant, key=lambda t: (t.last.date or "", t.first.date or ""), reverse=True)
    return (meant if asked.period else newest_first)[:MOST]


def _meets(tenure: Tenure, period: tuple[str, str] | None) -> bool:
    """Whether a tenure falls, in part at least, in the time that is asked about."""
    if period is None:
        return True
    return (tenure.first.date or "") <= period[1] and period[0] <= (tenure.last.date or "")


def _cited(tenure: Tenure) -> list[Metadata]:
    """The first and the last decision, once where they are the same."""
    return list({meta.id: meta for meta in (tenure.first, tenure.last)}.values())
