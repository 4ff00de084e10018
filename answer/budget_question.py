"""What a budget question asks: phases, credits, years, amounts, and the words that are left for the article.

Knows the vocabulary of budget documents, no article. What stays in `words` after the article is found was not
understood, and tells that the question is about something else than a figure of a table.
"""

import re
from dataclasses import dataclass
from typing import Literal

from answer.budget_asked import (
    Verdict,
    amount_asked,
    between_credits,
    between_two,
    sum_asked,
    verdict_asked,
    without_sum,
    without_verdict,
)
from answer.figures import Number, numbers
from ingest.analysis import content_words, stems
from ingest.budget.codes import CodeMention, mentions
from ingest.budget.records import Credit, Flow, Phase

Stage = Literal["begroot", "beschikbaar", "uitgevoerd"]

_I = re.IGNORECASE
# People name a phase by its letters (exact) or by what it is (a stage, which phase depends on the document).
_EXACT: tuple[tuple[Phase | str, re.Pattern[str]], ...] = (
    ("BA-JR", re.compile(r"\b(?:(?P<n>[123])[ea]?\s?)?BA[-\s]?JR\b|\bJR\b", _I)),
    (
        "BA",
        re.compile(r"\b(?P<n>[123])[ea]\s?(?:BA\b|(?:begrotings)?aanpassing\b)|\bBA\s?(?P<m>[123])\b", _I),
    ),
    (
        "BO",
        re.compile(
            r"\bBO\b|\bbegrotingsopmaak\b|\bbij (?:de )?opmaak\b|\b(?:initi[eë]le|oorspronkelijke) (?:begroting|krediet)\b"
            r"|\b(?:budget|crédit) initial\b|\b(?:initial|original) (?:budget|credit)\b"
        ),
    ),
)
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "begroot",
        re.compile(
            r"\b(?:v[oó][oó]r|zonder) (?:de |alle )?herverdeling(?:en)?\b|\bBA\b|\bbegroot\b|\bbegrote\b|\bbegrotingsaanpassing\b"
            r"|\baangepaste (?:begroting|krediet)\b|\bgeraamde?\b|\braming\b|\bvoorzien\b|\bprévue?s?\b|\bbudgétés?\b"
            r"|\b(?:avant|before) (?:the )?(?:redistribution|réallocation|reallocation)s?\b|\bbudgeted\b|\bbudget ajusté\b"
            r"|\bajustement budgétaire\b|\badjusted budget\b|\bbudget adjustment\b",
            _I,
        ),
    ),
    (
        "beschikbaar",
        re.compile(
            r"\bna (?:\w+ ){0,3}(?:herverdeling(?:en)?|bijsturing(?:en)?|verschuiving(?:en)?)\b|\bbeschikba(?:ar|re)\b"
            r"|\beindkrediet\b|\bdisponibles?\b|\bavailable\b"
            r"|\b(?:après|after) (?:les |la |the )?(?:redistribution|réallocation|reallocation)s?\b",
            _I,
        ),
    ),
    (
        "uitgevoerd",
        re.compile(
            r"\bBU\b|\buitgevoerde?\b|\b(?:begrotings)?uitvoering\b|\buitgegeven\b|\bbesteed(?:e)?\b|\b(?:uit)?betaald(?:e)?\b|\buitgaven\b"
            r"|\bgerealiseerde?\b|\breali[sz]aties?\b|\bontvangen\b|\bontving(?:en)?\b|\bgeïnd\b|\bopgebruikt\b|\bexécutée?s?\b|\bdépensée?s?\b|\bspent\b"
            r"|\bexécution\b|\bexecut(?:ed|ion)\b|\bexpenditure\b|\bdépenses\b",
            _I,
        ),
    ),
)
# What also occurs outside budgets: these alone do not make a question one about a table.
_LOOSE = re.compile(
    r"^(?:(?:uit)?betaald\w*|ontvangen|ontving(?:en)?|uitgegeven|besteed\w*|uitgaven|voorzien|raming|geraamde?|gerealiseerde?)$",
    _I,
)
_CREDITS: tuple[tuple[Credit, re.Pattern[str]], ...] = (
    (
        "VAK",
        re.compile(
            r"\bVAK\w*\b|\bvastlegging\w*|\bbeleidskrediet\w*|\bcrédits? d['’]engagement\b|\bcommitment (?:credit|appropriation|and payment)s?\b",
            _I,
        ),
    ),
    (
        "VEK",
        re.compile(
            r"\bVEK\w*\b|\bbetaal(?:krediet\w*|kant)|\bbetalingskrediet\w*|\bvereffening\w*|\bcrédits? de (?:liquidation|paiement)\b"
            r"|\bcrédits? d['’]ordonnancement\b|\bpayment (?:credit|appropriation)s?\b",
            _I,
        ),
    ),
    ("AO", re.compile(r"\bAO\b|\balgemene ontvangst(?:en)?\b")),
    ("TO", re.compile(r"\bTO\b|\btoegewezen ontvangst(?:en)?\b")),
    ("LO", re.compile(r"\bLO\b|\blenings?ontvangst(?:en)?\b")),
)
_BUDGET = re.compile(
    r"\b(?:krediet\w*|budget\w*|dotatie\w*|BBT|crédits?|credits?)\b",
    _I,
)
_CREDIT_ASKED = re.compile(r"\b(?:krediet(?:en)?|budget|dotatie|crédits?|credits?)\b", _I)
_RATE = re.compile(
    r"\b(?:uitvoerings|realisatie|benuttings)(?:graad|percentage)\b|\bpercentage\b|\bprocent\b|%|\btaux\b|\b(?:execution|implementation) rate\b",
    _I,
)
_GAP = re.compile(
    r"\bverschil\b|\boverschot\b|\bonder(?:benut\w*|schrijding)\b|\boverschr\w+|\bover(?:gebleven|bleef|gehouden|schoot)\b"
    r"|\bbl(?:eef|even) (?:er )?over\b|\bniet (?:gebruikt|opgebruikt|benut|besteed)\b|\bhoeveel (?:meer|minder|hoger|lager|groter|kleiner)\b|\bscheelt\b"
    r"|\bdifférence\b|\bdifference\b|\bécart\b|\bun(?:spent|used)\b|\b(?:non|pas) utilisée?s?\b"
    r"|\b(?:boven|onder) (?:het|de) (?:\w+ )?(?:krediet|budget|begroting|raming)\b",
    _I,
)
# Said of two articles without money, it asks what sets the measures apart.
_LOOSE_GAP = re.compile(r"^(?:verschil|différence|difference|écart)$", _I)
_TRANSFERS = re.compile(
    r"\b\w*herverdeling(?:en)?\b|\bherverdeeld\w*|\breallocaties?\b|\bpotjes?\b|\bnaartoe\b|\bnaar (?:welke|waar)\b|\buit welke?\b|\bvan welke?\b"
    r"|\b(?:weg|af)gehaald\b|\bovergeheveld\b|\bverschoven\b|\bverschuiving(?:en)?\b|\bwaar (?:komt|kwam|kwamen)\b|\bvandaan\b"
    r"|\bkwam(?:en)?\b.{0,30}\buit\b|\bvan\s+naar\b"
    r"|\b(?:from|to) which\b|\b(?:de|vers) quels? articles?\b|\bre(?:allocat|distribut)\w+\b|\bréallo\w+\b|\btransfer(?:red|s)?\b",
    _I,
)
_OTHER = re.compile(
    r"\b(?:waarom|vanwaar|hoe (?:kan|komt|komen|verklaar)\b|leg\b.*\buit|verkla\w+|reden(?:en)?|wie|waarvoor|waaraan|doel(?:en|groep)?|betekent"
    r"|definitie|welke maatregel\w*|welke acties|programma'?s?|structuurelement\w*|ISE|beleidsdomein|beleidsveld|alle artikelen|welke artikelen"
    r"|wat (?:doet|houdt|bevat)|why|who|pourquoi|qui)\b"
    r"|\bwelke (?!krediet|bedrag|cijfer|uitgaven|ontvangsten|\w*herverdel|artikel|provisie|potje|budget|verschuiving|middelen)\w+",
    _I,
)
_FLOWS: tuple[tuple[Flow, re.Pattern[str]], ...] = (
    ("ontvangst", re.compile(r"\bontv\w+|\bgeïnd\b|\binkomsten\b", _I)),
    ("uitgave", re.compile(r"\buitgave\w*|\buitgegeven\b|\bVAK\b|\bVEK\b|\bkrediet", _I)),
)
_FILLER = re.compile(
    r"\b(?:hoeveel|geld|bedrag(?:en)?|bedroeg(?:en)?|bedraagt|k?euros?|€|miljoen|mio|duizend|jaar|begrotingsjaar|begroting|(?:begrotings|ontvangsten|uitgaven)?artikel(?:en)?"
    r"|cijfers?|figuur|kost(?:te|ten)?|zat(?:en)?|krijgen|hoog|groot|totaal|totale|exact|precies|juist|geef|toon|klopt|waar|vlaamse|vlaanderen|weten|graag|vergelijk\w*|verhouding|t\.?o\.?v\.?"
    r"|tegenover|uiteindelijk\w*|werkelijk\w*|effectief|effectieve|kreeg|krijgt|kregen|ging(?:en)?|gegaan|kwam(?:en)?|komt|was|stond(?:en)?|lag(?:en)?|combien|quel(?:le)?s?|était|pour|été"
    r"|en|a|et|de|du|la|le|les|l|d|entre|crédits?|credits?|between|and|of|was|is|were|did|get|there|at|articles?|which|money|argent|reçu|stand|tabel|maatregel|instrument|post|exécution|budget|how|much|the|what|for|on|in|toegekend\w*"
    r"|nog|maar|alle|steeg|daalde|gestegen|gedaald|toegenomen|afgenomen|nam|toe|af|tussendoor|wijziging(?:en)?|bijsturing(?:en)?|hoofdtabel|wse|werden|werd)\b",
    _I,
)
# Titles of receipts open with it; said or not, `flow` tells.
RECEIPTS = frozenset(stems(["ontvangsten"]))
_ANCHOR = "0"  # a content word of its own: without one `content_words` would keep the function words


