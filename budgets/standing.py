"""Where a chosen project stands, and its steps: what lists, pages and drawings of building share."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import Project
from common.texts import Localized


class State(StrEnum):
    """Where a chosen project stands. One that has not begun can be late too."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    LATE = "late"
    BUILT = "built"
    GIVEN_UP = "given_up"


def state_words() -> dict[str, str]:
    return {
        State.LATE: _("Late"),
        State.UNDER_WAY: _("Under way"),
        State.WAITING: _("Not begun"),
        State.BUILT: _("Completed"),
        State.GIVEN_UP: _("Given up"),
    }


def state_of(project: Project, planned_on: date | None, next_on: date | None) -> State:
    """By the day of the last step as first planned and of the next one as expected; None without."""
    if project.cancelled_at is not None:
        return State.GIVEN_UP
    if project.built_on is not None:
        return State.BUILT
    today = timezone.localdate()
    expected = project.expected_on
    is_overdue = any(day is not None and day < today for day in (next_on, expected))
    is_put_off = expected is not None and (planned_on is None or expected > planned_on)
    if is_overdue or is_put_off:
        return State.LATE
    return State.WAITING if project.started_on is None else State.UNDER_WAY


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a project. `days_late`: how much later than planned it was or will be reached."""

    pk: int
    title: Localized
    planned_on: date
    expected_on: date
    reached_on: date | None
    is_overdue: bool

    @property
    def days_late(self) -> int:
        return max(0, ((self.reached_on or self.expected_on) - self.planned_on).days)
