"""What a question is about, and what an answer names: the words that a follow-up points back to.

Rules of form, not of meaning: what is left of a question when its asking words, verbs, measures and slots are
gone is its subject.
"""

import re

from ingest.analysis import STOPWORDS, tokens
from retrieval.followup_slots import values, without_slots
from retrieval.language import language
from retrieval.naming import NAMED

_I = re.IGNORECASE
VERB = (
    r"(?:is|zijn|was|waren|werd|werden|wordt|worden|heeft|hebben|had|hadden|kan|kunnen|kon|moet|moeten|mag|mogen|zal|zullen|gaat|gaan"
    r"|ging(?:en)?|krijgt|krijgen|kreeg|kregen|komt|komen|kwam(?:en)?|bedraagt|bedroeg(?:en)?|kost(?:te|ten|en)?|daalde|steeg|daalt|stijgt"
    r"|doet|doen|deed|staat|staan|stond|zegt|zeggen|loopt|liep|geldt|gelden|betekent|betekende|houdt|beheert|betaalt|betalen|beslist|besliste"
    r"|voert|voerde|ligt|lag|verloopt|verliep|werkt|maakt|klopt|bestaat|bestaan|begon|start(?:te)?|eindigt|ontvangt|ontving(?:en)?|dient|dienen|diende|voorziet|voorzag"
    r"|hield|hielden|houden|hoort|horen|vind|vindt|vinden|lees|leest|belooft|beloven|beloofde|vraagt|vroeg|regelt|regelde|ondersteunt|ondersteunde|nam|namen|neemt|nemen|omvat|bepaalt|bepaalde|beoogt|beoogde|zit|zitten|bleef|bleven|blijft|keurde|stelt|stelde"
    r"|a|ont|est|sont|était|étaient|sera|peut|peuvent|reçoit|reçoivent|coûte|does|do|did|are|were|has|have|gets?|got|costs?|can|will|must)"
)
MEASURE = (
    r"(?:bedrag(?:en)?|(?:onder)?benutting|overschot|tekort|middelen|saldo|rest(?:ant)?|overschrijding|(?:vastleggings|vereffenings|betaal)?krediet(?:en)?|budget(?:ten)?|begroting|(?:begrotings)?uitvoering|uitgaven|ontvangsten|kost(?:prijs|en)?"
    r"|VAK|VEK|aantal|hoogte|uitvoeringsgraad|raming|montant|crédits?|dépenses?|recettes?|exécution|amount|credit|spending|expenditure|receipts|cost|budget)"
)
ASPECT = (
    r"(?:doel(?:en|stelling(?:en)?|groep(?:en)?)?|voorwaarden?|reden(?:en)?|inhoud|timing|looptijd|duur|status|stand van zaken|resultaat|resultaten"
    r"|minister|evaluatie|procedure|aanvraag|datum|partners?|begunstigden?|verantwoordelijke|titel|juridische basis|impact|advies(?: van de (?:Raad van State|Inspectie van Financiën))?|gevolg(?:en)?|herverdeling(?:en)?"
    r"|objectifs?|conditions?|raisons?|groupe cible|goals?|reasons?|target group|link|bron(?:nen)?|referentie)"
)
ASKING = (
    r"(?:hoeveel|wat|wie|waar(?:heen|toe|van|voor|aan|naartoe|onder|uit|mee|over)?|vanwaar|wanneer|waarom|hoezo|hoe|welke?|sinds wanneer|tot wanneer|hoe (?:hoog|groot|lang|vaak)|combien|quels?|quelles?|qui"
    r"|quand|pourquoi|comment|que|qu['’]est-ce que|what|who|when|why|how(?: much| many| high| long)?|which|where)"
)
_SMALL = (
    r"(?:iets(?: in(?= over\b))?|in aanmerking|recht (?=op)|droit (?=au?x?\b|à)|beroep (?=op)|sprake (?=van)|er|daar|men|we|ik|je|u|precies|juist|eigenlijk|ook|nog|al|nu|dan|geld|totale?|totaal|in totaal|euro|keuro|été|il|on|been|there|money|het|that|uit|eens|verantwoordelijk|bevoegd|responsables?|responsible"
    r"|vlaanderen|de vlaamse regering|mij)"
)
PARTICIPLE = (
    r"(?:uitgegeven|besteed|goedgekeurd|toegekend|(?:uit)?betaald|beslist|gestart|ingevoerd|uitgevoerd|voorzien|begroot|vastgelegd|gewijzigd|verlengd"
    r"|bekrachtigd|opgericht|afgeschaft|herverdeeld|uitgetrokken|vrijgemaakt|gebruikt|ingezet|georganiseerd|gefinancierd|gesubsidieerd|aangepast|ingediend"
    r"|aangevraagd|aanvragen|gekregen|ontvangen|dépensée?s?|prévue?s?|alloué|approuvée?s?|\w{4,}eerd|spent|executed|approved|paid|allocated|planned)"
)
_PREPOSITION = r"(?:aan|au|aux|voor|van|over|naar|bij|op|pour|de la|de l['’]|du|des|de|à|on|for|of|to)"
NEUTER = re.compile(r"(?:doel|bedrag|\w*krediet|budget|aantal|resultaat|gevolg|voorstel|advies)$", _I)
LISTED = r"(?:beslissing|maatregel|belofte|voorstel|actie|subsidie|herverdeling)(?:en|s)?"
_TELLER = r"(?:(?:de|het)\s+)?(?:Vlaamse\s+)?(?:regeerakkoord|regering|beleidsnota|overheid|minister|Vlaanderen)(?:\s+(?:precies|concreet|op \d+ \w+ \d{4}))?"
_DETERMINED = r"(?:(?:de|het|een|le|la|les|l['’]|un|une|the|a)\s*)?(?:beschikbare?|totale?|begrote?|uitgevoerde|aangepaste|initiële|oorspronkelijke|available|total)?\s*"
# What follows `wat`, or the noun of `welke …`, is the verb of a main clause, whichever verb it is.
_ASKING_AND_VERB = (
    r"(?:wat|wie|wanneer|waarom|waarvoor)\s+(?!(?:voor|van|met|over|in)\b)[^\W\d_]+\b\s*"
    rf"|hoeveel\s+(?!(?:{VERB}|{MEASURE}|geld)\b)[^\W\d_]+\s+{VERB}\b\s*"
    rf"|welke?\s+(?:{LISTED}|{ASPECT})\s+(?!(?:{_PREPOSITION}|in|uit|tegen|rond)\b)[^\W\d_]+\b\s*"
)
_LEAD = re.compile(
    rf"^(?:(?:en|maar|of|dus|et|and|mais|but)\s+)?(?:{VERB}\s+{_TELLER}(?!\s+(?:van|voor)\b)\s+|{_ASKING_AND_VERB}|(?:tegen|rond|inzake)\s+|in\s+(?=(?:de|het)\s)|leg uit:|klopt het antwoord op:|(?:{ASKING}|{VERB}|{_SMALL}|{PARTICIPLE}|{_PREPOSITION}|weet je|kan je zeggen)\b\s*"
    rf"|{_DETERMINED}{MEASURE}(?:\s+en\s+{_DETERMINED}{MEASURE})*\b\s*(?:{_PREPOSITION}\b\s*)?"
    rf"|{_DETERMINED}(?:{ASPECT}|plannen)\s+(?:{_PREPOSITION}|{VERB}|rond)\b\s*"
    rf"|(?<!\bde\s)(?<!\bhet\s)(?:{LISTED}|documenten)\s+(?:{_PREPOSITION}|{VERB}|rond)\b\s*|{_TELLER}\s+(?:over|rond|inzake|tegen|voor|aan|om)\b\s*)+",
    _I,
)
_TAIL = re.compile(rf"(?:[\s,]+(?:{PARTICIPLE}|{VERB}|{_SMALL}|in|uit|aan|goed|{_PREPOSITION}))+$", _I)
_PASSIVE = re.compile(r"\b(?:werd|werden|wordt|worden)\b", _I)
_PAST = re.compile(r"\s+(?:\w*ge|be|ver|her|ont)\w+[dt]$", _I)
_INSIDE = re.compile(
    rf"\s(?:(?:{VERB})\s+(?:er|het|al|nu|{VERB}|{PARTICIPLE})|{VERB}|er|{PARTICIPLE})(?=\s)", _I
)
_DETERMINER = re.compile(r"(?:^|\s)((?:de|het|een|le|la|les|the)\s)$", _I)
_HOW_MUCH = re.compile(r"\szo (?:hoog|laag)(?: of zo laag)?\b|\sso high or so low\b", _I)
_SECOND_CLAUSE = re.compile(
    rf"\s*[,;:]\s+(?:en|of|maar|et|and|or|but)\b|\s+en (?={ASKING}\b)|[?!]\s+|(?<=\w)\.\s+", _I
)
_CLAUSE = re.compile(
    rf"(?<!\w)(?:ik|hij|ze|zij|je|jij|u|we|wij|men|dat|wie|wat|als|mijn|{VERB}|je|tu|vous|nous|ils?|elles?|you|they|we)(?!\w)",
    _I,
)
_LONGEST_PHRASE = 16
_QUOTED = re.compile(r"[‘“\"«]([^’”\"»]{3,150})[’”\"»]")
_DECISION_TOLD = re.compile(r"de beslissing ‘[^’]{1,300}’ \([\d-]+(?:, https?://[^\s)]+)?\)")
_OF_ARTICLE = re.compile(r"\b(?:van|de|of) (?P<code>[A-Z]{2}\d-\w{7}(?:-[A-Z]{2})?), ")
_BESIDE = re.compile(r" \((?P<code>[A-Z]{2}\d-\w{7}(?:-[A-Z]{2})?)\)")
_MARKS = re.compile(r"(?:\s*\[\d+\])+")
_BULLET = re.compile(r"^\s*(?:\d+[.)]|[-•–*])\s+(.+)$", re.MULTILINE)
_ASKED_BACK = re.compile(
    r"\b(?:Bedoelt u|Gaat het over|Voulez-vous dire|Est-ce de|Do you mean|Is it about) (.+?)\s?\?\s*$",
    re.DOTALL,
)
_TITLES = re.compile(r"‘(.+?)’(?=, ‘| (?:of|ou|or) ‘|$)")
_LONGEST_ITEM = 14


