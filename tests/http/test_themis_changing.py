"""What becomes of a fetch when the source changes under it, or says strange things."""

import json

import pytest
import themis_server as server

from ingest import NoSource

item = server.item

ITEMS = [item(1, "2023-04-07"), item(2, "2023-05-05"), item(3, "2023-05-12")]


MANY = [item(n, "2023-05-05") for n in range(1, 251)]  # three pages of the search API


def shifts(themis):
    """One decision is published at the front while another is withdrawn at the end: the count stays the same."""
    themis.items = [
        item(900, "2023-05-05", position=0),
        *[i for i in themis.items if i["id"] != MANY[-1]["id"]],
    ]


def shrinks(themis):
    themis.items = themis.items[1:]


@pytest.mark.parametrize("change", [shifts, shrinks])
def test_pages_that_change_meanwhile_are_read_again(open_door, change):
    fetching = open_door("api", MANY)
    fetching.server.plan[3] = server.first(change)  # April, the first page of May, and then
    fetching()
    expected = sorted(i["attributes"]["title"] for i in fetching.server.items)
    assert fetching.titles() == expected


def test_pages_that_never_hold_still_are_given_up(open_door):
    fetching = open_door("api", MANY)
    fetching.server.plan = server.Always(server.first(shrinks), since=2)
    with pytest.raises(NoSource, match=r"telkens iets anders voor 2023-0[45]"):
        fetching()
    assert fetching.nothing_kept()


def test_a_count_that_is_too_high_for_ever_is_believed_when_all_else_is_the_same(open_door):
    """With results from more than one index the API counts a decision more than once."""
    fetching = open_door("api", ITEMS)
    well = fetching.server.answer

    def counted(path, fields):
        media, data = well(path, fields)
        page = json.loads(data)
        return media, json.dumps(page | {"count": page["count"] * 2}).encode()

    fetching.server.answer = counted
    fetching()
    assert fetching.titles() == ["Beslissing 1", "Beslissing 2", "Beslissing 3"]


@pytest.mark.parametrize("gone", [0, 12, 24])
def test_a_listing_of_many_pages_goes_on_after_its_last_decision(open_door, monkeypatch, gone):
    """A decision that is withdrawn meanwhile shifts none of the others out of the listing."""
    monkeypatch.setattr("ingest.themis_sparql._LISTED", 7)
    monkeypatch.setattr("ingest.themis_sparql._ASKED", 4)
    items = [item(n, "2023-05-05") for n in range(1, 26)]
    fetching = open_door("sparql", items)
    uri = items[gone]["attributes"]["uri"]
    fetching.server.plan[4] = server.first(lambda themis: server.withdraw(themis.store, uri))
    fetching()
    assert fetching.titles() == sorted(f"Beslissing {n}" for n in range(1, 26) if n != gone + 1)


def test_a_decision_that_goes_between_listing_and_asking_is_withdrawn(open_door):
    fetching = open_door("sparql", ITEMS)
    gone = ITEMS[2]["attributes"]["uri"]
    fetching.server.plan[4] = server.first(lambda themis: server.withdraw(themis.store, gone))
    fetching()
    assert fetching.titles() == ["Beslissing 1", "Beslissing 2"]


def test_ministers_that_cannot_be_paired_keep_their_family_names(open_door):
    fields = {"mandateeFirstNames": "Jan", "mandateeFamilyNames": ["Jambon", "Peumans"]}
    fetching = open_door("api", [item(1, "2023-05-05", **fields)])
    done = fetching()
    assert json.loads(done.path.read_text(encoding="utf-8"))["ministers"] == ["Jambon", "Peumans"]


def test_numbers_that_are_none_are_left_out(open_door):
    fetching = open_door("sparql", [item(1, "2023-05-05", position="9" * 5_000)])
    done = fetching()
    assert json.loads(done.path.read_text(encoding="utf-8"))["position"] is None


def test_a_theme_without_a_label_at_the_source_is_named_by_the_code_list(open_door):
    done = open_door("sparql", [item(1, "2023-05-05")])()  # the store has no labels of themes
    (line,) = done.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["themes"] == [{"id": "610ed51e-6b20-4171-9a83-eedc6eabf7e6", "label": "Werk"}]


def test_what_a_document_says_is_data(open_door):
    """A title may hold a query, markup or a command: it is kept as it is, and asked of nobody."""
    title = '"> } ; DROP ALL # <script>fetch("http://elders.example")</script>'
    for door in ("sparql", "api"):
        fetching = open_door(door, [item(1, "2023-05-05", title=title)])
        fetching()
        assert fetching.titles() == [title]
