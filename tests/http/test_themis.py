"""Decisions from both doors of Themis into a folder: what they hold, what changed, and how a fetch goes on."""

import json
from datetime import UTC, date, datetime

import pytest
import themis_server as server

from ingest import NoSource, SourceInvalid, StoreBusy
from ingest.files import lock
from ingest.parse.decisions import decisions
from ingest.sources import find_sources
from ingest.themis import fetch
from ingest.themis_http import Courtesy
from ingest.themis_records import Themis, Window, months

item = server.item

NOW = datetime(2023, 5, 20, 12, tzinfo=UTC)
WORK = "610ed51e-6b20-4171-9a83-eedc6eabf7e6"
CULTURE = "5ae2b345-3a34-422c-9ee5-a90927fd2158"


@pytest.fixture(params=["sparql", "api"])
def world(request, tmp_path):
    """A factory: `world(items, attachments)` opens one of the two doors; `fetch()` fetches through it."""
    opened = []

    class World:
        def __init__(self):
            self.folder, self.waits = tmp_path / "themis", []

        def __call__(self, items, attachments=None):
            labels = {WORK: "Werk", CULTURE: "Cultuur"}
            if request.param == "sparql":
                self.server = server.Sparql(server.triples(items, attachments, labels=labels))
            else:
                self.server = server.SearchApi(items, attachments)
            opened.append(self.server.__enter__())
            return self

        async def sleep(self, seconds):
            self.waits.append(seconds)

        def fetch(self, since="2023-01-01", *, now=NOW, pause=0, attachments=True, report=None, **options):
            courtesy = Courtesy(pause=pause, timeout=5, deadline=60, attempts=2)
            return fetch(
                Themis(request.param, self.server.url, attachments),
                date.fromisoformat(since),
                self.folder,
                now=now,
                courtesy=courtesy,
                report=report or (lambda *_: None),
                sleep=self.sleep,
                **options,
            )

        def lines(self):
            (path,) = self.folder.glob("decisions-*.jsonl")
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    yield World()
    for one in opened:
        one.__exit__()


def test_a_decision_comes_with_all_that_is_known_of_it(world):
    files = {item(1)["id"]: [("VR 2023 nota", "aa11", "nota.pdf")]}
    two = {
        "mandateeFirstNames": ["Ann", "Jo"],
        "mandateeFamilyNames": ["Peeters", "Maes"],
        "mandateeTitles": ["Vlaams minister van Werk", "Vlaams minister van Cultuur"],
        "themeId": [CULTURE, WORK],
    }
    world([item(1, **two), item(2, "2023-03-10")], files).fetch()
    found, other = world.lines()
    kind = found["attachments"][0].pop("kind")
    assert kind in {None, "Bijlage"}
    assert found == {
        "uri": item(1)["attributes"]["uri"],
        "uuid": item(1)["id"],
        "date": "2023-03-03",
        "meeting_datetime": "2023-03-03T09:00:00Z",
        "meeting_id": item(1)["attributes"]["meetingId"],
        "agendaitem_type": "Nota",
        "position": 1,
        "title": "Beslissing 1",
        "alternative_title": "Ontwerpbesluit van de Vlaamse Regering nummer 1",
        "htmlContent": "<p>De Vlaamse Regering keurt nummer 1 <strong>principieel</strong> goed.</p>",
        "text": None,
        "themes": [{"id": CULTURE, "label": "Cultuur"}, {"id": WORK, "label": "Werk"}],
        "ministers": ["Ann Peeters", "Jo Maes"],
        "minister_titles": ["Vlaams minister van Werk", "Vlaams minister van Cultuur"],
        "attachments": [
            {
                "title": "VR 2023 nota",
                "file": "nota.pdf",
                "format": "application/pdf",
                "size": 1234,
                "url": f"{world.server.url.removesuffix('/sparql')}/files/aa11/download",
            }
        ],
        "stage": "principieel",
    }
    assert (other["date"], other["attachments"]) == ("2023-03-10", [])


def test_ingest_takes_the_folder_over(world):
    world([item(1), item(2)]).fetch()
    (source,) = find_sources(world.folder).sources
    assert (source.meta.id, source.meta.kind, source.collection) == ("themis", "beslissing", True)
    found = list(decisions(str(source.path), "themis", source.read()))
    assert [d.meta.official_title for d in found] == [
        item(n)["attributes"]["alternativeTitle"] for n in (1, 2)
    ]


