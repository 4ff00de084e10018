"""What a question wants to know of decisions of the government: when, in which stage, by whom, or which ones there are."""

import re
from dataclasses import dataclass
from typing import Literal

from ingest.analysis import MONTHS, STOPWORDS, stems, tokens
from ingest.records import Stage
from retrieval.corpus import Corpus
from retrieval.cues import cues, stages_named
from retrieval.language import in_dutch
from retrieval.query import Query

_I = re.IGNORECASE
_WHEN = re.compile(
    r"\b(?:wanneer|datum|data|op welk moment|(?:welke|welk|hoeveelste) (?:dag|dagen|datum|data|maand|jaar)|quand|quelle date|when|(?:which|what) date)\b",
    _I,
)
_ACT = re.compile(
    r"\bgoedgekeurd\w*|\bgoedkeur\w*|\bkeur(?:t|de|den|en)?\b.{0,150}\bgoed\b|\bbeslis(?:t|te|ten|sing|singen)?\b|\bbekrachtig\w*|\bafgekondigd\b"
    r"|\bafkondig\w*|\bapprouv\w+|\bapprov\w+|\bratifi\w+|\badopt(?:ed|é\w*)\b|\bdécid\w+|\bdecided\b"
    r"|\bdoor de (?:vr|vlaamse regering|regering|ministerraad)\b",
    _I,
)
_OTHER_MOMENT = re.compile(
    r"\bin werking\b|\bvan kracht\b|\bingang\b|\binga\w+|\bgaat\b.{0,80}\bin\b|\bstart\w*|\bberoep\b|\baanvra\w+|\bwordt een\b",
    _I,
)
_STAGE = re.compile(
    r"\b(?:welke?|quel\w*|which|what) (?:fase|stadium|stap|stage|stade)\b"
    r"|\b(?:is|werd|zijn|was|waren)\b.{0,150}\b(?:al|reeds|ook|ooit)\b.{0,20}\b(?:definitief|principieel|bekrachtigd|goedgekeurd)\b",
    _I,
)
_ASKED_WORD = re.compile(
    r"\b(?:wie|wat|hoe\w*|waar\w*|welke?|wanneer|van wanneer|is|zijn|heeft|quel\w*|qu[ei]|what|who|how)\b", _I
)
_SHORT = 8  # words of a question without a verb that ends in a stage
_FORM = r"(?:\w*decreet|\w*decreten|\w*besluit|\w*besluiten|\w*ontwerp|beslissing(?:en)?|\w*nota|dossier|subsidie)"
_SUBMITS = r"(?:dien(?:t|de|den)|leg(?:t|de|den)|stel(?:de|den))\b"
_MINISTER = re.compile(
    rf"\bministers?\b.{{0,20}}\b{_SUBMITS}|\bwie\b.{{0,20}}\b(?:{_SUBMITS}).{{0,40}}\b{_FORM}\b"
    rf"|\b(?:voorstel|initiatief) van (?:welke minister|wie)\b|\b(?:van|door) (?:welke ministers?|wie)\b.{{0,60}}\b(?:{_FORM}|ingediend|voorgelegd|voorgesteld)\b"
    rf"|\bwie (?:is|was|zijn)\b.{{0,40}}\b(?:verantwoordelijk|bevoegd)e?\b.{{0,60}}\b{_FORM}\b"
    r"|\b(?:welke|bevoegde|verantwoordelijke) ministers?\b.{0,40}\b(?:verantwoordelijk|bevoegd|voor het|voor de)\b|\bministers? achter\b",
    _I,
)
_MINISTERS = re.compile(r"\bministers?\b|\bwie\b", _I)
_MANY = re.compile(
    r"\b(?:beslissingen|goedkeuringen|dossiers|agenda(?:punten)?|ministerraad|décisions|decisions)\b", _I
)
_WHAT = re.compile(
    r"\b(?:wat|welke)\b.{0,60}\b(?:beslis(?:t|te|ten)|keur(?:t|de|den)?\b.{0,100}\bgoed|goedgekeurd|beslissingen)\b",
    _I,
)
_ABOUT = re.compile(
    r"\b(?:beslissingen|goedkeuringen|dossiers)\b(?: \w+){0,8} (?:over|rond|rondom|omtrent|inzake|betreffende|aangaande|in verband met|met betrekking tot)\b",
    _I,
)
_GOVERNMENT = re.compile(
    r"\b(?:de )?vlaamse regering\b|\bvlaams gouvernement\b|\bgouvernement flamand\b|\bflemish government\b",
    _I,
)
_DAYS = re.compile(rf"\b(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})(?: van)?(?: \d{{4}})?\b|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{4}}\b", _I)  # fmt: skip
_YEAR = re.compile(r"\b(?:in|tijdens|gedurende) (?:het jaar )?((?:19|20)\d\d)\b", _I)
# Any approval, whatever its stage; the adjective (`het goedgekeurde decreet`) asks for none.
_APPROVED = re.compile(r"\bgoedgekeurd\b|\bgoedkeuring(?:en)?\b|\bkeur(?:t|de|den|en)\b.{0,150}\bgoed\b", _I)
_FORM_SAID = re.compile(r"decre(?:et|ten)|besluit", _I)
# What a question says of the deciding and not of what is decided on.
_OF_DECIDING = frozenset(
    "vr regering ministerraad kabinet wanneer datum data dag dagen dd fase stadium stap status moment goed goedgekeurd goedgekeurde goedkeuring "
    "goedkeuringen keurde keurden keurt keuren gaf geven beslis beslist besliste beslisten beslissing beslissingen beslissen besloot besluiten principieel "
    "principiele definitief definitieve bekrachtigd bekrachtigde bekrachtiging bekrachtigen afgekondigd afkondiging minister ministers diende dienden dient indienen "
    "ingediend legde legden legt voorgelegd voorleggen stelde stelden voorgesteld voorstel initiatief verantwoordelijk verantwoordelijke bevoegd bevoegde wie wiens "
    "nam namen genomen neemt nemen alle alles lijst overzicht geef toon som noem agenda agendapunten stond stonden dossier dossiers link links themis titel "
    "al reeds ooit ook eerste tweede derde laatste keer maal versie gegeven zit zitten gebeurde gebeurd welke welk maand jaar achter werd werden eens "
    "over rond rondom omtrent inzake betreffende aangaande verband betrekking quand approuve approuvee definitivement gouvernement when approved ratified was the "
    "on of by a ete le la les du des en dossiernummer goedkeurde decret decree flamand flemish".split()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of decisions: their `moment`, their `ministers`, or a `listing`; at most one of the three,
    but for a listing that says the ministers of each.

    `subject` holds the words for what was decided on, `stages` the stages that are named, `period` a first and a last day.
    """

    moment: bool
    ministers: bool
    listing: bool
    subject: tuple[str, ...]
    stages: tuple[Stage, ...]
    period: tuple[str, str] | None


def wanted(corpus: Corpus, query: Query) -> Wanted:
    """Read a question: `"Wanneer werd de jobbonus definitief goedgekeurd?"` -> moment, of `jobbonus`, definitief."""
    text, subject = query.text, _subject(corpus, query)
    listing = _asks_listing(corpus, text, subject)
    asked_by = _MINISTERS if listing else _MINISTER
    ministers = bool(asked_by.search(text)) and bool(subject)
    moment = not (ministers or listing) and bool(subject) and _asks_moment(text)
    return Wanted(moment, ministers, listing, subject, _stages(text), _period(text))


def form_of(text: str) -> Literal["decreet", "besluit"] | None:
    """The form that a title or a question names first: `"Uitvoeringsbesluit bij het decreet"` -> `"besluit"`."""
    said = _FORM_SAID.search(text)
    if said is None:
        return None
    return "besluit" if said.group().lower() == "besluit" else "decreet"


def _stages(text: str) -> tuple[Stage, ...]:
    """The stages named; none where an approval of any stage is asked for beside a ratification."""
    named = stages_named(text)
    return () if named == ("bekrachtigd",) and _APPROVED.search(text) else named


def _asks_moment(text: str) -> bool:
    if _OTHER_MOMENT.search(text):
        return False
    bare = len(text.split()) <= _SHORT and bool(stages_named(text)) and not _ASKED_WORD.search(text)
    return bool(_WHEN.search(text) and _ACT.search(text)) or bool(_STAGE.search(text)) or bare


def _asks_listing(corpus: Corpus, text: str, subject: tuple[str, ...]) -> bool:
    """All that was decided in a time or by a minister, or all decisions on a subject."""
    if subject:
        return bool(_ABOUT.search(text))
    restricted = _period(text) is not None or bool(corpus.ministers_named(text))
    return restricted and bool(_MANY.search(text) or _WHAT.search(text))


def _period(text: str) -> tuple[str, str] | None:
    """The time that a question names, a year only where something happened in it: `"in 2022"`."""
    if (period := cues(text).period) is not None:
        return period
    year = _YEAR.search(text)
    return (f"{year[1]}-01-01", f"{year[1]}-12-31") if year else None


def _subject(corpus: Corpus, query: Query) -> tuple[str, ...]:
    """The words for what was decided on, each once, as the question has them without accents."""
    spoken = in_dutch(query.text, query.language)
    for said in (_GOVERNMENT, _DAYS, _YEAR):
        spoken = said.sub(" ", spoken)
    known = {word for name in corpus.ministers_named(query.text) for word in tokens(name)}
    words = dict.fromkeys(tokens(spoken))
    return tuple(
        w
        for w in words
        if w not in STOPWORDS and w not in _OF_DECIDING and w not in known and (len(w) > 1 or w.isdigit())
    )


def asks_when(text: str) -> bool:
    """Whether a question asks for a day."""
    return bool(_WHEN.search(text))


def told_apart(subject: tuple[str, ...]) -> bool:
    """Whether a subject says enough to find one decision by: two words, or a long one."""
    return len(set(stems(subject))) > 1 or any(len(word) >= _SHORT for word in subject)
