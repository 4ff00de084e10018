"""Plain text and extracted text. The documents here are made up, with the letters of another minister."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.text import parse_text
from ingest.reading import cleaned
from ingest.records import Block, Parsed, Rejected

WIDE = "Deze regel van de alinea is zo lang als een volle regel in dit soort teksten is en"


def parsed(text: str) -> Parsed:
    outcome = parse_text("nota.txt", text.encode())
    assert isinstance(outcome, Parsed)
    return outcome


def read(text: str, kind: str | None = None) -> list[str]:
    """What the blocks of a text say, of one kind or all."""
    document = parsed(text)
    return [cleaned(document.text[b.start : b.end]) for b in document.blocks if kind in {None, b.kind}]


def headings(text: str) -> list[tuple[int, str]]:
    document = parsed(text)
    return [
        (b.level, cleaned(document.text[b.start : b.end])) for b in document.blocks if b.kind == "heading"
    ]


def saying(document: Parsed, words: str) -> Block:
    """The one block that holds these words."""
    (found,) = [b for b in document.blocks if words in cleaned(document.text[b.start : b.end])]
    return found


def paragraph(words: str = "alinea") -> str:
    return f"Hier staat een {words} die over de regel heen loopt en pas op de tweede regel eindigt, zoals\ndat hoort.\n"


def check(document: Parsed) -> None:
    """What holds for the blocks of every document."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert not document.text[block.start].isspace()
        assert not document.text[block.end - 1].isspace()
        assert (block.level > 0) == (block.kind == "heading")
        end = block.end


# Canonical text


def test_the_text_is_the_file_unchanged():
    data = "\ufeffInleiding\r\n\r\nEen zin\r\ndie doorloopt.\r\n".encode()
    document = parse_text("nota.txt", data)
    assert isinstance(document, Parsed)
    assert document.text.encode() == data
    assert document.text[document.blocks[0].start] == "I"
    assert document.text[document.blocks[-1].start : document.blocks[-1].end] == "Een zin\r\ndie doorloopt."


def test_line_ends_make_no_difference_to_the_blocks():
    text = "Inleiding\n\n" + paragraph() + "\n- een punt\n\ndat doorgaat\n"
    for ending in ("\r\n", "\r"):
        assert read(text.replace("\n", ending)) == read(text)


def test_what_is_not_utf8_is_rejected_with_its_place():
    outcome = parse_text("nota.txt", b"caf\xe9")
    assert isinstance(outcome, Rejected)
    assert (outcome.path, outcome.reason) == ("nota.txt", "encoding")
    assert "byte 3 (0xe9)" in outcome.message


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf\n"])
def test_whitespace_alone_is_rejected(data):
    outcome = parse_text("nota.txt", data)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "empty"


# Headings


def test_chapters_wrap_and_hold_what_is_numbered():
    text = (
        "II. EEN HOOFDSTUK DAT OVER DE REGEL HEEN LOOPT EN PAS OP DE TWEEDE REGEL VAN\nDIT BLAD EINDIGT\n\n"
        f"1. Doelstellingen\n\n1.1. Wegen\n\n{paragraph()}\n1.2. Water\n\n{paragraph()}\n"
        f"2. Middelen\n\n{paragraph()}\nIII. SLOT\n\n{paragraph()}"
    )
    assert headings(text) == [
        (1, "II. EEN HOOFDSTUK DAT OVER DE REGEL HEEN LOOPT EN PAS OP DE TWEEDE REGEL VAN DIT BLAD EINDIGT"),
        (2, "1. Doelstellingen"),
        (3, "1.1. Wegen"),
        (3, "1.2. Water"),
        (2, "2. Middelen"),
        (1, "III. SLOT"),
    ]


def test_a_numbered_heading_wraps_before_the_margin():
    text = f"4.2\t Zorgen voor overleg, een vast \naanspreekpunt en afspraken in de \novereenkomst\n\n{paragraph()}"
    assert headings(text) == [
        (1, "4.2 Zorgen voor overleg, een vast aanspreekpunt en afspraken in de overeenkomst")
    ]


def test_text_directly_below_a_numbered_heading_is_not_part_of_it():
    document = parsed(f"1. Wegen\n{paragraph('eerste alinea')}\n2. Water\n{paragraph('tweede alinea')}")
    assert saying(document, "eerste alinea").section == ("1. Wegen",)
    assert saying(document, "tweede alinea").section == ("2. Water",)


