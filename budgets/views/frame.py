"""What every page of a budget begins with: the row, its timetable, its money, its name and its parts."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.reading import BUDGET, Pot, Theme, pots_of, themes_of
from common.prepared import Prepared
from common.texts import localized
from common.ui.timeline import Step
from processes.framing import PublicFrame
from processes.kinds import Activity
from processes.permissions import may_read
from processes.timetable import Timetable

# What a phase is for. That one can also talk then need not be said seven times.
_ACTIVITIES: dict[str, Any] = {
    activity.value: activity.label
    for activity in (
        Activity.PROJECT,
        Activity.COSIGN,
        Activity.REVISE,
        Activity.ASSESS,
        Activity.VOTE,
        Activity.BUILD,
    )
}
_TABS = (
    ("overview", ""),
    ("projects", "projects/"),
    ("results", "results/"),
    ("building", "building/"),
    ("activity", "activity/"),
)
_AFTER_THE_COUNT = ("results", "building")


@dataclass(frozen=True, slots=True)
class BudgetFrame(PublicFrame):
    """A budget that the reader may see. `href` is its page, ending in a slash; money lies in `pots`."""

    budget: Budget
    pots: list[Pot]
    themes: list[Theme]

    @property
    def is_counted(self) -> bool:
        return self.budget.poll.counted_at is not None

    @property
    def amount(self) -> Decimal:
        """All the money there is."""
        return sum((pot.amount for pot in self.pots), Decimal(0))

    @property
    def tabs(self) -> list[tuple[str, str, None, bool]]:
        """The budget's pages; results and building come with the count."""
        names = _tab_names(get_language() or "")
        return [
            (f"{self.href}{path}", names[tab], None, tab == self.current_tab)
            for tab, path in _TABS
            if self.is_counted or tab not in _AFTER_THE_COUNT
        ]

    @property
    def projects_href(self) -> str:
        return f"{self.href}projects/"

    @property
    def poll_href(self) -> str:
        """Where its ballot stands, ending in a slash."""
        return f"/{get_language()}/polls/{self.process.slug}/"


@lru_cache(maxsize=32)
def _tab_names(language: str) -> dict[str, str]:
    return {
        "overview": _("Overview"),
        "projects": _("Projects"),
        "results": _("Results"),
        "building": _("Carrying out"),
        "activity": _("Activity"),
    }


def frame_of(
    user: Any, slug: str, tab: str, *, reads: Prepared[Budget] | None = None
) -> BudgetFrame:
    """The budget for this reader, or Http404. One query.

    `reads` is the query of a page that needs more of the budget's own row (see `budgets.reading`).
    """
    budget = (reads or BUDGET).first(slug=slug)
    if budget is None:
        raise Http404
    budget.take_frame()
    if not may_read(user, budget.process):
        raise Http404
    return frame_for(budget, tab)


def frame_for(budget: Budget, tab: str) -> BudgetFrame:
    """The frame of a budget that was read already, with its timetable. No query on a row of `reading`."""
    process = budget.process
    return BudgetFrame(
        budget=budget,
        process=process,
        href=f"/{get_language()}/budgets/{process.slug}/",
        title=localized(process.title),
        body_name=localized(process.organisation.name),
        current_tab=tab,
        pots=pots_of(budget),
        themes=themes_of(budget),
    )


def steps(timetable: Timetable) -> list[Step]:
    """The phases as the drawn timeline wants them."""
    return [
        Step(
            title=localized(span.name).text,  # type: ignore[arg-type]
            starts_at=span.opens_at,
            ends_at=span.closes_at,
            opens=" · ".join(
                str(label) for value, label in _ACTIVITIES.items() if value in span.activities
            ),
        )
        for span in timetable.spans
    ]
