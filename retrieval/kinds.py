"""What people call the kinds of document."""

import re

_I = re.IGNORECASE
_NAMED = (
    (
        "regeerakkoord",
        re.compile(
            r"\b(?:regeerakkoord\w*|regeringsakkoord|coalitie\w*|akkoord van 20\d\d|beloo?f\w*|beloften?|accord de gouvernement|"
            r"coalition agreement)\b",
            _I,
        ),
    ),
    (
        "conceptnota",
        re.compile(r"\b(?!beleidsnota)\w*nota\b|\bconcept note\b|\bnote (?:conceptuelle|de concept)\b", _I),
    ),
    ("pact", re.compile(r"\bpact\b", _I)),
    ("bbt", re.compile(r"\bbbt\b|\bbegrotingstoelichting\b", _I)),
    ("memo", re.compile(r"\bmemo(?:'s)?\b", _I)),
    (
        "beslissing",
        re.compile(
            r"\b(?:oproep|\w*beslissing|\w*besluit|\w*decreet|regelgeving|uiteindelijk|nadien|daarna|bekrachtigd|goedgekeurd|approuvé)\b",
            _I,
        ),
    ),
)


def named_kinds(question: str) -> list[str]:
    """The kinds of document that the question speaks of, in its order: `nota`, then `oproep` -> conceptnota, beslissing."""
    found = [(match.start(), kind) for kind, name in _NAMED if (match := name.search(question))]
    return [kind for _, kind in sorted(found)]
