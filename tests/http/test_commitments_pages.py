"""The pages of the commitments: overview, section with timeline and memo, and the memo as a file."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pytest

from answer.memo_records import Memo, PromiseRow, Reference, Theme
from answer.records import Citation, Claim
from api.memos.render import FORMATS, read
from api.memos.state import Folder, Kept
from api.pages.commitments_made import Memos
from api.pages.commitments_text import section_parts
from api.pages.commitments_timeline import timeline
from ingest.records import Commitment

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}"
PREMIE = "We voeren een premie in. De nood is groot. We sluiten een akkoord."
WONEN = f"We bouwen sociale woningen. {ATTACK}"


class Page(HTMLParser):
    """A page as its elements with attributes, and its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.found, self.text, self._open = [], "", []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.text += data

    def tags(self):
        return {tag for tag, _ in self.found}

    def values(self, tag, name):
        return [attrs[name] for t, attrs in self.found if t == tag and name in attrs]


class Agreement:
    """A corpus of coalition agreements: `commitments` is all that the pages ask beside documents."""

    def __init__(self, documents, found):
        self.version, self._documents, self._found = "v1", {d.id: d for d in documents}, tuple(found)

    def commitments(self):
        return self._found

    def document(self, document_id):
        return self._documents.get(document_id)

    def metadata(self, document_id):
        return self._documents[document_id].meta


def commitment(document, text, domain, title, promises=()) -> Commitment:
    start = document.text.index(text)
    spans = tuple(
        (document.text.index(promise), document.text.index(promise) + len(promise)) for promise in promises
    )
    number = title.split(" ")[0]
    path = (domain, title)
    return Commitment(
        f"{domain.lower()}-{number}", document.id, domain, path, start, start + len(text), spans
    )


def reference(n, **changes) -> Reference:
    uri = f"http://themis.vlaanderen.be/id/resource/b{n}"
    known = Reference(n, f"b{n}", "beslissing", uri, "2021-03-05", f"Besluit {n}", None, "definitief")
    return replace(known, **changes)


def composed(corpus, found: Commitment) -> Memo:
    """A memo that repeats the title of one decision, and carries out the first promise."""
    decision = reference(1, title=ATTACK)
    text = corpus.document(found.document_id).text
    return Memo(
        commitment=found.id,
        document_id=found.document_id,
        domain=found.domain,
        path=found.path,
        title=f"Uitvoering: {found.path[-1]}",
        section_text=text[found.start : found.end],
        summary=(Claim("De premie is er.", (1,)),),
        themes=(Theme("Premie", (Claim("De premie bedraagt 500 euro.", (1,)),)),),
        promises=tuple(
            PromiseRow(start, end, text[start:end], "niet_gevonden" if n else "definitief", None, None, (1,))
            for n, (start, end) in enumerate(found.promises)
        ),
        amounts=(),
        not_found=(),
        citations=(Citation(1, "b1", "Besluit", "beslissing", None, None, None, (), 3, 9, "premie"),),
        references=(decision, reference(2, stage="principieel", date="2020-01-02")),
        corpus_version=corpus.version,
        mode="extractive",
        prompts_sha256="a" * 64,
        evidence="b" * 64,
        made_on="2026-11-21",
    )


@pytest.fixture
def agreement(written):
    document = written("ra", "# Werk", PREMIE, "# Wonen", WONEN, title="Regeerakkoord", kind="regeerakkoord")
    return Agreement(
        [document],
        [
            commitment(
                document,
                PREMIE,
                "Werk",
                "1.1 Premies",
                ("We voeren een premie in.", "We sluiten een akkoord."),
            ),
            commitment(document, WONEN, "Wonen", "2.1 Woningen", ("We bouwen sociale woningen.",)),
        ],
    )


@pytest.fixture
def site(client_for):
    """A factory of clients over a corpus; memos are composed by hand, and counted in `made`."""

    def opened(corpus, made=None):
        @contextmanager
        def opener(store, embedder):
            yield corpus

        def compose(corpus, found):
            if made is not None:
                made.append(found.id)
            return composed(corpus, found)

        client = client_for(opener=opener)
        client.app.state.memos_shown = Memos(compose)
        return client

    return opened


def page_of(response, status=200) -> Page:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def assert_nothing_active(page):
    assert not {"img", "iframe", "style"} & page.tags()
    assert all(src.startswith("/static/") for src in page.values("script", "src"))
    assert len(page.values("script", "src")) == [tag for tag, _ in page.found].count("script")
    for _, attrs in page.found:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert attrs.get("href", "#").startswith(("#", "/", "http://themis.vlaanderen.be/"))


