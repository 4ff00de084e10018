"""The bundled corpus: made from its content, true to its sources, in our own words."""

import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import lxml.html
import pypdfium2
import pytest

from ingest.reading import cleaned
from ingest.sources import find_sources

URI = re.compile(r"http://themis\.vlaanderen\.be/id/(resource|nieuwsbrief-info|nieuwsbericht)/[0-9A-Za-z-]+")
CODE = re.compile(r"[A-Z]{2}0-[19][A-Z0-9]{5,6}-[A-Z]{2}")
AMOUNT = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
# Names that a digest has to use as they are: they may make a run of words longer.
NAMES = re.compile(r"Vlaams Regeerakkoord 2019-2024|Integratie en Inburgering|Werk en Sociale Economie")
DIGESTS = {
    "bbt-wse-2021-samenvatting": "begroting.md",
    "conceptnota-leefloon-samenvatting": "conceptnota.md",
    "lokaal-pact-samenvatting": "pact.md",
}


@pytest.fixture(scope="module")
def sample(root: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(root / "tests" / "sample"))
    try:
        import make_sample

        yield make_sample
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="module")
def digests(sample: ModuleType) -> dict[str, list[Any]]:
    return {document: sample.parts(name) for document, name in DIGESTS.items()}


@pytest.fixture(scope="module")
def decisions(root: Path) -> list[dict[str, Any]]:
    return read_lines(root / "corpus/sample/beslissingen.jsonl")


@pytest.fixture(scope="module")
def themis(shared: Path) -> dict[str, dict[str, Any]]:
    return {item["uri"]: item for item in read_lines(shared / "corpus/themis/decisions.jsonl")}


@pytest.fixture(scope="module")
def texts(root: Path, decisions: list[dict[str, Any]]) -> dict[str, str]:
    """What a reader finds in each document of the manifest, by document id, spaces collapsed."""
    found = {}
    for source in find_sources(root / "corpus").sources:
        if not source.collection:
            found[source.meta.id] = collapsed(text_of(source.path.suffix, source.path.read_bytes()))
    for item in decisions:
        official = item["alternative_title"] or ""
        found[item["uri"].rsplit("/", 1)[-1]] = collapsed(f"{item['title']} {official} {item['text']}")
    return found


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def text_of(suffix: str, data: bytes) -> str:
    if suffix == ".pdf":
        with pypdfium2.PdfDocument(data) as pdf:
            return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    if suffix == ".docx":
        parts = docx.Document(io.BytesIO(data)).iter_inner_content()
        return "\n".join(part.text if hasattr(part, "text") else cells(part) for part in parts)
    if suffix == ".html":
        return " ".join(lxml.html.fromstring(data).body.itertext())
    return data.decode()


def cells(table: Any) -> str:
    return "\n".join(cell.text for row in table.rows for cell in row.cells)


def collapsed(text: str) -> str:
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """Words as written between spaces, so that a code or an amount is one."""
    found = (word.strip(".,;:!?()[]'‘’\"“”¹#-–−•") for word in NAMES.sub("¤", cleaned(text)).lower().split())
    return [word for word in found if word]


def own_text(part: Any) -> list[str]:
    """The sentences of a part of a digest; headings, labels and tables are names and figures."""
    if hasattr(part, "items"):
        return list(part.items)
    return [part.text] if getattr(part, "role", None) in ("plain", "footnote") else []


def rows_of(part: Any) -> list[str]:
    return [" ".join(row) for row in getattr(part, "rows", ())]


# The files and the manifest


def test_the_files_are_made_from_the_content(sample: ModuleType, root: Path, tmp_path: Path) -> None:
    sample.write_files(tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert [Path(name).suffix for name in made] == [".pdf", ".docx", ".html"]
    for name in made:
        kept = root / "corpus" / "sample" / name
        # zlib differs between systems, what it packs does not
        assert text_of(kept.suffix, kept.read_bytes()) == text_of(kept.suffix, (tmp_path / name).read_bytes())


def test_making_the_files_twice_gives_the_same_bytes(sample: ModuleType, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        sample.write_files(tmp_path / folder)
    first = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "second").iterdir()}


