"""The two sides of a reallocation: who gives and who gets, in one statement; and the same one told twice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.budget.codes import find_codes, parts
from ingest.budget.records import Transfer

_STRONG = re.compile(
    r"\b(?:(?P<source>vanuit|uit(?!\s+te\b))|(?P<target>naar(?!\s+aanleiding)))\b", re.IGNORECASE
)
_WEAK_SOURCE = re.compile(r"\b(?:herverde\w+|VAK|VEK|keuro|euro)\s+van\s", re.IGNORECASE)
_WEAK_TARGET = re.compile(r"\b(?:bij|voor|ten\s+(?:voordele|gunste)\s+van)\s", re.IGNORECASE)
_UNNAMED = re.compile(
    r"(?P<side>naar|vanuit)\s+(?:verschillende|andere|diverse|meerdere)\s+(?:begrotings)?artikelen",
    re.IGNORECASE,
)
_PROVISION = re.compile(r"(?P<name>\b[\w-]*provisie)\s*(?:\[\w+\]\s*)?\(\s*$", re.IGNORECASE)
_LONGEST_JOINT = 12


@dataclass(frozen=True, slots=True)
class Sides:
    """The articles that a statement names besides the one that tells it.

    `weak` are named without a word of direction ("een tekort bij ..."): the sign of the amount decides.
    They stand between `start` and `end`. `unnamed` is the word of direction when it only says "naar andere
    artikelen" or "vanuit verschillende artikelen".
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    weak: tuple[str, ...]
    unnamed: str | None
    start: int
    end: int

    def __bool__(self) -> bool:
        return bool(self.sources or self.targets or self.weak or self.unnamed)


@dataclass(frozen=True, slots=True)
class Told:
    """One reallocation told by the article that gives (`given`) and by the one that gets (`got`).

    `agrees` is None when one of them tells no amount, else whether the amounts that both tell are equal.
    """

    given: Transfer
    got: Transfer
    agrees: bool | None


def provisions(text: str) -> dict[str, str]:
    """Provisions by name in lower case, where the document puts one code behind the name.

    `"uit de indexprovisie [FB] (CB0-1CBG2AB-PR)"` -> `{"indexprovisie": "CB0-1CBG2AB-PR"}`
    """
    codes: dict[str, set[str]] = {}
    for mention in find_codes(text):
        named = _PROVISION.search(text[max(mention.start - 60, 0) : mention.start])
        if named and parts(mention.code):
            codes.setdefault(named["name"].lower(), set()).add(mention.code)
    return {name: found.pop() for name, found in codes.items() if len(found) == 1 and name != "provisie"}


def sides(text: str, start: int, end: int, teller: str, named: Mapping[str, str]) -> Sides:
    """Who gives and who gets in `text[start:end]`, told in the section of the article `teller`.

    The last word of direction before a code decides; a code that follows another closely shares its side.
    """
    roles: dict[str, list[str]] = {"source": [], "target": [], "weak": []}
    at, role = start, None
    places: list[tuple[int, int]] = []
    for mention in find_codes(text[start:end]):
        begin, stop = start + mention.start, start + mention.end
        said = parts(mention.code)
        role = _role(text[at:begin], role if begin - at <= _LONGEST_JOINT else None)
        at = stop
        if role and said and said.flow == "1" and mention.code != teller:
            roles[role].append(mention.code)
            places.append((begin, stop))
    for name, code in named.items():
        for found in re.finditer(
            rf"\b(?:vanuit|uit)\s+(?:de\s+)?(?:\w+\s+)?{re.escape(name)}\b", text[start:end], re.I
        ):
            if code not in roles["source"]:
                roles["source"].append(code)
                places.append((start + found.start(), start + found.end()))
    unnamed = _UNNAMED.search(text, start, end)
    return Sides(
        tuple(dict.fromkeys(roles["source"])),
        tuple(dict.fromkeys(roles["target"])),
        tuple(dict.fromkeys(roles["weak"])),
        unnamed["side"].lower() if unnamed and not any(roles.values()) else None,
        min((place[0] for place in places), default=start),
        max((place[1] for place in places), default=start),
    )


def told_twice(transfers: Sequence[Transfer]) -> list[Told]:
    """The reallocations that both articles tell, in reading order of the giver.

    A statement about several articles is paired once for each; the plainest statements are paired first.
    A sum over several targets is compared with nothing.
    """
    pairs = [
        (given, got)
        for given in transfers
        for got in transfers
        if given.told_by in given.sources
        and got.told_by in got.targets
        and given.told_by in got.sources
        and got.told_by in given.targets
        and (len(given.targets) == 1 or given.vak is given.vek is None)
    ]
    pairs.sort(key=lambda pair: (len(pair[0].targets), _agree(*pair) is not True, len(pair[1].sources)))
    told: set[tuple[str, int, str]] = set()
    kept = []
    for given, got in pairs:
        side, other = ("given", given.start, got.told_by), ("got", got.start, given.told_by)
        if side not in told and other not in told:
            told |= {side, other}
            kept.append(Told(given, got, _agree(given, got)))
    return sorted(kept, key=lambda pair: pair.given.start)


def _role(between: str, shared: str | None) -> str | None:
    strong = list(_STRONG.finditer(between))
    if strong:
        return "source" if strong[-1]["source"] else "target"
    if shared:
        return shared
    if _WEAK_SOURCE.search(between):
        return "source"
    return "weak" if _WEAK_TARGET.search(between) else None


def _agree(given: Transfer, got: Transfer) -> bool | None:
    both = [
        (a, b) for a, b in ((given.vak, got.vak), (given.vek, got.vek)) if a is not None and b is not None
    ]
    return all(a == b for a, b in both) if both and len(got.sources) == 1 else None
