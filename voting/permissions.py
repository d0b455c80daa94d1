"""Who may answer a poll, who may edit one, and when."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from accounts.models import GroupMember, User
from accounts.permissions import (
    SIGN_IN_FIRST,
    is_verified,
    lives_in,
    may_edit_for,
    may_own,
    works_for,
)
from common.verdicts import YES, Verdict, no
from processes.kinds import Activity
from processes.permissions import is_open_now, is_running
from voting.kinds import Eligibility, OpeningPolicy
from voting.models import Booth, Poll

NOT_CONFIRMED = no("not_confirmed", _("Confirm your e-mail address first."))
NOT_IN_GROUP = no("not_in_the_group", _("This is for the people of a group you do not belong to."))
NO_CODE = no("code_needed", _("Answering needs an invitation code."), 401)
NO_PASS = no("pass_needed", _("Your browser must show first that it is not a robot."), 401)
IS_OPEN = no("already_open", _("It has opened. What was declared stays as it is."), 409)
NOT_OPEN_YET = no("not_open_yet", _("Voting has not opened yet."), 409)
NOT_AN_OFFICER = no("not_an_officer", _("Only the officers of this booth can do this."))
ENDED = no("not_open_any_more", _("Voting has ended."), 409)


def is_voting_open(poll: Poll) -> Verdict:
    """Whether ballots are taken now. Costs no query when the process came with its timetable."""
    if poll.closed_at is not None:
        return ENDED
    if poll.opening_policy == OpeningPolicy.HAND:
        running = is_running(poll)
        if not running:
            return running
        return YES if poll.opened_at is not None else NOT_OPEN_YET
    return is_open_now(poll, Activity.VOTE)


def is_eligible(user: Any, poll: Poll) -> Verdict:
    """Whether a person with an account belongs to those who may answer.

    Whoever answers with a pass or a code is not asked (see voting.voters). One query at most.
    """
    if poll.eligibility == Eligibility.ANYONE:
        return YES if user.is_authenticated else NO_PASS
    if poll.eligibility == Eligibility.INVITED:
        return NO_CODE
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    if poll.eligibility == Eligibility.VERIFIED:
        return is_verified(user)
    if poll.eligibility == Eligibility.RESIDENTS:
        return lives_in(user, poll.area.path if poll.area else "")
    if poll.eligibility == Eligibility.GROUP:
        belongs = GroupMember.objects.filter(group=poll.group_id, user=user).exists()
        return YES if belongs else NOT_IN_GROUP
    confirmed = EmailAddress.objects.filter(user=user, verified=True).exists()
    return YES if confirmed else NOT_CONFIRMED


def may_edit_poll(user: Any, poll: Poll) -> Verdict:
    """Owners and editors of its public body, until it opens: then everything declared is fixed."""
    verdict = may_edit_for(user, poll.process.organisation_id)
    if verdict and poll.opened_at is not None:
        return IS_OPEN
    return verdict


def may_run_poll(user: Any, poll: Poll) -> Verdict:
    """Owners and editors of its public body: opening and closing by hand, codes, booths."""
    return may_edit_for(user, poll.process.organisation_id)


def may_read_desk(user: Any, poll: Poll) -> Verdict:
    return works_for(user, poll.process.organisation_id)


def may_publish_poll(user: Any, poll: Poll) -> Verdict:
    verdict = may_edit_poll(user, poll)
    if verdict and poll.process.published_at is not None:
        return no("already_published", _("This is published already."), 409)
    return verdict


def may_officiate(user: Any, booth: Booth) -> Verdict:
    """The officers of a booth, whoever they work for. One query."""
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    return YES if booth.officers.filter(pk=user.pk).exists() else NOT_AN_OFFICER


def may_judge_sheets(user: Any, booth: Booth) -> Verdict:
    """Who decides about sheets in dispute, discards them and ends the booth: its officers and the
    owners of the public body. One query."""
    verdict = may_officiate(user, booth)
    if verdict or not isinstance(user, User):
        return verdict
    return YES if may_own(user, booth.poll.process.organisation_id) else NOT_AN_OFFICER


def is_due_to_close(poll: Poll, now: datetime) -> bool:
    """Whether its last voting phase is over, or its process was closed."""
    process = poll.process
    if process.closed_at is not None and process.closed_at <= now:
        return True
    if poll.opening_policy == OpeningPolicy.HAND:
        return False
    spans = [s for s in poll.timetable.spans if Activity.VOTE in s.activities]
    return bool(spans) and all(span.closes_at <= now for span in spans)
