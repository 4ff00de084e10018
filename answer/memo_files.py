"""One file, one line of history: the decisions on one matter from its first approval to its ratification.

A title recurs: next year's subsidy, a second amendment. What tells files apart is the official title without
the words of its stage, and time: after a final approval a new approval in principle opens another file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from answer.memo_records import Status
from ingest.analysis import content_words, stems, tokens
from ingest.reading import sentences
from ingest.records import Metadata, Stage
from retrieval.corpus import Corpus

_ALIKE = 0.6  # share of the words of two official titles that are the same in one file
_FEWEST_WORDS = 3
_WHOLE_MATTER = 6  # words from which one official title is one matter, whatever the titles are
_NEARLY, _RAREST = (
    0.8,
    3,
)  # share of the longer official title that is the other's; words that candidates share
_LONGEST_GAP = 3  # years between two decisions of one file
_RANK: dict[Stage, int] = {"principieel": 1, "definitief": 2, "bekrachtigd": 3}
_LETTERED = re.compile(r"(?:^|\s)[A-D]\.\s")
_STAGE_WORDS = re.compile(
    r"\b(?:voorontwerp\w*|ontwerp\w*|bekrachtiging|afkondiging|definitieve?|principi[eë]le?|goedkeuring|decreet|besluit|vlaamse|regering)\b",
    re.IGNORECASE,
)
# What a decision without stages does, by its own words: it settles something, or it prepares.
_SETTLES = re.compile(
    r"\b(?:kent|verleent|kende|verdeelt|wijzigt|legt|richt|erkent|verlengt|benoemt|herverdeelt|sluit|verhoogt|stemt|stelt|"
    r"lanceert|maakt|trekt|reserveert|voorziet|geeft|hecht|keurt|keurde|beslist|besliste|bevestigt|duidt|gunt|koopt|verkoopt)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"(?:\b|_)\w*nota(?:['’]s)?\b|\bgroenboek\b|\bwitboek\b|\b(?:start|voorkeurs|aanvangs)beslissing\b|\bvoorstel(?:len)?\b|"
    r"\b(?:neemt|nemen|nam|akte|kennis)\b.{0,40}\b(?:akte|kennis|van)\b|\b(?:onderhandelings)?mandaat\b|\bstand van zaken\b|"
    r"\w*rapport\w*\b|\w*verslag\w*\b|\bevaluatie\w*|\bmonitor\w*|\bstandpunt\w*|\btiming\b|\btijdsschema\b|\bmededeling\b|"
    r"\b\w*plan\b|\b\w*strategie\b|\b\w*visie\b|\bconsultatie\w*|\bschriftelijke vraag\b|\bvoortgang\w*|\badvies(?:vraag|aanvraag)?\b",
    re.IGNORECASE,
)
# The recovery plan is what pays for a decision, not what it is about.
_RECOVERY = re.compile(r"\b(?:(?:relance)?plan\s+['‘]?Vlaamse Veerkracht['’]?|relanceplan)", re.IGNORECASE)
_GOVERNMENT = re.compile(
    r"\bVlaamse [Rr]egering\b(?! van\b)|\b(?:keurt|beslist|hecht|kent|wijzigt|neemt) ze\b|\bZe (?:keurt|beslist|hecht|kent|neemt|wijzigt)\b"
)
# A plan is what some promises ask for; what leads to one is not yet it.
_PLAN = re.compile(
    r"\b\w*(?:plan(?:nen)?|strategie(?:ën)?|kader|visie|thema(?:['’]s)?|agenda|programma)\b", re.IGNORECASE
)
_DRAFT = re.compile(
    r"\b(?:(?:visie|concept|start|discussie)nota\w*|groenboek|\w*rapport\w*|\w*verslag\w*|evaluatie\w*|stand van zaken|"
    r"voortgang\w*|mededeling|timing|voorstel\w*|oproep\w*|opstart|voorkeur\w*|\w*beslissing|planningsproces|\w*uitvoeringsplan)\b",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"\bkeur(?:t|de)\b.{0,300}\bgoed\b|\b(?:stelt|stelde|legt|legde)\b.{0,200}\bvast\b|\bhecht(?:te)?\b.{0,120}\bgoedkeuring\b|"
    r"\b(?:vaststelling|goedkeuring)\b",
    re.IGNORECASE | re.DOTALL,
)
_ORDER: dict[Status, int] = {"definitief": 3, "principieel": 2, "in_voorbereiding": 1, "niet_gevonden": 0}
_OBJECT = 110  # characters behind the verb in which stands what is decided


@dataclass(frozen=True, slots=True)
class File:
    """The decisions of one file, oldest first; never none."""

    decisions: tuple[Metadata, ...]

    @property
    def id(self) -> str:
        """The id of its first decision."""
        return self.decisions[0].id

    @property
    def first(self) -> str:
        """The date of the first decision, empty when none is known."""
        return self.decisions[0].date or ""

    @property
    def last(self) -> Metadata:
        """The decision that tells how far the file has come: the furthest stage, of these the latest."""
        return max(self.decisions, key=lambda m: (rank(m), m.date or "", m.id))

    def at(self, stage: Stage) -> Metadata | None:
        """The decision at a stage: the first approval in principle, the last of any other stage."""
        found = [m for m in self.decisions if m.stage == stage]
        return None if not found else found[0] if stage == "principieel" else found[-1]


def rank(meta: Metadata) -> int:
    """How far a decision has brought its file: 0 without stage, 3 for a ratification."""
    return _RANK[meta.stage] if meta.stage else 0


def file_of(corpus: Corpus, meta: Metadata, after: str | None) -> File:
    """The file of one decision, with its stages in the corpus since a date."""
    if corpus not in _FILES:
        _FILES[corpus] = _all_files(corpus)
    whole = _FILES[corpus][meta.id]
    since = tuple(m for m in whole.decisions if not after or (m.date or after) >= after)
    return File(since) if since else whole


def status_of(corpus: Corpus, file: File, asked: str = "") -> Status:
    """How far a file has come: its stages decide, without stages the words of the latest decision.

    Where the promise `asked` for a plan, to approve that plan is to settle it.
    """
    latest = file.last
    if latest.stage:
        return "principieel" if latest.stage == "principieel" else "definitief"
    plan = bool(_PLAN.search(asked))
    settled = any(settles(corpus, meta) or (plan and _sets_plan(corpus, meta)) for meta in file.decisions)
    return "definitief" if settled else "in_voorbereiding"


def furthest(reached: Iterable[Status]) -> Status:
    """The furthest of several statuses; `niet_gevonden` when there is none."""
    return max(reached, key=lambda status: _ORDER[status], default="niet_gevonden")


def _sets_plan(corpus: Corpus, meta: Metadata) -> bool:
    """Whether a decision approves a plan, or is one of which the corpus has the title alone."""
    title = _RECOVERY.sub("", meta.title)
    if not _PLAN.search(title) or _DRAFT.search(title):
        return False
    acts = [d.text[a:b] for a, b in act_sentences(corpus, meta) if (d := corpus.document(meta.id))]
    return not acts or any(_SETS.search(act) for act in acts)


def settles(corpus: Corpus, meta: Metadata) -> bool:
    """Whether a decision without stages carries something out itself: a subsidy granted, an agreement approved."""
    if _PREPARES.search(_RECOVERY.sub("", meta.title)):
        return False
    for start, end in act_sentences(corpus, meta):
        document = corpus.document(meta.id)
        sentence = _RECOVERY.sub("", document.text[start:end]) if document else ""
        for verb in _SETTLES.finditer(sentence):
            if not _PREPARES.search(sentence[verb.start() : verb.end() + _OBJECT]):
                return True
    return False


def act_sentences(corpus: Corpus, meta: Metadata) -> list[tuple[int, int]]:
    """The sentences of a decision's body that have the government as subject, in order."""
    document = corpus.document(meta.id)
    if document is None:
        return []
    body = [block for block in document.blocks if block.kind != "heading"]
    spans = [span for block in body for span in sentences(document.text, block.start, block.end)]
    return [(a, b) for a, b in spans if _GOVERNMENT.search(document.text[a:b])]


