"""What a budget question wants done with the figures of an article: a sum, a comparison, a verdict."""

import re
from typing import Literal

Verdict = Literal["full", "over", "under", "which"]

_I = re.IGNORECASE
_YES_OR_NO = re.compile(
    r"^\W*(?:klopt|is|was|werd(?:en)?|zijn|waren|bleef|bleven|ging(?:en)?|lag(?:en)?|heeft|had(?:den)?|raakte|volstond)\b",
    _I,
)
_SPENT = r"(?:opgebruikt|opgesoupeerd|besteed|uitgegeven|benut|gebruikt|uitgeput|uitgevoerd|aangewend)"
_ALL = r"(?:volledig|helemaal|geheel|integraal)"
_CREDIT = r"(?:krediet|budget|begroting|raming)"
# A denial comes first: what was not used up in full stayed under.
_VERDICTS: tuple[tuple[Verdict, re.Pattern[str]], ...] = (
    (
        "which",
        re.compile(
            r"\b(?:hoger|groter|meer)\s+of\s+(?:lager|kleiner|minder)\b|\b(?:lager|kleiner|minder)\s+of\s+(?:hoger|groter|meer)\b",
            _I,
        ),
    ),
    (
        "under",
        re.compile(
            rf"\bniet {_ALL}\b[^?.]*\b{_SPENT}\b|\bonder (?:het|de|zijn|haar|hun) (?:\w+ )?{_CREDIT}\b"
            rf"|\bminder (?:\w+ )?{_SPENT}\b[^?.]*\bdan\b|\b(?:genoeg|voldoende|toereikend|volstond)\b",
            _I,
        ),
    ),
    ("full", re.compile(rf"\b{_ALL}\b[^?.]*\b{_SPENT}\b", _I)),
    (
        "over",
        re.compile(
            rf"\boverschr\w+|\b(?:over|boven) (?:het|de|zijn|haar|hun) (?:\w+ )?{_CREDIT}\b"
            rf"|\bmeer (?:\w+ )?{_SPENT}\b[^?.]*\bdan\b",
            _I,
        ),
    ),
)
_VERDICT_WORDS = re.compile(
    rf"\b(?:{_ALL}|{_SPENT}|hoger|lager|groter|kleiner|meer|minder|genoeg|voldoende|toereikend|volstond|dan|niet|of|onder|boven|over)\b",
    _I,
)
_SUM = re.compile(
    r"\b(?:(?:optel)?som|samen|tezamen|opgeteld|gezamenlijke?|bij elkaar|in totaal|totaal|together|combined|sum|ensemble|somme)\b"
    r"|^\W*tel\b(?=.*\bop\W*$)",
    _I,
)
_BETWEEN_CREDITS = re.compile(
    r"\btussen (?:het )?(?:VAK|VEK) en (?:het )?(?:VAK|VEK)\b|\b(?:VAK|VEK) dan (?:het )?(?:VAK|VEK)\b", _I
)
_BETWEEN_TWO = re.compile(
    r"\bverschil tussen\b|\bscheelt\b|\bhoeveel (?:meer|minder|hoger|lager|groter|kleiner)\b[^?]*\bdan\b|\bdifference between\b"
    r"|\bdifférence entre\b|\bverschil\b[^?]*\bmet\b",
    _I,
)
_AMOUNT = re.compile(
    r"\b(?:hoeveel|bedrag(?:en)?|bedraagt|bedroeg(?:en)?|cijfers?|hoe (?:groot|hoog)|kost(?:te|ten)?|combien|montants?|how (?:much|large)|amount|figures?)\b",
    _I,
)


def verdict_asked(text: str) -> Verdict | None:
    """What a yes-or-no question asks of credit and execution: used up, over it, under it, or which is more.

    `verdict_asked("Is het krediet van de VOP overschreden?")` -> `"over"`
    """
    which, *denials = _VERDICTS
    if which[1].search(text):
        return "which"
    if not _YES_OR_NO.match(text):
        return None
    return next((name for name, pattern in denials if pattern.search(text)), None)


def without_verdict(text: str) -> str:
    """The text without the words of a verdict, so that those of the article are left."""
    return _VERDICT_WORDS.sub(" ", text)


def sum_asked(text: str) -> bool:
    """Whether figures are to be added up."""
    return bool(_SUM.search(text))


def without_sum(text: str) -> str:
    """The text without the words that ask for a sum."""
    return _SUM.sub(" ", text)


def between_credits(text: str) -> bool:
    """Whether VAK and VEK are compared with each other."""
    return bool(_BETWEEN_CREDITS.search(text))


def between_two(text: str) -> bool:
    """Whether two things are held against each other, rather than the credit of each against its execution."""
    return bool(_BETWEEN_TWO.search(text))


def amount_asked(text: str) -> bool:
    """Whether an amount is asked for, in words that also occur outside budgets."""
    return bool(_AMOUNT.search(text))
