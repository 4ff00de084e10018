"""Whether a ZIP archive is a Word document that can be opened without harm.

Trusts no size that the archive declares: every member is inflated, piece by piece, up to a limit.
"""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Literal

MOST_MEMBERS = 5_000
LARGEST_TOTAL = 256 * 2**20  # bytes, inflated
LARGEST_PART = 32 * 2**20  # bytes of one XML part, inflated
HIGHEST_RATIO = 200  # inflated to packed, of members over a megabyte

Problem = tuple[Literal["wrong_type", "damaged", "encrypted", "hostile", "unsupported"], str]

_PIECE = 2**20
_ENTITIES = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", re.IGNORECASE)
_PLAIN_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_OTHER_OFFICE = (
    (b"spreadsheetml", "een Excel-bestand (.xlsx)"),
    (b"presentationml", "een PowerPoint-bestand (.pptx)"),
)


def archive_problem(data: bytes) -> Problem | None:
    """Why `data`, a ZIP archive, cannot be read as a Word document; None when it can."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _declared_problem(archive.infolist(), len(data)) or _actual_problem(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        IndexError,
    ) as error:
        return (
            "damaged",
            f"is als Word-document beschadigd of afgebroken ({_why(error)}); zet het volledige bestand terug.",
        )


def _declared_problem(members: list[zipfile.ZipInfo], size: int) -> Problem | None:
    """What the central directory gives away before anything is inflated."""
    names = [m.filename for m in members]
    if any(m.flag_bits & 0x1 for m in members):
        return "encrypted", "is met een wachtwoord beveiligd; bewaar het zonder wachtwoord."
    if len(members) > MOST_MEMBERS:
        return _bomb(f"{len(members)} onderdelen (hoogstens {MOST_MEMBERS})")
    total = sum(m.file_size for m in members)
    if total > LARGEST_TOTAL:
        return _bomb(f"uitgepakt {total // 2**20} MB (hoogstens {LARGEST_TOTAL // 2**20} MB)")
    for member in members:
        if member.file_size > 2**20 and member.file_size > HIGHEST_RATIO * max(1, member.compress_size):
            return _bomb(
                f"{member.filename!a} wordt uitgepakt {member.file_size // max(1, member.compress_size)} keer zo groot"
            )
    if _overlap(members, size):
        return _bomb("onderdelen die elkaar overlappen")
    if len(set(names)) != len(names):
        return _bomb("twee onderdelen met dezelfde naam")
    unsafe = next(
        (n for n in names if n.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", n) or "\x00" in n), None
    )
    return _bomb(f"een onderdeel met het pad {unsafe!a}") if unsafe else None


def _overlap(members: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether two members share bytes, or one reaches past the end; 30 is the size of a bare local header."""
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            return True
        name = member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437", "replace")
        end = member.header_offset + 30 + len(name) + member.compress_size
    return end > size


def _actual_problem(archive: zipfile.ZipFile) -> Problem | None:
    """What shows when every member is really inflated."""
    total, types = 0, b""
    for member in archive.infolist():
        name = member.filename
        with archive.open(member) as stream:
            head = stream.read(_PIECE)
            if head.startswith(b"PK\x03\x04") and "/embeddings/" not in name:
                return _bomb(f"nog een archief erin ({name!a})")
            is_xml = name.lower().endswith((".xml", ".rels")) or _starts_xml(head)
            most = min(LARGEST_PART if is_xml else LARGEST_TOTAL, LARGEST_TOTAL - total)
            part, size = bytearray(head if is_xml else b""), len(head)
            while size <= most and (piece := stream.read(_PIECE)):
                size += len(piece)
                part += piece if is_xml else b""
        total += size
        if size > most:
            return _bomb(f"{name!a} is uitgepakt groter dan {most // 2**20} MB")
        if part and (problem := _xml_problem(name, bytes(part))):
            return problem
        types = bytes(part) if name == "[Content_Types].xml" else types
    return _kind_problem(archive.namelist(), types)


def _xml_problem(name: str, part: bytes) -> Problem | None:
    """Office writes no document type and no entities; who does wants to read files or fill the memory."""
    text = part.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    declared = _ENCODING.match(text[:200])
    if not text.startswith(b"<") or (declared and declared.group(1).lower() not in _PLAIN_ENCODINGS):
        return (
            "hostile",
            f"heeft een onderdeel {name!a} in een onbekende tekenset; bewaar het opnieuw vanuit Word.",
        )
    if _ENTITIES.search(text):
        return (
            "hostile",
            f"definieert entiteiten (DOCTYPE of ENTITY) in {name!a}; bewaar het opnieuw vanuit Word.",
        )
    return None


def _starts_xml(piece: bytes) -> bool:
    return (
        piece[:64].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<?xml", b"<!"))
    )


def _kind_problem(names: list[str], types: bytes) -> Problem | None:
    types = types.replace(b"\x00", b"")
    if b"wordprocessingml" in types or b"ms-word.document" in types:
        return None
    found = next((name for mark, name in _OTHER_OFFICE if mark in types), None)
    if found is None:
        found = "een OpenDocument-bestand (.odt)" if "mimetype" in names else "een gewoon ZIP-archief"
    return "wrong_type", f"is geen Word-document maar {found}; bewaar het in Word als .docx."


def _bomb(found: str) -> Problem:
    return "hostile", f"is een verdacht archief: {found}; bewaar het document opnieuw vanuit Word."


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
