"""Gold files: what is read, what is refused, and what becomes of their places when a text changes."""

import json
from dataclasses import dataclass, replace

import pytest

from evals import GoldInvalid
from evals.anchors import anchor_of, check_of, located, quoted
from evals.convert import convert, split_of
from evals.gold import parsed, read_gold, resolved
from evals.lint import fix, lint
from ingest.records import Block, Document, Metadata

TEXT = "Titel\n\nDe premie  bedraagt\n512 euro per maand. Ze loopt twaalf maanden.\n\nSlot van de nota."
SENTENCE = (7, 46)


@dataclass
class Shelf:
    """Documents by id, as a corpus gives them."""

    texts: dict[str, str]

    def document(self, document_id):
        text = self.texts.get(document_id)
        if text is None:
            return None
        blocks = (
            Block(0, 5, "heading", level=1),
            Block(7, len(text), "paragraph", section=(text[:5],)),
        )
        return Document(Metadata(document_id, "memo", "Titel", "map"), "0" * 64, text, blocks)


@pytest.fixture
def shelf():
    return Shelf({"nota": TEXT})


@pytest.fixture
def piece():
    return {
        "doc": "nota",
        "start": SENTENCE[0],
        "end": SENTENCE[1],
        "anchor": anchor_of(TEXT, SENTENCE),
        "check": check_of(TEXT, SENTENCE),
    }


@pytest.fixture
def item(piece):
    return {
        "id": "q-1",
        "type": "instrument",
        "question": "Hoe hoog is de premie?",
        "answerable": True,
        "evidence": [piece],
        "answer_facts": ["512"],
        "split": "tune",
    }


@pytest.fixture
def gold_file(tmp_path):
    def written(*items):
        path = tmp_path / "goud.jsonl"
        path.write_text("".join(f"{json.dumps(i)}\n" for i in items), encoding="utf-8")
        return path

    return written


