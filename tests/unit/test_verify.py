"""Claims checked against a small budget table and two decisions that are written out here by hand."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from answer.records import Citation
from answer.verify import LONGEST_CLAIM, check
from ingest.budget.records import Article, Cell, Credit, Ledger, Phase, Transfer
from ingest.records import Metadata

PREMIE = "KB0-1KDB2CA-WT"
LOON = "KB0-1KDB2CB-WT"
POT = "CB0-1CBG2AB-PR"
ROW = "Uitgaven 1.200 1.500 1.353 1.100 1.400 1.390"
OTHER_ROW = "Uitgaven 70 80 75 71 81 76"
TOLD = "De uitvoering bedroeg 1.353 keuro VAK of 90% van het beschikbare krediet."
MOVED = "+300 keuro VAK/VEK uit de indexprovisie (CB0-1CBG2AB-PR)"
SPLIT = "In 2030 ging 20% naar steden en 80% naar dorpen; de steun werd niet verlengd."
BBT = f"""KB0-1KDB2CA-WT – STARTPREMIE
{ROW}
{TOLD}
{MOVED}
{SPLIT}
KB0-1KDB2CB-WT – LOONCHEQUES
{OTHER_ROW}
"""
FIRST = "De Vlaamse Regering keurt principieel het besluit over de startpremie goed. Minister Elke Peeters licht toe."
KEYS: list[tuple[Phase, Credit]] = [
    (phase, credit)
    for credit in ("VAK", "VEK")
    for phase in ("2e BA", "2e BA-JR", "BU")  # type: ignore[misc]
]
METADATA = {
    "bbt": Metadata("bbt", "bbt", "Begroting Werk 2030", "test", date="2031-05-20", year=2030),
    "b1": Metadata(
        "b1",
        "beslissing",
        "Startpremie",
        "test",
        date="2030-03-01",
        year=2030,
        uri="http://t.be/id/1",
        stage="principieel",
    ),
}
TEXTS = {"bbt": BBT, "b1": FIRST}


def row_of(code: str, title: str, row: str) -> list[Cell]:
    start = BBT.index(row)
    cells, at = [], start + len("Uitgaven")
    for (phase, credit), printed in zip(KEYS, row.split()[1:], strict=True):
        at = BBT.index(printed, at)
        value = Decimal(printed.replace(".", ""))
        cells.append(
            Cell(
                code,
                title,
                "uitgave",
                2030,
                phase,
                credit,
                value,
                "bbt",
                3,
                at,
                at + len(printed),
                start,
                start + len(row),
            )
        )
        at += len(printed)
    return cells


def article(code: str, title: str, end: int) -> Article:
    start = BBT.index(f"{code} –")
    return Article(
        "bbt",
        code,
        title,
        "uitgave",
        "KB0",
        "KD",
        None,
        None,
        "WT",
        (),
        3,
        start,
        end,
        BBT.index("\n", start),
    )


def ledger() -> Ledger:
    at = BBT.index(MOVED)
    transfer = Transfer(
        (POT,), (PREMIE,), Decimal(300), Decimal(300), "", PREMIE, False, 2030, "bbt", 3, at, at + len(MOVED)
    )
    articles = (
        article(PREMIE, "STARTPREMIE", BBT.index("KB0-1KDB2CB")),
        article(LOON, "LOONCHEQUES", len(BBT)),
    )
    cells = (*row_of(PREMIE, "STARTPREMIE", ROW), *row_of(LOON, "LOONCHEQUES", OTHER_ROW))
    return Ledger("bbt", articles, cells, (), (), (), (transfer,), ())


@pytest.fixture
def corpus() -> Any:
    documents = {k: SimpleNamespace(id=k, text=t, meta=METADATA[k], blocks=()) for k, t in TEXTS.items()}
    return SimpleNamespace(document=documents.get, metadata=METADATA.__getitem__, ledgers=lambda: (ledger(),))


def cited(quote: str, document: str = "bbt", n: int = 1) -> Citation:
    meta, start = METADATA[document], TEXTS[document].index(quote)
    return Citation(
        n, document, meta.title, meta.kind, meta.uri, meta.date, None, (), start, start + len(quote), quote
    )


Kinds = Callable[..., set[str]]


@pytest.fixture
def kinds(corpus: Any) -> Kinds:
    def found(text: str, *quotes: str, question: str = "", document: str = "bbt") -> set[str]:
        citations = [cited(q, document, n) for n, q in enumerate(quotes, 1)]
        return {f.kind for f in check(corpus, question, text, citations).faults}

    return found


RIGHT = f"De uitvoering (BU 2030) van {PREMIE}, STARTPREMIE, is 1.353 keuro VAK."


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        f"Het beschikbare krediet na herverdelingen (2e BA-JR 2030) van {PREMIE} is 1.500 keuro VAK en 1.400 keuro VEK.",
        f"In 2030 werd van het beschikbare krediet van 1.500 keuro VAK op {PREMIE} 1.353 keuro uitgevoerd.",
        f"De uitvoering van {PREMIE} was in 2030 ongeveer 1,4 miljoen euro VAK.",
        f"De uitvoering van {PREMIE} was in 2030 1.353.000 euro aan vastleggingskrediet (VAK).",
        f"De uitvoering van {PREMIE} is 147 keuro VAK minder (1.500 − 1.353) dan 2e BA-JR 2030.",
        f"In 2030 lag de uitvoering van {PREMIE} 147 keuro VAK lager dan het beschikbare krediet.",
        f"Van het beschikbare krediet van {PREMIE} werd in 2030 90% VAK uitgevoerd.",
        f"Het VAK van {PREMIE} steeg in 2030 van 1.200 keuro (2e BA) naar 1.500 keuro (2e BA-JR).",
    ],
)
def test_what_the_row_says_holds(kinds: Kinds, text: str):
    assert kinds(text, ROW) == set()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("1.353", "1.358", "figure"),
        ("1.353", "1.353.000", "unit"),
        ("keuro", "miljoen euro", "unit"),
        ("VAK", "VEK", "credit"),
        ("BU 2030", "2e BA 2030", "phase"),
        ("De uitvoering (BU 2030)", "De begrotingsaanpassing 2030", "phase"),
        ("BU 2030", "BU 2031", "year"),
        (PREMIE, LOON, "article"),
        ("1.353", "-1.353", "sign"),
        ("is", "is niet", "negation"),
        ("STARTPREMIE", "volgens Jan Janssens", "entity"),
    ],
)
def test_one_change_to_a_figure_is_one_fault(kinds: Kinds, old: str, new: str, kind: str):
    assert kind in kinds(RIGHT.replace(old, new, 1), ROW)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            f"De uitvoering van {PREMIE} is 157 keuro VAK minder (1.500 − 1.353) dan 2e BA-JR 2030.",
            "derivation",
        ),
        (f"De uitvoering van {PREMIE} is 147 keuro VEK minder (1.500 − 1.353) dan 2e BA-JR 2030.", "credit"),
        (f"De uitvoering van {PREMIE} is 147 keuro VAK meer (1.500 − 1.353) dan 2e BA-JR 2030.", "sign"),
        (f"Het VAK van {PREMIE} daalde in 2030 van 1.200 keuro (2e BA) naar 1.500 keuro (2e BA-JR).", "sign"),
        (f"Van het beschikbare krediet van {PREMIE} werd in 2030 91% VAK uitgevoerd.", "figure"),
        (
            f"De uitvoering van {PREMIE} is in 2030 100% VAK (1.500 / 1.500) van het beschikbare krediet.",
            "derivation",
        ),
    ],
)
def test_arithmetic_that_is_not_so_is_a_fault(kinds: Kinds, text: str, kind: str):
    assert kind in kinds(text, ROW)


def test_a_sum_needs_both_articles(kinds: Kinds):
    text = f"Samen was de uitvoering (BU 2030) van {PREMIE} en {LOON} 1.428 keuro VAK."
    assert kinds(text, ROW, OTHER_ROW) == set()
    assert kinds(text, ROW) != set()
    assert kinds(text.replace("1.428", "1.353"), ROW, OTHER_ROW) != set()


def test_the_question_names_the_article_and_the_year_that_a_claim_leaves_out(kinds: Kinds):
    text = "De uitvoering is 1.353 keuro VAK."
    assert kinds(text, ROW, question=f"Wat was de BU 2030 van {PREMIE}?") == set()
    assert "article" in kinds(text, ROW, question=f"Wat was de BU van {LOON}?")
    assert "year" in kinds(text, ROW, question="Wat was de BU van 2029?")


def test_a_literal_quotation_holds_and_its_figures_have_their_places(corpus: Any):
    verdict = check(corpus, "", TOLD, [cited(TOLD)])
    assert verdict.holds
    assert [(f.text, f.source) for f in verdict.figures] == [("1.353 keuro", "span"), ("90%", "span")]
    assert [BBT[f.start : f.end] for f in verdict.figures] == ["1.353 keuro", "90%"]


def test_figures_say_which_cell_or_formula_they_come_from(corpus: Any):
    cell, rounded, gap = (
        check(corpus, "", text, [cited(ROW)]).figures[0]
        for text in (
            RIGHT,
            f"De uitvoering van {PREMIE} was in 2030 1,4 miljoen euro VAK.",
            f"In 2030 lag de uitvoering van {PREMIE} 147 keuro VAK lager dan het beschikbare krediet.",
        )
    )
    assert (cell.source, cell.value, cell.unit, BBT[cell.start : cell.end]) == (
        "cell",
        "1353",
        "keuro",
        "1.353",
    )
    assert (rounded.source, rounded.formula) == ("derived", "1.353 keuro ≈ 1,4 miljoen euro")
    assert (gap.source, gap.formula) == ("derived", "1.500 − 1.353 = 147")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("In 2030 ging 80% naar steden en 20% naar dorpen.", "figure"),
        ("In 2030 ging 20% naar steden en 80% naar dorpen; de steun werd verlengd.", "negation"),
        ("In 2029 ging 20% naar steden en 80% naar dorpen.", "year"),
        ("In 2030 ging 20% naar steden en 80% naar Gent.", "entity"),
        ("Vissers krijgen voortaan kosteloos nieuwe laarzen.", "unsupported"),
    ],
)
def test_a_sentence_that_says_something_else_is_a_fault(kinds: Kinds, text: str, kind: str):
    assert kind in kinds(text, SPLIT)


def test_a_sentence_in_other_words_holds(kinds: Kinds):
    assert kinds("De steun werd in 2030 niet verlengd; steden kregen 20%, dorpen 80%.", SPLIT) == set()


def test_a_reallocation_holds_in_its_own_direction_only(kinds: Kinds):
    text = f"Van {POT} naar {PREMIE}: 300 keuro VAK/VEK (2030)."
    assert kinds(text, MOVED) == set()
    assert kinds(f"Van {POT} naar {PREMIE}: bedrag niet apart vermeld (2030).", MOVED) == set()
    assert "article" in kinds(f"Van {PREMIE} naar {POT}: 300 keuro VAK/VEK (2030).", MOVED)


REFERENCE = "(‘Startpremie’, 2030-03-01, http://t.be/id/1)"
DECIDED = "De Vlaamse Regering keurt principieel het besluit over de startpremie goed."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{DECIDED} {REFERENCE}", set()),
        (f"{DECIDED.replace('principieel', 'definitief')} {REFERENCE}", {"stage"}),
        (f"{DECIDED} {REFERENCE.replace('2030-03', '2030-04')}", {"year"}),
        (f"{DECIDED} {REFERENCE.replace('id/1', 'id/2')}", {"entity"}),
        (f"{DECIDED} {REFERENCE.replace('Start', 'Eind')}", {"entity"}),
        (f"{DECIDED} {REFERENCE.replace('-01, ', '-01, principieel, ')}", set()),
        (f"{DECIDED} {REFERENCE.replace('-01, ', '-01, definitief, ')}", {"stage"}),
        ("Minister Jan Peeters licht de startpremie toe.", {"entity"}),
    ],
)
def test_a_decision_is_named_as_it_is(kinds: Kinds, text: str, found: set[str]):
    assert kinds(text, FIRST, document="b1") == found


def test_citations_are_opened_and_counted(corpus: Any):
    good = cited(ROW)
    moved = Citation(1, "bbt", "", "bbt", None, None, None, (), good.start + 1, good.end + 1, ROW)
    unknown = Citation(1, "weg", "", "bbt", None, None, None, (), 0, 4, "text")
    for citations, kind in (
        ([moved], "quote"),
        ([unknown], "quote"),
        ([], "unsupported"),
        ([cited(q, n=n) for n, q in enumerate((ROW, OTHER_ROW, TOLD, SPLIT), 1)], "too_many"),
    ):
        assert kind in {f.kind for f in check(corpus, "", RIGHT, citations).faults}


def test_a_claim_that_no_reader_would_read_is_not_checked(corpus: Any):
    verdict = check(corpus, "", "9" * (LONGEST_CLAIM + 1), [cited(ROW)])
    assert [f.kind for f in verdict.faults] == ["unsupported"]


IN_ENGLISH = f"The execution (BU 2030) of {PREMIE}, STARTPREMIE, is 1,353 keuro in commitment credit (VAK)."
IN_FRENCH = (
    f"L'exécution (BU 2030) de {PREMIE}, STARTPREMIE, est de 1.353 keuro en crédit d'engagement (VAK)."
)


@pytest.mark.parametrize(
    "text",
    [
        IN_ENGLISH,
        IN_FRENCH,
        IN_ENGLISH.replace("1,353", "1\u00a0353"),
        IN_FRENCH.replace("1.353", "1\u202f353"),
        f"In 2030 about 1.4 million euros of commitment credit was spent on {PREMIE}.",
        f"En 2030, environ 1,4 million d'euros de crédit d'engagement a été dépensé pour {PREMIE}.",
        f"The execution of {PREMIE} in 2030 was €1,353 thousand VAK.",
        f"Le crédit disponible après redistribution (2e BA-JR 2030) de {PREMIE} est de 1 500 keuro VAK et 1 400 keuro VEK.",
        f"The execution of {PREMIE} is 147 keuro VAK less (1,500 − 1,353) than 2e BA-JR 2030.",
        f"Of the available credit of {PREMIE}, 90 per cent was spent in VAK in 2030.",
        f"Le VAK de {PREMIE} est passé en 2030 de 1.200 keuro (2e BA) à 1.500 keuro (2e BA-JR).",
    ],
)
def test_a_french_or_english_claim_that_the_row_says_holds(kinds: Kinds, text: str):
    assert kinds(text, ROW) == set()


@pytest.mark.parametrize(
    ("text", "old", "new", "kind"),
    [
        (IN_ENGLISH, "1,353", "1,358", "figure"),
        (IN_ENGLISH, "1,353", "1.353", "unit"),
        (IN_ENGLISH, "keuro", "million euros", "unit"),
        (IN_ENGLISH, "commitment credit (VAK)", "payment credit", "credit"),
        (IN_ENGLISH, "The execution (BU 2030)", "The adjusted budget 2030", "phase"),
        (IN_ENGLISH, "BU 2030", "BU 2031", "year"),
        (IN_ENGLISH, PREMIE, LOON, "article"),
        (IN_ENGLISH, "1,353", "-1,353", "sign"),
        (IN_ENGLISH, "is", "is not", "negation"),
        (IN_FRENCH, "1.353", "1,353", "unit"),
        (IN_FRENCH, "crédit d'engagement (VAK)", "crédit de liquidation", "credit"),
        (IN_FRENCH, "L'exécution (BU 2030)", "Le crédit disponible 2030", "phase"),
        (IN_FRENCH, "est de", "n'est pas de", "negation"),
    ],
)
def test_one_change_to_a_french_or_english_figure_is_one_fault(
    kinds: Kinds, text: str, old: str, new: str, kind: str
):
    assert kind in kinds(text.replace(old, new, 1), ROW)


def test_a_traced_figure_is_printed_as_the_claim_prints_it(corpus: Any):
    figure = check(corpus, "", IN_ENGLISH, [cited(ROW)]).figures[0]
    assert (figure.text, figure.value, figure.source) == ("1,353 keuro", "1353", "cell")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2030, 20% went to the ‘steden’ and 80% to the ‘dorpen’.", set()),
        ("In 2030, 80% went to the ‘steden’ and 20% to the ‘dorpen’.", {"figure"}),
        ("The support was not extended in 2030.", set()),
        ("The support was extended in 2030.", {"negation"}),
        ("L'aide n'a pas été prolongée en 2030.", set()),
        ("L'aide a été prolongée en 2030.", {"negation"}),
        ("In 2029 the support was not extended.", {"year"}),
        ("Fishermen receive free boots from the minister of health every winter.", {"unsupported"}),
        (
            "Les pêcheurs reçoivent chaque hiver des bottes gratuites du ministre de la santé.",
            {"unsupported"},
        ),
    ],
)
def test_a_sentence_in_another_language_is_held_to_its_dutch_source(kinds: Kinds, text: str, found: set[str]):
    assert kinds(text, SPLIT) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Flemish Government approves the decree on the ‘startpremie’ in principle.", set()),
        ("The Flemish Government definitively approves the decree on the ‘startpremie’.", {"stage"}),
        ("Le Gouvernement flamand approuve en principe l'arrêté sur la ‘startpremie’.", set()),
        ("Le Gouvernement flamand approuve définitivement l'arrêté sur la ‘startpremie’.", {"stage"}),
        ("Minister Jan Peeters explains the ‘startpremie’.", {"entity"}),
    ],
)
def test_the_stage_of_a_decision_is_the_same_in_every_language(kinds: Kinds, text: str, found: set[str]):
    faults = kinds(text, FIRST, document="b1")
    assert found <= faults
    assert bool(faults) == bool(found)
