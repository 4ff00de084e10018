"""Whether figures can be trusted, in three counts: `python -m evals.figures --store DIR [--questions FILE] [--json]`.

Figures of generated answers that no source has, corrupted statements that verification lets through, and
true statements that it blocks. The figures are read again here, by rules that share nothing with the verifier.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from answer.ask import ask
from answer.records import Answer, Citation, Claim
from answer.verify import check
from evals.corrupt import corruptions
from evals.corrupt_foreign import foreign_corruptions
from evals.statements import Statement, table, true_statements
from evals.statements_foreign import foreign_statements
from ingest.embed import load_embedder
from retrieval.corpus import Corpus, open_corpus

_QUESTIONS = (
    "Wat was de {phase} in {credit} van {code}?",
    "Hoeveel {credit} stond er op {code} bij {phase} {year}?",
)
_MORE = (
    "Welk krediet was er na herverdelingen op {code} en hoeveel is er uitgevoerd?",
    "Wat is het verschil tussen krediet en uitvoering van {code}?",
    "Uit welke artikelen kreeg {code} krediet en waar ging krediet naartoe?",
    "Waarom week de uitvoering van {code} af van het krediet?",
)
# Each article once more in French and in English.
_FOREIGN = (
    "Quel était le crédit disponible de {code} en {year} et combien a été exécuté ?",
    "How much commitment and payment credit of {code} was spent in {year}?",
)
_GROUP = re.compile(r"(?<=\d)\u00a0(?=\d{3})")
_HIDDEN = re.compile(
    r"https?://\S+|\(‘[^\n]*?’, [\d-]+(?:, [a-z]+)?(?:, \S+)?\)|\b[A-Z]{2}\d-?\s?\d[A-Z]{2}\w{4}(?:-[A-Z]{2})?|\b\d[ea] BA\b"
    r"|\b\d{1,2}\s+(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b"
    r"|\b\d{1,2}/\d{1,2}/\d{4}|\b\d{4}-\d\d-\d\d|(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d|\s*(?:keuro|euro|%))"
)
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?P<digits>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)\s?(?P<unit>%|procent|keuro|miljoen|miljard|euro)?(?![\w/]|[.,]\d)"
)
_WORKED = re.compile(r"([\d.,]+)\s*([/−+-])\s*([\d.,]+)")


@dataclass(slots=True)
class Figures:
    """What was read in the answers: how many, how many different, and those without a source."""

    questions: int = 0
    answered: int = 0
    partial: int = 0
    claims: int = 0
    claims_with_faults: int = 0
    figures: int = 0
    different: set[str] = field(default_factory=set)
    unsupported: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    check_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: of `total` statements of a kind, `hit` were stopped; `excluded` stayed true."""

    kind: str
    hit: int
    total: int
    excluded: int = 0


def main() -> None:
    """Measure a store and print the tables, or with `--json` one document."""
    parser = argparse.ArgumentParser(prog="python -m evals.figures", description=main.__doc__)
    parser.add_argument("--store", type=Path, default=Path("var/store"))
    parser.add_argument("--questions", type=Path, help="JSONL met een veld `question`")
    parser.add_argument("--most", type=int, default=1_000, help="hoogstens zoveel vragen uit dat bestand")
    parser.add_argument("--seed", type=int, default=7, help="een ander getal maakt andere beweringen")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", type=int, default=0, help="toon zoveel voorbeelden van elke misser")
    given = parser.parse_args()
    with open_corpus(given.store, load_embedder(None)) as corpus:
        asked = [*generated_questions(corpus), *_read(given.questions, given.most)]
        answered = read_answers(corpus, asked)
        blocked, caught, missed = judge(corpus, given.seed)
    if given.json:
        _say(json.dumps(_as_json(answered, blocked, caught), ensure_ascii=False))
    else:
        _print(answered, blocked, caught)
    for kind, examples in missed.items():
        for text in examples[: given.show]:
            _say(f"{kind}: {text}")


