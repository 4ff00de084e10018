"""Looking up in the ledger of the bundled corpus and of the real explanation, and its way through the catalog."""

import re
import sqlite3
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from api.commands import show_budget
from api.commands.show_budget_json import everything_json
from ingest import snapshot
from ingest.budget.ledger import read_ledger
from ingest.build import ledgers
from ingest.catalog import Catalog, Contents, rows, write_catalog
from ingest.embed import load_embedder
from ingest.records import Document, Metadata
from ingest.snapshot_manifest import arranged, snapshot_id
from retrieval.budget import article_view, listed
from retrieval.budget_find import find_articles, spoken_codes, transfers_naming
from retrieval.corpus import open_corpus

MADE = """XB0-1XCB2AA-WT – Fietspaden

Aanleg van fietspaden langs gewestwegen.

(duizend euro)

VAK VEK
2024 2e BA 2e BA-JR BU 2e BA 2e BA-JR BU
Uitgaven 0 0 0 1.000 2.000 1.000,5

De uitvoering bleef achter.
"""


@pytest.fixture(scope="session")
def sample(sample_store):
    """The one budget document of the bundled corpus, with its ledger as it was stored."""
    with Catalog(snapshot.published(sample_store) / "catalog.sqlite") as catalog:
        (ledger,) = catalog.ledgers()
        return catalog.document(ledger.document_id), ledger


@pytest.fixture(scope="module")
def real(shared):
    text = (shared / "corpus" / "documents" / "bbt-wse-2021-uitvoering.txt").read_bytes().decode("utf-8")
    document = Document(Metadata("bbt-wse-2021-uitvoering", "bbt", "BBT", "test", year=2021), "", text, ())
    return document, read_ledger(document)


@pytest.fixture(scope="module")
def made():
    document = Document(Metadata("gemaakt", "bbt", "BBT", "test", year=2024), "", MADE, ())
    return document, read_ledger(document)


def found(one, spoken):
    document, ledger = one
    return [article.code for article in find_articles([ledger], spoken, lambda _: document.text)]


def view(one, code, year=None):
    document, ledger = one
    (article,) = (a for a in ledger.articles if a.code == code)
    return article_view(ledger, article, document.text, year)


def test_the_stored_ledger_is_the_one_that_is_read(sample):
    document, ledger = sample
    assert ledger == read_ledger(document)
    assert len(ledger.cells) > 100
    assert ledger.transfers
    assert ledger.totals
    assert ledger.breakdowns


def test_ledgers_pass_through_the_catalog_unchanged(tmp_path, real, made):
    assert all(getattr(real[1], name) for name in ("adjustments", "unread", "transfers", "breakdowns"))
    contents, _ = arranged(Contents([], [], [], [], [made[1], real[1]]), snapshot_vectors())
    write_catalog(tmp_path / "catalog.sqlite", contents)
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        assert catalog.ledgers() == (real[1], made[1])
        assert catalog.contents() == replace(
            contents, documents=[], passages=[], ledgers=tuple(contents.ledgers)
        )


def snapshot_vectors():
    return np.zeros((0, 4), dtype=np.float32)


def test_a_figure_counts_in_the_id_of_a_snapshot(made):
    ledger = made[1]
    cell = replace(ledger.cells[0], value=ledger.cells[0].value + 1)
    other = replace(ledger, cells=(cell, *ledger.cells[1:]))
    ids = {
        snapshot_id(Contents([], [], [], [], said), snapshot_vectors(), "a", "e")
        for said in ([], [ledger], [other])
    }
    assert len(ids) == 3
    assert [row[0] for row in rows(Contents([], [], [], [], [ledger]))].count("cells") == 6


def test_a_catalog_of_before_has_no_ledgers(tmp_path, made):
    path = tmp_path / "catalog.sqlite"
    write_catalog(path, Contents([made[0]], [], [], []))
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE ledgers")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    with Catalog(path) as catalog:
        assert catalog.contents().ledgers == ()
        assert [d.id for d in catalog.contents().documents] == ["gemaakt"]


@pytest.mark.parametrize("spoken", ["JB0-1JDB2CA-WT", "1jdb2ca", "2CA-WT", "2ca", "jb0 1jdb2ca wt", "JDB2CA"])
def test_a_code_is_found_in_any_spelling(sample, real, spoken):
    assert found(sample, spoken) == ["JB0-1JDB2CA-WT"]
    assert found(real, spoken) == ["JB0-1JDB2CA-WT"]


