"""The phases of a budget: the seven usual ones, and when dates can still change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from budgets.models import Budget
from common.verdicts import YES, Refused, Verdict, no, require
from processes import actions as processes
from processes.actions import PhasePlan
from processes.kinds import BUDGETING, Activity
from processes.models import Process
from processes.permissions import may_change_dates
from voting.models import Poll

_TALK = (Activity.COMMENT, Activity.SUPPORT, Activity.ADD_SOURCE)
_LIKE = (Activity.TAKE_POSITION, *_TALK)
# Name, days, what it opens: as cities do it, in their order.
USUAL: tuple[tuple[str | Promise, int, tuple[Activity, ...]], ...] = (
    (gettext_lazy("Informing"), 14, _TALK),
    (gettext_lazy("Proposing"), 30, (Activity.PROJECT, Activity.COSIGN, *_LIKE)),
    (gettext_lazy("Reviewing"), 21, (Activity.COSIGN, Activity.REVISE, *_LIKE)),
    (gettext_lazy("Costing"), 45, (Activity.ASSESS, *_LIKE)),
    (gettext_lazy("Voting"), 21, (Activity.VOTE, *_TALK)),
    (gettext_lazy("Results"), 14, _TALK),
    (gettext_lazy("Carrying out"), 540, (Activity.BUILD, *_TALK)),
)


def usual_phases(start: datetime, languages: Sequence[str]) -> list[PhasePlan]:
    """The seven usual phases, one after the other from `start`, named in each language."""
    plan, opens_at = [], start
    for name, days, activities in USUAL:
        closes_at = opens_at + timedelta(days=days)
        names = {code: _in(code, name) for code in languages}
        plan.append(PhasePlan(names, opens_at, closes_at, activities))
        opens_at = closes_at
    return plan


def _in(code: str, text: str | Promise) -> str:
    with override(code):
        return str(text)


@transaction.atomic
def set_dates(
    actor: Any, *, budget: Budget, plan: Sequence[PhasePlan], reason: str = ""
) -> Process:
    """Replace its phases; once published with a reason that everyone reads. Once voting has opened its
    beginning stays and its end can only become later."""
    poll = Poll.objects.select_for_update(of=("self",)).get(pk=budget.poll_id)
    process = budget.process
    require(may_change_dates(actor, process))
    for phase in plan:
        if set(phase.activities) - set(BUDGETING):
            message = _("A phase of a budget cannot open this.")
            raise Refused(no("unknown_activity", message, 400))
    require(_voting_fits(poll, process, plan))
    if process.published_at is None:
        return processes.set_phases(actor, process=process, plan=plan)
    return processes.reschedule(actor, process=process, plan=plan, reason=reason)


def _voting_fits(poll: Poll, process: Process, plan: Sequence[PhasePlan]) -> Verdict:
    """Whether people can vote when the plan says so."""
    voting = [phase for phase in plan if Activity.VOTE in phase.activities]
    if len(voting) > 1:
        message = _("People vote once: let one phase alone open voting.")
        return no("two_votes", message, 400)
    if poll.opened_at is None:
        return YES
    row = process.phases.filter(activities__contains=[Activity.VOTE]).first()
    if row is None:
        return YES
    if not voting or voting[0].opens_at != row.opens_at:
        return no("has_opened", _("Voting has opened: its beginning stays."), 409)
    if voting[0].closes_at == row.closes_at:
        return YES
    if poll.closed_at is not None:
        return no("voting_over", _("Voting is over: its dates stay."), 409)
    if voting[0].closes_at < row.closes_at:
        message = _("While people vote the end of voting can only become later.")
        return no("earlier_end", message, 409)
    return YES


def warnings_of(plan: Sequence[Any]) -> list[str]:
    """What is odd in a plan, though it may be meant: a sentence each. Needs `activities`, `opens_at`
    and `closes_at` of each phase."""
    found = []
    ends = {activity: _last(plan, activity) for activity in BUDGETING}
    votes = _first(plan, Activity.VOTE)
    if votes is None:
        found.append(_("No phase opens voting."))
    elif _first(plan, Activity.PROJECT) is None:
        found.append(_("No phase lets people propose projects."))
    for activity, sentence in (
        (Activity.PROJECT, _("Voting opens while projects can still be proposed.")),
        (Activity.REVISE, _("Voting opens while projects can still be revised.")),
        (Activity.ASSESS, _("Voting opens before the assessment of projects ends.")),
    ):
        end = ends[activity]
        if votes is not None and end is not None and end > votes:
            found.append(sentence)
    builds = _first(plan, Activity.BUILD)
    voted = ends[Activity.VOTE]
    if builds is not None and voted is not None and builds < voted:
        found.append(_("Carrying out begins before voting ends."))
    proposed, assessed = ends[Activity.PROJECT], ends[Activity.ASSESS]
    if assessed is None:
        found.append(_("No phase lets projects be assessed: none would be on the ballot."))
    elif proposed is not None and assessed < proposed:
        found.append(_("The assessment ends before the last projects are proposed."))
    return found


def _first(plan: Sequence[Any], activity: str) -> datetime | None:
    return min((p.opens_at for p in plan if activity in p.activities), default=None)


def _last(plan: Sequence[Any], activity: str) -> datetime | None:
    return max((p.closes_at for p in plan if activity in p.activities), default=None)
