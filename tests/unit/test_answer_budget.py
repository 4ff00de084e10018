"""Budget questions answered from a ledger that is written out here by hand."""

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from answer.budget import budget_answer
from answer.budget_words import written
from answer.records import Refusal
from ingest.budget.records import Article, Breakdown, Cell, Credit, Ledger, Phase, Transfer
from ingest.records import Block, Metadata
from retrieval.query import understand
from retrieval.records import Filters, Turn

PREMIE = "KB0-1KDB2CA-WT"
LOON_WT = "KB0-1KDB2CB-WT"
LOON_PA = "KB0-1KDB2CB-PA"
BOETES = "KB0-9KDBACI-OW"
BOETES_VROEGER = "KB0-9KDBACI-WT"
POT = "CB0-1CBG2AB-PR"
TEXT = """KB0-1KDB2CA-WT – STARTPREMIE
2e BA JR BU 1.200 1.500 1.353 1.100 1.400 1.390
DAC 300 200
Het krediet nam toe tot 1.500 keuro VAK.
+300 keuro VAK/VEK uit de indexprovisie (CB0-1CBG2AB-PR)
KB0-1KDB2CB-WT – LOONCHEQUES
2e BA JR BU 70 80 75 71 81 76
KB0-1KDB2CB-PA – LOONCHEQUES
2e BA JR BU 10 20 15 11 21 16
KB0-9KDBACI-OW – BOETES
2e BA 155 0
BU 249 0
KB0-9KDBACI-WT – BOETES
2e BA 0 0
BU -5 0
"""
PHASES: tuple[Phase, ...] = ("2e BA", "2e BA-JR", "BU")


def figures(code: str, row: str, keys: Sequence[tuple[Phase, Credit]], label: str | None = None) -> list[Any]:
    """The figures at the end of a row, one for each key, with their places."""
    row_start = TEXT.index(row)
    found, at = [], row_start + len(row)
    for (phase, credit), printed in zip(reversed(keys), reversed(row.split()), strict=False):
        at = TEXT.rindex(printed, 0, at)
        common: dict[str, Any] = {
            "code": code,
            "title": "",
            "flow": "ontvangst" if code[4] == "9" else "uitgave",
            "year": 2030,
            "phase": phase,
            "credit": credit,
            "value": Decimal(printed.replace(".", "")),
            "document_id": "bbt",
            "page": 3,
            "start": at,
            "end": at + len(printed),
            "row_start": row_start,
            "row_end": row_start + len(row),
        }
        found.append(Breakdown(label=label, **common) if label else Cell(**common))
    return found[::-1]


def article(code: str, title: str) -> Article:
    start = TEXT.index(f"{code} –")
    following = TEXT.find("\nKB0", start)
    end = following if following > 0 else len(TEXT)
    heading_end = TEXT.index("\n", start)
    flow: Any = "ontvangst" if code[4] == "9" else "uitgave"
    return Article(
        "bbt", code, title, flow, "KB0", "KD", "CULTUUR", None, None, (), 3, start, end, heading_end
    )


def both() -> list[tuple[Phase, Credit]]:
    return [(phase, credit) for credit in ("VAK", "VEK") for phase in PHASES]  # type: ignore[misc]


@pytest.fixture
def corpus() -> Any:
    moved = TEXT.index("+300")
    articles = (
        article(PREMIE, "STARTPREMIE"),
        article(LOON_WT, "LOONCHEQUES"),
        article(LOON_PA, "LOONCHEQUES"),
        article(BOETES, "BOETES"),
        article(BOETES_VROEGER, "BOETES"),
    )
    cells = (
        *figures(PREMIE, "2e BA JR BU 1.200 1.500 1.353 1.100 1.400 1.390", both()),
        *figures(LOON_WT, "2e BA JR BU 70 80 75 71 81 76", both()),
        *figures(LOON_PA, "2e BA JR BU 10 20 15 11 21 16", both()),
        *figures(BOETES, "2e BA 155 0", [("2e BA", "AO"), ("2e BA", "TO")]),
        *figures(BOETES, "BU 249 0", [("BU", "AO"), ("BU", "TO")]),
        *figures(BOETES_VROEGER, "2e BA 0 0", [("2e BA", "AO"), ("2e BA", "TO")]),
        *figures(BOETES_VROEGER, "BU -5 0", [("BU", "AO"), ("BU", "TO")]),
    )
    measures = tuple(figures(PREMIE, "DAC 300 200", [("2e BA-JR", "VAK"), ("BU", "VAK")], "DAC"))
    transfer = Transfer(
        (POT,),
        (PREMIE,),
        Decimal(300),
        Decimal(300),
        "",
        PREMIE,
        False,
        2030,
        "bbt",
        3,
        moved,
        TEXT.index(")\n") + 1,
    )
    ledger = Ledger("bbt", articles, cells, measures, (), (), (transfer,), ())
    sentence = TEXT.index("Het krediet nam")
    blocks = [Block(sentence, TEXT.index("\n", sentence), "paragraph", page=3)]
    meta = Metadata("bbt", "bbt", "Toelichting", "bbt.txt", year=2030)
    return SimpleNamespace(
        ledgers=lambda: (ledger,),
        metadata=lambda _: meta,
        document=lambda _: SimpleNamespace(id="bbt", text=TEXT),
        blocks=lambda _, start, end: [b for b in blocks if b.start < end and start < b.end],
        passages=[],
        lexical=SimpleNamespace(frequency=lambda field, term: 0),
    )


