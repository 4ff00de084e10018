import json
from pathlib import Path

import pytest

from api.commands.batch import BatchQuestion, run_batch
from retrieval.records import Filters, Turn


def run(tmp_path: Path, *lines: str) -> tuple[int, list[dict], list[BatchQuestion]]:
    asked: list[BatchQuestion] = []

    def answer(question: BatchQuestion) -> dict:
        asked.append(question)
        return {"answer": question.question.upper()}

    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    bad = run_batch(source, out, answer, lambda *_: None)
    return bad, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], asked


def test_answers_come_in_input_order_and_only_four_fields_are_read(tmp_path: Path):
    bad, results, asked = run(
        tmp_path,
        '{"id": "b", "question": "twee", "answer": "verraden", "evidence": [1]}',
        "",
        '{"id": "a", "question": "één", "history": [{"role": "user", "content": "eerder"}], "filters": {"year": [2021]}}',
    )
    assert bad == 0
    assert results == [{"id": "b", "answer": "TWEE"}, {"id": "a", "answer": "ÉÉN"}]
    assert asked[1] == BatchQuestion("a", "één", (Turn("user", "eerder"),), Filters(year=(2021,)))


@pytest.mark.parametrize(
    ("line", "name", "word"),
    [
        ("onzin", None, "geen JSON"),
        ("[1]", None, "object"),
        ('{"question": "x"}', None, "id"),
        ('{"id": "x", "question": " "}', "x", "leeg"),
        ('{"id": "x", "question": "' + "a" * 20_001 + '"}', "x", "20001"),
        ('{"id": "x", "question": "q", "history": "x"}', "x", "history"),
        ('{"id": "x", "question": "q", "filters": {"year": ["2021"]}}', "x", "year"),
        ("[" * 100_000, None, "geen JSON"),
    ],
)
def test_a_bad_line_gives_its_error_and_the_rest_goes_on(
    tmp_path: Path, line: str, name: str | None, word: str
):
    bad, results, _ = run(tmp_path, line, '{"id": "goed", "question": "q"}')
    assert bad == 1
    assert results[0]["id"] == name
    assert word in results[0]["error"]
    assert results[1] == {"id": "goed", "answer": "Q"}


def test_a_doubled_id_is_an_error(tmp_path: Path):
    bad, results, _ = run(tmp_path, '{"id": "x", "question": "q"}', '{"id": "x", "question": "r"}')
    assert bad == 1
    assert "komt al eerder voor" in results[1]["error"]
