"""What changed between two versions of one file: which two are meant, and the sentences in which they differ.

question -> the versions that it names -> the file -> its two decisions -> what each says that the other does not
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from answer.decisions_asked import asks_when, told_apart, wanted
from answer.decisions_differ import differences, sentences_of
from answer.decisions_granted import all_of
from answer.decisions_meant import alike, file_of
from answer.quotes import Quote, joined
from answer.weighing import rarity, share, terms_of
from ingest.analysis import MONTHS, grams
from ingest.records import Metadata, Stage
from retrieval.corpus import Corpus
from retrieval.cues import stages_named
from retrieval.naming import opening, titles
from retrieval.query import Query, understand
from retrieval.records import Filters
from retrieval.search import find

_MOST_RUNS = 4  # of one decision
_TOGETHER = 40  # characters between two marks of one version: `de definitieve goedkeuring van het besluit in juli 2022`
_READ = 12  # decisions found of which the files are looked at
_HALF = 600  # characters of a decision that stands alone
_ABOUT = 0.55  # least share of the subject, by rare grams, in the decision that the file is found by
_BESIDE = 0.2  # how much less of it the file may hold that has both versions
_TITLED = 0.3  # how much less of it its titles may hold: another form of it (`decreet`, `uitvoeringsbesluit`) holds less
_ONE_MATTER = 0.6  # how alike the official titles of one text are
_LATER: dict[Stage | None, int] = {None: 0, "principieel": 1, "definitief": 2, "bekrachtigd": 3}
_I = re.IGNORECASE
_DIFFERS = re.compile(
    r"\bverander\w*|\bwijzig(?:t|de|den|en|ingen)\b|\bgewijzigd\w*|\bverschil\w*|\banders\b|\baangepast\w*|\baanpassingen\b|\bvergelijk\w*"
    r"|\bvergeleken\b|\bbijgestuurd\w*|\btoegevoegd\w*|\bbijgekomen\b|\bgeschrapt\w*|\bgeëvolueerd\b|\bevolu\w+|\bpas(?:t|te|ten)\b.{0,150}\baan\b|\bt\.?o\.?v\b|\bten opzichte van\b"
    r"|\btegenover\b|\bversus\b|\bvs\b|\bnaast elkaar\b|\bzelfde\b",
    _I,
)
_OF_DECISION = re.compile(
    r"\b(?:goedkeuring\w*|beslissing\w*|versies?|lezing\w*|voorontwerp\w*|\w*ontwerp|\w*ontwerpen|\w*decreet|\w*besluit|\w*oproep|regeling)\b",
    _I,
)
_MONTH = "|".join(MONTHS)
_TAKEN = r"(?:versie|goedkeuring|beslissing|lezing|keer|maal|tekst|ontwerp|voorontwerp|besluit)"
_STAGE = r"principi\w+|definitie\w*|bekrachtig\w*|voorontwerp"
_BESIDES = r"en|of|met|naar|dan|tot|t\.?o\.?v\.?|ten opzichte van|tegenover|vergeleken met|versus|vs\.?"
# What tells one version from another, as a question names it.
_MARK = re.compile(
    rf"(?P<stage>\b(?:{_STAGE})\b)"
    rf"|(?P<time>\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTH})\b(?: (?:van )?(?P<of>(?:19|20)\d\d))?|\b(?P<year>(?:19|20)\d\d)\b)"
    r"|(?P<order>\b(?:eerste|oorspronkelijke|initiële|tweede|derde|vierde|laatste|uiteindelijke)\b)"
    rf"(?=\s+(?:\w+\s+)?(?:{_TAKEN}|{_STAGE})\b|\s+van\s+(?:\d|{_MONTH})|\s*(?:[?!.,;]|$)|\s+(?:{_BESIDES})\b)",
    _I,
)
_NEXT = re.compile(rf"(?:^|\s)(?:{_BESIDES})(?:\s|$)", _I)
_BOTH = re.compile(r"\b(?:beide|de twee) (?:\w+ )?(?:goedkeuringen|beslissingen|versies|lezingen|stadia|fasen)\b", _I)  # fmt: skip
_AGAINST_FORMER = re.compile(
    r"\b(?:in|aan|bij|tegen|voor) (?:de|het) (?:definitie\w*|tweede|laatste|uiteindelijke) (?:\w+ )?(?:versie|lezing|tekst|goedkeuring)\b",
    _I,
)
_ORDERS = {"eerste": 0, "oorspronkelijke": 0, "initiële": 0, "tweede": 1, "derde": 2, "vierde": 3, "laatste": -1, "uiteindelijke": -1}  # fmt: skip

_OF_COMPARING = frozenset(
    "tussen waarin hoe hoeverre opzicht lezing lezingen versies tekst nieuw iets doorgevoerd heeft".split()
)


@dataclass(frozen=True, slots=True)
class Version:
    """One of the decisions of a file as a question names it; `place` is its place among those that the rest fits.

    `time` is what its date (YYYY-MM-DD) begins with.
    """

    stage: Stage | None = None
    time: str | None = None
    place: int | None = None

    def of(self, file: Sequence[Metadata]) -> list[Metadata]:
        """The decisions of a file, oldest first, that it may be."""
        fit = [
            m
            for m in file
            if self.stage in (None, m.stage) and (self.time is None or (m.date or "").startswith(self.time))
        ]
        if self.place is None:
            return fit
        return fit[self.place :][:1] if -len(fit) <= self.place < len(fit) else []


def compared(corpus: Corpus, query: Query) -> list[Quote]:
    """What two versions of one file say differently, the older one first; none when no two are asked about."""
    versions = versions_named(query.text)
    if versions is None:
        return []
    found = _found(corpus, query)
    pair = _of_file(corpus, found, versions) or _of_found(found, versions)
    if pair is None:
        return _half(corpus, found, versions)
    older, newer = sorted(pair, key=_when)
    told = differences(corpus, older, newer)
    return [
        replace(quote, text=f"{opening(meta)} {quote.text}".strip()) if n == 0 else quote
        for meta, own in zip((older, newer), told, strict=True)
        for n, quote in enumerate(own[:_MOST_RUNS])
    ]


def versions_named(text: str) -> tuple[Version, Version] | None:
    """The two versions that a question sets side by side, None where it does not.

    `"Wat veranderde er tussen de eerste versie en die van juli 2022?"` -> place 0, time 2022-07.
    """
    if not _DIFFERS.search(text) or asks_when(text):
        return None
    named = _named(text)
    if len(named) >= 2 and (_OF_DECISION.search(text) or any(v.stage for v in named)):
        return named[-2], named[-1]
    if _BOTH.search(text):
        stage = named[0].stage if named else None
        return Version(stage, place=0), Version(stage, place=-1)
    if len(named) == 1 and _AGAINST_FORMER.search(text):
        return Version(place=0), named[0]
    return None


def _named(text: str) -> list[Version]:
    """Every version that a question names: marks that stand together are of one, a word between two sets them apart."""
    groups: list[list[re.Match[str]]] = []
    for mark in _MARK.finditer(text):
        last = groups[-1] if groups else []
        between = text[last[-1].end() : mark.start()] if last else ""
        known = {m.lastgroup for m in last}
        apart = _NEXT.search(between) or _DIFFERS.search(between) or len(between) > _TOGETHER
        if not last or mark.lastgroup in known or apart:
            groups.append([mark])
        else:
            last.append(mark)
    year = next((y for m in _MARK.finditer(text) if (y := m["of"])), None)
    return list(dict.fromkeys(_version(group, year) for group in groups))


def _version(marks: Sequence[re.Match[str]], year: str | None) -> Version:
    version = Version()
    for mark in marks:
        if mark["stage"]:
            version = replace(version, stage=next(iter(stages_named(mark["stage"])), None))
        elif mark["order"]:
            version = replace(version, place=_ORDERS[mark["order"].lower()])
        else:
            version = replace(version, time=_time(mark, year))
    return version


def _time(mark: re.Match[str], year: str | None) -> str | None:
    """What a date begins with: `"3 juli 2020"` -> `"2020-07-03"`; a month without a year has the question's."""
    if mark["year"]:
        return mark["year"]
    of = mark["of"] or year
    if of is None:
        return None
    month = f"{of}-{MONTHS.index(mark['month'].lower()) + 1:02}"
    return f"{month}-{int(mark['day']):02}" if mark["day"] else month


