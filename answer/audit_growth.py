"""A rise or fall in percent against the two numbers that the text names."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from answer.audit_records import Finding, percent, places, rate
from answer.audit_subjects import Subject, said
from answer.figures import dutch
from ingest.records import Document

_NUMBER = r"\d{1,3}(?:\.\d{3})+|\d+"
_PERCENT = r"(?P<printed>\d{1,3}(?:,\d+)?)\s?%"
_WORD = r"(?P<word>steeg|stegen|stijging|daalde|daalden|daling)"
_BOTH = re.compile(
    rf"\b{_WORD}\b[^.%(]*?{_PERCENT}\s*\((?P<new>{_NUMBER})\s+in\s+\d{{4}}\s+tegenover\s+(?P<old>{_NUMBER})\s+in\s+\d{{4}}\)"
)
_EXPECTED = re.compile(
    rf"\b(?P<word>stijging|daling)\s+van\s+{_PERCENT}\s+of\s+(?P<new>{_NUMBER})\s+(?P<noun>\w+)"
)
_BASE = re.compile(rf"\bhet\s+aantal\s+in\s+\d{{4}}\s+\((?P<old>{_NUMBER})\)")
_REACH = 3


def growth(document: Document, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Percentages of growth that their two numbers contradict; both numbers stand in the text."""
    for subject in subjects:
        for index, statement in enumerate(subject.statements):
            span = (statement.start, statement.end)
            text = said(document, statement)
            both = _BOTH.search(text)
            if both:
                yield from _checked(document, both, both["old"], [span], statement.start + both.start())
            expected = _EXPECTED.search(text)
            if expected is None:
                continue
            for later in subject.statements[index + 1 : index + 1 + _REACH]:
                base = _BASE.search(said(document, later))
                if base and re.search(rf"\b{expected['noun']}\b", said(document, later)):
                    spans = [span, (later.start, later.end)]
                    yield from _checked(document, expected, base["old"], spans, statement.start)
                    break


def _checked(
    document: Document, match: re.Match[str], base: str, spans: list[tuple[int, int]], at: int
) -> Iterator[Finding]:
    new, old = (Decimal(number.replace(".", "")) for number in (match["new"], base))
    printed = Decimal(match["printed"].replace(",", "."))
    if not old:
        return
    share = (new - old) / old
    grown = share if match["word"].startswith(("st", "St")) else -share
    severity = rate(grown, printed)
    if severity is None:
        return
    message = (
        f"De tekst noemt een {'stijging' if match['word'].startswith('st') else 'daling'} van {match['printed']}%, "
        f"maar ({dutch(new)} - {dutch(old)}) / {dutch(old)} = {percent(share)}."
        + (" Het percentage is afgekapt in plaats van afgerond." if severity == "rounding" else "")
    )
    shown = places(document, spans, at)
    yield Finding("growth", severity, message, percent(grown), f"{match['printed']}%", shown)
