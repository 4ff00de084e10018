"""Rankings, lists, sums and verdicts from a ledger that is written out here by hand."""

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from answer.budget import budget_answer
from answer.budget_asked import verdict_asked
from answer.budget_list_question import read_list_question
from answer.records import Refusal
from answer.verify import check
from ingest.budget.records import Article, Cell, Credit, Ledger, Phase
from ingest.records import Metadata
from retrieval.query import understand

KEYS: tuple[tuple[Phase, Credit], ...] = (
    ("2e BA-JR", "VAK"),
    ("BU", "VAK"),
    ("2e BA-JR", "VEK"),
    ("BU", "VEK"),
)
SPORT, MUSEA, FILM = "KB0-1KDB2CA-WT", "KB0-1KDB2CB-WT", "KB0-1KEB2CA-WT"
FONDS_WT, FONDS_IS = "KB0-1KEB2HB-WT", "KB0-1KEB2HB-IS"
ROWS: dict[str, tuple[str, str, str]] = {
    SPORT: ("SPORTPREMIE", "CULTUUR", "1.000 500 1.000 800"),
    MUSEA: ("MUSEUMBONNEN", "CULTUUR", "400 440 400 436"),
    FILM: ("FILMSTEUN", "JEUGD", "5.000 4.990 3.000 2.990"),
    FONDS_WT: ("LEENFONDS", "JEUGD", "70 70 70 70"),
    FONDS_IS: ("LEENFONDS", "JEUGD", "30 0 30 0"),
}
TEXT = "".join(f"{code} – {title}\nUitgaven {row}\n" for code, (title, _, row) in ROWS.items())


def section(code: str) -> tuple[Article, list[Cell]]:
    title, programme, row = ROWS[code]
    start = TEXT.index(code)
    row_start = TEXT.index(f"Uitgaven {row}", start)
    row_end = row_start + len(f"Uitgaven {row}")
    cells, at = [], row_start + len("Uitgaven ")
    for (phase, credit), printed in zip(KEYS, row.split(), strict=True):
        value = Decimal(printed.replace(".", ""))
        place = (at, at + len(printed), row_start, row_end)
        cells.append(Cell(code, title, "uitgave", 2030, phase, credit, value, "bbt", 3, *place))
        at += len(printed) + 1
    letters = code[5:7]
    where = ("bbt", code, title, "uitgave", "KB0", letters, programme, None, None, ())
    return Article(*where, 3, start, row_end + 1, row_start - 1), cells  # type: ignore[arg-type]


@pytest.fixture
def ledger() -> Ledger:
    read = [section(code) for code in ROWS]
    cells = tuple(c for _, found in read for c in found)
    return Ledger("bbt", tuple(a for a, _ in read), cells, (), (), (), (), ())


@pytest.fixture
def corpus(ledger: Ledger) -> Any:
    meta = Metadata("bbt", "bbt", "Toelichting", "bbt.txt", year=2030)
    return SimpleNamespace(
        ledgers=lambda: (ledger,),
        metadata=lambda _: meta,
        document=lambda _: SimpleNamespace(id="bbt", text=TEXT, meta=meta, blocks=()),
        blocks=lambda _, start, end: [],
        passages=[],
        lexical=SimpleNamespace(frequency=lambda field, term: 0),
    )


def asked(corpus: Any, question: str) -> Any:
    return budget_answer(corpus, understand(question, ()), [])


def claims(corpus: Any, question: str) -> Sequence[Any]:
    found = asked(corpus, question)
    assert isinstance(found, tuple), found
    return found[0]


