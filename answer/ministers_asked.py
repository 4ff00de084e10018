"""What a question asks of ministers: who is competent for something, who is minister-president, or what one is minister of.

The whole question has to be one of the forms below: what is asked about a minister's decisions or policy is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from answer.tenures import Tenure
from ingest.analysis import MONTHS, tokens
from retrieval.cues import cues
from retrieval.language import Language, in_dutch, with_dutch_dates
from retrieval.query import Query

_I = re.IGNORECASE
_PART_OF_WORD = 6  # letters; a shorter word is no part of a longer one
_IS = r"(?:is|was|zijn|waren)"
_MINISTER = r"(?:(?:de|een|onze)\s+)?(?:(?:vlaamse?|bevoegde)\s+)*ministers?"
_MINISTRE = r"(?:(?:le|la|les|l['’])\s*)?ministres?(?:\s+(?:flamande?s?|compétente?s?))*"
_A_MINISTER = r"(?:the\s+|a\s+)?(?:flemish\s+)?ministers?"
_X = r"(?P<competence>[^?!;:]{3,120}?)"
_WHO = r"(?:(?:vlaams\s+)?minister\s+|ministre\s+)?(?P<person>[^?!;:,]{3,60}?)"
_HOLDS = r"(?:bevoegdheid|bevoegdheden|portefeuille|functie|ambt|titel)"
_HELD_FR = r"(?:compétences?|attributions?|portefeuille|fonctions?|titre)"
_HELD_EN = r"(?:portfolio|title|function|office|powers?|competences?|responsibilit(?:y|ies))"
_HERE = r"(?:\s+(?:in|van|binnen)\s+(?:vlaanderen|de\s+vlaamse\s+regering))?"
_HERE_FR = r"(?:\s+(?:en\s+flandre|de\s+(?:la\s+)?flandre|(?:du|au)\s+gouvernement\s+flamand))?"
_HERE_EN = r"(?:\s+(?:of|in)\s+(?:flanders|the\s+flemish\s+government))?"
_FORMS: dict[Language, tuple[str, ...]] = {
    "nl": (
        rf"wie\s+{_IS}\s+{_MINISTER}\s+(?:bevoegd\s+|verantwoordelijk\s+|die\s+(?:bevoegd|verantwoordelijk)\s+{_IS}\s+)?(?:van|voor)\s+{_X}{_HERE}",
        rf"wie\s+{_MINISTER}\s+(?:van|voor)\s+{_X}{_HERE}\s+{_IS}",
        rf"wie\s+{_IS}\s+(?:er\s+)?bevoegd\s+voor\s+{_X}{_HERE}",
        rf"welke\s+{_MINISTER}\s+{_IS}\s+(?:er\s+)?(?:bevoegd|verantwoordelijk)\s+voor\s+{_X}{_HERE}",
        rf"wie\s+(?:heeft|had)\s+de\s+bevoegdheid\s+(?:over|voor|van)\s+{_X}{_HERE}",
        rf"(?:onder|bij)\s+(?:welke\s+{_MINISTER}|wiens\s+bevoegdheid)\s+(?:valt|viel|vallen|hoort|hoorde)\s+{_X}",
        rf"wie\s+{_IS}\s+(?:(?:de|onze)\s+)?(?:vlaamse?\s+)?(?P<compound>[^\W\d_]{{4,40}})-?minister{_HERE}",
        rf"wie\s+{_IS}\s+(?:(?:de|onze)\s+)?(?:vlaamse?\s+)?(?P<head>minister[\s-]?presidenten|minister[\s-]?president){_HERE}",
        rf"wie\s+{_IS}\s+{_WHO}",
        rf"wat\s+{_IS}\s+(?:de|het)\s+{_HOLDS}\s+van\s+{_WHO}",
        rf"(?:welke?|wat\s+voor)\s+{_HOLDS}\s+(?:heeft|had)\s+{_WHO}",
        rf"waarvoor\s+{_IS}\s+{_WHO}\s+(?:bevoegd|verantwoordelijk)",
        rf"waar\s+{_IS}\s+{_WHO}\s+(?:bevoegd\s+voor|verantwoordelijk\s+voor|minister\s+van)",
        rf"(?:waarvan|van\s+wat)\s+{_IS}\s+{_WHO}\s+minister",
        rf"(?:voor\s+wat|voor\s+welke\s+(?:\w+)?(?:domeinen|materies))\s+{_IS}\s+{_WHO}\s+(?:bevoegd|verantwoordelijk)",
        rf"welke\s+minister\s+{_IS}\s+{_WHO}",
    ),
    "fr": (
        rf"qui\s+(?:est|était|sont|étaient)\s+{_MINISTRE}\s+(?:chargée?\s+)?(?:de\s+la|de\s+l['’]|du|des|de|d['’]|pour)\s*{_X}{_HERE_FR}",
        rf"qui\s+(?:est|était)\s+compétente?\s+pour\s+{_X}{_HERE_FR}",
        rf"quel(?:le)?\s+{_MINISTRE}\s+(?:est|était)\s+(?:compétente?\s+pour|chargée?\s+de|responsable\s+de)\s*{_X}{_HERE_FR}",
        rf"qui\s+(?:est|était)\s+(?:(?:le|la)\s+)?(?P<head>ministre[\s-]présidente?)(?:\s+flamande?)?{_HERE_FR}",
        rf"qui\s+(?:est|était)\s+{_WHO}",
        rf"quel(?:le)?s?\s+(?:est|sont|était|étaient)\s+(?:la|le|les)\s+{_HELD_FR}\s+(?:de\s+|d['’]){_WHO}",
        rf"de\s+quoi\s+{_WHO}\s+(?:est|était)[\s-](?:il|elle)\s+(?:ministre|responsable)",
        rf"quel(?:le)?\s+ministre\s+(?:est|était)\s+{_WHO}",
    ),
    "en": (
        rf"who\s+(?:is|was|are|were)\s+{_A_MINISTER}\s+(?:(?:responsible|competent)\s+for|of|for|in\s+charge\s+of)\s+{_X}{_HERE_EN}",
        rf"(?:which|what)\s+{_A_MINISTER}\s+(?:is|was)\s+(?:(?:responsible|competent)\s+for|in\s+charge\s+of)\s+{_X}{_HERE_EN}",
        rf"who\s+(?:is|was)\s+competent\s+for\s+{_X}{_HERE_EN}",
        rf"who\s+(?:is|was)\s+(?:the\s+)?(?:flemish\s+)?(?P<head>minister[\s-]president){_HERE_EN}",
        rf"who\s+(?:is|was)\s+(?:the\s+)?(?:flemish\s+)?{_X}\s+minister{_HERE_EN}",
        rf"who\s+(?:is|was)\s+{_WHO}",
        rf"what\s+(?:is|was|are|were)\s+{_WHO}['’]s?\s+{_HELD_EN}",
        rf"what\s+(?:is|was|are|were)\s+the\s+{_HELD_EN}\s+of\s+{_WHO}",
        rf"what\s+(?:is|was)\s+{_WHO}\s+(?:responsible\s+for|competent\s+for|minister\s+of)",
        rf"(?:which|what)\s+minister\s+(?:is|was)\s+{_WHO}",
    ),
}
_READ = {spoken: [re.compile(form, _I) for form in forms] for spoken, forms in _FORMS.items()}
_MONTH = "|".join(MONTHS)
_TIME = re.compile(
    r",?\s*\b(?:in|op|tijdens|on|during|en|le)\s+(?:(?:het\s+jaar|l['’]année|the\s+year)\s+)?"
    rf"(?P<when>\d{{1,2}} (?:{_MONTH}) \d{{4}}|\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{4}}|(?:{_MONTH}) (?:van )?\d{{4}}|(?:19|20)\d\d)\b,?",
    _I,
)
_NOW = re.compile(
    r"\b(?:nu|vandaag|momenteel|op dit moment|huidige|toenmalige|currently|current|now|today|at the moment|actuellement|actuel(?:le)?|aujourd['’]hui)\b",
    _I,
)
_FIRST_WORDS = re.compile(
    r"^(?:(?:en|et|and|maar|zeg eens|dis[- ]moi|tell me|weet (?:je|u)|(?:kunt?|kan) (?:je|u)(?: me| mij)? (?:zeggen|vertellen))\b,?\s+)+",
    _I,
)
_ARTICLE = re.compile(r"^(?:(?:de|het|la|le|les|the)\s+|l['’]\s*)", _I)
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:en|et|and)\s+|\s*&\s*", _I)
_HEAD = re.compile(r"minister-president\b", _I)
_COMPETENCES = re.compile(r"\bminister van (?P<named>.+)", _I)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose tenures a question asks for: of a `competence`, of a `person`, or of the `head` of the government.

    `said` are the words for it, of a compound without `minister`, and `spoken` is their language. `period` holds the
    first and the last day (YYYY-MM-DD) of the time that is named.
    """

    of: Literal["competence", "person", "head"]
    said: str
    spoken: Language
    period: tuple[str, str] | None


