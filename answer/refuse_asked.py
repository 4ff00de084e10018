"""What kind of thing a question asks for, against what is cited: a count, pay, an address, an age, a person, a year.

Speaks only of what a text plainly has or has not; how well it answers is `answer.support`.
"""

import re
from collections.abc import Sequence, Set

from answer.records import Citation, Refusal
from answer.refuse_names import HOW_MUCH
from answer.refuse_told import subject, told
from ingest.analysis import MONTHS, STOPWORDS, content_words, stems, tokens
from ingest.reading import cleaned, sentences
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.query import Query
from retrieval.records import Evidence

_I = re.IGNORECASE
_NUMBER_WORD = re.compile(
    r"\b(?:één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|\w+tien|twintig|\w+tig|"
    r"honderd\w*|duizend\w*|helft|derde|kwart|tiental\w*|geen|nul|alle|enkele|beide|dubbele?|verdubbel\w*|\w*jaarlijks\w*|\w*maandelijks\w*)\b",
    _I,
)
_DATE = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})(?: (?:19|20)\d\d)?\b|\b(?:19|20)\d\d\b", _I)
# `hoeveel` at the head is what is asked; further on somebody may only know it or work it out.
_COUNTED = re.compile(
    r"^\W*(?:en |maar )?(?:(?:aan|bij|door|in|met|naar|op|over|uit|van|vanaf|voor) )?"
    r"hoeveel (?:(?:nieuwe|andere|extra|verschillende|vlaamse|bijkomende|lokale|oudere|erkende|jonge) )?([a-zß-ÿ-]{4,}en|[a-zß-ÿ-]{3,}s)\b",
    _I,
)
# What is measured in money or time is written in many ways.
_MEASURED = re.compile(
    r"(?:euro'?s|miljoen|vlaams|\w*boetes|[\w-]*middelen|\w*gelden|\w*subsidies|\w*steun|weken|maanden|dagen|jaren|uren|kilometers|procenten|kosten|keren|\w*kredieten|\w*bedragen|hebben|krijgen|kregen|waren|werden|kosten|kostten|moesten|konden|mochten|zouden|gaven|gingen|stonden|komen|kwamen|willen|betalen|staan|zitten|gaan|worden|kunnen|moeten|mensen|personen)",
    _I,
)
_IN_YEAR = re.compile(
    r"\b(?:in|over|voor|van|tijdens|eind|begin|sinds)\s+(?:het jaar\s+)?((?:19|20)\d\d)\b", _I
)
_UNIT = (
    r"(?:euro|keuro|eur|€|miljoen|miljard|mio|jaar|jaren|jarigen?|maand|maanden|weken|week|dagen|dag|uur|uren|minuten|keer|maal|km|kilometer|meter|m²|ha|hectare|graad|"
    + "|".join(MONTHS)
    + ")"
)
# A number of things: no year, sum of money, duration, label (`2)`, `3/4`); a share of them counts them too.
_NUMBER = re.compile(
    rf"(?<![\w.,/€-])(?!(?:19|20)\d\d\b)(?:\d{{1,3}}(?:[. ]\d{{3}})+|\d+)\b(?![.,]\d|\s*-?{_UNIT}\b|/\d|[.)]\s|\s*%)|(?<!\w)\d+(?:,\d+)?\s?(?:%|procent)"
    r"|\b(?:één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\w*(?:der|veer|vijf|zes|zeven|acht|negen)tien|\w*(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig|"
    r"honderd\w*|duizend\w*|tiental\w*|geen|nul|beide|helft|derde|kwart)\b"
    rf"(?!\s+{_UNIT}\b)",
    _I,
)
# What stands before a number for what was named earlier: `daarvan heeft 22.333`.
_REFERS = re.compile(
    r"\b(?:daarvan|hiervan|waarvan|waaronder|van hen|in totaal|totaal van|gaa?t? (?:het )?om|ging (?:het )?om|bedraagt|bedroeg|aantal)\b",
    _I,
)
_OF_OTHERS = re.compile(
    r"\s+(?!(?:van|voor|werd|zijn|naar|tegen|daar)\w*\b)[a-zß-ÿ]{4,}"
)  # what follows is counted
_AFTER, _BEFORE, _REACH = 4, 6, 70  # words after and before a number, characters in which they stand
_FEW_CELLS = 8
_WHOLE = 5  # letters from which the end of a compound is a word by itself
_SHORT = 16  # words; a longer question asks more than a count, in words of its own
_SHARED = 4
_ON_SUBJECT = 0.5  # share of the subject that a sentence speaks of which nobody cited
_THEIRS = 15  # passages with a word that the documents use of themselves
_CLOSE = 0.4  # cosine of two words that may mean the same
_ROLE = r"\w*(?:voorzit|directeur|directrice|bestuurder|administrat|burgemeester|schepen|ceo|secretaris|commissaris|ombudsman|gouverneur|woordvoerd|echtgeno|topman|topvrouw|leidend ambtenaar)\w*"
# What is asked (in Dutch, French, English), under which name the reader is told, and what a text must have to give it.
_KINDS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "asked_wage",
        re.compile(
            r"\b(?:wat|hoeveel) verdien(?:t|en|de|den)\b|\b(?:welk|hoeveel|wat is het|hoe hoog is het)\b[^.?!]{0,30}\b(?:loon|salaris|wedde|bruto\w*)\s+(?:van|heeft|krijgt)\b"
            r"|\bcombien gagnen?t?\b|\b(?:salary|wage) of\b|\bhow much does\b[^.?!]{0,40}\bearn\b|\bsalaire d[eu]\b",
            _I,
        ),
        re.compile(
            r"(?=.*\d).*\b(?:loon|lonen|maandloon|jaarloon|salaris\w*|wedden?|bezoldig\w*|verdien\w*)\b", _I
        ),
    ),
    (
        "asked_address",
        re.compile(
            r"\b(?:wat is|welk|geef|what is|quelle? est)\b[^.?!]{0,25}\b(?:(?:e-?mail|web|post)?adres|address|adresse)\b"
            r"|\b(?:telefoonnummer|gsm-?nummer|phone number|numéro de téléphone)\b",
            _I,
        ),
        re.compile(r"\w@\w|\w(?:straat|laan|plein|steenweg) \d|\b0\d{1,3}[ /]\d\d"),
    ),
    (
        "asked_age",
        re.compile(
            r"\bhoe oud is\b|\bwelke leeftijd heeft\b|\b(?:geboortedatum|geboorteplaats)\b|\bwaar(?:op)? (?:is|werd) \w+(?: \w+)? geboren\b|\bhow old is\b|\bquel âge\b",
            _I,
        ),
        re.compile(r"\b(?:geboren|\d{2} jaar)\b", _I),
    ),
    (
        "asked_share",
        re.compile(r"\b(?:percentage|hoeveel procent|what percentage|pourcentage)\b", _I),
        re.compile(r"%|\bprocent\b|\b(?:helft|kwart|derden?|alle|verdubbel\w*)\b|\|", _I),
    ),
    (
        "asked_price",
        re.compile(
            r"\b(?:wat|hoeveel) (?:kost|kosten|kostte|kostten)\b|\b(?:wat|hoeveel) (?:heeft|hebben|gaat|gaan|zal|zullen|zou)\b[^.?!]{0,80}\b(?:gekost|kosten)\b|\bhow much (?:does|do|did)\b[^.?!]{0,60}\bcost\b|\bcombien coûte\w*\b",
            _I,
        ),
        re.compile(
            r"\d\s*(?:euro|keuro|k€|€|miljo|miljard|mio|%|procent|eur\b)|€\s?\d|\||\b(?:gratis|kosteloos)\b",
            _I,
        ),
    ),
    (
        "asked_figure",
        re.compile(r"\bhoeveel (?:miljoen|miljard|euro)\b|\bwelk bedrag\b", _I),
        re.compile(
            r"\d\s*(?:euro|keuro|k€|€|miljo|miljard|mio|eur\b)|€\s?\d|\||\d\.\d{3}|\b(?:gratis|kosteloos|geen)\b",
            _I,
        ),
    ),
    (
        "asked_person",
        re.compile(
            r"\b(?:hoe heet|wat is de naam van|wie is)\s+(?:nu\s+)?(?:de|het|zijn|haar)\s+(?:\w+\s+){0,2}"
            + _ROLE,
            _I,
        ),
        re.compile(
            rf"(?s)(?=.*(?i:{_ROLE})).*\b[A-Z][a-zß-ÿ]+ (?:(?:[Vv]an|[Dd]e|[Dd]en|[Vv]er|[Dd]')\s?)*[A-Z][a-zß-ÿ]+"
        ),
    ),
)


