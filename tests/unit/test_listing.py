"""Which decisions are meant by a time, a minister, a stage and a subject, and how their number is said."""

from dataclasses import replace

import pytest

from ingest.records import Metadata
from retrieval.listing import TALLY, Selection, read_tally, selected, tally
from retrieval.naming import OPENING, opening, spoken_day, stage_missing


def decision(name, title, date, stage=None, ministers=()):
    return Metadata(name, "beslissing", title, "x", date, int(date[:4]), stage=stage, ministers=ministers)


PREMIE = decision("a", "Decreet Startpremie", "2030-03-05", "principieel", ("An Peeters",))
LATER = decision("b", "Startpremies: uitvoeringsbesluit", "2030-06-18", "definitief", ("Bo Claes", "An Peeters"))  # fmt: skip
MUSEA = decision("c", "Subsidie voor musea", "2030-06-18", None, ("Bo Claes",))
NAMED_IN_FULL = replace(decision("e", "Vlaremtrein", "2030-07-01"), official_title="Besluit over lozing")
NOTE = Metadata("d", "conceptnota", "Startpremie", "x", "2030-06-18", 2030)
ALL = (LATER, NOTE, MUSEA, PREMIE, NAMED_IN_FULL)
DAY = ("2030-06-18", "2030-06-18")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Selection(period=DAY), [LATER, MUSEA]),
        (Selection(period=("2030-06-01", "2030-06-30"), stage="definitief"), [LATER]),
        (Selection(ministers=("An Peeters",)), [PREMIE, LATER]),
        (Selection(subject=("startpremie",)), [PREMIE, LATER]),
        (Selection(subject=("premie",)), [PREMIE, LATER]),
        (Selection(subject=("startpremie", "uitvoeringsbesluit")), [LATER]),
        (Selection(subject=("musea", "startpremie")), []),
        (Selection(subject=("lozing",)), [NAMED_IN_FULL]),
    ],
)
def test_what_restricts_and_what_does_not(wanted, expected):
    assert selected(ALL, wanted) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        Selection(period=DAY),
        Selection(("2030-06-01", "2030-06-30"), "definitief", ("An Peeters", "Bo Claes"), ("startpremie", "musea")),
        Selection(subject=("startpremie",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", [1, 61])
def test_a_tally_is_read_back_as_it_was_written(wanted, count):
    text = tally(count, wanted, 10)
    match = TALLY.match(f"{text}Op 18 juni 2030: (‘Subsidie voor musea’, 2030-06-18)")
    assert match and match.group() == text and read_tally(match) == (count, wanted)
    assert ("hoogstens 10" in text) == (count > 10)


def test_an_opening_says_day_and_stage_and_where_asked_ministers_or_what_is_missing():
    assert opening(PREMIE) == "Op 5 maart 2030 principieel goedgekeurd:"
    assert opening(LATER, ministers=True).endswith(", op voorstel van Bo Claes en An Peeters:")
    assert opening(MUSEA) == "Op 18 juni 2030:"
    lacking = OPENING.match(opening(PREMIE, missing="bekrachtigd"))
    assert lacking and stage_missing(lacking["missing"]) == "bekrachtigd"


@pytest.mark.parametrize("date", [None, "2030", "2030-06"])
def test_a_day_that_is_not_known_is_not_said(date):
    meta = Metadata("e", "beslissing", "t", "x", date)
    assert spoken_day(date) is None and opening(meta) == ""
