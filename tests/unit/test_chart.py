"""The chart is valid, self-contained, escaped and says every figure as text."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from answer.chart import Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def row(label, *figures):
    return Bar(label, *(None if figure is None else Decimal(figure) for figure in figures))


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]


def rects(svg, fill):
    return [
        e for e in ET.fromstring(svg).iter(f"{SVG}rect") if e.get("fill") == fill and e.get("height") != "12"
    ]


def test_every_figure_is_text_with_dutch_separators():
    shown = texts(bars([row("VAK", 410969, 410974, 458323)], "Doelgroepen"))
    assert {"410.969", "410.974", "458.323", "47.349 meer", "uitvoering 111,5%"} <= set(shown)


def test_over_is_filled_and_under_is_open():
    over = ET.fromstring(bars([row("VAK", 100, 100, 150)]))
    under = ET.fromstring(bars([row("VAK", 100, 100, 50)]))
    dashed = [e for e in under.iter(f"{SVG}rect") if e.get("stroke-dasharray") and e.get("height") == "15"]
    assert len(dashed) == 1
    assert float(dashed[0].get("width")) == pytest.approx(190, abs=0.1)
    assert not [e for e in over.iter(f"{SVG}rect") if e.get("stroke-dasharray") and e.get("height") == "15"]
    assert len(rects(bars([row("VAK", 100, 100, 150)]), "#b91c1c")) == 1


def test_bars_are_to_one_scale_and_stay_inside():
    svg = ET.fromstring(bars([row("A", 1000, 1000, -200), row("B", 500, None, 250)]))
    width = float(svg.get("viewBox").split()[2])
    long, half = (e for e in svg.iter(f"{SVG}rect") if e.get("fill") == "#6b7280" and e.get("height") == "16")
    assert float(long.get("width")) == pytest.approx(2 * float(half.get("width")), abs=0.2)
    for element in svg.iter(f"{SVG}rect"):
        assert float(element.get("x")) >= 0
        assert float(element.get("x")) + float(element.get("width")) <= width


def test_it_is_accessible_and_needs_nothing_else():
    svg = bars([row("VAK", 1, 2, 1)], "Bruggen")
    parsed = ET.fromstring(svg)
    assert parsed.get("role") == "img"
    assert parsed[0].tag == f"{SVG}title"
    assert parsed[0].text == "Bruggen"
    assert "VAK: begroot 1, beschikbaar 2, uitgevoerd 1, 1 minder" in parsed[1].text
    assert not re.search(r"<script|href|url\(|on\w+=|<style", svg)


@pytest.mark.parametrize("label", ['<script>alert("x")</script>', "a & b", "tab\x02teken", 'x" onload="y'])
def test_labels_are_escaped(label):
    svg = bars([row(label, 1, 1, 1)], label)
    parsed = ET.fromstring(svg)
    assert {e.tag.removeprefix(SVG) for e in parsed.iter()} == {
        "svg",
        "title",
        "desc",
        "text",
        "rect",
        "line",
    }
    assert not any("onload" in name for e in parsed.iter() for name in e.attrib)
    assert parsed[0].text == label.replace("\x02", "")


@pytest.mark.parametrize(
    "rows", [[], [("VAK", 0, 0, 0)], [("AO", None, None, -105)], [("x", None, None, None)]]
)
def test_nothing_and_missing_figures_are_drawn_without_failing(rows):
    svg = bars([row(*figures) for figures in rows])
    assert ("begroot niet vermeld" in texts(svg)) == any(figures[1] is None for figures in rows)


def test_receipts_are_measured_against_what_was_budgeted():
    assert "4.260 minder" in texts(bars([row("AO", 12400, None, 8140)]))