def subject(question: str) -> str | None:
    """The noun phrase that a question is about: its article codes, else what is quoted, else what its asking words leave.

    `subject("Hoeveel werd in 2021 uitgegeven aan de transitiepremie?")` -> `"de transitiepremie"`
    """
    codes = values(question, "code")
    beside = _BESIDE.search(question)
    if codes and not beside:
        return (" and " if language(question) == "en" else " en ").join(codes)
    if beside:
        words = subject(question.replace(beside.group(), ""))
        return f"{words}{beside.group()}" if words else str(beside["code"])
    if decision := _DECISION_TOLD.search(question):
        return decision.group()
    quoted = _QUOTED.search(question)
    if quoted and len(quoted[1].split()) > 1:
        return f"‘{quoted[1]}’"
    plain = (
        without_slots(_SECOND_CLAUSE.split(_HOW_MUCH.sub("", question))[0].strip(" ?!."))
        .replace("( )", "")
        .replace("()", "")
    )
    lead = _LEAD.match(plain)
    rest = plain[lead.end() :] if lead else plain
    if lead and (determiner := _DETERMINER.search(lead.group())):
        rest = f"{determiner[1]}{rest}"
    if _PASSIVE.search(question):
        rest = _PAST.sub("", f" {rest}").strip()
    rest = _TAIL.sub("", f" {rest}").strip()
    rest = " ".join(_INSIDE.sub("", rest, count=1).strip(" ,;:?").split())
    return rest if has_subject(rest) and _is_phrase(rest) else None


