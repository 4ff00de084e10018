"""What a corpus itself suggests for the thesaurus: names that it defines, lists, budgets or repeats, and that are not in it.

documents, articles -> definitions, abbreviation lists, article titles, frequent word groups -> candidates
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.analysis import STOPWORDS
from ingest.budget.records import Article
from ingest.reading import cleaned, sentences
from ingest.records import Document
from ingest.thesaurus_terms import Terms, content_key, phrase_key

Kind = Literal["definition", "abbreviation", "article", "phrase"]

_DEFINED = re.compile(r"(?P<long>(?:[\w'’&/.-]+\s+){1,12})\((?P<short>[A-Z][A-Za-z&-]*[A-Z][A-Za-z&+-]*)\)")
_LISTED = re.compile(
    r"^\s*(?P<short>\(?[A-Za-z][\w()&²-]*[A-Z][\w()&²-]*)\s+(?P<long>[^\W\d_][^\n]{4,120})$", re.MULTILINE
)
_CAPITALS = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST = 3  # words of a word group
_MANY = 50  # documents, from where it shows which words stand in all of them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the thesaurus lacks, and one place where it stands: `text[start:end]` of the document.

    `count` is how often the corpus uses the abbreviation, the title or the word group, and `documents` in how many
    documents. `abbreviation` is None for what has none.
    """

    kind: Kind
    label: str
    abbreviation: str | None
    count: int
    documents: int
    document_id: str
    start: int
    end: int


def suggest(
    documents: Sequence[Document],
    articles: Iterable[Article],
    terms: Terms,
    *,
    least: int = 5,
    most: int = 100,
) -> list[Candidate]:
    """At most `most` candidates of each kind, the most used first; a word group stands at least `least` times."""
    uses = _uses(documents)
    found = [
        *_definitions(documents, uses),
        *_lists(documents, uses),
        *_titles(articles),
        *_groups(documents, least),
    ]
    new: dict[tuple[str, ...], Candidate] = {}
    for candidate in found:
        if not _known(candidate, terms):
            new.setdefault((candidate.abbreviation or "", *phrase_key(candidate.label)), candidate)
    taken: Counter[Kind] = Counter()
    kept = []
    for candidate in new.values():
        taken[candidate.kind] += 1
        kept += [candidate] if taken[candidate.kind] <= most else []
    return kept


