"""Which decisions carry out a promise: a pair is judged by how much of each the other speaks of.

A section leads to hundreds of decisions, a promise in it often to none. So what is asked here is not which one comes
first but whether it may count at all. The weights turn the measures into the share of such pairs that a reader called
right; `python -m evals.promise_weights` fits them. A decision counts for the promises that it is nearest to and for
no others, since a title of the section's one subject would stand under all of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from ingest.analysis import content_words, stems
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.matching import Match
from retrieval.promise_measures import Floats, Promise, measures, read_once

__all__ = ["ENOUGH", "POSSIBLE", "WEIGHTS", "Promise", "Support", "can_carry_out", "supports"]

ENOUGH = 0.6  # of the strength, from where a decision counts for a promise
POSSIBLE = 0.35  # from where it is shown to a reader who judges himself
NEAREST, MOST = 0.9, 2  # of a decision's greatest strength in its section; promises that it counts for
WEIGHTS = {"body": 4.75, "specific": 3.78, "told": 1.98, "section": 2.17, "own": 0.87, "concept": 0.37}
CONSTANT = -7.47
# What asks, reports or takes a stand carries nothing out.
_TELLS = re.compile(
    r"\b(?:schriftelijke vraag|vraag om uitleg|motie|resolutie|standpuntbepaling|(?:voortgangs|eind|jaar)?rapport(?:ering|age)?|"
    r"jaarverslag|voortgangsverslag|evaluatieverslag|stand van zaken)\b",
    re.IGNORECASE,
)
# A promise to change a rule, that speaks of no money, is not kept by paying somebody.
_CHANGES = re.compile(
    r"\b(?:hervorm\w*|herzie\w*|herschrijv\w*|evalue(?:er|re)\w*|schaf\w*\b.*\baf\b|afschaf\w*|afgeschaft|verbie\w+|verboden|"
    r"vereenvoudig\w*|automatis\w+|opgeheven|opheff\w*)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:\w*wijzig\w*|hervorm\w*|herzie\w*|evaluati\w*|evalueer\w*|afschaf\w*|opheff\w*|verbod\w*|uitdoof\w*|"
    r"vereenvoudig\w*|automatis\w+)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:\w*subsid\w*|\w*financier\w*|\w*middelen|\w*premies?|\w*budget\w*|\w*toelage\w*)\b", re.IGNORECASE
)
_RULES = re.compile(r"\b(?:\w*decreet|\w*besluit|\w*codex|\w*nota|\w*plan)\b", re.IGNORECASE)
_PAYS = re.compile(
    r"\b(?:\w*subsidie\w*|\w*toelage\w*|\w*dotatie\w*|\w*steun|toekenning|herverdeling\w*)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Support:
    """A decision beside a promise.

    `strength` 0..1 is the share of such pairs that a reader calls right; `counts` whether the decision carries the
    promise out as far as can be told; `nearest` whether no promise of the section is much nearer to it.
    """

    meta: Metadata
    strength: float
    counts: bool
    nearest: bool


def supports(
    corpus: Corpus,
    promises: Sequence[Promise],
    matched: Sequence[Match],
    *,
    domain: str = "",
    most: int = 20,
) -> list[tuple[Support, ...]]:
    """For each promise the `most` decisions with the strongest support, best first; `matched` are the section's.

    Only decisions among `matched` are weighed, so that filters and time hold here too. The words of the `domain`
    tell nothing apart: under Dierenwelzijn every promise and every decision is about that.
    """
    if not matched or not promises:
        return [() for _ in promises]
    read = read_once(corpus)
    rows = np.array([read.row[match.meta.id] for match in matched], dtype=np.int32)
    section = np.array([match.score for match in matched])
    common = frozenset(stems(content_words(domain)))
    strengths = np.array([_strength(m) for m in measures(corpus, promises, rows, section, common)])
    nearest = strengths >= np.maximum(NEAREST * strengths.max(axis=0), np.sort(strengths, axis=0)[-MOST:][0])
    found = []
    for promise, row, near in zip(promises, strengths, nearest, strict=True):
        best = nlargest(most, range(len(rows)), key=lambda i: (row[i], matched[i].meta.id))
        found.append(tuple(_support(promise, matched[i].meta, float(row[i]), bool(near[i])) for i in best))
    return found


def _support(promise: Promise, meta: Metadata, strength: float, nearest: bool) -> Support:
    counts = strength >= ENOUGH and nearest and can_carry_out(promise.text, meta)
    return Support(meta, strength, counts, nearest)


def can_carry_out(promise: str, meta: Metadata) -> bool:
    """Whether a decision does a thing of the promise's kind: no question or report, no payment for a reform."""
    if _TELLS.search(meta.title):
        return False
    if not _CHANGES.search(promise) or _MONEY.search(promise) or _CHANGED.search(meta.title):
        return True
    return not _PAYS.search(meta.title) and bool(_RULES.search(f"{meta.title} {meta.official_title or ''}"))


def _strength(measured: Floats) -> Floats:
    odds = measured @ np.array(list(WEIGHTS.values())) + CONSTANT
    return np.asarray(1 / (1 + np.exp(-odds)))