def sections(page):
    return [href for href in page.values("a", "href") if href.startswith("/regeerakkoord/")]


def test_the_overview_lists_sections_by_domain_and_composes_nothing(site, agreement):
    made = []
    page = page_of(site(agreement, made).get("/regeerakkoord"))
    assert sections(page) == ["/regeerakkoord/werk-1.1", "/regeerakkoord/wonen-2.1"]
    assert "2 secties met 3 beloften" in page.text
    assert "nog geen memo opgesteld" in page.text
    assert made == []
    assert_nothing_active(page)
    assert page.values("label", "for") == ["zoek", "domein", "status"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?zoek=premie", ["werk-1.1"]),
        ("?zoek=AKKOORD+premie", ["werk-1.1"]),
        ("?zoek=woningen", ["wonen-2.1"]),
        ("?zoek=premie+woningen", []),
        ("?domein=Wonen", ["wonen-2.1"]),
        ("?domein=Wonen&zoek=premie", []),
        ("?status=definitief", []),
    ],
)
def test_the_overview_is_filtered(site, agreement, query, found):
    page = page_of(site(agreement).get(f"/regeerakkoord{query}"))
    assert sections(page) == [f"/regeerakkoord/{name}" for name in found]


def test_the_overview_knows_the_status_of_memos_that_were_composed(site, agreement):
    client = site(agreement)
    client.get("/regeerakkoord/werk-1.1")
    page = page_of(client.get("/regeerakkoord?status=niet_gevonden"))
    assert sections(page) == ["/regeerakkoord/werk-1.1"]
    assert "Van 2 beloften: definitief beslist: 1" in page.text
    assert "1 geen beslissing gevonden" in page.text


def test_of_readers_who_ask_for_one_memo_at_once_one_has_it_composed(agreement):
    begun, go_on = threading.Semaphore(0), threading.Event()

    def compose(corpus, found):
        begun.release()
        assert go_on.wait(10)
        return composed(corpus, found)

    made, found = Memos(compose), agreement.commitments()[0]
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(made.of, agreement, found) for _ in range(2)]
        begun.acquire()
        is_composed_twice = begun.acquire(timeout=0.2)
        go_on.set()
        assert asked[0].result(10) is asked[1].result(10)
    assert not is_composed_twice


def test_the_overview_knows_the_status_of_memos_that_a_job_made(site, agreement, world):
    found = agreement.commitments()[1]
    counts = {"definitief": 0, "principieel": 1}
    with Folder(world.store / "memos" / "files") as folder:
        for name, snapshot in (("wonen-2.1", "v1"), ("oud-1.1", "v0")):
            kept = Kept(
                replace(found, id=name),
                "Memo",
                counts,
                "e",
                "extractive",
                snapshot,
                "2026-11-21",
                f"{snapshot} x",
            )
            folder.write(name, kept, None, {})
    page = page_of(site(agreement).get("/regeerakkoord"))
    assert "Voor 1 van de 2 secties" in page.text
    assert "1 principieel goedgekeurd" in page.text


def test_a_damaged_folder_of_memos_leaves_the_overview_without_status(site, agreement, world):
    place = world.store / "memos" / "files" / ".wijzer"
    place.mkdir(parents=True)
    (place / "state.json").write_text("{")
    assert "nog geen memo opgesteld" in page_of(site(agreement).get("/regeerakkoord")).text


def test_a_corpus_without_agreement_says_so(site):
    page = page_of(site(Agreement([], [])).get("/regeerakkoord"))
    assert "bevat geen regeerakkoord" in page.text


def test_a_section_shows_its_promises_decisions_and_memo(site, agreement):
    page = page_of(site(agreement).get("/regeerakkoord/werk-1.1"))
    assert [href for href in page.values("a", "href") if href.startswith("/bron/b1?")] == [
        "/bron/b1?start=3&end=9#citaat"
    ] * 2
    assert "/bron/ra?start=8&end=74#citaat" in page.values("a", "href")
    assert [i for i in page.values("span", "id") if i.startswith("belofte-")] == ["belofte-1", "belofte-2"]
    assert "Aantal per fase: principiële goedkeuring: 1; definitieve goedkeuring: 1" in page.text
    assert sections(page)[-1] == "/regeerakkoord/wonen-2.1"
    assert {f"/regeerakkoord/werk-1.1/memo.{kind}" for kind in FORMATS} <= set(page.values("a", "href"))
    assert "Concept" in page.text
    assert_nothing_active(page)
    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    for target in page.values("a", "href"):
        assert not target.startswith("#") or target.removeprefix("#") in ids


