"""A copy of the project that never saw some of its written questions, to fit and to measure with.

    python -m evals.kept_out CORPUS OUT

The last third of the questions written for each place, which are those of who wrote last, are kept out of the copy's
question files and of its models, which are trained anew (ten minutes). `OUT/project` is that copy, `OUT/store` the
corpus ingested by it, `OUT/kept_out.jsonl` the questions with the places that answer them.
"""

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

FOLDERS = ("corpus", "ingest", "retrieval", "prompts", "answer", "api", "evals")
SHARE = 3  # one in so many
_ROOT = Path(__file__).resolve().parents[1]
_IGNORED = shutil.ignore_patterns("__pycache__")
_CLI = "from api.cli import main; main()"


def kept_out(lines: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of question files without the questions kept out, and those questions, each with its places.

    What several places answer together is kept out of all of them where it is kept out of one.
    """
    written = [line.get("questions", []) for line in lines]
    out = {text for texts in written for text in texts[len(texts) - len(texts) // SHARE :]}
    places: dict[str, list[dict[str, Any]]] = defaultdict(list)
    kept = []
    for line, texts in zip(lines, written, strict=True):
        for text in filter(out.__contains__, texts):
            places[text].append({name: line[name] for name in ("document_id", "start", "end")})
        kept.append({**line, "questions": [text for text in texts if text not in out]})
    return kept, [{"question": text, "places": found} for text, found in places.items()]


def main(corpus: Path, out: Path) -> None:
    """Maak een kopie van het project zonder een deel van zijn vragen, en die vragen."""
    project = out / "project"
    for folder in FOLDERS:
        shutil.copytree(_ROOT / folder, project / folder, ignore=_IGNORED)
    files = sorted((project / "ingest" / "questions").glob("*.jsonl"))
    read = [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files]
    kept, asked = kept_out([line for lines in read for line in lines])
    left = iter(kept)
    for file, lines in zip(files, read, strict=True):
        file.write_text("".join(_line(next(left)) for _ in lines), encoding="utf-8")
    (out / "kept_out.jsonl").write_text("".join(map(_line, asked)), encoding="utf-8")
    for name, options in (("model", ()), ("question_model", ("--comparing",))):
        _run(project, "ingest", corpus, "--store", out / "store")
        _run(project, "embed", "train", "--store", out / "store", "--out", out / name, *options)
        shutil.copytree(out / name, project / "ingest" / name, dirs_exist_ok=True)
    shutil.rmtree(out / "store")
    _run(project, "ingest", corpus, "--store", out / "store")


def _run(project: Path, *arguments: object) -> None:
    """A command of the copy. Raises: typer.Exit with its status when it fails."""
    told = [str(a.resolve() if isinstance(a, Path) else a) for a in arguments]
    done = subprocess.run([sys.executable, "-c", _CLI, *told], cwd=project, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise typer.Exit(done.returncode)


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    typer.run(main)
