"""Many memos into a folder: what is whole is left alone, what someone edited is kept, what fails is told."""

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from answer.memo_records import Memo, NotFound, PromiseRow, Reference, Theme
from answer.records import Citation, Claim
from api.memos import FolderUnusable, StateDamaged
from api.memos.batch import Source, run, source_of, update
from api.memos.batch_choose import choose, named
from api.memos.batch_records import Composer, Done, Failed
from api.memos.batch_work import in_threads
from api.memos.index import as_csv, as_page, pieces
from api.memos.state import Folder, read_state
from ingest import StoreBusy, files
from ingest.records import Commitment

HEADINGS = {
    "wonen-1.1": ("Wonen", "1 Wonen", "1.1 Sociale huur"),
    "wonen-1.2": ("Wonen", "1 Wonen", "1.2 Premies"),
    "zorg-1.2": ("Zorg en welzijn", "1 Zorg", "1.2 Wachtlijsten"),
    "zorg-2": ("Zorg en welzijn", "2 Zorg <b>thuis</b>"),
}


def commitment(name: str, document_id: str = "akkoord") -> Commitment:
    domain, *path = HEADINGS[name]
    return Commitment(name, document_id, domain, tuple(path), 0, 10, ((0, 10),))


@dataclass
class World:
    """A corpus of decisions by section; composing is counted, and can be made to fail."""

    version: str = "v1"
    decisions: dict[str, list[str]] = field(
        default_factory=lambda: {name: [f"Besluit {name}"] for name in HEADINGS}
    )
    sections: list[str] = field(default_factory=lambda: [*HEADINGS])
    composed: list[str] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)

    def commitments(self) -> tuple[Commitment, ...]:
        return tuple(commitment(name) for name in self.sections)

    def memo(self, corpus: object, one: Commitment) -> Memo:
        self.composed.append(one.id)
        if one.id in self.failing:
            raise self.failing[one.id]
        found = self.decisions[one.id]
        references = tuple(
            Reference(n, title, "beslissing", None, "2021-05-04", title, None, None)
            for n, title in enumerate(found, 1)
        )
        citations = tuple(
            Citation(n, t, t, "beslissing", None, None, None, (), 0, len(t), t)
            for n, t in enumerate(found, 1)
        )
        claims = tuple(Claim(title, (n,)) for n, title in enumerate(found, 1))
        status = "definitief" if found else "niet_gevonden"
        row = PromiseRow(0, 10, "We bouwen.", status, None, None, tuple(range(1, len(found) + 1)))
        missing = () if found else (NotFound("We bouwen.", "in alle beslissingen"),)
        return Memo(
            one.id, "akkoord", one.domain, one.path, f"Memo {one.id}", "Tekst.", (), (Theme("T", claims),), (row,), (),
            missing, citations, references, self.version, "extractive", "0" * 64, self.evidence(corpus, one), "2024-05-06",
        )  # fmt: skip

    def evidence(self, _: object, one: Commitment) -> str:
        return "|".join([one.id, *self.decisions[one.id]])


def as_text(memo: Memo) -> bytes:
    return f"{memo.title}: {', '.join(c.text for c in memo.claims())} ({memo.corpus_version})".encode()


def compared(old: Memo, new: Memo) -> tuple[tuple[str, ...], dict[str, bytes]]:
    before, after = ({r.title for r in memo.references} for memo in (old, new))
    lines = (*(f"+ {t}" for t in sorted(after - before)), *(f"- {t}" for t in sorted(before - after)))
    return lines, {"verschil.html": "\n".join(lines).encode()}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "memos"


def work_of(world: World) -> Callable:
    composer = Composer(world.memo, world.evidence, {"md": as_text, "docx": as_text}, compared)
    return partial(in_threads, lambda job: job(world), composer, jobs=1)


def written(world: World, out: Path, *names: str, formats=("md", "docx"), mode="extractive") -> Done:
    source = source_of(world, mode)
    return run(
        out, source, names or [*source.commitments], work_of(world), formats=formats, report=lambda *_: None
    )


def updated(world: World, out: Path) -> Done:
    return update(out, source_of(world), work_of(world), report=lambda *_: None)


def files_in(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if path.is_file()}


def bytes_in(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in files_in(out) if name not in INDEX}


INDEX = {"index.html", "index.md", "matrix.csv", "memo_index.css"}


