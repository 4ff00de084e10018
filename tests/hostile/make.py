"""Hostile files made by code, the same on every run: never kept as files, never larger in memory than they must be."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from docx import Document
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

CANARY = "kanarie-die-niemand-mag-zien"
SECRET = Path(__file__).resolve().as_uri()  # holds the canary: no file may bring it in
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/package/2006/relationships"


class Case(NamedTuple):
    """A file, and the reasons for which it may be refused; "" is among them where reading it is right as well."""

    path: str
    make: Callable[[], bytes]
    reasons: frozenset[str]


def cases() -> Iterator[Case]:
    """Every hostile file, each with a name that says what is wrong with it."""
    for path, make, reasons in (*_empty(), *_liars(), *_encodings(), *_archives(), *_markup(), *_pdfs()):
        yield Case(path, make, frozenset(reasons.split("|")))
    for at in range(1, 11):
        yield Case(f"afgebroken-{at}.pdf", lambda at=at: cut(pdf(), at / 11), frozenset({"damaged"}))
        yield Case(f"afgebroken-{at}.docx", lambda at=at: cut(docx(), at / 11), frozenset({"damaged"}))


Row = tuple[str, Callable[[], bytes], str]


def _empty() -> list[Row]:
    return [
        ("leeg.txt", lambda: b"", "empty"),
        ("leeg.pdf", lambda: b"", "empty"),
        ("leeg.docx", lambda: b"", "empty"),
        ("leeg.html", lambda: b"", "empty"),
        ("leeg.jsonl", lambda: b"", "empty"),
        ("wit.txt", lambda: b" \n\t \r\n", "empty"),
        ("wit.md", lambda: b"\n\n\n", "empty"),
        ("wit.pdf", lambda: b"   \n", "empty"),
        ("wit.docx", lambda: b"   \n", "empty"),
        ("wit.jsonl", lambda: b"\n\n", "empty"),
        ("nullen.txt", lambda: bytes(1000), "empty"),
        ("alleen-bom.txt", lambda: b"\xef\xbb\xbf", "empty"),
        ("alleen-strepen.txt", lambda: b"--- *** ---", "empty"),
        ("zonder-tekst.docx", lambda: docx([]), "empty"),
        ("zonder-tekst.html", lambda: b"<html><body><script>x()</script></body></html>", "empty"),
        ("te-groot.txt", lambda: b"a" * (100 * 2**20 + 1), "too_large"),
        ("zonder-extensie", lambda: b"tekst", "unsupported"),
        ("tabel.xlsx", lambda: b"PK\x03\x04", "unsupported"),
    ]


def _liars() -> list[Row]:
    png = b"\x89PNG\r\n\x1a\n" + bytes(200)
    return [
        ("pdf-als.txt", pdf, "wrong_type"),
        ("pdf-als.docx", pdf, "wrong_type"),
        ("pdf-als.html", pdf, "wrong_type"),
        ("pdf-als.jsonl", pdf, "wrong_type"),
        ("docx-als.pdf", docx, "wrong_type"),
        ("docx-als.md", docx, "wrong_type"),
        ("beeld-als.txt", lambda: png, "wrong_type"),
        ("beeld-als.pdf", lambda: png, "wrong_type"),
        ("html-als.txt", lambda: b"<!DOCTYPE html><html><body>x</body></html>", "wrong_type"),
        ("html-als.pdf", lambda: b"<html><body>%PDF-1.4</body></html>", "wrong_type"),
        ("html-voor-de-pdf.pdf", lambda: b"<html></html>" + pdf(), "wrong_type"),
        ("tekst-als.pdf", lambda: b"gewone tekst", "wrong_type"),
        ("tekst-als.docx", lambda: b"gewone tekst", "wrong_type"),
        ("tekst-als.html", lambda: b"gewone tekst", "wrong_type"),
        ("tekst-als.jsonl", lambda: b"gewone tekst", "wrong_type"),
        ("programma.txt", lambda: b"\x7fELF" + bytes(range(256)) * 8, "wrong_type"),
        ("ruis.txt", lambda: zlib.compress(bytes(range(256)) * 64), "wrong_type"),
        ("besturing.txt", lambda: b"\x01\x02\x03abc" * 50, "wrong_type"),
        ("rtf-als.txt", lambda: b"{\\rtf1 tekst}", "wrong_type"),
        ("oud-word.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported"),
        ("versleuteld.docx", lambda: _ole("EncryptedPackage"), "encrypted"),
        ("pdf-met-zip.pdf", lambda: pdf() + _zip({"a.txt": b"x"}), "hostile"),
        ("pdf-met-html.pdf", lambda: pdf() + b"<script>x()</script>", "hostile"),
        (
            "excel.docx",
            lambda: _zip({"[Content_Types].xml": _types("spreadsheetml.sheet.main+xml")}),
            "wrong_type",
        ),
        ("odt.docx", lambda: _zip({"mimetype": b"application/vnd.oasis.opendocument.text"}), "wrong_type"),
        ("zip.docx", lambda: _zip({"a.txt": b"x"}), "wrong_type"),
        ("zonder-hoofddeel.docx", lambda: _without(docx(), "word/document.xml"), "damaged"),
    ]


def _encodings() -> list[Row]:
    text = "Coördinatie van één miljoen € in de zorg: reëel."
    double = text.encode().decode("cp1252").encode()
    return [
        ("latin1.txt", lambda: text.replace("€", "").encode("latin-1"), "encoding"),
        ("cp1252.md", lambda: text.encode("cp1252"), "encoding"),
        ("utf16.txt", lambda: text.encode("utf-16"), "encoding"),
        ("utf16-zonder-bom.txt", lambda: (text * 20).encode("utf-16-le"), "encoding"),
        ("utf32.txt", lambda: text.encode("utf-32"), "encoding"),
        ("gemengd.txt", lambda: text.encode() + text.encode("cp1252"), "encoding"),
        ("half-teken.txt", lambda: text.encode()[:-8] + b"\xe2\x82", "encoding"),
        ("surrogaat.txt", lambda: b"tekst \xed\xa0\x80 tekst", "encoding"),
        ("te-lang-gecodeerd.txt", lambda: b"tekst \xc0\xaf tekst", "encoding"),
        ("dubbel-gecodeerd.txt", lambda: double * 3, "encoding"),
        ("dubbel-gecodeerd.html", lambda: b"<p>" + double * 3, "encoding"),
        ("latin1-zonder-tekenset.html", lambda: b"<p>" + text.encode("cp1252"), "encoding"),
        ("utf7.html", lambda: b'<meta charset="utf-7"><p>+ADw-script+AD4-', "encoding"),
        ("utf16.jsonl", lambda: '{"a": 1}'.encode("utf-16"), "encoding"),
    ]


def _archives() -> list[Row]:
    return [
        ("bom-duizendvoud.docx", lambda: docx(extra={"word/media/a.bin": bytes(50 * 2**20)}), "hostile"),
        (
            "bom-in-xml.docx",
            lambda: docx(extra={"word/comments.xml": b"<a>" + b" " * (40 * 2**20)}),
            "hostile",
        ),
        ("bom-vele-leden.docx", lambda: docx(extra={f"x/{i}.txt": b"x" for i in range(10_000)}), "hostile"),
        ("bom-genest.docx", lambda: docx(extra={"word/n.zip": _zip({"z": bytes(10 * 2**20)})}), "hostile"),
        ("bom-kleine-stappen.docx", lambda: docx(extra={f"m/{i}": _noise(i) for i in range(300)}), "hostile"),
        ("liegt-kleiner.docx", lambda: _lie(docx(), b"word/document.xml", 10), "damaged|hostile"),
        ("liegt-groter.docx", lambda: _lie(docx(), b"word/document.xml", 2**31), "damaged|hostile"),
        ("overlappend.docx", _overlapping, "hostile"),
        ("dubbele-naam.docx", _doubled, "hostile"),
        ("pad-omhoog.docx", lambda: docx(extra={"../../etc/x": b"x"}), "hostile"),
        ("pad-absoluut.docx", lambda: docx(extra={"/etc/x": b"x"}), "hostile"),
        ("wachtwoord-in-zip.docx", lambda: _flagged(docx()), "encrypted"),
        ("crc-fout.docx", lambda: _broken_crc(docx()), "damaged"),
    ]


def _markup() -> list[Row]:
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{SECRET}">]><w:document xmlns:w="{W}">&x;</w:document>'
    web = f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><w:document xmlns:w="{W}"/>'
    laughs = (
        "<!DOCTYPE l ["
        + '<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
        + f']><w:document xmlns:w="{W}">&j;</w:document>'
    )
    return [
        ("xxe-bestand.docx", lambda: _with_document(outside.encode()), "hostile"),
        ("xxe-web.docx", lambda: _with_document(web.encode()), "hostile"),
        ("xxe-utf16.docx", lambda: _with_document(outside.encode("utf-16")), "hostile"),
        ("xxe-utf16be.docx", lambda: _with_document(outside.encode("utf-16-be")), "hostile"),
        (
            "xxe-utf7.docx",
            lambda: _with_document(b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE d+AD4-'),
            "hostile",
        ),
        ("xxe-ebcdic.docx", lambda: _with_document(outside.encode("cp500")), "hostile"),
        (
            "parameterentiteit.docx",
            lambda: docx(extra={"word/x.xml": b'<!DOCTYPE d [<!ENTITY % p SYSTEM "x">%p;]><d/>'}),
            "hostile",
        ),
        (
            "parameterentiteit-zonder-xml.docx",
            lambda: docx(extra={"word/x.bin": b'<!DOCTYPE d [<!ENTITY % p "x">]><d/>'}),
            "hostile",
        ),
        ("lachers.docx", lambda: _with_document(laughs.encode()), "hostile"),
        (
            "entiteit.html",
            lambda: f'<!DOCTYPE html [<!ENTITY x SYSTEM "{SECRET}">]><p>&x;</p>'.encode(),
            "hostile",
        ),
        ("diep.html", lambda: b"<div>" * 30_000 + b"tekst", "|damaged|empty"),
        ("geen-xml.docx", lambda: _with_document(b"<w:document"), "damaged"),
        ("vreemd-xml.docx", lambda: _with_document(b"<a/>"), "damaged|empty"),
    ]


def _pdfs() -> list[Row]:
    return [
        ("wachtwoord.pdf", lambda: pdf(encrypt=StandardEncryption("geheim", "eigenaar")), "encrypted"),
        ("scan.pdf", lambda: pdf([]), "no_text_layer"),
        ("tienduizend-paginas.pdf", lambda: _page_tree(10_000), "too_large"),
        (
            "stroombom.pdf",
            lambda: _content(zlib.compress(b" " * (200 * 2**20), 9), "/FlateDecode"),
            "hostile",
        ),
        ("stroombom-dubbel.pdf", _doubly_packed, "hostile"),
        (
            "stroom-van-een-gigabyte.pdf",
            lambda: _content(b"BT ET", None, length=10**9),
            "damaged|no_text_layer",
        ),
        ("woordenzee.pdf", _sea_of_words, "hostile"),
        ("xref-lus.pdf", _xref_loop, "|damaged|no_text_layer"),
        ("paginaboom-lus.pdf", _page_loop, "damaged|no_text_layer"),
        ("zonder-objecten.pdf", lambda: b"%PDF-1.7\n%%EOF\n", "damaged"),
        ("ruis.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n", "damaged"),
        ("onleesbare-lettertypes.pdf", _private_glyphs, "no_text_layer"),
    ]


def pdf(lines: list[str] | None = None, encrypt: StandardEncryption | None = None) -> bytes:
    """A one-page PDF; without lines it only has a drawing on it."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=encrypt, invariant=True)
    canvas.rect(100, 100, 200, 200, fill=1)
    for at, line in enumerate(["De uitvoering bedraagt 1.258 keuro."] if lines is None else lines):
        canvas.drawString(72, 750 - 14 * at, line)
    canvas.save()
    return target.getvalue()


