"""What a question takes for granted, against what the documents say: none for some, another means or actor, first what is left aside.

Speaks only where the sentence is about the same thing (it shares rare words with the question) and says the contrary
in so many words; whatever asks more understanding is left to the reader, who sees the sentence itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from answer.extract import nearest
from answer.records import Citation, Refusal
from answer.refuse_told import holds
from ingest.analysis import content_words, stems, tokens
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.query import Query
from retrieval.records import Evidence

_I = re.IGNORECASE
_TAKES_FOR_GRANTED = re.compile(
    r"\b(?:waarom|vanwaar|wanneer|in welk jaar|op welke (?:dag|datum)|hoe komt|hoe kan het|hoe kon|wat verklaart|hoe verklaar|hoe heeft|hoe hebben|hoe werd|hoe werden|"
    r"op basis van|volgens welke|op welke manier|welke? [\w-]+ (?:legt|leggen|geeft|geven|betaalt|betalen|bepaalt|bepalen|voert|doet|neemt)|why|how come|pourquoi)\b",
    _I,
)
_NONE_ASKED = re.compile(
    r"\b(?:geen enkele?|niet één|geen één|nergens|niemand|not a single|aucune?)\b((?:\W+\w+){1,6})", _I
)
_MANY_ASKED = re.compile(
    r"\b(?:te veel|zo ?veel|heel wat|talrijke|honderden|tientallen|een pak|veel|trop d[e']|too many)\s+(\w+)",
    _I,
)
_COUNT = r"(?:[1-9]\d{0,2}(?:\.\d{3})*|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|alle|de meeste)"
# `12 van de 13 centrumsteden`, `76% van de Vlaamse steden en gemeenten`
_COUNTED = re.compile(
    rf"\b{_COUNT}(?: ?%| procent)?(?: (?:van|op) de(?: {_COUNT})?)?((?: [\w-]+){{1,4}})", _I
)
_NOT = re.compile(r"\b(?:geen|niet(?!-)|nooit|zonder)\b", _I)
_MEANS = re.compile(
    r"\b(?:in|onder) de vorm van\s+(?:een |het |de )?([\w-]+)|\b(?:via|door middel van|met behulp van)\s+(?:een |het |de )?([\w-]+)",
    _I,
)
_OTHER_MEANS = re.compile(
    r"\b(?:via|in de vorm van|onder de vorm van|door middel van|met behulp van|aan de hand van)\b", _I
)
_ACTOR = re.compile(
    r"\b(?:zal|zullen|gaat|mag|moet|kan|laat|liet|legt|geeft|betaalt|bepaalt|beslist|besliste|controleert|sanctioneert|oordeelt|voert|neemt)\s+(?:de |het )?([A-Z][\w-]+)"
)
_RESTS_WITH = re.compile(
    r"\b(?:blijft|ligt|berust|rust|komt)\s+(?:\w+\s+){0,2}?(?:bij|toe aan)\s+(?:het |de )?([A-Z][\w’'-]+)", _I
)
# `neemt de sancties weg bij het OCMW`, against `blijft bij het OCMW` and `wordt uitgevoerd door het OCMW`
_TAKEN = re.compile(
    r"\b(?:neemt|nam|nemen|namen|haalt|haalde|halen|ontneemt|ontnam)\b[^.?!]{0,80}?\b(?:bij|van|aan) (?:de |het )?([A-Z][\w-]+)"
)
_STAYS_WITH = re.compile(
    r"\b(?:(?:blijft|blijven)\b[^.;]{0,30}?\bbij|(?:wordt|worden|gebeurt) (?:\w+ )?(?:uitgevoerd|opgelegd|gedragen|opgenomen)? ?door|\bis(?= (?:het |de )?[A-Z]\w+ aan zet)) (?:het |de )?([A-Z][\w-]+)"
)
# What a question ranks first, and a document leaves aside.
_RANKED = re.compile(
    r"\b(?:op de eerste plaats|voorrang\w*|prioritair\w*|prioriteit\w*|primaire?|vooraan|bovenaan|centraal|belangrijkste doelgroep|als eerste|eerst)\b",
    _I,
)
_LEFT_ASIDE = re.compile(
    r"\b(?:buiten (?:de |het )?(?:\w+ )?(?:focus|prioriteiten|doelgroep)|(?:niet de|geen) (?:prioritaire?|eerste|primaire) \w+|geen (?:prioriteit|voorrang))\b",
    _I,
)
# What a question says was ended or turned down, and the words by which a document would say so.
_DENIED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\b(?:schafte|schaften|afgeschaft|afschafte|afschaffing|stopgezet|stopzetting|geschrapt|schrapte|schrapten|ingetrokken)\b",
            _I,
        ),
        re.compile(
            r"afgeschaf|afschaf|schaft\w* .*\baf\b|hef\w* .*\bop\b|ophef|opgehev|stopgezet|stopzet|stop\b|geschrap|schrap|ingetrok|intrek|beëindig|uitdov|uitgedoof|"
            r"verdwijn|verdwen|vervall|vervang|niet (?:meer|langer|verlengd)|einde|afgebouwd|afbouw|hervorm|geïntegreerd",
            _I,
        ),
    ),
    (
        re.compile(
            r"\b(?:weigerde|weigerden|geweigerd|verwierp|verwierpen|verworpen|afgewezen|afgekeurd|keurde\b[^.?!]*\baf)\b",
            _I,
        ),
        re.compile(
            r"weiger|verwerp|verworp|verwierp|afgewez|afwijz|afkeur|afgekeur|negatief|ongunstig|niet\b|geen\b|vernietig|onontvankelijk|bezwaar",
            _I,
        ),
    ),
    (
        re.compile(r"\b(?:geprivatiseerd|privatiseert|privatiseerde|privatisering|verkoopt aan privé)\b", _I),
        re.compile(r"privatis|vervreemd", _I),
    ),
    (
        re.compile(r"\b(?:failliet|faillissement|ontslagen|ontsloeg|staakten|staking)\b", _I),
        re.compile(r"faill|ontsla|afvloei|herstructur|stak", _I),
    ),
    (
        re.compile(r"\b(?:ingehuldigd|geopend|opende|inhuldiging|inaugurated)\b", _I),
        re.compile(r"inhuldig|ingehuldigd|geopend|openstelling|\bopening|\bopent\b|in gebruik", _I),
    ),
    (
        re.compile(
            r"\b(?:sloot|sloten|gesloten|sluit|sluiting van)\s+(?:de (?:vlaamse )?regering )?(?:de|het|haar|zijn|hun)\b",
            _I,
        ),
        re.compile(
            r"\b(?:sluiting|gesloten|sloot|sluit|sluiten|afgesloten|sloten)\b|stopgezet|\bdicht\b", _I
        ),
    ),
    (
        re.compile(r"\b(?:verdubbeld?e?|gehalveerd|halveerde|verdrievoudigde?|gedecimeerd)\b", _I),
        re.compile(r"dubbel|halve|helft|drievoud|tweemaal|twee keer|50 ?%|100 ?%|200 ?%", _I),
    ),
    (
        re.compile(r"\b(?:vernietigd|vernietigde|veroordeeld|veroordeelde|geschorst door)\b", _I),
        re.compile(r"vernietig|veroorde|arrest|vonnis|schors|ongrondwet", _I),
    ),
)
_SHARED_ROOT = 6  # letters that a verb and its noun share (`oordelen`, `beoordeling`)
_LOOKED_AT = 10  # passages in which a word may stand
_READ = 3  # passages that are read beside what is cited
_ABOUT = 2  # content words that a sentence shares with the question beside the one in dispute


def takes_for_granted(question: str) -> bool:
    """Whether a question asks why, when or how of what it says was so."""
    return bool(_TAKES_FOR_GRANTED.search(question))


def contrary(query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]) -> Refusal | None:
    """The sentence of the citations, or of the best passages, that contradicts what the question presupposes, as a refusal that quotes it."""
    if not takes_for_granted(query.text):
        return None
    for asks, tells in _DENIED:
        read = [*(c.text for c in citations), *(e.passage.text for e in evidence[:_LOOKED_AT])]
        denied = asks.search(query.text)
        if denied and not any(tells.search(text) for text in read):
            told = message("not_said", query.reply_in, asked=denied.group())
            return Refusal("false_premise", told, nearest(evidence, most=1))
    for citation, sentence in _sentences([*citations, *nearest(evidence, most=_READ)]):
        if (
            _some_for_none(query.text, sentence)
            or _none_for_some(query.text, sentence)
            or _other_means(query.text, sentence)
            or _other_actor(query.text, sentence)
            or _not_taken(query.text, sentence, least=1 if citation in citations else _ABOUT)
            or (citation in citations and _left_aside(query.text, sentence, citations))
        ):
            shown = replace(citation, n=1)
            return Refusal(
                "false_premise", message("said_otherwise", query.reply_in, quote=sentence), (shown,)
            )
    return None


def _sentences(citations: Sequence[Citation]) -> Iterator[tuple[Citation, str]]:
    for citation in citations:
        for start, end in sentences(citation.text):
            yield citation, cleaned(citation.text[start:end])


def _some_for_none(question: str, sentence: str) -> bool:
    """The question says that there is none, the sentence counts some: `met 12 van de 13 centrumsteden`."""
    denied = _NONE_ASKED.search(question)
    if not denied or _NOT.search(sentence):
        return False
    things = [w for w in content_words(denied[1]) if len(w) > 4]
    counted = [
        w for w in things if any(stems([w])[0] in stems(tokens(m[1])) for m in _COUNTED.finditer(sentence))
    ]
    return bool(counted) and _about(question, sentence, counted)


def _none_for_some(question: str, sentence: str) -> bool:
    """The question says that there are many, the sentence that there is none: `er werden geen aanvragen ontvangen`."""
    many = _MANY_ASKED.search(question)
    if not many or len(many[1]) < 5:
        return False
    none = re.search(rf"\b(?:geen|geen enkele|nul) (?:\w+ )?{re.escape(many[1])}\b", sentence, _I)
    return bool(none) and _about(question, sentence, [many[1]], least=1)


def _other_means(question: str, sentence: str) -> bool:
    """The question names a means that the sentence lacks, where it says by which means it is done."""
    asked = _MEANS.search(question)
    if not asked or not _OTHER_MEANS.search(sentence) or _NOT.search(sentence):
        return False
    means = (asked[1] or asked[2]).lower()
    lacking = bool(content_words(f"0 {means}")[1:]) and stems([means])[0] not in stems(tokens(sentence))
    return lacking and asked[1] is not None and _about(question, sentence, [means], least=1)


def _other_actor(question: str, sentence: str) -> bool:
    """The question has one body do what the sentence leaves to another: `de beoordeling blijft bij het OCMW`."""
    asked, told = _ACTOR.search(question), _RESTS_WITH.search(sentence)
    if not asked or not told or not told[1][0].isupper():
        return False
    mine, theirs = tokens(asked[1]), tokens(told[1])
    if any(_begins(sentence, name) for name in mine) or any(_begins(question, name) for name in theirs):
        return False
    return _shares_root(question[asked.end() :], sentence[: told.start()])


def _begins(text: str, name: str) -> bool:
    """Whether a word of a text is a name, or begins with it: `OCMW's`."""
    return any(word.startswith(name) for word in tokens(text))


def _not_taken(question: str, sentence: str, least: int) -> bool:
    """The question has something taken from a body with which the sentence leaves it."""
    taken = _TAKEN.search(question)
    if not taken or _NOT.search(question):
        return False
    stays = {stem for m in _STAYS_WITH.finditer(sentence) for stem in stems(tokens(m[1]))}
    return bool(set(stems(tokens(taken[1]))) & stays) and _about(question, sentence, [taken[1]], least)


def _left_aside(question: str, sentence: str, citations: Sequence[Citation]) -> bool:
    """The question ranks first what the cited sentence leaves aside, and nothing that is cited is ranked first."""
    if _NOT.search(question) or not _ranks_first(question) or not _LEFT_ASIDE.search(sentence):
        return False
    return not any(_ranks_first(cleaned(c.text)) for c in citations)


def _ranks_first(text: str) -> bool:
    return bool(_RANKED.search(_LEFT_ASIDE.sub(" ", text)))


def _about(question: str, sentence: str, disputed: Sequence[str], least: int = _ABOUT) -> bool:
    """Whether question and sentence share enough words beside those in dispute."""
    apart = set(stems(tokens(" ".join(disputed))))
    asked, here = (
        [w for w in content_words(text) if stems([w])[0] not in apart] for text in (question, sentence)
    )
    held = {*here, *stems(here)}
    return (
        sum(holds(stem, held) or holds(word, held) for word, stem in {*zip(asked, stems(asked), strict=True)})
        >= least
    )


def _shares_root(question: str, sentence: str) -> bool:
    """Whether a verb of the question and a noun of the sentence hold the same run of letters."""
    asked, told = ([w for w in content_words(text) if len(w) > _SHARED_ROOT] for text in (question, sentence))
    return any(
        a[i : i + _SHARED_ROOT] in t for a in asked for t in told for i in range(len(a) - _SHARED_ROOT + 1)
    )
