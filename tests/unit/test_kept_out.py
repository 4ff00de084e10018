"""Written questions that a copy of the project never saw: the last third of those of each place."""

from evals.kept_out import kept_out


def line(start: int, *questions: str, **more: object) -> dict[str, object]:
    return {
        "document_id": "nota",
        "start": start,
        "end": start + 9,
        "digest": "x",
        "questions": list(questions),
        **more,
    }


def test_the_last_third_of_each_place_is_kept_out():
    kept, asked = kept_out([line(0, "a", "b", "c", "d", "e", "f", "g", open=["z"]), line(20, "h", "i")])
    assert [place["questions"] for place in kept] == [["a", "b", "c", "d", "e"], ["h", "i"]]
    assert kept[0]["open"] == ["z"] and kept[0]["digest"] == "x"
    place = {"document_id": "nota", "start": 0, "end": 9}
    assert asked == [{"question": "f", "places": [place]}, {"question": "g", "places": [place]}]


def test_what_places_answer_together_is_kept_out_of_all_of_them():
    kept, asked = kept_out([line(0, "a", "b", "samen"), line(20, "samen", "c", "d", "e")])
    assert [place["questions"] for place in kept] == [["a", "b"], ["c", "d"]]
    assert [len(one["places"]) for one in asked if one["question"] == "samen"] == [2]


def test_a_place_that_only_leaves_open_stays():
    open_only = {"document_id": "nota", "start": 0, "end": 9, "digest": "x", "open": ["z"]}
    kept, asked = kept_out([open_only])
    assert kept == [open_only | {"questions": []}]
    assert asked == []
