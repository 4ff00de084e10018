"""All 3,101 decisions of the real corpus through both doors, whole and interrupted at ten places."""

import json
from datetime import UTC, date, datetime

import pytest
import themis_server as server

from ingest import NoSource
from ingest.parse.decisions import decisions
from ingest.themis import fetch
from ingest.themis_http import Courtesy
from ingest.themis_records import Themis

SINCE, NOW = date(2019, 10, 1), datetime(2024, 2, 1, tzinfo=UTC)


def silent(*_):
    pass


async def at_once(_seconds):
    """A wait that is over at once."""


def fetched(one, folder, report=silent):
    door = "sparql" if isinstance(one, server.Sparql) else "api"
    return fetch(
        Themis(door, one.url),
        SINCE,
        folder,
        now=NOW,
        courtesy=Courtesy(pause=0, attempts=2),
        report=report,
        sleep=at_once,
    )


@pytest.fixture(scope="module")
def raw(shared):
    with (shared / "corpus" / "themis" / "news_items_raw.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module", params=["sparql", "api"])
def published(request, shared, raw):
    if request.param == "api":
        one = server.SearchApi(raw)
    else:
        codelists = sorted((shared / "corpus" / "themis" / "codelists").glob("*.ttl"))
        one = server.Sparql(server.triples(raw, codelists=codelists))
    with one:
        yield one


@pytest.fixture(scope="module")
def whole(published, tmp_path_factory):
    """A fetch that nothing interrupted."""
    published.plan = {}
    return fetched(published, tmp_path_factory.mktemp("whole"))


def test_every_decision_is_the_one_of_the_corpus(whole, shared):
    def told(line):
        return {
            "uuid": line["uuid"],
            "date": line["date"],
            "title": " ".join(line["title"].split()),
            "official": " ".join((line["alternative_title"] or "").split()),
            "themes": {(theme["id"], theme["label"]) for theme in line["themes"]},
            "ministers": set(line["ministers"]),
            "agenda": (line["agendaitem_type"], line["meeting_id"], line["meeting_datetime"]),
        }

    def by_uri(path):
        with path.open(encoding="utf-8") as lines:
            return {line["uri"]: told(line) for line in map(json.loads, lines)}

    assert whole.rejected == ()
    assert by_uri(whole.path) == by_uri(shared / "corpus" / "themis" / "decisions.jsonl")
    assert whole.decisions == 3101


def test_every_decision_reads_as_the_published_one(whole, raw):
    def read(data):
        return {d.meta.uri: (d.text, d.meta.stage, d.meta.year) for d in decisions("themis", "themis", data)}

    assert read(whole.path.read_bytes()) == read(b"\n".join(json.dumps(one).encode() for one in raw))


def test_interrupted_at_ten_places_it_is_the_same(published, whole, tmp_path):
    kinds = [server.hangs_up, server.status(500), server.truncated, server.cut, server.status(429)]
    step, asked = whole.requests // 12, 0
    for place in range(10):
        published.requests.clear()
        published.plan = {}
        if place % 2:
            start = len(published.requests)

            def stop(_stage, _done, _total, start=start):
                if len(published.requests) - start > step:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                fetched(published, tmp_path, stop)
        else:
            published.plan = server.Always(kinds[place // 2], since=step)
            with pytest.raises(NoSource):
                fetched(published, tmp_path)
        asked += len(published.requests)
        assert not (tmp_path / "sources.toml").exists()
        journal = tmp_path / "onderbroken.jsonl"
        if place == 7:  # the power went while a line was written
            journal.write_bytes(journal.read_bytes()[:-1_000])
    published.plan = {}
    done = fetched(published, tmp_path)
    assert done.resumed
    assert done.requests < whole.requests / 2
    assert asked + done.requests < whole.requests * 1.6  # what was read is not read again
    assert done.path.read_bytes() == whole.path.read_bytes()