_FILES: WeakKeyDictionary[Corpus, dict[str, File]] = WeakKeyDictionary()


def _all_files(corpus: Corpus) -> dict[str, File]:
    """The file of every decision by its id: each decision is in one file, whichever of them is asked for."""
    decisions = {meta.id: meta for meta in corpus.documents() if meta.kind == "beslissing"}
    near = _near_matters(decisions.values())
    found: dict[str, File] = {}
    for name, meta in decisions.items():
        if name in found:
            continue
        for run in _runs(_together(corpus, meta, near)):
            file = File(run)
            found |= {m.id: file for m in run}
    return found


def _together(corpus: Corpus, meta: Metadata, near: dict[str, list[Metadata]]) -> list[Metadata]:
    """All decisions that follow from one by likeness of matter, oldest first."""
    met = {meta.id: meta}
    open_ends = [meta]
    while open_ends:
        one = open_ends.pop()
        for other in (*corpus.families.of(one), *near.get(one.id, ())):
            if other.id not in met and _same_matter(one, other):
                met[other.id] = other
                open_ends.append(other)
    return sorted(met.values(), key=lambda m: (m.date or "", rank(m), m.id))


def _near_matters(decisions: Iterable[Metadata]) -> dict[str, list[Metadata]]:
    """For each decision those with nearly its official title, whatever their titles are.

    Two such titles share one of their rarest words, so that only few pairs are compared.
    """
    every = [(meta, _matter(meta.official_title or "")) for meta in decisions]
    told = [(meta, matter) for meta, matter in every if len(matter) >= _WHOLE_MATTER]
    counts = Counter(word for _, matter in told for word in matter)
    under: dict[str, list[tuple[Metadata, frozenset[str]]]] = {}
    for meta, matter in told:
        for word in sorted(matter, key=lambda w: (counts[w], w))[:_RAREST]:
            under.setdefault(word, []).append((meta, matter))
    near: dict[str, dict[str, Metadata]] = {}
    for shared in under.values():
        for meta, matter in shared:
            for other, theirs in shared:
                if other.id != meta.id and len(matter & theirs) >= _NEARLY * max(len(matter), len(theirs)):
                    near.setdefault(meta.id, {})[other.id] = other
    for same in _by_title(meta for meta, _ in every):
        for meta in same:
            near.setdefault(meta.id, {}).update({other.id: other for other in same if other.id != meta.id})
    return {name: list(others.values()) for name, others in near.items()}