def test_hostile_text_of_a_section_stays_text(site, agreement):
    page = page_of(site(agreement).get("/regeerakkoord/wonen-2.1"))
    assert_nothing_active(page)
    assert "<script>alert(1)</script>" in page.text


def test_a_memo_is_composed_once_for_a_snapshot(site, agreement):
    made = []
    client = site(agreement, made)
    for _ in range(2):
        client.get("/regeerakkoord/werk-1.1")
        client.get("/regeerakkoord/werk-1.1/memo.md")
    assert made == ["werk-1.1"]
    agreement.version = "v2"
    client.get("/regeerakkoord/werk-1.1")
    assert made == ["werk-1.1", "werk-1.1"]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_memo_is_fetched_as_a_file(site, agreement, kind):
    found = site(agreement).get(f"/regeerakkoord/werk-1.1/memo.{kind}")
    assert found.status_code == 200
    assert found.headers["content-disposition"] == f'attachment; filename="memo-werk-1.1.{kind}"'
    if kind == "json":
        assert read(found.content) == composed(agreement, agreement.commitments()[0])
    if kind == "docx":
        assert docx.Document(io.BytesIO(found.content)).paragraphs[0].text == "Uitvoering: 1.1 Premies"


@pytest.mark.parametrize(
    "path",
    ["onbekend-9", "werk-1.1/memo.exe", "onbekend-9/memo.md", "werk-1.1?document=ander", "%3Cscript%3E"],
)
def test_what_is_not_there_is_a_page_that_says_so(site, agreement, path):
    response = site(agreement).get(f"/regeerakkoord/{path}", headers={"accept": "text/html"})
    assert_nothing_active(page_of(response, 404))


def test_sections_of_two_agreements_with_one_id_are_told_apart(site, agreement, written):
    first = agreement.commitments()[0]
    other = written("ra2", "# Werk", "We hervormen de premie.", title="Akkoord 2024", kind="regeerakkoord")
    second = commitment(other, "We hervormen de premie.", "Werk", "1.1 Premies", ("We hervormen de premie.",))
    client = site(Agreement([agreement.document("ra"), other], [first, second]))
    assert sections(page_of(client.get("/regeerakkoord"))) == [
        "/regeerakkoord/werk-1.1?document=ra",
        "/regeerakkoord/werk-1.1?document=ra2",
    ]
    assert "We hervormen" in page_of(client.get("/regeerakkoord/werk-1.1?document=ra2")).text
    assert (
        "/regeerakkoord/werk-1.1/memo.md?document=ra2"
        in client.get("/regeerakkoord/werk-1.1?document=ra2").text
    )


# The parts of a page


def test_the_text_of_a_section_is_cut_where_promises_begin_and_end(agreement):
    found = agreement.commitments()[0]
    (part,) = section_parts(agreement.document("ra"), found)
    assert [(run.text, run.promise, run.opens) for run in part.runs] == [
        ("We voeren een premie in.", 1, True),
        ("De nood is groot.", 0, False),
        ("We sluiten een akkoord.", 2, True),
    ]


def test_a_promise_over_two_blocks_opens_once(written):
    document = written("ra", "We doen:", "dit en dat.")
    whole = Commitment("a-1", "ra", "A", ("A",), 0, len(document.text), ((0, len(document.text)),))
    runs = [run for part in section_parts(document, whole) for run in part.runs]
    assert [(run.text, run.promise, run.opens) for run in runs] == [
        ("We doen:", 1, True),
        ("dit en dat.", 1, False),
    ]


def test_the_timeline_has_a_lane_for_each_stage_and_covers_no_point():
    found = timeline([reference(1), reference(2), reference(3, date="2020-01-01", stage="principieel")])
    assert [lane.name for lane in found.lanes] == ["principiële goedkeuring", "definitieve goedkeuring"]
    assert [year for year, _ in found.years] == [2020, 2021]
    same_day = found.lanes[1].points
    assert same_day[0].x == same_day[1].x
    assert same_day[1].y - same_day[0].y >= 24
    assert found.lanes[0].points[0].x == found.years[0][1]
    assert found.lanes[0].bottom < found.lanes[1].top
    assert [r.n for r in found.rows] == [3, 1, 2]


def test_the_timeline_keeps_what_bears_no_whole_date_for_the_table():
    found = timeline([reference(1), reference(2, date="2021"), reference(3, kind="bbt")])
    assert [r.n for r in found.rows] == [1]
    assert [r.n for r in found.undated] == [2]
    assert timeline([reference(2, date=None)]) is None
