"""What kind of answer a question asks for: a figure, a day, a reason, a list, several things at once."""

import re
from collections.abc import Sequence

from ingest.analysis import MONTHS

_I = re.IGNORECASE
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_REASON = re.compile(
    r"\b(?:waarom|wrm|van ?waar|hoe ?kan d[ia]t|hoe komt|komt dat|leg (?:eens )?uit|verklaar\w*|reden\w*|oorza\w+|why|pourquoi)\b",
    _I,
)
_LIST = re.compile(
    r"\b(?:alle|lijst|som op|opsomming|noem|onderdelen|list|waar is .* naartoe|naar welke|uit welke|waarvoor|quels|quelles"
    r"|welke (?:\w+ ){0,2}\w+(?:en|s)|(?:twee|drie|vier|vijf|zes|zeven|acht) \w+(?:en|s))\b",
    _I,
)
# What is asked, and what a text must have to be such an answer.
_KINDS = (
    (
        re.compile(
            r"\b(?:hoeveel|aantal|hoe (?:hoog|groot|veel)|welk (?:bedrag|krediet|budget)|how (?:much|many)|combien|kost(?:te|en)?)\b",
            _I,
        ),
        re.compile(r"\d"),
    ),
    (
        re.compile(
            r"\bpercentage|\bprocent\b|%|\b\w*graad\b|\bwelk (?:deel|stuk|aandeel)\b|\bquelle part\b|\btaux\b",
            _I,
        ),
        re.compile(r"\d\s?%|\bprocent\b", _I),
    ),
    (
        re.compile(
            r"\b(?:wanneer|sinds|vanaf|datum|data|when|quand)\b|\b(?:welk|welke) (?:jaar|dag|maand)\b", _I
        ),
        re.compile(rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}/\d{{1,2}}\b|\b\d{{1,2}} {_MONTH}\b", _I),
    ),
    (
        re.compile(r"\b(?:hoe ?lang|termijn|leeftijd|hoe oud)\b", _I),
        re.compile(r"\b(?:jaar|maanden?|weken|dagen|uur|legislatuur)\b", _I),
    ),
    (
        re.compile(r"\bhoe (?:vaak|dikwijls)\b", _I),
        re.compile(
            r"\b(?:(?:half|drie)?jaarlijks|maandelijks|wekelijks|semestrieel|kwartaal\w*|keer|per (?:jaar|maand|week))\b",
            _I,
        ),
    ),
    (
        _REASON,
        re.compile(
            r"\b(?:omdat|doordat|aangezien|want|te wijten|te verklaren|verklaard|reden\w*|gevolg|oorzaak|veroorzaakt|waardoor|"
            r"immers|namelijk|komt door)\b",
            _I,
        ),
    ),
    (_LIST, re.compile(r":(?:\s|$)|;|(?:, [^,.;]{2,60}){2,}|[•▪–-] ")),
)
_ASKING = r"(?:hoeveel|wanneer|wie|welke?|waarom|waar\w*|wat|hoe\w*|quel(?:le)?s?|qui|quand|combien|what|who|when|why|how)\b"
_FURTHER = re.compile(
    rf"(?:[,;:?]|\b(?:en|of|et|and)\b)\s*(?:\b(?:op|aan|bij|voor|met|tegen|van|in|naar|uit|door|tot|sinds|vanaf|à|to|by)\s+)?\b{_ASKING}",
    _I,
)
_COMPARED = re.compile(
    r"\b(?:vergelijk\w*|verschil\w*|tegenover|versus|naast elkaar|allebei|beide|(?:wie|welke?) van de twee|comparez|compare)\b",
    _I,
)
_OPENING = 8  # characters in which a question word is the first one


def answers_asked(question: str) -> list[re.Pattern[str]]:
    """What an answer must have, one pattern for each kind of answer that the question asks for."""
    return [answer for asked, answer in _KINDS if asked.search(question)]


def fits(answers: Sequence[re.Pattern[str]], text: str) -> float:
    """Share of the kinds of answer asked for that a text has, 0..1; 0 when none is asked for.

    `fits(answers_asked("Hoeveel jaar, en waarom?"), "Dat zijn 5 jaar.")` -> 0.5
    """
    return sum(bool(answer.search(text)) for answer in answers) / len(answers) if answers else 0.0


def asks_reason(question: str) -> bool:
    """Whether a reason is asked for, which takes more sentences than a fact."""
    return bool(_REASON.search(question))


def asks_list(question: str) -> bool:
    """Whether several things of one kind are asked for."""
    return bool(_LIST.search(question))


def asks_several(question: str) -> bool:
    """Whether the question has more than one part, or sets things side by side."""
    return bool(_COMPARED.search(question) or any(m.start() > _OPENING for m in _FURTHER.finditer(question)))
