"""Whether a Dutch sentence announces something that can be kept or not.

Dutch is verb-second, so that a main clause shows around its finite verb who announces what: `we` beside a verb that
acts, `zal`, a passive in the present, or the government and its bodies with a verb in the present. What must or may
be done (`moet vermeden worden`), by a named body or by a date, is a measure too. What only states (is, heeft, kent),
wishes (moet, kan), foresees (zal stijgen), explains (immers) or looks back is no promise. Rules, no model.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.clauses import BREAKS, FINITE, MODAL, is_participle, main_clauses, subordinate, words_of

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
    r"\b(?:(?<!dan )vandaag|momenteel|meestal|vaak|soms|thans|op dit (?:moment|ogenblik)|reeds(?! \w+[dt]e\b)|"
    r"steeds (?:meer|vaker|\w+ere?)|"
    r"(?:afgelopen|voorbije) (?:\w+ )?(?:jaren|jaar|legislatuur|regeerperiode|decennia|decennium))\b",
    re.IGNORECASE,
)
# What is foreseen, when its subject is neither the government nor its money.
_FORESEEN = frozenset(
    "stijgen toenemen dalen afnemen groeien krimpen leiden evolueren ontstaan vergen nodig".split()
)
_REACHED = frozenset(("gehaald", "bereikt"))
_MONEY = frozenset(
    "budget budgetten middelen krediet kredieten subsidie subsidies investeringen dotatie".split()
)

# Norms that are measures: `moet worden ...` unless it tells a consequence, and what must be so by a date or a number.
_CONSEQUENCE = re.compile(
    r"(?:(?:Zo|Hierdoor|Daardoor|Dankzij|Zodoende|Hiermee|Door|Aldus)\b|Op (?:die|deze) (?:manier|wijze))"
)
_MUST = frozenset("moet moeten dient dienen".split())
_MEASURABLE = re.compile(
    r"\b(?:vanaf|tegen|vóór|voor|uiterlijk|ten laatste)\b[^,]{0,20}\b20\d\d\b|\bbinnen (?:de )?\d+ (?:maand|jaar|dag|we)|"
    r"\b\d+(?:[.,]\d+)? ?(?:%|procent|euro)|\b(?:minstens|maximaal|maximum) \d",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(r"\b[Ee]r (?:kan|mag) geen sprake (?:meer )?zijn\b")
_FLANDERS = re.compile(r"Vlaanderen|[Rr]egering|overheid|Gemeenschap|minister")

ITEM_NUMBER = re.compile(r"\d{1,2}\.?\s+(?=[A-ZÀ-Þ])")
_JOINED = re.compile(  # `We` that lost the space behind it
    r"We(?=(?:blijven|bouwen|gaan|geven|investeren|laten|maken|nemen|onderzoeken|streven|versterken|voeren|voorzien|"
    r"werken|willen|zetten|zorgen|zullen)\b)(?!werken\b)"
)


def announces(sentence: str) -> bool:
    """Whether a readable Dutch sentence announces something that can be kept or not.

    `"Het fonds wordt opgeheven."` -> True; `"Een sterk beleid is nodig."` -> False
    """
    sentence = _JOINED.sub("We ", unnumbered(sentence), count=1)
    words = words_of(sentence)
    if sentence.endswith("?") or _EXPLAINING.search(sentence):
        return False
    if _we_act(words):
        return True
    if _NOT_AHEAD.search(sentence):
        return False
    main = main_clauses(words)
    return (
        _government_acts(sentence)
        or _will(main)
        or _passive(main, words)
        or _comes(main)
        or _must(main, sentence)
        or bool(_EXCLUDED.search(sentence))
    )


def unnumbered(sentence: str) -> str:
    """The sentence without the number of its item: `"9 We bouwen."` -> `"We bouwen."`."""
    number = ITEM_NUMBER.match(sentence)
    return sentence[number.end() :] if number else sentence


def _we_act(words: Sequence[str]) -> bool:
    """Whether `we` stands beside a verb that acts, in a main clause: `we investeren`, `daarom investeren we`."""
    for i, word in enumerate(words):
        if word not in ("we", "wij"):
            continue
        if i == 0 or words[i - 1] in BREAKS or words[i - 1] in ("en", "maar"):
            verb, announced = i + 1, not subordinate(words, i)
        else:  # only `welke stappen we ...` has a plural before `we` that is no verb
            verb, announced = i - 1, not _ASKING & set(words[max(0, i - 4) : i])
        if announced and verb < len(words) and _acts(words, verb, i):
            return True
    return False


def _acts(words: Sequence[str], verb: int, we: int) -> bool:
    form, rest = words[verb], words[max(verb, we) + 1 :]
    if form == "hebben":
        return bool({"aandacht", "oog"} & set(rest[:6]))
    if form == "zien":
        return "toe" in rest[:4]
    if form in ("erkennen", "onderkennen") and {"belang", "rol"} & set(rest[:5]):
        return any(word == "en" and _PLURAL.search(then) for word, then in pairwise(rest))
    if (form == "staan" and rest[:1] == ["voor"]) or (verb == 0 and form in _CONDITION):
        return False
    return bool(_PLURAL.search(form)) and form not in _STATING and not _PAST.search(form)


def _comes(main: Sequence[str]) -> bool:
    clause = " ".join(main)
    coming = _COMING.search(clause)
    allowed = coming and not MODAL & set(clause[: coming.start()].split())
    return bool(allowed or _NO_LONGER.search(clause))


def _will(main: Sequence[str]) -> bool:
    """Whether `zal` or `zullen` announces an act and not what is foreseen: `de vraag zal stijgen`."""
    for i, word in enumerate(main):
        if word in ("zal", "zullen"):
            rest = set(main[i + 1 :])
            missed = "niet" in rest and _REACHED & rest
            return not (_FORESEEN & rest or missed or {"steeds", "worden"} <= rest) or bool(
                _MONEY & set(main)
            )
    return False


def _must(main: Sequence[str], sentence: str) -> bool:
    """Whether a norm amounts to a measure: something must or may be done, or must be so by a date or a number."""
    if _CONSEQUENCE.match(sentence) or {"we", "wij"} & set(main):
        return False
    for i, word in enumerate(main):
        if word in MODAL:
            rest = main[i + 1 :]
            near = {w for j, v in enumerate(rest) if v == "worden" for w in rest[max(0, j - 2) : j + 2]}
            done = {w for w in near if is_participle(w)}
            idle = _DESCRIBING & done or (_REACHED & done and word not in _MUST)
            return bool(done and not idle) or (word in _MUST and bool(_MEASURABLE.search(sentence)))
    return False


def _passive(main: Sequence[str], words: Sequence[str]) -> bool:
    """Whether something is done in the present: `wordt` or `blijft` with a participle after it.

    The participle may end the sentence behind a relative clause: `worden de premies die dit beogen gebundeld`.
    """
    last = [w for w in words[-1:] if w not in main and not FINITE & set(words[-2:-1])]
    for i, word in enumerate(main):
        foreseen = word in ("worden", "blijven") and {"zal", "zullen"} & set(main[:i])
        if word in ("wordt", "worden", "blijft", "blijven") and not foreseen and not MODAL & set(main[:i]):
            done = [w for w in (*main[i + 1 :], *last) if is_participle(w)]
            if (
                done
                and not _DESCRIBING & set(done)
                and "maar" not in main[i : (*main, *last).index(done[0], i)]
            ):
                return True
    return False


def _government_acts(sentence: str) -> bool:
    """Whether the government or one of its bodies is the subject of a verb in the present that acts."""
    for subject in _GOVERNMENT.finditer(sentence):
        before, after = sentence[: subject.start()].split(), sentence[subject.end() :].split()
        verbs = after[:1] if not before else before[-1:] if len(before) <= _BEFORE_SUBJECT else []
        several = " en " in subject.group()
        told = not _FLANDERS.search(subject.group()) and "kunnen" not in after
        if any(
            verb.islower() and (_acts_alone(verb, after, several) or (told and verb in _MUST))
            for verb in verbs
        ):
            return True
    return False


def _acts_alone(verb: str, after: Sequence[str], several: bool) -> bool:
    if several and _PLURAL.search(verb):
        return verb not in _STATING and not _PAST.search(verb)
    if verb == "ziet":
        return any(word.strip(".,;") == "toe" for word in after)
    if verb == "wordt":
        return not any(word.strip(".,;") in _DESCRIBING for word in after)
    return verb in ("wil", "zal") or (verb.endswith("t") and verb not in _STATING_SINGULAR)
