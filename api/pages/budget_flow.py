"""The reallocations of one article as a small picture: where credit came from on the left, where it went on the right.

Each band is one reallocation as the document tells it, as thick as its largest amount; dashed where the document does
not tell how much of it was this article's. Nothing is added up: a document may tell of a whole and of its parts. The
page gives the same reallocations as a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from api.budget_found import amount
from ingest.budget.records import Transfer

_WIDTH, _BOX, _STEP, _TOP, _MIDDLE = 820, 220, 40, 28, 150
_MOST = 9  # bands on one side
_THICKEST, _THINNEST = 16.0, 2.0
_DASHED = ' stroke-dasharray="4 4"'  # how much it was is not told
_IN, _OUT = "#1d4ed8", "#92400e"  # 4.5:1 on white; text is currentColor


@dataclass(frozen=True, slots=True)
class _Band:
    """One reallocation: who stands at the other end, what is said of the amount, and how much it is, None unknown."""

    other: str
    said: str
    size: Decimal | None


def flow(code: str, received: Sequence[Transfer], given: Sequence[Transfer]) -> str | None:
    """An accessible SVG of what an article received and gave; None when there is nothing to draw."""
    if not received and not given:
        return None
    left = [_band(t, t.sources, t.targets) for t in received]
    right = [_band(t, t.targets, t.sources) for t in given]
    rows = max(min(len(left), _MOST), min(len(right), _MOST))
    height = _TOP + rows * _STEP + (22 if max(len(left), len(right)) > _MOST else 0)
    most = max((b.size for b in [*left, *right] if b.size), default=Decimal(1))
    x, width = _seen(bool(left), bool(right))
    title = f"Herverdelingen naar en uit {code}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} 0 {width} {height}" width="{width}" role="img" '
            'font-family="system-ui, sans-serif" font-size="12" fill="currentColor">',
            f"<title>{_clean(title)}</title>",
            f"<desc>{_clean(_described(left, right))}</desc>",
            *_heads(bool(left), bool(right)),
            *_side(left, most, rows, is_left=True),
            *_side(right, most, rows, is_left=False),
            *_article(code, rows),
            "</svg>",
        ]
    )


def _band(told: Transfer, others: Sequence[str], own: Sequence[str]) -> _Band:
    """One reallocation seen from one of the articles on its `own` side; what they share has no size of its own."""
    other = others[0] if len(others) == 1 else f"{len(others)} artikelen" if others else "niet genoemd"
    sides = [(name, value) for name, value in (("VAK", told.vak), ("VEK", told.vek)) if value is not None]
    if told.vak is not None and told.vak == told.vek:
        said = f"{amount(told.vak)} VAK/VEK"
    else:
        said = ", ".join(f"{amount(value)} {name}" for name, value in sides) or "zonder bedrag"
    if sides and len(own) > 1:
        return _Band(other, f"deel van {said}", None)
    return _Band(other, said, max((value for _, value in sides), default=None))


def _side(bands: Sequence[_Band], most: Decimal, rows: int, *, is_left: bool) -> Iterator[str]:
    middle = (_WIDTH - _MIDDLE) / 2
    edge, inner = (_BOX, middle) if is_left else (_WIDTH - _BOX, middle + _MIDDLE)
    colour = _IN if is_left else _OUT
    shown = bands[:_MOST]
    for n, band in enumerate(shown):
        y = _TOP + (n + (rows - len(shown)) / 2) * _STEP + 16
        at = _TOP + rows * _STEP * (n + 1) / (len(shown) + 1) - 4
        bend = (edge + inner) / 2
        yield (
            f'<path d="M{edge:.0f} {y:.1f}C{bend:.0f} {y:.1f} {bend:.0f} {at:.1f} {inner:.0f} {at:.1f}" fill="none" '
            f'stroke="{colour}" stroke-opacity=".55" stroke-width="{_thickness(band.size, most):.1f}"'
            f"{'' if band.size else _DASHED}/>"
        )
        x, anchor = (_BOX - 8, "end") if is_left else (_WIDTH - _BOX + 8, "start")
        yield f'<text x="{x}" y="{y - 2:.1f}" text-anchor="{anchor}" font-weight="600">{_clean(band.other)}</text>'
        yield f'<text x="{x}" y="{y + 13:.1f}" text-anchor="{anchor}" fill="{colour}">{_clean(band.said)}</text>'
    if len(bands) > _MOST:
        x, anchor = (_BOX - 8, "end") if is_left else (_WIDTH - _BOX + 8, "start")
        yield f'<text x="{x}" y="{_TOP + rows * _STEP + 14}" text-anchor="{anchor}">en {len(bands) - _MOST} andere</text>'


def _article(code: str, rows: int) -> Iterator[str]:
    x = (_WIDTH - _MIDDLE) / 2
    yield (
        f'<rect x="{x:.0f}" y="{_TOP - 4}" width="{_MIDDLE}" height="{rows * _STEP}" rx="6" fill="#fff" '
        'stroke="currentColor" stroke-width="1.5"/>'
    )
    yield (
        f'<text x="{_WIDTH / 2:.0f}" y="{_TOP + rows * _STEP / 2:.0f}" text-anchor="middle" font-weight="600">'
        f"{_clean(code)}</text>"
    )


def _seen(has_left: bool, has_right: bool) -> tuple[int, int]:
    """Where the picture begins and how wide it is: a side without bands is left out."""
    half = (_WIDTH - _MIDDLE) // 2 - 2
    return 0 if has_left else half, _WIDTH - half * (2 - has_left - has_right)


def _heads(has_left: bool, has_right: bool) -> Iterator[str]:
    if has_left:
        yield f'<text x="{_BOX - 8}" y="12" text-anchor="end" fill="{_IN}">ontvangen van</text>'
    if has_right:
        yield f'<text x="{_WIDTH - _BOX + 8}" y="12" fill="{_OUT}">gegeven aan</text>'


def _thickness(size: Decimal | None, most: Decimal) -> float:
    """Pixels, in proportion: half of the largest amount is half as thick as it, never less than 2."""
    return max(_THINNEST, float(size / most) * _THICKEST) if size else _THINNEST


def _described(left: Sequence[_Band], right: Sequence[_Band]) -> str:
    sides = (("Ontvangen", "van", left), ("Gegeven", "aan", right))
    told = (
        f"{verb}: {'; '.join(f'{b.said} {word} {b.other}' for b in bands)}."
        for verb, word, bands in sides
        if bands
    )
    return f"Bedragen in duizend euro. {' '.join(told)}"


def _clean(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
