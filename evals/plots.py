"""The plots of a report as small SVGs that need nothing else: bars, intervals and lines.

Every plot has a title and a description in words, and the page gives the same figures as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evals.compare import Verdict

_WIDTH, _LEFT, _RIGHT, _ROW = 720, 200, 70, 26
_BLUE = "#1d4ed8"  # 4.5:1 on white, as are the others; text is currentColor
_VERDICTS: dict[Verdict, str] = {"better": "#047857", "worse": "#b91c1c", "unsure": "#6b7280", "other": _BLUE}
_LINES = ((_BLUE, ""), ("#047857", "7 3"), ("#b45309", "2 3"), ("#7e22ce", "10 3 2 3"))
_LABEL_GAP = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a value 0..1 and how it is written."""

    label: str
    value: float
    written: str


@dataclass(frozen=True, slots=True)
class Whisker:
    """One row: a difference with its interval and what that means."""

    label: str
    value: float
    low: float
    high: float
    verdict: Verdict
    written: str


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over runs; None where a run lacks it."""

    label: str
    values: Sequence[float | None]


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1."""
    scale = _WIDTH - _LEFT - _RIGHT
    body = [
        _axis(_LEFT + share / 4 * scale, len(rows), f"{share / 4:g}".replace(".", ",")) for share in range(5)
    ]
    for n, row in enumerate(rows):
        y = 30 + n * _ROW
        width = max(0.0, min(1.0, row.value)) * scale
        body += [
            _text(_LEFT - 8, y + 14, row.label, "end"),
            f'<rect x="{_LEFT}" y="{y + 2}" width="{width:.1f}" height="16" fill="{_BLUE}"/>',
            _text(_LEFT + width + 6, y + 14, row.written),
        ]
    described = "; ".join(f"{row.label} {row.written}" for row in rows)
    return _svg(title, described, body, 30 + len(rows) * _ROW + 24)


def whiskers(title: str, rows: Sequence[Whisker]) -> str:
    """Differences as points with their intervals, around zero."""
    reach = max([0.01, *(abs(x) for row in rows for x in (row.low, row.high))])
    middle, scale = (_LEFT + _WIDTH - _RIGHT) / 2, (_WIDTH - _LEFT - _RIGHT) / 2 / reach
    body = [
        _axis(middle + at * reach * scale, len(rows), f"{at * reach:+.3f}".replace(".", ",") if at else "0")
        for at in (-1, 0, 1)
    ]
    for n, row in enumerate(rows):
        y = 40 + n * _ROW
        colour = _VERDICTS[row.verdict]
        low, value, high = (middle + x * scale for x in (row.low, row.value, row.high))
        body += [
            _text(_LEFT - 8, y + 4, row.label, "end"),
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>',
            f'<circle cx="{value:.1f}" cy="{y}" r="5" fill="{colour}"/>',
        ]
    described = "; ".join(f"{row.label} {row.written}" for row in rows)
    return _svg(title, described, body, 30 + len(rows) * _ROW + 24)


def lines(title: str, names: Sequence[str], series: Sequence[Line]) -> str:
    """Measures over runs, at most four, the oldest run left; each line has its own colour and dashes."""
    there = [v for line in series for v in line.values if v is not None]
    low, high = min([*there, 1.0]), max([*there, 0.0])
    low, high = max(0.0, low - 0.05), min(1.0, high + 0.05)
    top, bottom, right = 34.0, 274.0, _WIDTH - 190.0
    step = (right - 50) / max(1, len(names) - 1)
    at = [(50 + n * step) for n in range(len(names))]
    height = {v: bottom - (v - low) / ((high - low) or 1) * (bottom - top) for v in {*there, low, high}}
    body = [
        f'<line x1="50" x2="{right:.0f}" y1="{y:.0f}" y2="{y:.0f}" stroke="currentColor" stroke-opacity=".3"/>'
        for y in (top, bottom)
    ]
    body += [_text(44, height[v] + 4, f"{v:.2f}".replace(".", ","), "end") for v in (low, high)]
    body += [_text(x, bottom + 20, str(n + 1), "middle") for n, x in enumerate(at)]
    ends: list[tuple[float, str, str]] = []
    for line, (colour, dashes) in zip(series, _LINES, strict=False):
        points = [(x, height[v]) for x, v in zip(at, line.values, strict=True) if v is not None]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        body.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
        )
        body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        ends.append((points[-1][1], line.label, colour))
    body += _spread(ends, right + 14)
    described = "; ".join(
        f"{line.label}: "
        + ", ".join("geen" if v is None else f"{v:.3f}".replace(".", ",") for v in line.values)
        for line in series
    )
    return _svg(title, described, body, 310)


def _spread(ends: Sequence[tuple[float, str, str]], x: float) -> list[str]:
    """Labels at the ends of lines, moved down where they would cover each other."""
    written, lowest = [], 0.0
    for y, label, colour in sorted(ends):
        lowest = max(y + 4, lowest + _LABEL_GAP)
        written.append(f'<text x="{x:.0f}" y="{lowest:.1f}" fill="{colour}">{_clean(label)}</text>')
    return written


def _axis(x: float, rows: int, written: str) -> str:
    bottom = 30 + rows * _ROW
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="26" y2="{bottom}" stroke="currentColor" stroke-opacity=".25"/>'
        + _text(x, bottom + 18, written, "middle")
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_clean(text)}</text>'


def _svg(title: str, described: str, body: Sequence[str], height: float) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
            'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">',
            f"<title>{_clean(title)}</title>",
            f"<desc>{_clean(described)}.</desc>",
            f'<text x="0" y="16" font-weight="600">{_clean(title)}</text>',
            *body,
            "</svg>",
        ]
    )


def _clean(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
