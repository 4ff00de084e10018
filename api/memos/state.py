"""What a folder of memos holds as we wrote it, so that a run goes on where it stopped and no one's edits are lost.

    FOLDER/<name>.docx ...              the memos, for people
    FOLDER/.wijzer/state.json           of each memo: what it rests on, and the SHA-256 of each file as we wrote it
    FOLDER/.wijzer/memos/<name>.<evidence>.json   the memo record itself, to compare the next version with
    FOLDER/.wijzer/LOCK                 held by the one run that writes

A memo is written in an order that a kill cannot break: first the state says which files are about to get which
hash, then the files are moved into place, then the state says that they did. A file whose hash the state knows
from neither is someone's work.
"""

import errno
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from answer.memo_records import Memo
from api.memos import FolderUnusable, StateDamaged
from ingest import files
from ingest.records import Commitment

FORMAT = 1
PLACE = ".wijzer"
NEW, CHANGED = "nieuw", "verschil"


@dataclass(frozen=True, slots=True)
class Kept:
    """One memo as it was last written: `files` and `pending` give the SHA-256 of each file by its name.

    `run` names the snapshot, code and model that `evidence` was last found equal with. `statuses` counts the promises
    by status. `pending` is what was about to be written when the state was.
    """

    commitment: Commitment
    title: str
    statuses: dict[str, int]
    evidence: str
    mode: str
    snapshot: str
    made_on: str
    run: str
    files: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """All memos of a folder by their name."""

    format: int = FORMAT
    memos: dict[str, Kept] = field(default_factory=dict)


_STATE = TypeAdapter(State)
_MEMO = TypeAdapter(Memo)


class Folder:
    """A folder of memos, held by one run from `with` on. Raises on entry: StoreBusy, FolderUnusable, StateDamaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = path / PLACE
        self._state = State()
        self._held = ExitStack()

    def __enter__(self) -> Self:
        with explained(self.path):
            files.make_folder(self._own / "memos")
            descriptor = os.open(self._own / "LOCK", os.O_RDWR | os.O_CREAT, 0o666)
            os.close(descriptor)
        with ExitStack() as held:
            held.enter_context(files.lock(self._own))
            state = read_state(self.path)
            with explained(self.path):
                self._state = State(FORMAT, {name: self._settled(kept) for name, kept in state.memos.items()})
                files.remove_tree(self._own / "aside")
                files.make_folder(self._own / "aside")
            self._held = held.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    @property
    def memos(self) -> Mapping[str, Kept]:
        """What is known of each memo, by its name."""
        return self._state.memos

    def record(self, name: str) -> Path | None:
        """Where the memo record of the last version lies; None when it was never written or is gone."""
        kept = self._state.memos.get(name)
        path = self._record(name, kept.evidence) if kept else None
        return path if path and path.is_file() else None

    def missing(self, name: str, formats: tuple[str, ...]) -> tuple[str, ...]:
        """The formats of which no file is there, ours or someone's."""
        kept = self._state.memos.get(name)
        made = kept.files if kept else {}
        there = {file for file in (*made, *(f"{name}.{f}" for f in formats)) if (self.path / file).is_file()}
        return tuple(f for f in formats if not any(_is_of(file, name, f) for file in there))

    def write(self, name: str, kept: Kept, memo: Memo | None, made: Mapping[str, bytes]) -> dict[str, str]:
        """Write the files of a memo, by suffix (`docx`, `verschil.html`); gives the name that each suffix got.

        `memo` is the record that `kept` describes, None when only more files of the version before are written. A file that
        a person edited is left as it is, and ours gets a name of its own beside it. Raises: FolderUnusable.
        """
        before = self._state.memos.get(name)
        known = before.files if before else {}
        with explained(self.path):
            names = {suffix: self._free(name, suffix, before) for suffix in made}
            hashes = {names[suffix]: hashlib.sha256(data).hexdigest() for suffix, data in made.items()}
            for suffix, data in made.items():
                files.write_bytes(self._own / "aside" / names[suffix], data)
            if memo is not None:
                self._write(self._record(name, kept.evidence), _MEMO.dump_json(memo))
            self._keep(name, replace(before or _unmade(kept), pending=hashes))
            for file in hashes:
                files.replace(self._own / "aside" / file, self.path / file)
            self._keep(name, replace(kept, files={**known, **hashes}, pending={}))
            if before and before.evidence != kept.evidence:
                self._record(name, before.evidence).unlink(missing_ok=True)
        return names

    def place(self, name: str, data: bytes) -> None:
        """Write a file that is made anew by every run, such as the index. Raises: FolderUnusable."""
        with explained(self.path):
            files.write_bytes(self._own / "aside" / name, data)
            files.replace(self._own / "aside" / name, self.path / name)

    def _settled(self, kept: Kept) -> Kept:
        """What is known after a kill: of the files that were about to be written, those that were count as ours."""
        written = {
            file: sha256
            for file, sha256 in kept.pending.items()
            if (self.path / file).is_file() and files.sha256_file(self.path / file) == sha256
        }
        return replace(kept, files={**kept.files, **written}, pending={})

    def _free(self, name: str, suffix: str, kept: Kept | None) -> str:
        """The first name that is free or holds a file as we wrote it."""
        for beside in _names(name, suffix):
            path = self.path / beside
            if not path.exists() or (kept and files.sha256_file(path) == kept.files.get(beside)):
                return beside
        raise AssertionError("there is no end to the names")

    def _record(self, name: str, evidence: str) -> Path:
        return self._own / "memos" / f"{name}.{hashlib.sha256(evidence.encode()).hexdigest()[:16]}.json"

    def _keep(self, name: str, kept: Kept) -> None:
        self._state = State(FORMAT, {**self._state.memos, name: kept})
        with explained(self.path):
            self._write(self._own / "state.json", _STATE.dump_json(self._state, indent=1))

    def _write(self, path: Path, data: bytes) -> None:
        aside = self._own / "aside" / path.name
        files.write_bytes(aside, data)
        files.replace(aside, path)


