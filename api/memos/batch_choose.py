"""Which commitments a reader means: an id, a number, words of a heading, a domain."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ingest.records import Commitment

Named = Mapping[str, Commitment]
_NEAREST = 5
_FEWEST_LETTERS = 4  # of a part of a word: `discriminatie` in `antidiscriminatiebeleid`
_MOST_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was asked and could not be told: it fits several commitments, or none and these come nearest."""

    asked: str
    fits_several: bool
    candidates: tuple[str, ...]

    @property
    def message(self) -> str:
        """The Dutch sentence for the reader, with the candidates."""
        shown = "; ".join(self.candidates[:_MOST_CANDIDATES])
        more = (
            f" en nog {len(self.candidates) - _MOST_CANDIDATES}"
            if len(self.candidates) > _MOST_CANDIDATES
            else ""
        )
        if self.fits_several:
            return f"‘{self.asked}’ past bij {len(self.candidates)} secties; noem er een bij zijn id: {shown}{more}."
        if not self.candidates:
            return f"‘{self.asked}’ is geen sectie of domein: dit corpus bevat geen regeerakkoord."
        return f"‘{self.asked}’ is geen sectie of domein van het regeerakkoord; het dichtst in de buurt: {shown}."


def named(commitments: Iterable[Commitment]) -> dict[str, Commitment]:
    """Each commitment by the name of its files: its id, with that of its document before it where two share one."""
    found: dict[str, Commitment] = {}
    for one in commitments:
        name = one.id if one.id not in found else f"{_plain(one.document_id)}--{one.id}"
        assert re.fullmatch(r"[\w.-]+", name) and not name.startswith("."), "an id is a slug and a number"
        found[name] = one
    return found


def choose(
    commitments: Named, sections: Sequence[str], domains: Sequence[str] = ()
) -> tuple[dict[str, Commitment], list[Unclear]]:
    """The commitments that the words mean, in their order in the agreement, and the words that were unclear.

    Domains alone mean all their sections; with sections they say where to look for those.
    """
    unclear: list[Unclear] = []
    within: dict[str, Commitment] = {} if domains else dict(commitments)
    for asked in domains:
        found = _of_domain(commitments, asked)
        within |= found
        if not found:
            names = list(dict.fromkeys(one.domain for one in commitments.values()))
            unclear.append(Unclear(asked, False, _nearest(asked, {name: name for name in names})))
    if unclear or not sections:
        return _in_order(commitments, within), unclear
    chosen: set[str] = set()
    for asked in sections:
        fitting = _fitting(within, asked)
        if len(fitting) == 1:
            chosen.update(fitting)
        elif fitting:
            unclear.append(Unclear(asked, True, tuple(_shown(name, within[name]) for name in fitting)))
        else:
            keys = {key: _shown(n, c) for n, c in within.items() for key in (n, _heading(c))}
            unclear.append(Unclear(asked, False, _nearest(asked, keys)))
    return _in_order(commitments, chosen), unclear


def _in_order(commitments: Named, chosen: Iterable[str]) -> dict[str, Commitment]:
    wanted = set(chosen)
    return {name: one for name, one in commitments.items() if name in wanted}


def _of_domain(commitments: Named, asked: str) -> dict[str, Commitment]:
    """The sections of the domain of this name, else of every domain that holds its words."""
    exact = {n: c for n, c in commitments.items() if _words(c.domain) == _words(asked)}
    words = set(_words(asked))
    return exact or {n: c for n, c in commitments.items() if words and words <= set(_words(c.domain))}


def _fitting(within: Named, asked: str) -> list[str]:
    """The names that an id, a number, a heading or words of one fit; the first of these that fits any decides."""
    plain, words = asked.strip().lower(), _words(asked)
    if not words:
        return []
    tests = (
        lambda n, _: n.lower() == plain,
        lambda n, c: c.id.lower() == plain,
        lambda _, c: _number(c) == plain.rstrip("."),
        lambda _, c: _words(_heading(c)) == words or _words(_without_number(c)) == words,
        lambda _, c: set(words) <= set(_words(_heading(c))),
        lambda _, c: set(words) <= {word for heading in c.path for word in _words(heading)},
        lambda _, c: all(
            len(word) >= _FEWEST_LETTERS and word in " ".join(_words(_heading(c))) for word in words
        ),
    )
    for fits in tests:
        found = [name for name, one in within.items() if fits(name, one)]
        if found:
            return found
    return []


def _nearest(asked: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    """What the keys that look most like the words stand for; the first ones when none does."""
    by_plain = {" ".join(_words(key)): shown for key, shown in keys.items()}
    close = get_close_matches(" ".join(_words(asked)), by_plain, _NEAREST, cutoff=0.4)
    return (
        tuple(dict.fromkeys(by_plain[key] for key in close)) or tuple(dict.fromkeys(keys.values()))[:_NEAREST]
    )


def _shown(name: str, commitment: Commitment) -> str:
    return f"{name} ({_heading(commitment)})"


def _heading(commitment: Commitment) -> str:
    return commitment.path[-1]


def _number(commitment: Commitment) -> str:
    found = re.match(r"\d+(?:\.\d+)*", _heading(commitment))
    return found.group() if found else ""


def _without_number(commitment: Commitment) -> str:
    return _heading(commitment)[len(_number(commitment)) :]


def _words(text: str) -> list[str]:
    """`"1.2 Één beléid"` -> `["1.2", "een", "beleid"]`."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"\d+(?:\.\d+)+|\w+", folded)


def _plain(document_id: str) -> str:
    return "-".join(_words(document_id)) or "document"
