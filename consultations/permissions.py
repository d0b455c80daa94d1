"""Who may write the text, and who may rewrite it."""

from typing import Any

from django.utils.translation import gettext as _

from common.verdicts import YES, Verdict, no
from consultations.models import Consultation, Proposal
from deliberation.permissions import is_accessible
from processes.kinds import Activity
from processes.models import Process, Subject
from processes.permissions import is_open_for, may_edit


def may_write_draft(user: Any, consultation: Consultation) -> Verdict:
    """Owners and editors of the body, until the consultation's results are published."""
    verdict = may_edit(user, consultation.process)
    if verdict and consultation.process.results_published_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return verdict


def may_amend(user: Any, subject: Subject) -> Verdict:
    """Whether the person may propose another wording of an article now."""
    accessible = is_accessible(subject)
    return is_open_for(subject, Activity.AMEND, user) if accessible else accessible


def may_propose(user: Any, process: Process) -> Verdict:
    """Whether the person may propose a new article now."""
    return is_open_for(process, Activity.PROPOSE, user)


def may_edit_proposal(user: Any, proposal: Proposal) -> Verdict:
    """Its author, while proposing is open; once answered it stays as it was answered."""
    verdict = _is_author(user, proposal)
    if not verdict:
        return verdict
    if hasattr(proposal.subject, "answer"):
        return no("answered", _("This has been answered and stays as it is."), 409)
    activity = Activity.AMEND if proposal.wording_id else Activity.PROPOSE
    return is_open_for(proposal.subject, activity, user)


def may_withdraw_proposal(user: Any, proposal: Proposal) -> Verdict:
    """Its author, until the consultation is closed for good."""
    verdict = _is_author(user, proposal)
    if verdict and proposal.subject.process.closed_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return verdict


def _is_author(user: Any, proposal: Proposal) -> Verdict:
    if not user.is_authenticated:
        return no("sign_in_first", _("Sign in to take part."), 401)
    if proposal.subject.author_id != user.pk:
        return no("not_yours", _("Only its author can change this."))
    if proposal.subject.withdrawn_at is not None:
        return no("withdrawn", _("This is withdrawn already."), 409)
    if proposal.subject.hidden_at is not None:
        return no("hidden", _("A moderator has hidden this."), 409)
    return YES
