"""How an answer names a decision, its day, its ministers and how many there are; written and read back here.

(‘Startpremie’, 2021-03-12, principieel, http://themis…)
Op 12 maart 2021 principieel goedgekeurd, op voorstel van Hilde Crevits:
"""

import re
from typing import get_args

from ingest.analysis import MONTHS
from ingest.records import Metadata, Stage

NAMED = re.compile(
    r"\(‘(?P<title>[^\n]{1,600}?)’, (?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?|None)"
    rf"(?:, (?P<stage>{'|'.join(get_args(Stage))}))?(?:, (?P<uri>https?://[^\s)]+))?\)"
)
_ACTS: dict[Stage | None, str] = {
    "principieel": " principieel goedgekeurd",
    "definitief": " definitief goedgekeurd",
    "bekrachtigd": " bekrachtigd",
    None: "",
}
_MISSING: dict[Stage, str] = {
    "principieel": "een principiële goedkeuring",
    "definitief": "een definitieve goedkeuring",
    "bekrachtigd": "een bekrachtiging",
}
_NOT_HELD = "met deze titel staat niet in de documenten"
OPENING = re.compile(
    rf"^Op (?P<day>\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}})(?P<act>{'|'.join(filter(None, _ACTS.values()))})?"
    r"(?:, op voorstel van (?P<ministers>[^\n:;(]{1,300}))?"
    rf"(?: \((?P<missing>{'|'.join(_MISSING.values())}) {_NOT_HELD}\))?:(?=\s|$)"
)


def named(meta: Metadata, title: str | None = None) -> str:
    """A decision with its title (or as `title` writes it), date, stage and URI, as far as it has them."""
    parts = (f"‘{title or meta.title}’", str(meta.date), meta.stage, meta.uri)
    return f"({', '.join(part for part in parts if part)})"


def opening(meta: Metadata, *, ministers: bool = False, missing: Stage | None = None) -> str:
    """What a claim opens with that says when a decision was taken; empty where its day is not known.

    `ministers` says on whose proposal too, `missing` that its file lacks that stage:
    `"Op 11 maart 2022 principieel goedgekeurd (een bekrachtiging met deze titel staat niet in de documenten):"`.
    """
    if (day := spoken_day(meta.date)) is None:
        return ""
    proposed = f", op voorstel van {enumerated(meta.ministers)}" if ministers and meta.ministers else ""
    lacking = f" ({_MISSING[missing]} {_NOT_HELD})" if missing else ""
    return f"Op {day}{_ACTS[meta.stage]}{proposed}{lacking}:"


def stage_missing(words: str) -> Stage:
    """The stage that an opening says is missing, from its words there. Raises: KeyError."""
    return {told: stage for stage, told in _MISSING.items()}[words]


def titles(meta: Metadata) -> str:
    """The titles of a decision, the official one after the other."""
    return f"{meta.title} {meta.official_title or ''}"


def spoken_day(date: str | None) -> str | None:
    """A day as it is said, None where no whole day is given: `"2021-03-12"` -> `"12 maart 2021"`."""
    if date is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        return None
    return f"{int(date[8:])} {MONTHS[int(date[5:7]) - 1]} {date[:4]}"


def enumerated(names: tuple[str, ...]) -> str:
    """Names as one says them: `("A", "B", "C")` -> `"A, B en C"`."""
    return " en ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
