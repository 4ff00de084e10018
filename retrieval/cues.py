"""What a question says of time and stage: what tells the decisions of one file apart."""

import re
from dataclasses import dataclass
from typing import Literal

from ingest.analysis import MONTHS
from ingest.records import Stage

_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "bekrachtigd",
        # A decree is ratified after parliament has passed it: only that decision tells the day of the vote.
        re.compile(
            r"\bbekrachtig\w*|\bafgekondigd\b|\bafkondig\w*|\bparlement\b.{0,40}\b(?:stem\w*|aan(?:genomen|nam)|keurde)"
            r"|\b(?:stem\w*|keurde|nam)\b.{0,20}\bparlement\b|\bratifi\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "definitief",
        re.compile(
            r"\bdefinitie\w*|\bfina(?:al|le)\b|\bna (?:het )?advies van de raad van state\b|\beindbeslissing\b|\bfinal(?:ly)?\b|"
            r"\bdéfiniti\w*",
            re.IGNORECASE,
        ),
    ),
    (
        "principieel",
        re.compile(
            r"\bprincipi\w+|\bin principe\b|\bvoorontwerp\w*|\beerste (?:goedkeuring|versie|lezing|keer)\b|\bin principle\b|"
            r"\bde principe\b",
            re.IGNORECASE,
        ),
    ),
)
# Only of a decision: `de eerste drie maanden` and `de laatste jaren` say nothing of which one is meant.
_TAKEN = r"(?:keer|maal|versie|goedkeuring|beslissing|besluit|stap|fase|lezing|wijziging|handtekening|stand|approval|version|time|fois)"
_FIRST = re.compile(
    rf"\b(?:aller)?eerste(?: \w+)? {_TAKEN}|\bvoor het (?:aller)?eerst\b|\boorspronkelijke {_TAKEN}|\bfirst(?: \w+)? {_TAKEN}|"
    rf"\bpremi[eè]re(?: \w+)? {_TAKEN}",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b(?:aller)?laatste(?: \(?\w+\)?)? {_TAKEN}|\bvoor het laatst\b|\buiteindelijk\b|\b(?:meest )?recentste {_TAKEN}|"
    rf"\b(?:last|latest)(?: \w+)? {_TAKEN}|\bdernière(?: \w+)? {_TAKEN}",
    re.IGNORECASE,
)
_SEASONS = {"lente": (3, 6), "voorjaar": (2, 6), "zomer": (6, 9), "najaar": (9, 12), "herfst": (9, 12), "begin": (1, 3), "eind": (10, 12),
            "einde": (10, 12), "kerst": (12, 12)}  # fmt: skip
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)}) (?:van )?((?:19|20)\d\d)\b", re.IGNORECASE)
_SEASON = re.compile(rf"\b({'|'.join(_SEASONS)}) (?:van )?((?:19|20)\d\d)\b", re.IGNORECASE)
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) ((?:19|20)\d\d)\b", re.IGNORECASE)
_NUMERIC_DAY = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Cues:
    """`period` holds a first and a last day, both YYYY-MM-DD; `order` is which of several is meant."""

    period: tuple[str, str] | None
    stage: Stage | None
    order: Literal["first", "last"] | None

    @property
    def any(self) -> bool:
        """Whether the question says anything that tells decisions apart."""
        return self != Cues(None, None, None)


def cues(question: str) -> Cues:
    """Read them: `"definitief goedgekeurd in juli 2022"` -> period 2022-07-01 to 2022-07-31, stage definitief."""
    stage = next(iter(stages_named(question)), None)
    order: Literal["first", "last"] | None = None
    if _LAST.search(question):
        order = "last"
    elif _FIRST.search(question):
        order = "first"
    return Cues(_period(question), stage, order)


def stages_named(question: str) -> tuple[Stage, ...]:
    """Every stage that a question names, the last one first: `"principieel of definitief?"` -> definitief, principieel."""
    return tuple(name for name, pattern in _STAGES if pattern.search(question))


def _period(question: str) -> tuple[str, str] | None:
    """The narrowest time that is named; a year alone is none, since a question may name it for what happened then."""
    if match := _DAY.search(question):
        day = f"{match[3]}-{MONTHS.index(match[2].lower()) + 1:02}-{int(match[1]):02}"
        return day, day
    if match := _NUMERIC_DAY.search(question):
        day = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
        return day, day
    if match := _MONTH.search(question):
        month = MONTHS.index(match[1].lower()) + 1
        return f"{match[2]}-{month:02}-01", f"{match[2]}-{month:02}-31"
    if match := _SEASON.search(question):
        first, last = _SEASONS[match[1].lower()]
        return f"{match[2]}-{first:02}-01", f"{match[2]}-{last:02}-31"
    return None