def test_the_manifest_holds_and_names_every_file(root: Path, decisions: list[dict[str, Any]]) -> None:
    listed = find_sources(root / "corpus").sources
    assert all(source.sha256 and isinstance(source.read(), bytes) for source in listed)
    questions = root / "corpus/sample/questions.jsonl"
    assert sorted([questions, *(s.path for s in listed)]) == sorted((root / "corpus/sample").iterdir())
    kinds = {source.meta.kind for source in listed}
    assert kinds == {"bbt", "conceptnota", "pact", "regeerakkoord", "beslissing"}
    manifest = tomllib.loads((root / "corpus/sources.toml").read_text("utf-8"))
    assert [table["count"] for table in manifest["collection"]] == [len(decisions)]


def test_renewing_the_manifest_changes_only_its_digests(sample: ModuleType, root: Path) -> None:
    manifest = (root / "corpus/sources.toml").read_text("utf-8")
    assert sample.with_digests(manifest, root / "corpus") == manifest
    stale = re.sub(r'^sha256 = "\w+"', 'sha256 = ""', manifest, flags=re.MULTILINE)
    assert stale != manifest
    assert sample.with_digests(stale, root / "corpus") == manifest


def test_the_corpus_is_small(root: Path) -> None:
    assert sum(path.stat().st_size for path in (root / "corpus").rglob("*") if path.is_file()) < 1_000_000


def test_the_corpus_holds_enough_to_ask_about(texts: dict[str, str], decisions: list[dict[str, Any]]) -> None:
    headed = set(re.findall(rf"({CODE.pattern}) – [A-Z]", texts["bbt-wse-2021-samenvatting"]))
    assert len(headed) >= 12
    assert len({code for code in headed if "-9" in code}) >= 2
    assert len(decisions) >= 40


def test_every_document_says_that_it_is_a_digest_and_names_its_source(texts: dict[str, str]) -> None:
    said = re.compile(r"[Ss]amenvatting in eigen woorden.*\b[Bb]ron: ")
    assert [name for name, text in texts.items() if not said.search(text)] == []


def test_decisions_have_one_uri_each_and_stand_in_order(decisions: list[dict[str, Any]]) -> None:
    uris = [item["uri"] for item in decisions]
    assert [uri for uri in uris if not URI.fullmatch(uri)] == []
    assert len(set(uris)) == len(uris)
    assert [item["date"] for item in decisions] == sorted(item["date"] for item in decisions)


def test_three_files_are_followed_from_principle_to_final_approval(decisions: list[dict[str, Any]]) -> None:
    stages: dict[str, str] = {}
    for item in decisions:
        stages[item["title"]] = stages.get(item["title"], "") + item["text"].lower()
    followed = [
        seen for seen in stages.values() if re.search(r"principiële goed.*definitieve goed", seen, re.DOTALL)
    ]
    assert len(followed) >= 3


# True to the sources


def test_what_identifies_a_decision_is_that_of_themis(
    decisions: list[dict[str, Any]], themis: dict[str, dict[str, Any]]
) -> None:
    for item in decisions:
        original = themis[item["uri"]]
        assert {key: item[key] for key in item if key != "text"} == {
            key: original[key] for key in item if key != "text"
        }


def test_every_number_of_a_decision_is_in_the_decision(
    decisions: list[dict[str, Any]], themis: dict[str, dict[str, Any]]
) -> None:
    for item in decisions:
        original = themis[item["uri"]]
        source = f"{original['title']} {original['alternative_title']} {original['text']} {original['date']}"
        assert numbers(item["text"]) <= numbers(source), item["uri"]


@pytest.mark.parametrize(
    ("digest", "source"),
    [
        ("conceptnota-leefloon-samenvatting", "conceptnota-leefloon-2023.txt"),
        ("lokaal-pact-samenvatting", "lokaal-pact-2023.txt"),
    ],
)
def test_every_number_of_a_digest_is_in_its_source(
    digest: str, source: str, digests: dict[str, list[Any]], shared: Path, themis: dict[str, dict[str, Any]]
) -> None:
    known = numbers((shared / "corpus/documents" / source).read_text("utf-8")) | {"2023"}
    call = themis["http://themis.vlaanderen.be/id/nieuwsbericht/64AE7A650592342F299DBA40"]
    known |= numbers(
        f"{call['text']} {call['date']}"
    )  # the note of the conceptnota's digest compares with it
    for part in digests[digest]:
        for text in own_text(part) + rows_of(part):
            assert numbers(text) <= known, text