def test_numbers_without_a_dot_count_from_one_or_are_no_headings():
    assert headings(
        f"1Doelen\n\n{paragraph()}\n2Groepen\n\n{paragraph()}\n3(Boven)lokaal \nmodel\n\n{paragraph()}"
    ) == [
        (1, "1 Doelen"),
        (1, "2 Groepen"),
        (1, "3(Boven)lokaal model"),
    ]
    assert headings(f"{paragraph()}\n7Doelen\n\n{paragraph()}") == []
    assert headings(f"{paragraph()}\n3 jaar later liep het af.\n\n{paragraph()}") == []


@pytest.mark.parametrize(
    "line",
    [
        "260.000 inschrijvingen vonden mensen dat jaar.",
        "1.319",
        "59.707 keuro overschreden werd.",
        "2.171 keuro onder het krediet",
        "19 MAART 2021. - Decreet tot wijziging van het decreet over de wegen",
        "1.1. De minister beslist over de aanvraag.",
        "JB0-1JDB2AD-IS;",
        "JB0-9JABTZZ-OW waarop de uitgaven toekomen",
        "- Werkzoekenden",
        "zonder hoofdletter",
        "Een zin met een werkwoord is geen kop",
        "Jo Peeters, Ann Maes,",
    ],
)
def test_what_is_no_heading(line):
    assert headings(f"{paragraph()}\n{line}\n\n{paragraph()}") == []


def test_article_headings_of_any_minister():
    text = (
        "1.3.1. Departement\n\nOntvangstenartikelen\n\nNB0-9NADACI-OW – ONTVANGSTEN TOL\n\n"
        f"Korte inhoud begrotingsartikel\n{paragraph('tol')}\nInhoudelijke toelichting\n\n{paragraph('ontvangst')}\n"
        "Uitgavenartikelen\n\nNB0-1NAF2AB-WT – AANLEG VAN WEGEN EN FIETSPADEN IN HET KADER VAN\nDE VEILIGHEID\n"
        f"Korte inhoud begrotingsartikel\n\n{paragraph('brug')}\nVI. BELEIDSVELD: WATER\n\n{paragraph('sluis')}"
    )
    document = parsed(text)
    title = "NB0-1NAF2AB-WT – AANLEG VAN WEGEN EN FIETSPADEN IN HET KADER VAN DE VEILIGHEID"
    assert saying(document, "een tol die").section == (
        "1.3.1. Departement",
        "Ontvangstenartikelen",
        "NB0-9NADACI-OW – ONTVANGSTEN TOL",
        "Korte inhoud begrotingsartikel",
    )
    assert saying(document, "een ontvangst die").section[-1] == "Inhoudelijke toelichting"
    assert saying(document, "een brug die").section[1:3] == ("Uitgavenartikelen", title)
    assert saying(document, "een sluis die").section == ("VI. BELEIDSVELD: WATER",)


@pytest.mark.parametrize(
    "heading",
    [
        "NB0-1NAF2AB-WT – WEGEN",
        "NB0-1NAF2AB-WT - WEGEN",
        "NB0-1NAF2AB-WT–WEGEN",
        "NB0- 1NAF2AB-WT – WEGEN",
        "NB0-\n1NAF2AB-WT – WEGEN",
        "NB0-1NAF2AB-\nWT – WEGEN",
        "1NAF2AB-WT – WEGEN",
        "NB0-1NAF2AB-WT – Wegen en bruggen",
    ],
)
def test_the_code_of_an_article_in_every_spelling(heading):
    assert headings(f"{paragraph()}\n{heading}\n\nKorte inhoud begrotingsartikel\n\n{paragraph()}") == [
        (1, cleaned(heading)),
        (2, "Korte inhoud begrotingsartikel"),
    ]


def test_an_article_heading_stops_before_the_next_chapter():
    text = f"1. Wegen\n\nNB0-1NAF2AB-WT – BRUGGEN\nVI. BELEIDSVELD: WATER\n\n{paragraph()}"
    assert [title for _, title in headings(text)] == [
        "1. Wegen",
        "NB0-1NAF2AB-WT – BRUGGEN",
        "VI. BELEIDSVELD: WATER",
    ]