def test_the_day_is_that_of_the_meeting_in_brussels(world):
    night = "2023-03-30T22:30:00Z"  # half past midnight on the 31st
    world([item(1, night)]).fetch("2023-03-31")
    assert [line["date"] for line in world.lines()] == ["2023-03-31"]


def test_meetings_before_the_day_are_not_asked_for(world):
    world([item(1, "2023-03-02"), item(2, "2023-03-03")]).fetch("2023-03-03")
    assert [line["title"] for line in world.lines()] == ["Beslissing 2"]


def test_what_changed_and_what_was_withdrawn_is_taken_over(world):
    world([item(1), item(2), item(3), item(4, "2022-11-11")]).fetch("2022-01-01")
    world([item(1), item(2, title="Anders"), item(5)])
    done = world.fetch("2023-01-01")
    assert (done.new, done.changed, done.kept, done.decisions) == (1, 1, 2, 4)
    assert done.withdrawn == (item(3)["attributes"]["uri"],)
    # What lies before the period stays as it was: the source was not asked after it.
    assert [line["title"] for line in world.lines()] == [
        "Beslissing 4",
        "Beslissing 1",
        "Anders",
        "Beslissing 5",
    ]


def test_a_decision_that_moved_to_another_day_is_changed_not_withdrawn(world):
    world([item(1), item(2)]).fetch()
    world([item(1, "2023-04-07"), item(2)])
    done = world.fetch()
    assert (done.new, done.changed, done.withdrawn) == (0, 1, ())


def test_a_source_that_says_the_same_in_another_order_changes_nothing(world):
    pair = {
        "mandateeFirstNames": ["Ann", "Jo"],
        "mandateeFamilyNames": ["Peeters", "Maes"],
        "mandateeTitles": ["Vlaams minister van Werk", "Vlaams minister van Cultuur"],
    }
    turned = {name: value[::-1] for name, value in pair.items()}
    before = world([item(1, **pair, themeId=[WORK, CULTURE]), item(2)]).fetch()
    data = before.path.read_bytes()
    world([item(2), item(1, **turned, themeId=[CULTURE, WORK])])
    after = world.fetch()
    assert (after.changed, after.new, after.path.read_bytes()) == (0, 0, data)


def test_attachments_stay_when_they_are_not_asked_for(world):
    files = {item(1)["id"]: [("Nota", "aa11", "nota.pdf")]}
    world([item(1)], files).fetch()
    done = world.fetch(attachments=False)
    assert (done.changed, world.lines()[0]["attachments"][0]["file"]) == (0, "nota.pdf")


def test_a_listing_that_lacks_much_is_not_believed(world):
    world([item(n) for n in range(1, 41)]).fetch()
    world([item(n) for n in range(1, 26)])
    with pytest.raises(NoSource, match=r"15 beslissingen niet meer.*--accept-withdrawn"):
        world.fetch()
    assert len(world.lines()) == 40
    assert len(world.fetch(accept_withdrawn=True).withdrawn) == 15
    assert len(world.lines()) == 25


def test_an_empty_source_is_no_corpus(world):
    world([])
    with pytest.raises(NoSource, match="geen beslissingen sinds 2023-01-01"):
        world.fetch()
    assert not (world.folder / "sources.toml").exists()


def test_an_unreadable_decision_is_told_and_does_not_withdraw_the_one_that_is_held(world):
    bad = {"title": "", "htmlContent": "", "alternativeTitle": ""}
    world([item(1), item(2)]).fetch()
    world([item(1, **bad), item(2), item(3, uri="http://elders.example/id/nieuwsbericht/3")])
    done = world.fetch()
    assert [r.reason for r in done.rejected] == ["invalid_item", "invalid_item"]
    assert (done.withdrawn, done.new) == ((), 0)
    assert [line["title"] for line in world.lines()] == ["Beslissing 1", "Beslissing 2"]


def test_a_decision_of_two_agenda_items_is_one(world):
    world([item(1, position=[4, 5]), item(2)]).fetch()
    assert [(line["position"], line["title"]) for line in world.lines()] == [
        (4, "Beslissing 1"),
        (2, "Beslissing 2"),
    ]