def asked(corpus: Any, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Any:  # noqa: B008
    return budget_answer(corpus, understand(question, history), [], filters)


def said(corpus: Any, question: str, history: Sequence[Turn] = ()) -> str:
    found = asked(corpus, question, history)
    assert isinstance(found, tuple), found
    return " ".join(claim.text for claim in found[0])


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("Wat was het beschikbare VAK van KB0-1KDB2CA-WT?", "1.500 keuro vastleggingskrediet (VAK)"),
        ("bu vek 1kdb2ca", "1.390 keuro vereffeningskrediet (VEK)"),
        ("begroot betaalkrediet voor de startpremie", "1.100 keuro vereffeningskrediet (VEK)"),
        ("Hoeveel is er uitgegeven aan de startpremie in 2030?", "1.353 keuro VAK en 1.390 keuro VEK"),
        ("BU van 1KDB2CA-WT in VAK?", "(BU 2030)"),
        ("Hoeveel DAC is er op 1KDB2CA uitgevoerd in VAK?", "maatregel DAC, is 200 keuro"),
        ("Wat was de raming van de boetes?", "155 keuro algemene ontvangsten (AO)"),
        ("Uitvoering van 9KDBACI-WT?", "-5 keuro algemene ontvangsten (AO)"),
        ("Hoeveel ontving men uit boetes in 2030?", "KB0-9KDBACI-OW, BOETES, is 249 keuro"),
        ("Hoeveel VAK bleef er niet gebruikt op 1KDB2CA-WT?", "147 keuro VAK minder (1.500 - 1.353)"),
        ("Uitvoeringsgraad van de startpremie in VAK?", "90% VAK (1.353 / 1.500)"),
        ("Beschikbaar VAK van 1KDB2CB?", f"{LOON_PA}, LOONCHEQUES, is 20 keuro"),
        ("Hoeveel krediet was er voor de looncheques?", f"{LOON_WT}, LOONCHEQUES, is 80 keuro VAK en 81"),
    ],
)
def test_the_figure_that_is_asked_for(corpus: Any, question: str, figure: str):
    assert figure in said(corpus, question)


def test_nothing_said_about_the_phase_gives_credit_execution_and_rate(corpus: Any):
    claims, _ = asked(corpus, "Wat is het VAK van KB0-1KDB2CA-WT?")
    assert [c.figures[0].text for c in claims] == ["1.500", "1.353", "90%"]
    assert claims[2].figures[0].formula == "1.353 / 1.500"
    assert claims[2].figures[0].source == "derived"


def test_each_figure_and_citation_is_its_span(corpus: Any):
    claims, citations = asked(corpus, "Wat was het beschikbare VAK van KB0-1KDB2CA-WT?")
    assert [TEXT[c.start : c.end] for c in citations] == [c.text for c in citations]
    assert citations[0].text == "2e BA JR BU 1.200 1.500 1.353 1.100 1.400 1.390"
    assert citations[1].text == "Het krediet nam toe tot 1.500 keuro VAK."
    assert claims[0].citations == (1, 2)
    figure = claims[0].figures[0]
    assert (figure.source, TEXT[figure.start : figure.end]) == ("cell", "1.500")


def test_a_follow_up_keeps_the_article(corpus: Any):
    history = (
        Turn("user", "Wat was het beschikbare VAK van KB0-1KDB2CA-WT?"),
        Turn("assistant", "1.500 keuro"),
    )
    assert "1.400 keuro vereffeningskrediet" in said(corpus, "en het beschikbare VEK?", history)


def test_two_articles_are_compared(corpus: Any):
    text = said(corpus, "Vergelijk de BU in VAK van 1KDB2CA-WT en 1KDB2CB-WT")
    assert "1.353 keuro" in text
    assert "75 keuro" in text


def test_reallocations_name_both_sides(corpus: Any):
    claims, citations = asked(corpus, "Uit welke potjes kwam het geld voor de startpremie?")
    assert claims[0].text == f"Van {POT} (indexprovisie) naar {PREMIE}: 300 keuro VAK/VEK (2030)."
    assert citations[0].text == "+300 keuro VAK/VEK uit de indexprovisie (CB0-1CBG2AB-PR)"
    assert said(corpus, f"Hoeveel kwam er uit {POT}?") == claims[0].text


