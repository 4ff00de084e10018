"""What every command shares: the options that mean the same everywhere, and how one ends."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

Store = Annotated[
    Path | None, typer.Option("--store", help="Map met de publicaties (WIJZER_STORE, standaard var/store).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Eén JSON-document in plaats van tekst.")]


def as_one_line(document: Any) -> str:
    """A document as JSON on one line; dates and paths as text."""
    return json.dumps(document, ensure_ascii=False, default=str)


def write(text: str) -> None:
    """A result, to standard output."""
    sys.stdout.write(text + "\n")


def output(text: str, document: Any, as_json: bool) -> None:
    """A result in the form that was asked for."""
    write(as_one_line(document) if as_json else text)


def note(message: str) -> None:
    """What is no result, to standard error."""
    sys.stderr.write(message + "\n")


def stop(message: str, status: int = 1) -> NoReturn:
    """Say why there is no result, and end."""
    note(message)
    raise SystemExit(status)
