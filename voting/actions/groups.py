"""Groups of people: named sets from which a poll takes those who may answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Group, GroupMember, Organisation, User
from accounts.permissions import may_edit_for
from common.html import clean_text
from common.verdicts import Refused, no, require

MOST_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Added:
    """Who was taken into a group. `unknown` are addresses of nobody who has an account."""

    added: int
    known_already: int
    unknown: tuple[str, ...]


@transaction.atomic
def create_group(actor: Any, *, organisation: Organisation, name: str) -> Group:
    """A group without people. Its name is unique in the public body."""
    require(may_edit_for(actor, organisation.pk))
    name = clean_text(name).strip()
    if not name or len(name) > 120:
        raise Refused(
            no("name_missing", _("Give the group a name of at most 120 characters."), 400)
        )
    try:
        with transaction.atomic():
            return Group.objects.create(organisation=organisation, name=name)
    except IntegrityError:
        message = _("There is a group of this name already.")
        raise Refused(no("name_taken", message, 409)) from None


@transaction.atomic
def add_people(actor: Any, *, group: Group, emails: Iterable[str]) -> Added:
    """Take in everyone who has an account under one of these addresses. Two queries."""
    require(may_edit_for(actor, group.organisation_id))
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if email.strip()))
    if len(wanted) > MOST_AT_ONCE:
        message = _("Add at most %(most)s people at once.") % {"most": MOST_AT_ONCE}
        raise Refused(no("too_many_people", message, 400))
    people = User.objects.filter(email__in=wanted, is_active=True, generated_at__isnull=True)
    found = dict(people.values_list("email", "pk"))
    before = group.members.count()
    GroupMember.objects.bulk_create(
        (GroupMember(group=group, user_id=pk) for pk in found.values()), ignore_conflicts=True
    )
    added = group.members.count() - before
    unknown = tuple(email for email in wanted if email not in found)
    return Added(added, len(found) - added, unknown)


@transaction.atomic
def remove_person(actor: Any, *, group: Group, user_id: int) -> bool:
    """Take somebody out of a group; a ballot that was cast stays. Whether there was anybody."""
    require(may_edit_for(actor, group.organisation_id))
    deleted, _rows = group.members.filter(user=user_id).delete()
    return bool(deleted)
