"""Which decisions a question for a date, a stage, a minister or a list means, and what is said of each first."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.decisions_asked import Wanted, form_of
from answer.decisions_differ import sentences_of
from answer.quotes import Quote, joined
from answer.weighing import rarity, share, terms_of
from ingest.analysis import MONTHS, content_words, grams, stems
from ingest.records import Metadata, Passage, Stage
from retrieval.corpus import Corpus
from retrieval.cues import cues, stages_named
from retrieval.families import meant
from retrieval.listing import Selection, selected, tally
from retrieval.naming import opening, titles
from retrieval.query import Query
from retrieval.records import Evidence

MOST_LISTED = 10
MOST_STAGES = 6
_MOST_PROPOSALS = 3
_SAYS_LITTLE = (
    70  # characters of a sentence that leans on the one before it: `De Vlaamse Regering keurt dit goed.`
)
_RATIFIED = 0.66  # how alike the titles of a ratification, which is titled anew, and of the other decisions of its file are
_SAME_TITLE = 0.8  # how alike the official titles of one file are
_ABOUT = 0.7  # least share of the subject, by rare grams, in the titles of the decision that is meant
_AS_MUCH = 0.06  # how much less of it another decision that is meant may hold
_BY_STAGE: dict[Stage | None, int] = {None: 0, "principieel": 1, "definitief": 2, "bekrachtigd": 3}
# Of the form that a decision has: another one at each stage.
_FORM = frozenset(
    stems(
        "voorontwerp ontwerp ontwerpdecreet ontwerpbesluit decreet besluit van de het een over en goedkeuring bekrachtiging afkondiging".split()
    )
)
_PASSED = re.compile(
    r", aangenomen door het .*", re.IGNORECASE | re.DOTALL
)  # when parliament did, in a ratification
_VERBS = (
    "keurt|hecht|beslist|wijzigt|kent|stemt|stelt|neemt|legt|voorziet|verlengt|erkent|past|verleent|voert|duidt|benoemt|bepaalt|wijst|machtigt"
    "|bekrachtigt|maakt|trekt|heft|weigert|brengt|vervangt|selecteert|herverdeelt|verdeelt|kwalificeert|draagt|geeft|reserveert|bevestigt|actualiseert"
)
_DECIDES = re.compile(
    rf"\b(?:{_VERBS}) (?:\w+ ){{0,2}}?(?:de Vlaamse Regering|ze)\b|\b(?:Vlaamse Regering|ze) (?:\w+ ){{0,2}}?(?:{_VERBS})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Near:
    """A decision with the share of the subject that its titles and its title alone hold, and of its title that the subject is; 0..1."""

    meta: Metadata
    held: float
    titled: float
    central: float


def of_moment(
    corpus: Corpus, query: Query, asks: Wanted, evidence: Sequence[Evidence]
) -> list[tuple[Metadata, str]]:
    """The decisions on the subject at the stage asked for, oldest first, each with the words that say its day.

    Where no stage or several are asked for, its whole file; where no decision on it has the stage, the last one of
    another stage. The last one says which stage is missing.
    """
    near = _about(corpus, query, asks, evidence)
    if not near:
        return []
    stage = asks.stages[0] if len(asks.stages) == 1 else None
    staged = [n for n in near if n.meta.stage == stage] if stage else near
    most = max(n.central for n in staged or near)
    files = [(n, _of_form(corpus, query, near, n)) for n in staged or near if n.central == most]
    first, members = max(files, key=lambda one: len(one[1]))
    file = {m.id: m for m in members}
    file |= {n.meta.id: n.meta for n in near if n is first or (stage and n.central == first.central)}
    family = sorted(file.values(), key=lambda m: (m.date or "", _BY_STAGE[m.stage], m.id))
    if stage and not any(m.stage == stage for m in family):
        titled = selected(corpus.documents(), Selection(stage=stage, subject=_said(asks)))
        if of_form := [m for m in titled if _has_form(m, form_of(query.text))]:
            return [(m, opening(m)) for m in of_form[-MOST_STAGES:]]
        last = max(family, key=lambda m: (_BY_STAGE[m.stage], m.date or ""))
        return [(last, opening(last, missing=stage))]
    chosen = meant(family, replace(cues(query.text), period=asks.period, stage=stage))
    shown = chosen[-MOST_STAGES:]
    lacking = next((s for s in stages_named(query.text) if all(m.stage != s for m in family)), None)
    return [*((m, opening(m)) for m in shown[:-1]), (shown[-1], opening(shown[-1], missing=lacking))]


def proposed(
    corpus: Corpus, query: Query, asks: Wanted, evidence: Sequence[Evidence]
) -> list[tuple[Metadata, str]]:
    """The decisions on the subject, the first of each group of ministers, oldest first, with the words that name these."""
    near = [n for n in _about(corpus, query, asks, evidence) if n.meta.ministers]
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
    shown = [_decided(corpus, meta, ministers=asks.ministers) for meta in found[-MOST_LISTED:]]
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


def file_of(corpus: Corpus, near: Sequence[Metadata], meta: Metadata) -> list[Metadata]:
    """The file of a decision, with the files of those near that have its title in the form of another stage."""
    words = title_words(meta.title)
    same = [
        m
        for m in near
        if alike(meta, m) >= _SAME_TITLE
        or _in_common(words, title_words(m.title)) >= (_RATIFIED if m.stage == "bekrachtigd" else 1.0)
    ]
    return list({m.id: m for one in (meta, *same) for m in corpus.families.of(one)}.values())


def alike(a: Metadata, b: Metadata) -> float:
    """Share of the words of two official titles that both have, their form left out, 0..1."""
    mine, theirs = (title_words(_PASSED.sub("", m.official_title or m.title)) for m in (a, b))
    return _in_common(mine, theirs)


def _in_common(a: set[str], b: set[str]) -> float:
    """Share of the words of two titles that both have: `({"leersteun"}, {"leersteun", "steun"})` -> 0.5."""
    return len(a & b) / len(a | b) if a | b else 0.0


def _about(corpus: Corpus, query: Query, asks: Wanted, evidence: Sequence[Evidence]) -> list[_Near]:
    """The decisions whose titles hold the subject best, among those found and those that have all its words in a title.

    Where a decree is asked for these are decrees, or the ones that the decisions found carry out, and conversely; others
    where there is none.
    """
    found = {e.meta.id: e.meta for e in evidence if e.meta.kind == "beslissing"}
    found |= {m.id: m for one in list(found.values()) for m in corpus.families.of(one)}
    said = _said(asks)
    found |= {m.id: m for m in selected(corpus.documents(), Selection(subject=said))}
    weights = rarity(corpus, [(gram, 1.0) for gram in grams(said)])
    subject = set(stems(said))
    near = [
        _Near(
            m,
            share(weights, terms_of(titles(m), "grams")),
            share(weights, terms_of(m.title, "grams")),
            _central(subject, m.title),
        )
        for m in found.values()
    ]
    best = max((n.held for n in near), default=0.0)
    if best < _ABOUT:
        return []
    most = [n for n in near if n.held >= best - _AS_MUCH]
    form = form_of(query.text)
    of_form = [n for n in near if n.held >= _ABOUT and _has_form(n.meta, form)]
    return (
        [n for n in of_form if n in most and n.titled >= _ABOUT]
        or [n for n in of_form if any(_carries_out(other.meta, n.meta) for other in most)]
        or most
    )


def _said(asks: Wanted) -> tuple[str, ...]:
    """The words of the subject, its form left out where it has others: `("decreet", "jobbonus")` -> `("jobbonus",)`."""
    return tuple(word for word in asks.subject if title_words(word)) or asks.subject


def _carries_out(act: Metadata, decree: Metadata) -> bool:
    """Whether the official title of an act has all that of a decree in it: `Besluit tot uitvoering van het decreet over X`."""
    names = title_words(decree.official_title or decree.title)
    return act != decree and bool(names) and names <= title_words(act.official_title or act.title)


def _of_form(corpus: Corpus, query: Query, near: Sequence[_Near], one: _Near) -> list[Metadata]:
    """The file of a decision, what has another form than the one asked for left out."""
    form = form_of(query.text)
    return [m for m in file_of(corpus, [n.meta for n in near], one.meta) if _has_form(m, form)]


def _has_form(meta: Metadata, form: str | None) -> bool:
    return form in (None, form_of(meta.official_title or meta.title))


def _central(subject: set[str], title: str) -> float:
    """Share of the words of a title that are of the subject, its form left out: `({"jobbonus"}, "Decreet jobbonus plus")` -> 0.5."""
    words = title_words(title)
    return len(words & subject) / len(words) if words else 0.0


def title_words(title: str) -> set[str]:
    """The stems of a title, without those of the form that its decision has: `"Decreet jobbonus"` -> `{"jobbonus"}`."""
    return set(stems(content_words(title))) - _FORM


def _decided(corpus: Corpus, meta: Metadata, *, ministers: bool) -> Quote:
    """The first sentence in which the government decides, else the first one, else the title, with the words that say its day."""
    said = sentences_of(corpus, meta)
    if not said:
        return _titled(corpus, meta, ministers=ministers)
    at = next((n for n, sentence in enumerate(said) if _DECIDES.search(sentence.text)), 0)
    leans = at > 0 and len(said[at].text) < _SAYS_LITTLE
    quote = joined(said[at - 1], said[at]) if leans else said[at]
    return replace(quote, text=f"{opening(meta, ministers=ministers)} {quote.text}".strip())


def _titled(corpus: Corpus, meta: Metadata, *, ministers: bool) -> Quote:
    """The title of a decision as a quote that says its day."""
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus is a document of the corpus"
    first = document.blocks[0]
    text = document.text[first.start : first.end]
    passage = Passage(meta.id, first.start, first.end, text, (), first.page)
    return Quote(
        Evidence(passage, meta, 1.0),
        first.start,
        first.end,
        opening(meta, ministers=ministers),
        first.kind,
        0,
    )
