"""One page of a PDF as a picture, drawn in a process of its own: a file that breaks pdfium breaks no server.

The process reads the PDF from standard input and writes one line of JSON (`pages`, `width`, `height`), then PNG.
"""

import json
import math
import resource
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

SECONDS = 20.0
_MEMORY = 2 * 2**30  # bytes of address space
_DPI = 130
_MOST_PIXELS = 4_000_000
_PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class PageImage:
    """A drawn page: `png`, its size in points, the unit of `Document.boxes`, and how many pages the file has."""

    png: bytes
    width: float
    height: float
    pages: int


def drawn(pdf: bytes, page: int, seconds: float = SECONDS) -> PageImage | None:
    """Page `page` of a PDF, the first being 1; None when there is no such page or it cannot be drawn in time."""
    command = [sys.executable, "-m", "api.pages.source_render", str(page)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            command, cwd=_PROJECT, input=pdf, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    head, _, png = child.stdout.partition(b"\n")
    if child.returncode or not png:
        return None
    said = json.loads(head)
    return PageImage(png, said["width"], said["height"], said["pages"])


def scale_of(width: float, height: float) -> float:
    """Pixels a point: 130 dots an inch, less for a page that would have more than 4 million pixels.

    595 by 842 points (A4) -> 130 / 72 = 1.81, so 1,075 by 1,521 pixels; 4,000 by 4,000 points -> 0.5.
    """
    return min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))


def png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """Rows of red, green and blue bytes, `stride` bytes apart, as PNG. Source: PNG specification, 3rd edition."""
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, stride * height, stride))
    parts = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main(page: int) -> None:
    """Draw a page of the PDF on standard input; exit status 1 when there is no such page."""
    import pypdfium2

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        pages = len(document)
        if not 1 <= page <= pages:
            raise SystemExit(1)
        width, height = document[page - 1].get_size()
        bitmap = document[page - 1].render(
            scale=scale_of(width, height), rev_byteorder=True, no_smoothpath=False
        )
        picture = png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    head = json.dumps({"pages": pages, "width": width, "height": height})
    sys.stdout.buffer.write(head.encode() + b"\n" + picture)


if __name__ == "__main__":
    main(int(sys.argv[1]))