def test_an_ambiguous_code_gives_its_candidates(real):
    assert found(real, "2ch") == ["JB0-1JDB2CH-IS", "JB0-1JDB2CH-WT"]
    assert found(real, "2CH-IS") == ["JB0-1JDB2CH-IS"]
    assert spoken_codes([real[1]], "VOP") is None
    assert spoken_codes([real[1]], "1JDB2XX") == ()


@pytest.mark.parametrize(
    ("spoken", "code"),
    [
        ("VOP", "JB0-1JDB2CB-WT"),
        ("vop 2021", "JB0-1JDB2CB-WT"),
        ("Hoeveel ging naar de VOP?", "JB0-1JDB2CB-WT"),
        ("LDE", "JB0-1JEB2HB-WT"),
        ("SINE", "JB0-1JEB2HD-WT"),
        ("AMA SE", "JB0-1JEB2HC-WT"),
        ("BEV", "JB0-1JFB2FB-WT"),
        ("VOV", "JB0-1JFB2FB-WT"),
        ("AWI", "JB0-1JDB2CH-WT"),
        ("opleidingscheques", "JB0-1JFB2FB-WT"),
        ("transitiepremies", "JB0-1JDB2CJ-WT"),
        ("focus op talent", "JB0-1JDB2IC-WT"),
        ("arbeidshandicap", "JB0-1JDB2CB-WT"),
    ],
)
def test_words_find_an_article_by_title_label_or_text(real, spoken, code):
    assert found(real, spoken)[0] == code


def test_words_that_fit_several_articles_give_all_titles_first(real):
    assert set(found(real, "aanwervingsincentive")) == {"JB0-1JDB2CH-IS", "JB0-1JDB2CH-WT"}
    assert len(found(real, "dienstencheques")) == 5
    assert found(real, "gesco") == ["JB0-1JEB2HE-WT", "JB0-1JDB2CA-WT", "JB0-1JDB2CH-WT"]


@pytest.mark.parametrize("spoken", ["1JDB2XX", "JB0-1JDB2CA-IS", "xyzzy", "", "?", "de het een"])
def test_what_is_not_there_is_not_found(real, made, spoken):
    assert found(real, spoken) == []
    assert found(made, "VOP") == []
    assert find_articles([], spoken, lambda _: "") == ()


def test_another_ministers_provision_is_found_in_the_reallocations(real):
    told = transfers_naming([real[1]], "1CBG2AB")
    assert len(told) > 10
    assert all("CB0-1CBG2AB-PR" in t.sources + t.targets for t in told)
    assert transfers_naming([real[1]], "onzin") == []


def test_execution_is_divided_by_what_was_available(real):
    """458.323 executed of 410.974 available: 111,5 per cent, 47.349 keuro over."""
    vak, vek = view(real, "JB0-1JDB2CA-WT").lines
    assert (vak.credit, vek.credit) == ("VAK", "VEK")
    assert (vak.rate, vak.difference, vak.formula) == (Decimal("111.5"), Decimal(47349), "BU / 2e BA-JR")
    assert vak.budget.value == 410969


def test_execution_of_no_credit_is_not_divided(made):
    vak, vek = view(made, "XB0-1XCB2AA-WT").lines
    assert (vak.rate, vak.difference) == (None, 0)
    assert (vek.rate, vek.difference) == (Decimal("50.0"), Decimal("-999.5"))


def test_every_section_has_content_and_explanation(real):
    text = real[0].text
    for article in real[1].articles:
        seen = view(real, article.code)
        for start, end in (seen.content, seen.justification):
            assert article.heading_end <= start < end <= article.end
            assert text[start:end] == text[start:end].strip()
        assert not text[slice(*seen.content)].startswith("Korte inhoud")
        assert "duizend euro" not in text[slice(*seen.content)]
        assert article.table[0] >= seen.content[1]
        assert seen.justification[0] >= article.table[1]


def test_a_section_without_labels_is_divided_by_its_table(made):
    seen = view(made, "XB0-1XCB2AA-WT")
    assert MADE[slice(*seen.content)] == "Aanleg van fietspaden langs gewestwegen."
    assert MADE[slice(*seen.justification)] == "De uitvoering bleef achter."


