"""The risk-coverage curve as a small SVG that needs nothing else."""

from collections.abc import Sequence
from html import escape

from evals.calibrate import Point

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 690, 40, 300
_CURVE, _CHOSEN = "#1d4ed8", "#b91c1c"


def risk_coverage_svg(curve: Sequence[Point], threshold: float, title: str) -> str:
    """Error among the answers against the share of questions answered, the operating point marked and named."""
    chosen = operating_point(curve, threshold)
    path = " ".join(f"{_x(p.answered):.1f},{_y(p.error):.1f}" for p in curve)
    told = (
        f"drempel {_number(threshold)}: {_number(chosen.answered)} beantwoord, waarvan {_number(chosen.error)} fout"
        if chosen
        else "geen punt"
    )
    body = [
        *(_grid(step / 5) for step in range(6)),
        f'<polyline points="{path}" fill="none" stroke="{_CURVE}" stroke-width="2.5"/>',
        _text((_LEFT + _RIGHT) / 2, _BOTTOM + 42, "aandeel van de vragen dat beantwoord wordt", "middle"),
        _text(_LEFT, _TOP - 8, "aandeel fout onder de antwoorden"),
    ]
    if chosen:
        x, y = _x(chosen.answered), _y(chosen.error)
        body += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{_CHOSEN}"/>',
            f'<text x="{x - 10:.1f}" y="{y - 12:.1f}" text-anchor="end" fill="{_CHOSEN}">{escape(told)}</text>',
        ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(told)}.</desc>",
            *body,
            "</svg>",
        ]
    )


def operating_point(curve: Sequence[Point], threshold: float) -> Point | None:
    """The point of the curve with the lowest score that is still shown."""
    return next((p for p in reversed(curve) if p.threshold >= threshold), None)


def _grid(at: float) -> str:
    """One line at a share of each axis, with its number."""
    x, y = _x(at), _y(at)
    line = 'stroke="currentColor" stroke-opacity=".2"'
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_BOTTOM}" {line}/>'
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" {line}/>'
        + _text(x, _BOTTOM + 20, _number(at), "middle")
        + _text(_LEFT - 8, y + 4, _number(at), "end")
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _x(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