def test_a_line_gives_its_question(item):
    question = parsed(
        json.dumps(item | {"history": [{"role": "user", "content": "Dag"}], "twin": item["evidence"][0]})
    )
    assert question.evidence[0].span == SENTENCE
    assert question.evidence[0].anchor == "De premie bedraagt 512 euro per"
    assert question.history[0].content == "Dag"
    assert len(question.twin) == 1
    assert question.split == "tune"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "id ontbreekt"),
        ({"question": 3}, "question ontbreekt"),
        ({"answerable": "ja"}, "answerable ontbreekt"),
        ({"split": "train"}, "verwacht wordt tune of report"),
        ({"evidence": []}, "evidence ontbreekt"),
        ({"evidence": [{"start": 1, "end": 2}]}, "evidence[0] heeft geen doc"),
        ({"evidence": [{"doc": "nota", "start": 9, "end": 9, "anchor": "x"}]}, "0 <= start < end"),
        ({"evidence": [{"doc": "nota", "start": 1, "end": 9}]}, "geen anchor"),
        ({"answer_facts": "512"}, "answer_facts is geen lijst"),
        ({"history": [{"role": "user"}]}, "history is geen lijst"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_place(item, gold_file, change, said):
    path = gold_file(item, item | {"id": "q-2"} | change)
    with pytest.raises(GoldInvalid) as raised:
        read_gold([path])
    assert f"{path}, regel 2" in str(raised.value)
    assert said in str(raised.value)


def test_a_doubled_id_a_missing_file_and_a_broken_line_are_refused(item, gold_file, tmp_path):
    with pytest.raises(GoldInvalid, match="komt al eerder voor"):
        read_gold([gold_file(item, item)])
    with pytest.raises(GoldInvalid, match="bestaat niet"):
        read_gold([tmp_path / "weg.jsonl"])
    broken = tmp_path / "stuk.jsonl"
    broken.write_text('{"id":', encoding="utf-8")
    with pytest.raises(GoldInvalid, match="regel 1: geen JSON"):
        read_gold([broken])


def test_one_split_can_be_read(item, gold_file):
    path = gold_file(item, item | {"id": "q-2", "split": "report"})
    assert [q.id for q in read_gold([path], "report")] == ["q-2"]


def test_a_place_gets_its_words_from_the_snapshot(item, shelf):
    question = resolved(parsed(json.dumps(item)), shelf)
    assert question.evidence[0].quote == TEXT[slice(*SENTENCE)]


def test_a_quote_gets_its_offsets_from_the_snapshot(item, shelf):
    quote = {"doc": "nota", "quote": "De premie bedraagt 512 euro per maand."}
    question = resolved(parsed(json.dumps(item | {"evidence": [quote]})), shelf)
    assert question.evidence[0].span == SENTENCE


def test_a_place_that_vanished_matches_nothing(item):
    question = resolved(parsed(json.dumps(item)), Shelf({}))
    assert question.evidence[0].quote == ""
    assert question.evidence[0].span is None


def test_an_anchor_is_proven_moved_changed_or_gone():
    anchor, check = anchor_of(TEXT, SENTENCE), check_of(TEXT, SENTENCE)
    assert located(TEXT, SENTENCE, anchor, check).status == "ok"
    moved = located(f"Vooraf.\n{TEXT}", SENTENCE, anchor, check)
    assert (moved.status, moved.span) == ("moved", (SENTENCE[0] + 8, SENTENCE[1] + 8))
    changed = located(TEXT.replace("maand.", "week!!"), SENTENCE, anchor, check)
    assert (changed.status, changed.span) == ("changed", SENTENCE)
    assert located(TEXT.replace("512", "513"), SENTENCE, anchor, check).status == "vanished"


def test_without_a_check_the_nearest_anchor_counts():
    twice = f"{TEXT}\n{TEXT}"
    second = len(TEXT) + 1 + SENTENCE[0]
    place = located(twice, (second + 3, second + 3 + 39), anchor_of(TEXT, SENTENCE))
    assert (place.status, place.span) == ("moved", (second, second + 39))


def test_a_check_tells_two_places_with_one_anchor_apart():
    text = "Het krediet van dit artikel voor het jaar bedraagt 1.\nHet krediet van dit artikel voor het jaar bedraagt 2.\n"
    first, second = (0, 53), (54, 107)
    assert anchor_of(text, first) == anchor_of(text, second)
    assert located(f"-{text}", second, anchor_of(text, second), check_of(text, second)).span == (55, 108)


def test_a_quote_is_found_across_whitespace_hyphens_and_marks():
    text = "De **competentie-\nmismatch** en de her\u0002scholing’s rol"
    assert [text[slice(*span)] for span in quoted(text, "competentiemismatch en de herscholing's")] == [
        "competentie-\nmismatch** en de her\u0002scholing’s"
    ]
    assert quoted(text, "werkgelegenheid") == []
    assert quoted("a b a", "a") == [(0, 1), (4, 5)]
    assert quoted("a", " ") == []


def test_the_dash_of_a_quoted_list_item_belongs_to_its_place():
    text = "Het gaat om:\n-  de eerste maatregel\n- de tweede"
    assert [text[slice(*span)] for span in quoted(text, "- de eerste maatregel")] == [
        "-  de eerste maatregel"
    ]
    assert [text[slice(*span)] for span in quoted(text, "de eerste maatregel")] == ["de eerste maatregel"]
    assert [text[slice(*span)] for span in quoted(text, "de eerste maatregel -")] == [
        "de eerste maatregel\n-"
    ]
    assert [text[slice(*span)] for span in quoted(text, "- Het gaat om:")] == ["Het gaat om:"]


def test_lint_says_what_became_of_each_place_and_fix_mends_what_moved(item, piece, gold_file):
    gone = piece | {"anchor": "Nooit gezegd"}
    path = gold_file(item | {"alt_evidence": [gone], "extra": "blijft"})
    shelf = Shelf({"nota": f"Vooraf. {TEXT}"})
    found = lint(read_gold([path]), shelf)
    assert [(one.field, one.status) for one in found] == [("evidence", "moved"), ("alt_evidence", "vanished")]
    assert found[0].span == (SENTENCE[0] + 8, SENTENCE[1] + 8)
    assert fix(path, shelf) == 1
    assert [one.status for one in lint(read_gold([path]), shelf)] == ["ok", "vanished"]
    assert json.loads(path.read_text(encoding="utf-8"))["extra"] == "blijft"
    assert fix(path, shelf) == 0


def test_a_lost_document_loses_its_places(item):
    assert [one.status for one in lint([parsed(json.dumps(item))], Shelf({}))] == ["vanished"]


def test_convert_points_where_it_quoted(item, gold_file, shelf):
    quote = {
        "doc": "nota",
        "quote": "De premie bedraagt 512 euro per maand.",
        "line_start": 3,
        "decisions": ["d"],
    }
    path = gold_file(item | {"evidence": [quote], "split": None, "doc": "nota", "own": 1})
    done = convert([path], shelf)
    written = json.loads(done.lines[0])
    assert written["evidence"] == [
        {
            "doc": "nota",
            "start": SENTENCE[0],
            "end": SENTENCE[1],
            "anchor": "De premie bedraagt 512 euro per",
            "check": check_of(TEXT, SENTENCE),
            "decisions": ["d"],
        }
    ]
    assert written["split"] in ("tune", "report")
    assert (written["own"], written["id"]) == (1, "q-1")
    assert convert([path], shelf) == done


def test_convert_reports_what_it_did_not_find_or_found_twice(item, gold_file):
    shelf = Shelf({"nota": f"{TEXT}\n{TEXT}"})
    lost = item | {"id": "q-2", "evidence": [{"doc": "nota", "quote": "De premie vervalt."}]}
    twice = item | {"evidence": [{"doc": "nota", "quote": "Slot van de nota."}]}
    done = convert([gold_file(twice, lost)], shelf)
    assert [d.id for d in done.unfound] == ["q-2"]
    assert [(d.id, d.places) for d in done.ambiguous] == [("q-1", 2)]
    assert [json.loads(line)["id"] for line in done.lines] == ["q-1"]


def test_a_line_number_chooses_among_two_places(item, gold_file):
    shelf = Shelf({"nota": f"{TEXT}\n{TEXT}"})
    quote = {"doc": "nota", "quote": "Slot van de nota.", "line_start": 12}
    done = convert([gold_file(item | {"evidence": [quote]})], shelf)
    assert json.loads(done.lines[0])["evidence"][0]["start"] > len(TEXT)
    assert done.ambiguous == ()


def test_questions_on_one_section_share_a_split_and_two_in_five_are_for_tuning(item, shelf):
    places = [{"doc": "nota", "start": start, "end": start + 3} for start in (8, 20, 60)]
    assert (
        len({split_of(item | {"evidence": [place], "question": str(place)}, shelf) for place in places}) == 1
    )
    loose = [split_of({"question": f"Vraag {n}?"}, shelf) for n in range(2000)]
    assert 0.36 < loose.count("tune") / len(loose) < 0.44


def test_a_question_keeps_its_pieces_apart(item):
    question = parsed(json.dumps(item))
    assert len(list(replace(question, corrects=question.evidence).pieces())) == 2