def generated_questions(corpus: Corpus) -> list[str]:
    """Every article, phase and credit of the ledgers asked for in turn, and more questions of each article."""
    found = []
    for n, key in enumerate(table(corpus)):
        found.append(_QUESTIONS[n % len(_QUESTIONS)].format(**asdict(key)))
    codes = dict.fromkeys(key.code for key in table(corpus))
    found += [text.format(code=code) for code in codes for text in _MORE]
    years = {key.code: key.year for key in table(corpus)}
    return found + [text.format(code=code, year=year) for code, year in years.items() for text in _FOREIGN]


def read_answers(corpus: Corpus, questions: Sequence[str]) -> Figures:
    """Ask each question, and look up each figure of its answer in what the claim cites."""
    read = Figures(questions=len(questions))
    cells = _cell_values(corpus)
    for question in questions:
        answer = ask(corpus, question)
        read.answered += answer.status != "refused"
        read.partial += answer.status == "partial"
        for claim, cited in _claims(answer):
            read.claims += 1
            started = time.perf_counter()
            verdict = check(corpus, question, claim.text, cited)
            read.check_ms.append((time.perf_counter() - started) * 1_000)
            read.claims_with_faults += not verdict.holds
            read.faults += [f"{f.kind}: {f.detail} | {claim.text}" for f in verdict.faults]
            for text, supported in _figures(claim, cited, cells):
                read.figures += 1
                read.different.add(text)
                if not supported:
                    read.unsupported.append(f"{text} | {claim.text}")
    return read


