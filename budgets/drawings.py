"""Building as drawings: the steps of a project on a line of days, money spent against the plan.

Lengths are attributes of the SVG. Each drawing stands beside a table or a sentence with the same
figures, so it is hidden from whoever listens; without colour it reads by shape and by pattern.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from budgets.standing import State, Step, state_words
from common.html import trusted
from common.ui import moments
from common.ui.tongues import lang_of

_PLAN = (
    '<figure class="plan" aria-hidden="true"><ol class="plan__steps">{}</ol>{}'
    '<ul class="plan__key">{}</ul></figure>'
)
_ROW = (
    '<li><span class="plan__title"{}>{}</span>'
    '<svg class="plan__line" width="100%" height="22">{}</svg></li>'
)
_RAIL = '<line class="plan__rail" x1="0" x2="100%" y1="11" y2="11"/>'
_TODAY = '<line class="plan__today" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="22"/>'
_SLIP = (
    '<rect class="plan__slip" x="{0:.2f}%" width="{1:.2f}%" y="8" height="6"/>'
    '<rect x="{0:.2f}%" width="{1:.2f}%" y="8" height="6" fill="url(#pattern-disagree)"/>'
)
_PLANNED = '<circle class="plan__planned" cx="{:.2f}%" cy="11" r="6"/>'
_EXPECTED = '<line class="plan__expected" x1="{0:.2f}%" x2="{0:.2f}%" y1="3" y2="19"/>'
_REACHED = '<circle class="plan__reached" cx="{:.2f}%" cy="11" r="6"/>'
_ENDS = '<p class="plan__ends"><span>{}</span><span>{}</span></p>'
_KEY = '<li><svg class="key" width="18" height="22">{}</svg> {}</li>'

_MONEY = (
    '<svg class="spending" width="100%" height="{}" aria-hidden="true">'
    '<rect class="progress__track" width="100%" height="100%"/>'
    '<rect class="progress__done" width="{:.2f}%" height="100%"/>{}</svg>'
)
_OVER = (
    '<rect class="spending__over" x="{0:.2f}%" width="{1:.2f}%" height="100%"/>'
    '<rect x="{0:.2f}%" width="{1:.2f}%" height="100%" fill="url(#pattern-disagree)"/>'
    '<line class="spending__plan" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="100%"/>'
)
# How each state is drawn: a class and a pattern of base.html or common.ui.charts.
_STATES = {
    State.BUILT: ("is-built", ""),
    State.UNDER_WAY: ("is-under-way", "chart-1"),
    State.WAITING: ("is-waiting", ""),
    State.LATE: ("is-late", "chart-2"),
    State.GIVEN_UP: ("is-given-up", "chart-4"),
}
_PIECE = '<rect class="states__piece {}" x="{:.2f}%" width="{:.2f}%" height="24"/>'
_PATTERN = '<rect fill="url(#{})" x="{:.2f}%" width="{:.2f}%" height="24"/>'


def plan(steps: Sequence[Step], today: date) -> SafeString | str:
    """The steps on one line of days each: planned, expected, reached, and what lies between; ""
    without steps."""
    if not steps:
        return ""
    days = [day for s in steps for day in (s.planned_on, s.expected_on, s.reached_on or today)]
    first, last = min(days), max(days)
    length = max(1, (last - first).days)

    def at(day: date) -> float:
        return 2 + 96 * (day - first).days / length

    rows = [(lang_of(s.title.language), s.title.text, _line(s, at, today)) for s in steps]
    ends = format_html(_ENDS, moments.day(first), moments.day(last))
    drawn = format_html_join("", _ROW, rows)
    return format_html(_PLAN, drawn, ends, _key(steps))


def _line(step: Step, at, today: date) -> SafeString:  # type: ignore[no-untyped-def]
    """One step: a ring where it was planned, a tick where it is expected, a disc where it was reached."""
    parts = [_RAIL, _TODAY.format(at(today))]
    end = step.reached_on or step.expected_on
    if end > step.planned_on:
        parts.append(_SLIP.format(at(step.planned_on), at(end) - at(step.planned_on)))
    parts.append(_PLANNED.format(at(step.planned_on)))
    if step.reached_on is not None:
        parts.append(_REACHED.format(at(step.reached_on)))
    elif step.expected_on != step.planned_on:
        parts.append(_EXPECTED.format(at(step.expected_on)))
    return trusted("".join(parts))


def _key(steps: Sequence[Step]) -> SafeString:
    """What the marks mean, as far as they are used."""
    half = 50.0
    marks = [(_PLANNED.format(half), gettext("planned"))]
    if any(s.reached_on for s in steps):
        marks.append((_REACHED.format(half), gettext("reached")))
    if any(not s.reached_on and s.expected_on != s.planned_on for s in steps):
        marks.append((_EXPECTED.format(half), gettext("expected now")))
    if any(s.days_late for s in steps):
        marks.append((_SLIP.format(10.0, 80.0), gettext("later than planned")))
    marks.append((_TODAY.format(half), gettext("today")))
    return format_html_join("", _KEY, ((trusted(mark), word) for mark, word in marks))


def spending(spent: Decimal, planned: Decimal, height: int = 12) -> SafeString:
    """Money spent against the plan; what was spent beyond it is hatched, behind a line."""
    whole = max(spent, planned)
    if not whole:
        return trusted(_MONEY.format(height, 0.0, ""))
    inside = float(100 * min(spent, planned) / whole)
    beyond = _OVER.format(inside, 100 - inside) if spent > planned else ""
    return trusted(_MONEY.format(height, inside, beyond))


def states(counts: dict[str, int]) -> SafeString | str:
    """How many projects stand where, as one bar with its key; "" for none."""
    total = sum(counts.values())
    if not total:
        return ""
    parts, start = [], 0.0
    for state, (name, pattern) in _STATES.items():
        width = 100 * counts[state] / total
        if width:
            parts.append(_PIECE.format(name, start, width))
            if pattern:
                parts.append(_PATTERN.format(pattern, start, width))
        start += width
    drawn = trusted("".join(parts))
    key = format_html_join("", _KEY, _state_key(counts))
    return format_html(
        '<figure class="states" aria-hidden="true"><svg width="100%" height="24">{}</svg>'
        '<ul class="plan__key">{}</ul></figure>',
        drawn,
        key,
    )


def _state_key(counts: dict[str, int]) -> Iterable[tuple[SafeString, str]]:
    words = state_words()
    for state, (name, pattern) in _STATES.items():
        if counts[state]:
            swatch = f'<rect class="states__piece {name}" y="4" width="16" height="14"/>'
            if pattern:
                swatch += f'<rect fill="url(#{pattern})" y="4" width="16" height="14"/>'
            yield trusted(swatch), f"{words[state]} ({counts[state]})"