def codes(corpus: Any, question: str) -> list[str]:
    """The article of each claim, in order."""
    return [next(code for code in ROWS if code in c.text) for c in claims(corpus, question)]


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("Welk artikel had de laagste uitvoeringsgraad in VAK?", [FONDS_IS]),
        ("Welk artikel van programma KD had de laagste uitvoeringsgraad in VAK?", [SPORT]),
        ("Wat is het artikel met het grootste budget?", [FILM]),
        ("Welk artikel had het kleinste krediet bij Cultuur?", [MUSEA]),
        ("Top 2 van de artikelen met het hoogste VAK", [FILM, SPORT]),
        ("Geef de drie artikelen met de hoogste uitgaven in VEK", [FILM, SPORT, MUSEA]),
        ("Op welk artikel was de onderbenutting in VAK het grootst?", [SPORT]),
        ("Welk artikel werd het sterkst overschreden?", [MUSEA]),
        ("Welke drie artikelen werden het sterkst overschreden?", [MUSEA]),
        ("Which article had the lowest execution rate in VEK?", [FONDS_IS]),
        ("Welke artikelen bleven onder 60 % VAK?", [FONDS_IS, SPORT]),
        ("Welke artikelen gingen over hun budget?", [MUSEA]),
        ("Welke artikelen werden helemaal niet uitgevoerd?", [FONDS_IS]),
        ("Welke artikelen hebben een VAK-budget van meer dan 0,9 miljoen euro?", [FILM, SPORT]),
        ("Waar bleef het meeste krediet over in programma KE?", [FONDS_IS]),
    ],
)
def test_the_articles_that_are_asked_for_in_their_order(corpus: Any, question: str, articles: list[str]):
    assert codes(corpus, question) == articles


def test_both_credits_stand_in_one_claim_only_where_they_rank_alike(corpus: Any):
    (alike,) = claims(corpus, "Welk artikel had het grootste budget?")
    assert "5.000 keuro VAK en 3.000 keuro VEK" in alike.text
    apart = claims(corpus, "Welke twee artikelen hadden de laagste uitvoeringsgraad bij Cultuur?")
    assert len(apart) == 2
    assert "50% VAK (500 / 1.000) en 80% VEK (800 / 1.000)" in apart[0].text


def test_equals_are_all_named_first(corpus: Any):
    found = claims(corpus, "Welke 2 artikelen hadden de hoogste uitvoeringsgraad in VAK bij Jeugd?")
    assert [c.text.split(":")[0] for c in found] == ["Het hoogst", "Daarna"]
    assert "99,8% VAK (4.990 / 5.000)" in found[1].text


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("Som van de uitgaven in VAK voor sportpremie en museumbonnen", "940 keuro VAK (500 + 440)"),
        ("Tel de uitvoering in VEK van 1KDB2CA-WT en 1KDB2CB-WT op", "1.236 keuro VEK (800 + 436)"),
        ("Hoeveel meer VAK uitgevoerd voor sportpremie dan museumbonnen?", "60 keuro VAK meer (500 - 440)"),
        ("Hoeveel bedraagt artikel KB0-1KDB2CA-WT in 2030?", "1.000 keuro, zowel VAK als VEK"),
        ("Wat zijn de cijfers van 1KDB2CB-WT?", "440 keuro VAK en 436 keuro VEK"),
        ("Hoeveel krediet was er voor het leenfonds?", f"{FONDS_IS}, LEENFONDS, is 30 keuro"),
        ("Klopt het dat de sportpremie volledig werd opgebruikt?", "50% VAK (500 / 1.000)"),
    ],
)
def test_figures_are_computed_with_their_formula(corpus: Any, question: str, figure: str):
    assert figure in " ".join(c.text for c in claims(corpus, question))


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Klopt het dat de sportpremie volledig werd opgebruikt?", "Nee: "),
        ("Is het budget van de filmsteun volledig besteed?", "Nee: "),
        ("Werd het krediet van de museumbonnen overschreden?", "Ja: "),
        ("Bleef de uitvoering van de sportpremie onder het budget?", "Ja: "),
        ("Was het budget van de museumbonnen hoger of lager dan de uitgaven?", "Het krediet was lager dan"),
        ("Was het budget van de sportpremie hoger of lager dan de uitgaven?", "Het krediet was hoger dan"),
    ],
)
def test_the_verdict_comes_first(corpus: Any, question: str, verdict: str):
    assert claims(corpus, question)[0].text.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    [
        "Welke artikelen bleven onder 60 % VAK?",
        "Welk artikel werd het sterkst overschreden?",
        "Som van de uitgaven in VAK voor sportpremie en museumbonnen",
        "Hoeveel meer VAK uitgevoerd voor sportpremie dan museumbonnen?",
        "Klopt het dat de sportpremie volledig werd opgebruikt?",
    ],
)
def test_every_claim_verifies_and_rests_on_cells(corpus: Any, question: str):
    found, citations = asked(corpus, question)
    for claim in found:
        cited = [c for c in citations if c.n in claim.citations]
        assert check(corpus, question, claim.text, cited).faults == ()
        cells = [f for f in claim.figures if f.source == "cell"]
        assert cells
        assert all(TEXT[f.start : f.end] == f.text for f in cells)
        assert all(f.formula for f in claim.figures if f.source == "derived")


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("Welke artikelen bleven in 2029 onder 60 % VAK?", "2030, niet over 2029"),
        ("Welke artikelen hebben een uitvoeringsgraad boven 500 %?", "Geen enkel begrotingsartikel"),
    ],
)
def test_a_list_without_articles_is_refused(corpus: Any, question: str, tells: str):
    found = asked(corpus, question)
    assert isinstance(found, Refusal), found
    assert (found.reason, tells in found.message) == ("not_in_corpus", True)


