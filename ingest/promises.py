"""Which sentences of a coalition agreement announce something that can be kept or not.

Dutch is verb-second, so that a main clause shows around its finite verb who announces what: `we` beside a verb that
acts, `zal`, a passive in the present, or the government and its bodies with a verb in the present. What only states
(is, heeft, kent), obliges (moet), allows (kan), explains (immers) or looks back is no promise. Rules, no model.
"""

import re
from collections.abc import Sequence

from ingest.reading import cleaned, sentences
from ingest.records import Block

Span = tuple[int, int]

_TOKEN = re.compile(r"[\w’'&/.()-]*\w[\w’'&/()-]*|[,;:–]")
_BREAKS = frozenset(",;:–")
# What opens a clause that has its verb at the end: what stands in there announces nothing by itself.
_SUBORDINATING = frozenset(
    "zodat opdat omdat doordat totdat nadat voordat waarbij waarmee waardoor waarin waarop waarvan waarvoor "
    "waarover waaruit waaraan waaronder waartoe waar indien wanneer hoe welke welk wat terwijl zolang zodra "
    "hoewel ofschoon tenzij aangezien toen".split()
)
_PREPOSITIONS = frozenset(
    "in met op voor van bij door naar over uit aan tot binnen tijdens rond tegen onder vanuit via sinds".split()
)

# Beside `we`: plural verbs that say how things are, what must or may be, or what we think, and strong past forms.
_STATING = frozenset(
    "zijn hebben moeten kunnen mogen leven geloven vinden weten kennen beseffen merken zien begrijpen menen denken "
    "hopen wonen heten behoren liggen lijken dienen verwachten bevinden beschikken horen ervaren verwijzen "
    "waren hadden moesten konden mochten zouden zagen stonden gingen namen kwamen kregen deden werden stelden".split()
)
_PLURAL = re.compile(r"(?:en|gaan|staan|doen|slaan)$")
_PAST = re.compile(r"(?:eerden|[wgfbz]den|[kp]ten)$")
_ASKING = frozenset(("welke", "hoeveel"))
_CONDITION = frozenset(("willen", "zouden", "kunnen", "moesten"))  # "Willen we ..., dan ..."

# Beside the government: singular verbs of the same kinds, and what only looks like a verb.
_STATING_SINGULAR = frozenset(
    "heeft kent telt moet staat behoort beschikt ligt bestaat betekent beseft weet vindt gelooft ziet meent hoort "
    "dient bevindt bevat vereist vergt omvat blijkt leeft moest niet het dat met uit tot wat dit".split()
)
_GOVERNMENT = re.compile(
    r"\b(?:(?:[Dd]e|[Dd]eze|[Oo]nze) (?:nieuwe )?Vlaamse (?:[Rr]egering|overheid|Gemeenschap|administratie|minister)"
    r"|Vlaanderen|[Dd]e (?:bevoegde )?minister|[Hh]et (?:Vlaamse? )?(?:\w+- en )?\w*(?:[Dd]epartement|[Aa]gentschap)|[Dd]e \w*inspectie"
    r"|(?<=\w )De [A-Z]\w+|(?:[Hh]et |[Dd]e )?[A-Z]{3,6})"
    r"(?: (?:bevoegd voor|van|voor|en|[A-Z][\w’&-]+,?)){0,7}(?= |$)"
)
_BEFORE_SUBJECT = 12  # words that may stand before the verb when the government follows it

