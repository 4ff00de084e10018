"""What a budget question wants done with the figures of an article: a sum, a comparison, a verdict."""

import re
from typing import Literal

Verdict = Literal["full", "over", "under", "which"]
Order = Literal["most", "least"]

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
    r"\bverschil (?:(?:in|qua) (?:\w+ )?(?:budget|krediet(?:en)?|VAK|VEK|uitgaven|ontvangsten|begroting|raming) )?tussen\b|\bscheelt\b|\bhoeveel (?:meer|minder|hoger|lager|groter|kleiner)\b[^?]*\bdan\b|\bdifference between\b"
    r"|\bdifférence entre\b|\bverschil\b[^?]*\bmet\b",
    _I,
)
# Which of two or three: better or worse, and a word that offers the choice.
_MORE = re.compile(
    r"\b(?:beter|best|hoger|hoogst|meer|meest|groter|grootst|sterker|sterkst|voller|vlotter|duurder|duurst)e?\b"
    r"|\b(?:better|best|higher|highest|more|most|larger|largest|biggest)\b|\b(?:mieux|plus|meilleure?s?|davantage|supérieure?)\b",
    _I,
)
_LESS = re.compile(
    r"\b(?:slechter|slechtst|lager|laagst|minder|minst|kleiner|kleinst|zwakker|zwakst|goedkoper|goedkoopst)e?\b"
    r"|\b(?:worse|worst|lower|lowest|less|least|smaller|smallest)\b|\b(?:moins|pire|inférieure?)\b",
    _I,
)
_COMPARED = re.compile(
    r"\b(?:vergelijk\w*|versus|vs|tegenover|naast elkaar|compare[zrd]?|comparaison|compar(?:ed|ing|ison)|verschil in)\b",
    _I,
)
_CHOICE = re.compile(
    r"\b(?:of|dan|van (?:de|deze|beide) ?(?:twee|drie)?|tussen|or|than|between|of the (?:two|three)|ou|que|entre)\b",
    _I,
)
_OF_WHICH = re.compile(
    r"\bwelke? (?:(?:van (?:de|deze|beide) ?(?:twee|drie)?|(?:steun)?maatregel(?:en)?|premies?|subsidies?|instrument(?:en)?)\b)?"
    r"|\b(?:which|what) (?:of the (?:two|three)|measure|premium|subsidy)?|\b(?:quelle|laquelle|lequel) (?:des (?:deux|trois)|mesure|prime)?"
    r"|\b(?:twee|drie|beide|qua|elkaar|had|both|wie)\b",
    _I,
)
# `meer uitgegeven` compares amounts, `beter uitgevoerd` and `meer benut` the shares of what each had.
_BETTER = re.compile(
    r"\b(?:beter|best|slechter|slechtst|voller|vlotter)e?\b|\b(?:better|best|worse|worst)\b|\b(?:mieux|meilleure?s?|pire)\b",
    _I,
)
_USED = re.compile(
    r"\b(?:opgebruikt|benut|opgesoupeerd|uitgeput|procentueel|relatief|verhoudingsgewijs|proportionally"
    r"|proportionnellement)\b",
    _I,
)
_SPENT_ANYHOW = re.compile(rf"\b(?:{_SPENT}|executed|spent|used|exécutée?s?|dépensée?s?|utilisée?s?)\b", _I)
# A figure that the question itself tells, against what one would expect of it.
_TOLD = re.compile(
    r"\d\s?(?:%|procent\b|k?euro\b|miljoen\b|mio\b|k€|€|percent\b|pour cent\b|millions?\b)|€\s?\d"
    r"|\b(?:geen|zonder|nul|no|without|zero|aucun|sans|pas de) (?:enig )?(?:krediet|budget|raming|credit|crédit|ontvangst\w*|uitgave\w*)\b"
    r"|\b(?:de helft|half of|la moitié)\b",
    _I,
)
_AGAINST = re.compile(
    r"\b(?:toch|terwijl|hoewel|alhoewel|ondanks|niettemin|nochtans|pourtant|malgré|alors que|yet|although|though|despite|nevertheless)\b"
    r"|\b(?:maar|slechts|amper|nauwelijks|only|just|barely|but|seulement|à peine|mais)\s+(?:\w+\s+){0,2}?(?:€\s?)?(?:\d|de helft|half|la moitié)",
    _I,
)
_CONFIRMED = re.compile(
    r"\b(?:klopt|is het (?:waar|juist)|is it (?:true|right)|est-il vrai|est-ce vrai)\b", _I
)
_FIGURE_ASKED = re.compile(
    r"\b(?:hoeveel|klopt|bedrag(?:en)?|welke? (?:percentage|krediet|bedrag)|wat (?:was|is|waren|bedroeg|stond|kwam|werd)(?! er\b)|toon|geef"
    r"|how much|how many|what (?:was|were|is)|combien|quels?|quelles?|is it true|est-il vrai)\b",
    _I,
)
_DEEDS = re.compile(
    r"\bwat\b[^?.]*\b(?:uitgevoerd|gerealiseerd|voorzien|gepland|verwacht)\b|\bwhat\b[^?.]*\b(?:executed|reali[sz]ed|planned|expected)\b"
    r"|\bqu['’][^?.]*\b(?:exécutée?s?|réalisée?s?|prévue?s?)\b",
    _I,
)
_MONEY = re.compile(
    r"\b(?:budget\w*|krediet\w*|VAK|VEK|AO|TO|LO|BU|k?euro|percentage|middelen|geld|uitgaven|uitgegeven|ontv\w+|begroot|money|crédits?|credits?)\b|%",
    _I,
)
_AMOUNT = re.compile(
    r"\b(?:hoeveel|bedrag(?:en)?|bedraagt|bedroeg(?:en)?|cijfers?|hoe (?:groot|hoog)|kost(?:te|ten|tten)?|combien|montants?|how (?:much|large)|amount|figures?)\b",
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


def order_asked(text: str, rate: bool) -> Order | None:
    """Which of several things comes first when they are compared; rates that are only set side by side have an order too.

    `order_asked("Welke werd minder benut, A of B?", False)` -> `"least"`
    """
    if between_two(text):
        return None
    order: Order | None = "least" if _LESS.search(text) else "most" if _MORE.search(text) else None
    if order and (_CHOICE.search(text) or _COMPARED.search(text)):
        return order
    return "most" if rate and _COMPARED.search(text) else None


def share_compared(text: str) -> bool:
    """Whether it is what was used of each credit that is compared: `beter benut`, `procentueel`."""
    return bool(_USED.search(text) or (_BETTER.search(text) and _SPENT_ANYHOW.search(text)))


def without_order(text: str) -> str:
    """The text without the words that compare, so that those of the articles are left."""
    for pattern in (_COMPARED, _MORE, _LESS, _USED, _SPENT_ANYHOW, _OF_WHICH, _CHOICE):
        text = pattern.sub(" ", text)
    return text


def compared(text: str) -> bool:
    """Whether things are set side by side."""
    return bool(_COMPARED.search(text))


def money_asked(text: str) -> bool:
    """Whether a question says that it is about money."""
    return bool(_MONEY.search(text))


def deeds_asked(text: str) -> bool:
    """Whether it is asked what was done or planned, rather than what it cost: `Wat is er in JE gerealiseerd?`"""
    return bool(_DEEDS.search(text)) and not (amount_asked(text) or money_asked(text))


def confirmation_asked(text: str) -> bool:
    """Whether a question asks if a figure that it tells is right."""
    return bool(_CONFIRMED.search(text))


def explanation_asked(text: str) -> bool:
    """Whether a question tells a figure itself and holds something against it, which only the text explains.

    `explanation_asked("2CC: geen krediet en toch 3 keuro geboekt?")` -> `True`
    """
    return bool(_TOLD.search(text) and _AGAINST.search(text) and not _FIGURE_ASKED.search(text))


def amount_asked(text: str) -> bool:
    """Whether an amount is asked for, in words that also occur outside budgets."""
    return bool(_AMOUNT.search(text))