def test_a_code_or_a_number_at_the_start_of_a_wrapped_line_is_no_heading():
    for start in ("NB0-1NAF2AB-WT – WEGEN", "V. Wegen", "1.2. Wegen"):
        assert (
            headings(
                f"{WIDE} (zie \n{start}\nDaar staat het allemaal veel uitvoeriger beschreven dan hier).\n"
            )
            == []
        )


def test_headings_without_number_are_told_by_their_shape():
    text = (
        f"1.2. Doelen\n\nDAC\n\n{paragraph()}\nGesco’s veralgemeend stelsel\n\n{paragraph()}\n"
        f"Wat gebeurt er al vanuit Vlaanderen?\n\n{paragraph()}\n(Inter)sectorale afspraken\n \n- een punt\n- nog iets\n\n"
        f"Huidige toestand:\n\n{paragraph()}"
    )
    assert headings(text) == [
        (1, "1.2. Doelen"),
        (2, "DAC"),
        (2, "Gesco’s veralgemeend stelsel"),
        (2, "Wat gebeurt er al vanuit Vlaanderen?"),
        (2, "(Inter)sectorale afspraken"),
        (2, "Huidige toestand:"),
    ]


def test_a_heading_directly_above_its_text_breaks_where_the_next_word_would_fit():
    text = f"{paragraph()}\nStart- en stagebonus  \n{WIDE}\nloopt door.\n"
    assert headings(text) == [(1, "Start- en stagebonus")]
    assert (
        headings(
            f"{paragraph()}\n{WIDE}\nDan volgt er nog een tweede regel die ook lang genoeg is om tekst te zijn\n."
        )
        == []
    )


def test_a_run_in_heading_stays_in_its_paragraph():
    assert (
        headings(
            f"{paragraph()}\nSterke activering – In 2021 hebben we ingezet op een sterke en brede\naanpak.\n"
        )
        == []
    )


def test_names_in_a_row_are_no_headings():
    text = f"{paragraph()}\nADG Arbeitsamt\n\nAO Algemene Ontvangsten\n\nBTOM Bijzondere maatregelen\n\nDAB Dienst\n"
    assert headings(text) == []
    assert len(read(text, "paragraph")) == 5


def test_numbered_steps_with_text_are_headings_and_a_list_is_not():
    steps = f"Spoor 1: De inschrijving\n\n{paragraph()}\n1) Een ontwerpdecreet\n\n{paragraph()}\n2) Een akkoord\n\n{paragraph()}"
    assert headings(steps) == [
        (1, "Spoor 1: De inschrijving"),
        (2, "1) Een ontwerpdecreet"),
        (2, "2) Een akkoord"),
    ]
    items = f"{paragraph()}\n1. Een ontwerpdecreet\n\n2. Een akkoord\n\n3. Een lokaal pact\n\n{paragraph()}"
    assert headings(items) == []
    assert read(items, "list_item") == ["1. Een ontwerpdecreet", "2. Een akkoord", "3. Een lokaal pact"]


def test_the_title_of_a_resolution_ends_before_its_authors():
    text = (
        f"{paragraph()}\nVoorstel van resolutie over de bruggen en de sluizen in het noorden van het\nland\n"
        f"van Jan Peeters en An Maes\n12 (2019-2020) nr. 1\nAangenomen op 8 juli 2020\n\n{paragraph('antwoord')}"
    )
    title = "Voorstel van resolutie over de bruggen en de sluizen in het noorden van het land"
    assert headings(text) == [(1, title)]
    assert saying(parsed(text), "van Jan Peeters").section == (title,)


def test_a_table_of_contents_is_a_table():
    contents = "1. Wegen ............................ 3\n1.1 Bruggen ......................... 4\n2. Water ............................ 9\n"
    text = f"Inhoud\n\n{contents}\n1. Wegen\n\n{paragraph()}\n1.1 Bruggen\n\n{paragraph()}"
    assert headings(text) == [(1, "Inhoud"), (1, "1. Wegen"), (2, "1.1 Bruggen")]
    assert read(text, "table") == [cleaned(contents)]


