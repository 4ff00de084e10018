"""A source as it was printed: the picture of a page, the quoted lines on it, its text, and the file's other stages."""

import dataclasses
import hashlib
import re
import struct

import pytest
from starlette.testclient import TestClient

from api.http import create_app
from api.pages import source_image
from api.pages.source_image import page_image
from api.pages.source_pages import page_count, page_span, quoted_boxes
from api.pages.source_render import PageImage, drawn, scale_of
from ingest.embed import load_embedder
from ingest.pages import page_at
from ingest.parse.pdf import parse_pdf
from ingest.records import Block, Box, Document, Metadata
from retrieval.corpus import open_corpus

BBT = "bbt-wse-2021-samenvatting"


@pytest.fixture(scope="module")
def client(sample_store):
    app = create_app(sample_store, lambda: load_embedder(None))
    with TestClient(app, base_url="http://localhost:8000") as opened:
        yield opened


@pytest.fixture(scope="module")
def bbt(sample_store):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        yield corpus.document(BBT)


@pytest.fixture
def pdf(root, tmp_path):
    """A document read from a PDF in a folder of its own, and the path of that file."""
    path = tmp_path / "nota.pdf"
    path.write_bytes((root / "corpus/sample/bbt-wse-2021-samenvatting.pdf").read_bytes())
    parsed = parse_pdf(str(path), path.read_bytes())
    meta = Metadata("nota", "bbt", "Nota", str(tmp_path))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(meta, sha256, parsed.text, parsed.blocks, parsed.boxes), path


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """No picture that an earlier test had drawn."""
    monkeypatch.setattr(source_image, "_kept", source_image.Kept(4))


def test_a_printed_page_shows_its_picture_with_the_quoted_lines_and_its_text(client, bbt):
    line = max((b for b in bbt.boxes if b.page == 3), key=lambda b: b.end - b.start)
    start, page = line.start + 2, 3
    quoted = start, start + 9
    html = client.get(f"/bron/{BBT}", params={"pagina": page, "start": start, "end": start + 9}).text
    assert f'src="/bron/{BBT}/pagina/{page}.png"' in html
    assert html.count("<rect ") == len(quoted_boxes(bbt, page, quoted)) == 1
    assert re.search(r'<mark id="citaat">(.*?)</mark>', html)[1] == bbt.text[slice(*quoted)]
    assert f"Beeld van pagina {page}" in html
    whole = client.get(f"/bron/{BBT}", params={"start": start, "end": start + 9}).text
    assert f"?pagina={page}&amp;start={start}&amp;end={start + 9}" in whole


