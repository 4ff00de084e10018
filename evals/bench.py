"""Measures ingest and a cold question, then LangChain beside ours, growth and load: `python -m evals.bench [CORPUS]`.

Prints seconds, the memory of the largest process, and ratios. Times are of this machine; compare ratios.
`--size 1000000` lets the corpus grow that far, which takes an hour or more.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.bench_growth import SIZES

QUESTION = "Waarom werd minder uitgegeven dan begroot?"
ROUNDS = 5


def main(
    corpus: Annotated[Path | None, typer.Argument(help="Map of manifest.")] = None,
    sizes: Annotated[list[int] | None, typer.Option("--size", help="Passages om tot te groeien.")] = None,
) -> None:
    """Bench the corpus that is named, `../shared/corpus` when it is there, else the bundled one."""
    default = Path("../shared/corpus") if Path("../shared/corpus/sources.toml").is_file() else Path("corpus")
    with tempfile.TemporaryDirectory() as work:
        store = Path(work) / "store"
        _ingest(corpus or default, Path(work))
        _question(store)
        _module("evals.bench_langchain", "--store", store)
        _module("evals.bench_growth", *map(str, sizes or SIZES), "--store", store)
        _module("evals.bench_load", "--store", store)


def _ingest(corpus: Path, work: Path) -> None:
    _say(f"## Ingest van {corpus}\n\n| | s | grootste proces (MB) |\n|---|---|---|")
    copy, store = work / "corpus", work / "store"
    shutil.copytree(corpus, copy)
    cold = _row("koud", _wijzer("ingest", copy, "--store", store))
    again = _row("opnieuw, niets gewijzigd", _wijzer("ingest", copy, "--store", store))
    changed = _change_one(copy)
    one = _row(f"één document gewijzigd ({changed})", _wijzer("ingest", copy, "--store", store))
    _say(f"\nVerhouding tot koud: niets gewijzigd {again / cold:.2f}, één document {one / cold:.2f}.\n")
    _say(_output(_wijzer("corpus", "status", "--store", store)))


def _change_one(corpus: Path) -> str:
    """Add a paragraph to the first text document, and take its expected hash out of the manifest."""
    manifest = corpus / "sources.toml"
    entries = tomllib.loads(manifest.read_text(encoding="utf-8"))["document"]
    entry = next(e for e in entries if Path(e["path"]).suffix in {".txt", ".md"})
    with (corpus / entry["path"]).open("a", encoding="utf-8") as file:
        file.write("\n\nDeze alinea is toegevoegd door de meting.\n")
    if "sha256" in entry:
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace(f'sha256 = "{entry["sha256"]}"\n', ""),
            encoding="utf-8",
        )
    return str(entry["id"])


def _question(store: Path) -> None:
    _say(
        f"\n## Een vraag in een nieuw proces, mediaan van {ROUNDS}\n\n| | s | grootste proces (MB) |\n|---|---|---|"
    )
    ask = _median(_wijzer("ask", QUESTION, "--store", store))
    imports = _median((sys.executable, "-c", "import chromadb, sentence_transformers"))
    _say(f"| `wijzer ask` | {ask[0]:.2f} | {ask[1]:.0f} |")
    _say(f"| `import chromadb, sentence_transformers` | {imports[0]:.2f} | {imports[1]:.0f} |")
    _say(f"\nVerhouding: {ask[0] / imports[0]:.2f}.")


def _row(name: str, command: Sequence[str]) -> float:
    seconds, memory = _measure(command)
    _say(f"| {name} | {seconds:.1f} | {memory:.0f} |")
    return seconds


def _median(command: Sequence[str]) -> tuple[float, float]:
    runs = sorted(_measure(command) for _ in range(ROUNDS))
    return runs[ROUNDS // 2]


def _measure(command: Sequence[str]) -> tuple[float, float]:
    """Seconds of wall time and MB of the largest process of one command, its children included."""
    wrapper = (
        "import resource, subprocess, sys; "
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    started = time.perf_counter()
    memory = _output((sys.executable, "-c", wrapper, *command))
    return time.perf_counter() - started, int(memory) / 1024


def _output(command: Sequence[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()  # noqa: S603


def _wijzer(*arguments: str | Path) -> tuple[str, ...]:
    return (sys.executable, "-c", "from api.cli import main; main()", *map(str, arguments))


def _module(*command: str | Path) -> None:
    """Another benchmark, which prints its own table, or one line that says what it lacks."""
    sys.stdout.flush()
    subprocess.run((sys.executable, "-m", *map(str, command)), check=False)  # noqa: S603


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    typer.run(main)