def judge(corpus: Corpus, seed: int, most: int = 400) -> tuple[list[Row], list[Row], dict[str, list[str]]]:
    """How many true statements are blocked, how many corrupted ones caught, by kind; and examples of each miss."""
    cells, rng = table(corpus), random.Random(seed)  # noqa: S311 - a repeatable choice
    right: Counter[str] = Counter()
    blocked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    still: Counter[str] = Counter()
    missed: dict[str, list[str]] = {}
    for statement in [*true_statements(corpus, seed, most), *foreign_statements(corpus, seed, most // 2)]:
        right[statement.form] += 1
        if not _holds(corpus, statement, statement.text):
            blocked[statement.form] += 1
            missed.setdefault(f"geblokkeerd, {statement.form}", []).append(statement.text)
        change = corruptions if statement.language == "nl" else foreign_corruptions
        for made in change(statement, cells, rng):
            if made.still_true:
                still[made.kind] += 1
                continue
            wrong[made.kind] += 1
            if _holds(corpus, statement, made.text):
                missed.setdefault(f"doorgelaten, {made.kind}", []).append(made.text)
            else:
                caught[made.kind] += 1
    return (
        [Row(k, blocked[k], n) for k, n in right.items()],
        [Row(k, caught[k], n, still[k]) for k, n in wrong.items()],
        missed,
    )


def _holds(corpus: Corpus, statement: Statement, text: str) -> bool:
    return check(corpus, "", text, statement.citations).holds


def _claims(answer: Answer) -> Iterator[tuple[Claim, list[Citation]]]:
    by_number = {c.n: c for c in answer.citations}
    for claim in answer.claims:
        yield claim, [by_number[n] for n in claim.citations]


def _figures(
    claim: Claim, cited: Sequence[Citation], cells: Mapping[str, Sequence[Decimal]]
) -> Iterator[tuple[str, bool]]:
    """The figures of a claim and whether each stands in a cited span, or follows from written-out arithmetic."""
    text = _HIDDEN.sub(lambda m: "#" * len(m.group()), _GROUP.sub(".", claim.text))
    printed = [_squeezed(c.text) for c in cited]
    derived = {_GROUP.sub(".", f.text).rstrip("%") for f in claim.figures if f.source == "derived"}
    for match in _FIGURE.finditer(text):
        digits = match["digits"]
        stands = any(re.search(rf"(?<![\d.,]){re.escape(digits)}(?!\d|[.,]\d)", t) for t in printed)
        worked = _WORKED.search(text, match.end(), match.end() + 60)
        right = worked is not None and _recomputed(digits, match["unit"], worked, printed)
        level = digits in derived and _from_level(digits, cited, cells)
        yield match.group().strip(), stands or right or level


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[\u0002\ufffe\u00ad]\s*", "", text))


def _recomputed(digits: str, unit: str | None, worked: re.Match[str], printed: Sequence[str]) -> bool:
    """Whether arithmetic in the claim gives the figure, from numbers that the cited rows print."""
    a, b = _value(worked[1]), _value(worked[3])
    if a is None or b is None or not all(any(worked[i] in t for t in printed) for i in (1, 3)):
        return False
    if worked[2] == "/":
        return (
            unit in ("%", "procent")
            and bool(b)
            and abs(a / b * 100 - (_value(digits) or 0)) <= Decimal("0.5")
        )
    return _value(digits) == (a + b if worked[2] == "+" else a - b)


def _from_level(digits: str, cited: Sequence[Citation], cells: Mapping[str, Sequence[Decimal]]) -> bool:
    """Whether a figure is a new level in the cited text less a cell of the same document."""
    wanted = _value(digits)
    levels = [_value(m["digits"]) for c in cited for m in _FIGURE.finditer(_squeezed(c.text))]
    values = [v for c in cited for v in cells.get(c.document_id, ())]
    return any(
        level is not None and wanted is not None and abs(level - v) == wanted
        for level in levels
        for v in values
    )


def _cell_values(corpus: Corpus) -> dict[str, list[Decimal]]:
    return {
        x.document_id: [*(c.value for c in x.cells), *(b.value for b in x.breakdowns)]
        for x in corpus.ledgers()
    }


def _value(digits: str) -> Decimal | None:
    try:
        return Decimal(digits.strip(".,").replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None


def _read(path: Path | None, most: int) -> list[str]:
    if path is None:
        return []
    questions = [str(json.loads(line)["question"]) for line in path.read_text(encoding="utf-8").splitlines()]
    return random.Random(3).sample(questions, min(most, len(questions)))  # noqa: S311 - a repeatable choice


def _summary(read: Figures) -> dict[str, int | float]:
    times = sorted(read.check_ms) or [0.0]
    return {
        "questions": read.questions,
        "answered": read.answered,
        "partial": read.partial,
        "claims": read.claims,
        "claims_with_faults": read.claims_with_faults,
        "figures": read.figures,
        "different": len(read.different),
        "unsupported": len(read.unsupported),
        "check_ms_median": round(times[len(times) // 2], 1),
        "check_ms_p95": round(times[int(len(times) * 0.95)], 1),
    }


def _as_json(read: Figures, blocked: Sequence[Row], caught: Sequence[Row]) -> dict[str, object]:
    return {
        "answers": _summary(read) | {"unsupported_figures": read.unsupported, "faults": read.faults},
        "right": [asdict(r) for r in blocked],
        "corrupted": [asdict(r) for r in caught],
    }


def _print(read: Figures, blocked: Sequence[Row], caught: Sequence[Row]) -> None:
    _say("## Cijfers in antwoorden\n\n| maat | waarde |\n|---|---|")
    for name, value in _summary(read).items():
        _say(f"| {name} | {value} |")
    for line in (*read.unsupported, *read.faults):
        _say(f"  {line}")
    _table("Vervalste beweringen", "betrapt", caught)
    _table("Juiste beweringen", "geblokkeerd", blocked)


def _table(title: str, done: str, rows: Sequence[Row]) -> None:
    _say(
        f"\n## {title}\n\n| soort | {done} | van | aandeel | niet geteld (blijft waar) |\n|---|---|---|---|---|"
    )
    total = Row("alle", *(sum(getattr(r, part) for r in rows) for part in ("hit", "total", "excluded")))
    for row in (*rows, total):
        share = row.hit / row.total if row.total else 0.0
        _say(f"| {row.kind} | {row.hit} | {row.total} | {share:.1%} | {row.excluded} |")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
