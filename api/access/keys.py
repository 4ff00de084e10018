"""Access keys: made, kept as a hash, withdrawn, and looked up by the server at every request.

    bw_<id>_<secret>    8 hexadecimal digits, and 256 random bits in 43 characters

The whole key is shown once. The file holds its SHA-256: what is random over 256 bits needs no slow hash.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from api.access.scopes import SCOPES, Scope
from ingest import StoreDamaged
from ingest.files import exclusively, explained, fsync_dir

KEY = re.compile(r"bw_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
FORMAT = 1
_OWNER = 0o600
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NOBODY = "0" * 64
_SHA256 = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Refused = Literal["unknown", "expired", "revoked"]
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret; `expires` and `revoked` are None when it does not, and was not."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def refused(self, now: datetime) -> Refused | None:
        """Why this key opens nothing now; None when it does."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and now >= self.expires else None

    def as_json(self) -> dict[str, Any]:
        """The key as the file holds it."""
        return {
            "id": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "sha256": self.sha256,
            "created": self.created.isoformat(timespec="seconds"),
            "expires": self.expires and self.expires.isoformat(timespec="seconds"),
            "revoked": self.revoked and self.revoked.isoformat(timespec="seconds"),
        }


def create_key(
    path: Path, name: str, scopes: Sequence[Scope], now: datetime, expires: datetime | None = None
) -> tuple[Key, str]:
    """Make a key and keep its hash; the second value is the key itself, which is kept nowhere. Raises: StoreDamaged."""
    with _changing(path) as keys:
        taken = {key.id for key in keys}
        key_id = next(found for found in iter(lambda: secrets.token_hex(4), "") if found not in taken)
        secret = f"bw_{key_id}_{secrets.token_urlsafe(32)}"
        wanted = tuple(scope for scope in SCOPES if scope in scopes)
        made = Key(key_id, name, wanted, _sha256(secret), now, expires)
        keys.append(made)
    return made, secret


def revoke_key(path: Path, key_id: str, now: datetime) -> Key | None:
    """Withdraw a key, from the next request on; None when there is no key of this id. Raises: StoreDamaged."""
    with _changing(path) as keys:
        place = next((n for n, key in enumerate(keys) if key.id == key_id), None)
        if place is None:
            return None
        keys[place] = replace(keys[place], revoked=keys[place].revoked or now)
        return keys[place]


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, oldest first; none when it is not there. Raises: StoreDamaged."""
    return _read(path)[0]


def steady_clock() -> Clock:
    """The time now in UTC, which never runs back while the process lives: a clock put back brings no key to life."""
    began, started = time.time(), time.monotonic()
    return lambda: datetime.fromtimestamp(max(time.time(), began + time.monotonic() - started), UTC)


class KeyRing:
    """The keys of a file as they are now: read again whenever the file was replaced (one stat a request)."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._seen: Signature | None = None
        self._keys: dict[str, Key] = {}
        self._told = ""

    def key_of(self, given: str) -> Key | Refused:
        """The key that was given, or why it opens nothing. Raises: StoreDamaged."""
        form = KEY.fullmatch(given)
        key = self._current().get(form[1]) if form else None
        # Compared also when there is no such key, so that the time taken tells nothing.
        is_right = hmac.compare_digest(_sha256(given), key.sha256 if key else _NOBODY)
        if key is None or not is_right:
            return "unknown"
        return key.refused(self._clock()) or key

    def key_by_hash(self, key_id: str, sha256: str) -> Key | Refused:
        """The key that a session was opened with, or why it opens nothing any more. Raises: StoreDamaged."""
        key = self._current().get(key_id)
        if key is None or key.sha256 != sha256:
            return "unknown"
        return key.refused(self._clock()) or key

    def _current(self) -> dict[str, Key]:
        if self._seen is None or _signature(self._path) != self._seen:
            self._keys, self._seen = {}, None  # damaged: nobody passes, and the next request looks again
            keys, self._seen = self._read()
            self._keys = {key.id: key for key in keys}
        return self._keys

    def _read(self) -> tuple[tuple[Key, ...], Signature | None]:
        try:
            found = _read(self._path)
        except StoreDamaged as error:
            if str(error) != self._told:  # once, not at every request
                _log.error("%s", error)
            self._told = str(error)
            raise
        self._told = ""
        return found


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _signature(path: Path) -> Signature | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: Path) -> tuple[tuple[Key, ...], Signature | None]:
    """The keys, and what tells this version of the file from the next."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            data = file.read()
    except FileNotFoundError:
        return (), None
    except OSError as error:
        raise _damaged(path, f"is niet leesbaar ({error.strerror})") from error
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise _damaged(
            path, f"is voor anderen dan de eigenaar te schrijven; geef het mode 600 (chmod 600 {path})"
        )
    try:
        held = json.loads(data)
        if held["format"] != FORMAT:
            raise _damaged(path, f"heeft formaat {held['format']}, deze versie leest {FORMAT}")
        keys = tuple(_key(fields) for fields in held["keys"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(path, f"is beschadigd ({type(error).__name__}); zet een reservekopie terug") from error
    return keys, (found.st_ino, found.st_mtime_ns, found.st_size)


def _key(fields: dict[str, Any]) -> Key:
    key = Key(
        id=fields["id"],
        name=fields["name"],
        scopes=tuple(fields["scopes"]),
        sha256=fields["sha256"],
        created=datetime.fromisoformat(fields["created"]),
        expires=fields["expires"] and datetime.fromisoformat(fields["expires"]),
        revoked=fields["revoked"] and datetime.fromisoformat(fields["revoked"]),
    )
    is_whole = _SHA256.fullmatch(key.sha256) and set(key.scopes) <= set(SCOPES) and isinstance(key.name, str)
    if not is_whole or not all(at is None or at.tzinfo for at in (key.created, key.expires, key.revoked)):
        raise ValueError(key.id)
    return key


def _damaged(path: Path, what: str) -> StoreDamaged:
    return StoreDamaged(f"Het bestand met toegangssleutels {path} {what}. Tot dan krijgt niemand toegang.")


@contextmanager
def _changing(path: Path) -> Iterator[list[Key]]:
    """The keys, to be changed in place, and written all at once at the end; one writer at a time."""
    with explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with exclusively(path.with_name(path.name + ".lock")):
            keys = list(read_keys(path))
            before = list(keys)
            yield keys
            if keys != before:
                _write(path, {"format": FORMAT, "keys": [key.as_json() for key in keys]})


def _write(path: Path, held: dict[str, Any]) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with explained(path.parent):
        try:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER)
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, _OWNER)
                file.write(json.dumps(held, ensure_ascii=False, indent=1).encode() + b"\n")
                file.flush()
                os.fsync(descriptor)
            os.replace(aside, path)
            fsync_dir(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def expiry(text: str, now: datetime) -> datetime | None:
    """When a key ends: `"90d"` that many days from now, a date at the end of that day (UTC); None for anything else."""
    if days := re.fullmatch(r"([1-9]\d{0,4})d", text):
        return now + timedelta(days=int(days[1]))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
