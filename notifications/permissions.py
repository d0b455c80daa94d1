"""Who may read a letter: the person it is addressed to. Who may follow what."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.verdicts import YES, Verdict, no
from notifications.models import Delivery
from processes import permissions as processes
from processes.models import Subject

SIGN_IN = no("sign_in_first", _("Sign in first."), 401)
NOT_FOUND = no("not_found", _("There is nothing at this address."), 404)


def may_read(user: Any, delivery: Delivery) -> Verdict:
    """Nobody learns that somebody else's letter exists."""
    if not user.is_authenticated:
        return SIGN_IN
    return YES if delivery.user_id == user.pk else NOT_FOUND


def may_follow(user: Any, subject: Subject) -> Verdict:
    """Everyone with an account follows what they can read; that it is hidden or withdrawn ends nothing."""
    if not user.is_authenticated:
        return SIGN_IN
    return processes.may_read(user, subject.process)