def read_state(folder: Path) -> State:
    """What a folder says of its memos; nothing when it has none. Raises: StateDamaged, FolderUnusable."""
    path = folder / PLACE / "state.json"
    with explained(folder):
        try:
            found = _STATE.validate_json(path.read_bytes())
        except FileNotFoundError:
            return State()
        except ValidationError as error:
            raise StateDamaged(
                f"{path} is beschadigd ({error.error_count()} fouten, de eerste: {error.errors()[0]['msg']}). Zet een "
                f"kopie ervan terug, of verwijder {path}: dan worden alle memo's opnieuw gemaakt en komen ze naast de "
                f"bestaande te liggen."
            ) from error
    if found.format != FORMAT:
        raise StateDamaged(
            f"{path} heeft vorm {found.format}, deze versie leest vorm {FORMAT}; kies een andere map met --out."
        )
    return found


def read_memo(path: Path) -> Memo:
    """A memo record as `Folder.write` kept it. Raises: StateDamaged, FolderUnusable."""
    with explained(path.parent):
        try:
            return _MEMO.validate_json(path.read_bytes())
        except ValidationError as error:
            raise StateDamaged(
                f"{path} is beschadigd; verwijder het bestand, dan wordt de memo opnieuw gemaakt."
            ) from error


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Say in Dutch what the system refused. Raises: FolderUnusable in place of OSError."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                said = f"De schijf van {folder} is vol ({error.strerror}); maak plaats en geef dezelfde opdracht opnieuw."
            case errno.EACCES | errno.EPERM | errno.EROFS:
                said = f"{place} is niet schrijfbaar of niet leesbaar; pas de rechten aan of kies een andere map met --out."
            case errno.ENOTDIR | errno.EEXIST:
                said = f"{place} is geen map; kies een andere met --out."
            case _:
                said = (
                    f"Lezen of schrijven in {folder} mislukte ({error.strerror or error}, {place}); kijk de schijf na en "
                    f"geef dezelfde opdracht opnieuw."
                )
        raise FolderUnusable(f"{said} De memo's die er al lagen, zijn gebleven.") from error


def is_comparison(file: str) -> bool:
    """Whether a file says what changed in a memo, and is not the memo itself."""
    return f".{CHANGED}." in file


def _names(name: str, suffix: str) -> Iterator[str]:
    """`("a-1.2", "docx")` -> `a-1.2.docx`, `a-1.2.nieuw.docx`, `a-1.2.nieuw-2.docx`, ..."""
    yield f"{name}.{suffix}"
    yield f"{name}.{NEW}.{suffix}"
    number = 2
    while True:
        yield f"{name}.{NEW}-{number}.{suffix}"
        number += 1


def _is_of(file: str, name: str, suffix: str) -> bool:
    """Whether a file is the memo in this format, and not its comparison."""
    middle = file.removeprefix(name).removesuffix(f".{suffix}")
    return (
        file.startswith(name) and file.endswith(f".{suffix}") and (not middle or middle.startswith(f".{NEW}"))
    )


def _unmade(kept: Kept) -> Kept:
    """A memo of which nothing was written yet: no evidence equals it."""
    return replace(kept, evidence="", run="", files={})
