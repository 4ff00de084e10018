"""Article codes in every spelling that people and documents use, brought to one written form.

A code such as `JB0-1JDB2CA-WT` says entity `JB0`, flow `1` (expenditure) or `9` (receipt), programme `JD`,
a letter `B`, the kind of credit `2` (a letter for receipts: `A` general, `T` assigned, `L` loan), the
structure element `C`, the sequence `A`, and the ESR aggregate `WT`. No letter is tied to one minister.
Does not know which codes exist: `candidates` is told.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Form = Literal["whole", "article", "programme", "short"]

# A hyphen as typed, as typeset, as pdfium marks a line end (U+0002, U+FFFE), and the invisible one.
HYPHEN = "[-\u00ad\u2010-\u2015\u2212\u0002\ufffe]"
_AFTER = r"(?![^\W_])"
_ESR = "WT|IS|LO|PR|PA|LE|OW|OI|OP"
_CORE = re.compile(
    r"(?<![^\W_])(?:"
    rf"(?P<entity>[A-Z]{{2}}[0-9O])\s{{0,3}}{HYPHEN}?\s{{0,3}}(?P<whole>1[A-Z]{{3}}\d[A-Z]{{2}}|9[A-Z]{{6}})"
    r"|(?P<article>1[A-Z]{3}\d[A-Z]{2}|9[A-Z]{3}[ATL][A-Z]{2})"
    r"|(?P<programme>[A-Z]{3}\d[A-Z]{2})"
    rf"|(?P<short>\d[A-Z]{{2}}|[ATL][A-Z]{{2}}(?={HYPHEN}(?:O[WIP]|WT){_AFTER}))"
    rf"){_AFTER}",
    re.IGNORECASE,
)
# Any two letters right behind a hyphen; over a line end only a known aggregate ("1JDB2CA- en 1JDB2CB");
# behind a blank only what is no Dutch word ("is", "op").
_SUFFIX = re.compile(
    rf"{HYPHEN}(?P<any>[A-Z]{{2}}){_AFTER}"
    rf"|(?:{HYPHEN}\s{{1,3}}|\s{{1,3}}{HYPHEN})(?P<broken>{_ESR}){_AFTER}"
    rf"|\s(?P<spaced>WT|LO|PR|PA|LE|OW|OI|(?-i:IS|OP)){_AFTER}",
    re.IGNORECASE,
)
_SHORT_SUFFIX = re.compile(rf"{HYPHEN}\s{{0,3}}(?P<any>{_ESR}){_AFTER}", re.IGNORECASE)
_SEPARATORS = re.compile(rf"(?:{HYPHEN}|[\s.,;:?!()\[\]'\"`‘’“”])+")
_SPOKEN = re.compile(
    r"(?:(?P<entity>[A-Z]{2}[0-9O])-?)?"
    r"(?P<core>1[A-Z]{3}\d[A-Z]{2}|9[A-Z]{6}|[A-Z]{3}\d[A-Z]{2}|\d[A-Z]{2}|[ATL][A-Z]{2}(?=-?(?:O[WIP]|WT)))"
    rf"(?:-(?P<any>[A-Z]{{2}})|(?P<glued>{_ESR}))?"
)


@dataclass(frozen=True, slots=True)
class CodeMention:
    """A code at `text[start:end]`, in capitals and with plain hyphens, as far as it was written out.

    `form` says how much was: `whole` with the entity, `article` without it, `programme` also without the
    flow, `short` only the last three characters (`2CA`); each with or without the suffix.
    """

    code: str
    start: int
    end: int
    form: Form


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a whole code says.

    `JB0-1JDB2CA-WT` -> `CodeParts("JB0", "1", "JD", "B", "2", "C", "A", "WT")`
    """

    entity: str
    flow: str
    programme: str
    letter: str
    kind: str
    element: str
    sequence: str
    suffix: str | None


def find_codes(text: str) -> list[CodeMention]:
    """Every code in a text, also broken over lines, in order and never overlapping.

    A short form without suffix (`2CA`) is left out: it looks like an ordinal (`2de`) or a unit.

    `find_codes("uit CB0-\\n1CBG2AB-PR")` -> `[CodeMention("CB0-1CBG2AB-PR", 4, 19, "whole")]`
    """
    return mentions(text)


def mentions(text: str, known: Collection[str] = ()) -> list[CodeMention]:
    """As `find_codes`; with the codes that exist, also a bare short form that means one of them (`2ca`)."""
    found = []
    for match in _CORE.finditer(text):
        form = _form(match)
        core = match[form].upper()
        if match["entity"]:
            core = f"{_entity(match['entity'])}-{core}"
        suffix = (_SHORT_SUFFIX if form == "short" else _SUFFIX).match(text, match.end())
        if suffix:
            letters = next(filter(None, suffix.groups())).upper()
            found.append(CodeMention(f"{core}-{letters}", match.start(), suffix.end(), form))
        elif form != "short" or candidates(core, known):
            found.append(CodeMention(core, match.start(), match.end(), form))
    return found


def canonical(text: str) -> str | None:
    """The written form of one code, as whole as it was typed, or None when the text is something else.

    `canonical("jb0 1jdb2ca wt")` -> `"JB0-1JDB2CA-WT"`; `canonical("2ca")` -> `"2CA"`;
    `canonical("VOP")` -> None
    """
    match = _SPOKEN.fullmatch(_SEPARATORS.sub("-", text.upper()).strip("-"))
    if match is None:
        return None
    suffix = match["any"] or match["glued"]
    entity = f"{_entity(match['entity'])}-" if match["entity"] else ""
    return f"{entity}{match['core']}{'-' + suffix if suffix else ''}"


def candidates(spoken: str, known: Collection[str]) -> list[str]:
    """The known whole codes that a spelling can mean, in alphabetical order.

    One result is certain, several are ambiguous, none is an unknown article:
    `candidates("2ch", ["JB0-1JDB2CH-WT", "JB0-1JDB2CH-IS"])` -> `["JB0-1JDB2CH-IS", "JB0-1JDB2CH-WT"]`
    """
    code = canonical(spoken)
    if code is None:
        return []
    parts = _SPOKEN.fullmatch(code)
    assert parts is not None, "a canonical code is its own spelling"
    entity, core, suffix = parts["entity"], parts["core"], parts["any"]
    fitting = {
        whole
        for whole in known
        if (body := whole[4:].split("-"))[0].endswith(core)
        and (entity is None or whole.startswith(f"{entity}-"))
        and (suffix is None or body[1:] == [suffix])
    }
    return sorted(fitting)


def resolve(mention: CodeMention, known_codes: Collection[str]) -> tuple[str, ...]:
    """`candidates` for a code that was found in a text."""
    return tuple(candidates(mention.code, known_codes))


def parts(code: str) -> CodeParts | None:
    """What the letters of a whole code say, or None when the entity or the flow is missing."""
    match = _SPOKEN.fullmatch(code)
    if match is None or match["entity"] is None or len(match["core"]) != 7:
        return None
    core = match["core"]
    return CodeParts(match["entity"], core[0], core[1:3], core[3], core[4], core[5], core[6], match["any"])


def _entity(spelling: str) -> str:
    # The third character is a digit; a letter O there is a misreading of zero.
    return f"{spelling[:2]}{spelling[2].replace('O', '0').replace('o', '0')}".upper()


def _form(match: re.Match[str]) -> Form:
    forms: tuple[Form, ...] = ("whole", "article", "programme", "short")
    return next(form for form in forms if match[form])
