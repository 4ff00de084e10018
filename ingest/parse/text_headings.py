"""What makes a line of extracted text a heading: its number, its code, its fixed words or its shape.

Lists of the headings of one document have no place here; the fixed words are those that the Flemish
instructions for budget explanations prescribe.
"""

import re
from collections.abc import Sequence

from ingest.parse.outline_levels import Mark
from ingest.parse.text_lines import Line, dangles, ends_sentence, reaches_margin, unfinished
from ingest.reading import sentences

LONGEST = 240  # characters of a heading
_TALLEST = 4  # lines of a heading
_LONGEST_QUESTION = 8  # words of a heading that asks something
_ROMAN = re.compile(r"([IVXLC]{1,7})\.\s+(?=[^\W\d_a-zà-ÿ]|[“‘\"'(])")
_CODE = re.compile(r"(?:[A-Z]{2}\d ?- ?)?\d[A-Z]{2}[A-Z0-9]{4} ?- ?[A-Z]{2} ?(?P<dash>[–—-] ?)?(?=\S)")
_BROKEN_CODE = re.compile(r"[A-Z]{2}\d(?: ?-(?: ?\d[A-Z]{2}[A-Z0-9]{4} ?-?)?)?|\d[A-Z]{2}[A-Z0-9]{4} ?-?")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,5})\.?(?:\s+|(?=[A-ZÀ-Þ][a-zà-ÿ]))(?=[A-ZÀ-Þ“‘\"'(])")
_COUNTED = re.compile(r"(\d{1,2})([.)])\s+(?=[A-ZÀ-Þ“‘\"'(])")
_PLAIN = re.compile(
    r"(\d{1,2})(?:\s+(?=[A-ZÀ-Þ(][a-zà-ÿ(]|\([A-Z]|[A-ZÀ-Þ]{4})|(?=[A-ZÀ-Þ(][a-zà-ÿ(]|\([A-Z]))"
)
_MONTH = re.compile(
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december", re.I
)
_LABEL = re.compile(
    r"([A-Z][a-zà-ÿ]{2,20}(?: [A-Za-zà-ÿ]{2,20})?) (\d{1,2}|[IVX]{1,5})(?: ?\([^()]{1,40}\))?(?: ?[:–—]|\.(?= |$)| -)(?=\s|$)"
)
_CAPTION = re.compile(r"(?:Tabel|Figuur|Grafiek|Kaart|Schema)\s+\d", re.I)
_NEVER = re.compile(f"{_CAPTION.pattern}|{_CODE.pattern}")  # what no heading without number starts with
_PART = re.compile(
    r"(?:korte )?inhoud (?:van het )?begrotingsartikel|inhoudelijke toelichting|kredietevolutie|"
    r"aanwending van (?:het|de) kredie(?:t|ten)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?:ontvangsten|uitgaven|begrotings)artikel(?:en|s)?", re.IGNORECASE)
_BEARING = re.compile(r"(?:PROGRAMMA|[A-Z]{2}\d ?- ?PROGRAMMA|BEGROTINGSPROGRAMMA) [A-Z]{2}\b")
_FILE_NUMBER = re.compile(r"\d{1,5} \((?:19|20)\d\d-(?:19|20)\d\d\) nr\. ?\d", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|zijn|was|waren|wordt|worden|werd|werden|heeft|hebben|had|hadden|kan|kunnen|zal|zullen|moet|moeten|mag|"
    r"bedraagt|bedroeg|bedragen|betreft|gaat|ging)\b"
)
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def numbered_at(
    lines: Sequence[Line], i: int, width: int | None, chapters: dict[int, int]
) -> tuple[int, Mark] | None:
    """The heading that a number, a code or fixed words open at line `i`: where it ends, and its mark.

    `chapters` holds the lines that carry a chapter number without a dot, which only their sequence makes credible.
    """
    text = lines[i].text
    if len(text) > LONGEST:
        return None
    fixed = text.rstrip(": ")
    if _PART.fullmatch(fixed):
        return i + 1, Mark("part", text)
    if _GROUP.fullmatch(fixed):
        return i + 1, Mark("group", text)
    if match := _ROMAN.match(text):
        end = _capitals_end(lines, i, match.end()) or shaped_end(lines, i, width)
        number = _roman(match.group(1))
        return (end, Mark("chapter", _title(lines, i, end), (number,))) if end and number else None
    if found := _article_at(lines, i, width):
        return found
    if _BEARING.match(text) and (end := _capitals_end(lines, i, 0)):
        return end, Mark("programme", _title(lines, i, end))
    return _counted_at(lines, i, width, chapters)


def _counted_at(
    lines: Sequence[Line], i: int, width: int | None, chapters: dict[int, int]
) -> tuple[int, Mark] | None:
    text = lines[i].text
    if (match := _DECIMAL.match(text)) and (end := shaped_end(lines, i, width)):
        return end, Mark("number", _title(lines, i, end), tuple(map(int, match.group(1).split("."))), ".")
    if i in chapters and (end := shaped_end(lines, i, width)):
        return end, Mark("number", _title(lines, i, end), (chapters[i],), "chapter")
    if (match := _COUNTED.match(text)) and (end := shaped_end(lines, i, width)):
        return end, Mark("number", _title(lines, i, end), (int(match.group(1)),), match.group(2))
    if (
        (match := _LABEL.match(text))
        and not _CAPTION.match(text)
        and (end := shaped_end(lines, i, width, colon=True))
    ):
        number = int(match.group(2)) if match.group(2).isdecimal() else _roman(match.group(2))
        return end, Mark("label", _title(lines, i, end), (number,), match.group(1).casefold())
    return None


def _article_at(lines: Sequence[Line], i: int, width: int | None) -> tuple[int, Mark] | None:
    """A budget article: its code, which may break over two lines, and its title, in capitals or set apart."""
    text, first = lines[i].text, i
    if _BROKEN_CODE.fullmatch(text) and i + 1 < len(lines) and lines[i + 1].gap == 0:
        text, first = text + lines[i + 1].text, i + 1
    match = _CODE.match(text)
    if match is None or not any(c.isalpha() for c in text[match.end() :]):
        return None
    if _are_capitals(text[match.end() :]):
        end = _capitals_end(lines, first, 0 if first > i else match.end())
    else:
        end = shaped_end(lines, first, width) if match.group("dash") else None
    return (end, Mark("article", _title(lines, i, end))) if end else None


def free_at(lines: Sequence[Line], i: int, width: int | None) -> tuple[int, Mark] | None:
    """A heading without number, by its shape alone: short, a capital first, no full stop, no verb, set apart.

    What follows it decides the rest, which is not seen here.
    """
    text = lines[i].text
    if not text.lstrip("(‘“'\"«")[:1].isupper() or _NEVER.match(text) or "://" in text[:LONGEST]:
        return None
    if end := _resolution_end(lines, i):
        return end, Mark("free", _title(lines, i, end), series="file")
    end = shaped_end(lines, i, width, colon=True)
    if end is None or end - i > 2:
        return None
    title = _title(lines, i, end)
    longest = 0.95 if end - i == 1 else 1.9
    if _runs_on(lines, end) or (end - i == 1 and end < len(lines) and lines[end].turn):
        longest = 0.8  # nearer to the margin it may be the first line of a paragraph
    if len(title) > longest * (width or 100) or len(list(sentences(title))) > 1:
        return None
    words = len(title.split())
    if words > {"?": _LONGEST_QUESTION, ":": 4}.get(title[-1], 99) or (
        _VERB.search(title) and title[-1] != "?"
    ):
        return None
    letters = sum(c.isalpha() for c in title)
    if letters < 3 or letters < 0.6 * len(title.replace(" ", "")):
        return None
    return end, Mark("capitals" if letters >= 8 and _are_capitals(title) else "free", title)


def shaped_end(lines: Sequence[Line], i: int, width: int | None, *, colon: bool = False) -> int | None:
    """Where a heading that starts at line `i` ends by its shape, None when it has not the shape of one.

    It has few lines and no closing punctuation, and after it comes a blank line, or text that starts with a
    capital where its first word would still have fitted on the last line of the heading.
    """
    end, length = i + 1, len(lines[i].text)
    while _runs_on(lines, end) and _wraps(lines[end - 1].text, lines[end].text, width):
        length += 1 + len(lines[end].text)
        end += 1
        if end - i > _TALLEST or length > LONGEST:
            return None
    last = lines[end - 1].text
    if (
        length > LONGEST
        or unfinished(last)
        or (ends_sentence(last) and not last.endswith(("?", ":") if colon else "?"))
    ):
        return None
    if _runs_on(lines, end):
        below = lines[end].text
        return end if end - i <= 2 and below[:1].isupper() and len(below) >= 0.6 * (width or 80) else None
    return end


def _runs_on(lines: Sequence[Line], end: int) -> bool:
    """Whether the line at `end` stands directly below the one before it, on the same page."""
    return end < len(lines) and lines[end].gap == 0 and not lines[end].turn


def _wraps(line: str, below: str, width: int | None) -> bool:
    """Whether a heading goes on in the line below; headings are set larger, so the margin alone does not tell."""
    return (
        below[:1].islower()
        or dangles(line)
        or reaches_margin(line, below, width)
        or (_are_capitals(line) and _are_capitals(below))
    )


def _capitals_end(lines: Sequence[Line], i: int, title: int) -> int | None:
    """Where a heading in capitals ends whose title starts at offset `title` of line `i`; None when it is not."""
    if not _are_capitals(lines[i].text[title:]):
        return None
    end = i + 1
    while end < len(lines) and end - i < _TALLEST and lines[end].gap == 0 and _are_capitals(lines[end].text):
        if any(start.match(lines[end].text) for start in (_CODE, _ROMAN, _DECIMAL, _COUNTED, _BEARING)):
            break
        end += 1
    return end


def _resolution_end(lines: Sequence[Line], i: int) -> int | None:
    """Where the title of a parliamentary file ends: before its authors (`van ...`), above its file number."""
    authors = None
    for k in range(i + 1, min(i + 10, len(lines))):
        if lines[k].gap:
            return None
        if authors is None and re.match(r"van [A-Z]", lines[k].text):
            authors = k
        if _FILE_NUMBER.match(lines[k].text):
            return authors
    return None


def chapter_lines(lines: Sequence[Line], closing: dict[int, int], width: int | None) -> dict[int, int]:
    """Which lines open a chapter whose number has no dot (`3Doelgroepen`, `3 Doelgroepen`), and that number.

    Only a count from 1 makes such numbers credible. `closing` gives the numbers that were printed elsewhere on
    the page that the chapter opens, by the start of its first line.
    """
    chapters: dict[int, int] = {}
    last = 0
    for i, line in enumerate(lines):
        match = _PLAIN.match(line.text) if len(line.text) <= LONGEST else None
        number = closing.get(line.start)
        if (
            match is not None
            and (i == 0 or line.gap or line.turn)
            and not _MONTH.match(line.text, match.end())
        ):
            number = int(match.group(1))
        if (
            number is not None
            and last < number <= last + 2
            and (last or number == 1)
            and shaped_end(lines, i, width)
        ):
            chapters[i] = last = number
    return chapters if len(chapters) > 1 else {}


def _title(lines: Sequence[Line], i: int, end: int) -> str:
    return " ".join(line.text for line in lines[i:end])


def _are_capitals(text: str) -> bool:
    """Whether seven letters of ten are capitals, the marks of an enumeration and small words aside."""
    letters = [c for c in text[:LONGEST] if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) >= 0.7 * len(letters)


def _roman(text: str) -> int:
    """The value of a Roman number, 0 when it is not written as one: `XIV` -> 14, `IIX` -> 0."""
    values = [_ROMAN_DIGITS.get(c, 0) for c in text]
    total = sum(-v if any(w > v for w in values[k + 1 : k + 2]) else v for k, v in enumerate(values))
    return total if _as_roman(total) == text else 0


def _as_roman(number: int) -> str:
    parts = (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    written = ""
    for value, letters in parts:
        while number >= value:
            written, number = written + letters, number - value
    return written
