"""Bars of budgeted, available and executed credit as one small SVG that needs nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from answer.figures import dutch

_WIDTH, _LEFT, _RIGHT = 720, 190, 150
_BAR, _STEP, _GROUP, _TOP = 16, 20, 24, 34
_LONGEST = 26
# Each has at least 4.5:1 on white; text itself is currentColor.
_COLOURS = (("begroot", "#6b7280"), ("beschikbaar", "#1d4ed8"), ("uitgevoerd", "#047857"))
_OVER, _UNDER = "#b91c1c", "#92400e"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: an article's credit, or one article among others; amounts in keuro.

    `label` as a person reads it (`VAK`, or an article's code). None is a figure that the table lacks.
    """

    label: str
    begroot: Decimal | None
    beschikbaar: Decimal | None
    uitgevoerd: Decimal | None


def bars(rows: Sequence[Bar], title: str = "Begroot, beschikbaar en uitgevoerd") -> str:
    """An accessible SVG: three bars a row from one zero line, then how far execution is over or under.

    Over and under are measured against what was available (else budgeted), and said in words as well as in colour. The scale is
    shared by all rows. Amounts below zero go to the left of the zero line.
    """
    values = [value for row in rows for _, value in _values(row)]
    low, high = min([Decimal(), *values]), max([Decimal(), *values])
    span = (high - low) or Decimal(1)
    scale = Decimal(_WIDTH - _LEFT - _RIGHT) / span
    zero = _LEFT + -low * scale
    body: list[str] = []
    y = _TOP + 26
    for row in rows:
        body += _row(row, y, zero, scale)
        y += len(_COLOURS) * _STEP + _GROUP
    described = "; ".join(f"{row.label}: {_said(row)}" for row in rows)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">',
            f"<title>{_clean(title)}</title>",
            f"<desc>Bedragen in duizend euro. {_clean(described)}.</desc>",
            f'<text x="0" y="16" font-weight="600">{_clean(title)} (duizend euro)</text>',
            *_legend(),
            *body,
            f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{_TOP + 18}" y2="{y - _GROUP + 4}" stroke="currentColor"/>',
            "</svg>",
        ]
    )


def _row(row: Bar, top: int, zero: Decimal, scale: Decimal) -> Iterator[str]:
    short = row.label if len(row.label) <= _LONGEST else f"{row.label[: _LONGEST - 1]}…"
    yield f'<text x="0" y="{top + 13}" font-weight="600">{_clean(short)}</text>'
    gap = _gap(row)
    if gap is not None:
        colour = _OVER if gap > 0 else _UNDER if gap < 0 else "currentColor"
        yield f'<text x="0" y="{top + 33}" fill="{colour}">{_clean(_told(gap))}</text>'
        yield f'<text x="0" y="{top + 53}" fill="{colour}">{_clean(_share(row))}</text>'
    named = dict(_values(row))
    for index, (name, colour) in enumerate(_COLOURS):
        y = top + index * _STEP
        if name not in named:
            yield f'<text x="{_LEFT + 6}" y="{y + 13}" font-style="italic">{name} niet vermeld</text>'
            continue
        value = named[name]
        width = abs(value) * scale
        x = zero if value >= 0 else zero - width
        yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'
        if name == "uitgevoerd" and gap and (planned := _planned(row)) is not None:
            yield _difference(planned, value, y, zero, scale)
        end = max(
            zero, zero + max(value, _planned(row) or value) * scale if name == "uitgevoerd" else x + width
        )
        yield f'<text x="{end + 6:.1f}" y="{y + 13}">{dutch(value)}</text>'


def _difference(planned: Decimal, done: Decimal, y: int, zero: Decimal, scale: Decimal) -> str:
    """The stretch between planned and executed: filled when over, an open dashed box when under."""
    low, high = sorted((planned, done))
    place = (
        f'x="{zero + low * scale:.1f}" y="{y + 0.5}" width="{(high - low) * scale:.1f}" height="{_BAR - 1}"'
    )
    if done > planned:
        return f'<rect {place} fill="{_OVER}"/>'
    return f'<rect {place} fill="none" stroke="{_UNDER}" stroke-dasharray="3 2"/>'


def _legend() -> Iterator[str]:
    x = 0
    signs = [(name, f'fill="{colour}"') for name, colour in _COLOURS]
    signs += [
        ("meer dan voorzien", f'fill="{_OVER}"'),
        ("minder dan voorzien", f'fill="none" stroke="{_UNDER}" stroke-dasharray="3 2"'),
    ]
    for name, drawn in signs:
        yield f'<rect x="{x + 1}" y="{_TOP - 8}" width="12" height="12" {drawn}/>'
        yield f'<text x="{x + 19}" y="{_TOP + 3}">{name}</text>'
        x += 40 + 8 * len(name)


def _values(row: Bar) -> list[tuple[str, Decimal]]:
    three = (("begroot", row.begroot), ("beschikbaar", row.beschikbaar), ("uitgevoerd", row.uitgevoerd))
    return [(name, value) for name, value in three if value is not None]


def _planned(row: Bar) -> Decimal | None:
    """What execution is measured against: available, or budgeted where the table has no later phase."""
    return row.begroot if row.beschikbaar is None else row.beschikbaar


def _gap(row: Bar) -> Decimal | None:
    """Executed less planned: 458,323 of 410,974 gives 47,349."""
    planned = _planned(row)
    return None if row.uitgevoerd is None or planned is None else row.uitgevoerd - planned


def _told(gap: Decimal) -> str:
    return f"{dutch(abs(gap))} {'meer' if gap > 0 else 'minder'}" if gap else "precies zoveel"


def _share(row: Bar) -> str:
    planned = _planned(row)
    if not planned or row.uitgevoerd is None or planned < 0:
        return ""
    return f"uitvoering {dutch((row.uitgevoerd / planned * 100).quantize(Decimal('0.1')))}%"


def _said(row: Bar) -> str:
    gap = _gap(row)
    figures = ", ".join(f"{name} {dutch(value)}" for name, value in _values(row))
    return figures + (f", {_told(gap)}" if gap is not None else "")


def _clean(text: str) -> str:
    """Escaped, without the control characters that XML forbids."""
    return escape("".join(c for c in text if c >= " " and c not in "\ufffe\uffff"))
