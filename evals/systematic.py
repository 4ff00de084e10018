"""Questions made from the ledger and the decisions: answerable ones, and each with one thing changed.

The changed one asks for what the corpus cannot hold (another year, a code that no article has) or takes for
granted what it contradicts (another minister, day, stage, amount or place, an end that was none, a rise that was a
fall). Nothing here is written by hand,
so that a new corpus gets its own set.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.analysis import MONTHS
from ingest.budget.records import Cell
from ingest.records import Metadata
from retrieval.corpus import Corpus

_PHASES = {
    "2e BA": "bij de tweede begrotingsaanpassing",
    "2e BA-JR": "na herverdelingen",
    "BU": "bij de uitvoering",
}
_CREDITS = {"VAK": "vastleggingskrediet (VAK)", "VEK": "vereffeningskrediet (VEK)"}
_AMOUNT = re.compile(r"\b(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)? miljoen) euro\b")
_PLACE = re.compile(r"\b(?:de stad|de gemeente|stad|gemeente) ([A-Z][a-zß-ÿ]{3,}(?:-[A-Z][a-zß-ÿ]+)*)\b")
_GRANTS = re.compile(r"\b(?:kent\b.{0,200}\btoe|verlengt|continueert|verleent)\b", re.IGNORECASE)
_ENDS = re.compile(
    r"afgeschaf|afschaf|schaft|stopgezet|stopzet|geschrap|schrap|intrek|ingetrok|trekt|beëindig|ophef|opgehev|heft|uitdo|vervang|vervall|verdwijn|einde|afbouw|afgebouw",
    re.IGNORECASE,
)
_LONGEST_TITLE = 110
_APPROVES = re.compile(r"\bgoedgekeurd|\bkeurt\b|\bgoedkeuring\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Made:
    """One made question; `change` says what was changed, None for the answerable original (`pair` is shared)."""

    id: str
    pair: str
    question: str
    change: str | None
    facts: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds the answer."""
        return self.change is None