_PARTICIPLE = re.compile(
    r"(?!\w*(?:heden|ingen)$)(?:\w{0,12}ge\w{2,}(?:d|t|en|aan)|\w{0,8}(?:be|ver|ont|her|over|onder|voor)\w{2,}(?:d|t|en)|\w+eerd)$"
)
_NO_PARTICIPLE = frozenset(
    "beleid overheid bestuur verkeer overleg onderwijs gebied gezond gemeente gemeenten geheel geld bekend verband "
    "overheden besturen gebieden verschillend verschillende bijzonder bevoegd geschikt voorbeeld "
    "tegelijkertijd".split()
)
_DESCRIBING = frozenset(
    "geconfronteerd gekenmerkt geacht verwacht geschat veroorzaakt genoemd ervaren bedreigd gevreesd geplaagd "
    "onderschat geraamd gezien".split()
)
# Verbs that announce whatever their subject is, and what is no longer allowed.
_COMING = re.compile(
    r"\b(?:er kom(?:t|en)|kom(?:t|en) er|(?<!te )krijg(?:t|en)|vervalt|vervallen|verdwijnt|verdwijnen|treedt|treden|"
    r"verloopt|verlopen|gebeurt|gebeuren|bedraagt|aandacht gaat|gaat .+ aandacht|(?:vindt|vinden) .+ plaats|"
    r"(?:neemt|nemen) .+ op)\b"
)

_NO_LONGER = re.compile(r"\b(?:kan|kunnen|mag|mogen) .*\b(?:geen|niet) .*\b(?:meer|langer)\b")

_EXPLAINING = re.compile(r"\bimmers\b")
_NOT_AHEAD = re.compile(
    r"\b(?:vandaag|momenteel|meestal|vaak|soms|thans|op dit (?:moment|ogenblik)|reeds|steeds (?:meer|vaker)|"
    r"(?:afgelopen|voorbije) (?:\w+ )?(?:jaren|jaar|legislatuur|regeerperiode|decennia|decennium))\b",
    re.IGNORECASE,
)
_POSSIBLE = frozenset("nodig mogelijk wenselijk zinvol gepast relevant".split())
_MODAL = frozenset("moet moeten mag mogen kan kunnen dient dienen".split())
_BULLET = re.compile(r"(?:[-–*+•▪]|\d{1,2}[.)])\s+")
_OPENING = 6  # words
_FINITE = _MODAL | frozenset("is zijn heeft hebben wordt worden we".split())


