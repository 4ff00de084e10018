"""Answers in the keeping of the browser: sealed, so that what comes back is what this server gave.

A conversation lives in the browser alone. What the person exports, shares or judges is sent back to us, and must not
be a text that someone made up under our name. So each answer leaves as one word: the record that `answer.log` would
keep, compressed, with a keyed hash over it (HMAC-SHA256; RFC 2104). The key lies in the store and is never sent.

    store/seal.key      32 random bytes, for the owner only; without it, what was sealed before no longer opens
"""

import base64
import binascii
import hmac
import logging
import os
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import Depends

from answer.log_record import GENESIS, Entry, Unreadable, read_line, sealed
from api.service import In
from ingest import StoreDamaged
from ingest.files import explained

KEY = "seal.key"
_KEY_BYTES = 32
_MAC_BYTES = 32
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """What closes and opens answers; its key is never shown."""

    key: bytes

    def closed(self, entry: Entry) -> str:
        """An answer as one word of letters, digits, `-` and `_`: about 2,000 to 6,000 of them."""
        packed = zlib.compress(sealed(entry, 1, GENESIS), 9)
        return base64.urlsafe_b64encode(self._mac(packed) + packed).decode("ascii")

    def opened(self, word: str) -> Entry | None:
        """The answer in a word of `closed`; None for anything else, which is not even unpacked."""
        try:
            data = base64.b64decode(word.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        mac, packed = data[:_MAC_BYTES], data[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(packed)):
            return None
        try:
            return read_line(zlib.decompress(packed)).entry
        except (Unreadable, zlib.error):  # sealed by a version that kept other fields
            return None

    def _mac(self, data: bytes) -> bytes:
        return hmac.digest(self.key, data, "sha256")


@cache
def seal_of(store: Path) -> Seal:
    """The seal of a store, with a new key when it has none.

    Where the store cannot be written, or its key is damaged, the key lasts as long as the process.
    """
    try:
        return Seal(_key(store))
    except StoreDamaged as error:
        _log.warning("zegelsleutel niet bewaard: %s", error)
        return Seal(secrets.token_bytes(_KEY_BYTES))


async def _sealing(service: In) -> Seal:
    return seal_of(service.store)


Sealing = Annotated[Seal, Depends(_sealing)]


def _key(store: Path) -> bytes:
    """The key in the store. Two processes that start at once agree on one: the first link wins. Raises: StoreDamaged."""
    path = store / KEY
    with explained(store):
        if not path.is_file():
            aside = store / f"{KEY}.{secrets.token_hex(8)}"
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(descriptor, secrets.token_bytes(_KEY_BYTES))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            with suppress(FileExistsError):
                os.link(aside, path)
            aside.unlink()
        key = path.read_bytes()
    if len(key) != _KEY_BYTES:  # an empty one would let anyone seal
        raise StoreDamaged(
            f"{path} heeft {len(key)} bytes, verwacht zijn er {_KEY_BYTES}; zet een kopie terug of verwijder het bestand"
        )
    return key
