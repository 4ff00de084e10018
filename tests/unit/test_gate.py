import pytest

from ingest.gate import LARGEST, admit, shown
from ingest.records import Rejected

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("path", "data", "media_type"),
    [
        ("a.txt", "Coördinatie kost 3 € en één jaar.".encode(), "text/plain"),
        ("A.TXT", b"tekst", "text/plain"),
        ("a.txt", b"\xef\xbb\xbftekst met een merk", "text/plain"),
        ("a.txt", b"regel\r\nregel\x0c\x1b[1mregel", "text/plain"),
        ("a.md", b"# Titel\n\n<details>x</details>", "text/markdown"),
        ("a.markdown", b"# Titel", "text/markdown"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.pdf", PDF + b"\r\n\x00\x00", "application/pdf"),
        ("a.html", b"<p>tekst</p>", "text/html"),
        ("a.htm", b"<!DOCTYPE html><html lang=nl><body>x", "text/html"),
        ("a.html", '<meta charset="windows-1252"><p>één'.encode("cp1252"), "text/html"),
        ("a.html", "<p>één €".encode("utf-16"), "text/html"),
        ("a.html", b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd"><p>x', "text/html"),
        ("a.jsonl", b'{"title": "x"}\n', "application/jsonl"),
        ("a.json", b'\xef\xbb\xbf\n [{"title": "x"}]', "application/jsonl"),
    ],
)  # fmt: skip
def test_a_sound_file_is_admitted_by_its_content_and_name(path, data, media_type):
    assert admit(path, data) == media_type


def test_dutch_letters_are_not_taken_for_garbled_ones():
    text = (
        "Één reële coëfficiënt: ‘naïeve’ “kopiëren” kost €25 – à 3° per m². Ça va, façade, Ñandú, Ångström. "
        * 5
    )
    assert admit("a.txt", text.encode()) == "text/plain"
    assert admit("a.html", f"<p>{text}".encode()) == "text/html"


def test_two_garbled_characters_may_be_quoted_three_may_not():
    assert admit("a.txt", "Wie Ã© of Ã« leest, ziet een fout.".encode()) == "text/plain"
    refused = admit("a.txt", "De coÃ¶rdinatie van Ã©Ã©n jaar.".encode())
    assert isinstance(refused, Rejected) and refused.reason == "encoding"


def test_the_size_limit_is_exact():
    assert admit("a.txt", b"a" * LARGEST) == "text/plain"
    refused = admit("a.txt", b"a" * (LARGEST + 1))
    assert isinstance(refused, Rejected) and refused.reason == "too_large"


def test_the_path_of_a_rejection_is_the_path_that_was_given():
    refused = admit("map/sub/a.pdf", b"geen pdf")
    assert isinstance(refused, Rejected)
    assert refused.path == "map/sub/a.pdf"
    assert refused.message == (
        "a.pdf is geen PDF (die begint met %PDF-); geef het de juiste extensie of bewaar het opnieuw."
    )


def test_a_truncated_pdf_is_told_from_one_with_a_little_behind_its_end():
    assert admit("a.pdf", PDF + b"% een regel van een webserver\n") == "application/pdf"
    for damaged in (PDF[:-7], PDF + b"2 0 obj" * 500):
        refused = admit("a.pdf", damaged)
        assert isinstance(refused, Rejected) and refused.reason == "damaged"


def test_names_are_shown_without_what_cannot_be_printed():
    assert shown("map/a\nb.pdf") == "a\\nb.pdf"
    assert shown("é.pdf") == "é.pdf"
    assert shown("\u202egnp.pdf") == "\\u202egnp.pdf"
