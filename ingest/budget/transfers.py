"""Reallocations: each sentence or list item of an article's section that moves credit to or from it.

The other side is a code, or a provision that the document elsewhere names with its code. What moves no
amount and stands in no list of reallocations is left alone, and so is a sum that the next sentence takes
apart. Totals over several articles, told outside their sections, are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.budget.codes import find_codes, parts
from ingest.budget.moves import CREDIT_WORD, Moved, Steps, moves, steps, to_level
from ingest.budget.records import Article, Cell, Transfer, Unread
from ingest.budget.sections import page_at
from ingest.budget.sides import Sides, provisions, sides
from ingest.budget.statements import Statement, statements
from ingest.reading import cleaned
from ingest.records import Document

_MOVE = re.compile(
    r"herverde|verhoog|verhoging|stij\w+|\bsteeg\b|verlaag|verlaging|verminder|daal|\bdaling|toegevoegd"
    r"|opgevraagd|overgeheveld|overgedragen|verschoven|afkomstig|wijzig|\bvoorzien\b|\bafname\b"
    r"|\btoe(?:name|genomen)\b|\b(?:nam|kwam|komt|kreeg|krijgt|ging|bracht|brachten)\b",
    re.IGNORECASE,
)
_REALLOCATED = re.compile(r"herverde(?:l|eld)", re.IGNORECASE)
_SPENT = re.compile(r"\b(?:ingezet|aangewend|gebruikt|bestemd)\b", re.IGNORECASE)
_TAKEN_APART = re.compile(r"Het\s+(?:betreft|betrof|gaat|ging)\b")
_PURPOSE = re.compile(
    r"\b(?:om\s|voor\s|naar\s+aanleiding|met\s+het\s+oog|met\s+betrekking|omwille|in\s+het\s+kader"
    r"|als\s+onderdeel).*",
    re.DOTALL,
)
_PURPOSE_END = re.compile(r"(?:\s+(?:en|ten\s+belope\s+van|van|:|\+|-))*[\s.;:,]*$")
_JOINED = re.compile(r"\s*(?:,|en|,\s*en)\s*")
_ENTANGLED = "verschillende bedragen en artikelen in één zin: welke bij elkaar horen staat niet vast"
_FURTHEST_BACK = 2


@dataclass(frozen=True, slots=True)
class _Section:
    """An article's section with what its statements are read against.

    `steps` is how far each credit moved after the last budget round, by the article's table.
    """

    document: Document
    article: Article
    year: int
    steps: Steps
    named: Mapping[str, str]


def transfers(
    document: Document, articles: Sequence[Article], cells: Sequence[Cell]
) -> tuple[tuple[Transfer, ...], tuple[Unread, ...]]:
    """The reallocations told in the sections of expenditure articles, in reading order."""
    named = provisions(document.text)
    found: list[Transfer] = []
    unread: list[Unread] = []
    for article in articles:
        own = [cell for cell in cells if cell.code == article.code]
        if article.flow == "uitgave" and own:
            section = _Section(document, article, max(cell.year for cell in own), steps(own), named)
            for told in _told(section):
                if isinstance(told, Transfer):
                    found.append(told)
                else:
                    unread.append(told)
    return tuple(sorted(found, key=lambda told: (told.start, -told.end))), tuple(unread)


def _told(section: _Section) -> Iterator[Transfer | Unread]:
    article, text = section.article, section.document.text
    start, end = article.table or (article.heading_end, article.heading_end)
    said = [*statements(text, article.heading_end, start), *statements(text, end, article.end)]
    for index, statement in enumerate(said):
        if statement.lead is not None:
            yield from _item(section, statement, statement.lead)
        else:
            back = said[max(index - _FURTHEST_BACK, 0) : index]
            yield from _sentence(section, back, statement, said[index + 1 : index + 2])
    yield from _spent_together(section, said)


def _item(section: _Section, item: Statement, lead: tuple[int, int]) -> Iterator[Transfer | Unread]:
    text, own = section.document.text, section.article.code
    listed = bool(_REALLOCATED.search(text, *lead))
    if listed and _SPENT.search(text, *lead):
        codes = _codes(text, item, own)
        if codes:
            yield _transfer(
                section, (own,), codes, None, cleaned(text[item.start : item.end]), item.start, item.end
            )
        return
    who = sides(text, item.start, item.end, own, section.named)
    moved = _moves(section, item.start, item.end)
    if moved and (listed or who.sources or who.targets):
        yield from _written(section, who, moved, item.start, item.end)


def _sentence(
    section: _Section, back: Sequence[Statement], sentence: Statement, following: Sequence[Statement]
) -> Iterator[Transfer | Unread]:
    text = section.document.text
    who = sides(text, sentence.start, sentence.end, section.article.code, section.named)
    if not who or not _MOVE.search(text, sentence.start, sentence.end):
        return
    if who.unnamed and any(_TAKEN_APART.match(text, after.start) for after in following):
        return
    moved, start = _moves(section, sentence.start, sentence.end), sentence.start
    if not _bound(text, who, moved):
        yield Unread(section.document.id, sentence.start, sentence.end, _ENTANGLED)
        return
    if not moved:
        moved, start = _said_before(section, back, sentence)
    if moved:
        yield from _written(section, who, moved, start, sentence.end)
        return
    level = to_level(text, section.steps, sentence.start, sentence.end)
    if level is not None and (who.sources or who.targets):
        yield from _written(section, who, [level], sentence.start, sentence.end, derived=True)


def _bound(text: str, who: Sides, moved: list[Moved]) -> bool:
    """Whether it is clear which amounts belong to the sides named.

    One move always is. Several are when all stand behind the sides ("uit X: 6 keuro voor hout en 4 keuro
    voor verf") or, joined, before them ("6 keuro en 4 keuro uit X").
    """
    if len(moved) < 2 or all(amount.start > who.end for amount in moved):
        return True
    joined = all(_JOINED.fullmatch(text, a.end, b.start) for a, b in pairwise(moved))
    return joined and all(amount.end <= who.start for amount in moved)


def _written(
    section: _Section, who: Sides, moved: list[Moved], start: int, end: int, derived: bool = False
) -> Iterator[Transfer | Unread]:
    """A transfer for each group of amounts, or one place unread where direction or credit is not certain."""
    text = section.document.text
    for index, amount in enumerate(moved):
        between = _between(section.article.code, who, amount)
        if between is None or (amount.vak is None and amount.vek is None):
            reason = "een herverdeling waarvan de richting of het krediet niet vaststaat"
            yield Unread(section.document.id, start, end, reason)
            return
        purpose = _purpose(text, who, moved, index, end)
        yield _transfer(section, *between, amount, purpose, start, end, derived)


def _purpose(text: str, who: Sides, moved: list[Moved], index: int, end: int) -> str:
    """What the credit is for: said behind the other side or, when several amounts moved, behind each."""
    amount = moved[index]
    if len(moved) > 1:
        found = _PURPOSE.search(text, amount.end, moved[index + 1].start if index + 1 < len(moved) else end)
    elif who.sources or who.targets:
        found = _PURPOSE.search(text, who.end, amount.start if amount.start > who.end else end)
    else:
        found = _PURPOSE.search(text, amount.end, end)
    return _PURPOSE_END.sub("", cleaned(found.group())) if found else ""


def _between(own: str, who: Sides, moved: Moved) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """From whom to whom, or None when the sign contradicts the words or neither says it."""
    if who.sources and who.targets:
        return who.sources, who.targets
    if who.sources:
        return None if moved.negative else (who.sources, (own,))
    if who.targets:
        return None if moved.signed and not moved.negative else ((own,), who.targets)
    if who.weak:
        return ((own,), who.weak) if moved.negative else None
    if who.unnamed:
        return ((own,), ()) if who.unnamed == "naar" else ((), (own,))
    if not moved.signed:
        return None
    return ((own,), ()) if moved.negative else ((), (own,))


def _moves(section: _Section, start: int, end: int) -> list[Moved]:
    return moves(section.document.text, section.steps, start, end)


def _said_before(
    section: _Section, back: Sequence[Statement], sentence: Statement
) -> tuple[list[Moved], int]:
    """The amounts of an earlier sentence that names no other side: "... van +495 keuro. Het betrof ...".

    Only those of the credit that the sentence itself names, when it names one.
    """
    text = section.document.text
    words = set(CREDIT_WORD.findall(text[sentence.start : sentence.end]))
    for earlier in reversed(back):
        if earlier.lead is not None or not _MOVE.search(text, earlier.start, earlier.end):
            continue
        if sides(text, earlier.start, earlier.end, section.article.code, section.named):
            continue
        moved = [
            Moved(
                moved.vak if words != {"VEK"} else None, moved.vek if words != {"VAK"} else None,
                moved.negative, moved.signed, moved.start, moved.end,
            )
            for moved in _moves(section, earlier.start, earlier.end)
        ]  # fmt: skip
        if moved:
            return moved, earlier.start
    return [], sentence.start


def _spent_together(section: _Section, said: Sequence[Statement]) -> Iterator[Transfer]:
    """A sum moved to all articles of a list: "van -1.500 keuro. De herverdeelde kredieten zijn ingezet voor:"."""
    text, own = section.document.text, section.article.code
    for index, statement in enumerate(said):
        place = (statement.start, statement.end)
        items = [item for item in said if item.lead == place]
        spent = _REALLOCATED.search(text, *place) and _SPENT.search(text, *place)
        if not items or not spent or index == 0 or said[index - 1].lead is not None:
            continue
        before = said[index - 1]
        moved = _moves(section, before.start, before.end)
        targets = tuple(dict.fromkeys(code for item in items for code in _codes(text, item, own)))
        if len(moved) == 1 and moved[0].negative and targets and _MOVE.search(text, before.start, before.end):
            yield _transfer(section, (own,), targets, moved[0], "", before.start, items[-1].end)


def _codes(text: str, item: Statement, own: str) -> tuple[str, ...]:
    found = (m.code for m in find_codes(text[item.start : item.end]) if parts(m.code) and m.code != own)
    return tuple(dict.fromkeys(found))


def _transfer(
    section: _Section, sources: tuple[str, ...], targets: tuple[str, ...], moved: Moved | None, purpose: str,
    start: int, end: int, derived: bool = False,
) -> Transfer:  # fmt: skip
    end = len(section.document.text[:end].rstrip())
    return Transfer(
        sources, targets, moved.vak if moved else None, moved.vek if moved else None, purpose,
        section.article.code, derived, section.year, section.document.id, page_at(section.document, start),
        start, end,
    )  # fmt: skip