def test_an_enumeration_of_budgets_under_a_sub_heading_belongs_to_the_article():
    text = (
        f"NB0-1NAF2AB-WT – WEGEN\n\nKorte inhoud begrotingsartikel\n\nBruggen\n{paragraph()}\n"
        "(duizend euro)\n\n  VAK VEK\n\nUitgaven 10 20\n\nInhoudelijke toelichting\n\n" + paragraph("slot")
    )
    document = parsed(text)
    assert saying(document, "alinea").section[-1] == "Bruggen"
    assert saying(document, "Uitgaven 10 20").section[-1] == "Korte inhoud begrotingsartikel"
    assert saying(document, "slot").section[-1] == "Inhoudelijke toelichting"


# Lists


@pytest.mark.parametrize("marker", ["•", "-", "−", "–", "▪", "o", "•\t"])
def test_items_of_a_list(marker):
    text = f"De volgende punten:\n\n{marker} een eerste punt\n{marker} een tweede punt\n\n{paragraph()}"
    assert [item.removeprefix(marker.strip()).strip() for item in read(text, "list_item")] == [
        "een eerste punt",
        "een tweede punt",
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("1.", "2."), ("1)", "2)"), ("a.", "b."), ("a)", "b)"), ("1°", "2°")]
)
def test_items_that_count(first, second):
    text = (
        f"Hij zorgt voor:\n\n{first} het verhogen van de premie;\n\n{second} het verlagen van de drempel.\n"
    )
    assert read(text, "list_item") == [
        f"{first} het verhogen van de premie;",
        f"{second} het verlagen van de drempel.",
    ]


def test_an_item_goes_on_over_a_blank_line_in_lower_case():
    text = f"{WIDE}\nverder:\n- kansen voor werknemers om hun loopbaan een wending te geven of \n\nom zich bij te scholen.\n"
    assert read(text, "list_item") == [
        "- kansen voor werknemers om hun loopbaan een wending te geven of om zich bij te scholen."
    ]


def test_an_item_that_ran_to_the_margin_goes_on_with_a_capital():
    text = f"{WIDE}\nverder:\n\n- In dat jaar werkten we aan de oprichting van banken waarmee de Vlaamse \n\nOverheid mensen helpt.\n"
    assert read(text, "list_item")[0].endswith("de Vlaamse Overheid mensen helpt.")


def test_an_item_that_stopped_before_the_margin_does_not_take_the_next_paragraph():
    text = f"{WIDE}\nverder:\n\n• Talent ontwikkelen\n\nDoor voldoende mensen aan het werk te krijgen stijgt de welvaart.\n"
    assert read(text, "list_item") == ["• Talent ontwikkelen"]


def test_a_dash_that_wrapped_to_the_start_of_a_line_is_no_item():
    text = f"{WIDE}\n– zo bleek al snel – een grote stap.\n"
    assert read(text) == [f"{WIDE} – zo bleek al snel – een grote stap."]


def test_a_marker_on_a_line_of_its_own_has_its_text_below():
    assert read(
        "De regering neemt akte van:\n\n4. het plan;\n\n5.\n\nDe ministers zullen schrijven.\n", "list_item"
    ) == [
        "4. het plan;",
        "5. De ministers zullen schrijven.",
    ]


def test_a_paragraph_goes_on_over_a_blank_line():
    text = f"{WIDE}\nmet duidelijke rollen en\n\nverantwoordelijkheden. Zo werkt het.\n\nDe volgende alinea staat apart.\n"
    assert read(text) == [
        f"{WIDE} met duidelijke rollen en verantwoordelijkheden. Zo werkt het.",
        "De volgende alinea staat apart.",
    ]


# Tables

ARTICLE_TABLE = (
    "(duizend euro) \n\n  VAK VEK \n\n2021 2e BA BU 2e BA BU \n\nUitgav\nen \n\n1.500 1.382 1.500 1.386 \n"
)


def test_a_table_is_one_block_from_its_unit_to_its_last_figures():
    text = f"{paragraph()}\n \n\n{ARTICLE_TABLE}\n \n\nInhoudelijke toelichting\n\n{paragraph()}"
    assert read(text, "table") == [
        "(duizend euro) VAK VEK 2021 2e BA BU 2e BA BU Uitgav en 1.500 1.382 1.500 1.386"
    ]


def test_a_table_without_unit_starts_at_its_labels():
    rows = "Premie  2019 2020 2021 vs \n2020 \n\nAantal dossiers   400 318 +76% \n\nAantal betaalde \ndossiers 3.601 6.923 +20% \n"
    text = f"{paragraph()}\n{rows}\n \n- een punt na de tabel\n"
    assert read(text, "table") == [cleaned(rows)]
    assert read(text, "list_item") == ["- een punt na de tabel"]


