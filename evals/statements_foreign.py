"""True statements of the ledger and of decisions in French and English, in the notation of each language.

Shares nothing with what verifies answers, so that it can be measured with them.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from evals.statements import How, Key, Statement, cite, rows, table
from ingest.budget.records import Cell
from ingest.reading import sentences
from retrieval.corpus import Corpus

_STAGED = {
    "principieel": re.compile(r"\bprincipi[eë]\w*", re.I),
    "definitief": re.compile(r"\bdefinitie(?:f|ve)\b", re.I),
    "bekrachtigd": re.compile(r"\bbekrachtig\w*", re.I),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language says what the ledger and the decisions hold."""

    phases: Mapping[str, tuple[str, ...]]
    credits: Mapping[str, tuple[str, ...]]
    cells: tuple[str, ...]
    gaps: tuple[str, ...]
    sides: tuple[tuple[str, ...], tuple[str, ...]]
    moved: str
    verbs: tuple[str, str]
    shares: tuple[str, ...]
    sums: tuple[str, ...]
    million: tuple[str, ...]
    about: tuple[str, ...]
    stages: Mapping[str, tuple[str, ...]]
    grouped: tuple[str, ...]
    decimal: str


TONGUES = {
    "fr": Tongue(
        {
            "BU": ("l'exécution (BU)", "l'exécution", "l'exécution budgétaire", "le montant exécuté"),
            "JR": ("le crédit disponible après redistribution", "le crédit disponible", "le {phase}", "le budget après redistributions ({phase})"),
            "BA": ("le {phase}", "le deuxième ajustement budgétaire", "l'ajustement budgétaire ({phase})", "le budget ajusté"),
            "BO": ("le budget initial", "le BO"),
        },
        {
            "VAK": ("VAK", "crédit d'engagement", "crédits d'engagement (VAK)"),
            "VEK": ("VEK", "crédit de liquidation", "crédits de liquidation (VEK)", "crédit d'ordonnancement", "crédit de paiement"),
            "AO": ("AO", "recettes générales"),
            "TO": ("TO", "recettes affectées"),
            "LO": ("LO", "recettes d'emprunt"),
        },
        (
            "En {year}, {phase} de {code} était de {amount} en {credit}.",
            "Pour {title} ({code}), {phase} de {year} s'élève à {amount} en {credit}.",
            "Article {code} : {phase} {year} atteint {amount} {credit}.",
            "{Phase} {year} de {code}, {title}, est de {amount} en {credit}.",
            "En {credit}, {phase} de {code} s'élevait en {year} à {amount}.",
        ),
        (
            "L'exécution de {code} était en {year} de {gap} {credit} {side} {base}.",
            "En {year}, l'exécution en {credit} de {code} a été de {gap} {side} {base} ({high} − {low}).",
        ),
        (("de plus que", "supérieure à"), ("de moins que", "inférieure à")),
        "Le {credit} de {code} {verb} en {year} de {before} ({phase}) à {after} ({later}), soit une différence de {gap}.",
        ("a augmenté", "a diminué"),
        (
            "Du crédit disponible de {code}, {share} % ont été exécutés en {credit} en {year}.",
            "L'exécution {year} de {code} représente {share} pour cent du crédit disponible en {credit}.",
            "En {year}, {share} % du crédit disponible après redistribution de {code} ont été exécutés en {credit} ({after} / {before}).",
        ),
        (
            "Ensemble, {phase} {year} de {a} et {b} s'élève à {sum} en {credit}.",
            "Au total, {phase} en {year} de {a} et {b} est de {sum} {credit} ({x} + {y}).",
        ),
        ("millions d'euros", "millions"),
        ("", "environ ", "à peu près "),
        {
            "principieel": ("Le Gouvernement flamand donne son approbation de principe : ‘{title}’.", "‘{title}’ a été approuvé en principe."),
            "definitief": ("Le Gouvernement flamand donne son approbation définitive : ‘{title}’.", "‘{title}’ a été approuvé définitivement."),
            "bekrachtigd": ("Le décret ‘{title}’ a été sanctionné.", "‘{title}’ : sanction par le Gouvernement flamand."),
        },
        (" ", "\u202f", "."),
        ",",
    ),
    "en": Tongue(
        {
            "BU": ("the execution (BU)", "the execution", "the budget execution", "the amount spent"),
            "JR": ("the available credit after reallocation", "the available credit", "the {phase}", "the budget after reallocations ({phase})"),
            "BA": ("the {phase}", "the second budget adjustment", "the budget adjustment ({phase})", "the adjusted budget"),
            "BO": ("the initial budget", "the BO"),
        },
        {
            "VAK": ("VAK", "commitment credit", "commitment credits (VAK)"),
            "VEK": ("VEK", "payment credit", "payment credits (VEK)"),
            "AO": ("AO", "general receipts"),
            "TO": ("TO", "assigned receipts"),
            "LO": ("LO", "loan receipts"),
        },
        (
            "In {year} {phase} of {code} was {amount} in {credit}.",
            "For {title} ({code}), {phase} of {year} amounts to {amount} of {credit}.",
            "Article {code}: {phase} {year} is {amount} {credit}.",
            "{Phase} {year} of {code}, {title}, comes to {amount} in {credit}.",
            "In {credit}, {phase} of {code} was {amount} in {year}.",
        ),
        (
            "The execution of {code} in {year} was {gap} {credit} {side} {base}.",
            "In {year} the execution in {credit} of {code} was {gap} {side} {base} ({high} − {low}).",
        ),
        (("more than", "higher than"), ("less than", "lower than")),
        "The {credit} of {code} {verb} in {year} from {before} ({phase}) to {after} ({later}), a difference of {gap}.",
        ("increased", "decreased"),
        (
            "Of the available credit of {code}, {share}% was executed in {credit} in {year}.",
            "The execution {year} of {code} is {share} per cent of the available credit in {credit}.",
            "In {year}, {share}% of the available credit after reallocation of {code} was spent in {credit} ({after} / {before}).",
        ),
        (
            "Together {phase} {year} of {a} and {b} was {sum} in {credit}.",
            "In total {phase} in {year} of {a} and {b} is {sum} {credit} ({x} + {y}).",
        ),
        ("million euros", "million euro", "million"),
        ("", "about ", "approximately "),
        {
            "principieel": ("The Flemish Government gives its approval in principle: ‘{title}’.", "‘{title}’ was approved in principle."),
            "definitief": ("The Flemish Government gives its final approval: ‘{title}’.", "‘{title}’ was definitively approved."),
            "bekrachtigd": ("The decree ‘{title}’ was ratified.", "‘{title}’: ratification by the Flemish Government."),
        },
        (",", "\u00a0"),
        ".",
    ),
}  # fmt: skip


