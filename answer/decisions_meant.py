"""Which decisions a question for a date, a stage, a minister or a list means, and what is said of each first."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.decisions_asked import Wanted
from answer.quotes import Quote
from answer.weighing import rarity, share, terms_of
from ingest.analysis import MONTHS, content_words, grams, stems
from ingest.records import Metadata, Passage, Stage
from retrieval.corpus import Corpus
from retrieval.cues import cues
from retrieval.families import meant
from retrieval.listing import Selection, selected, tally
from retrieval.naming import opening
from retrieval.query import Query
from retrieval.records import Evidence

MOST_LISTED = 10
MOST_STAGES = 6
_MOST_PROPOSALS = 3
_ABOUT = 0.7  # least share of the subject, by rare grams, in the titles of the decision that is meant
_AS_MUCH = 0.06  # how much less of it another decision that is meant may hold
_BY_STAGE: dict[Stage | None, int] = {None: 0, "principieel": 1, "definitief": 2, "bekrachtigd": 3}
# Of the form that a decision has: another one at each stage.
_FORM = frozenset(
    stems(
        "voorontwerp ontwerp ontwerpdecreet ontwerpbesluit decreet besluit van de het een over en goedkeuring".split()
    )
)


@dataclass(frozen=True, slots=True)
class _Near:
    """A decision with the share of the subject that its titles hold, and of its title that the subject is; 0..1."""

    meta: Metadata
    held: float
    central: float


def of_moment(
    corpus: Corpus, query: Query, asks: Wanted, evidence: Sequence[Evidence]
) -> list[tuple[Metadata, str]]:
    """The decisions on the subject at the stage asked for, oldest first, each with the words that say its day.

    Where no decision on it has that stage, the last one of another stage, which says so.
    """
    near = _about(corpus, asks, evidence)
    if not near:
        return []
    stage = asks.stages[0] if len(asks.stages) == 1 else None
    staged = [n for n in near if n.meta.stage == stage] if stage else near
    first = max(staged or near, key=lambda n: n.central)
    file = {m.id: m for m in corpus.families.of(first.meta)}
    file |= {n.meta.id: n.meta for n in near if n.central == first.central}
    family = sorted(file.values(), key=lambda m: (m.date or "", _BY_STAGE[m.stage], m.id))
    if stage and not any(m.stage == stage for m in family):
        last = max(family, key=lambda m: (_BY_STAGE[m.stage], m.date or ""))
        return [(last, opening(last, missing=stage))]
    asked = replace(cues(query.text), period=asks.period)
    chosen = meant(family, asked if len(asks.stages) < 2 else replace(asked, stage=None))
    return [(m, opening(m)) for m in chosen[-MOST_STAGES:]]


def proposed(
    corpus: Corpus, query: Query, asks: Wanted, evidence: Sequence[Evidence]
) -> list[tuple[Metadata, str]]:
    """The decisions on the subject, the first of each group of ministers, oldest first, with the words that name these."""
    near = [n for n in _about(corpus, asks, evidence) if n.meta.ministers]
    if not near:
        return []
    first = max(near, key=lambda n: n.central)
    file = {m.id: m for m in corpus.families.of(first.meta)}
    file |= {n.meta.id: n.meta for n in near if n.central == first.central}
    family = sorted(
        (m for m in file.values() if m.ministers), key=lambda m: (m.date or "", _BY_STAGE[m.stage], m.id)
    )
    groups: dict[frozenset[str], Metadata] = {}
    for meta in meant(family, cues(query.text)):
        groups.setdefault(frozenset(meta.ministers), meta)
    return [(m, opening(m, ministers=True)) for m in list(groups.values())[:_MOST_PROPOSALS]]


def listed(corpus: Corpus, query: Query, asks: Wanted) -> list[Quote]:
    """The last decisions of the time, the ministers, the stage and the subject asked for, the first one saying how many there are."""
    asked = cues(query.text)
    selection = Selection(
        _days(asks.period) if asks.period else None,
        asked.stage,
        tuple(sorted(corpus.ministers_named(query.text))),
        asks.subject,
    )
    found = selected(corpus.documents(), selection)
    shown = [_titled(corpus, meta) for meta in found[-MOST_LISTED:]]
    if not shown:
        return []
    counted = replace(shown[0], text=f"{tally(len(found), selection, MOST_LISTED)}{shown[0].text}")
    return [counted, *shown[1:]]


def _days(period: tuple[str, str]) -> tuple[str, str]:
    """A period with the last day that its month has: `("2022-06-01", "2022-06-31")` -> up to `"2022-06-30"`."""
    first, last = period
    year, month, day = map(int, last.split("-"))
    if 1 <= month <= len(MONTHS):
        day = min(day, monthrange(year, month)[1])
    return first, f"{year}-{month:02}-{day:02}"


def _about(corpus: Corpus, asks: Wanted, evidence: Sequence[Evidence]) -> list[_Near]:
    """The decisions whose titles hold the subject best, among those found and those that have all its words in a title."""
    found = {e.meta.id: e.meta for e in evidence if e.meta.kind == "beslissing"}
    found |= {m.id: m for one in list(found.values()) for m in corpus.families.of(one)}
    found |= {m.id: m for m in selected(corpus.documents(), Selection(subject=asks.subject))}
    weights = rarity(corpus, [(gram, 1.0) for gram in grams(asks.subject)])
    subject = set(stems(asks.subject))
    near = [
        _Near(
            m,
            share(weights, terms_of(f"{m.title} {m.official_title or ''}", "grams")),
            _central(subject, m.title),
        )
        for m in found.values()
    ]
    best = max((n.held for n in near), default=0.0)
    return [n for n in near if n.held >= best - _AS_MUCH] if best >= _ABOUT else []


def _central(subject: set[str], title: str) -> float:
    """Share of the words of a title that are of the subject, its form left out: `({"jobbonus"}, "Decreet jobbonus plus")` -> 0.5."""
    words = title_words(title)
    return len(words & subject) / len(words) if words else 0.0


def title_words(title: str) -> set[str]:
    """The stems of a title, without those of the form that its decision has: `"Decreet jobbonus"` -> `{"jobbonus"}`."""
    return set(stems(content_words(title))) - _FORM


def _titled(corpus: Corpus, meta: Metadata) -> Quote:
    """The title of a decision as a quote that says its day."""
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus is a document of the corpus"
    first = document.blocks[0]
    text = document.text[first.start : first.end]
    passage = Passage(meta.id, first.start, first.end, text, (), first.page)
    return Quote(Evidence(passage, meta, 1.0), first.start, first.end, opening(meta), first.kind, 0)
