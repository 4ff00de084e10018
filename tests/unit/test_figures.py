from decimal import Decimal

import pytest

from answer.figures import numbers, same_amount


def number(text: str):
    (found,) = numbers(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "scale"),
    [
        ("1.258 keuro", "1258", 1_000),
        ("5,3 miljoen", "5.3", 10**6),
        ("1 258 000 euro", "1258000", 1),
        ("-105 keuro", "-105", 1_000),
        ("83%", "83", None),
        ("561", "561", None),
    ],
)
def test_numbers_are_read_as_printed(text: str, value: str, scale: int | None):
    assert (number(text).value, number(text).scale) == (Decimal(value), scale)


def test_codes_and_dates_are_no_numbers():
    assert list(numbers("JB0-1JDB2CA-WT op 1/1/2024 en OD1")) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("5,3 miljoen", "5.300 keuro"),
        ("5,3 miljoen", "5.299"),
        ("17 miljoen", "17.025 keuro"),
        ("1.258.000 euro", "1.258 keuro"),
        ("500%", "500%"),
    ],
)
def test_the_same_amount_in_another_notation(asked: str, found: str):
    assert same_amount(number(asked), number(found))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("5,3 miljoen", "5.400 keuro"),
        ("2.500 euro", "2.500 keuro"),
        ("83%", "84%"),
        ("8.800 keuro", "8.801 keuro"),
    ],
)
def test_another_amount(asked: str, found: str):
    assert not same_amount(number(asked), number(found))