def promises(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """The spans of the promises in the blocks of one section, in order and apart: whole sentences and list items.

    An item that is no sentence is a promise when the sentence that opens its list is one; a few words that do no
    more than open a list (`We doen dit door:`) are none.
    """
    found: list[Span] = []
    opened = False
    for block in blocks:
        if block.kind not in ("paragraph", "list_item"):
            continue
        opened = opened and block.kind == "list_item"
        bullet = _BULLET.match(text, block.start, block.end) if block.kind == "list_item" else None
        first = bullet.end() if bullet else block.start
        for start, end in sentences(text, first, block.end):
            sentence = cleaned(text[start:end])
            announced = announces(sentence)
            opens = sentence.endswith(":")
            goes_on = opened and start == first and _is_part(sentence)
            if (announced and not (opens and sentence.count(" ") < _OPENING)) or goes_on:
                found.append((start, end))
            opened = announced if opens else opened
    return tuple(found)


def announces(sentence: str) -> bool:
    """Whether a readable Dutch sentence announces something that can be kept or not.

    `"Het fonds wordt opgeheven."` -> True; `"Een sterk beleid is nodig."` -> False
    """
    words = _words(sentence)
    if sentence.endswith("?") or _EXPLAINING.search(sentence):
        return False
    if _we_act(words):
        return True
    if _NOT_AHEAD.search(sentence):
        return False
    main = _main_clauses(words)
    return "zal" in main or "zullen" in main or _passive(main) or _comes(main) or _government_acts(sentence)


def _words(sentence: str) -> list[str]:
    return [token.lower() for token in _TOKEN.findall(sentence)]


def _is_part(sentence: str) -> bool:
    """Whether an item goes on with the sentence above it: a small letter first, or no finite verb of its own."""
    return sentence[:1].islower() or not _FINITE & set(_main_clauses(_words(sentence)))


def _we_act(words: Sequence[str]) -> bool:
    """Whether `we` stands beside a verb that acts, in a main clause: `we investeren`, `daarom investeren we`."""
    for i, word in enumerate(words):
        if word not in ("we", "wij"):
            continue
        if i == 0 or words[i - 1] in _BREAKS or words[i - 1] in ("en", "maar"):
            verb, announced = i + 1, not _subordinate(words, i)
        else:  # only `welke stappen we ...` has a plural before `we` that is no verb
            verb, announced = i - 1, not _ASKING & set(words[max(0, i - 4) : i])
        if announced and verb < len(words) and _acts(words, verb, i):
            return True
    return False


def _acts(words: Sequence[str], verb: int, we: int) -> bool:
    form, rest = words[verb], words[max(verb, we) + 1 :]
    if form == "hebben":
        return bool({"aandacht", "oog"} & set(rest[:6]))
    if (form == "staan" and rest[:1] == ["voor"]) or (verb == 0 and form in _CONDITION):
        return False
    return bool(_PLURAL.search(form)) and form not in _STATING and not _PAST.search(form)


def _subordinate(words: Sequence[str], i: int) -> bool:
    """Whether word `i` lies in a clause that a conjunction or a relative pronoun opened since the last comma."""
    for j in range(i - 1, -1, -1):
        if words[j] in _BREAKS:
            return False
        if _opens(words, j):
            return True
    return False


def _opens(words: Sequence[str], j: int) -> bool:
    """Whether word `j` opens a subordinate clause; `in die gebieden`, `waar nodig`, `jong als oud` do not."""
    if words[j + 1 : j + 2] and words[j + 1] in _POSSIBLE:
        return False
    if words[j] in ("die", "dat"):
        return j > 0 and words[j - 1] not in _PREPOSITIONS
    if words[j] == "als":
        return j == 0 or words[j - 1] in _BREAKS
    return words[j] in _SUBORDINATING


def _main_clauses(words: Sequence[str]) -> list[str]:
    """The words outside the clauses that a conjunction or a relative pronoun opens, up to the comma that ends each.

    Where that comma was left out, a second verb that stands apart begins the main clause again:
    `de taken die zij opnemen worden door het departement bepaald`.
    """
    main: list[str] = []
    inside = False
    for i, word in enumerate(words):
        if word in _BREAKS:
            inside = False
        elif _opens(words, i):
            inside = True
        elif inside and word in ("wordt", "worden"):
            following = words[i + 1 : i + 2]
            inside = not following or following[0] in _BREAKS or _is_participle(following[0])
        elif inside and word in ("krijgt", "krijgen"):
            inside = words[i - 1] not in ("is", "zijn", "heeft", "hebben")
        if not inside:
            main.append(word)
    return main


def _comes(main: Sequence[str]) -> bool:
    clause = " ".join(main)
    coming = _COMING.search(clause)
    allowed = coming and not _MODAL & set(clause[: coming.start()].split())
    return bool(allowed or _NO_LONGER.search(clause))


def _passive(main: Sequence[str]) -> bool:
    """Whether something is done in the present: `wordt` or `blijft` with a participle after it."""
    for i, word in enumerate(main):
        if word in ("wordt", "worden", "blijft", "blijven") and not _MODAL & set(main[:i]):
            done = [w for w in main[i + 1 :] if _is_participle(w)]
            if done and not _DESCRIBING & set(done) and "maar" not in main[i : main.index(done[0], i)]:
                return True
    return False


def _is_participle(word: str) -> bool:
    return bool(_PARTICIPLE.search(word)) and word not in _NO_PARTICIPLE


def _government_acts(sentence: str) -> bool:
    """Whether the government or one of its bodies is the subject of a verb in the present that acts."""
    for subject in _GOVERNMENT.finditer(sentence):
        before, after = sentence[: subject.start()].split(), sentence[subject.end() :].split()
        verbs = after[:1] if not before else before[-1:] if len(before) <= _BEFORE_SUBJECT else []
        several = " en " in subject.group()
        if any(verb.islower() and _acts_alone(verb, after, several) for verb in verbs):
            return True
    return False


def _acts_alone(verb: str, after: Sequence[str], several: bool) -> bool:
    if several and _PLURAL.search(verb):
        return verb not in _STATING and not _PAST.search(verb)
    if verb == "ziet":
        return any(word.strip(".,;") == "toe" for word in after)
    return verb == "wil" or (verb.endswith("t") and verb not in _STATING_SINGULAR)
