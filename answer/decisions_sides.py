"""Questions that set two receivers, places, editions or years side by side: the decision on each, found by itself.

question -> its two sides -> one question for each, the other side left out -> the decision on it -> its best sentences
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answer.extract_runs import Run, runs
from answer.quotes import Quote, joined
from answer.weighing import rarity, share, terms_of
from ingest.analysis import MONTHS, STOPWORDS, grams, tokens
from ingest.reading import cleaned
from ingest.records import Metadata
from retrieval.corpus import Corpus
from retrieval.naming import opening
from retrieval.query import Query, understand
from retrieval.records import Evidence, Filters
from retrieval.search import find

_NAMED = 0.75  # least share of what names a side, by rare grams, in the decision on it
_ABOUT = 0.5  # the same of the rest of the question, where a time or an edition is all that names a side
_NEAR = 0.1  # how much less of the rest another edition may hold
_NEAR_BEST = 0.5  # of the score of the first one found
_I = re.IGNORECASE
_GRANTS = re.compile(
    r"\b(?:krijg\w*|kreeg|kregen|ontv(?:ang|ing)\w*|\w*subsidies?|gesubsidieerd\w*|toelages?|\w*steun|bedrag\w*|euro|premies?|dotaties?"
    r"|toegekend\w*|\w*financiering|g(?:aat|ing) (?:er )?naar)\b",
    _I,
)
_GETS = r"krijg\w*|kreeg|kregen|ontv(?:ang|ing)\w*|gaat|ging|gingen|toegekend"
_AMOUNT = re.compile(r"\d\s?(?:miljoen |miljard )?euro\b|€\s?\d", _I)
# `hoeveel projecten` asks for a number, `hoeveel kreeg` and `hoeveel subsidie` for an amount.
_COUNTS = re.compile(
    rf"\bhoeveel (?!(?:{_GETS}|de|het|een|\w*subsidies?|\w*steun|euro|geld|toelage|middelen)\b)[a-z]+en\b", _I
)
_HOW_MUCH = r"(?:hoeveel|wat|welk bedrag|welke subsidie)"
_TWICE = re.compile(
    rf"\b{_HOW_MUCH}\b(?P<one>.{{2,200}}?),? en (?:ook )?{_HOW_MUCH}\b(?P<other>.{{2,200}})", _I
)
_MORE_WORDS = (
    r"meer|minder|(?:het |de )?(?:meeste?|minste?|hoogste|grootste|laagste|kleinste)|hoger|groter|lager|kleiner|evenveel"
    r"|(?:het )?verschil\w*|vergelijk\w*|versus|vs|tegenover"
)
_MORE = re.compile(rf"\b(?:{_MORE_WORDS})\b", _I)
_EACH = re.compile(r"\bhoeveel\b.*\b(?:kregen|krijgen|ontvingen|ontvangen)\b", _I)
_TOGETHER = re.compile(r"\b(?:samen|in totaal|opgeteld)\b", _I)
# What stands between a side and the rest of a question.
_EDGE = re.compile(
    rf"[,:;?!]|\b(?:{_GETS}|{_MORE_WORDS}|wie|wat|welke?|hoeveel|was|is|werd|tussen|\w*subsidies?|toelages?|\w*steun|euro|geld)\b(?: aan\b)?",
    _I,
)
_OR = re.compile(r"\s+(?:of|dan|versus|vs\.?|tegenover)\s+(?!(?:meer|minder)\b)", _I)
_AND = re.compile(r"\s+(?:en|met)\s+", _I)
_OPENS = re.compile(r"\b(?:tussen|vergelijk\w*|kregen|krijgen|ontvingen|ontvangen)\b", _I)
_SHARED = re.compile(r"\s+(?P<by>voor|als|om|in het kader van|bij|van (?:de|het))\s.*$", _I)
_POINTING = re.compile(r"^(?:die|dat|deze)\b\s*", _I)
_HEAD = re.compile(r"^(.*?)\s+(?:aan|voor|van|in|bij)\s", _I)
_PLACED = re.compile(r"^(?:in|voor|aan|naar|bij|tijdens)\b", _I)
_TIME = re.compile(r"\b(?:19|20)\d\d\b")
_YEARS = re.compile(
    rf"(?P<one>\b(?:(?:in|voor|tussen) )?(?:19|20)\d\d) (?:en|of|dan|versus|vs\.?|tegenover|met|ten opzichte van)"
    rf"(?: (?:{_HOW_MUCH}))? (?P<other>(?:(?:in|voor) )?(?:19|20)\d\d\b)",
    _I,
)
_ORDINAL = re.compile(r"\b(?:eerste|tweede|derde|vierde|vijfde|laatste|vorige)\b", _I)
_ONE = re.compile(
    rf"\b{_HOW_MUCH}\b(?: \w+){{0,2}} (?:{_GETS}) (?P<who>(?!(?:de|het) (?:regering|overheid)\b).+?)(?: (?:voor|om|in het kader van|uit)\b(?P<rest>.*?))?[?.!]?$",
    _I,
)
# An amount for several receivers: a sum, or one that a list follows.
_IN_ALL = re.compile(
    r"\b(?:in totaal|totaal\w*|samen|gezamenlijk|verdeeld)\b|:[^.;]*[,;][^.;]*(?:[,;]| en )", _I
)
_READ = 6  # passages
_NEAR_RUN = 2.0  # how much worse the sentence on one receiver may answer; a unit of `extract_runs`
_NO_NAME = frozenset("gemeente stad provincie vzw project subsidie die dat aan hoeveel".split())


@dataclass(frozen=True, slots=True)
class Sides:
    """What a question sets side by side, and the rest of it, which holds for both."""

    one: str
    other: str
    rest: str


def beside(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """The best sentences of the decision on each side, in the question's order.

    None where a side has no decision of its own, and where what was found first is no decision or tells of both.
    """
    sides = sides_of(query.text)
    if sides is None or not evidence or evidence[0].meta.kind != "beslissing":
        return []
    if _tells_of_both(corpus, evidence[0], sides):
        return []
    told = []
    for side, opposite in ((sides.one, sides.other), (sides.other, sides.one)):
        asked = understand(f"Hoeveel {sides.rest} {side}?", (), corpus.terms, corpus.uses)
        if (found := _on(corpus, asked, side, opposite, sides.rest)) is None:
            return []
        told.append((asked, found))
    if told[0][1].meta.id == told[1][1].meta.id:
        return []
    return [_told(corpus, asked, found) for asked, found in told]


def alone(corpus: Corpus, query: Query, evidence: Sequence[Evidence]) -> list[Quote]:
    """What the decision on one receiver says it gets, where a better sentence tells what several get together.

    That sentence follows, unless the receiver's own decision tells of the purpose that is asked for.
    """
    asked = _ONE.search(query.text)
    if asked is None or not (names := _names(asked["who"])):
        return []
    told = [run for run in runs(corpus, query, evidence[:_READ]) if _AMOUNT.search(run.quote.text)]
    if not told or told[0].quote.evidence.meta.kind != "beslissing":
        return []
    best = told[0].quote
    if not _IN_ALL.search(best.text) or _share(corpus, names, _titles(best.evidence.meta)) >= _NAMED:
        return []
    near = (r.quote for r in told if r.score >= told[0].score - _NEAR_RUN)
    own = next((q for q in near if _share(corpus, names, _titles(q.evidence.meta)) >= _NAMED), None)
    if own is None or own.evidence.meta.kind != "beslissing":
        return []
    opened = replace(own, text=f"{opening(own.evidence.meta)} {own.text}".strip())
    purpose = _names(asked["rest"] or "")
    return [opened] if _share(corpus, purpose, _all_of(own.evidence)) >= _ABOUT else [opened, best]


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
    if not re.search(rf"\b(?:{_GETS}|werd|werden|was|is)\b", other, _I):
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
    if (ordinal := _ORDINAL.search(one)) and ordinal.end() == len(one) and (its := _ORDINAL.search(other)):
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
    parts = [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if _names(left[a:b])]
    return parts[-1] if parts else (0, 0)


def _bare(text: str) -> str:
    """Words without those that compare and ask."""
    kept = re.sub(rf"\b(?:{_MORE_WORDS}|{_HOW_MUCH}|wie|welke?|was|is|tussen)\b|[?!:;,]", " ", text, flags=_I)
    return " ".join(_POINTING.sub("", kept.strip()).split())


def _is_name(side: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in side)


def _on(corpus: Corpus, asked: Query, side: str, opposite: str, rest: str) -> Evidence | None:
    """The decision on a side: that names it, best in its title; is of its time; or is of its edition."""
    names = _names(side, opposite)
    if not names:
        return None
    time = _TIME.search(side)
    only_time = time is not None and all(w.isdigit() or w in MONTHS for w in names)
    years = (int(time.group()),) if time and only_time else ()
    found = find(corpus, asked, filters=Filters(year=years))
    if not found or found[0].meta.kind != "beslissing":
        return None
    near = [
        e
        for e in found
        if e.meta.kind == "beslissing"
        and e.score >= _NEAR_BEST * found[0].score
        and (_COUNTS.search(asked.text) or _AMOUNT.search(_text(corpus, e.meta)))
    ]
    if only_time:
        return next((e for e in near if _share(corpus, tokens(rest), _all_of(e)) >= _ABOUT), None)
    if all(_ORDINAL.fullmatch(name) for name in names):
        return _of_edition(corpus, near, side, rest)
    titled = (e for e in near if _share(corpus, names, _titles(e.meta)) >= _NAMED)
    told = (e for e in near if _share(corpus, names, _all_of(e)) >= _NAMED)
    return next(titled, None) or next(told, None)


def _of_edition(corpus: Corpus, near: Sequence[Evidence], side: str, rest: str) -> Evidence | None:
    """The decision that has the edition in its title; the first or last one on the rest of the question, where none has."""
    ordinal = _ORDINAL.search(side)
    assert ordinal is not None, "an edition has a number"
    named = " ".join(tokens(side[ordinal.start() :]))
    if literal := next((e for e in near if named in " ".join(tokens(_titles(e.meta)))), None):
        return literal
    held = [(_share(corpus, _names(rest), _all_of(e)), e) for e in near]
    best = max(much for much, _ in held)
    dated = sorted(
        (e for much, e in held if much >= max(_ABOUT, best - _NEAR)), key=lambda e: e.meta.date or ""
    )
    if not dated or ordinal.group().lower() not in ("eerste", "laatste"):
        return None
    return dated[0] if ordinal.group().lower() == "eerste" else dated[-1]


def _tells_of_both(corpus: Corpus, found: Evidence, sides: Sides) -> bool:
    pairs = ((sides.one, sides.other), (sides.other, sides.one))
    names = [[w for w in _names(*pair) if not w.isdigit() and not _ORDINAL.fullmatch(w)] for pair in pairs]
    return all(names) and all(_share(corpus, own, _all_of(found)) >= _NAMED for own in names)


def _names(text: str, without: str = "") -> list[str]:
    """The words that name something, those of another text left out."""
    return [w for w in tokens(text) if w not in {*tokens(without), *STOPWORDS, *_NO_NAME}]


def _text(corpus: Corpus, meta: Metadata) -> str:
    document = corpus.document(meta.id)
    assert document is not None, "a decision of the corpus is a document of the corpus"
    return document.text


def _share(corpus: Corpus, words: Sequence[str], text: str) -> float:
    return share(rarity(corpus, [(gram, 1.0) for gram in grams(words)]), terms_of(text, "grams"))


def _titles(meta: Metadata) -> str:
    return f"{meta.title} {meta.official_title or ''}"


def _all_of(found: Evidence) -> str:
    return f"{_titles(found.meta)} {found.passage.text}"


def _told(corpus: Corpus, asked: Query, found: Evidence) -> Quote:
    """The sentences of a decision that answer best, its titles left out, with the words that say its day."""
    told = runs(corpus, asked, [found])
    granted = [run for run in told if _AMOUNT.search(run.quote.text)]
    run = told[0] if _COUNTS.search(asked.text) or not granted else granted[0]
    quote = _without_titles(run, cleaned(_titles(found.meta)))
    return replace(quote, text=f"{opening(found.meta)} {quote.text}".strip())


def _without_titles(run: Run, titles: str) -> Quote:
    first = next(
        (n for n in range(run.opening, run.last + 1) if run.group[n].text not in titles), run.opening
    )
    return joined(run.group[first], run.group[run.last])