def _is_phrase(text: str) -> bool:
    """Whether what was left is a noun phrase, and no clause with a verb or somebody's own story in it."""
    return len(text.split()) <= _LONGEST_PHRASE and not _CLAUSE.search(text)


def has_subject(text: str) -> bool:
    """Whether a text names something of its own besides asking words, verbs, measures, years and credits."""
    return bool(own_words(text))


def own_words(text: str) -> list[str]:
    """The words of a text that say what it is about."""
    known = re.compile(
        rf"{ASKING}|{VERB}|{MEASURE}|{ASPECT}|{_SMALL}|{PARTICIPLE}|{_PREPOSITION}|{_VAGUE}", _I
    )
    plain = _STAND.sub(" ", without_slots(text))
    words = [w for w in re.findall(r"[^\W_][\w'’-]*", plain) if not known.fullmatch(w)]
    return [w for w in words if not {*tokens(w)} <= STOPWORDS]


_STAND = re.compile(
    r"\bstand van zaken\b|\badvies van de (?:Raad van State|Inspectie van Financiën)|\bjuridische basis\b|\bgroupe cible\b|\btarget group\b",
    _I,
)
_VAGUE = (
    r"(?:vandaan|naartoe|heen|stijging|daling|toename|afname|toen|pas|où|since|until|depuis|lang|vaak|weinig|veel|zoveel|zovelen|nul|niets|elk|allemaal|alles|concreet|effectief|peu|little|so|si|samen|overige|elders|verwacht|geld|sinds|vanaf|pagina|bladzijde|documents?|artikel(?:en)?|begrotingsartikel|mensen|personen|page|people|personnes|article|vergelijk\w*|vergeleken|opzichte|tegenover|compar\w+|versus|vs|beide|allebei|verantwoordelijk|bevoegd|jaar|jaren|begrotingsjaar|hoger|lager|hoog|laag|groot|klein|meer|minder|gedaald|gestegen|onderbenut|beschikba(?:ar|re)"
    r"|begroot|begrote|alleen|zowel|verschil|percentage|procent|vorig|vorige|volgend|volgende|ervoor|daarvoor|erna|daarna|keuro|miljoen|euro|maand"
    r"|hierover|daarover|hiervoor|daarmee|hiermee|daarin|hierin|ervan|erover|ermee|erin|responsables?|responsible|compétente?|année|year|higher|lower"
    r"|herverdeling(?:en)?|na|vóór|voor|tweede|eerste|derde|andere|anderen|laatste|zo|niet|wel|precies|exact|die|dat|deze|dit|dezelfde|hetzelfde|tussen|per"
    r"|about|that|this|it|with|cela|ça|en|ce|cette|y|par|sur|in|at|by|from|dans|uitvoeringsgraad|cijfers?|bron|link|bronnen|themis|goedgekeurd|goedkeuring"
    r"|exact|juist|samen|apart|totaal|gemiddeld|ongeveer|graag|dank|bedankt|ok|oké|toon|geef|vertel|leg|zeg|uitleg|details?|voorbeeld(?:en)?)"
)


