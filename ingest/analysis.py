"""Dutch text analysis, the same for what is indexed and for what is asked.

Three views of a text: `stems` (words reduced by Snowball), `grams` (character 4- and 5-grams, which find
the parts of compounds and survive OCR errors), and `exact` (article codes, decision ids and dates).
A change here changes `ANALYSER`, and with it the id of every snapshot.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version

import snowballstemmer

from ingest.budget.codes import mentions
from ingest.reading import cleaned

ANALYSER = f"dutch-1 snowballstemmer-{version('snowballstemmer')}"

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:'[^\W\d_]+)?")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_APOSTROPHE = str.maketrans("’‘`´ʼ", "'''''")
_URI_ID = re.compile(r"themis\.vlaanderen\.be/id/[\w-]+/([\w-]+)", re.IGNORECASE)
_BARE_ID = re.compile(
    r"\b(?:[0-9A-F]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b", re.IGNORECASE
)
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_SLASH_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)\b")
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_WORD_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) ((?:19|20)\d\d)\b", re.IGNORECASE)

# Function words and the words questions are made of: they say how one asks, not what about.
STOPWORDS = frozenset(
    [
        "de",
        "het",
        "een",
        "en",
        "of",
        "in",
        "op",
        "te",
        "van",
        "voor",
        "met",
        "aan",
        "bij",
        "door",
        "uit",
        "om",
        "over",
        "tot",
        "naar",
        "als",
        "dan",
        "dat",
        "die",
        "deze",
        "dit",
        "er",
        "is",
        "zijn",
        "was",
        "waren",
        "wordt",
        "worden",
        "werd",
        "werden",
        "heeft",
        "hebben",
        "had",
        "kan",
        "kunnen",
        "zal",
        "zullen",
        "moet",
        "moeten",
        "mag",
        "mogen",
        "niet",
        "ook",
        "nog",
        "al",
        "wel",
        "maar",
        "want",
        "dus",
        "zo",
        "toch",
        "eens",
        "even",
        "we",
        "ze",
        "ik",
        "u",
        "je",
        "hij",
        "zij",
        "men",
        "wij",
        "zich",
        "hun",
        "haar",
        "zijn",
        "mijn",
        "ons",
        "onze",
        "uw",
        "jouw",
        "hen",
        "hem",
        "me",
        "wat",
        "wie",
        "waar",
        "wanneer",
        "waarom",
        "hoe",
        "hoeveel",
        "welk",
        "welke",
        "waarvoor",
        "waarmee",
        "waarop",
        "daarvan",
        "daarop",
        "daarvoor",
        "ervan",
        "hiervan",
        "graag",
        "geef",
        "gegeven",
        "aub",
        "alsjeblieft",
        "precies",
        "ergens",
        "iets",
        "iemand",
        "alle",
        "alles",
        "elk",
        "elke",
        "eigenlijk",
        "volgens",
        "staat",
        "staan",
        "the",
        "of",
        "and",
        "what",
        "how",
        "much",
        "is",
        "are",
        "was",
        "for",
        "in",
        "to",
        "le",
        "la",
        "les",
        "de",
        "du",
        "des",
        "un",
        "une",
        "et",
        "est",
        "quel",
        "quelle",
        "combien",
        "pour",
    ]
)


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers without accents; grouped thousands joined: `"1.258 keuro"` -> `["1258", "keuro"]`."""
    text = _fold(cleaned(text))
    return _TOKEN.findall(_THOUSANDS.sub("", text))


def stems(words: Iterable[str]) -> list[str]:
    """One stem for each word: `["premies", "1258"]` -> `["premie", "1258"]` or what Snowball makes of it."""
    return [_stem(word) for word in words]


def grams(words: Iterable[str]) -> list[str]:
    """Character 4- and 5-grams with word boundaries: `["vop"]` -> `["_vop", "vop_", "_vop_"]`."""
    return [gram for word in words for gram in _grams(word)]


def content_words(text: str) -> list[str]:
    """The tokens of a question that carry meaning; all of them when none would be left."""
    words = tokens(text)
    kept = [w for w in words if w not in STOPWORDS and (len(w) > 1 or w.isdigit())]
    return kept or words


def exact(text: str) -> list[str]:
    """Article codes (whole, and without prefix or suffix), decision ids and dates, in one spelling each.

    `exact("op 1jdb2ca sinds 1 mei 2021")` -> `["code:1JDB2CA", "date:2021-05-01"]`
    """
    text = cleaned(text)
    found = [f"code:{part}" for mention in mentions(text) for part in _code_parts(mention.code)]
    found += [f"id:{m.lower()}" for m in (*_URI_ID.findall(text), *_BARE_ID.findall(text))]
    found += [f"date:{y}-{m}-{d}" for y, m, d in _ISO_DATE.findall(text)]
    found += [f"date:{y}-{int(m):02}-{int(d):02}" for d, m, y in _SLASH_DATE.findall(text)]
    found += [
        f"date:{y}-{MONTHS.index(m.lower()) + 1:02}-{int(d):02}" for d, m, y in _WORD_DATE.findall(text)
    ]
    return list(dict.fromkeys(found))


def _code_parts(code: str) -> list[str]:
    """`JB0-1JDB2CA-WT` -> itself, `1JDB2CA-WT`, `1JDB2CA`, `JDB2CA`, `2CA-WT`: every form a person may type."""
    rest = code[4:] if code[3:4] == "-" else code
    core, _, suffix = rest.partition("-")
    forms = [code, rest, core]
    if len(core) == 7:
        forms += [core[1:], f"{core[-3:]}-{suffix}" if suffix else core]
    return list(dict.fromkeys(forms))


def _fold(text: str) -> str:
    text = text.translate(_APOSTROPHE).lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_snowball: Callable[[str], str] = snowballstemmer.stemmer("dutch").stemWord


@cache
def _stem(word: str) -> str:
    return word if word[0].isdigit() else _snowball(word)


@cache
def _grams(word: str) -> tuple[str, ...]:
    if word[0].isdigit():
        return (word,)
    padded = f"_{word}_"
    return tuple(padded[i : i + n] for n in (4, 5) for i in range(len(padded) - n + 1)) or (padded,)