@pytest.mark.parametrize(
    ("question", "reason", "tells"),
    [
        ("Wat was de BU 2031 van KB0-1KDB2CA-WT?", "not_in_corpus", "BU 2030"),
        ("Wat was de BO 2030 van de startpremie?", "not_in_corpus", "2e BA-JR"),
        ("Wat was de 1e BA van 1KDB2CA-WT?", "not_in_corpus", "geen 1e BA"),
        ("Hoeveel VAK stond er op 9KDBACI-OW?", "not_in_corpus", "in AO, TO"),
        ("BU van KB0-1KDB2CZ-WT?", "not_in_corpus", PREMIE),
        ("Klopt het dat de BU in VAK van 1KDB2CA-WT 1.553 keuro was?", "false_premise", "1.353"),
        ("Klopt het dat de BU in VAK van 1KDB2CA-WT 1.390 keuro was?", "false_premise", "1.353"),
        ("Waarom was het VAK van 1KDB2CA-WT 9.999 keuro?", "false_premise", "1.500"),
    ],
)
def test_what_the_ledger_lacks_or_contradicts_is_refused(corpus: Any, question: str, reason: str, tells: str):
    found = asked(corpus, question)
    assert isinstance(found, Refusal), found
    assert found.reason == reason
    assert tells in found.message


def test_a_wrong_amount_is_put_right_with_its_row(corpus: Any):
    found = asked(corpus, "Klopt het dat de BU in VAK van 1KDB2CA-WT 1.553 keuro was?")
    assert found.nearest[0].text == "2e BA JR BU 1.200 1.500 1.353 1.100 1.400 1.390"


@pytest.mark.parametrize(
    "question",
    [
        "Klopt het dat de BU in VAK van 1KDB2CA-WT 1.353 keuro was?",
        "Was de BU in VAK van 1KDB2CA-WT ongeveer 1,4 miljoen euro?",
        "Hoeveel is de BU in VAK van 1KDB2CA-WT als het beschikbare krediet 1.500 keuro was?",
    ],
)
def test_a_right_or_rounded_amount_passes(corpus: Any, question: str):
    assert "1.353" in said(corpus, question)


@pytest.mark.parametrize(
    "question",
    [
        "Waarom werd er minder uitgegeven aan de startpremie?",
        "Wie krijgt de startpremie?",
        "Wat is de startpremie?",
        "Wat is het verschil tussen startpremie en looncheques?",
        "Hoeveel looncheques werden er uitgegeven?",
        "Hoeveel mensen met een startpremie vonden in 2030 werk in de zorg?",
        "Wat besliste de regering over boetes?",
        "Waarom lag de uitvoering van 1KDB2CA-WT 147 keuro VAK onder het krediet?",
    ],
)
def test_what_is_no_question_about_a_figure_is_left_to_the_text(corpus: Any, question: str):
    assert asked(corpus, question) is None


def test_filters_restrict_the_ledgers(corpus: Any):
    question = "Wat was het beschikbare VAK van KB0-1KDB2CA-WT?"
    assert asked(corpus, question, filters=Filters(kind=("beslissing",))) is None
    assert asked(corpus, question, filters=Filters(year=(2030,))) is not None


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        (
            "Quel était le crédit d'engagement disponible de KB0-1KDB2CA-WT ?",
            "Le crédit disponible après redistribution (2e BA-JR 2030) de KB0-1KDB2CA-WT, STARTPREMIE, est de "
            "1\u00a0500 keuro en crédit d'engagement (VAK).",
        ),
        (
            "What was the available commitment credit of KB0-1KDB2CA-WT?",
            "The available credit after reallocation (2e BA-JR 2030) of KB0-1KDB2CA-WT, STARTPREMIE, is "
            "1\u00a0500 keuro in commitment credit (VAK).",
        ),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(corpus: Any, question: str, figure: str):
    assert figure in said(corpus, question)


def test_what_the_ledger_lacks_is_said_in_the_language_of_the_question(corpus: Any):
    found = asked(corpus, "What was the execution of KB0-1KDB2CZ-WT?")
    assert isinstance(found, Refusal), found
    assert found.message.startswith("Budget article KB0-1KDB2CZ-WT does not occur")


def test_a_follow_up_finds_the_article_of_a_french_answer(corpus: Any):
    question = "Quel était le crédit d'engagement disponible de la startpremie ?"
    history = (Turn("user", question), Turn("assistant", said(corpus, "VAK disponible de KB0-1KDB2CA-WT ?")))
    assert "crédit de liquidation (VEK)" in said(corpus, "et en crédit de liquidation ?", history)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("-1362.50", "nl", "-1.362,5"),
        ("-1362.50", "fr", "-1\u00a0362,5"),
        ("-1362.50", "en", "-1\u00a0362.5"),
        ("91", "en", "91"),
    ],
)
def test_a_number_is_written_as_its_language_writes_it(value: str, language: Any, expected: str):
    assert written(Decimal(value), language) == expected
