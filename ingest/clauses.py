"""Dutch sentences as their clauses show them: words, main clauses, participles, finite verbs.

Does not judge what a sentence means.
"""

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"[\w’'&/.()-]*\w[\w’'&/()-]*|[,;:–]")
BREAKS = frozenset(",;:–")
# What opens a clause that has its verb at the end: what stands in there announces nothing by itself.
_SUBORDINATING = frozenset(
    "zodat opdat omdat doordat totdat nadat voordat waarbij waarmee waardoor waarin waarop waarvan waarvoor "
    "waarover waaruit waaraan waaronder waartoe waar indien wanneer hoe welke welk wat terwijl zolang zodra "
    "hoewel ofschoon tenzij aangezien toen".split()
)
_PREPOSITIONS = frozenset(
    "in met op voor van bij door naar over uit aan tot binnen tijdens rond tegen onder vanuit via sinds".split()
)

MODAL = frozenset("moet moeten mag mogen kan kunnen dient dienen".split())
FINITE = MODAL | frozenset("is zijn heeft hebben wordt worden werd werden bedraagt we".split())
_POSSIBLE = frozenset("nodig mogelijk wenselijk zinvol gepast relevant".split())
_PARTICIPLE = re.compile(
    r"(?!\w*(?:heden|ingen)$)(?:\w{0,12}ge(?:\w{2,}(?:d|t|en)|\w+aan)|\w{0,8}(?:be|ver|ont|her|over|onder|voor)\w{2,}(?:d|t|en)|\w+eerd)$"
)
_NO_PARTICIPLE = frozenset(
    "beleid overheid bestuur verkeer overleg onderwijs gebied gezond gemeente gemeenten geheel geld bekend verband "
    "overheden besturen gebieden verschillend verschillende bijzonder bevoegd geschikt voorbeeld "
    "tegelijkertijd ontspannen".split()
)


def words_of(sentence: str) -> list[str]:
    """The words of a sentence in small letters, and the marks that end a clause: `"Wij gaan."` -> `["wij", "gaan"]`."""
    return [token.lower() for token in _TOKEN.findall(sentence)]


def subordinate(words: Sequence[str], i: int) -> bool:
    """Whether word `i` lies in a clause that a conjunction or a relative pronoun opened since the last comma."""
    for j in range(i - 1, -1, -1):
        if words[j] in BREAKS:
            return False
        if _opens(words, j):
            return True
    return False


def _opens(words: Sequence[str], j: int) -> bool:
    """Whether word `j` opens a subordinate clause; `in die gebieden`, `waar nodig`, `jong als oud` do not."""
    if words[j + 1 : j + 2] and words[j + 1] in _POSSIBLE:
        return False
    if words[j] in ("die", "dat"):
        return j > 0 and words[j - 1] not in _PREPOSITIONS
    if words[j] == "als":
        return j == 0 or words[j - 1] in BREAKS or words[j + 1 : j + 2] in (["er"], ["we"], ["ze"], ["zij"])
    return words[j] in _SUBORDINATING


def main_clauses(words: Sequence[str]) -> list[str]:
    """The words outside the clauses that a conjunction or a relative pronoun opens, up to the comma that ends each.

    Where that comma was left out, a second verb that stands apart begins the main clause again:
    `de taken die zij opnemen worden door het departement bepaald`.
    """
    main: list[str] = []
    inside = False
    for i, word in enumerate(words):
        if word in BREAKS:
            inside = False
        elif _opens(words, i):
            inside = True
        elif inside and word in ("wordt", "worden"):
            following = words[i + 1 : i + 2]
            inside = not following or following[0] in BREAKS or is_participle(following[0])
        elif inside and word in ("krijgt", "krijgen"):
            inside = words[i - 1] not in ("is", "zijn", "heeft", "hebben")
        if not inside:
            main.append(word)
    return main


def is_participle(word: str) -> bool:
    """Whether a word in small letters has the form of a past participle: `opgeheven`, `hervormd`; not `overheid`."""
    return bool(_PARTICIPLE.search(word)) and word not in _NO_PARTICIPLE
