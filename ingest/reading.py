"""How a person reads canonical text: joined lines and hyphens, and sentences with their spans.

Does not decide structure (`parse`) and does not stem (`analysis`).
"""

import re
import unicodedata
from collections.abc import Iterator

# pdfium writes U+0002 (older builds U+FFFE) where a word was hyphenated at a line end.
# Where a hyphen only cut a word at a line end; what shows canonical text needs the same rule.
LINE_END_HYPHEN = r"(?<=[a-zß-ÿ])(?:[\u0002\ufffe]\s*|[-\u00ad\u2010]\s*\n\s*)(?=[a-zß-ÿ])"
_LINE_END_HYPHEN = re.compile(LINE_END_HYPHEN)
_KEPT_HYPHEN = re.compile(r"(?<=[\w/])(?:[\u0002\ufffe]\s*|[-\u2010]\s*\n\s*)(?=\w)")
_CODE_BREAK = re.compile(r"(?<=\b[A-Z]{2}\d-)\s+(?=\d[A-Z]{2})|(?<=\b[A-Z]{2}\d)\s+(?=-\d[A-Z]{2})")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_GLUED_NUMBER = re.compile(r"^(\s*\d{1,2})(?=[A-ZÀ-Þ][a-zß-ÿ])")
_SPACE = re.compile(r"\s+")

_ABBREVIATION = re.compile(
    r"(?:^|[\s(\['‘\"“])(?:art|nr|nrs|bv|bvb|vb|cf|ca|resp|incl|excl|dhr|mevr|mr|dr|prof|ir|ing|blz|p|pag|zgn|min|max|"
    r"afd|hfst|par|lid|tel|enz|jl|aug|sept|okt|nov|dec|jan|febr|vzw|st|[A-Z]|(?:[a-zA-Z]{1,3}\.){1,4}[a-zA-Z]{1,3})$"
)
_SENTENCE_END = re.compile(
    r"(?:[.!?…]+[)\]'’\"”»]*)(?=\s+[\"“„‘'«(\[]*[A-ZÀ-Þ0-9•\-–−▪]|\s*$)|;(?=\s*\n)|:(?=\s*\n\s*[•\-–−▪])"
)


def cleaned(text: str) -> str:
    """Text as it is meant to be read: hyphens of line ends resolved, lines joined, one space between words.

    A number that is glued to a heading (`3Doelgroepen`) gets its space back.

    `cleaned("de competentie-mismat-\\nches  en JB0-\\n1JDB2CA-WT")` -> `"de competentie-mismatches en JB0-1JDB2CA-WT"`
    """
    text = unicodedata.normalize("NFC", text)
    text = _LINE_END_HYPHEN.sub("", text)
    text = _KEPT_HYPHEN.sub("-", text)
    text = _CODE_BREAK.sub("", text)
    text = _GLUED_NUMBER.sub(r"\1 ", text)
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of `text[start:end]`, in order, without surrounding whitespace.

    Every character that is not whitespace lies in exactly one of them.
    """
    end = len(text) if end is None else end
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.end()
        if match.group().startswith(".") and _ABBREVIATION.search(
            text[max(at, match.start() - 12) : match.start()]
        ):
            continue
        yield from _trimmed(text, at, stop)
        at = stop
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
