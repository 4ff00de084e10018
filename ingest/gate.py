"""What may enter: the type of a file by its content and its name, or why it is refused.

Looks at bytes only: nothing is opened on disk, unpacked to disk or fetched. What needs a parser to be seen
(a password, a missing text layer) is refused by `parse`.
"""

import re
from pathlib import PurePath
from typing import Literal

from ingest.encoding import bom_encoding, html_text, mojibake
from ingest.gate_archive import archive_problem
from ingest.gate_pdf import pdf_problem
from ingest.records import Rejected

MediaType = Literal[
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/html",
    "application/jsonl",
]
LARGEST = 100 * 2**20  # bytes

_TYPES: dict[str, MediaType] = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".htm": "text/html",
    ".jsonl": "application/jsonl",
    ".json": "application/jsonl",
}
_SUPPORTED = ".txt, .md, .pdf, .docx, .html en .jsonl"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "een PDF"),
    (b"PK\x03\x04", "een ZIP-archief (Word, Excel of andere)"),
    (b"PK\x05\x06", "een leeg ZIP-archief"),
    (_OLE, "een oud of versleuteld Office-bestand"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "een PNG-beeld"),
    (b"\xff\xd8\xff", "een JPEG-beeld"),
    (b"GIF8", "een GIF-beeld"),
    (b"II*\x00", "een TIFF-beeld"),
    (b"MM\x00*", "een TIFF-beeld"),
    (b"\x1f\x8b", "een gzip-bestand"),
    (b"7z\xbc\xaf\x27\x1c", "een 7-Zip-archief"),
    (b"Rar!\x1a", "een RAR-archief"),
    (b"BZh9", "een bzip2-bestand"),
    (b"\x7fELF", "een programma"),
    (b"MZ\x90\x00", "een programma"),
    (b"SQLite format 3\x00", "een SQLite-database"),
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_TAG = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_ENTITY = re.compile(r"<!entity|<!doctype[^>]{0,1000}\[", re.IGNORECASE)
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r\x0b\x0c\x1b"})


def admit(path: str, data: bytes) -> MediaType | Rejected:
    """The media type of a file of at most `LARGEST` bytes, or Rejected with what was found and what to do."""
    media_type = _TYPES.get(PurePath(path).suffix.lower())
    if not data:
        return _refuse(path, "empty", "is leeg (0 bytes); zet het volledige bestand terug.")
    if media_type is None:
        return _refuse(
            path, "unsupported", f"heeft geen extensie die gelezen wordt; bewaar het als {_SUPPORTED}."
        )
    if len(data) > LARGEST:
        return _refuse(
            path, "too_large", f"telt {len(data)} bytes, hoogstens {LARGEST} worden gelezen; splits het."
        )
    return _problem(path, media_type, data) or media_type


def _problem(path: str, media_type: MediaType, data: bytes) -> Rejected | None:
    if media_type == "application/pdf":
        return _pdf_problem(path, data)
    if media_type.endswith("wordprocessingml.document"):
        return _docx_problem(path, data)
    if media_type == "text/html":
        return _html_problem(path, data)
    if media_type == "application/jsonl":
        return _jsonl_problem(path, data)
    return _text_problem(path, data)


def _pdf_problem(path: str, data: bytes) -> Rejected | None:
    if not data.strip(_BLANK):
        return _blank(path)
    if not data.startswith(b"%PDF-"):
        return _wrong_type(path, data, "PDF (die begint met %PDF-)")
    found = pdf_problem(data)
    return found and Rejected(path, found[0], f"{shown(path)} {found[1]}")


def _docx_problem(path: str, data: bytes) -> Rejected | None:
    if not data.strip(_BLANK):
        return _blank(path)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _refuse(
                path, "encrypted", "is met een wachtwoord beveiligd; bewaar het zonder wachtwoord."
            )
        return _refuse(
            path, "unsupported", "is een Office-bestand van voor 2007; bewaar het in Word als .docx."
        )
    if not data.startswith(b"PK\x03\x04"):
        return _wrong_type(path, data, "Word-document (.docx)")
    found = archive_problem(data)
    return found and Rejected(path, found[0], f"{shown(path)} {found[1]}")


