"""The decisions of a time, a minister, a stage or a subject: chosen by what is known of them, counted, and said so."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from ingest.analysis import stems, tokens
from ingest.records import Metadata, Stage

_PART = 5  # letters; a shorter stem is no part of a longer word
_BEGINNING = 3
_DAY = r"\d{4}-\d\d-\d\d"
TALLY = re.compile(
    rf"^(?P<count>\d+) beslissing(?:en)?(?: van (?P<first>{_DAY})(?: tot (?P<last>{_DAY}))?)?"
    rf"(?:, (?P<stage>{'|'.join(get_args(Stage))}))?(?:, op voorstel van (?P<ministers>[^\n:;(‘]{{1,200}}?))?"
    r"(?:, met ‘(?P<subject>[^’\n]{1,300})’ in de titel)?(?:, waarvan hier hoogstens \d+)?\. "
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which decisions are meant; what is empty restricts nothing.

    `period` holds a first and a last day (YYYY-MM-DD), `ministers` whole names of which one has to fit, `subject`
    words that all have to stand in its title or its official title, in any form or as part of a longer word.
    """

    period: tuple[str, str] | None = None
    stage: Stage | None = None
    ministers: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()


def selected(documents: Iterable[Metadata], wanted: Selection) -> list[Metadata]:
    """The decisions meant, oldest first."""
    of_time = [
        m
        for m in documents
        if m.kind == "beslissing"
        and (wanted.period is None or wanted.period[0] <= (m.date or "") <= wanted.period[1])
        and (wanted.stage is None or m.stage == wanted.stage)
        and (not wanted.ministers or not set(wanted.ministers).isdisjoint(m.ministers))
    ]
    asked = [word for text in wanted.subject for word in tokens(text)]
    held = [m for m in of_time if not asked or _titled(f"{m.title} {m.official_title or ''}", asked)]
    return sorted(held, key=lambda m: (m.date or "", m.title, m.id))


def tally(count: int, wanted: Selection, most: int) -> str:
    """How many there are in all: `"61 beslissingen van 2022-12-23, waarvan hier hoogstens 10. "`."""
    first, last = wanted.period or ("", "")
    parts = (
        f"{count} beslissing{'' if count == 1 else 'en'}" + (f" van {first}" if first else ""),
        wanted.stage,
        f"op voorstel van {' of '.join(wanted.ministers)}" if wanted.ministers else "",
        f"met ‘{' '.join(wanted.subject)}’ in de titel" if wanted.subject else "",
        f"waarvan hier hoogstens {most}" if count > most else "",
    )
    opened = parts[0] + (f" tot {last}" if last != first else "")
    return f"{', '.join(filter(None, (opened, *parts[1:])))}. "


def read_tally(match: re.Match[str]) -> tuple[int, Selection]:
    """The number and the selection that `tally` wrote, from a match of `TALLY`."""
    first = match["first"]
    return int(match["count"]), Selection(
        (first, match["last"] or first) if first else None,
        next((stage for stage in get_args(Stage) if stage == match["stage"]), None),
        tuple(match["ministers"].split(" of ")) if match["ministers"] else (),
        tuple(match["subject"].split(" ")) if match["subject"] else (),
    )


def _titled(title: str, asked: list[str]) -> bool:
    """Whether each of the words stands in a title, in any form or as part of a longer word."""
    asked_stems = stems(asked)
    plain = unicodedata.normalize("NFKD", title.lower())
    # Reading the words of every title takes a second: most cannot hold what is asked, and that shows at once.
    if not all(
        w[:_BEGINNING] in plain or s[:_BEGINNING] in plain for w, s in zip(asked, asked_stems, strict=True)
    ):
        return False
    words = tokens(title)
    held = set(stems(words))
    return all(s in held or (len(s) >= _PART and any(s in word for word in words)) for s in asked_stems)
