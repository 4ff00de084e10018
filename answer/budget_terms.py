"""The words of budget documents and of those who ask about them: phases, credits, rates, gaps, reallocations.

Dutch, French and English side by side, since people mix them. No word here belongs to one article.
"""

import re
from typing import Literal

from ingest.budget.records import Credit, Flow, Phase

Stage = Literal["begroot", "beschikbaar", "uitgevoerd"]

_I = re.IGNORECASE
# People name a phase by its letters (exact) or by what it is (a stage, which phase depends on the document).
EXACT: tuple[tuple[Phase | str, re.Pattern[str]], ...] = (
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
STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "begroot",
        re.compile(
            r"\b(?:v[oó][oó]r|zonder) (?:de |alle )?herverdeling(?:en)?\b|\bBA\b|\bbegroot\b|\bbegrote\b|\bbegrotingsaanpassing\b"
            r"|\baangepaste (?:begroting|krediet)\b|\bgeraamde?\b|\braming\b|\bvoorzien\b|\bverwachtt?e?\b|\braamden?\b|\b(?:dacht|hoopte)(?:en)? \w+ te \w+|\bgepland\b|\bgebudgetteerde?\b|\bingeschreven\b|\bprévue?s?\b|\bbudgétés?\b|\bestimée?s?\b|\battendue?s?\b|\binscrite?s?\b|\b(?:planned|estimated?|estimates|expected|forecast)\b|\bestimations?\b"
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
            r"\bBU\b|\buitgevoerde?\b|\b(?:begrotings)?uitvoering\b|\buitgegeven\b|\bbestee(?:d|t|dt|de)\b|\b(?:uit)?betaald(?:e)?\b|\buitgaven\b"
            r"|\bgerealiseerde?\b|\breali[sz]aties?\b|\bontvangen\b|\bontving(?:en)?\b|\bge[ïi]nd\b|\bopgebruikt\b|\baangewend\b|\bbenut\b|\bgespendeerd\b|\buitvoerden?\b|\buitgaf\b|\bga(?:f|ven)\b(?=[^?.;]*\buit\b)|\bkwam(?:en)?\b(?=[^?.;]*\bbinnen\b)|\bbinnen(?:gekomen|gehaald|kwam|kwamen)\b|\b(?:werkelijke?|effectieve|eigenlijke|reële) (?:ontvangst(?:en)?|uitgaven?|opbrengst(?:en)?)\b|\bexécutée?s?\b|\bdépensée?s?\b|\bspent\b"
            r"|\bexécution\b|\bexecut(?:ed|ion)\b|\bexpenditure\b|\bdépenses\b|\bréalisée?s?\b|\bencaissée?s?\b|\bperçue?s?\b|\brentrée?s?\b|\b(?:collected|received|realised|realized|came in)\b",
            _I,
        ),
    ),
)
# What also occurs outside budgets: these alone do not make a question one about a table.
LOOSE = re.compile(
    r"^(?:(?:uit)?betaald\w*|ontvangen|ontving(?:en)?|uitgegeven|bestee(?:d|t|dt|de)|uitgaven|voorzien|raming|geraamde?|gerealiseerde?"
    r"|verwacht\w*|(?:dacht|hoopte).*|gepland|ingeschreven|aangewend|gespendeerd|kwam(?:en)?|benut|uitvoerden?|uitgaf|ga(?:f|ven)|binnen\w+|estimée?s?|attendue?s?|inscrite?s?|planned|estimated"
    r"|expected|forecast|réalisée?s?|perçue?s?|rentrée?s?|collected|received|reali[sz]ed|came in)$",
    _I,
)
# What everyone says of anything: money only beside a code, an amount, or what came of it.
PLANS = re.compile(
    r"^(?:verwacht\w*|gepland|ingeschreven|benut|aangewend|planned|expected|forecast|attendue?s?|inscrite?s?)$",
    _I,
)
CREDITS: tuple[tuple[Credit, re.Pattern[str]], ...] = (
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
BUDGET = re.compile(
    r"\b(?:krediet\w*|budget\w*|dotatie\w*|BBT|crédits?|credits?)\b",
    _I,
)
CREDIT_ASKED = re.compile(r"\b(?:krediet(?:en)?|budget|dotatie|crédits?|credits?)\b", _I)
RATE = re.compile(
    r"\b(?:uitvoerings|realisatie|benuttings)(?:graad|percentage)\b|\bpercentage\b|\bprocent\b|%|\btaux\b|\bwelk (?:aan)?deel\b|\bquelle part\b|\bwhat (?:share|part|proportion)\b|\b(?:execution|implementation) rate\b",
    _I,
)
GAP = re.compile(
    r"\bverschil\b|\boverschot\b|\bonder(?:benut\w*|schrijding)\b|\boverschr\w+|\bover(?:gebleven|bleef|gehouden|schoot)\b"
    r"|\bbl(?:eef|even)\b(?=[^?.;:]*\bover\b)|\bschoot\b(?=[^?.;:]*\bover\b)|\bniet (?:gebruikt|opgebruikt|benut|besteed)\b|\bhoeveel (?:meer|minder|hoger|lager|groter|kleiner)\b|\bscheelt\b"
    r"|\bdifférence\b|\bdifference\b|\bécart\b|\bun(?:spent|used)\b|\bleft\b|\brest(?:é|ait|e|ée)s?\b|\b(?:non|pas) utilisée?s?\b"
    r"|\b(?:boven|onder) (?:het|de) (?:\w+ )?(?:krediet|budget|begroting|raming)\b",
    _I,
)
# Said of two articles without money, it asks what sets the measures apart.
# `Met hoeveel steeg het VAK door herverdelingen`: from before to after them, whatever moved.
SHIFT = re.compile(
    r"\b(?:steeg|stegen|daalden?|zakten?|gestegen|gedaald|toegenomen|afgenomen|verhoogd|verminderd|nam(?:en)?\b[^?.]*\b(?:toe|af)"
    r"|groeiden?|increased?|decreased?|augmenté|diminué)\b",
    _I,
)
LOOSE_GAP = re.compile(r"^(?:verschil|différence|difference|écart|left|rest\w+)$", _I)
TRANSFERS = re.compile(
    r"\b\w*herverdeling(?:en)?\b|\bherverdeeld\w*|\breallocaties?\b|\bpotjes?\b|\bnaartoe\b|\bnaar (?:welke|waar)\b|\buit welke?\b|\bvan welke?\b"
    r"|\b(?:weg|af)gehaald\b|\bovergeheveld\b|\bverschoven\b|\bverschuiving(?:en)?\b|\bwaar (?:komt|kwam|kwamen)\b|\bvandaan\b"
    r"|\bkwam(?:en)?\b.{0,30}\buit\b|\bvan\s+naar\b"
    r"|\b(?:from|to) which\b|\b(?:de|vers) quels? articles?\b|\bre(?:allocat|distribut)\w+\b|\bréallo\w+\b|\btransfer(?:red|s)?\b",
    _I,
)
OTHER = re.compile(
    r"\b(?:waarom|vanwaar|hoe (?:kan|kon|komt|kwam|komen|verklaar|zit (?:het|dat)(?! met))\b|leg\b.*\buit|verkla\w+|reden(?:en)?|oorzaak|waardoor|misgelopen|gebeurd"
    r"|wie(?! kreeg (?:het )?(?:meer|minder|meeste|minste))|waarvoor|waaraan|doel(?:en|groep)?|betekent"
    r"|definitie|programma'?s?|structuurelement\w*|ISE|beleidsdomein|beleidsveld|alle artikelen|welke artikelen"
    r"|wat (?:doet|houdt|bevat)|why|who|how come|explain\w*|what happened|pourquoi|qui|comment|expliqu\w+)\b",
    _I,
)
OTHER_THINGS = re.compile(
    r"\bwelke (?!krediet|bedrag|cijfer|uitgaven|ontvangsten|\w*herverdel|artikel|provisie|potje|budget|verschuiving|middelen)\w+",
    _I,
)
FLOWS: tuple[tuple[Flow, re.Pattern[str]], ...] = (
    ("uitgave", re.compile(r"\b(?:VAK|VEK)\b|\bkrediet", _I)),  # `ontving meer krediet` is no receipt
    ("ontvangst", re.compile(r"\bontv\w+|\bgeïnd\b|\binkomsten\b", _I)),
    ("uitgave", re.compile(r"\buitgave\w*|\buitgegeven\b", _I)),
)
FILLER = re.compile(
    r"\b(?:hoev[ea]{1,3}l|geld|middelen|bedrag(?:en)?|bedroeg(?:en)?|bedraagt|k?euros?|€|miljoen|mio|duizend|jaar|begrotingsjaar|begroting|(?:begrotings|ontvangsten|uitgaven)?artikel(?:en)?"
    r"|cijfers?|figuur|kost(?:te|ten|tten)?|volgens|zat(?:en)?|krijgen|hoog|groot|totaal|totale|exact|precies|juist|geef|toon|klopt|waar|vlaamse?|vlaanderen|weten|graag|vergelijk\w*|verhouding|t\.?o\.?v\.?"
    r"|tegenover|uiteindelijk\w*|werkelijk\w*|effectief|effectieve|kreeg|krijgt|kregen|ging(?:en)?|gegaan|kwam(?:en)?|komt|was|stond(?:en)?|lag(?:en)?|combien|quel(?:le)?s?|était|pour|été"
    r"|en|a|et|de|du|la|le|les|l|d|entre|crédits?|credits?|between|and|of|was|is|were|did|get|there|at|articles?|which|money|argent|reçu|stand|tabel|maatregel|instrument|post|exécution|budget|how|much|the|what|for|on|in|toegekend\w*"
    r"|nog|maar|alle|steeg|daalde|gestegen|gedaald|toegenomen|afgenomen|nam|toe|af|tussendoor|wijziging(?:en)?|bijsturing(?:en)?|hoofdtabel|wse|werden|werd|vd|binnen|over|uit|tussen|ses|leurs)\b",
    _I,
)