def test_a_title_in_capitals_above_a_table_is_its_heading():
    text = f"1.3. Budget\n\nWEGEN, MVG excl. DAB\n\n (duizend euro)\n\nTotaal 1.155 1.162\n\nInhoudelijke toelichting:\n\n{paragraph()}"
    document = parsed(text)
    assert saying(document, "Totaal").section == ("1.3. Budget", "WEGEN, MVG excl. DAB")
    assert saying(document, "alinea").section == (
        "1.3. Budget",
        "WEGEN, MVG excl. DAB",
        "Inhoudelijke toelichting:",
    )


def test_two_tables_in_a_row_stay_apart():
    text = f"PROGRAMMA NA – WEGEN\n\n{ARTICLE_TABLE}\n\nPROGRAMMA NB – WATER\n\n{ARTICLE_TABLE}"
    document = parsed(text)
    assert [b.section for b in document.blocks if b.kind == "table"] == [
        ("PROGRAMMA NA – WEGEN",),
        ("PROGRAMMA NB – WATER",),
    ]


def test_figures_in_a_sentence_make_no_table():
    text = f"{WIDE}\nbij BA 2021 7.092 keuro VAK en 4.787 keuro VEK en in 2020 4.787 2.082\nkeuro waarvan veel onbenut bleef.\n"
    assert [b.kind for b in parsed(text).blocks] == ["paragraph"]


def test_a_caption_holds_its_cells():
    cells = "Tabel 1 Overzicht van de vlakken waar samenwerking een meerwaarde biedt\n\nDoelgroep\n\nBereiken\n\nMatchen\n"
    text = f"{paragraph()}\n{cells}\nNoot: De cellen tonen waar het kan, en dat is op veel plaatsen zo.\n"
    assert read(text, "table") == [cleaned(cells)]
    assert headings(text) == []


# Pages


def pages(*bodies: str) -> str:
    """Text whose page numbers were taken out: every page starts with one space, after no blank line."""
    return "\n".join(" " + body.rstrip("\n") for body in bodies) + "\n"


def full_page(words: str) -> str:
    return "\n".join(paragraph(f"{words} {n}") for n in range(12))


def test_a_space_after_no_blank_line_starts_a_page_when_the_text_starts_with_one():
    document = parsed(pages(full_page("eerste"), full_page("tweede"), full_page("derde")))
    assert [saying(document, f"{word} 7").page for word in ("eerste", "tweede", "derde")] == [1, 2, 3]
    assert saying(document, "tweede 0").page == 2


def test_indented_lines_alone_make_no_pages():
    for text in (
        pages(full_page("a"), full_page("b"))[1:],
        " Een titel\n\n" + "\n".join(["regel", "  ingesprongen"] * 30),
    ):
        assert {block.page for block in parsed(text).blocks} == {None}


def test_a_form_feed_starts_a_page():
    document = parsed(f"{full_page('eerste')}\n\f{full_page('tweede')}\n\f{full_page('derde')}")
    assert [saying(document, f"{word} 0").page for word in ("eerste", "tweede", "derde")] == [1, 2, 3]


def test_a_printed_number_counts_and_is_no_text():
    text = pages(full_page("a"), full_page("b") + "\n\n\n\n19 \n \n\n" + full_page("c"), full_page("d"))
    document = parsed(text)
    assert [saying(document, f"{word} 3").page for word in "abcd"] == [17, 18, 19, 20]
    assert "19" not in read(text)


def test_the_foot_of_a_page_counts_for_the_page_above_it():
    text = f"{full_page('a')}\n\nPagina 1 van 3\n\n\n\n{full_page('b')}\n\nPagina 2 van 3\n\n\n\n{full_page('c')}"
    document = parsed(text)
    assert [saying(document, f"{word} 3").page for word in "abc"] == [1, 2, 3]
    assert not any("Pagina" in line for line in read(text))


def test_running_headers_and_numbers_lie_in_no_block():
    text = "\f".join(
        f"Vlaams Parlement – stuk 12\n\n{full_page(word)}\n\n{n}\n" for n, word in enumerate("abcdef", 1)
    )
    document = parsed(text)
    assert not any("stuk 12" in line or line.isdecimal() for line in read(text))
    assert [saying(document, f"{word} 3").page for word in "abcdef"] == [1, 2, 3, 4, 5, 6]