def asked_of(query: Query) -> Asked | None:
    """Read a question; None when it asks for something else.

    `"Wie was in 2020 minister van Welzijn?"` -> competence `Welzijn`, 2020-01-01 to 2020-12-31
    """
    text = with_dutch_dates(query.text, query.language)
    times = list(_TIME.finditer(text))
    if len(times) > 1:
        return None
    timeless = " ".join(_NOW.sub(" ", _TIME.sub(" ", text)).split()).strip(" ?!.")
    bare = _FIRST_WORDS.sub("", timeless)
    found = ((spoken, form.fullmatch(bare)) for spoken, forms in _READ.items() for form in forms)
    for spoken, match in found:
        if match:
            given = match.groupdict()
            period = _period(times[0]["when"]) if times else None
            if said := given.get("competence") or given.get("compound"):
                return Asked("competence", said, spoken, period)
            return Asked(
                "person" if given.get("person") else "head", given.get("person") or "", spoken, period
            )
    return None


def among(asked: Asked, held: Sequence[Tenure]) -> list[Tenure]:
    """Those of the tenures that a question means, at whatever time, in the same order."""
    if asked.of == "head":
        return [t for t in held if _HEAD.match(t.title)]
    if asked.of == "person":
        said = tokens(asked.said)
        return [t for t in held if said in (tokens(t.minister), tokens(t.minister.partition(" ")[2]))]
    for part in _BETWEEN.split(asked.said):
        held = _competent(_ways(part, asked.spoken), held)
    return list(held)


