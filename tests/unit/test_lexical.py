"""The lexical index: what a search gives, with and without rows that are shut out."""

from pathlib import Path

import numpy as np
import pytest

from ingest.lexical import Lexical, LexicalRow, question_terms, write_lexical

ROWS = 400


@pytest.fixture
def lexical(tmp_path: Path) -> Lexical:
    """An index in which every row speaks of a premium, and the later ones more often."""
    rows = [LexicalRow(f"artikel {n}", "premie " * (1 + n % 7) + f"nummer {n}") for n in range(ROWS)]
    write_lexical(tmp_path / "lexical", rows)
    return Lexical(tmp_path / "lexical")


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.01])
def test_admitted_rows_come_as_they_would_among_all(lexical, share):
    terms = question_terms("premie nummer", "grams")
    admitted = np.random.default_rng(3).random(ROWS) < share
    admitted[ROWS - 1] = True
    every = lexical.search("grams", terms, ROWS)
    expected = [row for row, _ in every if admitted[row]]
    assert len(every) == ROWS
    assert [row for row, _ in lexical.search("grams", terms, 10, admitted)] == expected[:10]


def test_admitted_rows_at_the_end_of_the_ranking_are_found(lexical):
    terms = question_terms("premie", "stems")
    last = lexical.search("stems", terms, ROWS)[-3:]
    admitted = np.zeros(ROWS, dtype=bool)
    admitted[[row for row, _ in last]] = True
    assert lexical.search("stems", terms, 2, admitted) == last[:2]


def test_nothing_is_found_where_nothing_is_admitted_or_asked(lexical):
    terms = question_terms("premie", "stems")
    assert lexical.search("stems", terms, 5, np.zeros(ROWS, dtype=bool)) == []
    assert lexical.search("stems", [], 5) == []


def test_an_empty_index_gives_nothing(tmp_path):
    write_lexical(tmp_path / "empty", [])
    empty = Lexical(tmp_path / "empty")
    assert empty.search("stems", question_terms("premie", "stems"), 5, np.zeros(0, dtype=bool)) == []
