"""When what is open to whom: the phases of a budget."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from budgets.actions.phases import set_dates, usual_phases, warnings_of
from budgets.desk.views.frame import Desk, desk_page
from processes.actions import PhasePlan
from processes.desk import edits
from processes.kinds import BUDGETING, Activity
from processes.phases_page import PhasesKind, phases_page


@desk_page("phases", edits)
def phases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All phases on one page, the seven usual ones to begin with; after publication a change needs a
    public reason."""
    return phases_page(request, desk, _KIND)


def _save(actor: Any, desk: Desk, plan: list[PhasePlan], reason: str) -> None:
    set_dates(actor, budget=desk.budget, plan=plan, reason=reason)


_KIND = PhasesKind(
    activities=BUDGETING,
    added=(Activity.COMMENT,),
    proposed=usual_phases,
    save=_save,
    odd=warnings_of,
)