def _period(when: str) -> tuple[str, str] | None:
    return (f"{when}-01-01", f"{when}-12-31") if when.isdigit() else cues(when).period


def _ways(part: str, spoken: Language) -> list[frozenset[str]]:
    """The Dutch words for one competence; the glossary may know several words for a single foreign one."""
    said = _ARTICLE.sub("", part)
    dutch = tokens(in_dutch(said, spoken))
    if len(tokens(said)) > 1:
        return [frozenset(dutch)]
    # The `s` of `welzijnsminister` is no part of the competence.
    return [frozenset([form]) for word in dutch for form in (word, word.removesuffix("s"))]


def _competent(ways: Sequence[frozenset[str]], held: Sequence[Tenure]) -> list[Tenure]:
    """The tenures with a competence of that name; where none has, with one that the name is a part of.

    `Werk` is the competence of that name and not `Openbare Werken`; `Gezondheid` is a part of `Volksgezondheid`.
    """
    for fits in (_same, _within, _in_word):
        found = [t for t in held if any(fits(way, c) for way in ways if way for c in _competences(t.title))]
        if found:
            return found
    return []


def _competences(title: str) -> list[frozenset[str]]:
    """The words of each competence that a title names, none for a minister-president."""
    match = _COMPETENCES.search(title)
    return [frozenset(tokens(c)) for c in _BETWEEN.split(match["named"])] if match else []


def _same(way: frozenset[str], competence: frozenset[str]) -> bool:
    return way == competence


def _within(way: frozenset[str], competence: frozenset[str]) -> bool:
    return way < competence


def _in_word(way: frozenset[str], competence: frozenset[str]) -> bool:
    """One long word that a word of the competence begins or ends with."""
    asked, *more = way
    long = not more and len(asked) >= _PART_OF_WORD
    return long and any(word.startswith(asked) or word.endswith(asked) for word in competence)