@dataclass(frozen=True, slots=True)
class BudgetQuestion:
    """A question as the ledger sees it.

    `exact` holds phases asked by their letters (`BA` and `BA-JR` without a number mean any of them).
    `words` are the stems that are no budget vocabulary. `firm` says that the question names a credit, a phase
    or a budget; without it every word must be understood. `beyond` says that it asks for what no table gives:
    a reason, a person, a meaning, a programme. `strict` says that only its kind makes it one of figures, so
    that every word must be understood. `total` asks for a sum, `credits_compared` for VAK against VEK,
    `between` for one article against another.
    """

    text: str
    codes: tuple[CodeMention, ...]
    exact: tuple[str, ...]
    stages: tuple[Stage, ...]
    credits: tuple[Credit, ...]
    years: tuple[int, ...]
    amounts: tuple[Number, ...]
    flow: Flow | None
    words: frozenset[str]
    firm: bool
    beyond: bool
    transfers: bool
    rate: bool
    gap: bool
    total: bool
    credits_compared: bool
    verdict: Verdict | None
    between: bool
    strict: bool


def read_question(text: str, known: frozenset[str], aliases: dict[str, str]) -> BudgetQuestion | None:
    """What a question asks of the tables; None when it has nothing to do with them, or counts things.

    `known` are the whole codes that exist, `aliases` what short names stand for.
    """
    codes = tuple(mentions(text, known))
    plain = _spelled_out(_without(text, codes), aliases)
    beyond = bool(_OTHER.search(plain))
    exact, rest = _exact(plain)
    stages = tuple(name for name, pattern in _STAGES if pattern.search(rest))
    told = [m.group() for _, pattern in _STAGES for m in pattern.finditer(rest)]
    asked = tuple(name for name, pattern in _CREDITS if pattern.search(plain))
    transfers = bool(_TRANSFERS.search(_STAGES[1][1].sub(" ", _STAGES[0][1].sub(" ", plain))))
    rate, gap = bool(_RATE.search(_amountless(plain))), bool(_GAP.search(plain))
    if (
        "beschikbaar" not in stages
        and not exact
        and stages == ("uitgevoerd",)
        and _CREDIT_ASKED.search(plain)
    ):
        stages = ("beschikbaar", "uitgevoerd")
    verdict, total = verdict_asked(plain), sum_asked(plain)
    money = exact or asked or rate or _BUDGET.search(plain) or any(not _LOOSE.match(t) for t in told)
    spoken = bool(codes or stages or amount_asked(plain))
    gap_said = any(spoken or not _LOOSE_GAP.match(m.group()) for m in _GAP.finditer(plain))
    firm = bool(money or gap_said)
    flow = next((name for name, pattern in _FLOWS if pattern.search(plain)), None)
    left = without_sum(plain) if total else plain
    words = unexplained(without_verdict(left) if verdict else left) - RECEIPTS
    counted = re.search(r"\bhoeveel\s+([^\W\d_][\w'’-]+)", plain, _I)
    if counted and not counted[1].isupper() and set(stems(content_words(counted[1]))) & words:
        return None
    if not (firm or stages or transfers or total or (codes and amount_asked(plain))):
        return None
    return BudgetQuestion(
        text,
        codes,
        exact,
        stages,
        asked,
        tuple(sorted({int(n.value) for n in numbers(plain) if n.is_year})),
        tuple(n for n in numbers(_without(text, codes)) if _is_amount(n)),
        flow,
        words | RECEIPTS if flow == "ontvangst" else words,
        firm,
        beyond,
        transfers,
        rate,
        gap,
        total,
        between_credits(plain),
        verdict,
        between_two(plain) and ("uitgevoerd" not in stages or len(stages) == 1),
        verdict in ("full", "which"),
    )


