"""When a poll is open: the one voting phase of its process."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.verdicts import YES, Verdict, no, require
from processes import actions as processes
from processes.actions import PhasePlan
from processes.kinds import Activity
from processes.models import Phase
from processes.permissions import may_change_dates
from voting.models import Poll


@transaction.atomic
def set_dates(
    actor: Any, *, poll: Poll, opens_at: datetime, closes_at: datetime, reason: str = ""
) -> Poll:
    """When voting is open. Once published a change needs a reason that everyone reads; once it has
    opened the beginning stays and the end can only become later."""
    rows = Poll.objects.select_for_update(of=("self",)).select_related("process")
    locked = rows.get(pk=poll.pk)
    process = locked.process
    require(may_change_dates(actor, process))
    phase = process.phases.filter(activities__contains=[Activity.VOTE]).first()
    require(_dates_fit(locked, phase, opens_at, closes_at))
    plan = PhasePlan(
        name=phase.name if phase else _voting(process.languages),
        opens_at=opens_at,
        closes_at=closes_at,
        activities=[Activity.VOTE],
        id=phase.pk if phase else None,
    )
    if process.published_at is None:
        processes.set_phases(actor, process=process, plan=[plan])
    else:
        processes.reschedule(actor, process=process, plan=[plan], reason=reason)
    return poll


def _dates_fit(poll: Poll, phase: Phase | None, opens_at: datetime, closes_at: datetime) -> Verdict:
    if poll.closed_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    if closes_at <= opens_at:
        return no("phase_order", _("It must close after it opens."), 400)
    if closes_at <= timezone.now():
        return no("past_end", _("Choose an end that is not past."), 400)
    if poll.opened_at is None or phase is None:
        return YES
    if opens_at != phase.opens_at:
        return no("has_opened", _("It has opened: its beginning stays."), 409)
    if closes_at < phase.closes_at:
        message = _(
            "While people vote the end can only become later. To end now, close it by hand."
        )
        return no("earlier_end", message, 409)
    return YES


def _voting(languages: Sequence[str]) -> dict[str, str]:
    """The name of the one phase, in each language."""
    found = {}
    for code in languages:
        with override(code):
            found[code] = _("Voting")
    return found
