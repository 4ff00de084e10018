"""The two receivers, places, editions or years that a question sets side by side."""

import re
from dataclasses import dataclass

from answer.decisions_granted import GETS, HOW_MUCH, names

_I = re.IGNORECASE
_GRANTS = re.compile(
    r"\b(?:krijg\w*|kreeg|kregen|ontv(?:ang|ing)\w*|\w*subsidies?|gesubsidieerd\w*|toelages?|\w*steun|bedrag\w*|euro|premies?|dotaties?"
    r"|toegekend\w*|\w*financiering|g(?:aat|ing) (?:er )?naar)\b",
    _I,
)
_TWICE = re.compile(
    rf"\b{HOW_MUCH}\b(?P<one>.{{2,200}}?),? en (?:ook )?{HOW_MUCH}\b(?P<other>.{{2,200}})", _I
)
_MORE_WORDS = (
    r"meer|minder|(?:het |de )?(?:meeste?|minste?|hoogste|grootste|laagste|kleinste)|hoger|groter|lager|kleiner|evenveel"
    r"|(?:het )?verschil\w*|vergelijk\w*|versus|vs|tegenover"
)
_MORE = re.compile(rf"\b(?:{_MORE_WORDS})\b", _I)
_EACH = re.compile(r"\bhoeveel\b.*\b(?:kregen|krijgen|ontvingen|ontvangen)\b", _I)
_TOGETHER = re.compile(r"\b(?:samen|in totaal|opgeteld)\b", _I)
_EDGE = re.compile(
    rf"[,:;?!]|\b(?:{GETS}|{_MORE_WORDS}|wie|wat|welke?|hoeveel|was|is|werd|tussen|\w*subsidies?|toelages?|\w*steun|euro|geld)\b(?: aan\b)?",
    _I,
)
_OR = re.compile(r"\s+(?:of|dan|versus|vs\.?|tegenover)\s+(?!(?:meer|minder)\b)", _I)
_AND = re.compile(r"\s+(?:en|met)\s+", _I)
_OPENS = re.compile(r"\b(?:tussen|vergelijk\w*|kregen|krijgen|ontvingen|ontvangen)\b", _I)
_SHARED = re.compile(r"\s+(?P<by>voor|als|om|in het kader van|bij|van (?:de|het))\s.*$", _I)
_POINTING = re.compile(r"^(?:die|dat|deze)\b\s*", _I)
_HEAD = re.compile(r"^(.*?)\s+(?:aan|voor|van|in|bij)\s", _I)
_PLACED = re.compile(r"^(?:in|voor|aan|naar|bij|tijdens)\b", _I)
_YEARS = re.compile(
    rf"(?P<one>\b(?:(?:in|voor|tussen) )?(?:19|20)\d\d) (?:en|of|dan|versus|vs\.?|tegenover|met|ten opzichte van)"
    rf"(?: (?:{HOW_MUCH}))? (?P<other>(?:(?:in|voor) )?(?:19|20)\d\d\b)",
    _I,
)
ORDINAL = re.compile(r"\b(?:eerste|tweede|derde|vierde|vijfde|laatste|vorige)\b", _I)


@dataclass(frozen=True, slots=True)
class Sides:
    """What a question sets side by side, and the rest of it, which holds for both."""

    one: str
    other: str
    rest: str


def sides_of(text: str) -> Sides | None:
    """The two sides of a question about what was granted, None where it has none.

    `"Wie kreeg meer subsidie, Gent of Brugge?"` -> `Gent` and `Brugge`, of `kreeg subsidie`.
    """
    if not _GRANTS.search(text) or _TOGETHER.search(text):
        return None
    if years := _YEARS.search(text):
        return Sides(
            _bare(years["one"]),
            _bare(years["other"]),
            _bare(f"{text[: years.start()]} {text[years.end() :]}"),
        )
    if twice := _TWICE.search(text):
        return _asked_twice(text[: twice.start()], twice["one"], twice["other"])
    opens = _OPENS.search(text)
    if _MORE.search(text) and (between := _OR.search(text)):
        return _split(text[: between.start()], text[between.end() :])
    if opens and (_MORE.search(text) or _EACH.search(text)) and (between := _AND.search(text, opens.end())):
        found = _split(text[: between.start()], text[between.end() :])
        return found if found and all(_is_name(side) for side in (found.one, found.other)) else None
    return None


def _asked_twice(before: str, one: str, other: str) -> Sides | None:
    """`hoeveel kreeg A voor X en hoeveel voor Y`: the second part may lean on the first one."""
    if not re.search(rf"\b(?:{GETS}|werd|werden|was|is)\b", other, _I):
        return _split(f"{before} {one}", other)
    shared = _SHARED.search(other)
    both = shared.group() if shared and not re.search(rf"\b{shared['by']}\b", one) else ""
    return Sides(_bare(one), _bare(other.removesuffix(both)), _bare(f"{before} {both}"))


def _split(left: str, right: str) -> Sides | None:
    """The sides next to what stands between them, and the rest on both ends."""
    edge = _EDGE.search(right)
    other, after = (right[: edge.start()], right[edge.start() :]) if edge else (right, "")
    start, end = _before(left, other.strip())
    one = left[start:end].strip()
    shared = _SHARED.search(other)
    if (
        shared
        and shared.start() > 0
        and not _POINTING.match(other)
        and not re.search(rf"\b{shared['by']}\b", one)
    ):
        other, after = other[: shared.start()], f"{shared.group()} {after}"
    head = _HEAD.match(one)
    if pointing := _POINTING.match(other):
        other = f"{_POINTING.sub('', head[1]) if head else ''} {other[pointing.end() :]}"
    if (ordinal := ORDINAL.search(one)) and ordinal.end() == len(one) and (its := ORDINAL.search(other)):
        one += other[its.end() :]  # `de eerste en de tweede editie`
    sides = Sides(_bare(one), _bare(other), _bare(f"{left[:start]} {left[end:]} {after}"))
    return sides if sides.one and sides.other else None


def _before(left: str, other: str) -> tuple[int, int]:
    """Where the side before stands: from the same preposition as the other one has, else the last words between edges."""
    placed = _PLACED.match(other)
    if placed and (same := list(re.finditer(rf"\b{placed.group()}\b", left, _I))):
        edge = _EDGE.search(left, same[-1].end())
        return same[-1].start(), edge.start() if edge else len(left)
    bounds = [0, *(at for edge in _EDGE.finditer(left) for at in edge.span()), len(left)]
    parts = [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if names(left[a:b])]
    return parts[-1] if parts else (0, 0)


def _bare(text: str) -> str:
    """Words without those that compare and ask."""
    kept = re.sub(rf"\b(?:{_MORE_WORDS}|{HOW_MUCH}|wie|welke?|was|is|tussen)\b|[?!:;,]", " ", text, flags=_I)
    return " ".join(_POINTING.sub("", kept.strip()).split())


def _is_name(side: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in side)
