"""Audit: planted errors of each kind are found, correct statements are not reported; the checked real findings."""

import json
from collections import Counter
from decimal import Decimal

import pytest
import typer
from typer.testing import CliRunner

from answer.audit import audit
from answer.audit_records import rate
from answer.figures import dutch
from api.commands.audit import audit_command, report
from ingest.budget.ledger import read_ledger
from ingest.parse import parse
from ingest.records import Document, Metadata, Rejected

# Written for this test: an article of another minister.
SECTION = """NC0-1NDA2VA-WT – BRUGGEN

Korte inhoud begrotingsartikel
Onderhoud van bruggen.

(duizend euro)

VAK VEK
2021 2e BA 2e BA-JR BU 2e BA 2e BA-JR BU
Uitgaven 1.000 1.200 900 2.000 1.600 1.500

Inhoudelijke toelichting
{prose}
"""

RIGHT = [
    "De uitvoering op dit begrotingsartikel bedroeg 900 keuro VAK en 1.500 keuro VEK.",
    "De uitvoering op dit begrotingsartikel bedroeg 900 keuro VAK of 75% van het beschikbare VAK-krediet "
    "en 1.500 keuro VEK of 94% van het beschikbare VEK-krediet.",
    "Er is een uitvoering van 900 keuro VAK of bijna 80% van het beschikbare VAK-krediet.",
    "De onderbenutting van 300 keuro VAK en 100 keuro VEK heeft meerdere redenen.",
    "Het betreft 900 keuro VAK waarvan 400 keuro VAK voor sluizen.",
    "Het betreft 900 keuro VAK, bestaande uit 400 keuro voor sluizen en 500 keuro voor bruggen.",
    "Het uitgevoerde bedrag van 1.500 keuro VEK bestaat deels uit een bedrag van 700 keuro VEK op de overlopende rekening.",
    "Het aantal dossiers steeg met 10% (550 in 2021 tegenover 500 in 2020).",
    "Er was een daling van 12 keuro bij de sluizen.",
    "Het is niet de bedoeling om een realisatiegraad van 100% te bereiken.",
    "De afwijking (+70 keuro) bij de sluizen kwam van 90 keuro geraamd en 160 keuro geboekt.",
    "De bouw van 40 keuro lag 7 keuro lager dan het voorziene budget voor sluizen.",
    "Vorig jaar bedroeg de uitvoering 5 keuro.",
]

WRONG = [
    ("De uitvoering op dit begrotingsartikel bedroeg 990 keuro VAK.", "figure", "error", "900"),
    ("Hierdoor bedroeg het beschikbare krediet 1.300 keuro VAK.", "figure", "error", "1.200"),
    ("Het decretaal toegekende krediet bedroeg 1.100 keuro VAK.", "figure", "error", "1.000"),
    (
        "Dit was 900 keuro VAK of 85% van het beschikbare VAK-krediet.",
        "percentage",
        "error",
        "75%",
    ),
    (
        "Dit was 1.500 keuro VEK of 93% van het beschikbare VEK-krediet.",
        "percentage",
        "rounding",
        "93,75%",
    ),
    ("Dat betekent voor het VAK een realisatiegraad van 57%.", "percentage", "error", "75%"),
    ("De realisatie 2021 bleef 400 keuro VAK onder het beschikbare krediet.", "difference", "error", "300"),
    ("De onderbenutting van 301 keuro VAK is klein.", "difference", "rounding", "300"),
    ("De onderbenutting van 300 keuro VAK en 400 keuro VEK is groot.", "difference", "error", "100"),
    (
        "Het betreft 900 keuro VAK, bestaande uit 400 keuro voor sluizen en 450 keuro voor bruggen.",
        "sum",
        "error",
        "850",
    ),
    (
        "Het betreft 900 keuro VAK, bestaande uit 400 keuro voor sluizen en 499 keuro voor bruggen.",
        "sum",
        "rounding",
        "899",
    ),
    (
        "De vordering bedroeg 900 keuro waarvan:\n− 400 keuro voor sluizen;\n− 450 keuro voor bruggen.",
        "sum",
        "error",
        "850",
    ),
    ("Het betreft 90 keuro VAK waarvan 95 keuro VAK voor sluizen.", "part", "error", "hoogstens 90"),
    (
        "Het uitgevoerde bedrag van 1.500 keuro VEK bestaat deels uit een bedrag van 1.700 keuro VEK op een rekening.",
        "part",
        "error",
        "hoogstens 1.500",
    ),
    ("Het aantal dossiers steeg met 15% (550 in 2021 tegenover 500 in 2020).", "growth", "error", "10%"),
    ("Er was een daling van -12 keuro bij de sluizen.", "sign", "remark", "12"),
]