@pytest.mark.parametrize(
    "question",
    [
        "Welke artikelen van het decreet werden gewijzigd?",
        "Welk artikel regelt de hoogste sportpremie?",
        "Wat is de hoogste werkzaamheidsgraad?",
        "Waarom werden artikelen overschreden?",
        "Welke maatregelen werden niet uitgevoerd?",
        "Wat is het verschil tussen sportpremie en filmsteun?",
        "Is de hervorming van de sportpremie volledig uitgevoerd?",
        "Wat houdt artikel KB0-1KDB2CA-WT in?",
        "Hoeveel mensen kregen sportpremie en filmsteun samen?",
    ],
)
def test_what_asks_for_no_figure_is_left_to_the_text(corpus: Any, question: str):
    assert asked(corpus, question) is None


def test_names_that_differ_are_asked_back(corpus: Any):
    found = asked(corpus, "Beschikbaar VAK van artikel 2CA?")
    assert isinstance(found, Refusal), found
    assert found.reason == "ambiguous"
    assert all(f"{code} ({ROWS[code][0]})" in found.message for code in (SPORT, FILM))


def test_what_was_left_of_two_articles_is_told_of_each(corpus: Any):
    text = " ".join(c.text for c in claims(corpus, "Hoeveel VAK bleef over op 1KDB2CA-WT en 1KEB2CA-WT?"))
    assert "500 keuro VAK minder (1.000 - 500)" in text
    assert "10 keuro VAK minder (5.000 - 4.990)" in text


def test_a_code_in_the_question_is_no_list(ledger: Ledger):
    assert read_list_question("Had artikel 1KDB2CA-WT het hoogste budget?", [ledger]) is None
    inside = read_list_question("Welk artikel bij Jeugd had het hoogste budget?", [ledger])
    assert inside is not None
    assert inside.articles == {FILM, FONDS_WT, FONDS_IS}


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Is het krediet volledig besteed?", "full"),
        ("Klopt het dat het krediet niet volledig werd besteed?", "under"),
        ("Werd er meer uitgegeven dan begroot?", "over"),
        ("Volstond het budget?", "under"),
        ("Hoeveel werd er volledig besteed?", None),
    ],
)
def test_only_yes_or_no_asks_for_a_verdict(question: str, verdict: str | None):
    assert verdict_asked(question) == verdict
