"""Who held which title as a minister, from the first to the last decision under it: said in one sentence, and read back.

Only decisions of one minister with one title count: of more it is not known whose title each is.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from answer.verify_source import readable
from ingest.records import Metadata
from prompts.messages import message, sentences
from retrieval.language import LANGUAGES, Language
from retrieval.naming import spoken_day

_SEVERAL, _ONE = "minister_of_decisions", "minister_of_decision"
_SAID = {
    "minister": r"[^\n.:;(]{1,80}?",
    "title": r"[^\n:;(]{1,300}?",
    "first": r"[^\n:;(,]{4,20}?",
    "last": r"[^\n:;(,]{4,20}?",
}


@dataclass(frozen=True, slots=True)
class Tenure:
    """A minister under one title, with the `first` and the `last` decision under it, the same where there is one."""

    minister: str
    title: str
    first: Metadata
    last: Metadata


def tenures(documents: Iterable[Metadata]) -> list[Tenure]:
    """Every minister with every title, the one whose first decision is oldest first."""
    named = [
        (m.ministers[0], m.minister_title, m.date or "", m)
        for m in documents
        if m.minister_title and len(m.ministers) == 1 and spoken_day(m.date)
    ]
    by_holder = sorted(named, key=lambda n: (*n[:3], n[3].id))
    found = []
    for (minister, title), group in groupby(by_holder, key=lambda n: n[:2]):
        decisions = [meta for *_, meta in group]
        found.append(Tenure(minister, title, decisions[0], decisions[-1]))
    return sorted(found, key=lambda t: (t.first.date or "", t.minister, t.title))


def told(tenure: Tenure, language: Language) -> str:
    """A tenure as a claim says it: `"An Maes staat als Vlaams minister van Werk vermeld bij beslissingen van …"`."""
    name = _ONE if tenure.first == tenure.last else _SEVERAL
    first, last = (_day(m.date or "", language) for m in (tenure.first, tenure.last))
    return message(name, language, minister=tenure.minister, title=tenure.title, first=first, last=last)


def read_tenure(text: str) -> re.Match[str] | None:
    """What a claim opens with when `told` wrote it, in any of the languages."""
    return _sentence().match(text)


def recorded(documents: Iterable[Metadata], said: str, cited: Collection[str]) -> bool:
    """Whether a sentence is that of a tenure of these documents, its first and its last decision being cited."""
    return any(
        tenure.first.id in cited
        and tenure.last.id in cited
        and any(readable(told(tenure, language)) == said for language in LANGUAGES)
        for tenure in tenures(documents)
    )


def _day(date: str, language: Language) -> str:
    return (spoken_day(date) or date) if language == "nl" else date


@cache
def _sentence() -> re.Pattern[str]:
    """What matches the sentences of `told` in every language."""
    written = (sentences()[name][language] for name in (_SEVERAL, _ONE) for language in LANGUAGES)
    return re.compile("|".join(re.sub(r"\\\$(\w+)", _blank, re.escape(one)) for one in written))


def _blank(placeholder: re.Match[str]) -> str:
    return _SAID[placeholder[1]]
