"""What a question asks of many budget articles at once: a ranking, or those over or under a limit.

Every word must be understood: what is left over tells that the question is about something else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from answer.budget_question import unexplained
from answer.figures import Number, numbers
from ingest.analysis import content_words, stems
from ingest.budget.codes import mentions
from ingest.budget.records import Article, Credit, Flow, Ledger

Measure = Literal["rate", "credit", "execution", "over", "under"]
Order = Literal["most", "least"]

_I = re.IGNORECASE
_MOST = re.compile(
    r"\b(?:hoogste?|grootste?|meeste?|sterkste?|zwaarste?|ergste?|beste?|duurste?|top|highest|largest|biggest|most|best)\b"
    r"|\ble plus (?:élevée?|grande?|gros|haute?|fort)\b",
    _I,
)
_LEAST = re.compile(
    r"\b(?:laagste?|kleinste?|minste?|zwakste?|slechtste?|lowest|smallest|least|worst)\b|\ble (?:plus (?:bas|petit|faible)|moins)\b",
    _I,
)
_ARTICLES = re.compile(
    r"\b(?:(?:begrotings|uitgaven|ontvangsten?)?(?:artikel(?:en|s)?|post(?:en)?)|articles?|credit lines?"
    r"|welke? (?:ontvangst(?:en)?|uitgaven?|kredieten?|budget(?:ten)?))\b",
    _I,
)
# Also said outside budgets, so that only a word of money makes them articles.
_LOOSER = re.compile(r"\b(?:maatregel(?:en)?|instrument(?:en)?|measures?|mesures?)\b", _I)
_MONEY = re.compile(
    r"\b(?:budget\w*|krediet\w*|VAK|VEK|uitgaven|uitvoeringsgraad|uitvoeringspercentage|raming|crédits?|credits?|execution rate)\b",
    _I,
)
_PLURAL = re.compile(
    r"\b\w*(?:artikel(?:en|s)|posten)\b|\b(?:articles|maatregelen|instrumenten|ontvangsten|uitgaven|kredieten|budgetten)\b",
    _I,
)
_RATE = re.compile(
    r"\b(?:uitvoerings|realisatie|benuttings)(?:graad|percentage)\b|\b(?:execution|implementation) rate\b|\btaux d['’]exécution\b"
    r"|\b(?:best|slechtst|minst|meest|sterkst|zwakst)e? uitgevoerd\b",
    _I,
)
_OVER = re.compile(
    r"\boverschr\w+|\b(?:over|boven) (?:het|de|zijn|hun) (?:\w+ )?(?:krediet(?:en)?|budget(?:ten)?|begroting|raming(?:en)?)\b"
    r"|\bmeer (?:\w+ )?(?:uitgegeven|besteed|ontvangen|uitgevoerd) dan (?:begroot|voorzien|geraamd|beschikbaar)\b|\bover ?budget\b|\bexceed\w*|\bdépass\w*|\boverspen\w+",
    _I,
)
_UNDER = re.compile(
    r"\bonder(?:benut\w*|schr\w+|uitputting|besteding\w*)|\bonbenut\b|\bonder (?:het|de|zijn|hun) (?:\w+ )?(?:krediet(?:en)?|budget(?:ten)?|begroting|raming(?:en)?)\b"
    r"|\bminder (?:\w+ )?(?:uitgegeven|besteed|ontvangen|uitgevoerd) dan (?:begroot|voorzien|geraamd|beschikbaar)\b|\boverschot(?:ten)?\b"
    r"|\b(?:bleef|bleven|blijft|bleek)\b[^?.]*\bover\b|\bover(?:gebleven|bleef|gehouden|schoot)\b|\bniet (?:gebruikt|opgebruikt|benut|besteed)\b|\bunder(?:spen\w+|used)\b",
    _I,
)
_NOTHING = re.compile(
    r"\b(?:helemaal |totaal )?niet uitgevoerd\b|\b(?:geen|zonder) (?:enige )?(?:uitvoering|uitgaven?)\b|\bniets (?:uitgegeven|besteed)\b",
    _I,
)
_SPENT = re.compile(
    r"\bBU\b|\b(?:begrotings)?uitvoering\b|\buitgaven\b|\buitgegeven\b|\bbesteed\b|\bkostten?\b|\bduurste\b|\bontvangen\b|\bontvangsten\b"
    r"|\bbracht(?:en)?\b[^?.]*\bop\b|\bopgebracht\b|\bopbrengst(?:en)?\b|\bspent\b|\bexpenditure\b|\bdépens\w+|\bgerealiseerde?\b",
    _I,
)
_CREDIT = re.compile(
    r"\b(?:budget(?:ten)?|krediet(?:en)?|begroot|begrote|begroting|geraamde?|raming(?:en)?|middelen|VAK|VEK|geld|crédits?|credits?|dotaties?)\b",
    _I,
)
_CREDITS: tuple[tuple[Credit, re.Pattern[str]], ...] = (
    ("VAK", re.compile(r"\bVAK\b|\bvastlegging\w*", _I)),
    ("VEK", re.compile(r"\bVEK\b|\bvereffening\w*|\bbetaalkrediet\w*", _I)),
)
_RECEIPTS = re.compile(r"\bontv\w+|\binkomsten\b|\bbracht(?:en)?\b|\bopgebracht\b|\bopbrengst\w*", _I)
_LOWER_SIDE = re.compile(
    r"(?:onder|minder dan|lager dan|beneden|kleiner dan|below|under|less than)\s*(?:de\s+)?$", _I
)
_UPPER_SIDE = re.compile(
    r"(?:boven|meer dan|hoger dan|groter dan|minstens|over|above|more than|at least)\s*(?:de\s+)?$", _I
)
_REASON = re.compile(
    r"\b(?:waarom|vanwaar|hoe (?:kan|komt|komen|verklaar)\b|verkla\w+|reden(?:en)?|wie|why|who|pourquoi|qui)\b",
    _I,
)
_HOW_MANY = {w: n for n, w in enumerate("twee drie vier vijf zes zeven acht negen tien".split(), 2)}
_COUNT = re.compile(
    rf"\b({'|'.join(_HOW_MANY)}|\d{{1,2}})\b(?!\s?(?:%|procent|keuro|miljoen|miljard|euro|e\b|de\b))", _I
)
_PROGRAMME = re.compile(r"\b(?i:programma|programme)\s+([A-Za-z]{2})\b|\b([A-Z]{2})\b")
_FILLER = re.compile(
    r"\b(?:programma|programme|beleidsveld|structuurelement|ISE|domein|binnen|bij|lijst|overzicht|rangschik\w*|rangorde|hebben|heeft|had(?:den)?|bleef|bleven"
    r"|blijft|over|op|onder|boven|minder|meer|lager|hoger|dan|zaten|zat|minstens|hun|zijn|waren|waar|toon|welke?|sterk|uitvoering|uitgevoerd|euro|middelen|dotaties?"
    r"|helemaal|totaal|niet|geen|zonder|niets|departement|posten?|bracht(?:en)?|is|with|the|has|had|kende|kenden|haalde(?:n)?|scoorde(?:n)?|presteerde(?:n)?|relatief|absoluut|went|go|ont|quels?|quelles?|which|what)\b",
    _I,
)
_SEVERAL = 3
_MOST_RANKED = 10


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Which articles are asked for.

    `order` asks for the first `most` of a ranking by `measure`; without it `limit` is what the measure must be
    over or under (`side`): per cent for a rate, keuro for an amount, for `over` and `under` 0. `credits` are
    those asked for, none for all. `articles` are the codes among which to look.
    """

    measure: Measure
    order: Order | None
    most: int
    side: Literal["over", "under"]
    limit: Decimal
    credits: tuple[Credit, ...]
    flow: Flow
    years: tuple[int, ...]
    articles: frozenset[str]


