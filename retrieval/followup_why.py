"""`waarom?` and `leg dat eens uit`: a question after the reason of what was asked, or for more of it."""

import re

from retrieval.followup_before import Before, about, asked_of, asks_money, beside, measure_of
from retrieval.followup_slots import values
from retrieval.followup_subject import PARTICIPLE, VERB, has_subject
from retrieval.language import Language, language

_I = re.IGNORECASE

_WHY = re.compile(
    r"^(?:waarom|hoezo|hoe komt (?:dat|het)|hoe verklaar (?:je|u) dat|why|how come|pourquoi)\b"
    r"(?:\s+(?:(?:is|was|werd|wordt) (?:dat|dit|het)|(?:is|was) (?:that|it)|est-ce|dat|dit|that|cela|ça|precies|niet|wel|not|exactly)\b)*(?P<how>.*)$",
    _I,
)
_OF_DEGREE = re.compile(r"(?:zo|toen|nu|geen|niet|pas|maar|enkel|alleen|meer|minder|si|so|such|only)\b", _I)
_WHEN = re.compile(r"(?:wanneer|waar|sinds wanneer)\b", _I)
_VERB = re.compile(rf"\b{VERB}\b", _I)
_DONE = re.compile(rf"\b{PARTICIPLE}\b", _I)
_CONFIRM = re.compile(
    r"dat klopt (?:toch )?niet|(?:klopt|is) (?:dat|dit|het)(?: (?:wel|echt|juist|correct|zeker|zo))*|(?:weet je|ben je)(?: het| dat| er)*(?: wel)? zeker(?: van)?|zeker|echt waar"
    r"|(?:is that|are you) (?:right|correct|true|sure)|est-ce (?:correct|exact|vrai|sûr)",
    _I,
)
_MORE = re.compile(
    r"(?:leg|licht)(?: (?:dat|dit|het))?(?: (?:eens|verder|wat))* (?:uit|toe)|(?:kan|kunt) (?:je|u) (?:dat|dit) (?:\w+ )?(?:samenvatten|uitleggen|toelichten|verduidelijken)"
    r"|(?:vertel|zeg)(?: me)?(?: (?:eens|daar|er|iets|hier))* meer(?: (?:daarover|hierover|over))?|(?:graag )?meer (?:uitleg|details|info\w*)(?: daarover| hierover)?"
    r"|(?:peux-tu|pouvez-vous) (?:l['’])?expliquer|expliquez?(?: cela| ça)?|(?:can you )?explain(?: that| this)?|tell me more",
    _I,
)


def why(rest: str, before: Before) -> str | None:
    """`waarom?` as the reason of what was asked: `Hoeveel werd uitgegeven aan X?` -> `Waarom werd uitgegeven aan X?`."""
    match = _WHY.match(rest)
    how = match["how"].strip() if match else ""
    if (
        match is None
        or (has_subject(how) and not _OF_DEGREE.match(how))
        or values(how, "code")
        or _VERB.search(how)
    ):
        return None
    asked, tongue = before.question.rstrip(" ?!."), language(before.question)
    why = {"nl": "Waarom", "fr": "Pourquoi", "en": "Why"}[tongue]
    if re.match(rf"{why}\b", asked, _I):
        return asked
    topic = about(before)
    if asks_money(asked) and topic and not values(how, "credit"):
        return _why_figure(tongue, measure_of(before), how)
    if how.lower() not in ("", "zo"):
        return beside(rest, asked_of(before), before)
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


def _why_figure(tongue: Language, measure: str, how: str) -> str:
    """The reason of a figure, with how it was found (`zo weinig`) where that was said."""
    if how.lower() not in ("", "zo"):
        return {
            "nl": f"Waarom was {measure} {how}",
            "fr": f"Pourquoi {how} pour {measure}",
            "en": f"Why {how} for {measure}",
        }[tongue]
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
