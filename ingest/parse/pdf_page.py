"""A PDF page as words with places and styles, as pdfium sees them; what a reader cannot see is left out.

Does not decide reading order or structure. Units are points from the top left corner of the visible page.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_SMALLEST = 1.0  # points; smaller text cannot be read
_WHITE = 0xF8  # a channel from here up is as good as white
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WEIGHTS = (  # the first word found in a font's name says its weight; pdfium's own estimate is not to be trusted
    ("thin", 100), ("extralight", 200), ("light", 300), ("semibold", 600), ("demi", 600), ("extrabold", 800),
    ("bold", 700), ("black", 900), ("heavy", 800), ("medium", 500),
)  # fmt: skip
_FORCE_BOLD = 1 << 18
_FAMILY = re.compile(r"^(?:[A-Z]{6}\+)?([^-,]+?)(?:PS)?(?:MT)?(?=[-,]|$)")


class Style(NamedTuple):
    """Size in points to the half, weight 100..900, and the family of the font."""

    size: float
    weight: int
    family: str


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them, on one line of the page."""

    text: str
    style: Style
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    """The visible words of a page in pdfium's order, with the shapes that order them, as (x0, y0, x1, y1).

    `marks` are small shapes that may be bullets, `rules` horizontal lines that may divide table rows.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    marks: tuple[tuple[float, float, float, float], ...]
    rules: tuple[tuple[float, float, float, float], ...]


def read_page(page: Any, number: int) -> Page:
    """The words of a `pypdfium2.PdfPage`; `number` counts from 1."""
    place = _Place(page)
    backdrop = _Backdrop(page)
    words = tuple(_Reader(page, place, backdrop).words())
    shapes = [place.box(*bounds) for bounds in backdrop.paths]
    marks = tuple(s for s in shapes if 1.5 < s[2] - s[0] < 36 and 1.5 < s[3] - s[1] < 14)
    rules = tuple(s for s in shapes if s[2] - s[0] > 40 and s[3] - s[1] < 3)
    return Page(number, place.width, place.height, words, marks, rules)


class _Place:
    """From PDF user space to points from the top left corner of what is shown, whatever the rotation."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        self.rotation = page.get_rotation()
        self.width, self.height = page.get_size()

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """`(x0, y0, x1, y1)` with x0 < x1 and y0 < y1."""
        if self.rotation == 90:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.rotation == 270:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom

    def shows(self, x: float, y: float) -> bool:
        """Whether a point lies on the visible page."""
        return bool(0 <= x <= self.width and 0 <= y <= self.height)


class _Backdrop:
    """The objects of a page that are not text: paths, and what white or invisible text may stand on."""

    def __init__(self, page: Any) -> None:
        self.paths: list[tuple[float, float, float, float]] = []
        self._dark: list[tuple[float, float, float, float]] = []
        self._scanned = False
        area = max(1.0, page.get_width() * page.get_height())
        for at in range(pdfium.FPDFPage_CountObjects(page)):
            shape = pdfium.FPDFPage_GetObject(page, at)
            kind = pdfium.FPDFPageObj_GetType(shape)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            bounds = _bounds(shape)
            if bounds is None:
                continue
            if (
                kind == pdfium.FPDF_PAGEOBJ_IMAGE
                and (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) > area / 2
            ):
                self._scanned = True
            if kind != pdfium.FPDF_PAGEOBJ_PATH or (_is_filled(shape) and not _is_white(shape)):
                self._dark.append(bounds)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.paths.append(bounds)

    def hides(self, text: Any, bounds: tuple[float, float, float, float]) -> bool:
        """Whether a text object cannot be seen: not painted, transparent, or white on nothing.

        Text that is not painted over a scan is its OCR layer, which says what the reader sees.
        """
        if pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            return not self._scanned
        return _alpha(text) == 0 or (_is_white(text) and not self._behind(bounds))

    def _behind(self, bounds: tuple[float, float, float, float]) -> bool:
        x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in self._dark)


