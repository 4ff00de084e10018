"""What is refused whatever the corpus holds: orders to the assistant, opinions and predictions, other subjects.

Patterns in Dutch, French and English. Each asks for two signs at once where one would also fit a question about
policy (`schrijf` and `gedicht`, `gaat` and `halen` and `tegen 2030`), since a question refused here is never looked at.
"""

import base64
import binascii
import re

from answer.records import Refusal
from prompts.messages import message
from retrieval.language import language

_I = re.IGNORECASE | re.DOTALL

_RULES = r"(?:instructies?|opdrachten?|regels|richtlijnen|beperkingen|instructions?|rules|guidelines|restrictions|consignes|règles)"
_WORKS = (
    r"(?:tweets?|gedicht(?:je|en)?|rijm(?:pje)?|limerick|haiku|sonnet|lied(?:je)?|songtekst|rap|speech|toespraak|redevoering|"
    r"mop(?:je)?|grap(?:je)?|raadsel|sprookje|verhaaltje|kort verhaal|slogan|persbericht|blog(?:post)?|opiniestuk|column|"
    r"sollicitatiebrief|motivatiebrief|liefdesbrief|linkedin-?post|facebook-?(?:post|bericht)|essay|poems?|jokes?|lyrics|song|"
    r"press release|cover letter|po[eè]me|chanson|blague|discours|communiqué de presse|"
    r"(?:python|javascript|java|sql|bash|php|excel)(?:[\s-]?(?:code|script|query|functie|macro|function))?|computerprogramma|script)"
)
_HELD = r"(?:documenten|bestanden|bronnen|databank|database|corpus|geschiedenis|gesprek(?:ken)?|chat|antwoord(?:en)?|bericht(?:en)?|documents?|files?|database|history|conversation|fichiers?|historique|réponses?)"
_INSTRUCTION = tuple(
    re.compile(pattern, _I)
    for pattern in (
        # away with the rules
        rf"\b(?:negeer|vergeet|omzeil|overtreed|ignore|disregard|forget|bypass|override|oublie[zr]?|ignore[zr]?)\b[^.?!]{{0,60}}\b{_RULES}\b",
        rf"\b(?:houd|hou)\b[^.?!]{{0,20}}\bgeen rekening met\b[^.?!]{{0,30}}\b(?:je|jouw|uw|vorige|eerdere)\b[^.?!]{{0,20}}\b{_RULES}\b",
        rf"(?<!\bde )\b(?:nieuwe|new|nouvelles?)\s+{_RULES}\s*:",
        # what the assistant was told
        r"\b(?:systeem|system)[\s-]?(?:prompt|bericht|message|instructie|instruction)\w*|\bjailbreak\w*|\bdeveloper mode\b|\bontwikkelaarsmodus\b",
        rf"\b(?:toon|geef|onthul|herhaal|print|reveal|show|repeat|wat zijn|welke zijn|what are|quelles sont|montre[zr]?|répète[zr]?)\b[^.?!]{{0,40}}"
        rf"\b(?:je|jouw|uw|your|tes|vos)\b[^.?!]{{0,25}}\b(?:prompt|{_RULES})\b",
        r"\b(?:herhaal|kopieer|print|repeat|répète[zr]?)\b[^.?!]{0,30}\b(?:hierboven|bovenstaande|above|ci-dessus|na mij|after me|woord voor woord)\b",
        r"<\|\w+\|>|\[/?INST\]|</?(?:system|instructions?|assistant)>|^\s*(?:system|assistant)\s*:",
        rf"\b{_RULES}\b[^.?!]{{0,20}}\b(?:die|waaraan|waarmee|welke|hebben|heeft|kreeg)\b[^.?!]{{0,25}}\b(?:je|jij|jou|jouw|u)\b[^.?!]{{0,40}}\b(?:gekregen|opgelegd\w*|meegekregen|meegegeven|ingesteld)\b",
        rf"\b{_RULES}\b[^.?!]{{0,15}}\b(?:you (?:were|have been|are) (?:given|told|following)|que (?:tu as|vous avez) reçue?s)\b",
        # what the answer is to say
        r"(?:^|[.,;:!?]\s*|\b(?:en|and|et) )(?:en |dan |please )?(?:zeg|schrijf|voeg|meld|antwoord|beweer|bevestig|verklaar|vermeld|zet|say|write|state|claim|confirm|dis|écris|affirme)\b(?:\s+(?:gewoon|maar|eens|even|nu|in je|in uw|in het|antwoord|altijd|er|aan|eraan|erbij|toe|ook|bij|just|simply|in your|answer|that|simplement))*\s+(?:dat|that|que)\b",
        r"\b(?:antwoord|answer|réponds|répondez)\b[^.?!]{0,12}\b(?:enkel|alleen|uitsluitend|slechts|gewoon|only|just|seulement)\b[^.?!]{0,8}\b(?:met|with|par)\W+(?:ja|nee|yes|no|oui|non)\b(?!\W+(?:of|or|ou)\b)",
        # that the rules do not hold, or how it was set up
        rf"\b{_RULES}\b[^.?!]{{0,12}}\b(?:gelden|zijn)\b[^.?!]{{0,12}}\b(?:niet (?:meer|langer)|opgeheven|ingetrokken)\b[^.?!]{{0,40}}[.;:]|\b{_RULES} no longer (?:apply|hold)\b",
        r"\b(?:je|jouw|uw|your|tes|vos)\s+(?:\w+\s+)?\w*(?:instellingen|configuratie|settings|configuration|paramètres)\b",
        r"\b(?:beloof|garandeer|schenk|geef|betaal|promise|promets)\s+(?:me|mij|ons|us|-moi)\s+(?:dat\b|een (?:premie|subsidie|bonus|job|uitkering)|\w* ?\d)",
        r"\b(?:vanaf|from) (?:nu|now)(?: on)?\b[^.?!]{0,25}\b(?:antwoord|zeg|spreek|praat|ben|bent|answer|speak)\b|\b(?:antwoord|zeg|spreek)\b[^.?!]{0,12}\b(?:vanaf nu|voortaan)\b",
        # another role
        r"\b(?:doe (?:maar |eens )?(?:alsof|of je)|gedraag je|je bent (?:vanaf nu|nu|voortaan)|vanaf nu ben je|jij bent (?:vanaf nu|nu|voortaan)|stel je voor dat je|"
        r"speel (?:de|een) rol|in de huid van|you are now|from now on you|act as|pretend (?:to|that|you)|role-?play|"
        r"tu es (?:maintenant|désormais)|vous êtes (?:maintenant|désormais)|fais comme si|faites comme si|comporte-toi)\b",
        r"\b(?:antwoord|praat|spreek|schrijf|answer|speak|talk|réponds|parle)\b[^.?!]{0,25}\b(?:als een|zoals een|in de stijl van|like an?|comme un)\b",
        # a text of another kind
        rf"\b(?:schrijf|schrijven|maak|bedenk|bedenken|verzin|verzinnen|componeer|genereer|vertel|geef|programmeer|write|compose|draft|generate|tell|"
        rf"écris|écrivez|rédige[zr]?|invente[zr]?|raconte[zr]?)\b\s+(?:[^\s.?!]+\s+){{0,4}}{_WORKS}\b",
        r"\b(?:verzin|fantaseer|invent|make up|invente[zr]?)\s+(?:zelf|gerust|maar|een|wat|de|some|an?|the|un|une|des)\b",
        rf"\b(?:kan|kun|wil|zou) (?:je|jij|u)\b[^.?!]{{0,30}}\b{_WORKS}\b[^.?!]{{0,60}}\b(?:maken|schrijven|bedenken|verzinnen|vertellen)\b",
        # an act: nothing is deleted, changed, sent or published here
        rf"(?:^|[.!?;:]\s*|\b(?:en|and|et|please|gelieve)\s+)(?:wis|verwijder|schrap|delete|erase|remove|wipe|overschrijf|supprime[zr]?|efface[zr]?)\s+(?:[^\s.?!]+\s+){{0,5}}{_HELD}\b",
        r"(?:(?:^|[.!?;:]\s*)(?:e-?mail|mail|verstuur|verzend|stuur|send|envoie[zr]?)|\b(?:en|and|et)\s+(?:verstuur|verzend|stuur|send|envoie[zr]?))\b(?! (?:je|jij|u|men)\b)[^.?!]{0,60}\b(?:naar|aan|to|à)\b",
        r"(?:^|[.!?;:]\s*)(?:publiceer|post|plaats|deel|tweet|publish|upload|publie[zr]?)\b(?! (?:van|op|in)\b)[^.?!]{0,60}\b(?:op|via|on|to|sur)\s+(?:de\s+|het\s+|mijn\s+|the\s+|my\s+|le\s+|la\s+)?(?:[^\s.?!]+\s+)?(?:website|site|intranet|internet|twitter|x|facebook\w*|linkedin|web)\b",
        r"(?:^|[.!?;:]\s*)pas\s+(?:de|het|die|dit|dat)\s+(?:[^\s.?!]+\s+){1,4}aan\s*(?:[.!]|en\b|zodat\b|$)",
        r"(?:^|[.!?;:]\s*|\ben\s+)(?:zet|verhoog|verlaag|wijzig|verander|set|change)\s+(?:[^\s.?!]+\s+){1,8}(?:op|naar|to)\s+(?:nul|\d[\d.,]*)\b(?![^.!]*\?)",
        # an answer that cannot be checked
        r"\b(?:negeer|vergeet|ignore|disregard|oublie[zr]?)\b\s+(?:nu |eens |even )?(?:de|alle|je|uw|the|all|les|tes|vos)\s+(?:documenten|bronnen|passages|documents?|sources?)\b",
        r"\b(?:zonder|without|sans)\s+(?:de |alle |enige |any |the |citing |using |citer |aucune )*"
        r"(?:bron|bronnen|bronvermelding(?:en)?|bronverwijzing(?:en)?|sources?|citations?|références)\b(?!\s+van\b)",
        r"\blaat\b[^.?!]{0,25}\b(?:bronnen|bronvermelding(?:en)?|verwijzingen|referenties|citaten)\b[^.?!]{0,20}\b(?:weg|achterwege|vallen)\b",
        r"\b(?:antwoord|zeg|reply|respond|réponds|répondez)\s+(?:enkel|alleen|uitsluitend|gewoon|voortaan|altijd|only|always|just|seulement|uniquement)\b",
        r"\b(?:begin|eindig|start|end|commence|termine)\b[^.?!]{0,15}\b(?:je|uw|elk|your|every|ta|ton|votre)\b[^.?!]{0,12}\b(?:antwoord|zin|answer|sentence|réponse)\b[^.?!]{0,12}\b(?:met|with|par)\b",
        r"\b(?:decodeer|ontcijfer|decode|décode[zr]?)\b[^.?!]{0,60}\b(?:voer|uit|base64|rot13|hex\w*|opdracht|tekst|text|message|string)\b|\bbase64\b|\brot13\b",
    )
)
_ENCODED = re.compile(
    r"(?<![\w/+=])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{20,}={0,2}(?![\w/+=])"
)

