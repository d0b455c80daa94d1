"""Who may hide and restore what people said."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import may_moderate
from common.verdicts import Verdict, no
from deliberation.models import Comment, Source
from processes.kinds import PROPOSAL_KINDS
from processes.models import Subject

Thing = Subject | Comment | Source


def may_hide(user: Any, thing: Thing) -> Verdict:
    """Moderators, what people contributed and what stands."""
    verdict = may_moderate(user)
    if not verdict:
        return verdict
    if isinstance(thing, Subject) and thing.kind not in PROPOSAL_KINDS:
        return no("official_text", _("Official text is not moderated."), 409)
    if thing.hidden_at is not None:
        return no("hidden", _("This is hidden already."), 409)
    if thing.withdrawn_at is not None:
        return no("withdrawn", _("Its author has withdrawn this."), 409)
    return verdict


def may_restore(user: Any, thing: Thing) -> Verdict:
    """Moderators, what is hidden."""
    verdict = may_moderate(user)
    if verdict and thing.hidden_at is None:
        return no("not_hidden", _("This is not hidden."), 409)
    return verdict
