"""From bytes to text without guessing: the declared encoding or UTF-8, strictly, or not at all.

`text.py` and `markdown.py` read strict UTF-8 themselves; here are the forms that declare another encoding.
"""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD = 4096
# Pages that say Latin-1 are read as Windows-1252, as browsers do; what is no text encoding is not accepted.
_READ_AS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso-8859-15",
}  # fmt: skip
# UTF-8 that was once read as Windows-1252 and saved again: "Ã©" for é, "â‚¬" for the euro sign.
_MOJIBAKE = re.compile("Ã[\x80-\xbf¡-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ]|Â[\xa0-\xbf]|â€[\x80-\xbf™œ“”˜¦\x9d]|â‚¬")


def bom_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark announces, None without one."""
    return next((name for mark, name in _BOMS if data.startswith(mark)), None)


def html_text(data: bytes) -> str:
    """The text of an HTML file by its byte order mark, its declared charset, or UTF-8.

    Raises: UnicodeDecodeError when the bytes are not in it; LookupError for a charset that is not read.
    """
    marked = bom_encoding(data)
    if marked:
        return data.decode(marked).removeprefix("\ufeff")
    declared = _DECLARATION.search(data[:_HEAD]) or _META.search(data[:_HEAD])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _READ_AS:
        raise LookupError(name)
    return data.decode(_READ_AS[name])


def mojibake(text: str) -> str | None:
    """The first garbled characters of a text that was saved in the wrong encoding, None when there are fewer than three."""
    found = [m.group() for _, m in zip(range(3), _MOJIBAKE.finditer(text), strict=False)]
    return found[0] if len(found) == 3 else None
