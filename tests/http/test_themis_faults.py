"""What becomes of a fetch when the source is slow, broken, changing or hostile."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
import themis_server as server

from ingest import NoSource, SourceInvalid
from ingest.themis import fetch
from ingest.themis_http import Courtesy
from ingest.themis_records import Themis

item = server.item

ITEMS = [item(1, "2023-04-07"), item(2, "2023-05-05"), item(3, "2023-05-12")]
NOW = datetime(2023, 5, 20, 12, tzinfo=UTC)
DOORS = ("sparql", "api")


@pytest.fixture(params=DOORS)
def fetching(request, tmp_path):
    with_items = server.Fetching(request.param, tmp_path / "themis", ITEMS)
    with with_items.server:
        yield with_items


PASSING = [
    pytest.param(server.status(500), "status 500", id="500"),
    pytest.param(server.status(502), "status 502", id="502"),
    pytest.param(server.status(429), "status 429", id="429"),
    pytest.param(server.truncated, "geen geldige JSON", id="truncated"),
    pytest.param(server.cut, "brak het antwoord af", id="cut"),
    pytest.param(server.hangs_up, "brak het antwoord af", id="hangs-up"),
    pytest.param(server.partly, "maar een deel", id="partly"),
]


@pytest.mark.parametrize(("fault", "_said"), PASSING)
def test_what_passes_is_tried_again(fetching, fault, _said):
    fetching.server.plan.update({1: fault, 2: fault, 4: fault})
    fetching()
    assert fetching.titles() == ["Beslissing 1", "Beslissing 2", "Beslissing 3"]
    assert len(fetching.waits) == 3


@pytest.mark.parametrize(("fault", "said"), PASSING)
def test_what_does_not_pass_is_said_and_nothing_is_kept(fetching, fault, said):
    fetching.server.plan = server.Always(fault)
    with pytest.raises(NoSource, match=rf"127\.0\.0\.1.*{said}.*dezelfde opdracht gaat daar verder"):
        fetching()
    assert fetching.nothing_kept()
    assert len(fetching.server.requests) == 3


def test_waits_grow_and_are_drawn_at_random(fetching):
    fetching.server.plan = server.Always(server.status(503))
    with pytest.raises(NoSource):
        fetching(attempts=9, first_wait=1.0, longest_wait=20.0, deadline=3_600)
    bounds = [1, 2, 4, 8, 16, 20, 20, 20]
    assert len(fetching.waits) == len(bounds)
    assert all(0 <= wait <= bound for wait, bound in zip(fetching.waits, bounds, strict=True))
    assert len(set(fetching.waits)) == len(bounds)


def test_the_server_says_how_long_to_wait(fetching):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    fetching.server.plan.update(
        {1: server.status(429, Retry_After="17"), 2: server.status(503, Retry_After=soon)}
    )
    fetching()
    assert fetching.waits[0] == 17
    assert 20 < fetching.waits[1] <= 40


def test_a_wait_beyond_the_deadline_is_not_begun(fetching):
    fetching.server.plan = server.Always(server.status(429, Retry_After="86400"))
    with pytest.raises(NoSource, match="vraagt 86400 s te wachten"):
        fetching()
    assert (len(fetching.server.requests), fetching.waits) == (1, [])


@pytest.mark.parametrize("header", ["morgen", "-5", "", "9" * 5_000, "Fri, 99 Foo 2023"])
def test_a_wait_that_is_none_is_chosen_here(fetching, header):
    fetching.server.plan[1] = server.status(503, Retry_After=header)
    if header.startswith("9"):
        with pytest.raises(NoSource, match="te wachten"):
            fetching()
        return
    fetching()
    assert 0 <= fetching.waits[0] <= 2


@pytest.mark.parametrize("fault", [server.never_answers, server.drips])
def test_a_server_without_an_end_is_left(fetching, fault):
    fetching.server.plan = server.Always(fault)
    with pytest.raises(NoSource, match="geen volledig antwoord"):
        fetching(timeout=0.3, attempts=2)
    assert len(fetching.server.requests) == 2


@pytest.mark.parametrize("fault", [server.never_answers, server.drips])
def test_a_fetch_has_a_deadline(fetching, fault):
    fetching.server.plan = server.Always(fault, since=2)
    with pytest.raises(NoSource, match=r"niet klaar.*dezelfde opdracht gaat daar verder"):
        fetching(timeout=30, deadline=0.5)
    fetching.server.plan = {}
    fetching()
    assert fetching.titles() == ["Beslissing 1", "Beslissing 2", "Beslissing 3"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (server.floods(9), "meer dan 8388608 bytes"),
        (server.bomb, "gecomprimeerd"),
        (server.status(404), "status 404"),
        (server.status(403), "status 403"),
        (server.as_type("text/html"), "text/html in plaats van"),
        (server.as_type("tekst\x1b[31m/rood"), r"\\x1b"),
        (server.body(b"[" * 200_000), "te diep genest"),
    ],
)
def test_what_is_no_answer_is_not_tried_again(fetching, fault, said):
    fetching.server.plan[1] = fault
    with pytest.raises(NoSource, match=said):
        fetching()
    assert len(fetching.server.requests) == 1
    assert fetching.nothing_kept()


WRONG = [
    b"[]",
    b"null",
    b"42",
    b"{}",
    b'{"results": {"bindings": 3}, "data": "x", "count": 1}',
    b'{"results": {"bindings": [{"item": 1}]}, "data": [1], "count": 1}',
    b'{"results": {"bindings": [{"item": {"value": "urn:x"}}]}, "data": [{"attributes": {}}], "count": 1}',
    b'{"results": {"bindings": [{"item": {"value": 5}, "date": {"value": "x"}}]}, "data": [], "count": "1"}',
    b'{"results": {"bindings": [{"item": {"value": "http://a/b"}, "date": {"value": "vandaag"}}]},'
    b' "data": [{"attributes": {"meetingDate": "vandaag"}}], "count": 1}',
    b'{"results": {"bindings": [{"item": {"value": "http://a/b"}, "date": {"value": "1999-01-01T00:00:00Z"}}]},'
    b' "data": [{"attributes": {"meetingDate": "1999-01-01T00:00:00Z"}}], "count": 1}',
    b'{"results": {"bindings": [{"item": {"value": "http://a/> ?s ?p ?o } #"},'
    b' "date": {"value": "2023-04-07T09:00:00Z"}}]}, "data": {}, "count": 1}',
]


@pytest.mark.parametrize("data", WRONG)
def test_an_answer_of_another_shape_is_no_decision(fetching, data):
    fetching.server.plan = server.Always(server.body(data))
    with pytest.raises(SourceInvalid, match=r"kijk het (ingestelde )?adres na"):
        fetching()
    assert fetching.nothing_kept()


def test_code_points_that_are_no_text_reject_one_decision(open_door):
    bad = open_door("api", [item(1, "2023-04-07", title="half \ud800 teken"), item(2, "2023-05-05")])
    done = bad()
    assert [r.path for r in done.rejected] == [item(1)["attributes"]["uri"]]
    assert bad.titles() == ["Beslissing 2"]


def test_a_redirect_is_not_followed(fetching, open_door):
    elsewhere = open_door("api", ITEMS)
    to = f"{elsewhere.server.url}/gevonden"
    fetching.server.plan = server.Always(server.status(302, Location=to))
    with pytest.raises(NoSource, match=f"verwijst door naar {re.escape(to)}; dat wordt niet gevolgd"):
        fetching()
    assert (elsewhere.server.requests, len(fetching.server.requests)) == ([], 1)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://themis.vlaanderen.be/sparql", "niet beveiligd"),
        ("http://127.0.0.1.example.org/sparql", "niet beveiligd"),
        ("ftp://127.0.0.1/sparql", "niet beveiligd"),
        ("file:///etc/passwd", "geen bruikbaar adres"),
        ("https://gebruiker:geheim@themis.vlaanderen.be/sparql", "zonder gebruiker"),
        ("https://themis.vlaanderen.be/sparql?x=1", "zonder gebruiker, vraagteken"),
        ("https://[::1/sparql", "geen webadres"),
        ("", "geen bruikbaar adres"),
    ],
)
def test_only_a_secure_address_is_asked(open_door, door, url, said):
    made = open_door(door, [])
    with pytest.raises(SourceInvalid, match=said):
        fetch(
            Themis(door, url),
            date(2023, 4, 1),
            made.folder,
            now=NOW,
            courtesy=Courtesy(),
            report=lambda *_: None,
        )
    assert made.nothing_kept()


def test_nobody_at_the_address(fetching):
    url = fetching.server.url
    fetching.server.http.server_close()
    with pytest.raises(NoSource, match="is niet te bereiken"):
        fetching(url=url.replace(str(fetching.server.http.server_port), "1"))