def test_numbers_that_do_not_count_as_pages_do_are_text():
    assert "2021" in read(f"{full_page('a')}\n\n\n\n2021\n\n\n\n{full_page('b')}")


def test_a_paragraph_over_a_page_break_is_one_block():
    head = (
        full_page("a")
        + "\nDe gemeente kreeg in dat jaar een bijdrage voor de aanleg van het fietspad langs de"
    )
    for text in (
        pages(head, "Vaart van Brugge. " + full_page("b")),
        pages(full_page("z"), head + "\n\n\n\n12 \n \n\nvaart van Brugge. " + full_page("b")),
    ):
        (whole,) = [line for line in read(text, "paragraph") if "aart van Brugge" in line]
        assert "De gemeente kreeg" in whole


def test_an_item_over_a_page_break_is_one_block():
    head = full_page("a") + "\n- De gemeente kreeg in dat jaar een bijdrage voor de aanleg van het"
    (item,) = read(pages(head, "fietspad langs de vaart.\n\n" + full_page("b")), "list_item")
    assert item.endswith("van het fietspad langs de vaart.")


def test_a_paragraph_that_ended_on_its_page_does_not_go_on():
    text = pages(full_page("a") + "\nDit is de laatste zin.", "Nieuw begin van een alinea. " + full_page("b"))
    assert "Dit is de laatste zin." in read(text, "paragraph")


def test_a_lone_number_at_the_end_of_a_page_numbers_the_heading_that_opens_it():
    text = pages(
        f"1Doelen\n\n{full_page('a')}",
        full_page("z"),
        f"Passend instrumentarium\n\n{full_page('b')}\n2",
        f"2.1\t Instrumenten inzetten\n\n{full_page('c')}",
        f"3Integraal werken\n\n{full_page('d')}",
    ).replace("\n2\n", "\n\n2\n")
    assert headings(text) == [
        (1, "1 Doelen"),
        (1, "Passend instrumentarium"),
        (2, "2.1 Instrumenten inzetten"),
        (1, "3 Integraal werken"),
    ]
    assert "2" not in read(text)


def test_targets_of_links_at_the_end_of_a_page_lie_in_no_block():
    text = pages(full_page("a") + "\n\nhttp://www.voorbeeld.be/\nhttp://www.voorbeeld.be/", full_page("b"))
    assert not any("voorbeeld" in line for line in read(text))


# Footnotes


def test_notes_at_the_end_of_a_page_are_blocks():
    notes = "1\t In dit pact slaat de term op de gemeente en op meer \ndan dat.\n2\t Zie hoger."
    document = parsed(pages(full_page("a") + f"\nDit lokaal1 pact2 telt.\n\n{notes}", full_page("b")))
    found = [cleaned(document.text[b.start : b.end]) for b in document.blocks if b.kind == "footnote"]
    assert found == ["1 In dit pact slaat de term op de gemeente en op meer dan dat.", "2 Zie hoger."]
    assert saying(document, "2 Zie hoger.").page == 1


def test_a_note_does_not_cut_the_paragraph_that_goes_on():
    first = (
        full_page("a")
        + "\nNaast opvang1 ─ waarvoor het beleidsdomein zoals eerder al gezegd en beschreven \n\n1 Zie ook punt 4.1."
    )
    text = pages(first, "Welzijn instaat ─ kijken we naar verloven. " + full_page("b"))
    (whole,) = [line for line in read(text, "paragraph") if "opvang1" in line]
    assert "Welzijn instaat" in whole
    check(parsed(text))


def test_figures_and_dates_at_the_end_of_a_page_are_no_notes():
    for last in ("1 6 5 6 6 5", "1 MAART 2021. - Decreet over de wegen", "1.500 keuro VAK"):
        text = pages(full_page("a") + f"\n\n{last}", full_page("b"))
        assert not [b for b in parsed(text).blocks if b.kind == "footnote"]


# Text without blank lines or without wrapping


def test_without_blank_lines_a_short_last_line_ends_the_paragraph():
    one = f"{WIDE}\n{WIDE}\nhier houdt het op.\n"
    text = one * 20
    assert read(text) == [cleaned(one)] * 20