def test_the_picture_is_png_of_the_size_that_the_page_says(client):
    response = client.get(f"/bron/{BBT}/pagina/1.png")
    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">2I", response.content[16:24])
    said = re.search(r'width="(\d+)" height="(\d+)" alt', client.get(f"/bron/{BBT}?pagina=1").text)
    assert width / height == pytest.approx(int(said[1]) / int(said[2]), abs=0.01)


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/bron/{BBT}/pagina/999.png", 404), (f"/bron/{BBT}/pagina/0.png", 422), (f"/bron/{BBT}/pagina/x.png", 422),
     ("/bron/weg/pagina/1.png", 404), ("/bron/lokaal-pact-samenvatting/pagina/1.png", 404)],
)  # fmt: skip
def test_what_has_no_picture_is_a_problem(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_way_through_the_pages_stays_inside(client, bbt):
    last = page_count(bbt)
    html = client.get(f"/bron/{BBT}?pagina=99999").text
    assert f"Tekst van pagina {last}" in html
    assert f"pagina={last - 1}" in html
    assert f"?pagina={last + 1}" not in html


def test_a_quote_elsewhere_leads_back_to_its_page(client, bbt):
    box = next(b for b in bbt.boxes if b.page == 2)
    html = client.get(f"/bron/{BBT}", params={"pagina": 1, "start": box.start, "end": box.end}).text
    assert "Naar de pagina met de aangehaalde woorden" in html
    assert "<rect " not in html


def test_every_line_of_a_pdf_lies_in_the_text_of_its_page(bbt):
    for box in bbt.boxes:
        start, end = page_span(bbt, box.page)
        assert start <= box.start < box.end <= end


def test_pages_without_boxes_run_from_block_to_block():
    blocks = (Block(0, 3, "heading", 1, 4), Block(5, 9, "paragraph", 0, 4), Block(11, 14, "paragraph", 0, 6))
    document = Document(Metadata("d", "bbt", "D", "map"), "", "een\n\ntwee\n\ndrie", blocks)
    assert (page_span(document, 4), page_span(document, 6), page_span(document, 5)) == (
        (0, 11),
        (11, 15),
        None,
    )
    assert (page_count(document), page_at(document, 10), page_at(document, 12)) == (6, 4, 6)


def test_a_part_of_a_line_is_marked_in_proportion():
    line = Box(10, 20, 1, 100, 5, 200, 15)
    document = Document(Metadata("d", "bbt", "D", "map"), "", "x" * 30, (), (line,))
    assert quoted_boxes(document, 1, (15, 25)) == [Box(15, 20, 1, 150, 5, 200, 15)]
    assert quoted_boxes(document, 1, (0, 30)) == [line]
    assert not quoted_boxes(document, 2, (0, 30))
    assert not quoted_boxes(document, 1, (20, 30))


def test_the_picture_is_of_the_very_file_that_was_ingested(pdf):
    document, path = pdf
    assert isinstance(page_image(document, 1), PageImage)
    source_image._kept = source_image.Kept(4)
    path.write_bytes(path.read_bytes() + b"\n")
    assert "niet beschikbaar" in page_image(document, 1)
    path.unlink()
    assert "niet beschikbaar" in page_image(document, 1)


def test_a_page_once_drawn_needs_no_file(pdf):
    document, path = pdf
    first = page_image(document, 1)
    path.unlink()
    assert page_image(document, 1) is first


def test_the_file_of_another_document_is_never_shown(pdf):
    document, _ = pdf
    other = dataclasses.replace(document, meta=dataclasses.replace(document.meta, id="ander"))
    assert "niet beschikbaar" in page_image(other, 1)


def test_a_file_that_pdfium_cannot_read_gives_no_picture(pdf):
    _, path = pdf
    assert drawn(b"geen pdf", 1) is None
    assert drawn(path.read_bytes(), 0) is None
    assert drawn(path.read_bytes()[:2_000], 1) is None


def test_a_picture_that_takes_too_long_is_given_up(pdf):
    _, path = pdf
    assert drawn(path.read_bytes(), 1, seconds=0.001) is None


def test_a_picture_has_at_most_four_million_pixels():
    assert scale_of(595, 842) == pytest.approx(130 / 72)
    for width, height in ((4_000, 4_000), (14_400, 14_400), (200_000, 10)):
        scale = scale_of(width, height)
        assert width * scale * height * scale <= 4_000_001


def test_without_its_file_a_printed_page_is_its_text(sample_store, monkeypatch, client):
    monkeypatch.setattr("api.pages.source_image.find_sources", lambda place: (_ for _ in ()).throw(OSError()))
    html = client.get(f"/bron/{BBT}?pagina=1").text
    assert "niet beschikbaar" in html
    assert "<img" not in html
    assert 'class="source-text"' in html


def test_a_decision_shows_the_other_stages_of_its_file(client, sample_store):
    with open_corpus(sample_store, load_embedder(None)) as corpus:
        decisions = [m for m in corpus.documents() if m.kind == "beslissing"]
        meta, family = next((m, f) for m in decisions if len(f := corpus.families.of(m)) > 2)
    html = client.get(f"/bron/{meta.id}").text
    links = re.findall(r'href="/bron/([^"?#]+)"', html)
    assert links == [other.id for other in family if other.id != meta.id]
    assert html.count("deze beslissing") == 1