def _found(corpus: Corpus, query: Query) -> list[Metadata]:
    """The decisions that hold most of what the question is about, best first."""
    words = _subject(corpus, query)
    if not told_apart(words):
        return []
    subject = " ".join(words)
    asked = understand(subject, (), corpus.terms, corpus.uses)
    weights = rarity(corpus, [(gram, 1.0) for gram in grams(words)])
    found = find(corpus, asked, filters=Filters(kind=("beslissing",)), per_document=1)
    held = [(share(weights, terms_of(all_of(e), "grams")), e.meta) for e in found[:_READ]]
    best = max((much for much, _ in held), default=0.0)
    if best < _ABOUT:
        return []
    titled = [
        (share(weights, terms_of(titles(meta), "grams")), meta)
        for much, meta in held
        if much >= best - _BESIDE
    ]
    most = max(much for much, _ in titled)
    near = [(much, meta) for much, meta in titled if much >= most - _TITLED]
    return [meta for _, meta in sorted(near, key=lambda one: -round(one[0], 1))]


def _of_file(
    corpus: Corpus, found: Sequence[Metadata], versions: tuple[Version, Version]
) -> tuple[Metadata, Metadata] | None:
    """Two decisions of one file that are the versions meant: of the files found, of the first one that has both."""
    for meta in found:
        for members in _rounds(file_of(corpus, found, meta), meta):
            pairs = _pairs(members, versions)
            if pairs:
                return max(pairs, key=lambda pair: (alike(*pair) >= _ONE_MATTER, _apart(members, pair)))
    return None


