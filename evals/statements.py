"""True statements in varied words: figures of the ledger, what follows from them, and sentences of the documents.

Shares nothing with what verifies answers, so that it can be measured with them.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Literal

from answer.records import Citation
from ingest.budget.records import Cell
from ingest.reading import cleaned, sentences
from ingest.records import Metadata
from retrieval.corpus import Corpus

How = Literal["cell", "difference", "sum", "share", "sentence"]
_SHORTEST, _LONGEST, _LONGEST_ROW = 60, 420, 300
_PHASE_WORDS: dict[str, tuple[str, ...]] = {
    "BU": ("de uitvoering (BU)", "de uitvoering", "de begrotingsuitvoering", "de BU"),
    "JR": (
        "het beschikbare krediet na herverdelingen",
        "het beschikbaar krediet",
        "de {phase}",
        "de begroting na herverdelingen ({phase})",
    ),
    "BA": ("de {phase}", "de tweede begrotingsaanpassing", "de begrotingsaanpassing ({phase})"),
    "BO": ("de begrotingsopmaak", "de BO"),
}
_CREDIT_WORDS = {
    "VAK": ("VAK", "vastleggingskrediet", "vastleggingskrediet (VAK)"),
    "VEK": ("VEK", "vereffeningskrediet", "vereffeningskrediet (VEK)"),
    "AO": ("AO", "algemene ontvangsten"),
    "TO": ("TO", "toegewezen ontvangsten"),
    "LO": ("LO", "leningontvangsten"),
}
_CELLS = (
    "In {year} was {phase} van {code} {amount} {credit}.",
    "Voor {title} ({code}) geeft {phase} van {year} een bedrag van {amount} {credit}.",
    "Artikel {code}: {phase} {year} bedraagt {amount} {credit}.",
    "{amount} {credit}, dat is {phase} {year} van begrotingsartikel {code}.",
    "Op {short} bedroeg {phase} in {year} {amount} aan {credit}.",
    "Wat {credit} betreft was {phase} van {code}, {title}, in {year} {amount}.",
    "{Phase} {year} van {code} komt neer op {amount} {credit}.",
)
_FRAMES = (
    "{}",
    "Volgens de tekst: {}",
    "Het document zegt hierover: {}",
    "{} Dat staat in het document.",
    "De bron vermeldt: {}",
)
_AMOUNT = re.compile(r"(?<![\w.,-])([1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{3})\s+keuro\b")
_ASIDE = re.compile(r"\s\([^()]*\)")
_REWORDED = (
    (r"\bbedroeg\b", "was"),
    (r"\bbedraagt\b", "is"),
    (r"\bevenwel\b", "echter"),
    (r"\bbovendien\b", "ook"),
    (r"\bdaarnaast\b", "ook"),
)
_RARE = re.compile(
    r"(?:%|procent\b).*(?:%|procent\b)|\bprincipi|\bdefinitie[fv]|\bbekrachtiging", re.I | re.S
)
_TELLING = re.compile(r"\d|\bniet\b|\bgeen\b|princip|definitief|bekrachtig", re.I)


@dataclass(frozen=True, slots=True)
class Key:
    """Which figure of the ledger."""

    code: str
    year: int
    phase: str
    credit: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim that is true, with what it cites; `keys`, `how` and `value` say what it states of the ledger.

    `language` is `nl`, `fr` or `en`.
    """

    text: str
    citations: tuple[Citation, ...]
    form: str
    how: How
    keys: tuple[Key, ...] = ()
    value: Decimal = Decimal(0)
    language: str = "nl"


def table(corpus: Corpus) -> dict[Key, Cell]:
    """Every article-level figure of the ledgers."""
    return {Key(c.code, c.year, c.phase, c.credit): c for x in corpus.ledgers() for c in x.cells}