def kind_lacking(query: Query, citations: Sequence[Citation]) -> Refusal | None:
    """The kind of thing that is asked stands in no sentence that is cited."""
    cited = [sentence for c in citations for sentence in _split(c.text)]
    for name, asks, gives in _KINDS:
        if asks.search(query.text) and not any(_gives(gives, query, sentence) for sentence in cited):
            return Refusal(
                "not_in_corpus", message("not_told", query.reply_in, asked=message(name, query.reply_in))
            )
    if HOW_MUCH.search(query.text) and not any(map(_has_figure, cited)):
        asked = message("asked_figure", query.reply_in)
        return Refusal("not_in_corpus", message("not_told", query.reply_in, asked=asked))
    return None


def _gives(pattern: re.Pattern[str], query: Query, sentence: str) -> bool:
    """Whether a sentence has such a thing that the question does not name itself."""
    own = set(tokens(query.text))
    return any(not (words := set(tokens(m.group()))) or not words <= own for m in pattern.finditer(sentence))


def count_lacking(
    corpus: Corpus, query: Query, citations: Sequence[Citation], evidence: Sequence[Evidence]
) -> Refusal | None:
    """A number of things is asked, and no sentence that was read counts them, or only for other years."""
    counted = _counted(query.text)
    longer = len(tokens(query.text)) > _SHORT
    if counted is None or longer or any(c.text.count("|") > _FEW_CELLS for c in citations):
        return None  # a table names what it counts in its head
    cited = [sentence for c in citations for sentence in _split(c.text)]
    clauses = told(subject(corpus, query, counted), citations, evidence)
    read = [*cited, *(t.sentence for t in clauses if t.about >= _ON_SUBJECT)]
    own = set(tokens(query.text))
    counting = _counting(corpus, counted, read, own)
    # A word that the documents use often would be theirs here too; a reader's own word may go by another name.
    theirs = corpus.lexical.frequency("stems", stems(tokens(counted))[0]) >= _THEIRS
    silent = theirs and not query.expansions and not any(_has_number(s, own) for s in cited)
    if not counting and (silent or any(_names(sentence, counted) for sentence in cited)):
        asked = f"{message('asked_count', query.reply_in)} {counted}"
        return Refusal("not_in_corpus", message("not_told", query.reply_in, asked=asked))
    dated = [s for s in counting if _names(s, counted) and (s in cited or _about(query, s))]
    return _only_other_years(query, dated) if dated else None


