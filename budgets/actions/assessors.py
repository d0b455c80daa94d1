"""Who assesses the projects of a budget: people, of the public body or from elsewhere, and groups.

Whoever is named is told.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Group, User
from budgets.models import Assessor, Budget
from budgets.permissions import is_coordinator
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import EntryKind

NAMED_ALREADY = "named_already"


@transaction.atomic
def name_assessor(actor: Any, *, budget: Budget, email: str) -> Assessor:
    """Let a person with an account see and write assessments, whoever they work for."""
    require(is_coordinator(actor, budget))
    people = User.objects.filter(email=email.strip().lower(), is_active=True)
    person = people.filter(closed_at__isnull=True, generated_at__isnull=True).first()
    if person is None:
        raise Refused(no("nobody", _("Nobody has an account with this address."), 400))
    return _named(actor, budget, user=person)


@transaction.atomic
def name_group(actor: Any, *, budget: Budget, group: Group) -> Assessor:
    """Let everyone in a group of the public body see and write assessments."""
    require(is_coordinator(actor, budget))
    if group.organisation_id != budget.process.organisation_id:
        raise Refused(no("group_missing", _("Choose a group of your public body."), 400))
    return _named(actor, budget, group=group)


def _named(
    actor: Any, budget: Budget, *, user: User | None = None, group: Group | None = None
) -> Assessor:
    try:
        with transaction.atomic():
            row = Assessor.objects.create(budget=budget, user=user, group=group)
    except IntegrityError:
        raise Refused(no(NAMED_ALREADY, _("They assess here already."), 409)) from None
    whom = {"assessor": user and user.pk, "group": group and group.pk}
    journal.record(EntryKind.ASSESSOR_NAMED, actor=actor, process=budget.process_id, data=whom)
    return row


@transaction.atomic
def remove_assessor(actor: Any, *, assessor: Assessor) -> None:
    """Take the right back. What they wrote stays; what was handed out to them stays theirs on paper until
    it is handed to somebody else."""
    require(is_coordinator(actor, assessor.budget))
    assessor.delete()