class _Reader:
    """Walks over the characters of a page once; a text object's style and visibility are looked up once."""

    def __init__(self, page: Any, place: _Place, backdrop: _Backdrop) -> None:
        self._page, self._place, self._backdrop = page, place, backdrop
        self._styles: dict[int, Style | None] = {}
        self._text = page.get_textpage()

    def words(self) -> Iterator[Word]:
        """Words in pdfium's order: a space, a line end, a jump or another line ends one."""
        word: list[tuple[str, Style, tuple[float, float, float, float]]] = []
        for piece in self._characters():
            if piece is None or (word and not _joined(word[-1][2], piece[2])):
                if word:
                    yield _word(word)
                word = []
            if piece is not None:
                word.append(piece)
        if word:
            yield _word(word)

    def _characters(self) -> Iterator[tuple[str, Style, tuple[float, float, float, float]] | None]:
        """Each visible character with style and box; None where a word ends."""
        rect = pdfium.FS_RECTF()
        high = ""
        for at in range(pdfium.FPDFText_CountChars(self._text)):
            code = pdfium.FPDFText_GetUnicode(self._text, at)
            character = chr(code)
            if code == 0 or character.isspace():
                yield None
                continue
            if 0xD800 <= code < 0xDC00:
                high = character
                continue
            if high:
                character, high = (
                    (high + character).encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
                    "",
                )
            style = self._style(pdfium.FPDFText_GetTextObject(self._text, at))
            pdfium.FPDFText_GetLooseCharBox(self._text, at, rect)
            box = self._place.box(rect.left, rect.bottom, rect.right, rect.top)
            if style is None or not self._place.shows((box[0] + box[2]) / 2, (box[1] + box[3]) / 2):
                yield None
                continue
            yield character, style, box

    def _style(self, text: Any) -> Style | None:
        """The style of a text object, None when it is hidden."""
        key = ctypes.addressof(text.contents) if text else 0
        if key not in self._styles:
            self._styles[key] = self._looked_up(text) if key else Style(10.0, 400, "")
        return self._styles[key]

    def _looked_up(self, text: Any) -> Style | None:
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(text, size)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(text, matrix)
        height = size.value * math.hypot(matrix.c, matrix.d)
        bounds = _bounds(text)
        if height < _SMALLEST or bounds is None or self._backdrop.hides(text, bounds):
            return None
        font = pdfium.FPDFTextObj_GetFont(text)
        name = _font_name(font)
        family = _FAMILY.match(name)
        weight = next((weight for word, weight in _WEIGHTS if word in name.lower().replace("-", "")), 400)
        stroked = pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        if stroked or pdfium.FPDFFont_GetFlags(font) & _FORCE_BOLD:
            weight = max(weight, 700)
        return Style(round(height * 2) / 2, weight, family.group(1) if family else name)


def _joined(before: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a character stands right behind the one before, on its line (a raised or lowered one too).

    The letters of a ligature share one box.
    """
    height = max(before[3] - before[1], box[3] - box[1])
    overlap = min(before[3], box[3]) - max(before[1], box[1])
    return overlap > 0.3 * min(before[3] - before[1], box[3] - box[1]) and (
        before[0] - 0.3 * height < box[0] < before[2] + 0.5 * height
    )


def _word(characters: list[tuple[str, Style, tuple[float, float, float, float]]]) -> Word:
    """One word; small raised digits in it become superscripts: a footnote mark is no part of a figure."""
    first = characters[0]
    main, text = first[1], "".join([c for c, _, _ in characters])
    body = characters
    if any(style != main for _, style, _ in characters):
        main = max((style for _, style, _ in characters), key=lambda style: style.size)
        body = [c for c in characters if c[1].size == main.size]
        floor = max(box[3] for _, _, box in body) - 0.15 * main.size
        text = "".join(
            c.translate(_SUPERSCRIPTS) if style.size < 0.8 * main.size and box[3] < floor else c
            for c, style, box in characters
        )
    x0, y0, _, y1 = body[0][2]
    return Word(text, main, min(first[2][0], x0), y0, characters[-1][2][2], y1)


def _bounds(shape: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top of a page object in user space; None when pdfium knows none."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(shape, *edges):
        return None
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def _colour(shape: Any) -> tuple[int, int, int, int] | None:
    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(shape, *channels):
        return None
    return channels[0].value, channels[1].value, channels[2].value, channels[3].value


def _is_filled(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke)) and fill.value != pdfium.FPDF_FILLMODE_NONE


def _is_white(shape: Any) -> bool:
    colour = _colour(shape)
    return colour is not None and min(colour[:3]) >= _WHITE


def _alpha(shape: Any) -> int:
    colour = _colour(shape)
    return 255 if colour is None else colour[3]


def _font_name(font: Any) -> str:
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    if not size:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")