def long_form(before: str, short: str) -> str | None:
    """The words at the end of `before` that an abbreviation stands for, None when its letters are not in them.

    Walks both from the right; the first letter must begin a word. Source: Schwartz and Hearst, A simple algorithm for
    identifying abbreviation definitions in biomedical text (2003).

    `long_form("en dus de Vlaamse ondersteuningspremie", "VOP")` -> `"Vlaamse ondersteuningspremie"`
    """
    words = before.split()
    before = " ".join(words[-min(len(short) + 5, 2 * len(short)) :])
    letters = [c for c in short.lower() if c.isalnum()]
    at = len(before)
    for number, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (
            before[at].lower() != letter or (number == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    found = before[at:].strip()
    return found if len(found) > len(short) else None


def _known(candidate: Candidate, terms: Terms) -> bool:
    """Whether the thesaurus has this name, or the abbreviation with a name that shares most of its words."""
    if phrase_key(candidate.label) in terms.phrases:
        return candidate.abbreviation is None or phrase_key(candidate.abbreviation) in terms.phrases
    if candidate.abbreviation is None:
        return False
    wanted = set(content_key(candidate.label))
    sharing = terms.phrases.get(phrase_key(candidate.abbreviation), ())
    names = (name for term in sharing for name in terms.names[term.concept])
    return any(2 * len(wanted & set(content_key(name))) > len(wanted) for name in names)


def _uses(documents: Sequence[Document]) -> dict[str, tuple[int, int]]:
    """How often each name in capitals is written, and in how many documents."""
    total: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for document in documents:
        here = Counter(_CAPITALS.findall(document.text))
        total.update(here)
        within.update(here.keys())
    return {name: (count, within[name]) for name, count in total.items()}


def _definitions(documents: Sequence[Document], uses: dict[str, tuple[int, int]]) -> Iterator[Candidate]:
    found: dict[tuple[str, ...], Candidate] = {}
    for document in documents:
        for match in _DEFINED.finditer(document.text):
            short = match["short"]
            label = long_form(cleaned(match["long"]), short)
            if label is not None and label.split()[0].lower() not in STOPWORDS:
                count, within = uses.get(short, (1, 1))
                place = (document.id, match.start("long"), match.end())
                found.setdefault(
                    (short, *phrase_key(label)), Candidate("definition", label, short, count, within, *place)
                )
    return iter(sorted(found.values(), key=_order))


def _lists(documents: Sequence[Document], uses: dict[str, tuple[int, int]]) -> Iterator[Candidate]:
    """The lines of abbreviation lists, known by their heading."""
    found = []
    for document in documents:
        for block in document.blocks:
            if block.kind == "heading" or "afkorting" not in " ".join(block.section).lower():
                continue
            for match in _LISTED.finditer(document.text, block.start, block.end):
                short = re.sub(r"[()]", "", match["short"])
                count, within = uses.get(short, (1, 1))
                place = (document.id, match.start(), match.end())
                found.append(Candidate("abbreviation", cleaned(match["long"]), short, count, within, *place))
    return iter(sorted(found, key=_order))


def _titles(articles: Iterable[Article]) -> Iterator[Candidate]:
    places: dict[tuple[str, ...], list[Article]] = defaultdict(list)
    for article in articles:
        places[phrase_key(article.title)].append(article)
    found = [
        Candidate(
            "article",
            cleaned(same[0].title),
            None,
            len(same),
            len({a.document_id for a in same}),
            same[0].document_id,
            same[0].start,
            same[0].heading_end,
        )
        for same in places.values()
    ]
    return iter(sorted(found, key=_order))


def _groups(documents: Sequence[Document], least: int) -> Iterator[Candidate]:
    """Groups of two or three words side by side that carry meaning, best C-value first.

    C-value: log2 of the number of words times how often the group stands outside longer groups. Source: Frantzi,
    Ananiadou and Mima, Automatic recognition of multi-word terms (2000). A group of 2 words that stands 10 times, of
    which 6 within one longer group: log2(2) * (10 - 6) = 4.
    """
    total: Counter[tuple[str, ...]] = Counter()
    within: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], tuple[str, str, int, int]] = {}
    for document in documents:
        here: Counter[tuple[str, ...]] = Counter()
        for start, end in _runs(document.text):
            key = tuple(document.text[start:end].lower().split())
            here[key] += 1
            first.setdefault(key, (document.text[start:end], document.id, start, end))
        total.update(here)
        within.update(here.keys())
    everywhere = _everywhere(documents)
    frequent = {key: n for key, n in total.items() if n >= least and everywhere.isdisjoint(key)}
    longer: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, count in frequent.items():
        for size in range(2, len(key)):
            for at in range(len(key) - size + 1):
                longer[key[at : at + size]].append(count)
    value = {
        key: math.log2(len(key)) * (count - (sum(longer[key]) / len(longer[key]) if longer[key] else 0))
        for key, count in frequent.items()
    }
    for key in sorted(frequent, key=lambda k: (-value[k], k)):
        label, document_id, start, end = first[key]
        yield Candidate("phrase", cleaned(label), None, frequent[key], within[key], document_id, start, end)


def _everywhere(documents: Sequence[Document]) -> set[str]:
    """The words that so many documents hold that they say how a government writes, not what about."""
    if len(documents) < _MANY:
        return set()
    within = Counter(w for d in documents for w in {m.group().lower() for m in _WORD.finditer(d.text)})
    return {word for word, count in within.items() if count > len(documents) / 10}


def _runs(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentences(text):
        run: list[re.Match[str]] = []
        for word in _WORD.finditer(text, start, end):
            beside = bool(run) and text[run[-1].end() : word.start()].isspace()
            if word.group().lower() in STOPWORDS or len(word.group()) < 3:
                run = []
                continue
            run = [*(run if beside else []), word][-_LONGEST:]
            yield from ((run[at].start(), word.end()) for at in range(len(run) - 1))


def _order(candidate: Candidate) -> tuple[int, str]:
    return -candidate.count, candidate.label