def true_statements(corpus: Corpus, seed: int = 7, most: int = 400) -> list[Statement]:
    """At most `most` statements on the ledger, as many derived ones, and as many on sentences; one seed, one list."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice
    cells = table(corpus)
    told = list(_cells(corpus, cells, rng))
    derived = [*_two_phases(corpus, cells, rng), *_sums(corpus, cells, rng)]
    said = list(_sentences(corpus, rng, most))
    for group in (told, derived):
        rng.shuffle(group)
    return [*told[:most], *derived[:most], *said[:most]]


def written(value: Decimal) -> str:
    """A number with Dutch separators: 1362.5 -> `1.362,5`."""
    digits = f"{value:,f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).translate(str.maketrans(",.", ".,"))


def cite(corpus: Corpus, meta: Metadata, n: int, start: int, end: int) -> Citation:
    """A citation of a span."""
    document = corpus.document(meta.id)
    assert document is not None, "a document of the corpus"
    block = next((b for b in corpus.blocks(meta.id, start, end)), None)
    section = block.section if block else ()
    return Citation(
        n,
        meta.id,
        meta.title,
        meta.kind,
        meta.uri,
        meta.date,
        None,
        section,
        start,
        end,
        document.text[start:end],
    )


def _cells(corpus: Corpus, cells: Mapping[Key, Cell], rng: random.Random) -> Iterator[Statement]:
    for key, cell in cells.items():
        if not cell.value:
            continue
        for form, amount in _amounts(cell.value, rng):
            text = rng.choice(_CELLS).format(**_said(key, cell, amount, rng))
            yield Statement(text, rows(corpus, [cell]), form, "cell", (key,), cell.value)


def _said(key: Key, cell: Cell, amount: str, rng: random.Random) -> dict[str, str | int]:
    phase = _phase(key, rng)
    return {
        "year": key.year,
        "phase": phase,
        "Phase": phase[0].upper() + phase[1:],
        "code": key.code,
        "short": key.code[4:],
        "title": cell.title,
        "amount": amount,
        "credit": rng.choice(_CREDIT_WORDS[key.credit]),
    }


def _phase(key: Key, rng: random.Random) -> str:
    family = "JR" if key.phase.endswith("JR") else "BA" if key.phase.endswith("BA") else key.phase
    return rng.choice(_PHASE_WORDS[family]).format(phase=key.phase)


def _amounts(value: Decimal, rng: random.Random) -> Iterator[tuple[str, str]]:
    """The figure as printed, and where it is large enough in euro or rounded to millions."""
    yield "cel", f"{written(value)} keuro"
    if value >= 1_000:
        million = (value / 1_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
        about = rng.choice(("", "", "ongeveer ", "afgerond ", "zowat "))
        yield "miljoen, afgerond", f"{about}{written(million)} miljoen euro"
        yield "euro", f"{written(value * 1_000)} euro"


def _two_phases(corpus: Corpus, cells: Mapping[Key, Cell], rng: random.Random) -> Iterator[Statement]:
    """Execution against credit, and credit before and after reallocations."""
    for key, after in cells.items():
        for phase in {k.phase for k in cells} - {key.phase}:
            before = cells.get(replace(key, phase=phase))
            if before is None or before.value <= 0 or after.value == before.value or after.value < 0:
                continue
            keys = (key, replace(key, phase=phase))
            cited = rows(corpus, [after, before])
            gap = after.value - before.value
            if key.phase == "BU":
                yield from _execution(key, keys, after, before, cited, rng)
            elif key.phase.endswith("JR") and phase.endswith("BA"):
                verb = "steeg" if gap > 0 else "daalde"
                text = (
                    f"Het {key.credit} van {key.code} {verb} in {key.year} van {written(before.value)} keuro ({phase}) "
                    f"naar {written(after.value)} keuro ({key.phase}), een verschil van {written(abs(gap))} keuro."
                )
                yield Statement(text, cited, "verschil", "difference", keys, abs(gap))


def _execution(
    key: Key,
    keys: tuple[Key, Key],
    after: Cell,
    before: Cell,
    cited: tuple[Citation, ...],
    rng: random.Random,
) -> Iterator[Statement]:
    gap = after.value - before.value
    side = rng.choice(("meer", "hoger")) if gap > 0 else rng.choice(("minder", "lager"))
    base = _phase(keys[1], rng)
    text = rng.choice(
        (
            f"De uitvoering van {key.code} was in {key.year} {written(abs(gap))} keuro {key.credit} {side} dan {base}.",
            f"In {key.year} lag de uitvoering in {key.credit} van {key.code} {written(abs(gap))} keuro {side} dan {base} "
            f"({written(max(after.value, before.value))} − {written(min(after.value, before.value))}).",
        )
    )
    yield Statement(text, cited, "verschil", "difference", keys, abs(gap))
    share = (after.value / before.value * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if keys[1].phase.endswith("JR"):
        text = rng.choice(
            (
                f"Van het beschikbare krediet van {key.code} werd in {key.year} {written(share)}% {key.credit} uitgevoerd.",
                f"De uitvoering {key.year} van {key.code} is {written(share)} procent van het beschikbaar krediet in {key.credit}.",
                f"Van het beschikbare krediet na herverdelingen van {key.code} is in {key.year} {written(share)}% {key.credit} "
                f"uitgevoerd ({written(after.value)} / {written(before.value)}).",
            )
        )
        yield Statement(text, cited, "aandeel", "share", keys, share)


def _sums(corpus: Corpus, cells: Mapping[Key, Cell], rng: random.Random) -> Iterator[Statement]:
    """Two articles that follow each other, in one phase and one credit."""
    groups: dict[tuple[int, str, str], list[Key]] = {}
    for key, cell in cells.items():
        if cell.value > 0:
            groups.setdefault((key.year, key.phase, key.credit), []).append(key)
    for (year, _, credit), keys in groups.items():
        for a, b in pairwise(keys):
            total = cells[a].value + cells[b].value
            text = rng.choice(
                (
                    f"Samen was {_phase(a, rng)} {year} van {a.code} en {b.code} {written(total)} keuro {credit}.",
                    f"In totaal bedraagt {_phase(a, rng)} in {year} voor {a.code} en {b.code} {written(total)} keuro {credit} "
                    f"({written(cells[a].value)} + {written(cells[b].value)}).",
                )
            )
            yield Statement(text, rows(corpus, [cells[a], cells[b]]), "som", "sum", (a, b), total)


def rows(corpus: Corpus, cells: Sequence[Cell]) -> tuple[Citation, ...]:
    """A citation of the row of each cell, or of the cell alone where the row is long."""
    spans = [
        (c.document_id, c.row_start, c.row_end)
        if c.row_end - c.row_start <= _LONGEST_ROW
        else (c.document_id, c.start, c.end)
        for c in cells
    ]
    return tuple(
        cite(corpus, corpus.metadata(d), n, a, b) for n, (d, a, b) in enumerate(dict.fromkeys(spans), 1)
    )


def _sentences(corpus: Corpus, rng: random.Random, most: int) -> Iterator[Statement]:
    """Sentences of paragraphs, at most half of them decisions; those with a stage or two percentages first."""
    found = [place for meta in corpus.documents() for place in _telling(corpus, meta)]
    rng.shuffle(found)
    rare = [p for p in found if _RARE.search(p[3])]
    rare_percents = [p for p in rare if "%" in p[3] or "procent" in p[3]][: most // 8]
    rare_stages = [p for p in rare if p not in rare_percents][: most // 8]
    decisions = [p for p in found if p[0].kind == "beslissing"]
    others = [p for p in found if p[0].kind != "beslissing"]
    chosen = [*rare_percents, *rare_stages, *others[: most // 2], *decisions[: most // 4]]
    for meta, start, end, _ in dict.fromkeys(chosen):
        yield _reworded(corpus, meta, start, end, rng)


def _telling(corpus: Corpus, meta: Metadata) -> Iterator[tuple[Metadata, int, int, str]]:
    document = corpus.document(meta.id)
    assert document is not None, "a document of the corpus"
    for block in document.blocks:
        if block.kind == "paragraph":
            for a, b in sentences(document.text, block.start, block.end):
                text = document.text[a:b]
                if _SHORTEST <= b - a <= _LONGEST and _TELLING.search(text):
                    yield meta, a, b, text


def _reworded(corpus: Corpus, meta: Metadata, start: int, end: int, rng: random.Random) -> Statement:
    document = corpus.document(meta.id)
    assert document is not None, "a document of the corpus"
    text = cleaned(document.text[start:end])
    form = rng.choice(("zin", "zin in een kader", "zin, korter", "zin, andere woorden", "zin, afgerond"))
    if form == "zin, korter":
        text = _ASIDE.sub("", text)
    if form == "zin, andere woorden":
        for old, new in _REWORDED:
            text = re.sub(old, new, text)
    if form == "zin, afgerond":
        text = _AMOUNT.sub(_rounded, text)
    if form != "zin":
        text = rng.choice(_FRAMES).format(text)
    if meta.kind == "beslissing" and meta.uri:
        text = f"{text} (‘{meta.title}’, {meta.date}, {meta.uri})"
    around = next(
        (p for p in corpus.passages if p.document_id == meta.id and p.start <= start and end <= p.end), None
    )
    if around is not None and rng.random() < 0.5:
        start, end = around.start, around.end
    return Statement(text, (cite(corpus, meta, 1, start, end),), form, "sentence")


def _rounded(match: re.Match[str]) -> str:
    value = Decimal(match[1].replace(".", "")) / 1_000
    return (
        f"{written(value.quantize(Decimal('0.1'), ROUND_HALF_UP))} miljoen euro" if value >= 1 else match[0]
    )
