"""What a question takes for granted or asks for, of which nothing on its subject speaks: the only one, the most, a share of women, who leads, a penalty, a vote.

A text that tells of such a thing has a word for it. Where no sentence on the subject has one, the answer cannot stand
there, however much else is said of the subject.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.extract import nearest
from answer.records import Citation, Refusal
from answer.refuse_contrary import takes_for_granted
from answer.refuse_polarity import asks_whether
from answer.refuse_told import Told, ends, subject, told
from ingest.analysis import stems, tokens
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_I = re.IGNORECASE
_ABOUT = 0.35  # share of the subject that a sentence speaks of which may tell such a thing


@dataclass(frozen=True, slots=True)
class _Thing:
    """What shows that a question is about it, and what a sentence that tells of it has.

    What it names in a group must stand in that sentence too; the group `said` is what the reader is told of.
    With `granted` only a question that takes it for granted is looked at; with `itself` only the sentence itself
    and not its headings, which have numbers and names of their own.
    """

    asks: re.Pattern[str]
    tells: re.Pattern[str]
    granted: bool = False
    itself: bool = False


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})\b", _I)


_OF_ALL = r"(?:grootste|hoogste|laagste|kleinste|meeste|minste|beste|slechtste|sterkste|zwakste|snelste|traagste|best|slechtst|koplopers?|bovenaan|onderaan|top)"
# A name inside a sentence, other than the country's or its people's.
_NAMED = r"(?<=[a-zß-ÿ,:;(] )(?!vlaa|vlam|belg|europ|oekra)(?-i:[A-Z])[a-zß-ÿ][\w-]+"
_THINGS = (
    # the only one
    _Thing(
        _words(r"(?:is|zijn|was|waren|blijft|krijgt|krijgen|kreeg|kregen|als) (?:\w+ ){0,3}?(?:de|het) enige|(?<!niet )(?:enkel|alleen|uitsluitend|louter) (?:\w+ )?(?:voor|in|bij|aan|van|door|naar)|(?:is|are|was|were) the only|in (?:zijn|haar|hun) eentje|op eigen houtje|helemaal alleen"),
        _words(
            r"enige|(?<!niet )(?:enkel|alleen)|uitsluitend|louter|slechts|exclusie\w+|beperkt\w*|voorbehouden|uitgezonderd|uitgesloten|specifiek"
        ),
        granted=True,
    ),
    # the most of its kind
    _Thing(
        _words(
            r"(?:grootste|hoogste|laagste|kleinste|meeste|minste|duurste|goedkoopste|oudste|jongste|langste|kortste|snelste|traagste|zwaarste|rijkste|armste|populairste)"
            r"|largest|biggest|highest|lowest|smallest|plus (?:grande?|élevée?|petite?)"
        ),
        _words(
            r"\w{3,}ste|meest\w*|minst\w*|meer dan|top|maximum|maximaal|minimum|minimaal|vooral|voornamelijk|hoofdzakelijk|overgrote|merendeel|meerderheid|groot\w*|hoog|hoger|laag|lager|eerste|\d\S* tot \S*\d\S*"
        ),
        granted=True,
    ),
    # which of the places, bodies or firms does best: one that a sentence names, or figures of several that it names
    _Thing(
        re.compile(
            r"\bwelke? (?:[a-zß-ÿ-]+ ){0,2}?(?:gemeenten?|(?:centrum)?stad|steden|centrumsteden|provincies?|ocmw'?s?|lokale? bestu\w+|[a-z]*bedrijf|[a-z]*bedrijven|scholen|school|ziekenhuis|ziekenhuizen|sectoren|sector|universiteit(?:en)?)\b"
            r"(?=.{0,90}?\b(?P<said>best|slechtst|beter|slechter|meeste?|minste?|hoogste?|laagste?|grootste?|kleinste?|snelst|traagst|koploper|achterop|bovenaan|onderaan|top \d+)\b)",
            _I,
        ),
        re.compile(
            rf"\b{_OF_ALL}\b.*{_NAMED}|{_NAMED}.*\b{_OF_ALL}\b|(?:{_NAMED}[^\d.]{{0,60}}\b(?!(?:19|20)\d\d\b)\d[\d.,]*.*?){{2}}|\|", _I
        ),
        itself=True,
    ),
    # women or men, an age, an origin among those who are counted
    *(
        _Thing(
            re.compile(rf"\b(?:hoeveel|welk (?:aandeel|deel|percentage)|hoe groot is het (?:aandeel|deel))\b.{{0,120}}?\b(?P<said>{asks})\b", _I),
            re.compile(rf"(?=.*\d).*\b(?:{tells})\b|\b(?:{tells})\b.*\|", _I),
        )
        for asks, tells in (
            (
                r"vrouw(?:en|elijke?)?|man|mannen|mannelijke?|jongens|meisjes|moeders|vaders",
                r"\w*vrouw\w*|man|mannen|mannelijk\w*|jongens|meisjes|moeders?|vaders?|gender\w*|geslacht\w*",
            ),
            (r"(?:jonger|ouder) dan|(?:min|plus)-?\d\dj?|\d\d-(?:min|plus)\w*", r"jonger|ouder|oudere[nr]?|jongeren|leeftijd\w*|\d\d ?(?:jaar|jarigen?|-?plus\w*)|\+"),
            (
                r"(?:buitenlandse|vreemde|niet-europese|migratie)[ -]?(?:herkomst|origine|achtergrond|nationaliteit)\w*|van (?:vreemde|buitenlandse) (?:herkomst|origine)|migratieachtergrond",
                r"herkomst|origine|migratie\w*|nationaliteit\w*|allochto\w+|nieuwkomers?|geboren|anderstalig\w*|buitenland\w*|niet-eu\w*",
            ),
            (r"laaggeschoolde?n?|kortgeschoolde?n?|hooggeschoolde?n?|hoogopgeleide?n?|laagopgeleide?n?", r"\w*geschoold\w*|\w*opgeleid\w*|diploma\w*|scholing\w*"),
        )
    ),
    # who leads, who carries out a study
    _Thing(
        _words(r"wie (?:leidt|leidde)|wie zit(?=[^.?!]{0,60} voor\b)|wie (?:staat|stond) (?:\w+ ){0,4}?aan het hoofd|aan het hoofd (?:staat|stond)|wie (?:is|was|wordt|werd) (?:de )?(?:hoofd|voorzit\w+|leid\w+) van"),
        _words(r"\w*leid(?:t|er|ers|end|ende|ing|inggevende)|voorzit\w*|voorgezeten|zit .{0,40} voor|hoofd|directeur\w*|bestuurder|administrateur\w*|co[öo]rdin\w+|trekker\w*|regisseur\w*|regie|stuurt|aanstuur\w*|aangestuurd|onder de vleugels|geleid"),
    ),
    _Thing(
        _words(r"wie (?:voert|voerde|doet|deed|maakt|maakte) (?:het|de|dat|die) (?:[\w-]+ )?[\w-]*(?:onderzoek|studie|evaluatie|bevraging|audit)"),
        re.compile(
            r"(?=.*(?:onderzo\w*|studie|evaluatie|bevraging|audit))(?:.*\b(?:door|aan|bij|voert|voerde|voeren) (?:de |het |een )?(?!vlaamse regering|raad van state)(?-i:[A-Z])"
            r"|.*(?<=[a-z,] )(?!regering|state)(?-i:[A-Z])\w+.{0,40}\b(?:voert|voerde|voeren|onderzoekt|onderzocht|leverd\w+|maakte)\b)",
            _I,
        ),
        itself=True,
    ),
    # a penalty
    _Thing(
        _words(
            r"(?:welke?|hoeveel|wat voor|wat (?:is|zijn) de|hoe (?:hoog|zwaar|groot) (?:is|zijn) de|what|which|how much|quelles?)\b.{0,30}?\b"
            r"(?:\w*straf(?:fen)?|\w*boetes?|sancties?|dwangsom\w*|penalty|penalties|fines?|amendes?|sanctions?)"
        ),
        _words(
            r"\w*straf\w*|\w*straft|\w*boete\w*|beboet\w*|\w*sanctie\w*|\w*sanctioneer\w*|dwangsom\w*|terugvorder\w*|teruggevorderd|verbeur\w*|schorsing\w*|geschorst|penal\w*"
        ),
    ),
    # a vote
    _Thing(
        _words(r"(?:welke|hoeveel) (?:politieke )?(?:partij(?:en)?|fracties?|parlementsleden) (?:stem\w+|vond(?:en)?|was|waren)|wie stemden?|stemden? (?:er )?tegen|voted against|ont voté contre"),
        _words(r"partij\w*|fractie\w*|oppositie|meerderheid|stem(?:t|de|den|men|ming\w*)|unaniem|eenpari\w*"),
    ),
    # who won
    _Thing(
        _words(r"wie (?:won|heeft gewonnen)|winnaars?|laureaten|laureaat"),
        _words(r"won|wonnen|gewonnen|winn\w*|laureat?en|laureaat|gegund|gunn\w*|toegewezen|toewijz\w*|geselecteerd\w*|selecti\w*|bekroon\w*"),
    ),
    # what people said of it
    _Thing(
        _words(
            r"(?:hoe reag(?:eren|eerden)|wat (?:vinden|vonden|denken|dachten)) (?:de|het) (?:\w+ )??(\w+(?:en|s))|hoe (?:on)?tevreden (?:is|zijn|was|waren)|(?:on)?tevreden over"
        ),
        _words(
            r"reacties?|reage\w+|kritiek\w*|bezwaar|bezwaren|bezorgd\w*|voorstander\w*|tegenstander\w*|pleit\w*|mening\w*|standpunt\w*|opmerking\w*|vrees|vrezen|\w*tevreden\w*|"
            r"bevraging\w*|enquêtes?|positie[fv]e?|negatie[fv]e?|(?:on)?gunstige?|onderschrij\w+|vind(?:t|en)|vonden|vond|stelde|stelt|advies|adviezen|vraagt|vroeg"
        ),
    ),
    # an objection, a protest
    _Thing(
        _words(r"(?:wie|hoeveel mensen|hoeveel inwoners) (?:diende|dienden|tekende|tekenden|maakte|maakten)\b.{0,20}?\b(?:bezwaar|beroep|protest)|(?:hoeveel|welke) (?:bezwaren|bezwaarschriften|petities?|protesten|betogingen|stakingen)|wie (?:protesteer|staakt|betoog)\w+"),
        _words(r"bezwa\w+|openbaar onderzoek|petitie\w*|protest\w*|beto\w+|stak(?:ing\w*|ers?|en|ten)|rechtsz\w+|rechtbank\w*|arrest\w*|beroep\w*|geschil\w*|betwist\w*"),
    ),
    # how long one waits
    _Thing(
        _words(r"wachttijd\w*|wachtlijst\w*"),
        _words(r"wacht(?:tijd|lijst|termijn)\w*|wacht(?:en|te|ten|t)?|\w*doorlooptijd\w*"),
    ),
    # who wrote
    _Thing(
        _words(r"wie (?:schreef|schreven|heeft .{0,40}geschreven)|auteurs? van|schrijvers? van|who wrote|qui a écrit"),
        _words(r"schr[ei]\w+|geschreven|auteurs?|opgesteld|opstel\w*|redactie|redig\w*"),
    ),
)  # fmt: skip


def unspoken(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """The refusal of a question on a thing of which no sentence on its subject speaks, with what is told instead."""
    if asks_whether(query.text):
        return None
    for thing in _THINGS:
        asked = thing.asks.search(query.text)
        if not asked or (thing.granted and not takes_for_granted(query.text)):
            continue
        clauses = told(subject(corpus, query, ends(asked.group())), citations, evidence)
        said = asked.groupdict().get("said")
        named = set(stems(tokens(" ".join(g for g in asked.groups() if g and g != said))))
        texts = [
            t
            for t in _on_subject(citations, clauses, headings=not thing.itself)
            if named <= set(stems(tokens(t)))
        ]
        if not any(thing.tells.search(text) for text in texts):
            named_as = said or asked.group()
            shown = nearest(evidence, most=1)
            if thing.granted:
                return Refusal("false_premise", message("not_said", query.reply_in, asked=named_as), shown)
            return Refusal("not_in_corpus", message("asked_nowhere", query.reply_in, asked=named_as), shown)
    return None


def _on_subject(citations: Sequence[Citation], clauses: Sequence[Told], *, headings: bool) -> list[str]:
    """What is cited and every sentence that speaks of the subject, each with its headings where these are asked for."""
    found = [(c, c.text[start:end]) for c in citations for start, end in sentences(c.text)]
    found += [(t.citation, t.sentence) for t in clauses if t.about >= _ABOUT]
    return [cleaned(" ".join((c.title, *c.section, text) if headings else (text,))) for c, text in found]