def foreign_statements(corpus: Corpus, seed: int = 7, most: int = 100) -> list[Statement]:
    """At most `most` statements of each language and sort: cells, what follows from them, decisions; one seed, one list."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice
    cells = table(corpus)
    found: list[Statement] = []
    for name, tongue in TONGUES.items():
        for group in (
            list(_cells(corpus, cells, tongue, rng)),
            [*_two_phases(corpus, cells, tongue, rng), *_sums(corpus, cells, tongue, rng)],
            list(_stages(corpus, tongue, rng)),
        ):
            rng.shuffle(group)
            found += [replace(s, form=f"{name}: {s.form}", language=name) for s in group[:most]]
    return found


def _cells(
    corpus: Corpus, cells: Mapping[Key, Cell], tongue: Tongue, rng: random.Random
) -> Iterator[Statement]:
    for key, cell in cells.items():
        if not cell.value:
            continue
        phase = _phase(key, tongue, rng)
        for form, amount in _amounts(cell.value, tongue, rng):
            text = rng.choice(tongue.cells).format(
                year=key.year,
                phase=phase,
                Phase=phase[0].upper() + phase[1:],
                code=key.code,
                title=cell.title,
                amount=amount,
                credit=rng.choice(tongue.credits[key.credit]),
            )
            yield _statement(corpus, text, [cell], form, "cell", (key,), cell.value)


def _amounts(value: Decimal, tongue: Tongue, rng: random.Random) -> Iterator[tuple[str, str]]:
    yield "cel", f"{_written(value, tongue, rng)} keuro"
    if value >= 1_000:
        million = (value / 1_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
        yield (
            "miljoen, afgerond",
            f"{rng.choice(tongue.about)}{_written(million, tongue, rng)} {rng.choice(tongue.million)}",
        )
        yield "euro", f"{_written(value * 1_000, tongue, rng)} euro{'s' * rng.randrange(2)}"


def _written(value: Decimal, tongue: Tongue, rng: random.Random) -> str:
    """1362.5 -> `1,362.5` or `1 362.5` in English, `1 362,5` or `1.362,5` in French."""
    digits = f"{value:,f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return digits.replace(".", "#").replace(",", rng.choice(tongue.grouped)).replace("#", tongue.decimal)


def _phase(key: Key, tongue: Tongue, rng: random.Random) -> str:
    family = "JR" if key.phase.endswith("JR") else "BA" if key.phase.endswith("BA") else key.phase
    return rng.choice(tongue.phases[family]).format(phase=key.phase)


def _two_phases(
    corpus: Corpus, cells: Mapping[Key, Cell], tongue: Tongue, rng: random.Random
) -> Iterator[Statement]:
    """Execution against credit, and credit before and after reallocations."""
    for key, after in cells.items():
        for phase in sorted({k.phase for k in cells} - {key.phase}):
            other = replace(key, phase=phase)
            before = cells.get(other)
            if before is None or before.value <= 0 or after.value == before.value or after.value < 0:
                continue
            gap = after.value - before.value
            credit = rng.choice(tongue.credits[key.credit])
            said = {
                "code": key.code, "year": key.year, "credit": credit, "base": _phase(other, tongue, rng),
                "gap": f"{_written(abs(gap), tongue, rng)} keuro", "phase": phase, "later": key.phase,
                "side": rng.choice(tongue.sides[gap < 0]), "verb": tongue.verbs[gap < 0],
            }  # fmt: skip
            if key.phase == "BU":
                high, low = max(after.value, before.value), min(after.value, before.value)
                text = rng.choice(tongue.gaps).format(
                    **said, high=_written(high, tongue, rng), low=_written(low, tongue, rng)
                )
                yield _statement(
                    corpus, text, [after, before], "verschil", "difference", (key, other), abs(gap)
                )
            ends = {
                "before": _written(before.value, tongue, rng),
                "after": _written(after.value, tongue, rng),
            }
            if key.phase == "BU" and phase.endswith("JR"):
                share = (after.value / before.value * 100).quantize(Decimal(1), ROUND_HALF_UP)
                text = rng.choice(tongue.shares).format(**said, **ends, share=_written(share, tongue, rng))
                yield _statement(corpus, text, [after, before], "aandeel", "share", (key, other), share)
            elif key.phase.endswith("JR") and phase.endswith("BA"):
                text = tongue.moved.format(**said, **{k: f"{v} keuro" for k, v in ends.items()})
                yield _statement(
                    corpus, text, [after, before], "verschil", "difference", (key, other), abs(gap)
                )


def _sums(
    corpus: Corpus, cells: Mapping[Key, Cell], tongue: Tongue, rng: random.Random
) -> Iterator[Statement]:
    """Two articles that follow each other, in one phase and one credit."""
    groups: dict[tuple[int, str, str], list[Key]] = {}
    for key, cell in cells.items():
        if cell.value > 0:
            groups.setdefault((key.year, key.phase, key.credit), []).append(key)
    for (year, _, credit), keys in groups.items():
        for a, b in pairwise(keys):
            total = cells[a].value + cells[b].value
            text = rng.choice(tongue.sums).format(
                phase=_phase(a, tongue, rng),
                year=year,
                a=a.code,
                b=b.code,
                sum=f"{_written(total, tongue, rng)} keuro",
                credit=rng.choice(tongue.credits[credit]),
                x=_written(cells[a].value, tongue, rng),
                y=_written(cells[b].value, tongue, rng),
            )
            yield _statement(corpus, text, [cells[a], cells[b]], "som", "sum", (a, b), total)


def _statement(
    corpus: Corpus,
    text: str,
    told: Sequence[Cell],
    form: str,
    how: How,
    keys: tuple[Key, ...],
    value: Decimal,
) -> Statement:
    return Statement(text, rows(corpus, told), form, how, keys, value)


def _stages(corpus: Corpus, tongue: Tongue, rng: random.Random) -> Iterator[Statement]:
    """The stage of a decision, where one of its sentences tells this stage and no other."""
    for meta in corpus.documents():
        if (
            meta.kind != "beslissing"
            or not meta.stage
            or meta.stage not in tongue.stages
            or re.search(r"[‘’\n\d]", meta.title)
        ):
            continue
        document = corpus.document(meta.id)
        assert document is not None, "a document of the corpus"
        for start, end in sentences(document.text):
            named = {s for s, pattern in _STAGED.items() if pattern.search(document.text[start:end])}
            if named == {meta.stage}:
                text = rng.choice(tongue.stages[meta.stage]).format(title=meta.title)
                yield Statement(text, (cite(corpus, meta, 1, start, end),), "stadium", "sentence")
                break