def _by_title(decisions: Iterable[Metadata]) -> list[list[Metadata]]:
    """Decisions whose titles differ in words of the stage only: `Voorontwerp van decreet X`, `Ontwerpdecreet X`."""
    groups: dict[frozenset[str], list[Metadata]] = {}
    for meta in decisions:
        if len(_matter(meta.title)) >= _FEWEST_WORDS:
            groups.setdefault(_matter(meta.title), []).append(meta)
    return [same for same in groups.values() if len(same) > 1]


def _same_matter(a: Metadata, b: Metadata) -> bool:
    mine, theirs = _matter(a.official_title or ""), _matter(b.official_title or "")
    if min(len(mine), len(theirs)) < _FEWEST_WORDS:
        return _matter(a.title) == _matter(b.title)
    return len(mine & theirs) >= _ALIKE * min(len(mine), len(theirs))


@lru_cache(maxsize=8192)
def _matter(title: str) -> frozenset[str]:
    """What a title is about, without the words that only say how far it has come."""
    own = _STAGE_WORDS.sub(" ", _LETTERED.sub(" ", title))
    return frozenset(stems(content_words(own))) if own.strip() else frozenset()


def _runs(decisions: Sequence[Metadata]) -> list[tuple[Metadata, ...]]:
    """Decisions by date, cut where another file begins: a stage that follows a later one, or years of silence."""
    runs: list[list[Metadata]] = []
    for meta in decisions:
        if runs and _goes_on(runs[-1], meta):
            runs[-1].append(meta)
        else:
            runs.append([meta])
    return [tuple(run) for run in runs]


def _goes_on(run: Sequence[Metadata], meta: Metadata) -> bool:
    reached = max(map(rank, run))
    silent = int((meta.date or "0")[:4] or 0) - int((run[-1].date or "0")[:4] or 0)
    if silent >= _LONGEST_GAP:
        return False
    if not meta.stage or not reached:
        return not meta.stage and not reached and tokens(run[-1].title) == tokens(meta.title) and silent == 0
    return rank(meta) > reached or (rank(meta) == reached == 1)
