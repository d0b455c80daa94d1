"""Who may promise and give answers."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import may_answer_for, may_edit_for
from common.verdicts import YES, Verdict, no
from processes.kinds import SubjectKind
from processes.models import Process, Subject


def may_answer(user: Any, subject: Subject) -> Verdict:
    """People of the body that asked (owner or answerer), from publication on, also after closing."""
    verdict = may_answer_for(user, subject.process.organisation_id)
    if not verdict:
        return verdict
    if subject.process.published_at is None:
        return no("not_published", _("This has not been published yet."), 409)
    if subject.kind == SubjectKind.PART:
        return no("part", _("Only articles and proposals can be answered."), 409)
    if subject.withdrawn_at is not None:
        return no("withdrawn", _("Its author has withdrawn this."), 409)
    return YES


def may_promise(user: Any, process: Process) -> Verdict:
    """Owners and editors, until the process is closed."""
    verdict = may_edit_for(user, process.organisation_id)
    if verdict and process.closed_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return verdict
