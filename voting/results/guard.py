"""Who may see a tally, and when. Every page, door and file of results asks here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import works_for
from common.verdicts import YES, Verdict, no
from processes.permissions import may_read
from voting.kinds import ResultsPolicy, Secrecy
from voting.models import Poll

SEALED = no(
    "sealed",
    _("The results are sealed. Nobody sees any of them before all ballots are counted."),
    409,
)
NOT_OPEN_YET = no("not_open_yet", _("This has not opened yet. There is nothing to count."), 409)
BEING_COUNTED = no(
    "being_counted",
    _("Voting has ended and the ballots are being counted. The results will stand here soon."),
    409,
)
NOT_NAMED = no(
    "answers_not_shown",
    _("Single answers are shown to nobody: this was declared before it opened."),
)
NOT_COUNTED = no("not_counted", _("Answers can be downloaded when they are counted."), 409)


def may_see_results(user: Any, poll: Poll) -> Verdict:
    """Whether anybody at all, and so `user`, may see a tally now. No query with its process.

    Being an official or an administrator opens nothing: a sealed result is sealed for all.
    """
    verdict = may_read(user, poll.process)
    if not verdict:
        return verdict
    if poll.counted_at is not None:
        return YES
    if poll.opened_at is None:
        return NOT_OPEN_YET
    if poll.results_policy != ResultsPolicy.LIVE:
        return BEING_COUNTED if poll.closed_at is not None else SEALED
    return YES


def may_export_answers(user: Any, poll: Poll) -> Verdict:
    """Whether `user` may have a file with single answers: of counted polls, and only if declared.

    Named answers go to the people of the public body; secret ballots are published for all; a
    confidential poll has totals only, for everybody.
    """
    verdict = may_read(user, poll.process)
    if not verdict:
        return verdict
    if poll.secrecy == Secrecy.CONFIDENTIAL:
        return NOT_NAMED
    if poll.secrecy == Secrecy.NAMED and not (
        works := works_for(user, poll.process.organisation_id)
    ):
        return works
    return YES if poll.counted_at is not None else NOT_COUNTED
