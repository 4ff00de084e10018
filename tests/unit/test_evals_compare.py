"""Intervals of differences, what two runs differ in, and the page that shows it."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise
from math import nan

import numpy as np
import pytest

from evals import RunInvalid
from evals.bootstrap import mean, paired, percentile
from evals.compare import compare
from evals.labels import LABELS, group_label, number
from evals.measures import Row
from evals.plots import Bar, Line, Whisker, bars, lines, whiskers
from evals.report import report_html, report_json
from evals.run import Header, Run


def row(name, answerable=True, kind="list", **values):
    return Row(name, kind, "nota", "low", "nl", "easy", "tune", answerable, values)


def rows(rights, **more):
    return [row(f"q{n:03}", right=float(r), **more) for n, r in enumerate(rights)]


# Intervals


def test_the_worked_example():
    found = paired([0, 0, 1, 1], [0, 1, 1, 1])
    assert (found.difference, found.low, found.high, found.n) == (0.25, 0, 0.75, 4)
    assert not found.is_certain


def test_an_interval_comes_out_the_same_and_turns_with_its_runs():
    rng = np.random.default_rng(3)
    a, b = rng.random(60), rng.random(60)
    there, back = paired(a, b), paired(b, a)
    assert paired(a, b) == there
    assert (back.difference, back.low, back.high) == pytest.approx(
        (-there.difference, -there.high, -there.low)
    )


def test_pairing_finds_a_small_steady_gain_among_large_differences():
    a = np.random.default_rng(5).random(100)
    assert paired(a, a + 0.01).is_certain
    assert not paired(a, np.random.default_rng(6).random(100)).is_certain


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        found = paired(np.zeros(80), rng.normal(0.3, 1.0, 80), resamples=500)
        held += found.low <= 0.3 <= found.high
    assert 0.88 < held / 200 < 0.99


def test_a_measure_that_does_not_apply_everywhere():
    found = paired([nan, 0, 0, 1], [1, nan, 1, 1])
    assert found.difference == pytest.approx(1 - 1 / 3)
    assert np.isnan(mean(np.array([nan, nan])))


def test_percentiles_are_compared_too():
    assert paired([10, 20, 30], [20, 40, 60], percentile(50)).difference == 20


def test_what_cannot_be_paired_is_refused():
    with pytest.raises(ValueError, match="found 1 and 2"):
        paired([1], [1, 2])
    with pytest.raises(ValueError, match="found 0 and 0"):
        paired([], [])


# Two runs


def test_a_run_against_itself_differs_in_nothing():
    run = rows([1, 0, 1], elapsed_ms=3.0)
    found = compare(run, run, ["type"])
    assert {d.interval.difference for d in found.differences} == {0}
    assert {d.verdict for d in found.differences} == {"unsure"}
    assert {d.group for d in found.differences} == {"all", "type=list"}
    assert (found.better, found.worse) == ((), ())


def test_a_fall_is_seen_with_its_questions():
    a, b = rows([1] * 30 + [0]), rows([0] * 8 + [1] * 23)
    found = compare(a, b)
    (right,) = found.differences
    assert right.verdict == "worse"
    assert [c.id for c in found.worse] == [f"q{n:03}" for n in range(8)]
    assert [(c.id, c.measure, c.a, c.b) for c in found.better] == [("q030", "right", 0, 1)]


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        ("right", "better"),
        ("wrong", "worse"),
        ("false_refusal", "worse"),
        ("answer_length", "other"),
        ("elapsed_ms", "worse"),
    ],
)
def test_which_way_is_better(measure, verdict):
    a = [row(f"q{n}", **{measure: 0.0}) for n in range(20)]
    b = [row(f"q{n}", **{measure: 1.0}) for n in range(20)]
    assert compare(a, b).differences[0].verdict == verdict


def test_the_first_deciding_measure_that_differs_decides():
    a, b = [row("q", right=1.0, mrr=0.2)], [row("q", right=0.0, mrr=0.9)]
    found = compare(a, b)
    assert [c.measure for c in found.worse] == ["right"]
    assert found.better == ()


def test_runs_of_other_questions_are_not_compared():
    with pytest.raises(RunInvalid, match="niet dezelfde vragen"):
        compare(rows([1, 0]), rows([1, 0, 1]))
    with pytest.raises(RunInvalid, match="0 gemeen"):
        compare([row("a", right=1.0)], [row("b", right=1.0)])


def test_a_measure_that_one_run_lacks_is_left_out():
    assert compare([row("q", right=1.0)], [row("q", mrr=1.0)]).differences == ()
    assert compare([], []).differences == ()


# The page


def made_run(name, rights, said="512 <b>euro</b>"):
    answer = {"status": "answered", "answer": said, "citations": [{"n": 1, "title": "Nota & co"}]}
    made = [row(f"q{n}", right=r, wrong=1 - r, mrr=r / 2, elapsed_ms=9.0) for n, r in enumerate(rights)]
    made.append(row("u", answerable=False, kind="unanswerable", refusal_recall=0.0))
    questions = {r.id: {"question": f"Vraag {r.id} <script>?", "reference_answer": ""} for r in made}
    header = Header("5" * 32, "c" * 16, 20, f"2026-01-0{len(name)}T10:00:00+00:00")
    return Run(name, header, tuple(made), questions, {r.id: {"answer": answer} for r in made})


class Outline(HTMLParser):
    """Opened and closed tags, and what a page would fetch."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.fetched, self.ids = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        named = dict(attributes)
        self.fetched += [
            named[a] for a in ("src", "href", "srcset") if a in named and not named[a].startswith("#")
        ]
        self.ids += [named["id"]] if "id" in named else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def page():
    return report_html(made_run("nu", [1.0, 0.0]), made_run("toen", [0.0, 1.0], "vroeger antwoord"), [made_run("a", [0.0]), made_run("bb", [1.0])])  # fmt: skip