def test_a_view_holds_what_moved_and_what_is_unread(real):
    seen = view(real, "JB0-1JDB2CH-WT")
    assert {b.label for b in seen.breakdowns} == {"AWI", "DAC", "Gesco"}
    assert len(seen.adjustments) == 4
    assert all("JB0-1JDB2CH-WT" in t.sources for t in seen.given)
    assert seen.given
    assert sum(len(view(real, a.code).unread) for a in real[1].articles) == len(real[1].unread)
    other_year = view(real, "JB0-1JDB2CH-WT", 2022)
    assert (other_year.cells, other_year.lines, other_year.given) == ((), (), ())


def test_lists_keep_only_what_passes_all_filters(real):
    codes = {line.article.code for line in listed([real[1]])}
    assert codes == {cell.code for cell in real[1].cells}
    over = listed([real[1]], programme="jd", flow="uitgave", over=Decimal(110))
    assert "JB0-1JDB2CA-WT" in {line.article.code for line in over}
    assert all(x.executed.value * 100 > x.available.value * 110 for x in over)
    named = listed([real[1]], programme="werk")
    assert {line.article.programme for line in named} == {"JD"}
    under = listed([real[1]], ise="activering werk", under=Decimal(60))
    assert {(x.article.code, x.credit) for x in under if x.rate} >= {
        ("JB0-1JDB2CH-WT", "VAK"),
        ("JB0-1JDB2CJ-WT", "VAK"),
    }
    assert {x.article.ise for x in under} == {"ACTIVERING (WERK)"}
    assert listed([real[1]], year=2022) == ()


@pytest.mark.parametrize(
    ("over", "under", "count"), [("50.02", None, 1), ("50.025", None, 0), (None, "50.02", 0)]
)
def test_a_share_is_compared_exactly(made, over, under, count):
    """1.000,5 of 2.000 is 50,025 per cent, which is neither over nor under 50,025 per cent."""
    limits = {"over": over and Decimal(over), "under": under and Decimal(under)}
    assert len([x for x in listed([made[1]], **limits) if x.credit == "VEK"]) == count


def test_only_a_budget_explanation_has_a_ledger(made):
    plain = replace(made[0].meta, id="nota", kind="memo")
    mention = Document(plain, "", "Het geld komt uit XB0-1XCB2AA-WT en uit 1XCB2AB-WT.", ())
    headed = Document(plain, "", MADE, ())
    assert ledgers([mention]) == []
    assert [ledger.cells[0].document_id for ledger in ledgers([mention, made[0], headed])] == [
        "gemaakt",
        "nota",
    ]


def test_two_documents_give_one_cell_and_say_where_they_differ(made):
    document, ledger = made
    twin = Document(replace(document.meta, id="tweeling"), "", MADE.replace("1.000,5", "1.001"), ())
    both = [ledger, read_ledger(twin)]
    assert [a.document_id for a in find_articles(both, "fietspaden", lambda _: MADE)] == [
        "gemaakt",
        "tweeling",
    ]
    everything = everything_json(both)
    assert [cell["document_id"] for cell in everything["cells"]] == ["gemaakt"] * 6
    assert [cell["value"] for cell in everything["cells"]][-1] == "1000.5"
    (differs,) = everything["unread"]
    assert twin.text[differs["start"] : differs["end"]] == "1.001"
    assert "ander bedrag" in differs["reason"]


def test_an_article_without_pages_is_placed_by_line(made):
    document, _ = made
    printed = show_budget.article(view(made, "XB0-1XCB2AA-WT"), document)
    assert "regel 1, tekens 0-" in printed
    assert f"Inhoudelijke toelichting (regel 11, tekens {MADE.index('De uitvoering')}-" in printed
    assert re.search(r"VEK +1\.000 +2\.000 +1\.000,5 +50,0% +-999,5\n", printed)


def test_amounts_are_written_as_dutch_writes_them():
    assert [show_budget.amount(Decimal(value)) for value in ("0", "-1234.5", "1234567", "999")] == [
        "0", "-1.234,5", "1.234.567", "999",
    ]  # fmt: skip


def test_an_opened_corpus_holds_the_ledgers(sample_store, sample):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        assert corpus.ledgers() == (sample[1],)
        assert corpus.ledgers() is corpus.ledgers()