def _of_found(
    found: Sequence[Metadata], versions: tuple[Version, Version]
) -> tuple[Metadata, Metadata] | None:
    """The first decisions found of the two times meant, where a matter has another title each time."""
    if None in (versions[0].time, versions[1].time):
        return None
    return next(iter(_pairs(found, versions)), None)


def _half(corpus: Corpus, found: Sequence[Metadata], versions: tuple[Version, Version]) -> list[Quote]:
    """The one version that there is of the first file found, saying which stage is missing."""
    file = sorted(file_of(corpus, found, found[0]), key=_when) if found else []
    for one, other in (versions, versions[::-1]):
        held = one.of(file)
        if held and other.stage and not any(m.stage == other.stage for m in file):
            sentences = sentences_of(corpus, held[-1])
            last = max(n for n, s in enumerate(sentences) if n == 0 or s.end - sentences[0].start <= _HALF)
            quote = joined(sentences[0], sentences[last])
            return [replace(quote, text=f"{opening(held[-1], missing=other.stage)} {quote.text}".strip())]
    return []


def _subject(corpus: Corpus, query: Query) -> tuple[str, ...]:
    """The words for the file itself, without those that set two of its versions side by side."""
    said = query.text
    for pattern in (_DIFFERS, _MARK, _BOTH):
        said = pattern.sub(" ", said)
    return tuple(w for w in wanted(corpus, replace(query, text=said)).subject if w not in _OF_COMPARING)


def _rounds(file: Sequence[Metadata], found: Metadata) -> list[list[Metadata]]:
    """A file as often as it went through its stages, the round of the decision found first, then all of it."""
    ordered = sorted(file, key=_when)
    falls = [n for n, (a, b) in enumerate(pairwise(ordered), 1) if _LATER[b.stage] < _LATER[a.stage]]
    rounds = [ordered[a:b] for a, b in zip([0, *falls], [*falls, len(ordered)], strict=True)]
    return [*sorted(rounds, key=lambda r: found not in r), ordered]


def _pairs(members: Sequence[Metadata], versions: tuple[Version, Version]) -> list[tuple[Metadata, Metadata]]:
    return [(a, b) for a in versions[0].of(members) for b in versions[1].of(members) if a.id != b.id]


def _apart(members: Sequence[Metadata], pair: tuple[Metadata, Metadata]) -> int:
    return abs(members.index(pair[0]) - members.index(pair[1]))


def _when(meta: Metadata) -> tuple[str, int, str]:
    return meta.date or "", _LATER[meta.stage], meta.id