def of_answer(question: str, answer: str) -> str | None:
    """What an answer puts in place of the subject of its question: the article that it names, or who or what was asked for.

    A ledger answer names its article (`De uitvoering … van JB0-…, titel, is …`).
    """
    if not values(question, "code"):
        named: list[str] = list(dict.fromkeys(_OF_ARTICLE.findall(answer)))
        if len(named) == 1:
            return named[0]
    if re.match(r"\s*(?:en\s+)?(?:wie|welke?|qui|quels?|quelles?|who|which)\b", question, _I):
        return _opening_phrase(answer)
    return None


def _opening_phrase(answer: str) -> str | None:
    """The noun phrase that an answer opens with: `"De transitiepremie is …"` -> `"de transitiepremie"`."""
    match = re.match(
        rf"\s*(?:(?P<determiner>De|Het|Een|Le|La|Les|The)\s)(?P<words>(?:[^\s,.;:()\[\]]+\s){{1,5}}?)(?={VERB}\b)",
        answer,
    )
    if match is None or not has_subject(match["words"]):
        return None
    return f"{match['determiner'].lower()} {match['words'].strip()}"


def decision_of(answer: str) -> str | None:
    """The decision that an answer names with title, date and URI, when it names one only."""
    found = {m["uri"] or m["title"]: m for m in NAMED.finditer(answer)}
    if len(found) != 1:
        return None
    match = next(iter(found.values()))
    uri = f", {match['uri']}" if match["uri"] else ""
    return f"de beslissing ‘{match['title']}’ ({match['date']}{uri})"


def items(answer: str) -> list[str]:
    """What an answer lists: its bullets, the candidates that it asks back with, or its claims; each short enough to name.

    `items("Bedoelt u A (premie); B (subsidie)?")` -> `["A (premie)", "B (subsidie)"]`
    """
    bullets = list(_BULLET.findall(answer))
    asked = _ASKED_BACK.search(answer)
    if len(bullets) > 1:
        parts = bullets
    elif asked and (titles := _TITLES.findall(asked[1])):
        return [_coded(title) for title in titles]
    elif asked:
        parts = asked[1].split("; ")
    else:
        parts = [p for p in _MARKS.split(answer) if p.strip()]
    return [_named(part) for part in parts] if len(parts) > 1 else []


def marked(answer: str, number: int) -> str | None:
    """The claim that bears the reference `[number]`."""
    for match in re.finditer(r"(?P<text>[^\[\]]+)(?P<marks>(?:\[\d+\])+)", answer):
        if f"[{number}]" in match["marks"]:
            return _named(match["text"])
    return None


def _coded(title: str) -> str:
    """A section by the code of its article where it has one, else by its title between quotes."""
    codes = values(title, "code")
    return codes[0] if len(codes) == 1 else f"‘{title}’"


def _named(part: str) -> str:
    """A short name for a listed item: its decision, its article code with title, else its first words."""
    text = " ".join(_MARKS.sub("", part).split()).strip(" .;,?")
    if decision := decision_of(text):
        return decision
    if code := _OF_ARTICLE.search(text):
        return code["code"]
    opening = re.split(r"(?<=[^\d])[:;]\s|\.\s", text)[0]
    words = opening.split()
    return " ".join(words[:_LONGEST_ITEM]).rstrip(" ,")
