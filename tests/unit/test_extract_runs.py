"""Runs of sentences by themselves: how likely they are, and what beside them belongs to them."""

import math

import pytest

from answer.extract_runs import Run, grown, with_antecedent
from answer.quotes import Quote
from ingest.records import Metadata, Passage
from retrieval.records import Evidence


def group_of(*texts: str, kinds: str = "", apart: tuple[int, ...] = ()) -> tuple[Quote, ...]:
    """Pieces of one passage, all of one block; a new block begins at each number in `apart`, `l` in `kinds` is a list item."""
    whole = " ".join(texts)
    evidence = Evidence(
        Passage("nota", 0, len(whole), whole, ()), Metadata("nota", "pact", "Pact", "map"), 1.0
    )
    made, at, block = [], 0, 0
    for n, text in enumerate(texts):
        block += n in apart
        kind = "list_item" if kinds[n : n + 1] == "l" else "paragraph"
        made.append(Quote(evidence, at, at + len(text), text, kind, block))
        at += len(text) + 1
    return tuple(made)


FOUR = group_of(
    "De premie is 500 euro.", "Ze wordt in maart betaald.", "Dat is goed.", "Daarna volgt 300 euro."
)


def run(alone: tuple[float, ...], first: int, last: int, group: tuple[Quote, ...] = FOUR) -> Run:
    return Run(group, alone, first, last)


def test_the_odds_of_a_run_are_those_of_its_pieces_together():
    alone = (math.log(1), math.log(3), math.log(5), 0.0)
    assert run(alone, 0, 1).score == pytest.approx(math.log(4))
    assert run(alone, 2, 2).score == pytest.approx(math.log(5))


@pytest.mark.parametrize(
    ("alone", "first", "last", "expected"),
    [
        ((9.0, 8.0, 2.0, 2.0), 0, 0, (0, 1)),
        ((9.0, 2.0, 2.0, 2.0), 0, 0, (0, 0)),
        ((8.0, 9.0, 2.0, 2.0), 1, 1, (0, 1)),
        ((9.0, 2.0, 8.0, 2.0), 0, 0, (0, 2)),
        ((9.0, 2.0, 2.0, 8.0), 0, 0, (0, 0)),
    ],
    ids=["after", "nothing", "before", "over a weak one", "not over two"],
)
def test_what_is_nearly_as_likely_beside_a_run_belongs_to_it(
    alone: tuple[float, ...], first: int, last: int, expected: tuple[int, int]
):
    made = grown(run(alone, first, last), [])
    assert (made.first, made.last) == expected


def test_a_run_stops_where_another_one_tells_it():
    alone = (9.0, 8.0, 8.0, 8.0)
    assert grown(run(alone, 0, 0), [FOUR[1]]).last == 0
    assert grown(run(alone, 0, 0), [FOUR[2]]).last == 1


def test_a_run_stays_in_its_block_and_readable():
    other = group_of("Een kop met tekst.", "De premie is 500 euro.", kinds="pp", apart=(1,))
    assert grown(run((9.0, 9.0), 0, 0, other), []).last == 1, "the next paragraph reads on"
    item = group_of("Een punt van een lijst.", "De premie is 500 euro.", kinds="lp", apart=(1,))
    assert grown(run((9.0, 9.0), 0, 0, item), []).last == 0, "what follows a list does not"
    long = group_of("De premie is 500 euro.", "En verder " + "zo " * 400 + "voort.")
    assert grown(run((9.0, 9.0), 0, 0, long), []).last == 0


def test_the_key_of_a_run_is_the_piece_that_clearly_tells_it():
    assert run((2.0, 3.5, 1.0, 0.0), 0, 2).key == "Ze wordt in maart betaald."
    assert run((3.0, 3.5, 1.0, 0.0), 0, 2).key == ""
    assert run((2.0, 9.0, 1.0, 0.0), 1, 1).key == "", "one piece has nothing to stand out from"


def test_a_run_that_points_back_begins_with_what_it_points_at():
    texts = (
        "De uitgaven bedroegen 10.658 keuro.",
        "Daarmee bleef 2.171 keuro over.",
        "Daarnaast was er meer.",
    )
    group = group_of(*texts)
    assert with_antecedent(run((1.0, 9.0, 1.0), 1, 1, group), []).first == 0
    assert with_antecedent(run((9.0, 1.0, 1.0), 0, 0, group), []).first == 0
    assert with_antecedent(run((1.0, 1.0, 9.0), 2, 2, group), []).first == 2, "`Daarnaast` stands by itself"
    assert with_antecedent(run((1.0, 9.0, 1.0), 1, 1, group), [group[0]]).first == 1, "another run tells it"
    assert with_antecedent(run((1.0, 9.0, 1.0), 1, 1, group_of(*texts, apart=(1,))), []).first == 1