def test_every_format_of_every_memo_is_written_and_a_second_run_makes_none(world: World, out: Path):
    first = written(world, out)
    assert [memo.name for memo in first.written] == [*HEADINGS]
    assert files_in(out) == {f"{name}.{f}" for name in HEADINGS for f in ("md", "docx")} | INDEX
    assert (out / "wonen-1.1.md").read_text() == "Memo wonen-1.1: Besluit wonen-1.1 (v1)"
    second = written(world, out)
    assert (second.written, second.unchanged) == ((), tuple(HEADINGS))
    assert world.composed == [*HEADINGS]


def test_a_memo_that_fails_is_reported_and_the_rest_go_on_and_is_tried_again(world: World, out: Path):
    world.failing["wonen-1.2"] = ValueError("onleesbaar")
    done = written(world, out)
    assert done.failed == (Failed("wonen-1.2", "ValueError: onleesbaar"),)
    assert len(done.written) == 3
    assert "onleesbaar" in (out / "index.html").read_text()
    world.failing.clear()
    world.composed.clear()
    assert [memo.name for memo in written(world, out).written] == ["wonen-1.2"]
    assert world.composed == ["wonen-1.2"]


def test_a_memo_that_says_nothing_counts_as_a_failure(world: World, out: Path):
    made = world.memo
    world.memo = lambda corpus, one: replace(made(corpus, one), themes=(), promises=(), not_found=())
    assert {failed.name for failed in written(world, out).failed} == set(HEADINGS)


def test_an_update_touches_only_the_memos_whose_evidence_changed_and_says_what(world: World, out: Path):
    written(world, out)
    before = bytes_in(out)
    world.composed.clear()
    world.version = "v2"
    world.decisions["wonen-1.1"] = ["Besluit wonen-1.1", "Nieuw besluit"]
    world.decisions["zorg-2"] = []
    done = updated(world, out)
    assert {memo.name: memo.changes for memo in done.written} == {
        "wonen-1.1": ("+ Nieuw besluit",),
        "zorg-2": ("- Besluit zorg-2",),
    }
    assert sorted(world.composed) == ["wonen-1.1", "zorg-2"]
    after = bytes_in(out)
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{name}.{suffix}" for name in ("wonen-1.1", "zorg-2") for suffix in ("md", "docx", "verschil.html")
    }
    assert (out / "wonen-1.1.verschil.html").read_text() == "+ Nieuw besluit"
    assert updated(world, out).written == ()


def test_an_edited_file_is_never_overwritten(world: World, out: Path):
    written(world, out)
    (out / "wonen-1.1.docx").write_bytes(b"nagelezen")
    for version, text in (("v2", "Tweede"), ("v3", "Derde")):
        world.version = version
        world.decisions["wonen-1.1"] = [text]
        (memo,) = updated(world, out).written
        assert memo.beside == ("wonen-1.1.nieuw.docx",)
        assert (out / "wonen-1.1.docx").read_bytes() == b"nagelezen"
        assert text in (out / "wonen-1.1.nieuw.docx").read_text()
        assert text in (out / "wonen-1.1.md").read_text()
    (out / "wonen-1.1.nieuw.docx").write_bytes(b"ook nagelezen")
    world.decisions["wonen-1.1"] = ["Vierde"]
    world.version = "v4"
    assert updated(world, out).written[0].beside == ("wonen-1.1.nieuw-2.docx",)
    assert (out / "wonen-1.1.nieuw.docx").read_bytes() == b"ook nagelezen"


def test_a_file_that_lay_there_before_the_first_run_is_someones(world: World, out: Path):
    out.mkdir()
    (out / "zorg-2.md").write_text("van mij")
    done = written(world, out, "zorg-2")
    assert done.written[0].beside == ("zorg-2.nieuw.md",)
    assert (out / "zorg-2.md").read_text() == "van mij"


def test_a_memo_whose_section_is_gone_is_kept_and_reported(world: World, out: Path):
    written(world, out)
    world.version, world.sections = "v2", ["wonen-1.1"]
    done = updated(world, out)
    assert done.gone == ("wonen-1.2", "zorg-1.2", "zorg-2")
    assert (out / "zorg-2.md").exists()
    assert "niet meer in het corpus" in (out / "index.html").read_text()


def test_a_format_that_is_asked_for_later_or_was_removed_is_made_from_the_kept_memo(world: World, out: Path):
    written(world, out, formats=["md"])
    (out / "zorg-2.md").unlink()
    done = written(world, out)
    assert done.written == ()
    assert {"wonen-1.1.docx", "zorg-2.md"} <= files_in(out)
    assert len(world.composed) == len(HEADINGS)


def test_an_update_leaves_alone_what_someone_removed(world: World, out: Path):
    written(world, out)
    (out / "zorg-2.md").unlink()
    world.version = "v2"
    updated(world, out)
    assert "zorg-2.md" not in files_in(out)


