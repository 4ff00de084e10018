"""What of a model's sentence may reach a reader: plain text in the letters of Dutch, without links, marks or markup.

Judges form alone; whether the sentence is true is for `verify`.
"""

import html
import re
import unicodedata

from ingest.parse.invisible import one_line

LONGEST_CLAIM = 700
_SIGNS = frozenset(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + "‘’“”„«»‹›‐‑–—−…•·€£§°‰±×÷²³¹½¼¾₂≤≥≈→")
_LINK = re.compile(
    r"\b[a-z][\w+.-]*://|//\w|\bwww\.|\b(?:javascript|data|vbscript|mailto|file|tel)\s*:\s*[^\s\d]"
    r"|\b[\w-]+\.[a-z]{2,}(?![\w-])|\S@\w",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\s*[/!?a-z]|\][(:\[]|!\s*\[|&#?\w+;|\\[\[\]()<>!]", re.IGNORECASE)
_MARK = re.compile(
    r"\s*(?:[\[{]\s*(?:\^|bron|passage)?|\(\s*(?:bron|passage))\s*\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\s*[\]})]",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"[*`~|]+|__+|^\s*(?:#+|>+|[-•]|\d{1,2}[.)])\s+")
_BRACKETS = str.maketrans("[]{}\\", "()()/")
_TITLE = str.maketrans("[]<>`", "()‹›'")
# Sentences that order whoever answers about; none of them tells anything of policy.
_ORDER = re.compile(
    r"\b(?:negeer|vergeet|ignore|disregard|oublie[rz]?|ignore[rz])\b.{0,60}\b(?:instruct\w+|opdracht\w*|regels|passages?|bronnen|"
    r"cijfers|bedrag\w*|rules|consignes|above|previous|hierboven|bovenstaand\w*|voorgaand\w*|vorige)\b"
    r"|\bgelieve\b.{0,100}\b(?:antwoord\w*|beantwoord\w*|vermeld\w*|gebruik\w*)\b"
    r"|\b(?:antwoord|schrijf|vermeld|gebruik|zeg) (?:steeds|altijd|enkel|alleen|dat|in (?:je|jouw|elk) antwoord)\b"
    r"|\b(?:voeg|zet)\b.{0,40}\b(?:aan|achter|in|onder) (?:elk|elke|je|jouw) (?:antwoord|zin)\b"
    r"|\b(?:systeem|system)[\s-]?prompt\b|\b(?:beste|als) (?:ai|taalmodel|assistent|chatbot)\b",
    re.IGNORECASE | re.DOTALL,
)


def plain(text: str) -> str | None:
    """The sentence as it may be shown; None when it holds what no answer needs.

    `plain("**De premie** is 500 euro [3].")` -> `"De premie is 500 euro."`;
    `plain("Zie ![](https://voorbeeld.be/x)")` -> None
    """
    text = one_line(text)
    read = html.unescape(text)
    if len(text) > LONGEST_CLAIM or not all(_is_expected(sign) for sign in read):
        return None
    if any(found.search(form) for found in (_LINK, _MARKUP) for form in (text, read)):
        return None
    text = _EMPHASIS.sub("", _MARK.sub("", text)).translate(_BRACKETS)
    text = " ".join(text.split())
    return text if any(sign.isalpha() for sign in text) else None


def is_order(text: str) -> bool:
    """Whether a quoted sentence tells the one who answers what to say: that is no source."""
    return bool(_ORDER.search(one_line(text)))


def as_title(text: str) -> str:
    """A title of the corpus on one line, with nothing in it that Markdown or HTML would act on."""
    return one_line(text).translate(_TITLE).replace("://", ":⁄⁄")


def _is_expected(sign: str) -> bool:
    """A Latin letter, an ASCII digit or a sign that Dutch texts use: no letter or digit that only looks like one."""
    if sign.isascii():
        return sign.isalnum() or sign in _SIGNS
    return sign in _SIGNS or (sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN"))
