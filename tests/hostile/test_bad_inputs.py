"""Every hostile file is refused for the right reason, or read without harm; nothing is opened, fetched or broken."""

import importlib.util
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.gate import LARGEST, admit, shown
from ingest.parse import parse
from ingest.records import Parsed, Rejected

_spec = importlib.util.spec_from_file_location("hostile_make", Path(__file__).with_name("make.py"))
assert _spec and _spec.loader
make = importlib.util.module_from_spec(_spec)
sys.modules["hostile_make"] = make
_spec.loader.exec_module(make)

CASES = list(make.cases())
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: refuse(None, a))  # type: ignore[arg-type]
    yield tried
    assert tried == []


def read(path: str, data: bytes) -> Parsed | Rejected:
    media_type = admit(path, data)
    return media_type if isinstance(media_type, Rejected) else parse(path, media_type, data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_every_bad_file_is_refused_for_its_reason(case: "make.Case") -> None:
    outcome = read(case.path, case.make())
    found = outcome.reason if isinstance(outcome, Rejected) else ""
    assert found in case.reasons, outcome
    if isinstance(outcome, Rejected):
        assert outcome.path == case.path
        assert outcome.message.startswith(case.path)
        assert outcome.message.endswith(".") and len(outcome.message) < 500
        assert "\n" not in outcome.message
    else:
        assert make.CANARY not in outcome.text


def test_there_are_as_many_cases_as_were_written() -> None:
    assert len(CASES) == 117
    assert len({case.path for case in CASES}) == len(CASES)


def test_the_files_that_the_cases_are_made_from_are_read() -> None:
    """What makes a case bad is what was done to it, not the file below it."""
    for path, data in (("goed.pdf", make.pdf()), ("goed.docx", make.docx())):
        outcome = read(path, data)
        assert isinstance(outcome, Parsed), outcome
        assert "1.258 keuro" in outcome.text


def test_a_message_says_what_was_found() -> None:
    assert "0 bytes" in read("a.pdf", b"").message
    assert "%%EOF" in read("a.pdf", make.cut(make.pdf(), 0.5)).message
    assert "ZIP" in read("a.pdf", make.docx()).message
    assert "regel 3" in read("a.txt", b"een\ntwee\ndr\xe9\n").message
    assert f"hoogstens {LARGEST}" in read("a.txt", b"a" * (LARGEST + 1)).message
    assert (
        "Excel" in read("a.docx", make._zip({"[Content_Types].xml": make._types("spreadsheetml.x")})).message
    )
    assert "DOCTYPE" in read("a.docx", make._with_document(b"<!DOCTYPE a><a/>")).message


@pytest.mark.parametrize(
    "path",
    [
        "map/a\nb.pdf",
        "\x1b[31mrood.pdf",
        "../../etc/passwd.pdf",
        "CON.pdf",
        "é.pdf",
        "e\u0301.pdf",
        "a" * 300 + ".pdf",
        "\udcff.pdf",
    ],
)
def test_a_file_name_is_harmless_in_a_message(path: str) -> None:
    outcome = admit(path, b"")
    assert isinstance(outcome, Rejected)
    assert outcome.path == path
    assert outcome.message.isprintable()
    outcome.message.encode()
    assert len(shown(path)) <= 120


def test_external_relations_are_not_followed(no_network: list[object]) -> None:
    outcome = read("extern.docx", make.external_docx())
    assert isinstance(outcome, Parsed), outcome
    assert outcome.text == "De uitvoering bedraagt 1.258 keuro."


def test_external_parts_of_a_page_are_not_followed(no_network: list[object]) -> None:
    page = (
        b'<html><head><link rel="stylesheet" href="http://127.0.0.1:9/a.css"><style>@import "http://127.0.0.1:9/b.css";</style>'
        b'<base href="http://127.0.0.1:9/"></head><body><p>Zichtbaar</p><img src="http://127.0.0.1:9/c.png" alt="alt">'
        b'<iframe src="file:///etc/hostname"></iframe><script src="http://127.0.0.1:9/d.js"></script>'
        b'<object data="file:///etc/hostname"></object><xi:include href="file:///etc/hostname"/></body></html>'
    )
    outcome = read("extern.html", page)
    assert isinstance(outcome, Parsed)
    assert outcome.text == "Zichtbaar"


def test_bombs_take_little_memory() -> None:
    """The heaviest files, in a process of their own whose peak is measured."""
    heavy = [
        c.path for c in CASES if c.path.startswith(("bom-", "stroom", "tienduizend", "liegt", "lachers"))
    ]
    assert len(heavy) == 12
    script = f"""
import resource, sys, json
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "hostile")!r}]
import make
from ingest.gate import admit
from ingest.parse.pdf import parse_pdf
files = [(c.path, c.make()) for c in make.cases() if c.path in {heavy!r}]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
outcomes = [parse_pdf(p, d) if admit(p, d) == "application/pdf" else admit(p, d) for p, d in files]
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([len(outcomes), all(hasattr(o, "reason") for o in outcomes), (after - before) // 1024]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    count, refused, megabytes = json.loads(done.stdout)
    assert (count, refused) == (12, True)
    assert megabytes < 300


def test_flipped_bytes_never_break_the_process() -> None:
    """Two hundred mutations of valid files, in a process of their own: each is read or refused."""
    script = f"""
import random, sys, json
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "hostile")!r}]
import make
from ingest.gate import admit
from ingest.parse import parse
from ingest.parse.decisions import decisions
from ingest.records import Parsed, Rejected
random.seed(7)
lines = b'\\n'.join(json.dumps({{"uuid": str(i), "title": "Besluit", "text": "Tekst."}}).encode() for i in range(9))
seeds = [("a.pdf", make.pdf(["Een regel.", "Nog een regel."])), ("a.docx", make.docx()), ("a.jsonl", lines),
         ("a.html", b"<html><body><h1>Titel</h1><p>Tekst &amp; meer</p><table><tr><td>1</td></tr></table></body></html>"),
         ("a.txt", "Zin één.\\n\\n1. Titel\\n\\nZin twee.".encode())]
kinds = set()
for at in range(200):
    path, data = seeds[at % len(seeds)]
    data = bytearray(data)
    for _ in range(random.randint(1, 8)):
        data[random.randrange(len(data))] = random.randrange(256)
    outcome = admit(path, bytes(data))
    if not isinstance(outcome, Rejected):
        if outcome == "application/jsonl":
            outcome = list(decisions(path, "x", bytes(data)))[0]
        else:
            outcome = parse(path, outcome, bytes(data))
    kinds.add(type(outcome).__name__)
print(json.dumps(sorted(kinds)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == ["Document", "Parsed", "Rejected"]