def test_a_memo_that_says_the_same_on_other_evidence_is_left_as_it_is(world: World, out: Path):
    written(world, out)
    before = bytes_in(out)
    world.version = "v2"
    world.evidence = lambda _, one: f"anders {one.id}"
    done = updated(world, out)
    assert (done.written, done.unchanged) == ((), tuple(HEADINGS))
    assert bytes_in(out) == before
    world.composed.clear()
    world.version = "v3"
    updated(world, out)
    assert world.composed == [], "what it rests on now is known"


def test_another_model_makes_the_memos_again_but_an_update_does_not(world: World, out: Path):
    written(world, out, mode="ollama:x")
    world.composed.clear()
    assert updated(world, out).written == ()
    assert world.composed == []
    written(world, out)
    assert world.composed == [*HEADINGS]


def test_a_stop_in_mid_run_keeps_what_was_written(world: World, out: Path):
    seen: list[int] = []

    def stop(_: str, done: int, __: int) -> None:
        seen.append(done)
        if done == 2:
            raise KeyboardInterrupt

    source = source_of(world)
    with pytest.raises(KeyboardInterrupt):
        run(out, source, [*HEADINGS], work_of(world), formats=["md"], report=stop)
    assert seen == [0, 1, 2]
    done = written(world, out, formats=["md"])
    assert len(done.unchanged) == 2
    assert len(done.written) == 2


def test_two_runs_on_one_folder_do_not_mix(world: World, out: Path):
    with Folder(out):
        # Another process: the lock may be taken again by who holds it.
        pid = os.fork()
        if pid == 0:
            files._held.set(frozenset())
            try:
                written(world, out)
            except StoreBusy:
                os._exit(75)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 75


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"format": 1, "memos": {"a": {}}}', b'{"format": 9, "memos": {}}']
)
def test_a_damaged_state_is_told_and_nothing_is_written(world: World, out: Path, damage: bytes):
    written(world, out)
    state = out / ".wijzer" / "state.json"
    state.write_bytes(damage)
    before = bytes_in(out)
    with pytest.raises(StateDamaged, match=r"state\.json"):
        written(world, out)
    assert bytes_in(out) == before
    state.unlink()
    done = written(world, out)  # what the message says to do loses nothing
    assert all(len(memo.beside) == 2 for memo in done.written)
    assert {name: data for name, data in bytes_in(out).items() if "nieuw" not in name} == before


def test_a_damaged_record_fails_that_memo_alone(world: World, out: Path):
    written(world, out)
    next((out / ".wijzer" / "memos").glob("zorg-2.*.json")).write_bytes(b"{}")
    world.version = "v2"
    done = updated(world, out)
    assert [failed.name for failed in done.failed] == ["zorg-2"]
    assert len(done.unchanged) == 3


