"""Figures of the ledger as sentences, each with the row it stands in and the text that repeats it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from answer.budget_article import Found
from answer.budget_terms import Stage
from answer.budget_words import Item, credit_name, listed, named, named_again, subject, written
from answer.figures import numbers
from answer.records import Citation, Claim, Figure
from ingest.budget.codes import find_codes
from ingest.budget.records import Article, Breakdown, Cell, Phase, Total, Transfer
from ingest.reading import cleaned, sentences
from ingest.records import Document
from prompts.messages import message
from retrieval.corpus import Corpus
from retrieval.language import Language

LONGEST_ROW = 300
_LONGEST_PURPOSE = 120
_LONGEST_SENTENCE = 600
_TOLD: dict[Stage, re.Pattern[str]] = {
    "begroot": re.compile(r"\bBA\b|begro|aanpassing|geraamd|raming|krediet|budget", re.IGNORECASE),
    "beschikbaar": re.compile(
        r"beschikba|toenam|toename|nam\b|steeg|daalde|opliep|liep|afnam|verhoogd|verminderd|eindwaarde|herverd|bedroeg",
        re.IGNORECASE,
    ),
    "uitgevoerd": re.compile(
        r"uitvoering|uitgevoerd|uitgegeven|ontvangen|ontvangsten|besteed|uitgaven|gerealiseerd|bedroeg|BU\b",
        re.IGNORECASE,
    ),
}
# What stands before a code in brackets, from the preposition on, without the minister's letters.
_NAME_BEFORE = re.compile(
    r".*\b(?:uit|naar|vanuit|van|op)\s+(?:de|het)\s+([^()\[\]]{3,60}?)\s*(?:\[\w+\]\s*)?\(\s*$"
)
Printed = Cell | Breakdown | Total


@dataclass(frozen=True, slots=True)
class Place:
    """A span to cite."""

    document_id: str
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before its places are numbered."""

    text: str
    places: tuple[Place, ...]
    figures: tuple[Figure, ...]


def stage_of(phase: Phase) -> Stage:
    """What a phase is: `"2e BA-JR"` -> `"beschikbaar"`."""
    if phase == "BU":
        return "uitgevoerd"
    return "beschikbaar" if phase.endswith("JR") else "begroot"


def stated(corpus: Corpus, found: Item, cells: Sequence[Printed], language: Language) -> Draft:
    """The figures of one phase in one sentence: `De uitvoering (BU 2021) van … is 25.351 keuro VAK …`."""
    first = cells[0]
    if len(cells) == 1:
        said = message(
            "ledger_one_credit",
            language,
            amount=written(first.value, language),
            credit=credit_name(first.credit, language),
        )
    elif len({c.value for c in cells}) == 1:
        joined = message("ledger_same_join", language).join(c.credit for c in cells)
        said = message("ledger_same_credits", language, amount=written(first.value, language), credits=joined)
    else:
        said = listed([f"{written(c.value, language)} keuro {c.credit}" for c in cells], language)
    text = message(
        "ledger_stated",
        language,
        subject=subject(found.flow, first.phase, language),
        phase=first.phase,
        year=first.year,
        article=named(found, language),
        said=said,
    )
    told = _repeated(corpus, found.article, cells) if isinstance(found, Found) else ()
    return Draft(text, (*rows_of(cells), *told), cell_figures(cells, language))