def test_the_page_is_whole_and_fetches_nothing(page):
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert outline.fetched == []
    assert len(outline.ids) == len(set(outline.ids))
    assert not {"script", "link", "img", "iframe"} & set(outline.seen)
    assert "url(" not in page
    assert '<html lang="nl">' in page


def test_the_page_shows_both_answers_and_runs_nothing_of_them(page):
    assert "512 &lt;b&gt;euro&lt;/b&gt;" in page
    assert "vroeger antwoord" in page
    assert "Vraag q0 &lt;script&gt;?" in page
    assert "Slechter geworden (1)" in page
    assert "Beter geworden (1)" in page
    assert "Nota &amp; co" in page


def test_every_plot_of_the_page_says_what_it_shows(page):
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 4
    for plot in plots:
        root = ET.fromstring(plot)
        assert root.get("role") == "img"
        assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]


def test_a_page_without_baseline_or_history(page):
    alone = report_html(made_run("nu", [1.0, 0.0]))
    assert "Verloop" not in alone
    assert "Vergeleken met" not in alone
    assert len(alone) < len(page)
    report_html(Run("leeg", Header("", "", 20, ""), (), {}, {}))


def test_the_json_says_the_same_as_the_page(page):
    document = json.loads(json.dumps(report_json(made_run("nu", [1.0, 0.0]), made_run("toen", [0.0, 1.0]), [made_run("a", [1.0])])))  # fmt: skip
    assert document["summary"]["all"]["right"] == 0.5
    assert document["by"]["type"]["type=unanswerable"]["refusal_recall"] == 0
    assert [c["id"] for c in document["comparison"]["worse"]] == ["q1"]
    assert document["history"][0]["right"] == 1
    assert f"<td>{number(0.5, 'right')}</td>" in page


def test_plots_of_extremes():
    for plot in (
        bars("Niets", []),
        bars("Alles", [Bar("a<b", 1.7, "1,7"), Bar("", -0.2, "-0,2")]),
        whiskers("Geen verschil", [Whisker("a", 0, 0, 0, "unsure", "0")]),
        lines("Eén run", ["a"], [Line("x", [0.5])]),
        lines("Gaten", ["a", "b"], [Line("x", [None, 0.5]), Line("y", [None, None]), Line("z", [1.0, 0.5])]),
    ):
        assert "nan" not in plot
        ET.fromstring(plot)


def test_labels_stand_apart_at_the_end_of_lines():
    plot = ET.fromstring(lines("x", ["a", "b"], [Line(name, [0.5, 0.5]) for name in ("k", "l", "m")]))
    heights = [float(t.get("y")) for t in plot.iter() if t.text in ("k", "l", "m")]
    assert all(b - a >= 16 for a, b in pairwise(heights))


def test_numbers_as_people_read_them():
    assert number(0.8351, "right") == "0,835"
    assert number(1069.2, "answer_length") == "1.069"
    assert number(-0.0001, "right") == "0,000"
    assert number(2.585, "citations_per_answer") == "2,58"
    assert group_label("type=list") == "lijst"
    assert group_label("document=bbt-x") == "bbt-x"


def test_every_measure_has_a_dutch_name():
    from evals.answers import ANSWER_MEASURES, ELAPSED
    from evals.gold import GoldQuestion, Piece
    from evals.measures import PERCENTILES
    from evals.ranking import ranking_values

    question = GoldQuestion("q", "list", "?", True, (Piece("nota", quote="x"),), ())
    names = {*ranking_values([(question, [])])[0], *ANSWER_MEASURES, *PERCENTILES} - {ELAPSED}
    assert names == set(LABELS)
