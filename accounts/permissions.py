"""Who may do what in the name of a public body, and what is known about a person."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.kinds import Role, VerificationLevel
from accounts.models import Area, Organisation, User
from common.verdicts import YES, Verdict, no

Person = User | AnonymousUser

SIGN_IN_FIRST = no("sign_in_first", _("Sign in first."), 401)
NOT_OF_THIS_BODY = no(
    "not_of_this_body", _("Only people of the public body that is in charge can do this.")
)
ROLE_TOO_SMALL = no("role_too_small", _("Your role in this public body does not include this."))
NOT_VERIFIED = no("not_verified", _("This is for people whose identity was checked."))
NOT_A_RESIDENT = no("not_a_resident", _("This is for people whose residence here was checked."))
NOT_AN_ADMINISTRATOR = no("not_an_operator", _("Only administrators can do this."))
NOT_YOUR_AREA = no("not_your_area", _("This place does not lie in the area of your public body."))
NOT_A_MODERATOR = no("not_a_moderator", _("Only moderators can do this."))

EDITING = frozenset({Role.OWNER, Role.EDITOR})
ANSWERING = frozenset({Role.OWNER, Role.ANSWERER})
OWNING = frozenset({Role.OWNER})
WORKING = frozenset(Role)


def is_signed_in(user: Person) -> Verdict:
    return YES if user.is_authenticated else SIGN_IN_FIRST


def may_own(user: Person, organisation_id: int) -> Verdict:
    """Whether the person may grant roles in this body."""
    return _has_role(user, organisation_id, OWNING)


def may_edit_for(user: Person, organisation_id: int) -> Verdict:
    """Whether the person may create, publish, reschedule and close for this body."""
    return _has_role(user, organisation_id, EDITING)


def may_answer_for(user: Person, organisation_id: int) -> Verdict:
    """Whether the person may answer officially in the name of this body."""
    return _has_role(user, organisation_id, ANSWERING)


def works_for(user: Person, organisation_id: int) -> Verdict:
    """Whether the person has any role in this body: may see its desk and what is unpublished."""
    return _has_role(user, organisation_id, WORKING)


def may_verify(
    user: Person, organisation: Organisation | None, level: str, area: Area | None
) -> Verdict:
    """Whether the person may record in the name of a body that somebody lives in an area."""
    if organisation is None or level != VerificationLevel.RESIDENCE:
        return NOT_AN_ADMINISTRATOR
    verdict = may_edit_for(user, organisation.pk)
    if not verdict or area is None:
        return verdict
    is_inside = organisation.area is not None and organisation.area.contains(area)
    return YES if is_inside else NOT_YOUR_AREA


def may_moderate(user: Person) -> Verdict:
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    return YES if user.is_moderator else NOT_A_MODERATOR


def is_verified(user: Person) -> Verdict:
    """Whether somebody checked who the person is (a checked residence implies it)."""
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    return YES if user.verified_areas else NOT_VERIFIED


def lives_in(user: Person, area_path: str) -> Verdict:
    """Whether a residence was checked in the area with this path or in one that lies in it."""
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    residence = user.verified_areas.get(VerificationLevel.RESIDENCE, "")
    return YES if area_path and residence.startswith(area_path) else NOT_A_RESIDENT


def _has_role(user: Person, organisation_id: int, roles: frozenset[Role]) -> Verdict:
    if not isinstance(user, User):
        return SIGN_IN_FIRST
    if user.is_superuser:
        return YES
    role = user.role_in(organisation_id)
    if not role:
        return NOT_OF_THIS_BODY
    return YES if role in roles else ROLE_TOO_SMALL
