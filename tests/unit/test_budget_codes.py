"""Article codes in every spelling."""

import pytest

from ingest.budget.codes import CodeMention, candidates, canonical, find_codes, mentions, parts, resolve

KNOWN = (
    "JB0-1JDB2CA-WT", "JB0-1JDB2CH-WT", "JB0-1JDB2CH-IS", "JB0-1JDB2CY-IS", "JB0-1JDB5CY-IS",
    "JB0-9JDBAEA-OW", "JB0-9JDBAEA-WT", "JB0-1JAB4ZZ-LO", "KC0-1KDA2CA-WT",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("JB0-1JDB2CA-WT", "JB0-1JDB2CA-WT"),
        ("uit (CB0-\n1CBG2AB-PR) om", "CB0-1CBG2AB-PR"),
        ("uit (CB0\n-1CBG2AB-PR) om", "CB0-1CBG2AB-PR"),
        ("uit (JB0- \n1JDB4AD-WT).", "JB0-1JDB4AD-WT"),
        ("uit (JB0-1JDB2CH-\nWT).", "JB0-1JDB2CH-WT"),
        ("uit (JB0\u00021JDB2CH\u0002WT).", "JB0-1JDB2CH-WT"),
        ("JB0\u20111JDB2CA\u2011WT", "JB0-1JDB2CA-WT"),
        ("1JDB2CA", "1JDB2CA"),
        ("op 1jdb2ca-wt?", "1JDB2CA-WT"),
        ("op jb0 1jdb2ca wt?", "JB0-1JDB2CA-WT"),
        ("JBO-1JDB2CA-WT", "JB0-1JDB2CA-WT"),
        ("het JB0-1JDB2CY-artikel van", "JB0-1JDB2CY"),
        ("VDAB toelage-artikel 1JDB2CY is verhoogd", "1JDB2CY"),
        ("JDB2CA-WT", "JDB2CA-WT"),
        ("op 2CA-WT", "2CA-WT"),
        ("op 5cy-is", "5CY-IS"),
        ("op AEA-OW", "AEA-OW"),
        ("JB0-1JDB2CA-WT – DOELGROEPEN", "JB0-1JDB2CA-WT"),
        ("JB0-1JDB2CA – IS VOORZIEN", "JB0-1JDB2CA"),
        ("QF0-9QEATAB-OI", "QF0-9QEATAB-OI"),
        ("de 1JDB2CA- en andere artikelen", "1JDB2CA"),
    ],
)  # fmt: skip
def test_a_code_is_found_in_every_spelling(text: str, code: str):
    assert [mention.code for mention in find_codes(text)] == [code]


def test_the_span_holds_the_whole_spelling():
    text = "herverdeling vanuit CB0-\n1CBG2AB-PR en JB0-1JDB2CH-\nIS."
    found = find_codes(text)
    assert found == [
        CodeMention("CB0-1CBG2AB-PR", 20, 35, "whole"),
        CodeMention("JB0-1JDB2CH-IS", 39, 54, "whole"),
    ]
    assert [text[m.start : m.end] for m in found] == ["CB0-\n1CBG2AB-PR", "JB0-1JDB2CH-\nIS"]


@pytest.mark.parametrize(
    "text",
    [
        "de 6de staatshervorming, 2de kwartaal, 3km, 9jarige kinderen, COVID19, 11.803.092,57 euro",
        "VAK VEK BEV VOV SSB NT2 TIBB4 B2B VV128 Q1-Q4 2021 2e BA-JR",
        "http://host/?data=04%7C01%7Cjb%40x",
        "PROGRAMMA JA - JB0 – DEPARTEMENT WSE",
        "",
    ],
)
def test_what_only_looks_like_a_code_is_not_found(text: str):
    assert find_codes(text) == []


def test_a_bare_short_form_counts_only_when_it_means_a_known_article():
    assert [m.code for m in mentions("Hoeveel stond er op 2ca in het 2de kwartaal?", KNOWN)] == ["2CA"]
    assert mentions("Hoeveel stond er op 2ca?") == []


@pytest.mark.parametrize(
    ("spoken", "code"),
    [
        (" jb0 - 1jdb2ca - wt ", "JB0-1JDB2CA-WT"),
        ("JB01JDB2CAWT", "JB0-1JDB2CA-WT"),
        ("1jdb2cy is", "1JDB2CY-IS"),
        ("(JB0-1JDB2CA-WT).", "JB0-1JDB2CA-WT"),
        ("2ca", "2CA"),
        ("2CAwt", "2CA-WT"),
        ("aea-ow", "AEA-OW"),
        ("VOP", None),
        ("banken", None),
        ("aanwervingsincentive", None),
        ("1JDB2CAA", None),
        ("", None),
    ],
)
def test_canonical_is_one_written_form_or_none(spoken: str, code: str | None):
    assert canonical(spoken) == code
    assert code is None or canonical(code) == code


@pytest.mark.parametrize(
    ("spoken", "codes"),
    [
        ("JB0-1JDB2CA-WT", ["JB0-1JDB2CA-WT"]),
        ("1jdb2ca", ["JB0-1JDB2CA-WT"]),
        ("jdb2ca", ["JB0-1JDB2CA-WT"]),
        ("2CA-WT", ["JB0-1JDB2CA-WT", "KC0-1KDA2CA-WT"]),
        ("1JDB2CH", ["JB0-1JDB2CH-IS", "JB0-1JDB2CH-WT"]),
        ("2cy-is", ["JB0-1JDB2CY-IS"]),
        ("5cy-is", ["JB0-1JDB5CY-IS"]),
        ("9jdbaea", ["JB0-9JDBAEA-OW", "JB0-9JDBAEA-WT"]),
        ("JB0-1JDB2CA-IS", []),
        ("XX0-1JDB2CA-WT", []),
        ("1JDB2ZZ", []),
        ("VOP", []),
    ],
)
def test_candidates_are_the_known_codes_that_a_spelling_can_mean(spoken: str, codes: list[str]):
    assert candidates(spoken, KNOWN) == codes


def test_a_mention_resolves_against_the_codes_that_exist():
    (mention,) = find_codes("bij het JB0-1JDB2CY-artikel")
    assert resolve(mention, KNOWN) == ("JB0-1JDB2CY-IS",)


def test_the_parts_of_a_code():
    found = parts("KC0-9KDATAB-OI")
    assert found is not None
    assert (found.entity, found.flow, found.programme, found.kind, found.element, found.suffix) == (
        "KC0", "9", "KD", "T", "A", "OI",
    )  # fmt: skip
    assert parts("1JDB2CA") is None


def test_every_code_of_the_real_explanation_is_read_whole(shared):
    path = shared / "corpus" / "documents" / "bbt-wse-2021-uitvoering.txt"
    found = find_codes(path.read_text(encoding="utf-8"))
    assert {m.code for m in found if m.form != "whole"} == set()
    assert {m.code for m in found if parts(m.code) and parts(m.code).suffix is None} == {"JB0-1JDB2CY"}
    assert len(found) >= 170