def test_an_interrupted_fetch_goes_on_where_it_was(world):
    items = [item(n, f"2023-0{n}-14") for n in range(1, 6)]
    whole = world(items).fetch().path.read_bytes()
    (world.folder / "sources.toml").unlink()
    world.server.requests.clear()

    def stop(_stage, done, _total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.fetch(report=stop)
    asked = len(world.server.requests)
    done = world.fetch()
    assert done.resumed
    assert (asked + done.requests, done.path.read_bytes()) == (len(world.server.requests), whole)
    assert asked > done.requests > 0  # two of the five months were left
    assert not world.fetch().resumed  # a fetch that ended leaves nothing to go on from


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-7], id="cut"),
        pytest.param(lambda data: data + b'{"window": "2023', id="torn"),
        pytest.param(lambda data: data + b"\x00" * 40, id="zeroes"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"{}\n" + data, id="other"),
    ],
)
def test_a_damaged_journal_goes_on_from_what_holds(world, damage):
    def stop_at(month):
        def stop(_stage, done, _total):
            if done == month:
                raise KeyboardInterrupt

        return stop

    with pytest.raises(KeyboardInterrupt):
        world([item(n, f"2023-0{n}-14") for n in range(1, 6)]).fetch(report=stop_at(3))
    journal = world.folder / "onderbroken.jsonl"
    journal.write_bytes(damage(journal.read_bytes()))
    with pytest.raises(KeyboardInterrupt):
        world.fetch(report=stop_at(4))
    done = world.fetch()
    assert (done.new, done.requests) == (5, 2)  # the last month alone: its listing and what belongs to it


@pytest.mark.parametrize(
    ("change", "goes_on"),
    [
        ({}, True),
        ({"restart": True}, False),
        ({"since": "2023-02-01"}, False),
        ({"attachments": False}, False),
        ({"now": datetime(2023, 5, 21, 13, tzinfo=UTC)}, False),
    ],
)
def test_only_a_fresh_fetch_of_the_same_goes_on(world, change, goes_on):
    def stop(_stage, done, _total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world([item(n, f"2023-0{n}-14") for n in range(1, 6)]).fetch(report=stop)
    assert world.fetch(**change).resumed is goes_on


def test_the_source_is_asked_politely(world):
    world([item(1)]).fetch(pause=7)
    assert len(world.waits) == len(world.server.requests) - 1
    assert all(6 < wait <= 7 for wait in world.waits)
    for headers in world.server.headers:
        assert headers["User-Agent"].startswith("beleidswijzer/")
        assert headers["Accept-Encoding"] == "identity"


def test_a_folder_of_another_is_left_alone(world):
    world.folder.mkdir()
    manifest = world.folder / "sources.toml"
    manifest.write_text('[[document]]\nid = "nota"\npath = "nota.txt"\ntitle = "Nota"\n')
    with pytest.raises(SourceInvalid, match=r"andere bronnen.*--out"):
        world([item(1)]).fetch()
    assert world.server.requests == []
    assert "nota.txt" in manifest.read_text()


def test_decisions_that_were_edited_are_not_overwritten(world):
    done = world([item(1)]).fetch()
    done.path.write_bytes(done.path.read_bytes().replace(b"Beslissing", b"Vervalsing"))
    with pytest.raises(SourceInvalid, match="gewijzigd sinds"):
        world.fetch()


def test_two_fetches_do_not_meet(world):
    with lock(world.folder), pytest.raises(StoreBusy):
        import contextvars

        contextvars.Context().run(world([item(1)]).fetch)


def test_a_day_to_come_is_wrong_usage(world):
    with pytest.raises(SourceInvalid, match="in de toekomst"):
        world([item(1)]).fetch("2024-01-01")


def test_nothing_is_asked_of_before_the_first_publication(world):
    totals = []

    def stop(_stage, _done, total):
        totals.append(total)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world([item(1)]).fetch("0001-01-01", report=stop)
    assert totals == [203]  # July 2006 to May 2023


def test_months_begin_at_midnight_in_brussels():
    assert months(date(2022, 9, 5), date(2022, 11, 3)) == [
        Window(datetime(2022, 9, 4, 22, tzinfo=UTC), datetime(2022, 9, 30, 22, tzinfo=UTC)),
        Window(datetime(2022, 9, 30, 22, tzinfo=UTC), datetime(2022, 10, 31, 23, tzinfo=UTC)),
        Window(datetime(2022, 10, 31, 23, tzinfo=UTC), datetime(2022, 11, 2, 23, tzinfo=UTC)),
    ]
