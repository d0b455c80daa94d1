"""When a process opens what, and to whom. Pure: no Django, no clock (`now` is an argument)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """One phase: from `opens_at` (included) to `closes_at` (excluded)."""

    id: int
    name: object
    opens_at: datetime
    closes_at: datetime
    activities: frozenset[str]
    audience: str
    area_path: str | None

    def state(self, now: datetime) -> str:
        """'past', 'now' or 'future'."""
        if now >= self.closes_at:
            return "past"
        return "now" if now >= self.opens_at else "future"


@dataclass(frozen=True, slots=True)
class Timetable:
    """All phases of a process in order of opening, and the database's clock when they were read."""

    spans: tuple[Span, ...]
    now: datetime

    @classmethod
    def of(cls, spans: Sequence[Span], now: datetime) -> "Timetable":
        return cls(tuple(sorted(spans, key=lambda s: (s.opens_at, s.closes_at, s.id))), now)

    def open_for(self, activity: str) -> tuple[Span, ...]:
        """The phases which open `activity` now."""
        return tuple(
            s for s in self.spans if activity in s.activities and s.state(self.now) == "now"
        )

    def next_opening(self, activity: str) -> datetime | None:
        """When `activity` opens next, or None if it never will."""
        moments = [
            s.opens_at for s in self.spans if activity in s.activities and s.opens_at > self.now
        ]
        return min(moments, default=None)

    def last_closing(self, activity: str) -> datetime | None:
        """When `activity` closed last, or None if it never was open."""
        moments = [
            s.closes_at for s in self.spans if activity in s.activities and s.closes_at <= self.now
        ]
        return max(moments, default=None)

    @property
    def current(self) -> Span | None:
        """The phase that is on now; of several the one that closes first."""
        on = [s for s in self.spans if s.state(self.now) == "now"]
        return min(on, key=lambda s: s.closes_at, default=None)

    @property
    def opens_at(self) -> datetime | None:
        return min((s.opens_at for s in self.spans), default=None)

    @property
    def closes_at(self) -> datetime | None:
        return max((s.closes_at for s in self.spans), default=None)