def read_list_question(text: str, ledgers: Sequence[Ledger]) -> ListQuestion | None:
    """The list or ranking of articles that a question asks for; None when it asks anything else.

    `"Welke artikelen van programma JD gingen over hun budget?"` -> measure `over`, the articles of JD
    """
    everything = [a for ledger in ledgers for a in ledger.articles]
    if _REASON.search(text) or mentions(text, {a.code for a in everything}):
        return None
    if not (_ARTICLES.search(text) or (_LOOSER.search(text) and _MONEY.search(text)) or _of_credit(text)):
        return None
    order: Order | None = "least" if _LEAST.search(text) else "most" if _MOST.search(text) else None
    limit = next((n for n in numbers(text) if n.unit is not None), None)
    measure = _measure(text, order, limit)
    if measure is None:
        return None
    inside = _inside(text, everything)
    if inside is None:
        return None
    side = _side(text, limit, measure)
    if order is None and side is None:
        return None
    return ListQuestion(
        measure,
        order,
        _how_many(text),
        side or "over",
        _limit(limit, measure, text),
        tuple(name for name, pattern in _CREDITS if pattern.search(text)),
        "ontvangst" if _RECEIPTS.search(text) else "uitgave",
        tuple(sorted({int(n.value) for n in numbers(text) if n.is_year})),
        inside,
    )