def document(prose):
    return Document(
        Metadata("bbt-bruggen", "bbt", "BBT Bruggen", "test"), "", SECTION.format(prose=prose), ()
    )


def audited(prose):
    made = document(prose)
    ledger = read_ledger(made)
    assert len(ledger.cells) == 6
    return made, audit(made, ledger)


@pytest.mark.parametrize("prose", RIGHT)
def test_a_correct_or_unclear_statement_is_not_reported(prose):
    assert audited(prose)[1] == ()


@pytest.mark.parametrize(("prose", "kind", "severity", "expected"), WRONG)
def test_a_planted_error_is_found(prose, kind, severity, expected):
    made, found = audited(prose)
    assert [(f.kind, f.severity, f.expected) for f in found] == [(kind, severity, expected)]
    for place in found[0].places:
        assert made.text[place.start : place.end] == place.text
        assert 0 < len(place.text) <= 300


def test_right_statements_around_an_error_change_nothing():
    wrong = "De onderbenutting van 310 keuro VAK is groot."
    _, found = audited("\n".join([RIGHT[0], wrong, RIGHT[6]]))
    assert [(f.kind, f.expected, f.found) for f in found] == [("difference", "300", "310")]
    assert "1.200 - 900 = 300" in found[0].message


def test_a_reallocation_that_does_not_explain_the_table_is_a_remark():
    rise = "Er kwam +150 keuro VAK vanuit de sluizenprovisie (NA0-1NAX2PA-PR) om bruggen te herstellen."
    fall = "Er werd -400 keuro VEK herverdeeld naar het artikel NC0-1NDA2VB-WT om een tekort op te vangen."
    _, found = audited(f"{rise}\n{fall}")
    assert [(f.kind, f.severity, f.expected, f.found) for f in found] == [
        ("reallocation", "remark", "150", "200")
    ]
    assert audited(rise)[1] == ()  # nothing says that all reallocations are told


def test_totals_of_a_selection_of_the_articles_are_not_doubted(real):
    at = real.text.index("JB0-1JFB2FD-WT –")
    end = real.text.index("JB0-1JFB2FY-IS –", at)
    made = Document(real.meta, "", real.text[:at] + real.text[end:], ())
    assert len(read_ledger(made).cells) < 420
    assert [f for f in audit(made, read_ledger(made)) if f.kind == "total"] == []


def test_the_two_sides_of_a_reallocation_are_compared():
    giver = SECTION.format(
        prose="Er werd -150 keuro VAK herverdeeld naar het artikel NC0-1NDA2VB-WT om een tekort op te vangen."
    )
    getter = (
        SECTION.replace("1NDA2VA", "1NDA2VB")
        .replace("BRUGGEN", "OEVERS")
        .format(prose="Er kwam +140 keuro VAK vanuit het artikel NC0-1NDA2VA-WT om een tekort op te vangen.")
    )
    made = Document(Metadata("d", "bbt", "t", "test"), "", giver + "\n" + getter, ())
    found = [f for f in audit(made, read_ledger(made)) if f.severity == "error"]
    assert [(f.kind, f.expected, f.found) for f in found] == [("reallocation", "150", "140")]
    assert len(found[0].places) == 2


def test_an_execution_that_another_article_tells_is_compared():
    receipts = "{code} – BOETEN\n\n(duizend euro)\n\n2021 AO TO LO\n2e BA 40 0 0\nUitvoering {done} 0 0\n\n{prose}\n\n"
    told = "De waardeverminderingen bedroegen -9 keuro en worden aangerekend op het begrotingsartikel NC0-9NDAAVA-WT."
    first = receipts.format(code="NC0-9NDAAVA-OW", done=50, prose=told)
    for done, expected in ((-9, []), (-8, [("figure", "error", "-8")])):
        text = first + receipts.format(code="NC0-9NDAAVA-WT", done=done, prose="Zie boven.")
        made = Document(Metadata("d", "bbt", "t", "test"), "", text, ())
        found = audit(made, read_ledger(made))
        assert [(f.kind, f.severity, f.expected) for f in found] == expected


def test_a_document_without_tables_gives_no_findings():
    made = Document(Metadata("d", "memo", "t", "test"), "", "Een daling van -12 keuro.", ())
    assert audit(made, read_ledger(made)) == ()