def _without(text: str, codes: tuple[CodeMention, ...]) -> str:
    """The text with its codes blanked, so that every other place stays where it is."""
    for code in codes:
        text = text[: code.start] + " " * (code.end - code.start) + text[code.end :]
    return text


def _spelled_out(text: str, aliases: dict[str, str]) -> str:
    for short, long in aliases.items():
        text = re.sub(rf"(?<!\w){short}(?!\w)", long, text, flags=_I)
    return text


def _exact(text: str) -> tuple[tuple[str, ...], str]:
    """The phases named by letters, and the text without them."""
    found: list[str] = []
    for phase, pattern in _EXACT:
        for match in pattern.finditer(text):
            number = next((v for v in match.groupdict().values() if v), None)
            found.append(f"{number}e {phase}" if number else str(phase))
        text = pattern.sub(" ", text)
    return tuple(dict.fromkeys(found)), text


def _amountless(text: str) -> str:
    """The text without its numbers: `91 %` in a question is a premise, no request for a percentage."""
    for number in reversed(list(numbers(text))):
        text = text[: number.start] + text[number.end :]
    return text


def unexplained(text: str) -> frozenset[str]:
    """The stems of what is neither budget vocabulary nor a bare number; titles such as `2014-2020` keep theirs."""
    rest = _amountless(text)
    vocabulary = [pattern for _, pattern in (*_EXACT, *_STAGES, *_CREDITS)]
    for pattern in (*vocabulary, _BUDGET, _RATE, _GAP, _TRANSFERS, _FILLER):
        rest = pattern.sub(" ", rest)
    return frozenset(stems(content_words(f"{_ANCHOR} {rest}"))) - {_ANCHOR}


def _is_amount(number: Number) -> bool:
    return number.scale is not None and number.value != 0
