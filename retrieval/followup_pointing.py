"""A sentence with a word that points back (`daarvan`, `die premie`, `hij`), or without a subject: with the subject in it."""

import re

from retrieval.followup_before import (
    Before,
    about,
    asked_of,
    asks_figure,
    beside,
    beside_question,
    listed_of,
    measure_of,
    moved,
    with_missing,
)
from retrieval.followup_slots import slots, values
from retrieval.followup_subject import (
    ASPECT,
    MEASURE,
    NEUTER,
    PARTICIPLE,
    VERB,
    decision_of,
    has_subject,
    own_words,
)
from retrieval.language import language

_I = re.IGNORECASE

_OWN = 2  # words of its own that may stand before a word that points back
_SPLIT_ADVERB = re.compile(
    rf"\b(?:daar|hier|er)\b(?P<between>(?:\s+\S+){{0,6}}?)\s+(?P<word>voor|van|over|aan|bij|mee|in|op|uit|naartoe|naar|tegen|toe)(?=\s*(?:\?|$)|\s+(?:in|sinds)\s|\s+(?:{PARTICIPLE}|\w*ge\w+[dt]|krijgen|maken|komen|doen|gaan|betalen|horen)\s*\??$)",
    _I,
)
_ADVERB = re.compile(
    r"\b(?:daar|hier|er(?!bij))(?P<word>voor|van|over|aan|bij|mee|in|op|uit|naartoe|naar|tegen|toe|onder|door)\b",
    _I,
)
_THERE_IS = re.compile(r"\b(?:is|zijn|was|waren|staat|komt|bestaat)\s+$", _I)
_FULL_WORD = {"mee": "met", "toe": "tot", "naartoe": "naar"}
_GENERIC = (
    r"(?:premie|maatregel|artikel|begrotingsartikel|beslissing|besluit|decreet|project|subsidie|regeling|instrument|programma|steun|actie|plan|vermindering"
    r"|uitkering|dienst|instelling|organisatie|fonds|akkoord|pact|document|nota|oproep|thema|onderwerp|toelage|vergoeding|tegemoetkoming|dotatie|provisie"
    r"|mesure|prime|subvention|décision|décret|article|programme|projet|plan|grant|premium|measure|decision|decree|scheme|subsidy|programme)"
)
_POINTED_NOUN = re.compile(
    rf"\b(?:die|dat|deze|dit|diezelfde|datzelfde|dezelfde|hetzelfde|cet|cette|ce|this|that)\s+(?P<noun>{_GENERIC}|{MEASURE}|geld)\b",
    _I,
)
_AFTER_PRONOUN = (
    rf"(?=\s*(?:[?.,!]|$)|\s+(?:{VERB}|allemaal|samen|concreet|in|op|voor|van|bij|naar|per|zo|precies|juist|eigenlijk|nu|dan|al|ook|nog|niet|wel|toen|zoveel|zo'n|goedgekeurd|uitgegeven"
    r"|uitbetaald|verantwoordelijk|bevoegd|gedaald|gestegen|hoger|lager|aanvragen|aangevraagd|beslist|ingevoerd|opgericht|verlengd|bekrachtigd|definitief|principieel"
    r"|meer|minder|genoeg|veel|weinig|nodig|mogelijk|verplicht|nieuw|naartoe|vandaan|heen|approved|spent|paid|\w*ge\w+[dt]|\w+(?:baar|lijk|isch|ief))\b)"
)
_PRONOUN = re.compile(
    rf"(?:(?P<before>\b{VERB}|\b(?:van|voor|over|aan|met|bij|naar|for|of|about|on|de|pour|by|to))\s+|^)"
    rf"(?P<word>die|dat|deze|dit|hij|zij|hem|diezelfde|cela|ça|celui-ci|celle-ci|that|this|it|them){_AFTER_PRONOUN}",
    _I,
)
_HET = re.compile(
    r"(?P<before>\b(?:is|was|bedroeg|bedraagt|werd|wordt|kost|kostte|daalde|steeg|daalt|stijgt))\s+het(?=\s*(?:[?.,!]|$)|\s+(?:in (?:19|20)\d\d|toen|zo|precies|goedgekeurd|uitgegeven|uitbetaald|gedaald|gestegen|hoger|lager|nu)\b)",
    _I,
)
_OBJECT = re.compile(
    rf"(?P<before>\b{VERB}(?:\s+(?:je|men|u|ik|we))?)\s+(?:ze|hem|haar|het|die|dat)(?=\s*$|\s+\w+en\s*$)", _I
)
_LEFT_OVER = re.compile(r"\b(?:blijft|blijven|bleef|bleven|schoot|houdt|hield)\b.*\b(?:over|bij)$", _I)
_WHOSE = re.compile(rf"\b(?:hun|haar|zijn|its|their)\s+(?P<noun>{MEASURE}|{ASPECT})\b", _I)
_INVERTED = re.compile(r"-(?:t-)?(?:elles?|ils?)\b", _I)
_SUCH = re.compile(r"\b(?:die|deze|dit|diezelfde|dezelfde|hij|hun|cette|these|those)\s+\w+", _I)
# What happens is a plan or a decision as told, and no premium or article.
_HAPPENED = re.compile(
    r"\b(?:dat|dit|het|die)\b.*\b(?:gebeur\w*|uitgelegd|verklaard|toegelicht|gelukt|nagekomen|waargemaakt|gerealiseerd)$",
    _I,
)
_THEY = re.compile(r"\b(?:zijn|waren|werden|worden|kregen|krijgen)\s+(?:die|ze)\b", _I)
_WHERE_TOLD = re.compile(r"\b(?:staat|stond|vind (?:ik|je)|lees (?:ik|je))\s+(?:dat|dit|het|die)\b", _I)
_QUI_EN = re.compile(r"^(?P<who>qui|combien|quand|où)\s+en\s+(?P<rest>.+)$", _I)
_CHANGE = re.compile(
    r"\b(?:daal\w*|gedaald|steeg|gestegen|stijg\w*|toegenomen|afgenomen|hoger|lager|minder|meer|zo (?:laag|hoog|weinig|veel)|zoveel|zo'n|onderbenut\w*|percentage|procent)\b",
    _I,
)
_ASKS_SOMETHING = re.compile(
    rf"^(?:(?:op|in|uit|voor|aan|bij|sinds|vanaf|tot|van)\s+)?(?:wie|wat|waar\w*|wanneer|hoe\w*|welke?|qui|quand|quels?|quelles?|combien|what|who|when|where|how|which)\b|\b(?:{MEASURE}|{ASPECT})\b|^{VERB}\b.*\b{PARTICIPLE}\b",
    _I,
)
_CLAUSE = re.compile(
    rf"[,;:]|\b(?:en|of|et|and)\s+(?:(?:wat|wie|hoe\w*|waar\w*|wanneer|welke?)\b|{VERB}\b)", _I
)