@pytest.mark.parametrize("cents", range(0, 10_000, 37))
def test_a_share_rounded_as_it_should_be_is_never_wrong(cents):
    share = Decimal(cents) / 10_000
    assert rate(share, (share * 100).quantize(Decimal(1))) is None
    assert rate(share, (share * 100).quantize(Decimal(1)) + 2) == "error"


def test_amounts_are_written_with_dutch_separators():
    assert [dutch(Decimal(v)) for v in ("-1362.50", "0", "1E+3", "1234567", "20196.09827")] == [
        "-1.362,5",
        "0",
        "1.000",
        "1.234.567",
        "20.196,09827",
    ]


def test_a_finding_has_the_form_of_the_contract():
    made, found = audited("De onderbenutting van 310 keuro VAK is groot.")
    printed = found[0].as_json()
    assert list(printed) == ["kind", "severity", "message", "expected", "found", "places"]
    assert [list(place) for place in printed["places"]] == [["document_id", "start", "end", "text"]] * 2
    assert {place["document_id"] for place in printed["places"]} == {made.id}
    assert json.loads(json.dumps(printed)) == printed


def test_the_report_shows_severity_arithmetic_and_both_places():
    _, found = audited("De onderbenutting van 310 keuro VAK is groot.")
    printed = report("BBT Bruggen", found)
    assert "Bevindingen: 1 (fout 1, afronding 0, opmerking 0)" in printed
    assert "1.200 - 900 = 300" in printed
    assert "De onderbenutting van 310 keuro VAK is groot." in printed
    assert "Uitgaven 1.000 1.200 900 2.000 1.600 1.500" in printed
    assert report("BBT Bruggen", ()) == "BBT Bruggen: geen bevindingen."


@pytest.fixture(scope="module")
def real(shared):
    path = shared / "corpus" / "documents" / "bbt-wse-2021-uitvoering.txt"
    parsed = parse(path.name, "text/plain", path.read_bytes())
    assert not isinstance(parsed, Rejected)
    meta = Metadata("bbt-wse-2021-uitvoering", "bbt", "BBT", "test", year=2021)
    return Document(meta, "", parsed.text, parsed.blocks)


@pytest.fixture(scope="module")
def checked(root):
    lines = (root / "tests" / "budget_truth" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_real_findings_are_those_that_were_checked(real, checked):
    found = audit(real, read_ledger(real))
    assert Counter((f.kind, f.places[0].start, f.found, f.severity) for f in found) == Counter(
        (line["kind"], line["start"], line["found"], line["severity"]) for line in checked
    )
    right = sum(line["verdict"] == "right" for line in checked)
    assert len(checked) >= 20
    assert right / len(checked) >= 0.9
    assert all(p.text == real.text[p.start : p.end] and len(p.text) <= 300 for f in found for p in f.places)


def test_the_three_known_contradictions_are_errors(real):
    found = audit(real, read_ledger(real))
    errors = {(f.kind, f.expected, f.found) for f in found if f.severity == "error"}
    assert ("difference", "47.349", "59.707") in errors
    assert ("difference", "2.347", "4.551") in errors
    assert ("part", "hoogstens 32.322", "36.468") in errors


def test_a_changed_total_is_found(real):
    table = "1.155.467  1.162.604  1.186.882"
    at = real.text.find("1.155.467")
    assert at > 0, table
    changed = real.text[:at] + "1.155.500" + real.text[at + 9 :]
    made = Document(real.meta, "", changed, real.blocks)
    found = [f for f in audit(made, read_ledger(made)) if f.kind == "total"]
    assert found
    assert {f.severity for f in found} == {"error"}
    assert ("1.155.467", "1.155.500") in {(f.expected, f.found) for f in found}


def test_the_command_prints_the_contract_and_refuses_an_unknown_document(sample_store):
    app = typer.Typer()
    app.command("audit")(audit_command)
    store = ["--store", str(sample_store)]
    done = CliRunner().invoke(app, ["bbt-wse-2021-samenvatting", "--json", *store])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"findings": []}  # a selection of right figures
    shown = CliRunner().invoke(app, ["bbt-wse-2021-samenvatting", *store])
    assert shown.stdout.splitlines()[0].endswith(": geen bevindingen.")
    unknown = CliRunner().invoke(app, ["geen", *store])
    assert unknown.exit_code == 1
    assert "wijzer corpus list" in unknown.stderr