def test_unwrapped_lines_are_paragraphs():
    line = "Een alinea die op één regel staat, " * 6 + "en dan eindigt."
    text = f"{line}\n{line}\nKop\n{line}\n"
    assert [b.kind for b in parsed(text).blocks] == ["paragraph", "paragraph", "heading", "paragraph"]


# Every text


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aAé1.-•()\n\n \t\r\f:IVX“€%–JB0ZW"), min_size=1, max_size=400))
def test_no_text_breaks_the_parser(text):
    outcome = parse_text("x.txt", text.encode())
    if isinstance(outcome, Parsed):
        check(outcome)


LINES = [
    "I. KAPITAAL", "II. NOG EEN", "1. Titel", "1.1. Titel", "2. Titel", "1.2.3 Titel", "NB0-1NAF2AB-WT – WEGEN", "Kop", "1",
    "Korte inhoud begrotingsartikel", "Uitgavenartikelen", "(duizend euro)", "2e BA 1.000 2.000", "Uitgav", "- punt",
    "• punt", "1) punt", "a. punt", "Een zin die eindigt.", WIDE, "verder in kleine letter", "Tabel 1 Iets", "", "", "", " ",
    "1 Noot met woorden", "Pagina 1 van 2", "\f", "Spoor 1: Doel", "12 (2019-2020) nr. 1", "van Jan", "https://a.be/b", "x",
    "Wegen .......... 3", "NB0-", "5.", "Inhoud", "1Doelen", "2Groepen",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=60), st.sampled_from(["\n", "\r\n", "\n "]))
def test_no_run_of_lines_breaks_the_parser(lines, ending):
    outcome = parse_text("x.txt", ending.join(lines).encode())
    if isinstance(outcome, Parsed):
        check(outcome)
        for i, block in enumerate(outcome.blocks):
            assert len(block.section) <= sum(b.kind == "heading" for b in outcome.blocks[:i])


