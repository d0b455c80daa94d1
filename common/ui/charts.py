"""Charts beside tables: bars, means on their scale, stacked shares. HTML labels, SVG bars.

Read without colour: by length, by word and by pattern. Each stands beside a table with the same
figures, so the drawing itself is hidden from whoever listens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.html import trusted
from common.texts import Localized

PATTERNS = 6

_LIST = '<ul class="chart" aria-hidden="true">{}</ul>'
_LINE = (
    '<li><span class="chart__label"{}>{}</span><span class="chart__value num">{}</span>'
    '<svg class="chart__bar" width="100%" height="{}" preserveAspectRatio="none">{}</svg></li>'
)
_TRACK = '<rect class="chart__track" width="100%" height="14" y="1"/>'
_FILL = '<rect class="chart__fill" width="{:.2f}%" height="14" y="1"/>'
_NOTHING = '<rect class="chart__hidden" x="0.5" y="1.5" width="99%" height="13"/>'
_WHISKER = (
    '<line class="chart__whisker" x1="{0:.2f}%" x2="{1:.2f}%" y1="8" y2="8"/>'
    '<line class="chart__whisker" x1="{0:.2f}%" x2="{0:.2f}%" y1="4" y2="12"/>'
    '<line class="chart__whisker" x1="{1:.2f}%" x2="{1:.2f}%" y1="4" y2="12"/>'
)
_AXIS = '<line class="chart__axis" x1="1%" x2="99%" y1="8" y2="8"/>'
_TICK = '<line class="chart__axis" x1="{0:.2f}%" x2="{0:.2f}%" y1="3" y2="13"/>'
_DOT = '<circle class="chart__dot" cx="{:.2f}%" cy="8" r="5"/>'
_PIECE = (
    '<rect class="chart__piece-{0}" x="{1:.2f}%" width="{2:.2f}%" height="16"/>'
    '<rect fill="url(#chart-{0})" x="{1:.2f}%" width="{2:.2f}%" height="16"/>'
    '<rect class="bar-edge" x="{1:.2f}%" width="2" height="16"/>'
)
_KEY = (
    '<li><svg class="key" width="16" height="16" aria-hidden="true">'
    '<rect class="chart__piece-{0}" width="16" height="16"/>'
    '<rect fill="url(#chart-{0})" width="16" height="16"/></svg> <span{1}>{2}</span></li>'
)
_LEGEND = '<ul class="chart__key" aria-hidden="true">{}</ul>'

# Six pieces: plain, dots, stripes one way, stripes the other way, lattice, hollow.
PATTERN_DEFINITIONS = trusted(
    '<svg class="chart__defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="chart-0" width="8" height="8" patternUnits="userSpaceOnUse"></pattern>'
    '<pattern id="chart-1" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle class="chart__ink" cx="3" cy="3" r="1.2"/></pattern>'
    '<pattern id="chart-2" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="chart__ink" width="2" height="7"/></pattern>'
    '<pattern id="chart-3" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect class="chart__ink" width="7" height="1.5"/></pattern>'
    '<pattern id="chart-4" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<path class="chart__ink" d="M0 0h7v1.2h-7zM0 0h1.2v7h-1.2z"/></pattern>'
    '<pattern id="chart-5" width="8" height="8" patternUnits="userSpaceOnUse"></pattern>'
    "</defs></svg>"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1 with its interval, or None where it is hidden; `text` stands beside it."""

    label: Localized
    value: float | None
    low: float | None
    high: float | None
    text: str


def bars(rows: Iterable[Bar]) -> SafeString:
    """Shares as bars from nought to all, with their intervals as whiskers."""
    return _drawn((row, 16, _bar(row)) for row in rows)


def _bar(row: Bar) -> str:
    if row.value is None:
        return _NOTHING
    parts = [_TRACK, _FILL.format(100 * row.value)]
    if row.low is not None and row.high is not None:
        parts.append(_WHISKER.format(100 * row.low, 100 * row.high))
    return "".join(parts)


def means(rows: Iterable[Bar], least: float, most: float) -> SafeString:
    """Means as dots on a scale from `least` to `most`, with a tick at each whole point."""

    def at(value: float) -> float:
        share = (value - least) / (most - least) if most > least else 0.5
        return 1 + 98 * min(1.0, max(0.0, share))

    points = int(most - least)
    ticks = [least + step for step in range(points + 1)] if points <= 20 else [least, most]
    axis = _AXIS + "".join(_TICK.format(at(tick)) for tick in ticks)
    return _drawn((row, 16, _mean(row, axis, at)) for row in rows)


def _mean(row: Bar, axis: str, at) -> str:  # type: ignore[no-untyped-def]
    if row.value is None:
        return _NOTHING
    parts = [axis]
    if row.low is not None and row.high is not None:
        parts.append(_WHISKER.format(at(row.low), at(row.high)))
    return "".join([*parts, _DOT.format(at(row.value))])


def stacks(
    rows: Iterable[tuple[Localized, Sequence[float | None]]], names: Sequence[Localized]
) -> SafeString:
    """Shares of one whole beside one another, for each row; at most PATTERNS of them."""
    legend = "".join(
        format_html(_KEY, place, _lang(name), name.text) for place, name in enumerate(names)
    )
    drawn = _drawn((Bar(label, 0, None, None, ""), 16, _stack(shares)) for label, shares in rows)
    return format_html("{}{}", format_html(_LEGEND, trusted(legend)), drawn)


def _stack(shares: Sequence[float | None]) -> str:
    if any(share is None for share in shares):
        return _NOTHING
    parts, start = [], 0.0
    for place, share in enumerate(shares):
        width = 100 * (share or 0.0)
        if width:
            parts.append(_PIECE.format(place, start, width))
        start += width
    return "".join(parts)


def _drawn(lines: Iterable[tuple[Bar, int, str]]) -> SafeString:
    drawn = "".join(
        format_html(_LINE, _lang(row.label), row.label.text, row.text, height, trusted(drawing))
        for row, height, drawing in lines
    )
    return format_html(_LIST, trusted(drawn))


def _lang(text: Localized) -> SafeString:
    return format_html(' lang="{}"', text.language) if text.language else trusted("")
