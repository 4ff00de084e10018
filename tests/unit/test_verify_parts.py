"""The parts of verification one by one: marks, labels, arithmetic, context, rounding."""

from decimal import Decimal

import pytest

from answer.derive import from_numbers, recomputes, stated
from answer.figures import numbers
from answer.verify_context import context, contradicted, likeness, words_of
from answer.verify_labels import bound, labels
from answer.verify_marks import marks
from answer.verify_numbers import agrees, hedge


def said(text: str, dimension: str) -> list[list[set[str]]]:
    """For each number of a text the groups of its label in one dimension."""
    found = marks(text)
    told = labels(text, found)
    own = [m for m in found if m.kind == "number"]
    named = [bound(text, m, dimension, told, own) for m in own]  # type: ignore[arg-type]
    return [[set(g) for g in label.each] if label else [] for label in named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("op 1 mei 2021 is 1.258 keuro", [("date", "2021-05-01"), ("number", "1258")]),
        ("2021-05-01 en 12/3/2022", [("date", "2021-05-01"), ("date", "2022-03-12")]),
        ("in mei 2021 en op 3 juni", [("date", "2021-05"), ("date", "06-03")]),
        ("sinds 2021 voor KB0-1KDB2CA-WT", [("year", "2021"), ("code", "KB0-1KDB2CA-WT")]),
        ("2021 euro in 2021", [("number", "2021"), ("year", "2021")]),
        ("COVID-19 en 2014-2020", [("other", "covid-19"), ("other", "2014-2020")]),
    ],
)
def test_marks_are_read_as_what_they_are(text: str, expected: list[tuple[str, str]]):
    assert [(m.kind, m.value) for m in marks(text)] == expected


def test_a_unit_may_stand_before_or_behind_the_next_number():
    units = [m.number.unit for m in marks("€ 500, 5 tot 10% en 3 of 4 miljoen euro") if m.number]
    assert units == ["euro", "%", "%", "miljoen", "miljoen"]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("25 keuro VAK en 24 keuro VEK", [[{"VAK"}], [{"VEK"}]]),
        ("VAK 25 keuro en VEK 24 keuro", [[{"VAK"}], [{"VEK"}]]),
        ("25 keuro, zowel VAK als VEK", [[{"VAK"}, {"VEK"}]]),
        ("25 keuro vastleggingskrediet (VAK)", [[{"VAK"}]]),
        ("25 keuro vastleggingskrediet (VEK)", [[set()]]),
        ("KB0-1KDB2CA-LO: 25 keuro", [[]]),
    ],
)
def test_a_number_has_the_credit_that_is_its_own(text: str, groups: list[list[set[str]]]):
    assert said(text, "credit") == groups


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("Van het beschikbare krediet van 27 keuro werd 25 keuro uitgevoerd.", ["BA-JR", "BU"]),
        ("De uitvoering was 25 keuro. Het begrote krediet was 27 keuro.", ["BU", "BO"]),
        ("De uitvoering (BU 2030) is 25 keuro VAK en 24 keuro VEK.", ["BU", "BU"]),
        ("In 2030 was er 25 keuro bij BA-JR.", ["BA-JR"]),
    ],
)
def test_a_number_has_the_phase_that_is_its_own(text: str, phases: list[str]):
    assert all(phase in group[0] for phase, group in zip(phases, said(text, "phase"), strict=True))


def test_the_number_of_an_adjustment_counts():
    assert said("de 2e BA was 25 keuro", "phase") == [[{"2e BA", "BA"}]]
    assert said("de tweede begrotingsaanpassing was 25 keuro", "phase") == [[{"2e BA", "BA"}]]


@pytest.mark.parametrize(
    ("text", "keuro", "agreement"),
    [
        ("27,7 miljoen euro", 27718, "rounded"),
        ("27,8 miljoen euro", 27718, None),
        ("27.718.000 euro", 27718, "exact"),
        ("27.700 keuro", 27718, None),
        ("ongeveer 27.700 keuro", 27718, "rounded"),
        ("bijna 28 miljoen euro", 27718, "rounded"),
        ("bijna 27 miljoen euro", 27718, None),
        ("ruim 27 miljoen euro", 27718, "rounded"),
        ("1 miljoen euro", 611, None),
    ],
)
def test_a_rounded_amount_agrees_with_what_it_rounds(text: str, keuro: int, agreement: str | None):
    asked = next(m for m in marks(text) if m.number)
    assert asked.number
    assert agrees(asked.number, Decimal(keuro), 1_000, 0, hedge(text, asked.start)) == agreement


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("91% (25.351 / 27.718)", True),
        ("92% (25.351 / 27.718)", False),
        ("495 keuro (15.629 − 15.134)", True),
        ("485 keuro (15.629 − 15.134)", False),
        ("6 keuro (1 + 2 + 3)", True),
    ],
)
def test_written_out_arithmetic_is_recomputed(text: str, right: bool):
    assert recomputes(next(numbers(text)), stated(text)[0], 1_000) is right


def test_a_range_or_a_date_is_no_arithmetic():
    assert stated("tussen 2014 - 2020 en 5 - 10, op 12/3/2022") == []


def test_a_number_follows_from_two_others_only_where_the_words_announce_it():
    two = list(numbers("40 en 30"))
    asked = next(numbers("10"))
    assert from_numbers(asked, "een verschil van 10", two) == "40 − 30 = 10"
    assert from_numbers(asked, "tien", two) is None


def test_a_context_tells_two_numbers_of_one_sentence_apart():
    source, claim = "20 % naar steden en 80 % naar dorpen", "80 % naar steden"
    told = words_of(source)
    mine = context(words_of(claim), 0, 2)
    steden, dorpen = context(told, 0, 2), context(told, source.index("80"), source.index("80") + 2)
    assert likeness(steden, steden) == 1
    assert contradicted(mine, [dorpen], [steden])
    assert not contradicted(mine, [steden], [dorpen])
