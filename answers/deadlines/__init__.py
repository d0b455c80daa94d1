"""The promise of 2015 as arithmetic: what is owed an answer, by when, and whether it was kept.

The Digital Republic consultation promised a reasoned answer to its most supported contributions.
Pure: no Django, no clock; moments are arguments.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

State = Literal["owed", "answered", "answered_late", "late"]

SATURDAY_AND_SUNDAY = frozenset({5, 6})  # as date.weekday() counts


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contribution that may be owed an answer. `support` is how many people agree with it."""

    key: int
    support: int


@dataclass(frozen=True, slots=True)
class TopN:
    """The `number` most supported; all that tie at the last place; none that nobody supports."""

    number: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """All that at least `minimum_support` people support."""

    minimum_support: int


def owed(candidates: Iterable[Candidate], rule: TopN | Threshold) -> tuple[int, ...]:
    """Return the keys of those owed an answer: most supported first, the smaller key at a tie.

    The order in which they are given does not matter. A threshold below 1 counts as 1.
    """
    ranked = sorted(candidates, key=lambda candidate: (-candidate.support, candidate.key))
    least = rule.minimum_support if isinstance(rule, Threshold) else _support_at(ranked, rule)
    return tuple(candidate.key for candidate in ranked if candidate.support >= max(1, least))


def _support_at(ranked: list[Candidate], rule: TopN) -> int:
    """The support of the last place; more than anyone has when there are no places."""
    if not ranked or rule.number < 1:
        return ranked[0].support + 1 if ranked else 1
    return ranked[min(rule.number, len(ranked)) - 1].support


def state(*, due_at: datetime, answered_at: datetime | None, now: datetime) -> State:
    """Return where a promise stands. The due moment itself is still in time."""
    if answered_at is not None:
        return "answered" if answered_at <= due_at else "answered_late"
    return "owed" if now <= due_at else "late"


def working_days_after(
    start: date,
    days: int,
    holidays: Collection[date] = (),
    weekend: Collection[int] = SATURDAY_AND_SUNDAY,
) -> date:
    """Return the date `days` working days after `start`, which itself does not count.

    With 0 it is `start` or the first working day after it. `holidays` that fall on a weekend cost
    nothing more. Raises ValueError for negative days or a week without a working day.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    if set(weekend) >= set(range(7)):
        raise ValueError("a week needs a working day")
    free = frozenset(holidays)
    day, left = start, days
    while left or day.weekday() in weekend or day in free:
        day += timedelta(days=1)
        if left and day.weekday() not in weekend and day not in free:
            left -= 1
    return day
