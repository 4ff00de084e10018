"""What kind of thing a question asks for, against what is cited: a count, pay, an address, an age, a person, a year.

Speaks only of what a text plainly has or has not; how well it answers is `answer.support`.
"""

import re
from collections.abc import Sequence

from answer.records import Citation, Refusal
from answer.refuse_names import HOW_MUCH, surroundings
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
_COUNTED = re.compile(
    r"\bhoeveel (?:(?:nieuwe|andere|extra|verschillende|vlaamse|bijkomende|lokale) )?([a-zß-ÿ-]{4,}en|[a-zß-ÿ-]{3,}s)\b",
    _I,
)
# What is measured in money or time is written in many ways.
_MEASURED = re.compile(
    r"(?:euro'?s|\w*middelen|\w*gelden|\w*subsidies|\w*steun|weken|maanden|dagen|jaren|uren|kilometers|procenten|kosten|keren|\w*kredieten|\w*bedragen|hebben|krijgen|kregen|waren|werden|kosten|kostten|moesten|konden|mochten|zouden|gaven|gingen|stonden|komen|kwamen|willen|betalen|staan|zitten|gaan|worden|kunnen|moeten|mensen|personen)",
    _I,
)
_IN_YEAR = re.compile(
    r"\b(?:in|over|voor|van|tijdens|eind|begin|sinds)\s+(?:het jaar\s+)?((?:19|20)\d\d)\b", _I
)
_NEAR, _FEW_CELLS = 8, 8
_READ, _SHARED = 10, 4
_SHORT = 12  # words; a longer question asks more than a count, in words of its own
_THEIRS = 15  # passages with a word that the documents use of themselves
_CLOSE = 0.38  # cosine of two words that may mean the same
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
            r"\b(?:wat|hoeveel) (?:kost|kosten|kostte|kostten)\b|\bhoeveel\b[^.?!]{0,80}\bgekost\b|\bhow much (?:does|do|did)\b[^.?!]{0,60}\bcost\b|\bcombien coûte\w*\b",
            _I,
        ),
        re.compile(
            r"\d\s*(?:euro|keuro|k€|€|miljo|miljard|mio|%|procent|eur\b)|€\s?\d|\||\b(?:gratis|kosteloos)\b",
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
    """A number of things is asked, and what is cited counts other things, or the documents count these in other years only."""
    counted = _counted(query.text)
    if counted is None or any(c.text.count("|") > _FEW_CELLS for c in citations):
        return None  # a table names what it counts in its head
    cited = [sentence for c in citations for sentence in _split(c.text)]
    told = [sentence for sentence in cited if _counts(sentence, counted)]
    found = [
        s
        for e in evidence[:_READ]
        for s in _split(e.passage.text)
        if _counts(s, counted) and _about(query, s)
    ]
    around = surroundings(corpus, citations, evidence)
    # A word that the documents use often would be theirs here too; a reader's own word may go by another name.
    nowhere = (
        len(tokens(query.text)) <= _SHORT
        and corpus.lexical.frequency("stems", stems(tokens(counted))[0]) >= _THEIRS
        and not (query.expansions or found or any(_names(text, counted) for text in around))
        and not _alike(corpus, counted, around)
    )
    if nowhere or (any(_names(sentence, counted) for sentence in cited) and not told):
        asked = f"{message('asked_count', query.reply_in)} {counted}"
        return Refusal("not_in_corpus", message("not_told", query.reply_in, asked=asked))
    return _only_other_years(query, [*told, *found]) if told or found else None


def _alike(corpus: Corpus, counted: str, around: Sequence[str]) -> bool:
    """Whether what is cited, or what it stands in, has a word that stands close to what is counted: `plaatsen` for `plekken`."""
    words = [w for w in dict.fromkeys(tokens(" ".join(around))) if w not in STOPWORDS and w.isalpha()]
    if not words:
        return False
    return float((corpus.embedder.encode([counted]) @ corpus.embedder.encode(words).T).max()) >= _CLOSE


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


def _counts(sentence: str, counted: str) -> bool:
    """Whether a number stands within a few words of what is counted, or of a compound with it."""
    words = _DATE.sub(" ", sentence).split()
    here = [n for n, word in enumerate(words) if _names(word, counted)]
    return any(_has_figure(" ".join(words[max(0, n - _NEAR) : n + _NEAR + 1])) for n in here)


def _names(text: str, counted: str) -> bool:
    """Whether a text holds what is counted, by itself or as the end of a compound."""
    stem = stems(tokens(counted))[0]
    return any(word.endswith(stem) for word in stems(tokens(text)))


def _years_in(text: str) -> set[int]:
    return {int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", text)}


def _has_figure(text: str) -> bool:
    """Whether a text counts anything, in digits or words; a date does not."""
    rest = _DATE.sub(" ", text)
    return bool(re.search(r"\d", rest) or _NUMBER_WORD.search(rest))