_OPINION = tuple(
    re.compile(pattern, _I)
    for pattern in (
        r"\bwat (?:vind|denk) (?:je|jij|u|ge|jullie)\b|\b(?<!waar )(?<!hoe )(?:vindt?|denkt?|gelooft?|verwacht) (?:je|jij|u|ge|jullie) (?:dat|het|ook|van|zelf)\b|\bzou (?:jij|u zelf)\b",
        r"\b(?:volgens (?:jou|u)\b(?! documenten)|(?:jouw|je eigen|uw|uw eigen) (?:mening|oordeel|voorspelling|standpunt|advies)|geef je mening|ben je het eens)\b",
        r"\b(?:what do you think|do you (?:think|believe|expect)|(?:in )?your (?:own )?opinion|que pens(?:es-tu|ez-vous)|penses-tu|pensez-vous|"
        r"(?:à|selon) (?:ton|votre) avis|(?:ton|votre) (?:avis|opinion))\b",
        # whom to vote for
        r"\b(?:stemadvies|ga je stemmen|(?:op|voor) wie (?:stem|moet ik|zou (?:ik|jij))|welke partij\b[^.?!]{0,40}\b(?:stem\w*|kies|kiezen|beste?)|stem ik\b[^.?!]{0,20}\bbest|"
        r"who(?:m)? should i vote|which party should|pour qui (?:dois-je )?voter|pour quel parti)\b",
        # a judgement of persons or parties
        r"\b(?:beste|betere|slechtste|slechtere|slimste|bekwaamste|populairste|sympathiekste|best|better|worst|meilleure?|pire)\s+"
        r"(?:\w+\s+)?(?:minister|ministre|politicus|politica|politici|partij|premier|kandidaat|regering|politician|party|candidate)\b",
        r"\bwie (?:is|was|vond je|deed het|doet het) (?:de |het )?(?:beste?r?|betere|slecht\w*)\b(?!\s+geplaatst)",
        r"(?:^|[.?!,]\s*)(?:is|was|vindt u|vind je)\s+(?:het|dat|dit)\s+(?:\w+\s+){0,2}(?:schandalig|eerlijk|oneerlijk|normaal|onrechtvaardig|rechtvaardig|belachelijk|schande|terecht|onterecht|zinvol|slim|dom|wijs|goed idee|slecht idee)\b",
        r"\b(?:isn't it|is it (?:not )?)\s*(?:a )?(?:fair|unfair|scandal\w*|shame|ridiculous|right|wrong)\b|\b(?:n'est-ce pas|est-ce) (?:\w+ )?(?:juste|injuste|scandaleux|honteux|normal)\b",
        r"^\W*(?:is|zijn|was|waren|vormt|vormen)\s+(?:[^\s.?!,]+\s+){1,8}(?:een\s+)?(?:(?:goede?|slechte?|slimme?|domme?|verstandige?|eerlijke?|nuttige?|zinvolle?)\s+(?:maatregel\w*|idee|ideeën|beleid|beslissing\w*|zaak|keuzes?|plan\w*|systeem|voorstel\w*)"
        r"|(?:eerlijk|oneerlijk|zinvol|zinloos|slim|dom|terecht|onterecht|belachelijk|schandalig|onrechtvaardig|weggegooid geld|geldverspilling))\s*\?*$",
        r"^\W*(?:doet|doen|deed|deden|presteer\w*|werkt|bestuurt)\s+(?:[^\s.?!,]+\s+){1,5}(?:het\s+)?(?:beter|slechter)\s+(?:dan|als)\b[^.?!]*\b(?:minister\w*|premier|partij\w*|regering|voorgang\w*|opvolg\w*)\b",
        # a matter of taste
        r"\b(?:mooist|lelijkst|leukst|lekkerst|gezelligst|spannendst|sympathiekst|grappigst|saaist|stomst)e?\b|\b(?:most beautiful|ugliest|nicest|funniest|plus (?:beaux?|belles?|jolie?s?|laide?s?))\b",
        # advice in a reader's own case
        r"^\W*(?:moet|zou|ga|kies|neem|koop)\s+ik\b[^.?!]{0,60}\b(?:beter|liever|best)\b|\b(?:loont het|is het (?:verstandig|slim|interessant)(?:er)?)\b[^.?!]{0,30}\b(?:de moeite|om|nu)\b[^.?!]{0,40}\b(?:ik|mijn|mij|me)\b",
        r"\b(?:geef|heb je|hebt u|give|donne[zr]?)\b[^.?!]{0,15}\b(?:tips?|raad|advice|conseils?)\b",
        r"\b(?:opleiding|job|beroep|studie|cursus|baan|premie|school)\b[^.?!]{0,20}\b(?:past|passen|is|zou)\b[^.?!]{0,12}\bbest(?:e)?\b[^.?!]{0,12}\b(?:bij|voor) mij\b",
        r"\b(?:win|verlies|maak|heb|sta) ik\b[^.?!]{0,60}\b(?:\w*rechtbank|rechter|proces|rechtszaak|beroep|kans(?! op werk)|sterk|gelijk)\b|\b(?:\w*rechtbank|rechter|proces|rechtszaak)\b[^.?!]{0,40}\b(?:win|verlies) ik\b",
        r"\b(?:moet|zou|kan|mag|zal) ik\b[^.?!]{0,40}\b(?:advocaat|dagvaarden|aanklagen|naar de rechtbank|schadevergoeding|ontslag nemen|investeren|beleggen|scheiden)\b",
        r"\b(?:wat|welke? \w+|welke? (?:\w+ ){1,2})\s*(?:raad je|raadt u|zou je|zou u|moet ik|past|passen|kies ik|moet ik best|is voor mij)\b[^.?!]{0,30}\b(?:mij|me aan|aan|kiezen|doen|best)\b(?=[^.?!]*$)(?<!inschrijven)",
        r"\b(?:belastingen?|income tax|impôts?|taxes?)\b[^.?!]{0,40}\b(?:ik|I|je|will I|je vais)\b[^.?!]{0,30}\b(?:betalen|betaal|pay|payer|moet)\b|\bhow much (?:income )?tax\b[^.?!]{0,20}\bI\b",
        # what is to come
        r"\b(?:zal|zullen|gaat|gaan|will)\b[^.?!]{0,60}\b(?:ooit|aflopen|evolueren|ever|uitdraaien)\b|\bhoe (?:zal|gaat)\b[^.?!]{0,60}\b(?:aflopen|eindigen|uitdraaien)\b",
        r"\bwie (?:gaat|zal|wint|wordt|worden)\b[^.?!]{0,30}\bverkiezing\w*|\bwho will win\b|\bqui (?:va|gagnera)\b[^.?!]{0,20}\bélections?\b",
        r"\b(?:voorspel|predict|prédis|prédisez)\b",
        r"(?:^|[.?!,]\s+)(?:gaat|gaan|zal|zullen|will)\s+(?!er\b)(?:[^\s.?!]+\s+){1,8}(?:lukken|halen|bereiken|waarmaken|winnen|verliezen|slagen|reach|achieve|win|succeed)\b"
        r"(?:[^.?!]{0,20}\b(?:tegen|in|by|before|vóór|voor)\s+(?:het jaar\s+)?20\d\d\b|[^.?!]{0,30}\?)",
    )
)
_OUTSIDE = tuple(
    re.compile(pattern, _I)
    for pattern in (
        # kitchen, weather, sport, games
        r"\brecept(?:en)?\s+(?:voor|van)\s+(?:een\s+|de\s+)?(?!geneesm)\w*(?:taart|soep|saus|koek\w*|brood|pannenkoek\w*|stoofvlees|spaghetti|lasagne|wafels?|mousse|salade|curry)|\brecipe for\b|\brecette (?:de|du|pour)\b",
        r"\bhoe (?:bak|kook|braad|bereid)(?:t|en)?\s+(?:ik|je|men)\b(?! (?:zich|me|mij|je)\b)",
        r"\b(?:weersvoorspelling|weerbericht|weather (?:forecast|in|today|tomorrow)|météo)\b|\b(?:wat|welk|hoe) (?:wordt|is|voor) (?:het )?weer\b(?=[^.?!]{0,30}\b(?:vandaag|morgen|weekend|in|te)\b)"
        r"|\bgaat het (?:morgen|vandaag)?\s*(?:regenen|sneeuwen)\b",
        r"\b(?:wereldbeker|wereldkampioen|champions league|premier league|jupiler pro league|ronde van frankrijk|tour de france|gouden schoen|world cup|coupe du monde)\b",
        r"\bwie (?:won|wint|heeft)\b[^.?!]{0,40}\b(?:wedstrijd|match|finale|klassieker|gewonnen)\b(?=[^.?!]*$)(?<!aanbesteding gewonnen)",
        r"\b(?:trainer|bondscoach|aanvoerder|doelman|spits) van\b",
        # the reader's own computer and way
        r"\bhoe\b[^.?!]{0,40}\bik\b[^.?!]{0,40}\b(?:in|met|op) (?:word|excel|powerpoint|photoshop|gmail|outlook|whatsapp|facebook|instagram|windows)\b",
        r"\b(?:route|reisweg|weg) (?:van|from)\s+(?-i:[A-Z])\S+ naar (?-i:[A-Z])|\bhoe (?:rijd?|geraak|kom|reis) ik\b[^.?!]{0,30}\bnaar (?-i:[A-Z])",
        # the world at large
        r"\b(?:hoofdstad|president|koning|koningin|bevolking|inwoners)\s+van\s+(?:de\s+)?(?:frankrijk|duitsland|spanje|italië|portugal|china|japan|rusland|amerika|verenigde staten|vs|brazilië|india|canada|australië)\b",
        r"\b(?:capital|president|king|queen|population) of (?:france|germany|spain|italy|china|japan|russia|america|the (?:united states|us|usa)|brazil|india)\b",
        # other work than answering from documents
        r"(?:^|[.?!:]\s*|\b(?:kan|kun|wil|zou) (?:je|jij|u)\s+(?:\S+\s+){0,6}?)(?:vertaal|vertalen|translate|tradui[st]\w*)\b|\bhoe zeg je\b[^.?!]{0,60}\bin het (?:engels|frans|duits|spaans|italiaans)\b",
        r"\b(?:los|bereken|solve)\b[^.?!]{0,20}\b(?:vergelijking|integraal|equation)\b|\b(?:vierkantswortel|square root)\b|\bhoeveel is \d+\s*(?:\+|-|x|\*|/|maal|plus|min|gedeeld door)\s*\d+",
        r"\bhoe laat is het\b|\bwelke dag is het\b|\bwhat time is it\b|\bquelle heure\b",
        r"\b(?:horoscoop|sterrenbeeld|lottocijfers|lotto|aandelen(?:tip|koers)|bitcoin|filmtip)\b",
        # the assistant itself
        r"^\W*(?:hallo|hoi|hey|goeie?(?:morgen|middag|avond)|bedankt|dank (?:je|u)(?: wel)?|merci|thanks?(?: you)?|hello|bonjour|salut)\W*$",
        r"\b(?:wie|wat) ben (?:je|jij)\b|\bben (?:je|jij) een (?:mens|robot|computer|ai|chatbot)\b|\bhoe (?:heet|voel) (?:je|jij)\b|\bwho are you\b|\bqui es-tu\b|\bwelk (?:taal)?model ben\b",
    )
)


def out_of_reach(question: str) -> Refusal | None:
    """The refusal of a question that is no question to the documents, None for every other."""
    if any(pattern.search(question) for pattern in _INSTRUCTION) or _hides_text(question):
        return Refusal("instruction", message("instruction", language(question)))
    if any(pattern.search(question) for pattern in _OPINION):
        return Refusal("out_of_scope", message("opinion", language(question)))
    if any(pattern.search(question) for pattern in _OUTSIDE):
        return Refusal("out_of_scope", message("outside", language(question)))
    return None


def _hides_text(question: str) -> bool:
    """Whether a run of letters is base64 of a readable text: `"SWdub3JlIGFsbCBydWxlcw=="` is."""
    return any(_decodes(run.group()) for run in _ENCODED.finditer(question))


def _decodes(run: str) -> bool:
    try:
        text = base64.b64decode(run + "=" * (-len(run) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):  # ValueError: no ASCII behind it
        return False
    return text.isprintable() and " " in text