def _of_credit(text: str) -> bool:
    """`Waar bleef het meeste krediet over` asks for an article without the word."""
    return bool(
        re.match(r"\W*waar\b", text, _I)
        and _CREDIT.search(text)
        and (_MOST.search(text) or _LEAST.search(text))
    )


def _measure(text: str, order: Order | None, limit: Number | None) -> Measure | None:
    """By what articles are put in order or chosen."""
    if _RATE.search(text) or (limit is not None and limit.unit == "%") or _NOTHING.search(text):
        return "rate"
    if _OVER.search(text):
        return "over"
    if _UNDER.search(text):
        return "under"
    if order is None and limit is None:
        return None
    if _SPENT.search(text) and not re.search(r"\b(?:budget|krediet)\b", text, _I):
        return "execution"
    return "credit" if _CREDIT.search(text) else None


def _side(text: str, limit: Number | None, measure: Measure) -> Literal["over", "under"] | None:
    if limit is not None:
        before = text[: limit.start]
        return "under" if _LOWER_SIDE.search(before) else "over" if _UPPER_SIDE.search(before) else None
    if measure in ("over", "under"):
        return "over"
    return "under" if _NOTHING.search(text) else None


def _limit(limit: Number | None, measure: Measure, text: str) -> Decimal:
    """What the measure is held against; nothing executed is under a ten-thousandth of a per cent."""
    if limit is None:
        return Decimal("0.0001") if _NOTHING.search(text) else Decimal(0)
    return limit.value if measure == "rate" else limit.value * (limit.scale or 1) / 1_000


def _how_many(text: str) -> int:
    """How many of a ranking: as told, else one, or a few when articles are asked for."""
    told = _COUNT.search(_unmeasured(text))
    if told:
        return min(_HOW_MANY.get(told[1].lower()) or max(int(told[1]), 1), _MOST_RANKED)
    return _SEVERAL if _PLURAL.search(text) or re.search(r"\btop\b", text, _I) else 1


def _unmeasured(text: str) -> str:
    """The text without its amounts and percentages; a number that counts stays."""
    for number in reversed([n for n in numbers(text) if n.unit is not None]):
        text = f"{text[: number.start]} {text[number.end :]}"
    return text


def _inside(text: str, everything: Sequence[Article]) -> frozenset[str] | None:
    """The codes of the programme or structure element that is named, of all without one; None when words are left."""
    letters = {a.programme for a in everything}
    named = next((m for m in _PROGRAMME.finditer(text) if (m[1] or m[2]).upper() in letters), None)
    programme = (named[1] or named[2]).upper() if named else None
    rest = _unmeasured(text if named is None else f"{text[: named.start()]} {text[named.end() :]}")
    vocabulary = (
        _RATE,
        _OVER,
        _UNDER,
        _NOTHING,
        _SPENT,
        _CREDIT,
        _ARTICLES,
        _MOST,
        _LEAST,
        _COUNT,
        _RECEIPTS,
    )
    for pattern in (*vocabulary, _FILLER):
        rest = pattern.sub(" ", rest)
    left = unexplained(rest)
    inside = {a.code for a in everything if programme in (None, a.programme)}
    if left:
        parts: dict[frozenset[str], set[str]] = {}
        for article in everything:
            for name in (article.programme_title, article.ise):
                if name:
                    parts.setdefault(frozenset(stems(content_words(name))), set()).add(article.code)
        inside &= parts.get(left, set())
    return frozenset(inside) or None