def test_a_folder_without_rights_is_told(world: World, out: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(path: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "write_bytes", refused)
    with pytest.raises(FolderUnusable, match="rechten"):
        written(world, out)


def test_a_file_in_place_of_the_folder_is_told(world: World, tmp_path: Path):
    (tmp_path / "memos").write_text("een bestand")
    with pytest.raises(FolderUnusable, match="geen map"):
        written(world, tmp_path / "memos")


def test_a_full_disk_stops_the_run_and_room_lets_it_go_on(
    world: World, out: Path, monkeypatch: pytest.MonkeyPatch
):
    real, left = files.write_bytes, [7]

    def full(path: Path, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            real(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(path))
        real(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_bytes", full)
        with pytest.raises(FolderUnusable, match="vol"):
            written(world, out)
    written(world, out)
    assert not [name for name in files_in(out) if "nieuw" in name]
    assert set(bytes_in(out)) == {f"{name}.{f}" for name in HEADINGS for f in ("md", "docx")}


def test_the_state_names_each_file_as_it_was_written(world: World, out: Path):
    written(world, out)
    for name, kept in read_state(out).memos.items():
        assert (kept.snapshot, kept.mode, kept.made_on) == ("v1", "extractive", "2024-05-06")
        assert kept.files == {
            f"{name}.{f}": hashlib.sha256((out / f"{name}.{f}").read_bytes()).hexdigest()
            for f in ("md", "docx")
        }


def test_the_index_counts_the_promises_of_each_domain(world: World, out: Path):
    world.decisions["zorg-2"] = []
    done = written(world, out)
    rows = list(csv.reader(io.StringIO((out / "matrix.csv").read_text("utf-8-sig")), delimiter=";"))
    assert rows[0][3:8] == [
        "definitief beslist", "principieel goedgekeurd", "in voorbereiding", "geen beslissing gevonden", "beloften",
    ]  # fmt: skip
    assert rows[4][:8] == ["zorg-2", "Zorg en welzijn", "2 Zorg <b>thuis</b>", "0", "0", "0", "1", "1"]
    page = (out / "index.html").read_text()
    assert "2 Zorg &lt;b&gt;thuis&lt;/b&gt;" in page
    assert (
        "Wonen: 2 definitief beslist. Zorg en welzijn: 1 definitief beslist, 1 geen beslissing gevonden."
        in page
    )
    assert 'href="zorg-2.docx"' in page
    assert "<style" not in page and "<script" not in page
    assert "[Markdown](<zorg-2.md>)" in (out / "index.md").read_text()
    assert done.failed == ()


def test_the_index_follows_the_agreement_whatever_was_written_first(world: World, out: Path):
    written(world, out, "zorg-2")
    written(world, out)
    rows = csv.reader(io.StringIO((out / "matrix.csv").read_text("utf-8-sig")), delimiter=";")
    assert [row[0] for row in rows][1:] == [*HEADINGS]


def test_no_cell_of_the_matrix_is_a_formula(world: World, out: Path):
    from api.memos.index import Domain, Line

    line = Line("a-1", '=HYPERLINK("x")', (1, 0, 0, 0), "2024-05-06", "v1", (), False)
    (_, row) = csv.reader(
        io.StringIO(as_csv([Domain("+kosten", (line,), line.counts)]).decode("utf-8-sig")), delimiter=";"
    )
    assert (row[1], row[2]) == ("'+kosten", '\'=HYPERLINK("x")')


def test_an_index_without_memos_says_so(tmp_path: Path):
    assert "nog geen memo" in as_page([], Done(tmp_path, "v1", (), (), (), ())).decode()


def test_the_pieces_of_a_bar_stand_side_by_side():
    assert [(p.status, p.x, p.width) for p in pieces((1, 0, 0, 3), 8)] == [
        ("definitief", 0.0, 80.0),
        ("niet_gevonden", 80.0, 240.0),
    ]
    assert pieces((0, 0, 0, 0), 0) == ()


ALL = named(commitment(name) for name in HEADINGS)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("wonen-1.1", ["wonen-1.1"]),
        ("ZORG-2", ["zorg-2"]),
        ("1.1", ["wonen-1.1"]),
        ("2", ["zorg-2"]),
        ("premies", ["wonen-1.2"]),
        ("1.2 Wachtlijsten", ["zorg-1.2"]),
        ("huur sociale", ["wonen-1.1"]),
        ("wachtlijst", ["zorg-1.2"]),
    ],
)
def test_a_section_is_named_by_id_number_or_words(asked: str, found: list[str]):
    chosen, unclear = choose(ALL, [asked])
    assert ([*chosen], unclear) == (found, [])


def test_what_fits_several_lists_them_and_a_domain_tells_them_apart():
    chosen, (unclear,) = choose(ALL, ["1.2"])
    assert chosen == {}
    assert unclear.fits_several
    assert "wonen-1.2" in unclear.message and "zorg-1.2" in unclear.message
    assert [*choose(ALL, ["1.2"], ["wonen"])[0]] == ["wonen-1.2"]


@pytest.mark.parametrize(
    ("asked", "nearest"), [("wonen-1.9", "wonen-1.1"), ("wachttijden", "zorg-1.2"), ("", "wonen-1.1")]
)
def test_what_is_unknown_is_answered_with_the_nearest(asked: str, nearest: str):
    chosen, (unclear,) = choose(ALL, [asked])
    assert chosen == {}
    assert not unclear.fits_several
    assert nearest in unclear.message


def test_domains_mean_their_sections_and_an_unknown_one_is_told():
    assert [*choose(ALL, [], ["Zorg"])[0]] == ["zorg-1.2", "zorg-2"]
    _, (unclear,) = choose(ALL, [], ["zorgen"])
    assert "Zorg en welzijn" in unclear.message
    assert choose({}, ["x"])[1][0].message.endswith("geen regeerakkoord.")


def test_two_agreements_with_one_id_get_names_apart():
    assert [*named([commitment("zorg-2"), commitment("zorg-2", "Akkoord/2024")])] == [
        "zorg-2",
        "akkoord-2024--zorg-2",
    ]


def test_sources_differ_by_snapshot_and_model(world: World):
    assert source_of(world).run == source_of(world).run
    assert source_of(world).run != source_of(world, "ollama:x").run
    assert source_of(world).run != Source("v2", {}).run
    assert json.loads(json.dumps(source_of(world).run))