def numbers(text: str) -> set[str]:
    """Figures without separators of thousands: `"7.000 in 2021"` -> `{"7000", "2021"}`."""
    return {number.replace(".", "") for number in AMOUNT.findall(text)}


def sections(text: str) -> dict[str, str]:
    """The text of a budget explanation under each article's heading, spaces collapsed."""
    heads = list(re.finditer(rf"^ ?({CODE.pattern}) [–-] ", text, re.MULTILINE))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {
        head[1]: f" {collapsed(text[head.start() : end])} " for head, end in zip(heads, ends, strict=True)
    }


def test_every_figure_of_the_budget_digest_is_in_the_same_article_of_the_source(
    digests: dict[str, list[Any]], shared: Path
) -> None:
    whole = (shared / "corpus/documents/bbt-wse-2021-uitvoering.txt").read_text("utf-8")
    article, source, checked = "", collapsed(whole), 0
    real = sections(whole)
    for part in digests["bbt-wse-2021-samenvatting"]:
        if getattr(part, "level", 0):
            article = code[0] if (code := CODE.match(part.text)) else ""
            source = real[article] if article else collapsed(whole)
            assert collapsed(part.text) in source or not article, part.text
        for row in rows_of(part):
            figures = row.split(" ", 2)[2] if row.startswith("2e") else row.split(" ", 1)[-1]
            if figures[:1].isdigit():
                assert f" {figures} " in source, f"{article}: {row}"
                checked += 1
        for text in own_text(part):
            kept = set(AMOUNT.findall(CODE.sub("", source)))
            assert set(AMOUNT.findall(CODE.sub("", text))) - {"2021"} <= kept, f"{article}: {text}"
    assert checked >= 12


# In our own words


def test_no_eight_words_in_a_row_are_those_of_a_source(
    digests: dict[str, list[Any]], decisions: list[dict[str, Any]], root: Path, shared: Path
) -> None:
    corpus = shared / "corpus"
    sources = [path.read_text("utf-8") for path in (corpus / "documents").iterdir() if path.suffix != ".pdf"]
    for name in ("regeerakkoord-sections.jsonl", "themis/decisions.jsonl"):
        sources += [item["text"] for item in read_lines(corpus / name)]
    theirs = {run for text in sources for run in runs(text)}
    ours = [text for parts in digests.values() for part in parts for text in own_text(part)]
    ours += [item["text"] for item in decisions]
    ours += [path.read_text("utf-8") for path in (root / "corpus/sample").glob("*.md")]
    assert [run for text in ours for run in runs(text) if run in theirs] == []


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[at : at + 8]) for at in range(len(found) - 7))


# The gold questions over it


def test_the_evidence_of_every_gold_question_stands_in_the_corpus(
    root: Path, texts: dict[str, str], decisions: list[dict[str, Any]]
) -> None:
    dates = {item["uri"].rsplit("/", 1)[-1]: item["date"] for item in decisions}
    questions = read_lines(root / "evals/gold/sample.jsonl")
    assert len({question["id"] for question in questions}) == len(questions) >= 20
    assert sum(not question["answerable"] for question in questions) >= 4
    for question in questions:
        pieces = question["evidence"] + question["alt_evidence"]
        assert bool(question["evidence"]) == question["answerable"], question["id"]
        for piece in pieces:
            assert piece["quote"] in texts[piece["doc"]], f"{question['id']}: {piece['quote']}"
        held = " ".join(f"{piece['quote']} {dates.get(piece['doc'], '')}" for piece in question["evidence"])
        for fact in question["answer_facts"]:
            assert any(variant in held for variant in fact.split("|")), f"{question['id']}: {fact}"
            assert any(variant in question["reference_answer"] for variant in fact.split("|")), question["id"]