def pointing(rest: str, before: Before) -> str | None:
    """A sentence with a word that points back: the subject in its place."""
    topic = about(before)
    if topic is None:
        return beside_question(rest, before) if _points_back(rest) else None
    if _HAPPENED.search(rest):
        return beside(rest, topic, before)
    decision = decision_of(before.answer)
    if decision and re.search(
        r"beslissing|besluit|goedgekeurd|bekrachtigd|décision|decision|approved", rest, _I
    ):
        topic = decision
    if _THEY.search(rest):
        topic = listed_of(before) or topic
    if _WHERE_TOLD.search(rest):
        topic = asked_of(before) or topic
    if asks_figure(before.question) and (_CHANGE.search(rest) or moved(before)):
        topic = measure_of(before)
    return (
        _for_noun(rest, topic, before)
        or _for_adverb(rest, topic, before)
        or _for_pronoun(rest, topic, before)
        or _beside(rest, topic)
    )


def _for_noun(rest: str, topic: str, before: Before) -> str | None:
    """`die premie` is the subject itself, `dat bedrag` one of its figures."""
    match = _first(_POINTED_NOUN, rest)
    if match is None:
        return None
    measured = re.fullmatch(rf"{MEASURE}|geld", match["noun"], _I)
    named = f"het {match['noun']} van {topic}" if measured else topic
    return with_missing(f"{rest[: match.start()]}{named}{rest[match.end() :]}", before)


