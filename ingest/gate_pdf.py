"""Whether a PDF is whole, and whether its streams stay within bounds when they are inflated.

Reads no objects: the parser does. Images are not looked at, since text extraction never inflates them.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Literal

LARGEST_STREAM = 64 * 2**20  # bytes, inflated
LARGEST_TOTAL = 512 * 2**20  # bytes, inflated
_TRAILING = 1024  # bytes that may follow the end, as other readers allow

Problem = tuple[Literal["damaged", "hostile"], str]

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]{0,200}\]|/[A-Za-z0-9]+)")
_NAME = re.compile(rb"/([A-Za-z0-9]+)")
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary lies


def pdf_problem(data: bytes) -> Problem | None:
    """Why `data`, which starts as a PDF, cannot be parsed; None when it can."""
    return _end_problem(data) or _stream_problem(data)


def _end_problem(data: bytes) -> Problem | None:
    end = data.rfind(b"%%EOF")
    behind = data[end + 5 :].strip(b"\x00 \t\r\n") if end >= 0 else b""
    if b"PK\x05\x06" in behind or re.search(rb"<(?:script|html)", behind, re.IGNORECASE):
        return "hostile", "is een PDF waar nog een ander bestand achter zit; bewaar alleen de PDF."
    if end < 0 or len(behind) > _TRAILING:
        return "damaged", "is een afgebroken PDF (het einde %%EOF ontbreekt); haal het bestand opnieuw op."
    return None


def _stream_problem(data: bytes) -> Problem | None:
    total = 0
    for filters, packed in _streams(data):
        size = _inflated_size(filters, packed)
        total += size
        if size > LARGEST_STREAM or total > LARGEST_TOTAL:
            return (
                "hostile",
                f"bevat inhoud die uitgepakt groter is dan {LARGEST_STREAM // 2**20} MB; bewaar de PDF opnieuw vanuit "
                "het oorspronkelijke programma.",
            )
    return None


def _streams(data: bytes) -> Iterator[tuple[list[bytes], bytes]]:
    """The filters and the packed bytes of each stream that is not an image."""
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - _DICTIONARY) : match.start()]
        dictionary = before[max(0, before.rfind(b" obj")) :]
        if re.search(rb"/Subtype\s*/Image", dictionary):
            continue
        found = _FILTERS.search(dictionary)
        filters = _NAME.findall(found.group(1)) if found else []
        if b"FlateDecode" in filters or b"Fl" in filters:
            end = data.find(b"endstream", match.end())
            yield filters, data[match.end() : end if end >= 0 else len(data)]


def _inflated_size(filters: list[bytes], packed: bytes) -> int:
    """Bytes after all filters, counted up to one more than `LARGEST_STREAM`; 0 for what does not inflate."""
    for name in filters:
        if name not in _DECODE:
            return 0
        try:
            packed = _DECODE[name](packed)
        except (zlib.error, ValueError, binascii.Error):
            return 0
        if len(packed) > LARGEST_STREAM:
            return len(packed)
    return len(packed)


def _inflate(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, LARGEST_STREAM + 1)


def _ascii85(packed: bytes) -> bytes:
    return base64.a85decode(packed.strip().removeprefix(b"<~").removesuffix(b"~>"))


def _ascii_hex(packed: bytes) -> bytes:
    return binascii.unhexlify(re.sub(rb"[\s>]", b"", packed))


_DECODE: dict[bytes, Callable[[bytes], bytes]] = {
    b"FlateDecode": _inflate,
    b"Fl": _inflate,
    b"ASCII85Decode": _ascii85,
    b"A85": _ascii85,
    b"ASCIIHexDecode": _ascii_hex,
    b"AHx": _ascii_hex,
}