def _counting(corpus: Corpus, counted: str, texts: Sequence[str], own: Set[str]) -> list[str]:
    """The sentences with a number, not one of the question's `own`, of what is counted or of a word close to it: `plaatsen` for `plekken`."""
    stem = stems(tokens(counted))[0]
    found = [
        (text, rest, m)
        for text in dict.fromkeys(texts)
        for rest in (_DATE.sub(" ", text),)
        for m in _NUMBER.finditer(rest)
        if m.group() not in own
    ]
    after = [_content(rest[m.end() :][:_REACH])[:_AFTER] for _, rest, m in found]
    alike = _alike(corpus, counted, [w for words in after for w in words])
    counting = {
        text: None
        for (text, rest, m), words in zip(found, after, strict=True)
        for before in (rest[: m.start()][-_REACH:],)
        if (alike & set(words) and not rest.startswith(":", m.end()))
        or (
            m.group()[0].isdigit()
            and not _OF_OTHERS.match(rest, m.end())
            and any(word.endswith(stem) for word in stems(tokens(before)[-_BEFORE:]))
        )
        or _REFERS.search(before)
    }
    return list(counting)


def _alike(corpus: Corpus, counted: str, words: Sequence[str]) -> Set[str]:
    """Those of the words that name what is counted, by itself, as the end of a compound or by another name."""
    known = list(dict.fromkeys(words))
    if not known:
        return set()
    close = (corpus.embedder.encode([counted]) @ corpus.embedder.encode(known).T)[0] >= _CLOSE
    stem = stems(tokens(counted))[0]
    held = zip(known, stems(known), close, strict=True)
    return {word for word, its_stem, near in held if near or _same_end(stem, its_stem)}


def _same_end(one: str, other: str) -> bool:
    """Whether one word ends in the other, as `schooltrajecten` in `trajecten`."""
    return other.endswith(one) or (len(other) >= _WHOLE and one.endswith(other))


def _content(text: str) -> list[str]:
    return [word for word in tokens(text) if word[0].isalpha() and word not in STOPWORDS]


def _split(text: str) -> list[str]:
    return [cleaned(text[start:end]) for start, end in sentences(text)]


def _about(query: Query, sentence: str) -> bool:
    """Whether a sentence that nobody cited shares enough words with the question."""
    return len(set(stems(content_words(query.text))) & set(stems(content_words(sentence)))) >= _SHARED


def _only_other_years(query: Query, told: Sequence[str]) -> Refusal | None:
    asked = {int(y) for y in _IN_YEAR.findall(query.text)}
    years = [_years_in(sentence) for sentence in told]
    if len(asked) != 1 or not all(years) or any(asked & found for found in years):
        return None
    return Refusal(
        "not_in_corpus",
        message(
            "told_of_other_years",
            query.reply_in,
            told=", ".join(map(str, sorted(set().union(*years)))),
            asked=", ".join(map(str, asked)),
        ),
    )


def _counted(question: str) -> str | None:
    """What `hoeveel` counts: `"hoeveel nieuwe gemeenten telt"` -> `"gemeenten"`."""
    found = _COUNTED.search(question)
    return found[1] if found and not _MEASURED.fullmatch(found[1]) else None


def _names(text: str, counted: str) -> bool:
    """Whether a text holds what is counted, by itself or as the end of a compound."""
    stem = stems(tokens(counted))[0]
    return any(word.endswith(stem) for word in stems(tokens(text)))


def _has_number(sentence: str, own: Set[str]) -> bool:
    """Whether a sentence counts anything in a number that is not the question's; a share, a date, a sum or a duration counts none."""
    return any(
        m.group().isdigit() and m.group() not in own for m in _NUMBER.finditer(_DATE.sub(" ", sentence))
    )


def _years_in(text: str) -> set[int]:
    return {int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", text)}


def _has_figure(text: str) -> bool:
    """Whether a text counts anything, in digits or words; a date does not."""
    rest = _DATE.sub(" ", text)
    return bool(re.search(r"\d", rest) or _NUMBER_WORD.search(rest))
