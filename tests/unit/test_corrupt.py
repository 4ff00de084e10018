"""The corruptions and the true statements that verification is measured with."""

import ast
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from answer.records import Citation
from evals.corrupt import KINDS, corruptions
from evals.corrupt_foreign import foreign_corruptions
from evals.figures import generated_questions, judge, read_answers
from evals.statements import Key, Statement, written
from ingest.embed import load_embedder
from retrieval.corpus import open_corpus

OWN = Key("KB0-1KDB2CA-WT", 2030, "BU", "VAK")
OTHER = Key("KB0-1KDB2CA-WT", 2030, "BU", "VEK")


def statement(text: str, keys: tuple[Key, ...] = (), value: int = 0) -> Statement:
    quote = Citation(1, "d", "t", "bbt", None, None, None, (), 0, len(text), text)
    return Statement(text, (quote,), "zin", "cell" if keys else "sentence", keys, Decimal(value))


def made(text: str, kind: str, **more: Any) -> tuple[str, bool]:
    cells: Any = more.pop("cells", {})
    found = {c.kind: c for c in corruptions(statement(text, **more), cells, random.Random(1))}
    return found[kind].text, found[kind].still_true


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("jaar", "In 2020 kwam er steun.", "kwam er steun"),
        ("stadium", "De regering keurt het principieel goed.", "De regering keurt het definitief goed."),
        ("ontkenning", "De steun is niet verlengd.", "De steun is verlengd."),
        ("ontkenning", "De steun is verlengd.", "De steun is niet verlengd."),
        ("percentages verwisseld", "Eerst 20% en dan 30%.", "Eerst 30% en dan 20%."),
        ("teken", "Het is 500 keuro.", "Het is -500 keuro."),
    ],
)
def test_each_kind_changes_one_thing(kind: str, text: str, expected: str):
    changed, still_true = made(text, kind)
    assert changed != text
    assert expected in changed
    assert not still_true


def test_a_credit_with_the_same_figure_stays_true_and_is_told_apart():
    text = "De uitvoering is 500 keuro VAK."
    same: Any = {OWN: type("C", (), {"value": Decimal(500)}), OTHER: type("C", (), {"value": Decimal(500)})}
    differs: Any = {**same, OTHER: type("C", (), {"value": Decimal(400)})}
    assert made(text, "VAK voor VEK", keys=(OWN,), value=500, cells=same)[1]
    assert made(text, "VAK voor VEK", keys=(OWN,), value=500, cells=differs) == (
        "De uitvoering is 500 keuro VEK.",
        False,
    )


def test_numbers_are_written_the_dutch_way():
    assert [written(Decimal(x)) for x in ("1362.50", "1000000", "-105", "20")] == [
        "1.362,5",
        "1.000.000",
        "-105",
        "20",
    ]


def test_the_corruptions_share_nothing_with_the_verifier(root: Path):
    for name in ("corrupt", "corrupt_foreign", "statements", "statements_foreign"):
        tree = ast.parse((root / "evals" / f"{name}.py").read_text(encoding="utf-8"))
        imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not {
            m for m in imported if m and ("verify" in m or m.endswith("figures") or m == "answer.derive")
        }


def test_the_sample_has_no_unsupported_figure_and_nearly_every_corruption_is_caught(sample_store: Path):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        read = read_answers(corpus, generated_questions(corpus)[:40])
        blocked, caught, missed = judge(corpus, 7, 60)
    assert read.figures
    assert read.unsupported == []
    assert read.claims_with_faults == 0, read.faults
    assert sum(r.hit for r in blocked) <= 0.02 * sum(r.total for r in blocked), missed
    assert sum(r.hit for r in caught) >= 0.99 * sum(r.total for r in caught), missed
    kinds = {r.kind for r in caught}
    assert {k for k in kinds if k[:4] not in ("fr: ", "en: ")} <= set(KINDS)
    assert {k[:4] for k in kinds} >= {"fr: ", "en: "}


@pytest.mark.parametrize(
    ("language", "text", "kind", "expected"),
    [
        ("en", "The steun was approved in principle.", "stadium", "The steun was definitively approved."),
        ("fr", "Le montant a été payé.", "ontkenning", "Le montant n'a pas été payé."),
        ("en", "It is 27,718 keuro.", "teken", "It is -27,718 keuro."),
        ("fr", "C'est 27 718 keuro.", "maal duizend", "C'est 27 718 millions d'euros."),
    ],
)
def test_a_french_or_english_statement_is_made_false_in_its_own_words(
    language: str, text: str, kind: str, expected: str
):
    right = replace(statement(text), language=language)
    found = {c.kind: c for c in foreign_corruptions(right, {}, random.Random(1))}
    assert found[f"{language}: {kind}"].text == expected
