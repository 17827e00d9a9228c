"""The four kinds of chart. Colours and letters come from the style sheet by class; directions and
sizes are attributes, as the content security policy allows no style in a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 640
ROW = 50
BAR = 18
KINDS = 6
"""How many colours and hatchings there are; more parts begin again."""
_TOP = 30
_PLOT = 150


@dataclass(frozen=True)
class Part:
    """One part of a divided bar. `kind` chooses its colour and hatching."""

    label: str
    value: float
    kind: int


@dataclass(frozen=True)
class Bar:
    """One bar: `shown` is its value in words, `parts` divide it."""

    label: str
    value: float
    shown: str
    parts: tuple[Part, ...] = ()


def bars(rows: Sequence[Bar], title: str, *, rtl: bool) -> Markup:
    """A bar a row, as long as its value; the longest fills the width."""
    most = max((row.value for row in rows), default=0) or 1
    drawn = [
        _line_of(place, row, rtl) + _rect(0, _length(row.value, most), place, "chart-0", rtl=rtl)
        for place, row in enumerate(rows)
    ]
    return _svg(title, len(rows) * ROW, drawn, rtl)


def funnel(rows: Sequence[Bar], title: str, *, rtl: bool) -> Markup:
    """As bars, from the many at the beginning to the few at the end; each in its own shade, with a
    thin line as long as the first one behind it."""
    most = rows[0].value if rows and rows[0].value else 1
    most = max(most, *(row.value for row in rows)) if rows else 1
    drawn = [
        _line_of(place, row, rtl)
        + _rect(0, WIDTH, place, "chart-back", rtl=rtl)
        + _rect(0, _length(row.value, most), place, "chart-funnel", rtl=rtl)
        for place, row in enumerate(rows)
    ]
    return _svg(title, len(rows) * ROW, drawn, rtl)


def shares(
    rows: Sequence[Bar], title: str, legend: Sequence[str], *, rtl: bool, name: str = "shares"
) -> Markup:
    """A bar a row, all of the same length, divided into its parts; hatched, so that the parts are
    told apart without colours. `name` is unique among the charts of a page."""
    drawn = [_hatches(name)]
    for place, row in enumerate(rows):
        whole = sum(part.value for part in row.parts)
        picture = _line_of(place, row, rtl)
        if not whole:
            picture += _rect(0, WIDTH, place, "chart-back", rtl=rtl)
        begin = 0.0
        for part in row.parts:
            length = WIDTH * part.value / whole if whole else 0
            if length:
                kind = part.kind % KINDS
                picture += _rect(begin, length, place, f"chart-{kind}", rtl=rtl)
                told = Markup("<title>{}: {:g}</title>").format(part.label, part.value)
                hatch = f"url(#{name}-{kind})"
                picture += _rect(begin, length, place, "hatched", rtl=rtl, inside=told, fill=hatch)
            begin += length
        drawn.append(picture)
    high = len(rows) * ROW
    drawn.append(_legend(legend, high, rtl, name))
    return _svg(title, high + _legend_height(legend), drawn, rtl)


def line(rows: Sequence[Bar], title: str, *, rtl: bool) -> Markup:
    """Points in time joined by a line, the earliest at the side where reading begins."""
    most = max((row.value for row in rows), default=0) or 1
    apart = WIDTH / max(len(rows), 1)
    points, drawn = [], []
    for place, row in enumerate(rows):
        x = _from_start((place + 0.5) * apart, rtl)
        y = _TOP + _PLOT * (1 - row.value / most)
        points.append(f"{x:.1f},{y:.1f}")
        drawn.append(
            Markup(
                '<circle class="chart-point" cx="{:.1f}" cy="{:.1f}" r="5"/>'
                '<text class="chart-number" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>'
                '<text class="chart-label" x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
            ).format(x, y, x, y - 10, row.shown, x, _TOP + _PLOT + 28, row.label)
        )
    joined = Markup('<polyline class="chart-line" points="{}"/>').format(" ".join(points))
    floor = Markup('<line class="chart-floor" x1="0" x2="{}" y1="{}" y2="{}"/>').format(
        WIDTH, _TOP + _PLOT, _TOP + _PLOT
    )
    return _svg(title, _TOP + _PLOT + 40, [floor, joined, *drawn], rtl)


def _svg(title: str, height: float, inside: Iterable[Markup], rtl: bool) -> Markup:
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {:.0f}" direction="{}"'
        ' preserveAspectRatio="xMidYMin meet"><title>{}</title>{}</svg>'
    ).format(WIDTH, height, "rtl" if rtl else "ltr", title, Markup("").join(inside))


def _line_of(place: int, row: Bar, rtl: bool) -> Markup:
    """The name of a bar above it where reading begins, its value at the other end."""
    y = place * ROW + 18
    return Markup(
        '<text class="chart-label" x="{}" y="{}">{}</text>'
        '<text class="chart-number" x="{}" y="{}" text-anchor="end">{}</text>'
    ).format(_from_start(0, rtl), y, row.label, _from_start(WIDTH, rtl), y, row.shown)


def _rect(
    begin: float,
    length: float,
    place: int,
    name: str,
    *,
    rtl: bool,
    inside: str = "",
    fill: str = "",
) -> Markup:
    x = WIDTH - begin - length if rtl else begin
    return Markup(
        '<rect class="{}"{} x="{:.1f}" y="{}" width="{:.1f}" height="{}">{}</rect>'
    ).format(name, _filled(fill), x, place * ROW + 25, length, BAR, inside)


def _filled(fill: str) -> Markup:
    return Markup(' fill="{}"').format(fill) if fill else Markup("")


def _legend_height(names: Sequence[str]) -> int:
    return 28 * ((len(names) + 1) // 2) + 8


def _legend(names: Sequence[str], top: float, rtl: bool, chart: str) -> Markup:
    drawn = Markup("")
    for place, name in enumerate(names):
        begin = (place % 2) * WIDTH / 2
        y = top + 8 + 28 * (place // 2)
        x = WIDTH - begin - 18 if rtl else begin
        kind = place % KINDS
        for shape, fill in ((f"chart-{kind}", ""), ("hatched", f"url(#{chart}-{kind})")):
            drawn += Markup(
                '<rect class="{}"{} x="{:.1f}" y="{:.1f}" width="18" height="18"/>'
            ).format(shape, _filled(fill), x, y)
        drawn += Markup('<text class="chart-legend" x="{:.1f}" y="{:.1f}">{}</text>').format(
            _from_start(begin + 26, rtl), y + 15, name
        )
    return drawn


def _length(value: float, most: float) -> float:
    """Something is never drawn as nothing."""
    return max(WIDTH * value / most, 3) if value else 0


def _from_start(x: float, rtl: bool) -> float:
    """Text anchors at the side where reading begins."""
    return WIDTH - x if rtl else x


_MARKS = (
    Markup(""),
    Markup('<path d="M0 8L8 0" class="hatch"/>'),
    Markup('<path d="M0 4H8" class="hatch"/>'),
    Markup('<path d="M4 0V8" class="hatch"/>'),
    Markup('<path d="M0 0L8 8M0 8L8 0" class="hatch"/>'),
    Markup('<circle cx="4" cy="4" r="1.6" class="hatch-dot"/>'),
)


def _hatches(name: str) -> Markup:
    """The hatchings of one chart: ids are unique in a page."""
    pattern = Markup(
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">{}</pattern>'
    )
    marks = [pattern.format(name, kind, mark) for kind, mark in enumerate(_MARKS)]
    return Markup("<defs>{}</defs>").format(Markup("").join(marks))
