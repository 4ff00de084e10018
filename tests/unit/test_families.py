import pytest

from ingest.records import Metadata
from retrieval.cues import Cues, cues, stages_named
from retrieval.families import Families, meant


def decision(name, title, date, stage=None):
    return Metadata(name, "beslissing", title, "x", date, int(date[:4]), stage=stage)


FIRST = decision("a", "Besluit over de premie voor starters", "2021-03-05", "principieel")
SECOND = decision("b", "Besluit over de premie voor starters", "2021-06-18", "definitief")
LATER = decision("c", "Besluit over de premie voor starters: wijziging", "2022-06-17", "definitief")
OTHER = decision("d", "Subsidie voor musea", "2021-06-18")
FAMILY = (FIRST, SECOND, LATER)


def test_a_family_shares_its_title_or_holds_it_within_another():
    families = Families((OTHER, LATER, SECOND, FIRST))
    assert families.of(SECOND) == [FIRST, SECOND, LATER]
    assert families.of(OTHER) == [OTHER]


def test_a_short_title_is_no_part_of_a_longer_one():
    short, long = (
        decision("e", "Begroting 2022", "2021-10-01"),
        decision("f", "Begroting 2022 van de VRT", "2021-11-01"),
    )
    assert Families((short, long)).of(short) == [short]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("wanneer werd de premie principieel goedgekeurd?", Cues(None, "principieel", None)),
        ("de definitieve versie van juni 2021", Cues(("2021-06-01", "2021-06-31"), "definitief", None)),
        ("op 18 juni 2021 goedgekeurd", Cues(("2021-06-18", "2021-06-18"), None, None)),
        ("op 18/6/2021 goedgekeurd", Cues(("2021-06-18", "2021-06-18"), None, None)),
        ("wat kwam er in de zomer van 2022?", Cues(("2022-06-01", "2022-09-31"), None, None)),
        ("wanneer stemde het parlement erover?", Cues(None, "bekrachtigd", None)),
        ("en de laatste keer in 2022?", Cues(None, None, "last")),
        ("hoe evolueerde het de laatste jaren?", Cues(None, None, None)),
        ("wat kostte het in 2022?", Cues(None, None, None)),
        ("het verschil tussen 2021 en 2022", Cues(None, None, None)),
        ("hoeveel bedraagt de premie?", Cues(None, None, None)),
    ],
)
def test_what_a_question_says_of_time_and_stage(question, expected):
    assert cues(question) == expected
    assert cues(question).any == (expected != Cues(None, None, None))


def test_every_stage_that_a_question_names():
    assert stages_named("principieel of definitief goedgekeurd?") == ("definitief", "principieel")
    assert stages_named("goedgekeurd?") == ()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Cues(None, "definitief", None), [SECOND, LATER]),
        (Cues(None, "definitief", "last"), [LATER]),
        (Cues(("2021-01-01", "2021-12-31"), "definitief", None), [SECOND]),
        (Cues(None, None, "first"), [FIRST]),
        (Cues(None, "bekrachtigd", None), list(FAMILY)),
        (Cues(("2019-01-01", "2019-12-31"), None, None), list(FAMILY)),
    ],
)
def test_the_members_that_cues_point_at(asked, expected):
    assert meant(FAMILY, asked) == expected
