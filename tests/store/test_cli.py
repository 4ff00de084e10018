"""The command line as a person uses it: in processes of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wijzer(root: Path) -> Run:
    def run(*arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from api.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=300)
        assert done.returncode == status, done.stderr
        return done

    return run


def test_ask_prints_an_answer_with_references(wijzer: Run, sample_store: Path):
    printed = wijzer(
        "ask", "Waarom werd minder uitgegeven aan de transitiepremie?", "--store", sample_store
    ).stdout
    assert "[1]" in printed
    assert "Verwijzingen:" in printed


def test_ask_and_search_keep_the_contract(wijzer: Run, sample_store: Path):
    answer = json.loads(wijzer("ask", "Wat is de transitiepremie?", "--store", sample_store, "--json").stdout)
    assert set(answer) == {
        "id", "status", "question", "refusal", "answer", "notice", "claims", "citations", "passages", "corpus_version", "mode", "elapsed_ms",
    }  # fmt: skip
    assert set(answer["citations"][0]) == {
        "n", "document_id", "title", "kind", "uri", "date", "page", "section", "start", "end", "text",
    }  # fmt: skip
    assert set(answer["claims"][0]) == {"text", "citations", "figures", "key"}
    assert set(answer["passages"][0]) == {"document_id", "start", "end", "score"}
    found = json.loads(wijzer("search", "transitiepremie", "--store", sample_store, "--json", "-k", 3).stdout)
    assert set(found) == {"passages", "corpus_version"}
    assert set(found["passages"][0]) == {
        "id", "document_id", "title", "kind", "uri", "page", "section", "start", "end", "text", "score",
    }  # fmt: skip


def test_a_refusal_is_a_result(wijzer: Run, sample_store: Path):
    printed = wijzer("ask", "Wat was de BU 2022 van JB0-1JDB2CJ-WT?", "--store", sample_store).stdout
    assert "2021" in printed
    assert "Het dichtst in de buurt:" in printed


def test_a_batch_with_a_bad_line_ends_with_status_one(wijzer: Run, sample_store: Path, tmp_path: Path):
    questions, out = tmp_path / "in.jsonl", tmp_path / "uit.jsonl"
    questions.write_text('{"id": "a", "question": "Wat is de transitiepremie?"}\nonzin\n', encoding="utf-8")
    done = wijzer("ask", "--batch", questions, "--out", out, "--store", sample_store, status=1)
    assert "1 regels" in done.stderr
    results = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert results[0]["id"] == "a"
    assert results[0]["status"] == "answered"
    assert "error" in results[1]


def test_show_prints_outline_span_and_document(wijzer: Run, sample_store: Path):
    outline = wijzer("show", "bbt-wse-2021-samenvatting", "--outline", "--store", sample_store).stdout
    assert "TRANSITIEPREMIE" in outline.upper()
    span = json.loads(
        wijzer(
            "show", "bbt-wse-2021-samenvatting", "--start", 0, "--end", 10, "--store", sample_store, "--json"
        ).stdout
    )
    assert len(span["text"]) == 10
    assert wijzer("show", "weg", "--store", sample_store, status=1).stderr.startswith("Er is geen document")


def test_corpus_commands(wijzer: Run, sample_store: Path):
    status = json.loads(wijzer("corpus", "status", "--store", sample_store, "--json").stdout)
    assert [s["is_current"] for s in status] == [True]
    assert "is heel" in wijzer("corpus", "verify", "--store", sample_store).stdout
    assert (
        len(json.loads(wijzer("corpus", "list", "--store", sample_store, "--json").stdout)["documents"]) >= 45
    )


def test_wrong_usage_and_missing_things(wijzer: Run, tmp_path: Path):
    wijzer("ask", status=2)
    wijzer("ask", "--batch", tmp_path / "x.jsonl", status=2)
    wijzer("search", "x", "-k", 201, status=2)
    assert "bestaat niet" in wijzer("ingest", tmp_path / "weg", "--store", tmp_path / "s", status=1).stderr
    assert "wijzer ingest" in wijzer("ask", "x", "--store", tmp_path / "leeg", status=1).stderr


def test_a_question_needs_neither_torch_nor_sentence_transformers_nor_unstructured(
    root: Path, sample_store: Path
):
    code = (
        "import sys; from api.cli import app\n"
        f"try: app(['ask', 'Wat is de transitiepremie?', '--store', {str(sample_store)!r}])\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'sentence_transformers', 'unstructured'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, timeout=60)
    assert done.stderr.strip().endswith("[]")
