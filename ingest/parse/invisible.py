"""Characters that a reader of the source cannot see: they may carry text or reorder it, so none enters canonical text.

Does not decide which text is hidden by style; each format does that itself.
"""

import re
import unicodedata

# Controls, soft hyphens, zero-width and bidirectional marks, variation selectors, interlinear and tag characters,
# and halves of surrogate pairs, which no file can hold.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def without_invisible(text: str) -> str:
    """`text` composed (NFC), less its invisible characters; whitespace stays as it is."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def visible(text: str) -> str:
    """`text` without invisible characters; every kind of space is one space, every run of line ends one newline.

    `visible("co\\u200bdex\\xa0 2021\\n\\n ja")` -> `"codex 2021\\nja"`
    """
    text = without_invisible(text).replace("\r", "\n")
    return _LINES.sub("\n", _SPACE.sub(" ", text)).strip()


def one_line(text: str) -> str:
    """`visible(text)` on one line."""
    return visible(text).replace("\n", " ")