def _for_adverb(rest: str, topic: str, before: Before) -> str | None:
    """`daarvan`, `daar … voor`, French `en`: a preposition with the subject."""
    if match := _QUI_EN.match(rest):
        return f"{match['who']} {match['rest']} de {topic}"
    for pattern in () if _LEFT_OVER.search(rest) else (_ADVERB, _SPLIT_ADVERB):
        if match := _first(pattern, rest):
            word = _FULL_WORD.get(match["word"].lower(), match["word"].lower())
            between = f"{match['between'].strip()} " if pattern is _SPLIT_ADVERB else ""
            if (
                pattern is _SPLIT_ADVERB
                and _THERE_IS.search(rest[: match.start()])
                and rest[match.start()] == "e"
            ):
                between = f"er {between}"
            return with_missing(
                f"{rest[: match.start()]}{between}{word} {topic}{rest[match.end() :]}", before
            )
    return None


def _for_pronoun(rest: str, topic: str, before: Before) -> str | None:
    if (match := _first(_WHOSE, rest)) and not own_words(rest[: match.start()]):
        the, of = (
            ("the", "of")
            if language(rest) == "en"
            else ("het" if NEUTER.match(match["noun"]) else "de", "van")
        )
        return with_missing(
            f"{rest[: match.start()]}{the} {match['noun']} {of} {topic}{rest[match.end() :]}", before
        )
    if match := _first(_INVERTED, rest):
        return with_missing(f"{rest[: match.start()]} {topic}{rest[match.end() :]}", before)
    for pattern in (_PRONOUN, _HET, _OBJECT):
        if (match := _first(pattern, rest)) and not _takes_object(rest, match):
            head = f"{match['before']} " if match["before"] else ""
            return with_missing(f"{rest[: match.start()]}{head}{topic}{rest[match.end() :]}", before)
    return None


def _beside(rest: str, topic: str) -> str | None:
    """A noun with `die` that is none of the subject's names: the subject is said behind it."""
    return f"{rest}, over {topic}" if _SUCH.search(rest) and len(own_words(rest)) < _OWN else None


def _points_back(rest: str) -> bool:
    return any(
        _first(pattern, rest) for pattern in (_POINTED_NOUN, _ADVERB, _SPLIT_ADVERB, _PRONOUN, _HET, _OBJECT)
    )


def _first(pattern: re.Pattern[str], rest: str) -> re.Match[str] | None:
    """Where a word points back; behind a clause, or words enough, of the question's own it points to those."""
    match = pattern.search(rest)
    if match is None or _CLAUSE.search(rest[: match.start()]) or len(own_words(rest[: match.start()])) > _OWN:
        return None
    return match


def _takes_object(rest: str, match: re.Match[str]) -> bool:
    """`dat` that opens a clause (`is het zo dat …`), `it` and `this` in a French or Dutch sentence."""
    return match.group().lower() in ("it", "this") and language(rest) != "en"


def without_subject(rest: str, before: Before) -> str | None:
    """A sentence that names measures or asks who or when, of nothing: the subject is put behind it."""
    if has_subject(rest) or values(rest, "code") or not _ASKS_SOMETHING.search(rest):
        return None
    topic = about(before)
    if topic is None:
        return beside_question(rest, before)
    measured = re.search(rf"\b{MEASURE}\b|\b{ASPECT}\b", rest, _I)
    of = {
        "nl": "van" if measured else "voor",
        "fr": "de" if measured else "pour",
        "en": "of" if measured else "for",
    }
    new = [s for s in slots(rest) if s.name != "code"]
    end = new[0].start if new and new[0].name == "year" else len(rest)
    start = re.sub(r"\s+(?:in|voor)\s*$", "", rest[:end])
    asked = f"{start.rstrip()} {of[language(before.question)]} {topic} {rest[len(start) :].strip()}".rstrip()
    return with_missing(asked, before)
