"""What a question says was done, against passages that say the opposite was: raised for lowered, made for abolished.

A question that asks whether it was so is no false premise, nor is one that names both sides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answer.records import Citation, Refusal
from answer.refuse_told import ends, put_right, subject, told
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_I = re.IGNORECASE
_ABOUT, _AHEAD = 0.45, 0.08  # shares of the subject: what a contradiction speaks of, and how far it leads
_NOTHING_TOLD, _TOUCHED = 0.4, 0.3


@dataclass(frozen=True, slots=True)
class _Axis:
    """Two sides that exclude each other, by the words for them in Dutch, French and English.

    Where `end` is given, only a question with one of its words is looked at: one that says that something was
    ended or turned down.
    """

    first: re.Pattern[str]
    second: re.Pattern[str]
    end: re.Pattern[str] | None = None


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})\b", _I)


_AXES = (
    _Axis(
        _words(
            r"verhoogd?e?n?|verhogen|verhoging\w*|verhoogt|stijgt|stijgen|stijging|steeg|stegen|gestegen|toegenomen|toename|nam\w* .{0,30}toe|neemt .{0,30}toe|"
            r"opgetrokken|optrekken|trekt .{0,40}op|toegevoegd|aangroei\w*|groeide|groeit|verdubbel\w*|uitgebreid|uitbreiding|verruim\w*|increase\w*|raised?|rose|augment\w*|hausse"
        ),
        _words(
            r"verlaagd?e?n?|verlagen|verlaging\w*|verlaagt|daalt|dalen|daling|daalde|daalden|gedaald|verminderde?n?|verminderd|afgenomen|afname|nam\w* .{0,30}af|neemt .{0,30}af|"
            r"teruggeschroefd|ingekrompen|gehalveerd\w*|halveer\w*|ingeperkt|teruggebracht|decrease\w*|lower(?:ed|ing)?|reduced?|baiss\w*|diminu\w*|rédui\w*"
        ),
    ),
    _Axis(
        _words(
            r"ingevoerd|invoer(?:en|ing)|voert .{0,60}in|opgericht|oprichting|richt .{0,60}op|gecreëerd|lanceer\w*|gelanceerd|opgestart|toegekend|toekenn\w*|kent .{0,80}toe|"
            r"toekennen|erkenn\w*|verleng\w*|verder ?zet\w*|verdergezet|continueer\w*|bestendig\w*|blijft|uitgebreid|behoud\w*"
        ),
        _words(
            r"afgeschaft|afschaff(?:en|ing|t)|afschafte|schaf(?:t|te|ten|fen)?|stopgezet|stopzet\w*|geschrapt|schrap\w*|ingetrokken|intrekk\w*|trekt .{0,40}in|beëindig\w*|opgeheven|ophef\w*|"
            r"uitgedoofd|uitdov\w*|uitdoof\w*|dooft|verdwijn\w*|verdwenen|vervall\w*|vervang\w*|afgebouwd|afbouw\w*|stop\w*|gestopt|einde|eindig\w*|abolish\w*|scrapped|supprim\w*|suppression|abol\w*"
        ),
        end=_words(
            r"afgeschaft|afschaff(?:en|ing|t)|afschafte|schaf(?:t|te|ten) .{0,80}af|stopgezet|stopzetting|geschrapt|schrap(?:te|ten|t|ping)|ingetrokken|intrekking|beëindigd|opgeheven|"
            r"stopt(?:e|en)? .{0,80}\bmet|stoppen met|gestopt met|opheffing|abolish\w*|scrapped|supprim\w*|suppression"
        ),
    ),
    _Axis(
        _words(r"verplicht\w*|verplichting\w*|opgelegd|obligat\w*|mandatory|obligatoire"),
        _words(r"verbied\w*|verboden|verbod\w*|niet toegelaten|mag niet|mogen niet|forbid\w*|bann?ed|interdi\w*"),
    ),
    _Axis(
        _words(r"verplicht(?! worden)\w*|verplichting\w*|gedwongen|opgelegd|obligat\w*|mandatory|obligatoire"),
        _words(r"vrijwillig\w*|vrije keuze|vrij kiezen|kiezen .{0,20}vrij|voluntar\w*|volontaire\w*"),
    ),
    _Axis(
        _words(r"samengevoegd|samenvoeg\w*|voegt .{0,60}samen|gefuseerd|fuseer\w*|fuseren|gebundeld|geïntegreerd|ondergebracht|merged?"),
        _words(r"splits\w*|opgesplitst|gesplitst|ontkoppel\w*|losgekoppeld|split"),
    ),
    _Axis(
        _words(r"gratis|kosteloos|free of charge|gratuit\w*"),
        _words(r"betal\w*|betaalt|betalend\w*|retributie\w*|financiële bijdrage|inschrijvingsgeld|tegen betaling"),
    ),
    _Axis(
        _words(r"behoor(?:t|de|den)?|behoren|horen|hoort|vall(?:en|t) onder|in aanmerking|deel uit van|opgenomen in"),
        _words(r"vall?(?:en|t) .{0,40}buiten|buiten de|uitgesloten|sluit(?:en)? .{0,120} uit"),
    ),
    _Axis(
        _words(r"verlengd?e?|verlengen|verlenging|verlengt"),
        _words(r"ingekort|inkort\w*|verkort\w*|uitgedoofd|uitdoof\w*|uitdov\w*|dooft|stopgezet|afgeschaft|geen (?:nieuwe )?instroom"),
    ),
    _Axis(
        _words(r"verstreng\w*|strenger\w*|verscherp\w*|aangescherpt\w*|aanscherp\w*"),
        _words(r"versoepel\w*|soepeler\w*"),
    ),
    _Axis(
        _words(r"vervroeg\w*|versneld?\w*|versnellen|versnelling"),
        _words(r"uitgesteld\w*|uitstel\w*|vertraagd?\w*|vertraging\w*"),
    ),
    _Axis(
        _words(r"goedgekeurd|goedkeur\w*|keur(?:t|de|den) .{0,160}goed|hecht .{0,100}goedkeuring|stemt .{0,40}in|toegekend|kent .{0,80}toe"),
        _words(
            r"afgekeurd|keur(?:t|de|den) .{0,100}\baf|verworpen|verwerp\w*|verwierp\w*|geweigerd|weiger\w*|afgewezen|negatie\w+|ongunstige?|tegengehouden|geblokkeerd|blokkeer\w*|reject\w*|refus\w*|rejet\w*"
        ),
        end=_words(
            r"afgekeurd|keur(?:t|de|den) .{0,100}\baf|verworpen|verwierp\w*|geweigerd|weigerden?|afgewezen|tegengehouden|geblokkeerd|reject\w*|refus\w*|rejet\w*"
        ),
    ),
    _Axis(
        _words(r"centralis\w*|gecentraliseerd"),
        _words(r"decentralis\w*|gedecentraliseerd"),
    ),
)  # fmt: skip
# The words for more and for less, which figures can tell apart too.
DIRECTION = (_AXES[0].first, _AXES[0].second)
_NEGATED = re.compile(
    r"\b(?:niet(?: (?:meer|langer))?|geen|nooit|zonder|afstappen|stapp?(?:en|t) af van|einde aan|not|never|pas|plus)\W+(?:\w+\W+){0,2}$",
    _I,
)
_OPEN = re.compile(
    r"\b(?:waarom|vanwaar|hoe|hoeveel|hoelang|wat|welke?|wie|wiens|wanneer|waar\w*|leg|verklaar|noem|geef|why|how|what|which|who|when|where|explain|pourquoi|comment|combien|"
    r"quels?|quelles?|quand|qui|que|où)\b",
    _I,
)
_NEW = re.compile(
    r"\b(?:nieuwe?|bijkomende?|extra|aanvullende?|additional|new|nouve(?:au|aux|lles?))\s+(\w{4,})", _I
)
_HOW_MANY = re.compile(r"\b(?:hoeveel|combien|how many)\b", _I)
_WHETHER = re.compile(
    r"^\W*(?:en |maar )?(?:is|zijn|was|waren|werd|werden|wordt|worden|kan|kunnen|mag|mogen|moet|moeten|heeft|hebben|had|krijgt|krijgen|klopt|"
    r"bestaat|bestaan|blijft|blijven|gaat|gaan|komt|komen|zal|zullen|geldt|staat|does|do|did|are|were|has|have|can|must|will|est-ce|sont|y a-t-il)\b"
    r"|\bof (?:niet|juist|net|werd|is|principieel|definitief)\b|\bklopt (?:het|dat)\b|\bis het (?:waar|juist|zo)\b",
    _I,
)


def asks_whether(question: str) -> bool:
    """Whether a question is to be answered with yes or no, or is only a few words: then it takes nothing for granted."""
    return bool(_WHETHER.search(question)) or is_fragment(question)


def is_fragment(question: str) -> bool:
    """Whether a question has no word that asks: a few words, or a sentence that asks for yes or no."""
    return not _OPEN.search(question)


def opposite(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """The clause that says the opposite of what the question takes for granted, as a refusal that quotes its sentence.

    Of an end that is asked about, also where nothing on the subject speaks of one.
    """
    if asks_whether(query.text):
        return None
    codes = [term[5:] for term in query.exact if term.startswith("code:")]
    if codes:
        # Another article says nothing of the one that is named.
        evidence = [e for e in evidence if any(c in " ".join(e.passage.section) for c in codes)]
        citations = [c for c in citations if any(code in " ".join(c.section) for code in codes)]
    for axis, asked, other, disputed in _sides(query.text):
        if codes and axis is _AXES[0]:
            continue  # the table of the article tells more from less (`refuse_moves`)
        weights = subject(corpus, query, ends(disputed))
        everything = told(weights, citations, evidence)
        clauses = [t for t in everything if t.about >= _NOTHING_TOLD]
        same = [t for t in clauses if _says(asked, other, t.clause)]
        against = [t for t in clauses if t.about >= _ABOUT and _says(other, asked, t.clause)]
        if against and against[0].about >= (same[0].about if same else 0.0) + _AHEAD:
            return put_right(query, against[0])
        if axis.end and clauses and not any(_says(asked, other, t.sentence) for t in everything):
            said = message("not_said", query.reply_in, asked=disputed)
            return Refusal("false_premise", said, (clauses[0].citation,))
    return None


def none_new(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """The question names new things of a kind, and a clause on the subject says that there are none: `geen bijkomende instrumenten`.

    One that asks how many is answered by that clause.
    """
    new = _NEW.search(query.text)
    if (
        not new
        or _HOW_MANY.search(query.text)
        or asks_whether(query.text)
        or _NEGATED.search(query.text[: new.start()])
    ):
        return None
    none = re.compile(rf"\b(?:geen|no|aucune?)\b(?:\W+\w+){{0,2}}?\W+{re.escape(new[1])}\b", _I)
    weights = subject(corpus, query)
    for clause in told(weights, citations, evidence):
        if clause.about >= _TOUCHED and none.search(clause.clause):
            return put_right(query, clause)
    return None


def _sides(question: str) -> Iterator[tuple[_Axis, re.Pattern[str], re.Pattern[str], str]]:
    """Each axis of which a question names one side, that side, the other, and the words that name it."""
    for axis in _AXES:
        first, second = axis.first.search(question), (axis.end or axis.second).search(question)
        found = first or second
        if not found or (first and second) or _NEGATED.search(question[: found.start()]):
            continue
        if second:
            yield axis, axis.second, axis.first, found.group()
        elif not axis.end:
            yield axis, axis.first, axis.second, found.group()


def _says(side: re.Pattern[str], other: re.Pattern[str], clause: str) -> bool:
    """Whether a clause is of a side: in its own words, or by denying the other's."""
    return any(not _NEGATED.search(clause[: m.start()]) for m in side.finditer(clause)) or any(
        _NEGATED.search(clause[: m.start()]) for m in other.finditer(clause)
    )