def docx(paragraphs: list[str] | None = None, extra: dict[str, bytes] | None = None) -> bytes:
    """A Word document, with further members in its archive."""
    document, target = Document(), io.BytesIO()
    for text in ["De uitvoering bedraagt 1.258 keuro."] if paragraphs is None else paragraphs:
        document.add_paragraph(text)
    document.save(target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def cut(data: bytes, share: float) -> bytes:
    """The first part of a file."""
    return data[: int(len(data) * share)]


def external_docx() -> bytes:
    """A Word document with a remote template, a remote image and a remote object."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    settings = "".join(
        f'<Relationship Id="r{i}" Type="{kind}/{name}" Target="{target}" TargetMode="External"/>'
        for i, (name, target) in enumerate(
            [
                ("attachedTemplate", "http://127.0.0.1:9/t.dotm"),
                ("image", "http://127.0.0.1:9/i.png"),
                ("oleObject", "file:///etc/hostname"),
                ("image", "\\\\127.0.0.1\\deel\\i.png"),
            ]
        )
    )
    rels = f'<Relationships xmlns="{R}">{settings}</Relationships>'.encode()
    return docx(extra={"word/_rels/settings.xml.rels": rels, "word/_rels/comments.xml.rels": rels})


def _ole(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + name.encode("utf-16-le") + bytes(64)


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def _types(main: str) -> bytes:
    return f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'.encode()


def _without(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return _zip({n: archive.read(n) for n in archive.namelist() if n != name})


def _with_document(part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx())) as archive:
        return _zip({n: part if n == "word/document.xml" else archive.read(n) for n in archive.namelist()})


def _noise(seed: int) -> bytes:
    """A megabyte that packs a hundredfold: under every limit for one member."""
    block = bytes((seed * 31 + i * 7) % 256 for i in range(8192))
    return block * 128


def _lie(package: bytes, name: bytes, size: int) -> bytes:
    """The package with another inflated size declared for one member, in the directory and before the member."""
    data = bytearray(package)
    for signature, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = data.find(signature)
        while at >= 0:
            if data[at + name_at : at + name_at + len(name)] == name:
                struct.pack_into("<I", data, at + size_at, size)
            at = data.find(signature, at + 4)
    return bytes(data)


def _overlapping() -> bytes:
    """Two entries of the directory that share one member, as in a better zip bomb."""
    data = bytearray(docx(extra={"x/een.bin": b"1" * 999, "x/twee.bin": b"2" * 999}))
    first, second = (
        data.find(b"PK\x01\x02", data.rfind(b"PK\x01\x02", 0, data.rfind(name)))
        for name in (b"x/een.bin", b"x/twee.bin")
    )
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def _doubled() -> bytes:
    return docx(extra={"x/een.bin": b"1", "x/one.bin": b"2"}).replace(b"x/one.bin", b"x/een.bin")


def _flagged(package: bytes) -> bytes:
    """Every member marked as encrypted."""
    data = bytearray(package)
    for signature, flag_at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            data[at + flag_at] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def _broken_crc(package: bytes) -> bytes:
    data = bytearray(package)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml"))
    data[at + 16] ^= 0xFF
    return bytes(data)


def raw_pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of the given objects, numbered from 1, of which the first is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


def _page_tree(pages: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + at) for at in range(pages))
    tree = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * pages])


def _content(stream: bytes, filters: str | None, length: int | None = None) -> bytes:
    """One page with one content stream."""
    named = f"/Filter {filters}".encode() if filters else b""
    body = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (length or len(stream), named, stream)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, body])


def _doubly_packed() -> bytes:
    return _content(zlib.compress(zlib.compress(b" " * (200 * 2**20), 9), 9), "[/FlateDecode /FlateDecode]")


def _sea_of_words() -> bytes:
    """More words on one page than anyone could read."""
    words = b"".join(
        b"BT /F1 4 Tf %d %d Td (w) Tj ET\n" % (at % 500 * 9, at // 500 * 9) for at in range(21_000)
    )
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    data = _content(zlib.compress(words), "/FlateDecode")
    return data.replace(b"/MediaBox [0 0 100 100]", b"/MediaBox [0 0 9000 900] " + font)


def _xref_loop() -> bytes:
    data = raw_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"], b"/Prev 9999999"
    )
    return data.replace(b"9999999", b"%07d" % data.rfind(b"xref\n0"))


def _page_loop() -> bytes:
    return raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R] >>"])


def _private_glyphs() -> bytes:
    """Text whose font maps every character to nothing that can be read."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end end"
    )
    stream = b"BT /F1 12 Tf 10 50 Td (onleesbaar maar zichtbaar) Tj ET"
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 100] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        ]
    )