def _html_problem(path: str, data: bytes) -> Rejected | None:
    if not data.strip(_BLANK):
        return _blank(path)
    if _signature(data):
        return _wrong_type(path, data, "HTML-pagina")
    try:
        text = html_text(data)
    except UnicodeDecodeError as error:
        return _not_decodable(path, data, error)
    except LookupError as error:
        return _refuse(
            path,
            "encoding",
            f"zegt de tekenset {error} te gebruiken, die niet gelezen wordt; bewaar als UTF-8.",
        )
    if "\x00" in text:
        return _wrong_type(path, data, "HTML-pagina")
    if not _TAG.search(text):
        return _refuse(path, "wrong_type", "bevat geen HTML; bewaar platte tekst als .txt.")
    if _ENTITY.search(text):
        return _refuse(
            path, "hostile", "definieert eigen entiteiten (<!ENTITY>); verwijder die en bewaar het opnieuw."
        )
    return _garbled(path, text)


def _jsonl_problem(path: str, data: bytes) -> Rejected | None:
    if not data.strip(_BLANK):
        return _blank(path)
    if _signature(data) or b"\x00" in data:
        return _binary(path, data, "JSON Lines")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return _refuse(
            path, "wrong_type", "bevat geen JSON (dat begint met { of [); geef één beslissing per regel."
        )
    return None


def _text_problem(path: str, data: bytes) -> Rejected | None:
    if not data.strip(_BLANK):
        return _blank(path)
    if _signature(data) or _HTML_START.match(data):
        return _wrong_type(path, data, "platte tekst")
    if bom_encoding(data) not in (None, "utf-8") or b"\x00" in data:
        return _binary(path, data, "tekst")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_decodable(path, data, error)
    if _controls(data) > len(data) / 200:
        return _refuse(
            path,
            "wrong_type",
            "bestaat voor een deel uit besturingstekens en is geen tekst; zet de tekst terug.",
        )
    if not re.search(r"[^\W_]", text):
        return _refuse(path, "empty", "bevat geen letters of cijfers; zet de volledige tekst terug.")
    return _garbled(path, text)


_BLANK = b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"


def _blank(path: str) -> Rejected:
    return _refuse(path, "empty", "bevat alleen witruimte; zet het volledige bestand terug.")


def _binary(path: str, data: bytes, expected: str) -> Rejected:
    if bom_encoding(data) not in (None, "utf-8") or _looks_utf16(data):
        return _refuse(path, "encoding", "is geen UTF-8 maar UTF-16 of UTF-32; bewaar het als UTF-8.")
    return _wrong_type(path, data, expected)


def _looks_utf16(data: bytes) -> bool:
    """Whether every other byte is mostly zero, as in UTF-16 text without a byte order mark."""
    head = data[:4096]
    return not _signature(data) and max(head[0::2].count(0), head[1::2].count(0)) > len(head) * 0.4


def _controls(data: bytes) -> int:
    """How many control characters there are, beside those that text has."""
    return len(data) - len(data.translate(None, _CONTROLS))


def _not_decodable(path: str, data: bytes, error: UnicodeDecodeError) -> Rejected:
    if _controls(data) > len(data) / 50:
        return _wrong_type(path, data, "tekst")
    line = data.count(b"\n", 0, error.start) + 1
    seen = data[error.start : error.start + 1].hex()
    return _refuse(
        path,
        "encoding",
        f"is geen geldige {error.encoding.upper()}: byte {error.start} (0x{seen}, regel {line}); bewaar het als UTF-8.",
    )


def _garbled(path: str, text: str) -> Rejected | None:
    found = mojibake(text)
    if found is None:
        return None
    what = f"bevat verminkte tekens ({found!r}): UTF-8 die ooit als Latin-1 is gelezen; bewaar het origineel als UTF-8."
    return _refuse(path, "encoding", what)


def _wrong_type(path: str, data: bytes, expected: str) -> Rejected:
    found = _signature(data) or ("een HTML-pagina" if _HTML_START.match(data) else "")
    what = (
        f"is geen {expected}{found and f' maar {found}'}; geef het de juiste extensie of bewaar het opnieuw."
    )
    return _refuse(path, "wrong_type", what)


def _signature(data: bytes) -> str | None:
    return next((name for mark, name in _SIGNATURES if data.startswith(mark)), None)


def _refuse(
    path: str,
    reason: Literal["empty", "too_large", "wrong_type", "encrypted", "encoding", "hostile", "unsupported"],
    what: str,
) -> Rejected:
    return Rejected(path, reason, f"{shown(path)} {what}")


def shown(path: str) -> str:
    """A file name that is safe in a message: its last part, with what cannot be printed as an escape.

    `shown("map/a\\nb.pdf")` -> `"a\\\\nb.pdf"`
    """
    name = PurePath(path).name or path
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name
    )[:120]
