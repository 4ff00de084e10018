"""The picture of reallocations: what it says in words, how thick its bands are, and that it stays small."""

import xml.etree.ElementTree as ET
from decimal import Decimal

from api.pages.budget_flow import flow
from ingest.budget.records import Transfer

SVG = "{http://www.w3.org/2000/svg}"


def transfer(sources, targets, vak=None, vek=None):
    amount = [None if x is None else Decimal(x) for x in (vak, vek)]
    return Transfer(sources, targets, *amount, "", "A", False, 2021, "d", None, 0, 1)


def test_the_flow_says_each_reallocation_and_is_as_thick_as_its_amount():
    received = [transfer(("B",), ("A",), 100, 100), transfer(("C", "D"), ("A",), 50, 10)]
    picture = ET.fromstring(flow("A", received, [transfer(("A",), (), None, None)]))
    said = picture[1].text
    for part in ("100 VAK/VEK van B", "50 VAK, 10 VEK van 2 artikelen", "zonder bedrag aan niet genoemd"):
        assert part in said
    widths = [float(path.get("stroke-width")) for path in picture.iter(f"{SVG}path")]
    assert widths == [16, 8, 2]
    assert [path.get("stroke-dasharray") for path in picture.iter(f"{SVG}path")] == [None, None, "4 4"]


def test_a_flow_gives_no_article_what_several_shared():
    shared = [transfer(("B",), ("A", "C"), 100, 90), transfer(("D",), ("A",), 10, 10)]
    picture = ET.fromstring(flow("A", shared, []))
    assert "deel van 100 VAK, 90 VEK van B" in picture[1].text
    drawn = [(p.get("stroke-width"), p.get("stroke-dasharray")) for p in picture.iter(f"{SVG}path")]
    assert drawn == [("2.0", "4 4"), ("16.0", None)]


def test_a_flow_of_one_side_is_half_as_wide_and_of_none_is_no_picture():
    gave = [transfer(("A",), ("B",), 1, 1)]
    one, both = ET.fromstring(flow("A", [], gave)), ET.fromstring(flow("A", gave, gave))
    assert int(one.get("width")) < int(both.get("width"))
    assert flow("A", [], []) is None


def test_a_flow_of_very_many_is_bounded_and_says_how_many_are_left():
    picture = ET.fromstring(flow("A", [], [transfer(("A",), (f"B{n}",), n, n) for n in range(1, 60)]))
    assert len(list(picture.iter(f"{SVG}path"))) == 9
    assert "en 50 andere" in [t.text for t in picture.iter(f"{SVG}text")]
