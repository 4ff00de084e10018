"""Figures, phases, credits and units as budget tables print them."""

from decimal import Decimal

import pytest

from ingest.budget.amounts import amounts
from ingest.budget.figures import figure, fitted, tail
from ingest.budget.header import head, phase, unit


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234", "1234"), ("1.234,56", "1234.56"), ("1234", "1234"), ("0", "0"), ("3,5", "3.5"),
        ("-105", "-105"), ("−105", "-105"), ("(105)", "-105"), ("(1.234,5)", "-1234.5"), ("+57", "57"),
        ("€5.000", "5000"), ("112%", "112"),
    ],
)  # fmt: skip
def test_a_figure_has_one_value(printed: str, value: str):
    found = figure(printed, 7)
    assert found is not None
    assert (found.value, found.start, found.end) == (Decimal(value), 7, 7 + len(printed))
    assert found.percent == printed.endswith("%")


@pytest.mark.parametrize(
    "printed",
    [
        "1,234",
        "1.23",
        "1.2345",
        "1.234.56",
        "12a",
        "2e",
        "2014-2020",
        "(105",
        "-(105)",
        "105-",
        "012",
        "0.123",
        "",
    ],
)
def test_what_has_two_readings_is_no_figure(printed: str):
    assert figure(printed) is None


@pytest.mark.parametrize(
    ("line", "columns", "values"),
    [
        ("Uitgaven 1.234 -5 (6)", 3, ["1234", "-5", "-6"]),
        ("Uitgaven 1.234 - 5", 2, ["1234", "-5"]),
        ("Uitgaven 1.234 - 5", 3, ["1234", None, "5"]),
        ("Uitgaven - - 5 6", 3, None),
        ("Uitgaven 1.234 5", 3, None),
        ("Uitgaven ( 105 ) € 6", 2, ["-105", "6"]),
        ("OP 2014-2020 7 8", 2, ["7", "8"]),
    ],
)
def test_the_number_of_columns_decides_what_a_dash_is(
    line: str, columns: int, values: list[str | None] | None
):
    found = fitted(tail(line, 0, len(line)), columns)
    read = None if found is None else [None if f is None else str(f.value) for f in found]
    assert read == values


@pytest.mark.parametrize(
    ("label", "stated"),
    [
        ("2e BA", ("2e BA", None)), ("2e BA-\nJR", ("2e BA-JR", None)), ("2e BA JR", ("2e BA-JR", None)),
        ("2e \naanpassing \nBA-JR", ("2e BA-JR", None)), ("Uitvoering", ("BU", None)), ("BU 2023", ("BU", 2023)),
        ("BO 2023", ("BO", 2023)), ("2022 BA", ("BA", 2022)), ("1ste BA", ("1e BA", None)), ("BO-JR", None),
        ("Herverdelingen", None), ("Uitgaven", None), ("BA 2022 2023", None), ("2e", None),
    ],
)  # fmt: skip
def test_phases_in_every_spelling(label: str, stated: tuple[str, int | None] | None):
    assert phase(label) == stated


@pytest.mark.parametrize(
    ("line", "keuro"),
    [
        ("(duizend euro)", "1"), ("(in duizend EUR)", "1"), ("Bedragen in keuro", "1"), ("(x 1.000 euro)", "1"),
        ("(in euro)", "0.001"), ("(miljoen euro)", "1000"), ("Tabel 4: kredieten (in euro)", "0.001"),
        ("de premie steeg van 1.150 euro naar 1.500 euro", None), ("(zie infra)", None), ("VAK VEK", None),
    ],
)  # fmt: skip
def test_units(line: str, keuro: str | None):
    assert unit(line) == (None if keuro is None else Decimal(keuro))


def columns(text: str):
    stated = head(text)
    return stated and [(c.year or stated.year, c.phase, c.credit) for c in stated.columns]


def test_heads_in_every_order():
    assert columns("VAK VEK\n2021 BA BU BA BU") == [
        (2021, "BA", "VAK"), (2021, "BU", "VAK"), (2021, "BA", "VEK"), (2021, "BU", "VEK"),
    ]  # fmt: skip
    assert columns("BA 2022 BO 2023\nVAK VEK VAK VEK") == [
        (2022, "BA", "VAK"), (2022, "BA", "VEK"), (2023, "BO", "VAK"), (2023, "BO", "VEK"),
    ]  # fmt: skip
    assert columns("2021 AO TO LO") == [(2021, None, "AO"), (2021, None, "TO"), (2021, None, "LO")]
    assert columns("BA 2022 BO 2023") == [(2022, "BA", None), (2023, "BO", None)]
    assert columns("VAK BA VEK BA") == [(None, "BA", "VAK"), (None, "BA", "VEK")]


@pytest.mark.parametrize(
    "text",
    [
        "VAK VEK\n2021 BA BU BA",  # a phase is missing
        "VAK VEK\nBA BU BU BA",  # the credits have different phases
        "VAK VEK VAK\nBA BU",
        "BA BA\n2021",  # twice the same column
        "BA 2021 BO 2022 BA 2021 BO 2022",
        "2021 2022 VAK VEK",
        "VAK VEK totaal",
        "",
    ],
)
def test_a_head_in_no_known_order_is_none(text: str):
    assert head(text) is None


def test_amounts_in_running_text_have_unit_credits_and_role():
    text = "verhoogd met +1.362.203,27 euro VAK/VEK en 350 VAK-krediet tot 8.881 keuro VAK en 3 keuro VEK, of 99% in 2021"
    assert [(a.keuro, a.credits, a.level, a.signed) for a in amounts(text, 0, len(text))] == [
        (Decimal("1362.20327"), ("VAK", "VEK"), False, True),
        (Decimal(350), ("VAK",), False, False),
        (Decimal(8881), ("VAK",), True, False),
        (Decimal(3), ("VEK",), True, False),
    ]


def test_an_amount_glued_to_its_unit_is_read():
    (found,) = amounts("bedroeg 180.311keuro VAK/VEK", 0, 28)
    assert (found.keuro, found.credits) == (Decimal(180311), ("VAK", "VEK"))