def made_questions(corpus: Corpus, pairs: int = 260, seed: int = 7) -> list[Made]:
    """About `pairs` answerable questions and as many changed ones, the same for one corpus and seed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    makers: tuple[Iterator[tuple[Made, Made]], ...] = (
        _of_cells(corpus, chance),
        _of_dates(corpus, chance),
        _of_ministers(corpus, chance),
        _of_amounts(corpus, chance),
        _of_stages(corpus, chance),
        _of_places(corpus, chance),
        _of_ends(corpus, chance),
        _of_directions(corpus, chance),
    )
    made: list[Made] = []
    while makers and len(made) < 2 * pairs:
        left = []
        for maker in makers:
            pair = next(maker, None)
            if pair is not None:
                made += pair
                left.append(maker)
        makers = tuple(left)
    return made[: 2 * pairs]


def _of_cells(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """A figure of the ledger; changed: a year without a budget document, or a code that no article has."""
    cells = [
        c for ledger in corpus.ledgers() for c in ledger.cells if c.credit in _CREDITS and c.phase in _PHASES
    ]
    years, codes = {c.year for c in cells}, {a.code for ledger in corpus.ledgers() for a in ledger.articles}
    for number, cell in enumerate(chance.sample(cells, len(cells))):
        pair = f"cell-{number:03}"
        fact = f"{cell.value:f}".replace(".", ",")
        original = Made(
            f"{pair}-a", pair, _cell_question(cell, cell.code, cell.year), None, (_grouped(fact),)
        )
        if number % 2:
            year = chance.choice([y for y in range(2015, 2027) if y not in years])
            yield original, Made(f"{pair}-b", pair, _cell_question(cell, cell.code, year), "year")
        else:
            code = _unknown_code(cell.code, codes, chance)
            yield original, Made(f"{pair}-b", pair, _cell_question(cell, code, cell.year), "article")


def _cell_question(cell: Cell, code: str, year: int) -> str:
    return f"Hoeveel bedroeg het {_CREDITS[cell.credit]} van {code} {_PHASES[cell.phase]} in {year}?"


def _unknown_code(code: str, known: set[str], chance: random.Random) -> str:
    """A code that differs in its sequence letter: `JB0-1JDB2CA-WT` -> `JB0-1JDB2CQ-WT`."""
    head, tail = code[:-4], code[-3:]
    return chance.choice(
        [c for letter in "QUVWXYZ" if (c := f"{head}{letter}{tail}") not in known and c != code]
    )


def _of_dates(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """Why a decision was taken on its day; changed: a day, months away, on which its file was not decided."""
    for number, meta in enumerate(
        _sampled(corpus, chance, lambda m: bool(_APPROVES.search(_text(corpus, m))))
    ):
        date, pair = str(meta.date), f"date-{number:03}"
        taken = {m.date for m in corpus.families.of(meta)}
        moved = f"{int(date[:4]) - 1}{date[4:]}" if int(date[:4]) > 2020 else f"{int(date[:4]) + 1}{date[4:]}"
        moved = moved.replace("-02-29", "-02-28")
        if moved in taken:
            continue
        ask = "Wat keurde de Vlaamse Regering op {} goed over ‘{}’?"
        yield (
            Made(f"{pair}-a", pair, ask.format(_spelled(date), meta.title), None),
            Made(f"{pair}-b", pair, ask.format(_spelled(moved), meta.title), "date"),
        )


def _of_ministers(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """What a minister proposed; changed: a minister who had no part in any decision of the file."""
    everyone = sorted({name for m in corpus.documents() for name in m.ministers})
    for number, meta in enumerate(_sampled(corpus, chance, lambda m: bool(m.ministers))):
        pair = f"minister-{number:03}"
        involved = {name for m in corpus.families.of(meta) for name in m.ministers}
        text = _text(corpus, meta)
        others = [name for name in everyone if name not in involved and name.split()[-1] not in text]
        ask = "Waarover ging de beslissing ‘{}’ die minister {} aan de regering voorlegde?"
        yield (
            Made(f"{pair}-a", pair, ask.format(meta.title, chance.choice(meta.ministers)), None),
            Made(f"{pair}-b", pair, ask.format(meta.title, chance.choice(others)), "minister"),
        )


def _of_amounts(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """Why an amount of a decision was given; changed: an amount that no decision of the file names."""
    for number, meta in enumerate(_sampled(corpus, chance, lambda m: bool(_AMOUNT.search(_text(corpus, m))))):
        found = _AMOUNT.search(_text(corpus, meta))
        assert found, "only decisions with an amount are taken"
        amount, pair = found[1], f"amount-{number:03}"
        changed = re.sub(r"\d", lambda d: str((int(d[0]) + 3) % 9 + 1), amount, count=1)
        texts = " ".join(_text(corpus, m) for m in corpus.families.of(meta))
        if changed in texts:
            continue
        ask = "Waarvoor dient de {} euro in de beslissing ‘{}’?"
        yield (
            Made(f"{pair}-a", pair, ask.format(amount, meta.title), None),
            Made(f"{pair}-b", pair, ask.format(changed, meta.title), "amount"),
        )


def _of_stages(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """What was approved on a day at its stage; changed: a stage at which the file was not that day."""
    spoken = ("principieel", "definitief")
    for number, meta in enumerate(_sampled(corpus, chance, lambda m: m.stage in spoken)):
        pair, family = f"stage-{number:03}", corpus.families.of(meta)
        other = next(name for name in spoken if name != meta.stage)
        if any(m.date == meta.date and m.stage != meta.stage for m in family):
            continue
        ask = "Op {} keurde de Vlaamse Regering ‘{}’ {} goed. Wat houdt dat in?"
        yield (
            Made(f"{pair}-a", pair, ask.format(_spelled(str(meta.date)), meta.title, meta.stage), None),
            Made(f"{pair}-b", pair, ask.format(_spelled(str(meta.date)), meta.title, other), "stage"),
        )


def _of_places(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """Why a place gets what it gets; changed: a place that no decision of the file names."""
    decisions = _sampled(corpus, chance, lambda m: bool(_places(_text(corpus, m))))
    everywhere = sorted({place for m in decisions for place in _places(_text(corpus, m))})
    for number, meta in enumerate(decisions):
        pair = f"place-{number:03}"
        texts = " ".join(_text(corpus, m) for m in corpus.families.of(meta))
        place = chance.choice(_places(_text(corpus, meta)))
        changed = chance.choice([name for name in everywhere if name not in texts])
        # The title would give the place away.
        subject = re.sub(rf"\s*(?:\b(?:in|te|van|voor|stad|gemeente)\s+)*{re.escape(place)}", "", meta.title)
        ask = "Waarom krijgt {} steun voor ‘{}’?"
        yield (
            Made(f"{pair}-a", pair, ask.format(place, subject), None),
            Made(f"{pair}-b", pair, ask.format(changed, subject), "place"),
        )


def _of_ends(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """What a decision grants or renews; changed: why that was abolished."""
    granted = _sampled(
        corpus,
        chance,
        lambda m: (
            bool(_GRANTS.search(_text(corpus, m)))
            and not any(_ENDS.search(_text(corpus, member)) for member in corpus.families.of(m))
        ),
    )
    for number, meta in enumerate(granted):
        pair, verb = f"end-{number:03}", chance.choice(("afgeschaft", "stopgezet", "ingetrokken"))
        yield (
            Made(f"{pair}-a", pair, f"Wat besliste de regering over ‘{meta.title}’?", None),
            Made(f"{pair}-b", pair, f"Waarom werd ‘{meta.title}’ {verb}?", "end"),
        )


def _of_directions(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Made, Made]]:
    """Why a credit rose or fell by reallocations; changed: the other way."""
    cells = [c for ledger in corpus.ledgers() for c in ledger.cells if c.credit in _CREDITS]
    value = {(c.code, c.year, c.credit, c.phase): c.value for c in cells}
    moved = [
        (c, value[c.code, c.year, c.credit, "2e BA-JR"] - c.value)
        for c in cells
        if c.phase == "2e BA" and (c.code, c.year, c.credit, "2e BA-JR") in value
    ]
    moved = [(cell, gap) for cell, gap in moved if gap]
    for number, (cell, gap) in enumerate(chance.sample(moved, len(moved))):
        pair = f"direction-{number:03}"
        ask = (
            f"Waarom is het {_CREDITS[cell.credit]} van {cell.code} in {cell.year} door herverdelingen {{}}?"
        )
        rose, fell = ("gestegen", "gedaald") if gap > 0 else ("gedaald", "gestegen")
        yield (
            Made(f"{pair}-a", pair, ask.format(rose), None),
            Made(f"{pair}-b", pair, ask.format(fell), "direction"),
        )


def _places(text: str) -> list[str]:
    return sorted(set(_PLACE.findall(text)))


def _sampled(corpus: Corpus, chance: random.Random, wanted: Callable[[Metadata], bool]) -> list[Metadata]:
    decisions = [
        m
        for m in corpus.documents()
        if m.kind == "beslissing" and m.date and len(m.title) <= _LONGEST_TITLE and wanted(m)
    ]
    return chance.sample(decisions, min(len(decisions), 400))


def _text(corpus: Corpus, meta: Metadata) -> str:
    document = corpus.document(meta.id)
    return document.text if document else ""


def _spelled(date: str) -> str:
    """`2021-06-18` -> `18 juni 2021`."""
    year, month, day = date.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def _grouped(number: str) -> str:
    """`15629` -> `15.629|15629`."""
    whole, _, rest = number.partition(",")
    grouped = f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")
    return f"{grouped}|{number}"