HOSTILE = ["x", "a ", "1.1.1.", "1.1.1.\n", "1. Titel\n\n", " ", "- ", "-\n", ".", "(", "1\n\n\n\n", "TITEL IN KAPITALEN\n",
           "NB0-\n", "Titel\n\n", "1 2 3\n\n", "(duizend euro)\n\n", "\f1 noot tekst\n\n", "I", "A. ", "Tabel 1\n\nx\n\n"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_large_hostile_text_is_read(piece):
    text = "a" + piece * (300_000 // len(piece))
    document = parse_text("x.txt", text.encode())
    assert isinstance(document, Parsed)
    check(document)


# The shared documents


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, Parsed]:
    found = {}
    for path in (shared / "corpus" / "documents").glob("*.txt"):
        outcome = parse_text(str(path), path.read_bytes())
        assert isinstance(outcome, Parsed)
        found[path.stem] = outcome
    return found


@pytest.fixture(scope="module")
def bbt(documents) -> Parsed:
    return documents["bbt-wse-2021-uitvoering"]


ROMAN = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")


def titles(document: Parsed) -> list[str]:
    return [cleaned(document.text[b.start : b.end]) for b in document.blocks if b.kind == "heading"]


def test_every_shared_document_has_sound_blocks(documents):
    assert len(documents) == 3
    for document in documents.values():
        check(document)


def test_the_chapters_of_the_budget_explanation(bbt):
    chapters = [
        cleaned(bbt.text[b.start : b.end]) for b in bbt.blocks if b.kind == "heading" and b.level == 1
    ]
    assert [title.split(".")[0] for title in chapters] == [*ROMAN]
    assert chapters[2] == "IV. TRANSVERSALE, HORIZONTALE EN OVERKOEPELENDE STRATEGISCHE DOELSTELLINGEN"


def test_every_article_of_the_budget_explanation_is_a_heading_with_its_whole_title(bbt):
    articles = [title for title in titles(bbt) if title.startswith("JB0-") and title[4].isdecimal()]
    assert len(articles) == len(set(articles)) == 58
    assert (
        "JB0-1JDB2CH-WT – TEWERKSTELLINGSPROGRAMMA'S EN AANWERVINGSINCENTIVES VOOR LANGDURIG WERKZOEKENDEN"
        in articles
    )
    assert "JB0-9JDBAAF-OW – ONTVANGSTEN MET BETREKKING TOT MAATREGELEN WERK" in articles
    parts = Counter(titles(bbt))
    assert parts["Korte inhoud begrotingsartikel"] == parts["Inhoudelijke toelichting"] == 58


def test_the_numbered_paragraphs_of_the_budget_explanation(bbt):
    numbered = [title for title in titles(bbt) if title[0].isdecimal()]
    objectives = [title for title in numbered if ". OD " in title]
    assert [int(title.split(". OD ")[1].split(".")[0]) for title in objectives] == list(range(1, 19))
    assert len(numbered) == 69
    assert "1.3.2.1 Vlaamse Dienst voor arbeidsbemiddeling en beroepsopleiding" in numbered


def test_the_path_of_a_measure_within_an_article(bbt):
    block = saying(bbt, "Het decretaal toegekende krediet voor de maatregel gesco bedroeg")
    assert block.section == (
        "V. BELEIDSVELD: WERK",
        "1. Inhoudelijk structuurelement: ACTIVERING (WERK)",
        "1.3. Budgettair kader",
        "1.3.1. Departement en IVA’s zonder rechtspersoonlijkheid (excl. DAB’s)",
        "Uitgavenartikelen",
        "JB0-1JDB2CH-WT – TEWERKSTELLINGSPROGRAMMA'S EN AANWERVINGSINCENTIVES VOOR LANGDURIG WERKZOEKENDEN",
        "Inhoudelijke toelichting",
        "Gesco’s veralgemeend stelsel",
    )
    assert block.page == 49


def test_every_unit_in_the_budget_explanation_opens_a_table(bbt):
    tables = [bbt.text[b.start : b.end] for b in bbt.blocks if b.kind == "table"]
    assert (
        sum(table.startswith("(duizend euro)") for table in tables) == bbt.text.count("(duizend euro)") == 72
    )
    assert len(tables) == 76
    assert all(any(c.isdecimal() for c in table[-12:]) or table.endswith("ontvangen") for table in tables)


def test_the_annexes_of_the_budget_explanation_nest(bbt):
    annex = saying(bbt, "19 MAART 2021. - Decreet tot wijziging").section
    assert annex[1:] == ("1. Departement Werk en Sociale Economie", "1. Decreten")
    assert saying(bbt, "26 MAART 2021. - Besluit van de Vlaamse Regering over").section[1:] == ("2. VDAB",)


def test_pages_of_the_budget_explanation_are_those_printed_on_it(bbt):
    pages_ = {cleaned(bbt.text[b.start : b.end])[:20]: b.page for b in bbt.blocks}
    assert pages_["2. We gaan uit van g"] == 27
    assert pages_["UNIZO Unie van Zelfs"] == 132
    assert pages_["XIII. BIJLAGE ‘OVERZ"] == 145


def test_the_pact_has_its_chapters_on_the_pages_that_it_refers_to(documents):
    pact = documents["lokaal-pact-2023"]
    chapters = [
        (cleaned(pact.text[b.start : b.end]), b.page)
        for b in pact.blocks
        if b.kind == "heading" and b.level == 1
    ]
    assert [title.lstrip("0123456789 ") for title, _ in chapters] == [
        "Doelstellingen",
        "Principes",
        "Doelgroepen",
        "Passend instrumentarium",
        "Integraal werken",
        "Vlaams beleidskader",
        "Adequate financiering",
        "(Boven)lokaal samenwerkingsmodel",
        "Overlegstructuur",
        "Data",
    ]
    by_title = dict(chapters)
    assert (by_title["6 Vlaams beleidskader"], by_title["9 Overlegstructuur"], by_title["10 Data"]) == (
        21,
        29,
        35,
    )
    engagements = [b.level for b in pact.blocks if cleaned(pact.text[b.start : b.end]) == "Onze engagementen"]
    assert engagements == [2] * 8


def test_the_note_keeps_its_tracks_apart(documents):
    note = documents["conceptnota-leefloon-2023"]
    tracks = [b for b in note.blocks if b.kind == "heading" and note.text[b.start :].startswith("Spoor ")]
    assert [note.text[b.start : b.start + 7] for b in tracks] == ["Spoor 1", "Spoor 2", "Spoor 3", "Spoor 4"]
    assert len({b.level for b in tracks}) == 1
    assert saying(note, "De controle op en eventuele sanctionering").section[-1].startswith("1) Lancering")
    assert (
        saying(note, "In navolging op het Vlaams Regeerakkoord").section[-2]
        == "Wat gebeurt er al vanuit Vlaanderen?"
    )
