"""`waarom?` and `leg dat eens uit`: a question after the reason of what was asked, or for more of it."""

import re

from retrieval.followup_before import Before, about, asks_money, measure_of
from retrieval.followup_subject import PARTICIPLE, VERB
from retrieval.language import Language, language

_I = re.IGNORECASE

_WHY = re.compile(
    r"^(?:waarom|hoezo|vanwaar|hoe komt (?:dat|het)|hoe verklaar (?:je|u) dat|why|how come|pourquoi)"
    r"(?:\s+(?:is|was|werd|wordt) (?:dat|dit|het))?(?:\s+(?:zo|niet|wel|that|is that|not|cela|ça|dat|precies))*\s*$",
    _I,
)
_WHEN = re.compile(r"(?:wanneer|waar|sinds wanneer)\b", _I)
_DONE = re.compile(rf"\b{PARTICIPLE}\b", _I)
_CONFIRM = re.compile(
    r"(?:klopt|is) (?:dat|dit|het)(?: (?:wel|echt|juist|correct|zeker|zo))*|(?:weet je|ben je)(?: het| dat| er)*(?: wel)? zeker(?: van)?|zeker|echt waar"
    r"|(?:is that|are you) (?:right|correct|true|sure)|est-ce (?:correct|exact|vrai|sûr)",
    _I,
)
_MORE = re.compile(
    r"(?:leg|licht)(?: (?:dat|dit|het))?(?: (?:eens|verder|wat))* (?:uit|toe)|(?:kan|kunt) (?:je|u) (?:dat|dit) (?:\w+ )?(?:uitleggen|toelichten|verduidelijken)"
    r"|(?:vertel|zeg)(?: me)?(?: (?:eens|daar|er|iets|hier))* meer(?: (?:daarover|hierover|over))?|(?:graag )?meer (?:uitleg|details|info\w*)(?: daarover| hierover)?"
    r"|(?:peux-tu|pouvez-vous) (?:l['’])?expliquer|expliquez?(?: cela| ça)?|(?:can you )?explain(?: that| this)?|tell me more",
    _I,
)


def why(rest: str, before: Before) -> str | None:
    """`waarom?` as the reason of what was asked: `Hoeveel werd uitgegeven aan X?` -> `Waarom werd uitgegeven aan X?`."""
    if not _WHY.match(rest):
        return None
    asked, tongue = before.question.rstrip(" ?!."), language(before.question)
    why = {"nl": "Waarom", "fr": "Pourquoi", "en": "Why"}[tongue]
    if re.match(rf"{why}\b", asked, _I):
        return asked
    topic = about(before)
    if asks_money(asked) and topic:
        return _why_figure(tongue, measure_of(before))
    asking = re.match(
        rf"(?:(?:en\s+)?(?:hoeveel(?= geld)|wanneer|hoe|waar|sinds wanneer)\s+)?(?P<verb>{VERB})\b(?P<rest>.*)$",
        asked,
        _I,
    )
    if asking and tongue == "nl" and not (_WHEN.match(asked) and not _DONE.search(asked)):
        return f"{why} {asking['verb'].lower()}{asking['rest']}"
    if topic and not re.match(r"hoeveel|combien|how", asked, _I):
        reason = {
            "nl": "Wat is de reden voor",
            "fr": "Quelle est la raison de",
            "en": "What is the reason for",
        }[tongue]
        return f"{reason} {topic}"
    so = {"nl": "Waarom is dat zo", "fr": "Pourquoi", "en": "Why is that so"}[tongue]
    return f"{so}: {asked}"


def _why_figure(tongue: Language, measure: str) -> str:
    return {
        "nl": f"Waarom was {measure} zo hoog of zo laag",
        "fr": f"Pourquoi ce montant pour {measure}",
        "en": f"Why was {measure} so high or so low",
    }[tongue]


def confirmed(rest: str, before: Before) -> str | None:
    """`klopt dat?` of the last question."""
    return f"Klopt het antwoord op: {before.question.rstrip(' ?!.')}" if _CONFIRM.fullmatch(rest) else None


def more(rest: str, before: Before) -> str | None:
    """`leg dat eens uit` of the last question."""
    return f"Leg uit: {before.question.rstrip(' ?!.')}" if _MORE.fullmatch(rest) else None
