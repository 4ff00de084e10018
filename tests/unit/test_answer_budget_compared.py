"""Totals of programmes, comparisons, and plan against outcome, from a ledger that is written out here by hand."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from answer.budget import budget_answer
from answer.budget_asked import deeds_asked, explanation_asked, order_asked
from answer.budget_whole import named_wholes
from answer.records import Refusal
from answer.verify import check
from ingest.budget.records import Article, Cell, Credit, Ledger, Phase, Total
from ingest.records import Metadata
from retrieval.query import understand

SPORT, MUSEA, BOETES = "KB0-1KDB2CA-WT", "KB0-1KEB2CB-WT", "KB0-9KDBACI-OW"
SPENT: list[tuple[Phase, Credit]] = [
    ("2e BA", "VAK"),
    ("2e BA-JR", "VAK"),
    ("BU", "VAK"),
    ("2e BA", "VEK"),
    ("2e BA-JR", "VEK"),
    ("BU", "VEK"),
]
CAME_IN: list[tuple[Phase, Credit]] = [("2e BA", "AO"), ("BU", "AO")]
SECTIONS = {
    SPORT: ("SPORTPREMIE", "uitgave", "900 1.000 504 900 1.000 500"),
    MUSEA: ("MUSEUMBONNEN", "uitgave", "410 400 201 410 400 440"),
    BOETES: ("BOETES", "ontvangst", "155 249"),
}
WHOLES = {
    "KD – CULTUUR": ("programma", "1.900 2.000 1.500 1.900 2.000 1.400"),
    "KE – JEUGD": ("programma", "810 800 601 810 800 840"),
    "MUSEA (JEUGD)": ("ISE", "410 400 201 410 400 440"),
}
TEXT = "".join(f"{code} – {title}\nRij {row}\n" for code, (title, _, row) in SECTIONS.items())
TEXT += "".join(f"{name}\nRij {row}\n" for name, (_, row) in WHOLES.items())


def placed(heading: str, row: str) -> list[tuple[Decimal, tuple[int, int, int, int]]]:
    """Each figure of a row with its place."""
    start = TEXT.index(f"Rij {row}", TEXT.index(heading))
    found, at = [], start + len("Rij ")
    for printed in row.split():
        place = (at, at + len(printed), start, start + len(f"Rij {row}"))
        found.append((Decimal(printed.replace(".", "")), place))
        at += len(printed) + 1
    return found


def section(code: str) -> tuple[Article, list[Cell]]:
    title, flow, row = SECTIONS[code]
    keys = SPENT if flow == "uitgave" else CAME_IN
    cells = [
        Cell(code, title, flow, 2030, *key, value, "bbt", 3, *place)  # type: ignore[arg-type]
        for key, (value, place) in zip(keys, placed(code, row), strict=True)
    ]
    start = TEXT.index(code)
    end = TEXT.index("\n", TEXT.index("Rij", start)) + 1
    where: Any = ("bbt", code, title, flow, "KB0", code[5:7], None, None, None, ())
    return Article(*where, 3, start, end, TEXT.index("\n", start)), cells


@pytest.fixture
def corpus() -> Any:
    read = [section(code) for code in SECTIONS]
    totals = tuple(
        Total(level, name, "Totaal", name[:2] if level != "ISE" else "KE", "uitgave", 2030, *key, value, "bbt", 3, *place)  # type: ignore[arg-type]
        for name, (level, row) in WHOLES.items()
        for key, (value, place) in zip(SPENT, placed(name, row), strict=True)
    )  # fmt: skip
    cells = tuple(c for _, found in read for c in found)
    ledger = Ledger("bbt", tuple(a for a, _ in read), cells, (), (), totals, (), ())
    meta = Metadata("bbt", "bbt", "Toelichting", "bbt.txt", year=2030)
    return SimpleNamespace(
        ledgers=lambda: (ledger,),
        metadata=lambda _: meta,
        document=lambda _: SimpleNamespace(id="bbt", text=TEXT, meta=meta, blocks=()),
        blocks=lambda _, start, end: [],
        passages=[],
        lexical=SimpleNamespace(frequency=lambda field, term: 0),
    )


def said(corpus: Any, question: str) -> list[str]:
    """The claims, each of which verification lets through."""
    found = budget_answer(corpus, understand(question, ()), [])
    assert isinstance(found, tuple), found
    claims, citations = found
    for claim in claims:
        verdict = check(corpus, question, claim.text, [citations[n - 1] for n in claim.citations])
        assert verdict.holds, (claim.text, verdict.faults)
    return [claim.text for claim in claims]


@pytest.mark.parametrize(
    ("question", "planned", "outcome"),
    [
        ("9KDBACI-OW in 2030: wat stond begroot en wat kwam er binnen?", "155 keuro", "249 keuro"),
        ("Hoeveel werd er geïnd aan boetes en hoeveel dacht men te ontvangen?", "155 keuro", "249 keuro"),
        ("Recettes 9KDBACI-OW : prévu et encaissé ?", "155 keuro", "249 keuro"),
        ("9KDBACI-OW: expected and received?", "155 keuro", "249 keuro"),
        ("Wat was verwacht en werkelijk opgebruikt voor de sportpremie?", "900 keuro", "504 keuro"),
        ("Hoeveel was gepland voor 2CB en hoeveel is gespendeerd in VAK?", "410 keuro", "201 keuro"),
    ],
)
def test_a_plan_and_what_came_of_it_are_both_told(corpus: Any, question: str, planned: str, outcome: str):
    first, second, *_ = said(corpus, question)
    assert (planned in first, "2e BA 2030" in first) == (True, True)
    assert (outcome in second, "BU 2030" in second) == (True, True)


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("Hoeveel kreeg programma KD na herverdeling en hoeveel is uitgevoerd?", ["2.000 keuro", "1.500 keuro VAK", "75% VAK"]),
        ("Programma KE: VAK bij 2e BA?", ["810 keuro"]),
        ("Budget cultuur 2030 in VEK?", ["2.000 keuro", "1.400 keuro", "70% VEK"]),
        ("BU KE vek", ["840 keuro"]),
        ("Hoeveel VAK had structuurelement Musea (Jeugd) beschikbaar?", ["400 keuro"]),
        ("Is het krediet van programma KD overschreden in VAK?", ["Nee: van het", "500 keuro VAK minder"]),
        ("Welk programma gaf meer uit in VAK, KD of KE?", ["Het hoogst: de uitvoering (BU 2030) van programma KD", "KE"]),
    ],
)  # fmt: skip
def test_the_printed_total_of_a_programme_or_element(corpus: Any, question: str, figures: list[str]):
    texts = said(corpus, question)
    assert [f in t for f, t in zip(figures, texts, strict=True)] == [True] * len(figures), texts


def test_the_year_that_no_total_has_is_refused(corpus: Any):
    found = budget_answer(corpus, understand("Hoeveel kreeg programma KD in 2031?", ()), [])
    assert isinstance(found, Refusal)
    assert "programma KD – CULTUUR" in found.message


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Welke van de twee werd beter benut in VAK, de sportpremie of museumbonnen?", ["SPORT", "MUSEUM"]),
        ("Vergelijk het uitvoeringspercentage in VEK van de sportpremie en 1KEB2CB", ["MUSEUM", "SPORT"]),
        ("Laquelle a été mieux utilisée en VEK, la sportpremie ou museumbonnen ?", ["MUSEUM", "SPORT"]),
        ("Is er in VEK minder uitgegeven aan museumbonnen dan aan de sportpremie?", ["MUSEUM", "SPORT"]),
        ("Werd er in VEK meer uitgegeven aan museumbonnen dan aan de sportpremie?", ["SPORT", "MUSEUM"]),
        ("Wie kreeg meer VAK-krediet, museumbonnen of de sportpremie?", ["SPORT", "MUSEUM"]),
    ],
)
def test_what_is_compared_comes_in_its_order(corpus: Any, question: str, order: list[str]):
    assert [name in text for name, text in zip(order, said(corpus, question), strict=True)] == [True, True]


def test_shares_that_whole_percents_would_tell_equal_get_a_decimal(corpus: Any):
    question = "Vergelijk het uitvoeringspercentage in VAK van de sportpremie en museumbonnen"
    first, second = said(corpus, question)
    assert "50,4% VAK (504 / 1.000)" in first
    assert "50,3% VAK (201 / 400)" in second


def test_each_credit_has_its_own_order_where_they_differ(corpus: Any):
    texts = said(corpus, "Vergelijk de uitvoeringsgraad van de sportpremie en museumbonnen")
    told = [("SPORT" in t, "VAK (" in t) for t in texts]
    assert told == [(True, True), (False, True), (False, False), (True, False)]


def test_where_both_credits_agree_each_is_told_once(corpus: Any):
    first, second = said(corpus, "Vergelijk de uitvoeringsgraad van programma KD en KE")
    assert "KE – JEUGD" in first
    assert "(1.500 / 2.000)" in second and "70% VEK (1.400 / 2.000)" in second


@pytest.mark.parametrize(
    "question",
    [
        "2CA: krediet van 1.000 keuro VAK en toch maar 500 keuro gebruikt?",
        "De sportpremie is maar voor 50% uitgevoerd, hoe komt dat?",
        "Pour 1KDB2CA, seulement 50% du VAK exécuté ?",
        "Wat werd er gerealiseerd in programma KD?",
        "Hoeveel cultuur is er in 2030 uitgevoerd?",
        "Wie is verantwoordelijk voor programma KD?",
        "Welke maatregelen voert programma KD uit?",
        "Wat is beter, de sportpremie of museumbonnen?",
        "Wat wordt er verwacht van de sportpremie?",
        "Tel het krediet van de sportpremie en de filmsteun op",
    ],
)
def test_what_only_the_text_explains_is_left_to_it(corpus: Any, question: str):
    assert budget_answer(corpus, understand(question, ()), []) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("geen krediet en toch 3 keuro geboekt?", True),
        ("maar 57% gebruikt", True),
        ("Hoeveel van de 100 keuro is gebruikt, en toch?", False),
        ("Klopt het dat er toch 3 keuro is geboekt?", False),
        ("toch geboekt?", False),
    ],
)
def test_a_told_figure_against_what_one_expects_asks_for_an_explanation(text: str, told: bool):
    assert explanation_asked(text) is told


def test_the_order_that_is_asked_for():
    assert order_asked("Welke werd minder benut, A of B?", False) == "least"
    assert order_asked("Vergelijk A en B", True) == "most"
    assert order_asked("Vergelijk A en B", False) is None
    assert order_asked("Hoeveel meer kreeg A dan B?", False) is None


def test_deeds_are_no_figures():
    assert deeds_asked("Wat is er in KD uitgevoerd?")
    assert not deeds_asked("Wat is er in VAK uitgevoerd?")


def test_a_whole_is_named_by_its_level_its_letters_or_its_name(corpus: Any):
    def names(text: str, by_name: bool = True) -> list[str]:
        return [w.name for w in named_wholes(corpus.ledgers(), text, by_name=by_name)[0]]

    assert names("programma kd en het structuurelement Musea (Jeugd)") == ["KD – CULTUUR", "MUSEA (JEUGD)"]
    assert names("jeugd tegenover KD") == ["KE – JEUGD", "KD – CULTUUR"]
    assert names("jeugd tegenover KD", by_name=False) == ["KD – CULTUUR"]
    assert names("kd") == []