def rate(
    found: Item,
    available: Sequence[Printed],
    executed: Sequence[Printed],
    language: Language,
    *,
    alone: bool = False,
    finely: bool = False,
) -> Draft | None:
    """The share that was executed, in whole percents: 25.351 of 27.718 -> 91 %; None without a credit above 0.

    `alone` names the article in full, and gives a decimal where a whole percent would tell 100 of what is not;
    `finely` gives a decimal to all.
    """
    pairs = [(a, e) for a in available for e in executed if a.credit == e.credit and a.value > 0]
    if not pairs:
        return None
    parts, figures = [], []
    for a, e in pairs:
        share = (e.value / a.value * 100).quantize(Decimal(1), ROUND_HALF_UP)
        if finely or (alone and share == 100 and e.value != a.value):
            share = (e.value / a.value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        formula = f"{written(e.value, language)} / {written(a.value, language)}"
        parts.append(f"{written(share, language)}% {a.credit} ({formula})")
        figures.append(
            Figure(f"{written(share, language)}%", str(share), "%", "derived", e.start, e.end, formula)
        )
    credit = found.flow == "uitgave" and stage_of(pairs[0][0].phase) == "beschikbaar"
    base = "available" if credit else "budgeted"
    text = message(
        "ledger_rate_alone" if alone else "ledger_rate",
        language,
        base=message(f"ledger_base_{base}", language),
        phase=pairs[0][0].phase,
        year=pairs[0][0].year,
        article=named(found, language) if alone else named_again(found, language),
        parts=listed(parts, language),
    )
    return Draft(text, rows_of([c for pair in pairs for c in pair]), tuple(figures))


def gap(
    found: Item,
    available: Sequence[Printed],
    executed: Sequence[Printed],
    language: Language,
    *,
    alone: bool = False,
) -> Draft | None:
    """What execution differs from the credit: `27.718 - 25.351 = 2.367`; `alone` names the article in full."""
    pairs = [(a, e) for a in available for e in executed if a.credit == e.credit]
    if not pairs:
        return None
    parts, figures = [], []
    for a, e in pairs:
        difference = abs(a.value - e.value)
        high, low = max(a.value, e.value), min(a.value, e.value)
        formula = f"{written(high, language)} - {written(low, language)}"
        side = "ledger_less" if e.value < a.value else "ledger_more"
        amount = written(difference, language)
        parts.append(message(side, language, amount=amount, credit=a.credit, formula=formula))
        figures.append(Figure(amount, str(difference), "keuro", "derived", e.start, e.end, formula))
    text = message(
        "ledger_gap",
        language,
        article=named(found, language) if alone else named_again(found, language),
        parts=listed(parts, language),
        phase=pairs[0][0].phase,
        year=pairs[0][0].year,
    )
    return Draft(text, rows_of([c for pair in pairs for c in pair]), tuple(figures))


def moved(document: Document, transfer: Transfer, language: Language) -> Draft:
    """One reallocation: from, to, how much, what for."""
    span = cleaned(document.text[transfer.start : transfer.end])
    source, target = (_listed(codes, span, language) for codes in (transfer.sources, transfer.targets))
    amounts = [(v, c) for v, c in ((transfer.vak, "VAK"), (transfer.vek, "VEK")) if v is not None]
    if transfer.vak is not None and transfer.vak == transfer.vek:
        amounts = [(transfer.vak, "VAK/VEK")]
    told = listed([f"{written(v, language)} keuro {c}" for v, c in amounts], language)
    purpose = _cut(cleaned(transfer.purpose).rstrip(" .,;"))
    text = message(
        "ledger_moved_for" if purpose else "ledger_moved",
        language,
        source=source,
        target=target,
        told=told or message("ledger_amount_not_told", language),
        year=transfer.year,
        purpose=purpose,
    )
    start, end = _shortest(document.text, transfer.start, transfer.end)
    figures = tuple(
        Figure(
            written(v, language),
            str(v),
            "keuro",
            "derived" if transfer.derived else "span",
            start,
            end,
            message("ledger_level", language) if transfer.derived else None,
        )
        for v, _ in amounts
    )
    return Draft(text, (Place(document.id, transfer.page, start, end),), figures)


def numbered(corpus: Corpus, drafts: Sequence[Draft]) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """The claims with one citation for each different place, at most three a claim."""
    numbers_of: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    claims: list[Claim] = []
    for draft in drafts:
        marks = []
        for place in draft.places[:3]:
            key = (place.document_id, place.start, place.end)
            if key not in numbers_of:
                numbers_of[key] = len(citations) + 1
                citations.append(_citation(corpus, numbers_of[key], place))
            marks.append(numbers_of[key])
        claims.append(Claim(draft.text, tuple(dict.fromkeys(marks)), draft.figures))
    return tuple(claims), tuple(citations)


def rows_cited(corpus: Corpus, cells: Sequence[Printed]) -> tuple[Citation, ...]:
    """The first three rows that the cells stand in."""
    return numbered(corpus, [Draft("", rows_of(cells), ())])[1]


def rows_of(cells: Sequence[Printed]) -> tuple[Place, ...]:
    """The rows as printed; a row that is too long to read gives its cell only."""
    spans = [
        (c, c.row_start, c.row_end) if c.row_end - c.row_start <= LONGEST_ROW else (c, c.start, c.end)
        for c in cells
    ]
    return tuple(dict.fromkeys(Place(c.document_id, c.page, start, end) for c, start, end in spans))


def cell_figures(cells: Sequence[Printed], language: Language) -> tuple[Figure, ...]:
    """Each cell as a figure of a claim, with its span."""
    return tuple(
        Figure(written(c.value, language), str(c.value), "keuro", "cell", c.start, c.end) for c in cells
    )


def _repeated(corpus: Corpus, article: Article, cells: Sequence[Printed]) -> tuple[Place, ...]:
    """The first sentence of the article's text that gives the same figure with the words of the phase."""
    document = corpus.document(article.document_id)
    if document is None:
        return ()
    wanted = {c.value for c in cells if abs(c.value) >= 10}
    told = _TOLD[stage_of(cells[0].phase)]
    for block in corpus.blocks(document.id, article.heading_end, article.end):
        if block.kind not in ("paragraph", "list_item"):
            continue
        for start, end in sentences(
            document.text, max(block.start, article.heading_end), min(block.end, article.end)
        ):
            text = cleaned(document.text[start:end])
            if end - start > _LONGEST_SENTENCE or any(c.row_start < end and start < c.row_end for c in cells):
                continue
            if told.search(text) and any(n.value in wanted and n.unit != "%" for n in numbers(_spaced(text))):
                return (Place(document.id, block.page, start, end),)
    return ()


def _spaced(text: str) -> str:
    """`180.311keuro` as `180.311 keuro`, the lost space given back."""
    return re.sub(r"(?<=\d)(?=keuro)", " ", text)


def _shortest(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of a transfer, cut to its first sentences where it runs long."""
    if end - start <= _LONGEST_SENTENCE:
        return start, end
    ends = [b for _, b in sentences(text, start, end) if b - start <= _LONGEST_SENTENCE]
    return start, (
        ends[-1] if ends else start + len(text[start : start + _LONGEST_SENTENCE].rsplit(None, 1)[0])
    )


def _listed(codes: Sequence[str], span: str, language: Language) -> str:
    named = ", ".join(_with_name(code, span) for code in codes)
    return named or message("ledger_no_article_named", language)


def _with_name(code: str, span: str) -> str:
    """A provision with what the text calls it: `uit de indexprovisie [FB] (CB0-1CBG2AB-PR)` -> `… (indexprovisie)`."""
    mention = next((m for m in find_codes(span) if m.code == code), None)
    name = _NAME_BEFORE.search(span[: mention.start]) if mention and code.endswith("-PR") else None
    return f"{code} ({name[1]})" if name else code


def _cut(text: str) -> str:
    """A purpose, cut at a word where it runs long."""
    if len(text) <= _LONGEST_PURPOSE:
        return text
    return f"{text[:_LONGEST_PURPOSE].rsplit(None, 1)[0]} …"


def _citation(corpus: Corpus, n: int, place: Place) -> Citation:
    meta = corpus.metadata(place.document_id)
    document = corpus.document(place.document_id)
    assert document is not None, "a ledger is of a document of the same snapshot"
    block = next(iter(corpus.blocks(meta.id, place.start, place.end)), None)
    section = block.section if block else ()
    text = document.text[place.start : place.end]
    return Citation.of(n, meta, place.page, section, place.start, text)
